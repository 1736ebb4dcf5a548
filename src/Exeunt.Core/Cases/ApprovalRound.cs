using System.Text.Json.Serialization;
using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>For which units the approver must hold the role.</summary>
public enum ApproverScope
{
    /// <summary>The case's unit or one above it.</summary>
    Unit,

    /// <summary>The whole company.</summary>
    Company,
}

/// <summary>One approval that is needed: by somebody who holds one of the roles.</summary>
public sealed record Approver(IReadOnlyList<Role> AnyOf, ApproverScope Scope = ApproverScope.Unit)
{
    public static Approver Of(Role role, ApproverScope scope = ApproverScope.Unit) => new([role], scope);
}

/// <summary>An approval that was given.</summary>
/// <param name="Stage">Which stage, from 0; <paramref name="Place"/> which of its approvers.</param>
public sealed record GivenApproval(int Stage, int Place, Role Role, string By, string? OnBehalfOf);

/// <summary>
/// The approvals of one thing: who must approve, stage after stage (those of a stage beside each other), and who has. It binds
/// <paramref name="Digest"/>; another digest is another round, without approvals.
/// </summary>
public sealed record ApprovalRound(
    string Step, ApprovalSubject Of, string Digest, IReadOnlyList<IReadOnlyList<Approver>> Stages, IReadOnlyList<GivenApproval> Given)
{
    [JsonIgnore]
    public bool IsComplete => Stage == Stages.Count;

    /// <summary>The first stage in which an approval is missing; the number of stages when none is.</summary>
    [JsonIgnore]
    public int Stage
    {
        get
        {
            for (var stage = 0; stage < Stages.Count; stage++)
                if (OpenIn(stage).Any())
                    return stage;
            return Stages.Count;
        }
    }

    /// <summary>The approvers still missing in the current stage.</summary>
    [JsonIgnore]
    public IReadOnlyList<Approver> Missing => IsComplete ? [] : [.. OpenIn(Stage).Select(place => Stages[Stage][place])];

    /// <summary>The place in the current stage that this role would fill; null: none.</summary>
    public int? PlaceFor(Role role) =>
        IsComplete ? null : OpenIn(Stage).Where(place => Stages[Stage][place].AnyOf.Contains(role)).Select(place => (int?)place).FirstOrDefault();

    /// <summary>Everybody whose approval it is: those who gave it and those on whose behalf.</summary>
    [JsonIgnore]
    public IEnumerable<string> People => Given.SelectMany(g => g.OnBehalfOf is { } absent ? new[] { g.By, absent } : [g.By]);

    private IEnumerable<int> OpenIn(int stage) =>
        Enumerable.Range(0, Stages[stage].Count).Where(place => !Given.Any(g => g.Stage == stage && g.Place == place));
}
