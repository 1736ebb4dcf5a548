using Exeunt.App.Features.Policies;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Tests.Policies;
using Shouldly;
using Xunit;
using static Exeunt.App.Tests.Policies.PolicyWorld;

namespace Exeunt.App.Tests.Policies;

/// <summary>The editor in a browser without JavaScript.</summary>
public abstract class PolicyEditorTests(ExeuntApp app)
{
    [Fact]
    public async Task Saves_an_untouched_form_as_the_same_document()
    {
        foreach (var policy in RandomPolicies.Some(8).Append(GeneralPolicy.Document))
        {
            var document = policy with { Number = ADocument().Number, Version = 1 };
            await app.Draft(document);
            using var browser = await app.Browser(Role.Supervisor);
            await browser.Get($"/policies/{document.Number}/1/edit");
            browser.Page.Status.ShouldBe(200);

            await browser.Submit("Save draft");

            browser.Page.Status.ShouldBe(200, browser.Page.Text);
            browser.Page.Text.ShouldContain("Saved.");
            using var client = await app.SignIn(Role.Agent);
            (await client.GetStringAsync($"/api/policies/{document.Number}/1")).ShouldBe(document.ToJson());
        }
    }

    [Fact]
    public async Task Writes_a_new_policy_row_by_row_and_hands_it_in()
    {
        var number = ADocument().Number;
        using var browser = await app.Browser(Role.Supervisor);
        await browser.Get("/policies/new");
        await browser.Submit("button[value='add:handOvers']");
        browser.Page.Status.ShouldBe(200);
        await browser.Submit("button[value='add:handOvers']");
        await browser.Submit("button[value='remove:handOvers[0]']");
        await browser.Submit("[value=refresh], button[value=check]", new Dictionary<string, object?> { ["number"] = number, ["etf.kind"] = "DECLINING" });
        browser.Page.Status.ShouldBe(422, "titles are missing");
        await browser.Submit("Save and hand in", new Dictionary<string, object?>
        {
            ["titleEnglish"] = "Broadband", ["titleChinese"] = "宽带", ["effectiveFrom"] = "2026-04-01", ["etf.initial"] = "350 CNY", ["etf.perMonth"] = "10.00 CNY", ["notice.count"] = "15",
            ["handOvers[0].code"] = "router", ["handOvers[0].name.english"] = "Router", ["handOvers[0].name.chinese"] = "路由器", ["handOvers[0].days"] = "7", ["scope.jurisdictions"] = "XX",
        });

        browser.Page.Path.ShouldBe($"/policies/{number}/1");
        browser.Page.Text.ShouldContain("Waiting for a signature");
        browser.Page.Text.ShouldContain("¥350.00, less ¥10.00 for each full month served");
        browser.Page.Text.ShouldContain("客户在终止后 7 天内交还：路由器");
    }

    [Fact]
    public async Task Says_beside_each_field_what_is_wrong_and_loses_nothing()
    {
        var policy = ADocument();
        await app.Draft(policy);
        using var browser = await app.Browser(Role.Supervisor, language: "zh");
        await browser.Get($"/policies/{policy.Number}/1/edit");

        await browser.Submit("button[value=save]", new Dictionary<string, object?> { ["notice.count"] = "很久", ["titleEnglish"] = "Typed title", ["effectiveUntil"] = "", ["form.purpose.chinese"] = "" });

        browser.Page.Status.ShouldBe(422);
        browser.Page.Of("#f-notice-count-error").ShouldBe("应为整数。");
        browser.Page.Of("#f-form-purpose-chinese-error").ShouldBe("请填写此项。");
        browser.Page.Document.QuerySelector("#f-titleEnglish")!.GetAttribute("value").ShouldBe("Typed title");
        browser.Page.Document.QuerySelector("#f-notice-count")!.GetAttribute("value").ShouldBe("很久");
        browser.Page.Document.QuerySelector("#section-form")!.HasAttribute("open").ShouldBeTrue();
        using var client = await app.SignIn(Role.Agent);
        (await client.GetStringAsync($"/api/policies/{policy.Number}/1")).ShouldBe(policy.ToJson());
    }

