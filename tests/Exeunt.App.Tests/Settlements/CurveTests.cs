using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Settlements;

/// <summary>"What if I leave on another date": by document, for a case, and on the pages of both sides.</summary>
public abstract class CurveTests(ExeuntApp app)
{
    private const string Document = """
        {"contract":{"number":"#1","currency":"CNY","start":"2024-12-15","termMonths":24,"monthlyFee":"199.00 CNY","deposit":"300.00 CNY","deviceValue":"1200.00 CNY"},
         "policy":{"number":"JY-01","version":1,"effectiveFrom":"2020-01-01","titleEnglish":"General","titleChinese":"通用","etf":{"kind":"REMAIN_PCT","pct":"0.20"},"device":"PRO_RATA"},
         "facts":{"lastServiceDay":"2026-03-20"}
        """;

    [Fact]
    public async Task Answers_a_document_with_the_total_of_each_day()
    {
        using var client = app.Client();
        (await Ask(client, Document + ""","days":2}""")).ShouldBe(
            """{"currency":"CNY","points":[{"lastServiceDay":"2026-03-20","total":"257.92"},{"lastServiceDay":"2026-03-21","total":"264.34"}],"least":{"lastServiceDay":"2026-03-20","total":"257.92"}}""");
        var month = JsonDocument.Parse(await Ask(client, Document + ""","from":"2026-03-20","until":"2026-12-14","stepDays":30}""")).RootElement;
        month.GetProperty("points").GetArrayLength().ShouldBe(9);
        month.GetProperty("least").GetProperty("lastServiceDay").GetString().ShouldBe("2026-11-15");
        // A statement that was printed before is a document too.
        var statement = SettlementDocument.Settle(Document + "}").Value.ToJson();
        (await Ask(client, statement[..^1] + ""","days":1}""")).ShouldContain("257.92");
    }

    [Theory]
    [InlineData(""","days":0}""", "settlement.invalid-count")]
    [InlineData(""","days":1001}""", "settlement.invalid-count")]
    [InlineData(""","days":"2"}""", "settlement.invalid-count")]
    [InlineData("}", "settlement.missing-input")]
    [InlineData(""","days":2,"stepDays":0}""", "settlement.invalid-count")]
    [InlineData(""","days":2,"until":"2026-04-01"}""", "settlement.invalid-input")]
    [InlineData(""","until":"2026-03-01"}""", "settlement.end-before-start")]
    [InlineData(""","from":"2026-02-30","days":2}""", "settlement.invalid-date")]
    [InlineData(""","days":2,"colour":"red"}""", "settlement.document-unreadable")]
    [InlineData("", "settlement.document-unreadable")]
    public async Task Refuses_by_name_what_is_no_curve(string rest, string code)
    {
        using var client = app.Client();
        using var answer = await client.PostAsync("/api/settlements/curve", new StringContent(Document + rest, Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"/problems/{code}\"");
    }

    [Fact]
    public async Task A_proven_customer_compares_dates_and_staff_see_the_curve_of_the_case()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var contract = await own.AContractInForce(language: "en");
        using var customer = own.Browser();
        await customer.Get("/apply");
        await customer.Submit("Continue", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail });
        var date = await customer.Submit("Continue", new { code = await own.CodeFor(contract.Mail) });
        date.Path.ShouldEndWith("/date");
        date.Of(".compare figcaption")!.ShouldStartWith("Least on ");
        var rows = date.All(".compare tbody tr");
        rows.Count.ShouldBeInRange(3, 24);
        rows[^1].ShouldContain("2026-12-14");
        await customer.Submit("Continue", new { choice = "earliest" });
        await customer.Submit("Skip");
        var receipt = await customer.Submit("End my contract", new { confirmed = true });
        receipt.Path.ShouldContain("/receipt");
        await own.Drain();

        using var agent = await own.Browser(Role.Agent);
        await agent.Get("/cases");
        var page = await agent.Follow("tbody a");
        var id = page.Path.Split('/')[2];
        using var staff = await own.SignIn(Role.Agent);
        (await staff.GetAsync($"/api/cases/{id}/settlement/curve")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        await agent.Submit("Record the talk", new { reason = "SERVICE/SLOW", minutes = 5 });
        await agent.Submit("Make no offer");
        await own.Drain();
        page = await agent.Get($"/cases/{id}");
        page.Of("#settlement .compare figcaption")!.ShouldStartWith("Least on ");
        var curve = await staff.GetFromJsonAsync<JsonElement>($"/api/cases/{id}/settlement/curve");
        curve.GetProperty("points").GetArrayLength().ShouldBe(page.All("#settlement .compare tbody tr").Count);
        curve.GetProperty("points").EnumerateArray().Select(p => p.GetProperty("lastServiceDay").GetString()).ShouldContain("2026-12-14");
        var three = await staff.GetFromJsonAsync<JsonElement>($"/api/cases/{id}/settlement/curve?from=2026-11-01&days=3");
        three.GetProperty("points").GetArrayLength().ShouldBe(3);
        (await staff.GetAsync($"/api/cases/{id}/settlement/curve?from=2026-11-01&days=0")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("2026-03-20", "2026-12-14", 10)]
    [InlineData("2026-12-14", "2026-12-14", 7)] // nothing of the term is left: half a year on
    [InlineData("2026-12-20", "2026-12-14", 7)]
    [InlineData("2026-01-31", "2036-01-30", 21)]
    public void Compares_at_most_two_dozen_days(string earliest, string termEnd, int count)
    {
        static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var days = ShowCurve.Days(Day(earliest), Day(termEnd));
        days.Count.ShouldBe(count);
        days[0].ShouldBe(Day(earliest));
        days.ShouldBe(days.Distinct().Order());
        if (Day(termEnd) > Day(earliest))
            days[^1].ShouldBe(Day(termEnd));
    }

    private static async Task<string> Ask(HttpClient client, string document)
    {
        using var answer = await client.PostAsync("/api/settlements/curve", new StringContent(document, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    public sealed class OnSqlite(SqliteApp app) : CurveTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CurveTests(app), IClassFixture<PostgresApp>;
}
