using System.Text;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>The page of an import before it starts: what the file's columns are taken for.</summary>
public abstract class ImportPagesTests(ExeuntApp app)
{
    [Fact]
    public async Task Names_the_columns_that_a_mapping_leaves_out()
    {
        using var browser = await app.Browser(Role.BranchHead);
        await browser.Get("/imports");

        var page = await browser.Submit("Upload and look", new
        {
            noun = "Customers",
            file = Csv("Kundennummer,Name,Umsatz", "Q1,Q One,100"),
            map = new ChosenFile("map.json", Encoding.UTF8.GetBytes("""{ "columns": { "customer": "kundennummer", "name": "Name" } }""")),
        });

        page.Status.ShouldBe(200);
        page.Text.ShouldContain("Columns of the file that are left out: Umsatz");
        page.Text.ShouldContain("Start the import");
    }

    [Fact]
    public async Task Refuses_a_column_that_nobody_knows_and_names_it()
    {
        using var browser = await app.Browser(Role.BranchHead);
        await browser.Get("/imports");

        var page = await browser.Submit("Upload and look", new { noun = "Customers", file = Csv("customer,name,Umsatz", "Q1,Q One,100") });

        page.Text.ShouldContain("import.unknown-columns");
        page.Text.ShouldContain("Umsatz");
        page.Text.ShouldNotContain("Start the import");
    }

    [Theory]
    [InlineData("""{ "encoding": "utf-7", "columns": { "customer": "customer" } }""")]
    [InlineData("""{ "encoding": "no-such", "columns": { "customer": "customer" } }""")]
    [InlineData("""{ "encoding": null, "columns": { "customer": "customer" } }""")]
    [InlineData("null")]
    [InlineData("""{ "columns": null }""")]
    [InlineData("""{ "columns": { "customer": null } }""")]
    [InlineData("""{ "columns": { "customer": "customer" }, "defaults": null }""")]
    [InlineData("""{ "columns": { "customer": "customer" }, "dates": [null] }""")]
    [InlineData("""{ "columns": { "customer": "customer" }, "separator": null }""")]
    [InlineData("""{ "columns": { "customer": "customer" }, "source": null }""")]
    [InlineData("""{ "columns": { "customer": "customer" }, "source": "a\u0000b" }""")]
    public async Task A_mapping_that_cannot_be_used_is_refused_with_a_sentence(string map)
    {
        using var browser = await app.Browser(Role.BranchHead);
        await browser.Get("/imports");

        var page = await browser.Submit("Upload and look", new { noun = "Customers", file = Csv("customer,name", "Q1,Q One"), map = new ChosenFile("map.json", Encoding.UTF8.GetBytes(map)) });

        page.Status.ShouldBe(422);
        page.Text.ShouldContain("Expected a mapping as docs/import.md describes it.");
    }

    private static ChosenFile Csv(params string[] lines) => new("file.csv", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), "text/csv");

    public sealed class OnSqlite(SqliteApp app) : ImportPagesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ImportPagesTests(app), IClassFixture<PostgresApp>;
}
