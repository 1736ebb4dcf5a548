using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Feedback;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Feedback;

/// <summary>Complaints and suggestions: handed in by anybody, answered by somebody who had no part in it, in time.</summary>
public abstract class FeedbackTests(ExeuntApp app)
{
    private const string Words = "canary-words: the refund never came";
    private static int _next;

    private static string Mail() => $"writer{Interlocked.Increment(ref _next)}@customer.example";

    private sealed record Handed(Guid Id, string Number, string Token);

    private async Task<Handed> HandIn(string? mail = null, string kind = "Complaint", string about = "REFUND", string words = Words, string? number = null)
    {
        var receipt = await (await app.Client().PostAsJsonAsync("/api/feedback", new { kind, about, words, wish = "Pay it back", number, by = "Mail", contact = mail ?? Mail() })).Done();
        return new(receipt.GetProperty("id").GetGuid(), receipt.GetProperty("number").GetString()!, receipt.GetProperty("token").GetString()!);
    }

    private static object Answer(string verdict = "Justified", string words = "We are sorry. It is paid today.", params string[] remedies) =>
        new { verdict, remedies = remedies.Length == 0 ? ["Apology"] : remedies, grounds = "The order was never released.", words };

    private async Task<JsonElement> Own(string token) => await (await app.Client().GetAsync($"/api/feedback/{token}")).Done();

    [Fact]
    public async Task Is_handed_in_on_four_pages_without_an_account_and_followed_by_its_link()
    {
        await using var own = await ExeuntApp.Start(app.On);
        using var browser = own.Browser("en");
        await browser.Get("/");
        await browser.Follow("a[href='/feedback']");
        await browser.Follow("a[href='/feedback/complaint']");
        var about = await browser.Submit("Continue");
        about.Status.ShouldBe(422);
        about.Of("[role=alert] a[href='#f-about']")!.ShouldContain("Choose what it is about.");
        var words = await browser.Submit("Continue", new { about = "CANCEL_OBSTRUCT" });
        words.Path.ShouldEndWith("/words");
        (await browser.Submit("Continue", new { words = " " })).Status.ShouldBe(422);
        await browser.Submit("Continue", new { words = Words, wish = "An explanation", number = "HT-INVENTED-1" });
        browser.Page.Path.ShouldEndWith("/answer");
        browser.Page.Document.QuerySelector("[value=Link]").ShouldBeNull("a complaint is answered to somebody");
        (await browser.Submit("Continue", new { by = "Mail", contact = "no mail" })).Status.ShouldBe(422);
        var mail = Mail();
        var check = await browser.Submit("Continue", new { by = "Mail", contact = mail, name = "Wang" });
        check.Text.ShouldContain(Words);
        check.Text.ShouldContain(mail);
        var sent = await browser.Submit("Send");
        sent.Path.ShouldEndWith("/receipt");
        sent.Of(".receipt strong")!.ShouldMatch(@"^F-2026-\d{6}$");
        // Monday 16 March 2026 and five worked days.
        sent.Text.ShouldContain("answered by Mon 23 Mar 2026");

        await own.Drain();
        var receipt = own.Mails(mail).ShouldHaveSingleItem();
        receipt.Text.ShouldContain(sent.Of(".receipt strong")!);
        receipt.Text.ShouldNotContain("canary");
        var followed = await browser.Get(new Uri(receipt.Links.Single(l => l.Contains("/feedback/"))).AbsolutePath);
        followed.Text.ShouldContain("Ending a contract was made difficult");
        followed.Text.ShouldContain(Words);
        (await browser.Submit("Send", new { words = "One more thing." })).Text.ShouldContain("Your message is sent.");
    }

