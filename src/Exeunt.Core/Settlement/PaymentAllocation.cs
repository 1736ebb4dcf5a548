namespace Exeunt.Core.Settlement;

/// <summary>
/// A payment against costs, interest and principal, in this order (Civil Code 561). What exceeds everything stays as an
/// unapplied credit.
/// </summary>
/// <param name="Left">Everything still owed: costs, interest and principal together.</param>
public sealed record PaymentAllocation(Money Cost, Money Interest, Money Principal, Money Unapplied, Money Left)
{
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, MIXED_CURRENCY, OVERFLOW.</exception>
    public static PaymentAllocation Of(Money payment, Money cost, Money interest, Money principal)
    {
        Amounts.RequireMagnitude(payment, "payment");
        Amounts.RequireMagnitude(cost, "cost");
        Amounts.RequireMagnitude(interest, "interest");
        Amounts.RequireMagnitude(principal, "principal");
        var owed = cost + interest + principal;
        var toCost = Money.Min(payment, cost);
        var toInterest = Money.Min(payment - toCost, interest);
        var toPrincipal = Money.Min(payment - toCost - toInterest, principal);
        var applied = toCost + toInterest + toPrincipal;
        return new(toCost, toInterest, toPrincipal, payment - applied, owed - applied);
    }
}
