using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Classes;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Ratings;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Features.Standards;
using Exeunt.App.Features.Tiers;
using Exeunt.App.Platform;
using Exeunt.Core.Classes;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>How a customer is judged: tier, ratings, classes with their strategy and plan, listings, churn states, what an end came to, how they are recognised afterwards.</summary>
public sealed class OwnStanding(AppDb db, ClassBook classes, RatingDesk ratings)
{
    public const int MaxRows = 5_000;

    internal async Task<OwnDataFile> Add(OwnDataFile file, OwnScope scope, CancellationToken ct) =>
        await AddClasses(file with
        {
            Tiers = await Moves(scope, ct),
            Ratings = await Rated(scope, ct),
            Listings = await Listed(scope, ct),
            Churn = await Churned(scope, ct),
            Aftermath = await After(scope, ct),
            Recognitions = await Recognised(scope, ct),
            ReEntries = await Returning(scope, ct),
        }, scope, ct);

    /// <summary>Moves of tier that were decided; one that waits is told when it is made.</summary>
    private async Task<IReadOnlyList<OwnTierMove>> Moves(OwnScope scope, CancellationToken ct)
    {
        var (id, t) = (scope.Customer.Id, scope.T);
        var rows = await scope.Read(db.TierChanges.AsNoTracking().Where(c => c.CustomerId == id && c.State != TierChangeState.Waiting).OrderBy(c => c.Serial), MaxRows, ct, "own-data.tiers");
        return
        [
            .. rows.Select(c => new OwnTierMove(
                c.ProposedOn, $"{c.From}", $"{c.To}", t["tier.from-to", t[$"customer.tier.{c.From}"], t[$"customer.tier.{c.To}"]], $"{c.State}",
                [.. c.Codes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(code => DecisionPaper.ReasonCodes.TryGetValue(code, out var words) ? words.In(t.Language) : code)], scope.Said(c.TextId), c.DecidedOn, c.ReviewOn, c.IsTold)),
        ];
    }

    private async Task<IReadOnlyList<OwnRating>> Rated(OwnScope scope, CancellationToken ct)
    {
        string Scale(int score) => scope.T[$"rating.scale.{score}"];
        var rows = await ratings.Of(scope.Customer.Id, ct);
        return
        [
            .. rows.Select(r => r.Rating).Select(r => new OwnRating(
                r.On, r.Score, Scale(r.Score), r.Evidence, r.Until, r.SecondScore, r.SecondScore is { } second ? Scale(second) : null, r.SecondOn, (r.Counts / 100m).ToString("0.##", CultureInfo.InvariantCulture), r.WithdrawnOn, r.WithdrawnBecause)),
        ];
    }

    private async Task<OwnDataFile> AddClasses(OwnDataFile file, OwnScope scope, CancellationToken ct)
    {
        var (id, language) = (scope.Customer.Id, scope.T.Language);
        var members = await db.ClassMembers.AsNoTracking().Where(m => m.CustomerId == id).OrderBy(m => m.SchemeId).ToListAsync(ct);
        var changes = await scope.Read(db.ClassChanges.AsNoTracking().Where(c => c.CustomerId == id).OrderBy(c => c.On).ThenBy(c => c.SchemeId), MaxRows, ct, "own-data.classes");
        var tasks = await scope.Read(db.ClassTasks.AsNoTracking().Where(c => c.CustomerId == id).OrderBy(c => c.DueOn).ThenBy(c => c.Id), MaxRows, ct, "own-data.class-tasks");
        if (members.Count + changes.Count + tasks.Count == 0)
            return file;
        var versions = await classes.Of(members.Select(m => (m.SchemeId, m.SchemeVersion)).Concat(tasks.Select(c => (c.SchemeId, c.SchemeVersion))), ct);
        var inForce = (await classes.InForce(scope.Today, ct)).ToDictionary(s => s.Id);
        // As it was when it was found; a scheme or class that is there no more is named by its code.
        Scheme? Found(string scheme, int version) => versions.GetValueOrDefault((scheme, version)) ?? inForce.GetValueOrDefault(scheme);
        string Named(string scheme) => (inForce.GetValueOrDefault(scheme) ?? versions.Values.FirstOrDefault(v => v.Id == scheme))?.Name.In(language) ?? scheme;
        string? ClassNamed(string scheme, string? code) => code is null ? null
            : (inForce.GetValueOrDefault(scheme)?.Class(code) ?? versions.Values.Where(v => v.Id == scheme).Select(v => v.Class(code)).FirstOrDefault(c => c is not null))?.Name.In(language) ?? code;
        return file with
        {
            Classes =
            [
                .. members.Select(m => (Member: m, Scheme: Found(m.SchemeId, m.SchemeVersion))).Select(m => (m.Member, m.Scheme, Class: m.Scheme?.Class(m.Member.Class))).Select(m => new OwnClass(
                    m.Scheme?.Name.In(language) ?? m.Member.SchemeId, m.Member.SchemeVersion, m.Member.Class, m.Class?.Name.In(language) ?? m.Member.Class,
                    m.Scheme is { } scheme && m.Class is { } one ? SchemeWords.Of(scheme, one).In(language) : null, m.Class?.Strategy?.In(language), m.Member.Since)),
            ],
            ClassChanges = [.. changes.Select(c => new OwnClassChange(Named(c.SchemeId), c.On, ClassNamed(c.SchemeId, c.From), ClassNamed(c.SchemeId, c.To)))],
            ClassTasks =
            [
                .. tasks.Select(c => (Task: c, Class: Found(c.SchemeId, c.SchemeVersion)?.Class(c.Class))).Select(c => (c.Task, c.Class, Step: c.Class?.Step(c.Task.Step))).Select(c => new OwnClassTask(
                    Named(c.Task.SchemeId), c.Class?.Name.In(language) ?? c.Task.Class, c.Step?.What.In(language) ?? c.Task.Step, c.Step is { } step ? SchemeWords.When(step).In(language) : null, c.Task.DueOn, $"{c.Task.State}",
                    scope.Known("class-task.skip", c.Task.Skipped?.ToString()), c.Task.ClosedOn)),
            ],
        };
    }

