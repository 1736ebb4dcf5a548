using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.App.Tests.Cases;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Procedures;

/// <summary>The pages of procedures and approvals as people use them, without JavaScript.</summary>
public abstract class ProcedurePagesTests(ExeuntApp app)
{
    [Fact]
    public async Task A_version_is_drawn_listed_and_checked()
    {
        using var agent = await app.Browser(Role.Agent, language: "zh");
        (await agent.Get("/procedures")).Text.ShouldContain("清退");
        var page = await agent.Get("/procedures/general-termination/2");
        page.Document.QuerySelectorAll("svg .node, svg g[class^=node]").Length.ShouldBe(Core.Procedures.GeneralProcedures.Termination.Steps.Count);
        page.Document.QuerySelectorAll(".steps-table tbody tr").Length.ShouldBe(Core.Procedures.GeneralProcedures.Termination.Steps.Count);
        page.Text.ShouldContain("流程合理");
        page.Text.ShouldContain("16 个工作小时内");
        page.Html.ShouldNotContain("style=\"");
        var compared = await agent.Get("/procedures/general-termination/1/compare/2");
        compared.Text.ShouldContain("新增 3 步");
        (await agent.Get("/procedures/general-termination/2/edit")).Status.ShouldNotBe(200);
    }

    [Fact]
    public async Task A_procedure_is_written_in_the_editor_step_by_step()
    {
        using var author = await app.Browser(Role.Supervisor);
        await author.Get("/procedures/new");
        var page = await author.Submit("Check", new { id = "Not a code" });
        page.Status.ShouldBe(422);
        page.Text.ShouldContain("Small letters, digits and dashes");

        await author.Get("/procedures/new");
        var fields = new Dictionary<string, string> { ["id"] = "written-by-hand", ["name.english"] = "Written by hand", ["name.chinese"] = "手写流程" };
        page = await author.Submit("Save", fields);
        page.Path.ShouldEndWith("/procedures/written-by-hand/1/edit?saved=1");
        // Taking a step out joins what is around it; the page says at once what is unsound.
        var steps = page.Document.QuerySelectorAll("details.step-fields").Length;
        page = await author.Submit("button[name=do][value='remove:1']");
        page.Document.QuerySelectorAll("details.step-fields").Length.ShouldBe(steps - 1);
        page = await author.Submit("Hand in", new Dictionary<string, string> { ["steps[0].after"] = "close" });
        page.Status.ShouldBe(422);
        page.Text.ShouldContain("is never reached");
        page = await author.Submit("Save", new Dictionary<string, string> { ["steps[0].after"] = "" });
        page.Text.ShouldContain("Saved.");

        // A condition is chosen in words; the document keeps its codes; an emptied line is no condition.
        var (fact, values) = ("steps[1].when[0].fact", "steps[1].when[0].values");
        page = await author.Submit("Save", new Dictionary<string, string> { [fact] = "Tier", [values] = "Gold" });
        page.Status.ShouldBe(422);
        page.Text.ShouldContain("One of Vip, Normal, HighRisk is expected");
        page = await author.Submit("Save", new Dictionary<string, string> { [fact] = "Tier", [values] = "Vip, HighRisk" });
        page.Text.ShouldContain("only when the tier is VIP or High risk");
        page.Text.ShouldContain("\"Vip\"");
        page = await author.Submit("Save", new Dictionary<string, string> { ["steps[1].when[1].fact"] = "Channel", ["steps[1].when[1].comparison"] = "IsNot", ["steps[1].when[1].values"] = "Phone" });
        page.Text.ShouldContain("only when the channel is not phone");
        page = await author.Submit("Save", new Dictionary<string, string> { [fact] = "", [values] = "" });
        page.Text.ShouldNotContain("only when the tier");
        page.Document.QuerySelector("[name='steps[1].when[0].fact'] option[selected]")!.GetAttribute("value").ShouldBe("Channel");
    }

