using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Tests.Imports;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Facts;

/// <summary>
/// Files of facts in any order, sent again, late, corrected and cancelled: the months are those of what is left by the plain rule "the last
/// correction of a number is all there is of it, otherwise every different line counts".
/// </summary>
public sealed class CorrectedFactsTests
{
    private const string Header = "customer,kind,date,number,amount,cost,product_line,due_on,verdict,minutes,hour_cost,times,kept,score,until,correction";

    private sealed record Told(int Customer, FactKind Kind, DateOnly On, int Number, int Amount, string Line)
    {
        public string Csv(string correction = "")
        {
            var amount = Fact.IsMoney(Kind) ? (Amount / 100m).ToString(CultureInfo.InvariantCulture) : "";
            return string.Join(',', Customer, Kind, On.ToString("yyyy-MM-dd"), Number, amount, Kind == FactKind.Order ? Cost.ToString(CultureInfo.InvariantCulture) : "",
                Kind is FactKind.Order or FactKind.Return ? Line : "", Kind == FactKind.Due ? On.AddDays(Amount % 40).ToString("yyyy-MM-dd") : "", Kind == FactKind.Complaint ? "valid" : "",
                Kind == FactKind.Contact ? $"{Amount}" : "", "", Kind == FactKind.Usage ? $"{Amount}" : "", Kind == FactKind.Promise ? $"{Amount % 2}" : "",
                Kind == FactKind.Rating ? "3.5" : "", Kind == FactKind.Rating ? On.AddDays(Amount % 90).ToString("yyyy-MM-dd") : "", correction);
        }

        private decimal Cost => Amount / 2 / 100m;

        /// <summary>As it should count, written once more from the definition of the kinds.</summary>
        public Fact Fact
        {
            get
            {
                var number = $"{(Kind <= FactKind.Other ? "trade" : Kind.ToString())} {Number}";
                return Kind switch
                {
                    FactKind.Order => new(Kind, On, Amount, number, (long)(Cost * 100)),
                    FactKind.Return => new(Kind, On, -Amount, number),
                    FactKind.Due => new(Kind, On, Amount, number, On.AddDays(Amount % 40).DayNumber),
                    FactKind.Payment => new(Kind, On, Amount, number),
                    FactKind.Complaint => new(Kind, On, 0, number, 1),
                    FactKind.Contact => new(Kind, On, Amount, number),
                    FactKind.Usage => new(Kind, On, Amount, number),
                    FactKind.Promise => new(Kind, On, 0, number, Amount % 2),
                    _ => new(Kind, On, 350, number, On.AddDays(Amount % 90).DayNumber),
                };
            }
        }

        public (int, bool, FactKind, int) Document => (Customer, Kind <= FactKind.Other, Kind <= FactKind.Other ? FactKind.Order : Kind, Number);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Months_are_the_facts_that_are_left(string database)
    {
        var random = new Random(20261126);
        FactKind[] kinds = [FactKind.Order, FactKind.Order, FactKind.Return, FactKind.Due, FactKind.Payment, FactKind.Complaint, FactKind.Contact, FactKind.Usage, FactKind.Promise, FactKind.Rating];
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File(["customer,name,currency", .. Enumerable.Range(0, 8).Select(c => $"{c},Company {c},CNY")]));
        var plain = new HashSet<Told>();
        var corrected = new Dictionary<(int, bool, FactKind, int), List<Told>>();
        for (var file = 0; file < 6; file++)
        {
            var lines = new List<string>();
            for (var i = 0; i < 60; i++)
            {
                // One kind, day and amount make a line what it is: of one number they differ, and the line of products follows from them.
                var amount = random.Next(1, 5_000);
                var told = new Told(random.Next(8), kinds[random.Next(kinds.Length)], new DateOnly(2024, 1, 1).AddDays(random.Next(500)), random.Next(25), amount, amount % 3 == 0 ? "" : $"L{amount % 3}");
                if (told.Kind is FactKind.Complaint or FactKind.Promise or FactKind.Rating && plain.Any(p => p.Kind == told.Kind && p.On == told.On && p.Document == told.Document))
                    continue;
                if (plain.Add(told))
                    lines.Add(told.Csv());
            }
            // Some that were told before, again.
            lines.AddRange(plain.Where(_ => random.Next(5) == 0).Select(p => p.Csv()).Except(lines).ToList());
            foreach (var document in plain.Select(p => p.Document).Distinct().Where(_ => random.Next(12) == 0).ToList())
            {
                var one = plain.First(p => p.Document == document);
                if (random.Next(3) == 0)
                {
                    corrected[document] = [];
                    lines.Add(one.Csv("cancel"));
                    continue;
                }
                var day = one.On.AddDays(random.Next(-200, 200));
                corrected[document] = [.. Enumerable.Range(1, random.Next(1, 4)).Select(n => one with { On = day.AddDays(n), Amount = one.Amount + n, Line = $"N{n}" })];
                lines.AddRange(corrected[document].Select(c => c.Csv("replace")));
            }
            var shuffled = lines.ToArray();
            random.Shuffle(shuffled);
            var (exit, _, error) = await app.Import("facts", app.File([Header, .. shuffled]));
            exit.ShouldBe(0, error);
            (await app.MonthsAreRight()).ShouldBe(0);
        }

