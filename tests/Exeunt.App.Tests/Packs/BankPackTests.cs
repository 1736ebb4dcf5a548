using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Packs;

/// <summary>Loans: repaid with a quote and the collateral back; called in only after demand, assessment and restructuring.</summary>
public abstract class BankPackTests(ExeuntApp app)
{
    [Fact]
    public async Task Quotes_what_repaying_takes_and_hands_the_collateral_back()
    {
        await app.Install(Bank.Pack);
        var it = await app.Ends(await app.AContractOf(Bank.Policy, change: c => c.CurrentMonthPrepaid = false));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Bank.RepaymentId);
        var total = (await it.Case()).GetProperty("settlementTotal").GetInt64();
        app.Mails(it.Contract.Mail).Single(m => m.Subject.StartsWith("提前结清金额通知", StringComparison.Ordinal)).Text.ShouldContain(Money.Format(Math.Abs(total), 2));
        await it.Approve();
        await app.AdvanceDays(11);
        await it.Work("stop-interest", "close-loan-account");
        (await it.Step("certificate")).ShouldBe("Done");
        (await it.OpenWork()).ShouldBe(["release-collateral"]);
        await it.Pay();
        (await it.Step("erase")).ShouldBe("Waiting");
        await it.Work();
        await it.Closes();
    }

    [Fact]
    public async Task Calls_in_after_demand_assessment_and_restructuring_and_tells_the_person_before_the_bureau()
    {
        await app.Install(Bank.Pack);
        var today = await app.Today();
        var contract = await app.AContractOf(Bank.Policy, unpaid: 5000_00, change: c => c.UnpaidDueOn = today.AddDays(-40));
        var opened = await (await app.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, "/api/offboardings", OffboardingWorld.Evidence(contract, "OFFBOARD_ARREARS", ["Arrears"]));
        await app.Drain();
        var it = new AnOffboarding(app, contract, opened.GetProperty("caseId").GetGuid());
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Bank.DefaultId);
        app.Mails(contract.Mail).ShouldContain(m => m.Subject.StartsWith("催告函", StringComparison.Ordinal) && m.Text.Contains("5,000.00", StringComparison.Ordinal));
        await it.Talk();
        var supervisor = await app.SignIn(Role.Supervisor);
        foreach (var item in new[] { "purpose", "ability", "willingness", "post-loan" })
            await supervisor.Ok(HttpMethod.Post, it.Path("checks"), new { item, words = "seen" });
        (await it.StepState("restructure")).ShouldBe("Active");
        foreach (var item in new[] { "offered", "answered" })
            await supervisor.Ok(HttpMethod.Post, it.Path("checks"), new { item });
        // Everything is looked at, but the demand's thirty days run.
        (await it.StepState("decide")).ShouldBe("Waiting");
        await app.AdvanceDays(31);
        (await it.StepState("decide")).ShouldBe("Active");
        await it.Decide();
        await it.Effective();
        await app.Drain();
        // Settled; the person is told, and only ten days later the bureau.
        app.Mails(contract.Mail).ShouldContain(m => m.Subject.StartsWith("报送征信前告知书", StringComparison.Ordinal) && m.Text.Contains("五年", StringComparison.Ordinal));
        (await it.StepState("bureau")).ShouldBe("Waiting");
        await app.AdvanceDays(Bank.BureauDays - 1);
        (await it.StepState("bureau")).ShouldBe("Waiting");
        await app.AdvanceDays(2);
        (await it.StepState("bureau")).ShouldBe("Active");
        await app.ShouldFold(it.Id);
    }

    public sealed class OnSqlite(SqliteApp app) : BankPackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : BankPackTests(app), IClassFixture<PostgresApp>;
}
