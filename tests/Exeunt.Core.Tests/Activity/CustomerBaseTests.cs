using Exeunt.Core.Activity;
using Exeunt.Core.Standards;
using Exeunt.Core.Churn;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Activity;

public sealed class CustomerBaseTests
{
    private static readonly DateOnly AsOf = new(2011, 12, 1);

    /// <summary>Random histories of all kinds, many dates each from one opening: every indicator as the plain version has it.</summary>
    [Fact]
    public void All_values_are_those_of_the_plain_version() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(
                Histories.AllKinds.ToArbitrary(),
                Histories.AsOf.ListOf(6).ToArbitrary(),
                (facts, dates) =>
                {
                    var all = BaseOf(facts);
                    var history = all.Open(0, new HistoryScratch());
                    foreach (var date in dates)
                    {
                        var values = history.At(date);
                        var plain = new PlainIndicators(facts, date);
                        foreach (var indicator in Enum.GetValues<Indicator>().Where(i => i != Indicator.LinesLost))
                        {
                            var expected = plain.Of(indicator) ?? IIndicatorValues.Unknown;
                            if (values[indicator] != expected)
                                throw new InvalidOperationException($"{indicator} as of {date:O}: {values[indicator]}, not {expected}");
                        }
                        values.Indicators.ShouldBe(Indicators.Of(ActivityMonths.Build(facts.ToArray()), date));
                    }
                    return true;
                }
            )
        );

    [Fact]
    public void One_scratch_serves_many_customers_one_after_the_other() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Histories.AllKinds.ListOf(5).ToArbitrary(),
                Histories.AsOf.ToArbitrary(),
                (histories, asOf) =>
                {
                    var all = BaseOf([.. histories.Select(h => h.ToArray())]);
                    var scratch = new HistoryScratch();
                    for (var i = 0; i < all.Count; i++)
                    {
                        var used = all.Open(i, scratch).At(asOf);
                        var fresh = all.Open(i, new HistoryScratch()).At(asOf);
                        foreach (var indicator in Enum.GetValues<Indicator>())
                            used[indicator].ShouldBe(fresh[indicator]);
                    }
                    return true;
                }
            )
        );

    [Fact]
    public void Arrears_are_settled_oldest_first()
    {
        Fact[] facts =
        [
            Due(100_00, new(2011, 9, 10)),
            Due(50_00, new(2011, 10, 10)),
            new(FactKind.Payment, new(2011, 11, 5), 120_00, "p"),
            Due(30_00, new(2011, 12, 1)),
        ];

        (Value(facts, Indicator.DaysOverdue, new(2011, 9, 10)), Value(facts, Indicator.OverdueAmount, new(2011, 9, 10))).ShouldBe((0, 0));
        (Value(facts, Indicator.DaysOverdue, new(2011, 9, 11)), Value(facts, Indicator.OverdueAmount, new(2011, 9, 11))).ShouldBe((1, 100_00));
        (Value(facts, Indicator.DaysOverdue, new(2011, 11, 4)), Value(facts, Indicator.OverdueAmount, new(2011, 11, 4))).ShouldBe((55, 150_00));
        (Value(facts, Indicator.DaysOverdue, new(2011, 11, 5)), Value(facts, Indicator.OverdueAmount, new(2011, 11, 5))).ShouldBe((26, 30_00));
        (Value(facts, Indicator.DaysOverdue, new(2011, 12, 2)), Value(facts, Indicator.OverdueAmount, new(2011, 12, 2))).ShouldBe((53, 60_00));
    }

    [Fact]
    public void An_attitude_counts_until_its_last_day_and_the_newest_alone()
    {
        Fact[] facts =
        [
            new(FactKind.Rating, new(2011, 1, 10), 400, "1", new DateOnly(2012, 1, 10).DayNumber),
            new(FactKind.Rating, new(2011, 6, 10), 150, "2", new DateOnly(2011, 9, 10).DayNumber),
        ];

        Value(facts, Indicator.Attitude, new(2011, 1, 9)).ShouldBe(IIndicatorValues.Unknown);
        Value(facts, Indicator.Attitude, new(2011, 6, 9)).ShouldBe(400);
        Value(facts, Indicator.Attitude, new(2011, 9, 10)).ShouldBe(150);
        Value(facts, Indicator.Attitude, new(2011, 9, 11)).ShouldBe(IIndicatorValues.Unknown);
    }

    [Fact]
    public void The_share_of_the_usual_spend_is_that_of_the_last_closed_month()
    {
        var facts = Enumerable.Range(1, 13).Select(back => Order(AsOf.AddMonths(-back).AddDays(5), back == 1 ? 45_00 : 100_00)).ToArray();

        Value(facts, Indicator.UsualShare).ShouldBe(4_500);
        PartialDefection.Of(PartialDefection.DropOfUsual(4_500)).ShouldBe(Defection.Partial);
        // A month less of history: nothing is usual yet.
        Value(facts[..12], Indicator.UsualShare).ShouldBe(IIndicatorValues.Unknown);
    }

    [Fact]
    public void A_season_that_comes_every_year_is_usual()
    {
        // 100 a month, 300 in every November.
        var facts = Enumerable.Range(1, 25).Select(back => Order(AsOf.AddMonths(-back).AddDays(5), AsOf.AddMonths(-back).Month == 11 ? 300_00 : 100_00)).ToArray();

        // Index of November: 12 × 600 ÷ 2,800 = 2.5714; usual 257.14; 300 is 116.67 % of it.
        Value(facts, Indicator.UsualShare).ShouldBe(11_667);
    }

    [Fact]
    public void The_rhythm_is_the_median_gap_and_how_often_it_has_passed()
    {
        var facts = new[] { 1, 11, 21, 32, 60 }.Select(day => Order(new DateOnly(2011, 6, 1).AddDays(day), 1_00)).ToArray();

        // Gaps 10, 10, 11, 28.
        Value(facts, Indicator.GapMedian, new(2011, 9, 1)).ShouldBe(11);
        Value(facts, Indicator.GapRatio, new DateOnly(2011, 6, 1).AddDays(60 + 21)).ShouldBe(20_000);
        Cadence.Of(20_000).ShouldBe(RhythmState.Late);
        Value(facts[..3], Indicator.GapMedian).ShouldBe(IIndicatorValues.Unknown);
    }

    [Fact]
    public void A_contract_in_term_excludes_on_its_days_only()
    {
        var facts = new[] { Order(new DateOnly(2011, 1, 5), 1_00) };
        var builder = new CustomerBase.Builder(1, 100, [new ExclusionSpan(7, new(2011, 6, 1), new(2011, 7, 1), ExclusionReason.ContractInTerm)]);
        builder.Add(new BaseCustomer(7, 1, "CNY"), ActivityMonths.Build(facts));
        var history = builder.Build().Open(0, new HistoryScratch());

        ((ChurnState)history.At(new(2011, 5, 31))[Indicator.ChurnState]).ShouldBe(ChurnState.Churned);
        ((ChurnState)history.At(new(2011, 6, 1))[Indicator.ChurnState]).ShouldBe(ChurnState.Excluded);
        ((ChurnState)history.At(new(2011, 7, 1))[Indicator.ChurnState]).ShouldBe(ChurnState.Churned);
    }

    [Fact]
    public void Lines_bought_before_and_not_in_the_last_three_months_are_lost()
    {
        byte[] Line(params int[] monthsBack) => ActivityMonths.Build([.. monthsBack.Select(back => Order(AsOf.AddMonths(-back), 1_00))]);
        byte[][] lines = [Line(4, 9), Line(4, 3), Line(15), Line(16), Line(1)];
        var builder = new CustomerBase.Builder(2, 1_000, [], lines.Sum(l => ProductLines.SizeOf(l.Length)));
        builder.Add(new BaseCustomer(1, 1, "CNY"), Line(1, 4));
        for (var i = 0; i < lines.Length; i++)
            builder.AddLine(i + 1, lines[i]);
        builder.Add(new BaseCustomer(2, 1, "CNY"), Line(1, 4));
        var all = builder.Build();

        all.Open(0, new HistoryScratch()).At(AsOf)[Indicator.LinesLost].ShouldBe(2);
        all.Open(1, new HistoryScratch()).At(AsOf)[Indicator.LinesLost].ShouldBe(IIndicatorValues.Unknown);
    }

    [Fact]
    public void Of_the_old_format_everything_but_the_rhythm_is_known()
    {
        // Four order months of format 1, a day apart each from the last only.
        var packed = Convert.FromHexString("010400" + "99E40B640107" + "09640107" + "09640107" + "09640107");
        var builder = new CustomerBase.Builder(1, packed.Length, []);
        builder.Add(new BaseCustomer(1, 1, "CNY"), packed);
        var values = builder.Build().Open(0, new HistoryScratch()).At(new(2011, 4, 1));

        values[Indicator.Spend12m].ShouldBe(400);
        values[Indicator.DaysSinceOrder].ShouldBe(new DateOnly(2011, 4, 1).DayNumber - new DateOnly(2011, 3, 7).DayNumber);
        values[Indicator.GapMedian].ShouldBe(IIndicatorValues.Unknown);
    }

    [Fact]
    public void A_customer_without_history_has_no_values()
    {
        var all = BaseOf(Array.Empty<Fact>());
        var values = all.Open(0, new HistoryScratch()).At(AsOf);

        foreach (var indicator in Enum.GetValues<Indicator>())
            values[indicator].ShouldBe(IIndicatorValues.Unknown);
        values.Indicators.ShouldBeNull();
    }

    [Fact]
    public void Judged_is_who_has_traded_used_or_owed_by_then()
    {
        Standing On(DateOnly day, params Fact[] facts)
        {
            var reader = new BaseReader(BaseOf(facts), new Dictionary<int, Standing>());
            reader.Open(0);
            return reader.StandingOn(day) & Standing.Known;
        }
        Fact bill = Due(1_00, new(2011, 11, 30)), use = new(FactKind.Usage, new(2011, 3, 5), 1, "u"), contact = new(FactKind.Contact, new(2010, 10, 5), 0, "k");

        On(new(2010, 12, 1), bill).ShouldBe(Standing.None, "a bill that falls due a year later tells nothing yet");
        On(new(2011, 11, 29), bill).ShouldBe(Standing.None);
        On(new(2011, 11, 30), bill).ShouldBe(Standing.Known);
        On(new(2011, 3, 4), use).ShouldBe(Standing.None);
        On(new(2011, 3, 5), use).ShouldBe(Standing.Known);
        On(new(2011, 1, 1), Order(new(2010, 12, 31), 1_00)).ShouldBe(Standing.Known);
        On(new(2011, 1, 1), contact).ShouldBe(Standing.None, "who was only spoken with is no customer yet");
    }

    [Fact]
    public void The_data_ends_where_trade_as_usual_ends()
    {
        var present = Month.Of(new(2026, 11, 27));
        DateOnly end = new(2011, 12, 7);
        // 100 customers order in each of 14 months, and pay a month later what was due.
        Fact[][] Usual(params Fact[] stray) => [.. Enumerable.Range(0, 100).Select(i => (Fact[])[.. Enumerable.Range(0, 14).Select(m => Order(end.AddMonths(-m), 1_00)), .. i == 0 ? stray : []])];
        Month? End(Fact[][] facts, bool withPayments = false) => BaseOf(facts).LastMonth(present, withPayments);
        Fact contact = new(FactKind.Contact, new(2026, 10, 5), 0, "k"), payment = new(FactKind.Payment, new(2026, 9, 5), 1_00, "z");

        End(Usual()).ShouldBe(Month.Of(end));
        End(Usual(contact)).ShouldBe(Month.Of(end));
        End(Usual(payment)).ShouldBe(Month.Of(end));
        // Rows of trade that stray in, also into several months, also after the present one.
        End(Usual(Order(new(2026, 10, 6), 1_00), Order(new(2026, 11, 6), 1_00), Order(new(2027, 3, 6), 1_00))).ShouldBe(Month.Of(end));
        End(Usual(payment, contact), withPayments: true).ShouldBe(Month.Of(end));
        // 4 of 100 are not enough, 5 are.
        Fact[][] Later(int customers, Fact fact) => [.. Usual().Select((facts, i) => i < customers ? [.. facts, fact] : facts)];
        End(Later(4, Order(new(2012, 1, 5), 1_00))).ShouldBe(Month.Of(end));
        End(Later(5, Order(new(2012, 1, 5), 1_00))).ShouldBe(Month.Of(end) + 1);
        // Payments tell it of standards on arrears only; what falls due lies ahead and tells nothing beside them.
        End(Later(60, payment)).ShouldBe(Month.Of(end));
        End(Later(60, payment), withPayments: true).ShouldBe(Month.Of(payment.On));
        End(Later(60, Due(1_00, new(2012, 1, 5))), withPayments: true).ShouldBe(Month.Of(end));
        End([[Due(1_00, new(2012, 1, 5))], [Due(1_00, new(2012, 1, 9))]], withPayments: true).ShouldBe(Month.Of(new(2012, 1, 5)));
        // Few customers: each is enough. All after the present month, or none: there is no end.
        End([[Order(end, 1_00)], [Order(end.AddMonths(2), 1_00)]]).ShouldBe(Month.Of(end) + 2);
        End([[contact], [Order(new(2027, 1, 1), 1_00)]]).ShouldBeNull();
    }

    [Fact]
    public void Parts_cover_everybody_once()
    {
        var all = BaseOf([.. Enumerable.Range(0, 1_000).Select(i => Enumerable.Range(0, i % 30).Select(m => Order(AsOf.AddMonths(-m), 1_00)).ToArray())]);

        foreach (var count in new[] { 1, 2, 3, 7, 2_000 })
        {
            var parts = all.Parts(count);
            parts.Count.ShouldBeLessThanOrEqualTo(count);
            parts.SelectMany(p => Enumerable.Range(p.From, p.Until - p.From)).ShouldBe(Enumerable.Range(0, 1_000));
        }
        new CustomerBase.Builder(0, 0, []).Build().Parts(2).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_known_beside_the_history_comes_back()
    {
        var customer = new BaseCustomer(5, 3, "JPY", true, 2, "steel", "JP", new(2001, 2, 3), true);
        var builder = new CustomerBase.Builder(3, 0, []);
        builder.Add(customer, []);
        builder.Add(new BaseCustomer(6, 3, "CNY"), []);
        var all = builder.Build();

        all.Count.ShouldBe(2);
        all.Customer(0).ShouldBe(customer);
        all.Customer(1).ShouldBe(new BaseCustomer(6, 3, "CNY"));
        all.IndexOf(6).ShouldBe(1);
        all.IndexOf(7).ShouldBeLessThan(0);
    }

    private static Fact Order(DateOnly on, long amount) => new(FactKind.Order, on, amount, "");

    private static Fact Due(long amount, DateOnly on) => new(FactKind.Due, on.AddDays(-30), amount, "", on.DayNumber);

    private static long Value(IReadOnlyList<Fact> facts, Indicator indicator, DateOnly? asOf = null)
    {
        var all = BaseOf(facts);
        return all.Open(0, new HistoryScratch()).At(asOf ?? AsOf)[indicator];
    }

    private static CustomerBase BaseOf(params IReadOnlyList<Fact>[] histories)
    {
        var rows = histories.Select(h => ActivityMonths.Build(h.ToArray())).ToList();
        var builder = new CustomerBase.Builder(rows.Count, rows.Sum(r => r.Length), []);
        for (var i = 0; i < rows.Count; i++)
            builder.Add(new BaseCustomer(i + 1, 1, "CNY"), rows[i]);
        return builder.Build();
    }
}
