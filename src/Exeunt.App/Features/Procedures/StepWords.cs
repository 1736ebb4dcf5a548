using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Procedures;

/// <summary>A step of a procedure in words.</summary>
public static class StepWords
{
    /// <summary>Everything about a step beside its name and kind, in one line.</summary>
    public static string Of(ProcedureStep step, Procedure procedure, Texts t) => string.Join(t["procedure.then"], Parts(step, procedure, t));

    public static IEnumerable<string> Parts(ProcedureStep step, Procedure procedure, Texts t)
    {
        if (step.After.Count > 0)
            yield return t["procedure.after", string.Join(t["procedure.comma"], step.After.Select(a => procedure.Find(a)?.Name.In(t.Language) ?? a))];
        if (step.Of is { } of)
            yield return t.Of("procedure.of", of);
        if (step.Letter is { } letter)
            yield return t["procedure.letter", ProcedureCheck.Letters.Contains(letter) ? t["procedure.letter-name." + letter] : procedure.Letter(letter)?.Subject.In(t.Language) ?? letter];
        foreach (var condition in step.When)
            yield return Condition(condition, t);
        if (step.DueHours is { } due)
            yield return t["procedure.due", due] + string.Concat((step.TierHours ?? new Dictionary<string, int>()).Select(h => t["procedure.due-tier", t["procedure.tier." + h.Key], h.Value]));
        if (step.EscalateTo.Count > 0)
            yield return t["procedure.escalates", ProcedureWords.Of(step.EscalateTo).In(t.Language)];
        if (step.Days is { } days)
            yield return t["procedure.days", days] + (step.From is { } from ? t.Of("procedure.from-day", from) : "");
        if (step.AtOnce)
            yield return t["procedure.at-once"];
        if (step.Manual)
            yield return t["procedure.manual"];
        if (step.Tasks.Count > 0)
            yield return t["procedure.tasks-are", string.Join(t["procedure.comma"], step.Tasks.Select(x => x.Name.In(t.Language) + (x.Irreversible ? t["procedure.irreversible"] : "")))];
        if (step.Items.Count > 0)
            yield return t["procedure.items-are", string.Join(t["procedure.comma"], step.Items.Select(x => x.Name.In(t.Language)))];
    }

    public static string Condition(StepCondition condition, Texts t) =>
        t["procedure.only-when", t.Of("procedure.fact", condition.Fact), t.Of("procedure.comparison", condition.Comparison),
            string.Join(condition.Comparison is Comparison.AtMost or Comparison.MoreThan ? t["procedure.comma"] : t["procedure.or"], condition.Values.Select(v => Value(condition.Fact, v, t)))];

    /// <summary>What a fact can be compared with, as far as it is known beforehand, by its codes.</summary>
    public static IEnumerable<(CaseFact Fact, string Value)> KnownValues =>
        Enum.GetValues<CaseFact>().SelectMany(f => (f == CaseFact.Ground ? OffboardingGround.All.Select(g => g.Code) : ProcedureDocument.ValuesOf(f)).Select(v => (f, v)));

    /// <summary>A value in words; a code that is not known stays as it is.</summary>
    public static string Value(CaseFact fact, string value, Texts t) => fact switch
    {
        CaseFact.Channel when Enum.TryParse<Channel>(value, true, out var channel) && Enum.IsDefined(channel) => t.Of("desk.channel", channel),
        CaseFact.Tier when Texts.Everything.ContainsKey("procedure.tier." + value) => t["procedure.tier." + value],
        CaseFact.Party when Enum.TryParse<Party>(value, true, out var party) && Enum.IsDefined(party) => t.Of("contract.party", party),
        CaseFact.Ground when OffboardingGround.Find(value) is { } ground => ground.Name.In(t.Language),
        CaseFact.Amount when value.Split(' ') is [{ Length: 3 } currency, var amount] => $"{amount} {currency}",
        _ => value,
    };
}
