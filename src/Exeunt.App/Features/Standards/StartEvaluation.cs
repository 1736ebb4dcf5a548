using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.ChurnDefinitions;
using Exeunt.App.Features.Classes;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Classes;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>Judges all customers by the standards in force now; it also happens every night and when a standard is published.</summary>
public sealed class StartEvaluation(AppDb db) : UseCase<StartEvaluation.Request, Done>(db)
{
    public sealed record Request;

    public override Permission Needs => Permission.EvaluateStandards;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        // One at a time: who asks while one runs is answered by that one.
        if (!await Db.Effects.AnyAsync(e => e.State == EffectState.Waiting && (e.Kind == EvaluatePart.Kind || (e.Kind == EvaluateStandards.Kind && e.Clock == EffectClock.Real)), ct))
            await Stage(Db, call, ct);
        Db.Audit(call, "standards.evaluation-asked", "standards");
        return await Commit(Done.It, ct);
    }

    /// <summary>Stages an evaluation now, and the nightly ones when there are none yet.</summary>
    public static async Task Stage(AppDb db, Call call, CancellationToken ct)
    {
        db.Enqueue(Effect.Now(EvaluateStandards.Kind, $"{EvaluateStandards.Kind}|{Guid.CreateVersion7(call.Now):N}", call, new EvaluateStandards.What(false)));
        var nightly = EvaluateStandards.Nightly(call);
        if (!await db.Effects.AnyAsync(e => e.Key == nightly.Key, ct))
            db.Enqueue(nightly);
    }
}

/// <summary>What a server makes sure of when it starts: every night has its evaluation, and a company that has never been evaluated is so now.</summary>
public static class NightlyEvaluation
{
    public static async Task Ensure(AppDb db, Call call, CancellationToken ct)
    {
        if (await db.Effects.AnyAsync(e => e.Kind == EvaluateStandards.Kind && e.State == EffectState.Waiting, ct))
            return;
        var nightly = EvaluateStandards.Nightly(call);
        if (await db.Effects.AnyAsync(e => e.Key == nightly.Key, ct))
            return;
        db.Enqueue(nightly);
        if (await db.Activity.AnyAsync(ct) && !await db.StandardRuns.AnyAsync(ct))
            db.Enqueue(Effect.Now(EvaluateStandards.Kind, $"{EvaluateStandards.Kind}|first", call, new EvaluateStandards.What(false)));
        db.Audit(call, "standards.scheduled", "standards");
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (db.IsUniqueViolation(e))
        {
            // Another node that starts at the same time did it.
            db.ChangeTracker.Clear();
        }
    }
}

/// <summary>Effect "standards.evaluate": cuts the customers into parts, which the nodes share, and fixes by which schemes and cuts they are classified.</summary>
public sealed class EvaluateStandards(AppDb db, Storage storage, ClassBook book) : IEffect
{
    public const string Kind = "standards.evaluate";

    /// <summary>Customers of one part: a second's work, far within its lease.</summary>
    public const int PartSize = 2_000;

    /// <param name="Nightly">Whether the next one follows.</param>
    public sealed record What(bool Nightly);

    /// <summary>The evaluation of the next business night; with the same key it is staged once.</summary>
    public static Effect Nightly(Call call)
    {
        var on = call.Today(Clocks.CompanyZone).AddDays(1);
        return Effect.At(Clocks.StartOf(on, Clocks.CompanyZone).AddHours(2), Kind, $"{Kind}|{on:yyyyMMdd}", new What(true));
    }

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var on = call.Today(Clocks.CompanyZone);
        // Listings of customers without a history any more are looked at too: their lists must end.
        var wanted = db.Activity.AsNoTracking().Select(a => a.CustomerId).Union(db.Listings.Where(l => l.ClosedOn == null).Select(l => l.CustomerId));
        var schemes = await book.InForce(on, ct);
        var churn = (await ChurnBook.InForce(db, on, ct)).Version;
        // Classes are for everybody, also for those with whom nothing happened yet.
        if (schemes.Count > 0)
            wanted = wanted.Union(db.Customers.Select(c => c.Id));
        var ids = await wanted.OrderBy(id => id).ToListAsync(ct);
        // Without gaps: also of a customer whose history went no state is left.
        var chunks = ids.Chunk(PartSize).ToList();
        var parts = chunks.Select((c, i) => (From: i == 0 ? 0 : c[0], Until: i == chunks.Count - 1 ? long.MaxValue : chunks[i + 1][0] - 1)).ToList();
        var run = new StandardRun { Id = Guid.CreateVersion7(call.Now), On = on, By = call.Actor.Id, At = call.Now, Parts = parts.Count, Customers = ids.Count };
        db.StandardRuns.Add(run);
        await Cut(run, schemes, ct);
        foreach (var (from, until) in parts)
            db.Enqueue(Effect.Now(EvaluatePart.Kind, EvaluatePart.KeyOf(run.Id, from), call, new EvaluatePart.What(on, from, until, run.Id, churn)));
        if (effect.Read<What>().Nightly && Nightly(call) is var next && !await db.Effects.AnyAsync(e => e.Key == next.Key, ct))
            db.Enqueue(next);
        db.Audit(call, "standards.evaluation-started", "standards", new { run.Id, on, parts = parts.Count, customers = ids.Count, churn, schemes = schemes.Select(s => $"{s.Id}:{s.Version}") });
        return EffectResult.Done;
    }

    /// <summary>Stores with the run which schemes it uses and where their populations are cut.</summary>
    private async Task Cut(StandardRun run, IReadOnlyList<Scheme> schemes, CancellationToken ct)
    {
        var below = (await UnitsBelow.Read(db, ct)).Of;
        var compiled = schemes.Select(s => new CompiledScheme(s, below)).ToList();
        var cut = compiled.Where(s => s.NeedsCuts).ToList();
        var cuts = cut.Count == 0 ? [] : Population.Cuts(await LoadBase.Run(storage, withLines: false, ct, withErased: false), cut, run.On);
        foreach (var scheme in compiled)
            db.ClassRuns.Add(new ClassRun
            {
                RunId = run.Id, SchemeId = scheme.Scheme.Id, SchemeVersion = scheme.Scheme.Version, Cuts = (scheme.NeedsCuts ? cuts[cut.IndexOf(scheme)] : new SchemeCuts()).ToJson(),
            });
    }
}

