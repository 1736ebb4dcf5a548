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

/// <summary>Telephone and lines: back-up before clean-up before the number; numbers taken along; the ladder for arrears.</summary>
public abstract class TelecomPackTests(ExeuntApp app)
{
    [Fact]
    public async Task Backs_up_before_it_cleans_up_before_the_number_goes()
    {
        await app.Install(Telecom.Pack);
        var it = await app.Ends(await app.AContractOf(Telecom.Policy));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Telecom.TerminationId);
        await it.Talk("PRICE/TOO_HIGH");
        await app.Drain();
        (await it.Step("port-check")).ShouldBe("Skipped");
        await app.AdvanceDays(4);
        (await it.OpenWork()).ShouldBe(["back-up-configuration", "back-up-records"], ignoreOrder: true);
        await it.Work("back-up-configuration");
        (await it.Step("clean-up")).ShouldBe("Waiting");
        await it.Work();
        (await it.OpenWork()).ShouldBe(["stop-service", "stop-billing", "free-port"], ignoreOrder: true);
        // Until the number goes the customer may still turn back; then not.
        await it.Work();
        (await it.OpenWork()).ShouldBe(["release-number"]);
        (await it.Customer.Refused($"/api/progress/{it.Token}/withdrawal")).ShouldStartWith("case.");
        await it.Work();
        (await it.Step("certificate")).ShouldBe("Done");
        if (await it.Step("approve") == "Active")
            await it.Approve();
        await it.Pay();
        await it.Closes();
    }

    [Fact]
    public async Task Quotes_the_release_of_the_term_before_the_code_and_keeps_the_number()
    {
        await app.Install(Telecom.Pack);
        var it = await app.Ends(await app.AContractOf(Telecom.Policy));
        await it.Talk("COMPETITION/PORTING");
        await app.Drain();
        (await it.Step("port-check")).ShouldBe("Done");
        var quote = app.Mails(it.Contract.Mail).Single(m => m.Subject.StartsWith("携号转网须知", StringComparison.Ordinal));
        quote.Text.ShouldContain("授权码");
        quote.Text.ShouldContain(Money.Format(Math.Abs((await it.Case()).GetProperty("settlementTotal").GetInt64()), 2));
        await app.AdvanceDays(4);
        await it.Work();
        await it.Work();
        (await it.Step("release-number")).ShouldBe("Skipped");
        (await it.Step("certificate")).ShouldBe("Done");
    }

    [Fact]
    public async Task Holds_the_code_back_while_bills_are_open_but_not_the_end()
    {
        await app.Install(Telecom.Pack);
        var it = await app.Ends(await app.AContractOf(Telecom.Policy, unpaid: 100_00));
        await it.Talk("COMPETITION/PORTING");
        await app.Drain();
        (await it.Find("port-check"))!.Value.GetProperty("failed").EnumerateArray().Select(f => f.GetString()).ShouldBe(["arrears"]);
        app.Mails(it.Contract.Mail).ShouldNotContain(m => m.Subject.StartsWith("携号转网须知", StringComparison.Ordinal));
        await app.AdvanceDays(4);
        await it.Work();
        await it.Work();
        (await it.Step("certificate")).ShouldBe("Done");
        await (await app.SignIn(Role.Supervisor)).Ok(HttpMethod.Post, $"/api/cases/{it.Id}/checks", new { item = "arrears" });
        await app.Drain();
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.StartsWith("携号转网须知", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Suspends_after_thirty_days_and_ends_after_sixty_more_by_a_persons_decision()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.Install(Telecom.Pack);
        var it = await Arrears(own, new(2026, 3, 2));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Telecom.ArrearsId);
        var reminder = own.Mails(it.Contract.Mail).Single(m => m.Subject.Contains("待缴", StringComparison.Ordinal));
        reminder.Text.ShouldContain("3‰");
        reminder.Text.ShouldContain("2026-04-01");
        // Due on 2 March, today is the 16th: suspended from 2 April.
        await own.AdvanceDays(16);
        (await it.Step("suspend")).ShouldBe("Waiting");
        await own.AdvanceDays(1);
        (await own.Today()).ShouldBe(new(2026, 4, 2));
        (await it.OpenWork()).ShouldBe(["suspend-service"]);
        own.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.StartsWith("服务已暂停", StringComparison.Ordinal) && m.Text.Contains("2026-06-01", StringComparison.Ordinal));
        await it.Work();
        await (await own.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, $"/api/cases/{it.Id}/talk", new { reason = "CUSTOMER/FINANCIAL", channel = "phone", minutes = 5 });
        await (await own.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, $"/api/cases/{it.Id}/talk/conclusion", new { result = "GoesOn", words = "no" });
        await own.AdvanceDays(60);
        (await own.Today()).ShouldBe(new(2026, 6, 1));
        (await it.Step("decide")).ShouldBe("Waiting");
        await own.AdvanceDays(1);
        (await it.Step("decide")).ShouldBe("Active");
        (await it.OpenWork()).ShouldBeEmpty();
        await own.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Gives_the_service_back_within_two_days_once_it_is_paid_on_any_rung()
    {
        await app.Install(Telecom.Pack);
        var it = await Arrears(app, (await app.Today()).AddDays(-20));
        await app.AdvanceDays(11);
        (await it.OpenWork()).ShouldBe(["suspend-service"]);
        await it.Work();
        await app.With<AppDb>(async db =>
        {
            (await db.Contracts.SingleAsync(c => c.Id == it.Contract.ContractId)).Unpaid = 0;
            db.Audit(await app.SystemCall(), "test.paid", $"contract:{it.Contract.ContractId}");
            await db.SaveChangesAsync();
        });
        await (await app.SignIn(Role.Supervisor)).Ok(HttpMethod.Post, $"/api/cases/{it.Id}/cure", new { text = "已缴清" });
        await app.Drain();
        (await it.Case()).GetProperty("outcome").GetString().ShouldBe("Saved");
        await app.With<AppDb>(async db =>
        {
            var back = await db.WorkOrders.AsNoTracking().SingleAsync(w => w.CaseId == it.Id && w.DoneAt == null);
            back.Task.ShouldBe("undo-suspend-service");
            back.DueOn.ShouldBeLessThanOrEqualTo((await app.Today()).AddDays(2));
        });
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Turns_back_by_itself_when_the_records_say_paid_at_the_end_of_a_rung()
    {
        await app.Install(Telecom.Pack);
        var it = await Arrears(app, await app.Today());
        await app.With<AppDb>(async db =>
        {
            (await db.Contracts.SingleAsync(c => c.Id == it.Contract.ContractId)).Unpaid = 0;
            db.Audit(await app.SystemCall(), "test.paid", $"contract:{it.Contract.ContractId}");
            await db.SaveChangesAsync();
        });
        await app.AdvanceDays(31);
        (await it.Case()).GetProperty("outcome").GetString().ShouldBe("Saved");
        (await it.OpenWork()).ShouldBeEmpty();
        await app.ShouldFold(it.Id);
    }

    private static async Task<APackCase> Arrears(ExeuntApp app, DateOnly due)
    {
        var contract = await app.AContractOf(Telecom.Policy, unpaid: 100_00, change: c => c.UnpaidDueOn = due);
        var opened = await (await app.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, "/api/offboardings", OffboardingWorld.Evidence(contract, "OFFBOARD_ARREARS", ["Arrears"], photo: false));
        await app.Drain();
        return new APackCase(app, contract, opened.GetProperty("caseId").GetGuid(), app.Client(), "");
    }

    public sealed class OnSqlite(SqliteApp app) : TelecomPackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TelecomPackTests(app), IClassFixture<PostgresApp>;
}
