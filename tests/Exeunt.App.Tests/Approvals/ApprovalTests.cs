using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.App.Tests.Procedures;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Approvals;

/// <summary>Who approves what in cases: each rule with a test that tries to break it, over the API and in the database itself.</summary>
public abstract class ApprovalTests(ExeuntApp app)
{
    private static readonly ApprovalRule Decisions = ApprovalMatrix.General.Rules[1];

    private static ApprovalMatrix Matrix(params IReadOnlyList<Approver>[] stages) => new(1, [new("settlement", ApprovalSubject.Settlement, [new([], stages)]), Decisions]);

    private static readonly ApprovalMatrix SupervisorThenMoney = Matrix([new Approver([Role.Supervisor, Role.BranchHead])], [Approver.Of(Role.Finance), Approver.Of(Role.Legal)]);

    [Fact]
    public async Task Nobody_approves_what_they_asked_for()
    {
        await app.Publish(SupervisorThenMoney);
        var waiting = await app.AWaitingSettlement(offerBy: Role.Supervisor);

        (await app.RefusedApproval(waiting, Role.Supervisor)).ShouldBe("case.own-request");
        // Another supervisor, or the branch head, may.
        await app.Approve(waiting, Role.Supervisor, name: "other");
        (await Parts(waiting)).ShouldBe(["Approver", "Requester"], ignoreOrder: true);
        await app.ShouldFold(waiting.Id);
    }

    [Fact]
    public async Task Stages_come_in_order_and_those_of_one_beside_each_other()
    {
        await app.Publish(SupervisorThenMoney);
        var waiting = await app.AWaitingSettlement();

        (await app.RefusedApproval(waiting, Role.Legal)).ShouldBe("case.not-yet-your-approval");
        (await app.RefusedApproval(waiting, Role.AccountManager)).ShouldBe("case.not-your-approval");
        await app.Approve(waiting, Role.BranchHead);
        (await app.RefusedApproval(waiting, Role.Supervisor)).ShouldBe("case.not-your-approval");
        await app.Approve(waiting, Role.Legal);
        (await app.RefusedApproval(waiting, Role.Legal, name: "other")).ShouldBe("case.approved-already");
        (await app.Case(waiting.Id)).Step("approve").HasEnded.ShouldBeFalse();
        await app.Approve(waiting, Role.Finance);

        (await app.Case(waiting.Id)).Step("approve").State.ShouldBe(StepState.Done);
        (await app.RefusedApproval(waiting, Role.Finance, name: "other")).ShouldBe("case.approved-already");
        await app.ShouldFold(waiting.Id);
    }

    [Fact]
    public async Task An_approval_binds_what_was_seen()
    {
        await app.Publish(ApprovalMatrix.General);
        var waiting = await app.AWaitingSettlement();
        (await app.RefusedApproval(waiting, Role.Finance, digest: new string('0', 64))).ShouldBe("case.approval-outdated");
    }

    [Fact]
    public async Task One_person_with_two_roles_approves_once()
    {
        await app.Publish(ApprovalMatrix.General);
        var waiting = await app.AWaitingSettlement();
        var both = await app.Staff(Role.Finance, name: "both");
        await app.With<IServiceProvider>(async services =>
        {
            var (db, staff) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<StaffDb>());
            if (!await staff.Roles.AnyAsync(r => r.StaffId == both && r.Role == Role.Legal))
                staff.Roles.Add(new StaffRole { StaffId = both, Role = Role.Legal, UnitId = await db.Units.OrderBy(u => u.Path.Length).Select(u => u.Id).FirstAsync() });
            await staff.SaveChangesAsync();
        });

