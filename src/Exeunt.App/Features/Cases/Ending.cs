using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

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
