using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Cases;

/// <summary>A case by its pages: what each person sees as the next thing, what is refused and why, the file at the end.</summary>
public abstract class CasesConsoleTests(ExeuntApp app)
{
    [Fact]
    public async Task Carries_a_case_from_page_to_page()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var contract = await own.AContractInForce();
        var (customer, id, token) = await Proven(own, contract);
        using var agent = await own.Browser(Role.Agent);

        var list = await agent.Get("/cases");
        list.All("tbody tr").ShouldHaveSingleItem().ShouldContain("王");
        var page = await agent.Follow("tbody a");
        page.Of("#next h2").ShouldBe("Next: record the talk");
        page.Html.ShouldNotContain(contract.Mail);

        // What is wrong stands beside its field, and nothing typed is lost.
        page = await agent.Submit("Record the talk", new { minutes = 9999, words = "three times" });
        page.Status.ShouldBe(422);
        page.Of(".field.invalid .error").ShouldBe("Please fill this in.");
        page.Of("textarea[name=words]").ShouldBe("three times");
        page = await agent.Submit("Record the talk", new { reason = "SERVICE/SLOW", minutes = 32 });
        page.Status.ShouldBe(200);
        page.Of("#next h2").ShouldBe("Next: make one offer, or none");
        page = await agent.Submit("Offer: Pause", new { months = 3 });
        page.Of("#next h2").ShouldBe("Next: the customer answers the offer");
        (await customer.PostAsJsonAsync($"/api/progress/{token}/offer", new { accept = false })).EnsureSuccessStatusCode();
        await own.Drain();

        // Each approves their own; whoever may not is told who can.
        page = await agent.Get($"/cases/{id}");
        page.Of("#next h2").ShouldBe("Next: approve the settlement");
        page.Text.ShouldContain("finance and legal");
        page.All("#settlement .lines details").Count.ShouldBe(4);
        page.All("#settlement details.compare tbody tr").Count.ShouldBeGreaterThan(3);
        using var finance = await own.Browser(Role.Finance);
        await finance.Get($"/cases/{id}");
        (await finance.Submit("Approve as finance")).Text.ShouldContain("still needs the approval of legal");
        using var legal = await own.Browser(Role.Legal);
        await legal.Get("/today");
        await legal.Follow(".todo-list a");
        (await legal.Submit("Approve as legal")).Of("#next h2").ShouldBe("Next: wait for the effective date");
        legal.Page.Text.ShouldContain("It becomes possible on");

        // The work orders, from their own list.
        await own.AdvanceDays(31);
        using var technical = await own.Browser(Role.Technical);
        await technical.Get("/work");
        for (var i = 0; i < 3; i++)
            await technical.Submit("form[action^='/work/']");
        technical.Page.Text.ShouldContain("No open work orders");
        await own.Drain();

        // The bank's file, from the demo's bank.
        await finance.Get("/world/bank.csv");
        var statement = finance.Page.Html;
        await finance.Get("/money");
        page = await finance.Submit("Read it", new { content = statement });
        page.Of("#next h2").ShouldBe("Next: resolve the open lines");
        page.Text.ShouldContain("1 of 2");
        page.Text.ShouldContain("The text holds no reference of ours");
        await own.Drain();

        // The file: papers for those who may see them, archives for nobody.
        page = await agent.Get($"/cases/{id}");
        page.Of("#next h2").ShouldBe("Next: the customer answers the survey");
        page.All("#documents tbody tr").Count.ShouldBe(6);
        (await agent.Follow("#documents a")).ContentType.ShouldBe("application/pdf");
        await agent.Get($"/cases/{id}");
        page = await agent.Get($"/cases/{id}/settlement.json");
        JsonDocument.Parse(page.Html).RootElement.GetProperty("lines").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task Refuses_an_approval_of_ones_own_work_and_of_an_outdated_settlement()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (_, id, _) = await Proven(own, await own.AContractInForce());
        using var agent = await own.Browser(Role.Agent);
        await agent.Get($"/cases/{id}");
        await agent.Submit("Record the talk", new { reason = "PRICE", minutes = 5 });
        await agent.Submit("Make no offer");
        await own.Drain();
        using var finance = await own.Browser(Role.Finance);
        await finance.Get($"/cases/{id}");
        var page = await finance.Submit("Send back", new { words = "" });
        page.Status.ShouldBe(422);
        page.Of("details[open] .error").ShouldBe("Please fill this in.");
        await finance.Submit("Approve as finance");

        page = await finance.Get($"/cases/{id}");

        page.Document.QuerySelector("form[action$='/approve/finance']").ShouldBeNull();
        page.Text.ShouldContain("Done by: legal");
    }

    [Fact]
    public async Task Says_why_nothing_is_written_into_a_closed_case()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (customer, id, token) = await Proven(own, await own.AContractInForce());
        (await customer.PostAsync($"/api/progress/{token}/withdrawal", null)).EnsureSuccessStatusCode();
        var agent = await own.SignIn(Role.Agent);

        foreach (var (path, body) in new (string, object)[] { ("talk", new { reason = "PRICE", channel = "phone", minutes = 1, words = "x" }), ("messages", new { text = "x" }) })
        {
            var answer = await agent.PostAsJsonAsync($"/api/cases/{id}/{path}", body);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("case.closed");
        }
        using var browser = await own.Browser(Role.Agent);
        (await browser.Get($"/cases/{id}")).Of("#next h2").ShouldBe("Next: nothing, the case is closed");
        (await browser.Get("/cases")).Text.ShouldContain("No case fits");
        (await browser.Get("/cases?state=Closed")).All("tbody tr").Count.ShouldBe(1);
    }

    [Fact]
    public void Has_words_for_every_event_and_step()
    {
        var kinds = typeof(CaseEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>().Select(a => (string)a.TypeDiscriminator!).ToList();
        kinds.Count.ShouldBeGreaterThan(15);
        kinds.Where(k => !Texts.Everything.Keys.Any(t => t == "desk.event." + k || t.StartsWith($"desk.event.{k}.", StringComparison.Ordinal))).ShouldBeEmpty();
        GeneralProcedures.All.SelectMany(p => p.Steps).Where(s => s.Name.English.Length == 0 || s.Name.Chinese.Length == 0).ShouldBeEmpty();
        Enum.GetValues<StepKind>().Where(k => !Texts.Everything.ContainsKey($"terms.step.{k}")).ShouldBeEmpty();
        Enum.GetValues<NextKind>().Where(k => !Texts.Everything.ContainsKey($"desk.next.{k}")).ShouldBeEmpty();
    }

    private static async Task<(HttpClient Customer, Guid Id, string Token)> Proven(ExeuntApp own, CaseWorld.AContract contract)
    {
        var customer = own.Client("zh");
        var receipt = await (await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail })).Content.ReadFromJsonAsync<JsonElement>();
        var token = receipt.GetProperty("token").GetString()!;
        (await customer.PostAsync($"/api/progress/{token}/code", null)).EnsureSuccessStatusCode();
        var opened = await (await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await own.CodeFor(contract.Mail) })).Content.ReadFromJsonAsync<JsonElement>();
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        return (customer, receipt.GetProperty("caseId").GetGuid(), token);
    }

    public sealed class OnSqlite(SqliteApp app) : CasesConsoleTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CasesConsoleTests(app), IClassFixture<PostgresApp>;
}
