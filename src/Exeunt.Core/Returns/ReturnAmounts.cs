using Exeunt.Core.Settlement;

namespace Exeunt.Core.Returns;

/// <summary>What comes back for some pieces of a line, tax included and contained.</summary>
public sealed record ReturnedAmount(Money Goods, Money GoodsVat, Money Freight, Money FreightVat)
{
    public Money Gross => Goods + Freight;
    public Money Vat => GoodsVat + FreightVat;
    public Money Net => Gross - Vat;
}

/// <summary>
/// The money of returns. A part of a line is the difference of two cumulative amounts, each rounded half up to the minor unit: pieces
/// 4 to 6 of 10 bring what 6 bring less what 3 bring. So the parts of any split add up to the whole, to the cent, and so does the tax.
/// </summary>
public static class ReturnAmounts
{
    /// <summary>What a line was paid with: its list price less its share of the order's discounts; and its share of the freight.</summary>
    /// <param name="gross">List price times quantity of every line, minor units, 0 or more.</param>
    /// <param name="discount">Discounts and vouchers of the whole order, 0 to the sum of the lines.</param>
    public static IReadOnlyList<(long Paid, long Freight)> Shares(IReadOnlyList<long> gross, long discount, long freight)
    {
        long[] weights = gross.Any(g => g > 0) ? [.. gross] : [.. gross.Select(_ => 1L)];
        var (less, more) = (Allocation.LargestRemainder(discount, weights), Allocation.LargestRemainder(freight, weights));
        return [.. gross.Select((g, i) => (g - less[i], more[i]))];
    }

    /// <summary>What <paramref name="count"/> pieces bring after <paramref name="before"/> pieces were refunded already.</summary>
    /// <param name="withFreight">Whether the outward freight comes back with them.</param>
    /// <exception cref="ArgumentOutOfRangeException">More pieces than were sold.</exception>
    public static ReturnedAmount Of(SoldLine line, int before, int count, bool withFreight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)before + count, line.Quantity, nameof(count));
        var none = Money.Zero(line.Paid.Currency);
        var goods = Part(line.Paid, before, count, line.Quantity, line.TaxRate);
        var freight = withFreight ? Part(line.Freight, before, count, line.Quantity, line.TaxRate) : (none, none);
        return new(goods.Gross, goods.Vat, freight.Item1, freight.Item2);
    }

    /// <summary>The deduction for a condition: its share of the goods' amount, half up.</summary>
    public static Money Deduction(Money goods, Rate share) =>
        new(Rounding.ToMinor(goods.Minor * share.Numerator, share.Denominator, RoundingMode.HalfUp), goods.Currency);

    private static (Money Gross, Money Vat) Part(Money whole, int before, int count, int of, Rate rate)
    {
        var (upTo, less) = (Share(whole, before + count, of), Share(whole, before, of));
        return (upTo - less, VatSplit.Of(upTo, rate).Vat - VatSplit.Of(less, rate).Vat);
    }

    private static Money Share(Money whole, int pieces, int of) =>
        new(Rounding.ToMinor(whole.Minor * new System.Numerics.BigInteger(pieces), of, RoundingMode.HalfUp), whole.Currency);
}

/// <summary>A payment of an order and what of it went back already, minor units.</summary>
public readonly record struct PaidBy(int Number, long Amount, long Refunded)
{
    public long Left => Amount - Refunded;
}

/// <summary>Back to where the money came from: the oldest payment first, each up to what is left of it.</summary>
public static class OriginalMeans
{
    /// <summary>How much goes back on each payment, those with nothing left out; their sum is the total.</summary>
    /// <param name="total">0 or more.</param>
    /// <param name="payments">In the order in which they were paid.</param>
    /// <returns>null: more than was paid and not yet refunded.</returns>
    public static IReadOnlyList<(int Number, long Amount)>? Spread(long total, IReadOnlyList<PaidBy> payments)
    {
        var parts = new List<(int, long)>();
        foreach (var payment in payments)
        {
            var part = Math.Min(total, payment.Left);
            if (part <= 0)
                continue;
            parts.Add((payment.Number, part));
            total -= part;
        }
        return total == 0 ? parts : null;
    }
}

/// <summary>The double entry of a return: + debit, - credit; it sums to 0.</summary>
public static class ReturnEntry
{
    public const string Goods = "revenue.goods";
    public const string Freight = "revenue.freight";

    /// <summary>Revenue and its tax are taken back, what is deducted stays as damages, the customer's account is credited.</summary>
    public static IReadOnlyList<PaymentEntry.Side> Refund(IEnumerable<ReturnedAmount> lines, Money deducted)
    {
        var all = lines.ToList();
        long Sum(Func<ReturnedAmount, Money> of) => all.Sum(l => of(l).Minor);
        return Balanced(
            new(Goods, Sum(l => l.Goods - l.GoodsVat)), new(Freight, Sum(l => l.Freight - l.FreightVat)), new(LedgerAccount.Tax, Sum(l => l.Vat)),
            new(LedgerAccount.Damages, -deducted.Minor), new(LedgerAccount.Settlement, deducted.Minor - Sum(l => l.Gross)));
    }

    /// <summary>What is sold in exchange: revenue and tax, on the customer's account.</summary>
    public static IReadOnlyList<PaymentEntry.Side> Sold(VatSplit price) =>
        Balanced(new(LedgerAccount.Settlement, price.Gross.Minor), new(Goods, -price.Net.Minor), new(LedgerAccount.Tax, -price.Vat.Minor));

    private static IReadOnlyList<PaymentEntry.Side> Balanced(params PaymentEntry.Side[] sides) =>
        sides.Sum(s => s.Minor) == 0 ? [.. sides.Where(s => s.Minor != 0)] : throw new InvalidOperationException("An entry does not balance.");
}
