using Exeunt.Core.HandOvers;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.HandOvers;

public sealed class DistributionTests
{
    private sealed record Portfolio(IReadOnlyList<PortfolioCustomer> Customers, IReadOnlyList<Candidate> Candidates);

    private static readonly Gen<PortfolioCustomer> ACustomer =
        from unit in Gen.Choose(1, 3)
        from weight in Gen.Choose(1, 20)
        from value in Gen.Choose(-1_000, 1_000_000)
        from currency in Gen.Elements("CNY", "EUR", "JPY")
        from byHand in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new PortfolioCustomer(0, unit, weight, value, currency, byHand);

    private static readonly Gen<Candidate> SomeBody =
        from units in Gen.SubListOf(1, 2, 3)
        from load in Gen.Choose(0, 50)
        from capacity in Gen.Elements<int?>(null, null, 1, 5)
        from id in Gen.Choose(1, int.MaxValue)
        select new Candidate(new Guid(id, 0, 0, new byte[8]), units.ToHashSet(), load, capacity);

    private static readonly Gen<Portfolio> Portfolios =
        from customers in Gen.ListOf(ACustomer)
        from candidates in Gen.ListOf(SomeBody)
        select new Portfolio([.. customers.Select((c, i) => c with { Id = i + 1 })], [.. candidates.DistinctBy(c => c.Id)]);

    [Fact]
    public void Every_customer_is_given_exactly_once_and_only_to_who_may_and_has_room() => Check(p =>
    {
        var given = Distribution.Propose(p.Customers, p.Candidates);
        var people = p.Candidates.ToDictionary(c => c.Id);
        return given.Count == p.Customers.Count && p.Customers.All(c => given.ContainsKey(c.Id))
            && p.Customers.All(c => given[c.Id] is not { } who || (people[who].Units.Contains(c.Unit) && !c.ByHand))
            && p.Candidates.All(c => given.Values.Count(g => g == c.Id) <= (c.Capacity ?? int.MaxValue));
    });

    [Fact]
    public void Nobody_is_left_out_for_whom_somebody_with_room_may() => Check(p =>
    {
        var given = Distribution.Propose(p.Customers, p.Candidates);
        return p.Customers.Where(c => !c.ByHand && given[c.Id] is null)
            .All(c => p.Candidates.All(o => !o.Units.Contains(c.Unit) || given.Values.Count(g => g == o.Id) >= (o.Capacity ?? int.MaxValue)));
    });

    [Fact]
    public void The_same_portfolio_in_another_order_is_given_alike() => Check(p =>
    {
        var given = Distribution.Propose(p.Customers, p.Candidates);
        var turned = Distribution.Propose(p.Customers.Reverse(), p.Candidates.Reverse());
        return given.All(g => turned[g.Key] == g.Value);
    });

    [Fact]
    public void Among_equals_nobody_ends_with_more_than_the_heaviest_customer_above_another() => Check(p =>
    {
        var customers = p.Customers.Select(c => c with { ByHand = false }).ToList();
        var equals = p.Candidates.Select(c => c with { Units = new HashSet<int> { 1, 2, 3 }, Load = 0, Capacity = null }).ToList();
        if (equals.Count == 0 || customers.Count == 0)
            return true;
        var given = Distribution.Propose(customers, equals);
        var loads = equals.Select(e => customers.Where(c => given[c.Id] == e.Id).Sum(c => c.Weight)).ToList();
        return loads.Max() - loads.Min() <= customers.Max(c => c.Weight);
    });

