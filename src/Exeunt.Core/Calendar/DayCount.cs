namespace Exeunt.Core.Calendar;

/// <summary>How the days of a price and the days served are counted (clarification 1).</summary>
public enum DayCount
{
    /// <summary>Actual days over the actual days of the billing period: the default.</summary>
    ActAct,

    /// <summary>Actual days; a month is 365/12 days.</summary>
    Act365F,

    /// <summary>Actual days; a month is 30 days, a year 360.</summary>
    Act360,

    /// <summary>Actual days; a month is 30 days.</summary>
    Act30,

    /// <summary>Every month has 30 days, on both sides: the 31st counts as the 30th.</summary>
    Thirty360E,
}

/// <summary>Names and day numbers of the conventions.</summary>
public static class DayCounts
{
    /// <summary>The name in documents: ACT/ACT, ACT/365F, ACT/360, ACT/30, 30E/360.</summary>
    public static string Name(this DayCount convention) =>
        convention switch
        {
            DayCount.Act365F => "ACT/365F",
            DayCount.Act360 => "ACT/360",
            DayCount.Act30 => "ACT/30",
            DayCount.Thirty360E => "30E/360",
            _ => "ACT/ACT",
        };

    /// <summary>Reads a name as <see cref="Name"/> writes it.</summary>
    /// <exception cref="CalculationException">INVALID_INPUT for any other text.</exception>
    public static DayCount Parse(string? name) =>
        name switch
        {
            "ACT/ACT" => DayCount.ActAct,
            "ACT/365F" => DayCount.Act365F,
            "ACT/360" => DayCount.Act360,
            "ACT/30" => DayCount.Act30,
            "30E/360" => DayCount.Thirty360E,
            _ => throw CalculationException.Input("dayCount", "one of ACT/ACT, ACT/365F, ACT/360, ACT/30, 30E/360"),
        };

    /// <summary>Days from the first date (included) to the second (not included): actual, or by the 30E rule.</summary>
    public static int Days(this DayCount convention, DateOnly from, DateOnly until) =>
        convention == DayCount.Thirty360E
            ? (360 * (until.Year - from.Year))
                + (30 * (until.Month - from.Month))
                + Math.Min(until.Day, 30)
                - Math.Min(from.Day, 30)
            : until.DayNumber - from.DayNumber;
}