    [Fact]
    public async Task A_draft_sent_twice_is_one_complaint()
    {
        using var browser = app.Browser("zh-CN");
        await browser.Get("/feedback/suggestion");
        await browser.Submit("继续", new { about = "OTHER" });
        await browser.Submit("继续", new { words = "请开通夜间服务" });
        var check = await browser.Submit("继续", new { by = "Link" });
        var first = (await browser.Submit("提交")).Of(".receipt strong");
        await browser.Get(check.Path);
        browser.Page.Status.ShouldBe(404);
        using var again = app.Browser("zh-CN");
        var draft = check.Path.Split('/')[3];
        var second = await app.Do<SubmitFeedback, SubmitFeedback.Request, SubmitFeedback.Receipt>(
            new Call(Actor.Anonymous, app.Time.GetUtcNow(), app.Time.GetUtcNow(), "zh", SubmitFeedback.KeyOf(draft)), new(draft));
        second.Value.Number.ShouldBe(first);
    }

    [Fact]
    public async Task An_existing_number_and_an_invented_one_look_the_same_and_nothing_is_looked_up()
    {
        var contract = await app.AContractInForce();
        var (real, invented) = (await HandIn(number: contract.Number), await HandIn(number: "HT-9999-1"));
        static string Shape(JsonElement e) => string.Join(',', e.EnumerateObject().Select(p => p.Name));
        Shape(await Own(real.Token)).ShouldBe(Shape(await Own(invented.Token)));
        await app.With<AppDb>(async db => (await db.Feedback.AsNoTracking().Where(f => f.Id == real.Id).Select(f => f.CustomerId).SingleAsync()).ShouldBeNull());
    }

    [Theory]
    [InlineData("Complaint", "REFUND", "x", "Mail", "a@b.example\r\nBcc: c@d.example", "feedback.mail-unreadable")]
    [InlineData("Complaint", "REFUND", "x", "Mail", "Name <a@b.example>", "feedback.mail-unreadable")]
    [InlineData("Complaint", "REFUND", "x", "Phone", "12", "feedback.phone-unreadable")]
    [InlineData("Complaint", "REFUND", "x", "Link", null, "feedback.choose-answer")]
    [InlineData("Complaint", "REFUND", "", "Mail", "a@b.example", "required")]
    [InlineData("Complaint", "'; DROP TABLE feedback", "x", "Mail", "a@b.example", "feedback.choose-category")]
    [InlineData("Suggestion", "OTHER", "x", null, null, "feedback.choose-answer")]
    public async Task Refuses_what_cannot_be_answered(string kind, string about, string words, string? by, string? contact, string code) =>
        (await (await app.Client().PostAsJsonAsync("/api/feedback", new { kind, about, words, by, contact })).Refusal()).ShouldBe(code);

    [Fact]
    public void A_phone_number_to_be_called_at_may_be_in_full_width_characters() =>
        new HandIn(By: AnswerWay.Phone, Contact: "１３８－００１３－８０００").CheckContact().ShouldBeNull();

    [Fact]
    public async Task Refuses_too_much_and_a_case_that_the_writer_only_claims()
    {
        var client = app.Client();
        (await (await client.PostAsJsonAsync("/api/feedback", new { kind = "Complaint", about = "REFUND", words = new string('长', 4001), by = "Mail", contact = Mail() })).Refusal()).ShouldBe("too-long");
        var (_, caseId, _) = await app.Applied(await app.AContractInForce());
        var receipt = await (await client.PostAsJsonAsync("/api/feedback", new { kind = "Complaint", about = "REFUND", words = "x", by = "Mail", contact = Mail(), caseId })).Done();
        var id = receipt.GetProperty("id").GetGuid();
        await app.With<AppDb>(async db =>
        {
            var item = await db.Feedback.AsNoTracking().SingleAsync(f => f.Id == id);
            (item.IsProven, item.CaseId).ShouldBe((false, null));
        });
    }

