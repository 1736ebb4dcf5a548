using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;

namespace Exeunt.App.Features.Evaluate;

/// <summary>Indicators and their values in words.</summary>
public static class IndicatorWords
{
    public static string Name(string code, Texts t) => t["indicator.name." + code];

    /// <summary>The definition: what is counted, over which time, and when it is not known.</summary>
    public static string Says(string code, Texts t) => t["indicator.says." + code];

    public static string UnitName(IndicatorUnit unit, Texts t) => t.Of("indicator.unit", unit);

    /// <summary>A value as people read it.</summary>
    /// <param name="currency">Of amounts; otherwise not used.</param>
    public static string Value(long value, IndicatorDefinition indicator, string? currency, Texts t) =>
        indicator.Unit switch
        {
            IndicatorUnit.State => indicator.Indicator switch
            {
                Indicator.Defection => t.Of("defection", (Defection)value),
                Indicator.Rhythm => t.Of("rhythm", (RhythmState)value),
                _ => t.Of("churn-state", (ChurnState)value),
            },
            IndicatorUnit.YesNo => t[value == 0 ? "indicator.no" : "indicator.yes"],
            IndicatorUnit.Money => Amounts.Text(new Money(value, currency ?? "CNY")),
            IndicatorUnit.Rate => (value / 100m).ToString("#,0.##", t.Culture) + " %",
            IndicatorUnit.Score => (value / 100m).ToString("0.##", t.Culture),
            _ => value.ToString("N0", t.Culture),
        };

    /// <summary>What a bucket holds: "3", "10–19", "under 0", "100 or more".</summary>
    public static string Bucket(Distribution.Bucket bucket, IndicatorDefinition indicator, string? currency, Texts t)
    {
        string Write(long value) => Value(value, indicator, currency, t);
        return bucket switch
        {
            { From: { } only, Until: { } until } when until - only == 1 => Write(only),
            { From: { } from, Until: { } until } => t["indicator.from-until", Write(from), Write(until - 1)],
            { From: { } from } => t["indicator.or-more", Write(from)],
            { Until: { } until } => t["indicator.under", Write(until)],
            _ => t["indicator.any"],
        };
    }
}
