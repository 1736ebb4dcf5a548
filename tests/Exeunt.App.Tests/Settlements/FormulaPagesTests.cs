using System.Text.Json;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Settlements;

/// <summary>The formula workbench by page: every formula explains itself, answers its example, and says beside a field what is wrong.</summary>
public abstract class FormulaPagesTests(ExeuntApp app)
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Shows_every_formula_and_answers_its_example_as_the_command_does(string language)
    {
        using var reader = await app.Browser(Role.Finance, language: language);
        var list = await reader.Get("/formulas");
        list.All("tbody tr").Count.ShouldBe(FormulaCatalogue.All.Count);
        foreach (var formula in FormulaCatalogue.All)
        {
            var page = await reader.Get($"/formulas/{formula.Name}");
            page.Status.ShouldBe(200);
            page.Text.ShouldContain(language == "zh" ? formula.Chinese : formula.English);
            page.Document.QuerySelector("#answer").ShouldBeNull();
            page = await reader.Follow(language == "zh" ? "填入示例" : "Fill in the example");
            page.Status.ShouldBe(200, formula.Name);
            page.All("#answer pre")[0].ShouldBe(formula.ExampleAnswer);
            // What the page says of the command line is the request that gives the same bytes.
            var request = page.All("#answer pre")[1];
            request = request["echo '".Length..request.LastIndexOf("' |", StringComparison.Ordinal)];
            FormulaWorkbench.Answer(request).Json.ShouldBe(formula.ExampleAnswer);
            // The form holds what was computed: sent again it answers the same.
            page = await reader.Submit(language == "zh" ? "计算" : "Compute");
            page.All("#answer pre")[0].ShouldBe(formula.ExampleAnswer, formula.Name);
        }
    }

    [Theory]
    [InlineData("instalments", "currency=CNY&total=100.005&count=3", "total", "AMOUNT_PRECISION")]
    [InlineData("instalments", "currency=CNY&total=100.00&count=x", "count", "INVALID_COUNT")]
    [InlineData("instalments", "currency=CNY&total=100.00", "count", "MISSING_INPUT")]
    [InlineData("etf", "currency=CNY&etf={\"kind\":\"FLAT\",\"fee\":\"-1\"}", "etf", "NEGATIVE_AMOUNT")]
    public async Task Says_beside_the_field_what_is_wrong(string formula, string query, string field, string code)
    {
        using var reader = await app.Browser(Role.Legal);
        var page = await reader.Get($"/formulas/{formula}?{query}");
        page.Status.ShouldBe(422);
        page.Document.QuerySelector($".field.invalid [name={field}]").ShouldNotBeNull();
        page.Of("#answer code").ShouldBe(code);
    }

    [Fact]
    public async Task Keeps_what_is_no_JSON_and_shows_how_it_is_written()
    {
        using var reader = await app.Browser(Role.Finance);
        var page = await reader.Get("/formulas/etf?currency=CNY&etf=FLAT%20100");
        page.Status.ShouldBe(422);
        page.Of(".field.invalid .error")!.ShouldContain("Write JSON");
        page.Of("textarea[name=etf]").ShouldBe("FLAT 100");
    }

    [Fact]
    public async Task An_error_that_belongs_to_no_field_stands_above_the_form()
    {
        using var reader = await app.Browser(Role.Finance);
        var page = await reader.Get("/formulas/fullMonths?start=2025-01-02&effEnd=2025-01-01");
        page.Status.ShouldBe(422);
        page.Of("form .notice.bad")!.ShouldContain("before the start");
        (await reader.Get("/formulas/nonsense")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Is_linked_from_policies_and_money_and_takes_nulls()
    {
        using var reader = await app.Browser(Role.Finance);
        await reader.Get("/policies");
        (await reader.Follow("Check a line with its formula")).Path.ShouldBe("/formulas");
        await reader.Get("/money");
        (await reader.Follow("Check a line with its formula")).Path.ShouldBe("/formulas");
        var page = await reader.Get("/formulas/exit?currency=CNY&start=2025-01-01&termMonths=12&monthlyFee=100&currentMonthPrepaid=true&lastServiceDay=2025-01-31&etf=null&device=null&deposit=null");
        page.All("#answer pre")[0].ShouldBe("""{"lines":[{"line":"unusedPrepaid","amount":"0.00"}],"total":"0.00","values":{"mFull":1,"mRem":11}}""");
    }

    public sealed class OnSqlite(SqliteApp app) : FormulaPagesTests(app), IClassFixture<SqliteApp>;
}
