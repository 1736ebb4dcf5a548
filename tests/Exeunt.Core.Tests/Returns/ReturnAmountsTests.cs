using Exeunt.Core.Returns;
using Exeunt.Core.Settlement;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Returns;

/// <summary>The money of returns: to the cent, however it is split.</summary>
public sealed class ReturnAmountsTests
{
    private const int Cases = 20_000;

    [Fact]
    public void Three_pieces_of_ten_euros_bring_three_thirty_three_three_thirty_four_three_thirty_three()
    {
        var line = Line(1000, 3);
        Enumerable.Range(0, 3).Select(i => ReturnAmounts.Of(line, i, 1, false).Goods.Minor).ShouldBe([333, 334, 333]);
        ReturnAmounts.Of(line, 0, 3, false).Goods.Minor.ShouldBe(1000);
    }

    /// <summary>Whatever a line was paid with and however its pieces come back, the parts of goods, freight and tax add up to the whole.</summary>
    [Fact]
    public void The_parts_of_any_split_add_up()
    {
        var random = new Random(20261126);
        for (var i = 0; i < Cases; i++)
        {
            var quantity = random.Next(1, 40);
            var line = new SoldLine(1, GoodsKind.Goods, quantity, new Money(random.NextInt64(0, 5_000_000), "EUR"), new Money(random.NextInt64(0, 5_000), "EUR"),
                Rate.Parse(new[] { "0", "0.06", "0.07", "0.13", "0.19", "0.255" }[random.Next(6)]), null, null);
            var (before, sum) = (0, new List<ReturnedAmount>());
            while (before < quantity)
            {
                var count = random.Next(1, quantity - before + 1);
                sum.Add(ReturnAmounts.Of(line, before, count, true));
                before += count;
            }
            sum.ShouldAllBe(a => a.Goods.Minor >= 0 && a.Freight.Minor >= 0 && a.Vat.Minor >= 0 && a.Net.Minor >= 0);
            sum.Sum(a => a.Goods.Minor).ShouldBe(line.Paid.Minor);
            sum.Sum(a => a.Freight.Minor).ShouldBe(line.Freight.Minor);
            sum.Sum(a => a.GoodsVat.Minor).ShouldBe(VatSplit.Of(line.Paid, line.TaxRate).Vat.Minor);
            sum.Sum(a => a.FreightVat.Minor).ShouldBe(VatSplit.Of(line.Freight, line.TaxRate).Vat.Minor);
        }
    }

    /// <summary>Discounts and freight of an order are shared without a cent lost, and a line never costs less than nothing.</summary>
    [Fact]
    public void The_shares_of_an_order_add_up()
    {
        var orders = Gen.Choose(1, 12).SelectMany(n => Gen.ArrayOf(Gen.Choose(0, 500_000), n)).Where(g => g.Sum(x => (long)x) > 0)
            .SelectMany(gross => Gen.Choose(0, 1000).SelectMany(share => Gen.Choose(0, 30_000).Select(freight => (gross, share, freight))));
        Prop.ForAll(orders.ToArbitrary(), o =>
        {
            long[] gross = [.. o.gross.Select(g => (long)g)];
            var discount = gross.Sum() * o.share / 1000;
            var shares = ReturnAmounts.Shares(gross, discount, o.freight);
            return shares.Sum(s => s.Paid) == gross.Sum() - discount && shares.Sum(s => s.Freight) == o.freight && shares.All(s => s is { Paid: >= 0, Freight: >= 0 });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true));
    }

    [Fact]
    public void An_order_of_free_articles_shares_its_freight_all_the_same() =>
        ReturnAmounts.Shares([0, 0, 0], 0, 100).Select(s => s.Freight).ShouldBe([34, 33, 33]);

    /// <summary>Refunds go on the oldest payment first, never beyond what is left of it; what does not fit is refused.</summary>
    [Fact]
    public void Never_more_goes_back_than_was_paid()
    {
        OriginalMeans.Spread(700, [new(1, 500, 0), new(2, 500, 0)]).ShouldBe([(1, 500L), (2, 200L)]);
        OriginalMeans.Spread(700, [new(1, 500, 400), new(2, 500, 0)]).ShouldBeNull();
        OriginalMeans.Spread(0, []).ShouldBe([]);
        var random = new Random(7);
        for (var i = 0; i < Cases; i++)
        {
            var payments = Enumerable.Range(1, random.Next(1, 5)).Select(n => random.Next(1, 1000) is var a ? new PaidBy(n, a, random.Next(0, a + 1)) : default).ToList();
            var total = random.Next(0, 3000);
            var parts = OriginalMeans.Spread(total, payments);
            (parts is null).ShouldBe(total > payments.Sum(p => p.Left));
            foreach (var (number, amount) in parts ?? [])
                amount.ShouldBeInRange(1, payments[number - 1].Left);
            (parts?.Sum(p => p.Amount) ?? total).ShouldBe(total);
        }
    }

    [Fact]
    public void The_entries_balance()
    {
        var line = Line(1000, 3);
        var parts = new[] { ReturnAmounts.Of(line, 0, 2, true), ReturnAmounts.Of(line, 2, 1, true) };
        var entry = ReturnEntry.Refund(parts, new Money(200, "EUR"));
        entry.Sum(s => s.Minor).ShouldBe(0);
        entry.Single(s => s.Account == LedgerAccount.Settlement).Minor.ShouldBe(200 - 1100);
        ReturnEntry.Sold(VatSplit.Of(new Money(1190, "EUR"), Rate.Parse("0.19"))).Sum(s => s.Minor).ShouldBe(0);
        ReturnAmounts.Deduction(new Money(333, "EUR"), Rate.Parse("0.5")).Minor.ShouldBe(167);
    }

    [Fact]
    public void More_pieces_than_were_sold_are_a_bug()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ReturnAmounts.Of(Line(1000, 3), 2, 2, false));
        Should.Throw<ArgumentOutOfRangeException>(() => ReturnAmounts.Of(Line(1000, 3), int.MaxValue, 2, false));
    }

    private static SoldLine Line(long paid, int quantity) => new(1, GoodsKind.Goods, quantity, new Money(paid, "EUR"), new Money(100, "EUR"), Rate.Parse("0.19"), null, null);
}
