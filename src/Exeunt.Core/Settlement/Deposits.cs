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
public sealed record EarnestMoney : Working
{
    private EarnestMoney(Money earnest, Money contractPrice, EarnestCase who, Rate performed) =>
        (Earnest, ContractPrice, Case, PerformedShare) = (earnest, contractPrice, who, performed);

    /// <summary>What was paid under the name of earnest.</summary>
    public Money Earnest { get; }

    public Money ContractPrice { get; }

    public EarnestCase Case { get; }

    /// <summary>Share of the contract performed and accepted, 0 to 1.</summary>
    public Rate PerformedShare { get; }

    /// <summary>The part that is earnest money.</summary>
    public Money Effective { get; private init; }

    /// <summary>What the payee keeps.</summary>
    public Money Forfeited { get; private init; }

    /// <summary>What the payee adds.</summary>
    public Money Penalty { get; private init; }

    /// <summary>What goes back of what was paid.</summary>
    public Money Return => Earnest - Forfeited;

    /// <summary>All the payer gets.</summary>
    public Money Total => Return + Penalty;

    public override string Formula => "earnestMoney";

    public override Money Result => Total;

    public override string English =>
        $"Of {Earnest} {Earnest.Currency} paid as earnest, {Effective} is effective (at most a fifth of the price of {ContractPrice}). "
        + (PerformedShare.Numerator.IsZero ? "" : $"{PerformedShare} of the contract was performed. ")
        + (
            Case == EarnestCase.PayerDefault
                ? $"The customer is in default: {Forfeited} is forfeited, {Return} goes back."
                : $"The company is in default: {Return} goes back and {Penalty} more, together {Total}."
        );

    public override string Chinese =>
        $"已付定金 {Earnest} {Earnest.Currency}，有效定金 {Effective}（不超过合同价款 {ContractPrice} 的 20%）。"
        + (PerformedShare.Numerator.IsZero ? "" : $"已履行比例 {PerformedShare}。")
        + (
            Case == EarnestCase.PayerDefault
                ? $"客户违约：不予返还 {Forfeited}，退还 {Return}。"
                : $"公司违约：退还 {Return}，另付 {Penalty}，合计 {Total}。"
        );

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
        var effective = new Money(Core.Rounding.ToMinor(fifths, 5, rounding), earnest.Currency);
        var atStake = new Money(
            Core.Rounding.ToMinor(
                fifths * (performed.Denominator - performed.Numerator),
                performed.Denominator * 5,
                rounding
            ),
            earnest.Currency
        );
        var nothing = Money.Zero(earnest.Currency);
        var money = new EarnestMoney(earnest, contractPrice, who, performed)
        {
            Effective = effective,
            Forfeited = who == EarnestCase.PayerDefault ? atStake : nothing,
            Penalty = who == EarnestCase.PayerDefault ? nothing : atStake,
            Rounding = rounding,
        };
        // Refuses here what could not be written down.
        _ = money.Total;
        return money;
    }

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Earnest.Currency);
        json.WriteString("earnest", Earnest.ToString());
        json.WriteString("contractPrice", ContractPrice.ToString());
        json.WriteString("case", Case == EarnestCase.PayerDefault ? "PAYER_DEFAULT" : "PAYEE_DEFAULT");
        json.WriteString("performedShare", PerformedShare.ToString());
    }
}
