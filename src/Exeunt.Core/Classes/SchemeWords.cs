using Exeunt.Core.Standards;

namespace Exeunt.Core.Classes;

/// <summary>A scheme in words.</summary>
public static class SchemeWords
{
    public static Words Of(SchemeKind kind) => kind switch
    {
        SchemeKind.Rules => new("Rules", "规则"),
        SchemeKind.Rfm => new("RFM", "RFM"),
        SchemeKind.Abc => new("ABC", "ABC"),
        _ => new("Groups", "聚类"),
    };

    /// <summary>Who belongs to a class.</summary>
    public static Words Of(Scheme scheme, SchemeClass one)
    {
        switch (scheme.Kind)
        {
            case SchemeKind.Rules when one.When is null && one.Scope is null:
                return new("Everybody else.", "其余客户。");
            case SchemeKind.Rules:
                var (english, chinese) = (new List<string>(), new List<string>());
                if (one.Scope is { } scope && StandardWords.OfScope(scope) is var whom)
                    (english, chinese) = ([whom.English], [whom.Chinese]);
                if (one.When is { } when && StandardWords.Of(when) is var condition)
                {
                    english.Add(condition.English);
                    chinese.Add(condition.Chinese);
                }
                return new(string.Join("; ", english) + ".", string.Join("；", chinese) + "。");
            case SchemeKind.Rfm when one.Code.Length == 3:
                var high = (scheme.Rfm?.Recency ?? RfmSettings.Usual, scheme.Rfm?.Frequency ?? RfmSettings.Usual, scheme.Rfm?.Money ?? RfmSettings.Usual);
                return new(
                    $"Recency {Side(one.Code[0], high.Item1)}, frequency {Side(one.Code[1], high.Item2)}, money {Side(one.Code[2], high.Item3)} (scores of 5).",
                    $"近度{SideChinese(one.Code[0], high.Item1)}、频度{SideChinese(one.Code[1], high.Item2)}、金额{SideChinese(one.Code[2], high.Item3)}（满分 5 分）。");
            case SchemeKind.Abc:
                var (a, b) = (scheme.Abc?.A ?? AbcSettings.UsualA, scheme.Abc?.B ?? AbcSettings.UsualB);
                return one.Code switch
                {
                    "a" => new($"The largest customers, who together make up {a} % of the spend of 12 months.", $"近 12 个月消费由大到小、累计占 {a}% 的客户。"),
                    "b" => new($"The next ones, up to {b} %.", $"其后至累计 {b}% 的客户。"),
                    _ => new("All others who have a history.", "其余有交易历史的客户。"),
                };
            default:
                return new("The nearest of the groups that were found.", "距离最近的分组。");
        }
    }

    /// <summary>When a step is due.</summary>
    public static Words When(PlanStep step) => step.Every is { } every
        ? new($"after {step.After} days, then every {every} days", $"进入后 {step.After} 天，此后每 {every} 天")
        : new($"after {step.After} days, once", $"进入后 {step.After} 天，一次");

    private static string Side(char letter, int from) => letter == 'h' ? $"{from} or more" : $"below {from}";

    private static string SideChinese(char letter, int from) => letter == 'h' ? $" {from} 分及以上" : $"低于 {from} 分";
}
