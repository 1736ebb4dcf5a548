using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Tiers;

/// <summary>A customer's tier is changed by people, with reasons; nobody is moved down by one alone.</summary>
public abstract class TierTests(ExeuntApp app)
{
    [Fact]
    public async Task A_move_down_waits_for_a_second_person_and_the_customer_is_told_the_reasons()
    {
        var contract = await app.AContractInForce();
        var manager = await app.SignIn(Role.AccountManager);
        var path = $"/api/customers/{contract.CustomerId}/tiers";
        (await manager.Refused(path, new { to = "HighRisk", words = "three invoices late tier-canary" })).ShouldBe("tier.codes");
        (await manager.Refused(path, new { to = "HighRisk", words = "late", codes = new[] { "Z99" } })).ShouldBe("tier.codes");
        (await manager.Refused(path, new { to = "HighRisk", codes = new[] { "A01" } })).ShouldBe("required");
        (await manager.Refused(path, new { to = "Normal", words = "as it is" })).ShouldBe("tier.same");
        var moved = await manager.Ok(HttpMethod.Post, path, new { to = "HighRisk", words = "three invoices late tier-canary", codes = new[] { "A02", "A01" } });
        moved.GetProperty("isMade").GetBoolean().ShouldBeFalse();
        (await Tier(contract.CustomerId)).ShouldBe(CustomerTier.Normal);
        (await manager.Refused(path, new { to = "Vip", words = "changed my mind" })).ShouldBe("tier.already-proposed");
        var decision = $"/api/tiers/{moved.GetProperty("id").GetGuid()}/decision";
        (await manager.Refused(decision, new { isAccepted = true })).ShouldBe("not-allowed");
        var supervisor = await app.SignIn(Role.Supervisor);
        (await supervisor.Refused(decision, new { })).ShouldBe("required");
        await supervisor.Ok(HttpMethod.Post, decision, new { isAccepted = true });
        (await Tier(contract.CustomerId)).ShouldBe(CustomerTier.HighRisk);
        (await supervisor.Refused(decision, new { isAccepted = false })).ShouldBe("tier.decided");
        await app.Drain();
        var mail = app.Mails(contract.Mail)[^1];
        mail.Text.ShouldContain("多次逾期付款");
        mail.Text.ShouldContain("存在逾期欠款");
        (await app.PlacesWith("tier-canary")).ShouldBeEmpty();
        var line = (await supervisor.Ok(HttpMethod.Get, path)).GetProperty("latest").EnumerateArray().ShouldHaveSingleItem();
        line.GetProperty("words").GetString()!.ShouldContain("tier-canary");
        line.GetProperty("change").GetProperty("isTold").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_decides_what_they_proposed_and_a_refused_move_changes_nothing()
    {
        var contract = await app.AContractInForce();
        var supervisor = await app.SignIn(Role.Supervisor, name: "tier-author");
        var path = $"/api/customers/{contract.CustomerId}/tiers";
        (await supervisor.Ok(HttpMethod.Post, path, new { to = "Vip", words = "largest of the branch" })).GetProperty("isMade").GetBoolean().ShouldBeTrue("up is made at once");
        (await Tier(contract.CustomerId)).ShouldBe(CustomerTier.Vip);
        var before = app.Mails(contract.Mail).Count;
        var moved = await supervisor.Ok(HttpMethod.Post, path, new { to = "Normal", words = "no longer the largest" });
        var decision = $"/api/tiers/{moved.GetProperty("id").GetGuid()}/decision";
        (await supervisor.Refused(decision, new { isAccepted = true })).ShouldBe("tier.own-proposal");
        await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, decision, new { isAccepted = false });
        (await Tier(contract.CustomerId)).ShouldBe(CustomerTier.Vip);
        await app.Drain();
        app.Mails(contract.Mail).Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_tier_comes_up_for_review_after_a_year_unless_it_changed_meanwhile()
    {
        var (one, two) = (await app.AContractInForce(), await app.AContractInForce());
        var supervisor = await app.SignIn(Role.Supervisor);
        foreach (var contract in new[] { one, two })
            await supervisor.Ok(HttpMethod.Post, $"/api/customers/{contract.CustomerId}/tiers", new { to = "Vip", words = "large" });
        (await Due()).ShouldNotContain(one.CustomerId);
        await app.With<AppDb>(async db =>
        {
            // A year passes for both; one has a newer move.
            foreach (var change in await db.TierChanges.Where(t => t.CustomerId == one.CustomerId || t.CustomerId == two.CustomerId).ToListAsync())
                change.ReviewOn = new DateOnly(2026, 3, 1);
            db.Audit(await app.SystemCall(), "test.year", "tiers");
            await db.SaveChangesAsync();
        });
        (await Due()).ShouldBe([one.CustomerId, two.CustomerId], ignoreOrder: true);
        var moved = await supervisor.Ok(HttpMethod.Post, $"/api/customers/{two.CustomerId}/tiers", new { to = "Normal", words = "smaller" });
        await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, $"/api/tiers/{moved.GetProperty("id").GetGuid()}/decision", new { isAccepted = true });
        (await Due()).ShouldBe([one.CustomerId]);

        async Task<List<long>> Due() =>
            [.. (await supervisor.Ok(HttpMethod.Get, "/api/tiers")).GetProperty("due").EnumerateArray().Select(l => l.GetProperty("change").GetProperty("customerId").GetInt64()).Where(id => id == one.CustomerId || id == two.CustomerId)];
    }

