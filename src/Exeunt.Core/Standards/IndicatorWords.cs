using System.Globalization;
using Exeunt.Core.Activity;

namespace Exeunt.Core.Standards;

/// <summary>How indicators, comparisons and values read in a sentence.</summary>
public static class IndicatorWords
{
    /// <param name="English">Fits before "is below 5".</param>
    /// <param name="Measure">The Chinese measure word of a count; "" where the unit has its own.</param>
    private readonly record struct Entry(string English, string Chinese, string Measure = "");

    private static Entry Of(Indicator indicator) => indicator switch
    {
        Indicator.ChurnState => new("the state by months", "月度状态"),
        Indicator.Defection => new("the business taken elsewhere", "业务转移程度"),
        Indicator.Rhythm => new("the rhythm of the orders", "下单节奏"),
        Indicator.Intermittent => new("buying with gaps", "间隔月"),
        Indicator.MonthsSilent => new("the silent months in a row", "连续未下单月数"),
        Indicator.DaysSinceOrder => new("the time since the last order", "距上次下单天数"),
        Indicator.Orders12m => new("the number of orders in the last 12 months", "近 12 个月订单数", "单"),
        Indicator.Spend12m => new("the spend of the last 12 months", "近 12 个月净消费"),
        Indicator.Spend3m => new("the spend of the last 3 months", "近 3 个月净消费"),
        Indicator.Margin12m => new("the margin of the last 12 months", "近 12 个月毛利"),
        Indicator.UsualShare => new("the share of the usual spend", "占自身常态消费的比例"),
        Indicator.LinesLost => new("the number of product lines lost", "流失产品线数", "条"),
        Indicator.GapMedian => new("the usual time between orders", "惯常下单间隔"),
        Indicator.GapRatio => new("the time since the last order as a share of the usual gap", "当前间隔与惯常间隔之比"),
        Indicator.ReturnRate12m => new("the return rate of the last 12 months", "近 12 个月退货率"),
        Indicator.Complaints12m => new("the number of complaints in the last 12 months", "近 12 个月投诉数", "件"),
        Indicator.ValidComplaints12m => new("the number of justified complaints in the last 12 months", "近 12 个月属实投诉数", "件"),
        Indicator.ValidComplaintRate12m => new("the share of justified complaints", "属实投诉率"),
        Indicator.DaysOverdue => new("the longest time overdue", "最长逾期天数"),
        Indicator.OverdueAmount => new("the amount overdue", "逾期金额"),
        Indicator.BrokenPromises12m => new("the number of broken promises to pay in the last 12 months", "近 12 个月失约次数", "次"),
        Indicator.Attitude => new("the attitude to working together", "合作态度评分"),
        Indicator.CostToServe12m => new("the cost to serve of the last 12 months", "近 12 个月服务成本"),
        Indicator.Contacts12m => new("the number of contacts in the last 12 months", "近 12 个月联系次数", "次"),
        Indicator.Usage12m => new("the number of uses in the last 12 months", "近 12 个月使用次数", "次"),
        Indicator.DaysSinceUsage => new("the time since the last use", "距上次使用天数"),
        Indicator.TenureMonths => new("the time as a customer", "合作时长"),
        _ => throw new ArgumentOutOfRangeException(nameof(indicator), indicator, "No such indicator"),
    };

    /// <summary>What the indicator is called within a sentence.</summary>
    public static Words Of(IndicatorDefinition indicator) => Of(indicator.Indicator) is var entry ? new(entry.English, entry.Chinese) : null!;

