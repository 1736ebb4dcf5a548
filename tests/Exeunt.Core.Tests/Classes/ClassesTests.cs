using Exeunt.Core.Classes;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Classes;

public sealed class RfmTests
{
    [Fact]
    public void Ten_different_customers_are_two_in_each_fifth_and_the_best_is_555()
    {
        var all = Enumerable.Range(1, 10).Select(i => new RfmValues(100 - (i * 10), i, i * 1_000)).ToArray();
        var cuts = RfmCuts.Of(all);
        all.Select(v => cuts.Score(v).Composite).ShouldBe([111, 111, 222, 222, 333, 333, 444, 444, 555, 555]);
    }

    [Fact]
    public void Customers_who_are_alike_get_the_same_score_wherever_the_fifth_ends()
    {
        // Eight of ten bought once: a ranking would spread them over four scores.
        var all = Enumerable.Range(0, 10).Select(i => new RfmValues(30, i < 8 ? 1 : i, 500)).ToArray();
        var cuts = RfmCuts.Of(all);
        all.Take(8).Select(v => cuts.Score(v).Frequency).Distinct().Count().ShouldBe(1);
        cuts.Score(all[9]).Frequency.ShouldBe(5, "the best is 5, however few scores there are");
        cuts.Score(all[0]).ShouldBe(new RfmScore(5, cuts.Score(all[0]).Frequency, 5), "a measure that does not vary has one score");
    }

    [Fact]
    public void Where_most_bought_once_once_is_not_often()
    {
        var cuts = RfmCuts.Of([.. Enumerable.Range(0, 10).Select(i => new RfmValues(i, i < 9 ? 1 : 6, i % 3))]);
        (cuts.Score(new(1, 1, 1)).Frequency, cuts.Score(new(1, 6, 1)).Frequency).ShouldBe((1, 5));
        Enumerable.Range(0, 3).Select(m => cuts.Score(new(1, 1, m)).Money).ShouldBe([1, 3, 5]);
    }

    [Fact]
    public void More_is_never_scored_worse()
    {
        var random = new Random(7);
        for (var run = 0; run < 200; run++)
        {
            var all = Enumerable.Range(0, random.Next(1, 60)).Select(_ => new RfmValues(random.Next(0, 20), random.Next(1, 6), random.Next(-5, 40))).ToArray();
            var cuts = RfmCuts.Of(all);
            foreach (var a in all)
                foreach (var b in all)
                {
                    var (x, y) = (cuts.Score(a), cuts.Score(b));
                    if (a.Days <= b.Days)
                        x.Recency.ShouldBeGreaterThanOrEqualTo(y.Recency);
                    if (a.Orders >= b.Orders)
                        x.Frequency.ShouldBeGreaterThanOrEqualTo(y.Frequency);
                    if (a.Spend >= b.Spend)
                        x.Money.ShouldBeGreaterThanOrEqualTo(y.Money);
                }
            all.Max(v => cuts.Score(v).Money).ShouldBe(5);
            all.ShouldAllBe(v => cuts.Score(v).Recency >= 1 && cuts.Score(v).Money >= 1);
        }
    }

    [Fact]
    public void Who_ordered_nothing_is_not_scored() => Should.Throw<ArgumentException>(() => RfmCuts.Of([new RfmValues(3, 0, 0)]));
}

public sealed class AbcTests
{
    [Fact]
    public void The_few_who_make_eighty_per_cent_are_A_and_the_next_fifteen_B()
    {
        // 1,000 in all: 500 and 300 make 80 %, 100 and 50 reach 95 %, the rest is C.
        long[] spends = [50, 500, 20, 300, 100, 30, 0, -40];
        var cuts = Abc.Cuts(spends);
        spends.Select(s => Abc.Of(s, cuts)).ShouldBe([AbcClass.B, AbcClass.A, AbcClass.C, AbcClass.A, AbcClass.B, AbcClass.C, AbcClass.C, AbcClass.C]);
    }

    [Fact]
    public void Equal_spends_are_one_class()
    {
        var spends = Enumerable.Repeat(7L, 10).ToArray();
        var cuts = Abc.Cuts(spends);
        spends.ShouldAllBe(s => Abc.Of(s, cuts) == AbcClass.A);
    }

    [Theory]
    [InlineData(0, 9_500)]
    [InlineData(8_000, 8_000)]
    [InlineData(8_000, 10_001)]
    public void Shares_out_of_order_are_refused(int a, int b) => Should.Throw<ArgumentOutOfRangeException>(() => Abc.Cuts([1, 2], a, b));

    [Fact]
    public void Nobody_who_spent_nothing_is_A_or_B()
    {
        var cuts = Abc.Cuts([0, -5, 0]);
        Abc.Of(0, cuts).ShouldBe(AbcClass.C);
        Abc.Of(-5, cuts).ShouldBe(AbcClass.C);
    }

    [Fact]
    public void What_is_A_makes_the_share_and_no_more_than_needed()
    {
        var random = new Random(11);
        for (var run = 0; run < 200; run++)
        {
            var spends = Enumerable.Range(0, random.Next(1, 80)).Select(_ => (long)random.Next(-10, 1_000)).ToArray();
            var whole = spends.Where(s => s > 0).Sum();
            if (whole == 0)
                continue;
            var cuts = Abc.Cuts(spends);
            var inA = spends.Where(s => Abc.Of(s, cuts) == AbcClass.A).Order().ToArray();
            (inA.Sum() * 10).ShouldBeGreaterThanOrEqualTo(whole * 8);
            // Without the smallest of A, and those equal to it, the share is not made.
            (inA.Where(s => s != inA[0]).Sum() * 10).ShouldBeLessThan(whole * 8);
        }
    }
}

public sealed class ClustersTests
{
    [Fact]
    public void Groups_that_lie_apart_are_found_and_everybody_is_in_the_one_that_is_theirs()
    {
        var random = new Random(3);
        (long Spend, long Days)[] middles = [(1_000_000, 5), (10_000, 40), (100, 300)];
        var rows = Enumerable.Range(0, 300).Select(i => (Of: i % 3, Row: new[] { middles[i % 3].Spend + random.Next(0, (int)(middles[i % 3].Spend / 5)), middles[i % 3].Days + random.Next(0, 4) })).ToList();
        var found = Clusters.Find([.. rows.Select(r => r.Row)], 3);
        found.Sizes.ShouldBe([100, 100, 100]);
        rows.GroupBy(r => r.Of).ShouldAllBe(g => g.Select(r => found.Of(r.Row)).Distinct().Count() == 1);
        rows.Select(r => (r.Of, found.Of(r.Row))).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void The_same_rows_give_the_same_groups()
    {
        var random = new Random(4);
        var rows = Enumerable.Range(0, 200).Select(_ => new long[] { random.Next(0, 100_000), random.Next(-50, 50), random.Next(0, 12) }).ToList();
        var (one, two) = (Clusters.Find(rows, 5), Clusters.Find(rows, 5));
        one.Centres.ShouldBe(two.Centres);
        one.Sizes.ShouldBe(two.Sizes);
        one.Sizes.ShouldBe(one.Sizes.OrderDescending());
        one.Sizes.Sum().ShouldBe(200);
    }

    [Fact]
    public void Fewer_different_rows_than_groups_are_refused()
    {
        Should.Throw<ArgumentException>(() => Clusters.Find([[1], [1], [1]], 2));
        Should.Throw<ArgumentException>(() => Clusters.Find([[1]], 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Clusters.Find([[1], [2]], 9));
    }
}
