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

    /// <summary>A complaint, with its <see cref="ComplaintVerdict"/>. Every row is one.</summary>
    Complaint,

    /// <summary>An amount billed, above 0, that falls due on a day.</summary>
    Due,

    /// <summary>Money received, or below 0 given back. It settles what is due, oldest first.</summary>
    Payment,

    /// <summary>A talk, call, visit or message with the customer's side.</summary>
    Contact,

    /// <summary>Logins or other uses of what was sold.</summary>
    Usage,

    /// <summary>A promise whose day has come: kept or broken.</summary>
    Promise,

    /// <summary>How cooperative the customer is, rated by a member of staff on the described scale.</summary>
    Rating,
}

/// <summary>What became of a complaint; numbers are stored.</summary>
public enum ComplaintVerdict
{
    /// <summary>Not judged yet.</summary>
    Pending = 0,
    Valid = 1,

    /// <summary>Valid in part; counts as valid.</summary>
    Partial = 2,
    Unsubstantiated = 3,

    /// <summary>The same complaint again; it counts nowhere.</summary>
    Duplicate = 4,
    OutOfScope = 5,
    Abusive = 6,
}

/// <summary>
/// One row of a customer's history. What amount and detail mean is the kind's:
/// <code>
/// kind        amount                                        detail
/// order       minor units, above 0                          cost in minor units, or not known
/// return      minor units, as in the source below 0         cost given back (below 0), or not known
/// adjustment, other  minor units, any sign                  none
/// complaint   0                                             number of the verdict; none is pending
/// due         minor units, above 0                          day number on which it falls due, on or after the day
/// payment     minor units; below 0 is money given back      none
/// contact     minutes, 0 when not known                     cost in minor units, or not known
/// usage       times, 1 or more                              none
/// promise     0                                             1 kept, 0 broken
/// rating      hundredths of a point, 100 to 500             day number of the last day on which it counts
/// </code>
/// </summary>
/// <param name="Kind">What the row counts in.</param>
/// <param name="On">Civil date in the source; no time zone is applied.</param>
/// <param name="Amount">Minor units of the customer's currency, signed as in the source (a return is negative); see the table.</param>
/// <param name="Document">
/// Document number, compared by code unit. Order rows of one customer that share a number are one order. Empty: the source
/// has no numbers and every row is an order of its own. A caller that mixes sources puts the source in front.
/// </param>
/// <param name="Detail">See the table; null: none, or not known.</param>
public readonly record struct Fact(FactKind Kind, DateOnly On, long Amount, string Document, long? Detail = null)
{
    /// <summary>The kinds that are trade: they make a customer one who is listed, and their amounts are spend.</summary>
    public static readonly IReadOnlyList<FactKind> Trade = [FactKind.Order, FactKind.Return, FactKind.Adjustment, FactKind.Other];

    /// <summary>Whether the row is trade (see <see cref="Trade"/>).</summary>
    public bool IsTrade => Kind <= FactKind.Other;

    /// <summary>Whether the amounts of a kind are money.</summary>
    public static bool IsMoney(FactKind kind) => kind <= FactKind.Other || kind is FactKind.Due or FactKind.Payment;

    /// <summary>
    /// Whether the detail is part of what makes a row another than the next. Of the other kinds (cost of an order or return, verdict of a
    /// complaint) it may become known later, and the row is still the same.
    /// </summary>
    public static bool TellsApart(FactKind kind) => kind is FactKind.Due or FactKind.Contact or FactKind.Promise or FactKind.Rating;

    /// <summary>
    /// Whether a row told again says what was not known of it: the cost of an order or return, the verdict of a pending complaint. A cost or
    /// verdict that is known stays.
    /// </summary>
    public static bool KnowsMore(FactKind kind, long? known, long? told) =>
        kind switch
        {
            FactKind.Order or FactKind.Return => known is null && told is not null,
            FactKind.Complaint => (known ?? 0) == (long)ComplaintVerdict.Pending && (told ?? 0) != (long)ComplaintVerdict.Pending,
            _ => false,
        };
}

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
