using Exeunt.Core.Activity;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Activity;

public sealed class ActivityMonthsTests
{
    private static readonly Month December = Month.Of(new DateOnly(2010, 12, 1));

    [Fact]
    public void Facts_add_up_by_month()
    {
        Fact[] facts =
        [
            new(FactKind.Order, new(2011, 2, 3), 7_00, "4"),
            new(FactKind.Order, new(2010, 12, 9), 10_00, "1"),
            new(FactKind.Order, new(2010, 12, 9), 5_00, "1"),
            new(FactKind.Order, new(2010, 12, 2), 1_00, "2"),
            new(FactKind.Return, new(2010, 12, 30), -4_00, "C3"),
            new(FactKind.Adjustment, new(2010, 12, 31), -50, "A1"),
            new(FactKind.Other, new(2010, 12, 31), 0, "5"),
        ];

        MonthsOf(ActivityMonths.Build(facts))
            .ShouldBe([
                new ActivityMonth(December, 16_00, 4_00, -50, 2, Days(2, 9)),
                new ActivityMonth(December + 2, 7_00, 0, 0, 1, Days(3)),
            ]);
    }

    [Fact]
    public void A_month_with_nothing_but_a_free_row_is_a_month() =>
        MonthsOf(ActivityMonths.Build([new(FactKind.Other, new(2010, 12, 31), 0, "5")]))
            .ShouldBe([new ActivityMonth(December, 0, 0, 0, 0, 0)]);

    [Fact]
    public void Order_rows_without_a_number_count_one_by_one()
    {
        var row = new Fact(FactKind.Order, new(2010, 12, 3), 12_00, "");

        MonthsOf(ActivityMonths.Build([row, row])).Single().Orders.ShouldBe(2);
    }

    [Fact]
    public void A_document_with_a_free_row_first_counts_once()
    {
        Fact[] facts =
        [
            new(FactKind.Other, new(2010, 12, 3), 0, "1"),
            new(FactKind.Order, new(2010, 12, 3), 12_00, "1"),
        ];

        MonthsOf(ActivityMonths.Build(facts)).Single().Orders.ShouldBe(1);
    }

    [Fact]
    public void A_document_over_three_months_is_one_order_in_every_window()
    {
        var packed = ActivityMonths.Build([
            new(FactKind.Order, December.Day(1), 1_00, "1"),
            new(FactKind.Order, (December + 1).Day(1), 1_00, "1"),
            new(FactKind.Order, (December + 4).Day(1), 1_00, "1"),
        ]);
        var row = new ActivityMonths(packed);

        MonthsOf(packed).Sum(month => month.Orders).ShouldBe(3);
        row.CountedAgain(December, December + 5).ShouldBe(2);
        row.CountedAgain(December, December + 4).ShouldBe(1);
        row.CountedAgain(December + 1, December + 5).ShouldBe(1);
        row.CountedAgain(December + 2, December + 5).ShouldBe(0);
    }

    /// <summary>
    /// The bytes of format 1 by hand: they lie in databases, so they stay readable. December 2010 has the index
    /// 24131 (C3BC01), with orders 24131 × 8 + 1 (99E40B); 156.40 is 15640 (987A); 0.65 as signed is 130 (8201).
    /// </summary>
    [Fact]
    public void Format_1_is_still_read()
    {
        var packed = Convert.FromHexString("01" + "02" + "01" + "C3BC01" + "02" + "99E40B" + "987A" + "01" + "09" + "13" + "64" + "01" + "03" + "8201");
        var row = new ActivityMonths(packed);

        row.IsOld.ShouldBeTrue();
        row.CountedAgain(December, December + 3).ShouldBe(1);
        MonthsOf(packed)
            .ShouldBe([
                new ActivityMonth(December, 156_40, 0, 0, 1, Days(9)),
                new ActivityMonth(December + 2, 1_00, 65, 0, 1, Days(3)),
            ]);
    }

