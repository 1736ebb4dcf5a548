using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exeunt.App.Data;
using Exeunt.App.Features.ChurnDefinitions;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Standards;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Policies;
using Exeunt.App.Tests.Procedures;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Fact = Exeunt.Core.Activity.Fact;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.App.Tests.ChurnDefinitions;

/// <summary>The churn definition from the draft to the state of each customer, by the REST API and the pages.</summary>
public abstract class ChurnDefinitionTests(Database on)
{
    // The test's today is 16 March 2026: February is the last closed month.
    private const string Silent3 = "2025-06 2025-07 2025-08 2025-09 2025-10 2025-11";
    private const string Silent1 = "2025-06 2025-07 2025-08 2025-09 2025-10 2025-11 2025-12 2026-01";

    private static readonly ChurnThresholds Six = ChurnThresholds.Usual with { SilentMonths = 6 };

    private static ChurnDefinition Everybody(ChurnThresholds by) => new(1, by, []);

    [Xunit.Fact]
    public async Task A_published_definition_changes_the_states_at_the_next_evaluation_and_a_draft_changes_nothing()
    {
        await using var app = await ExeuntApp.Start(on);
        var (gone, active) = (await Customer(app, Silent3), await Customer(app, Silent1 + " 2026-02"));
        await Evaluate(app);
        (await States(app, gone, active)).ShouldBe([ChurnState.Churned, ChurnState.Active]);
        (await Started(app)).ShouldBe([0], "no version is in force yet");

        var draft = await app.Post(Role.Supervisor, "/api/churn-definition", ChurnDocument.ToJson(Everybody(Six)));
        await app.AdvanceDays(1);
        await Evaluate(app);
        (await States(app, gone)).ShouldBe([ChurnState.Churned], "it is a draft");
        (await Changes(app, gone)).ShouldBe([(null, ChurnState.Churned)]);

        await Sign(app, draft);
        await app.Post(Role.Supervisor, $"/api/churn-definition/{draft["version"]}/publish");
        await app.Drain();
        (await States(app, gone, active)).ShouldBe([ChurnState.Borderline, ChurnState.Active]);
        (await Changes(app, gone)).ShouldBe([(null, ChurnState.Churned), (ChurnState.Churned, ChurnState.Borderline)], "what was seen stays");
        (await Started(app)).Last().ShouldBe(1);

        // Whatever judges now judges by it: lists, maps, commands.
        var analyst = await app.SignIn(Role.Analyst);
        var flows = (await analyst.Ok(HttpMethod.Get, "/api/churn-states/transitions?from=2025-11&to=2026-02")).GetProperty("flows").EnumerateArray().Select(f => f.GetProperty("to").GetString()).ToList();
        flows.ShouldNotContain("Churned");
        (await (await app.Browser(Role.Supervisor)).Get($"/customers/{gone}")).Text.ShouldContain("Borderline");

        // Another, for a later day: nothing changes before it comes.
        var later = await app.Post(Role.Supervisor, "/api/churn-definition", ChurnDocument.ToJson(Everybody(ChurnThresholds.Usual)));
        later["version"]!.GetValue<int>().ShouldBe(2);
        await Sign(app, later);
        await app.Post(Role.Supervisor, "/api/churn-definition/2/publish", $$"""{"from":"{{(await app.Today()).AddDays(2):yyyy-MM-dd}}"}""");
        await app.Drain();
        (await States(app, gone)).ShouldBe([ChurnState.Borderline]);
        await app.AdvanceDays(2);
        (await States(app, gone)).ShouldBe([ChurnState.Churned]);
    }

