using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exeunt.Core.Settlement;

/// <summary>What a fee for leaving early may depend on; a rule asks only for what it uses.</summary>
/// <param name="MFull">Full months served by the effective end.</param>
/// <param name="MRem">Months of the term not yet begun.</param>
/// <param name="MonthlyFee">The contract's monthly fee, for a rule that names none.</param>
public sealed record ExitFeeFacts(string Currency, int? MFull, int? MRem, Money? MonthlyFee, RoundingMode Rounding)
{
    internal int Full => Required(MFull, "mFull");

    internal int Remaining => Required(MRem, "mRem");

    private static int Required(int? count, string name)
    {
        var given = count ?? throw CalculationException.Missing(name);
        Amounts.RequireCount(given, name);
        return given;
    }
}

/// <summary>How a fee for leaving early is computed; data of a policy. In JSON its <c>kind</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FlatFee), "FLAT")]
[JsonDerivedType(typeof(RemainingShareFee), "REMAIN_PCT")]
[JsonDerivedType(typeof(DecliningFee), "DECLINING")]
[JsonDerivedType(typeof(ScheduledFee), "SCHEDULE")]
[JsonDerivedType(typeof(LossFee), "LOSS")]
[JsonDerivedType(typeof(LeastFee), "MIN")]
public abstract record EtfRule
{
    /// <summary>The fee, rounded once, 0 or more.</summary>
    /// <exception cref="CalculationException">MISSING_INPUT, MIXED_CURRENCY, NEGATIVE_AMOUNT, INVALID_COUNT, OVERFLOW.</exception>
    public abstract Money Due(ExitFeeFacts facts);

    /// <summary>Refuses by name an amount that is negative or of another currency, whether or not the fee is charged.</summary>
    internal abstract void Check(ExitFeeFacts facts);

    internal abstract string English(ExitFeeFacts facts);

    internal abstract string Chinese(ExitFeeFacts facts);

    /// <summary>Writes the rule as the workbench's <c>etf</c> input.</summary>
    internal abstract void Write(Utf8JsonWriter json, ExitFeeFacts facts);

    private protected static Money Checked(Money amount, string name, ExitFeeFacts facts)
    {
        Amounts.RequireMagnitude(amount, name);
        return amount.Currency == facts.Currency
            ? amount
            : throw CalculationException.Mixed(facts.Currency, amount.Currency);
    }
}

/// <summary>FLAT: one fee, whenever the contract ends.</summary>
public sealed record FlatFee(Money Fee) : EtfRule
{
    public override Money Due(ExitFeeFacts facts) => Checked(Fee, "etf.fee", facts);

    internal override void Check(ExitFeeFacts facts) => Checked(Fee, "etf.fee", facts);

    internal override string English(ExitFeeFacts facts) => $"a flat fee of {Fee}";

    internal override string Chinese(ExitFeeFacts facts) => $"固定费用 {Fee}";

    internal override void Write(Utf8JsonWriter json, ExitFeeFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("kind", "FLAT");
        json.WriteString("fee", Fee.ToString());
        json.WriteEndObject();
    }
}

/// <summary>REMAIN_PCT: pct · m_rem · monthly fee; without a monthly fee of its own, the contract's.</summary>
public sealed record RemainingShareFee(Rate Pct, Money? MonthlyFee = null) : EtfRule
{
    public override Money Due(ExitFeeFacts facts)
    {
        var fee = Monthly(facts);
        return new(
            Rounding.ToMinor(Pct.Numerator * facts.Remaining * fee.Minor, Pct.Denominator, facts.Rounding),
            fee.Currency
        );
    }

    internal override void Check(ExitFeeFacts facts) => Monthly(facts);

    internal override string English(ExitFeeFacts facts) =>
        $"{Pct} of the fees of the {facts.Remaining} months not begun: {Pct} × {facts.Remaining} × {Monthly(facts)} = {Due(facts)}";

    internal override string Chinese(ExitFeeFacts facts) =>
        $"未开始的 {facts.Remaining} 个月费用的 {Pct}：{Pct} × {facts.Remaining} × {Monthly(facts)} = {Due(facts)}";

    internal override void Write(Utf8JsonWriter json, ExitFeeFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("kind", "REMAIN_PCT");
        json.WriteString("pct", Pct.ToString());
        json.WriteString("monthlyFee", Monthly(facts).ToString());
        json.WriteEndObject();
    }

    private Money Monthly(ExitFeeFacts facts) =>
        Checked(
            MonthlyFee ?? facts.MonthlyFee ?? throw CalculationException.Missing("etf.monthlyFee"),
            "etf.monthlyFee",
            facts
        );
}

