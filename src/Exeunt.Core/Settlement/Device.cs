using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exeunt.Core.Settlement;

/// <summary>What a customer pays for a device that was part of the contract and is kept.</summary>
public enum DeviceRule
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("NONE")]
    None,

    /// <summary>The value agreed at the start, by months not begun: V·m_rem/M.</summary>
    [JsonStringEnumMemberName("PRO_RATA")]
    ProRata,

    /// <summary>The lesser of that and the fees left in the term (Directive (EU) 2018/1972 art. 105; TKG § 56(4)).</summary>
    [JsonStringEnumMemberName("EECC")]
    Eecc,
}

/// <summary>The amount due for a device: V·m_rem/M, under EECC no more than m_rem · monthly fee.</summary>
public sealed record DeviceDue : Working
{
    private DeviceDue(DeviceRule rule, Money value, int termMonths, int mRem, Money? monthlyFee) =>
        (Rule, Value, TermMonths, MRem, MonthlyFee) = (rule, value, termMonths, mRem, monthlyFee);

    public DeviceRule Rule { get; }

    /// <summary>V: the value agreed at the start.</summary>
    public Money Value { get; }

    /// <summary>M: months over which the value runs down.</summary>
    public int TermMonths { get; }

    /// <summary>Months of the term not yet begun.</summary>
    public int MRem { get; }

    public Money? MonthlyFee { get; }

    /// <summary>V·m_rem/M, rounded once.</summary>
    public Money ProRata { get; private init; }

    /// <summary>m_rem · monthly fee; null when no fee was given.</summary>
    public Money? RemainingFees { get; private init; }

    /// <summary>The amount due.</summary>
    public Money Due => Rule == DeviceRule.Eecc ? Money.Min(ProRata, RemainingFees!.Value) : ProRata;

    public override string Formula => "device";

    public override Money Result => Due;

    public override string English =>
        $"The device was worth {Value} {Value.Currency} over {TermMonths} months; {MRem} months are not begun: "
        + $"{Value} × {MRem} / {TermMonths} = {ProRata}"
        + (
            Rule == DeviceRule.Eecc
                ? $"; no more than the fees left, {MRem} × {MonthlyFee} = {RemainingFees}: {Due}."
                : "."
        );

    public override string Chinese =>
        $"设备约定价值 {Value} {Value.Currency}，分摊 {TermMonths} 个月，尚有 {MRem} 个月未开始：{Value} × {MRem} / {TermMonths} = {ProRata}"
        + (Rule == DeviceRule.Eecc ? $"；不超过剩余费用 {MRem} × {MonthlyFee} = {RemainingFees}：{Due}。" : "。");

    /// <summary>The amount due; <paramref name="rule"/> is not NONE, <paramref name="mRem"/> no more than <paramref name="termMonths"/>.</summary>
    /// <exception cref="CalculationException">INVALID_COUNT, NEGATIVE_AMOUNT, MIXED_CURRENCY, MISSING_INPUT (EECC without a fee), OVERFLOW.</exception>
    public static DeviceDue Of(
        DeviceRule rule,
        Money value,
        int termMonths,
        int mRem,
        Money? monthlyFee,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(value, "deviceValue");
        Amounts.RequireCount(termMonths, "termMonths", 1);
        Amounts.RequireCount(mRem, "mRem");
        if (mRem > termMonths)
            throw CalculationException.Count("mRem", "no more than termMonths");
        if (monthlyFee is { } fee)
        {
            Amounts.RequireMagnitude(fee, "monthlyFee");
            if (fee.Currency != value.Currency)
                throw CalculationException.Mixed(value.Currency, fee.Currency);
        }
        else if (rule == DeviceRule.Eecc)
        {
            throw CalculationException.Missing("monthlyFee");
        }
        return new(rule, value, termMonths, mRem, monthlyFee)
        {
            ProRata = value.Share(mRem, termMonths, rounding),
            RemainingFees = monthlyFee * mRem,
            Rounding = rounding,
        };
    }

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Value.Currency);
        json.WriteString("rule", Rule == DeviceRule.Eecc ? "EECC" : "PRO_RATA");
        json.WriteString("deviceValue", Value.ToString());
        json.WriteNumber("termMonths", TermMonths);
        if (MonthlyFee is { } fee)
            json.WriteString("monthlyFee", fee.ToString());
        json.WriteNumber("mRem", MRem);
    }
}
