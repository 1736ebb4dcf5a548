using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// What follows once possession of a contact on file is proven: the case belongs to customer and contract, its clock has run
/// since the receipt, and a second application for the same contract joins the first.
/// </summary>
public sealed class ProvenIdentity(AppDb db, Settling settling, CaseDesk desk, RuleBook rules, Reviews reviews, Procedures.ProcedureBook procedures, Calendars.CalendarBook calendars, Claims.OpenClaims claims)
{
    public async Task<Refusal?> Stage(ExitCase exit, CustomerMatch.Found found, string method, Call call, CancellationToken ct)
    {
        var contract = await db.Contracts.SingleAsync(c => c.Id == found.Contract.Id, ct);
        var receivedOn = Clocks.DateIn(exit.BusinessReceivedAt, contract.Zone);
        var (policy, terms, packs) = (await settling.PolicyOf(contract, ct), Settling.TermsOf(contract), await rules.For(contract.Jurisdiction, receivedOn, ct));
        var days = await calendars.For(contract.Jurisdiction, ct);
        var withdraws = exit.Declared == Ground.Withdrawal && receivedOn <= LegalPeriods.WithdrawalUntil(packs, terms.Party, contract.SignedOn ?? contract.StartOn, days);
        // An insurance policy may be given back for nothing within its cooling-off period; a later day that was wished for is an ordinary end.
        if (policy.Insurance?.CoolingOffUntil(contract.SignedOn ?? contract.StartOn, days) is { } coolsUntil && receivedOn <= coolsUntil && !(exit.WishedOn > coolsUntil))
            withdraws = true;
        if (await db.Cases.AsNoTracking().Where(c => c.ContractId == contract.Id && c.Id != exit.Id && c.State != CaseState.Closed)
            .Select(c => (Guid?)c.Id).FirstOrDefaultAsync(ct) is { } other && !await GivesWay(other, exit, withdraws, call, ct))
        {
            exit.Join(other);
            await desk.CancelWaiting(exit.Id, ct);
            return null;
        }
        if (contract.State == ContractState.Ended)
            return CaseRefusals.ContractEnded;
        // A withdrawal ends it the day it arrives; before the service has begun, on its first day.
        var earliest = withdraws ? (receivedOn > contract.StartOn ? receivedOn : contract.StartOn) : await settling.EarliestEnd(contract, receivedOn, ct);
        var noOffer = PageCheck.OfferForbiddenBy(packs, terms.Party, policy.Scope?.Sector, receivedOn);
        if (exit.ProveIdentity(
            found.Customer.Id, contract.Id, found.Customer.UnitId, 1, method, contract.PolicyNumber, contract.PolicyVersion, contract.Zone, earliest,
            RuleBook.Names(packs), noOffer?.Rule.Id, found.Customer.Tier.ToString(), terms.Party.ToString(),
            procedures.Own(policy.Procedures?.Termination, exit.Kind)) is { } no)
            return no;
        if (withdraws || await IsFreshPrepayment(contract, packs, receivedOn, ct))
            Withdraw(exit, contract, call);
        // Too late, or no such right: people say so with grounds, or it goes on as an ordinary ending.
        else if (exit.Declared == Ground.Withdrawal)
            exit.Hold(ExitCase.LateWithdrawal);
        await claims.Hold(exit, contract.Id, ct);
        // What the policy breaks is for people to look at; it never stops the end.
        await reviews.Open(exit.Id, PolicyCheck.Of(policy, terms, packs, receivedOn), call, ct);
        contract.State = ContractState.Ending;
        contract.LastServiceDay = exit.EffectiveOn;
        contract.Version++;
        if (found.Customer.OwnerId is { } owner)
            exit.Assign(Staff.StaffDirectory.IdOf(owner));
        return null;
    }

    /// <summary>The settlement is computed as a withdrawal from the start; people who know better change the facts.</summary>
    private void Withdraw(ExitCase exit, Contract contract, Call call)
    {
        var facts = Settling.FactsOf(contract, exit.EffectiveOn!.Value) with { Ground = Ground.Withdrawal };
        db.SettlementFacts.Add(new FactsOfTheEnd { CaseId = exit.Id, Facts = CaseFacts.Write(facts), Version = 1, ChangedBy = call.Actor.Id, ChangedAt = call.Now });
        exit.ChangeFacts(1);
    }

    /// <summary>Within seven days of paying, a consumer takes a prepayment back without reason.</summary>
    private async Task<bool> IsFreshPrepayment(Contract contract, IReadOnlyList<RulePack> packs, DateOnly receivedOn, CancellationToken ct) =>
        contract is { Party: Party.Consumer, PrepaidPaid: > 0, PrepaidPaidOn: { } paidOn }
        && packs.FirstOrDefault(p => p.Rules.Any(r => r.Id == "CN-PP14" && r.IsInForce(receivedOn))) is { } pack
        && receivedOn <= LegalPeriods.ChinaPrepaidRefund(pack, paidOn, await calendars.For(contract.Jurisdiction, ct)).LastDay;

    /// <summary>
    /// The customer's own ending with notice gives way to a withdrawal in its period, which ends it at once and for nothing. The company's own case gives way to the customer's right to end as long as nothing of it was served or done: then it goes on in theirs.
    /// A notice that is out, or an immediate ending, stands; the application joins it.
    /// </summary>
    private async Task<bool> GivesWay(Guid otherId, ExitCase exit, bool withdraws, Call call, CancellationToken ct)
    {
        var other = (await desk.Find(otherId, call, ct))!;
        var ordinary = other.Kind == CaseKind.Termination && withdraws && other.Declared != Ground.Withdrawal;
        var companys = other.Kind == CaseKind.Offboarding && exit.Kind != CaseKind.Offboarding && other.EffectiveOn is null && !other.Plan.Steps.Any(s => s.Letter == Offboarding.DecisionNotice.Immediate);
        if (!(ordinary || companys) || other.Join(exit.Id) is not null)
            return false;
        await desk.CancelWaiting(other.Id, ct);
        desk.Stage(other, call);
        return true;
    }
}
