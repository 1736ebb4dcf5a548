using System.Globalization;
using System.Text.Json.Nodes;
using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Tests.Imports;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;
using Exeunt.Core.Tests;
using Exeunt.Core.Tests.Activity;
using Exeunt.Core.Tests.Churn;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Evaluate;

/// <summary>A theory on a file of the real data; skipped with a message where the file is not.</summary>
internal sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute(string file)
    {
        if (SharedData.Folder is null || !File.Exists(SharedData.File(file)))
            Skip = $"../shared/data/{file} is not there";
    }
}

public sealed class EvaluateCommandTests
{
    [SharedDataTheory("online_retail_invoices.csv"), ClassData(typeof(Databases))]
    public async Task The_retail_file_evaluates_line_by_line_as_the_plain_version_does(string database)
    {
        await using var app = await Installation.On(database);
        var file = SharedData.File("online_retail_invoices.csv");
        var rows = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Select(cells => (Customer: cells[2], Row: new PlainRow(
            cells[0], DateOnly.ParseExact(cells[1].Split(' ')[0], "M/d/yyyy", CultureInfo.InvariantCulture),
            decimal.Parse(cells[^2], CultureInfo.InvariantCulture), decimal.Parse(cells[^1], CultureInfo.InvariantCulture))));

        var (imported, _, told) = await app.Import("invoices", file);
        imported.ShouldBe(0, told);
        told.ShouldContain("mapping online-retail, source retail: 25943 rows read, 25943 new");
        (await app.Import("invoices", file)).Error.ShouldContain("0 new, 0 changed, 25943 there already");

        await AgreesWith(app, rows, everyRowIsAnOrder: false, "2011-12-01",
            ["active 878", "borderline 708", "churned 1446", "new 975", "prospect 44", "reactivated 281", "listed 4332"]);
        (await app.MonthsAreRight()).ShouldBe(0);
    }

    [SharedDataTheory("cdnow_master.txt"), ClassData(typeof(Databases))]
    public async Task The_CDNOW_file_evaluates_line_by_line_as_the_plain_version_does(string database)
    {
        await using var app = await Installation.On(database);
        var file = SharedData.File("cdnow_master.txt");
        var rows = File.ReadLines(file).Skip(1).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(cells => cells.Length == 4)
            .Select(cells => (Customer: cells[0], Row: new PlainRow(
                "", DateOnly.ParseExact(cells[1], "yyyyMMdd", CultureInfo.InvariantCulture), 1, decimal.Parse(cells[3], CultureInfo.InvariantCulture))));

        var (imported, _, told) = await app.Import("invoices", file);
        imported.ShouldBe(0, told);
        told.ShouldContain("mapping cdnow, source cdnow: 69659 rows read, 69659 new");
        (await app.Import("invoices", file)).Error.ShouldContain("0 new, 0 changed, 69659 there already");

        await AgreesWith(app, rows, everyRowIsAnOrder: true, "1998-07-01",
            ["active 877", "borderline 1811", "churned 20185", "prospect 68", "reactivated 629", "listed 23570"]);
    }

