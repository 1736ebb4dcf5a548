using System.Text.Json;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offers;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Reasons;

/// <summary>The reasons as data: edited, audited, retired, and used where they are asked.</summary>
public abstract class ReasonTests(ExeuntApp app)
{
    [Fact]
    public async Task A_retired_reason_is_not_chosen_any_more_and_still_named_on_old_cases()
    {
        var supervisor = await app.SignIn(Role.Supervisor);
        await supervisor.Ok(HttpMethod.Post, "/api/reasons", new { under = "PRICE", code = "OLD_TARIFF", content = Content("Old tariff", "旧资费") });
        var old = await app.AnOfferCase(reason: "PRICE/OLD_TARIFF");
        await supervisor.Ok(HttpMethod.Put, "/api/reasons/PRICE/OLD_TARIFF", Content("Old tariff", "旧资费", retired: true));

        var now = await app.AnOfferCase();
        (await now.Agent.Problem(HttpMethod.Post, $"/api/cases/{now.Id}/talk", new { reason = "PRICE/OLD_TARIFF", minutes = 1 })).Code.ShouldBe("reason.retired");
        (await now.Agent.Problem(HttpMethod.Post, $"/api/cases/{now.Id}/talk", new { reason = "PRICE/NEVER", minutes = 1 })).Code.ShouldBe("reason.unknown");
        using var agent = await app.Browser(Role.Agent);
        (await agent.Get($"/cases/{old.Id}")).Text.ShouldContain("Price › Old tariff");
        (await agent.Get($"/cases/{now.Id}")).Document.QuerySelectorAll("option[value='PRICE/OLD_TARIFF']").ShouldBeEmpty();
        // In the old case itself it may be kept.
        await old.Agent.Ok(HttpMethod.Post, $"/api/cases/{old.Id}/talk", new { reason = "PRICE/OLD_TARIFF", minutes = 1 });
    }

    [Fact]
    public async Task Is_edited_on_its_page_in_both_languages_and_seen_where_it_is_asked()
    {
        using var supervisor = await app.Browser(Role.Supervisor);
        await supervisor.Get("/policies/reasons");
        await supervisor.Follow("Hard to use");
        var page = await supervisor.Submit("Save", new { chinese = "" });
        page.Status.ShouldBe(422);
        page.Of(".field.invalid .error").ShouldBe("Please fill this in.");
        page = await supervisor.Submit("Save", new { chinese = "难用", customerEn = "It is awkward", customerZh = "" });
        page.Of(".field.invalid .error")!.ShouldContain("Fill in both languages");
        page = await supervisor.Submit("Save", new { customerZh = "用着别扭", askEn = "Which step?", offers = "TRAINING\nNO_SUCH" });
        page.Of(".field.invalid .error")!.ShouldContain("code of an entry");
        page = await supervisor.Submit("Save", new { offers = "CONTACT_CHANGE TRAINING" });
        page.Path.ShouldStartWith("/policies/reasons");
        page.Of("#r-COMPLEXITY")!.ShouldContain("Another account manager, then Training");

        // The guide stands beside the form of the talk, and the table leads to the offers.
        var now = await app.AnOfferCase(reason: "COMPLEXITY/LANGUAGE");
        using var agent = await app.Browser(Role.Agent);
        page = await agent.Get($"/cases/{now.Id}");
        page.Of(".guides details[open]")!.ShouldContain("Which step?");
        page.All(".proposal summary").Take(2).ShouldBe(["Another account manager answers “Hard to use”", "Training answers “Hard to use”"]);

        // The portal asks it in the customer's words.
        var customer = await app.AContract();
        using var portal = app.Browser("zh");
        await portal.Get("/apply");
        await portal.Submit("form", new { contractNumber = customer.Number, name = customer.Name, contact = customer.Mail });
        (await portal.Get(portal.Page.Path.Replace("/code", "/reason"))).Text.ShouldContain("用着别扭");
    }

    [Fact]
    public async Task A_change_is_refused_that_was_made_on_an_old_version_or_by_others()
    {
        var supervisor = await app.SignIn(Role.Supervisor);
        (await (await app.SignIn(Role.Agent)).Problem(HttpMethod.Put, "/api/reasons/MARKET", Content("Market", "市场"))).Code.ShouldBe("not-allowed");
        var version = (await Reasons(supervisor)).Single(r => r.GetProperty("code").GetString() == "MARKET").GetProperty("version").GetInt32();
        supervisor.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        await supervisor.Ok(HttpMethod.Put, "/api/reasons/MARKET", Content("The market", "市场"));
        (await supervisor.Problem(HttpMethod.Put, "/api/reasons/MARKET", Content("Market", "市场"))).Code.ShouldBe("changed-meanwhile");
        supervisor.DefaultRequestHeaders.Remove("If-Match");
        (await supervisor.Problem(HttpMethod.Post, "/api/reasons", new { code = "MARKET", content = Content("Again", "又") })).Code.ShouldBe("reason.taken");
        (await supervisor.Problem(HttpMethod.Post, "/api/reasons", new { code = "low case", content = Content("A", "甲") })).Code.ShouldBe("reason.code");
        (await supervisor.Problem(HttpMethod.Put, "/api/reasons/NEVER", Content("A", "甲"))).Code.ShouldBe("not-found");
    }

    [Fact]
    public async Task Begins_with_both_levels_in_both_languages_and_a_guide_for_every_first_one()
    {
        var rows = ReasonSeeds.Rows().ToList();
        rows.ShouldAllBe(r => r.English.Length > 0 && r.Chinese.Length > 0);
        rows.Select(r => r.Code).ShouldBeUnique();
        var list = new ReasonList(rows);
        ReasonSeeds.Customers.ShouldAllBe(r => list.Guide(r.Code) != null);
        list.ForCustomers.Count.ShouldBe(10);
        (await Reasons(await app.SignIn(Role.Trainer))).Count.ShouldBeGreaterThanOrEqualTo(rows.Count);
    }

    private static async Task<List<JsonElement>> Reasons(HttpClient client) => [.. (await client.Ok(HttpMethod.Get, "/api/reasons")).EnumerateArray()];

    private static object Content(string english, string chinese, bool retired = false) => new { english, chinese, position = 5, retired };

    public sealed class OnSqlite(SqliteApp app) : ReasonTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ReasonTests(app), IClassFixture<PostgresApp>;
}
