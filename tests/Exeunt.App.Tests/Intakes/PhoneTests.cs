using System.Net.Http.Json;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Intakes;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Intakes;

/// <summary>A call, from the first word to the receipt read aloud.</summary>
public abstract class PhoneTests(ExeuntApp app)
{
    [Fact]
    public async Task A_caller_who_reads_the_code_back_has_an_application_that_is_proven()
    {
        var contract = await app.AContractInForce();
        using var agent = await app.Browser(Role.Agent);
        await agent.Get("/intake/phone");
        var page = await agent.Submit("Begin", new { number = "13900001234", language = "zh" });
        page.Path.ShouldStartWith("/intake/phone/");
        page.Text.ShouldContain("say nothing of any contract");
        page.Text.ShouldContain("您好，这里是解约受理");

        page = await agent.Submit("button[value=code]", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail, said = "太贵了 said-canary", reason = "PRICE" });
        page.Text.ShouldContain("a code is on its way");
        page.Html.ShouldNotContain("云服务");
        page = await agent.Submit("button[value=check]", new { code = await app.CodeFor(contract.Mail) });
        page.Text.ShouldContain("You may speak of this contract");
        page.Text.ShouldContain("The earliest is");
        page.Text.ShouldContain("I read this aloud");

        // Not without the wish, and not without having read aloud what ending does.
        page = await agent.Submit("button[value=apply]");
        (page.Status, page.Text.Contains("An application is made only if", StringComparison.Ordinal)).ShouldBe((422, true));
        page = await agent.Submit("button[value=apply]", new { wish = true });
        (page.Status, page.Text.Contains("Read aloud what ending does", StringComparison.Ordinal)).ShouldBe((422, true));
        page = await agent.Submit("button[value=apply]", new { wish = true, confirmed = true, minutes = "7" });
        page.Status.ShouldBe(200);
        page.Of(".say")!.ShouldContain("通知期自该时间起算");

        var id = Guid.Parse(page.Document.QuerySelector("main a.btn-primary")!.GetAttribute("href")!.Split('/')[^1]);
        var exit = await app.TheCase(id);
        (exit.Channel, exit.IdentityLevel, exit.CustomerId).ShouldBe((Channel.Phone, 1, contract.CustomerId));
        // Who took it asks for what is approved in it.
        // The call is the talk of the case.
        exit.Reason.ShouldBe("PRICE");
        exit.Requesters.ShouldBe($"staff:{await app.Staff(Role.Agent):N}");
        await app.ShouldFold(id);
        var proof = (await app.Proofs(id)).ShouldHaveSingleItem();
        proof.Name.ShouldEndWith("-call.txt");
        Encoding.UTF8.GetString(proof.Bytes).ShouldContain("said-canary");
        var card = await app.IntakeCard(id);
        card.ShouldContain("139****1234");
        card.ShouldContain("SHA-256");
        card.ShouldContain("Minutes7");
        await app.Drain();
        app.Mails(contract.Mail).ShouldContain(m => m.Subject.Contains(exit.Number));
        (await app.PlacesWith("said-canary")).ShouldBeEmpty();

