using Exeunt.Core.Procedures;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Rules;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Rules;

/// <summary>Packs in an installation: seeded, handed in, bound to cases, and what breaks them. Each test has an app of its own, since a pack counts for all.</summary>
public abstract class RulePackTests(ExeuntApp shared)
{
    [Fact]
    public async Task Has_the_built_in_packs_once_and_keeps_them_over_a_restart()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        await app.Restart();
        var packs = await Ok(await (await app.SignIn(Role.Agent)).GetAsync("/api/rules"));
        packs.EnumerateArray().Select(p => $"{p.GetProperty("jurisdiction").GetString()} {p.GetProperty("version").GetInt32()}").ShouldBe(BuiltInPacks.All.GroupBy(p => p.Jurisdiction).Select(versions => versions.Last().Name));
        await app.With<AppDb>(async db => (await db.RulePacks.CountAsync()).ShouldBe(10));
        var shown = await (await app.SignIn(Role.Agent)).GetStringAsync("/api/rules/DE/2");
        shown.ShouldBe(Germany.Pack.ToJson());
    }

    [Fact]
    public async Task A_new_version_checks_policies_and_running_cases_again_and_opens_reviews_that_people_close()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        var (id, _, _) = await app.Proven(await app.AContractInForce());
        var legal = await app.SignIn(Role.Legal);
        var imported = await Ok(await Post(legal, Next(China.Pack, app, NoticeAtMost(10))));
        imported.GetProperty("name").GetString().ShouldBe("CN 2");
        await app.Drain();

        var reviews = await Ok(await legal.GetAsync("/api/reviews"));
        var rows = reviews.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("review")).ToList();
        rows.Select(r => (r.GetProperty("kind").GetString(), r.GetProperty("subject").GetString(), r.GetProperty("rule").GetString(), r.GetProperty("pack").GetString(), r.GetProperty("part").GetString()))
            .ShouldBe(
                [
                    ("Policy", "JY-01:1", "CN-TEST", "CN 2", "notice"), ("Policy", "JY-01:1", "CN-TEST", "CN 2", "renewal.notice"),
                    ("Case", id.ToString("N"), "CN-TEST", "CN 2", "notice"), ("Case", id.ToString("N"), "CN-TEST", "CN 2", "renewal.notice"),
                ],
                ignoreOrder: true);
        var supervisor = await app.Browser(Role.Supervisor);
        (await supervisor.Get("/today")).Text.ShouldContain("4 reviews of legal limits are open");
        (await supervisor.Get("/rules/reviews")).Text.ShouldContain("Policy JY-01, version 1");

        // Running it again opens nothing twice; the case goes on.
        await app.With<IServiceProvider>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            var clocks = services.GetRequiredService<Clocks>();
            db.Enqueue(Effect.Now(RecheckRules.Kind, "again", new Call(Actor.System, clocks.Now, clocks.BusinessNow), new RecheckRules.Payload("CN 2", null)));
            await db.SaveChangesAsync();
        });
        await app.Drain();
        (await Ok(await legal.GetAsync("/api/reviews"))).GetProperty("total").GetInt32().ShouldBe(4);

        var first = rows[0].GetProperty("id").GetGuid();
        (await Refused(await legal.PostAsJsonAsync($"/api/reviews/{first}/closing", new { words = " " }))).ShouldBe("required");
        (await Refused(await (await app.SignIn(Role.Finance)).PostAsJsonAsync($"/api/reviews/{first}/closing", new { words = "x" }))).ShouldBe("not-allowed");
        await Ok(await legal.PostAsJsonAsync($"/api/reviews/{first}/closing", new { words = "A new version of the policy is being written." }));
        (await Refused(await legal.PostAsJsonAsync($"/api/reviews/{first}/closing", new { words = "again" }))).ShouldBe("review.closed-already");
        (await Ok(await legal.GetAsync("/api/reviews"))).GetProperty("total").GetInt32().ShouldBe(3);
        (await Ok(await legal.GetAsync("/api/reviews?closed=true"))).GetProperty("rows").EnumerateArray().Single().GetProperty("review").GetProperty("words").GetString().ShouldBe("A new version of the policy is being written.");
    }

    [Fact]
    public async Task Rechecks_more_cases_than_one_batch_holds()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        await app.With<AppDb>(async db =>
        {
            // Rows as they stand after identity was proven; a re-check reads nothing else.
            var made = await CaseRows.Running(app, db, 230);
            made.ShouldBe(230);
        });
        await Ok(await Post(await app.SignIn(Role.Legal), Next(China.Pack, app, NoticeAtMost(10))));
        await app.Drain();
        // The general policy has a notice within the term and one after it: both are too long.
        await app.With<AppDb>(async db => (await db.Reviews.CountAsync(r => r.Kind == ReviewKind.Case)).ShouldBe(2 * 230));
    }

    [Fact]
    public async Task A_case_keeps_the_packs_of_its_receipt()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        var before = await app.AContractInForce();
        var (id, customer, token) = await app.Proven(before);
        await Ok(await Post(await app.SignIn(Role.Legal), Next(China.Pack, app, NoticeAtMost(10))));
        await app.Drain();
        var agent = await app.SignIn(Role.Agent);
        await app.TalkAndSettle(agent, id);
        var shown = await Ok(await agent.GetAsync($"/api/cases/{id}"));
        shown.GetProperty("case").GetProperty("rulePacks").GetString().ShouldBe("CN 1");
        shown.GetProperty("case").GetProperty("earliestOn").GetString().ShouldBe("2026-04-15");
        Statement(shown).GetProperty("rulePacks").EnumerateArray().Select(p => p.GetString()).ShouldBe(["CN 1"]);

        // What is received from then on has the new one: ten days' notice instead of thirty.
        var (later, _, _) = await app.Proven(await app.AContractInForce());
        await app.TalkAndSettle(agent, later);
        shown = await Ok(await agent.GetAsync($"/api/cases/{later}"));
        shown.GetProperty("case").GetProperty("rulePacks").GetString().ShouldBe("CN 2");
        shown.GetProperty("case").GetProperty("earliestOn").GetString().ShouldBe("2026-03-26");
        Statement(shown).GetProperty("rulePacks").EnumerateArray().Select(p => p.GetString()).ShouldBe(["CN 2"]);
        await app.ShouldFold(id);
        await app.ShouldFold(later);
        (customer, token).ShouldNotBe(default);
    }

    [Fact]
    public async Task A_version_issued_later_holds_from_its_day_on()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        await Ok(await Post(await app.SignIn(Role.Legal), Next(China.Pack, app, NoticeAtMost(10), inDays: 5)));
        await app.Drain();
        async Task<string> Packs() => await app.With<RuleBook, string>(async book => RuleBook.Names(await book.For("CN", new DateOnly(2026, 3, 20), default)) + "|" + RuleBook.Names(await book.For("CN", new DateOnly(2026, 3, 21), default)));
        (await Packs()).ShouldBe("CN 1|CN 2");
    }

    [Fact]
    public async Task No_offer_is_made_to_a_German_consumer_and_the_page_says_why()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        var contract = await app.AContractInForce(jurisdiction: "DE");
        var (id, _, _) = await app.Proven(contract);
        var agent = await app.SignIn(Role.Agent);
        var early = await Problem(await agent.PostAsJsonAsync($"/api/cases/{id}/offer", new { entry = "PAUSE", months = 3 }));
        early.GetProperty("code").GetString().ShouldBe("offer.forbidden-by-law");
        early.GetRawText().ShouldContain("312k");
        await app.TalkAndSettle(agent, id, offers: false);
        var shown = await Ok(await agent.GetAsync($"/api/cases/{id}"));
        shown.GetProperty("case").GetProperty("rulePacks").GetString().ShouldBe("EU 1,DE 1");
        var offer = shown.GetProperty("case").GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "offer");
        (offer.GetProperty("state").GetString(), offer.GetProperty("note").GetString()).ShouldBe(("Skipped", "law:DE-312k"));
        shown.GetProperty("case").GetProperty("settlementDigest").GetString().ShouldNotBeNull();
        (await Problem(await agent.PostAsJsonAsync($"/api/cases/{id}/offer", new { entry = "PAUSE", months = 3 }))).GetProperty("code").GetString().ShouldBe("offer.forbidden-by-law");
        var page = await (await app.Browser(Role.Agent)).Get($"/cases/{id}");
        page.Text.ShouldContain("forbidden by law (DE-312k)");
        page.Document.QuerySelector("a[href='/rules/DE?version=1']").ShouldNotBeNull();
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task A_case_whose_policy_breaks_the_law_goes_on_and_is_reviewed()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        var contract = await app.AContractInForce(jurisdiction: "DE");
        await ChangePolicy(app, GeneralPolicy.Document with { Notice = NoticePeriod.OfDays(90) });
        var (id, _, _) = await app.Proven(contract);
        var shown = await Ok(await (await app.SignIn(Role.Agent)).GetAsync($"/api/cases/{id}"));
        // The customer is not held to ninety days: a month is what the law allows.
        shown.GetProperty("case").GetProperty("earliestOn").GetString().ShouldBe("2026-04-16");
        var review = (await Ok(await (await app.SignIn(Role.Legal)).GetAsync("/api/reviews"))).GetProperty("rows").EnumerateArray().Single().GetProperty("review");
        (review.GetProperty("caseId").GetGuid(), review.GetProperty("rule").GetString()).ShouldBe((id, "DE-309-9"));
    }

    [Fact]
    public async Task Counsel_signs_off_a_rule_that_somebody_else_handed_in()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        var unsure = NoticeAtMost(10) with { Status = RuleStatus.GeneralKnowledge };
        var one = await app.SignIn(Role.Legal, name: "one");
        await Ok(await Post(one, Next(China.Pack, app, unsure)));
        await app.Drain();
        (await Ok(await one.GetAsync("/api/reviews"))).GetProperty("total").GetInt32().ShouldBe(0);
        (await Refused(await one.PostAsync("/api/rules/CN/CN-TEST/sign-off", null))).ShouldBe("rules.own-import");
        var two = await app.SignIn(Role.Legal, name: "two");
        (await Ok(await two.PostAsync("/api/rules/CN/CN-TEST/sign-off", null))).GetProperty("name").GetString().ShouldBe("CN 3");
        await app.Drain();
        (await Ok(await two.GetAsync("/api/reviews"))).GetProperty("total").GetInt32().ShouldBe(2);
        (await Refused(await two.PostAsync("/api/rules/CN/CN-TEST/sign-off", null))).ShouldBe("rules.nothing-to-sign");
        // The one who handed the rules in may not sign another of them in the version the system wrote.
        (await Refused(await one.PostAsync("/api/rules/CN/CN-REN/sign-off", null))).ShouldBe("rules.own-import");
        (await Refused(await (await app.SignIn(Role.Supervisor)).PostAsync("/api/rules/CN/CN-REN/sign-off", null))).ShouldBe("not-allowed");
    }

    [Fact]
    public async Task Refuses_documents_that_are_not_the_next_version()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        var legal = await app.SignIn(Role.Legal);
        var next = Next(China.Pack, app, NoticeAtMost(10));
        (await Refused(await Post(legal, "nonsense"))).ShouldBe("rule-pack.unreadable");
        (await Refused(await Post(legal, next with { Version = 3 }))).ShouldBe("rule-pack.not-next");
        (await Refused(await Post(legal, next with { IssuedOn = new(2026, 3, 15) }))).ShouldBe("rule-pack.issued-in-past");
        (await Refused(await Post(legal, next with { Rules = [.. next.Rules.Select(r => r with { CounselSignOff = new("staff:me", next.IssuedOn) })] }))).ShouldBe("rule-pack.signed-in-document");
        (await Refused(await Post(await app.SignIn(Role.Administrator), next))).ShouldBe("not-allowed");
        await app.With<AppDb>(async db => (await db.RulePacks.CountAsync()).ShouldBe(10));

        var browser = await app.Browser(Role.Legal);
        await browser.Get("/rules");
        var handedIn = await browser.Submit("Hand in a version", new { document = new ChosenFile("pack.json", Encoding.UTF8.GetBytes(next.ToJson()), "application/json") });
        handedIn.Text.ShouldContain("version 2");
        handedIn.Text.ShouldContain("CN-TEST");
        (await (await app.Browser(Role.Agent)).Get("/rules")).Text.ShouldNotContain("Hand in a version");
    }

    [Fact]
    public async Task Checks_a_policy_document_against_the_law_of_its_places()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        var policy = GeneralPolicy.Document with { Scope = new(["DE"]), Notice = NoticePeriod.OfDays(42) };
        var found = await Ok(await (await app.SignIn(Role.Legal)).PostAsync("/api/rules/check", new StringContent(policy.ToJson(), Encoding.UTF8, "application/json")));
        var one = found.EnumerateArray().Single();
        (one.GetProperty("rule").GetString(), one.GetProperty("where").GetString(), one.GetProperty("blocks").GetBoolean()).ShouldBe(("DE-309-9", "notice", true));
        one.GetProperty("fixChinese").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Added_days_of_a_calendar_count_for_notices_in_business_days()
    {
        await using var app = await ExeuntApp.Start(shared.On);
        await ChangePolicy(app, GeneralPolicy.Document with { Notice = new(5, NoticeUnit.BusinessDay) });
        using var administrator = await app.Browser(Role.Administrator);
        (await administrator.Get("/admin/calendars?place=CN&year=2026")).Text.ShouldContain("built in");
        var day = new { jurisdiction = "CN", day = "2026-03-18", worked = "false", name = "Company day" };
        (await administrator.Submit("Add a day", day)).Text.ShouldContain("Company day");
        (await administrator.Submit("Add a day", day)).Status.ShouldBe(409);
        (await administrator.Submit("Add a day", new { jurisdiction = "cn", day = "x", worked = "false", name = "" })).Status.ShouldBe(422);
        var (id, _, _) = await app.Proven(await app.AContractInForce());
        var shown = await Ok(await (await app.SignIn(Role.Agent)).GetAsync($"/api/cases/{id}"));
        // Received on Monday 16 March: 17, 19, 20, 23, 24.
        shown.GetProperty("case").GetProperty("earliestOn").GetString().ShouldBe("2026-03-24");
        await administrator.Get("/admin/calendars?place=CN&year=2026");
        (await administrator.Submit("form[action='/admin/calendars/remove']")).Text.ShouldNotContain("Company day");
        await app.With<AppDb>(async db => (await db.CalendarDays.CountAsync()).ShouldBe(0));
    }

    // ---- intent ----------------------------------------------------------------------------------------------------

    private static LegalRule NoticeAtMost(int days) => new()
    {
        Id = "CN-TEST", Title = new("Test", "测试"), Text = new("A short notice.", "较短的通知期。"), Effect = RuleEffect.Cap, Article = "Art. 1", Source = "test",
        Status = RuleStatus.Verified, ValidFrom = new(2020, 1, 1), ProtectsCustomer = true,
        Limits = [new("notice.days", LimitOperator.AtMost, days.ToString(System.Globalization.CultureInfo.InvariantCulture))],
    };

    private static Task ChangePolicy(ExeuntApp app, TerminationPolicy document) => app.With<AppDb>(async db =>
    {
        (await db.Policies.SingleAsync(p => p.Number == document.Number && p.Version == document.Version)).Document = document.ToJson();
        db.Audit(new Call(Actor.System, app.Time.GetUtcNow(), app.Time.GetUtcNow()), "test.policy", "policy");
        await db.SaveChangesAsync();
    });

    private static RulePack Next(RulePack pack, ExeuntApp app, LegalRule more, int inDays = 0) =>
        pack with { Version = pack.Version + 1, IssuedOn = DateOnly.FromDateTime(app.Time.GetUtcNow().AddHours(8).DateTime).AddDays(inDays), Rules = [.. pack.Rules, more] };

    private static Task<HttpResponseMessage> Post(HttpClient client, RulePack pack) => Post(client, pack.ToJson());

    private static Task<HttpResponseMessage> Post(HttpClient client, string document) => client.PostAsync("/api/rules", new StringContent(document, Encoding.UTF8, "application/json"));

    private static JsonElement Statement(JsonElement shown) => JsonDocument.Parse(shown.GetProperty("settlement").GetProperty("statement").GetString()!).RootElement;

    private static Task<JsonElement> Ok(HttpResponseMessage response) => Answers.Ok(response);

    private static async Task<string> Refused(HttpResponseMessage response) => (await Problem(response)).GetProperty("code").GetString()!;

    private static async Task<JsonElement> Problem(HttpResponseMessage response)
    {
        response.IsSuccessStatusCode.ShouldBeFalse();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    public sealed class OnSqlite(SqliteApp app) : RulePackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RulePackTests(app), IClassFixture<PostgresApp>;
}

