using Exeunt.App.Features.Offers;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Offers;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Offers;

/// <summary>The catalogue's editor and what it refuses.</summary>
public abstract class CatalogueTests(ExeuntApp app)
{
    [Fact]
    public async Task An_entry_is_added_changed_and_retired_on_its_page()
    {
        using var supervisor = await app.Browser(Role.Supervisor);
        await supervisor.Get("/policies/offers/new");
        var page = await supervisor.Submit("Save as a new version", new { code = "loyal", nameEn = "Loyalty", nameZh = "", customerEn = "{percent} % off", customerZh = "优惠 {percent}%" });
        page.Status.ShouldBe(422);
        page.Of("[role=alert]")!.ShouldContain("Both languages are needed.");
        page = await supervisor.Submit("Save as a new version", new
        {
            nameZh = "忠诚", percentLeast = 5, percentMost = 15, monthsLeast = 1, monthsMost = 6, approvalAbove = "100 CNY, 12.50 GBP", branchHeadAbove = "900 CNY, 90 GBP", tiers = "Normal, Vip",
            tasks = "bill | Enter it | 录入 | Technical | 3", active = true,
        });
        (page.Status, page.Path).ShouldBe((200, "/policies/offers"));
        page.Text.ShouldContain("Loyalty");
        await supervisor.Get("/policies/offers/LOYAL");
        page = await supervisor.Submit("Save as a new version", new { active = false });
        page.Path.ShouldBe("/policies/offers");
        var entry = OfferEntry.FromJson(await (await app.SignIn(Role.Agent)).GetStringAsync("/api/offer-entries/LOYAL"));
        (entry.Version, entry.Active, entry.ApprovalAbove.Count, entry.Tasks.Single().Days, entry.Conditions.Tiers.Count).ShouldBe((2, false, 2, 3, 2));
        (await supervisor.Get("/policies/offers/LOYAL")).Text.ShouldContain("Version 2 by Supervisor");
    }

    [Fact]
    public async Task A_wrong_field_says_so_and_a_change_meanwhile_is_seen()
    {
        using var supervisor = await app.Browser(Role.Supervisor);
        await supervisor.Get("/policies/offers/CREDIT");
        var page = await supervisor.Submit("Save as a new version", new { maxAmount = "ten yuan" });
        page.Of(".field.invalid .error")!.ShouldContain("Amounts are written like");
        page.Of("#f-maxAmount").ShouldNotBeNull();
        await supervisor.Get("/policies/offers/CREDIT");
        await app.Entry("CREDIT", e => e with { AnswerDays = 7 });
        (await supervisor.Submit("Save as a new version", new { answerDays = 8 })).Of("[role=alert]")!.ShouldContain("Somebody changed this meanwhile");
    }

    [Fact]
    public async Task The_document_is_checked_and_the_table_leads_to_known_entries_only()
    {
        var supervisor = await app.SignIn(Role.Supervisor);
        (await supervisor.Problem(HttpMethod.Put, "/api/offer-entries/NEW", new { code = "NEW" })).Code.ShouldBe("offer-entry.document");
        var json = await supervisor.GetStringAsync("/api/offer-entries/PAUSE");
        async Task<string> Put(string code, string document)
        {
            using var content = new StringContent(document, System.Text.Encoding.UTF8, "application/json");
            using var answer = await supervisor.PutAsync($"/api/offer-entries/{code}", content);
            return System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
        }
        (await Put("OTHER", json)).ShouldBe("offer-entry.other-code");
        var entry = OfferEntry.FromJson(json);
        (await Put("PAUSE", (entry with { Conditions = entry.Conditions with { Reasons = ["NO_SUCH"] } }).ToJson())).ShouldBe("offer-entry.reason");
        (await Put("PAUSE", (entry with { Conditions = entry.Conditions with { Tiers = ["Gold"] } }).ToJson())).ShouldBe("offer-entry.tier");
        (await Put("PAUSE", (entry with { Tasks = [new("x", new("X", "某"), Role.Auditor, 1)] }).ToJson())).ShouldBe("offer-entry.task-role");
        (await Put("PAUSE", (entry with { Months = null }).ToJson())).ShouldBe("offer-entry.months");
    }

    [Fact]
    public void Every_built_in_entry_is_sound_and_of_a_kind_of_its_own()
    {
        OfferSeeds.Entries.ShouldAllBe(e => OfferCheck.Of(e) == null);
        OfferSeeds.Entries.Select(e => e.Kind).Order().ShouldBe(Enum.GetValues<OfferKind>().Order());
        OfferSeeds.Answers.Values.SelectMany(v => v).ShouldAllBe(c => OfferSeeds.Entries.Any(e => e.Code == c));
    }

    public sealed class OnSqlite(SqliteApp app) : CatalogueTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CatalogueTests(app), IClassFixture<PostgresApp>;
}
