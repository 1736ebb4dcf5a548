using Exeunt.Core.Activity;
using Exeunt.Core.Tests.Churn;
using FsCheck;
using FsCheck.Fluent;

namespace Exeunt.Core.Tests.Activity;

/// <summary>Histories of one customer to test with: written out, or random.</summary>
internal static class Histories
{
    /// <summary>
    /// A packed row from months old to new, ending with the last closed one: '1' has an order, '0' has nothing, blanks
    /// are for the eye.
    /// </summary>
    public static byte[] Packed(string months, DateOnly asOf)
    {
        var marks = months.Replace(" ", "", StringComparison.Ordinal);
        var first = Month.Of(asOf) - marks.Length;
        var facts = new List<Fact>();
        for (var i = 0; i < marks.Length; i++)
            if (marks[i] == '1')
                facts.Add(new Fact(FactKind.Order, (first + i).Day(7), 10_00, $"{i}"));
        return ActivityMonths.Build(facts.ToArray());
    }

    /// <summary>Active and silent months, old to new: random, mostly silent, or a repeating year with a fault.</summary>
    public static Gen<List<bool>> Activity { get; } =
        Gen.OneOf(
            Months(50, 0, 90),
            Months(20, 0, 90),
            from year in Months(60, 12, 12)
            from years in Gen.Choose(2, 5)
            from cut in Gen.Choose(0, 11)
            from fault in Gen.Choose(0, 150)
            select Enumerable.Range(0, (years * 12) + cut).Select(i => year[i % 12] != (i == fault)).ToList()
        );

    /// <summary>
    /// Rows over four years with few document numbers, so that documents repeat within and across months, with returns,
    /// adjustments, free rows, negative prices and half pennies.
    /// </summary>
    public static Gen<List<PlainRow>> Rows { get; } =
        from count in Gen.Choose(0, 40)
        from span in Gen.Elements(40, 400, 1500)
        from rows in (
            from kind in Gen.Frequency((8, Gen.Constant("")), (1, Gen.Constant("A")), (2, Gen.Constant("C")))
            from number in Gen.Choose(1, 12)
            from day in Gen.Choose(0, span)
            from quantity in Gen.Choose(-4, 20)
            from price in Gen.Frequency((8, Gen.Choose(1, 30_000)), (1, Gen.Constant(0)), (1, Gen.Choose(-9_000, -1)))
            select new PlainRow($"{kind}{number}", new DateOnly(2008, 1, 1).AddDays(day), quantity, price / 1000m)
        ).ListOf(count)
        select rows.ToList();

    /// <summary>
    /// Facts of every kind over some years, with details and without, in many months and on few days; document numbers as in
    /// <see cref="Rows"/>.
    /// </summary>
    public static Gen<List<Fact>> AllKinds { get; } =
        from rows in Rows
        from costs in Gen.Choose(-5, 4_000).ListOf(rows.Count)
        from count in Gen.Choose(0, 40)
        from span in Gen.Elements(20, 400, 1500)
        from others in (
            from kind in Gen.Elements(
                FactKind.Complaint, FactKind.Due, FactKind.Due, FactKind.Payment, FactKind.Payment, FactKind.Contact, FactKind.Usage, FactKind.Promise, FactKind.Rating)
            from number in Gen.Choose(1, 12)
            from day in Gen.Choose(0, span)
            from amount in Gen.Choose(1, 9_000)
            from detail in Gen.Choose(-1, 6)
            from later in Gen.Choose(0, 120)
            select Other(kind, $"{number}", new DateOnly(2008, 1, 1).AddDays(day), amount, detail, later)
        ).ListOf(count)
        select Facts(rows).Zip(costs, (fact, cost) => cost > 0 && fact.Kind <= FactKind.Return ? fact with { Detail = cost } : fact).Concat(others).ToList();

    private static Fact Other(FactKind kind, string number, DateOnly on, int amount, int detail, int later) =>
        kind switch
        {
            FactKind.Complaint => new Fact(kind, on, 0, number, detail < 0 ? null : detail),
            FactKind.Due => new Fact(kind, on, amount, number, on.AddDays(later).DayNumber),
            FactKind.Payment => new Fact(kind, on, detail == 0 ? -amount : amount * 2, number),
            FactKind.Contact => new Fact(kind, on, detail * 10, number, detail < 2 ? null : amount),
            FactKind.Usage => new Fact(kind, on, 1 + (amount % 9), number),
            FactKind.Promise => new Fact(kind, on, 0, number, detail % 2 == 0 ? 1 : 0),
            _ => new Fact(kind, on, 100 + (amount % 401), number, on.AddDays(later).DayNumber),
        };

    /// <summary>A day on which rows of <see cref="Rows"/> may lie before, after and around.</summary>
    public static Gen<DateOnly> AsOf { get; } =
        Gen.Choose(0, 1700).Select(day => new DateOnly(2008, 1, 1).AddDays(day));

    /// <summary>The rows as facts, in pence.</summary>
    public static Fact[] Facts(IEnumerable<PlainRow> rows) =>
        rows.Select(row => FactReading.Read(row.Document, row.Date, row.Quantity, row.UnitPrice, 2).Value).ToArray();

    private static Gen<List<bool>> Months(int percentActive, int shortest, int longest) =>
        from count in Gen.Choose(shortest, longest)
        from months in Gen.Choose(0, 99).Select(n => n < percentActive).ListOf(count)
        select months.ToList();
}
