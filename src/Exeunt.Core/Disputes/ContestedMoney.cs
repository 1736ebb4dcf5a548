namespace Exeunt.Core.Disputes;

/// <summary>What of a settlement is paid while parts of it are contested, and what a ruling leaves to pay.</summary>
public static class ContestedMoney
{
    /// <summary>
    /// The part that can be ordered now. Contested charges are not claimed; contested credits are not paid out. Nothing turns round: a claim
    /// never becomes a refund because of what is contested, nor the other way.
    /// </summary>
    /// <param name="total">+ the customer owes, - the customer gets.</param>
    /// <param name="contested">Sum of the contested lines with their signs: + charges, - credits.</param>
    public static Money Uncontested(Money total, Money contested)
    {
        var rest = (total - contested).Minor;
        var (low, high) = total.Minor >= 0 ? (0L, total.Minor) : (total.Minor, 0L);
        return new Money(Math.Clamp(rest, low, high), total.Currency);
    }

    /// <summary>What has to be ordered after a ruling, beside what was ordered before.</summary>
    /// <param name="contested">As above.</param>
    /// <param name="upheld">What the ruling leaves of the contested sum, between 0 and it.</param>
    /// <param name="ordered">What was ordered, with the total's sign.</param>
    /// <returns>+ the customer pays, - the customer gets.</returns>
    public static Money Difference(Money total, Money contested, Money upheld, Money ordered) => total - contested + upheld - ordered;

    /// <summary>Why a ruling cannot be carried out like this; null when it can.</summary>
    public static Refusal? Check(Money contested, Money upheld) =>
        upheld.Currency != contested.Currency || Math.Abs(upheld.Minor) > Math.Abs(contested.Minor) || (upheld.Minor != 0 && Math.Sign(upheld.Minor) != Math.Sign(contested.Minor))
            ? MoreThanContested
            : null;

    public static readonly Refusal MoreThanContested = new(RefusalKind.Invalid, "dispute.more-than-contested",
        "What is upheld lies between nothing and the contested amount.", "裁决支持的金额须在零与争议金额之间。", Field: "upheld");
}