    /// <summary>
    /// The bytes of format 2 by hand, which may never change either: 24131 × 16 + 1 is B1C817; the ninth and the second of the
    /// month are 9 + 32 (29) and bit 1 (02); 2 × 16 + 1 + 2 + 8 is 2B; a margin of 40 is 80 (50).
    /// Day 734113 is 2010-12-08 (A1E72C); 14 days later 5.00 was due; 3.00 paid is 600 (D804).
    /// </summary>
    [Fact]
    public void Format_2_is_these_bytes()
    {
        var eighth = new DateOnly(2010, 12, 8);
        Fact[] facts =
        [
            new(FactKind.Order, new(2010, 12, 9), 156_40, "1"),
            new(FactKind.Order, new(2010, 12, 2), 0_60, "3"),
            new(FactKind.Order, new(2011, 2, 3), 1_00, "1", Detail: 60),
            new(FactKind.Return, new(2011, 2, 4), -65, "C2"),
            new(FactKind.Complaint, new(2011, 2, 5), 0, "4", Detail: (long)ComplaintVerdict.Partial),
            new(FactKind.Due, new(2010, 12, 1), 2_00, "5", Detail: eighth.DayNumber),
            new(FactKind.Due, new(2010, 12, 1), 5_00, "6", Detail: eighth.AddDays(14).DayNumber),
            new(FactKind.Payment, eighth, 3_00, "7"),
            new(FactKind.Rating, eighth, 350, "8", Detail: eighth.AddDays(90).DayNumber),
        ];

        eighth.DayNumber.ShouldBe(0x21 + (0x67 << 7) + (0x2C << 14));
        Convert
            .ToHexString(ActivityMonths.Build(facts))
            .ShouldBe(
                "02" + "02" + "03"
                    + "C3BC01" + "02"
                    + "B1C817" + "D47A" + "02" + "29" + "02"
                    + "2B" + "64" + "01" + "03" + "8201" + "06" + "01" + "50" + "01" + "01" + "01"
                    + "02" + "A1E72C" + "C801" + "0E" + "F403"
                    + "01" + "A1E72C" + "D804"
                    + "01" + "A1E72C" + "DE02" + "5A"
            );
    }

    [Fact]
    public void No_facts_make_an_empty_row() => new ActivityMonths(ActivityMonths.Build([])).Count.ShouldBe(0);

