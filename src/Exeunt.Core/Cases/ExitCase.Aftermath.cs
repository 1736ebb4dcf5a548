using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>Disputes, appeals, and the time after the certificate.</summary>
public sealed partial class ExitCase
{
    /// <summary>A lawyer, regulator, arbitrator or court deals with the matter: contested amounts and erasure wait, the rest goes on.</summary>
    /// <param name="contested">Minor units of the settlement's currency, 0 or more.</param>
    public Refusal? OpenDispute(Guid disputeId, string forum, long contested)
    {
        if (Blocked() is { } no)
            return no;
        Raise(new DisputeOpened(disputeId, forum, contested));
        return null;
    }

    /// <param name="result">"ruled", "settled" or "withdrawn".</param>
    public Refusal? CloseDispute(Guid disputeId, string result)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsDisputed)
            return CaseRefusals.NoDispute;
        Raise(new DisputeClosed(disputeId, result));
        Flow();
        return null;
    }

    /// <summary>The customer appeals against what was decided or how it was done.</summary>
    /// <param name="answerBy">The last day for the answer, included.</param>
    public Refusal? Appeal(Guid appealId, Guid textId, DateOnly answerBy)
    {
        if (CannotAppeal() is { } no)
            return no;
        Raise(new AppealMade(appealId, textId, answerBy));
        return null;
    }

    /// <summary>An appeal is possible from the moment somebody decided something until the follow-up is over.</summary>
    public Refusal? CannotAppeal()
    {
        if (Blocked() is { } no)
            return no;
        if (OpenAppealId is not null)
            return CaseRefusals.AppealedAlready;
        return Deciders.Length == 0 && StateFromSteps() is (CaseState.Open or CaseState.Scheduled) ? CaseRefusals.NothingDecided : null;
    }

    /// <summary>Somebody who took no part decides. What follows from an upheld appeal is a linked case.</summary>
    public Refusal? DecideAppeal(bool upheld, string by, Guid textId)
    {
        if (CannotDecideAppeal(by) is { } no)
            return no;
        Raise(new AppealDecided(OpenAppealId!.Value, upheld, textId));
        Flow();
        return null;
    }

    public Refusal? CannotDecideAppeal(string by)
    {
        if (IsClosed)
            return CaseRefusals.Closed;
        if (OpenAppealId is null)
            return CaseRefusals.NoAppeal;
        return TookPart(by) ? CaseRefusals.DecidedBefore : null;
    }

    /// <summary>The customer asks that the contact be erased at once: survey and follow-up are over.</summary>
    public Refusal? EndAftercare()
    {
        if (Blocked() is { } no)
            return no;
        if (OpenAppealId is not null)
            return CaseRefusals.AppealedAlready;
        var open = _steps.Where(s => s.State == StepState.Active && s.Kind is (StepKind.Survey or StepKind.FollowUp)).ToList();
        if (open.Count == 0 || StateFromSteps() != CaseState.WindingUp)
            return CaseRefusals.StepNotActive;
        foreach (var step in open)
            Raise(new StepSkipped(step.Id, "customer-asked"));
        Flow();
        return null;
    }
}
