using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

public sealed class ImportInvoicesTests
{
    private const string Header = "customer,document,date,quantity,unit_price,currency";

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_file_twice_changes_nothing(string database)
    {
        await using var app = await Installation.On(database);
        var file = app.File(Header, "7,D1,2024-01-05,2,3.50,CNY", "7,D1,2024-01-05,2,3.50,CNY", "8,D2,2024-02-01,1,9.99,CNY");

        (await app.Import("invoices", file)).Exit.ShouldBe(0);
        var (facts, months) = (await app.Facts(), await app.Months());
        var (exit, _, error) = await app.Import("invoices", file);

        exit.ShouldBe(0);
        error.ShouldContain("0 new, 0 changed, 3 there already");
        (await app.Facts()).ShouldBe(facts);
        (await app.Months()).ShouldBe(months);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Equal_lines_that_are_real_all_count(string database)
    {
        await using var app = await Installation.On(database);
        string[] lines = [Header, .. Enumerable.Repeat("7,D1,2024-01-05,2,3.50,CNY", 5)];

        await app.Import("invoices", app.File(lines[..3]));
        await app.Import("invoices", app.File(lines));

        (await app.Facts()).ShouldBe(5);
        (await app.MonthsAreRight()).ShouldBe(0);
        (await app.Evaluate("2024-02-01")).Output.ShouldContain("7,new,0,0,1,35.00,0.0000,2024-01-05");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Refused_rows_are_reported_without_their_content_and_the_rest_goes_in(string database)
    {
        await using var app = await Installation.On(database);
        var file = app.File(Header,
            "secret-1,D1,2024-01-05,2,3.50,CNY",
            "secret-2,D2,2024-02-30,2,3.50,CNY",
            "secret-3,D3,2024-02-01,two,3.50,CNY",
            "secret-4,D4,2024-02-01,2,3.50",
            "secret-5,D5,2024-02-01,2,3.50,cny",
            ",D6,2024-02-01,2,3.50,CNY",
            "secret-7,D7,2024-02-01,999999999999999999999999,3.50,CNY",
            "secret-8,D8,2024-02-01,-1,3.50,CNY");

        var (exit, _, error) = await app.Import("invoices", file);

        exit.ShouldBe(2);
        error.ShouldContain("line 3, column date: import.date");
        error.ShouldContain("line 4, column quantity: import.number");
        error.ShouldContain("line 5: import.fields");
        error.ShouldContain("line 6, column currency: import.currency");
        error.ShouldContain("line 7, column customer: import.required");
        error.ShouldContain("line 8, column unit_price: fact.amount-too-large");
        error.ShouldContain("2 new");
        error.ShouldNotContain("secret");
        (await app.Facts()).ShouldBe(2);
    }

    [Fact]
    public async Task Rejects_hold_the_refused_rows_and_neutralise_formulas()
    {
        await using var app = await Installation.On("sqlite");
        var rejects = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));

        await app.Import("invoices", app.File(Header, "=cmd(),D1,2024-13-01,-2,3.50,CNY"), "--rejects", rejects);

        var line = File.ReadAllLines(rejects)[1];
        line.ShouldStartWith("2,date,import.date,");
        line.ShouldEndWith(",'=cmd(),D1,2024-13-01,-2,3.50,CNY");
        File.GetUnixFileMode(rejects).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Delete(rejects);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_dry_run_changes_nothing(string database)
    {
        await using var app = await Installation.On(database);

        var (exit, _, error) = await app.Import("invoices", app.File(Header, "7,D1,2024-01-05,2,3.50,CNY"), "--dry-run");

        exit.ShouldBe(0);
        error.ShouldContain("dry run");
        (await app.Facts()).ShouldBe(0);
        (await app.With((_, db) => Task.FromResult(db.AuditLog.Count()))).ShouldBe(0);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_document_that_comes_in_two_files_is_one_order(string database)
    {
        await using var app = await Installation.On(database);

        await app.Import("invoices", app.File(Header, "7,D1,2024-01-05,2,3.50,CNY"));
        await app.Import("invoices", app.File(Header, "7,D1,2024-01-05,1,1.00,CNY", "7,D1,2024-02-05,1,1.00,CNY", "7,D2,2024-02-05,1,1.00,CNY"));

        (await app.Evaluate("2024-03-01")).Output.ShouldContain("7,new,0,0,2,10.00,");
        (await app.MonthsAreRight()).ShouldBe(0);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Months_are_the_same_whatever_the_order_of_the_files(string database)
    {
        var random = new Random(20240611);
        string[] rows = [.. Enumerable.Range(0, 400).Select(_ =>
            $"{random.Next(12)},{"CAD"[random.Next(3)]}{random.Next(60)},{new DateOnly(2023, 1, 1).AddDays(random.Next(500)):yyyy-MM-dd},{random.Next(-3, 6)},{random.Next(0, 900) / 100m},CNY")];
        // Equal lines stay in one file, since their ordinals are counted per file.
        rows = [.. rows.Distinct()];
        var results = new List<string>();
        foreach (var pieces in new[] { 1, 4, 9 })
        {
            await using var app = await Installation.On(database);
            random.Shuffle(rows);
            foreach (var piece in rows.Chunk((rows.Length / pieces) + 1))
                (await app.Import("invoices", app.File([Header, .. piece]))).Exit.ShouldBe(0);
            (await app.MonthsAreRight()).ShouldBe(0);
            results.Add((await app.Evaluate("2024-06-01")).Output);
        }

        results.Distinct().ShouldHaveSingleItem();
        results[0].Split('\n').Length.ShouldBeGreaterThan(10);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Months_rebuild_repairs_what_check_finds(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("invoices", app.File(Header, "7,D1,2024-01-05,2,3.50,CNY", "8,D1,2024-01-05,2,3.50,CNY"));
        var right = await app.Months();
        await app.With(async (storage, db) =>
        {
            (await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.FirstAsync(db.Activity)).Months = [1, 0, 0];
            db.Audit(new Exeunt.App.Platform.Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.damage", "activity");
            return await db.SaveChangesAsync();
        });

        (await app.MonthsAreRight()).ShouldBe(1);
        using var words = new StringWriter();
        (await Features.Evaluate.MonthsCommand.Run(["rebuild"], app.Options, words, words, CancellationToken.None)).ShouldBe(0);

        (await app.MonthsAreRight()).ShouldBe(0);
        (await app.Months()).ShouldBe(right);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_erased_number_is_not_taken_again(string database)
    {
        await using var app = await Installation.On(database);
        await app.With(async (storage, db) =>
        {
            db.Erasures.Add(new Features.Erasure.ErasureRow { CustomerId = 99, Class = Exeunt.App.Platform.DataClass.Profile, Token = storage.Numbers.Of("own", "gone"), At = DateTimeOffset.UnixEpoch });
            db.Audit(new Exeunt.App.Platform.Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.erased", "customer:99");
            return await db.SaveChangesAsync();
        });

        var (exit, _, error) = await app.Import("invoices", app.File(Header, "gone,D1,2024-01-05,2,3.50,CNY", "here,D1,2024-01-05,2,3.50,CNY"));

        exit.ShouldBe(2);
        error.ShouldContain("line 2, column customer: import.suppressed");
        (await app.Facts()).ShouldBe(1);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Each_file_leaves_its_hash_and_counts_in_the_audit_log(string database)
    {
        await using var app = await Installation.On(database);

        await app.Import("invoices", app.File(Header, "7,D1,2024-01-05,2,3.50,CNY"));

        var entries = await app.With((_, db) => Task.FromResult(db.AuditLog.OrderBy(a => a.Id).Select(a => new { a.Verb, a.Target, a.Data }).ToList()));
        entries.Select(e => e.Verb).ShouldBe(["unit.created", "import.started", "import.finished"]);
        entries[2].Target.Length.ShouldBe("file:".Length + 64);
        entries[2].Data.ShouldContain("\"added\":1");
        entries[2].Data.ShouldContain("\"digest\":");
    }
}
