using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Standards;
using Exeunt.App.Tests.Evaluate;
using Exeunt.App.Tests.Imports;
using Exeunt.Core.Activity;
using Exeunt.Core.Standards;
using Exeunt.Core.Tests;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Standards;

/// <summary><c>exeunt backtest</c>, beside a running server and on the real file.</summary>
public sealed class BacktestCommandTests
{
    private static string Document(string text, string id = "quiet") =>
        StandardDocument.Write(new(id, 1, new("Quiet", "沉默"), StandardPurpose.ChurnWatch, StandardAction.Task, ConditionText.Read(text).Condition!));

    [SharedDataTheory("online_retail_invoices.csv"), ClassData(typeof(Databases))]
    public async Task The_retail_file_replays_as_it_was_counted_by_hand(string database)
    {
        await using var app = await Installation.On(database);
        var file = SharedData.File("online_retail_invoices.csv");
        await app.Import("invoices", file);
        var rows = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Select(cells => (
            Customer: cells[2], Document: cells[0], On: DateOnly.ParseExact(cells[1].Split(' ')[0], "M/d/yyyy", CultureInfo.InvariantCulture),
            Quantity: decimal.Parse(cells[^2], CultureInfo.InvariantCulture), Amount: Math.Round(decimal.Parse(cells[^2], CultureInfo.InvariantCulture) * decimal.Parse(cells[^1], CultureInfo.InvariantCulture), 2, MidpointRounding.AwayFromZero)))
            .GroupBy(r => r.Customer).ToList();

        var (exit, output, error) = await Run(app, [app.FileOf(Document("spend_12m < 100 GBP")), "--from", "2010-12", "--to", "2011-12", "--json"]);

        exit.ShouldBe(0, error);
        var report = BacktestReport.Read(output);
        (report.From, report.To, report.Open, report.Months.Count).ShouldBe(("2010-12", "2011-12", "2011-12", 13));
        foreach (var month in report.Months)
        {
            var first = DateOnly.ParseExact(month.Month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture);
            var known = rows.Where(c => c.Any(r => r.On < first)).ToList();
            var listed = known.Select(c => c.Where(r => r.On < first && r.On >= first.AddMonths(-12)).Sum(r => r.Amount)).Where(spend => spend < 100).ToList();
            (month.Evaluated, month.Listed, month.Revenue.Sum(r => r.Minor)).ShouldBe((known.Count, listed.Count, (long)(listed.Sum() * 100)), month.Month);
        }
        output.ShouldNotContain("customer\":\"");
        report.After6.Known.ShouldBeGreaterThan(0);
        output.ShouldNotContain("\"beyond\":true");

        // A contact, an order and a payment that stray in years later change nothing of it.
        var stray = rows[0].Key;
        var told = await app.Import("facts", "--source", "retail", app.File("customer,kind,date,number,amount,cost,product_line,due_on,verdict,minutes,hour_cost,times,kept,score,until,correction",
            $"{stray},contact,2026-10-05,K1,,,,,,,,,,,,", $"{stray},order,2026-10-06,O1,1,,,,,,,,,,,", $"{stray},payment,2026-10-07,Z1,1,,,,,,,,,,,"));
        told.Exit.ShouldBe(0, told.Error);
        var (_, again, _) = await Run(app, [app.FileOf(Document("spend_12m < 100 GBP")), "--from", "2010-12", "--to", "2011-12", "--json"]);
        again.ShouldBe(output);
    }

    [Fact]
    public async Task Months_beyond_the_data_are_marked_and_count_in_no_total_and_those_to_come_are_refused()
    {
        await using var app = await Installation.On("sqlite");
        await app.Import("invoices", app.File("customer,document,date,amount,currency", "7,D1,2024-01-05,7.00,CNY", "8,D2,2024-01-05,900.00,CNY", "8,D3,2024-03-05,900.00,CNY", "9,D4,2024-03-05,700.00,CNY"));
        var file = app.FileOf(Document("spend_12m < 800 CNY"));
        var (exit, output, error) = await Run(app, [file, "--from", "2024-02", "--to", "2024-05"]);
        exit.ShouldBe(0, error);
        // 7 is listed while there is data; 9 only in the months after it.
        output.ShouldContain("; the data ends in 2024-03");
        output.ShouldContain("2 judged, 1 listed at some time, 1 listings");
        output.ShouldContain("2024-03         2       1      0       0");
        output.ShouldContain("2024-04 +       3       2      1       0");
        output.ShouldContain("2024-05 +       3       2      0       0");
        output.ShouldContain("+ beyond the data");
        (_, output, _) = await Run(app, [file, "--from", "2024-02", "--to", "2024-05", "--json"]);
        var report = BacktestReport.Read(output);
        System.Text.Json.Nodes.JsonNode.Parse(output)!["months"]!.AsArray().Select(m => m!["beyond"]!.GetValue<bool>()).ShouldBe([false, false, true, true]);
        (report.Evaluated, report.Listed, report.Listings, report.Curve!.Points.Single(p => p.Threshold == report.Curve.Threshold).Listed).ShouldBe((2, 1, 1, 1));

        var refused = await Should.ThrowAsync<Exeunt.App.Commands.UsageException>(() => Run(app, [file, "--from", "2088-12", "--to", "2089-11"]));
        refused.Message.ShouldContain("2089-11 has not begun");
    }