    [Fact]
    public async Task Is_answered_reopened_once_by_another_person_and_then_ends()
    {
        var mail = Mail();
        var handed = await HandIn(mail);
        using var first = await app.SignIn(Role.Agent, name: "first");
        using var second = await app.SignIn(Role.Agent, name: "second");
        var path = $"/api/voice/{handed.Id}";
        (await (await first.PostAsJsonAsync(path + "/answer", Answer())).Refusal()).ShouldBe("feedback.take-first");
        await (await first.PostAsync(path + "/take", null)).Done();
        (await (await second.PostAsJsonAsync(path + "/answer", Answer())).Refusal()).ShouldBe("feedback.take-first");
        (await (await first.PostAsJsonAsync(path + "/answer", Answer("Adopted"))).Refusal()).ShouldBe("feedback.choose-verdict");
        (await (await first.PostAsJsonAsync(path + "/answer", new { verdict = "Justified", grounds = "g", words = "w" })).Refusal()).ShouldBe("feedback.choose-remedy");
        await (await first.PostAsJsonAsync(path + "/answer", Answer())).Done();
        await app.Drain();
        app.Mails(mail)[^1].Text.ShouldContain("It is paid today.");
        var own = await Own(handed.Token);
        own.GetProperty("state").GetString().ShouldBe("Answered");
        own.GetProperty("written").ToString().ShouldContain("It is paid today.");
        own.ToString().ShouldNotContain("never released", Case.Insensitive, "the grounds are for us");

        var customer = app.Client();
        (await (await customer.PostAsJsonAsync($"/api/feedback/{handed.Token}/settled", new { settled = false })).Refusal()).ShouldBe("required");
        await (await customer.PostAsJsonAsync($"/api/feedback/{handed.Token}/settled", new { settled = false, text = "Nothing came." })).Done();
        (await (await first.PostAsync(path + "/take", null)).Refusal()).ShouldBe("feedback.judged-before");
        await (await second.PostAsync(path + "/take", null)).Done();
        await (await second.PostAsJsonAsync(path + "/answer", Answer("NotJustified", "The bank confirms the payment.", []))).Done();
        await (await customer.PostAsJsonAsync($"/api/feedback/{handed.Token}/settled", new { settled = false, text = "No." })).Done();
        own = await Own(handed.Token);
        (own.GetProperty("state").GetString(), own.GetProperty("end").GetString()).ShouldBe(("Closed", "Unsettled"));
        (await (await customer.PostAsJsonAsync($"/api/feedback/{handed.Token}/messages", new { text = "?" })).Refusal()).ShouldBe("feedback.closed");

        // The address goes when nothing more is written, the words when a claim is barred; both by destroying their key.
        await app.AdvanceDays(Forget.ContactDays + 1);
        own = await Own(handed.Token);
        own.TryGetProperty("contact", out _).ShouldBeFalse();
        own.GetProperty("typed").GetProperty("words").GetString().ShouldBe(Words);
        await app.With<IServiceProvider>(async services =>
        {
            var (db, call) = (services.GetRequiredService<AppDb>(), await app.SystemCall());
            await services.GetRequiredService<Forget>().Run(Effect.Now(Forget.Kind, "test", call, new Forget.What(handed.Id, DataClass.Case)), call, default);
            await db.SaveChangesAsync();
        });
        own = await Own(handed.Token);
        own.TryGetProperty("typed", out _).ShouldBeFalse();
        own.GetProperty("written").EnumerateArray().SelectMany(l => l.EnumerateObject()).ShouldAllBe(p => p.Name != "words");
    }