    [Fact]
    public void Packed_months_come_back_as_they_were() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Months.ToArbitrary(),
                Straddles.ToArbitrary(),
                DatedEntries.ToArbitrary(),
                (months, straddles, dated) =>
                {
                    var packed = ActivityMonths.Pack(months.ToArray(), [.. straddles], dated.Due, dated.Paid, dated.Ratings);
                    var row = new ActivityMonths(packed);
                    var (due, paid, ratings) = row.Dated();
                    return row.Count == months.Count
                        && MonthsOf(packed).SequenceEqual(months)
                        && row.Straddles().SequenceEqual(straddles.Order())
                        && due.SequenceEqual(dated.Due)
                        && paid.SequenceEqual(dated.Paid)
                        && ratings.SequenceEqual(dated.Ratings);
                }
            )
        );

    [Fact]
    public void The_order_of_the_facts_does_not_matter() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Histories.AllKinds.ToArbitrary(),
                history =>
                {
                    var facts = history.ToArray();
                    return ActivityMonths.Build(facts).SequenceEqual(ActivityMonths.Build(facts.Reverse().ToArray()));
                }
            )
        );

    [Fact]
    public void Merging_equals_building_from_all_facts_when_no_document_is_in_both() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Histories.AllKinds.ToArbitrary(),
                facts =>
                {
                    var one = facts.Where(fact => fact.Document[^1] % 2 == 0).ToArray();
                    var other = facts.Where(fact => fact.Document[^1] % 2 == 1).ToArray();
                    var merged = ActivityMonths.Merge(ActivityMonths.Build(one), ActivityMonths.Build(other));
                    return merged.SequenceEqual(ActivityMonths.Build(facts.ToArray()));
                }
            )
        );

    [Fact]
    public void Distinct_documents_of_every_window_can_be_told() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Histories.Rows.ToArbitrary(),
                Gen.Choose(0, 48).Two().ToArbitrary(),
                (rows, window) =>
                {
                    var facts = Histories.Facts(rows);
                    var january = Month.Of(new DateOnly(2008, 1, 1));
                    var from = january + Math.Min(window.Item1, window.Item2);
                    var until = january + Math.Max(window.Item1, window.Item2);
                    var packed = ActivityMonths.Build(facts);
                    var counted = MonthsOf(packed).Where(m => m.Month >= from && m.Month < until).Sum(m => m.Orders);
                    var distinct = facts
                        .Where(f => f.Kind == FactKind.Order && Month.Of(f.On) >= from && Month.Of(f.On) < until)
                        .Select(f => f.Document)
                        .Distinct()
                        .Count();
                    return counted - new ActivityMonths(packed).CountedAgain(from, until) == distinct;
                }
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("030000")]
    [InlineData("02000001")]
    [InlineData("020001")]
    [InlineData("0200010000")]
    [InlineData("020001000001")]
    [InlineData("020100B1C817640100")]
    [InlineData("020100B1C8176401210F")]
    [InlineData("0100")]
    [InlineData("010100")]
    [InlineData("01010000")]
    [InlineData("010000FF")]
    [InlineData("01FFFFFFFF0F00")]
    public void Damaged_bytes_are_not_read(string hex) =>
        Should.Throw<FormatException>(() => new ActivityMonths(Convert.FromHexString(hex)).Dated());

    [Fact]
    public void Any_bytes_are_read_or_refused_and_nothing_else() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Gen.Choose(0, 255).Select(n => (byte)n).ListOf().ToArbitrary(),
                Gen.Elements<byte>(1, 2).ToArbitrary(),
                (noise, format) =>
                {
                    try
                    {
                        MonthsOf([format, .. noise]);
                        new ActivityMonths([format, .. noise]).Dated();
                    }
                    catch (FormatException) { }
                    return true;
                }
            )
        );

    private static Gen<List<ActivityMonth>> Months { get; } =
        from count in Gen.Choose(0, 30)
        from start in Gen.Choose(1, 30_000)
        from steps in Gen.Frequency((5, Gen.Constant(1)), (1, Gen.Choose(2, 3_000))).ListOf(count)
        from parts in (
            from ordered in Amount
            from returned in Amount
            from sign in Gen.Elements(-1, 1)
            from adjusted in Amount
            from orders in Gen.OneOf(Gen.Choose(1, 3), Gen.Choose(1, int.MaxValue))
            from days in Gen.Choose(1, int.MaxValue)
            from more in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 63))
            from count in Gen.Choose(1, 900)
            select (ordered, returned, adjusted: sign * adjusted, orders, days: (uint)days, more, count)
        ).ListOf(count)
        select Ascending(start, [.. steps], [.. parts]);

    private static Gen<List<Straddle>> Straddles { get; } =
        from straddles in (
            from earlier in Gen.Choose(12, 60_000)
            from distance in Gen.Choose(1, 30_000)
            select new Straddle(new Month(earlier), new Month(earlier + distance))
        ).ListOf()
        select straddles.Take(5).ToList();

    private static Gen<long> Amount { get; } =
        Gen.OneOf(
            Gen.Constant(0L),
            Gen.Choose(1, 500_00).Select(n => (long)n),
            Gen.Choose(0, int.MaxValue).Select(n => long.MaxValue - n)
        );

    private static List<ActivityMonth> Ascending(
        int start,
        List<int> steps,
        List<(long Ordered, long Returned, long Adjusted, int Orders, uint Days, int More, int Count)> parts
    )
    {
        var month = new Month(start);
        var months = new List<ActivityMonth>();
        for (var i = 0; i < steps.Count; i++)
        {
            month += steps[i];
            var p = parts[i];
            var hasOrders = p.Ordered > 0;
            bool Has(int bit) => (p.More & bit) != 0;
            months.Add(
                new(month, p.Ordered, p.Returned, p.Adjusted, hasOrders ? p.Orders : 0, hasOrders ? p.Days : 0)
                {
                    IsTraded = !Has(1),
                    Costed = Has(2) ? p.Count : 0,
                    Margin = Has(2) ? p.Adjusted : 0,
                    Complaints = Has(4) ? p.Count : 0,
                    Judged = Has(4) ? p.Count / 2 : 0,
                    ValidComplaints = Has(4) ? p.Count / 3 : 0,
                    Contacts = Has(8) ? p.Count : 0,
                    ContactsCosted = Has(8) ? p.Count / 2 : 0,
                    ContactCost = Has(8) ? p.Returned : 0,
                    Usage = Has(16) ? p.Returned : 0,
                    UsageDays = Has(16) ? p.Days : 0,
                    PromisesKept = Has(32) ? p.Count - 1 : 0,
                    PromisesBroken = Has(32) ? p.Count : 0,
                }
            );
        }
        return months;
    }

    private static Gen<(List<DatedAmount> Due, List<DatedAmount> Paid, List<DatedRating> Ratings)> DatedEntries { get; } =
        from due in Gen.Choose(1, 3_000_000).Two().ListOf()
        from paid in Gen.Choose(1, 3_000_000).Two().ListOf()
        from ratings in Gen.Choose(1, 3_000_000).Two().ListOf()
        select (
            due.DistinctBy(d => d.Item1).OrderBy(d => d.Item1).Select(d => new DatedAmount(DateOnly.FromDayNumber(d.Item1), d.Item2)).ToList(),
            paid.DistinctBy(d => d.Item1).OrderBy(d => d.Item1).Select(d => new DatedAmount(DateOnly.FromDayNumber(d.Item1), 1_000 - d.Item2)).ToList(),
            ratings.DistinctBy(d => d.Item1).OrderBy(d => d.Item1)
                .Select(d => new DatedRating(DateOnly.FromDayNumber(d.Item1), d.Item2 % 500, DateOnly.FromDayNumber(d.Item1 + (d.Item2 % 900)))).ToList()
        );

    private static uint Days(params int[] days) => days.Aggregate(0U, (set, day) => set | ActivityMonth.Day(day));

    private static List<ActivityMonth> MonthsOf(ReadOnlySpan<byte> packed)
    {
        var months = new List<ActivityMonth>();
        foreach (var month in new ActivityMonths(packed))
            months.Add(month);
        return months;
    }
}
