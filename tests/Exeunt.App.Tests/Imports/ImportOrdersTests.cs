using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>An order of a file goes in whole or not at all: what was sold does not change any more.</summary>
public sealed class ImportOrdersTests
{
    private const string Header = "customer,order,ordered_on,product,quantity,unit_price,tax_rate";

    [Theory, ClassData(typeof(Databases))]
    public async Task A_refused_row_refuses_its_whole_order_wherever_it_stands(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name", "CRM-1,王芳", "CRM-2,李明"));
        // Three rows an order; one of them is bad, in the last order none.
        string[] rows = [.. Enumerable.Range(0, 12).Select(i => $"CRM-1,SO-{i / 3},2026-01-05,ITEM-{i % 3},{(i is 0 or 4 or 8 ? "1.5" : "1")},10.00,0.13")];
        var rejects = app.FileOf("");

        (await app.Import("orders", app.File([Header, .. rows]), "--dry-run")).Error.ShouldContain("1 new, 0 changed, 0 there already, 9 refused");
        var (exit, _, error) = await app.Import("orders", app.File([Header, .. rows]), "--rejects", rejects);

        exit.ShouldBe(2);
        error.ShouldContain("1 new, 0 changed, 0 there already, 9 refused");
        for (var line = 2; line <= 10; line++)
            error.ShouldContain(line is 2 or 6 or 10 ? $"line {line}, column quantity: import.whole-number" : $"line {line}, column order: import.whole-order");
        File.ReadAllLines(rejects).Length.ShouldBe(10, "all rows of them can be mended and sent again");
        (await Orders(app)).ShouldBe("3");
        // The mended file brings all of them in.
        (await app.Import("orders", app.File([Header, .. rows.Select(r => r.Replace(",1.5,", ",1,", StringComparison.Ordinal))]))).Error.ShouldContain("3 new, 1 changed, 0 there already, 0 refused");
        (await Orders(app)).ShouldBe("3 3 3 3");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_row_of_which_nobody_knows_the_order_refuses_those_beside_it(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name", "CRM-1,王芳"));

        var (exit, _, error) = await app.Import("orders", app.File(Header,
            Line("SO-1"), "CRM-1,SO-1,2026-01-05,KETTLE, RED,1,10.00,0.13", Line("SO-1"),
            Line("SO-2"),
            Line("SO-3"), "CRM-1,2026-01-05,LAMP,1,10.00,0.13", Line("SO-4"), Line("so-4"),
            Line("SO-5"), Line(""), Line("SO-6"),
            Line("SO-7"), Line("SO-7")));

        exit.ShouldBe(2);
        error.ShouldContain("2 new, 0 changed, 0 there already, 10 refused");
        error.ShouldContain("line 3: import.fields");
        error.ShouldContain("line 7: import.fields");
        error.ShouldContain("line 11, column order: import.required");
        foreach (var line in new[] { 2, 4, 6, 8, 9, 10, 12 })
            error.ShouldContain($"line {line}, column order: import.whole-order");
        (await Orders(app)).ShouldBe("1 2");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_order_of_two_customers_is_nobodys(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name", "CRM-1,王芳", "CRM-2,李明"));

        var (_, _, error) = await app.Import("orders", app.File(Header, Line("SO-1"), Line("SO-1").Replace("CRM-1", "CRM-2", StringComparison.Ordinal), Line("SO-2")));

        error.ShouldContain("1 new, 0 changed, 0 there already, 2 refused");
        error.ShouldContain("line 2, column order: import.whole-order");
        error.ShouldContain("line 3, column order: order.other-customer");
    }

    private static string Line(string order) => $"CRM-1,{order},2026-01-05,LAMP,1,10.00,0.13";

    /// <summary>How many lines each order has, fewest first.</summary>
    private static Task<string> Orders(Installation app) =>
        app.With(async (_, db) => string.Join(' ', (await db.Orders.AsNoTracking().Include(o => o.Lines).ToListAsync()).Select(o => o.Lines.Count).Order()));
}