    /// <summary>A value with its unit: "500.00 CNY", "30%", "90 days".</summary>
    public static Words Value(IndicatorDefinition indicator, long steps, string? currency)
    {
        switch (indicator.Unit)
        {
            case IndicatorUnit.State:
                return IndicatorState.Of(indicator.Indicator).First(s => s.Value == steps).Words;
            case IndicatorUnit.YesNo:
                return steps == 0 ? new("no", "否") : new("yes", "是");
            case IndicatorUnit.Money:
                var digits = Currency.IsKnown(currency) ? Currency.MinorDigits(currency) : 2;
                var major = (decimal)steps;
                for (var i = 0; i < digits; i++)
                    major /= 10;
                var amount = $"{major.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)} {currency}";
                return new(amount, amount);
            case IndicatorUnit.Rate:
                var rate = (steps / 100m).ToString("#,0.##", CultureInfo.InvariantCulture) + "%";
                return new(rate, rate);
            case IndicatorUnit.Score:
                var points = (steps / 100m).ToString("0.##", CultureInfo.InvariantCulture);
                return new($"{points} points", $"{points} 分");
            case IndicatorUnit.Days:
                return Counted(steps, "day", "天");
            case IndicatorUnit.Months:
                return Counted(steps, "month", "个月");
            default:
                var measure = Of(indicator.Indicator).Measure;
                var count = steps.ToString("N0", CultureInfo.InvariantCulture);
                return new(count, measure.Length == 0 ? count : $"{count} {measure}");
        }
    }

    /// <summary>A comparison as a clause: "the spend of the last 12 months is below 500.00 CNY".</summary>
    public static Words Clause(Compare compare)
    {
        var indicator = compare.Definition!;
        var name = Of(indicator);
        var value = Value(indicator, compare.Value.In(indicator), compare.Value.Text);
        var (english, chinese) = Sign(compare.Is, indicator.Unit);
        if (indicator.Unit == IndicatorUnit.State)
            return compare.Is == Operator.Equal ? new($"{name.English} is {value.English}", $"{name.Chinese}为{value.Chinese}") : new($"{name.English} is not {value.English}", $"{name.Chinese}不为{value.Chinese}");
        return indicator.Unit == IndicatorUnit.YesNo
            ? (compare.Value.Text == "yes") == (compare.Is == Operator.Equal) ? new($"{name.English} is seen", $"有{name.Chinese}") : new($"{name.English} is not seen", $"没有{name.Chinese}")
            : new($"{name.English} is {english} {value.English}", $"{name.Chinese}{chinese} {value.Chinese}");
    }

    /// <summary>What decided, with its number: "the spend of the last 12 months was 312.00 CNY (below 500.00 CNY)".</summary>
    public static Words Reason(Deciding deciding)
    {
        var indicator = IndicatorDefinition.Find(deciding.Indicator)!;
        var name = Of(indicator);
        var value = Value(indicator, deciding.Value, deciding.Currency);
        if (indicator.Unit is IndicatorUnit.State)
            return new($"{name.English} was {value.English}", $"{name.Chinese}为{value.Chinese}");
        if (indicator.Unit is IndicatorUnit.YesNo)
            return deciding.Value != 0 ? new($"{name.English} was seen", $"有{name.Chinese}") : new($"{name.English} was not seen", $"没有{name.Chinese}");
        var threshold = Value(indicator, deciding.Threshold.In(indicator), deciding.Currency);
        var (english, chinese) = Sign(deciding.Is, indicator.Unit);
        return new($"{name.English} was {value.English} ({english} {threshold.English})", $"{name.Chinese} {value.Chinese}（{chinese} {threshold.Chinese}）");
    }

    /// <summary>All that decided, as one sentence.</summary>
    public static Words Reasons(IReadOnlyList<Deciding> deciding)
    {
        if (deciding.Count == 0)
            return new("", "");
        var all = deciding.Select(Reason).ToList();
        var english = string.Join("; ", all.Select(w => w.English));
        return new($"{char.ToUpperInvariant(english[0])}{english[1..]}.", string.Join("；", all.Select(w => w.Chinese)) + "。");
    }

    private static (string English, string Chinese) Sign(Operator op, IndicatorUnit unit)
    {
        var counts = unit is IndicatorUnit.Count or IndicatorUnit.Days or IndicatorUnit.Months;
        return op switch
        {
            Operator.Less => ("below", counts ? "少于" : "低于"),
            Operator.AtMost => ("at most", counts ? "不多于" : "不高于"),
            Operator.More => ("above", counts ? "多于" : "高于"),
            Operator.AtLeast => ("at least", counts ? "不少于" : "不低于"),
            Operator.Equal => ("exactly", "为"),
            _ => ("not", "不为"),
        };
    }

    private static Words Counted(long steps, string one, string chinese)
    {
        var count = steps.ToString("N0", CultureInfo.InvariantCulture);
        return new($"{count} {one}{(steps == 1 ? "" : "s")}", $"{count} {chinese}");
    }
}
