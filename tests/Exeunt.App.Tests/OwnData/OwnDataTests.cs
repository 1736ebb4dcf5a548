using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.OwnData;

/// <summary>What a customer downloads of their own: everything of theirs, nothing of anybody else's.</summary>
public abstract class OwnDataTests(ExeuntApp app)
{
    private async Task<(HttpClient Customer, Guid Id, string Token)> Served(CaseWorld.AContract contract, string canary)
    {
        var (customer, id, token) = await app.Applied(contract);
        using var agent = await app.SignIn(Role.Agent, name: "own-data");
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/messages", new { text = $"=HYPERLINK(\"{canary}-message\")" })).Done();
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/messages", new { text = $"{canary}-reply" })).Done();
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", words = $"{canary}-talk", channel = "phone", minutes = 5 })).Done();
        await (await agent.PostAsync($"/api/cases/{id}/offer/skip", null)).Done();
        await app.Drain();
        return (customer, id, token);
    }

    [Fact]
    public async Task Holds_everything_of_the_customer_and_nothing_of_another()
    {
        var (mine, others) = (await app.AContractInForce(unpaid: 100_00), await app.AContractInForce(unpaid: 100_00));
        var second = await app.AnotherContract(mine);
        var (customer, id, token) = await Served(mine, "canary-mine");
        await Served(others, "canary-theirs");

        var text = (await (await customer.GetAsync($"/api/progress/{token}/data")).Done()).ToString();
        var file = JsonDocument.Parse(text).RootElement;

        file.GetProperty("schema").GetString().ShouldBe("exeunt.own-data/1");
        var who = file.GetProperty("customer");
        (who.GetProperty("name").GetString(), who.GetProperty("mail").GetString(), who.GetProperty("notes").GetString(), who.GetProperty("address").GetString())
            .ShouldBe((mine.Name, mine.Mail, "likes-tea-canary", "canary road 1"));
        file.GetProperty("contracts").EnumerateArray().Select(c => c.GetProperty("number").GetString()).ShouldBe([mine.Number, second.Number], ignoreOrder: true);
        var exit = file.GetProperty("cases").EnumerateArray().ShouldHaveSingleItem();
        var said = exit.GetProperty("said").ToString();
        said.ShouldContain("canary-mine-message");
        said.ShouldContain("canary-mine-reply");
        said.ShouldContain("canary-mine-talk");
        exit.GetProperty("typed").GetProperty("contractNumber").GetString().ShouldBe(mine.Number);
        exit.GetProperty("steps").GetArrayLength().ShouldBeGreaterThan(5);
        var lines = exit.GetProperty("settlement").GetProperty("lines").EnumerateArray().ToList();
        lines.ShouldAllBe(l => l.GetProperty("formula").GetString() != "" && l.GetProperty("amount").GetProperty("currency").GetString() == "CNY");
        lines.ShouldContain(l => l.GetProperty("amount").GetProperty("value").GetString()!.EndsWith("100.00", StringComparison.Ordinal));

        foreach (var foreign in new[] { "canary-theirs", others.Number, others.Mail, others.Phone })
            text.ShouldNotContain(foreign);
        text.ShouldNotContain("staff:", Case.Insensitive, "no member of staff is named");
        text.ShouldNotContain("Agent own-data");
        await app.With<AppDb>(async db => (await db.AuditLog.AsNoTracking().CountAsync(r => r.Target == $"customer:{mine.CustomerId}" && r.Verb == GatherOwnData.Verb)).ShouldBe(1));
    }

    [Fact]
    public async Task Names_of_the_file_stay()
    {
        var (customer, _, token) = await Served(await app.AContractInForce(), "names");
        var file = await (await customer.GetAsync($"/api/progress/{token}/data")).Done();
        file.EnumerateObject().Select(p => p.Name).ShouldBe(
            [
                "schema", "madeAt", "language", "case", "customer", "held", "contracts", "cases", "facts", "confirmations", "feedback", "documents", "erased", "leftOut", "orders", "returns", "lateCharges", "tiers", "ratings", "classes",
                "classChanges", "classTasks", "listings", "churn", "aftermath", "recognitions", "reEntries", "ownerChanges", "givingUps", "visits", "spotDecisions", "appeals", "disputes", "disputeDates", "improvements", "openOrders",
                "workOrders", "formalities", "endFacts", "instalmentPlans", "allocations", "redLetters", "claims", "certificates", "followUps", "intakes", "identityChecks", "detailChanges", "mails", "mailsIn", "calls", "chats",
                "dataRequests", "retained", "looks",
            ]);
        file.GetProperty("cases")[0].EnumerateObject().Select(p => p.Name).ShouldBe(
            ["number", "kind", "state", "contract", "channel", "receivedAt", "endsOn", "typed", "steps", "said", "offers", "proposals", "settlement", "addedLines", "payments", "instalments"], ignoreOrder: true);
        file.GetProperty("held").GetArrayLength().ShouldBe(5);
    }

    [Fact]
    public async Task The_archive_proves_each_of_its_files_and_is_harmless_in_a_spreadsheet()
    {
        var mine = await app.AContractInForce(language: "en");
        var (_, id, token) = await Served(mine, "canary-zip");
        var document = await Stored(id, mine.CustomerId, DocumentKind.Receipt, "receipt.pdf", "the receipt"u8.ToArray());
        using var browser = await Opened(mine, token);
        var page = await browser.Get($"/progress/{token}/data");
        page.Text.ShouldContain("Contact: mail, phone, address");
        var zipped = await browser.Submit("Download everything (ZIP)");
        zipped.ContentType.ShouldBe("application/zip");
        using var zip = new ZipArchive(new MemoryStream(zipped.Body));
        byte[] Bytes(string name)
        {
            using var inside = zip.GetEntry(name)!.Open();
            using var all = new MemoryStream();
            inside.CopyTo(all);
            return all.ToArray();
        }
        var manifest = JsonDocument.Parse(Bytes("manifest.json")).RootElement;
        var files = manifest.GetProperty("files").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("sha256").GetString());
        files.Keys.Concat(["manifest.json", "manifest.sig.json"]).ShouldBe(zip.Entries.Select(e => e.FullName), ignoreOrder: true);
        foreach (var (name, sha256) in files)
            Convert.ToHexStringLower(SHA256.HashData(Bytes(name))).ShouldBe(sha256);
        var data = JsonDocument.Parse(Bytes("data.json")).RootElement;
        var listed = data.GetProperty("documents").EnumerateArray().Single(d => d.GetProperty("id").GetGuid() == document);
        Encoding.UTF8.GetString(Bytes(listed.GetProperty("file").GetString()!)).ShouldBe("the receipt");
        listed.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData("the receipt"u8)));
        Encoding.UTF8.GetString(Bytes("lists/said.csv")).ShouldContain("'=HYPERLINK");
        manifest.GetProperty("missing").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Evidence_frozen_against_the_customer_stays_out_and_the_file_says_why()
    {
        var one = await app.AnOffboarding();
        await one.Notify();
        await app.Drain();
        await Stored(one.Id, one.Contract.CustomerId, DocumentKind.EvidenceFile, "evidence.zip", "frozen-canary"u8.ToArray());
        var outcome = await app.Do<GatherOwnData, GatherOwnData.Request, GatherOwnData.Gathered>((await app.SystemCall()) with { Actor = Actor.Customer(one.Id) }, new(new(one.Id), "json"));
        outcome.Value.File.Documents.ShouldNotContain(d => d.Kind == "EvidenceFile");
        outcome.Value.File.LeftOut.ShouldContain(l => l.Count >= 1 && l.Why.Contains("other people", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_company_prepares_comes_with_its_notice_and_not_before()
    {
        var one = await app.AnOffboarding();
        var another = await app.AnotherContract(one.Contract);
        var (customer, _, token) = await app.Applied(another);
        var number = (await app.TheCase(one.Id)).Number;
        var text = (await (await customer.GetAsync($"/api/progress/{token}/data")).Done()).ToString();
        text.ShouldNotContain(number);
    }

    [Fact]
    public async Task Is_refused_without_a_session_for_another_case_and_too_often()
    {
        var (customer, id, token) = await app.Applied(await app.AContractInForce());
        var (other, otherId, otherToken) = await app.Applied(await app.AContractInForce());
        (await app.Client().GetAsync($"/api/progress/{token}/data")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await customer.GetAsync($"/api/progress/{otherToken}/data")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var call = (await app.SystemCall()) with { Actor = Actor.Customer(id) };
        (await app.Do<GatherOwnData, GatherOwnData.Request, GatherOwnData.Gathered>(call, new(new(otherId), "json"))).Refusal!.Code.ShouldBe("not-found");
        for (var i = 0; i < GatherOwnData.MostAnHour; i++)
            await (await customer.GetAsync($"/api/progress/{token}/data")).Done();
        (await (await customer.GetAsync($"/api/progress/{token}/data")).Refusal()).ShouldBe("own-data.too-often");
        await (await other.GetAsync($"/api/progress/{otherToken}/data")).Done();
        app.Advance(TimeSpan.FromMinutes(61));
        await (await customer.GetAsync($"/api/progress/{token}/data")).Done();
    }

    [Fact]
    public async Task What_is_erased_is_left_out_and_said()
    {
        var mine = await app.AContractInForce();
        var (customer, id, token) = await Served(mine, "canary-erased");
        await app.With<IServiceProvider>(async services =>
        {
            var (db, call) = (services.GetRequiredService<AppDb>(), await app.SystemCall());
            db.Erasures.Add(new Features.Erasure.ErasureRow { CustomerId = mine.CustomerId, CaseId = id, Class = DataClass.Profile, At = call.Now });
            db.Audit(call, "test.erased", "customer");
            await db.SaveChangesAsync();
            await services.GetRequiredService<KeyStore>().Destroy(mine.CustomerId, [DataClass.Profile], DateTimeOffset.UnixEpoch, default);
        });
        var text = (await (await customer.GetAsync($"/api/progress/{token}/data")).Done()).ToString();
        text.ShouldNotContain("canary-erased");
        text.ShouldNotContain("likes-tea");
        var file = JsonDocument.Parse(text).RootElement;
        file.GetProperty("erased").EnumerateArray().ShouldContain(e => e.GetProperty("class").GetString() == "Profile");
        file.GetProperty("held").EnumerateArray().Single(h => h.GetProperty("class").GetString() == "Profile").GetProperty("erased").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Other_dates_and_the_list_of_documents_are_two_clicks_away()
    {
        var mine = await app.AContractInForce(language: "en");
        var (_, id, token) = await Served(mine, "canary-gap");
        await Stored(id, mine.CustomerId, DocumentKind.Receipt, "receipt.pdf", "the receipt"u8.ToArray());
        using var browser = await Opened(mine, token);
        await browser.Get($"/progress/{token}");
        (await browser.Follow("Compare other dates")).Document.QuerySelectorAll("tbody tr").Length.ShouldBeGreaterThan(3);
        await browser.Get($"/progress/{token}");
        (await browser.Follow("List to print, with check values")).Text.ShouldContain(Convert.ToHexStringLower(SHA256.HashData("the receipt"u8)));
        foreach (var path in new[] { "dates", "documents", "data", "feedback" })
        {
            using var stranger = app.Browser("en");
            (await stranger.Get($"/progress/{token}/{path}")).Path.ShouldBe($"/progress/{token}", $"{path} asks for a code first");
        }
    }

    private Task<Guid> Stored(Guid caseId, long customer, DocumentKind kind, string name, byte[] bytes) => app.With<IServiceProvider, Guid>(async services =>
    {
        var (db, call) = (services.GetRequiredService<AppDb>(), await app.SystemCall());
        var exit = await db.Cases.AsNoTracking().SingleAsync(c => c.Id == caseId);
        var row = await services.GetRequiredService<Papers>().Stage(exit, customer, DataClass.Case, kind, name, "application/pdf", bytes, call, default);
        await db.SaveChangesAsync();
        return row.Id;
    });

    private async Task<Browser> Opened(CaseWorld.AContract contract, string token)
    {
        app.Advance(TimeSpan.FromSeconds(61));
        var browser = app.Browser("en");
        await browser.Get($"/progress/{token}");
        await browser.Submit("form[action$='/code']");
        await browser.Submit("form[action$='/identity']", new { code = await app.CodeFor(contract.Mail) });
        return browser;
    }

    public sealed class OnSqlite(SqliteApp app) : OwnDataTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : OwnDataTests(app), IClassFixture<PostgresApp>;
}