    [Fact]
    public async Task Shows_at_once_what_the_form_means()
    {
        var policy = ADocument();
        await app.Draft(policy);
        using var browser = await app.Browser(Role.Supervisor);
        await browser.Get($"/policies/{policy.Number}/1/edit");

        await browser.Submit("Check", new Dictionary<string, object?> { ["etf.kind"] = "FLAT", ["notice.count"] = "1", ["example.fee"] = "250", ["example.term"] = "12" });
        browser.Page.Status.ShouldBe(422, "the flat fee is not typed yet");
        await browser.Submit("Check", new Dictionary<string, object?> { ["etf.fee"] = "77.00 CNY" });

        browser.Page.Status.ShouldBe(200);
        browser.Page.Of("#words")!.ShouldContain("a flat fee of ¥77.00");
        browser.Page.Of("#words")!.ShouldContain("客户须提前 1 天通知");
        browser.Page.Of("#policy-example")!.ShouldContain("12 months from");
        browser.Page.Of("#policy-example")!.ShouldContain("¥250.00");
        await browser.Submit("Check", new Dictionary<string, object?> { ["example.leave"] = "2026-02-30" });
        browser.Page.Of("#policy-example")!.ShouldContain("Last day of service");
    }

    [Fact]
    public async Task Weighs_what_the_customers_in_force_would_pay()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.AContract();
        await own.AContract();
        using var browser = await own.Browser(Role.Supervisor);
        await browser.Get("/policies/JY-01/1");
        await browser.Submit("#revise");
        browser.Page.Path.ShouldBe("/policies/JY-01/2/edit");
        browser.Page.Of("#effect")!.ShouldContain("2 contracts are in force under this number.");
        browser.Page.All("#effect tbody td").Skip(2).ShouldBe(["0 / 0"]);

        await browser.Submit("Check", new Dictionary<string, object?> { ["etf.pct"] = "30%" });

        browser.Page.All("#effect tbody td").Skip(2).ShouldBe(["2 / 0"]);
        browser.Page.Of("#effect")!.ShouldContain("Who would pay more: Home broadband 500, 2 contracts");
    }

    [Fact]
    public async Task Imports_a_document_and_says_what_is_wrong_with_another()
    {
        var policy = ADocument();
        using var browser = await app.Browser(Role.Legal);
        await browser.Get("/policies/new");
        await browser.Submit("#import-policy", new { document = "{\n \"number\": 7 }" });
        browser.Page.Status.ShouldBe(422);
        browser.Page.Of("#import")!.ShouldContain("line 2, column 12, number: A text is expected.");

        await browser.Submit("#import-policy", new { document = "", file = new ChosenFile("policy.json", System.Text.Encoding.UTF8.GetBytes(PolicyDocument.Write(policy)), "application/json") });
        browser.Page.Path.ShouldBe($"/policies/{policy.Number}/1/edit");
    }

    [Fact]
    public async Task Takes_a_form_with_more_fields_than_usual()
    {
        var policy = ADocument() with { Lines = Enumerable.Range(0, 400).ToDictionary(i => $"line{i}", i => new LineTerms($"9.{i}", "Words", "文字")) };
        await app.Draft(policy);
        using var browser = await app.Browser(Role.Supervisor);
        await browser.Get($"/policies/{policy.Number}/1/edit");
        (await browser.Submit("Save draft")).Text.ShouldContain("Saved.");
    }

    [Fact]
    public async Task Sets_two_versions_side_by_side()
    {
        var policy = ADocument();
        await app.Publish(policy);
        await app.Draft(policy with { EffectiveFrom = Today.AddDays(30), Notice = Core.Calendar.NoticePeriod.OfDays(20), DamagePrices = [] });
        using var browser = await app.Browser(Role.Agent);

        var page = await browser.Get($"/policies/{policy.Number}/2/compare/1");

        page.Status.ShouldBe(200);
        page.All("tr.changed").Count.ShouldBe(4, "dates, notice, two prices");
        page.Text.ShouldContain("Changed");
        page.All(".fields-changed tbody tr").ShouldContain("Notice: How longnotice.count 3020");
        (await browser.Get($"/policies/{policy.Number}/2/compare/7")).Status.ShouldBe(404);
    }

    public sealed class OnSqlite(SqliteApp app) : PolicyEditorTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PolicyEditorTests(app), IClassFixture<PostgresApp>;
}
