using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Packs;

/// <summary>Installing packs: published documents, once; running cases keep theirs; policies that name what is not there.</summary>
public abstract class InstallPackTests(ExeuntApp app)
{
    [Fact]
    public async Task Adds_published_documents_once_and_writes_nothing_over()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var administrator = await own.SignIn(Role.Administrator);
        // Somebody has written a version under one of the codes already.
        await own.Post(Role.Supervisor, "/api/procedures", ProcedureDocument.ToJson(Telecom.Termination with { Name = new("Ours", "自定") }));
        var first = await administrator.Ok(HttpMethod.Post, "/api/packs/telecom/installation");
        first.GetProperty("kept").EnumerateArray().Select(k => k.GetString()).ShouldBe([Telecom.TerminationId]);
        first.GetProperty("added").EnumerateArray().Select(k => k.GetString()).ShouldContain("TEL-01");
        var again = await administrator.Ok(HttpMethod.Post, "/api/packs/telecom/installation");
        again.GetProperty("added").GetArrayLength().ShouldBe(0);
        await own.With<AppDb>(async db =>
        {
            (await db.AuditLog.CountAsync(a => a.Verb == "pack.installed")).ShouldBe(1);
            (await db.SignedDocuments.AsNoTracking().SingleAsync(d => d.Id == Telecom.TerminationId)).Document.ShouldContain("自定");
            (await db.Reasons.CountAsync(r => r.Code.StartsWith("NETWORK"))).ShouldBe(1 + Telecom.Pack.Reason.Details.Count);
        });
        (await administrator.Refused("/api/packs/no-such/installation")).ShouldBe("not-found");
        (await (await own.SignIn(Role.Agent)).Refused("/api/packs/saas/installation")).ShouldBe("not-allowed");
        // The talk can name the trade's reasons now, and the policy is public.
        (await own.Client().Ok(HttpMethod.Get, "/api/policies/TEL-01/1/text")).GetRawText().ShouldContain("TEL-01");
    }

    [Fact]
    public async Task Shows_the_packs_and_installs_from_the_page()
    {
        await using var own = await ExeuntApp.Start(app.On);
        using var browser = await own.Browser(Role.Legal);
        var list = await browser.Get("/packs");
        list.Document.QuerySelectorAll("tbody tr").Length.ShouldBe(Core.Packs.Packs.All.Count);
        foreach (var pack in Core.Packs.Packs.All)
        {
            var page = await browser.Get($"/packs/{pack.Code}");
            page.Document.QuerySelectorAll("svg").Length.ShouldBeGreaterThanOrEqualTo(pack.Procedures.Count);
            foreach (var letter in pack.Procedures.SelectMany(p => p.Letters))
                page.Text.ShouldContain(LetterField.Fill(letter.Subject.Chinese, LetterField.All.ToDictionary(f => f.Code, f => f.Example.Chinese)));
        }
        await browser.Get("/packs/saas");
        (await browser.Submit("#install-pack")).Text.ShouldContain("Installed. What was there before is unchanged.");
        (await browser.Get("/policies/SAAS-01/1")).Text.ShouldContain("saas-termination");
    }

    [Fact]
    public async Task Running_cases_and_other_contracts_keep_their_procedure()
    {
        var general = await app.Ends(await app.AContractInForce());
        await app.Install(Saas.Pack);
        var saas = await app.Ends(await app.AContractOf(Saas.Policy));
        (await general.Case()).GetProperty("procedure").GetString().ShouldBe(GeneralProcedures.TerminationId);
        (await saas.Case()).GetProperty("procedure").GetString().ShouldBe(Saas.TerminationId);
        await app.ShouldFold(general.Id);
        await app.ShouldFold(saas.Id);
    }

    [Fact]
    public async Task Publishes_no_policy_whose_procedure_is_not_there_and_hinders_no_end_by_one()
    {
        var policy = PolicyWorld.ADocument() with { Procedures = new("no-such-procedure") };
        var draft = await app.Draft(policy);
        await app.Sign(draft);
        (await app.Refused(Role.Legal, $"/api/policies/{policy.Number}/1/publish")).ShouldBe("policy.unknown-procedure");
        // It got there all the same, by an older version of the product: the case goes on under the general procedure.
        await app.With<AppDb>(async db =>
        {
            (await db.Policies.SingleAsync(p => p.Number == policy.Number)).Status = Core.Policies.PolicyStatus.Published;
            db.Audit(await app.SystemCall(), "test.policy", $"policy:{policy.Number}");
            await db.SaveChangesAsync();
        });
        var it = await app.Ends(await app.AContractInForce(policy: policy.Number));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(GeneralProcedures.TerminationId);
    }

    [Fact]
    public async Task Edits_letters_in_the_editor_and_says_beside_the_field_what_is_wrong()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.Install(Saas.Pack);
        using var browser = await own.Browser(Role.Supervisor);
        var page = await browser.Get($"/procedures/{Saas.TerminationId}/1");
        page.Text.ShouldContain("账户已关闭");
        var editor = await browser.Submit("#revise");
        editor.Document.QuerySelectorAll("details[id^='letter-']").Length.ShouldBe(2);
        // Saved as it is, nothing is lost.
        await browser.Submit("button[value=save]");
        var document = await (await own.SignIn(Role.Auditor)).GetAsync($"/api/procedures/{Saas.TerminationId}/2");
        var read = ProcedureDocument.Read(await document.Content.ReadAsStringAsync());
        ProcedureDocument.ToJson(read.Procedure! with { Version = 1 }).ShouldBe(ProcedureDocument.ToJson(Saas.Termination));
        // A field that is not there, and a paragraph in one language only.
        var wrong = await browser.Submit("button[value=save]", new Dictionary<string, object?> { ["letters[0].english"] = "Hello {no.such}" });
        wrong.Text.ShouldContain("{no.such}");
        wrong.Document.QuerySelector("#letter-0 .error").ShouldNotBeNull();
        // A letter more, and one less.
        (await browser.Submit("button[value=add-letter]")).Document.QuerySelectorAll("details[id^='letter-']").Length.ShouldBe(3);
        (await browser.Submit("button[value='remove-letter:2']")).Document.QuerySelectorAll("details[id^='letter-']").Length.ShouldBe(2);
    }

    public sealed class OnSqlite(SqliteApp app) : InstallPackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : InstallPackTests(app), IClassFixture<PostgresApp>;
}
