using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Certificates;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.DataRequests;

/// <summary>What a customer asks about their data: the clock runs from receipt, every answer is given with a reason and recorded.</summary>
public abstract class DataRequestTests(ExeuntApp app, ITestOutputHelper output)
{
    [Fact]
    public async Task A_copy_is_asked_on_the_portal_and_given_as_a_package_that_proves_itself()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        (await app.Client().Refused($"/api/progress/{token}/data-requests", new { kind = "Copy" })).ShouldBe("case.code-first");
        (await customer.Refused($"/api/progress/{token}/data-requests", new { })).ShouldBe("required");
        (await customer.Refused($"/api/progress/{token}/data-requests", new { kind = "Correct" })).ShouldBe("required");
        var asked = await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/data-requests", new { kind = "Copy", words = "for my new provider request-canary" });
        var today = await app.With<Clocks, DateOnly>(c => Task.FromResult(Clocks.DateIn(c.BusinessNow, "Asia/Shanghai")));
        asked.GetProperty("dueOn").GetString().ShouldBe($"{Exeunt.Core.Calendar.HolidayCalendars.For("CN").After(today, 15):yyyy-MM-dd}", "15 working days");
        (await customer.Refused($"/api/progress/{token}/data-requests", new { kind = "Copy" })).ShouldBe("data-request.asked-already");
        await app.Drain();
        app.Mails(contract.Mail).ShouldContain(m => m.Subject.Contains(asked.GetProperty("number").GetString()!, StringComparison.Ordinal));

