using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exeunt.Core.Settlement;

/// <summary>Which part of a promotional discount goes back when the tie-in is left early.</summary>
public enum ClawbackKind
{
    [JsonStringEnumMemberName("NONE")]
    None,

    /// <summary>The discounts enjoyed so far.</summary>
    [JsonStringEnumMemberName("ENJOYED")]
    Enjoyed,

    /// <summary>The share of the whole discount for the months not begun.</summary>
    [JsonStringEnumMemberName("UNEARNED")]
    Unearned,
}

/// <summary>A promotional discount taken back.</summary>
public abstract record Clawback : Working
{
    private protected Clawback(Money amount) => Amount = amount;

    /// <summary>What goes back, 0 or more.</summary>
    public Money Amount { get; }

    public override string Formula => "clawback";

    public override Money Result => Amount;

    /// <summary>ENJOYED: the sum of the discounts.</summary>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, MIXED_CURRENCY, OVERFLOW.</exception>
    public static Money Enjoyed(string currency, IEnumerable<Money> discounts)
    {
        var sum = Money.Zero(currency);
        foreach (var discount in discounts)
        {
            Amounts.RequireMagnitude(discount, "discounts");
            sum += discount;
        }
        return sum;
    }

    /// <summary>ENJOYED: the same discount each month.</summary>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT, OVERFLOW.</exception>
    public static EnjoyedDiscount Enjoyed(
        Money monthlyDiscount,
        int monthsEnjoyed,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(monthlyDiscount, "monthlyDiscount");
        Amounts.RequireCount(monthsEnjoyed, "monthsEnjoyed");
        return new(monthlyDiscount, monthsEnjoyed) { Rounding = rounding };
    }

    /// <summary>UNEARNED: total · m_rem / M, rounded once.</summary>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT.</exception>
    public static UnearnedDiscount Unearned(
        Money totalDiscount,
        int mRem,
        int termMonths,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(totalDiscount, "totalDiscount");
        Amounts.RequireCount(termMonths, "termMonths", 1);
        Amounts.RequireCount(mRem, "mRem");
        if (mRem > termMonths)
            throw CalculationException.Count("mRem", "no more than termMonths");
        return new(totalDiscount, mRem, termMonths, rounding);
    }
}

/// <summary>ENJOYED by months.</summary>
public sealed record EnjoyedDiscount : Clawback
{
    internal EnjoyedDiscount(Money monthly, int months)
        : base(monthly * months) => (Monthly, Months) = (monthly, months);

    public Money Monthly { get; }

    public int Months { get; }

    public override string English =>
        $"The discount of {Monthly} {Monthly.Currency} a month was enjoyed for {Months} full months: {Months} × {Monthly} = {Amount}.";

    public override string Chinese =>
        $"每月优惠 {Monthly} {Monthly.Currency}，已享受 {Months} 个整月：{Months} × {Monthly} = {Amount}。";

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Monthly.Currency);
        json.WriteString("kind", "ENJOYED");
        json.WriteString("monthlyDiscount", Monthly.ToString());
        json.WriteNumber("monthsEnjoyed", Months);
    }
}

/// <summary>UNEARNED.</summary>
public sealed record UnearnedDiscount : Clawback
{
    internal UnearnedDiscount(Money total, int mRem, int termMonths, RoundingMode rounding)
        : base(total.Share(mRem, termMonths, rounding)) =>
        (TotalDiscount, MRem, TermMonths, Rounding) = (total, mRem, termMonths, rounding);

    public Money TotalDiscount { get; }

    public int MRem { get; }

    public int TermMonths { get; }

    public override string English =>
        $"Of the discount of {TotalDiscount} {TotalDiscount.Currency} over {TermMonths} months, {MRem} months are not begun: "
        + $"{TotalDiscount} × {MRem} / {TermMonths} = {Amount}.";

    public override string Chinese =>
        $"优惠总额 {TotalDiscount} {TotalDiscount.Currency}，分摊 {TermMonths} 个月，尚有 {MRem} 个月未开始：{TotalDiscount} × {MRem} / {TermMonths} = {Amount}。";

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", TotalDiscount.Currency);
        json.WriteString("kind", "UNEARNED");
        json.WriteString("totalDiscount", TotalDiscount.ToString());
        json.WriteNumber("mRem", MRem);
        json.WriteNumber("termMonths", TermMonths);
    }
}
