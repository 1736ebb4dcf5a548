using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Policies;

/// <summary>What a version is on a day, as people say it.</summary>
public enum PolicyStanding
{
    Draft,
    InSignOff,

    /// <summary>Published for a day that is still to come.</summary>
    Scheduled,
    InForce,

    /// <summary>Published, and past its last day.</summary>
    Ended,
    Superseded,
    Discarded,
}

public static class PolicyStandings
{
    public static PolicyStanding Of(PolicyStatus status, InForce interval, DateOnly today) =>
        status switch
        {
            PolicyStatus.Draft => PolicyStanding.Draft,
            PolicyStatus.InSignOff => PolicyStanding.InSignOff,
            PolicyStatus.Superseded => PolicyStanding.Superseded,
            PolicyStatus.Discarded => PolicyStanding.Discarded,
            _ => interval.Covers(today) ? PolicyStanding.InForce : today < interval.From ? PolicyStanding.Scheduled : PolicyStanding.Ended,
        };
}

/// <summary>One version of a termination policy with everything its page shows.</summary>
/// <param name="State">Where it is on its way, with its signatures.</param>
/// <param name="Hands">Signatures of this round, with names.</param>
/// <param name="History">What happened to it, newest first, at most 100.</param>
/// <param name="Findings">What it breaks among the laws in force when it begins.</param>
/// <param name="WhyNotSign">Why the one who looks may not give the next signature; null when they may.</param>
/// <param name="Others">The other versions of the number, newest first.</param>
public sealed record PolicySheet(
    TerminationPolicy Policy, PolicyVersion State, InForce Interval, PolicyStanding Standing, DateOnly? ReviewOn, bool IsReviewDue, int Contracts,
    IReadOnlyList<PolicySheet.Hand> Hands, IReadOnlyList<PolicySheet.Turn> History, IReadOnlyList<PolicyFinding> Findings, Refusal? WhyNotSign, IReadOnlyList<PolicySheet.Other> Others)
{
    public sealed record Hand(SignOffStep Step, string By, string? Digest, DateTimeOffset At);

    public sealed record Turn(PolicyTurnKind Kind, SignOffStep? Step, string By, DateTimeOffset At, string? Words);

    public sealed record Other(int Version, PolicyStanding Standing);

    public PolicyStatus Status => State.Status;

    public string Path => $"/policies/{Policy.Number}/{Policy.Version}";
}
