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

    /// <summary>
    /// A payment against several claims: the costs of all of them first, then all interest, then all principal, each in the
    /// order given (the one due first stands first). One allocation per claim; the last value is what fits none.
    /// </summary>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, MIXED_CURRENCY, OVERFLOW.</exception>
    public static (IReadOnlyList<PaymentAllocation> Claims, Money Unapplied) Across(Money payment, IReadOnlyList<ClaimParts> claims)
    {
        Amounts.RequireMagnitude(payment, "payment");
        var (left, none) = (payment, Money.Zero(payment.Currency));
        var cost = Take(claims.Select(c => c.Cost));
        var interest = Take(claims.Select(c => c.Interest));
        var principal = Take(claims.Select(c => c.Principal));
        return ([.. claims.Select((c, i) => new PaymentAllocation(cost[i], interest[i], principal[i], none, c.Total - cost[i] - interest[i] - principal[i]))], left);

        List<Money> Take(IEnumerable<Money> owed)
        {
            var taken = new List<Money>();
            foreach (var amount in owed)
            {
                Amounts.RequireMagnitude(amount, "claim");
                taken.Add(Money.Min(left, amount));
                left -= taken[^1];
            }
            return taken;
        }
    }

    /// <summary>What was set against the claim.</summary>
    public Money Applied => Cost + Interest + Principal;
}
