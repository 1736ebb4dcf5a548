using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Cases;

/// <summary>One exit from the application to the last erased key, by the REST API alone.</summary>
public abstract class TheExit(ExeuntApp app)
{
    [Fact]
    public async Task Goes_from_the_application_to_the_closed_case()
    {
        var contract = await app.AContractInForce();
        var customer = app.Client("zh");

        // The customer applies without an account and gets a number, the time and a link at once.
        var receipt = await Ok(await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail, reason = "PRICE/TOO_HIGH" }));
        receipt.GetProperty("number").GetString()!.ShouldStartWith("T-");
        var token = receipt.GetProperty("token").GetString()!;
        var id = receipt.GetProperty("caseId").GetGuid();
        receipt.GetProperty("identityProven").GetBoolean().ShouldBeFalse();

        // Without a code the link shows only what was typed.
        var closedView = await Ok(await customer.GetAsync($"/api/progress/{token}"));
        closedView.TryGetProperty("open", out _).ShouldBeFalse();

        // Possession of the contact on file is proven with a code.
        await Ok(await customer.PostAsync($"/api/progress/{token}/code", null));
        var opened = await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) }));
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        var view = await Ok(await customer.GetAsync($"/api/progress/{token}"));
        var effectiveOn = DateOnly.Parse(view.GetProperty("open").GetProperty("effectiveOn").GetString()!, CultureInfo.InvariantCulture);
        var today = DateOnly.Parse(view.GetProperty("open").GetProperty("today").GetString()!, CultureInfo.InvariantCulture);
        effectiveOn.ShouldBe(today.AddDays(30));

        // The agent sees the case, records the talk and makes one offer.
        var agent = await app.SignIn(Role.Agent);
        var shown = await Ok(await agent.GetAsync($"/api/cases/{id}"));
        shown.GetProperty("case").GetProperty("state").GetString().ShouldBe("Open");
        shown.GetRawText().ShouldNotContain(contract.Mail);
        await Ok(await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "SERVICE/SLOW", words = "报修三次都等了两天 talk-canary", channel = "phone", minutes = 32 }));
        await Ok(await agent.PostAsJsonAsync($"/api/cases/{id}/offer", new { entry = "PAUSE", months = 3 }));
        (await Refused(await agent.PostAsJsonAsync($"/api/cases/{id}/offer", new { entry = "PAUSE", months = 3 }))).ShouldBe("case.offer-already-asked");

        // The customer declines on the progress page.
        await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/offer", new { accept = false }));
        await app.Drain();

        // The settlement is computed; finance and legal approve it, each their own.
        shown = await Ok(await agent.GetAsync($"/api/cases/{id}"));
        var digest = shown.GetProperty("case").GetProperty("settlementDigest").GetString()!;
        var statement = JsonDocument.Parse(shown.GetProperty("settlement").GetProperty("statement").GetString()!).RootElement;
        statement.GetProperty("lines").EnumerateArray().ShouldAllBe(l => l.GetProperty("explanation").GetProperty("zh").GetString()!.Length > 0);
        var (finance, legal) = (await app.SignIn(Role.Finance), await app.SignIn(Role.Legal));
        (await Refused(await agent.PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest }))).ShouldBe("not-allowed");
        (await Refused(await finance.PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest = "other" }))).ShouldBe("case.approval-outdated");
        await Ok(await legal.PostAsJsonAsync($"/api/cases/{id}/approvals/legal", new { digest }));
        (await Refused(await legal.PostAsJsonAsync($"/api/cases/{id}/approvals/legal", new { digest }))).ShouldBe("case.approved-already");
        await Ok(await finance.PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest }));
        (await StateOf(agent, id)).ShouldBe("Scheduled");

        // Nothing happens before the last service day is over; then it executes in order.
        await app.AdvanceDays(30);
        (await StateOf(agent, id)).ShouldBe("Scheduled");
        await app.AdvanceDays(1);
        (await StateOf(agent, id)).ShouldBe("Executing");
        var technical = await app.SignIn(Role.Technical);
        shown = await Ok(await technical.GetAsync($"/api/cases/{id}"));
        foreach (var order in shown.GetProperty("work").EnumerateArray())
            await Ok(await technical.PostAsync($"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation", null));
        await app.Drain();
        shown = await Ok(await agent.GetAsync($"/api/cases/{id}"));
        shown.GetProperty("case").GetProperty("state").GetString().ShouldBe("WindingUp");
        var payment = shown.GetProperty("payment");
        var mails = app.Mails(contract.Mail);
        mails.ShouldContain(m => m.Attachments.Keys.Any(k => k.EndsWith("-settlement.pdf", StringComparison.Ordinal)));
        var certificateMail = mails.Single(m => m.Attachments.Keys.Any(k => k.EndsWith("-certificate.pdf", StringComparison.Ordinal)));
        certificateMail.Attachments.Single().Value.AsSpan(0, 5).ToArray().ShouldBe("%PDF-"u8.ToArray());

        // Anyone verifies the certificate, and learns nothing more than that.
        var serial = shown.GetProperty("case").GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "certificate").GetProperty("note").GetString()!;
        var check = await Ok(await app.Client().GetAsync($"/api/certificates/{serial}"));
        check.GetProperty("state").GetString().ShouldBe("valid");
        check.EnumerateObject().Select(p => p.Name).ShouldBe(["state", "serial", "issuedOn", "sha256"]);
        (await Ok(await app.Client().GetAsync("/api/certificates/0000-0000-0000-0000-0000-0000-0000-0000"))).GetProperty("state").GetString().ShouldBe("unknown");

        // Finance reconciles the bank's file; one line fits nothing and is listed.
        var amount = Money.Format(payment.GetProperty("amount").GetInt64(), 2);
        var sign = payment.GetProperty("direction").GetString() == "Refund" ? "-" : "";
        var reference = payment.GetProperty("reference").GetString();
        var file = $"date,amount,currency,text\n2026-03-01,{sign}{amount},CNY,settlement {reference}\n2026-03-01,12.00,CNY,somebody else\n";
        var report = await Ok(await finance.PostAsJsonAsync("/api/bank-files", new { content = file }));
        report.GetProperty("matched").GetInt32().ShouldBe(1);
        report.GetProperty("unmatched").GetArrayLength().ShouldBe(1);
        (await Refused(await finance.PostAsJsonAsync("/api/bank-files", new { content = file }))).ShouldBe("bank.file-known");
        (await Ok(await finance.PostAsJsonAsync("/api/bank-files", new { content = file + "\n" }))).GetProperty("alreadyKnown").GetInt32().ShouldBe(2);
        await app.Drain();

        // Personal data is erased by class: the profile now, the contact when the survey is over.
        await app.With<AppDb>(async db =>
        {
            var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId);
            row.Profile.ShouldBeNull();
            row.Contact.ShouldNotBeNull();
        });
        await app.With<KeyStore>(async keys => (await keys.Find(contract.CustomerId, DataClass.Profile, default)).ShouldBeNull());
        await app.With<SearchStore>(async search => (await search.Find(TokenKind.Mail, contract.Mail, 10, default)).ShouldNotContain(contract.CustomerId));

        // The customer answers the survey, and the case closes with its whole history.
        var survey = certificateMail.Links.Single(l => l.Contains("/survey/", StringComparison.Ordinal)).Split('/')[^1];
        await Ok(await app.Client().PostAsJsonAsync($"/api/surveys/{survey}", new { handling = 5, clarity = 4, words = "survey-canary" }));
        (await Refused(await app.Client().PostAsJsonAsync($"/api/surveys/{survey}", new { handling = 5, clarity = 4 }))).ShouldBe("survey.over");
        await app.Drain();
        // For thirty days after the certificate an appeal is open, and the contact is kept for it; then the case closes.
        (await StateOf(agent, id)).ShouldBe("WindingUp");
        await app.AdvanceDays(31);
        shown = await Ok(await agent.GetAsync($"/api/cases/{id}"));
        shown.GetProperty("case").GetProperty("state").GetString().ShouldBe("Closed");
        shown.GetProperty("case").GetProperty("outcome").GetString().ShouldBe("Executed");
        await app.With<AppDb>(async db => (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId)).Contact.ShouldBeNull());
        await app.ShouldFold(id);
        await LedgerBalances(id);
        foreach (var canary in new[] { "likes-tea-canary", "canary road", "talk-canary", "survey-canary", contract.Mail, contract.Name })
            (await app.PlacesWith(canary)).ShouldBeEmpty(canary);
    }

    [Fact]
    public async Task Ends_on_time_without_approval_but_holds_the_money()
    {
        var contract = await app.AContractInForce();
        var (_, id, _) = await Proven(contract);
        await app.AdvanceDays(31);
        var technical = await app.SignIn(Role.Technical);
        var shown = await Ok(await technical.GetAsync($"/api/cases/{id}"));
        shown.GetProperty("case").GetProperty("state").GetString().ShouldBe("Executing");
        foreach (var order in shown.GetProperty("work").EnumerateArray())
            await Ok(await technical.PostAsync($"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation", null));
        await app.Drain();
        shown = await Ok(await technical.GetAsync($"/api/cases/{id}"));
        shown.GetProperty("case").GetProperty("state").GetString().ShouldBe("WindingUp");
        shown.TryGetProperty("payment", out _).ShouldBeFalse();
        await app.With<AppDb>(async db => (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == contract.ContractId)).State.ShouldBe(ContractState.Ended));
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Can_be_withdrawn_until_the_last_day_is_over_and_not_a_day_longer()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await Proven(contract);
        await app.AdvanceDays(30);
        await Ok(await customer.PostAsync($"/api/progress/{token}/withdrawal", null));
        var agent = await app.SignIn(Role.Agent);
        (await Ok(await agent.GetAsync($"/api/cases/{id}"))).GetProperty("case").GetProperty("outcome").GetString().ShouldBe("Withdrawn");
        await app.With<AppDb>(async db => (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == contract.ContractId)).State.ShouldBe(ContractState.InForce));
        await app.AdvanceDays(3);
        (await StateOf(agent, id)).ShouldBe("Closed");
        await app.ShouldFold(id);

        var (later, lateId, lateToken) = await Proven(await app.AContractInForce());
        await app.AdvanceDays(31);
        (await Refused(await later.PostAsync($"/api/progress/{lateToken}/withdrawal", null))).ShouldBe("case.too-late-to-withdraw");
        await app.ShouldFold(lateId);
    }

    [Fact]
    public async Task Is_saved_when_the_offer_is_accepted()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await Proven(contract);
        var agent = await app.SignIn(Role.Agent);
        await Ok(await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 }));
        await Ok(await agent.PostAsJsonAsync($"/api/cases/{id}/offer", new { entry = "DISCOUNT", percent = 15, months = 6 }));
        await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/offer", new { accept = true }));
        (await Ok(await agent.GetAsync($"/api/cases/{id}"))).GetProperty("case").GetProperty("outcome").GetString().ShouldBe("Saved");
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Lapses_when_nobody_proves_identity()
    {
        var receipt = await Ok(await app.Client().PostAsJsonAsync("/api/applications", new { contractNumber = "HT-9999-1", name = "Nobody", contact = "nobody@nowhere.example" }));
        await app.AdvanceDays(31);
        var agent = await app.SignIn(Role.Agent);
        (await Ok(await agent.GetAsync($"/api/cases/{receipt.GetProperty("caseId").GetGuid()}"))).GetProperty("case").GetProperty("outcome").GetString().ShouldBe("Lapsed");
        await app.ShouldFold(receipt.GetProperty("caseId").GetGuid());
    }

    [Fact]
    public async Task Joins_a_second_application_for_the_same_contract()
    {
        var contract = await app.AContractInForce();
        var (_, first, _) = await Proven(contract);
        app.Advance(TimeSpan.FromSeconds(61));
        var (_, second, _) = await Proven(contract);
        var agent = await app.SignIn(Role.Agent);
        var shown = await Ok(await agent.GetAsync($"/api/cases/{second}"));
        shown.GetProperty("case").GetProperty("outcome").GetString().ShouldBe("Joined");
        shown.GetProperty("case").GetProperty("joinedInto").GetGuid().ShouldBe(first);
        await app.ShouldFold(second);
    }

    [Fact]
    public async Task Answers_the_same_for_a_real_and_an_invented_contract()
    {
        var contract = await app.AContractInForce();
        var client = app.Client();
        var real = await Ok(await client.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = "A", contact = contract.Mail }));
        var invented = await Ok(await client.PostAsJsonAsync("/api/applications", new { contractNumber = "HT-0000-0", name = "A", contact = "a@b.example" }));
        real.EnumerateObject().Select(p => p.Name).ShouldBe(invented.EnumerateObject().Select(p => p.Name));
        foreach (var receipt in new[] { real, invented })
        {
            var token = receipt.GetProperty("token").GetString();
            (await client.PostAsync($"/api/progress/{token}/code", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await Refused(await client.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = "00000000" }))).ShouldBe("code.wrong-or-expired");
        }
        var views = new List<string>();
        foreach (var receipt in new[] { real, invented })
            views.Add(string.Join(',', (await Ok(await client.GetAsync($"/api/progress/{receipt.GetProperty("token").GetString()}"))).EnumerateObject().Select(p => p.Name + (p.Name is "state" or "identityPending" ? p.Value.GetRawText() : ""))));
        views[0].ShouldBe(views[1]);
    }

    [Fact]
    public async Task Stops_guessing_after_five_wrong_codes()
    {
        var contract = await app.AContractInForce();
        var client = app.Client();
        var receipt = await Ok(await client.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = "A", contact = contract.Mail }));
        var token = receipt.GetProperty("token").GetString();
        await Ok(await client.PostAsync($"/api/progress/{token}/code", null));
        var code = await app.CodeFor(contract.Mail);
        for (var i = 0; i < 5; i++)
            await Refused(await client.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = "00000000" }));
        (await Refused(await client.PostAsJsonAsync($"/api/progress/{token}/identity", new { code }))).ShouldBe("code.wrong-or-expired");
        (await Refused(await client.PostAsync($"/api/progress/{token}/code", null))).ShouldBe("code.wait-a-minute");
    }

    [Fact]
    public async Task Refuses_a_session_of_another_case()
    {
        var (stranger, _, _) = await Proven(await app.AContractInForce());
        var (_, id, token) = await Proven(await app.AContractInForce());
        (await Refused(await stranger.PostAsync($"/api/progress/{token}/withdrawal", null))).ShouldBe("case.code-first");
        await app.ShouldFold(id);
    }

    // ---- intent ----------------------------------------------------------------------------------------------------

    private async Task<(HttpClient Customer, Guid Id, string Token)> Proven(CaseWorld.AContract contract)
    {
        var customer = app.Client("zh");
        var receipt = await Ok(await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail }));
        var token = receipt.GetProperty("token").GetString()!;
        await Ok(await customer.PostAsync($"/api/progress/{token}/code", null));
        var opened = await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) }));
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        return (customer, receipt.GetProperty("caseId").GetGuid(), token);
    }

    private static async Task<string> StateOf(HttpClient staff, Guid id) =>
        (await Ok(await staff.GetAsync($"/api/cases/{id}"))).GetProperty("case").GetProperty("state").GetString()!;

    private async Task LedgerBalances(Guid id) => await app.With<AppDb>(async db =>
    {
        var postings = await db.Postings.AsNoTracking().Where(p => p.CaseId == id).ToListAsync();
        postings.ShouldNotBeEmpty();
        postings.GroupBy(p => p.EntryId).ShouldAllBe(e => e.Sum(p => p.Amount) == 0);
        // Everything is settled: the customer's account is even.
        postings.Where(p => p.Account == "settlement").Sum(p => p.Amount).ShouldBe(0);
    });

    private static async Task<JsonElement> Ok(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<string> Refused(HttpResponseMessage response)
    {
        response.IsSuccessStatusCode.ShouldBeFalse();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
    }

    public sealed class OnSqlite(SqliteApp app) : TheExit(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TheExit(app), IClassFixture<PostgresApp>;
}
