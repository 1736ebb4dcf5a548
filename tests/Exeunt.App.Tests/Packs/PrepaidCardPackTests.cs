using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Packs;

/// <summary>Prepaid cards: no talk, three ways to compute, seven days without reason.</summary>
public abstract class PrepaidCardPackTests(ExeuntApp app)
{
    [Fact]
    public async Task Refunds_by_list_price_with_interest_for_the_customers_own_reason_and_by_the_discounted_price_for_ours()
    {
        await app.Install(PrepaidCards.Pack);
        var today = await app.Today();
        var it = await app.Ends(await app.AContractOf(PrepaidCards.Policy, change: c => PackWorld.Card(c, today.AddDays(-90))));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(PrepaidCards.TerminationId);
        (await it.Line("prepaid")).ShouldBe(-400_00);
        // Interest runs from the last day until it is paid: none on the same day.
        (await it.Line("prepaidInterest")).ShouldBe(0);
        // Nobody has to talk, and nothing waits for the card.
        (await it.OpenWork()).ShouldBe(["block-card"]);
        (await it.Step("approve")).ShouldBe("Skipped");

        // The shop moved: ours.
        await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/cases/{it.Id}/facts", new { ground = "Fundamental", fault = "Company", prepaidConsumed = "600.00" });
        await app.Drain();
        (await it.Line("prepaid")).ShouldBe(-500_00);
        (await it.Line("prepaidInterest")).ShouldBe(0);
        // What a person wrote another approves, under the limit too.
        (await it.Step("approve")).ShouldBe("Active");
        await it.Approve();
        await it.Work();
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.StartsWith("预付卡退款说明", StringComparison.Ordinal) && m.Text.Contains("五日内", StringComparison.Ordinal));
        await it.Pay();
        await it.Closes();
    }

    [Fact]
    public async Task Refunds_the_days_left_of_an_unlimited_card()
    {
        await app.Install(PrepaidCards.Pack);
        var today = await app.Today();
        // 3,650 for 365 days, used for 100: V11.
        var it = await app.Ends(await app.AContractOf(PrepaidCards.Unlimited, change: c =>
        {
            PackWorld.Card(c, today.AddDays(-99));
            (c.PrepaidPaid, c.PrepaidGift, c.PrepaidConsumed) = (3650_00, 0, 0);
            (c.PrepaidFrom, c.PrepaidUntil) = (today.AddDays(-99), today.AddDays(-99 + 365));
        }));
        (await it.Line("prepaid")).ShouldBe(-2650_00);
    }

    [Fact]
    public async Task Takes_it_back_without_reason_within_seven_days_of_paying_and_not_later()
    {
        await app.Install(PrepaidCards.Pack);
        var today = await app.Today();
        var early = await app.Ends(await app.AContractOf(PrepaidCards.Policy, change: c => PackWorld.Card(c, today.AddDays(-7))));
        (await early.Line("prepaid")).ShouldBe(-500_00);
        (await early.Line("prepaidInterest")).ShouldBeNull();
        var late = await app.Ends(await app.AContractOf(PrepaidCards.Policy, change: c => PackWorld.Card(c, today.AddDays(-20))));
        (await late.Line("prepaid")).ShouldBe(-400_00);
        await Cases.CaseWorld.ShouldFold(app, early.Id);
        await Cases.CaseWorld.ShouldFold(app, late.Id);
    }

    public sealed class OnSqlite(SqliteApp app) : PrepaidCardPackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PrepaidCardPackTests(app), IClassFixture<PostgresApp>;
}
