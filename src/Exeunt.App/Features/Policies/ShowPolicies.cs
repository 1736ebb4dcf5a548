using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>What a version is on a day, as people say it.</summary>
public enum PolicyStanding
{
    Draft,
    InSignOff,

    /// <summary>Published for a day that is still to come.</summary>
    Scheduled,
    InForce,

    /// <summary>Published, and past its last day.</summary>
    Ended,
    Superseded,
    Discarded,
}

public static class PolicyStandings
{
    public static PolicyStanding Of(PolicyStatus status, InForce interval, DateOnly today) =>
        status switch
        {
            PolicyStatus.Draft => PolicyStanding.Draft,
            PolicyStatus.InSignOff => PolicyStanding.InSignOff,
            PolicyStatus.Superseded => PolicyStanding.Superseded,
            PolicyStatus.Discarded => PolicyStanding.Discarded,
            _ => interval.Covers(today) ? PolicyStanding.InForce : today < interval.From ? PolicyStanding.Scheduled : PolicyStanding.Ended,
        };
}

/// <summary>Every version of every termination policy, newest first, with how many contracts were signed under it.</summary>
public sealed class ListPolicies(AppDb db) : UseCase<ListPolicies.Request, IReadOnlyList<ListPolicies.Row>>(db)
{
    public const int Max = 500;

    /// <param name="Number">Only the versions of this one.</param>
    public sealed record Request(string? Number = null);

    public sealed record Row(TerminationPolicy Policy, PolicyStatus Status, int Contracts)
    {
        public required InForce Interval { get; init; }
        public required PolicyStanding Standing { get; init; }
        public DateOnly? ReviewOn { get; init; }

        /// <summary>Whether a review of it has fallen due.</summary>
        public bool IsReviewDue { get; init; }
        public string Digest { get; init; } = "";
    }

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<IReadOnlyList<Row>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        var rows = await Db.Policies.AsNoTracking().Where(p => request.Number == null || p.Number == request.Number)
            .OrderBy(p => p.Number).ThenByDescending(p => p.Version).Take(Max).ToListAsync(ct);
        var used = await Db.Contracts.AsNoTracking().GroupBy(c => new { c.PolicyNumber, c.PolicyVersion }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        var due = (await Db.PolicyReviews.AsNoTracking().Where(r => r.DoneAt == null).Select(r => new { r.Number, r.Version }).ToListAsync(ct)).Select(r => (r.Number, r.Version)).ToHashSet();
        return (Row[])[.. rows.Select(r => new Row(TerminationPolicy.FromJson(r.Document), r.Status,
            used.FirstOrDefault(u => u.Key.PolicyNumber == r.Number && u.Key.PolicyVersion == r.Version)?.Count ?? 0)
        {
            Interval = r.Interval, Standing = PolicyStandings.Of(r.Status, r.Interval, today), ReviewOn = r.ReviewOn, Digest = r.Digest,
            IsReviewDue = r.Status == PolicyStatus.Published && due.Contains((r.Number, r.Version)),
        })];
    }
}

/// <summary>One version of a termination policy with everything its page shows.</summary>
/// <param name="State">Where it is on its way, with its signatures.</param>
/// <param name="Hands">Signatures of this round, with names.</param>
/// <param name="History">What happened to it, newest first, at most 100.</param>
/// <param name="Findings">What it breaks among the laws in force when it begins.</param>
/// <param name="WhyNotSign">Why the one who looks may not give the next signature; null when they may.</param>
/// <param name="Others">The other versions of the number, newest first.</param>
public sealed record PolicySheet(
    TerminationPolicy Policy, PolicyVersion State, InForce Interval, PolicyStanding Standing, DateOnly? ReviewOn, bool IsReviewDue, int Contracts,
    IReadOnlyList<PolicySheet.Hand> Hands, IReadOnlyList<PolicySheet.Turn> History, IReadOnlyList<PolicyFinding> Findings, Refusal? WhyNotSign, IReadOnlyList<PolicySheet.Other> Others)
{
    public sealed record Hand(SignOffStep Step, string By, string? Digest, DateTimeOffset At);

    public sealed record Turn(PolicyTurnKind Kind, SignOffStep? Step, string By, DateTimeOffset At, string? Words);

    public sealed record Other(int Version, PolicyStanding Standing);

    public PolicyStatus Status => State.Status;

    public string Path => $"/policies/{Policy.Number}/{Policy.Version}";
}

