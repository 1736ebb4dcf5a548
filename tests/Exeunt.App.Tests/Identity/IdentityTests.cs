using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Identity;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Identity;

/// <summary>Who somebody is: levels, changes of contact and account, and that no impostor ends anybody's contract.</summary>
public abstract class IdentityTests(ExeuntApp app)
{
    [Fact]
    public async Task Another_account_needs_more_than_a_code_holds_the_money_and_never_the_end()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        var account = new { holder = "王小芳", account = "6222 0000 1234 account-canary", bank = "工商银行" };
        (await (await customer.PostAsJsonAsync($"/api/progress/{token}/payout", account)).Refusal()).ShouldBe("identity.level-two");

        var agent = await app.SignIn(Role.Agent);
        (await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "guess", words = "x" })).Refusal()).ShouldBe("identity.method");
        (await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document" })).Refusal()).ShouldBe("required");
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "身份证原件，有效" })).Done();
        (await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "again" })).Refusal()).ShouldBe("identity.checked-already");

        await (await customer.PostAsJsonAsync($"/api/progress/{token}/payout", account)).Done();
        (await (await customer.PostAsJsonAsync($"/api/progress/{token}/payout", account)).Refusal()).ShouldBe("identity.change-waits");
        await app.Drain();
        app.Mails(contract.Mail).ShouldContain(m => m.Subject.Contains("收款账户"));
        var exit = await app.TheCase(id);
        (exit.State, exit.HoldReason).ShouldBe((CaseState.Held, "payout-changed"));
        (await (await agent.PostAsync($"/api/cases/{id}/resume", null)).Refusal()).ShouldBe("case.hold-ends-by-itself");

        // 72 hours later the hold ends by itself and the account counts; the last service day never moved.
        var day = exit.EffectiveOn;
        await app.AdvanceDays(4);
        exit = await app.TheCase(id);
        (exit.HoldReason, exit.EffectiveOn).ShouldBe((null, day));
        await app.With<AppDb>(async db => (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId)).Payout.ShouldNotBeNull());
        (await app.PlacesWith("account-canary")).ShouldBeEmpty();
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Whoever_holds_the_old_contact_can_stop_a_change()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "seen" })).Done();
        (await (await customer.PostAsJsonAsync($"/api/progress/{token}/contact", new { mail = "not a mail" })).Refusal()).ShouldBe("identity.contact-unreadable");
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/contact", new { mail = "thief@example.com" })).Done();
        // Until it counts, codes go to the old contact.
        app.Advance(TimeSpan.FromMinutes(2));
        await (await customer.PostAsync($"/api/progress/{token}/code", null)).Done();
        await app.Drain();
        app.Mails("thief@example.com").ShouldBeEmpty();
        await (await customer.DeleteAsync($"/api/progress/{token}/changes/contact")).Done();
        await app.AdvanceDays(4);
        (await (await customer.DeleteAsync($"/api/progress/{token}/changes/contact")).Refusal()).ShouldBe("identity.nothing-waits");
        await app.With<IServiceProvider>(async services =>
        {
            var (db, vault) = ((AppDb)services.GetService(typeof(AppDb))!, (Vault)services.GetService(typeof(Vault))!);
            var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId);
            (await vault.Open<CustomerContact>(row.Id, DataClass.Contact, CustomerTable.ContactPlace, row.Row, row.Contact, default))!.Mail.ShouldBe(contract.Mail);
        });
        (await app.TheCase(id)).HoldReason.ShouldBeNull();
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task A_change_of_account_voids_what_finance_and_legal_approved()
    {
        var (customer, id, token) = await app.Applied(await app.AContractInForce());
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "seen" })).Done();
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 1 })).Done();
        await (await agent.PostAsync($"/api/cases/{id}/offer/skip", null)).Done();
        await app.Drain();
        var digest = (await app.TheCase(id)).SettlementDigest;
        await (await (await app.SignIn(Role.Finance)).PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest })).Done();
        (await app.TheCase(id)).ApprovedBy.ShouldBe([Role.Finance]);
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/payout", new { holder = "x", account = "1" })).Done();
        (await app.TheCase(id)).ApprovedBy.ShouldBeEmpty();
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Whoever_approved_before_the_account_changed_approves_again()
    {
        var (customer, id, token) = await app.Applied(await app.AContractInForce());
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "seen" })).Done();
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 1 })).Done();
        await (await agent.PostAsync($"/api/cases/{id}/offer/skip", null)).Done();
        await app.Drain();
        var digest = (await app.TheCase(id)).SettlementDigest;
        var finance = await app.SignIn(Role.Finance);
        await (await finance.PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest })).Done();
        (await (await finance.GetAsync($"/api/cases/{id}")).Done()).GetProperty("approvals").GetArrayLength().ShouldBe(1);

        await (await customer.PostAsJsonAsync($"/api/progress/{token}/payout", new { holder = "x", account = "1" })).Done();
        (await (await finance.GetAsync($"/api/cases/{id}")).Done()).GetProperty("approvals").GetArrayLength().ShouldBe(0);
        await (await finance.PostAsJsonAsync($"/api/cases/{id}/approvals/finance", new { digest })).Done();
        (await (await finance.GetAsync($"/api/cases/{id}")).Done()).GetProperty("approvals").GetArrayLength().ShouldBe(1);
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Whoever_approved_a_settlement_approves_it_again_when_it_comes_back()
    {
        var exit = await app.ASettledCase();
        var first = (await app.TheCase(exit.Id)).SettlementDigest;
        await exit.Approve();
        var agent = await app.SignIn(Role.Agent);
        var line = (await agent.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/lines", new { kind = "Damage", entry = "screen", words = "x", evidence = MoneyWorld.Photo })).GetProperty("lineId").GetGuid();
        (await app.TheCase(exit.Id)).SettlementDigest.ShouldNotBe(first);
        await exit.Approve();
        await agent.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/lines/{line}/taking-back");
        (await app.TheCase(exit.Id)).SettlementDigest.ShouldBe(first);
        (await exit.Shown()).GetProperty("approvals").GetArrayLength().ShouldBe(0);

        await exit.Approve();

        (await exit.Shown()).GetProperty("approvals").GetArrayLength().ShouldBe(2);
        await app.With<AppDb>(async db => (await db.Approvals.CountAsync(a => a.CaseId == exit.Id && a.VoidedAt == null)).ShouldBe(2));
        await app.ShouldFold(exit.Id);
    }

    [Fact]
    public async Task A_new_contact_opens_the_case_once_it_counts()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "seen" })).Done();
        var mail = $"new{contract.CustomerId}@customer.example";
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/contact", new { mail })).Done();
        await app.AdvanceDays(4);
        app.Advance(TimeSpan.FromMinutes(2));

        using var later = app.Client("zh");
        await (await later.PostAsync($"/api/progress/{token}/code", null)).Done();
        await (await later.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(mail) })).Done();
        await app.Drain();
        await app.With<SearchStore>(async search =>
        {
            (await search.Find(TokenKind.Mail, mail, 500, default)).ShouldContain(contract.CustomerId);
            (await search.Find(TokenKind.Mail, contract.Mail, 500, default)).ShouldNotContain(contract.CustomerId);
            (await search.Find(TokenKind.Name, "小芳", 500, default)).ShouldContain(contract.CustomerId, "the rest is found as before");
        });
    }

    [Fact]
    public async Task The_customer_of_an_offboarding_proves_who_they_are_and_names_an_account()
    {
        var it = await app.AnOffboarding();
        await it.Notify();
        var agent = await app.SignIn(Role.Agent);
        (await agent.Refused(it.Path("identity"), new { method = "document", words = "seen" })).ShouldBe("case.identity-first");
        await it.OpenLink();
        (await app.TheCase(it.Id)).IdentityLevel.ShouldBe(1);
        await agent.Ok(HttpMethod.Post, it.Path("identity"), new { method = "document", words = "seen" });
        await it.Customer.Ok(HttpMethod.Post, $"/api/progress/{it.Token}/payout", new { holder = "x", account = "1" });
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Staff_stop_a_change_that_looks_wrong()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "seen" })).Done();
        (await Stop(agent, "payout", new { words = "x" })).ShouldBe("identity.nothing-waits");
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/payout", new { holder = "thief", account = "666" })).Done();
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/contact", new { mail = "thief@example.com" })).Done();

        (await Stop(await app.SignIn(Role.Finance), "payout", new { words = "x" })).ShouldBe("not-allowed");
        (await Stop(agent, "payout", new { words = " " })).ShouldBe("required");
        (await Stop(agent, "whatever", new { words = "x" })).ShouldBe("not-found");
        (await Stop(agent, "payout", new { words = "called back: it was not her stop-canary" })).ShouldBeNull();
        using var browser = await app.Browser(Role.Agent);
        var page = await browser.Get($"/cases/{id}");
        page.Of("#changes")!.ShouldContain("Another contact");
        page.Of("#changes")!.ShouldNotContain("Another account");
        page.Text.ShouldContain("stop-canary");
        page = await browser.Submit("Stop this change", new { words = "" });
        page.Of("#f-contact-words-error").ShouldNotBeNull();
        page = await browser.Submit("Stop this change", new { words = "nobody asked for it" });
        page.Document.QuerySelector("#changes").ShouldBeNull();

        await app.Drain();
        app.Mails(contract.Mail).Count(m => m.Subject.Contains("已撤销")).ShouldBe(2);
        (await app.TheCase(id)).HoldReason.ShouldBeNull();
        await app.AdvanceDays(4);
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId)).Payout.ShouldBeNull();
            (await db.Set<PendingDetails>().AsNoTracking().Where(d => d.CaseId == id).ToListAsync()).ShouldAllBe(d => d.State == DetailState.Cancelled && d.Data == null);
        });
        (await app.PlacesWith("stop-canary")).ShouldBeEmpty();
        await app.ShouldFold(id);

        async Task<string?> Stop(HttpClient client, string kind, object body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/cases/{id}/changes/{kind}") { Content = JsonContent.Create(body) };
            using var answer = await client.SendAsync(request);
            return answer.IsSuccessStatusCode ? null : await answer.Refusal();
        }
    }

    [Fact]
    public async Task No_change_counts_while_a_person_holds_the_case()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "seen" })).Done();
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/payout", new { holder = "x", account = "1" })).Done();
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/hold", new { reason = "fraud-check" })).Done();

        await app.AdvanceDays(20);
        (await Payout()).ShouldBeNull();
        (await app.TheCase(id)).HoldReason.ShouldBe("payout-changed,fraud-check");

        await (await agent.PostAsync($"/api/cases/{id}/resume", null)).Done();
        await app.AdvanceDays(2);
        (await Payout()).ShouldNotBeNull();
        (await app.TheCase(id)).HoldReason.ShouldBeNull();
        await app.ShouldFold(id);

        Task<byte[]?> Payout() => app.With<AppDb, byte[]?>(db => db.Customers.AsNoTracking().Where(c => c.Id == contract.CustomerId).Select(c => c.Payout).SingleAsync());
    }

    [Fact]
    public async Task A_contact_gets_five_codes_a_day_whoever_asks()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var contract = await own.AContractInForce();
        using var client = own.Client("zh");
        // Twenty applications in the name of one victim, and as many that name nobody: both are answered alike.
        for (var i = 0; i < 20; i++)
        {
            foreach (var number in new[] { contract.Number, "HT-0000-0" })
                (await client.PostAsync($"/api/progress/{await Apply(own, client, number, contract)}/code", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
            await own.Drain();
            own.Mails(contract.Mail).Count(IsCode).ShouldBe(Math.Min(5, 1 + i / 3));
            own.Advance(TimeSpan.FromSeconds(21));
        }
        // The next day there are codes again.
        own.Advance(TimeSpan.FromHours(24));
        await (await client.PostAsync($"/api/progress/{await Apply(own, client, contract.Number, contract)}/code", null)).Done();
        await own.Drain();
        own.Mails(contract.Mail).Count(IsCode).ShouldBe(6);

        static bool IsCode(ReceivedMail mail) => mail.Subject.Contains("验证码", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_codes_for_one_contact_rest_it_longer_and_longer_and_nobody_else()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (contract, other) = (await own.AContractInForce(), await own.AContractInForce());
        using var client = own.Client("zh");
        foreach (var minutes in new[] { 15, 30, 60, 60 })
        {
            await Guess(5);
            (await Enter(minutes - 1)).ShouldBe("code.wrong-or-expired");
        }
        await Guess(1);
        own.Advance(TimeSpan.FromMinutes(61));
        (await Enter(0)).ShouldBeNull();

        // Thousands of failures of one contact do not pause anybody else's codes.
        await own.With<AppDb>(async db =>
        {
            var row = await db.Challenges.AsNoTracking().FirstAsync(c => c.Failures > 0);
            db.Challenges.Add(new Challenge { Id = Guid.CreateVersion7(), Owner = [1], CodeHash = row.CodeHash, Contact = row.Contact, SentAt = own.Time.GetUtcNow(), ExpiresAt = own.Time.GetUtcNow(), Failures = 5000 });
            db.Audit(await own.SystemCall(), "test.failures", "challenge");
            await db.SaveChangesAsync();
        });
        await own.Applied(other);

        // What is right is entered some minutes after the last failure; a code of its own for each try.
        async Task<string?> Enter(int minutes)
        {
            own.Advance(TimeSpan.FromMinutes(minutes));
            var token = await Apply(own, client, contract.Number, contract);
            await (await client.PostAsync($"/api/progress/{token}/code", null)).Done();
            var code = await Right(token);
            using var answer = await client.PostAsJsonAsync($"/api/progress/{token}/identity", new { code });
            own.Advance(TimeSpan.FromMinutes(2));
            return answer.IsSuccessStatusCode ? null : await answer.Refusal();
        }

        async Task Guess(int times)
        {
            var token = await Apply(own, client, contract.Number, contract);
            await (await client.PostAsync($"/api/progress/{token}/code", null)).Done();
            for (var i = 0; i < times; i++)
                (await (await client.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = "wrong" })).Refusal()).ShouldBe("code.wrong-or-expired");
        }

        // The code of a link as if its mail had come, also past the day's share: set, since it cannot be read.
        Task<string> Right(string token) => own.With<IServiceProvider, string>(async services =>
        {
            var (db, keys) = ((AppDb)services.GetService(typeof(AppDb))!, (KeyStore)services.GetService(typeof(KeyStore))!);
            var owner = Secrets.Hash(token);
            var hash = System.Security.Cryptography.HMACSHA256.HashData(await keys.Secret("code-key", default), "12345678"u8);
            await db.Write(ct => db.Challenges.Where(c => c.Owner == owner).ExecuteUpdateAsync(u => u.SetProperty(c => c.CodeHash, hash), ct), default);
            return "12345678";
        });
    }

    private static async Task<string> Apply(ExeuntApp app, HttpClient client, string number, CaseWorld.AContract contract) =>
        (await (await client.PostAsJsonAsync("/api/applications", new { contractNumber = number, name = contract.Name, contact = contract.Mail })).Done()).GetProperty("token").GetString()!;

    [Fact]
    public async Task An_application_without_authority_is_refused_with_a_ground_and_the_contract_goes_on()
    {
        var contract = await app.AContractInForce();
        var (_, id, _) = await app.Applied(contract);
        var supervisor = await app.SignIn(Role.Supervisor);
        (await (await (await app.SignIn(Role.Agent)).PostAsJsonAsync($"/api/cases/{id}/refusal", new { ground = "not-authorised", words = "x" })).Refusal()).ShouldBe("not-allowed");
        (await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/refusal", new { ground = "whatever", words = "x" })).Refusal()).ShouldBe("required");
        await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/refusal", new { ground = "not-authorised", words = "未提供授权委托书" })).Done();
        var exit = await app.TheCase(id);
        (exit.State, exit.Outcome).ShouldBe((CaseState.Closed, CaseOutcome.Refused));
        await app.With<AppDb>(async db => (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == contract.ContractId)).State.ShouldBe(Features.Contracts.ContractState.InForce));
        await app.ShouldFold(id);
    }

    /// <summary>
    /// Five hundred journeys of people who know everything about a contract but hold no contact on file: number, name, mail, phone, the
    /// victim's own case number, codes and sessions of other cases. None reaches a case that ends the victim's contract, changes an
    /// account or reads a date or an amount.
    /// </summary>
    [Fact]
    public async Task Five_hundred_impostors_end_nobodys_contract()
    {
        var victims = new List<CaseWorld.AContract>();
        for (var i = 0; i < 10; i++)
            victims.Add(await app.AContractInForce());
        // A case of the impostor's own gives a real session and a real code of another contract.
        var own = await app.AContractInForce();
        var (mine, ownId, ownToken) = await app.Applied(own);
        var session = mine.DefaultRequestHeaders.GetValues("Case-Session").Single();
        var ownCode = app.Mails(own.Mail).Select(m => System.Text.RegularExpressions.Regex.Match(m.Text, @"\b\d{8}\b").Value).Last(c => c.Length > 0);
        var ids = new List<Guid>();
        for (var journey = 0; journey < 500; journey++)
        {
            var random = new Random(journey);
            var victim = victims[journey % victims.Count];
            using var client = app.Client(random.Next(2) == 0 ? "zh" : "en");
            var invented = random.Next(4) == 0;
            var applied = await (await client.PostAsJsonAsync("/api/applications", new
            {
                contractNumber = invented ? $"HT-9999-{journey}" : victim.Number, name = victim.Name, contact = random.Next(3) == 0 ? victim.Phone : random.Next(2) == 0 ? victim.Mail : "impostor@example.com",
                reason = "PRICE", words = "please end it",
            })).Done();
            ids.Add(applied.GetProperty("caseId").GetGuid());
            var token = applied.GetProperty("token").GetString()!;
            if (random.Next(2) == 0)
                await client.PostAsync($"/api/progress/{token}/code", null);
            for (var step = 0; step < 6; step++)
            {
                if (random.Next(3) == 0)
                    client.DefaultRequestHeaders.Remove("Case-Session");
                if (random.Next(3) == 0 && !client.DefaultRequestHeaders.Contains("Case-Session"))
                    client.DefaultRequestHeaders.Add("Case-Session", random.Next(2) == 0 ? session : "CfDJ8" + new string('x', 40));
                var answer = await (random.Next(10) switch
                {
                    0 or 1 or 2 => client.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = random.Next(4) == 0 ? ownCode : $"{random.Next(100_000_000):D8}" }),
                    3 => client.PostAsync($"/api/progress/{token}/withdrawal", null),
                    4 => client.PostAsJsonAsync($"/api/progress/{token}/offer", new { accept = false }),
                    5 => client.PostAsJsonAsync($"/api/progress/{token}/payout", new { holder = "impostor", account = "666" }),
                    6 => client.PostAsJsonAsync($"/api/progress/{token}/contact", new { mail = "impostor@example.com" }),
                    7 => client.PostAsJsonAsync($"/api/progress/{token}/proposals", new { endsOn = "2026-12-31", fee = "0" }),
                    8 => client.PostAsJsonAsync($"/api/cases/{ids[^1]}/identity", new { method = "document", words = "trust me" }),
                    _ => client.PostAsJsonAsync($"/api/progress/{token}/messages", new { text = "end it now" }),
                });
                answer.IsSuccessStatusCode.ShouldBeFalse($"journey {journey}: {answer.RequestMessage!.RequestUri}");
            }
            // Real or invented, the link tells the same: what was typed, and that it waits for a code.
            var view = await (await client.GetAsync($"/api/progress/{token}")).Done();
            view.TryGetProperty("open", out _).ShouldBeFalse();
            view.GetProperty("state").GetString().ShouldBe("IdentityPending");
        }
        await app.AdvanceDays(40);
        await app.With<AppDb>(async db =>
        {
            var cases = await db.Cases.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync();
            cases.Count.ShouldBe(500);
            cases.ShouldAllBe(c => c.State == CaseState.Closed && c.Outcome == CaseOutcome.Lapsed && c.ContractId == null);
            foreach (var victim in victims)
                (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == victim.ContractId)).State.ShouldBe(Features.Contracts.ContractState.InForce);
            (await db.PaymentOrders.AsNoTracking().CountAsync(o => ids.Contains(o.CaseId))).ShouldBe(0);
        });
        // The impostor's own case was not harmed by what was tried with its session.
        (await app.TheCase(ownId)).IdentityIsProven.ShouldBeTrue();
        ownToken.ShouldNotBeEmpty();
    }

    public sealed class OnSqlite(SqliteApp app) : IdentityTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : IdentityTests(app), IClassFixture<PostgresApp>;
}