        await app.Approve(waiting, Role.Finance, name: "both");
        (await app.RefusedApproval(waiting, Role.Legal, name: "both", person: Role.Finance)).ShouldBe("case.two-people");
        await app.Approve(waiting, Role.Legal);
    }

    [Fact]
    public async Task A_role_holds_for_its_unit_and_a_place_may_ask_for_the_whole_company()
    {
        await app.Publish(Matrix([new Approver([Role.Finance], ApproverScope.Company)], [Approver.Of(Role.Legal)]));
        var contract = await app.AContractInForce();
        await app.Staff(Role.Finance, unit: "NORTH");
        await app.With<IServiceProvider>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            var customer = await db.Customers.SingleAsync(c => c.Id == contract.CustomerId);
            customer.UnitId = await db.Units.Where(u => u.Code == "NORTH").Select(u => u.Id).SingleAsync();
            db.Audit(await app.SystemCall(), "test.moved", $"customer:{customer.Id}");
            await db.SaveChangesAsync();
        });
        var waiting = await app.AWaitingSettlement(contract: contract);
        using var north = await app.SignIn(Role.Finance, unit: "NORTH");
        using var south = await app.SignIn(Role.Finance, unit: "SOUTH");
        var body = new { of = "Settlement", role = "Finance", digest = waiting.Digest };

        (await Code(await south.PostAsync($"/api/cases/{waiting.Id}/approvals", System.Net.Http.Json.JsonContent.Create(body)))).ShouldBe("not-found");
        (await Code(await north.PostAsync($"/api/cases/{waiting.Id}/approvals", System.Net.Http.Json.JsonContent.Create(body)))).ShouldBe("approval.not-your-role");
        await app.Approve(waiting, Role.Finance);
    }

    [Fact]
    public async Task A_stand_in_approves_for_somebody_absent_and_for_nobody_else()
    {
        await app.Publish(ApprovalMatrix.General);
        var away = await app.Staff(Role.Finance, name: "away");
        var standIn = await app.Staff(Role.BranchHead, name: "stand-in");
        var today = await Today();
        string Absence(Guid to, Role role, DateOnly from, DateOnly until) => $$"""{"to":"{{to}}","role":"{{role}}","fromOn":"{{from:yyyy-MM-dd}}","untilOn":"{{until:yyyy-MM-dd}}","reason":"Leave"}""";
        var waiting = await app.AWaitingSettlement();

        (await app.RefusedApproval(waiting, Role.Finance, name: "stand-in", behalf: away, person: Role.BranchHead)).ShouldBe("approval.not-their-stand-in");
        (await app.Refused(Role.Finance, "/api/absences", Absence(away, Role.Finance, today, today), name: "away")).ShouldBe("absence.yourself");
        (await app.Refused(Role.Finance, "/api/absences", Absence(standIn, Role.Legal, today, today), name: "away")).ShouldBe("absence.not-your-role");
        (await app.Refused(Role.Finance, "/api/absences", Absence(standIn, Role.Finance, today, today.AddDays(-1)), name: "away")).ShouldBe("absence.days");
        (await app.Refused(Role.Finance, "/api/absences", Absence(await app.Staff(Role.Technical), Role.Finance, today, today), name: "away")).ShouldBe("absence.no-approver");
        var absence = await app.Post(Role.Finance, "/api/absences", Absence(standIn, Role.Finance, today, today.AddDays(3)), name: "away");
        (await app.Refused(Role.Finance, "/api/absences", Absence(standIn, Role.Finance, today.AddDays(2), today.AddDays(9)), name: "away")).ShouldBe("absence.overlaps");
        // What was delegated is not passed on.
        (await app.Refused(Role.BranchHead, "/api/absences", Absence(await app.Staff(Role.Supervisor), Role.Finance, today, today), name: "stand-in")).ShouldBe("absence.not-your-role");

        (await app.RefusedApproval(waiting, Role.Legal, name: "stand-in", behalf: away, person: Role.BranchHead)).ShouldBe("approval.not-their-stand-in");
        await app.Approve(waiting, Role.Finance, name: "stand-in", behalf: away, person: Role.BranchHead);
        // Neither of the two approves again.
        (await app.Case(waiting.Id)).Round(ApprovalSubject.Settlement)!.People.ShouldBe([StaffDirectory.IdOf(standIn), StaffDirectory.IdOf(away)], ignoreOrder: true);
        await app.With<AppDb>(async db => (await db.Approvals.SingleAsync(a => a.CaseId == waiting.Id)).OnBehalfOf.ShouldBe(StaffDirectory.IdOf(away)));

        await app.Post(Role.Finance, $"/api/absences/{absence["id"]}/end", name: "away");
        var next = await app.AWaitingSettlement();
        (await app.RefusedApproval(next, Role.Finance, name: "stand-in", behalf: away, person: Role.BranchHead)).ShouldBe("approval.not-their-stand-in");
        (await app.Refused(Role.Finance, $"/api/absences/{absence["id"]}/end", name: "away")).ShouldBe("absence.ended-already");
        await app.ShouldFold(waiting.Id);
    }

    [Fact]
    public async Task A_stand_in_does_not_approve_what_they_or_the_absent_asked_for()
    {
        await app.Publish(SupervisorThenMoney);
        var (asker, away) = (await app.Staff(Role.Supervisor, name: "asker"), await app.Staff(Role.Supervisor, name: "gone"));
        var today = await Today();
        await app.Post(Role.Supervisor, "/api/absences", $$"""{"to":"{{asker}}","role":"Supervisor","fromOn":"{{today:yyyy-MM-dd}}","untilOn":"{{today:yyyy-MM-dd}}"}""", name: "gone");
        var waiting = await app.AWaitingSettlement(offerBy: Role.Supervisor, name: "asker");
        (await app.RefusedApproval(waiting, Role.Supervisor, name: "asker", behalf: away)).ShouldBe("case.own-request");

        var other = await app.AWaitingSettlement(offerBy: Role.Supervisor, name: "gone");
        (await app.RefusedApproval(other, Role.Supervisor, name: "asker", behalf: away)).ShouldBe("case.own-request");
    }

    [Fact]
    public async Task What_is_returned_is_approved_anew_and_what_is_recalled_too()
    {
        await app.Publish(ApprovalMatrix.General);
        var waiting = await app.AWaitingSettlement();
        await app.Approve(waiting, Role.Finance);
        (await app.Refused(Role.Legal, $"/api/cases/{waiting.Id}/approvals/rework", """{"of":"Settlement","words":" "}""")).ShouldBe("required");
        (await app.Refused(Role.Finance, $"/api/cases/{waiting.Id}/approvals/rework", """{"of":"Settlement","words":"too much"}""", name: "other")).ShouldBe("case.approved-already");
        await app.Post(Role.Legal, $"/api/cases/{waiting.Id}/approvals/rework", """{"of":"Settlement","words":"The deposit is missing."}""");
        (await app.Case(waiting.Id)).Approvals.ShouldBe("");

        await app.Approve(waiting, Role.Finance);
        (await app.Refused(Role.Legal, $"/api/cases/{waiting.Id}/approvals/recall", """{"of":"Settlement"}""")).ShouldBe("case.nothing-to-recall");
        await app.Post(Role.Finance, $"/api/cases/{waiting.Id}/approvals/recall", """{"of":"Settlement"}""");
        (await app.Case(waiting.Id)).Approvals.ShouldBe("");
        await app.Approve(waiting, Role.Finance, name: "other");
        await app.Approve(waiting, Role.Legal);
        (await app.Case(waiting.Id)).Step("approve").State.ShouldBe(StepState.Done);
        await app.With<AppDb>(async db =>
        {
            var rows = await db.Approvals.AsNoTracking().Where(a => a.CaseId == waiting.Id).ToListAsync();
            rows.Count(r => r.VoidedAt is null).ShouldBe(2);
            rows.Count(r => r.VoidedAt is not null).ShouldBe(2);
        });
        await app.ShouldFold(waiting.Id);
    }

    [Fact]
    public async Task A_small_amount_goes_by_itself_and_is_paid_without_anybody()
    {
        await app.Publish(new ApprovalMatrix(1,
            [new("settlement", ApprovalSubject.Settlement, [new([new(100_000_00, "CNY")], []), new([], [[Approver.Of(Role.Finance)]])]), Decisions]));
        var waiting = await app.AWaitingSettlement();
        (await app.Case(waiting.Id)).Step("approve").Note.ShouldBe("within-limits");
        await app.AdvanceDays(31);
        await app.DoTheWork(waiting.Id);
        (await app.Case(waiting.Id)).Step("money").State.ShouldBe(StepState.Done);
        (await Parts(waiting)).ShouldBeEmpty();
        await app.ShouldFold(waiting.Id);
    }

    [Fact]
    public async Task Who_approved_writes_no_part_of_it_afterwards()
    {
        await app.Publish(SupervisorThenMoney);
        var waiting = await app.AWaitingSettlement();
        await app.Approve(waiting, Role.Supervisor);
        (await app.Refused(Role.Supervisor, $"/api/cases/{waiting.Id}/lines", """{"kind":"Waiver","amount":"1.00","words":"goodwill"}""")).ShouldBe("case.approver-writes");
        await app.Post(Role.Supervisor, $"/api/cases/{waiting.Id}/lines", """{"kind":"Waiver","amount":"1.00","words":"goodwill"}""", name: "second");
    }

    [Fact]
    public async Task A_payment_that_waits_for_a_person_is_released_by_a_third_one()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var general = GeneralProcedures.Termination;
        await own.Publish(general with { Steps = [.. general.Steps.Select(s => s.Id == "money" ? s with { Manual = true, Roles = [Role.Finance] } : s)] });
        await own.Publish(SupervisorThenMoney);
        var waiting = await own.AWaitingSettlement(offerBy: Role.Supervisor, name: "asker");
        (await own.Refused(Role.Finance, $"/api/cases/{waiting.Id}/approvals/release")).ShouldBe("case.step-not-active");
        await own.Approve(waiting, Role.BranchHead);
        await own.Approve(waiting, Role.Finance);
        await own.Approve(waiting, Role.Legal);
        await own.AdvanceDays(31);
        await own.DoTheWork(waiting.Id);
        (await own.Case(waiting.Id)).Step("money").State.ShouldBe(StepState.Active);
        await own.With<AppDb>(async db => (await db.PaymentOrders.AnyAsync(o => o.CaseId == waiting.Id)).ShouldBeFalse());

        (await own.Refused(Role.Finance, $"/api/cases/{waiting.Id}/approvals/release")).ShouldBe("case.own-approval");
        (await own.Refused(Role.Legal, $"/api/cases/{waiting.Id}/approvals/release")).ShouldBe("not-allowed");
        // A hold holds the money, also of whoever could release it.
        await own.Post(Role.Agent, $"/api/cases/{waiting.Id}/hold", """{"reason":"fraud-check"}""");
        (await own.Refused(Role.Finance, $"/api/cases/{waiting.Id}/approvals/release", name: "third")).ShouldBe("case.held");
        await own.Post(Role.Agent, $"/api/cases/{waiting.Id}/resume");
        await own.Post(Role.Finance, $"/api/cases/{waiting.Id}/approvals/release", name: "third");
        await own.Drain();
        (await own.Case(waiting.Id)).Step("money").State.ShouldBe(StepState.Done);
        await own.With<AppDb>(async db =>
        {
            (await db.PaymentOrders.CountAsync(o => o.CaseId == waiting.Id)).ShouldBe(1);
            (await db.FourEyes.SingleAsync(f => f.CaseId == waiting.Id && f.Part == FourEyesPart.Executor)).Person.ShouldBe(StaffDirectory.IdOf(await own.Staff(Role.Finance, name: "third")));
        });
        await own.ShouldFold(waiting.Id);
    }

    [Fact]
    public async Task Whoever_took_an_approval_back_does_not_release_the_money()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var general = GeneralProcedures.Termination;
        await own.Publish(general with { Steps = [.. general.Steps.Select(s => s.Id == "money" ? s with { Manual = true, Roles = [Role.Finance] } : s)] });
        await own.Publish(ApprovalMatrix.General);
        var waiting = await own.AWaitingSettlement();
        await own.Approve(waiting, Role.Finance, name: "first");
        await own.Post(Role.Finance, $"/api/cases/{waiting.Id}/approvals/recall", """{"of":"Settlement"}""", name: "first");
        await own.Approve(waiting, Role.Finance, name: "second");
        await own.Approve(waiting, Role.Legal);
        await own.AdvanceDays(31);
        await own.DoTheWork(waiting.Id);

        using var first = await own.SignIn(Role.Finance, name: "first");
        using var refused = await first.PostAsync($"/api/cases/{waiting.Id}/approvals/release", null);
        refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        (await Code(refused)).ShouldBe("case.own-approval");
        (await WhyNot("first")).ShouldBe("case.own-approval");
        (await WhyNot("third")).ShouldBeNull();
        using var page = await own.Browser(Role.Finance, name: "first");
        (await page.Get($"/cases/{waiting.Id}")).Status.ShouldBe(200);
        await own.Post(Role.Finance, $"/api/cases/{waiting.Id}/approvals/release", name: "third");
        await own.ShouldFold(waiting.Id);

        async Task<string?> WhyNot(string name)
        {
            using var client = await own.SignIn(Role.Finance, name: name);
            var actions = System.Text.Json.Nodes.JsonNode.Parse(await client.GetStringAsync($"/api/cases/{waiting.Id}/actions"))!.AsArray();
            return actions.Single(a => a!["code"]!.GetValue<string>() == "release-money")!["refusal"]?["code"]?.GetValue<string>();
        }
    }

    [Fact]
    public async Task Somebody_dismissed_gives_nobody_their_approval()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.Publish(ApprovalMatrix.General);
        var away = await own.Staff(Role.Finance, name: "away");
        var standIn = await own.Staff(Role.BranchHead, name: "stand-in");
        var today = (await own.SystemCall()).Today(Exeunt.App.Platform.Clocks.CompanyZone);
        await own.Post(Role.Finance, "/api/absences", $$"""{"to":"{{standIn}}","role":"Finance","fromOn":"{{today:yyyy-MM-dd}}","untilOn":"{{today.AddDays(3):yyyy-MM-dd}}","reason":"Leave"}""", name: "away");
        var waiting = await own.AWaitingSettlement();
        await own.With<StaffDb>(async staff =>
        {
            (await staff.Users.SingleAsync(u => u.Id == away)).IsDisabled = true;
            await staff.SaveChangesAsync();
        });

        (await own.RefusedApproval(waiting, Role.Finance, name: "stand-in", behalf: away, person: Role.BranchHead)).ShouldBe("approval.not-their-stand-in");
    }

    [Fact]
    public async Task The_database_refuses_what_goes_around_the_domain()
    {
        await app.Publish(SupervisorThenMoney);
        var waiting = await app.AWaitingSettlement(offerBy: Role.Supervisor);
        await app.Approve(waiting, Role.BranchHead);
        var (requester, approver, stranger) = (await app.Staff(Role.Supervisor), await app.Staff(Role.BranchHead), await app.Staff(Role.Finance));
        FourEyes Row(Guid person, FourEyesPart part) => new() { CaseId = waiting.Id, Digest = waiting.Digest, Person = StaffDirectory.IdOf(person), Part = part, At = app.Time.GetUtcNow() };
        ApprovalRow Approval(Guid person, string digest) => new()
        {
            Id = Guid.CreateVersion7(), CaseId = waiting.Id, Role = Role.Finance, Digest = digest, By = StaffDirectory.IdOf(person), RequestedBy = "system", At = app.Time.GetUtcNow(),
        };

        // Whoever has one part has no other: not the requester as approver, not the approver as executor.
        await Refused(Row(requester, FourEyesPart.Approver));
        await Refused(Row(requester, FourEyesPart.Executor));
        await Refused(Row(approver, FourEyesPart.Executor));
        await Refused(Row(approver, FourEyesPart.Requester));
        // An approval without its row, of a requester, or of another settlement is none.
        await Refused(Approval(stranger, waiting.Digest));
        await Refused(Approval(requester, waiting.Digest));
        await Refused(Approval(approver, new string('1', 64)));
        // Nor the same person's twice, nor one's own.
        await Refused(Approval(approver, waiting.Digest));
        await RefusedSql($"UPDATE approvals SET \"by\" = '{StaffDirectory.IdOf(requester)}' WHERE digest = '{waiting.Digest}'");
        await RefusedSql($"UPDATE approvals SET part = 'Requester' WHERE digest = '{waiting.Digest}'");
        await RefusedSql($"UPDATE approvals SET requested_by = \"by\" WHERE digest = '{waiting.Digest}'");
        await RefusedSql($"DELETE FROM four_eyes WHERE part = 'Approver' AND digest = '{waiting.Digest}'");
        await RefusedSql($"INSERT INTO delegations (id, \"from\", \"to\", role, from_on, until_on, reason, at) SELECT case_id, 'a', 'a', 'Finance', '2026-01-01', '2026-01-01', 'Leave', 0 FROM four_eyes WHERE digest = '{waiting.Digest}'");
        // With its row it can be written: the test tells refusals from mistakes of its own.
        await app.With<AppDb>(async db =>
        {
            db.AddRange(Row(stranger, FourEyesPart.Approver), Approval(stranger, waiting.Digest));
            db.Audit(await app.SystemCall(), "test.bypass", "four_eyes");
            await db.SaveChangesAsync();
        });
    }

    [Fact]
    public async Task A_matrix_changes_only_by_two_people_and_when_it_is_sound()
    {
        await using var own = await ExeuntApp.Start(app.On);
        (await own.Refused(Role.Agent, "/api/approval-matrix", ApprovalMatrixDocument.ToJson(ApprovalMatrix.Stepped))).ShouldBe("not-allowed");
        (await own.Refused(Role.Supervisor, "/api/approval-matrix", ApprovalMatrixDocument.ToJson(Matrix([Approver.Of(Role.Agent)])))).ShouldBe("approvals.own-request");
        (await own.Refused(Role.Supervisor, "/api/approval-matrix", """{"version":1,"rules":[]}""")).ShouldBe("approvals.gap");
        var draft = await own.Post(Role.Legal, "/api/approval-matrix", ApprovalMatrixDocument.ToJson(ApprovalMatrix.Stepped));
        var path = $"/api/approval-matrix/{draft["version"]}";
        draft["version"]!.GetValue<int>().ShouldBe(2);
        (await own.Refused(Role.Legal, $"{path}/publish")).ShouldBe("version.not-signed");
        await own.Post(Role.Legal, $"{path}/submit");
        (await own.Refused(Role.Legal, $"{path}/sign", SignedWorld.Signature(draft))).ShouldBe("version.author-signs");
        (await own.Refused(Role.BranchHead, $"{path}/sign", """{"digest":"other"}""")).ShouldBe("version.document-changed");
        (await own.Refused(Role.Supervisor, $"{path}/sign", SignedWorld.Signature(draft))).ShouldBe("version.other-role");
        await own.Post(Role.BranchHead, $"{path}/sign", SignedWorld.Signature(draft));
        await own.Post(Role.Legal, $"{path}/publish");

        // The settlement of a case is now approved by the amount, in stages.
        var waiting = await own.AWaitingSettlement();
        (await own.Case(waiting.Id)).Round(ApprovalSubject.Settlement)!.Stages.Count.ShouldBe(1);
        await own.Approve(waiting, Role.Supervisor);
        (await own.Case(waiting.Id)).Step("approve").State.ShouldBe(StepState.Done);
        // What waited before keeps the approvers it had, and the document never changes.
        (await own.Refused(Role.Legal, path, ApprovalMatrixDocument.ToJson(ApprovalMatrix.General with { Version = 2 }), method: "PUT")).ShouldBe("version.fixed");
    }

    private async Task Refused(object row) =>
        await Should.ThrowAsync<DbUpdateException>(() => app.With<AppDb>(async db =>
        {
            db.Add(row);
            db.Audit(await app.SystemCall(), "test.bypass", "four_eyes");
            await db.SaveChangesAsync();
        }));

    private async Task RefusedSql(string sql) =>
        await Should.ThrowAsync<System.Data.Common.DbException>(() => app.With<AppDb>(db => db.Write(ct => db.Database.ExecuteSqlRawAsync(sql, ct), CancellationToken.None)), sql);

    private Task<List<string>> Parts(SignedWorld.Waiting waiting) =>
        app.With<AppDb, List<string>>(async db => [.. (await db.FourEyes.Where(f => f.CaseId == waiting.Id && f.Digest == waiting.Digest).Select(f => f.Part).ToListAsync()).Select(p => $"{p}")]);

    private async Task<DateOnly> Today() => (await app.SystemCall()).Today(Exeunt.App.Platform.Clocks.CompanyZone);

    private static async Task<string> Code(HttpResponseMessage response)
    {
        response.IsSuccessStatusCode.ShouldBeFalse();
        return System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]!.GetValue<string>();
    }

    public sealed class OnSqlite(SqliteApp app) : ApprovalTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ApprovalTests(app), IClassFixture<PostgresApp>;
}
