using Exeunt.App.Data;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>How a customer's data is kept: what became of it after the end, and who looked at it.</summary>
public sealed class OwnKeeping(AppDb db)
{
    public const int MaxLooks = 2_000;

    /// <summary>Orders, listings, requests and complaints whose looks are asked for, of each.</summary>
    private const int MaxTargets = 500;

    /// <summary>
    /// What the audit log says of looks at one customer or something of theirs, each with a text "own-data.look.VERB". A look at a list of many is none of
    /// them, nor is one at what is locked or held, which tells what it was for.
    /// </summary>
    internal static readonly List<string> Looks =
    [
        "customer.viewed", "customer.revealed", "customer.owners-viewed", "ratings.viewed", "tiers.viewed", "churn.viewed", "case.viewed", "case.exported", "offboarding.viewed", "return.viewed",
        "order.viewed", "listing.seen", "data-request.viewed", "feedback.viewed", "feedback.revealed", GatherOwnData.Verb, GatherOwnData.ByStaffVerb,
    ];

    internal async Task<OwnDataFile> Add(OwnDataFile file, OwnScope scope, CancellationToken ct)
    {
        var (id, t) = (scope.Customer.Id, scope.T);
        var retained = await db.Set<RetainedRow>().AsNoTracking().Where(r => r.CustomerId == id).ToListAsync(ct);
        var cases = scope.Cases.ToDictionary(c => $"case:{c.Id:N}", c => c.Number);
        var listings = await db.Listings.AsNoTracking().Where(l => l.CustomerId == id).OrderByDescending(l => l.Id).Take(MaxTargets).Select(l => l.Id).ToListAsync(ct);
        var requests = await db.Set<DataRequest>().AsNoTracking().Where(r => r.CustomerId == id).OrderByDescending(r => r.Serial).Take(MaxTargets).Select(r => r.Id).ToListAsync(ct);
        var complaints = await db.Feedback.AsNoTracking().Where(f => f.CustomerId == id && f.IsProven).OrderByDescending(f => f.Serial).Take(MaxTargets).Select(f => f.Id).ToListAsync(ct);
        List<string> targets =
        [
            $"customer:{id}", .. cases.Keys, .. listings.Select(l => $"listing:{l:N}"), .. requests.Select(r => $"data-request:{r:N}"), .. complaints.Select(f => $"feedback:{f:N}"),
            .. file.Orders.Take(MaxTargets).Select(o => $"order:{o.Id:N}"),
        ];
        var looks = await scope.Read(db.AuditLog.AsNoTracking().Where(r => targets.Contains(r.Target) && Looks.Contains(r.Verb)).OrderByDescending(r => r.Id).Select(r => new { r.At, r.Actor, r.Verb, r.Target }), MaxLooks, ct, "own-data.looks");
        return file with
        {
            Retained =
            [
                .. retained.OrderBy(r => r.Category).Select(r => new OwnRetained(
                    $"{r.Category}", t[$"retention.{r.Category}"], $"{r.Now}", t[$"retention.outcome.done.{r.Now}"], r.Until, r.Basis(t) is { Length: > 0 } basis ? basis : null, r.DoneAt)),
            ],
            Looks = [.. looks.Select(l => new OwnLook(l.At, OwnScope.By(l.Actor), l.Verb, t[$"own-data.look.{l.Verb}"], cases.GetValueOrDefault(l.Target)))],
        };
    }
}
