using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// What follows once possession of a contact on file is proven: the case belongs to customer and contract, its clock has run
/// since the receipt, and a second application for the same contract joins the first.
/// </summary>
public sealed class ProvenIdentity(AppDb db, Settling settling, CaseDesk desk)
{
    public async Task<Refusal?> Stage(ExitCase exit, CustomerMatch.Found found, string method, Call call, CancellationToken ct)
    {
        var contract = await db.Contracts.SingleAsync(c => c.Id == found.Contract.Id, ct);
        if (await db.Cases.AsNoTracking().Where(c => c.ContractId == contract.Id && c.Id != exit.Id && c.State != CaseState.Closed)
            .Select(c => (Guid?)c.Id).FirstOrDefaultAsync(ct) is { } other)
        {
            exit.Join(other);
            await desk.CancelWaiting(exit.Id, ct);
            return null;
        }
        if (contract.State == ContractState.Ended)
            return CaseRefusals.ContractEnded;
        var earliest = await settling.EarliestEnd(contract, Clocks.DateIn(exit.BusinessReceivedAt, contract.Zone), ct);
        if (exit.ProveIdentity(found.Customer.Id, contract.Id, found.Customer.UnitId, 1, method, contract.PolicyNumber, contract.PolicyVersion, contract.Zone, earliest) is { } no)
            return no;
        contract.State = ContractState.Ending;
        contract.LastServiceDay = exit.EffectiveOn;
        contract.Version++;
        if (found.Customer.OwnerId is { } owner)
            exit.Assign(Staff.StaffDirectory.IdOf(owner));
        return null;
    }
}