        // The same page sent again makes no second one.
        var before = await Count();
        (await agent.Get(page.Path)).Text.ShouldContain(exit.Number);
        (await Count()).ShouldBe(before);
    }

    [Fact]
    public async Task A_known_and_an_invented_contract_look_the_same_to_the_agent()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var real = await own.AContractInForce();
        var invented = real with { Number = "HT-2024-000000", Mail = "nobody000000@customer.example" };

        var (first, second) = (await Walk(real), await Walk(invented));
        for (var i = 0; i < first.Count; i++)
            second[i].ShouldBe(first[i], $"step {i}");

        async Task<List<string>> Walk(CaseWorld.AContract who)
        {
            using var agent = await own.Browser(Role.Agent);
            var seen = new List<string>();
            void See(Page page) => seen.Add(page.Status + " " + System.Text.RegularExpressions.Regex.Replace(page.Text.Replace(who.Number, "N").Replace(who.Mail, "M"), @"T-\d{4}-\d{6}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\d\d:\d\d:\d\d|\d\d:\d\d", "…"));
            await agent.Get("/intake/phone");
            See(await agent.Submit("Begin", new { language = "en" }));
            See(await agent.Submit("button[value=code]", new { contractNumber = who.Number, name = who.Name, contact = who.Mail }));
            See(await agent.Submit("button[value=check]", new { code = "00000000" }));
            own.Advance(TimeSpan.FromSeconds(61));
            See(await agent.Submit("button[value=code]"));
            See(await agent.Submit("button[value=apply]", new { wish = true }));
            return seen;
        }
    }

    [Fact]
    public async Task A_code_proves_only_the_contact_for_which_it_was_sent()
    {
        var (mine, theirs) = (await app.AContractInForce(), await app.AContractInForce());
        var agent = await app.SignIn(Role.Agent);
        var id = (await (await agent.PostAsJsonAsync("/api/intake/calls", new { language = "zh" })).Done()).Id("id");
        await (await agent.PutAsJsonAsync($"/api/intake/calls/{id}", Notes(mine))).Done();
        await (await agent.PostAsync($"/api/intake/calls/{id}/code", null)).Done();
        await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/identity", new { value = await app.CodeFor(mine.Mail) })).Done();

        // The caller goes on with another contract: what they read back proves nothing of it.
        await (await agent.PutAsJsonAsync($"/api/intake/calls/{id}", Notes(theirs))).Done();
        var made = await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/application", new { wish = true })).Done();
        var exit = await app.TheCase(made.Id("caseId"));
        (exit.IdentityLevel, exit.CustomerId, exit.State).ShouldBe((0, null, CaseState.IdentityPending));
    }

    [Fact]
    public async Task A_hang_up_keeps_what_was_typed_and_nobody_else_goes_on_with_it()
    {
        var contract = await app.AContractInForce();
        var agent = await app.SignIn(Role.Agent);
        var id = (await (await agent.PostAsJsonAsync("/api/intake/calls", new { number = "021-5555", language = "zh" })).Done()).Id("id");
        await (await agent.PutAsJsonAsync($"/api/intake/calls/{id}", Notes(contract))).Done();
        using var browser = await app.Browser(Role.Agent);
        (await browser.Get($"/intake/phone/{id}")).Document.QuerySelector("[name=contractNumber]")!.GetAttribute("value").ShouldBe(contract.Number);
        (await browser.Get("/intake")).Document.QuerySelector($"a[href='/intake/phone/{id}']").ShouldNotBeNull();

        var other = await app.SignIn(Role.Agent, name: "2");
        (await (await other.PostAsJsonAsync($"/api/intake/calls/{id}/application", new { wish = true })).Refusal()).ShouldBe("intake.not-yours");
        (await (await other.PutAsJsonAsync($"/api/intake/calls/{id}", Notes(contract))).Refusal()).ShouldBe("intake.not-yours");
        (await (await (await app.SignIn(Role.Finance)).PostAsJsonAsync("/api/intake/calls", new { language = "zh" })).Refusal()).ShouldBe("not-allowed");

        // A call-back is noted for a time to come, and stands on today's page.
        (await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/end", new { @as = "CallBack", callBackAt = app.Time.GetUtcNow().AddDays(-1) })).Refusal()).ShouldBe("intake.when");
        await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/end", new { @as = "CallBack", callBackAt = app.Time.GetUtcNow().AddHours(2) })).Done();
        (await browser.Get("/today")).Text.ShouldContain("Call a caller back");
        await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/end", new { @as = "CalledBack" })).Done();
        (await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/application", new { wish = true })).Refusal()).ShouldBe("intake.over");
    }

    [Fact]
    public async Task Who_speaks_for_another_names_the_authority()
    {
        var contract = await app.AContractInForce();
        var agent = await app.SignIn(Role.Agent);
        var id = (await (await agent.PostAsJsonAsync("/api/intake/calls", new { language = "en" })).Done()).Id("id");
        await (await agent.PutAsJsonAsync($"/api/intake/calls/{id}", Notes(contract) with { Who = "representative" })).Done();
        (await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/application", new { wish = true })).Refusal()).ShouldBe("required");
        await (await agent.PutAsJsonAsync($"/api/intake/calls/{id}", Notes(contract) with { Who = "representative", Representative = "Li Lei" })).Done();
        (await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/application", new { wish = true })).Refusal()).ShouldBe("intake.authority-missing");
        await (await agent.PutAsJsonAsync($"/api/intake/calls/{id}", Notes(contract) with { Who = "representative", Representative = "Li Lei", Authority = "Power of attorney by mail" })).Done();
        var made = await (await agent.PostAsJsonAsync($"/api/intake/calls/{id}/application", new { wish = true })).Done();
        (await app.IntakeCard(made.Id("caseId"))).ShouldContain("Power of attorney by mail");
    }

    [Fact]
    public async Task What_came_to_nothing_is_forgotten_and_an_application_is_not()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var contract = await own.AContractInForce();
        var agent = await own.SignIn(Role.Agent);
        var asked = (await (await agent.PostAsJsonAsync("/api/intake/calls", new { language = "zh" })).Done()).Id("id");
        await (await agent.PostAsJsonAsync($"/api/intake/calls/{asked}/end", new { @as = "Asked" })).Done();
        var applied = (await (await agent.PostAsJsonAsync("/api/intake/calls", new { language = "zh" })).Done()).Id("id");
        await (await agent.PutAsJsonAsync($"/api/intake/calls/{applied}", Notes(contract))).Done();
        var made = await (await agent.PostAsJsonAsync($"/api/intake/calls/{applied}/application", new { wish = true })).Done();
        await own.AdvanceDays(29);
        (await own.With<AppDb, int>(db => db.Set<PhoneCall>().CountAsync())).ShouldBe(2);
        (await own.Proofs(made.Id("caseId"))).Count.ShouldBe(1);
        await own.AdvanceDays(2);
        (await own.With<AppDb, int>(db => db.Set<PhoneCall>().CountAsync())).ShouldBe(1);
        // The application lapsed after thirty days without a code; thirty days later it goes with what was typed.
        await own.AdvanceDays(30);
        (await own.With<AppDb, int>(db => db.Set<PhoneCall>().CountAsync())).ShouldBe(0);
        (await own.Proofs(made.Id("caseId"))).ShouldBeEmpty();
    }

    private static CallNotes Notes(CaseWorld.AContract contract) => new("", "zh", ContractNumber: contract.Number, Name: contract.Name, Contact: contract.Mail);

    private Task<int> Count() => app.With<AppDb, int>(db => db.Cases.CountAsync());

    public sealed class OnSqlite(SqliteApp app) : PhoneTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PhoneTests(app), IClassFixture<PostgresApp>;
}
