using System.Numerics;
using System.Text.Json;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>Interest on an amount that is late: simple, exact, rounded once.</summary>
public static class LateInterest
{
    /// <summary>principal · rate · multiplier · days / 365 (ACT/365F) or / 360 (ACT/360, 30E/360).</summary>
    /// <param name="days">0 or more, counted by the convention.</param>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT, INVALID_INPUT (a convention without a fixed year), OVERFLOW.</exception>
    public static Money Annual(
        Money principal,
        Rate annualRate,
        Rate multiplier,
        int days,
        DayCount dayCount = DayCount.Act365F,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Check(principal, days);
        var year = dayCount switch
        {
            DayCount.Act365F => 365,
            DayCount.Act360 or DayCount.Thirty360E => 360,
            _ => throw CalculationException.Input("dayCount", "ACT/365F, ACT/360 or 30E/360 for interest"),
        };
        var numerator = (BigInteger)principal.Minor * annualRate.Numerator * multiplier.Numerator * days;
        var denominator = annualRate.Denominator * multiplier.Denominator * year;
        return new(Rounding.ToMinor(numerator, denominator, rounding), principal.Currency);
    }

    /// <summary>principal · rate · days.</summary>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT, OVERFLOW.</exception>
    public static Money Daily(Money principal, Rate dailyRate, int days, RoundingMode rounding = RoundingMode.HalfUp)
    {
        Check(principal, days);
        return new(
            Rounding.ToMinor((BigInteger)principal.Minor * dailyRate.Numerator * days, dailyRate.Denominator, rounding),
            principal.Currency
        );
    }

    private static void Check(Money principal, int days)
    {
        Amounts.RequireMagnitude(principal, "principal");
        Amounts.RequireCount(days, "days");
    }
}

/// <summary>Interest between two days, as a line: the due day is not counted, the last one is.</summary>
public sealed record InterestDue : Working
{
    private InterestDue(Money principal, DateRange late) => (Principal, Late) = (principal, late);

    public Money Principal { get; }

    /// <summary>From the due day to the day it is reckoned to: as many days as its range has.</summary>
    public DateRange Late { get; }

    public Rate? AnnualRate { get; private init; }

    public Rate? Multiplier { get; private init; }

    public Rate? DailyRate { get; private init; }

    public Money Interest { get; private init; }

    public override string Formula => "lateInterest";

    public override Money Result => Interest;

    public override string English =>
        $"{Principal} {Principal.Currency} from the day after {Day(Late.From)} to {Day(Late.Until)}, {Late.Days} days: {Sum} = {Interest}.";

    public override string Chinese =>
        $"{Principal} {Principal.Currency}，自 {Day(Late.From)} 次日至 {Day(Late.Until)}，共 {Late.Days} 天：{Sum} = {Interest}。";

    private string Sum =>
        DailyRate is { } daily
            ? $"{Principal} × {daily} × {Late.Days}"
            : $"{Principal} × {AnnualRate}{(Multiplier is { } times ? $" × {times}" : "")} × {Late.Days} / 365";

    /// <summary>By a rate a year (ACT/365F), times a multiplier; or by a rate a day.</summary>
    /// <param name="late">From the due day to the day it is reckoned to.</param>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT; OVERFLOW; MISSING_INPUT without a rate; INVALID_INPUT with both.</exception>
    public static InterestDue Of(
        Money principal,
        DateRange late,
        Rate? annualRate,
        Rate? multiplier = null,
        Rate? dailyRate = null,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        if (dailyRate is not null && (annualRate is not null || multiplier is not null))
            throw CalculationException.Input("dailyRate", "given without annualRate and multiplier");
        return new(principal, late)
        {
            AnnualRate = annualRate,
            Multiplier = multiplier,
            DailyRate = dailyRate,
            Interest = dailyRate is { } daily
                ? LateInterest.Daily(principal, daily, late.Days, rounding)
                : LateInterest.Annual(
                    principal,
                    annualRate ?? throw CalculationException.Missing("annualRate"),
                    multiplier ?? Rate.One,
                    late.Days,
                    rounding: rounding
                ),
            Rounding = rounding,
        };
    }

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Principal.Currency);
        json.WriteString("principal", Principal.ToString());
        if (AnnualRate is { } annual)
            json.WriteString("annualRate", annual.ToString());
        if (Multiplier is { } times)
            json.WriteString("multiplier", times.ToString());
        if (DailyRate is { } daily)
            json.WriteString("dailyRate", daily.ToString());
        json.WriteString("dueDate", Day(Late.From));
        json.WriteString("paidDate", Day(Late.Until));
    }
}
