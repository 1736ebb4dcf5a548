using Exeunt.App.Data;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Packs;

/// <summary>Cloud software: systems alone, unless something is open or the amount is above the limit.</summary>
public abstract class SaasPackTests(ExeuntApp app)
{
    [Fact]
    public async Task Goes_from_the_application_to_the_certificate_in_minutes_by_systems_alone()
    {
        await app.Install(Saas.Pack);
        await using var system = await app.Provisioning();
        var began = app.Time.GetUtcNow();
        var it = await app.Ends(await app.AContractOf(Saas.Policy));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Saas.TerminationId);
        (await it.Step("check")).ShouldBe("Done");
        (await it.Step("approve")).ShouldBe("Skipped");
        system.Orders.Count.ShouldBe(3);
        system.WronglySigned.ShouldBe(0);
        await it.SystemWorks();

        (await it.State()).ShouldBe("WindingUp");
        (await it.Step("certificate")).ShouldBe("Done");
        (app.Time.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromMinutes(5));
        (await it.Case()).GetProperty("effectiveOn").GetString().ShouldBe($"{await app.Today():yyyy-MM-dd}");
        // Nobody of ours did anything.
        await app.With<AppDb>(async db => (await db.CaseEvents.AsNoTracking().Where(e => e.CaseId == it.Id).ToListAsync()).ShouldAllBe(e => !e.By.StartsWith("staff:")));
        var mails = app.Mails(it.Contract.Mail);
        mails.ShouldContain(m => m.Subject.StartsWith("已收到您的解约申请", StringComparison.Ordinal) && m.Text.Contains(it.Contract.Number, StringComparison.Ordinal) && !m.Text.Contains('{', StringComparison.Ordinal));
        mails.ShouldContain(m => m.Subject.StartsWith("账户已关闭", StringComparison.Ordinal) && m.Attachments.Count == 1);
        (await it.Letters()).ShouldContain(l => l.EndsWith("closing", StringComparison.Ordinal));

        await it.Pay();
        await it.Closes();
    }

    [Fact]
    public async Task Sends_what_it_finds_to_a_person_and_ends_the_service_all_the_same()
    {
        await app.Install(Saas.Pack);
        await using var system = await app.Provisioning();
        var it = await app.Ends(await app.AContractOf(Saas.Policy, unpaid: 100_00));
        (await it.Find("check"))!.Value.GetProperty("failed").EnumerateArray().Select(f => f.GetString()).ShouldBe(["arrears"]);
        await it.SystemWorks();
        (await it.Step("certificate")).ShouldBe("Done");
        (await it.Step("money")).ShouldBe("Waiting");

        // Whoever may looks at what was found; passed items cannot be ticked.
        var supervisor = await app.SignIn(Role.Supervisor);
        (await (await app.SignIn(Role.Agent)).Refused($"/api/cases/{it.Id}/checks", new { item = "arrears" })).ShouldBe("not-allowed");
        (await supervisor.Refused($"/api/cases/{it.Id}/checks", new { item = "disputes" })).ShouldBe("case.item-done-already");
        var page = await (await app.Browser(Role.Supervisor)).Get($"/cases/{it.Id}");
        page.Document.QuerySelectorAll("#check-list form").Length.ShouldBe(1);
        await supervisor.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/checks", new { item = "arrears", words = "The bill is part of the settlement." });
        await app.Drain();
        (await it.Step("check")).ShouldBe("Done");
        (await it.Step("money")).ShouldBe("Done");
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Asks_finance_and_legal_above_the_limit()
    {
        await app.Install(Saas.Pack);
        await using var system = await app.Provisioning();
        var it = await app.Ends(await app.AContractOf(Saas.Policy, change: c => c.Deposit = 5000_00));
        await it.SystemWorks();
        (await it.Step("certificate")).ShouldBe("Done");
        (await it.Step("approve")).ShouldBe("Active");
        (await it.Step("money")).ShouldBe("Waiting");
        await it.Approve();
        (await it.Step("money")).ShouldBe("Done");
    }

    [Fact]
    public async Task Waits_until_midnight_of_a_later_day_that_the_customer_wishes()
    {
        await app.Install(Saas.Pack);
        var contract = await app.AContractOf(Saas.Policy);
        var client = app.Client("zh");
        var wished = (await app.Today()).AddDays(3);
        var receipt = await client.Ok(HttpMethod.Post, "/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail, endsOn = $"{wished:yyyy-MM-dd}" });
        var token = receipt.GetProperty("token").GetString()!;
        await client.Ok(HttpMethod.Post, $"/api/progress/{token}/code");
        await client.Ok(HttpMethod.Post, $"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) });
        await app.Drain();
        var it = new APackCase(app, contract, receipt.GetProperty("caseId").GetGuid(), client, token);
        (await it.Step("effective")).ShouldBe("Active");
        await app.AdvanceDays(3);
        (await it.Step("effective")).ShouldBe("Active");
        await app.AdvanceDays(1);
        (await it.Step("effective")).ShouldBe("Done");
    }

    [Fact]
    public async Task Keeps_the_data_of_a_european_customer_for_the_periods_of_the_data_act()
    {
        await app.Install(Saas.Pack);
        await using var system = await app.Provisioning();
        var it = await app.Ends(await app.AContractOf(Saas.EuropeanPolicy));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Saas.EuropeanId);
        var last = DateOnly.Parse((await it.Case()).GetProperty("effectiveOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        await app.AdvanceDays(last.DayNumber - (await app.Today()).DayNumber + 1);
        (await it.OpenWork()).ShouldBe(["stop-billing", "read-only", "export-data"], ignoreOrder: true);
        await it.SystemWorks();
        // Thirty days of transition, thirty more to fetch the data, then it is deleted.
        await app.AdvanceDays(Saas.TransitionDays - 1);
        (await it.Step("transition")).ShouldBe("Active");
        await app.AdvanceDays(1);
        (await it.Step("transition")).ShouldBe("Done");
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.Contains("前取回数据", StringComparison.Ordinal));
        await app.AdvanceDays(29);
        (await it.Step("retrieval")).ShouldBe("Active");
        (await it.OpenWork()).ShouldBeEmpty();
        await app.AdvanceDays(1);
        (await it.OpenWork()).ShouldBe(["close-access", "delete-data"], ignoreOrder: true);
        (await it.Step("certificate")).ShouldBe("Waiting");
        await it.SystemWorks();
        (await it.Step("certificate")).ShouldBe("Done");
        await app.ShouldFold(it.Id);
    }

    public sealed class OnSqlite(SqliteApp app) : SaasPackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SaasPackTests(app), IClassFixture<PostgresApp>;
}