/// <summary>
/// Effect "standards.part": judges a range of customers by every standard in force and writes what changed. A part is saved as one
/// transaction under its lease; run twice, the second finds nothing to change.
/// </summary>
public sealed class EvaluatePart(AppDb db, Storage storage, ClassBook book) : IEffect
{
    public const string Kind = "standards.part";

    /// <param name="From">First customer (inclusive).</param>
    /// <param name="Until">Last customer (inclusive).</param>
    /// <param name="Run">The evaluation it is a part of, whose schemes it uses; null: staged before there were schemes.</param>
    /// <param name="Churn">Version of the churn definition it judges by, 0 for the product's own; null: the one in force on its day.</param>
    public sealed record What(DateOnly On, long From, long Until, Guid? Run = null, int? Churn = null);

    public static string KeyOf(Guid run, long from) => string.Create(CultureInfo.InvariantCulture, $"{Prefix(run)}{from}");

    public static string Prefix(Guid run) => $"{Kind}|{run:N}|";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var what = effect.Read<What>();
        // A part that comes late does not undo what a later evaluation found: that one has a part for the same customers.
        if (what.Run is { } run && await db.StandardRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == run, ct) is { At: var began } && await db.StandardRuns.AsNoTracking().AnyAsync(r => r.At > began, ct))
            return EffectResult.Done;
        var published = await db.SignedDocuments.AsNoTracking().Where(d => d.Kind == SignedKind.Standard && d.Status == VersionStatus.Published && d.EffectiveFrom <= what.On).ToListAsync(ct);
        var standards = published.GroupBy(d => d.Id).Select(g => g.MaxBy(d => (d.EffectiveFrom, d.Version))!).Select(d => StandardDocument.Read(d.Document).Standard!).OrderBy(s => s.Id, StringComparer.Ordinal).ToList();
        var open = await db.Listings.Where(l => l.ClosedOn == null && l.CustomerId >= what.From && l.CustomerId <= what.Until).ToListAsync(ct);
        var runs = await db.ClassRuns.AsNoTracking().Where(r => r.RunId == what.Run).OrderBy(r => r.SchemeId).ToListAsync(ct);
        // All parts of an evaluation judge by one definition, also when another is published meanwhile.
        var churn = what.Churn is { } version ? await ChurnBook.Compiled(db, await ChurnBook.Of(db, version, ct), ct) : null;
        var customers = await StandardBase.Load(db, storage, what.On, ct, what.From, what.Until, churn);
        var listed = open.ToDictionary(l => (l.StandardId, l.CustomerId));
        var (opened, closed) = (0, 0);
        var reader = customers.NewReader();
        var seen = new HashSet<(string, long)>();
        foreach (var standard in standards.Select(customers.Compile))
            for (var i = 0; i < customers.Count; i++)
            {
                if (!customers.HasHistory(i))
                    continue;
                var before = listed.GetValueOrDefault((standard.Standard.Id, customers.Id(i)));
                seen.Add((standard.Standard.Id, customers.Id(i)));
                reader.Open(i);
                var (isListed, end) = Judge(standard, reader, what.On, before);
                if (before is not null && (!isListed || before.Version != standard.Standard.Version))
                {
                    // Another version does not say that the one before does not hold any more; who is excluded now is so by either.
                    Close(before, what.On, before.Version != standard.Standard.Version && end != ListingEnd.Excluded ? ListingEnd.Superseded : end);
                    closed++;
                }
                if (isListed && (before is null || before.Version != standard.Standard.Version) && Open(standard, reader, customers.Id(i), what.On, before, call) is { } fresh)
                {
                    db.Listings.Add(fresh);
                    opened++;
                }
            }
        var statuses = new Dictionary<long, ChurnStatus>(customers.Count);
        for (var i = 0; i < customers.Count; i++)
        {
            reader.Open(i);
            if (reader.At(what.On).Churn is { } status)
                statuses[customers.Id(i)] = status;
        }
        var (moved, flagged) = await ChurnStates.Stage(db, statuses, what.From, what.Until, what.On, ct);
        // Who is not judged any more, and what no standard in force asks about.
        foreach (var gone in open.Where(l => l.ClosedOn is null && !seen.Contains((l.StandardId, l.CustomerId))))
        {
            Close(gone, what.On, standards.Any(s => s.Id == gone.StandardId) ? ListingEnd.LeftOut : ListingEnd.Retired);
            closed++;
        }
        var schemes = await book.Of(runs.Select(r => (r.SchemeId, r.SchemeVersion)), ct);
        var classes = new ClassMembers(db, book);
        if (what.Run is not null)
            await classes.Stage([.. runs.Select(r => (new CompiledScheme(schemes[(r.SchemeId, r.SchemeVersion)], customers.UnitsBelow), SchemeCuts.Read(r.Cuts)))], customers, what.From, what.Until, what.On, ct);
        if (opened + closed + moved + flagged > 0 || db.ChangeTracker.HasChanges())
            db.Audit(call, "standards.evaluated", "standards", new { what.On, what.From, what.Until, opened, closed, moved, flagged, reclassified = classes.Moved, tasks = classes.Made, lapsed = classes.Lapsed });
        return EffectResult.Done;
    }

    /// <summary>
    /// Whether a customer is on the list on a day, and if not, why. The months of grace before dropping keep only whom this version has listed:
    /// another version lists by its own condition, as if the customer had never been on the list.
    /// </summary>
    internal static (bool Listed, ListingEnd End) Judge(CompiledStandard standard, BaseReader reader, DateOnly on, StandardListing? before)
    {
        var traits = reader.Traits;
        if (!standard.IsFor(traits))
            return (false, ListingEnd.Excluded);
        var currency = ConditionProgram.CurrencyOf(traits.Currency);
        var now = At(on);
        if (now is Verdict.Excluded or Verdict.NotJudged)
            return (false, ListingEnd.Excluded);
        // This month as of today, the ones before as of their first day, as in a back-test.
        var month = Month.Of(on);
        if (before is null || before.Version != standard.Standard.Version)
            return (now == Verdict.Met && Enumerable.Range(1, standard.ListAfter - 1).All(k => At((month - k).FirstDay) == Verdict.Met), ListingEnd.NotMet);
        return (now == Verdict.Met || Enumerable.Range(1, standard.DropAfter - 1).Any(k => (month - k).FirstDay <= before.OpenedOn || At((month - k).FirstDay) == Verdict.Met), ListingEnd.NotMet);

        Verdict At(DateOnly day)
        {
            var values = reader.At(day);
            return standard.Judge(ref values, traits, reader.StandingOn(day), currency);
        }
    }

    private static StandardListing Open(CompiledStandard standard, BaseReader reader, long customer, DateOnly on, StandardListing? before, Call call)
    {
        var values = reader.At(on);
        var reasons = standard.Program.Why(ref values, reader.Traits.Currency);
        if (reasons.Count == 0)
            throw new InvalidOperationException($"Standard {standard.Standard.Id}:{standard.Standard.Version} lists customer {customer} without a reason.");
        // A case that was opened under the version before goes on, and is not asked for again; where another thing is asked for, it is. What was
        // decided otherwise, or waits, was about the condition of that version: a person decides anew.
        var isKept = before is { State: ListingState.CaseOpened } && before.Action == standard.Standard.Action;
        return new StandardListing
        {
            Id = Guid.CreateVersion7(call.Now), StandardId = standard.Standard.Id, Version = standard.Standard.Version, CustomerId = customer, UnitId = reader.Traits.Unit, OpenedOn = on,
            Reason = StandardDocument.ToJson(reasons), Action = standard.Standard.Action, DueOn = on.AddDays(standard.Standard.DueDays ?? Standard.UsualDueDays),
            State = isKept ? ListingState.CaseOpened : ListingState.Waiting, CaseId = isKept ? before!.CaseId : null,
        };
    }

    private static void Close(StandardListing listing, DateOnly on, ListingEnd end)
    {
        (listing.ClosedOn, listing.End) = (on, end);
        if (listing.State == ListingState.Waiting)
            listing.State = ListingState.Lapsed;
        listing.Revision++;
    }
}
