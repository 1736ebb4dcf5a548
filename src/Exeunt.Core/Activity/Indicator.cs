using Exeunt.Core.Churn;

namespace Exeunt.Core.Activity;

/// <summary>What is measured about a customer. Codes, units and definitions in words: <see cref="IndicatorDefinition"/>.</summary>
public enum Indicator
{
    ChurnState,
    Defection,
    Rhythm,
    Intermittent,
    MonthsSilent,
    DaysSinceOrder,
    Orders12m,
    Spend12m,
    Spend3m,
    Margin12m,
    UsualShare,
    LinesLost,
    GapMedian,
    GapRatio,
    ReturnRate12m,
    Complaints12m,
    ValidComplaints12m,
    ValidComplaintRate12m,
    DaysOverdue,
    OverdueAmount,
    BrokenPromises12m,
    Attitude,
    CostToServe12m,
    Contacts12m,
    Usage12m,
    DaysSinceUsage,
    TenureMonths,
}

/// <summary>In which step a value is counted; values are whole numbers of it, so that comparisons are exact.</summary>
public enum IndicatorUnit
{
    /// <summary>The number of a state; which there are: <see cref="IndicatorState"/>.</summary>
    State,

    /// <summary>0 or 1.</summary>
    YesNo,
    Count,
    Days,
    Months,

    /// <summary>Minor units of the customer's currency.</summary>
    Money,

    /// <summary>Ten-thousandths: 2,500 is 25 %.</summary>
    Rate,

    /// <summary>Hundredths of a point on a described scale of 1 to 5: 350 is 3.5.</summary>
    Score,
}

/// <summary>An indicator as people and files name it.</summary>
/// <param name="Indicator">Which.</param>
/// <param name="Code">Its name in JSON and on the command line: lower case with underscores.</param>
/// <param name="Unit">What a value counts.</param>
public sealed record IndicatorDefinition(Indicator Indicator, string Code, IndicatorUnit Unit)
{
    /// <summary>All of them, in the order of <see cref="Activity.Indicator"/>.</summary>
    public static readonly IReadOnlyList<IndicatorDefinition> All =
    [
        new(Indicator.ChurnState, "churn_state", IndicatorUnit.State),
        new(Indicator.Defection, "defection", IndicatorUnit.State),
        new(Indicator.Rhythm, "rhythm", IndicatorUnit.State),
        new(Indicator.Intermittent, "intermittent", IndicatorUnit.YesNo),
        new(Indicator.MonthsSilent, "months_silent", IndicatorUnit.Months),
        new(Indicator.DaysSinceOrder, "days_since_order", IndicatorUnit.Days),
        new(Indicator.Orders12m, "orders_12m", IndicatorUnit.Count),
        new(Indicator.Spend12m, "spend_12m", IndicatorUnit.Money),
        new(Indicator.Spend3m, "spend_3m", IndicatorUnit.Money),
        new(Indicator.Margin12m, "margin_12m", IndicatorUnit.Money),
        new(Indicator.UsualShare, "usual_share", IndicatorUnit.Rate),
        new(Indicator.LinesLost, "lines_lost", IndicatorUnit.Count),
        new(Indicator.GapMedian, "gap_median", IndicatorUnit.Days),
        new(Indicator.GapRatio, "gap_ratio", IndicatorUnit.Rate),
        new(Indicator.ReturnRate12m, "return_rate_12m", IndicatorUnit.Rate),
        new(Indicator.Complaints12m, "complaints_12m", IndicatorUnit.Count),
        new(Indicator.ValidComplaints12m, "valid_complaints_12m", IndicatorUnit.Count),
        new(Indicator.ValidComplaintRate12m, "valid_complaint_rate_12m", IndicatorUnit.Rate),
        new(Indicator.DaysOverdue, "days_overdue", IndicatorUnit.Days),
        new(Indicator.OverdueAmount, "overdue_amount", IndicatorUnit.Money),
        new(Indicator.BrokenPromises12m, "broken_promises_12m", IndicatorUnit.Count),
        new(Indicator.Attitude, "attitude", IndicatorUnit.Score),
        new(Indicator.CostToServe12m, "cost_to_serve_12m", IndicatorUnit.Money),
        new(Indicator.Contacts12m, "contacts_12m", IndicatorUnit.Count),
        new(Indicator.Usage12m, "usage_12m", IndicatorUnit.Count),
        new(Indicator.DaysSinceUsage, "days_since_usage", IndicatorUnit.Days),
        new(Indicator.TenureMonths, "tenure_months", IndicatorUnit.Months),
    ];

    /// <summary>The one with a code, or null.</summary>
    public static IndicatorDefinition? Find(string code) => All.FirstOrDefault(d => d.Code == code);
}

/// <summary>A state that an indicator can have.</summary>
/// <param name="Name">As files, conditions and the API write it: lower-case English.</param>
/// <param name="Value">Its number.</param>
/// <param name="Words">What people call it.</param>
public sealed record IndicatorState(string Name, long Value, Words Words)
{
    private static readonly IReadOnlyList<IndicatorState> Churn =
    [
        .. Enum.GetValues<ChurnState>().Select(s => new IndicatorState(EvaluationCsv.Name(s), (long)s, s switch
        {
            ChurnState.Prospect => new("prospect", "潜在客户"),
            ChurnState.New => new("new", "新客户"),
            ChurnState.Active => new("active", "活跃"),
            ChurnState.Borderline => new("borderline", "边缘型"),
            ChurnState.Churned => new("churned", "普通流失"),
            ChurnState.Reactivated => new("reactivated", "回流"),
            _ => new("not judged by months", "不按月判定"),
        })),
    ];

    private static readonly IReadOnlyList<IndicatorState> Defections =
    [
        .. Enum.GetValues<Defection>().Select(s => new IndicatorState(EvaluationCsv.Name(s), (long)s, s switch
        {
            Defection.None => new("none", "无"),
            Defection.Watched => new("watched", "关注"),
            Defection.Partial => new("partial", "部分流失"),
            _ => new("complete", "完全流失"),
        })),
    ];

    private static readonly IReadOnlyList<IndicatorState> Rhythms =
    [
        .. Enum.GetValues<RhythmState>().Select(s => new IndicatorState(EvaluationCsv.Name(s), (long)s, s switch
        {
            RhythmState.None => new("none", "无节奏"),
            RhythmState.OnTime => new("on time", "按时"),
            RhythmState.Late => new("late", "迟到"),
            _ => new("broken", "节奏中断"),
        })),
    ];

    /// <summary>The states of an indicator that has some, in the order of their numbers.</summary>
    public static IReadOnlyList<IndicatorState> Of(Indicator indicator) =>
        indicator switch
        {
            Indicator.ChurnState => Churn,
            Indicator.Defection => Defections,
            Indicator.Rhythm => Rhythms,
            _ => throw new ArgumentOutOfRangeException(nameof(indicator), indicator, "It has no states"),
        };
}

/// <summary>The indicators of one customer as of one date.</summary>
public interface IIndicatorValues
{
    /// <summary>The value in its unit's step, or <see cref="Unknown"/>.</summary>
    long this[Indicator indicator] { get; }

    /// <summary>Not known: no history for it. A comparison with it is never true.</summary>
    const long Unknown = long.MinValue;
}