    [Fact]
    public async Task Where_nobody_trades_the_bills_say_where_the_data_ends()
    {
        await using var app = await Installation.On("sqlite");
        const string header = "customer,kind,date,number,amount,cost,product_line,due_on,verdict,minutes,hour_cost,times,kept,score,until,correction";
        (await app.Import("invoices", app.File("customer,document,date,amount,currency", "1,D0,2020-01-05,1.00,CNY"))).Exit.ShouldBe(0);
        var told = await app.Import("facts", app.File([header, .. Enumerable.Range(1, 6).Select(m => $"1,due,2024-0{m}-01,B{m},10.00,,,2024-0{m}-15,,,,,,,,")]));
        told.Exit.ShouldBe(0, told.Error);
        await app.With((_, db) => db.Write(ct => db.Facts.Where(f => f.Kind == FactKind.Order).ExecuteDeleteAsync(ct), CancellationToken.None));
        (await app.Command("months", "rebuild")).Exit.ShouldBe(0);

        var (exit, output, error) = await app.Command("backtest", app.FileOf(Document("orders_12m < 1")), "--from", "2024-02", "--to", "2024-06");

        exit.ShouldBe(0, error);
        output.ShouldContain("; the data ends in 2024-06");
        output.ShouldContain("1 judged,");
    }

    [Fact]
    public async Task Works_beside_a_running_server_and_tells_what_is_wrong()
    {
        await using var app = await Installation.On("sqlite");
        await app.Import("invoices", app.File("customer,document,date,amount,currency", "7,D1,2024-01-05,7.00,CNY", "8,D2,2024-01-05,900.00,CNY", "8,D3,2024-03-05,900.00,CNY"));
        await using var server = await Storage.Open(app.Options, CancellationToken.None);
        var good = app.FileOf(Document("spend_12m < 100 CNY"));

        var (exit, output, error) = await Run(app, [good, "--from", "2024-02", "--to", "2024-03"]);
        exit.ShouldBe(0, error);
        output.ShouldContain("quiet version 1, 2024-02 to 2024-03; the data ends in 2024-03");
        output.ShouldContain("2024-02         2       1      1       0");
        (exit, output, error) = await Run(app, [good, "--from", "2024-02", "--to", "2024-03", "--against", app.FileOf(Document("orders_12m >= 1"))]);
        exit.ShouldBe(0, error);
        output.ShouldContain("in force");
        (await Run(app, [good, "--from", "2024-02", "--to", "2024-03", "--against", "published"])).ShouldBe((1, "", "No version of \"quiet\" is in force. Name a document with --against FILE, or leave --against out.\n"));

        var bad = app.FileOf("{\n  \"id\": \"x\",\n  \"versoin\": 1\n}");
        (exit, output, error) = await Run(app, [bad, "--from", "2024-02", "--to", "2024-03"]);
        (exit, output).ShouldBe((1, ""));
        error.ShouldContain($"{bad}:3:3: versoin: standard.unknown-name:");
        (await Run(app, ["none.json", "--from", "2024-02", "--to", "2024-03"])).Exit.ShouldBe(1);
        foreach (var args in (string[][])[[], [good], [good, "--from", "2024-02"], [good, "--from", "2024-13", "--to", "2024-12"], [good, "--from", "2024-05", "--to", "2024-04"],
            [good, "--from", "2000-01", "--to", "2024-04"], [good, "--from", "2024-02", "--to", "2024-03", "--threshold", "2"], [good, good, "--from", "2024-02", "--to", "2024-03"]])
            await Should.ThrowAsync<Exeunt.App.Commands.UsageException>(() => Run(app, args));
    }

    private static async Task<(int Exit, string Output, string Error)> Run(Installation app, string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var exit = await BacktestCommand.Run(args, app.Options, output, error, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
