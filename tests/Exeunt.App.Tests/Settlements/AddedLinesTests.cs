using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Settlements;

/// <summary>Facts and lines that people bring into a settlement, who decides on them, and what the customer can say.</summary>
public abstract class AddedLinesTests(ExeuntApp app)
{
    private static readonly object Facts = new { ground = "ConsumerEarly", deviceKept = true, informed = true };

    [Fact]
    public async Task Computes_again_when_a_fact_changes_and_voids_what_was_approved()
    {
        var exit = await app.ASettledCase(unpaid: 0);
        var before = await exit.Total();
        await exit.Approve();
        var agent = await app.SignIn(Role.Agent, name: "facts");

        await agent.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/facts", new { deviceKept = true, informed = true, unpaid = "88.00" });

        (await exit.Total()).ShouldBe(before + 88_00);
        var shown = await exit.Case();
        shown.GetProperty("approvals").GetString().ShouldBe("");
        shown.GetProperty("requesters").GetString()!.ShouldContain($"{await app.Staff(Role.Agent, name: "facts"):N}");
        await app.ShouldFold(exit.Id);

        // A device that was handed back costs nothing; the same facts again change nothing.
        await agent.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/facts", new { deviceKept = false, informed = true, unpaid = "88.00" });
        (await exit.LineCodes()).ShouldNotContain("device");
        var version = (await exit.Case()).GetProperty("version").GetInt32();
        await agent.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/facts", new { deviceKept = false, informed = true, unpaid = "88.00" });
        (await exit.Case()).GetProperty("version").GetInt32().ShouldBe(version);
    }

    [Fact]
    public async Task Shows_the_fee_beside_the_loss_and_cuts_nothing()
    {
        var exit = await app.ASettledCase(unpaid: 0);
        var before = await exit.Total();
        var agent = await app.SignIn(Role.Agent, name: "loss");
        using var page = await app.Browser(Role.Agent, name: "loss");
        (await page.Get($"/cases/{exit.Id}")).Of("#damages").ShouldBeNull();

        await agent.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/facts", new { deviceKept = true, informed = true, lossProven = "100.00" });

        (await exit.Total()).ShouldBe(before);
        (await page.Get($"/cases/{exit.Id}")).Of("#damages")!.ShouldContain("130.00 CNY (loss × 1.30). It is excessive");
        await agent.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/facts", new { deviceKept = true, informed = true, lossProven = "100.00", badFaith = true });
        (await page.Get($"/cases/{exit.Id}")).Of("#damages")!.ShouldContain("bad faith");
        (await exit.Total()).ShouldBe(before);
    }

    [Theory]
    [InlineData("unpaid", "-5.00", "settlement.negative-amount")]
    [InlineData("unpaid", "5.00 USD", "settlement.mixed-currency")]
    [InlineData("costs", "1.005", "settlement.amount-precision")]
    [InlineData("costs", "five", "settlement.invalid-amount")]
    [InlineData("unpaidDueOn", "1/2/2026", "facts.unreadable")]
    [InlineData("ground", "WHIM", "facts.unreadable")]
    [InlineData("performedPercent", "101", "facts.unreadable")]
    [InlineData("instalments", "13", "facts.unreadable")]
    public async Task Refuses_a_wrong_fact_by_name_and_changes_nothing(string field, string value, string code)
    {
        var exit = await app.ASettledCase();
        var before = (await exit.Case()).GetRawText();
        var agent = await app.SignIn(Role.Agent);

        (await agent.Refused($"/api/cases/{exit.Id}/facts", new Dictionary<string, object> { ["deviceKept"] = true, ["informed"] = true, [field] = value })).ShouldBe(code);

        (await exit.Case()).GetRawText().ShouldBe(before);
    }

