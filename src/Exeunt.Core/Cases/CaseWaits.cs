namespace Exeunt.Core.Cases;

/// <summary>One thing a case waits for that a person is to do (待办).</summary>
/// <param name="Key">Unique in the case: the step's id, of an approval with its role ("approve:Legal"), or "hold".</param>
/// <param name="What">What is to be done: the kind of step ("Talk"), or "Hold".</param>
/// <param name="Roles">Those who may do it, for the case's unit.</param>
/// <param name="Since">Business time since when it waits.</param>
/// <param name="DueOn">Last day, in the case's zone, by whose 24:00 it is to be done; null: no date.</param>
public sealed record CaseWait(string Key, string What, IReadOnlyList<Role> Roles, DateTimeOffset Since, DateOnly? DueOn)
{
    /// <summary>Whether it is for whoever has the case (who looks after the customer), rather than for everybody with the role.</summary>
    public bool IsForAssignee => Roles.Contains(Role.Agent) || Roles.Contains(Role.AccountManager);
}

/// <summary>What a case waits for, from its steps and its hold alone.</summary>
public static class CaseWaits
{
    public const string Hold = "Hold";
    private static readonly Role[] Handlers = [Role.Agent, Role.AccountManager, Role.Supervisor];

    /// <summary>Everything people are to do now; nothing for a closed case.</summary>
    public static IEnumerable<CaseWait> Of(ExitCase exit, Procedure procedure)
    {
        if (exit.IsClosed)
            yield break;
        if (exit.State == CaseState.Held)
            yield return new CaseWait("hold", Hold, Handlers, exit.BusinessReceivedAt, null);
        foreach (var progress in exit.Steps)
        {
            var step = procedure.Step(progress.Id);
            if (progress.State != StepState.Active || step.Roles.Count == 0)
                continue;
            var since = progress.StartedAt ?? exit.BusinessReceivedAt;
            // The date that counts is the last service day, as long as it lies ahead of what the step does.
            var due = step.Kind is StepKind.Talk or StepKind.Offer or StepKind.Approve ? exit.EffectiveOn : null;
            if (step.Kind == StepKind.Approve)
                foreach (var role in step.Roles.Except(exit.ApprovedBy))
                    yield return new CaseWait($"{step.Id}:{role}", $"{step.Kind}", [role], since, due);
            else if (step.Kind != StepKind.Offer || exit.OpenOfferId is null)
                yield return new CaseWait(step.Id, $"{step.Kind}", step.Roles, since, due);
        }
    }
}