        corrected.Count.ShouldBeGreaterThan(20);
        var left = plain.Where(p => !corrected.ContainsKey(p.Document)).Concat(corrected.Values.SelectMany(c => c)).ToList();
        var (rows, lineRows) = await app.With(async (storage, db) =>
        {
            var ids = new Dictionary<int, long>();
            for (var c = 0; c < 8; c++)
            {
                var token = storage.Numbers.Of("own", $"{c}");
                ids[c] = await db.Customers.Where(x => x.NumberToken == token).Select(x => x.Id).SingleAsync();
            }
            var months = await db.Activity.ToDictionaryAsync(a => a.CustomerId, a => Convert.ToHexString(a.Months));
            var codes = await db.ProductLines.ToDictionaryAsync(l => l.Id, l => l.Code);
            var lines = (await db.ActivityLines.ToListAsync()).ToDictionary(a => (ids.Single(i => i.Value == a.CustomerId).Key, codes[a.ProductLine]), a => Convert.ToHexString(a.Months));
            return (ids.ToDictionary(i => i.Key, i => months[i.Value]), lines);
        });
        foreach (var (customer, months) in rows)
            months.ShouldBe(Convert.ToHexString(ActivityMonths.Build([.. left.Where(l => l.Customer == customer).Select(l => l.Fact)])));
        var expected = left.Where(l => l.Line != "" && l.Kind is FactKind.Order or FactKind.Return && l.Line != "").GroupBy(l => (l.Customer, l.Line))
            .ToDictionary(g => g.Key, g => Convert.ToHexString(ActivityMonths.Build([.. g.Select(l => l.Fact)])));
        lineRows.Count.ShouldBe(expected.Count);
        foreach (var (key, months) in expected)
            lineRows[key].ShouldBe(months);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_old_row_is_read_and_renewed_when_facts_are_added(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("invoices", app.File("customer,document,date,quantity,unit_price,currency", "7,D1,2010-12-05,1,1.00,CNY", "7,D2,2010-12-09,1,155.40,CNY"));
        await app.With(async (_, db) =>
        {
            // The same in format 1: December 2010, 156.40 in two orders, the last on the ninth.
            (await db.Activity.SingleAsync()).Months = Convert.FromHexString("010100" + "99E40B" + "987A" + "02" + "09");
            db.Audit(new Exeunt.App.Platform.Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.old", "activity");
            return await db.SaveChangesAsync();
        });
        (await app.Evaluate("2011-01-01")).Output.ShouldContain("7,new,0,0,2,156.40,0.0000,2010-12-09");

        await app.Import("invoices", app.File("customer,document,date,quantity,unit_price,currency", "7,D3,2010-12-10,1,1.00,CNY"));

        (await app.MonthsAreRight()).ShouldBe(0);
        (await app.Evaluate("2011-01-01")).Output.ShouldContain("7,new,0,0,3,157.40,0.0000,2010-12-10");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_verdict_and_a_cost_of_a_later_file_are_taken_over_once(string database)
    {
        const string invoices = "customer,document,date,quantity,unit_price,currency,cost,product_line";
        await using var app = await Installation.On(database);
        await app.Import("invoices", app.File(invoices, "3,O1,2024-01-05,2,5.00,CNY,,TEA", "4,O9,2024-01-05,1,1.00,CNY,,"));
        await app.Import("complaints", app.File("customer,document,date,verdict", "3,C1,2024-01-07,pending", "3,C2,2024-01-08,abusive"));

        var cost = await app.Import("invoices", app.File(invoices, "3,O1,2024-01-05,2,5.00,CNY,4,TEA", "4,O9,2024-01-05,1,1.00,CNY,,", "4,O10,2024-02-05,1,1.00,CNY,,"));
        var judged = await app.Import("complaints", app.File("customer,document,date,verdict", "3,C1,2024-01-07,valid", "3,C2,2024-01-08,valid"));
        var again = await app.Import("facts", app.File(Header, "3,complaint,2024-01-07,C1,,,,,abusive,,,,,,,", "3,order,2024-01-05,O1,10,9,TEA,,,,,,,,,", "3,complaint,2024-01-07,C1,,,,,pending,,,,,,,"));

        cost.Error.ShouldContain("1 new, 1 changed, 1 there already");
        judged.Error.ShouldContain("0 new, 1 changed, 1 there already");
        // The third row is the second complaint of that number in the file.
        again.Error.ShouldContain("1 new, 0 changed, 2 there already");
        (await app.MonthsAreRight()).ShouldBe(0);
        var details = await app.With((_, db) => db.Facts.Where(f => f.Kind == FactKind.Complaint || f.Amount == 10_00).OrderBy(f => f.Kind).ThenBy(f => f.On).ThenByDescending(f => f.Detail).Select(f => f.Detail).ToListAsync());
        details.ShouldBe([4_00, (long)ComplaintVerdict.Valid, (long)ComplaintVerdict.Pending, (long)ComplaintVerdict.Abusive]);
    }

    /// <summary>Rows of before 0.1 have keys of another kind; a rebuild gives them today's, and what was found of them goes along.</summary>
    [Theory, ClassData(typeof(Databases))]
    public async Task A_rebuild_renews_keys_so_that_the_same_file_still_changes_nothing(string database)
    {
        await using var app = await Installation.On(database);
        string[] lines = ["customer,document,date,quantity,unit_price,currency,product_line", "7,D1,2024-01-05,2,5.00,CNY,", "7,D1,2024-01-05,1,10.00,CNY,", "7,D1,2024-01-05,1,10.00,CNY,TEA", "8,C2,2024-02-01,-1,9.99,CNY,"];
        await app.Import("invoices", app.File(lines));
        var right = await app.Months();
        await app.With(async (storage, db) =>
        {
            var facts = await db.Facts.AsNoTracking().OrderBy(f => f.CustomerId).ThenBy(f => f.Line).ToListAsync();
            foreach (var (i, old) in facts.Index())
            {
                db.Facts.Remove(old);
                db.Facts.Add(new() { CustomerId = old.CustomerId, Document = old.Document, Line = 1_000 + i, Kind = old.Kind, On = old.On, Amount = old.Amount, Detail = old.Detail, ProductLine = old.ProductLine });
                if (i == 0)
                    db.Add(new Features.LateCharges.LateCharge { CustomerId = old.CustomerId, Document = old.Document, Line = 1_000, Id = Guid.CreateVersion7(), CaseId = Guid.CreateVersion7(), On = old.On, Amount = old.Amount, Currency = "CNY", FoundAt = DateTimeOffset.UnixEpoch });
            }
            db.Audit(new Exeunt.App.Platform.Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.old", "facts");
            return await db.SaveChangesAsync();
        });
        using var words = new StringWriter();

        (await Features.Evaluate.MonthsCommand.Run(["rebuild"], app.Options, words, words, CancellationToken.None)).ShouldBe(0);
        (await Features.Evaluate.MonthsCommand.Run(["rebuild"], app.Options, words, words, CancellationToken.None)).ShouldBe(0);

        words.ToString().ShouldContain("4 facts");
        (await app.Import("invoices", app.File(lines))).Error.ShouldContain("0 new, 0 changed, 4 there already");
        (await app.Months()).ShouldBe(right);
        (await app.With((_, db) => db.Set<Features.LateCharges.LateCharge>().CountAsync(c => db.Facts.Any(f => f.CustomerId == c.CustomerId && f.Document == c.Document && f.Line == c.Line)))).ShouldBe(1);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Wrong_rows_are_refused_with_line_and_column_and_the_rest_goes_in(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name,currency", "1,Company,CNY"));

        var (exit, _, error) = await app.Import("facts", app.File(Header,
            "1,order,2024-01-05,O1,10,,,,,,,,,,,",
            "1,barter,2024-01-05,O1,10,,,,,,,,,,,",
            "2,order,2024-01-05,O1,10,,,,,,,,,,,",
            "1,order,2024-01-05,O1,-10,,,,,,,,,,,",
            "1,due,2024-01-05,B1,10,,,2023-01-01,,,,,,,,",
            "1,rating,2024-01-05,S1,,,,,,,,,,9,2024-05-01,",
            "1,promise,2024-01-05,V1,,,,,,,,,maybe,,,",
            "1,complaint,2024-01-05,C1,,,,,excellent,,,,,,,",
            "1,order,2024-01-05,,10,,,,,,,,,,,replace"));

        exit.ShouldBe(2);
        error.ShouldContain("line 3, column kind: fact.kind");
        error.ShouldContain("line 4, column customer: import.no-such-customer");
        error.ShouldContain("line 5, column amount: fact.amount");
        error.ShouldContain("line 6, column due_on: fact.date");
        error.ShouldContain("line 7, column score: fact.score");
        error.ShouldContain("line 8, column kept: import.word");
        error.ShouldContain("line 9, column verdict: import.word");
        error.ShouldContain("line 10, column number: fact.required");
        (await app.Facts()).ShouldBe(1);
    }
}
