using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.LegalPages;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.App.Tests.Procedures;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.LegalPages;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.LegalPages;

/// <summary>The pages that a law prescribes, as a customer without JavaScript and without an account meets them.</summary>
public abstract class LegalPagesTests(ExeuntApp app)
{
    [Fact]
    public async Task Germany_two_buttons_five_things_a_receipt_at_once()
    {
        using var browser = app.Browser("en");
        var entry = await browser.Get("/end/germany");
        entry.Of("a.entry").ShouldBe("Verträge hier kündigen");
        var form = await browser.Follow("a.entry");
        Asked(form).ShouldBe(["kind", "words", "name", "contractNumber", "choice", "endsOn", "contact"]);
        form.All("main button").ShouldBe(["jetzt kündigen"]);
        form.All("main form").Count.ShouldBe(1);

        // What is missing is said in the page's language, and nothing that was typed is lost.
        form = await browser.Submit("jetzt kündigen", new { name = "Erika Muster", contractNumber = "HT-1", contact = "erika", choice = "other", endsOn = "2026-12-31" });
        form.Status.ShouldBe(422);
        form.Of("#f-contact-error")!.ShouldBe("Bitte eine E-Mail-Adresse oder eine Telefonnummer angeben.");
        form.Html.ShouldContain("Erika Muster");

        var receipt = await browser.Submit("jetzt kündigen", new { contact = "erika@muster.example" });
        receipt.Path.ShouldStartWith("/end/germany/receipt/");
        receipt.Of("h1").ShouldBe("Ihre Kündigung ist eingegangen");
        receipt.Of(".receipt strong")!.ShouldMatch(@"^T-2026-\d{6}$");
        receipt.Of(".receipt time")!.ShouldContain("16.03.2026 03:00:00 UTC+01:00 (Europe/Berlin)");
        receipt.Text.ShouldContain("31.12.2026");
        var number = receipt.Of(".receipt strong")!;

        // The same on a durable medium, as file and by mail, at once.
        var file = await browser.Get(receipt.Path + "/text");
        foreach (var words in new[] { number, "16.03.2026 03:00:00", "jetzt kündigen", "Erika Muster", "HT-1", "Ordentliche Kündigung", "Der Vertrag soll enden: 31.12.2026" })
            file.Text.ShouldContain(words);
        await app.Drain();
        var mail = app.Mails("erika@muster.example").Single();
        mail.Subject.ShouldBe($"Bestätigung Ihrer Kündigung {number}");
        Words(mail.Text).ShouldBe(Words(file.Text));
    }

    [Fact]
    public async Task Germany_a_good_cause_needs_its_reason_and_is_kept_as_declared()
    {
        using var browser = app.Browser("zh-CN");
        await browser.Get("/end/germany/form?in=zh");
        browser.Page.Text.ShouldContain("重大事由");
        browser.Page.Of("main button")!.ShouldContain("jetzt kündigen");
        var no = await browser.Submit("button.confirm-words", new { name = "Max", contractNumber = "HT-2", contact = "max@muster.example", kind = "good-cause" });
        no.Status.ShouldBe(422);
        no.Of("#f-words-error")!.ShouldContain("重大事由");
        var receipt = await browser.Submit("button.confirm-words", new { words = "Seit drei Wochen kein Netz." });
        receipt.Text.ShouldContain("Seit drei Wochen kein Netz.");
        (await CaseOf(receipt)).Declared.ShouldBe(Ground.Fundamental);
    }

