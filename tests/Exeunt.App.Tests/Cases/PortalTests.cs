using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Cases;

/// <summary>The portal as a customer meets it: forms and pages, without JavaScript.</summary>
public abstract partial class PortalTests(ExeuntApp app)
{
    [Fact]
    public async Task An_application_with_a_code_sees_amounts_and_ends_with_a_receipt()
    {
        var customer = await app.AContract();
        using var browser = app.Browser("en");

        await Begin(browser, customer.Number, customer.Name, customer.Mail);
        var date = await browser.Submit("Continue", new { code = await app.CodeOf(customer) });
        date.Path.ShouldEndWith("/date");
        date.Of("p.lead")!.ShouldContain("Wed 15 Apr 2026");
        date.All(".estimate.earliest .lines summary").ShouldContain("Fee for leaving within the term¥278.60");
        date.Of(".estimate.earliest .balance")!.ShouldStartWith("You pay¥");
        date.All(".estimate .why").ShouldAllBe(w => w.Length > 20);

        // Another date is computed on request, and remembered.
        date = await browser.Submit("Show the amounts", new { choice = "other", endsOn = "2026-06-30" });
        date.Of(".estimate.other h2").ShouldBe("If it ends on Tue 30 Jun 2026");
        var reason = await browser.Submit("Continue");
        reason.Path.ShouldEndWith("/reason");
        var check = await browser.Submit("Continue", new { reason = "SERVICE", words = "Three days for a repair." });
        check.Text.ShouldContain("Tue 30 Jun 2026");
        check.Text.ShouldContain("Three days for a repair.");
        check.Text.ShouldContain("Yes, with a code");

        // What ending does is told, and must be confirmed with the box below it.
        check.All(".consequences li").Count.ShouldBe(5);
        check = await browser.Submit("End my contract");
        check.Status.ShouldBe(422);
        check.Of("#f-confirmed-error")!.ShouldStartWith("Tick the box");
        check.Of("[role=alert] a[href='#f-confirmed']").ShouldNotBeNull();
        var receipt = await browser.Submit("End my contract", new { confirmed = true });
        receipt.Path.ShouldEndWith("/receipt");
        receipt.Of(".receipt strong")!.ShouldMatch(@"^T-2026-\d{6}$");
        receipt.Of(".receipt time")!.ShouldContain("16 Mar 2026 10:00:00 UTC+08:00, Asia/Shanghai");
        receipt.Text.ShouldContain("The contract ends on Tue 30 Jun 2026.");

        // No second code is needed on the way to the progress page.
        var progress = await browser.Get(receipt.Path.Replace("/receipt", ""));
        progress.Of("p.lead").ShouldBe("Your contract ends on Tue 30 Jun 2026.");
        progress.Of(".steps .done .name").ShouldBe("Confirmed as yours");
    }

    [Fact]
    public async Task An_application_without_a_code_shows_nothing_of_the_contract()
    {
        var customer = await app.AContract();
        using var browser = app.Browser("zh-CN");

        await Begin(browser, customer.Number, "张三", customer.Mail);
        var pages = new List<Page> { browser.Page, await browser.Follow("不用验证码，继续") };
        pages.Add(await browser.Submit("继续", new { choice = "other", endsOn = "2026-03-20" }));
        pages.Add(await browser.Submit("跳过"));
        pages.Add(await browser.Submit("提交解约申请"));
        pages.Add(await browser.Get(browser.Page.Path.Replace("/receipt", "")));

        pages[^2].Path.ShouldEndWith("/receipt");
        pages[^1].Text.ShouldContain("发送验证码");
        foreach (var page in pages)
        {
            page.Status.ShouldBe(200);
            page.Html.ShouldNotContain("¥");
            page.Html.ShouldNotContain("家庭宽带");
            page.Html.ShouldNotContain(customer.Name);
            page.Html.ShouldNotContain(customer.Phone);
            page.Html.ShouldNotContain("2026-12-14");
        }
    }

    [Fact]
    public async Task A_real_and_an_invented_contract_give_equal_pages_in_every_step()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var real = await own.AContract();
        var invented = real with { Number = "HT-2024-000000", Mail = "nobody000000@world.example" };

        var (first, second) = (await Walk(real), await Walk(invented));

