using System.Text.RegularExpressions;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Claims;

/// <summary>A claim on a policy is known: by the policy's number (a claims system), or on the case that ends it. Known already, it changes nothing.</summary>
public sealed partial class RecordClaim(AppDb db, CaseDesk desk, NumberTokens numbers, OpenClaims claims, Settling settling) : UseCase<RecordClaim.Request, RecordClaim.Recorded>(db)
{
    /// <param name="CaseId">The case that ends the policy; null: <paramref name="Contract"/> names the policy.</param>
    /// <param name="ReportedOn">Not after today.</param>
    public sealed record Request(Guid? CaseId, string? Contract, string? Number, DateOnly? ReportedOn);

    public sealed record Recorded(Guid ClaimId);

    public override Permission Needs => Permission.HandleCases;

    /// <summary>An erasure that was first, or another change of the customer, is looked at again.</summary>
    protected override int Tries => 3;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await ClaimedPolicy.Find(Db, desk, numbers, request.CaseId, request.Contract, Needs, call, ct);
        if (found.Refusal is { } unknown)
            return unknown;
        var contract = found.Value;
        if ((await settling.PolicyOf(contract, ct)).Insurance is null)
            return ClaimRefusals.NotInsured;
        if (request.Number?.Trim() is not { Length: > 0 } number)
            return CommonRefusals.Required("number");
        if (number.Length > ClaimTable.MaxNumber)
            return CommonRefusals.TooLong("number", ClaimTable.MaxNumber);
        if (!NumberForm().IsMatch(number))
            return ClaimRefusals.Number;
        if (request.ReportedOn is not { } on)
            return CommonRefusals.Required("reportedOn");
        if (on > call.Today(contract.Zone) || on.Year < 1900)
            return ClaimRefusals.Ahead;
        if (await Db.Set<Claim>().AsNoTracking().SingleOrDefaultAsync(c => c.ContractId == contract.Id && c.Number == number, ct) is { } known)
            return known.ReportedOn == on ? new Recorded(known.Id) : ClaimRefusals.KnownOtherwise(known.ReportedOn);
        var claim = new Claim { Id = Guid.CreateVersion7(), ContractId = contract.Id, Number = number, ReportedOn = on, RecordedBy = call.Actor.Id };
        Db.Add(claim);
        await Erasure.LegalHolds.Touch(Db, contract.CustomerId, ct);
        Db.Audit(call, "claim.recorded", $"contract:{contract.Id}", new { claim = claim.Id, on });
        await claims.Follow(contract.Id, open: true, call, ct);
        return await Commit(new Recorded(claim.Id), ct);
    }

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?\z")]
    private static partial Regex NumberForm();
}

/// <summary>Finds the policy that a claim is on.</summary>
internal static class ClaimedPolicy
{
    public static async Task<Outcome<Contracts.Contract>> Find(AppDb db, CaseDesk desk, NumberTokens numbers, Guid? caseId, string? number, Permission needs, Call call, CancellationToken ct)
    {
        if (caseId is { } id)
            return await desk.Find(id, call, needs, ct) is { ContractId: { } of } ? await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == of, ct) : CommonRefusals.NotFound;
        if (string.IsNullOrWhiteSpace(number))
            return CommonRefusals.Required("contract");
        if (number.Length > 200)
            return CommonRefusals.TooLong("contract", 200);
        var token = numbers.OfContract(number);
        var found = await db.Contracts.AsNoTracking().Where(c => c.NumberToken == token)
            .Select(c => new { Contract = c, Path = db.Customers.Where(k => k.Id == c.CustomerId).SelectMany(k => db.Units.Where(u => u.Id == k.UnitId)).Select(u => u.Path).First() }).SingleOrDefaultAsync(ct);
        return found is not null && call.Actor.Allows(needs, found.Path) ? found.Contract : CommonRefusals.NotFound;
    }
}

public static class ClaimRefusals
{
    public static readonly Refusal NotInsured = new(RefusalKind.Invalid, "claim.not-insured",
        "This contract is no insurance, so there is no claim on it. Look at its number.", "该合同不是保险合同，不能登记赔案，请核对合同号。", Field: "contract");

    public static readonly Refusal Number = new(RefusalKind.Invalid, "claim.number",
        "A claim's number has letters, digits, points, dashes and slashes.", "赔案号仅限字母、数字、点、连字符和斜杠。", Field: "number");

    public static readonly Refusal Ahead = new(RefusalKind.Invalid, "claim.reported-ahead",
        "A claim was reported today or before.", "报案日期不得晚于今天。", Field: "reportedOn");

    public static readonly Refusal ClosedBefore = new(RefusalKind.Invalid, "claim.closed-before-reported",
        "A claim is closed on the day it was reported or later, and not after today.", "结案日期不得早于报案日期，也不得晚于今天。", Field: "closedOn");

    public static readonly Refusal ClosedAlready = new(RefusalKind.Conflict, "claim.closed-already",
        "This claim is closed already.", "该赔案已结案。");

    public static Refusal KnownOtherwise(DateOnly on) => new(RefusalKind.Conflict, "claim.known-otherwise",
        $"This claim is known, reported on {on:yyyy-MM-dd}.", $"该赔案已登记，报案日期为 {on:yyyy-MM-dd}。", Field: "number");
}
