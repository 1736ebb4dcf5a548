namespace Exeunt.Core.Activity;

/// <summary>What a row of a customer's history is, and so what it counts in.</summary>
public enum FactKind
{
    /// <summary>A document row with an amount above 0 that is neither return nor adjustment.</summary>
    Order,

    /// <summary>A document whose number starts with <c>C</c>, or a row with a negative quantity.</summary>
    Return,

    /// <summary>A document whose number starts with <c>A</c>. It counts in spend only.</summary>
    Adjustment,

    /// <summary>Any other row: a free article or a negative price. It counts in spend only.</summary>
    Other,
}

/// <summary>One row of a customer's history.</summary>
/// <param name="Kind">What the row counts in.</param>
/// <param name="On">Civil date in the source; no time zone is applied.</param>
/// <param name="Amount">Minor units of the installation's currency, signed as in the source (a return is negative).</param>
/// <param name="Document">
/// Document number, compared by code unit. Order rows of one customer that share a number are one order. Empty: the source
/// has no numbers and every row is an order of its own. A caller that mixes sources puts the source in front.
/// </param>
public readonly record struct Fact(FactKind Kind, DateOnly On, long Amount, string Document);

/// <summary>How a row of an invoice file becomes a fact.</summary>
public static class FactReading
{
    /// <summary>Largest amount of one row, in minor units, either sign; a sum has room for thousands of them.</summary>
    public const long MaxAmount = 1_000_000_000_000_000;

    // Two factors of this size and four minor digits stay below decimal.MaxValue (7.9 × 10^28).
    private const decimal MaxFactor = 1_000_000_000_000;

    /// <summary>
    /// Reads one row. The amount is quantity × unit price, rounded once, half away from zero, to the minor unit.
    /// A number starting with <c>A</c> makes an adjustment whatever its quantity; then a number starting with <c>C</c> or a
    /// negative quantity makes a return; then an amount above 0 makes an order. Letters count in upper case only.
    /// </summary>
    /// <param name="document">Document number, or empty when every row is an order of its own.</param>
    /// <param name="on">Civil date in the source.</param>
    /// <param name="quantity">Pieces; negative for goods that came back.</param>
    /// <param name="unitPrice">Major units of the currency; may have more decimals than it.</param>
    /// <param name="minorDigits">Decimals of the currency, 0 to 4 (<see cref="Currency.MinorDigits"/>).</param>
    /// <returns>The fact, or <see cref="FactRefusals.AmountTooLarge"/>.</returns>
    public static Outcome<Fact> Read(string document, DateOnly on, decimal quantity, decimal unitPrice, int minorDigits)
    {
        if (Math.Abs(quantity) > MaxFactor || Math.Abs(unitPrice) > MaxFactor)
            return FactRefusals.AmountTooLarge;
        var scaled = quantity * unitPrice * MinorUnits(minorDigits);
        var amount = Math.Round(scaled, MidpointRounding.AwayFromZero);
        if (Math.Abs(amount) > MaxAmount)
            return FactRefusals.AmountTooLarge;
        return new Fact(KindOf(document, quantity, amount), on, (long)amount, document);
    }

    private static FactKind KindOf(string document, decimal quantity, decimal amount)
    {
        if (document.StartsWith('A'))
            return FactKind.Adjustment;
        if (document.StartsWith('C') || quantity < 0)
            return FactKind.Return;
        return amount > 0 ? FactKind.Order : FactKind.Other;
    }

    private static decimal MinorUnits(int minorDigits) =>
        minorDigits switch
        {
            0 => 1,
            1 => 10,
            2 => 100,
            3 => 1_000,
            4 => 10_000,
            _ => throw new ArgumentOutOfRangeException(nameof(minorDigits), minorDigits, "0 to 4 are known"),
        };
}