/// <summary>DECLINING: the initial fee less a step for each full month served, never below 0.</summary>
public sealed record DecliningFee(Money Initial, Money PerMonth) : EtfRule
{
    public override Money Due(ExitFeeFacts facts)
    {
        var initial = Checked(Initial, "etf.initial", facts);
        var step = Checked(PerMonth, "etf.perMonth", facts);
        return new((long)Int128.Max(0, initial.Minor - ((Int128)step.Minor * facts.Full)), initial.Currency);
    }

    internal override void Check(ExitFeeFacts facts)
    {
        Checked(Initial, "etf.initial", facts);
        Checked(PerMonth, "etf.perMonth", facts);
    }

    internal override string English(ExitFeeFacts facts) =>
        $"{Initial} less {PerMonth} for each of {facts.Full} full months: {Due(facts)}";

    internal override string Chinese(ExitFeeFacts facts) =>
        $"{Initial} 减去 {facts.Full} 个整月每月 {PerMonth}：{Due(facts)}";

    internal override void Write(Utf8JsonWriter json, ExitFeeFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("kind", "DECLINING");
        json.WriteString("initial", Initial.ToString());
        json.WriteString("perMonth", PerMonth.ToString());
        json.WriteEndObject();
    }
}

/// <summary>SCHEDULE: the fee after m_full months is the entry at that index, counted from 0; past the last entry it is 0.</summary>
public sealed record ScheduledFee(IReadOnlyList<Money> Fees) : EtfRule
{
    public override Money Due(ExitFeeFacts facts)
    {
        Check(facts);
        return facts.Full < Fees.Count ? Fees[facts.Full] : Money.Zero(facts.Currency);
    }

    public bool Equals(ScheduledFee? other) => other is not null && Fees.SequenceEqual(other.Fees);

    public override int GetHashCode() => Fees.Count;

    internal override void Check(ExitFeeFacts facts)
    {
        foreach (var fee in Fees)
            Checked(fee, "etf.fees", facts);
    }

    internal override string English(ExitFeeFacts facts) =>
        $"the table's fee after {facts.Full} full months: {Due(facts)}";

    internal override string Chinese(ExitFeeFacts facts) => $"费用表中满 {facts.Full} 个月的费用：{Due(facts)}";

