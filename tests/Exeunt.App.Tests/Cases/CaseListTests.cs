using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Inbox;
using Exeunt.App.Tests.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Cases;

/// <summary>The list of cases: filters in the address, search by permission, pages, totals, export, saved views, what can be done and why not.</summary>
public abstract class CaseListTests(ExeuntApp app)
{
    [Fact]
    public async Task Filters_by_what_the_address_says_and_says_it_in_words()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, first, _) = await WaitsWorld.AProvenCase(own);
        await WaitsWorld.AProvenCase(own);
        var agent = await own.SignIn(Role.Agent);
        (await agent.PostAsJsonAsync($"/api/cases/{first}/talk", new { reason = "PRICE/TOO_HIGH", channel = "phone", minutes = 5 })).EnsureSuccessStatusCode();

        (await Ids(agent, "")).Count.ShouldBe(2);
        (await Ids(agent, "who=me")).ShouldBe([first]);
        (await Ids(agent, "who=nobody")).Count.ShouldBe(1);
        (await Ids(agent, "reason=PRICE")).ShouldBe([first]);
        (await Ids(agent, "reason=SERVICE")).ShouldBeEmpty();
        (await Ids(agent, "waits=Agent")).Count.ShouldBe(2);
        (await Ids(agent, "waits=Legal")).ShouldBeEmpty();
        (await Ids(agent, "channel=Api&kind=Termination&tier=Normal")).Count.ShouldBe(2);
        (await Ids(agent, "tier=Vip")).ShouldBeEmpty();
        (await Ids(agent, "due=2099-01-01")).Count.ShouldBe(2);
        (await Ids(agent, "overdue=1")).ShouldBeEmpty();
        (await Ids(agent, "state=Closed")).ShouldBeEmpty();
        await own.AdvanceDays(20);
        (await Ids(agent, "overdue=1")).Count.ShouldBe(2);

        using var browser = await own.Browser(Role.Agent);
        var page = await browser.Get("/cases?who=me&reason=PRICE&due=2099-01-01&col=customer&col=reason");
        page.Text.ShouldContain("reason: Price");
        page.Text.ShouldContain("due by Thu 1 Jan 2099");
        page.All("tbody tr").Count.ShouldBe(1);
        page.All("thead th").Select(h => h.Trim()).ShouldBe(["With the chosen cases", "Number", "Customer", "Reason"]);
    }

    [Fact]
    public async Task Finds_a_customer_only_for_those_who_may_see_customers()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await WaitsWorld.AProvenCase(own);
        var number = await own.With<AppDb, string>(db => db.Cases.Select(c => c.Number).SingleAsync());
        var (agent, technical) = (await own.SignIn(Role.Agent), await own.SignIn(Role.Technical));

        (await Ids(agent, "q=" + Uri.EscapeDataString("王小芳"))).ShouldBe([id]);
        (await Ids(agent, "q=" + Uri.EscapeDataString("李四"))).ShouldBeEmpty();
        (await Ids(technical, "q=" + Uri.EscapeDataString("王小芳"))).ShouldBeEmpty();
        (await Ids(technical, "q=" + number[^4..])).ShouldBe([id]);
    }

    [Fact]
    public async Task A_name_that_many_have_finds_the_cases_of_ones_own_unit_and_the_page_says_where_it_stopped()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, mine, _) = await WaitsWorld.AProvenCase(own);
        var (_, theirs, _) = await WaitsWorld.AProvenCase(own);
        var agent = await own.SignIn(Role.Agent, "EAST");
        await own.With<AppDb>(async db =>
        {
            var (east, other) = (await db.Units.Where(u => u.Code == "EAST").Select(u => (int?)u.Id).SingleAsync(), await db.Cases.Where(c => c.Id == theirs).Select(c => c.UnitId).SingleAsync());
            other.ShouldNotBe(east);
            await db.Write(ct => db.Cases.Where(c => c.Id == mine).ExecuteUpdateAsync(set => set.SetProperty(c => c.UnitId, east), ct), default);
        });
        var query = "q=" + Uri.EscapeDataString("小芳");
        // More of that name than are looked at together, all with smaller numbers, none with a case that an agent of the branch sees.
        await Namesakes(own, from: 1, count: 600);

        var page = await agent.GetFromJsonAsync<JsonElement>("/api/cases?" + query);

        page.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("id").GetGuid()).ShouldBe([mine]);
        page.GetProperty("stopped").GetBoolean().ShouldBeFalse();

        // More than are looked at at all.
        await Namesakes(own, from: 1_000, count: 101_000);
        (await agent.GetFromJsonAsync<JsonElement>("/api/cases?" + query)).GetProperty("stopped").GetBoolean().ShouldBeTrue();
        foreach (var (language, words) in new[] { ("en", "not all were looked at"), ("zh", "未能全部查找") })
        {
            using var browser = await own.Browser(Role.Agent, "EAST", language: language);
            (await browser.Get("/cases?" + query)).Text.ShouldContain(words);
            (await browser.Get("/cases")).Text.ShouldNotContain(words);
        }

        static Task Namesakes(ExeuntApp own, int from, int count) => own.With<SearchStore>(async search =>
        {
            int[] tokens = [.. search.TokensOf(TokenKind.Name, "小芳").Distinct()];
            var many = Enumerable.Range(from, count).Select(i => ((long)i, tokens)).ToList();
            await search.Index(many, areNew: true, default);
        });
    }

    [Fact]
    public async Task Pages_without_loss_in_both_orders()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var agent = await own.SignIn(Role.Agent);
        await own.With<AppDb>(async db =>
        {
            for (var i = 0; i < 120; i++)
                await WaitsWorld.AWait(db, i, null);
            db.Audit(await own.SystemCall(), "test.cases", "cases");
            await db.SaveChangesAsync();
        });
        var seen = new List<Guid>();
        string? after = null;
        do
        {
            var page = await agent.GetFromJsonAsync<JsonElement>("/api/cases" + (after is null ? "" : "?after=" + after));
            page.GetProperty("total").GetInt32().ShouldBe(120);
            seen.AddRange(page.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("id").GetGuid()));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);
        seen.Distinct().Count().ShouldBe(120);
        (await Ids(agent, "order=ends")).ShouldBeEmpty("none of them has an end yet");
    }

    [Fact]
    public async Task Exports_what_is_shown_masked_and_audited()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await WaitsWorld.AProvenCase(own);
        using var browser = await own.Browser(Role.Supervisor, language: "zh");
        var client = own.Client();
        client.DefaultRequestHeaders.Add("Cookie", browser.Cookies.GetCookieHeader(own.Url));
        client.DefaultRequestHeaders.AcceptLanguage.Clear();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh");

        var text = await client.GetStringAsync("/cases.csv?col=customer&col=waits");

        text.Split("\r\n")[0].TrimStart('\uFEFF').ShouldBe("编号,客户,待办");
        text.Split("\r\n")[1].ShouldEndWith(",王**,与客户沟通、办理手续");
        text.ShouldNotContain("王小芳");
        (await own.With<AppDb, int>(db => db.AuditLog.CountAsync(a => a.Verb == "cases.exported"))).ShouldBe(1);
    }

    [Fact]
    public async Task Keeps_views_for_oneself_and_for_a_unit()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await WaitsWorld.AProvenCase(own);
        var (head, east, west) = (await own.SignIn(Role.Supervisor), await own.SignIn(Role.Agent, "EAST"), await own.SignIn(Role.Agent, "WEST"));
        var units = await own.With<AppDb, Dictionary<string, int>>(db => db.Units.ToDictionaryAsync(u => u.Code, u => u.Id));
        (await head.PostAsJsonAsync("/api/cases/views", new { name = "Mine", query = "who=me&evil=1&q=Zzqcanary+Klaus" })).EnsureSuccessStatusCode();
        (await head.PostAsJsonAsync("/api/cases/views", new { name = "East, overdue", query = "overdue=1", unitId = units["EAST"] })).EnsureSuccessStatusCode();
        (await Views(head)).ShouldBe(["East, overdue: overdue=1", "Mine: who=me"], "what was searched for is a person's, and is not kept");
        (await Views(east)).ShouldBe(["East, overdue: overdue=1"]);
        (await Views(west)).ShouldBeEmpty();
        (await east.PostAsJsonAsync("/api/cases/views", new { name = "x", query = "", unitId = units["WEST"] })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await east.PostAsJsonAsync("/api/cases/views", new { name = " ", query = "" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        using var browser = await own.Browser(Role.Supervisor);
        var page = await browser.Get("/cases?who=me");
        page.All("nav.tabs a[aria-current=page]").Select(a => a.Trim()).ShouldBe(["Mine"]);
        await browser.Submit("Rename", new { name = "My cases" });
        (await Views(head)).ShouldContain("My cases: who=me");
        await browser.Get("/cases?who=me");
        await browser.Submit("Delete “My cases”");
        (await Views(head)).ShouldBe(["East, overdue: overdue=1"]);
        var shared = (await east.GetFromJsonAsync<JsonElement>("/api/cases/views"))[0].GetProperty("id").GetGuid();
        (await east.DeleteAsync($"/api/cases/views/{shared}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "only whoever made it deletes it");
    }

    [Fact]
    public async Task Says_of_every_action_whether_it_is_possible_and_why_not()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await WaitsWorld.AProvenCase(own);
        var agent = await own.SignIn(Role.Agent);
        var before = await own.Contents();
        var actions = await Actions(agent, id);
        (await own.Contents()).ShouldBe(before, "asking changes nothing");
        actions["talk"].ShouldBe((true, null, null));
        actions["offer"].ShouldBe((true, "case.step-not-active", null));
        actions["approve:Finance"].Code.ShouldBe("case.no-settlement");
        actions["resume"].Code.ShouldBe("case.not-held");
        actions["execute"].Code.ShouldBe("case.effective-date-ahead");
        actions["execute"].On.ShouldNotBeNull();
        actions["approve:Finance"].Mine.ShouldBeFalse();

        (await agent.PostAsJsonAsync($"/api/cases/{id}/hold", new { reason = "legal" })).EnsureSuccessStatusCode();
        actions = await Actions(agent, id);
        actions["resume"].Code.ShouldBeNull();
        actions["pay"].Code.ShouldBe("case.held");
        foreach (var (code, (_, refusal, _)) in actions)
            Texts.Everything.Keys.ShouldContain("action." + (code.Contains(':') ? code[..(code.IndexOf(':') + 1)] : code), $"{code} ({refusal})");

        using var browser = await own.Browser(Role.Agent, language: "zh");
        var page = await browser.Get($"/cases/{id}");
        page.Text.ShouldContain("暂不能：执行：合同有效至");
        page.Text.ShouldContain("case.effective-date-ahead");
        page.Text.ShouldContain("项暂不能办理");
    }

    /// <summary>Every command of a case stands in the list of actions, or here with whose it is instead.</summary>
    [Fact]
    public void Knows_every_command_of_a_case()
    {
        string[] listed =
        [
            "Assign", "RecordTalk", "ConcludeTalk", "MakeOffer", "SkipOffer", "AnswerOffer", "Propose", "ConfirmProposal", "ChangeFacts", "AddLine", "Hold", "Resume", "LeaveMessage",
            "AskUpwards", "AnswerUpwards", "Refuse", "FinishItem", "AgreeCure", "JudgeCure", "Cure", "DraftDecision", "Approve", "ReturnForRework", "RecallApproval", "ReleaseMoney",
            "ConfirmWork", "OpenDispute", "CloseDispute", "DecideObjection", "DecideAppeal", "ReverseDecision", "Withdraw", "Object", "Appeal", "EndAftercare", "ReachEffectiveDate", "Settle",
            "AdmitReturn", "ReceiveParcel", "InspectReturn", "ConfirmResult",
        ];
        string[] ofTheSystem =
        [
            // Identity and receipt, what follows from another command, what effects do; lines are decided where they stand.
            "ProveIdentity", "RaiseIdentity", "ChangeDetails", "Join", "Link", "Lapse", "SignAgreement", "EndNegotiation", "Finish", "Skip", "MarkOverdue", "RunCheck", "WaiveWork", "MoveTo", "ServeNotice",
            "ApproveLine", "ContestLine", "DecideLine", "ConfirmConsequences", "WhyNot", "ExpireOffer",
            // Of a return: what its customer does on a page of their own, and what effects do.
            "SendReturn", "ContestResult", "LapseReturn", "SettleReturn",
        ];
        typeof(Core.Cases.ExitCase).GetMethods().Where(m => m.ReturnType == typeof(Refusal) && !m.Name.StartsWith("Cannot", StringComparison.Ordinal)).Select(m => m.Name).Distinct()
            .Except(listed).Except(ofTheSystem).ShouldBeEmpty("a new command: add it to CaseActionsList, or here");
    }

    private static async Task<List<Guid>> Ids(HttpClient client, string query) =>
        [.. (await client.GetFromJsonAsync<JsonElement>("/api/cases?" + query)).GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("id").GetGuid())];

    private static async Task<List<string>> Views(HttpClient client) =>
        [.. (await client.GetFromJsonAsync<JsonElement>("/api/cases/views")).EnumerateArray().Select(v => $"{v.GetProperty("name").GetString()}: {v.GetProperty("query").GetString()}")];

    private static async Task<Dictionary<string, (bool Mine, string? Code, string? On)>> Actions(HttpClient client, Guid id) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/cases/{id}/actions")).EnumerateArray().ToDictionary(a => a.GetProperty("code").GetString()!, a => (
            a.GetProperty("mine").GetBoolean(), a.TryGetProperty("refusal", out var no) ? no.GetProperty("code").GetString() : null,
            a.TryGetProperty("possibleOn", out var on) ? on.GetString() : null));

    public sealed class OnSqlite(SqliteApp app) : CaseListTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CaseListTests(app), IClassFixture<PostgresApp>;
}
