using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;

namespace Exeunt.Core.Rules;

/// <summary>What a policy breaks: the rule, where in the document, what is wrong and how to mend it.</summary>
/// <param name="Blocks">Whether it refuses publication; otherwise it warns.</param>
/// <param name="Where">JSON path of the part: "notice", "etf.pct".</param>
public sealed record PolicyFinding(LegalRule Rule, string Pack, bool Blocks, string Where, Words Problem, Words? Fix)
{
    /// <summary>Name of the measure that is over its limit.</summary>
    public string Measure { get; init; } = "";
}

/// <summary>Holds a policy against the legal limits of the places it is for.</summary>
public static class PolicyCheck
{
    private static readonly PolicyScope ChinaConsumers = new(["CN"]);

    /// <summary>
    /// Everything the policy breaks among the rules in force on a day, blocking findings first. Packs of places that the policy
    /// is not for are left out.
    /// </summary>
    public static IReadOnlyList<PolicyFinding> Of(TerminationPolicy policy, IReadOnlyList<RulePack> packs, DateOnly on)
    {
        var scope = policy.Scope ?? ChinaConsumers;
        var places = scope.Jurisdictions.SelectMany(Places.Of).ToHashSet(StringComparer.Ordinal);
        return Of(new Measured(policy), packs.Where(p => places.Contains(p.Jurisdiction)), scope.Party, scope.Sector, on);
    }

    /// <summary>Whether a rule in force measures anything in the policy.</summary>
    public static bool IsTouched(TerminationPolicy policy, RulePack pack, LegalRule rule, DateOnly on)
    {
        var scope = policy.Scope ?? ChinaConsumers;
        var subject = new Measured(policy);
        return scope.Jurisdictions.SelectMany(Places.Of).Contains(pack.Jurisdiction)
            && Holds(rule, subject, scope.Party, scope.Sector, on, pack.Jurisdiction)
            && rule.Limits.Any(limit => Measures.Find(limit.Measure)?.Of(subject, rule, pack.Jurisdiction).Any() == true);
    }

    /// <summary>What policy and contract of a case break, by the contract's own kind of customer and all of the packs.</summary>
    public static IReadOnlyList<PolicyFinding> Of(TerminationPolicy policy, ContractTerms contract, IReadOnlyList<RulePack> packs, DateOnly on) =>
        Of(new Measured(policy, contract), packs, contract.Party, policy.Scope?.Sector, on);

    /// <summary>What anything measured breaks.</summary>
    internal static IReadOnlyList<PolicyFinding> Of(Measured subject, IEnumerable<RulePack> packs, Party party, string? sector, DateOnly on)
    {
        var findings = new List<PolicyFinding>();
        foreach (var pack in packs)
        foreach (var rule in pack.Rules.Where(r => Holds(r, subject, party, sector, on, pack.Jurisdiction)))
        foreach (var limit in rule.Limits)
        foreach (var reading in Measures.Find(limit.Measure)?.Of(subject, rule, pack.Jurisdiction) ?? [])
            if (!Measure.Holds(limit, reading.Value))
                findings.Add(new(rule, pack.Name, rule.Binds, reading.Where, Problem(rule, limit, reading), rule.Fix) { Measure = limit.Measure });
        return [.. findings.OrderBy(f => f.Blocks ? 0 : 1)];
    }

    /// <summary>Whether a rule is in force, for this kind of customer, contract and case.</summary>
    internal static bool Holds(LegalRule rule, Measured subject, Party party, string? sector, DateOnly on, string place) =>
        rule.IsInForce(on)
        && rule.IsFor(party, sector)
        && (rule.ContractsFrom is not { } from || subject.Contract is not { } contract || contract.Start >= from)
        && rule.When.All(limit => Measures.Find(limit.Measure)?.Of(subject, rule, place).Any(r => Measure.Holds(limit, r.Value)) == true);

    private static Words Problem(LegalRule rule, Limit limit, Reading reading)
    {
        var title = Measures.Find(limit.Measure)!.Title;
        return new(
            $"{title.English}: {English(reading.Value)} here; {rule.Id} allows {EnglishOperator(limit.Operator)}{English(limit.Value)}.",
            $"{title.Chinese}：此处为{Chinese(reading.Value)}，{rule.Id} 要求{ChineseOperator(limit.Operator)}{Chinese(limit.Value)}。");
    }

    private static string EnglishOperator(LimitOperator op) =>
        op switch { LimitOperator.AtMost => "at most ", LimitOperator.AtLeast => "at least ", LimitOperator.IsNot => "anything but ", _ => "only " };

    private static string ChineseOperator(LimitOperator op) =>
        op switch { LimitOperator.AtMost => "不超过", LimitOperator.AtLeast => "不少于", LimitOperator.IsNot => "不得为", _ => "为" };

    private static string English(string value) => value switch { "true" => "yes", "false" => "no", _ => value };

    private static string Chinese(string value) => value switch { "true" => "是", "false" => "否", _ => value };
}
