using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Terms;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Terms;

/// <summary>What the public reads of a policy, and the evidence that it was read.</summary>
public abstract class TermsTests(ExeuntApp app)
{
    [Fact]
    public async Task Anybody_reads_the_policy_in_force_in_either_language()
    {
        using var browser = app.Browser("en");
        (await browser.Get("/")).Of(".ways a[href='/terms'] b").ShouldBe("Read before you sign");
        (await browser.Get("/terms")).All(".ways b").ShouldContain("General termination policy");
        var page = await browser.Get("/terms/JY-01");
        page.Of("h1").ShouldBe("General termination policy (JY-01, version 1)");
        // After six of 24 months 18 are left: a fifth of 18 × 199.00 is 716.40.
        page.Text.ShouldContain("If you leave after 6 months: fee for leaving ¥716.40");
        page.Text.ShouldContain("If you leave after 24 months: fee for leaving ¥0.00");
        page.Text.ShouldContain("Credit record: ending the contract is not reported to a credit bureau by itself.");
        page.Text.ShouldContain("You confirm with a code that the contract is yours.");
        page.Text.ShouldContain("In force from Wed 1 Jan 2020");

        using var chinese = app.Browser("zh-CN");
        page = await chinese.Get("/terms/JY-01/1");
        page.Of("h1").ShouldBe("通用解约政策（JY-01 第 1 版）");
        page.Text.ShouldContain("满 6 个月解约：提前解约费 ¥716.40");
        page.Text.ShouldNotContain("termination");
    }

    [Fact]
    public async Task Shows_published_versions_only_and_the_one_in_force_first()
    {
        var number = "JY-" + Guid.NewGuid().ToString("N")[..8];
        await Policy(number, 1, PolicyStatus.Superseded, new(2021, 1, 1));
        await Policy(number, 2, PolicyStatus.Published, new(2025, 1, 1));
        await Policy(number, 3, PolicyStatus.Published, new(2030, 1, 1));
        await Policy(number, 4, PolicyStatus.Draft, new(2025, 6, 1));
        using var browser = app.Browser("en");

        (await browser.Get($"/terms/{number}")).Of("h1")!.ShouldContain("version 2");
        browser.Page.All("h2 + ul a").ShouldBe(["Version 3, from Tue 1 Jan 2030", "Version 1, from Fri 1 Jan 2021"]);
        (await browser.Get($"/terms/{number}/1")).Of(".notice")!.ShouldContain("not the version in force today");
        (await browser.Get($"/terms/{number}/3")).Of(".notice")!.ShouldContain("not the version in force today");
        (await browser.Get($"/terms/{number}/4")).Status.ShouldBe(404);
        (await browser.Get("/terms/no-such")).Status.ShouldBe(404);
        (await browser.Get("/terms")).All(".ways small").ShouldContain(s => s.StartsWith($"{number} version 2"));
        (await app.Client().GetAsync($"/api/policies/{number}/4/text?language=zh")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_text_is_what_the_page_shows_and_is_kept_once()
    {
        var number = "JY-" + Guid.NewGuid().ToString("N")[..8];
        await Policy(number, 1, PolicyStatus.Published, new(2021, 1, 1));
        using var browser = app.Browser("zh-CN");
        var page = await browser.Get($"/terms/{number}/1");
        await browser.Get($"/terms/{number}/1");
        var answer = await Ok(await app.Client().GetAsync($"/api/policies/{number}/1/text?language=zh"));

        var (text, hash) = (answer.GetProperty("text").GetString()!, answer.GetProperty("sha256").GetString()!);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ShouldBe(hash);
        page.Of("code").ShouldBe(hash);
        var shown = page.All("main h2, main h2 + ul li").Where(l => l != "全部版本").ToList();
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.StartsWith("- ", StringComparison.Ordinal) ? l[2..] : l).ShouldBe(shown);
        await app.With<AppDb>(async db => (await db.PolicyTexts.AsNoTracking().Where(t => t.PolicyNumber == number).ToListAsync()).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(t => t.Text.ShouldBe(text), t => t.Sha256.ShouldBe(hash), t => t.Kind.ShouldBe(TermsKind.Policy)));
    }

    [Fact]
    public async Task The_sales_system_records_what_was_confirmed_and_nothing_that_was_never_shown()
    {
        var contract = await app.AContractInForce();
        var sales = await app.SignIn(Role.AccountManager);
        var shown = await Ok(await app.Client().GetAsync("/api/policies/JY-01/1/text?language=zh"));
        var hash = shown.GetProperty("sha256").GetString()!;
        const string path = "/api/policies/JY-01/1/confirmations";

        (await Refused(await sales.PostAsJsonAsync(path, new { contractNumber = contract.Number, language = "zh", sha256 = new string('a', 64) }))).ShouldBe("terms.never-shown");
        (await Refused(await sales.PostAsJsonAsync(path, new { contractNumber = contract.Number, language = "en", sha256 = hash }))).ShouldBe("terms.never-shown");
        (await Refused(await sales.PostAsJsonAsync(path, new { contractNumber = "HT-0", language = "zh", sha256 = hash }))).ShouldBe("terms.no-such-contract");
        (await Refused(await sales.PostAsJsonAsync(path, new { contractNumber = contract.Number, language = "fr", sha256 = hash }))).ShouldBe("terms.language");
        (await Refused(await (await app.SignIn(Role.Analyst)).PostAsJsonAsync(path, new { contractNumber = contract.Number, language = "zh", sha256 = hash }))).ShouldBe("not-allowed");
        var first = await Ok(await sales.PostAsJsonAsync(path, new { contractNumber = contract.Number, language = "zh", sha256 = hash }));
        var again = await Ok(await sales.PostAsJsonAsync(path, new { contractNumber = contract.Number, language = "zh", sha256 = hash.ToUpperInvariant() }));
        again.GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());

        // The customer's file shows it, and opens to the very text.
        using var staff = await app.Browser(Role.Supervisor);
        var file = await staff.Get($"/customers/{contract.CustomerId}");
        file.Of("#confirmed")!.ShouldContain("Policy text JY-01 version 1");
        (await staff.Get($"/policies/texts/{hash}")).Of(".own-words")!.ShouldContain("通用解约政策（JY-01 第 1 版）");
    }

