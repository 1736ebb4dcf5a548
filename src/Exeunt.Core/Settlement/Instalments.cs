namespace Exeunt.Core.Settlement;

/// <summary>A debt in equal instalments that add up to it exactly: each rounded down, the units left over to the first ones.</summary>
public static class Instalments
{
    /// <summary>More instalments than any plan has; more are refused.</summary>
    public const int Most = 100_000;

    /// <param name="count">1 to <see cref="Most"/>.</param>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT.</exception>
    public static IReadOnlyList<Money> Of(Money total, int count)
    {
        Amounts.RequireMagnitude(total, "total");
        if (count is < 1 or > Most)
            throw CalculationException.Count("count", $"a whole number from 1 to {Most}");
        var (each, left) = Math.DivRem(total.Minor, count);
        var parts = new Money[count];
        for (var i = 0; i < count; i++)
            parts[i] = new(i < left ? each + 1 : each, total.Currency);
        return parts;
    }
}
