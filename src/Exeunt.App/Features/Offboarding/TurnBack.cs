using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>An ending that does not happen: the contract is in force again, what was restricted is given back by work orders, the customer is told.</summary>
public sealed class TurnBack(AppDb db, CaseDesk desk, UndoWork undo, CaseLetters letters)
{
    /// <param name="mail">Key of the texts of the mail; its arguments are the number and the words.</param>
    public async Task Stage(ExitCase exit, string mail, string words, Call call, CancellationToken ct)
    {
        var contract = await db.Contracts.SingleAsync(c => c.Id == exit.ContractId, ct);
        (contract.State, contract.LastServiceDay) = (ContractState.InForce, null);
        contract.Version++;
        await desk.CancelWaiting(exit.Id, ct);
        await undo.Stage(exit, call, ct);
        await letters.Mail(exit, call, mail, [exit.Number, words], [], ct);
    }
}
