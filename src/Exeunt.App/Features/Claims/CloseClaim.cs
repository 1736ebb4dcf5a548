using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Claims;

/// <summary>A claim is decided and paid or refused: with the last open one of a policy, what they held goes on.</summary>
public sealed class CloseClaim(AppDb db, CaseDesk desk, NumberTokens numbers, OpenClaims claims) : UseCase<CloseClaim.Request, Done>(db)
{
    /// <param name="CaseId">The case that ends the policy; null: <paramref name="Contract"/> names the policy.</param>
    /// <param name="ClosedOn">From the day it was reported to today; null: today.</param>
    public sealed record Request(Guid? CaseId, string? Contract, string? Number, DateOnly? ClosedOn);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await ClaimedPolicy.Find(Db, desk, numbers, request.CaseId, request.Contract, Needs, call, ct);
        if (found.Refusal is { } unknown)
            return unknown;
        var contract = found.Value;
        if (CommonRefusals.UnfitLine("number", request.Number, ClaimTable.MaxNumber, out var unfit))
            return unfit;
        var number = request.Number.Trim();
        if (await Db.Set<Claim>().SingleOrDefaultAsync(c => c.ContractId == contract.Id && c.Number == number, ct) is not { } claim)
            return CommonRefusals.NotFound;
        if (claim.ClosedOn is not null)
            return ClaimRefusals.ClosedAlready;
        var today = call.Today(contract.Zone);
        var on = request.ClosedOn ?? today;
        if (on < claim.ReportedOn || on > today)
            return ClaimRefusals.ClosedBefore;
        (claim.ClosedOn, claim.ClosedBy) = (on, call.Actor.Id);
        claim.Version++;
        Db.Audit(call, "claim.closed", $"contract:{contract.Id}", new { claim = claim.Id, on });
        if (!await Db.Set<Claim>().AnyAsync(c => c.ContractId == contract.Id && c.Id != claim.Id && c.ClosedOn == null, ct))
            await claims.Follow(contract.Id, open: false, call, ct);
        return await Commit(Done.It, ct);
    }
}