/// <summary>Steps of a case that these tests need and do not talk about.</summary>
internal static class Answers
{
    internal static async Task<JsonElement> Ok(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>An application whose identity is proven.</summary>
    internal static async Task<(Guid Id, HttpClient Customer, string Token)> Proven(this ExeuntApp app, CaseWorld.AContract contract)
    {
        var customer = app.Client("zh");
        var receipt = await Ok(await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail }));
        var token = receipt.GetProperty("token").GetString()!;
        await Ok(await customer.PostAsync($"/api/progress/{token}/code", null));
        var opened = await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) }));
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        return (receipt.GetProperty("caseId").GetGuid(), customer, token);
    }

    /// <summary>The talk is recorded, no offer is made where one could be, and the settlement computed.</summary>
    internal static async Task TalkAndSettle(this ExeuntApp app, HttpClient agent, Guid id, bool offers = true)
    {
        await Ok(await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 }));
        if (offers)
            await Ok(await agent.PostAsync($"/api/cases/{id}/offer/skip", null));
        await app.Drain();
    }
}

/// <summary>Many running cases at once.</summary>
internal static class CaseRows
{
    internal static async Task<int> Running(ExeuntApp app, AppDb db, int count)
    {
        var call = new Call(Actor.System, app.Time.GetUtcNow(), app.Time.GetUtcNow());
        var contract = await app.AContractInForce();
        var moment = CaseDesk.MomentOf(call);
        var serial = await db.CaseIndex.MaxAsync(i => (long?)i.Serial) ?? 0;
        for (var i = 0; i < count; i++)
        {
            var exit = Core.Cases.ExitCase.Receive(Guid.CreateVersion7(), $"T-TEST-{i:000000}", GeneralProcedures.Termination, Core.Cases.Channel.Api, "en", null, -1_000_000 - i, moment, GeneralProcedures.Find);
            exit.ProveIdentity(contract.CustomerId, contract.ContractId, 1, 1, "test", GeneralPolicy.Number, GeneralPolicy.Version, "Asia/Shanghai", new(2027, 1, 1), "CN 1");
            exit.MarkStored();
            db.Cases.Add(exit);
            db.CaseIndex.Add(new Features.Cases.CaseIndex { CaseId = exit.Id, Serial = ++serial, TokenHash = Guid.NewGuid().ToByteArray() });
        }
        db.Audit(call, "test.cases", "cases");
        await db.SaveChangesAsync();
        return await db.Cases.CountAsync(c => c.RulePacks == "CN 1");
    }
}
