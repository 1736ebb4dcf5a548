using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

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
