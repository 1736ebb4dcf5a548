using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>The customer withdraws the application and keeps the contract, until the last service day is over.</summary>
public sealed class WithdrawCase(AppDb db, CaseDesk desk, Ending ending) : UseCase<WithdrawCase.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.Kind == CaseKind.Offboarding)
            return Offboarding.OffboardingRefusals.CompanysOwn;
        if (exit.Withdraw(exit.Zone is null ? default : call.Today(exit.Zone)) is { } no)
            return no;
        await ending.KeepContract(exit, call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>A message from the customer to the people of the case.</summary>
public sealed class LeaveMessage(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<LeaveMessage.Request, Done>(db)
{
    public const int Max = 2000;

    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > Max)
            return CommonRefusals.TooLong("words", Max);
        exit.LeaveMessage(await texts.Stage(exit, "message", request.Words.Trim(), ct), fromCustomer: true);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>What an end that does not happen takes back: the contract is in force again, nothing waits, the customer is told.</summary>
public sealed class Ending(AppDb db, CaseDesk desk, CaseLetters letters)
{
    /// <summary>The contract is in force again and nothing of the case waits.</summary>
    public async Task Restore(ExitCase exit, CancellationToken ct)
    {
        var contract = await db.Contracts.SingleAsync(c => c.Id == exit.ContractId, ct);
        (contract.State, contract.LastServiceDay) = (ContractState.InForce, null);
        contract.Version++;
        await desk.CancelWaiting(exit.Id, ct);
    }

    public async Task KeepContract(ExitCase exit, Call call, CancellationToken ct)
    {
        await Restore(exit, ct);
        await letters.Mail(exit, call, exit.Outcome == CaseOutcome.Saved ? "mail.saved" : "mail.withdrawn", [exit.Number], [], ct);
    }
}