        var officer = await app.SignIn(Role.DataOfficer);
        var row = (await officer.Ok(HttpMethod.Get, "/api/data-requests")).GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("number").GetString() == asked.GetProperty("number").GetString());
        var request = row.GetProperty("id").GetGuid();
        (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{request}")).GetProperty("words").GetString()!.ShouldContain("request-canary");
        (await (await app.SignIn(Role.Agent)).Refused($"/api/data-requests/{request}/package")).ShouldBe("not-allowed");
        (await officer.Refused($"/api/data-requests/{request}/extension", new { reason = "complex" })).ShouldBe("data-request.no-extension");

        using var zipped = await officer.PostAsync($"/api/data-requests/{request}/package", null);
        var package = await zipped.Content.ReadAsByteArrayAsync();
        var trust = Tool.File(System.Text.Encoding.UTF8.GetBytes((await app.With<Letterhead, InstallationKey>(l => l.Key(default))).PublicPem));
        (await Verified(package, trust)).ShouldBe((0, "genuine and whole"));
        // Every way to change it is seen: a byte of a file, of the manifest, one file more, one less, another key.
        foreach (var name in new[] { "data.json", "lists/cases.csv", "manifest.json" })
            (await Verified(Changed(package, name, bytes => { bytes[^3] ^= 1; return bytes; }), trust)).Code.ShouldBe(1, name);
        (await Verified(Changed(package, "data.json", _ => null), trust)).Words.ShouldContain("missing");
        (await Verified(Changed(package, "added.txt", _ => [1]), trust)).Words.ShouldContain("not in the manifest");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await Verified(package, Tool.File(System.Text.Encoding.UTF8.GetBytes(other.ExportSubjectPublicKeyInfoPem())))).Code.ShouldBe(1);
        (await Verified([1, 2, 3], trust)).Code.ShouldBe(1);

        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", new { });
        (await officer.Refused($"/api/data-requests/{request}/refusal", new { reason = "not-held" })).ShouldBe("data-request.decided");
        var own = await customer.Ok(HttpMethod.Get, $"/api/progress/{token}/data-requests");
        own[0].GetProperty("state").GetString().ShouldBe("Fulfilled");
        (await app.PlacesWith("request-canary")).ShouldBeEmpty();
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task A_European_request_is_extended_once_with_a_notice_and_refused_with_a_reason()
    {
        var contract = await app.AContractInForce(jurisdiction: "DE", language: "en");
        var (_, id, _) = await app.Applied(contract);
        var officer = await app.SignIn(Role.DataOfficer);
        (await officer.Refused($"/api/cases/{id}/data-requests", new { kind = "Access" })).ShouldBe("required");
        var today = await app.With<Clocks, DateOnly>(c => Task.FromResult(Clocks.DateIn(c.BusinessNow, "Asia/Shanghai")));
        (await officer.Refused($"/api/cases/{id}/data-requests", new { kind = "Access", proof = "InPerson", receivedOn = today.AddDays(1) })).ShouldBe("data-request.received-on");
        var made = await officer.Ok(HttpMethod.Post, $"/api/cases/{id}/data-requests", new { kind = "Access", proof = "InPerson", receivedOn = today.AddDays(-2) });
        var request = made.GetProperty("id").GetGuid();
        DateOnly.Parse(made.GetProperty("dueOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(today.AddDays(-2).AddMonths(1), today.AddDays(5).AddMonths(1));
        (await officer.Refused($"/api/data-requests/{request}/extension", new { reason = "lazy" })).ShouldBe("required");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/extension", new { reason = "complex" });
        (await officer.Refused($"/api/data-requests/{request}/extension", new { reason = "complex" })).ShouldBe("data-request.no-extension");
        var shown = await officer.Ok(HttpMethod.Get, $"/api/data-requests/{request}");
        DateOnly.Parse(shown.GetProperty("dueOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(today.AddMonths(2));
        shown.GetProperty("receivedAt").GetDateTimeOffset().ShouldBe(Clocks.StartOf(today.AddDays(-2), "Asia/Shanghai"), "the clock runs from that day, and anybody can reckon it again");
        // Past the day on which it would have been near without the extension.
        await app.AdvanceDays(30);
        await app.With<AppDb>(async db => (await db.Effects.Where(e => e.Kind == "data-request.near" && e.State == EffectState.Parked).CountAsync()).ShouldBe(0));
        (await officer.Refused($"/api/data-requests/{request}/refusal", new { })).ShouldBe("required");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/refusal", new { reason = "identity-doubtful" });
        await app.Drain();
        app.Mails(contract.Mail).Select(m => m.Subject).ShouldContain(s => s.Contains("需要延期", StringComparison.Ordinal));
        app.Mails(contract.Mail).ShouldContain(m => m.Text.Contains("无法确认请求人身份", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_correction_leaves_nothing_of_the_old_value_and_the_search_follows()
    {
        var contract = await app.AContractInForce();
        var (customer, _, token) = await app.Applied(contract);
        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/data-requests", new { kind = "Correct", words = "my name is 王小方" });
        var (officer, request) = await Newest();
        (await officer.Refused($"/api/data-requests/{request}/fulfilment", new { })).ShouldBe("data-request.nothing-to-correct");
        (await officer.Refused($"/api/data-requests/{request}/fulfilment", new { name = new string('x', 201) })).ShouldBe("too-long");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", new { name = "王小方", address = "new road 2" });
        await app.Drain();
        await app.With<IServiceProvider>(async services =>
        {
            var row = await services.GetRequiredService<AppDb>().Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId);
            var vault = services.GetRequiredService<Vault>();
            (await vault.Open<CustomerIdentity>(row.Id, DataClass.Case, CustomerTable.IdentityPlace, row.Row, row.Identity, default))!.Name.ShouldBe("王小方");
            var contact = await vault.Open<CustomerContact>(row.Id, DataClass.Contact, CustomerTable.ContactPlace, row.Row, row.Contact, default);
            (contact!.Address, contact.Mail).ShouldBe(("new road 2", contract.Mail));
            var search = services.GetRequiredService<SearchStore>();
            (await search.Find(TokenKind.Name, "小方", 500, default)).ShouldContain(row.Id);
            (await search.Find(TokenKind.Name, "小芳", 500, default)).ShouldNotContain(row.Id);
        });
    }

    [Fact]
    public async Task Restriction_and_objection_end_offers_and_evaluation()
    {
        foreach (var kind in new[] { "Restrict", "Object" })
        {
            var contract = await app.AContractInForce();
            var (customer, id, token) = await app.Applied(contract);
            await app.With<AppDb>(async db =>
            {
                db.Activity.Add(new Features.Facts.ActivityRow { CustomerId = contract.CustomerId, Months = Core.Activity.ActivityMonths.Build([new(Core.Activity.FactKind.Order, new(2026, 1, 5), 100, "1")]) });
                db.Audit(await app.SystemCall(), "test.activity", "customer");
                await db.SaveChangesAsync();
            });
            (await Evaluated(contract.CustomerId)).ShouldBeTrue();
            await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/data-requests", new { kind });
            var (officer, request) = await Newest();
            await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", new { });
            (await Evaluated(contract.CustomerId)).ShouldBeFalse(kind);
            var agent = await app.SignIn(Role.Agent);
            await agent.Ok(HttpMethod.Post, $"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 });
            (await agent.Refused($"/api/cases/{id}/offer", new { entry = "PAUSE", months = 3 })).ShouldBe("offer.objected");
        }
    }

    [Fact]
    public async Task A_restriction_ends_a_week_after_the_customer_was_told_and_at_once_at_their_own_wish()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/data-requests", new { kind = "Restrict" });
        var (officer, request) = await Newest();
        (await officer.Refused($"/api/data-requests/{request}/lifting", new { reason = "customer-asked" })).ShouldBe("data-request.nothing-to-lift", "it is not granted");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", new { });
        (await Restricted()).ShouldBeTrue();
        (await officer.Refused($"/api/data-requests/{request}/lifting", new { reason = "because" })).ShouldBe("required");
        (await (await app.SignIn(Role.Agent)).Refused($"/api/data-requests/{request}/lifting", new { reason = "claims-settled" })).ShouldBe("not-allowed");
        await app.Drain();
        var before = app.Mails(contract.Mail).Count;
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/lifting", new { reason = "claims-settled" });
        (await officer.Refused($"/api/data-requests/{request}/lifting", new { reason = "claims-settled" })).ShouldBe("data-request.nothing-to-lift", "it is ending");
        await app.Drain();
        app.Mails(contract.Mail).Count.ShouldBe(before + 1, "told first");
        (await Restricted()).ShouldBeTrue("a week later, not now");

        // A second one that was granted meanwhile holds it.
        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/data-requests", new { kind = "Restrict" });
        var (_, second) = await Newest();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{second}/fulfilment", new { });
        await app.AdvanceDays(8);
        (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{request}")).GetProperty("liftedAt").ValueKind.ShouldBe(JsonValueKind.String);
        (await Restricted()).ShouldBeTrue("the other one still asks for it");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{second}/lifting", new { reason = "customer-asked" });
        await app.Drain();
        (await Restricted()).ShouldBeFalse();

        // An objection ends only at the customer's wish.
        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/data-requests", new { kind = "Object" });
        var (_, objection) = await Newest();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{objection}/fulfilment", new { });
        (await officer.Refused($"/api/data-requests/{objection}/lifting", new { reason = "claims-settled" })).ShouldBe("required");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{objection}/lifting", new { reason = "customer-asked" });
        await app.Drain();
        (await app.With<AppDb, DateTimeOffset?>(db => db.Customers.Where(c => c.Id == contract.CustomerId).Select(c => c.ObjectedAt).SingleAsync())).ShouldBeNull();
        await app.ShouldFold(id);

        Task<bool> Restricted() => app.With<AppDb, bool>(db => db.Customers.AnyAsync(c => c.Id == contract.CustomerId && c.RestrictedAt != null));
    }

    [Fact]
    public async Task Deletion_waits_for_the_end_of_the_contract_yields_to_a_hold_and_then_takes_the_contact_at_once()
    {
        var it = await app.ASettledCase();
        await it.Customer.Ok(HttpMethod.Post, $"/api/progress/{it.Token}/data-requests", new { kind = "Delete" });
        var (officer, request) = await Newest();
        (await officer.Refused($"/api/data-requests/{request}/fulfilment", new { })).ShouldBe("data-request.end-first");
        var (reference, amount) = await it.Order();
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await app.Drain();
        (await officer.Refused($"/api/data-requests/{request}/fulfilment", new { })).ShouldBe("data-request.end-first", "the case is not closed");
        var hold = (await officer.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/legal-holds", new { reason = "Claim" })).GetProperty("holdId").GetGuid();
        (await officer.Refused($"/api/data-requests/{request}/fulfilment", new { })).ShouldBe("legal-hold.stands");
        await app.AdvanceDays(31);
        await app.With<KeyStore>(async keys => (await keys.Find(it.Contract.CustomerId, DataClass.Contact, default)).ShouldNotBeNull("held"));
        await officer.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/legal-holds/{hold}/lifting");
        await (await app.SignIn(Role.Legal)).Ok(HttpMethod.Post, $"/api/cases/{it.Id}/legal-holds/{hold}/lifting");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", new { });
        await app.AdvanceDays(1);
        await app.With<KeyStore>(async keys => (await keys.Find(it.Contract.CustomerId, DataClass.Contact, default)).ShouldBeNull());
    }

    [Fact]
    public async Task A_customer_without_a_case_sees_takes_along_and_asks_after_a_code()
    {
        var contract = await app.AContractInForce();
        var other = await app.AContractInForce();
        var visitor = app.Client("zh");
        (await visitor.Refused("/api/own-data", new { contractNumber = contract.Number })).ShouldBe("required");
        // An invented pair begins the same way and leads nowhere.
        var nobody = (await visitor.Ok(HttpMethod.Post, "/api/own-data", new { contractNumber = contract.Number, contact = "somebody@else.example" })).GetProperty("token").GetString();
        (await visitor.Refused($"/api/own-data/{nobody}/code", new { code = "12345678" })).ShouldBe("code.wrong-or-expired");
        (await visitor.GetAsync($"/api/own-data/{nobody}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        var token = (await visitor.Ok(HttpMethod.Post, "/api/own-data", new { contractNumber = contract.Number, contact = contract.Mail })).GetProperty("token").GetString();
        (await visitor.GetAsync($"/api/own-data/{token}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, "before the code");
        (await visitor.Refused($"/api/own-data/{token}/data-requests", new { kind = "Access" })).ShouldBe("own-data.door-gone");
        var session = (await visitor.Ok(HttpMethod.Post, $"/api/own-data/{token}/code", new { code = await app.CodeFor(contract.Mail) })).GetProperty("session").GetString();
        (await visitor.GetAsync($"/api/own-data/{token}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, "the link alone opens nothing");
        visitor.DefaultRequestHeaders.Add("Own-Data-Session", session);
        (await visitor.GetAsync($"/api/own-data/{nobody}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, "nor does a session open another link");
        var file = await visitor.Ok(HttpMethod.Get, $"/api/own-data/{token}");
        file.GetProperty("customer").GetProperty("mail").GetString().ShouldBe(contract.Mail);
        file.GetProperty("contracts").EnumerateArray().Select(c => c.GetProperty("number").GetString()).ShouldBe([contract.Number]);
        file.GetRawText().ShouldNotContain(other.Mail);

        var asked = await visitor.Ok(HttpMethod.Post, $"/api/own-data/{token}/data-requests", new { kind = "Copy", words = "all of it door-canary" });
        await app.Drain();
        app.Mails(contract.Mail).ShouldContain(m => m.Subject.Contains(asked.GetProperty("number").GetString()!, StringComparison.Ordinal), "the receipt");
        var (officer, id) = await Newest();
        var shown = await officer.Ok(HttpMethod.Get, $"/api/data-requests/{id}");
        shown.GetProperty("words").GetString()!.ShouldContain("door-canary");
        (shown.TryGetProperty("caseId", out var none) && none.ValueKind != JsonValueKind.Null).ShouldBeFalse();
        using var zipped = await officer.PostAsync($"/api/data-requests/{id}/package", null);
        zipped.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        using (var zip = new ZipArchive(await zipped.Content.ReadAsStreamAsync()))
            using (var data = new StreamReader(zip.GetEntry("data.json")!.Open()))
                (await data.ReadToEndAsync()).ShouldContain(contract.Mail);
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{id}/fulfilment", new { });
        (await visitor.Ok(HttpMethod.Get, $"/api/own-data/{token}/data-requests"))[0].GetProperty("state").GetString().ShouldBe("Fulfilled");
        // A restriction and its end work as with a case.
        await visitor.Ok(HttpMethod.Post, $"/api/own-data/{token}/data-requests", new { kind = "Restrict" });
        var restrict = (await Newest()).Id;
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{restrict}/fulfilment", new { });
        await app.With<AppDb>(async db => (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).RestrictedAt.ShouldNotBeNull());
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{restrict}/lifting", new { reason = "customer-asked" });
        (await app.PlacesWith("door-canary")).ShouldBeEmpty();
        file.TryGetProperty("case", out _).ShouldBeFalse();
        file.GetProperty("reference").GetString().ShouldBe(contract.Number);
        // Another mailbox on file closes the door; after a day it is closed anyway.
        await Mail(contract.CustomerId, "another@customer.example");
        (await visitor.GetAsync($"/api/own-data/{token}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await Mail(contract.CustomerId, contract.Mail);
        await visitor.Ok(HttpMethod.Get, $"/api/own-data/{token}");
        // After a day the door is closed.
        app.Advance(TimeSpan.FromHours(25));
        await app.Drain();
        (await visitor.GetAsync($"/api/own-data/{token}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await app.With<AppDb>(async db => (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).RestrictedAt.ShouldBeNull());
    }

    [Fact]
    public async Task The_way_without_a_case_works_on_pages_and_staff_take_letters_down_on_the_customers_page()
    {
        var contract = await app.AContractInForce();
        using var visitor = app.Browser("zh");
        var page = await visitor.Get("/");
        page.Text.ShouldContain("我的数据");
        page = await visitor.Get("/own-data");
        page = await visitor.Submit("继续", new Dictionary<string, string> { ["contractNumber"] = "", ["contact"] = contract.Mail });
        page.Status.ShouldBe(422);
        page = await visitor.Submit("继续", new Dictionary<string, string> { ["contractNumber"] = contract.Number, ["contact"] = contract.Mail });
        page.Path.ShouldEndWith("/code");
        page = await visitor.Submit("继续", new Dictionary<string, string> { ["code"] = await app.CodeFor(contract.Mail) });
        page.Path.ShouldEndWith("/data");
        page = await visitor.Get(page.Path + "-requests");
        page = await visitor.Submit("form[action$=data-requests] button", new Dictionary<string, string> { ["kind"] = "Object" });
        page.Path.ShouldContain("done=asked");
        page.Text.ShouldContain("G-2026-");
        (await visitor.Get("/own-data/none/data")).Status.ShouldBe(404);
        using (var stranger = app.Browser("zh"))
            (await stranger.Get(page.Path.Split('?')[0])).Path.ShouldEndWith("/code", Case.Sensitive, "a link that was seen opens nothing elsewhere");
        var inside = page.Path.Split("/data-requests")[0] + "/data";
        await visitor.Get(inside);
        page = await visitor.Submit("form[action$='/close'] button");
        page.Path.ShouldBe("/own-data");
        (await visitor.Get(inside)).Path.ShouldEndWith("/code");

        using var officer = await app.Browser(Role.DataOfficer);
        page = await officer.Get($"/customers/{contract.CustomerId}");
        page.Html.ShouldContain($"/customers/{contract.CustomerId}/data-request");
        page = await officer.Get($"/customers/{contract.CustomerId}/data-request");
        page = await officer.Submit("#record-form button", new Dictionary<string, string> { ["kind"] = "Access", ["words"] = "by letter" });
        page.Status.ShouldBe(422);
        page = await officer.Submit("#record-form button", new Dictionary<string, string> { ["kind"] = "Access", ["proof"] = "InPerson", ["words"] = "by letter" });
        page.Path.ShouldStartWith("/data-requests/");
        page.Text.ShouldContain("by letter");
        (await officer.Get("/customers/999999999/data-request")).Status.ShouldBe(404);
        using var technical = await app.Browser(Role.Technical);
        (await technical.Get($"/customers/{contract.CustomerId}/data-request")).Status.ShouldBe(403);
        // An agent takes a letter down and does not see what becomes of it; who calls to say that it is not theirs is heard at once.
        using var agent = await app.Browser(Role.Agent, language: "en");
        page = await agent.Get($"/customers/{contract.CustomerId}/data-request");
        page.Html.ShouldNotContain("ContactOnFile", Case.Sensitive, "a code is the customer's own");
        page = await agent.Submit("#record-form button", new Dictionary<string, string> { ["kind"] = "Correct", ["proof"] = "InPerson", ["phone"] = "13900001111" });
        page.Text.ShouldContain("Taken down");
        page.Text.ShouldNotContain("Granted, not begun");
        var (server, request) = await Newest();
        (await officer.Get($"/data-requests/{request}")).Text.ShouldContain("13900001111");
        await server.Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", new { });
        page = await agent.Get($"/customers/{contract.CustomerId}/data-request");
        page = await agent.Submit("#stop button");
        page.Text.ShouldContain("Nothing was erased or changed");
        page.Text.ShouldNotContain("Granted, not begun");
        await app.AdvanceDays(4);
        (await server.Ok(HttpMethod.Get, $"/api/data-requests/{request}")).GetProperty("result").GetString().ShouldBe("not-asked");
        (await ContactOf(contract.CustomerId))!.Phone.ShouldNotBe("13900001111");
        await app.With<AppDb>(async db =>
        {
            (await db.Texts.AnyAsync(t => t.Subject == contract.CustomerId && t.Kind == "correction")).ShouldBeFalse();
            (await db.Effects.Where(e => e.State == EffectState.Parked).Select(e => e.Key).ToListAsync()).ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task Who_never_had_a_contract_is_erased_whole_when_they_ask_and_who_has_one_is_not()
    {
        var contract = await app.AContractInForce();
        var officer = await app.SignIn(Role.DataOfficer);
        var running = await Deletion(contract.CustomerId);
        (await officer.Refused($"/api/data-requests/{running}/fulfilment", new { })).ShouldBe("data-request.end-first");

        var prospect = await AProspect("prospect-canary", "prospect@customer.example");
        var asked = await Deletion(prospect, "Authority", "letter of prospect-canary");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        await app.Drain();
        await app.AdvanceDays(1);
        app.Mails("prospect@customer.example").Count.ShouldBe(2, "receipt and answer");
        await app.With<KeyStore>(async keys =>
        {
            foreach (var dataClass in Enum.GetValues<DataClass>())
                (await keys.Find(prospect, dataClass, default)).ShouldBeNull($"{dataClass}");
        });
        var left = await app.With<AppDb, Customer>(db => db.Customers.AsNoTracking().SingleAsync(c => c.Id == prospect));
        (left.Profile, left.Contact, left.Identity, left.Payout).ShouldBe((null, null, null, null));
        left.ErasedAt.ShouldNotBeNull();
        (await app.PlacesWith("prospect-canary")).ShouldBeEmpty();
        (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{asked}")).GetProperty("state").GetString().ShouldBe("Fulfilled");

        // Who asks again afterwards is answered, and gets no key again.
        var again = (await officer.Ok(HttpMethod.Post, $"/api/customers/{prospect}/data-requests", new { kind = "Access", proof = "InPerson", words = "what is left of me" })).GetProperty("id").GetGuid();
        (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{again}")).TryGetProperty("words", out var kept).ShouldBe(kept.ValueKind == JsonValueKind.Null);
        await app.With<KeyStore>(async keys => (await keys.Find(prospect, DataClass.Case, default)).ShouldBeNull());
        await app.With<AppDb>(async db => (await db.Texts.AnyAsync(t => t.Subject == prospect)).ShouldBeFalse());
        await app.With<Features.Erasure.Remnants>(async remnants => (await remnants.Of(prospect, default)).ShouldBeEmpty());
    }

    [Fact]
    public async Task A_granted_deletion_waits_for_a_hold_that_came_meanwhile_and_then_goes_by_itself()
    {
        var customer = await AProspect("held-canary", "held@customer.example");
        var officer = await app.SignIn(Role.DataOfficer);
        var asked = await Deletion(customer);
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        var legal = await app.SignIn(Role.Legal);
        var hold = (await legal.Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds", new { reason = "Litigation" })).GetProperty("holdId").GetGuid();
        await app.AdvanceDays(3);
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldNotBeNull());

        await legal.Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds/{hold}/lifting");
        await officer.Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds/{hold}/lifting");
        await app.Drain();

        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldBeNull("it goes at once, not when it is looked at again"));
    }

    [Fact]
    public async Task A_granted_deletion_waits_for_a_claim_and_for_instalments_that_came_meanwhile()
    {
        var contract = await app.AContractInForce();
        var caseId = (await app.Applied(contract)).Id;
        await app.Drain();
        await app.With<AppDb>(db => db.Write(async ct =>
        {
            await db.Cases.Where(c => c.Id == caseId).ExecuteUpdateAsync(set => set.SetProperty(c => c.State, Core.Cases.CaseState.Closed), ct);
            return await db.Contracts.Where(c => c.Id == contract.ContractId).ExecuteUpdateAsync(set => set.SetProperty(c => c.State, Features.Contracts.ContractState.Ended), ct);
        }, default));
        var officer = await app.SignIn(Role.DataOfficer);
        var asked = await Deletion(contract.CustomerId);
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        var (claim, plan) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.Add(new Features.Claims.Claim { Id = claim, ContractId = contract.ContractId, Number = "CL-1", ReportedOn = new(2026, 3, 1), RecordedBy = "test" });
            db.Plans.Add(new Features.Settlements.Plan { Id = plan, OrderId = Guid.CreateVersion7(), CaseId = caseId, Price = 120_00, Currency = "CNY", MadeBy = "test", MadeAt = call.Now });
            db.Audit(call, "test.claim", $"contract:{contract.ContractId}");
            await db.SaveChangesAsync();
        });

        await app.AdvanceDays(3);

        (await Profile()).ShouldBeTrue("a claim is decided by what is known of them");
        await app.With<AppDb>(async db =>
        {
            var target = $"customer:{contract.CustomerId}";
            (await db.AuditLog.AnyAsync(a => a.Verb == "erasure.waits" && a.Target == target)).ShouldBeTrue();
        });
        await app.With<AppDb>(db => db.Write(ct => db.Set<Features.Claims.Claim>().Where(c => c.Id == claim).ExecuteUpdateAsync(set => set.SetProperty(c => c.ClosedOn, new DateOnly(2026, 3, 2)), ct), default));
        await app.AdvanceDays(2);
        (await Profile()).ShouldBeTrue("instalments are owed");
        await app.With<AppDb>(db => db.Write(ct => db.Plans.Where(p => p.Id == plan).ExecuteUpdateAsync(set => set.SetProperty(p => p.State, Features.Settlements.PlanState.Paid), ct), default));
        await app.AdvanceDays(2);
        (await Profile()).ShouldBeFalse("nothing holds it any more");

        Task<bool> Profile() => app.With<KeyStore, bool>(async keys => await keys.Find(contract.CustomerId, DataClass.Profile, default) is not null);
    }

    [Fact]
    public async Task An_erasure_waits_for_the_last_letter_while_the_mail_server_is_away()
    {
        var customer = await AnErasureBeforeItsLetter("slow mail", "slowmail@customer.example", TimeSpan.FromHours(2));
        app.Mails("slowmail@customer.example").Count.ShouldBe(1, "only the receipt");

        app.Advance(TimeSpan.FromHours(3));
        await app.Drain();
        await app.AdvanceDays(1);

        app.Mails("slowmail@customer.example")[^1].Links.ShouldContain(l => l.Contains("/erasure/", StringComparison.Ordinal));
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldBeNull());
        var link = app.Mails("slowmail@customer.example")[^1].Links.Single(l => l.Contains("/erasure/", StringComparison.Ordinal)).Split('/')[^1];
        (await app.Client("en").Ok(HttpMethod.Get, $"/api/erasure/{link}")).GetProperty("proof").GetString().ShouldBe("NothingLeft", "there was no trade");
    }

    [Fact]
    public async Task A_letter_that_goes_at_the_second_try_holds_an_erasure_up_for_moments_not_minutes()
    {
        var customer = await AnErasureBeforeItsLetter("second try", "secondtry@customer.example", TimeSpan.FromSeconds(4));

        app.Advance(TimeSpan.FromSeconds(5));
        await app.Drain();

        app.Mails("secondtry@customer.example")[^1].Links.ShouldContain(l => l.Contains("/erasure/", StringComparison.Ordinal));
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldBeNull());
    }

    [Fact]
    public async Task A_hold_on_a_customer_without_a_case_forbids_deletion_until_two_lift_it()
    {
        var customer = await AProspect("no case", "nocase@customer.example");
        var (officer, legal) = (await app.SignIn(Role.DataOfficer), await app.SignIn(Role.Legal));
        var path = $"/api/customers/{customer}/legal-holds";
        (await (await app.SignIn(Role.Agent)).Refused(path, new { reason = "Litigation" })).ShouldBe("not-allowed");
        (await legal.Refused(path, new { })).ShouldBe("required");
        (await legal.Refused("/api/customers/999999999/legal-holds", new { reason = "Litigation" })).ShouldBe("not-found");
        var hold = (await legal.Ok(HttpMethod.Post, path, new { reason = "Regulator" })).GetProperty("holdId").GetGuid();
        (await legal.Refused(path, new { reason = "Regulator" })).ShouldBe("legal-hold.placed-already");
        var asked = await Deletion(customer);
        (await officer.Refused($"/api/data-requests/{asked}/fulfilment", new { })).ShouldBe("legal-hold.stands");
        (await officer.Ok(HttpMethod.Get, "/api/legal-holds")).GetProperty("holds").EnumerateArray().ShouldContain(h => h.GetProperty("id").GetGuid() == hold);

        // On the pages: placed, seen in the list of all, lifted by the two.
        using (var page = await app.Browser(Role.Legal, language: "en"))
        {
            (await page.Get($"/customers/{customer}")).Html.ShouldContain($"/customers/{customer}/legal-holds");
            (await page.Get($"/customers/{customer}/legal-holds")).Text.ShouldContain("Order of a regulator");
            (await page.Submit("form[action$=legal-holds] button", new Dictionary<string, string> { ["reason"] = "" })).Status.ShouldBe(422);
            (await page.Submit("form[action$=legal-holds] button", new Dictionary<string, string> { ["reason"] = "Claim" })).Text.ShouldContain("Claim under way");
            (await page.Get("/legal-holds")).Text.ShouldContain($"K-{customer}");
        }
        await officer.Ok(HttpMethod.Post, $"{path}/{hold}/lifting");
        (await officer.Refused($"{path}/{hold}/lifting")).ShouldBe("legal-hold.lifted-by-two");
        await legal.Ok(HttpMethod.Post, $"{path}/{hold}/lifting");
        (await officer.Refused($"/api/data-requests/{asked}/fulfilment", new { })).ShouldBe("legal-hold.stands", "the other one stands");
        var other = (await legal.Ok(HttpMethod.Get, path)).EnumerateArray().Single(h => h.GetProperty("reason").GetString() == "Claim").GetProperty("id").GetGuid();
        await legal.Ok(HttpMethod.Post, $"{path}/{other}/lifting");
        await officer.Ok(HttpMethod.Post, $"{path}/{other}/lifting");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
    }

    [Fact]
    public async Task Who_took_a_deletion_down_does_not_grant_it_and_nobody_says_that_a_code_was_given()
    {
        var customer = await AProspect("two people", "twopeople@customer.example");
        var officer = await app.SignIn(Role.DataOfficer);
        var path = $"/api/customers/{customer}/data-requests";
        (await (await app.SignIn(Role.Technical)).Refused(path, new { kind = "Delete", proof = "InPerson" })).ShouldBe("not-allowed");
        (await officer.Refused(path, new { kind = "Delete", proof = "ContactOnFile" })).ShouldBe("data-request.proven-by-code");
        var own = (await officer.Ok(HttpMethod.Post, path, new { kind = "Delete", proof = "InPerson" })).GetProperty("id").GetGuid();
        (await officer.Refused($"/api/data-requests/{own}/fulfilment", new { })).ShouldBe("data-request.two-people");
        using (var page = await app.Browser(Role.DataOfficer, language: "en"))
            (await page.Get($"/data-requests/{own}")).Text.ShouldContain("You took this down yourself");
        // A new mail address leads to the codes: the same holds for it, not for a name.
        var correct = (await officer.Ok(HttpMethod.Post, path, new { kind = "Correct", proof = "InPerson", mail = "mine@thief.example" })).GetProperty("id").GetGuid();
        (await officer.Refused($"/api/data-requests/{correct}/fulfilment", new { name = "x" })).ShouldBe("data-request.two-people");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{correct}/refusal", new { reason = "identity-doubtful" });
        await app.With<AppDb>(async db => (await db.Texts.AnyAsync(t => t.Subject == customer && t.Kind == "correction")).ShouldBeFalse("what is refused is not kept"));
        var spelling = (await officer.Ok(HttpMethod.Post, path, new { kind = "Correct", proof = "InPerson", words = "spelling" })).GetProperty("id").GetGuid();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{spelling}/fulfilment", new { name = "two persons" });
        // The database says so as well.
        await app.With<AppDb>(async db =>
        {
            var row = await db.Set<Features.DataRequests.DataRequest>().SingleAsync(r => r.Id == own);
            (row.State, row.DecidedBy, row.BeginsAt) = (Features.DataRequests.DataRequestState.Fulfilled, row.ReceivedBy, app.Time.GetUtcNow());
            db.Audit(await app.SystemCall(), "test.alone", "data-request");
            await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());
        });
        await (await app.SignIn(Role.DataOfficer, name: "another")).Ok(HttpMethod.Post, $"/api/data-requests/{own}/fulfilment", new { });
    }

    [Fact]
    public async Task A_deletion_that_staff_took_down_begins_a_day_later_and_is_stopped_until_then()
    {
        var customer = await AProspect("not me", "notme@customer.example");
        var (officer, agent) = (await app.SignIn(Role.DataOfficer), await app.SignIn(Role.Agent));
        var asked = await Deletion(customer);
        (await agent.Refused($"/api/data-requests/{asked}/stop")).ShouldBe("data-request.nothing-to-stop", "it is not granted");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        app.Advance(TimeSpan.FromMinutes(30));
        await app.Drain();
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldNotBeNull("a day, not half an hour"));
        await agent.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/stop");
        (await agent.Refused($"/api/data-requests/{asked}/stop")).ShouldBe("data-request.nothing-to-stop");
        await app.AdvanceDays(3);
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldNotBeNull());
        app.Mails("notme@customer.example")[^1].Text.ShouldContain("未删除");
        var shown = await officer.Ok(HttpMethod.Get, $"/api/data-requests/{asked}");
        (shown.GetProperty("state").GetString(), shown.GetProperty("result").GetString()).ShouldBe(("Refused", "not-asked"));

        // The link of the letter stops it too, once; a second request is granted and goes.
        var again = await Deletion(customer);
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{again}/fulfilment", new { });
        await app.Drain();
        var link = app.Mails("notme@customer.example")[^1].Links.Single(l => l.Contains("/erasure/", StringComparison.Ordinal)).Split('/')[^1];
        using (var visitor = app.Browser("en"))
        {
            (await visitor.Get($"/erasure/{link}")).Text.ShouldContain("I did not ask for this");
            var page = await visitor.Submit("form[action$='/stop'] button");
            page.Text.ShouldContain("stopped before it began");
            page.Text.ShouldNotContain("I did not ask for this");
        }
        (await app.Client("en").Refused($"/api/erasure/{link}/stop")).ShouldBe("data-request.nothing-to-stop");
        (await app.Client("en").Refused($"/api/erasure/{new string('A', link.Length)}/stop")).ShouldBe("not-found");
        await app.AdvanceDays(2);
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldNotBeNull());
        var third = await Deletion(customer);
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{third}/fulfilment", new { });
        await app.AdvanceDays(2);
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldBeNull());
        (await agent.Refused($"/api/data-requests/{third}/stop")).ShouldBe("data-request.nothing-to-stop", "it is done");
    }

    [Fact]
    public async Task Lifting_a_hold_does_not_cut_the_day_short()
    {
        var customer = await AProspect("patient", "patient@customer.example");
        var (officer, legal) = (await app.SignIn(Role.DataOfficer), await app.SignIn(Role.Legal));
        var asked = await Deletion(customer);
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        foreach (var reason in new[] { "Litigation", "Claim", "Regulator" })
        {
            var hold = (await legal.Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds", new { reason })).GetProperty("holdId").GetGuid();
            await legal.Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds/{hold}/lifting");
            await officer.Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds/{hold}/lifting");
            app.Advance(TimeSpan.FromMinutes(30));
            await app.Drain();
            await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldNotBeNull());
        }
        await app.AdvanceDays(2);
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldBeNull());
    }

    [Fact]
    public async Task Who_asks_to_be_erased_is_only_stored_at_once_and_no_longer_when_that_is_refused_or_stopped()
    {
        var contract = await app.AContractInForce();
        var visitor = app.Client("zh");
        var token = (await visitor.Ok(HttpMethod.Post, "/api/own-data", new { contractNumber = contract.Number, contact = contract.Mail })).GetProperty("token").GetString();
        visitor.DefaultRequestHeaders.Add("Own-Data-Session", (await visitor.Ok(HttpMethod.Post, $"/api/own-data/{token}/code", new { code = await app.CodeFor(contract.Mail) })).GetProperty("session").GetString());
        var path = $"/api/own-data/{token}/data-requests";
        await visitor.Ok(HttpMethod.Post, path, new { kind = "Delete" });
        (await Restricted()).ShouldBeFalse("the contract needs the data");
        var (officer, first) = await Newest();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{first}/refusal", new { reason = "contract-running" });

        await State(Features.Contracts.ContractState.Ended);
        await visitor.Ok(HttpMethod.Post, path, new { kind = "Delete" });
        (await Restricted()).ShouldBeTrue();
        var (_, second) = await Newest();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{second}/refusal", new { reason = "identity-doubtful" });
        (await Restricted()).ShouldBeFalse();

        // Granted: they stop it themselves; who would rather keep them does not.
        await visitor.Ok(HttpMethod.Post, path, new { kind = "Delete" });
        var (_, third) = await Newest();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{third}/fulfilment", new { });
        (await Restricted()).ShouldBeTrue();
        (await (await app.SignIn(Role.Agent)).Refused($"/api/data-requests/{third}/stop")).ShouldBe("data-request.own-wish");
        var line = (await visitor.Ok(HttpMethod.Get, path))[0];
        line.GetProperty("beginsAt").ValueKind.ShouldBe(JsonValueKind.String);
        (await visitor.Refused($"{path}/G-1999-000001/stop")).ShouldBe("not-found");
        await visitor.Ok(HttpMethod.Post, $"{path}/{line.GetProperty("number").GetString()}/stop");
        (await Restricted()).ShouldBeFalse();
        await app.AdvanceDays(1);
        await app.With<KeyStore>(async keys => (await keys.Find(contract.CustomerId, DataClass.Profile, default)).ShouldNotBeNull());

        // Granted, and then they come back: it is off, they are told, and nothing holds their data.
        await visitor.Ok(HttpMethod.Post, path, new { kind = "Delete" });
        var (_, fourth) = await Newest();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{fourth}/fulfilment", new { });
        await State(Features.Contracts.ContractState.InForce);
        await app.AdvanceDays(1);
        await app.With<KeyStore>(async keys => (await keys.Find(contract.CustomerId, DataClass.Profile, default)).ShouldNotBeNull());
        var shown = await officer.Ok(HttpMethod.Get, $"/api/data-requests/{fourth}");
        (shown.GetProperty("state").GetString(), shown.GetProperty("result").GetString()).ShouldBe(("Refused", "contract-running"));
        (await Restricted()).ShouldBeFalse();

        Task<bool> Restricted() => app.With<AppDb, bool>(db => db.Customers.AnyAsync(c => c.Id == contract.CustomerId && c.RestrictedAt != null));

        Task State(Features.Contracts.ContractState state) =>
            app.With<AppDb>(db => db.Write(ct => db.Contracts.Where(c => c.Id == contract.ContractId).ExecuteUpdateAsync(set => set.SetProperty(c => c.State, state), ct), default));
    }

    [Fact]
    public async Task What_a_case_left_goes_when_a_granted_deletion_begins()
    {
        var it = await app.ASettledCase();
        var (reference, amount) = await it.Order();
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await app.Drain();
        await app.With<AppDb>(async db => (await db.Customers.SingleAsync(c => c.Id == it.Contract.CustomerId)).ErasedAt.ShouldNotBeNull());
        // The case closes, and its aftercare still needs the contact.
        await app.With<AppDb>(db => db.Write(ct => db.Cases.Where(c => c.Id == it.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.State, Core.Cases.CaseState.Closed), ct), default));
        var asked = await Deletion(it.Contract.CustomerId);
        var officer = await app.SignIn(Role.DataOfficer);
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{asked}")).GetProperty("result").GetString().ShouldBe("done-delete-held");
        app.Advance(TimeSpan.FromMinutes(5));
        await app.Drain();
        app.Mails(it.Contract.Mail)[^1].Text.ShouldContain("/follow", Case.Sensitive, "there it can be stopped");
        await app.AdvanceDays(2);
        await app.With<KeyStore>(async keys => (await keys.Find(it.Contract.CustomerId, DataClass.Contact, default)).ShouldBeNull());
        (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{asked}")).GetProperty("result").GetString().ShouldBe("done-delete");
        (await (await app.SignIn(Role.Agent)).Refused($"/api/data-requests/{asked}/stop")).ShouldBe("data-request.nothing-to-stop");
        await app.With<AppDb>(async db => (await db.Effects.Where(e => e.State == EffectState.Parked).Select(e => e.Key).ToListAsync()).ShouldBeEmpty());
    }

    [Fact]
    public async Task Every_effect_has_somebody_who_carries_it_out() =>
        await app.With<IServiceProvider>(services =>
        {
            var known = services.GetRequiredService<IServiceProviderIsService>();
            typeof(IEffect).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IEffect)) && !known.IsService(t)).Select(t => t.Name).ShouldBeEmpty();
            return Task.CompletedTask;
        });

    [Fact]
    public async Task Another_mail_address_counts_after_three_days_and_the_old_one_can_stop_it()
    {
        var contract = await app.AContractInForce();
        var officer = await app.SignIn(Role.DataOfficer);
        var correct = await Recorded(contract.CustomerId, "Correct", mail: "thief-canary@thief.example");
        (await officer.Refused($"/api/data-requests/{correct}/fulfilment", new { address = "new road 3" })).ShouldBe("data-request.contact-alone", "what can be stopped is stopped whole");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{correct}/fulfilment", new { });
        await app.Drain();
        app.Mails(contract.Mail)[^1].Text.ShouldContain("/own-data");
        app.Mails("thief-canary@thief.example").ShouldBeEmpty();
        (await MailOf(contract.CustomerId)).ShouldBe(contract.Mail);
        (await app.PlacesWith("thief-canary")).ShouldBeEmpty("sealed while it waits");

        // By the old address they come to their data, and stop it.
        using var visitor = app.Browser("en");
        await visitor.Get("/own-data");
        await visitor.Submit("form button", new Dictionary<string, string> { ["contractNumber"] = contract.Number, ["contact"] = contract.Mail });
        var page = await visitor.Submit("form button", new Dictionary<string, string> { ["code"] = await app.CodeFor(contract.Mail) });
        await visitor.Get(page.Path + "-requests");
        page = await visitor.Submit("form[action$='/stop'] button");
        page.Text.ShouldContain("Nothing was erased or changed");
        await app.With<AppDb>(async db => (await db.Texts.AnyAsync(t => t.Subject == contract.CustomerId && t.Kind == "correction")).ShouldBeFalse("it is kept no longer"));
        // Their own wish goes the same way.
        page = await visitor.Submit("form[action$=data-requests] button", new Dictionary<string, string> { ["kind"] = "Correct", ["mail"] = "no mail" });
        page.Status.ShouldBe(422);
        page = await visitor.Submit("form[action$=data-requests] button", new Dictionary<string, string> { ["kind"] = "Correct", ["mail"] = "mine@customer.example" });
        page.Path.ShouldContain("done=asked");
        var (_, own) = await Newest();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{own}/fulfilment", new { });
        await app.AdvanceDays(2);
        (await MailOf(contract.CustomerId)).ShouldBe(contract.Mail);
        await app.AdvanceDays(2);
        (await MailOf(contract.CustomerId)).ShouldBe("mine@customer.example");
        (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{own}")).GetProperty("result").GetString().ShouldBe("done-correct");
    }

    [Fact]
    public async Task Of_whom_there_was_trade_the_contact_goes_and_the_rest_stays_as_long_as_the_law_says()
    {
        var customer = await AProspect("trade-canary", "trader@customer.example");
        var today = await app.With<Clocks, DateOnly>(c => Task.FromResult(Clocks.DateIn(c.BusinessNow, "Asia/Shanghai")));
        await app.With<IServiceProvider>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            await services.GetRequiredService<Features.Facts.FactBook>().Tell("test", [(customer, "F-1", new Exeunt.Core.Activity.Fact(Exeunt.Core.Activity.FactKind.Order, today.AddDays(-40), 10_00, "F-1"))], DateTimeOffset.UnixEpoch, default);
            db.Audit(await app.SystemCall(), "test.facts", "facts");
            await db.SaveChangesAsync();
        });
        var officer = await app.SignIn(Role.DataOfficer);
        // Nobody without a contract can come to their data by themselves: the package is made by staff, also after the answer.
        var access = (await officer.Ok(HttpMethod.Post, $"/api/customers/{customer}/data-requests", new { kind = "Access", proof = "InPerson" })).GetProperty("id").GetGuid();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{access}/fulfilment", new { });
        (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{access}")).GetProperty("result").GetString().ShouldBe("done-sent");
        using (var zipped = await officer.PostAsync($"/api/data-requests/{access}/package", null))
            zipped.IsSuccessStatusCode.ShouldBeTrue();
        // Mail and phone are corrected without a case; the answer goes to the old address.
        foreach (var unfit in new[] { "no mail", "Bob <bob@customer.example>" })
            (await officer.Refused($"/api/customers/{customer}/data-requests", new { kind = "Correct", proof = "InPerson", mail = unfit })).ShouldBe("data-request.no-mail");
        (await officer.Refused($"/api/customers/{customer}/data-requests", new { kind = "Correct", proof = "InPerson", phone = "call me" })).ShouldBe("data-request.no-phone");
        (await officer.Refused($"/api/customers/{customer}/data-requests", new { kind = "Access", proof = "InPerson", mail = "a@b.example" })).ShouldBe("data-request.only-corrected");
        var correct = await Recorded(customer, "Correct", mail: "moved@customer.example");
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{correct}/fulfilment", new { });
        await app.Drain();
        app.Mails("trader@customer.example").Count.ShouldBe(4, "two receipts, two answers");
        (await MailOf(customer)).ShouldBe("trader@customer.example", "three days for whoever holds the old one");
        await app.AdvanceDays(4);
        (await MailOf(customer)).ShouldBe("moved@customer.example");
        await app.With<AppDb>(async db => (await db.Texts.AnyAsync(t => t.Subject == customer && t.Kind == "correction")).ShouldBeFalse());

        var asked = await Deletion(customer);
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        await app.AdvanceDays(2);
        await app.With<KeyStore>(async keys =>
        {
            foreach (var (dataClass, gone) in new[] { (DataClass.Profile, true), (DataClass.Contact, true), (DataClass.Case, false) })
                ((await keys.Find(customer, dataClass, default)) is null).ShouldBe(gone, $"{dataClass}");
        });
        await app.With<AppDb>(async db =>
        {
            (await db.Facts.CountAsync(f => f.CustomerId == customer)).ShouldBe(1, "kept by law");
            (await db.Effects.Where(e => e.State == EffectState.Waiting && e.Kind == "retention.anonymise" && e.Key.Contains($"|{customer}|")).Select(e => e.DueAt).SingleAsync())
                .ShouldBe(Clocks.StartOf(Core.Retention.RetentionSchedule.Of(Core.Retention.DataCategory.Transactions, [], today.AddDays(-40)).Until!.Value.AddDays(1), Clocks.CompanyZone));
            (await db.Effects.Where(e => e.State == EffectState.Parked).ToListAsync()).ShouldNotContain(e => e.Key.Contains($"|{customer}|", StringComparison.Ordinal), "searched again, nothing found");
            (await db.AuditLog.CountAsync(a => a.Verb == "erasure.verified" && a.Target == $"customer:{customer}")).ShouldBe(1);
        });

        // The last mail has a link, behind which the signed certificate lies: what went, what stays, under which request.
        var last = app.Mails("moved@customer.example")[^1];
        var link = last.Links.Single(l => l.Contains("/erasure/", StringComparison.Ordinal)).Split('/')[^1];
        var visitor = app.Client("en");
        var seen = await visitor.Ok(HttpMethod.Get, $"/api/erasure/{link}");
        seen.GetProperty("erasedAt").ValueKind.ShouldBe(JsonValueKind.String);
        var serial = seen.GetProperty("certificates").EnumerateArray().Single().GetProperty("serial").GetString()!;
        var pdf = await visitor.GetByteArrayAsync(new Uri($"/api/erasure/{link}/certificates/{serial}", UriKind.Relative));
        var number = (await officer.Ok(HttpMethod.Get, $"/api/data-requests/{asked}")).GetProperty("number").GetString()!;
        if (Tool.Run(output, "pdftotext", "-layout", Tool.File(pdf), "-") is { } text)
        {
            text.ShouldContain(number);
            text.ShouldNotContain("trade-canary", Case.Insensitive, "a link alone shows no name");
        }
        (await visitor.Ok(HttpMethod.Get, $"/api/certificates/{serial}")).GetProperty("state").GetString().ShouldBe("valid");
        (await visitor.GetAsync($"/api/erasure/{new string('A', link.Length)}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await (app.Browser("zh")).Get($"/erasure/{link}")).Text.ShouldContain("数据删除证明");
        (await officer.GetByteArrayAsync(new Uri($"/api/data-requests/{asked}/certificates/{serial}", UriKind.Relative))).ShouldBe(pdf, "for a letter");
        (await (await app.Browser(Role.DataOfficer, language: "en")).Get("/proof")).Text.ShouldContain(serial);
        await officer.Ok(HttpMethod.Post, $"/api/certificates/{serial}/correction", new { reason = "data-wrong" });
        await app.Drain();
        (await visitor.Ok(HttpMethod.Get, $"/api/certificates/{serial}")).GetProperty("state").GetString().ShouldBe("superseded");
        var mended = (await visitor.Ok(HttpMethod.Get, $"/api/erasure/{link}")).GetProperty("certificates").EnumerateArray().Single().GetProperty("serial").GetString()!;
        mended.ShouldNotBe(serial);

        // What is kept is locked: no name, no months, no orders on the page; their own file says until when.
        var until = Core.Retention.RetentionSchedule.Of(Core.Retention.DataCategory.Contract, [], today.AddDays(-40)).Until!.Value;
        var page = (await (await app.Browser(Role.Supervisor, language: "en")).Get($"/customers/{customer}")).Text;
        page.ShouldContain($"locked until {until:yyyy-MM-dd}");
        page.ShouldNotContain(Mask.Name("trade-canary"));
        page.ShouldNotContain("10.00");
        await app.With<AppDb>(async db =>
        {
            var rows = await db.Set<Features.Erasure.RetainedRow>().AsNoTracking().Where(r => r.CustomerId == customer).ToListAsync();
            rows.ShouldAllBe(r => r.CaseId == null);
            rows.Single(r => r.Category == Core.Retention.DataCategory.Contract).Until.ShouldBe(until);
            rows.Single(r => r.Category == Core.Retention.DataCategory.Profile).DoneAt.ShouldNotBeNull();
        });

        // When the last day is over the name goes, the facts become sums, and it is searched again.
        await app.With<Clocks>(c => { c.Offset += TimeSpan.FromDays(until.DayNumber - today.DayNumber + 2); return Task.CompletedTask; });
        await app.Drain();
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Case, default)).ShouldBeNull());
        await app.With<AppDb>(async db =>
        {
            (await db.AuditLog.CountAsync(a => a.Verb == "erasure.verified" && a.Target == $"customer:{customer}")).ShouldBe(3);
            (await db.Facts.AnyAsync(f => f.CustomerId == customer)).ShouldBeFalse();
            (await db.Set<Features.Erasure.RetainedRow>().AsNoTracking().SingleAsync(r => r.CustomerId == customer && r.Category == Core.Retention.DataCategory.Transactions)).DoneAt.ShouldNotBeNull();
        });
        await app.With<Clocks>(c => { c.Offset -= TimeSpan.FromDays(until.DayNumber - today.DayNumber + 2); return Task.CompletedTask; });
    }

    /// <summary>Where they live, where their order was, how many years after its own the vouchers go, and by which rule.</summary>
    [Theory]
    [InlineData(null, "DE", 10, "DE-BOOKS")]
    [InlineData("DE", "DE", 10, "DE-BOOKS")]
    [InlineData("DE", "CN", 30, "CN-VOUCHERS")]
    [InlineData(null, "CN", 30, "CN-VOUCHERS")]
    public async Task Where_the_orders_were_says_too_how_long_the_vouchers_stay(string? country, string place, int years, string rule)
    {
        var customer = await AProspect("shopper", $"shopper-{country ?? "none"}-{place}@customer.example");
        var on = (await app.SystemCall()).Today(Clocks.CompanyZone).AddDays(-40);
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == customer)).Country = country;
            db.Orders.Add(new Features.Orders.Order { Id = Guid.CreateVersion7(), CustomerId = customer, Currency = "CNY", OrderedOn = on, Zone = "Asia/Shanghai", Jurisdiction = place, Location = "MAIN" });
            db.Audit(await app.SystemCall(), "test.order", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
        var asked = await Deletion(customer);
        await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });

        await app.AdvanceDays(2);

        var until = new DateOnly(on.Year + years, 12, 31);
        await app.With<AppDb>(async db =>
        {
            var row = await db.Set<Features.Erasure.RetainedRow>().AsNoTracking().SingleAsync(r => r.CustomerId == customer && r.Category == Core.Retention.DataCategory.Vouchers);
            (row.Until, row.Rule).ShouldBe((until, rule));
            (await db.Effects.SingleAsync(e => e.Kind == "erase.class" && e.Key.StartsWith($"erase|{customer}|{DataClass.Legal}|"))).DueAt.ShouldBe(Clocks.StartOf(until.AddDays(1), Clocks.CompanyZone));
        });
    }

    [Fact]
    public async Task The_pages_say_it_in_both_languages_and_people_see_what_is_due()
    {
        var contract = await app.AContractInForce(language: "en");
        var (customer, id, token) = await app.Applied(contract);
        var due = DateOnly.Parse((await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/data-requests", new { kind = "Access" })).GetProperty("dueOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (language, words) in new[] { ("en", "Requests about personal data"), ("zh", "个人信息权利请求") })
        {
            var page = await app.Browser(Role.DataOfficer, language: language);
            (await page.Get("/data-requests")).Text.ShouldContain(words);
            (await page.Get("/today")).Text.ShouldContain("G-2026-");
            (await page.Get($"/cases/{id}")).Text.ShouldContain(language == "en" ? "Take down a request" : "登记个人信息请求");
        }
        var today = await app.With<Clocks, DateOnly>(c => Task.FromResult(Clocks.DateIn(c.BusinessNow, "Asia/Shanghai")));
        await app.AdvanceDays(due.DayNumber - today.DayNumber - 4);
        var (officer, request) = await Newest();
        var row = (await officer.Ok(HttpMethod.Get, "/api/data-requests")).GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("id").GetGuid() == request);
        row.GetProperty("pressing").GetBoolean().ShouldBeTrue();
        await app.AdvanceDays(5);
        row = (await officer.Ok(HttpMethod.Get, "/api/data-requests")).GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("id").GetGuid() == request);
        row.GetProperty("overdue").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_due_first_stands_first_however_many_came_after_it()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var customer = (await own.AContractInForce()).CustomerId;
        const int many = Features.DataRequests.ListDataRequests.PageSize + 5;
        await own.With<AppDb>(async db =>
        {
            for (var i = 1; i <= many; i++)
                db.Add(new Features.DataRequests.DataRequest
                {
                    Id = Guid.CreateVersion7(), Serial = 1000 + i, Number = $"G-2026-{i:D6}", CustomerId = customer, Kind = Core.DataRequests.DataRequestKind.Access, Proof = Features.DataRequests.DataRequestProof.InPerson,
                    Law = Core.DataRequests.DataRequestLaw.China, ReceivedAt = DateTimeOffset.UnixEpoch, ReceivedBy = "system", DueOn = new DateOnly(2026, 4, 1).AddDays(i == 1 ? 0 : i / 2),
                });
            db.Audit(await own.SystemCall(), "test.requests", "customer");
            await db.SaveChangesAsync();
        });
        using var officer = await own.SignIn(Role.DataOfficer);

        var first = await officer.Ok(HttpMethod.Get, "/api/data-requests");
        var second = await officer.Ok(HttpMethod.Get, $"/api/data-requests?after={first.GetProperty("next").GetInt64()}");

        var numbers = first.GetProperty("rows").EnumerateArray().Concat(second.GetProperty("rows").EnumerateArray()).Select(r => r.GetProperty("number").GetString()!).ToList();
        numbers[0].ShouldBe("G-2026-000001");
        numbers.ShouldBe(Enumerable.Range(1, many).Select(i => $"G-2026-{i:D6}"), "each once, by the day it is due");
    }

    private Task Mail(long customer, string mail) => app.With<IServiceProvider>(async services =>
    {
        var (db, vault) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>());
        var row = await db.Customers.SingleAsync(c => c.Id == customer);
        var contact = await vault.Open<CustomerContact>(row.Id, DataClass.Contact, CustomerTable.ContactPlace, row.Row, row.Contact, default);
        row.Contact = await vault.Seal(row.Id, DataClass.Contact, CustomerTable.ContactPlace, row.Row, contact! with { Mail = mail }, default);
        db.Audit(await app.SystemCall(), "test.mail", $"customer:{customer}");
        await db.SaveChangesAsync();
    });

    /// <summary>Somebody whose erasure was granted and is due, while the last letter can only be sent some time later.</summary>
    private async Task<long> AnErasureBeforeItsLetter(string name, string address, TimeSpan later)
    {
        var customer = await AProspect(name, address);
        var officer = await app.SignIn(Role.DataOfficer);
        var asked = await Deletion(customer);
        await app.Drain();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        await app.With<AppDb>(async db =>
        {
            foreach (var mail in await db.Effects.Where(e => e.Kind == "mail.send" && e.State == EffectState.Waiting).ToListAsync())
                mail.DueAt += later;
            db.Audit(await app.SystemCall(), "test.mail-away", "mail");
            await db.SaveChangesAsync();
        });
        await app.AdvanceDays(1);
        await app.With<KeyStore>(async keys => (await keys.Find(customer, DataClass.Profile, default)).ShouldNotBeNull());
        return customer;
    }

    /// <summary>A deletion that an agent took down: who did that does not grant it.</summary>
    private Task<Guid> Deletion(long customer, string proof = "InPerson", string? words = null) => Recorded(customer, "Delete", proof, words);

    private async Task<Guid> Recorded(long customer, string kind, string proof = "InPerson", string? words = null, string? mail = null) =>
        (await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/customers/{customer}/data-requests", new { kind, proof, words, mail })).GetProperty("id").GetGuid();

    private async Task<string?> MailOf(long customer) => (await ContactOf(customer))?.Mail;

    private Task<CustomerContact?> ContactOf(long customer) =>
        app.With<IServiceProvider, CustomerContact?>(async services =>
        {
            var row = await services.GetRequiredService<AppDb>().Customers.AsNoTracking().SingleAsync(c => c.Id == customer);
            return await services.GetRequiredService<Vault>().Open<CustomerContact>(customer, DataClass.Contact, CustomerTable.ContactPlace, row.Row, row.Contact, default);
        });

    /// <summary>A customer with whom there never was a contract.</summary>
    private async Task<long> AProspect(string name, string mail)
    {
        var made = await app.AContractInForce();
        await app.With<IServiceProvider>(async services =>
        {
            var (db, vault) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>());
            db.Contracts.Remove(await db.Contracts.SingleAsync(c => c.Id == made.ContractId));
            var customer = await db.Customers.SingleAsync(c => c.Id == made.CustomerId);
            customer.Identity = await vault.Seal(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, new CustomerIdentity(name), default);
            customer.Contact = await vault.Seal(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, new CustomerContact(mail, null, null), default);
            db.Audit(await app.SystemCall(), "test.prospect", $"customer:{customer.Id}");
            await db.SaveChangesAsync();
        });
        return made.CustomerId;
    }

    private async Task<(HttpClient Officer, Guid Id)> Newest()
    {
        var officer = await app.SignIn(Role.DataOfficer);
        return (officer, await app.With<AppDb, Guid>(db => db.Set<Features.DataRequests.DataRequest>().OrderByDescending(r => r.Serial).Select(r => r.Id).FirstAsync()));
    }

    private async Task<(int Code, string Words)> Verified(byte[] package, string trust)
    {
        using var said = new StringWriter();
        var code = await OwnDataCommand.Run(["verify", Tool.File(package), "--trust", trust], app.Options, said, said, default);
        return (code, said.ToString().Trim());
    }

    /// <summary>The package with one of its files changed, taken out, or put in.</summary>
    private static byte[] Changed(byte[] package, string name, Func<byte[], byte[]?> change)
    {
        using var stream = new MemoryStream();
        stream.Write(package);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var before = new MemoryStream();
            if (zip.GetEntry(name) is { } entry)
            {
                using (var inside = entry.Open())
                    inside.CopyTo(before);
                entry.Delete();
            }
            if (change(before.ToArray()) is { } after)
            {
                using var written = zip.CreateEntry(name).Open();
                written.Write(after);
            }
        }
        return stream.ToArray();
    }

    private Task<bool> Evaluated(long customer) => app.With<Storage, bool>(async storage => EvaluateCustomers.Run(await LoadBase.Run(storage, withLines: false, default), new(2026, 3, 16)).Exists(c => c.Id == customer));

    public sealed class OnSqlite(SqliteApp app, ITestOutputHelper output) : DataRequestTests(app, output), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app, ITestOutputHelper output) : DataRequestTests(app, output), IClassFixture<PostgresApp>;
}