public sealed class ShowPolicy(AppDb db, PolicyDesk desk, StaffDirectory staff) : UseCase<ShowPolicy.Request, PolicySheet>(db)
{
    private const int MaxTurns = 100;

    public sealed record Request(string Number, int Version);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<PolicySheet>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Policies.AsNoTracking().SingleOrDefaultAsync(p => p.Number == request.Number && p.Version == request.Version, ct) is not { } row)
            return CommonRefusals.NotFound;
        var today = call.Today(Clocks.CompanyZone);
        var hands = await Db.PolicySignOffs.AsNoTracking().Where(s => s.Number == row.Number && s.Version == row.Version && s.Round == row.Round).OrderBy(s => s.Step).ThenBy(s => s.At).ToListAsync(ct);
        var turns = await Db.PolicyTurns.AsNoTracking().Where(t => t.Number == row.Number && t.Version == row.Version).OrderByDescending(t => t.Id).Take(MaxTurns).ToListAsync(ct);
        var others = await Db.Policies.AsNoTracking().Where(p => p.Number == row.Number && p.Version != row.Version).OrderByDescending(p => p.Version).Take(ListPolicies.Max).ToListAsync(ct);
        var contracts = await Db.Contracts.AsNoTracking().CountAsync(c => c.PolicyNumber == row.Number && c.PolicyVersion == row.Version, ct);
        var due = row.Status == PolicyStatus.Published && await Db.PolicyReviews.AsNoTracking().AnyAsync(r => r.Number == row.Number && r.Version == row.Version && r.DoneAt == null, ct);
        var names = await staff.Names(hands.Select(h => h.By).Concat(turns.Select(t => t.By)), ct);
        var (policy, state) = (TerminationPolicy.FromJson(row.Document), PolicyDesk.StateOf(row, hands));
        return new PolicySheet(
            policy, state, row.Interval, PolicyStandings.Of(row.Status, row.Interval, today), row.ReviewOn, due, contracts,
            [.. hands.Select(h => new PolicySheet.Hand(h.Step, Name(h.By), h.Digest, h.At))], [.. turns.Select(t => new PolicySheet.Turn(t.Kind, t.Step, Name(t.By), t.At, t.Words))],
            await desk.Findings(policy, ct), state.Next is null ? PolicyRefusals.NotInSignOff : state.WhyNotSign(call.Actor),
            [.. others.Select(o => new PolicySheet.Other(o.Version, PolicyStandings.Of(o.Status, o.Interval, today)))]);

        // The system and people who are gone stay as they stand in the log.
        string Name(string by) => names.GetValueOrDefault(by, by);
    }
}

/// <summary>Two versions side by side.</summary>
public sealed class ComparePolicies(AppDb db) : UseCase<ComparePolicies.Request, ComparePolicies.Pair>(db)
{
    public sealed record Request(string Number, int Version, int Other);

    public sealed record Pair(TerminationPolicy Old, TerminationPolicy New);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<Pair>> Handle(Call call, Request request, CancellationToken ct)
    {
        var (older, newer) = (Math.Min(request.Version, request.Other), Math.Max(request.Version, request.Other));
        var rows = await Db.Policies.AsNoTracking().Where(p => p.Number == request.Number && (p.Version == older || p.Version == newer)).OrderBy(p => p.Version).Select(p => p.Document).ToListAsync(ct);
        return rows is [var old, var now] ? new Pair(TerminationPolicy.FromJson(old), TerminationPolicy.FromJson(now)) : CommonRefusals.NotFound;
    }
}