    [Fact]
    public async Task France_three_clicks_with_a_summary_that_can_be_gone_back_from()
    {
        using var browser = app.Browser("en");
        (await browser.Get("/end/france")).Of("a.entry").ShouldBe("résilier votre contrat");
        await browser.Follow("a.entry");
        var recap = await browser.Submit("Continuer", new { name = "Zoé Dupont", contractNumber = "HT-3", contact = "zoe@exemple.example" });
        recap.Of("h1").ShouldBe("Récapitulatif");
        recap.Text.ShouldContain("Zoé Dupont");
        (await app.With<AppDb, int>(db => db.Cases.CountAsync(c => c.Page == "france 1"))).ShouldBe(0);
        var again = await browser.Submit("Modifier");
        again.Html.ShouldContain("zoe@exemple.example");
        await browser.Submit("Continuer", new { choice = "other", endsOn = "2026-05-01" });
        var receipt = await browser.Submit("notification de la résiliation");
        receipt.Of("h1").ShouldBe("Votre résiliation a été reçue");
        receipt.Text.ShouldContain("01/05/2026");
        (await CaseOf(receipt)).WishedOn.ShouldBe(new DateOnly(2026, 5, 1));
    }

    [Fact]
    public async Task California_the_button_stands_beside_the_offer_all_the_time()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await Publish(own, BuiltInPages.California with { Version = 2, Offer = new(OfferPlace.BesideEntry, new("Half price for three months", "Half price for three months", "三个月半价")) });
        using var browser = own.Browser("en");
        var entry = await browser.Get("/end/california");
        entry.Of(".offer-beside").ShouldBe("Half price for three months");
        entry.Of("a.entry").ShouldBe("Cancel my subscription");
        var form = await browser.Follow("a.entry");
        form.Html.ShouldNotContain("Half price");
        (await browser.Submit("Click to cancel", new { name = "Ann", contractNumber = "HT-4", contact = "ann@sample.example" })).Of("h1").ShouldBe("Your cancellation has arrived");
    }

    [Fact]
    public async Task A_real_and_an_invented_contract_give_equal_pages()
    {
        var real = await app.AContract(jurisdiction: "DE");
        async Task<string> Walk(string contract, string contact)
        {
            using var browser = app.Browser("en");
            await browser.Get("/end/germany/form");
            var receipt = await browser.Submit("jetzt kündigen", new { name = "Erika Muster", contractNumber = contract, contact });
            var progress = await browser.Get("/progress/" + receipt.Path.Split('/')[^1]);
            return System.Text.RegularExpressions.Regex.Replace((receipt.Text + progress.Text).Replace(contract, "N").Replace(contact, "C"), @"T-2026-\d{6}", "T");
        }
        (await Walk("HT-2024-111111", "nobody999999@world.example")).Length.ShouldBeGreaterThan(400);
        (await Walk("HT-2024-111112", "nobody999998@world.example")).ShouldBe(await Walk(real.Number, real.Mail));
    }

    [Fact]
    public async Task A_second_click_gives_the_first_receipt()
    {
        using var browser = app.Browser("en");
        await browser.Get("/end/germany/form");
        var form = browser.Page;
        var fields = new { name = "Erika", contractNumber = "HT-5", contact = "twice@muster.example" };
        var first = await browser.Submit("jetzt kündigen", fields);
        await browser.Get("/end/germany/form");
        var once = form.Find<AngleSharp.Html.Dom.IHtmlInputElement>("input[name=once]")!.Value;
        var second = await browser.Submit("jetzt kündigen", new { fields.name, fields.contractNumber, fields.contact, once });
        second.Path.ShouldBe(first.Path);
        // The same page with another contract in it is another declaration, not a refusal that never ends.
        await browser.Get("/end/germany/form");
        var corrected = await browser.Submit("jetzt kündigen", new { fields.name, contractNumber = "HT-6", fields.contact, once });
        corrected.Status.ShouldBe(200);
        corrected.Path.ShouldContain("/receipt/");
        corrected.Path.ShouldNotBe(first.Path);
    }

    [Fact]
    public async Task After_a_code_the_contract_chooses_the_page_and_nothing_else_is_asked()
    {
        var customer = await app.AContract(jurisdiction: "DE");
        using var browser = app.Browser("en");
        await browser.Get("/apply");
        await browser.Submit("Continue", new { contractNumber = customer.Number, name = customer.Name, contact = customer.Mail });
        var page = await browser.Submit("Continue", new { code = await app.CodeOf(customer) });
        page.Path.ShouldStartWith("/end/germany/form");
        page.Find<AngleSharp.Html.Dom.IHtmlInputElement>("input[name=contractNumber]")!.Value.ShouldBe(customer.Number);
        var receipt = await browser.Submit("jetzt kündigen");
        var exit = await CaseOf(receipt);
        exit.ContractId.ShouldBe(customer.Id);
        // No offer follows where the law forbids it, and what ending does is told afterwards.
        exit.OfferForbiddenBy.ShouldBe("DE-312k");
        (await browser.Get("/progress/" + receipt.Path.Split('/')[^1])).Find<AngleSharp.Dom.IElement>("a[href$='/consequences']").ShouldNotBeNull();
        await app.ShouldFold(exit.Id);
    }

    [Fact]
    public async Task A_code_for_one_contract_proves_nothing_for_another_that_is_typed_instead()
    {
        var (mine, other) = (await app.AContract(jurisdiction: "DE"), await app.AContract(jurisdiction: "DE"));
        using var browser = app.Browser("en");
        await browser.Get("/apply");
        await browser.Submit("Continue", new { contractNumber = mine.Number, name = mine.Name, contact = mine.Mail });
        await browser.Submit("Continue", new { code = await app.CodeOf(mine) });
        var receipt = await browser.Submit("jetzt kündigen", new { contractNumber = other.Number, contact = other.Mail });
        (await CaseOf(receipt)).HasCustomer.ShouldBeFalse();
    }

    [Fact]
    public async Task A_declaration_never_lapses_for_want_of_a_code_and_people_look_for_whose_it_is()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var declared = await (await own.Client("en").PostAsJsonAsync("/api/pages/germany/declarations", new { contractNumber = "HT-6", name = "Erika", contact = "erika6@muster.example" })).Done();
        var id = declared.GetProperty("caseId").GetGuid();
        await own.AdvanceDays(ExitCase.IdentityDays + 2);
        var exit = await own.TheCase(id);
        exit.IsClosed.ShouldBeFalse();
        exit.Page.ShouldBe("germany 1");
        (await own.With<Exeunt.App.Data.CaseDesk, IReadOnlyList<Waiting>>(async desk => (await desk.Find(id, await own.SystemCall(), default))!.Waits))
            .ShouldContain(w => w.What == "declaration" && w.For == WaitsFor.Staff);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(40, false)]
    public async Task A_withdrawal_within_its_period_ends_the_contract_that_day_without_a_fee_and_later_it_waits_for_people(int daysAgo, bool inTime)
    {
        await using var own = await ExeuntApp.Start(app.On);
        var customer = await own.AContract(jurisdiction: "AT");
        var today = new DateOnly(2026, 3, 16);
        await own.With<AppDb>(async db =>
        {
            var contract = await db.Contracts.SingleAsync(c => c.Id == customer.Id);
            contract.SignedOn = today.AddDays(-daysAgo);
            db.Audit(await own.SystemCall(), "test.signed", "contract");
            await db.SaveChangesAsync();
        });
        using var browser = own.Browser("en");
        await browser.Get("/end/europe-withdrawal/form");
        Asked(browser.Page).ShouldBe(["name", "contractNumber", "contact"]);
        var receipt = await browser.Submit("Confirm withdrawal", new { name = customer.Name, contractNumber = customer.Number, contact = customer.Mail });
        receipt.Text.ShouldContain("at once, by withdrawal");
        await browser.Get("/progress/" + receipt.Path.Split('/')[^1]);
        await browser.Submit("Send me a code");
        await browser.Submit("Open my application", new { code = await own.CodeOf(customer) });
        var exit = await CaseOf(receipt, own);
        exit.ContractId.ShouldBe(customer.Id);
        exit.Declared.ShouldBe(Ground.Withdrawal);
        if (inTime)
        {
            exit.EffectiveOn.ShouldBe(today);
            await own.Drain();
            await own.AdvanceDays(1);
            var statement = await own.With<AppDb, string>(async db => (await db.Settlements.OrderByDescending(s => s.Id).FirstAsync(s => s.CaseId == exit.Id)).Statement);
            statement.ShouldContain("\"withdrawal\"");
            statement.ShouldNotContain("\"line\":\"etf\"");
            exit.HoldReason.ShouldBeNull();
        }
        else
        {
            exit.HoldReason.ShouldBe("withdrawal-late");
            exit.EffectiveOn!.Value.ShouldBeGreaterThan(today);
            // An ending with notice and fee is not what was declared: the day goes by, and people say what it is.
            await own.AdvanceDays(exit.EffectiveOn.Value.DayNumber - today.DayNumber + 2);
            (await own.TheCase(exit.Id)).Find(StepKind.WaitUntilDate)!.State.ShouldBe(StepState.Active);
            await (await (await own.SignIn(Role.Supervisor)).PostAsync($"/api/cases/{exit.Id}/resume", null)).Done();
            await own.Drain();
            (await own.TheCase(exit.Id)).Find(StepKind.WaitUntilDate)!.State.ShouldBe(StepState.Done);
        }
        await own.ShouldFold(exit.Id);
    }

    [Fact]
    public async Task A_withdrawal_in_its_period_takes_the_place_of_an_ending_with_notice()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var customer = await own.AContract(jurisdiction: "AT");
        await own.With<AppDb>(async db =>
        {
            (await db.Contracts.SingleAsync(c => c.Id == customer.Id)).SignedOn = new DateOnly(2026, 3, 13);
            db.Audit(await own.SystemCall(), "test.signed", "contract");
            await db.SaveChangesAsync();
        });
        // With notice first, then the withdrawal that the law gives as well.
        using var client = own.Client("en");
        var begun = await (await client.PostAsJsonAsync("/api/applications", new { contractNumber = customer.Number, name = customer.Name, contact = customer.Mail })).Done();
        var ordinary = begun.GetProperty("caseId").GetGuid();
        await (await client.PostAsync($"/api/progress/{begun.GetProperty("token").GetString()}/code", null)).Done();
        await (await client.PostAsJsonAsync($"/api/progress/{begun.GetProperty("token").GetString()}/identity", new { code = await own.CodeOf(customer) })).Done();
        (await own.TheCase(ordinary)).EffectiveOn!.Value.ShouldBeGreaterThan(new DateOnly(2026, 3, 16));
        own.Advance(TimeSpan.FromSeconds(61));
        using var browser = own.Browser("en");
        await browser.Get("/end/europe-withdrawal/form");
        var receipt = await browser.Submit("Confirm withdrawal", new { name = customer.Name, contractNumber = customer.Number, contact = customer.Mail });
        await browser.Get("/progress/" + receipt.Path.Split('/')[^1]);
        await browser.Submit("Send me a code");
        await browser.Submit("Open my application", new { code = await own.CodeOf(customer) });
        var exit = await CaseOf(receipt, own);
        (exit.Outcome, exit.EffectiveOn).ShouldBe((null, new DateOnly(2026, 3, 16)));
        (await own.TheCase(ordinary)).Outcome.ShouldBe(CaseOutcome.Joined);
        await own.ShouldFold(ordinary);
        await own.ShouldFold(exit.Id);
    }

    [Theory]
    [InlineData("contact", "DE312K_FIELD_MISSING")]
    [InlineData("recap", "DE312K_TOO_MANY_CLICKS")]
    public void Germany_all_five_things_on_one_page(string change, string code)
    {
        var page = BuiltInPages.All.Single(p => p.Id == "germany");
        page = change == "recap" ? page with { Recap = true } : page with { Fields = [.. page.Fields.Where(f => f.Name is not ("kind" or "reason"))] };
        PageCheck.Of(page.Measured, BuiltInPacks.For("DE"), Party.Consumer, new DateOnly(2026, 11, 1)).Where(f => f.Blocks).Select(f => f.Code).ShouldContain(code);
        PageCheck.Of(BuiltInPages.All.Single(p => p.Id == "germany").Measured, BuiltInPacks.For("DE"), Party.Consumer, new DateOnly(2026, 11, 1)).ShouldNotContain(f => f.Blocks);
    }

    [Fact]
    public async Task A_page_that_breaks_its_law_is_kept_as_a_draft_and_refused_on_the_way_to_the_public()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var broken = BuiltInPages.Germany with { Fields = [.. BuiltInPages.Germany.Fields, new("phonePassword", new("Telefonpasswort", "Phone password", "电话密码"))] };
        var draft = await own.Post(Role.Supervisor, "/api/pages", LegalPageDocument.ToJson(broken));
        draft["version"]!.GetValue<int>().ShouldBe(2);
        var handedIn = await (await own.SignIn(Role.Supervisor)).PostAsync("/api/pages/germany/2/submit", null);
        (await handedIn.Refusal()).ShouldBe("DE312K_EXTRA_FIELD");
        using var staff = await own.Browser(Role.Supervisor, language: "en");
        var page = await staff.Get("/pages/germany/2");
        page.Text.ShouldContain("Refused:");
        page.Text.ShouldContain("DE312K_EXTRA_FIELD");
        // The public keeps the version in force.
        (await own.Browser("en").Get("/end/germany/form")).Html.ShouldNotContain("Telefonpasswort");
    }

    [Fact]
    public async Task A_page_of_ones_own_asks_its_own_questions_and_keeps_the_answers_in_the_receipt()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await Publish(own, new LegalPage
        {
            Id = "texas", Version = 1, Name = new("Texas", "得克萨斯州"), Jurisdiction = "US-TX", Function = PageFunction.Ending, Language = "en", Zone = "America/Chicago",
            Entry = new("Cancel", "Cancel", "取消"), Confirm = new("Cancel now", "Cancel now", "立即取消"),
            Fields = [new("identity"), new("contract"), new("contact"), new("meter", new("Meter number", "Meter number", "表号"))],
        });
        using var browser = own.Browser("en");
        await browser.Get("/end/texas/form");
        var no = await browser.Submit("Cancel now", new { name = "Ann", contractNumber = "HT-7", contact = "ann7@sample.example" });
        no.Of("#f-meter-error").ShouldBe("Please fill this in.");
        var receipt = await browser.Submit("Cancel now", new { meter = "M-42 <b>" });
        receipt.Text.ShouldContain("M-42 <b>");
        receipt.Of(".receipt time")!.ShouldContain("America/Chicago");
    }

    [Fact]
    public async Task What_is_not_a_page_or_not_asked_is_refused()
    {
        using var client = app.Client("en");
        (await (await client.PostAsJsonAsync("/api/pages/atlantis/declarations", new { contractNumber = "1", name = "a", contact = "a@b.example" })).Refusal()).ShouldBe("page.unknown");
        (await (await client.PostAsJsonAsync("/api/pages/china/declarations", new { contractNumber = "1", name = "a", contact = "a@b.example" })).Refusal()).ShouldBe("page.unknown");
        (await (await client.PostAsJsonAsync("/api/pages/germany/declarations", new { contractNumber = "1", name = "a", contact = "a@b.example", more = new { shoe = "44" } })).Refusal()).ShouldBe("page.not-asked");
        (await (await client.PostAsJsonAsync("/api/pages/germany/declarations", new { contractNumber = "1", name = "a", contact = "a@b.example", kind = "both" })).Refusal()).ShouldBe("page.kind-unknown");
        (await app.Browser("en").Get("/end/atlantis")).Status.ShouldBe(404);
        (await app.Browser("en").Get("/end/germany/receipt/AAAAAAAAAAAAAAAAAAAAAA")).Status.ShouldBe(404);
        (await app.Browser("zh-CN").Get("/end/china")).Path.ShouldBe("/apply");
    }

    public static TheoryData<string> OnePagers => [.. BuiltInPages.All.Where(p => !p.StepByStep).Select(p => p.Id)];

    /// <summary>What the portal really draws is measured from its HTML and held against the law of the page's place.</summary>
    [Theory]
    [MemberData(nameof(OnePagers))]
    public async Task What_is_drawn_keeps_the_law(string id)
    {
        var page = BuiltInPages.All.Single(p => p.Id == id);
        using var browser = app.Browser("en");
        var entry = await browser.Get($"/end/{id}");
        var form = await browser.Follow("a.entry");
        form.Path.ShouldBe($"/end/{id}/form");
        string[] asked = [.. Asked(form).Select(n => n switch { "name" => "identity", "contractNumber" => "contract", "words" => "reason", "choice" => "endsOn", _ => n }).Distinct()];
        var drawn = new CancellationPage(
            asked, LoginRequired: form.Text.Contains("password", StringComparison.OrdinalIgnoreCase), OfferOnConfirmation: form.All("main .summary").Count > 0, ShowsOffer: false,
            Function: page.Function, Clicks: page.Recap ? 3 : 2, Recap: form.All("main button").All(b => b != page.Confirm.Own),
            EntryWords: entry.Of("a.entry"), ConfirmWords: page.Recap ? page.Confirm.Own : form.Of("main button"));
        PageCheck.Of(drawn, BuiltInPacks.For(page.Jurisdiction), Party.Consumer, new(2026, 12, 1)).ShouldBeEmpty();
        form.Find<AngleSharp.Dom.IElement>("html")!.GetAttribute("lang").ShouldBe(page.Language);
        (await browser.Get($"/end/{id}/form?in=zh")).Find<AngleSharp.Dom.IElement>("html")!.GetAttribute("lang").ShouldBe("zh-CN");
        form.All("script").ShouldBeEmpty();
    }

    [Fact]
    public async Task China_everything_is_told_before_it_binds_the_reason_is_free_and_no_document_is_asked()
    {
        var customer = await app.AContract();
        using var browser = app.Browser("zh-CN");
        await browser.Get("/apply");
        await browser.Submit("继续", new { contractNumber = customer.Number, name = customer.Name, contact = customer.Mail });
        (await browser.Submit("继续", new { code = await app.CodeOf(customer) })).Path.ShouldEndWith("/date");
        await browser.Submit("继续");
        browser.Page.Path.ShouldEndWith("/reason");
        var check = await browser.Submit("跳过");
        check.All(".consequences li").Count.ShouldBeGreaterThan(3);
        check.Find<AngleSharp.Dom.IElement>("input[type=file]").ShouldBeNull();
        (await browser.Submit("提交解约申请")).Status.ShouldBe(422);
        (await browser.Submit("提交解约申请", new { confirmed = true })).Path.ShouldEndWith("/receipt");
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Names of what a form asks a person, in its order.</summary>
    private static string[] Asked(Page page) =>
        [.. page.Find<AngleSharp.Html.Dom.IHtmlFormElement>("main form")!.Elements.OfType<AngleSharp.Dom.IElement>()
            .Where(e => e is not AngleSharp.Html.Dom.IHtmlInputElement { Type: "hidden" }).Select(e => e.GetAttribute("name")).OfType<string>().Distinct()];

    private Task<ExitCase> CaseOf(Page receipt, ExeuntApp? of = null) => (of ?? app).With<IServiceProvider, ExitCase>(async services =>
    {
        var id = await services.GetRequiredService<Features.Cases.CaseAccess>().CaseOf(receipt.Path.Split('?')[0].Split('/')[^1], default);
        return await services.GetRequiredService<AppDb>().Cases.AsNoTracking().SingleAsync(c => c.Id == id);
    });

    private static async Task Publish(ExeuntApp app, LegalPage page)
    {
        var draft = await app.Post(Role.Supervisor, "/api/pages", LegalPageDocument.ToJson(page));
        var path = $"/api/pages/{draft["id"]}/{draft["version"]}";
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.BranchHead, $"{path}/sign", SignedWorld.Signature(draft));
        await app.Post(Role.Legal, $"{path}/sign", SignedWorld.Signature(draft));
        await app.Post(Role.Supervisor, $"{path}/publish", "{}");
    }

    public sealed class OnSqlite(SqliteApp app) : LegalPagesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : LegalPagesTests(app), IClassFixture<PostgresApp>;
}