    /// <summary>
    /// On which standards' lists they are or were, and why. What a person made of it is told with the case that was opened; before that it looks
    /// like one of which nothing was made yet.
    /// </summary>
    private async Task<IReadOnlyList<OwnListing>> Listed(OwnScope scope, CancellationToken ct)
    {
        var (id, t) = (scope.Customer.Id, scope.T);
        var rows = await scope.Read(db.Listings.AsNoTracking().Where(l => l.CustomerId == id).OrderBy(l => l.OpenedOn).ThenBy(l => l.Id), MaxRows, ct, "own-data.listings");
        var keys = rows.Select(l => l.StandardId).Distinct().ToList();
        var wanted = rows.Select(l => (l.StandardId, l.Version)).ToHashSet();
        var names = keys.Count == 0 ? []
            : (await db.SignedDocuments.AsNoTracking().Where(d => d.Kind == SignedKind.Standard && keys.Contains(d.Id)).Select(d => new { d.Id, d.Version, d.Document }).ToListAsync(ct))
                .Where(d => wanted.Contains((d.Id, d.Version))).ToDictionary(d => (d.Id, d.Version), d => StandardDocument.Read(d.Document).Standard?.Name.In(t.Language));
        return
        [
            .. rows.Select(l => (Row: l, IsTold: l.CaseId is null || scope.Number(l.CaseId) is not null)).Select(l => new OwnListing(
                names.GetValueOrDefault((l.Row.StandardId, l.Row.Version)) ?? l.Row.StandardId, l.Row.Version, l.Row.OpenedOn, IndicatorWords.Reasons(StandardDocument.ReasonsOf(l.Row.Reason)).In(t.Language), $"{l.Row.Action}", l.Row.DueOn,
                scope.Known("listing.state", $"{(l.IsTold ? l.Row.State : ListingState.Waiting)}"), l.IsTold ? l.Row.DecidedAt : null, scope.Known("listing.dismissed", l.Row.Dismissed?.ToString()), l.Row.ClosedOn,
                scope.Known("listing.end", l.Row.End?.ToString()), scope.Number(l.Row.CaseId))),
        ];
    }

    /// <summary>The changes of churn state as they were seen, and the state that holds.</summary>
    private async Task<IReadOnlyList<OwnChurn>> Churned(OwnScope scope, CancellationToken ct)
    {
        var (id, t) = (scope.Customer.Id, scope.T);
        var changes = await scope.Read(db.ChurnChanges.AsNoTracking().Where(c => c.CustomerId == id).OrderBy(c => c.On), MaxRows, ct, "own-data.churn");
        var now = await db.ChurnStates.AsNoTracking().SingleOrDefaultAsync(s => s.CustomerId == id, ct);
        var rows = changes.ConvertAll(c => new OwnChurn(c.On, c.From?.ToString(), $"{c.To}", t[$"churn-state.{c.To}"], false, c.IsIntermittent, null));
        if (now is not null)
            rows.Add(new OwnChurn(now.Since, null, $"{now.State}", t[$"churn-state.{now.State}"], true, now.IsIntermittent, now.IntermittentSince));
        return rows;
    }

    private async Task<IReadOnlyList<OwnAftermath>> After(OwnScope scope, CancellationToken ct)
    {
        var ids = scope.Ids;
        var rows = await db.Set<DecisionEffectRow>().AsNoTracking().Where(e => ids.Contains(e.CaseId)).OrderBy(e => e.On).ThenBy(e => e.CaseId).ToListAsync(ct);
        return
        [
            .. rows.Select(e => new OwnAftermath(
                scope.Number(e.CaseId), e.Days, e.On, $"{e.Outcome}", e.StillThere, OwnAmount.Of(e.SpendBefore, e.Currency), OwnAmount.Of(e.SpendAfter, e.Currency), e.Complaints, e.Disputed, e.CameBack)),
        ];
    }

    private async Task<IReadOnlyList<OwnRecognition>> Recognised(OwnScope scope, CancellationToken ct)
    {
        var id = scope.Customer.Id;
        var rows = await scope.Read(db.Set<RecognitionToken>().AsNoTracking().Where(r => r.CustomerId == id).OrderBy(r => r.Until).ThenBy(r => r.Id), MaxRows, ct);
        return [.. rows.Select(r => new OwnRecognition(scope.Number(r.CaseId), $"{r.Kind}", $"{r.Class}", scope.T[$"re-entry.class.{r.Class}"], r.Until, r.Approver is not null))];
    }

    /// <summary>What was decided on whether they may come back; what our people asked and answered each other is not among it.</summary>
    private async Task<IReadOnlyList<OwnReEntry>> Returning(OwnScope scope, CancellationToken ct)
    {
        var ids = scope.Ids;
        var rows = await scope.Read(db.Set<ReEntryRequest>().AsNoTracking().Where(r => ids.Contains(r.CaseId) && r.Approved != null && r.DecidedAt != null).OrderBy(r => r.RequestedAt), 500, ct);
        return [.. rows.Select(r => new OwnReEntry(scope.Number(r.CaseId), r.RequestedAt, r.Approved!.Value, r.DecidedAt!.Value, r.WelcomedAt))];
    }
}
