using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>How a case begins, whose it is, and the ends that need nothing else: withdrawn, joined, lapsed, refused.</summary>
public sealed partial class ExitCase
{
    public static ExitCase Receive(
        Guid id, string number, Procedure procedure, Channel channel, string language, DateOnly? wishedOn, long intakeSubject, Moment moment, FindProcedure find,
        string? page = null, Ground? declared = null)
    {
        var exit = new ExitCase { Id = id, _moment = moment, _find = find };
        exit.Raise(new CaseReceived(number, procedure.Kind, procedure.Id, procedure.Version, channel, language, wishedOn, intakeSubject, page, declared));
        exit.Flow();
        return exit;
    }

    /// <summary>The company opens an offboarding of a customer with a ground and frozen evidence.</summary>
    public static ExitCase Open(
        Guid id, string number, Procedure procedure, Channel channel, string language, OffboardingOpened opened, Moment moment, FindProcedure find)
    {
        var exit = new ExitCase { Id = id, _moment = moment, _find = find };
        exit.Raise(new CaseReceived(number, procedure.Kind, procedure.Id, procedure.Version, channel, language, null, 0));
        exit.Raise(opened);
        exit.Flow();
        return exit;
    }

    /// <summary>It is known whose case it is and which contract ends; from here the case runs on the contract's own procedure.</summary>
    /// <param name="own">The procedure of the contract's policy; null, or one that has no such identity step: the case stays where it is.</param>
    public Refusal? ProveIdentity(
        long customerId, long contractId, int unitId, int level, string method, string policyNumber, int policyVersion, string zone, DateOnly earliest,
        string rulePacks = "", string? offerForbiddenBy = null, string? tier = null, string? party = null, Procedure? own = null)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (HasCustomer)
            return CaseRefusals.IdentityProvenAlready;
        var effective = WishedOn is { } wished && wished > earliest ? wished : earliest;
        if (own is not null && ((own.Id == Procedure && own.Version == ProcedureVersion) || own.Kind != Kind || LostIn(own).Count > 0))
            own = null;
        Raise(new IdentityProven(
            customerId, contractId, unitId, level, method, policyNumber, policyVersion, zone, earliest, effective, rulePacks, offerForbiddenBy, tier, party, own?.Id, own?.Version));
        if (_steps.FirstOrDefault(s => s.Kind == StepKind.VerifyIdentity && s.State == StepState.Active) is { } step)
            Finish(step, method);
        Flow();
        return null;
    }

    /// <summary>More than before was proven; the notice period never waited for it.</summary>
    public Refusal? RaiseIdentity(int level, string method)
    {
        if (Blocked() is { } no)
            return no;
        if (level <= IdentityLevel)
            return CaseRefusals.IdentityProvenAlready;
        Raise(new IdentityRaised(level, method));
        return null;
    }

    public Refusal? Assign(string to)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (AssignedTo != to)
            Raise(new CaseAssigned(to));
        return null;
    }

    /// <summary>A contact or the payout account changes: payout, release of numbers and erasure wait until <paramref name="heldUntil"/>.</summary>
    /// <param name="what">"contact" or "payout".</param>
    public Refusal? ChangeDetails(string what, DateTimeOffset heldUntil)
    {
        if (Blocked() is { } no)
            return no;
        if (what == "payout" && CannotChangeMoney() is { } fixedNow)
            return fixedNow;
        Raise(new DetailsChanged(what, heldUntil));
        var reason = what + "-changed";
        if (!Holds.Contains(reason))
            Raise(new CaseHeld(reason));
        Flow();
        return null;
    }

    /// <summary>A change that waits is stopped, and what it held goes on.</summary>
    /// <param name="what">"contact" or "payout".</param>
    /// <param name="textId">The words of the member of staff who stopped it; null: the customer did.</param>
    public void StopChange(string what, Guid? textId)
    {
        Raise(new DetailsStopped(what, textId));
        Resume(what + "-changed");
    }

    /// <summary>Whether a hold ends when what it protects is over, not by people: a change of contact or account, an open claim.</summary>
    public static bool EndsByItself(string hold) => hold == OpenClaim || hold.EndsWith("-changed", StringComparison.Ordinal);

    public Refusal? Hold(string reason)
    {
        if (Blocked() is { } no)
            return no;
        if (Holds.Contains(reason))
            return CaseRefusals.HeldAlready;
        Raise(new CaseHeld(reason));
        return null;
    }

    /// <summary>Ends one hold; null ends all that people placed.</summary>
    public Refusal? Resume(string? reason = null)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        var ending = reason is null ? Holds.Where(h => !EndsByItself(h)).ToList() : [.. Holds.Where(h => h == reason)];
        if (ending.Count == 0)
            return Holds.Count > 0 && Holds.All(h => h == OpenClaim) ? CaseRefusals.ClaimOpen : Holds.Count > 0 ? CaseRefusals.HoldEndsByItself : CaseRefusals.NotHeld;
        foreach (var hold in ending)
            Raise(new CaseResumed(hold));
        Flow();
        return null;
    }

    /// <summary>
    /// Who started the case takes it back: the customer keeps the contract, or the company the customer. Possible while the case is
    /// open, scheduled or held, of a termination until 24:00 of the last service day in the contract's zone; while it executes, before
    /// the first irreversible step.
    /// </summary>
    /// <param name="today">Business date in the contract's zone.</param>
    public Refusal? Withdraw(DateOnly today)
    {
        if (CannotWithdraw(today) is { } no)
            return no;
        Raise(new CaseWithdrawn());
        Close(CaseOutcome.Withdrawn);
        return null;
    }

    public Refusal? CannotWithdraw(DateOnly today)
    {
        if (Blocked() is { } no)
            return no;
        if (OrderId is not null && (Find(StepKind.InspectReturn) is { StartedAt: not null, State: not StepState.Skipped } || IsIrreversible))
            return CaseRefusals.ReturnArrived;
        if (Kind == CaseKind.Termination && today > EffectiveOn)
            return CaseRefusals.TooLateToWithdraw(EffectiveOn.Value);
        return StateFromSteps() is CaseState.WindingUp || IsIrreversible ? CaseRefusals.Irreversible : null;
    }

    /// <summary>After identity was proven it turned out that another case ends the same contract already.</summary>
    public Refusal? Join(Guid into)
    {
        if (CannotRefuse() is { } no)
            return no;
        Raise(new CaseJoined(into));
        Close(CaseOutcome.Joined);
        return null;
    }

    /// <summary>Another case belongs to this one; said also of a closed case.</summary>
    /// <param name="relation">"reopened", "re-signed", "joined".</param>
    public Refusal? Link(Guid other, string relation)
    {
        Raise(new CaseLinked(other, relation));
        return null;
    }

    /// <summary>Nobody proved identity in time.</summary>
    public Refusal? Lapse(string reason)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (HasCustomer)
            return CaseRefusals.IdentityProvenAlready;
        Raise(new CaseLapsed(reason));
        Close(CaseOutcome.Lapsed);
        return null;
    }

    /// <summary>Refuses the application with a ground, before anything was executed.</summary>
    /// <param name="ground">A code: "not-authorised", "not-the-customer", "no-right-to-end".</param>
    public Refusal? Refuse(string ground, Guid? textId)
    {
        if (CannotRefuse() is { } no)
            return no;
        Raise(new CaseRefused(ground, textId));
        Close(CaseOutcome.Refused);
        return null;
    }

    public Refusal? CannotRefuse() =>
        IsClosed ? CaseRefusals.Closed : ReturnIsStatutory ? CaseRefusals.RightOfLaw : StateFromSteps() is CaseState.Executing or CaseState.WindingUp ? CaseRefusals.Irreversible : null;

    public Refusal? LeaveMessage(Guid textId, bool fromCustomer)
    {
        Raise(new MessageLeft(textId, fromCustomer));
        return null;
    }

    /// <summary>Asks or reports to somebody above.</summary>
    public Refusal? AskUpwards(Guid textId, string to)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (AskedPerson is not null)
            return CaseRefusals.AskedAlready;
        Raise(new AskedUpwards(textId, to));
        return null;
    }

    public Refusal? AnswerUpwards(Guid textId, string by)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (AskedPerson is null)
            return CaseRefusals.NothingAsked;
        if (AskedPerson != by)
            return CaseRefusals.AskedSomebodyElse;
        Raise(new AnsweredUpwards(textId));
        return null;
    }

    /// <summary>The customer has read and confirmed what ending does. Nothing waits for it, so it changes nothing but the history.</summary>
    public Refusal? ConfirmConsequences(Guid confirmationId, string sha256)
    {
        if (Blocked() is { } no)
            return no;
        Raise(new ConsequencesConfirmed(confirmationId, sha256));
        return null;
    }
}