    [Fact]
    public async Task Charges_damage_by_the_price_list_with_a_photo_and_hears_the_customer()
    {
        var exit = await app.ASettledCase(unpaid: 0);
        var before = await exit.Total();
        var path = $"/api/cases/{exit.Id}/lines";
        var supervisor = await app.SignIn(Role.Supervisor, name: "adds");
        (await supervisor.Refused(path, new { kind = "Damage", entry = "sofa", evidence = MoneyWorld.Photo })).ShouldBe("line.not-on-price-list");
        (await supervisor.Refused(path, new { kind = "Damage", entry = "screen" })).ShouldBe("line.photo-first");
        (await supervisor.Refused(path, new { kind = "Damage", entry = "screen", evidence = "<html>"u8.ToArray() })).ShouldBe("evidence.no-photo");
        (await supervisor.Refused(path, new { kind = "Missing", entry = "card" })).ShouldBe("line.no-price");
        (await supervisor.Refused(path, new { kind = "Missing", entry = "sofa" })).ShouldBe("line.not-to-hand-back");

        var line = (await supervisor.Ok(HttpMethod.Post, path, new { kind = "Damage", entry = "screen", words = "line-canary", evidence = MoneyWorld.Photo })).GetProperty("lineId").GetGuid();

        (await exit.Total()).ShouldBe(before + 120_00);
        (await exit.LineCodes()).ShouldContain("damage.screen");
        await app.Drain();
        app.Mails(exit.Contract.Mail).ShouldContain(m => m.Text.Contains("屏幕破损", StringComparison.Ordinal));

        // The customer sees the line with its photo, objects, and it is out of the total.
        var seen = (await exit.Customer.Ok(HttpMethod.Get, $"/api/progress/{exit.Token}")).GetProperty("open").GetProperty("lines")[0];
        seen.GetProperty("canObject").GetBoolean().ShouldBeTrue();
        (await exit.Customer.GetAsync($"/api/progress/{exit.Token}/documents/{seen.GetProperty("evidenceId").GetGuid()}")).EnsureSuccessStatusCode();
        (await exit.Customer.Refused($"/api/progress/{exit.Token}/lines/{line}/objection", new { words = " " })).ShouldBe("required");
        await exit.Customer.Ok(HttpMethod.Post, $"/api/progress/{exit.Token}/lines/{line}/objection", new { words = "it was broken before, objection-canary" });
        (await exit.Total()).ShouldBe(before);
        (await exit.Case()).GetProperty("approvals").GetString().ShouldBe("");

        // Whoever added it cannot decide; somebody else can, with words, and the customer is told.
        (await supervisor.Refused($"{path}/{line}/decision", new { kind = "Drop", words = "x" })).ShouldBe("line.own");
        var other = await app.SignIn(Role.Supervisor, name: "decides");
        (await other.Refused($"{path}/{line}/decision", new { kind = "Uphold" })).ShouldBe("required");
        await other.Ok(HttpMethod.Post, $"{path}/{line}/decision", new { kind = "Uphold", words = "the hand-over shows it whole" });
        (await exit.Total()).ShouldBe(before + 120_00);
        await app.Drain();
        app.Mails(exit.Contract.Mail)[^1].Text.ShouldContain("the hand-over shows it whole");
        (await exit.Customer.Refused($"/api/progress/{exit.Token}/lines/{line}/objection", new { words = "again" })).ShouldBe("line.objected-already");
        await app.ShouldFold(exit.Id);
        foreach (var canary in new[] { "line-canary", "objection-canary" })
            (await app.PlacesWith(canary)).ShouldBeEmpty(canary);
        // Whoever decided on a line asked for nothing.
        (await exit.Case()).GetProperty("requesters").GetString()!.ShouldNotContain($"{await app.Staff(Role.Supervisor, name: "decides"):N}");

        // A dropped one is gone, and another customer's session opens nothing.
        var second = (await supervisor.Ok(HttpMethod.Post, path, new { kind = "Missing", entry = "router" })).GetProperty("lineId").GetGuid();
        var stranger = await app.ASettledCase();
        (await stranger.Customer.Refused($"/api/progress/{exit.Token}/lines/{second}/objection", new { words = "x" })).ShouldBe("case.code-first");
        await exit.Customer.Ok(HttpMethod.Post, $"/api/progress/{exit.Token}/lines/{second}/objection", new { words = "I sent it" });
        await other.Ok(HttpMethod.Post, $"{path}/{second}/decision", new { kind = "Drop", words = "it arrived" });
        (await exit.LineCodes()).ShouldNotContain("missing.router");
    }

