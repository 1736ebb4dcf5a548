using System.Globalization;
using Exeunt.Core.Standards;

namespace Exeunt.Core.Churn;

/// <summary>A definition of churn in words.</summary>
public static class ChurnWords
{
    /// <summary>What thresholds mean, in sentences.</summary>
    public static Words Of(ChurnThresholds by)
    {
        var (silent, young, window, runs) = (by.SilentMonths, by.NewMonths, by.IntermittentWindow, by.IntermittentRuns);
        var sentences = new List<Words>
        {
            new($"A customer is churned after {Months(silent)} in a row without orders; until then a silent one is borderline.",
                silent == 1 ? "1 个整月没有合作即为普通流失。" : $"连续 {silent} 个整月没有合作为普通流失，未满者为边缘型。"),
            new($"A customer is new for {Months(young)}, the first with orders included.", $"自首个合作月起 {young} 个月内为新客户。"),
            new($"{runs} or more runs of silent months within {window} months make it intermittent.", $"最近 {window} 个整月内有 {runs} 段及以上没有合作为间隔月。"),
            by.SeasonalExcluded
                ? new("A silence that comes in the same months of every year is not judged.", "每年同期的沉默不评估。")
                : new("A silence that comes in the same months of every year is judged like any other.", "每年同期的沉默同样评估。"),
            new($"By rhythm it is late from {Times(by.LateAt)} times its usual gap between orders and lost from {Times(by.BrokenAt)} times.", $"距上次下单达惯常间隔的 {Times(by.LateAt)} 倍为迟到，达 {Times(by.BrokenAt)} 倍为节奏中断。"),
            new($"A drop of {Percent(by.WatchDrop)} below the usual spend is watched; from {Percent(by.PartialDrop)} the customer has partly left.", $"消费较常态下降 {Percent(by.WatchDrop)} 为关注，下降 {Percent(by.PartialDrop)} 为部分流失。"),
        };
        if (silent == 1)
            sentences[0] = sentences[0] with { English = "A customer is churned after 1 month without orders." };
        return new(string.Join(" ", sentences.Select(s => s.English)), string.Concat(sentences.Select(s => s.Chinese)));
    }

    /// <summary>For which customers a segment is: "persons of EAST and below".</summary>
    public static Words Of(ChurnScope scope) => StandardWords.OfScope(new(scope.Kinds, scope.Units, scope.Industries));

    /// <summary>Where a definition comes from: its version, or the product.</summary>
    public static Words Name(ChurnDefinition definition) =>
        definition.Version == 0 ? new("the usual churn definition", "默认流失定义") : new($"churn definition, version {definition.Version}", $"流失定义第 {definition.Version} 版");

    /// <summary>"2.5" for 25,000.</summary>
    public static string Times(long ratio) => ((decimal)ratio / ChurnThresholds.Whole).ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>"30%" for 3,000.</summary>
    public static string Percent(long drop) => ((decimal)drop / 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Months(int count) => count == 1 ? "1 month" : $"{count.ToString(CultureInfo.InvariantCulture)} months";
}
