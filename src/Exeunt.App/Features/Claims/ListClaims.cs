using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Claims;

/// <summary>The claims on the policy that a case ends, open ones first, newest first; at most 100.</summary>
public sealed class ListClaims(AppDb db, CaseDesk desk) : UseCase<ListClaims.Request, ListClaims.View>(db)
{
    public const int Most = 100;

    public sealed record Request(Guid CaseId);

    public sealed record Line(string Number, DateOnly ReportedOn, DateOnly? ClosedOn);

    /// <param name="IsInsurance">Whether the contract is an insurance policy, on which claims can be.</param>
    public sealed record View(IReadOnlyList<Line> Claims, bool IsInsurance, bool MayRecord);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { ContractId: { } contract } exit)
            return CommonRefusals.NotFound;
        var lines = await Db.Set<Claim>().AsNoTracking().Where(c => c.ContractId == contract)
            .OrderBy(c => c.ClosedOn == null ? 0 : 1).ThenByDescending(c => c.ReportedOn).ThenBy(c => c.Number).Take(Most).Select(c => new Line(c.Number, c.ReportedOn, c.ClosedOn)).ToListAsync(ct);
        var document = await Db.Policies.AsNoTracking().Where(p => p.Number == exit.PolicyNumber && p.Version == exit.PolicyVersion).Select(p => p.Document).SingleOrDefaultAsync(ct);
        var unit = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleOrDefaultAsync(ct);
        return new View(lines, document is not null && TerminationPolicy.FromJson(document).Insurance is not null, unit is not null && call.Actor.Allows(Permission.HandleCases, unit));
    }
}