    [Fact]
    public async Task Counts_a_waiver_only_with_the_approval_its_amount_asks_for()
    {
        var exit = await app.ASettledCase(unpaid: 9000_00);
        var before = await exit.Total();
        var path = $"/api/cases/{exit.Id}/lines";
        var supervisor = await app.SignIn(Role.Supervisor);
        (await supervisor.Refused(path, new { kind = "Waiver", amount = "0.00", words = "x" })).ShouldBe("line.nothing");
        (await supervisor.Refused(path, new { kind = "Waiver", amount = "-1.00", words = "x" })).ShouldBe("settlement.negative-amount");
        (await supervisor.Refused(path, new { kind = "Goodwill", amount = "1.00 EUR", words = "x" })).ShouldBe("settlement.mixed-currency");
        (await supervisor.Refused(path, new { kind = "Waiver", amount = "1.00" })).ShouldBe("required");
        (await supervisor.Refused(path, new { kind = "Cost", amount = "1.00", words = "x" })).ShouldBe("line.receipt-first");

        var line = (await supervisor.Ok(HttpMethod.Post, path, new { kind = "Waiver", amount = "3000.00", words = "hardship" })).GetProperty("lineId").GetGuid();
        (await exit.Total()).ShouldBe(before);
        (await supervisor.Refused($"{path}/{line}/decision", new { kind = "Approve" })).ShouldBe("line.own");
        var second = (await supervisor.Ok(HttpMethod.Post, path, new { kind = "Goodwill", amount = "2500.00", words = "long customer" })).GetProperty("lineId").GetGuid();

        // Two amounts below the limit are together above it.
        var lead = await app.SignIn(Role.Supervisor, name: "other");
        (await lead.Refused($"{path}/{line}/decision", new { kind = "Approve" })).ShouldBe("line.over-authority");
        var head = await app.SignIn(Role.BranchHead);
        await head.Ok(HttpMethod.Post, $"{path}/{line}/decision", new { kind = "Approve" });
        await head.Ok(HttpMethod.Post, $"{path}/{second}/decision", new { kind = "Refuse", words = "too much" });

        (await exit.Total()).ShouldBe(before - 3000_00);
        var statement = JsonDocument.Parse((await exit.Shown()).GetProperty("settlement").GetProperty("statement").GetString()!).RootElement;
        statement.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("line").GetString() == "waiver.1").GetProperty("approvedBy").GetString()!.ShouldStartWith("staff:");
        await app.ShouldFold(exit.Id);
    }

    [Fact]
    public async Task Refuses_in_the_database_too_that_whoever_added_a_line_decides_on_it()
    {
        var exit = await app.ASettledCase();
        var supervisor = await app.SignIn(Role.Supervisor);
        await supervisor.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/lines", new { kind = "Waiver", amount = "1.00", words = "x" });

        await app.With<AppDb>(async db =>
        {
            var line = await db.CaseLines.SingleAsync(l => l.CaseId == exit.Id);
            db.Entry(line).Property(l => l.State).CurrentValue = CaseLineState.Approved;
            db.Entry(line).Property(l => l.DecidedBy).CurrentValue = line.AddedBy;
            db.Audit(await app.SystemCall(), "test.forgery", "line");
            await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());
        });
    }

    [Fact]
    public async Task Refuses_everything_by_name_once_the_money_is_ordered()
    {
        var exit = await app.ASettledCase();
        var supervisor = await app.SignIn(Role.Supervisor);
        var line = (await supervisor.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/lines", new { kind = "Missing", entry = "router" })).GetProperty("lineId").GetGuid();
        await exit.Order();

        (await supervisor.Refused($"/api/cases/{exit.Id}/facts", Facts)).ShouldBe("case.settlement-fixed");
        (await supervisor.Refused($"/api/cases/{exit.Id}/lines", new { kind = "Waiver", amount = "1.00", words = "x" })).ShouldBe("case.settlement-fixed");
        (await supervisor.Refused($"/api/cases/{exit.Id}/lines/{line}/taking-back")).ShouldBe("case.settlement-fixed");
        (await exit.Customer.Refused($"/api/progress/{exit.Token}/lines/{line}/objection", new { words = "too late" })).ShouldBe("case.settlement-fixed");
        await app.ShouldFold(exit.Id);
    }

    [Fact]
    public async Task Shows_lines_and_facts_on_the_case_page()
    {
        var exit = await app.ASettledCase();
        using var agent = await app.Browser(Role.Agent, name: "page");
        await agent.Get($"/cases/{exit.Id}");
        var page = await agent.Submit("Add it", new { what = "Damage/screen" });
        page.Status.ShouldBe(422);
        page.Of("#settlement .field.invalid .error").ShouldBe("Damage needs a photo as evidence.");

        page = await agent.Submit("Add it", new { what = "Damage/screen", words = "dropped", evidence = new ChosenFile("x.jpg", MoneyWorld.Photo) });

        page.Status.ShouldBe(200);
        page.Of(".added-lines li")!.ShouldContain("Broken screen");
        page = await agent.Submit("Save and compute again", new { unpaid = "-1" });
        page.Of("#facts .error")!.ShouldContain("without a minus");
        page = await agent.Submit("Save and compute again", new { unpaid = "12.00" });
        page.Of("#facts summary")!.ShouldContain("written by");
        page.Text.ShouldContain("added: Broken screen");

        // Whoever decides finds it on today's page.
        await exit.Customer.Ok(HttpMethod.Post, $"/api/progress/{exit.Token}/lines/{(await exit.Shown()).GetProperty("money").GetProperty("lines")[0].GetProperty("id").GetGuid()}/objection", new { words = "no" });
        using var supervisor = await app.Browser(Role.Supervisor, name: "page");
        (await supervisor.Get("/today")).Text.ShouldContain("decide the objection to Broken screen");
        await supervisor.Get($"/cases/{exit.Id}");
        page = await supervisor.Submit("Drop the charge", new { words = "" });
        page.Status.ShouldBe(422);
        page = await supervisor.Submit("Drop the charge", new { words = "fair" });
        page.Of(".added-lines li")!.ShouldContain("dropped");
    }

    public sealed class OnSqlite(SqliteApp app) : AddedLinesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AddedLinesTests(app), IClassFixture<PostgresApp>;
}