    [Fact]
    public void The_most_valuable_bring_the_share_and_no_smaller_customer_is_among_them() => Check(p => Enumerable.Range(0, 5).Select(i => i * 25).All(share =>
    {
        var chosen = Distribution.MostValuable(p.Customers, share);
        return p.Customers.Where(c => c.Value > 0).GroupBy(c => c.Currency).All(g =>
        {
            var inside = g.Where(c => chosen.Contains(c.Id)).ToList();
            var sum = inside.Sum(c => c.Value);
            return sum * 100 >= g.Sum(c => c.Value) * (long)share
                // One less would not be enough.
                && (inside.Count == 0 || (sum - inside.Min(c => c.Value)) * 100 < g.Sum(c => c.Value) * (long)share)
                && g.Where(c => !chosen.Contains(c.Id)).All(c => inside.All(i => i.Value >= c.Value));
        }) && p.Customers.Where(c => c.Value <= 0).All(c => !chosen.Contains(c.Id));
    }));

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void A_share_lies_between_0_and_100(int share) => Should.Throw<ArgumentOutOfRangeException>(() => Distribution.MostValuable([], share));

    private static void Check(Func<Portfolio, bool> holds) => FsCheck.Fluent.Prop.ForAll(Portfolios.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithQuietOnSuccess(true));
}

public sealed class GivingUpCheckTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    private static OpenCase Case(bool disputed = false, bool appealed = false, int? days = null, bool lookedAfter = false) =>
        new("T-1", disputed, appealed, days is { } d ? Today.AddDays(d) : null, lookedAfter);

    [Fact]
    public void Nothing_forbids_a_customer_without_open_cases() => GivingUpCheck.Of(false, false, [], Today).ShouldBeEmpty();

    [Fact]
    public void A_dispute_forbids_it_whoever_has_the_case() =>
        GivingUpCheck.Of(false, false, [Case(disputed: true, lookedAfter: true)], Today).ShouldHaveSingleItem().Code.ShouldBe("giving-up.disputed");

    [Fact]
    public void An_appeal_forbids_it() => GivingUpCheck.Of(false, false, [Case(appealed: true, lookedAfter: true)], Today).ShouldHaveSingleItem().Code.ShouldBe("giving-up.appealed");

    [Fact]
    public void A_period_says_from_when_it_is_possible()
    {
        var no = GivingUpCheck.Of(false, false, [Case(days: 0)], Today).ShouldHaveSingleItem();
        (no.Code, no.PossibleOn).ShouldBe(("giving-up.period-runs", Today.AddDays(1)));
    }

    [Fact]
    public void A_period_that_is_over_leaves_the_case_to_be_assigned() => GivingUpCheck.Of(false, false, [Case(days: -1)], Today).ShouldHaveSingleItem().Code.ShouldBe("giving-up.open-case");

    [Fact]
    public void A_colleague_who_has_the_case_is_enough() => GivingUpCheck.Of(false, false, [Case(days: 5, lookedAfter: true)], Today).ShouldBeEmpty();

    [Fact]
    public void With_a_successor_only_an_erased_customer_cannot_be_given_up()
    {
        GivingUpCheck.Of(true, false, [Case(disputed: true), Case(appealed: true), Case(days: 9)], Today).ShouldBeEmpty();
        GivingUpCheck.Of(true, true, [], Today).ShouldHaveSingleItem().ShouldBe(GivingUpCheck.Erased);
    }

    [Fact]
    public void A_paragraph_that_needs_what_is_not_there_is_left_out()
    {
        var values = HandOverLetter.Fields.ToDictionary(f => f, f => f == "visit.on" ? "" : f);
        var (_, with) = HandOverLetter.NewContact.In("en", values.ToDictionary(v => v.Key, v => v.Key));
        var (_, without) = HandOverLetter.NewContact.In("zh", values);
        (with.Count - without.Count).ShouldBe(1);
        without.ShouldAllBe(p => !p.Contains('{') && !p.Contains("visit"));
    }

    [Fact]
    public void Letters_name_known_fields_only_and_the_same_in_both_languages()
    {
        foreach (var letter in HandOverLetter.All)
            foreach (var words in letter.Paragraphs.Prepend(letter.Subject))
            {
                var (english, chinese) = (Exeunt.Core.Procedures.LetterField.In(words.English).Order(), Exeunt.Core.Procedures.LetterField.In(words.Chinese).Order());
                english.ShouldBe(chinese);
                english.ShouldBeSubsetOf(HandOverLetter.Fields);
            }
    }
}
