using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>Lines of an order are cancelled, returned or exchanged.</summary>
public sealed partial class ExitCase
{
    /// <summary>A customer whose identity is proven claims a return.</summary>
    public static ExitCase Claim(
        Guid id, string number, Procedure procedure, Channel channel, string language, long intakeSubject, ReturnClaimed claimed, Moment moment, FindProcedure find)
    {
        var exit = new ExitCase { Id = id, _moment = moment, _find = find };
        exit.Raise(new CaseReceived(number, procedure.Kind, procedure.Id, procedure.Version, channel, language, null, intakeSubject));
        exit.Raise(claimed);
        exit.Flow();
        if (exit.Find(StepKind.VerifyIdentity) is { State: StepState.Active } identity)
            exit.Finish(identity, claimed.Method);
        exit.Flow();
        return exit;
    }

    /// <summary>A person agrees to a return that neither law nor promise grants.</summary>
    /// <param name="sendBackBy">Last day for sending back, included; null: nothing comes back.</param>
    public Refusal? AdmitReturn(DateOnly? sendBackBy, Guid? textId)
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.AdmitReturn) is not { State: StepState.Active } step)
            return CaseRefusals.StepNotActive;
        Raise(new ReturnAdmitted(sendBackBy, textId));
        Finish(step);
        Flow();
        return null;
    }

    /// <summary>The customer says that the goods are on their way.</summary>
    public Refusal? SendReturn(DateOnly on, Guid? textId)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(StepKind.SendBack))
            return CaseRefusals.StepNotActive;
        Raise(new ReturnSent(on, textId));
        return null;
    }

    /// <summary>The goods are back; they are inspected next.</summary>
    public Refusal? ReceiveParcel(DateOnly on)
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.SendBack) is not { State: StepState.Active } step)
            return CaseRefusals.StepNotActive;
        Raise(new ParcelReceived(on));
        Finish(step);
        Flow();
        return null;
    }

    /// <summary>What came back was looked at, by somebody who took no part before.</summary>
    public Refusal? InspectReturn(int accepted, int rejected, string by)
    {
        if (CannotInspect(by) is { } no)
            return no;
        Raise(new ReturnInspected(accepted, rejected));
        Finish(Find(StepKind.InspectReturn)!);
        Flow();
        return null;
    }

    /// <summary>Who took the return in does not inspect it.</summary>
    public Refusal? CannotInspect(string by) =>
        Blocked() ?? (!IsActive(StepKind.InspectReturn) ? CaseRefusals.StepNotActive : Requesters.Split(' ').Contains(by) ? CaseRefusals.OwnRequest : null);

    /// <summary>Money, stock and invoice are booked.</summary>
    public Refusal? SettleReturn(string step, long refund, string currency)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(step))
            return CaseRefusals.StepNotActive;
        Raise(new ReturnSettled(refund, currency));
        Raise(new StepDone(step));
        Flow();
        return null;
    }

    /// <param name="byTime">Nobody said in time that it was wrong.</param>
    public Refusal? ConfirmResult(bool byTime)
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.ConfirmResult) is not { State: StepState.Active } step)
            return CaseRefusals.StepNotActive;
        Raise(new ResultConfirmed(byTime));
        Finish(step);
        Flow();
        return null;
    }

    /// <summary>The customer says what is wrong: another person looks again in a case linked to this one.</summary>
    public Refusal? ContestResult(Guid textId, Guid again)
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.ConfirmResult) is not { State: StepState.Active } step)
            return CaseRefusals.StepNotActive;
        Raise(new ResultContested(textId, again));
        Finish(step, again.ToString("N"));
        Flow();
        return null;
    }

    /// <summary>The goods were not sent in time. A return can be claimed anew while its right runs.</summary>
    public Refusal? LapseReturn()
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(StepKind.SendBack))
            return CaseRefusals.StepNotActive;
        Raise(new CaseLapsed("not-sent"));
        Close(CaseOutcome.Lapsed);
        return null;
    }
}
