using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Approvals;

/// <summary>The approval matrix in force with its versions, and who stands in for whom where the caller is concerned.</summary>
public sealed class ShowApprovals(AppDb db, ApprovalBook book, ListSigned versions, StaffDirectory staff) : UseCase<ShowApprovals.Request, ShowApprovals.View>(db)
{
    public sealed record Request;

    /// <param name="Given">Absences of the caller that are not over, by first day.</param>
    /// <param name="Received">Those in which the caller stands in.</param>
    /// <param name="Approvers">Who can stand in; empty for a caller who approves nothing.</param>
    public sealed record View(
        ApprovalMatrix Matrix, IReadOnlyList<ListSigned.Row> Versions, IReadOnlyList<Delegation> Given, IReadOnlyList<Delegation> Received,
        IReadOnlyList<StaffDirectory.Holder> Approvers, IReadOnlyDictionary<string, string> Names);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        var open = Db.Delegations.AsNoTracking().Where(d => d.EndedAt == null && d.UntilOn >= today);
        var given = await open.Where(d => d.From == call.Actor.Id).OrderBy(d => d.FromOn).Take(50).ToListAsync(ct);
        var received = await open.Where(d => d.To == call.Actor.Id).OrderBy(d => d.FromOn).Take(50).ToListAsync(ct);
        var approvers = call.Actor.Kind == ActorKind.Staff && call.Actor.Allows(Permission.ApproveCases) ? await staff.Holders(Permission.ApproveCases, "", ct) : [];
        return new View(
            await book.Current(ct), (await versions.Run(call with { IdempotencyKey = null }, new(SignedKind.Approvals), ct)).Value, given, received,
            [.. approvers.Where(a => StaffDirectory.IdOf(a.Id) != call.Actor.Id)], await staff.Names(given.Select(d => d.To).Concat(received.Select(d => d.From)), ct));
    }
}
