using System.Text.Json.Nodes;
using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Procedures;

/// <summary>A procedure's version from draft to the cases that run on it, over the API, with everything that is refused on the way.</summary>
public abstract class ProcedureLifeTests(ExeuntApp app)
{
    private static readonly Procedure General = GeneralProcedures.Termination;
    private static int _next;

    /// <summary>The general termination under a code nobody has.</summary>
    private static Procedure AProcedure() => General with { Id = $"own-{Interlocked.Increment(ref _next)}", Version = 1, Name = new("Our own", "自定流程") };

    private static Procedure With(Procedure procedure, string step, Func<ProcedureStep, ProcedureStep> change) =>
        procedure with { Steps = [.. procedure.Steps.Select(s => s.Id == step ? change(s) : s)] };

    [Fact]
    public async Task Comes_with_the_general_procedures_in_force()
    {
        using var client = await app.SignIn(Role.Agent);
        var rows = JsonNode.Parse(await client.GetStringAsync("/api/procedures"))!.AsArray().Select(r => ($"{r!["id"]}", (int)r["version"]!, $"{r["standing"]}")).ToList();
        rows.ShouldContain(("general-termination", 2, "InForce"));
        rows.ShouldContain(("general-termination", 1, "Superseded"));
        rows.ShouldContain(("immediate-offboarding", 1, "InForce"));
        ProcedureDocument.Read(await client.GetStringAsync("/api/procedures/general-offboarding/1")).Procedure.ShouldNotBeNull();
    }

    [Fact]
    public async Task Three_different_people_write_review_and_approve_a_version()
    {
        var draft = await app.Post(Role.Supervisor, "/api/procedures", ProcedureDocument.ToJson(AProcedure()));
        var path = $"/api/procedures/{draft["id"]}/{draft["version"]}";
        (await app.Refused(Role.BranchHead, $"{path}/sign", SignedWorld.Signature(draft))).ShouldBe("version.not-in-sign-off");
        (await app.Refused(Role.BranchHead, $"{path}/submit")).ShouldBe("version.authors-only");
        await app.Post(Role.Supervisor, $"{path}/submit");
        (await app.Refused(Role.Supervisor, $"{path}/sign", SignedWorld.Signature(draft))).ShouldBe("version.author-signs");
        (await app.Refused(Role.Legal, $"{path}/sign", SignedWorld.Signature(draft))).ShouldBe("version.other-role");
        (await app.Refused(Role.BranchHead, $"{path}/sign", """{"digest":"0"}""")).ShouldBe("version.document-changed");
        await app.Post(Role.BranchHead, $"{path}/sign", SignedWorld.Signature(draft));
        (await app.Refused(Role.BranchHead, $"{path}/sign", SignedWorld.Signature(draft))).ShouldBe("version.signs-twice");
        (await app.Refused(Role.Supervisor, $"{path}/publish")).ShouldBe("version.not-signed");
        await app.Post(Role.Legal, $"{path}/sign", SignedWorld.Signature(draft));
        (await app.Refused(Role.Supervisor, $"{path}/publish", """{"from":"2020-01-01"}""")).ShouldBe("version.past");
        await app.Post(Role.Supervisor, $"{path}/publish");
        (await app.Refused(Role.Supervisor, path, ProcedureDocument.ToJson(AProcedure() with { Id = $"{draft["id"]}" }), method: "PUT")).ShouldBe("version.fixed");

        // And the database keeps one person from having two hands, whatever the code does.
        var (id, supervisor) = ($"{draft["id"]}", StaffDirectory.IdOf(await app.Staff(Role.Supervisor)));
        await Should.ThrowAsync<DbUpdateException>(() => app.With<AppDb>(async db =>
        {
            db.SignedDocumentHands.Add(new SignedDocumentHand { Id = id, Version = 1, Round = 0, By = supervisor, Part = SignPart.Legal, At = app.Time.GetUtcNow() });
            db.Audit(await app.SystemCall(), "test.bypass", "hands");
            await db.SaveChangesAsync();
        }));
    }

