namespace Exeunt.Core.Settlement;

/// <summary>Which side of a statement an amount stands on.</summary>
public enum StatementSide
{
    /// <summary>The customer owes it: +.</summary>
    Owed,

    /// <summary>The customer gets it: -.</summary>
    Credit,
}

/// <summary>Sums a two-sided statement: one currency, each side and the total within ±(2^63 - 1) minor units.</summary>
public static class StatementSum
{
    /// <summary>The amount with its sign.</summary>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT.</exception>
    public static Money Signed(Money amount, StatementSide side)
    {
        Amounts.RequireMagnitude(amount, "amount");
        return side == StatementSide.Owed ? amount : -amount;
    }

    /// <summary>The total of signed amounts; + is what the customer owes.</summary>
    /// <exception cref="CalculationException">MIXED_CURRENCY; OVERFLOW, of either side too.</exception>
    public static Money Of(string currency, IEnumerable<Money> signed)
    {
        var (owed, credit) = (Money.Zero(currency), Money.Zero(currency));
        foreach (var amount in signed)
        {
            if (amount.Minor < 0)
                credit += amount;
            else
                owed += amount;
        }
        return owed + credit;
    }
}
