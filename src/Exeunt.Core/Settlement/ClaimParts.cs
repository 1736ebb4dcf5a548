namespace Exeunt.Core.Settlement;

/// <summary>What a claim consists of, in the order in which payments are set against it: costs, interest, principal.</summary>
public readonly record struct ClaimParts(Money Cost, Money Interest, Money Principal)
{
    public Money Total => Cost + Interest + Principal;

    /// <summary>
    /// The parts of what is left of a statement in the company's favour. Credits of the customer are set off in the legal order
    /// too, as if they had been paid (通则解释 56, Civil Code 561).
    /// </summary>
    /// <param name="lines">Code and signed amount of each line, + the customer owes.</param>
    /// <exception cref="CalculationException">MIXED_CURRENCY, OVERFLOW.</exception>
    public static ClaimParts Of(string currency, IEnumerable<(string Code, Money Amount)> lines)
    {
        var (cost, interest, principal, credit) = (Money.Zero(currency), Money.Zero(currency), Money.Zero(currency), Money.Zero(currency));
        foreach (var (code, amount) in lines)
            if (amount.Minor < 0)
                credit -= amount;
            else if (LineCode.KindOf(code) == LineCode.Costs)
                cost += amount;
            else if (code == LineCode.LateInterest)
                interest += amount;
            else
                principal += amount;
        return new ClaimParts(cost, interest, principal).Less(credit);
    }

    /// <summary>What is left after a payment; nothing is left below 0.</summary>
    public ClaimParts Less(Money payment)
    {
        var paid = PaymentAllocation.Of(payment, Cost, Interest, Principal);
        return new(Cost - paid.Cost, Interest - paid.Interest, Principal - paid.Principal);
    }

    /// <summary>Sets a payment against this claim.</summary>
    public PaymentAllocation Allocate(Money payment) => PaymentAllocation.Of(payment, Cost, Interest, Principal);
}