    [Fact]
    public async Task A_confirmation_belongs_to_the_version_the_contract_was_signed_under()
    {
        var number = "JY-" + Guid.NewGuid().ToString("N")[..8];
        await Policy(number, 1, PolicyStatus.Published, new(2021, 1, 1));
        var contract = await app.AContractInForce();
        var hash = (await Ok(await app.Client().GetAsync($"/api/policies/{number}/1/text?language=zh"))).GetProperty("sha256").GetString();

        (await Refused(await (await app.SignIn(Role.Agent)).PostAsJsonAsync($"/api/policies/{number}/1/confirmations", new { contractNumber = contract.Number, language = "zh", sha256 = hash })))
            .ShouldBe("terms.other-policy");
    }

    [Fact]
    public async Task An_application_without_a_code_is_received_at_once_and_asked_to_confirm_after_it()
    {
        var contract = await app.AContractInForce();
        var customer = app.Client("zh");
        var receipt = await Ok(await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail }));
        var (token, id) = (receipt.GetProperty("token").GetString()!, receipt.GetProperty("caseId").GetGuid());
        (await Refused(await customer.GetAsync($"/api/progress/{token}/consequences"))).ShouldBe("case.code-first");

        // Proven and never confirmed: the case goes on and says so.
        await Ok(await customer.PostAsync($"/api/progress/{token}/code", null));
        var opened = await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) }));
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        using var staff = await app.Browser(Role.Agent);
        (await staff.Get($"/cases/{id}")).Of("#confirmed")!.ShouldContain("Not confirmed");
        await app.With<AppDb>(async db => (await db.Cases.AsNoTracking().SingleAsync(c => c.Id == id)).State.ShouldBe(Core.Cases.CaseState.Open));

        var told = await Ok(await customer.GetAsync($"/api/progress/{token}/consequences"));
        told.GetProperty("text").GetString()!.ShouldContain("信用：解约本身不会报送征信机构。");
        var hash = told.GetProperty("sha256").GetString();
        (await Refused(await customer.PostAsJsonAsync($"/api/progress/{token}/consequences", new { confirmed = false, sha256 = hash }))).ShouldBe("terms.confirm-first");
        (await Refused(await customer.PostAsJsonAsync($"/api/progress/{token}/consequences", new { confirmed = true, sha256 = "00" }))).ShouldBe("terms.text-changed");
        await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/consequences", new { confirmed = true, sha256 = hash }));
        await Ok(await customer.PostAsJsonAsync($"/api/progress/{token}/consequences", new { confirmed = true, sha256 = hash }));

        var page = await staff.Get($"/cases/{id}");
        page.Of("#confirmed")!.ShouldContain("What ending does JY-01 version 1");
        page.Of("#confirmed")!.ShouldNotContain("Not confirmed");
        page.Text.ShouldContain("confirmed what ending does");
        await app.With<AppDb>(async db =>
        {
            var kept = (await db.PolicyConfirmations.AsNoTracking().Where(c => c.CaseId == id).ToListAsync()).ShouldHaveSingleItem();
            (kept.Sha256, kept.Language, kept.ContractId, kept.Where, kept.By).ShouldBe((hash, "zh", contract.ContractId, ShownAt.Application, $"case:{id:N}"));
            (await db.PolicyTexts.AsNoTracking().SingleAsync(t => t.Sha256 == hash)).Text.ShouldBe(told.GetProperty("text").GetString());
        });
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task The_page_after_the_code_asks_once_and_lets_the_end_go_on_without_an_answer()
    {
        var customer = await app.AContract();
        using var browser = app.Browser("en");
        await browser.Get("/apply");
        await browser.Submit("form", new { contractNumber = customer.Number, name = customer.Name, contact = customer.Mail });
        await browser.Follow("Continue without a code");
        await browser.Submit("Continue");
        await browser.Submit("Skip");
        browser.Page.Document.QuerySelector("[name=confirmed]").ShouldBeNull();
        var progress = (await browser.Submit("End my contract")).Path.Replace("/receipt", "");
        // The draft's code came within the same minute; the case's own is asked for.
        app.Advance(TimeSpan.FromSeconds(61));
        await browser.Get(progress);
        await browser.Submit("Send me a code");
        var page = await browser.Submit("Open my application", new { code = await app.CodeOf(customer) });

        page.Path.ShouldBe(progress + "/consequences");
        page.Text.ShouldContain("Your contract ends on its day whether you confirm or not.");
        page = await browser.Submit("Confirm and go on");
        page.Status.ShouldBe(422);
        page.Of("#f-confirmed-error")!.ShouldStartWith("Tick the box");
        page = await browser.Get(progress);
        page.Of(".notice a")!.ShouldBe("Please read and confirm what ending does.");
        await browser.Follow("Please read and confirm what ending does.");
        page = await browser.Submit("Confirm and go on", new { confirmed = true });
        page.Path.ShouldStartWith(progress);
        page.Of("[role=status]")!.ShouldStartWith("Thank you");
        (await browser.Get(progress + "/consequences")).Path.ShouldBe(progress);
    }

    [Fact]
    public async Task The_customers_own_questions_are_answered_with_figures()
    {
        var customer = await app.AContract();
        using var browser = app.Browser("en");
        await browser.Get("/apply");
        await browser.Submit("form", new { contractNumber = customer.Number, name = customer.Name, contact = customer.Mail });
        var page = await browser.Submit("Continue", new { code = await app.CodeOf(customer) });

        page.All(".answers h3").ShouldBe(["Is there a penalty for leaving?", "How does it go, and when?", "What do I get back?", "Does it touch my credit record?", "Can I sign again, and when?"]);
        page.Of(".answers")!.ShouldSatisfyAllConditions(
            a => a.ShouldContain("Yes: ¥278.60, if the contract ends on Wed 15 Apr 2026."),
            a => a.ShouldContain("None if it ends on Mon 14 Dec 2026, when the term is served, or later."),
            a => a.ShouldContain("From Thu 16 Apr 2026: services and billing stop"),
            a => a.ShouldContain("¥300.00"),
            a => a.ShouldContain("not reported to a credit bureau"),
            a => a.ShouldContain("Yes, at once: from Thu 16 Apr 2026."));

        // On the day the term is served there is no penalty; the answer moves with the date.
        await browser.Submit("Continue", new { choice = "term" });
        page = await browser.Get(page.Path);
        page.Of(".answers")!.ShouldContain("No. Ending on Mon 14 Dec 2026 costs no fee for leaving.");
    }

    private async Task Policy(string number, int version, PolicyStatus status, DateOnly from) => await app.With<IServiceProvider>(async services =>
    {
        var (db, clocks) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Clocks>());
        var document = GeneralPolicy.Document with { Number = number, Version = version, EffectiveFrom = from };
        db.Policies.Add(new PolicyRow { Number = number, Version = version, Status = status, Document = document.ToJson(), EffectiveFrom = from });
        db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "test.policy", number);
        await db.SaveChangesAsync();
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
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
    }

    public sealed class OnSqlite(SqliteApp app) : TermsTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TermsTests(app), IClassFixture<PostgresApp>;
}
