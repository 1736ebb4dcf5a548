using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

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
