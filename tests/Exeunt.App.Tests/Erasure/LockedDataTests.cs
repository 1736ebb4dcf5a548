using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.DataRequests;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Returns;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Erasure;

/// <summary>What is only stored of former customers: ordinary pages do not show it, one page opens it for a reason, and with the name it goes.</summary>
public abstract class LockedDataTests(ExeuntApp app)
{
    [Fact]
    public async Task What_is_locked_of_a_customer_without_a_case_is_opened_on_a_page_of_their_own()
    {
        var contract = await app.AContractInForce();
        var path = $"/customers/{contract.CustomerId}";
        var (officer, agent) = (await app.SignIn(Role.DataOfficer), await app.SignIn(Role.Agent));
        (await officer.Refused($"/api{path}/locked", new { reason = "claim" })).ShouldBe("data.not-locked");
        var letter = await ALetter(contract.CustomerId);
        await Lock(contract.CustomerId, organisation: "Lantern Works Ltd");

        // Neither the name of an organisation nor a letter that belongs to no case is on an ordinary page; what refuses says where they are.
        var supervisor = await app.Browser(Role.Supervisor, language: "en");
        foreach (var page in new[] { path, "/customers", "/customers.csv" })
            (await supervisor.Get(page)).Html.ShouldNotContain("Lantern Works", Case.Sensitive, page);
        (await supervisor.Get(path)).Text.ShouldContain($"{path}/locked");
        var refused = await supervisor.Get($"{path}/hand-over/letters/{letter}");
        refused.Status.ShouldBe(403);
        refused.Text.ShouldContain($"{path}/locked");

        (await agent.Refused($"/api{path}/locked", new { reason = "claim" })).ShouldBe("not-allowed");
        (await officer.Refused($"/api{path}/locked", new { reason = "curiosity" })).ShouldBe("required");
        (await officer.Ok(HttpMethod.Get, $"/api{path}/locked")).GetProperty("papers").EnumerateArray().Select(p => p.GetProperty("id").GetGuid()).ShouldBe([letter]);
        var seen = await officer.Ok(HttpMethod.Post, $"/api{path}/locked", new { reason = "claim" });
        (seen.GetProperty("name").GetString(), seen.GetProperty("contractNumber").GetString()).ShouldBe(("Lantern Works Ltd", contract.Number));
        using (var paper = await officer.PostAsJsonAsync($"/api{path}/locked", new { reason = "authority", documentId = letter }))
            (await paper.Content.ReadAsByteArrayAsync()).ShouldBe(MoneyWorld.Receipt);

        var browser = await app.Browser(Role.Legal, language: "en");
        (await browser.Get($"{path}/locked")).Text.ShouldNotContain(contract.Number);
        (await browser.Submit("Open locked data", new { reason = "" })).Status.ShouldBe(422);
        (await browser.Submit("Open locked data", new { reason = "audit" })).Text.ShouldContain(contract.Number);
        await app.With<AppDb>(async db =>
        {
            var looks = await db.AuditLog.AsNoTracking().Where(r => r.Verb == "data.unlocked" && r.Target == $"customer:{contract.CustomerId}").OrderBy(r => r.Id).Select(r => r.Data).ToListAsync();
            looks.Count.ShouldBe(3);
            looks[0].ShouldContain("claim");
            looks[1].ShouldContain($"{letter}");
            looks[2].ShouldContain("audit");
        });
    }

    [Fact]
    public async Task A_letter_that_belongs_to_no_case_is_opened_where_there_is_a_case_too()
    {
        var (contract, id) = await EndedAtOnce();
        var letter = await ALetter(contract.CustomerId);
        await Lock(contract.CustomerId);

        using var paper = await (await app.SignIn(Role.Legal)).PostAsJsonAsync($"/api/cases/{id}/locked", new { reason = "claim", documentId = letter });

        (await paper.Content.ReadAsByteArrayAsync()).ShouldBe(MoneyWorld.Receipt);
    }