    [Fact]
    public async Task An_imported_document_says_where_it_is_wrong()
    {
        using var author = await app.Browser(Role.Supervisor);
        await author.Get("/procedures/new");
        var page = await author.Submit("Import as a draft", new { document = """{"id":"x","version":1}""" });
        page.Status.ShouldBe(422);
        page.Text.ShouldContain("Please fill this in");
    }

    [Fact]
    public async Task The_matrix_is_read_in_words_and_edited_in_lines()
    {
        await using var own = await ExeuntApp.Start(app.On);
        using var author = await own.Browser(Role.Supervisor);
        (await author.Get("/approvals")).Text.ShouldContain("Finance and Legal");
        await author.Get("/approvals/1");
        var page = await author.Submit("New version");
        page.Path.ShouldBe("/approvals/2/edit");
        page = await author.Submit("Save", new Dictionary<string, string> { ["rules[0].limits"] = "5000.00 CNY : Supervisor" });
        page.Status.ShouldBe(422);
        page.Text.ShouldContain("Amounts above this have no rule");
        page = await author.Submit("Save", new Dictionary<string, string> { ["rules[0].limits"] = "5000.00 CNY : Supervisor / BranchHead\nany : Finance + Legal > BranchHead*" });
        page.Text.ShouldContain("Saved.");
        page.Text.ShouldContain("Branch head (whole company)");
        await author.Submit("Hand in");
        using var legal = await own.Browser(Role.Legal);
        (await legal.Get("/today")).Text.ShouldContain("Sign the approval matrix, version 2");
        await legal.Get("/approvals/2");
        (await legal.Submit("#sign")).Status.ShouldBe(200);
        await author.Get("/approvals/2");
        (await author.Submit("#publish")).Text.ShouldContain("in force");
    }

    [Fact]
    public async Task An_absence_is_recorded_and_the_stand_in_approves_on_the_cases_page()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var standIn = await own.Staff(Role.BranchHead);
        using var finance = await own.Browser(Role.Finance);
        await finance.Get("/approvals");
        (await finance.Submit("Record the absence", new { to = standIn, role = "Finance", fromOn = "2026-03-16", untilOn = "2026-03-15" })).Status.ShouldBe(422);
        (await finance.Submit("Record the absence", new { to = standIn, role = "Finance", fromOn = "2026-03-16", untilOn = "2026-03-20" })).Text.ShouldContain("BranchHead");

        var waiting = await own.AWaitingSettlement();
        using var head = await own.Browser(Role.BranchHead);
        var page = await head.Get($"/cases/{waiting.Id}");
        page.Text.ShouldContain("Approve as finance for Finance");
        page = await head.Submit("Approve as finance for Finance");
        page.Status.ShouldBe(200);
        (await own.Case(waiting.Id)).Round(ApprovalSubjects.Settlement)!.Given.Single().OnBehalfOf.ShouldNotBeNull();
        page.Of("#approvals")!.ShouldContain("Legal");
        // And takes it back again.
        page = await head.Submit("Take my approval back");
        (await own.Case(waiting.Id)).Round(ApprovalSubjects.Settlement)!.Given.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_case_is_moved_on_its_page()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.Publish(Core.Procedures.GeneralProcedures.Termination);
        var general = Core.Procedures.GeneralProcedures.Termination;
        var waiting = await own.AWaitingSettlement();
        using var supervisor = await own.Browser(Role.Supervisor);
        var page = await supervisor.Get($"/cases/{waiting.Id}");
        page.Text.ShouldContain("version 3");
        page = await supervisor.Submit("Move the case", new { version = "1", reason = "back" });
        page.Status.ShouldBe(409);
        page.Text.ShouldContain("formalities");
        page = await supervisor.Submit("Move the case", new { version = "2", reason = "The newer one was a mistake" });
        (await own.Case(waiting.Id)).ProcedureVersion.ShouldBe(general.Version);
    }

    private static class ApprovalSubjects
    {
        public const Core.Procedures.ApprovalSubject Settlement = Core.Procedures.ApprovalSubject.Settlement;
    }

    public sealed class OnSqlite(SqliteApp app) : ProcedurePagesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ProcedurePagesTests(app), IClassFixture<PostgresApp>;
}
