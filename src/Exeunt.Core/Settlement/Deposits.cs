using System.Numerics;
using System.Text.Json;

namespace Exeunt.Core.Settlement;

/// <summary>
/// Return of a deposit (押金): what is left after the agreed deductions, never below 0; what the deductions exceed it by
/// is a line of its own that the customer owes.
/// </summary>
public sealed record DepositReturn : Working
{
    private DepositReturn(Money deposit, IReadOnlyList<Money> deductions, Money sum) =>
        (Deposit, Deductions, DeductionsSum) = (deposit, deductions, sum);

    public Money Deposit { get; }

    public IReadOnlyList<Money> Deductions { get; }

    public Money DeductionsSum { get; }

    private Money Nothing => Money.Zero(Deposit.Currency);

    /// <summary>What goes back to the customer.</summary>
    public Money Return => Deposit > DeductionsSum ? Deposit - DeductionsSum : Nothing;

    /// <summary>What the deductions exceed the deposit by.</summary>
    public Money StillOwed => DeductionsSum > Deposit ? DeductionsSum - Deposit : Nothing;

    public override string Formula => "depositReturn";

    public override Money Result => Return;

    public override string English =>
        $"Deposit {Deposit} {Deposit.Currency} less agreed deductions {DeductionsSum}: {Return} goes back"
        + (StillOwed.IsZero ? "." : $", {StillOwed} is still owed.");

    public override string Chinese =>
        $"押金 {Deposit} {Deposit.Currency}，减去约定扣款 {DeductionsSum}：退还 {Return}"
        + (StillOwed.IsZero ? "。" : $"，尚欠 {StillOwed}。");

    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, MIXED_CURRENCY, OVERFLOW.</exception>
    public static DepositReturn Of(
        Money deposit,
        IReadOnlyList<Money> deductions,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(deposit, "deposit");
        var sum = Money.Zero(deposit.Currency);
        foreach (var deduction in deductions)
        {
            Amounts.RequireMagnitude(deduction, "deductions");
            sum += deduction;
        }
        return new(deposit, deductions, sum) { Rounding = rounding };
    }

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Deposit.Currency);
        json.WriteString("deposit", Deposit.ToString());
        json.WriteStartArray("deductions");
        foreach (var deduction in Deductions)
            json.WriteStringValue(deduction.ToString());
        json.WriteEndArray();
    }
}

/// <summary>Who broke the contract that an earnest was given for.</summary>
public enum EarnestCase
{
    /// <summary>The party that paid it.</summary>
    PayerDefault,

    /// <summary>The party that took it.</summary>
    PayeeDefault,
}

/// <summary>
/// Earnest money (定金, Civil Code 586, 587; 合同编通则解释 68): effective up to 20 % of the contract price, the rest is a
/// plain prepayment. A payer in default forfeits it, a payee in default returns it doubled, either only for the share
/// that was not performed.
/// </summary>
/// <param name="Effective">The part that is earnest money.</param>
/// <param name="Forfeited">What the payee keeps.</param>
/// <param name="Return">What goes back of what was paid.</param>
/// <param name="Penalty">What the payee adds.</param>
public sealed record EarnestMoney(Money Effective, Money Forfeited, Money Return, Money Penalty)
{
    /// <summary>All the payer gets.</summary>
    public Money Total => Return + Penalty;

    /// <param name="performedShare">Share of the contract performed and accepted, 0 to 1.</param>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, MIXED_CURRENCY, INVALID_RATE, OVERFLOW.</exception>
    public static EarnestMoney Of(
        Money earnest,
        Money contractPrice,
        EarnestCase who,
        Rate? performedShare = null,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        Amounts.RequireMagnitude(earnest, "earnest");
        Amounts.RequireMagnitude(contractPrice, "contractPrice");
        var performed = performedShare ?? Rate.Zero;
        if (performed.IsAboveOne)
            throw CalculationException.Rate("performedShare", "a decimal string from \"0\" to \"1\"");
        if (earnest.Currency != contractPrice.Currency)
            throw CalculationException.Mixed(earnest.Currency, contractPrice.Currency);
        // A fifth of the price is kept exact (in fifths of a minor unit), so that each line is rounded once.
        var fifths = BigInteger.Min((BigInteger)earnest.Minor * 5, contractPrice.Minor);
        var effective = new Money(Rounding.ToMinor(fifths, 5, rounding), earnest.Currency);
        var atStake = new Money(
            Rounding.ToMinor(
                fifths * (performed.Denominator - performed.Numerator),
                performed.Denominator * 5,
                rounding
            ),
            earnest.Currency
        );
        var nothing = Money.Zero(earnest.Currency);
        return who == EarnestCase.PayerDefault
            ? new(effective, atStake, earnest - atStake, nothing)
            : new(effective, nothing, earnest, atStake);
    }
}