    [Fact]
    public async Task Of_whom_the_name_was_corrected_what_is_locked_is_opened_like_that_of_everybody()
    {
        var id = (await app.AContractInForce()).CustomerId;
        await app.Granted(id, "Correct", new { name = "王小方" });
        await Lock(id);

        var seen = await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"/api/customers/{id}/locked", new { reason = "claim" });

        seen.GetProperty("name").GetString().ShouldBe("王小方");
        seen.GetRawText().ShouldNotContain("\"corrected\"");
    }

    [Fact]
    public async Task Through_a_case_its_own_papers_are_opened_and_those_of_no_case_but_none_of_another_case()
    {
        var contract = await app.AContractInForce();
        var (_, first, _) = await app.Applied(contract);
        // A contact gets no second code within a minute.
        app.Advance(TimeSpan.FromSeconds(61));
        var (_, second, _) = await app.Applied(await app.AnotherContract(contract));
        var (own, other, ofNone) = (await ALetter(contract.CustomerId, first), await ALetter(contract.CustomerId, second), await ALetter(contract.CustomerId));
        await Lock(contract.CustomerId);
        var legal = await app.SignIn(Role.Legal);

        (await legal.Refused($"/api/cases/{first}/locked", new { reason = "claim", documentId = other })).ShouldBe("not-found");
        foreach (var (path, letter) in new[] { ($"cases/{first}", own), ($"cases/{first}", ofNone), ($"cases/{second}", other), ($"customers/{contract.CustomerId}", other) })
        {
            using var paper = await legal.PostAsJsonAsync($"/api/{path}/locked", new { reason = "claim", documentId = letter });
            (await paper.Content.ReadAsByteArrayAsync()).ShouldBe(MoneyWorld.Receipt);
        }
    }

    [Fact]
    public async Task Words_that_lie_with_the_name_are_shown_on_the_case_and_its_return_no_longer_once_they_are_locked()
    {
        var order = await app.AnOrderDelivered();
        var (customer, id, token, _) = await app.Returned(order, new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason", words = "too-bright-canary" } } });
        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/messages", new { text = "message-canary" });
        await AsSaidAfterTheContact(id, ("return", "too-bright-canary"), ("message", "message-canary"));
        var auditor = await app.SignIn(Role.Auditor);
        var supervisor = await app.Browser(Role.Supervisor, language: "en");
        (await auditor.Ok(HttpMethod.Get, $"/api/cases/{id}/return")).GetRawText().ShouldContain("too-bright-canary");
        (await supervisor.Get($"/cases/{id}")).Text.ShouldContain("message-canary");

        await Lock(order.Of.CustomerId);

        (await auditor.Ok(HttpMethod.Get, $"/api/cases/{id}/return")).GetRawText().ShouldNotContain("too-bright-canary");
        var page = await supervisor.Get($"/cases/{id}");
        page.Status.ShouldBe(200);
        page.Html.ShouldNotContain("message-canary");
        page.Html.ShouldNotContain("too-bright-canary");
        page.Text.ShouldContain("locked: only stored");
        (await customer.Own(token)).GetRawText().ShouldContain("too-bright-canary", Case.Sensitive, "it is theirs");
        var opened = (await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"/api/cases/{id}/locked", new { reason = "claim" })).GetRawText();
        opened.ShouldContain("too-bright-canary");
        opened.ShouldContain("message-canary");
    }

    [Fact]
    public async Task Words_of_a_dispute_and_its_file_are_given_out_once_locked_only_to_whoever_may_open_them_and_for_a_reason()
    {
        var contract = await app.AContractInForce();
        var (_, id, _) = await app.Applied(contract);
        var legal = await app.SignIn(Role.Legal);
        await legal.Ok(HttpMethod.Post, $"/api/cases/{id}/disputes", new { forum = "Court", words = "dispute-canary" });
        await AsSaidAfterTheContact(id, ("dispute", "dispute-canary"));
        await Lock(contract.CustomerId);

        var told = (await legal.Ok(HttpMethod.Get, $"/api/cases/{id}/disputes")).GetProperty("disputes")[0].GetProperty("words").GetString();
        told.ShouldBe("(locked: only stored)");
        (await (await app.SignIn(Role.BranchHead)).Refused($"/api/cases/{id}/export")).ShouldBe("data.locked");
        (await legal.Refused($"/api/cases/{id}/export")).ShouldBe("required");
        (await legal.Refused($"/api/cases/{id}/export", new { reason = "curiosity" })).ShouldBe("required");
        using (var file = await legal.PostAsJsonAsync($"/api/cases/{id}/export", new { reason = "authority" }))
        {
            using var zip = new ZipArchive(await file.Content.ReadAsStreamAsync());
            using var texts = new StreamReader(zip.GetEntry("texts.json")!.Open());
            (await texts.ReadToEndAsync()).ShouldContain("dispute-canary");
        }
        await app.With<AppDb>(async db => (await db.AuditLog.AsNoTracking().SingleAsync(r => r.Verb == "case.exported" && r.Target == $"case:{id:N}")).Data.ShouldContain("\"authority\""));

        var browser = await app.Browser(Role.BranchHead, language: "en");
        (await browser.Get($"/cases/{id}")).Text.ShouldContain($"/customers/{contract.CustomerId}/locked");
        var lawyer = await app.Browser(Role.Legal, language: "zh");
        (await lawyer.Get($"/cases/{id}")).Document.QuerySelector($"form[action='/cases/{id}/export'] select")!.TextContent.ShouldContain("法律主张");
    }

    [Fact]
    public async Task Evidence_decision_and_the_words_of_the_register_are_shown_no_longer_once_they_are_locked()
    {
        var (contract, id) = await EndedAtOnce();
        var auditor = await app.SignIn(Role.Auditor);
        (await auditor.Ok(HttpMethod.Get, $"/api/cases/{id}/offboarding")).GetProperty("decision").GetProperty("reasons").GetString().ShouldBe("reasons-canary");

        await Lock(contract.CustomerId, organisation: "Beacon Works Ltd");

        var view = await auditor.Ok(HttpMethod.Get, $"/api/cases/{id}/offboarding");
        view.GetProperty("locked").GetProperty("code").GetString().ShouldBe("data.locked");
        view.GetProperty("evidence").GetArrayLength().ShouldBe(0);
        (view.TryGetProperty("decision", out _), view.TryGetProperty("intact", out _)).ShouldBe((false, false));
        (await auditor.Ok(HttpMethod.Get, $"/api/cases/{id}")).GetRawText().ShouldNotContain("Beacon Works");
        (await (await app.Browser(Role.Supervisor, language: "en")).Get("/cases?state=all")).Text.ShouldNotContain("Beacon Works");
        var row = await Registered(id);
        (row.TryGetProperty("words", out _), row.TryGetProperty("toldTo", out _)).ShouldBe((false, false));
        row.GetProperty("locked").GetProperty("english").GetString()!.ShouldContain($"/customers/{contract.CustomerId}/locked");

        // For a reason all of it is opened, of the case and of the customer.
        var officer = await app.SignIn(Role.DataOfficer);
        foreach (var path in new[] { $"/api/cases/{id}/locked", $"/api/customers/{contract.CustomerId}/locked" })
        {
            var written = (await officer.Ok(HttpMethod.Post, path, new { reason = "claim" })).GetProperty("written").EnumerateArray().ToDictionary(w => w.GetProperty("kind").GetString()!, w => w.GetProperty("words").GetString()!);
            written["decision"].ShouldContain("reasons-canary");
            written["spot"].ShouldContain("words-canary");
        }
    }

    [Fact]
    public async Task The_number_of_the_order_is_shown_in_its_return_no_longer_once_it_is_locked()
    {
        var order = await app.AnOrderDelivered();
        var (customer, id, token, _) = await app.Returned(order, new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason" } } });
        var auditor = await app.SignIn(Role.Auditor);
        (await auditor.Ok(HttpMethod.Get, $"/api/cases/{id}/return")).GetProperty("orderNumber").GetString().ShouldBe(order.Number);

        await Lock(order.Of.CustomerId);

        var view = await auditor.Ok(HttpMethod.Get, $"/api/cases/{id}/return");
        view.TryGetProperty("orderNumber", out _).ShouldBeFalse();
        view.GetProperty("locked").GetProperty("code").GetString().ShouldBe("data.locked");
        (await customer.Own(token)).GetProperty("orderNumber").GetString().ShouldBe(order.Number, "it is theirs");
        (await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"/api/cases/{id}/locked", new { reason = "claim" })).GetProperty("orderNumbers")[0].GetString()!.ShouldStartWith(order.Number);
    }

    [Fact]
    public async Task With_the_name_go_the_decision_the_register_the_words_of_a_return_and_the_name_of_an_organisation()
    {
        var (contract, id) = await EndedAtOnce();
        var customer = contract.CustomerId;
        await Lock(customer, organisation: "Harbour Works Ltd");
        await app.With<IServiceProvider>(async services =>
        {
            var (db, vault, call) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>(), await app.SystemCall());
            var asked = Guid.CreateVersion7();
            db.Add(new ReEntryRequest
            {
                Id = asked, CaseId = id, RequestedBy = call.Actor.Id, RequestedAt = call.Now, Words = await vault.Seal(customer, DataClass.Case, ReEntryRequest.WordsPlace, asked.ToString("N"), "asks", default),
                Decision = await vault.Seal(customer, DataClass.Case, ReEntryRequest.DecisionPlace, asked.ToString("N"), "may", default),
            });
            // Its day has come.
            (await db.Set<RetainedRow>().SingleAsync(r => r.CustomerId == customer)).Until = null;
            db.Enqueue(Effect.At(call.BusinessNow, "erase.class", $"erase|{customer}|{DataClass.Case}", new EraseClass.What(customer, DataClass.Case)));
            db.Audit(call, "test.over", $"customer:{customer}");
            await db.SaveChangesAsync();
        });

        await app.Drain();

        (await Left(customer, id)).ShouldBe((0, 0, 0, 0, 0, (string?)null));
        await app.With<Remnants>(async remnants => (await remnants.Of(customer, default)).ShouldBeEmpty());

        // What an earlier version left is found, and cleared when a server starts, once.
        byte[] planted = [1];
        await app.With<AppDb>(db => db.Write(async ct =>
        {
            await db.Set<DecisionRow>().Where(d => d.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(d => d.Data, planted), ct);
            await db.Set<SpotDecision>().Where(d => d.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(d => d.Data, planted), ct);
            await db.Set<ReEntryRequest>().Where(d => d.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(d => d.Words, planted), ct);
            await db.Customers.Where(c => c.Id == customer).ExecuteUpdateAsync(s => s.SetProperty(c => c.OrganisationName, "Harbour Works Ltd"), ct);
            return 0;
        }, default));
        await app.With<Remnants>(async remnants =>
            (await remnants.Of(customer, default)).Select(f => (f.Key, f.Value)).ShouldBe([("customers", 1), ("decisions", 1), ("re_entries", 1), ("spot_decisions", 1)]));
        await app.With<AppDb>(async db => (await Remains.ClearAgain(db, await app.SystemCall(), default)).ShouldBeGreaterThan(0));
        await app.With<AppDb>(async db => (await Remains.ClearAgain(db, await app.SystemCall(), default)).ShouldBe(0));
        await app.With<Remnants>(async remnants => (await remnants.Of(customer, default)).ShouldBeEmpty());
    }

    // ---- what a test begins with -----------------------------------------------------------------------------------

    /// <summary>An ending on the spot, with its evidence, decision and line in the register.</summary>
    private async Task<(CaseWorld.AContract Contract, Guid Case)> EndedAtOnce()
    {
        var contract = await app.AContractInForce();
        var told = (await app.SystemCall()).BusinessNow;
        var opened = await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, "/api/offboardings/immediate", new
        {
            customerId = contract.CustomerId, contractId = contract.ContractId, ground = "DANGER", words = "words-canary", codes = new[] { "A08" }, reasons = "reasons-canary", toldAt = told, toldTo = "客户本人",
            files = new[] { new { name = "police.pdf", content = MoneyWorld.Receipt } },
        });
        await app.Drain();
        return (contract, opened.GetProperty("caseId").GetGuid());
    }

    /// <summary>Puts the words of a case where they lie when they are said after profile and contact are gone: with the name.</summary>
    private Task AsSaidAfterTheContact(Guid caseId, params (string Kind, string Words)[] said) => app.With<IServiceProvider>(async services =>
    {
        var (db, vault) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>());
        foreach (var (kind, words) in said)
        {
            var text = await db.Texts.AsNoTracking().SingleAsync(t => t.CaseId == caseId && t.Kind == kind);
            var data = await vault.Seal(text.Subject, DataClass.Case, Features.Cases.PersonalText.Place, text.Id.ToString("N"), words, default);
            await db.Write(ct => db.Texts.Where(t => t.Id == text.Id).ExecuteUpdateAsync(s => s.SetProperty(t => t.Class, DataClass.Case).SetProperty(t => t.Data, data), ct), default);
        }
    });

    /// <summary>Makes of a customer one whose cases and contracts are over, who was erased, and whose name and letters are only stored.</summary>
    private async Task Lock(long customer, string? organisation = null)
    {
        await app.With<AppDb>(db => db.Write(ct => db.Cases.Where(c => c.CustomerId == customer).ExecuteUpdateAsync(s => s.SetProperty(c => c.State, CaseState.Closed).SetProperty(c => c.Outcome, CaseOutcome.Executed), ct), default));
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            var row = await db.Customers.SingleAsync(c => c.Id == customer);
            (row.ErasedAt, row.OrganisationName, row.Kind) = (call.Now, organisation, organisation is null ? CustomerKind.Person : CustomerKind.Organisation);
            foreach (var contract in await db.Contracts.Where(c => c.CustomerId == customer).ToListAsync())
                contract.State = ContractState.Ended;
            db.Add(new RetainedRow { CustomerId = customer, Category = DataCategory.Contract, Outcome = RetentionOutcome.Lock, Until = call.Today(Clocks.CompanyZone).AddYears(5), Rule = "CN-CONTRACT" });
            db.Audit(call, "test.locked", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
    }

    private Task<Guid> ALetter(long customer, Guid? caseId = null) => app.With<IServiceProvider, Guid>(async services =>
    {
        var letter = await services.GetRequiredService<Papers>()
            .Stage(caseId, customer, DataClass.Case, DocumentKind.HandOverLetter, $"{customer}-letter.pdf", "application/pdf", MoneyWorld.Receipt, await app.SystemCall(), default);
        await services.GetRequiredService<AppDb>().SaveChangesAsync();
        return letter.Id;
    });

    private async Task<JsonElement> Registered(Guid caseId) =>
        (await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Get, "/api/spot-decisions")).GetProperty("rows").EnumerateArray().Single(r => r.TryGetProperty("caseId", out var c) && c.GetGuid() == caseId);

    /// <summary>Bytes that are left of decision, register and request to come back, and the name.</summary>
    private Task<(int Decision, int Spot, int Review, int Asked, int Answer, string? Name)> Left(long customer, Guid caseId) => app.With<AppDb, (int, int, int, int, int, string?)>(async db =>
    {
        var decision = await db.Set<DecisionRow>().AsNoTracking().SingleAsync(d => d.CaseId == caseId);
        var spot = await db.Set<SpotDecision>().AsNoTracking().SingleAsync(d => d.CaseId == caseId);
        var asked = await db.Set<ReEntryRequest>().AsNoTracking().SingleAsync(d => d.CaseId == caseId);
        return (decision.Data.Length, spot.Data.Length, spot.Review?.Length ?? 0, asked.Words.Length, asked.Decision?.Length ?? 0, await db.Customers.Where(c => c.Id == customer).Select(c => c.OrganisationName).SingleAsync());
    });

    public sealed class OnSqlite(SqliteApp app) : LockedDataTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : LockedDataTests(app), IClassFixture<PostgresApp>;
}