    [Fact]
    public async Task A_change_or_a_return_voids_the_signatures()
    {
        var procedure = AProcedure();
        var draft = await app.Post(Role.Supervisor, "/api/procedures", ProcedureDocument.ToJson(procedure));
        var path = $"/api/procedures/{draft["id"]}/1";
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.Finance, $"{path}/sign", SignedWorld.Signature(draft));
        (await app.Refused(Role.Legal, $"{path}/return", """{"words":""}""")).ShouldBe("required");
        await app.Post(Role.Legal, $"{path}/return", """{"words":"The talk comes too late."}""");
        await app.Post(Role.Supervisor, $"{path}/submit");
        (await app.Refused(Role.Legal, $"{path}/sign", SignedWorld.Signature(draft))).ShouldBe("version.other-role");
        await app.Post(Role.Finance, $"{path}/sign", SignedWorld.Signature(draft));
        // Whoever changes it becomes an author.
        var edited = await app.Post(Role.Legal, path, ProcedureDocument.ToJson(With(procedure, "talk", s => s with { DueHours = 4, TierHours = null })), method: "PUT");
        edited["status"]!.GetValue<string>().ShouldBe("Draft");
        await app.Post(Role.Legal, $"{path}/submit");
        await app.Post(Role.BranchHead, $"{path}/sign", SignedWorld.Signature(edited));
        (await app.Refused(Role.Legal, $"{path}/sign", SignedWorld.Signature(edited))).ShouldBe("version.author-signs");
        await app.Post(Role.Legal, $"{path}/sign", SignedWorld.Signature(edited), name: "second");
    }

    [Fact]
    public async Task An_unsound_procedure_is_kept_but_not_handed_in()
    {
        var unsound = With(AProcedure(), "talk", s => s with { After = ["offer"] });
        var draft = await app.Post(Role.Supervisor, "/api/procedures", ProcedureDocument.ToJson(unsound));
        (await app.Refused(Role.Supervisor, $"/api/procedures/{draft["id"]}/1/submit")).ShouldBe("procedure.unreachable");
        (await app.Refused(Role.Supervisor, "/api/procedures", ProcedureDocument.ToJson(unsound))).ShouldBe("version.draft-open");
        (await app.Refused(Role.Supervisor, "/api/procedures", """{"id":"x"}""")).ShouldBe("procedure.missing");
        var findings = await app.Post(Role.Agent, "/api/procedures/check", ProcedureDocument.ToJson(unsound));
        findings.AsArray().Select(f => $"{f!["code"]}").ShouldContain("procedure.unreachable");
    }

    [Fact]
    public async Task An_offer_is_refused_where_the_law_forbids_it()
    {
        var german = AProcedure() with { Hours = General.Hours with { Place = "DE" } };
        var draft = await app.Post(Role.Supervisor, "/api/procedures", ProcedureDocument.ToJson(german));
        (await app.Refused(Role.Supervisor, $"/api/procedures/{draft["id"]}/1/submit")).ShouldBe("procedure.offer-forbidden");
        await app.Post(Role.Supervisor, $"/api/procedures/{draft["id"]}/1", ProcedureDocument.ToJson(With(german, "offer", s => s with { When = [new(CaseFact.Party, Comparison.Is, ["Business"])] })), method: "PUT");
        await app.Post(Role.Supervisor, $"/api/procedures/{draft["id"]}/1/submit");
    }

    [Fact]
    public async Task New_cases_start_on_the_version_in_force_and_running_ones_move_only_when_told()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (old, _, _) = await own.AProvenCase(await own.AContractInForce());
        (await own.Case(old)).ProcedureVersion.ShouldBe(2);

        var later = General.Steps.Select(s => s.Id == "talk" ? s with { DueHours = 3, TierHours = null } : s).ToList();
        var third = await own.Publish(General with { Steps = later });
        third.ShouldBe(3);
        var (fresh, _, _) = await own.AProvenCase(await own.AContractInForce());
        (await own.Case(fresh)).ProcedureVersion.ShouldBe(3);
        (await own.Case(old)).ProcedureVersion.ShouldBe(2);

        // A version for a day to come is not in force yet.
        var fourth = await own.Publish(General with { Steps = [.. later.Where(s => s.Id != "offer").Select(s => s.Id == "settle" ? s with { After = ["talk"] } : s)] }, from: "2026-04-01");
        (await own.Case((await own.AProvenCase(await own.AContractInForce())).Id)).ProcedureVersion.ShouldBe(3);

        // Moving is explicit, with a reason, by a supervisor, to a published version that has the steps that began.
        (await own.Refused(Role.Agent, $"/api/cases/{old}/procedure", """{"version":3,"reason":"sooner"}""")).ShouldBe("not-allowed");
        (await own.Refused(Role.Supervisor, $"/api/cases/{old}/procedure", """{"version":3,"reason":" "}""")).ShouldBe("required");
        (await own.Refused(Role.Supervisor, $"/api/cases/{old}/procedure", """{"version":9,"reason":"sooner"}""")).ShouldBe("case.other-procedure");
        await own.Post(Role.Supervisor, $"/api/cases/{old}/procedure", """{"version":3,"reason":"The law asks for it. move-canary"}""");
        (await own.Case(old)).ProcedureVersion.ShouldBe(3);
        await own.Post(Role.Agent, $"/api/cases/{fresh}/talk", """{"reason":"PRICE","channel":"phone","minutes":5}""");
        var refusal = await own.Refused(Role.Supervisor, $"/api/cases/{fresh}/procedure", $$"""{"version":{{fourth}},"reason":"no offers"}""");
        refusal.ShouldBe("case.cannot-move");
        await own.ShouldFold(old);
        await own.ShouldFold(fresh);
        (await own.PlacesWith("move-canary")).ShouldBeEmpty();
        await own.With<AppDb>(async db => (await db.AuditLog.Where(a => a.Target == $"case:{old:N}").Select(a => a.Verb).ToListAsync()).ShouldContain("case.procedure-changed"));
    }

    /// <summary>What a move makes automatic gets its effect, and a survey lasts as long as its step says.</summary>
    [Fact]
    public async Task Money_goes_by_itself_after_a_move_and_the_survey_lasts_its_days()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var shorter = With(General, "survey", s => s with { Days = 10 });
        var third = await own.Publish(With(shorter, "money", s => s with { Manual = true, Roles = [Role.Finance] }));
        var waiting = await own.AWaitingSettlement();
        (await own.Case(waiting.Id)).ProcedureVersion.ShouldBe(third);
        await own.Approve(waiting, Role.Finance);
        await own.Approve(waiting, Role.Legal);
        await own.AdvanceDays(31);
        await own.DoTheWork(waiting.Id);
        (await own.Case(waiting.Id)).Step("money").State.ShouldBe(StepState.Active);
        await own.With<AppDb>(async db => (await db.PaymentOrders.AnyAsync(o => o.CaseId == waiting.Id)).ShouldBeFalse());

        var fourth = await own.Publish(shorter);
        await own.Post(Role.Supervisor, $"/api/cases/{waiting.Id}/procedure", $$"""{"version":{{fourth}},"reason":"Nobody has to release it any more."}""");
        await own.Drain();
        (await own.Case(waiting.Id)).Step("money").State.ShouldBe(StepState.Done);
        await own.With<AppDb>(async db => (await db.PaymentOrders.CountAsync(o => o.CaseId == waiting.Id)).ShouldBe(1));

        await own.AdvanceDays(9);
        (await own.Case(waiting.Id)).Step("survey").State.ShouldBe(StepState.Active);
        await own.AdvanceDays(2);
        var survey = (await own.Case(waiting.Id)).Step("survey");
        (survey.State, survey.Note).ShouldBe((StepState.Skipped, "not-answered"));
        await own.ShouldFold(waiting.Id);
    }

    /// <summary>Money that would have gone by itself waits for a person once the case is moved to a version that says so.</summary>
    [Fact]
    public async Task Money_waits_for_its_release_after_a_move_though_it_was_under_way()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var waiting = await own.AWaitingSettlement();
        await own.Approve(waiting, Role.Finance);
        await own.Approve(waiting, Role.Legal);
        await own.AdvanceDays(31);
        // The last work is confirmed and the letter written; the money has started, and its effect has not run yet.
        foreach (var order in await own.With<AppDb, List<Guid>>(db => db.WorkOrders.Where(w => w.CaseId == waiting.Id && w.DoneAt == null).Select(w => w.Id).ToListAsync()))
            await own.Post(Role.Technical, $"/api/work-orders/{order}/confirmation");
        await own.With<IServiceProvider>(async services =>
        {
            var (db, clocks) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Clocks>());
            var letter = await db.Effects.SingleAsync(e => e.CaseId == waiting.Id && e.Kind == "step.notify" && e.State == EffectState.Waiting);
            await services.GetRequiredService<NotifyStep>().Run(letter, new Call(Actor.System, clocks.Now, clocks.BusinessNow), default);
            await db.SaveChangesAsync();
        });
        (await own.Case(waiting.Id)).Step("money").State.ShouldBe(StepState.Active);
        var third = await own.Publish(With(General, "money", s => s with { Manual = true, Roles = [Role.Finance] }));
        await own.Post(Role.Supervisor, $"/api/cases/{waiting.Id}/procedure", $$"""{"version":{{third}},"reason":"A person releases it now."}""");
        await own.Drain();
        await own.With<AppDb>(async db => (await db.PaymentOrders.AnyAsync(o => o.CaseId == waiting.Id)).ShouldBeFalse());
        await own.Post(Role.Finance, $"/api/cases/{waiting.Id}/approvals/release", name: "third");
        await own.Drain();
        await own.With<AppDb>(async db => (await db.PaymentOrders.CountAsync(o => o.CaseId == waiting.Id)).ShouldBe(1));
        await own.ShouldFold(waiting.Id);
    }

    public sealed class OnSqlite(SqliteApp app) : ProcedureLifeTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ProcedureLifeTests(app), IClassFixture<PostgresApp>;
}
