using Exeunt.App.Data;
using Exeunt.App.Features.Facts;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Packs;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Packs;

/// <summary>A manufacturer's distributors: demand surveyed and goods traced before a decision, stock counted before the bill.</summary>
public abstract class ManufacturerPackTests(ExeuntApp app)
{
    private static readonly string[] Count = ["counted", "returned", "brand-material", "rebates"];

    [Fact]
    public async Task Ends_on_the_day_and_approves_the_money_only_after_the_stock_is_counted()
    {
        await app.Install(Manufacturer.Pack);
        var it = await app.Ends(await app.AContractOf(Manufacturer.Policy));
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.StartsWith("经销协议将于", StringComparison.Ordinal) && m.Text.Contains("库存清单", StringComparison.Ordinal));
        await it.Talk("COMPETITION/SWITCHED");
        await app.Drain();
        // The count is for after the last day: nobody can tick it now, and reaching the day does not leave it out.
        var supervisor = await app.SignIn(Role.Supervisor);
        (await supervisor.Refused($"/api/cases/{it.Id}/checks", new { item = "counted" })).ShouldBe("case.step-not-active");
        var last = DateOnly.Parse((await it.Case()).GetProperty("effectiveOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        await app.AdvanceDays(last.DayNumber - (await app.Today()).DayNumber + 1);
        (await it.Step("stock-count")).ShouldBe("Active");
        (await it.OpenWork()).ShouldContain("name-successor");
        foreach (var task in new[] { "close-ordering", "delist", "cancel-authorisation" })
            await it.Work(task);
        (await it.Step("certificate")).ShouldBe("Done");
        (await it.Step("approve")).ShouldBe("Waiting");
        foreach (var item in Count)
            await supervisor.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/checks", new { item });
        await it.Approve();
        (await it.Step("money")).ShouldBe("Done");
        await it.Pay();
        // The data of end customers is needed until they are passed on.
        (await it.Step("erase")).ShouldBe("Waiting");
        await it.Work();
        await app.AdvanceDays(31);
        await it.Closes();
    }

    [Fact]
    public async Task Decides_only_after_survey_and_tracing_and_bills_only_after_the_count()
    {
        await app.Install(Manufacturer.Pack);
        var contract = await app.AContractOf(Manufacturer.Policy, unpaid: 100_00);
        var opened = await (await app.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, "/api/offboardings", OffboardingWorld.Evidence(contract));
        await app.Drain();
        var it = new AnOffboarding(app, contract, opened.GetProperty("caseId").GetGuid());
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Manufacturer.OffboardingId);
        await it.Talk();
        await app.Drain();
        var supervisor = await app.SignIn(Role.Supervisor);
        // Nothing is known of its months, so nothing speaks against it.
        (await it.StepState("class")).ShouldBe("Done");
        foreach (var item in new[] { "needs", "cause", "successor" })
            await supervisor.Ok(HttpMethod.Post, it.Path("checks"), new { item });
        (await it.StepState("decide")).ShouldBe("Waiting");
        foreach (var item in new[] { "traced", "heard", "alike" })
            await supervisor.Ok(HttpMethod.Post, it.Path("checks"), new { item });
        (await it.StepState("decide")).ShouldBe("Active");
        await it.Decide();
        await it.Effective();
        await it.Work();
        await (await app.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, it.Path("wind-down"));
        await app.Drain();
        (await it.StepState("settle")).ShouldBe("Waiting");
        foreach (var item in Count)
            await supervisor.Ok(HttpMethod.Post, it.Path("checks"), new { item });
        await app.Drain();
        (await it.StepState("settle")).ShouldBe("Done");
        await app.ShouldFold(it.Id);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "borderline-by-months")]
    [InlineData(3, "borderline-by-months")]
    [InlineData(4, "lost-by-months")]
    [InlineData(14, "lost-by-months")]
    public async Task Says_from_its_months_whether_a_distributor_is_borderline_or_lost(int monthsSinceOrder, string found)
    {
        await app.Install(Manufacturer.Pack);
        var contract = await app.AContractOf(Manufacturer.Policy, unpaid: 100_00);
        var ordered = (await app.Today()).AddMonths(-monthsSinceOrder);
        await app.With<AppDb>(async db =>
        {
            // A year of orders before the last one: neither new nor seasonal.
            db.Activity.Add(new ActivityRow { CustomerId = contract.CustomerId, Months = ActivityMonths.Build([.. Enumerable.Range(0, 12).Select(m => new Fact(Core.Activity.FactKind.Order, ordered.AddMonths(-m), 1_000_00, ""))]) });
            db.Audit(await app.SystemCall(), "test.months", "customer");
            await db.SaveChangesAsync();
        });
        var opened = await (await app.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, "/api/offboardings", OffboardingWorld.Evidence(contract));
        await app.Drain();
        var it = new AnOffboarding(app, contract, opened.GetProperty("caseId").GetGuid());
        await it.Talk();
        await app.Drain();
        if (found.Length == 0)
        {
            (await it.StepState("class")).ShouldBe("Done");
            return;
        }
        (await app.TheCase(it.Id)).Step("class").Failed.ShouldBe([found]);
        (await it.StepState("demand-survey")).ShouldBe("Waiting");
        // A person has seen it, and the survey begins.
        await (await app.SignIn(Role.Supervisor)).Ok(HttpMethod.Post, it.Path("checks"), new { item = found, words = "Seen; the survey is to say why." });
        (await it.StepState("demand-survey")).ShouldBe("Active");
        await app.ShouldFold(it.Id);
    }

    public sealed class OnSqlite(SqliteApp app) : ManufacturerPackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ManufacturerPackTests(app), IClassFixture<PostgresApp>;
}
