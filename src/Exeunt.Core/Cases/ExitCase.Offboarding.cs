using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>What only the company's own endings have: improvement, notice, objection, turning back.</summary>
public sealed partial class ExitCase
{
    /// <summary>An improvement agreement instead of going on: the case waits until it is judged.</summary>
    /// <param name="untilOn">Last day of the observation, included.</param>
    public Refusal? AgreeCure(Guid agreementId, DateOnly untilOn, DateOnly today)
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.CurePeriod) is not { State: StepState.Waiting } step || !IsActive(StepKind.Talk))
            return CaseRefusals.StepNotActive;
        if (Reason is null)
            return CaseRefusals.TalkFirst;
        if (Plan.Step(step.Id).Days is { } most && (untilOn <= today || untilOn > today.AddDays(most)))
            return CaseRefusals.CureDate(today.AddDays(1), today.AddDays(most));
        Raise(new TalkConcluded(TalkResult.Improvement, null));
        Raise(new StepStarted(step.Id));
        Raise(new CureAgreed(agreementId, untilOn));
        Finish(Find(StepKind.Talk)!, $"{TalkResult.Improvement}");
        Flow();
        return null;
    }

    /// <summary>A person judges the improvement: met, the case ends; missed, it goes on.</summary>
    public Refusal? JudgeCure(bool met, Guid? textId)
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.CurePeriod) is not { State: StepState.Active } step)
            return CaseRefusals.StepNotActive;
        Raise(new CureJudged(met, textId));
        Finish(step, met ? "met" : "missed");
        if (met)
            Close(CaseOutcome.Saved);
        else
            Flow();
        return null;
    }

    /// <summary>The notice was sent: it sets the last day and the time to object.</summary>
    public Refusal? ServeNotice(string step, Guid documentId, DateOnly effectiveOn, DateOnly objectUntil)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(step))
            return CaseRefusals.StepNotActive;
        Raise(new NoticeServed(step, documentId, effectiveOn, objectUntil));
        Raise(new StepDone(step, documentId.ToString("N")));
        Flow();
        return null;
    }

    /// <summary>The customer objects to the notice; until it is decided nothing takes effect.</summary>
    public Refusal? Object(Guid textId, DateOnly today)
    {
        if (CannotObject(today) is { } no)
            return no;
        Raise(new ObjectionMade(textId));
        return null;
    }

    public Refusal? CannotObject(DateOnly today)
    {
        if (Blocked() is { } no)
            return no;
        if (Kind != CaseKind.Offboarding || ObjectUntil is not { } until)
            return CaseRefusals.NothingToObjectTo;
        if (ObjectionMade)
            return CaseRefusals.ObjectedAlready;
        return today > until || IsIrreversible || StateFromSteps() == CaseState.WindingUp ? CaseRefusals.TooLateToObject(until) : null;
    }

    /// <summary>Somebody who neither asked for nor took the decision judges the objection: upheld, the ending is refused.</summary>
    public Refusal? DecideObjection(bool upheld, string by, Guid textId)
    {
        if (CannotDecideObjection(by) is { } no)
            return no;
        Raise(new ObjectionDecided(upheld, textId));
        if (upheld)
        {
            Raise(new CaseRefused("objection-upheld", textId));
            Close(CaseOutcome.Refused);
        }
        else
            Flow();
        return null;
    }

    public Refusal? CannotDecideObjection(string by)
    {
        if (Blocked() is { } no)
            return no;
        if (!ObjectionOpen)
            return CaseRefusals.NoObjection;
        return TookPart(by) ? CaseRefusals.DecidedBefore : null;
    }

    /// <summary>What led to the ending was put right: everything is turned back, before the first irreversible step.</summary>
    public Refusal? Cure(Guid? textId)
    {
        if (CannotCure() is { } no)
            return no;
        Raise(new CaseCured(textId));
        Close(CaseOutcome.Saved);
        return null;
    }

    public Refusal? CannotCure()
    {
        if (Blocked() is { } no)
            return no;
        if (Kind != CaseKind.Offboarding)
            return CaseRefusals.OnlyOffboarding;
        return IsIrreversible || StateFromSteps() == CaseState.WindingUp ? CaseRefusals.Irreversible : null;
    }

    /// <summary>The review of an immediate ending finds it wrong: it is turned back.</summary>
    public Refusal? ReverseDecision(Role role, string by, Guid textId)
    {
        if (CannotApprove(ApprovalSubject.Decision, role, by) is { } no)
            return no;
        Raise(new DecisionReversed(by, textId));
        Raise(new CaseRefused("review-reversed", textId));
        Close(CaseOutcome.Refused);
        return null;
    }

    /// <summary>Whether this person asked for something or decided something in the case, or handles it.</summary>
    public bool TookPart(string by) => by == AssignedTo || Requesters.Split(' ').Contains(by) || Deciders.Split(' ').Contains(by);
}
