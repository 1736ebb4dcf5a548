using System.Net;
using System.Text.Json;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Procedures;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>Dates at both ends of the calendar are refused with the field they stand in, or left out of a filter; none is an error of ours.</summary>
public abstract class DateRangeTests(ExeuntApp app)
{
    [Theory]
    [InlineData("/api/calendar?from=0001-01-01&until=0001-01-05", "from")]
    [InlineData("/api/calendar?from=9999-12-01&until=9999-12-31", "from")]
    [InlineData("/api/calendar?from=2200-12-31&until=2201-01-01", "until")]
    [InlineData("/api/treatment?from=0001-01-01", "from")]
    [InlineData("/api/treatment?until=9999-12-31", "until")]
    [InlineData("/api/treatment?until=0001-01-01", "until")]
    [InlineData("/api/decision-effects?until=0001-01-01", "until")]
    [InlineData("/api/decision-effects?from=0001-01-01", "from")]
    public async Task Refuses_a_date_in_no_year_people_mean(string path, string field)
    {
        using var answer = await (await app.SignIn(Role.BranchHead)).GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("code").GetString().ShouldBe("date-out-of-range");
        problem.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Refuses_the_fee_for_such_a_day()
    {
        var (id, _, _) = await app.AProvenCase(await app.AContractInForce());
        var agent = await app.SignIn(Role.Agent);
        foreach (var day in new[] { "0001-01-01", "9999-12-31" })
            using (var answer = await agent.GetAsync($"/api/cases/{id}/proposals?on={day}"))
                answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("/treatment?from=0001-01-01", 422)]
    [InlineData("/treatment?until=9999-12-31", 422)]
    [InlineData("/treatment?until=2000-05-05", 422)]
    [InlineData("/treatment.csv?until=9999-12-31", 422)]
    [InlineData("/calendar?on=0001-01-01", 200)]
    [InlineData("/calendar?on=9999-12-31", 200)]
    [InlineData("/calendar?on=2199-12-31", 200)]
    [InlineData("/calendar?on=2001-01-01", 200)]
    [InlineData("/cases?due=0001-01-01", 200)]
    [InlineData("/cases?due=9999-12-31", 200)]
    public async Task Shows_a_page_for_every_date(string path, int status)
    {
        using var browser = await app.Browser(Role.BranchHead);
        (await browser.Get(path)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("/api/cases?due=0001-01-01")]
    [InlineData("/api/cases?due=9999-12-31")]
    public async Task Leaves_it_out_of_a_filter(string path)
    {
        using var answer = await (await app.SignIn(Role.BranchHead)).GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public sealed class OnSqlite(SqliteApp app) : DateRangeTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : DateRangeTests(app), IClassFixture<PostgresApp>;
}