    [Fact]
    public async Task A_legal_hold_keeps_the_address_and_the_words_of_a_complaint()
    {
        var contract = await app.AContractInForce();
        var (_, caseId, _) = await app.Applied(contract);
        var handed = await HandIn(number: contract.Number);
        await app.With<AppDb>(db => db.Write(ct => db.Feedback.Where(f => f.Id == handed.Id).ExecuteUpdateAsync(s => s.SetProperty(f => f.CustomerId, contract.CustomerId), ct), default));
        using var legal = await app.SignIn(Role.Legal);
        var hold = (await legal.Ok(HttpMethod.Post, $"/api/cases/{caseId}/legal-holds", new { reason = "Litigation" })).GetProperty("holdId").GetGuid();
        async Task Try() => await app.With<IServiceProvider>(async services =>
        {
            var (db, call) = (services.GetRequiredService<AppDb>(), await app.SystemCall());
            await services.GetRequiredService<Forget>().Run(Effect.Now(Forget.Kind, "test", call, new Forget.What(handed.Id, DataClass.Contact)), call, default);
            db.Audit(call, "test.forget", $"feedback:{handed.Id:N}");
            await db.SaveChangesAsync();
        });

        await Try();
        (await Own(handed.Token)).TryGetProperty("contact", out _).ShouldBeTrue();

        await legal.Ok(HttpMethod.Post, $"/api/cases/{caseId}/legal-holds/{hold}/lifting");
        await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"/api/cases/{caseId}/legal-holds/{hold}/lifting");
        await app.AdvanceDays(2);
        (await Own(handed.Token)).TryGetProperty("contact", out _).ShouldBeFalse("what waited for the hold has gone by itself");
    }

    [Fact]
    public async Task Silence_closes_an_answer_and_a_late_answer_stands_with_those_who_assign()
    {
        var (answered, late) = (await HandIn(), await HandIn());
        using var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsync($"/api/voice/{answered.Id}/take", null)).Done();
        await (await agent.PostAsJsonAsync($"/api/voice/{answered.Id}/answer", Answer())).Done();
        await (await agent.PostAsync($"/api/voice/{late.Id}/take", null)).Done();
        using var supervisor = await app.SignIn(Role.Supervisor);
        async Task<string> Today(HttpClient who) => (await (await who.GetAsync("/api/today")).Done()).GetProperty("items").ToString();
        (await Today(supervisor)).ShouldNotContain(late.Number, Case.Sensitive, "it is the agent's until it is late");
        (await Today(agent)).ShouldContain(late.Number);

        await app.AdvanceDays(15);

        (await Own(answered.Token)).GetProperty("end").GetString().ShouldBe("Silent");
        (await Own(late.Token)).GetProperty("overdue").GetBoolean().ShouldBeTrue();
        (await Today(supervisor)).ShouldContain(late.Number);
        var list = await (await supervisor.GetAsync("/api/voice?overdue=1")).Done();
        list.GetProperty("rows").EnumerateArray().ShouldContain(r => r.GetProperty("number").GetString() == late.Number);
        list.GetProperty("rows").EnumerateArray().ShouldAllBe(r => r.GetProperty("overdue").GetBoolean());
    }

    [Fact]
    public async Task Whoever_handles_the_case_does_not_judge_it_and_the_case_goes_on_untouched()
    {
        var contract = await app.AContractInForce();
        var (_, caseId, token) = await app.Applied(contract);
        using var handler = await app.SignIn(Role.Agent, name: "handler");
        await (await handler.PostAsync($"/api/cases/{caseId}/take", null)).Done();
        var before = await app.TheCase(caseId);

        using var browser = await Opened(contract, token);
        await browser.Get($"/progress/{token}/feedback");
        await browser.Submit("Continue", new { kind = "Complaint", about = "AFTERSALE" });
        browser.Page.Text.ShouldContain($"About your case {before.Number}.");
        var reach = await browser.Submit("Continue", new { words = Words });
        reach.Document.QuerySelector("[name=contact]")!.GetAttribute("value").ShouldBe(contract.Mail);
        await browser.Submit("Continue");
        var sent = await browser.Submit("Send");
        var id = await app.With<AppDb, Guid>(db => db.Feedback.Where(f => f.CaseId == caseId).Select(f => f.Id).SingleAsync());

        (await (await handler.PostAsync($"/api/voice/{id}/take", null)).Refusal()).ShouldBe("feedback.own-case");
        var shown = await (await handler.GetAsync($"/api/voice/{id}")).Done();
        shown.GetProperty("whyNotMe").GetProperty("code").GetString().ShouldBe("feedback.own-case");
        using var supervisor = await app.SignIn(Role.Supervisor);
        (await (await supervisor.PostAsJsonAsync($"/api/voice/{id}/assignment", new { person = await app.Staff(Role.Agent, name: "handler") })).Refusal()).ShouldBe("feedback.own-case");
        (await (await supervisor.PostAsJsonAsync($"/api/voice/{id}/assignment", new { person = await app.Staff(Role.Finance) })).Refusal()).ShouldBe("feedback.not-theirs");
        await (await supervisor.PostAsJsonAsync($"/api/voice/{id}/assignment", new { person = await app.Staff(Role.Agent, name: "another") })).Done();
        (await (await handler.PostAsJsonAsync($"/api/voice/{id}/link", new { number = contract.Number })).Refusal()).ShouldBe("feedback.proven-already");

        var after = await app.TheCase(caseId);
        (after.Version, after.State, after.EffectiveOn).ShouldBe((before.Version, before.State, before.EffectiveOn));
        await app.ShouldFold(caseId);
    }

    [Fact]
    public async Task Linking_shows_the_customer_masked_and_takes_it_from_the_cases_own_handler()
    {
        var contract = await app.AContractInForce();
        var (_, caseId, _) = await app.Applied(contract);
        var exit = await app.TheCase(caseId);
        using var handler = await app.SignIn(Role.Agent, name: "linker");
        await (await handler.PostAsync($"/api/cases/{caseId}/take", null)).Done();
        var handed = await HandIn();
        await (await handler.PostAsync($"/api/voice/{handed.Id}/take", null)).Done();
        (await (await handler.PostAsJsonAsync($"/api/voice/{handed.Id}/link", new { number = "T-1999-000001" })).Refusal()).ShouldBe("feedback.unknown-number");
        await (await handler.PostAsJsonAsync($"/api/voice/{handed.Id}/link", new { number = exit.Number })).Done();
        var shown = await (await handler.GetAsync($"/api/voice/{handed.Id}")).Done();
        shown.GetProperty("customer").GetString().ShouldBe("王**");
        shown.GetProperty("caseNumber").GetString().ShouldBe(exit.Number);
        shown.GetProperty("item").TryGetProperty("assignedTo", out _).ShouldBeFalse("its own handler does not keep it");
        shown.ToString().ShouldNotContain("王小芳");
        (await Own(handed.Token)).ToString().ShouldNotContain(exit.Number, Case.Sensitive, "whoever wrote learns nothing from it");

        foreach (var number in new[] { contract.Number, $"#{contract.CustomerId}" })
            await (await handler.PostAsJsonAsync($"/api/voice/{handed.Id}/link", new { number })).Done();
        using var elsewhere = await app.SignIn(Role.Agent, "OUTPOST");
        (await elsewhere.GetAsync($"/api/voice/{handed.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await elsewhere.GetAsync("/api/voice")).Done()).ToString().ShouldNotContain(handed.Number);
    }

    [Fact]
    public async Task Alike_ones_are_answered_with_one_answer_and_part_again_when_one_is_not_content()
    {
        var (one, other, third) = (await HandIn(), await HandIn(), await HandIn(kind: "Suggestion", about: "OTHER"));
        using var agent = await app.SignIn(Role.Agent, name: "joiner");
        (await (await agent.PostAsJsonAsync($"/api/voice/{other.Id}/join", new { number = third.Number })).Refusal()).ShouldBe("feedback.cannot-join");
        await (await agent.PostAsJsonAsync($"/api/voice/{other.Id}/join", new { number = one.Number })).Done();
        (await (await agent.PostAsJsonAsync($"/api/voice/{one.Id}/join", new { number = other.Number })).Refusal()).ShouldBe("feedback.cannot-join");
        (await Own(other.Token)).GetProperty("joined").GetBoolean().ShouldBeTrue();
        await (await agent.PostAsync($"/api/voice/{one.Id}/take", null)).Done();
        await (await agent.PostAsJsonAsync($"/api/voice/{one.Id}/answer", Answer(words: "For all of you."))).Done();
        foreach (var token in new[] { one.Token, other.Token })
            (await Own(token)).GetProperty("written").ToString().ShouldContain("For all of you.");
        await (await app.Client().PostAsJsonAsync($"/api/feedback/{other.Token}/settled", new { settled = false, text = "Not for me." })).Done();
        (await Own(other.Token)).GetProperty("joined").GetBoolean().ShouldBeFalse();
        (await Own(one.Token)).GetProperty("state").GetString().ShouldBe("Answered");
        (await (await agent.PostAsync($"/api/voice/{other.Id}/take", null)).Refusal()).ShouldBe("feedback.judged-before");
    }

    [Fact]
    public async Task A_judged_complaint_counts_in_its_customers_months_with_its_last_verdict_and_one_joined_to_it_as_a_duplicate()
    {
        var contract = await app.AContractInForce();
        var (one, again) = (await HandIn(), await HandIn());
        using var first = await app.SignIn(Role.Agent, name: "counter");
        using var second = await app.SignIn(Role.Agent, name: "recounter");
        foreach (var handed in new[] { one, again })
            await (await first.PostAsJsonAsync($"/api/voice/{handed.Id}/link", new { number = contract.Number })).Done();
        await (await first.PostAsJsonAsync($"/api/voice/{again.Id}/join", new { number = one.Number })).Done();
        async Task Verdicts(params long[] expected)
        {
            var facts = await app.With<AppDb, List<long?>>(db => db.Facts.AsNoTracking().Where(f => f.CustomerId == contract.CustomerId && f.Kind == Core.Activity.FactKind.Complaint).Select(f => f.Detail).ToListAsync());
            facts.Order().ShouldBe(expected.Order().Select(v => (long?)v));
            (await app.With<Storage, (int Wrong, int Compared)>(storage => Months.Check(storage, default))).Wrong.ShouldBe(0);
        }

        await (await first.PostAsync($"/api/voice/{one.Id}/take", null)).Done();
        await (await first.PostAsJsonAsync($"/api/voice/{one.Id}/answer", Answer())).Done();
        await Verdicts(1, 4);
        await (await app.Client().PostAsJsonAsync($"/api/feedback/{one.Token}/settled", new { settled = false, text = "Nothing came." })).Done();
        await (await second.PostAsync($"/api/voice/{one.Id}/take", null)).Done();
        await (await second.PostAsJsonAsync($"/api/voice/{one.Id}/answer", Answer("NotJustified"))).Done();
        await Verdicts(3, 4);
    }

    [Fact]
    public async Task Words_and_addresses_are_sealed_and_shown_masked_and_each_look_is_recorded()
    {
        var handed = await HandIn("canary-mail@customer.example");
        await app.Drain();
        foreach (var secret in new[] { "canary-words", "canary-mail" })
            (await app.PlacesWith(secret)).Where(p => !p.StartsWith("world", StringComparison.Ordinal)).ShouldBeEmpty();
        using var analyst = await app.SignIn(Role.Analyst);
        var shown = await (await analyst.GetAsync($"/api/voice/{handed.Id}")).Done();
        shown.GetProperty("reach").GetString().ShouldBe("c***@customer.example");
        (await analyst.PostAsync($"/api/voice/{handed.Id}/take", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await app.SignIn(Role.Finance)).GetAsync("/api/voice")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var agent = await app.Browser(Role.Agent);
        await agent.Get($"/voice/{handed.Id}");
        agent.Page.Html.ShouldNotContain("canary-mail");
        (await agent.Submit("Show address")).Html.ShouldContain("canary-mail@customer.example");
        await app.With<AppDb>(async db =>
        {
            var verbs = await db.AuditLog.AsNoTracking().Where(r => r.Target == $"feedback:{handed.Id:N}").Select(r => r.Verb).ToListAsync();
            verbs.Count(v => v == "feedback.viewed").ShouldBeGreaterThanOrEqualTo(2);
            verbs.Count(v => v == "feedback.revealed").ShouldBe(1);
        });
    }

    [Fact]
    public async Task One_address_gets_five_receipts_a_day_and_what_comes_beyond_is_taken_all_the_same()
    {
        var mail = Mail();
        for (var i = 0; i < SubmitFeedback.MailsADay + 2; i++)
            await HandIn(i == 3 ? mail.ToUpperInvariant() : mail);
        await app.Drain();
        app.Mails().Count(m => string.Equals(m.To, mail, StringComparison.OrdinalIgnoreCase)).ShouldBe(SubmitFeedback.MailsADay);
    }

    [Fact]
    public async Task Staff_take_down_what_an_authority_passed_on_with_its_own_time()
    {
        using var agent = await app.Browser(Role.Agent, name: "desk");
        await agent.Get("/voice/new");
        (await agent.Submit("Take down", new { words = "x" })).Status.ShouldBe(422);
        var page = await agent.Submit("Take down", new { about = "AUTORENEW", words = "It renewed by itself.", authority = true, channel = "Mail", by = "Link" });
        page.Path.ShouldStartWith("/voice/");
        page.Text.ShouldContain("Through an authority");
        await agent.Submit("Take it");
        (await agent.Submit("Send the answer", new { grounds = "No consent found." })).Status.ShouldBe(422);
        var answered = await agent.Submit("Send the answer", new { verdict = "Justified", remedies = new[] { "Explanation", "Redo" }, grounds = "No consent found.", words = "It is ended." });
        answered.Text.ShouldContain("It is ended.");
        answered.Of(".chip")!.ShouldBe("Answered");
    }

    [Fact]
    public async Task The_list_goes_on_where_it_ended_and_is_filtered_by_its_address()
    {
        for (var i = 0; i < 3; i++)
            await HandIn(kind: "Suggestion", about: "MEASURE", words: $"idea {i}");
        using var agent = await app.SignIn(Role.Agent);
        var page = await (await agent.GetAsync("/api/voice?kind=Suggestion&about=MEASURE&after=nonsense")).Done();
        page.GetProperty("rows").GetArrayLength().ShouldBe(3);
        page.GetProperty("rows").EnumerateArray().ShouldAllBe(r => r.GetProperty("about").GetString() == "MEASURE");
        var filter = new FeedbackFilter(About: "MEASURE");
        var call = await app.CallOf(Role.Agent);
        var all = (await app.Do<ListFeedback, ListFeedback.Request, ListFeedback.Page>(call, new(filter))).Value;
        var rest = (await app.Do<ListFeedback, ListFeedback.Request, ListFeedback.Page>(call, new(filter, await app.With<AppDb, string>(async db =>
        {
            var first = await db.Feedback.AsNoTracking().SingleAsync(f => f.Id == all.Rows[0].Id);
            return $"{first.DueAt.ToUnixTimeMilliseconds()}.{first.Serial}";
        })))).Value;
        rest.Rows.Select(r => r.Number).ShouldBe(all.Rows.Skip(1).Select(r => r.Number));
        using var browser = await app.Browser(Role.Agent, language: "zh-CN");
        (await browser.Get("/voice?kind=Suggestion")).Text.ShouldContain("建议");
    }

    /// <summary>A browser with the session of a customer's case.</summary>
    private async Task<Browser> Opened(CaseWorld.AContract contract, string token)
    {
        app.Advance(TimeSpan.FromSeconds(61));
        var browser = app.Browser("en");
        await browser.Get($"/progress/{token}");
        await browser.Submit("form[action$='/code']");
        await browser.Submit("form[action$='/identity']", new { code = await app.CodeFor(contract.Mail) });
        return browser;
    }

    public sealed class OnSqlite(SqliteApp app) : FeedbackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : FeedbackTests(app), IClassFixture<PostgresApp>;
}