    [Xunit.Fact]
    public async Task Segments_by_unit_and_by_party_have_thresholds_of_their_own()
    {
        await using var app = await ExeuntApp.Start(on);
        var (usual, east, firm, both) = (await Customer(app, Silent1), await Customer(app, Silent1), await Customer(app, Silent1), await Customer(app, Silent1));
        await East(app, east, both);
        await app.With<AppDb>(db => db.Write(ct => db.Customers.Where(c => c.Id == firm || c.Id == both).ExecuteUpdateAsync(s => s.SetProperty(c => c.Kind, CustomerKind.Organisation), ct), default));
        await Publish(app, new(1, ChurnThresholds.Usual,
        [
            new("east", new("East", "东区"), new(Units: ["EAST"]), ChurnThresholds.Usual with { SilentMonths = 1 }),
            new("firms", new("Firms", "企业"), new([CustomerSort.Organisation]), ChurnThresholds.Usual with { NewMonths = 24 }),
        ]));

        (await States(app, usual, east, firm, both)).ShouldBe([ChurnState.Borderline, ChurnState.Churned, ChurnState.New, ChurnState.Churned], "the first segment that fits wins");
        var evaluated = await app.With<IServiceProvider, List<EvaluatedCustomer>>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            var today = await app.Today();
            return EvaluateCustomers.Run(await LoadBase.Run(services.GetRequiredService<Storage>(), withLines: false, default, churn: await ChurnBook.Compiled(db, today, default)), today);
        });
        evaluated.OrderBy(e => e.Id).Select(e => e.Segment).ShouldBe([null, "east", "firms", "east"]);

        // A customer that goes to another unit is judged as those there from the next evaluation on.
        await app.With<AppDb>(db => db.Write(ct => db.Customers.Where(c => c.Id == east).ExecuteUpdateAsync(s => s.SetProperty(c => c.UnitId, 1), ct), default));
        await Evaluate(app);
        (await States(app, east)).ShouldBe([ChurnState.Borderline]);
    }

    [Xunit.Fact]
    public async Task A_back_test_and_the_standards_judge_by_the_definition_in_force()
    {
        await using var app = await ExeuntApp.Start(on);
        await Customer(app, Silent3);
        await Customer(app, Silent1 + " 2026-02");
        var standard = new Standard("lost", 1, new("Lost", "流失"), StandardPurpose.ChurnWatch, StandardAction.Review, ConditionText.Read("churn_state = churned").Condition!);
        Task<(int, int?)> Listed() => app.With<IServiceProvider, (int, int?)>(async services =>
        {
            var today = await app.Today();
            var all = await StandardBase.Load(services.GetRequiredService<AppDb>(), services.GetRequiredService<Storage>(), today, default);
            var report = all.Replay(all.Compile(standard), new(Month.Of(today) - 2, Month.Of(today), Threshold: -1), null, default);
            return (report.Months[^1].Listed, BacktestReport.Read(report.ToJson()).ChurnDefinition);
        });
        (await Listed()).ShouldBe((1, 0));
        await Publish(app, Everybody(Six));
        (await Listed()).ShouldBe((0, 1));
    }

    [Xunit.Fact]
    public async Task Who_may_not_is_refused_and_what_is_unsound_is_not_published()
    {
        await using var app = await ExeuntApp.Start(on);
        await CaseWorld.AContractInForce(app);
        var json = ChurnDocument.ToJson(Everybody(Six));
        (await app.Refused(Role.Agent, "/api/churn-definition", json)).ShouldBe("not-allowed");
        (await app.Refused(Role.Supervisor, "/api/churn-definition", json.Replace("\"silentMonths\":6", "\"silentMonths\":60", StringComparison.Ordinal))).ShouldBe("churn.range");
        var draft = await app.Post(Role.Supervisor, "/api/churn-definition", json);
        (await app.Refused(Role.BranchHead, "/api/churn-definition", json)).ShouldBe("version.draft-open");
        await app.Post(Role.Supervisor, "/api/churn-definition/1/submit");
        (await app.Refused(Role.Supervisor, "/api/churn-definition/1/sign", SignedWorld.Signature(draft))).ShouldBe("version.author-signs");
        (await app.Refused(Role.Agent, "/api/churn-definition/1/sign", SignedWorld.Signature(draft))).ShouldBe("not-allowed");
        (await app.Refused(Role.Legal, "/api/churn-definition/1/sign", SignedWorld.Signature(draft))).ShouldBe("version.other-role", "the reviewer comes first");
        (await app.Refused(Role.Supervisor, "/api/churn-definition/1/publish")).ShouldBe("version.not-signed");

        var unsound = ChurnDocument.ToJson(new(1, Six, [new("gone", new("Gone", "已撤"), new(Units: ["GONE"]), Six)]));
        var check = (JsonArray)await app.Post(Role.Supervisor, "/api/churn-definition/check", unsound);
        check.Select(p => p!["code"]!.GetValue<string>()).ShouldBe(["churn.unknown-unit"]);
        await app.Post(Role.Supervisor, "/api/churn-definition/1", unsound, method: "PUT");
        (await app.Refused(Role.Supervisor, "/api/churn-definition/1/submit")).ShouldBe("churn.unknown-unit");

        // The id is its own.
        (await app.Refused(Role.Supervisor, "/api/standards", StandardDocument.ToJson(new Standard("churn", 1, new("Churn", "流失"), StandardPurpose.ChurnWatch, StandardAction.Review, ConditionText.Read("orders_12m < 1").Condition!)))).ShouldBe("version.id-fixed");
    }

    [Xunit.Fact]
    public async Task The_api_says_what_is_in_force_and_publishes_its_schema()
    {
        await using var app = await ExeuntApp.Start(on);
        var auditor = await app.SignIn(Role.Auditor);
        (await auditor.GetStringAsync("/api/churn-definition/in-force")).ShouldBe(ChurnDocument.Write(ChurnDefinition.Usual));
        await Publish(app, Everybody(Six));
        ChurnDocument.Read(await auditor.GetStringAsync("/api/churn-definition/in-force")).Definition.ShouldBe(Everybody(Six));
        ChurnDocument.Read(await auditor.GetStringAsync("/api/churn-definition/1")).Definition.ShouldBe(Everybody(Six));
        (await auditor.Ok(HttpMethod.Get, "/api/churn-definition")).EnumerateArray().Select(v => (v.GetProperty("version").GetInt32(), v.GetProperty("standing").GetString())).ShouldBe([(1, "InForce")]);
        (await app.Client().GetStringAsync(ChurnSchema.Path)).ShouldBe(ChurnSchema.Json);
        (await auditor.GetAsync("/api/churn-definition/9")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Xunit.Fact]
    public async Task The_definition_is_written_shown_and_signed_on_its_pages()
    {
        await using var app = await ExeuntApp.Start(on);
        await Customer(app, Silent3);
        await Customer(app, Silent1);
        using var author = await app.Browser(Role.Supervisor);
        var page = await author.Get("/churn-definition");
        page.Text.ShouldContain("the usual thresholds of the product");
        page.Text.ShouldContain("churned after 3 months in a row");
        page = await author.Submit("#new-version");
        page.Path.ShouldBe("/churn-definition/1/edit");
        page.Text.ShouldContain("0 of 2 customers would be in another state");

        page = await author.Submit("Check", new Dictionary<string, string> { ["everybody.silentMonths"] = "6", ["everybody.lateAt"] = "2.5" });
        page.Text.ShouldContain("2 of 2 customers would be in another state");
        page.Text.ShouldContain("By months 1, by business taken elsewhere 1, by rhythm 1");
        page.Text.ShouldContain("late from 2.5 times");
        page = await author.Submit("#add-segment");
        page.Document.QuerySelector("[name='segments[0].thresholds.silentMonths']")!.GetAttribute("value").ShouldBe("6", "a segment begins like everybody");
        page = await author.Submit("Save");
        page.Status.ShouldBe(422, "it has no name yet");
        page = await author.Submit("#add-segment", new Dictionary<string, string>
        {
            ["segments[0].code"] = "hq", ["segments[0].name.english"] = "Head", ["segments[0].name.chinese"] = "总部", ["segments[0].scope.units"] = "HQ", ["segments[0].thresholds.silentMonths"] = "1",
        });
        page.Text.ShouldContain("1 of 2 customers would be in another state", customMessage: "the one is churned as before, the other now");
        page = await author.Submit("button[value='segment-up.1']", new Dictionary<string, string> { ["segments[1].code"] = "west" });
        page.Document.QuerySelector("[name='segments[0].code']")!.GetAttribute("value").ShouldBe("west");
        page = await author.Submit("button[value='segment-remove.0']");
        page.Document.QuerySelector("[name='segments[0].code']")!.GetAttribute("value").ShouldBe("hq");
        page.Document.QuerySelector("[name='segments[1].code']").ShouldBeNull();
        page = await author.Submit("Save", new Dictionary<string, string> { ["everybody.partialDrop"] = "10" });
        page.Status.ShouldBe(422);
        page.Text.ShouldContain("Not below the drop");
        page = await author.Submit("Save", new Dictionary<string, string> { ["everybody.partialDrop"] = "62.5" });
        page.Path.ShouldBe("/churn-definition/1/edit?saved=1");
        page.Html.ShouldNotContain("style=\"");

        page = await author.Get("/churn-definition/1");
        page.Text.ShouldContain("30% / 62.5%");
        page.Text.ShouldContain("customers of HQ and below");
        page = await author.Submit("#submit");
        page.Path.ShouldBe("/churn-definition/1");
        using var reviewer = await app.Browser(Role.BranchHead, language: "zh");
        (await reviewer.Get("/today")).Text.ShouldContain("会签流失定义第 1 版");
        page = await reviewer.Get("/churn-definition/1");
        page.Text.ShouldContain("连续 6 个整月没有合作为普通流失");
        (await reviewer.Submit("#sign")).Path.ShouldBe("/churn-definition/1");
        using var legal = await app.Browser(Role.Legal);
        await legal.Get("/churn-definition/1");
        (await legal.Submit("#sign")).Status.ShouldBe(200);
        page = await author.Get("/churn-definition/1");
        page.Text.ShouldContain("judged by it from the day it begins");
        page = await author.Submit("#publish");
        page.Path.ShouldBe("/churn-definition/1");
        await app.Drain();
        page = await reviewer.Get("/churn-definition");
        page.Text.ShouldContain("现行：第 1 版");
        page.Text.ShouldContain("其余客户");
        (await reviewer.Get("/watch/indicators/churn_state")).Html.ShouldContain("href=\"/churn-definition\"");
        (await reviewer.Get("/watch/transitions?from=2025-11&to=2026-02")).Html.ShouldContain("href=\"/churn-definition\"");
        page = await author.Submit("#revise");
        page.Path.ShouldBe("/churn-definition/2/edit");
        (await author.Submit("Save", new Dictionary<string, string> { ["segments[0].thresholds.silentMonths"] = "2" })).Path.ShouldBe("/churn-definition/2/edit?saved=1");
        (await author.Get("/churn-definition/2")).Document.QuerySelectorAll("a").Count(a => a.GetAttribute("href") == "/churn-definition/1/compare/2").ShouldBe(1);
        page = await author.Get("/churn-definition/1/compare/2");
        page.Document.QuerySelectorAll("tr.changed").Length.ShouldBe(1, "only what is said of the one segment differs");
        page.Document.QuerySelector("tr.changed")!.TextContent.ShouldContain("churned after 2 months");
        (await author.Get("/churn-definition/1/compare/7")).Status.ShouldBe(404);
        (await author.Get("/churn-definition/1/edit")).Path.ShouldBe("/churn-definition/1", "a published version is not edited");
    }

    [Xunit.Fact]
    public async Task The_effect_of_a_draft_counts_who_is_judged_otherwise_by_rhythm_and_by_business_elsewhere()
    {
        await using var app = await ExeuntApp.Start(on);
        await Customer(app, Silent1);
        await Customer(app, "2025-01 2025-02 2025-03 2025-04 2025-05 2025-06 2025-07 2025-08 2025-09 2025-10 2025-11 2025-12 2026-01 2026-02");
        using var author = await app.Browser(Role.Supervisor);
        await author.Get("/churn-definition");
        (await author.Submit("#new-version")).Path.ShouldBe("/churn-definition/1/edit");

        var page = await author.Submit("Check", new Dictionary<string, string> { ["everybody.lateAt"] = "2.5" });
        page.Text.ShouldContain("1 of 2 customers would be in another state");
        page.Text.ShouldContain("Figures of all units");
        page.Text.ShouldContain("By months 0, by business taken elsewhere 0, by rhythm 1");
        page = await author.Submit("Check", new Dictionary<string, string> { ["everybody.lateAt"] = "2" });
        page.Text.ShouldContain("0 of 2 customers would be in another state");
    }

    private static async Task<long> Customer(ExeuntApp app, string months)
    {
        var id = (await app.AContractInForce()).CustomerId;
        await app.With<AppDb>(async db =>
        {
            // In term nobody is judged by months: the contract ended long ago.
            await db.Write(ct => db.Contracts.Where(c => c.CustomerId == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.State, Features.Contracts.ContractState.Ended)
                .SetProperty(c => c.StartOn, new DateOnly(2020, 1, 1)).SetProperty(c => c.LastServiceDay, new DateOnly(2020, 2, 1)), ct), default);
            var packed = ActivityMonths.Build([.. months.Split(' ').Select(m => new Fact(FactKind.Order, DateOnly.ParseExact(m + "-05", "yyyy-MM-dd"), 10_000, m))]);
            db.Activity.Add(new Features.Facts.ActivityRow { CustomerId = id, Months = packed });
            db.Audit(await app.SystemCall(), "test.months", "customer");
            await db.SaveChangesAsync();
        });
        return id;
    }

    /// <summary>Puts customers into a branch below the head office.</summary>
    private static Task East(ExeuntApp app, params long[] customers) => app.With<AppDb>(async db =>
    {
        db.Units.Add(new Unit { Id = 900, ParentId = 1, Path = "1.900.", Code = "EAST", Chinese = "东区", English = "East", Kind = UnitKind.Subsidiary });
        db.Audit(await app.SystemCall(), "test.unit", "unit:900");
        await db.SaveChangesAsync();
        await db.Write(ct => db.Customers.Where(c => customers.Contains(c.Id)).ExecuteUpdateAsync(s => s.SetProperty(c => c.UnitId, 900), ct), default);
    });

    private static async Task Publish(ExeuntApp app, ChurnDefinition definition)
    {
        var draft = await app.Post(Role.Supervisor, "/api/churn-definition", ChurnDocument.ToJson(definition));
        await Sign(app, draft);
        await app.Post(Role.Supervisor, $"/api/churn-definition/{draft["version"]}/publish");
        await app.Drain();
    }

    private static async Task Sign(ExeuntApp app, JsonNode draft)
    {
        var path = $"/api/churn-definition/{draft["version"]}";
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.BranchHead, $"{path}/sign", SignedWorld.Signature(draft));
        await app.Post(Role.Legal, $"{path}/sign", SignedWorld.Signature(draft));
    }

    private static async Task Evaluate(ExeuntApp app)
    {
        await app.Post(Role.Analyst, "/api/standards/evaluate");
        await app.Drain();
    }

    /// <summary>The definitions by which evaluations were started, oldest first.</summary>
    private static Task<List<int>> Started(ExeuntApp app) => app.With<AppDb, List<int>>(async db =>
        [.. (await db.AuditLog.Where(a => a.Verb == "standards.evaluation-started").OrderBy(a => a.Id).Select(a => a.Data).ToListAsync()).Select(d => JsonDocument.Parse(d).RootElement.GetProperty("churn").GetInt32())]);

    private static Task<List<ChurnState?>> States(ExeuntApp app, params long[] ids) => app.With<AppDb, List<ChurnState?>>(async db =>
    {
        var known = await db.ChurnStates.AsNoTracking().Where(s => ids.Contains(s.CustomerId)).ToDictionaryAsync(s => s.CustomerId, s => s.State);
        return [.. ids.Select(id => known.TryGetValue(id, out var state) ? state : (ChurnState?)null)];
    });

    private static Task<List<(ChurnState? From, ChurnState To)>> Changes(ExeuntApp app, long id) => app.With<AppDb, List<(ChurnState?, ChurnState)>>(async db =>
        [.. (await db.ChurnChanges.AsNoTracking().Where(c => c.CustomerId == id).OrderBy(c => c.On).ToListAsync()).Select(c => (c.From, c.To))]);

    public sealed class OnSqlite() : ChurnDefinitionTests(Database.Sqlite);

    public sealed class OnPostgres(Faults.PostgresServer server) : ChurnDefinitionTests(Database.Postgres), IClassFixture<Faults.PostgresServer>
    {
        public string? Server => server.Connection;
    }
}