    [Fact]
    public async Task Commands_give_json_wherever_the_option_stands()
    {
        await using var app = await Installation.On("sqlite");
        var file = app.File("customer,document,date,amount,currency", "7,D1,2024-01-05,7.00,CNY");
        JsonNode.Parse((await app.Command("--json", "import", "invoices", file)).Output)!["added"]!.GetValue<int>().ShouldBe(1);

        JsonNode.Parse((await app.Evaluate("2024-02-01", "--json")).Output)!.AsArray().ShouldHaveSingleItem()!["churnDefinition"].ShouldNotBeNull();
        JsonNode.Parse((await app.Command("months", "check", "--json")).Output)!["wrong"]!.GetValue<int>().ShouldBe(0);
        JsonNode.Parse((await app.Command("--json", "months", "rebuild")).Output)!["changed"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_date_it_is_as_of_today_and_a_date_that_is_none_is_named()
    {
        await using var app = await Installation.On("sqlite");
        await app.Import("invoices", app.File("customer,document,date,amount,currency", "7,D1,2024-01-05,7.00,CNY"));

        var (exit, output, error) = await app.Command("evaluate");
        exit.ShouldBe(0, error);
        output.ShouldStartWith($"{EvaluationCsv.Header}\n7,churned,");
        (await app.Command("evaluate", "--as-of=2024-02-01")).Output.ShouldContain("\n7,new,");
        (await app.Evaluate("2023-02-29")).ShouldBe((1, "", "--as-of 2023-02-29: a date like 2011-12-31 is expected. \"exeunt --help\" lists what there is.\n"));
        (await app.Command("evaluate", "everybody")).Error.ShouldContain("\"everybody\"");
        (await app.Command("months")).Error.ShouldContain("check or rebuild");
    }

    [Fact]
    public async Task Works_beside_a_running_server_which_takes_the_audit_entry_in()
    {
        await using var app = await Installation.On("sqlite");
        await app.Import("invoices", app.File("customer,document,date,amount,currency", "7,D1,2024-01-05,7.00,CNY"));
        await using var server = await Storage.Open(app.Options, CancellationToken.None);

        var (exit, output, error) = await app.Evaluate("2024-02-01");

        exit.ShouldBe(0, error);
        output.ShouldBe($"{EvaluationCsv.Header}\n7,new,0,0,1,7.00,0.0000,2024-01-05,,none\n");
        (await PendingAudit.Collect(server, CancellationToken.None)).ShouldBe(1);
        await using var db = server.NewAppDb();
        db.AuditLog.OrderByDescending(a => a.Id).First().Verb.ShouldBe("evaluation.exported");
    }

    [Fact]
    public async Task A_second_writer_is_told_who_holds_the_folder()
    {
        await using var app = await Installation.On("sqlite");
        await using var server = await Storage.Open(app.Options, CancellationToken.None);
        server.Announce("http://localhost:5080");

        var (exit, _, error) = await app.Import("invoices", app.File("customer,document,date,amount,currency", "7,D1,2024-01-05,7.00,CNY"));

        exit.ShouldBe(1);
        error.ShouldContain("served by process");
        error.ShouldContain("http://localhost:5080/imports");
    }

    [Fact]
    public async Task Without_a_database_there_is_nothing_to_evaluate()
    {
        await using var app = await Installation.On("sqlite");

        var (exit, _, error) = await app.Evaluate("2024-02-01");

        exit.ShouldBe(1);
        error.ShouldContain("no database");
        Directory.Exists(app.Data).ShouldBeFalse();
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_contract_in_term_is_listed_as_excluded(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("invoices", app.File("customer,document,date,amount,currency", "7,D1,2024-01-05,7.00,CNY", "8,D1,2024-01-05,7.00,CNY"));
        var (exit, _, error) = await app.Import("contracts", app.File("customer,contract,product,start_on,term_months,monthly_fee", "7,HT-1,CLOUD,2023-06-01,12,99.00"));
        exit.ShouldBe(0, error);

        (await app.Evaluate("2024-05-31")).Output.ShouldContain("7,excluded,");
        (await app.Evaluate("2024-06-01")).Output.ShouldContain("7,churned,");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_command_judges_by_the_churn_definition_in_force_and_says_which(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("invoices", app.File("customer,document,date,amount,currency", "7,D1,2024-01-05,7.00,CNY"));
        var (_, output, error) = await app.Evaluate("2024-05-31");
        output.ShouldContain("7,churned,");
        error.ShouldContain("judged by the usual churn definition");

        await using (var storage = await Storage.Open(app.Options, CancellationToken.None))
        {
            await using var db = storage.NewAppDb();
            var read = Features.Procedures.ReadDocument.Of(new ChurnDefinition(3, ChurnThresholds.Usual, [new("people", new("People", "个人"), new([CustomerSort.Person, CustomerSort.Organisation]), ChurnThresholds.Usual with { SilentMonths = 12 })]));
            db.SignedDocuments.Add(new() { Id = read.Id, Version = 3, Kind = read.Kind, Status = VersionStatus.Published, Document = read.Json, Digest = read.Digest, EffectiveFrom = new(2024, 1, 1) });
            db.Audit(new Call(Actor.System, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow()), "test.definition", "churn");
            await db.SaveChangesAsync();
        }
        (_, output, error) = await app.Evaluate("2024-05-31");
        output.ShouldContain("7,borderline,");
        error.ShouldContain("judged by churn definition, version 3");
        (_, output, _) = await app.Evaluate("2024-05-31", "--json");
        output.ShouldContain("\"churnDefinition\":3,\"churnSegment\":\"people\"");
    }

    private static async Task AgreesWith(Installation app, IEnumerable<(string Customer, PlainRow Row)> rows, bool everyRowIsAnOrder, string asOf, string[] counts)
    {
        var date = DateOnly.Parse(asOf, CultureInfo.InvariantCulture);
        var expected = rows.GroupBy(r => r.Customer).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Plain: g.Select(r => r.Row).ToList(), Line: PlainChurn.Line(g.Key, [.. g.Select(r => r.Row)], everyRowIsAnOrder, date))).Where(c => c.Line is not null)
            .Select(c => (c.Line, Plain: new PlainIndicators(Histories.Facts(c.Plain), date)))
            .Select(c => $"{c.Line},{Name(c.Plain.Of(Indicator.Defection), "none watched partial complete")},{Name(c.Plain.Of(Indicator.Rhythm), "none on_time late broken")}");
        var file = Path.GetTempFileName();

        var (exit, _, error) = await app.Evaluate(asOf, "--out", file);

        exit.ShouldBe(0, error);
        File.ReadAllText(file).ShouldBe($"{EvaluationCsv.Header}\n{string.Join('\n', expected)}\n");
        foreach (var count in counts)
            error.ShouldContain(count);
        File.Delete(file);

        static string Name(long? state, string names) => state is { } known ? names.Split(' ')[known] : "";
    }
}