        first.Count.ShouldBeGreaterThan(12);
        for (var i = 0; i < first.Count; i++)
            second[i].ShouldBe(first[i], $"step {i}");

        async Task<List<string>> Walk(Customership who)
        {
            using var browser = own.Browser("en");
            var seen = new List<string>();
            void See(Page page) => seen.Add($"{page.Status} {Neutral(page.Path, who)}\n{Neutral(page.Html, who)}");
            See(await Begin(browser, who.Number, "Anna Berg", who.Mail));
            See(await browser.Submit("Continue", new { code = "00000000" }));
            See(await browser.Get(browser.Page.Path));
            See(await browser.Submit("Send another code"));
            own.Advance(TimeSpan.FromSeconds(61));
            See(await browser.Submit("Send another code"));
            See(await browser.Follow("Continue without a code"));
            See(await browser.Submit("Continue", new { choice = "other", endsOn = "nonsense" }));
            See(await browser.Submit("Continue", new { choice = "other", endsOn = "2026-03-01" }));
            See(await browser.Submit("Continue", new { choice = "other", endsOn = "2026-03-20" }));
            See(await browser.Submit("Continue", new { reason = "PRICE", words = "Too dear" }));
            See(await browser.Follow("Keep my contract"));
            See(await browser.Get(browser.Page.Path.Replace("/keep", "/check")));
            See(await browser.Submit("End my contract"));
            See(await browser.Get(browser.Page.Path.Replace("/receipt", "")));
            See(await browser.Submit("Send me a code"));
            See(await browser.Submit("Open my application", new { code = "12345678" }));
            return seen;
        }
    }

    [Fact]
    public async Task A_wrong_code_comes_back_with_a_message_beside_the_field()
    {
        var customer = await app.AContract();
        using var browser = app.Browser("en");
        await Begin(browser, customer.Number, customer.Name, customer.Mail);

        var page = await browser.Submit("Continue", new { code = "12" });

        page.Status.ShouldBe(422);
        page.Of("#f-code-error")!.ShouldContain("This code is not right");
        page.Of("[role=alert] a[href='#f-code']").ShouldNotBeNull();
        page.Document.QuerySelector("#f-code")!.GetAttribute("value").ShouldBe("12");
        (await browser.Get(page.Path.Replace("/code", "/date"))).Document.QuerySelector(".estimate").ShouldBeNull();
    }

    [Fact]
    public async Task What_was_typed_wrongly_stands_in_the_form_again()
    {
        using var browser = app.Browser("zh-CN");

        var page = await Begin(browser, "HT-1", "", "12");

        page.Status.ShouldBe(422);
        page.Of("#f-name-error").ShouldBe("请填写此项。");
        page.Document.QuerySelector("#f-contractNumber")!.GetAttribute("value").ShouldBe("HT-1");
        page.Document.Title!.ShouldStartWith("请检查：");
    }

    [Fact]
    public async Task A_date_before_the_notice_has_run_is_refused_with_the_earliest_one()
    {
        var customer = await app.AContract();
        using var browser = app.Browser("en");
        await Begin(browser, customer.Number, customer.Name, customer.Mail);
        await browser.Submit("Continue", new { code = await app.CodeOf(customer) });

        var page = await browser.Submit("Continue", new { choice = "other", endsOn = "2026-04-01" });
        page.Status.ShouldBe(422);
        page.Of("#f-endsOn-error")!.ShouldContain("2026-04-15");
        (await browser.Submit("Continue", new { choice = "other", endsOn = "9999-12-31" })).Of("#f-endsOn-error")!.ShouldContain("five years");
    }

    [Fact]
    public async Task An_application_that_is_not_finished_within_a_day_is_deleted()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var customer = await own.AContract();
        using var browser = own.Browser("en");
        await Begin(browser, customer.Number, "Forget Me", customer.Mail);
        var path = browser.Page.Path;

        own.Advance(TimeSpan.FromHours(25));
        await own.Drain();

        var page = await browser.Get(path);
        page.Status.ShouldBe(404);
        page.Text.ShouldContain("Start again");
        await own.With<Exeunt.App.Data.AppDb>(db =>
        {
            var hash = Exeunt.App.Platform.Secrets.Hash(path.Split('/')[2]);
            db.Drafts.ShouldAllBe(d => d.TokenHash != hash);
            db.Challenges.ShouldAllBe(c => c.Owner != hash);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task An_offer_is_declined_with_one_click_and_the_contract_still_ends()
    {
        var (browser, path, _) = await Proven(app);
        using var _ = browser;
        await AnOffer(app, path);

        await browser.Get(path);
        var page = await browser.Follow("Look at the offer");
        page.Of(".offer").ShouldBe("The contract pauses for 3 months without a fee");
        page.All(".pair .btn").ShouldBe(["Accept, and keep my contract", "No thanks, end my contract as planned"]);
        page = await browser.Submit("No thanks, end my contract as planned");

        page.Of("[role=status]")!.ShouldContain("You declined the offer");
        page.Document.QuerySelector(".offer").ShouldBeNull();
        page.Of("p.lead").ShouldBe("Your contract ends on Wed 15 Apr 2026.");
        await app.Drain();
        page = await browser.Get(path);
        page.All(".lines summary").Count.ShouldBe(4);
        page.Of(".summary .chip").ShouldBe("not yet approved");
    }

    [Fact]
    public async Task An_accepted_offer_keeps_the_contract()
    {
        var (browser, path, _) = await Proven(app);
        using var _ = browser;
        await AnOffer(app, path);

        await browser.Get(path + "/offer");
        var page = await browser.Submit("Accept, and keep my contract");

        page.Of("p.lead")!.ShouldStartWith("You accepted our offer, and your contract goes on.");
    }

    [Fact]
    public async Task An_offer_cannot_be_accepted_once_the_contract_has_ended()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (browser, path, _) = await Proven(own);
        using var _ = browser;
        await AnOffer(own, path);
        await browser.Get(path + "/offer");
        await own.AdvanceDays(31);

        var page = await browser.Submit("Accept, and keep my contract");

        page.Status.ShouldBe(409);
        page.Of("[role=alert]")!.ShouldContain("There is no offer waiting");
        page.Document.QuerySelector(".offer").ShouldBeNull();
        (await browser.Follow("See where your application stands")).Of("p.lead")!.ShouldStartWith("Your contract ended on");
    }

    [Fact]
    public async Task A_withdrawal_says_what_will_happen_and_closes_the_case()
    {
        var (browser, path, _) = await Proven(app);
        using var _ = browser;

        await browser.Get(path);
        var page = await browser.Follow("Withdraw and keep my contract");
        page.Text.ShouldContain("Your contract goes on as before");
        page = await browser.Submit("Withdraw the application");

        page.Path.ShouldBe(path);
        page.Of("p.lead")!.ShouldStartWith("You withdrew the application");
        (await browser.Get(path + "/withdraw")).Of(".why-not")!.ShouldStartWith("It cannot be withdrawn");
    }

    [Fact]
    public async Task A_second_application_leads_to_the_first_one()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (first, _, customer) = await Proven(own);
        first.Dispose();
        own.Advance(TimeSpan.FromSeconds(61));

        var (second, path, _) = await Proven(own, customer);
        using var _ = second;

        (await second.Get(path)).Of("p.lead")!.ShouldMatch(@"added to T-2026-\d{6};");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_click_on_send_lands_on_the_same_receipt(bool proven)
    {
        await using var own = await ExeuntApp.Start(app.On);
        var customer = await own.AContract();
        using var browser = own.Browser("en");
        await Begin(browser, customer.Number, customer.Name, customer.Mail);
        if (proven)
        {
            await browser.Submit("Continue", new { code = await own.CodeOf(customer) });
            await browser.Submit("Continue");
        }
        else
        {
            await browser.Follow("Continue without a code");
            await browser.Submit("Continue", new { choice = "other", endsOn = "2026-05-20" });
        }
        var check = await browser.Submit("Skip");
        check.Path.ShouldEndWith("/check");
        var form = check.Document.QuerySelectorAll("form").Single(f => f.TextContent.Contains("End my contract", StringComparison.Ordinal));
        var fields = form.QuerySelectorAll("input").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        var cookies = browser.Cookies.GetCookieHeader(own.Url);

        var answers = new List<(string? To, bool Opens)>();
        for (var click = 0; click < 2; click++)
        {
            using var client = own.Client();
            using var request = new HttpRequestMessage(HttpMethod.Post, check.Path) { Content = new FormUrlEncodedContent(fields) };
            request.Headers.Add("Cookie", cookies);
            using var answer = await client.SendAsync(request);
            answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.SeeOther, $"click {click}");
            answers.Add((answer.Headers.Location?.OriginalString, answer.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.StartsWith("exeunt.case=", StringComparison.Ordinal))));
        }

        answers[0].To!.ShouldEndWith("/receipt");
        answers[0].Opens.ShouldBe(proven);
        answers[1].ShouldBe(answers[0]);
        (await own.With<Exeunt.App.Data.AppDb, int>(db => Task.FromResult(db.Cases.Count()))).ShouldBe(1);
        // Much later the old page still leads to the receipt, and opens nothing.
        own.Advance(TimeSpan.FromHours(1));
        using var late = own.Client();
        using var again = new HttpRequestMessage(HttpMethod.Post, check.Path) { Content = new FormUrlEncodedContent(fields) };
        again.Headers.Add("Cookie", cookies);
        using var last = await late.SendAsync(again);
        last.Headers.Location!.OriginalString.ShouldBe(answers[0].To);
        last.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_message_is_left_and_read()
    {
        var (browser, path, _) = await Proven(app);
        using var _ = browser;
        await browser.Get(path);

        (await browser.Submit("Send")).Status.ShouldBe(422);
        var page = await browser.Submit("Send", new { words = "When does the technician come?" });

        page.Of("[role=status]").ShouldBe("Your message has arrived.");
        page.Of(".timeline")!.ShouldContain("You When does the technician come?");
    }

    [Fact]
    public async Task What_belongs_to_the_customer_asks_a_stranger_for_a_code()
    {
        var (browser, path, _) = await Proven(app);
        browser.Dispose();
        using var stranger = app.Browser("en");

        (await stranger.Get(path + "/withdraw")).Text.ShouldContain("Send me a code");
        (await stranger.Get(path + $"/documents/{Guid.NewGuid()}")).Text.ShouldContain("Send me a code");
        (await stranger.Get("/progress/aaaaaaaaaaaaaaaaaaaaaaaaaa")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_case_is_followed_by_its_whole_link_or_its_last_part()
    {
        var (browser, path, _) = await Proven(app);
        using var _ = browser;

        await browser.Get("/follow");
        (await browser.Submit("Open", new { link = $" {app.Url}{path[1..]}/receipt " })).Path.ShouldBe(path);
        await browser.Get("/follow");
        (await browser.Submit("Open", new { link = path.Split('/')[^1] })).Path.ShouldBe(path);
        await browser.Get("/follow");
        var page = await browser.Submit("Open", new { link = "T-2026-000001" });
        page.Status.ShouldBe(422);
        page.Of("#f-link-error")!.ShouldStartWith("No application has this link.");
    }

    [Fact]
    public async Task An_exit_goes_to_its_end_on_the_progress_page_and_its_survey_is_answered_once()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (browser, path, customer) = await Proven(own);
        using var _ = browser;
        await Execute(own, path);

        var page = await browser.Get(path);
        page.Of("p.lead").ShouldBe("Your contract ended on Wed 15 Apr 2026.");
        page.All(".ways b").ShouldBe(["Settlement", "Certificate"], ignoreOrder: true);
        page.All("dd code").ShouldContain(c => c.StartsWith("EX"));
        var pdf = await browser.Get(page.Document.QuerySelectorAll(".ways a").Single(a => a.TextContent.Contains("Certificate")).GetAttribute("href")!);
        pdf.ContentType.ShouldBe("application/pdf");

        // Anybody verifies the file; one changed byte shows.
        await browser.Get("/verify");
        page = await browser.Submit("Check the file", new { file = new ChosenFile("certificate.pdf", pdf.Body, "application/pdf") });
        page.Of(".verdict strong").ShouldBe("Valid");
        var serial = page.Of("code")!;
        await browser.Get("/verify");
        (await browser.Submit("Check", new { serial = serial.ToLowerInvariant() })).Of(".verdict strong").ShouldBe("Valid");
        page.All("dt").ShouldBe(["Certificate number", "Issued on", "Fingerprint (SHA-256)"]);
        var altered = pdf.Body.ToArray();
        altered[altered.Length / 2] ^= 1;
        await browser.Get("/verify");
        (await browser.Submit("Check the file", new { file = new ChosenFile("certificate.pdf", altered, "application/pdf") })).Of(".verdict strong").ShouldBe("Altered");

        var link = own.Mails(customer.Mail).SelectMany(m => m.Links).Last(l => l.Contains("/survey/", StringComparison.Ordinal));
        await browser.Get(new Uri(link).PathAndQuery);
        page = await browser.Submit("Send", new { handling = 4, words = "All clear." });
        page.Status.ShouldBe(422);
        page.Of("#f-clarity-error").ShouldBe("Choose one of the five answers.");
        page = await browser.Submit("Send", new { clarity = 5 });
        page.Of("h1").ShouldBe("Thank you");
        page = await browser.Get(new Uri(link).PathAndQuery);
        page.Status.ShouldBe(409);
        page.Of("h1").ShouldBe("This survey is over");
        (await browser.Get("/survey/aaaaaaaaaaaaaaaaaaaaaaaaaa")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_unknown_certificate_says_unknown_and_nothing_more()
    {
        using var browser = app.Browser("zh-CN");

        var page = await browser.Get("/verify/0000-0000-0000-0000-0000-0000-0000-0000");
        page.Of(".verdict strong").ShouldBe("未找到");
        page.Document.QuerySelector("dl").ShouldBeNull();

        await browser.Get("/verify");
        (await browser.Submit("验证", new { serial = " " })).Status.ShouldBe(422);
        page = await browser.Submit("验证文件", new { file = new ChosenFile("big.pdf", new byte[5 * 1024 * 1024 + 1]) });
        page.Status.ShouldBe(422);
        page.Of("#f-file-error")!.ShouldContain("5 MB");
        page = await browser.Submit("验证文件", new { file = new ChosenFile("not.pdf", "nothing"u8.ToArray()) });
        page.Of(".verdict strong").ShouldBe("未找到");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task Pages_have_no_script_and_no_inline_style_and_weigh_little(string language)
    {
        var customer = await app.AContract();
        using var browser = app.Browser(language);
        var pages = new List<Page>();
        foreach (var path in new[] { "/", "/follow", "/apply", "/verify", "/verify/1", "/terms", "/terms/JY-01", "/terms/JY-01/1" })
            pages.Add(await browser.Get(path));
        pages.Add(await Begin(browser, customer.Number, customer.Name, customer.Mail));
        pages.Add(await browser.Submit("form", new { code = await app.CodeOf(customer) }));
        var draft = pages[^1].Path.Replace("/date", "");
        foreach (var step in new[] { "/reason", "/keep", "/check" })
            pages.Add(await browser.Get(draft + step));
        pages.Add(await browser.Submit("form", new { confirmed = true }));
        var progress = pages[^1].Path.Replace("/receipt", "");
        await AnOffer(app, progress);
        pages.Add(await browser.Get(progress));
        pages.Add(await browser.Get(progress + "/offer"));
        pages.Add(await browser.Get(progress + "/withdraw"));
        browser.Cookies.GetAllCookies().Single(c => c.Name == "exeunt.case").Expired = true;
        pages.Add(await browser.Get(progress));

        var styles = new List<byte>();
        foreach (var sheet in pages[0].Document.QuerySelectorAll("link[rel=stylesheet]"))
            styles.AddRange((await browser.Get(sheet.GetAttribute("href")!)).Body);
        foreach (var page in pages)
        {
            page.Status.ShouldBe(200, page.Path);
            page.Document.QuerySelectorAll("script, style, [style], [onclick], [onchange], [onsubmit]").ShouldBeEmpty(page.Path);
            page.Document.QuerySelectorAll("h1").Length.ShouldBe(1, page.Path);
            page.Document.QuerySelectorAll("input:not([type=hidden]), textarea").ShouldAllBe(i => i.Closest("label") != null || page.Document.QuerySelector($"label[for={i.Id}]") != null);
            page.Document.QuerySelectorAll("[id]").Select(e => e.Id).ShouldBeUnique(page.Path);
            page.Header("Content-Security-Policy")!.ShouldContain("default-src 'none'");
            Compressed([.. page.Body, .. styles]).ShouldBeLessThan(60 * 1024, page.Path);
        }
    }

    // ---- intent --------------------------------------------------------------------------------------------------------

    private static async Task<Page> Begin(Browser browser, string number, string name, string contact)
    {
        await browser.Get("/apply");
        return await browser.Submit("form", new { contractNumber = number, name, contact });
    }

    /// <summary>A customer who has applied with a code, at the door of the progress page.</summary>
    private static async Task<(Browser Browser, string Path, Customership Customer)> Proven(ExeuntApp app, Customership? who = null)
    {
        var customer = who ?? await app.AContract();
        var browser = app.Browser("en");
        await Begin(browser, customer.Number, customer.Name, customer.Mail);
        await browser.Submit("Continue", new { code = await app.CodeOf(customer) });
        await browser.Submit("Continue");
        await browser.Submit("Skip");
        await browser.Submit("End my contract", new { confirmed = true });
        return (browser, browser.Page.Path.Replace("/receipt", ""), customer);
    }

    private static async Task<Guid> CaseOf(ExeuntApp app, string path) => await app.With<Exeunt.App.Features.Cases.CaseAccess, Guid>(
        async access => (await access.CaseOf(path.Split('/')[^1], default))!.Value);

    private static async Task AnOffer(ExeuntApp app, string path)
    {
        var (id, agent) = (await CaseOf(app, path), await app.SignIn(Role.Agent));
        (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "SERVICE", words = "talk", channel = "phone", minutes = 5 })).EnsureSuccessStatusCode();
        (await agent.PostAsJsonAsync($"/api/cases/{id}/offer", new { entry = "PAUSE", months = 3 })).EnsureSuccessStatusCode();
    }

    /// <summary>Everything the staff does until the certificate is out and the money is ordered.</summary>
    private static async Task Execute(ExeuntApp app, string path)
    {
        var (id, agent) = (await CaseOf(app, path), await app.SignIn(Role.Agent));
        (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "SERVICE", words = "talk", channel = "phone", minutes = 5 })).EnsureSuccessStatusCode();
        (await agent.PostAsync($"/api/cases/{id}/offer/skip", null)).EnsureSuccessStatusCode();
        await app.Drain();
        var shown = await agent.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/cases/{id}");
        var digest = shown.GetProperty("case").GetProperty("settlementDigest").GetString();
        (await (await app.SignIn(Role.Finance)).PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest })).EnsureSuccessStatusCode();
        (await (await app.SignIn(Role.Legal)).PostAsJsonAsync($"/api/cases/{id}/approvals/legal", new { digest })).EnsureSuccessStatusCode();
        await app.AdvanceDays(31);
        var technical = await app.SignIn(Role.Technical);
        shown = await technical.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/cases/{id}");
        foreach (var order in shown.GetProperty("work").EnumerateArray())
            (await technical.PostAsync($"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation", null)).EnsureSuccessStatusCode();
        await app.Drain();
    }

    /// <summary>A page without what differs by nature: secrets, numbers, times of the test's clock, what was typed.</summary>
    private static string Neutral(string html, Customership who) =>
        Time().Replace(CaseNumber().Replace(FormSecret().Replace(LinkSecret().Replace(html, "TOKEN"), "FORM"), "T-N"), "TIME")
            .Replace(who.Number, "NUMBER").Replace(who.Mail, "MAIL");

    private static int Compressed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return (int)packed.Length;
    }

    [GeneratedRegex("(?<=/(apply|progress)/)[a-z2-7]{26}")]
    private static partial Regex LinkSecret();

    [GeneratedRegex("(?<=name=\"__RequestVerificationToken\" value=\")[^\"]+")]
    private static partial Regex FormSecret();

    [GeneratedRegex(@"T-\d{4}-\d{6}")]
    private static partial Regex CaseNumber();

    [GeneratedRegex(@"\d\d:\d\d:\d\d")]
    private static partial Regex Time();

    public sealed class OnSqlite(SqliteApp app) : PortalTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PortalTests(app), IClassFixture<PostgresApp>;
}
