using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Certificates;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Erasure;

/// <summary>What goes, what is locked and what is certified when a customer leaves; legal holds; the second search.</summary>
public abstract class DataAtExitTests(ExeuntApp app, ITestOutputHelper output)
{
    [Fact]
    public async Task Certifies_what_was_erased_and_what_stays_and_sends_it_to_the_contact_that_is_still_there()
    {
        var it = await Paid();
        var mail = app.Mails(it.Contract.Mail).Single(m => m.Attachments.Keys.Any(k => k.EndsWith("-erasure.pdf", StringComparison.Ordinal)));
        mail.Attachments.Keys.ShouldContain(k => k.EndsWith("-closure.pdf", StringComparison.Ordinal));
        var pem = (await app.With<Letterhead, InstallationKey>(l => l.Key(default))).PublicPem;
        var trust = Tool.File(System.Text.Encoding.UTF8.GetBytes(pem));
        foreach (var (name, pdf) in mail.Attachments)
        {
            var file = Tool.File(pdf);
            using var said = new StringWriter();
            (await CertificateCommand.Run(["verify", file, "--trust", trust], app.Options, said, said, default)).ShouldBe(0, said.ToString());
            var altered = pdf.ToArray();
            altered[altered.Length / 3] ^= 1;
            (await CertificateCommand.Run(["verify", Tool.File(altered), "--trust", trust], app.Options, said, said, default)).ShouldBe(1, name);
            if (Tool.Run(output, "qpdf", "--check", file) is { } checkedBy)
                checkedBy.ShouldContain("No syntax or stream encoding errors");
            if (Tool.Run(output, "pdfsig", "-nocert", file) is { } signed)
                signed.ShouldContain("Signature is Valid");
            if (Tool.Run(output, "pdffonts", file) is { } fonts)
                fonts.Split('\n').Skip(2).Where(l => l.Length > 0).ShouldAllBe(l => l.Contains(" yes yes ", StringComparison.Ordinal), "embedded and a subset");
        }
        var text = Text(mail.Attachments.Single(a => a.Key.EndsWith("-erasure.pdf", StringComparison.Ordinal)).Value);
        if (text is not null)
        {
            foreach (var words in new[] { "数据删除证明", "沟通记录、偏好、外部编号已删除", "退款账户信息已删除", "联系方式保留", "已封存", "会计档案三十年", "诉讼时效三年", "任何备份" })
                text.ShouldContain(words);
            text.ShouldContain("王*");
            text.ShouldNotContain(it.Contract.Name);
            text.ShouldNotContain(it.Contract.Mail);
        }
        var data = await Data(it);
        data.GetProperty("isErased").GetBoolean().ShouldBeTrue();
        var end = (await app.TheCase(it.Id)).EffectiveOn!.Value;
        Line(data, "Vouchers").GetProperty("until").GetString().ShouldBe($"{end.Year + 30}-12-31");
        Line(data, "Contract").GetProperty("until").GetString().ShouldBe($"{end.AddYears(5):yyyy-MM-dd}");
        Line(data, "Profile").GetProperty("outcome").GetString().ShouldBe("Delete");
        Line(data, "Profile").TryGetProperty("doneAt", out _).ShouldBeTrue();
        Line(data, "Transactions").GetProperty("then").GetString().ShouldBe("Anonymise");
        data.GetProperty("searches").EnumerateArray().ShouldAllBe(s => !s.GetProperty("found").EnumerateObject().Any());
        data.GetProperty("searches").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task When_the_contact_is_gone_the_link_fetches_the_certificate_and_ordinary_pages_show_nothing_that_is_locked()
    {
        var it = await Paid();
        var first = (await Data(it)).GetProperty("certificates").EnumerateArray().Single(c => c.GetProperty("kind").GetString() == "Erasure").GetProperty("serial").GetString()!;
        var agent = await app.SignIn(Role.Supervisor);
        var document = await Document(it, DocumentKind.Certificate);
        (await (await app.Browser(Role.Supervisor)).Get($"/cases/{it.Id}/documents/{document}")).Body.ShouldNotBeEmpty();
        await app.AdvanceDays(31);
        (await it.Case()).GetProperty("state").GetString().ShouldBe("Closed");

        // The erasure of the contact is certified too: the newer certificate supersedes the first.
        (await Check(first)).ShouldBe("superseded");
        var stranger = app.Client("zh");
        var listed = await stranger.Ok(HttpMethod.Get, $"/api/progress/{it.Token}/certificates");
        listed.EnumerateArray().Select(c => c.GetProperty("kind").GetString()).ShouldBe(["AccountClosure", "Erasure"], ignoreOrder: true);
        var serial = listed.EnumerateArray().Single(c => c.GetProperty("kind").GetString() == "Erasure").GetProperty("serial").GetString()!;
        serial.ShouldNotBe(first);
        var pdf = await stranger.GetByteArrayAsync($"/progress/{it.Token}/certificates/{serial}");
        if (Text(pdf) is { } text)
        {
            text.ShouldContain("联系方式已删除");
            text.ShouldContain(first, Case.Sensitive, "it names the one that it replaces");
            text.ShouldNotContain(it.Contract.Name);
        }
        (await stranger.GetAsync($"/api/progress/{it.Token}/certificates/{first}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await app.Browser("zh").Get($"/progress/{it.Token}")).Text.ShouldContain(serial);

        var until = $"{(await app.TheCase(it.Id)).EffectiveOn!.Value.AddYears(5):yyyy-MM-dd}";
        // Locked: no name, no number, no letter on any ordinary page.
        var supervisor = await app.Browser(Role.Supervisor, language: "en");
        foreach (var page in new[] { $"/cases/{it.Id}", $"/customers/{it.Contract.CustomerId}", "/cases?state=all", "/customers" })
        {
            var shown = (await supervisor.Get(page)).Text;
            shown.ShouldNotContain(Mask.Name(it.Contract.Name), Case.Sensitive, page);
            shown.ShouldNotContain(it.Contract.Number, Case.Sensitive, page);
        }
        (await supervisor.Get($"/customers/{it.Contract.CustomerId}")).Text.ShouldContain($"locked until {until}");
        var refused = await supervisor.Get($"/cases/{it.Id}/documents/{document}");
        refused.Text.ShouldContain(until);

        // For a named reason the data officer opens it, and that is recorded; others do not.
        (await agent.Refused($"/api/cases/{it.Id}/locked", new { reason = "claim" })).ShouldBe("not-allowed");
        var officer = await app.SignIn(Role.DataOfficer);
        (await officer.Refused($"/api/cases/{it.Id}/locked", new { reason = "curiosity" })).ShouldBe("required");
        var seen = await officer.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/locked", new { reason = "claim" });
        (seen.GetProperty("name").GetString(), seen.GetProperty("contractNumber").GetString(), seen.GetProperty("until").GetString()).ShouldBe((it.Contract.Name, it.Contract.Number, until));
        var paper = await officer.PostAsJsonAsync($"/api/cases/{it.Id}/locked", new { reason = "authority", documentId = document });
        (await paper.Content.ReadAsByteArrayAsync()).AsSpan(0, 5).ToArray().ShouldBe("%PDF-"u8.ToArray());
        await app.With<AppDb>(async db => (await db.AuditLog.CountAsync(r => r.Verb == "data.unlocked" && r.Target == $"customer:{it.Contract.CustomerId}")).ShouldBe(2));
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task A_certificate_is_corrected_by_one_that_supersedes_it_and_revoked_for_a_reason()
    {
        var it = await Paid();
        var serial = (await Data(it)).GetProperty("certificates").EnumerateArray().Single(c => c.GetProperty("kind").GetString() == "Termination").GetProperty("serial").GetString()!;
        var officer = await app.SignIn(Role.DataOfficer);
        (await (await app.SignIn(Role.Agent)).Refused($"/api/certificates/{serial}/correction", new { reason = "name-wrong" })).ShouldBe("not-allowed");
        (await officer.Refused($"/api/certificates/{serial}/correction", new { reason = "because" })).ShouldBe("required");
        (await officer.Refused("/api/certificates/0000-0000-0000-0000-0000-0000-0000-0000/correction", new { reason = "name-wrong" })).ShouldBe("not-found");
        await officer.Ok(HttpMethod.Post, $"/api/certificates/{serial}/correction", new { reason = "name-wrong" });
        (await officer.Refused($"/api/certificates/{serial}/correction", new { reason = "name-wrong" })).ShouldBe("certificate.being-corrected");
        await app.Drain();
        (await Check(serial)).ShouldBe("superseded");
        (await officer.Refused($"/api/certificates/{serial}/revocation", new { reason = "fraud" })).ShouldBe("certificate.not-valid");
        var answer = await app.Client().Ok(HttpMethod.Get, $"/api/certificates/{serial}");
        answer.EnumerateObject().Select(p => p.Name).ShouldBe(["state", "serial", "issuedOn", "sha256"], "it names nothing more");
        app.Mails(it.Contract.Mail).Count(m => m.Attachments.Keys.Any(k => k.EndsWith("-certificate.pdf", StringComparison.Ordinal))).ShouldBe(2);

        var newer = (await Data(it)).GetProperty("certificates").EnumerateArray()
            .Single(c => c.GetProperty("kind").GetString() == "Termination" && c.GetProperty("state").GetString() == "Valid").GetProperty("serial").GetString()!;
        (await Check(newer)).ShouldBe("valid");
        var page = await app.Browser(Role.Legal, language: "en");
        (await page.Get($"/cases/{it.Id}")).Text.ShouldContain("Superseded");
        (await officer.Refused($"/api/certificates/{newer}/revocation", new { reason = "" })).ShouldBe("required");
        await officer.Ok(HttpMethod.Post, $"/api/certificates/{newer}/revocation", new { reason = "wrong-person" });
        (await Check(newer)).ShouldBe("revoked");
        (await officer.Refused($"/api/certificates/{newer}/revocation", new { reason = "fraud" })).ShouldBe("certificate.not-valid");
        await app.With<AppDb>(async db =>
        {
            var row = await db.AuditLog.SingleAsync(r => r.Verb == "certificate.revoked" && r.Target == $"certificate:{newer}");
            row.Data.ShouldContain("wrong-person");
        });
    }

    [Fact]
    public async Task A_remnant_that_is_put_back_is_found_not_certified_and_parked_until_it_is_gone()
    {
        var it = await Paid();
        var customer = it.Contract.CustomerId;
        await app.With<IServiceProvider>(async services =>
        {
            var (db, vault, search) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>(), services.GetRequiredService<SearchStore>());
            var row = await db.Customers.SingleAsync(c => c.Id == customer);
            await Should.ThrowAsync<KeyDestroyedException>(() => vault.Seal(customer, DataClass.Profile, CustomerTable.ProfilePlace, row.Row, new CustomerProfile("1", "planted"), default));
            await services.GetRequiredService<KeyStore>().Create([customer], [DataClass.Profile], default);
            row.Profile = await vault.Seal(customer, DataClass.Profile, CustomerTable.ProfilePlace, row.Row, new CustomerProfile("1", "planted"), default);
            var mail = Guid.CreateVersion7();
            db.Mails.Add(new MailRow { Id = mail, Subject = customer, Class = DataClass.Profile, At = app.Time.GetUtcNow(), Data = await vault.Seal(customer, DataClass.Profile, MailRow.Place, mail.ToString("N"), new MailContent("x@y.example", "", "", []), default) });
            var text = Guid.CreateVersion7();
            db.Texts.Add(new Features.Cases.PersonalText { Id = text, Subject = customer, Class = DataClass.Payout, Kind = "planted", Data = [1] });
            await search.Index(customer, [(TokenKind.Name, "planted name")], default);
            var call = await app.SystemCall();
            db.Enqueue(VerifyErasure.Of(customer, it.Id, "exit", call with { BusinessNow = call.BusinessNow.AddSeconds(1) }));
            db.Audit(call, "test.planted", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
        var before = await app.With<AppDb, int>(db => db.Certificates.CountAsync(c => c.CaseId == it.Id));
        await app.Drain();
        var found = (await Data(it)).GetProperty("searches")[0].GetProperty("found").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
        found.ShouldBe(new Dictionary<string, int> { ["customers"] = 1, ["mails"] = 1, ["personal_texts"] = 1, ["search_subjects"] = 1, ["subject_keys"] = 1 }, ignoreOrder: true);
        await app.With<AppDb>(async db =>
        {
            var parked = await db.Effects.SingleAsync(e => e.Kind == VerifyErasure.Kind && e.CaseId == it.Id && e.State == EffectState.Parked);
            parked.Note!.ShouldContain("mails=1");
            (await db.Certificates.CountAsync(c => c.CaseId == it.Id)).ShouldBe(before);
        });
        (await (await app.Browser(Role.DataOfficer, language: "en")).Get($"/cases/{it.Id}")).Text.ShouldContain("Second search found");
    }

    [Fact]
    public async Task The_account_of_a_customer_who_stays_goes_when_the_refund_is_reconciled_and_not_before()
    {
        // Other tests look at pages on which nobody is left.
        await using var own = await ExeuntApp.Start(app.On);
        // What they get back is more than what they owe.
        var it = await own.ASettledCase(contract: await own.AContractInForce(deposit: 500_000, policy: MoneyWorld.Policy.Number));
        var customer = it.Contract.CustomerId;
        var other = await own.AContractInForce();
        await own.With<IServiceProvider>(async services =>
        {
            var (db, vault) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>());
            var row = await db.Customers.SingleAsync(c => c.Id == customer);
            row.Payout = await vault.Seal(customer, DataClass.Payout, CustomerTable.PayoutPlace, row.Row, new PayoutAccount("王小芳", "6222 0000 1111 2222", null), default);
            db.Audit(await own.SystemCall(), "test.account", $"customer:{customer}");
            await db.SaveChangesAsync();
            // They stay, by another contract.
            await db.Write(token => db.Contracts.Where(c => c.Id == other.ContractId).ExecuteUpdateAsync(s => s.SetProperty(c => c.CustomerId, customer), token), default);
        });
        var (reference, amount) = await it.Order();
        (await Keys(it, DataClass.Payout)).ShouldBe([DataClass.Payout], "it is on its way there");

        await (await own.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((-amount, reference)) });
        await own.Drain();

        (await Keys(it, DataClass.Payout, DataClass.Profile)).ShouldBe([DataClass.Profile]);
        await own.With<AppDb>(async db =>
        {
            var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer);
            (row.Payout, row.ErasedAt).ShouldBe((null, null));
            (await db.Erasures.Where(e => e.CustomerId == customer).Select(e => e.Class).ToListAsync()).ShouldBe([DataClass.Payout]);
        });
        (await Data(it)).GetProperty("isErased").GetBoolean().ShouldBeFalse("the customer stays");
        // The next refund takes an account, and a key, of its own.
        await own.With<Vault>(async vault => await vault.Seal(customer, DataClass.Payout, CustomerTable.PayoutPlace, "1", new PayoutAccount("x", "1", null), default));
    }

    [Fact]
    public async Task A_legal_hold_wins_over_every_erasure_until_two_lift_it()
    {
        var it = await app.ASettledCase();
        var (officer, legal) = (await app.SignIn(Role.DataOfficer), await app.SignIn(Role.Legal));
        (await (await app.SignIn(Role.Agent)).Refused($"/api/cases/{it.Id}/legal-holds", new { reason = "Litigation" })).ShouldBe("not-allowed");
        (await legal.Refused($"/api/cases/{it.Id}/legal-holds", new { })).ShouldBe("required");
        var hold = (await legal.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/legal-holds", new { reason = "Litigation" })).GetProperty("holdId").GetGuid();
        (await legal.Refused($"/api/cases/{it.Id}/legal-holds", new { reason = "Litigation" })).ShouldBe("legal-hold.placed-already");
        await Pay(await it.Order());
        await app.AdvanceDays(3);
        (await Keys(it, DataClass.Profile, DataClass.Payout, DataClass.Contact, DataClass.Case)).ShouldBe([DataClass.Profile, DataClass.Contact, DataClass.Case]);
        // Asked for by the customer, by the end of the plan, by nobody: nothing goes.
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            foreach (var dataClass in new[] { DataClass.Contact, DataClass.Case, DataClass.Legal })
                db.Enqueue(Effect.Now("erase.class", $"test|{it.Id}|{dataClass}", call, new EraseClass.What(it.Contract.CustomerId, dataClass), it.Id));
            db.Enqueue(Effect.Now("erase.intake", $"test|{it.Id}", call, caseId: it.Id));
            (await db.Customers.SingleAsync(c => c.Id == it.Contract.CustomerId)).ErasedAt = call.Now;
            db.Audit(call, "test.erased", "customer");
            await db.SaveChangesAsync();
        });
        await app.Drain();
        (await Keys(it, DataClass.Profile, DataClass.Contact, DataClass.Case)).Count.ShouldBe(3);
        (await app.With<AppDb, bool>(db => db.Texts.AnyAsync(t => t.CaseId == it.Id && t.Subject < 0))).ShouldBeTrue();

        // Two of them, one of each office.
        (await legal.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/legal-holds/{hold}/lifting")).GetProperty("isLifted").GetBoolean().ShouldBeFalse();
        (await legal.Refused($"/api/cases/{it.Id}/legal-holds/{hold}/lifting")).ShouldBe("legal-hold.lifted-by-two");
        (await (await app.SignIn(Role.Legal, name: "other")).Refused($"/api/cases/{it.Id}/legal-holds/{hold}/lifting")).ShouldBe("legal-hold.lifted-by-two");
        await app.Drain();
        (await Keys(it, DataClass.Profile)).Count.ShouldBe(1);
        (await officer.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/legal-holds/{hold}/lifting")).GetProperty("isLifted").GetBoolean().ShouldBeTrue();
        (await officer.Refused($"/api/cases/{it.Id}/legal-holds/{hold}/lifting")).ShouldBe("legal-hold.lifted-already");
        await app.Drain();
        (await Keys(it, DataClass.Profile, DataClass.Payout)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hold_and_an_erasure_at_the_same_moment_never_both_win()
    {
        var (held, erased) = (0, 0);
        for (var i = 0; i < 6; i++)
        {
            var it = await app.ASettledCase();
            var legal = await app.SignIn(Role.Legal);
            var (reference, amount) = await it.Order();
            await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
            var answers = await Task.WhenAll(Task.Run(async () => { await app.Drain(); return (HttpResponseMessage?)null; }), Place(legal, it, i));
            await app.Drain();
            var answer = answers[1]!;
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
            var gone = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("gone").GetArrayLength();
            var there = (await Keys(it, DataClass.Profile)).Count == 1;
            there.ShouldBe(gone == 0, "a hold that was told nothing is gone keeps it; one that was told so does not bring it back");
            (held, erased) = (held + (there ? 1 : 0), erased + (there ? 0 : 1));
        }
        output.WriteLine($"held {held}, erased {erased}");
    }

    [Fact]
    public async Task Orders_are_added_to_the_sums_of_many_when_their_time_is_over()
    {
        var it = await app.ASettledCase();
        await app.With<AppDb>(async db =>
        {
            db.Facts.Add(new Features.Facts.FactRow { CustomerId = it.Contract.CustomerId, Document = 1, Line = 1, Kind = Core.Activity.FactKind.Order, On = new(2026, 1, 5), Amount = 120_00 });
            db.Activity.Add(new Features.Facts.ActivityRow { CustomerId = it.Contract.CustomerId, Months = Packed(120_00) });
            db.Audit(await app.SystemCall(), "test.facts", "customer");
            await db.SaveChangesAsync();
        });
        await Pay(await it.Order());
        await app.With<AppDb>(async db =>
        {
            var due = await db.Effects.SingleAsync(e => e.Kind == AnonymiseFacts.Kind && e.CaseId == it.Id);
            Clocks.DateIn(due.DueAt, "Asia/Shanghai").ShouldBe((await app.TheCase(it.Id)).EffectiveOn!.Value.AddYears(3).AddDays(1));
        });
        await app.With<Clocks>(c => { c.Offset += TimeSpan.FromDays(365 * 3 + 10); return Task.CompletedTask; });
        await app.Drain();
        await app.With<AppDb>(async db =>
        {
            (await db.Facts.AnyAsync(f => f.CustomerId == it.Contract.CustomerId)).ShouldBeFalse();
            (await db.Activity.AnyAsync(a => a.CustomerId == it.Contract.CustomerId)).ShouldBeFalse();
            var sum = await db.Set<AnonymousMonth>().SingleAsync(m => m.Month == "2026-01");
            (sum.Ordered, sum.Orders, sum.Customers).ShouldBe((120_00L, 1L, 1));
            (await db.Set<RetainedRow>().SingleAsync(r => r.CustomerId == it.Contract.CustomerId && r.Category == DataCategory.Transactions)).Now.ShouldBe(RetentionOutcome.Anonymise);
        });
    }

    [Fact]
    public async Task What_was_ordered_after_the_end_stays_as_long_as_the_law_counts_from_it_and_nothing_else_does()
    {
        var it = await app.ASettledCase();
        var customer = it.Contract.CustomerId;
        var ordered = (await app.TheCase(it.Id)).EffectiveOn!.Value.AddMonths(15);
        await app.With<AppDb>(async db =>
        {
            // What delays an erasure does not keep them from ordering, nor from calling.
            db.Orders.Add(new Features.Orders.Order { Id = Guid.CreateVersion7(), CustomerId = customer, Currency = "CNY", OrderedOn = ordered, Zone = "Asia/Shanghai", Jurisdiction = "CN", Location = "MAIN" });
            db.Facts.Add(new Features.Facts.FactRow { CustomerId = customer, Document = 1, Line = 1, Kind = Core.Activity.FactKind.Contact, On = ordered.AddYears(1), Amount = 1 });
            db.Audit(await app.SystemCall(), "test.ordered", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
        Line(await Data(it), "Transactions").GetProperty("until").GetString().ShouldBe($"{ordered.AddYears(3):yyyy-MM-dd}", "planned before it is recorded");

        await Pay(await it.Order());

        await app.With<AppDb>(async db =>
        {
            var until = await db.Set<RetainedRow>().AsNoTracking().Where(r => r.CustomerId == customer).ToDictionaryAsync(r => r.Category, r => r.Until);
            until[DataCategory.Transactions].ShouldBe(ordered.AddYears(3));
            until[DataCategory.Vouchers].ShouldBe(new DateOnly(ordered.Year + 30, 12, 31));
            until[DataCategory.Contract].ShouldBe((await app.TheCase(it.Id)).EffectiveOn!.Value.AddYears(5));
            until[DataCategory.Contact].ShouldBeNull();
            var due = await db.Effects.SingleAsync(e => e.Kind == AnonymiseFacts.Kind && e.CaseId == it.Id);
            Clocks.DateIn(due.DueAt, "Asia/Shanghai").ShouldBe(ordered.AddYears(3).AddDays(1));
        });
    }

    [Fact]
    public async Task What_an_earlier_version_planned_is_counted_again_once_and_moves_only_later()
    {
        // Everybody is counted: an installation of its own.
        await using var own = await ExeuntApp.Start(app.On);
        var it = await own.ASettledCase();
        var customer = it.Contract.CustomerId;
        var end = (await own.TheCase(it.Id)).EffectiveOn!.Value;
        var (reference, amount) = await it.Order();
        await (await own.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await own.Drain();
        var ordered = end.AddMonths(15);
        var asked = (await own.AContractInForce()).CustomerId;
        await own.With<AppDb>(async db =>
        {
            var call = await own.SystemCall();
            foreach (var (of, on) in new[] { (customer, ordered), (asked, end.AddYears(20)) })
                db.Orders.Add(new Features.Orders.Order { Id = Guid.CreateVersion7(), CustomerId = of, Currency = "CNY", OrderedOn = on, Zone = "Asia/Shanghai", Jurisdiction = "CN", Location = "MAIN" });
            var rows = await db.Set<RetainedRow>().Where(r => r.CustomerId == customer).ToDictionaryAsync(r => r.Category);
            rows[DataCategory.Transactions].Until.ShouldBe(end.AddYears(3), "from the end alone");
            rows[DataCategory.Vouchers].Until.ShouldBe(new DateOnly(end.Year + 30, 12, 31));
            // Longer than the schedule says: never shortened. What is done stays.
            rows[DataCategory.Contract].Until = end.AddYears(50);
            rows[DataCategory.Consents].Until = end;
            rows[DataCategory.Consents].DoneAt = call.Now;
            // Erased without a case.
            db.Add(new RetainedRow { CustomerId = asked, Category = DataCategory.Transactions, Outcome = RetentionOutcome.Lock, Until = end, Rule = "CN-TRANSACTIONS" });
            db.Audit(call, "test.planned", $"customer:{customer}");
            await db.SaveChangesAsync();
        });

        (await own.With<Retention, int>(async retention => await retention.CountAgain(await own.SystemCall(), default))).ShouldBe(4, "transactions with their analytics, vouchers; and who asked");

        await ShouldBeCounted();
        (await own.With<Retention, int>(async retention => await retention.CountAgain(await own.SystemCall(), default))).ShouldBe(0);
        await ShouldBeCounted();
        await own.With<AppDb>(async db => (await db.Settings.AsNoTracking().SingleAsync(s => s.Key == Retention.CountedSetting)).Value.ShouldBe("all"));

        Task ShouldBeCounted() => own.With<AppDb>(async db =>
        {
            var until = await db.Set<RetainedRow>().AsNoTracking().Where(r => r.CustomerId == customer).ToDictionaryAsync(r => r.Category, r => r.Until);
            until[DataCategory.Transactions].ShouldBe(ordered.AddYears(3));
            until[DataCategory.Analytics].ShouldBe(ordered.AddYears(3));
            until[DataCategory.Vouchers].ShouldBe(new DateOnly(ordered.Year + 30, 12, 31));
            until[DataCategory.Contract].ShouldBe(end.AddYears(50));
            until[DataCategory.Consents].ShouldBe(end);
            (await db.Set<RetainedRow>().AsNoTracking().SingleAsync(r => r.CustomerId == asked)).Until.ShouldBe(end.AddYears(20).AddYears(3));
        });
    }

    /// <summary>Of a contract under Chinese law: where the customer lives, and where their order was.</summary>
    [Theory]
    [InlineData("DE", null)]
    [InlineData(null, "DE")]
    public async Task The_laws_of_where_they_live_and_of_where_they_ordered_count_beside_that_of_the_contract(string? country, string? ordered)
    {
        // They stay: an installation of their own.
        await using var own = await ExeuntApp.Start(app.On);
        var it = await own.ASettledCase();
        var customer = it.Contract.CustomerId;
        var end = (await own.TheCase(it.Id)).EffectiveOn!.Value;
        Line(await Data(it), "Contract").GetProperty("rule").GetString().ShouldBe("CN-CONTRACT");
        await own.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == customer)).Country = country;
            if (ordered is not null)
                db.Orders.Add(new Features.Orders.Order { Id = Guid.CreateVersion7(), CustomerId = customer, Currency = "CNY", OrderedOn = new(2026, 1, 5), Zone = "Asia/Shanghai", Jurisdiction = ordered, Location = "MAIN" });
            db.Audit(await own.SystemCall(), "test.places", $"customer:{customer}");
            await db.SaveChangesAsync();
        });

        var data = await Data(it);

        (Line(data, "Contract").GetProperty("rule").GetString(), Line(data, "Contract").GetProperty("until").GetString()).ShouldBe(("DE-LETTERS", $"{end.Year + 6}-12-31"));
        (Line(data, "Vouchers").GetProperty("rule").GetString(), Line(data, "Vouchers").GetProperty("until").GetString()).ShouldBe(("CN-VOUCHERS", $"{end.Year + 30}-12-31"));
    }

    [Fact]
    public async Task Orders_of_the_shop_go_with_the_facts_and_what_is_put_back_is_found()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var it = await own.ASettledCase();
        var (customer, other) = (it.Contract.CustomerId, (await own.AContractInForce()).CustomerId);
        var (gone, stays) = (await Ordered(own, customer), await Ordered(own, other));
        var (reference, amount) = await it.Order();
        await (await own.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await own.Drain();
        await own.With<AppDb>(async db =>
        {
            (await db.Orders.SingleAsync(o => o.Id == gone)).InvoiceNumber.ShouldBe($"INV-{customer}", "kept as long as the schedule says");
            db.Returns.Add(new Features.Returns.Return { CaseId = it.Id, OrderId = gone, DeclaredOn = new(2026, 1, 5), Currency = "CNY", CreditNote = $"INV-{customer}-C1" });
            // Its time is over.
            foreach (var row in await db.Set<RetainedRow>().Where(r => r.CustomerId == customer && (r.Category == DataCategory.Transactions || r.Category == DataCategory.Analytics)).ToListAsync())
                row.Until = new DateOnly(2026, 1, 31);
            var call = await own.SystemCall();
            (await db.Effects.SingleAsync(e => e.Kind == AnonymiseFacts.Kind && e.CaseId == it.Id)).DueAt = call.BusinessNow;
            db.Audit(call, "test.over", $"customer:{customer}");
            await db.SaveChangesAsync();
        });

        await own.Drain();

        await own.With<AppDb>(async db =>
        {
            (await db.Orders.AnyAsync(o => o.CustomerId == customer)).ShouldBeFalse();
            (await db.Set<Features.Orders.OrderLine>().AnyAsync(l => l.OrderId == gone)).ShouldBeFalse();
            (await db.Set<Features.Orders.OrderPayment>().AnyAsync(p => p.OrderId == gone)).ShouldBeFalse();
            (await db.Returns.IgnoreAutoIncludes().SingleAsync(r => r.CaseId == it.Id)).CreditNote.ShouldBeNull();
            (await db.Orders.SingleAsync(o => o.Id == stays)).InvoiceNumber.ShouldBe($"INV-{other}");
            (await db.Set<Features.Orders.OrderLine>().CountAsync(l => l.OrderId == stays)).ShouldBe(1);
        });
        var data = await Data(it);
        Line(data, "Transactions").GetProperty("outcome").GetString().ShouldBe("Anonymise");
        data.GetProperty("searches")[0].GetProperty("cause").GetString().ShouldBe("facts");
        data.GetProperty("searches")[0].GetProperty("found").EnumerateObject().Any().ShouldBeFalse();
        own.Mails(it.Contract.Mail).Count(m => m.Attachments.Keys.Any(k => k.EndsWith("-erasure.pdf", StringComparison.Ordinal))).ShouldBe(2, "certified as it stands now");
        (await (await own.SignIn(Role.BranchHead)).Refused("/api/orders", await Told(own, customer))).ShouldBe("order.no-such-customer", "told again it does not come back");

        await own.With<AppDb>(async db =>
        {
            db.Orders.Add(new Features.Orders.Order { Id = Guid.CreateVersion7(), CustomerId = customer, Currency = "CNY", OrderedOn = new(2026, 1, 5), Zone = "Asia/Shanghai", Jurisdiction = "CN", Location = "MAIN", InvoiceNumber = "planted" });
            (await db.Returns.IgnoreAutoIncludes().SingleAsync(r => r.CaseId == it.Id)).CreditNote = $"planted-{customer}";
            db.Facts.Add(new Features.Facts.FactRow { CustomerId = customer, Document = 1, Line = 1, Kind = Core.Activity.FactKind.Order, On = new(2026, 1, 5), Amount = 120_00 });
            db.Activity.Add(new Features.Facts.ActivityRow { CustomerId = customer, Months = Packed(120_00) });
            var call = await own.SystemCall();
            db.Enqueue(VerifyErasure.Of(customer, it.Id, AnonymiseFacts.Cause, call with { BusinessNow = call.BusinessNow.AddSeconds(1) }));
            db.Audit(call, "test.planted", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
        await own.Drain();
        var found = (await Data(it)).GetProperty("searches")[0].GetProperty("found").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
        found.ShouldBe(new Dictionary<string, int> { ["activity"] = 1, ["facts"] = 1, ["orders"] = 1, ["returns"] = 1 }, ignoreOrder: true);
        await own.With<AppDb>(async db => (await db.Effects.SingleAsync(e => e.Kind == VerifyErasure.Kind && e.CaseId == it.Id && e.State == EffectState.Parked)).Note!.ShouldContain("orders=1"));
    }

    [Fact]
    public async Task The_schedule_is_a_page_in_both_languages_and_an_answer_of_the_API()
    {
        var lines = await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, "/api/retention");
        lines.EnumerateArray().Single(l => l.GetProperty("code").GetString() == "CN-VOUCHERS").GetProperty("for").GetString().ShouldBe("30 years");
        (await (await app.Browser(Role.Auditor, language: "zh")).Get("/retention")).Text.ShouldContain("会计档案三十年");
    }

    // ---- intent ----------------------------------------------------------------------------------------------------

    private async Task<ACase> Paid()
    {
        var it = await app.ASettledCase();
        await Pay(await it.Order());
        return it;
    }

    private async Task Pay((string Reference, long Amount) order)
    {
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((order.Amount, order.Reference)) });
        await app.Drain();
    }

    /// <summary>An order of the shop, with its invoice.</summary>
    private static async Task<Guid> Ordered(ExeuntApp own, long customer) =>
        (await (await own.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, "/api/orders", await Told(own, customer))).GetProperty("orderId").GetGuid();

    private static async Task<object> Told(ExeuntApp own, long customer)
    {
        var on = (await own.SystemCall()).Today(Clocks.CompanyZone).AddDays(-5);
        return new
        {
            customerId = customer, number = $"SO-{customer}", currency = "CNY", orderedOn = on, invoiceNumber = $"INV-{customer}",
            lines = new[] { new { product = "LAMP", nameEnglish = "Lamp", nameChinese = "台灯", quantity = 1, unitPrice = "10.00", taxRate = "0.13" } },
            payments = new[] { new { means = "Card", amount = "10.00", paidOn = on, reference = "card" } },
        };
    }

    private static async Task<HttpResponseMessage?> Place(HttpClient legal, ACase it, int wait)
    {
        await Task.Delay(wait * 40);
        return await legal.PostAsJsonAsync($"/api/cases/{it.Id}/legal-holds", new { reason = "Regulator" });
    }

    private static byte[] Packed(long ordered) => ActivityMonths.Build([new Fact(Exeunt.Core.Activity.FactKind.Order, new DateOnly(2026, 1, 5), ordered, "1")]);

    private static async Task<JsonElement> Data(ACase it) => await (await it.App.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/cases/{it.Id}/data");

    private static JsonElement Line(JsonElement data, string category) => data.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("category").GetString() == category);

    private async Task<string> Check(string serial) => (await app.Client().Ok(HttpMethod.Get, $"/api/certificates/{serial}")).GetProperty("state").GetString()!;

    private Task<Guid> Document(ACase it, DocumentKind kind) => app.With<AppDb, Guid>(db => db.Documents.Where(d => d.CaseId == it.Id && d.Kind == kind).Select(d => d.Id).FirstAsync());

    private static Task<List<DataClass>> Keys(ACase it, params DataClass[] classes) => it.App.With<KeyStore, List<DataClass>>(async keys =>
    {
        var living = new List<DataClass>();
        foreach (var dataClass in classes)
            if (await keys.Find(it.Contract.CustomerId, dataClass, default) is not null)
                living.Add(dataClass);
        return living;
    });

    private string? Text(byte[] pdf) => Tool.Run(output, "pdftotext", "-layout", Tool.File(pdf), "-") is { } text ? string.Concat(text.Where(c => !char.IsWhiteSpace(c))) : null;

    public sealed class OnSqlite(SqliteApp app, ITestOutputHelper output) : DataAtExitTests(app, output), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app, ITestOutputHelper output) : DataAtExitTests(app, output), IClassFixture<PostgresApp>;
}