    internal override void Write(Utf8JsonWriter json, ExitFeeFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("kind", "SCHEDULE");
        json.WriteStartArray("fees");
        foreach (var fee in Fees)
            json.WriteStringValue(fee.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>
/// LOSS: liquidated damages by loss, the fee less what the end saves for the months left, no longer than a replacement takes,
/// and the cost of mitigating: max(0, monthly fee - avoidable) · min(m_rem, replacementMonths) + mitigationCost, rounded once.
/// </summary>
/// <param name="ReplacementMonths">Months in which a replacement is reasonably found, 0 or more.</param>
/// <param name="AvoidableCost">Cost a month that the end saves; or its share, not both; neither: none.</param>
/// <param name="AvoidableShare">The saved cost as a share of the monthly fee, 0.64 for 64 %.</param>
/// <param name="MitigationCost">Cost of mitigating; null: none.</param>
/// <param name="MonthlyFee">Null: the contract's.</param>
public sealed record LossFee(
    int ReplacementMonths,
    Money? AvoidableCost = null,
    Rate? AvoidableShare = null,
    Money? MitigationCost = null,
    Money? MonthlyFee = null
) : EtfRule
{
    public override Money Due(ExitFeeFacts facts)
    {
        var (fee, months, mitigation) = (Monthly(facts), Months(facts), Mitigation(facts));
        // Exact in fractions of a minor unit; the share is the only one that needs them.
        var (saved, parts) = AvoidableShare is { } share ? (fee.Minor * share.Numerator, share.Denominator) : (Avoidable(facts).Minor, BigInteger.One);
        var profit = BigInteger.Max(0, (fee.Minor * parts) - saved) * months;
        return new Money(Rounding.ToMinor(profit, parts, facts.Rounding), fee.Currency) + mitigation;
    }

    internal override void Check(ExitFeeFacts facts)
    {
        Monthly(facts);
        Mitigation(facts);
    }

    internal override string English(ExitFeeFacts facts) =>
        $"the loss: ({Monthly(facts)} - {Saved(facts)}) × {Months(facts)} months (of {facts.Remaining} left, {ReplacementMonths} to find a replacement)"
        + $" + {Mitigation(facts)} of mitigating = {Due(facts)}";

    internal override string Chinese(ExitFeeFacts facts) =>
        $"损失：（{Monthly(facts)} - {Saved(facts)}）× {Months(facts)} 个月（剩余 {facts.Remaining} 个月，合理替代期 {ReplacementMonths} 个月）"
        + $" + 减损费用 {Mitigation(facts)} = {Due(facts)}";

    internal override void Write(Utf8JsonWriter json, ExitFeeFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("kind", "LOSS");
        json.WriteString("monthlyFee", Monthly(facts).ToString());
        if (AvoidableShare is { } share)
            json.WriteString("avoidableShare", share.ToString());
        else
            json.WriteString("avoidableCost", Avoidable(facts).ToString());
        json.WriteNumber("replacementMonths", ReplacementMonths);
        json.WriteString("mitigationCost", Mitigation(facts).ToString());
        json.WriteEndObject();
    }

    private string Saved(ExitFeeFacts facts) => AvoidableShare is { } share ? $"{share} × {Monthly(facts)}" : Avoidable(facts).ToString();

    private int Months(ExitFeeFacts facts)
    {
        Amounts.RequireCount(ReplacementMonths, "etf.replacementMonths");
        return Math.Min(facts.Remaining, ReplacementMonths);
    }

    private Money Avoidable(ExitFeeFacts facts) =>
        AvoidableCost is null || AvoidableShare is null
            ? Checked(AvoidableCost ?? Money.Zero(facts.Currency), "etf.avoidableCost", facts)
            : throw CalculationException.Input("etf.avoidableShare", "given without avoidableCost");

    private Money Mitigation(ExitFeeFacts facts)
    {
        // Both ways of saying what is saved are refused wherever the rule is used.
        Avoidable(facts);
        return Checked(MitigationCost ?? Money.Zero(facts.Currency), "etf.mitigationCost", facts);
    }

    private Money Monthly(ExitFeeFacts facts) =>
        Checked(MonthlyFee ?? facts.MonthlyFee ?? throw CalculationException.Missing("etf.monthlyFee"), "etf.monthlyFee", facts);
}

/// <summary>MIN: the least of its parts, of which there is at least one.</summary>
public sealed record LeastFee(IReadOnlyList<EtfRule> Of) : EtfRule
{
    public override Money Due(ExitFeeFacts facts)
    {
        if (Of.Count == 0)
            throw CalculationException.Input("etf.of", "a list of at least one rule");
        Money? least = null;
        foreach (var rule in Of)
        {
            var due = (rule ?? throw CalculationException.Missing("etf.of")).Due(facts);
            least = least is { } so ? Money.Min(so, due) : due;
        }
        return least!.Value;
    }

    public bool Equals(LeastFee? other) => other is not null && Of.SequenceEqual(other.Of);

    public override int GetHashCode() => Of.Count;

    internal override void Check(ExitFeeFacts facts)
    {
        foreach (var rule in Of)
            (rule ?? throw CalculationException.Missing("etf.of")).Check(facts);
    }

    internal override string English(ExitFeeFacts facts) =>
        $"the least of {string.Join("; ", Of.Select(rule => rule.English(facts)))}: {Due(facts)}";

    internal override string Chinese(ExitFeeFacts facts) =>
        $"以下各项中最低者（{string.Join("；", Of.Select(rule => rule.Chinese(facts)))}）：{Due(facts)}";

    internal override void Write(Utf8JsonWriter json, ExitFeeFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("kind", "MIN");
        json.WriteStartArray("of");
        foreach (var rule in Of)
            rule.Write(json, facts);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>The fee for leaving early (ETF), by its rule.</summary>
public sealed record ExitFee : Working
{
    private ExitFee(EtfRule rule, ExitFeeFacts facts, Money fee) => (Rule, Facts, Fee) = (rule, facts, fee);

    public EtfRule Rule { get; }

    public ExitFeeFacts Facts { get; }

    public Money Fee { get; }

    public override string Formula => "etf";

    public override Money Result => Fee;

    public override string English => $"Fee for leaving early in {Facts.Currency}: {Rule.English(Facts)}.";

    public override string Chinese => $"提前解约费用（{Facts.Currency}）：{Rule.Chinese(Facts)}。";

    /// <summary>The fee.</summary>
    /// <exception cref="CalculationException">As <see cref="EtfRule.Due"/>.</exception>
    public static ExitFee Of(EtfRule rule, ExitFeeFacts facts) =>
        new(rule, facts, rule.Due(facts)) { Rounding = facts.Rounding };

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Facts.Currency);
        json.WritePropertyName("etf");
        Rule.Write(json, Facts);
        if (Facts.MFull is { } full)
            json.WriteNumber("mFull", full);
        if (Facts.MRem is { } rem)
            json.WriteNumber("mRem", rem);
    }
}
