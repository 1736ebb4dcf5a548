using System.Globalization;
using Exeunt.Core.Churn;

namespace Exeunt.Core.Activity;

/// <summary>The rows of an evaluation as CSV texts (RFC 4180, comma), without line ends.</summary>
public static class EvaluationCsv
{
    /// <summary>The first line.</summary>
    public const string Header =
        "customer,state,intermittent,months_silent,orders_12m,spend_12m,return_rate_12m,last_order_on,defection,rhythm";

    /// <summary>The order of the rows: customers ascending by Unicode code point (not by UTF-16 unit).</summary>
    public static IComparer<string> ByCodePoint { get; } = Comparer<string>.Create(CompareCodePoints);

    /// <summary>
    /// One customer's line. The customer is the source's text unchanged, quoted only where CSV needs it; spend has
    /// <paramref name="minorDigits"/> decimals, the return rate four, dates are yyyy-MM-dd, what is not there is empty.
    /// </summary>
    public static string Row(string customer, Indicators indicators, int minorDigits, Defection? defection, RhythmState? rhythm) =>
        string.Join(
            ',',
            Months(customer, indicators, minorDigits),
            defection is { } gone ? Name(gone) : "",
            rhythm is { } late ? Name(late) : ""
        );

    /// <summary>The columns of a line that come from the months alone: all but the last two.</summary>
    public static string Months(string customer, Indicators indicators, int minorDigits) =>
        string.Join(
            ',',
            Quoted(customer),
            Name(indicators.Churn.State),
            indicators.Churn.IsIntermittent ? "1" : "0",
            indicators.Churn.MonthsSilent?.ToString(CultureInfo.InvariantCulture),
            indicators.Orders12m.ToString(CultureInfo.InvariantCulture),
            Money.Format(indicators.Spend12m, minorDigits),
            indicators.ReturnRate12m?.ToString("F4", CultureInfo.InvariantCulture),
            indicators.LastOrderOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        );

    /// <summary>The state as files and the API write it: lower-case English.</summary>
    public static string Name(ChurnState state) =>
        state switch
        {
            ChurnState.Prospect => "prospect",
            ChurnState.New => "new",
            ChurnState.Active => "active",
            ChurnState.Borderline => "borderline",
            ChurnState.Churned => "churned",
            ChurnState.Reactivated => "reactivated",
            ChurnState.Excluded => "excluded",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state"),
        };

    /// <summary>The defection as files and the API write it.</summary>
    public static string Name(Defection defection) =>
        defection switch
        {
            Defection.None => "none",
            Defection.Watched => "watched",
            Defection.Partial => "partial",
            Defection.Complete => "complete",
            _ => throw new ArgumentOutOfRangeException(nameof(defection), defection, "No such state"),
        };

    /// <summary>The state by rhythm as files and the API write it.</summary>
    public static string Name(RhythmState rhythm) =>
        rhythm switch
        {
            RhythmState.None => "none",
            RhythmState.OnTime => "on_time",
            RhythmState.Late => "late",
            RhythmState.Broken => "broken",
            _ => throw new ArgumentOutOfRangeException(nameof(rhythm), rhythm, "No such state"),
        };

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static int CompareCodePoints(string a, string b)
    {
        var common = a.AsSpan().CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
            return a.Length.CompareTo(b.Length);
        // Both differ here, so two surrogates or two others compare like their code points; of one each, the surrogate is
        // above every character of the basic plane.
        var (left, right) = (a[common], b[common]);
        return char.IsSurrogate(left) == char.IsSurrogate(right)
            ? left.CompareTo(right)
            : char.IsSurrogate(left).CompareTo(char.IsSurrogate(right));
    }
}