    [Fact]
    public async Task Nobody_is_moved_whose_data_is_restricted_meanwhile_and_a_tier_that_stays_is_looked_at_a_year_later()
    {
        var contract = await app.AContractInForce();
        var (manager, supervisor) = (await app.SignIn(Role.AccountManager), await app.SignIn(Role.Supervisor));
        var path = $"/api/customers/{contract.CustomerId}/tiers";
        await manager.Ok(HttpMethod.Post, path, new { to = "Vip", words = "large" });
        await manager.Ok(HttpMethod.Post, path, new { to = "Vip", words = "looked at again: still large" });
        var lines = (await manager.Ok(HttpMethod.Get, path)).GetProperty("latest").EnumerateArray().ToList();
        lines.Count.ShouldBe(2);
        lines[0].GetProperty("change").GetProperty("reviewOn").GetString().ShouldStartWith("2027-");

        var moved = await manager.Ok(HttpMethod.Post, path, new { to = "HighRisk", words = "late", codes = new[] { "A01" } });
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).ObjectedAt = app.Time.GetUtcNow();
            db.Audit(await app.SystemCall(), "test.objected", "customer");
            await db.SaveChangesAsync();
        });
        var decision = $"/api/tiers/{moved.GetProperty("id").GetGuid()}/decision";
        (await supervisor.Refused(decision, new { isAccepted = true })).ShouldBe("tier.not-judged");
        await supervisor.Ok(HttpMethod.Post, decision, new { isAccepted = false });
        (await Tier(contract.CustomerId)).ShouldBe(CustomerTier.Vip);
        (await manager.Refused(path, new { to = "Normal", words = "smaller" })).ShouldBe("tier.not-judged");
    }

    [Fact]
    public async Task A_customer_of_another_unit_is_not_there()
    {
        var contract = await app.AContractInForce();
        var elsewhere = await app.SignIn(Role.Supervisor, "SOUTH");
        (await elsewhere.Refused($"/api/customers/{contract.CustomerId}/tiers", new { to = "Vip", words = "large" })).ShouldBe("not-found");
    }

    private Task<CustomerTier> Tier(long id) => app.With<AppDb, CustomerTier>(db => db.Customers.Where(c => c.Id == id).Select(c => c.Tier).SingleAsync());

    public sealed class OnSqlite(SqliteApp app) : TierTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TierTests(app), IClassFixture<PostgresApp>;
}
