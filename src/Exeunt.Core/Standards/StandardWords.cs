using System.Globalization;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;

namespace Exeunt.Core.Standards;

/// <summary>A standard read aloud.</summary>
public static class StandardWords
{
    /// <summary>The whole standard in sentences.</summary>
    public static Words Of(Standard standard)
    {
        var (scope, condition) = (Scope(standard.Scope), Of(standard.When));
        var sentences = new List<Words>
        {
            new($"Lists {scope.English} of whom this holds: {condition.English}.", $"列入符合以下条件的{scope.Chinese}：{condition.Chinese}。"),
        };
        if (standard.Grace is { } grace && (grace.List > 1 || grace.Drop > 1))
            sentences.Add(new(
                $"{(grace.List > 1 ? $"It must hold at the end of {grace.List} closed months in a row before a customer is listed" : "A customer is listed as soon as it holds")}; {(grace.Drop > 1 ? $"a listed customer is dropped once it has failed {grace.Drop} months in a row" : "a listed customer is dropped as soon as it fails")}.",
                $"{(grace.List > 1 ? $"须连续 {grace.List} 个已结束月份满足才列入" : "满足即列入")}；{(grace.Drop > 1 ? $"连续 {grace.Drop} 个月不满足才移出" : "不再满足即移出")}。"));
        if (Exclusions(standard.Exclude) is { } never)
            sentences.Add(new($"Never listed: {never.English}.", $"不列入：{never.Chinese}。"));
        sentences.Add(Action(standard));
        return new(string.Join(" ", sentences.Select(s => s.English)), string.Concat(sentences.Select(s => s.Chinese)));
    }

    /// <summary>The condition as one clause.</summary>
    public static Words Of(Condition condition) => Clause(condition.Plain(), 0);

    public static Words Of(StandardPurpose purpose) => purpose switch
    {
        StandardPurpose.Offboarding => new("Offboarding assessment", "清退评估"),
        StandardPurpose.ChurnWatch => new("Churn watch", "流失预警"),
        StandardPurpose.Tier => new("Tier", "分级"),
        _ => new("Task", "任务"),
    };

    public static Words Of(StandardAction action) => action switch
    {
        StandardAction.OpenOffboarding => new("Assessment for an offboarding", "清退评估"),
        StandardAction.Task => new("Task", "任务"),
        _ => new("Review", "复核"),
    };

    public static Words Of(StandardTier tier) => tier switch
    {
        StandardTier.Vip => new("VIP", "VIP"),
        StandardTier.HighRisk => new("high-risk", "高风险"),
        _ => new("normal", "普通"),
    };

    public static Words Of(CustomerSort sort) => sort == CustomerSort.Person ? new("persons", "个人客户") : new("organisations", "企业客户");

    /// <summary>Which customers a scope is for.</summary>
    public static Words OfScope(StandardScope? scope) => Scope(scope);

    private static Words Clause(Condition condition, int depth)
    {
        if (condition is Compare compare)
            return IndicatorWords.Clause(compare);
        var (of, all) = condition is AllOf { Of: var every } ? (every, true) : (((AnyOf)condition).Of, false);
        var parts = of.Select(c => Clause(c, depth + 1)).ToList();
        var english = parts.Count == 2
            ? $"{(all ? depth == 0 ? "" : "both " : "either ")}{parts[0].English} {(all ? "and" : "or")} {parts[1].English}"
            : $"{(all ? depth == 0 ? "" : "all of this: " : "one of this: ")}{string.Join(", ", parts.Take(parts.Count - 1).Select(p => p.English))}, {(all ? "and" : "or")} {parts[^1].English}";
        var chinese = string.Join(all ? "，且" : "，或", parts.Select(p => p.Chinese));
        return depth == 0 ? new(english, chinese) : new($"({english})", $"（{chinese}）");
    }

    private static Words Scope(StandardScope? scope)
    {
        var kinds = scope?.Kinds is { Count: 1 } one ? Of(one[0]) : new("customers", "客户");
        var (english, chinese) = (new List<string>(), new List<string>());
        if (scope?.Tiers is { Count: > 0 } tiers)
            Add("now in the tier " + Join(tiers.Select(t => Of(t).English), " or "), "现为" + Join(tiers.Select(t => Of(t).Chinese), "或"));
        if (scope?.Units is { Count: > 0 } units)
            Add("of " + Join(units, " or ") + " and below", Join(units, "、") + " 及下级机构");
        if (scope?.Industries is { Count: > 0 } industries)
            Add("in the industry " + Join(industries, " or "), Join(industries, "、") + "行业");
        if (scope?.Currencies is { Count: > 0 } currencies)
            Add("who pay in " + Join(currencies, " or "), "以 " + Join(currencies, "、") + " 结算");
        return english.Count == 0 ? kinds : new($"{kinds.English} {string.Join(", ", english)}", $"{string.Join("、", chinese)}的{kinds.Chinese}");

        void Add(string en, string zh)
        {
            english.Add(en);
            chinese.Add(zh);
        }

        static string Join(IEnumerable<string> texts, string by) => string.Join(by, texts);
    }

    private static Words? Exclusions(StandardExclusions? exclude)
    {
        if (exclude is null)
            return null;
        var all = new List<Words>();
        if (exclude.ContractInTerm)
            all.Add(new("customers whose contract is in its term", "合同期内的客户"));
        if (exclude.AgreedPause)
            all.Add(new("customers with whom a pause is agreed", "约定暂停的客户"));
        if (exclude.NewerThanMonths is { } months)
            all.Add(new($"customers for fewer than {months.ToString(CultureInfo.InvariantCulture)} months", $"合作不满 {months.ToString(CultureInfo.InvariantCulture)} 个月的客户"));
        if (exclude.Vip)
            all.Add(new("VIPs", "VIP 客户"));
        if (exclude.Held)
            all.Add(new("customers under a legal hold", "法定保全中的客户"));
        if (exclude.OpenCase)
            all.Add(new("customers with an open case", "有未结案件的客户"));
        return all.Count == 0 ? null : new(string.Join(", ", all.Select(w => w.English)), string.Join("、", all.Select(w => w.Chinese)));
    }

    private static Words Action(Standard standard)
    {
        var days = (standard.DueDays ?? Standard.UsualDueDays).ToString(CultureInfo.InvariantCulture);
        var ground = OffboardingGround.Find(standard.Ground)?.Name;
        var what = standard.Action switch
        {
            StandardAction.OpenOffboarding => new($"an assessment for an offboarding{(ground is null ? "" : $" ({ground.English})")}", $"清退评估{(ground is null ? "" : $"（{ground.Chinese}）")}"),
            StandardAction.Task => new Words("a task", "一项任务"),
            _ => standard.Tier is { } tier ? new($"a review whether the tier should be {Of(tier).English}", $"一次分级复核（建议：{Of(tier).Chinese}）") : new("a review", "一次复核"),
        };
        return standard.Reviewer is { } role && ProcedureWords.Of([role]) is var by
            ? new($"A listing opens {what.English}; the role “{by.English}” decides within {days} days.", $"列入后产生{what.Chinese}，由{by.Chinese}在 {days} 天内决定。")
            : new($"A listing opens {what.English}, due within {days} days.", $"列入后产生{what.Chinese}，{days} 天内办理。");
    }
}
