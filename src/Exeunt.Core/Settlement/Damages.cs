using System.Text.Json;

namespace Exeunt.Core.Settlement;

/// <summary>What liquidated damages call for once they are compared with the proven loss.</summary>
public enum DamagesDecision
{
    /// <summary>Not excessive: nothing to do.</summary>
    None,

    /// <summary>Excessive: the ceiling is where negotiation aims.</summary>
    Negotiate,

    /// <summary>No loss at all: a person decides, nothing is applied.</summary>
    Manual,

    /// <summary>Excessive, but the breach was in bad faith: no reduction.</summary>
    BadFaith,
}

/// <summary>
/// Liquidated damages against loss (合同编通则解释 64–65): above loss × factor, strictly and before rounding, they are
/// excessive. It is a guideline a court applies on request, so the figures are shown and never applied by themselves.
/// </summary>
/// <param name="Ceiling">loss × factor, rounded for display.</param>
/// <param name="Cut">What the recommendation takes off.</param>
/// <param name="Recommended">What to ask for: the damages as agreed, or the ceiling. Under MANUAL it is the ceiling, and nothing is applied.</param>
public sealed record DamagesGuard(Money Ceiling, Money Cut, Money Recommended, bool Excessive, DamagesDecision Decision)
{
    /// <summary>1.30: damages above 130 % of the loss are as a rule excessive (CN-585i).</summary>
    public static readonly Rate DefaultFactor = Rules.China.Pack.Rule("CN-585i").Factor("factor");

    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, MIXED_CURRENCY, OVERFLOW.</exception>
    public static DamagesGuard Of(
        Money ld,
        Money loss,
        Rate? factor = null,
        bool badFaith = false,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(ld, "ld");
        Amounts.RequireMagnitude(loss, "loss");
        if (ld.Currency != loss.Currency)
            throw CalculationException.Mixed(ld.Currency, loss.Currency);
        var times = factor ?? DefaultFactor;
        var ceiling = loss.Times(times, rounding);
        var excessive = ld.Minor * times.Denominator > loss.Minor * times.Numerator;
        var decision =
            !excessive ? DamagesDecision.None
            : badFaith ? DamagesDecision.BadFaith
            : loss.IsZero ? DamagesDecision.Manual
            : DamagesDecision.Negotiate;
        // The ceiling may round up to the damages themselves, never above them into the recommendation.
        var recommended = decision is DamagesDecision.None or DamagesDecision.BadFaith ? ld : Money.Min(ld, ceiling);
        return new(ceiling, ld - recommended, recommended, excessive, decision);
    }

    /// <summary>The decision's name in documents.</summary>
    public static string Name(DamagesDecision decision) =>
        decision switch
        {
            DamagesDecision.Negotiate => "NEGOTIATE",
            DamagesDecision.Manual => "MANUAL",
            DamagesDecision.BadFaith => "BAD_FAITH",
            _ => "NONE",
        };
}

/// <summary>
/// Loss when a continuing contract ends early (合同编通则解释 60–63): profit for the time it reasonably takes to find a
/// replacement, or what is left of the term if that is shorter, and the cost of mitigating.
/// </summary>
/// <param name="LostProfit">(fee - avoidable cost) · months, never below 0.</param>
/// <param name="GuidelineCeiling">Loss × 1.30.</param>
public sealed record LossWorksheet(Money LostProfit, Money MitigationCost, Money Loss, Money GuidelineCeiling)
{
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT, MIXED_CURRENCY, OVERFLOW.</exception>
    public static LossWorksheet Of(
        Money monthlyFee,
        Money avoidableCost,
        int monthsLeft,
        int replacementMonths,
        Money mitigationCost,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(monthlyFee, "monthlyFee");
        Amounts.RequireMagnitude(avoidableCost, "avoidableCost");
        Amounts.RequireMagnitude(mitigationCost, "mitigationCost");
        Amounts.RequireCount(monthsLeft, "monthsLeft");
        Amounts.RequireCount(replacementMonths, "replacementMonths");
        var perMonth = Money.Max(Money.Zero(monthlyFee.Currency), monthlyFee - avoidableCost);
        var lostProfit = perMonth * Math.Min(monthsLeft, replacementMonths);
        var loss = lostProfit + mitigationCost;
        return new(lostProfit, mitigationCost, loss, loss.Times(DamagesGuard.DefaultFactor, rounding));
    }
}

/// <summary>
/// What a statement says beside its fee when the loss is known: the fee as agreed, the loss, and what a court would look at. It is
/// shown; the fee stays as it is.
/// </summary>
/// <param name="Worksheet">What the loss was computed from; null when it was proven.</param>
public sealed record DamagesShown(Money Ld, Money Loss, Rate Factor, bool BadFaith, DamagesGuard Guard, LossInputs? Worksheet, RoundingMode Rounding)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("ld", Ld.ToString());
        json.WriteString("loss", Loss.ToString());
        json.WriteString("factor", Factor.ToString());
        json.WriteString("ceiling", Guard.Ceiling.ToString());
        json.WriteString("cut", Guard.Cut.ToString());
        json.WriteString("recommended", Guard.Recommended.ToString());
        json.WriteBoolean("excessive", Guard.Excessive);
        json.WriteString("decision", DamagesGuard.Name(Guard.Decision));
        json.WriteString("formula", "ldGuard");
        json.WriteStartObject("inputs");
        json.WriteString("currency", Ld.Currency);
        json.WriteString("ld", Ld.ToString());
        json.WriteString("loss", Loss.ToString());
        json.WriteString("factor", Factor.ToString());
        json.WriteBoolean("badFaith", BadFaith);
        json.WriteString("rounding", Rounding.Name());
        json.WriteEndObject();
        if (Worksheet is { } sheet)
        {
            json.WriteStartObject("lossWorksheet");
            json.WriteString("currency", Ld.Currency);
            json.WriteString("monthlyFee", sheet.MonthlyFee.ToString());
            json.WriteString("avoidableCost", sheet.AvoidableCost.ToString());
            json.WriteNumber("monthsLeft", sheet.MonthsLeft);
            json.WriteNumber("replacementMonths", sheet.ReplacementMonths);
            json.WriteString("mitigationCost", sheet.MitigationCost.ToString());
            json.WriteString("rounding", Rounding.Name());
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}

/// <summary>The inputs of a <see cref="LossWorksheet"/>.</summary>
public sealed record LossInputs(Money MonthlyFee, Money AvoidableCost, int MonthsLeft, int ReplacementMonths, Money MitigationCost);
