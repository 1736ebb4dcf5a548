using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using static Exeunt.App.Tests.Settlements.MoneyWorld;

namespace Exeunt.App.Tests.Settlements;

/// <summary>Bank files from reading to closing, payments in the legal order, credits, suspense, plans.</summary>
public abstract class ReconciliationTests(ExeuntApp app)
{
    [Fact]
    public async Task Finance_closes_a_reconciliation_of_a_file_with_one_unmatched_payment()
    {
        var exit = await app.ASettledCase();
        var (reference, amount) = await exit.Order();
        using var finance = await app.Browser(Role.Finance, name: "closes");
        var file = BankFile((amount - 100_00, $"settlement {reference}"), (100_00, "somebody, closing-canary"));
        await finance.Get("/money");
        var page = await finance.Submit("Read it", new { file = new ChosenFile("../bank-of-closing-canary.csv", Encoding.UTF8.GetBytes(file)) });

        // Where it stands, what is open and why it cannot be closed.
        page.Of("h1").ShouldBe($"2026-03-01 – 2026-03-02 · {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file)))[..8]}");
        page.Of("#next h2").ShouldBe("Next: resolve the open lines");
        page.Text.ShouldContain("1 of 2");
        page.Text.ShouldContain("The text holds no reference of ours");
        page.Document.QuerySelector("form[action$='/close']").ShouldBeNull();
        var id = page.Path.Split('/')[^1];
        var api = await app.SignIn(Role.Finance, name: "closes");
        (await api.Refused($"/api/bank-files/{id}/closing")).ShouldBe("bank.lines-open");
        using var auditor = await app.Browser(Role.Auditor);
        (await auditor.Get($"/money/files/{id}")).Document.QuerySelector("main form[method=post]").ShouldBeNull();

        // Nothing typed is lost; the probable order is offered, and taken.
        page = await finance.Submit("Assign", new { order = "T-0000-000000" });
        page.Status.ShouldBe(422);
        page.Of(".bank-line .error")!.ShouldContain("No payment order");
        page = await finance.Submit($"Assign to {(await exit.Case()).GetProperty("number").GetString()}");
        page.Of("#next h2").ShouldBe("Next: close the reconciliation");
        page = await finance.Submit("Close the reconciliation");
        page.Of("#next h2").ShouldBe("Closed");

        // Closed is final, the same file leads to its first reading, the case goes on, the ledger balances.
        (await api.Refused($"/api/bank-files/{id}/closing")).ShouldBe("bank.file-closed");
        (await api.Refused($"/api/bank-files/{id}/lines/3/set-aside", new { reason = "NotOurs", words = "x" })).ShouldBe("bank.line-resolved");
        await finance.Get("/money");
        page = await finance.Submit("Read it", new { file = new ChosenFile("again.csv", Encoding.UTF8.GetBytes(file)) });
        page.Text.ShouldContain("had been read before");
        (await exit.Accounts())["settlement"].ShouldBe(0);
        (await exit.Shown()).GetProperty("payment").GetProperty("state").GetString().ShouldBe("Reconciled");
        (await finance.Get("/money")).Of("#ledger")!.ShouldContain("Balances");
        (await finance.Get($"/money/ledger/{exit.Id}")).All("tr.total").Count.ShouldBe(3);
        (await finance.Get($"/money/files/{id}/lines.csv")).Html.ShouldContain($"3,2026-03-02,100.00,CNY,,Assigned,no-reference,{(await exit.Case()).GetProperty("number").GetString()}");
        (await app.PlacesWith("closing-canary")).ShouldBeEmpty();
        await app.ShouldFold(exit.Id);
    }

    [Fact]
    public async Task Sets_partial_payments_against_costs_first_and_gives_back_what_is_too_much()
    {
        var exit = await app.ASettledCase();
        // Without a credit in the settlement that would be set off against the costs first.
        await app.With<AppDb>(async db =>
        {
            var contract = await db.Contracts.SingleAsync(c => c.Id == exit.Contract.ContractId);
            (contract.Deposit, contract.CurrentMonthPrepaid) = (0, false);
            db.Audit(await app.SystemCall(), "test.contract", "contract");
            await db.SaveChangesAsync();
        });
        await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/lines", new { kind = "Cost", amount = "80.00", words = "registered letter", evidence = Receipt });
        var (reference, amount) = await exit.Order();
        var finance = await app.SignIn(Role.Finance);

        await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = BankFile((50_00, reference), (50_00, $"ex {reference[2..].ToLowerInvariant()}"), (amount, $"{reference} all")) });

        var paid = (await exit.Shown()).GetProperty("money").GetProperty("paid").EnumerateArray().Select(p => (p.GetProperty("cost").GetInt64(), p.GetProperty("principal").GetInt64())).ToList();
        paid.ShouldBe([(50_00L, 0L), (30_00L, 20_00L)]);

        // The third line is more than is open: assigned, the rest is the customer's credit.
        var file = await app.With<AppDb, Guid>(db => db.BankLines.Where(l => l.Reference == reference && l.Why == "too-much").Select(l => l.FileId).SingleAsync());
        await finance.Ok(HttpMethod.Post, $"/api/bank-files/{file}/lines/4/assignment", new { order = reference });
        var money = (await exit.Shown()).GetProperty("money");
        money.GetProperty("credit").GetString().ShouldBe("100.00 CNY");
        (await exit.Accounts()).ShouldSatisfyAllConditions(a => a["settlement"].ShouldBe(0), a => a["customer-credit"].ShouldBe(-100_00), a => a["bank"].ShouldBe(amount + 100_00));

        // Whoever assigned it does not pay it back; somebody else does, once.
        (await finance.Refused($"/api/cases/{exit.Id}/credit-refund")).ShouldBe("credit.own");
        var other = await app.SignIn(Role.Finance, name: "second");
        var back = (await other.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/credit-refund")).GetProperty("reference").GetString()!;
        (await other.Refused($"/api/cases/{exit.Id}/credit-refund")).ShouldBe("credit.none");
        await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = BankFile((-100_00, back)) });
        (await exit.Accounts())["customer-credit"].ShouldBe(0);
    }

    [Fact]
    public async Task Spreads_what_is_too_much_over_the_other_claims_of_the_customer()
    {
        var exit = await app.ASettledCase();
        var (reference, amount) = await exit.Order();
        // Another claim against the same customer.
        await app.With<AppDb>(async db =>
        {
            var twin = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.Reference == reference);
            db.PaymentOrders.Add(new() { Id = Guid.CreateVersion7(), CaseId = twin.CaseId, Number = 1, Direction = twin.Direction, Amount = 70_00, Cost = 10_00, Currency = "CNY", Reference = "EXAAAABBBBCCCC", OrderedAt = twin.OrderedAt });
            db.Audit(await app.SystemCall(), "test.claim", "claim");
            await db.SaveChangesAsync();
        });
        var finance = await app.SignIn(Role.Finance);
        var file = (await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = BankFile((amount + 100_00, reference)) })).GetProperty("fileId").GetGuid();

        await finance.Ok(HttpMethod.Post, $"/api/bank-files/{file}/lines/2/assignment", new { order = reference });

        var money = (await exit.Shown()).GetProperty("money");
        money.GetProperty("orders").EnumerateArray().Select(o => o.GetProperty("state").GetString()).ShouldBe(["Reconciled", "Reconciled"]);
        money.GetProperty("credit").GetString().ShouldBe("30.00 CNY");
    }

    [Fact]
    public async Task Sets_aside_with_reason_and_words_and_lets_another_person_assign_it_later()
    {
        var exit = await app.ASettledCase();
        var (reference, amount) = await exit.Order();
        var finance = await app.SignIn(Role.Finance);
        var file = (await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = BankFile((amount, "who is it?"), (-1_00, reference), (5_00, "EXAAAAAAAAAAAA")) })).GetProperty("fileId").GetGuid();
        var path = $"/api/bank-files/{file}/lines";

        (await finance.Refused($"{path}/2/set-aside", new { words = "x" })).ShouldBe("required");
        (await finance.Refused($"{path}/2/set-aside", new { reason = "UnknownPayer" })).ShouldBe("required");
        (await finance.Refused($"{path}/3/assignment", new { order = reference })).ShouldBe("bank.wrong-direction");
        (await finance.Refused($"{path}/9/assignment", new { order = reference })).ShouldBe("not-found");
        foreach (var (line, reason) in new[] { (2, "UnknownPayer"), (3, "Duplicate"), (4, "ToReturn") })
            await finance.Ok(HttpMethod.Post, $"{path}/{line}/set-aside", new { reason, words = "suspense-canary" });
        await finance.Ok(HttpMethod.Post, $"/api/bank-files/{file}/closing");
        (await app.PlacesWith("suspense-canary")).ShouldBeEmpty();

        (await finance.Refused($"{path}/2/assignment", new { order = reference })).ShouldBe("bank.second-person");
        await (await app.SignIn(Role.Finance, name: "second")).Ok(HttpMethod.Post, $"{path}/2/assignment", new { order = reference });

        (await exit.Accounts()).ShouldSatisfyAllConditions(a => a["settlement"].ShouldBe(0), a => a["suspense"].ShouldBe(amount));
        (await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/bank-files/{file}")).GetProperty("counts").GetProperty("SetAside").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Takes_a_line_of_two_overlapping_files_once()
    {
        var finance = await app.SignIn(Role.Finance);
        await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = BankFile((71_23, "overlap"), (71_24, "overlap")) });

        var second = await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = BankFile((71_23, "overlap"), (71_24, "overlap"), (71_25, "overlap")) });

        (second.GetProperty("alreadyKnown").GetInt32(), second.GetProperty("unmatched").GetArrayLength()).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Keeps_nothing_by_which_a_guessed_text_is_confirmed_and_knows_the_lines_of_earlier_versions()
    {
        var finance = await app.SignIn(Role.Finance);
        var file = BankFile((81_01, "王小芳 paid"), (81_02, "王小芳 paid again"));
        var lines = Features.Settlements.BankCsv.Read(Encoding.UTF8.GetBytes(file)).Value;
        var before = Guid.CreateVersion7();
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.BankFiles.Add(new Features.Settlements.BankFile
            {
                Id = before, Sha256 = Convert.ToHexStringLower(SHA256.HashData("before"u8)), Name = "before", ReadBy = "system", ReadAt = call.Now, Lines = 1, Known = 0,
                State = Features.Settlements.BankFileState.Closed,
            });
            db.BankLines.Add(new Features.Settlements.BankLine
            {
                Key = lines[0].Digest, FileId = before, Number = 2, BookedOn = lines[0].BookedOn, Amount = lines[0].Amount, Currency = lines[0].Currency, ImportedAt = call.Now,
                State = Features.Settlements.BankLineState.SetAside,
            });
            db.Audit(call, "test.line-of-an-earlier-version", $"bank-file:{before:N}");
            await db.SaveChangesAsync();
        });

        var read = await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = file });

        read.GetProperty("alreadyKnown").GetInt32().ShouldBe(1);
        var id = read.GetProperty("fileId").GetGuid();
        var digest = lines[1].Digest;
        await finance.Ok(HttpMethod.Post, $"/api/bank-files/{id}/lines/3/set-aside", new { reason = "NotOurs", words = "x" });
        await app.With<AppDb>(async db =>
        {
            (await db.BankLines.AnyAsync(l => l.Key == digest)).ShouldBeFalse();
            (await db.AuditLog.AsNoTracking().Where(r => r.Verb == "bank.line-set-aside" && r.Target.Contains($"{id:N}")).Select(r => r.Target).SingleAsync()).ShouldBe($"bank-line:{id:N}/3");
        });
        (await app.PlacesWith(Convert.ToHexStringLower(digest))).ShouldBeEmpty();
        app.FilesWith(digest).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pays_by_instalments_while_the_case_goes_on_and_the_address_stays_until_all_is_paid()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var exit = await own.ASettledCase();
        (await exit.Customer.Refused($"/api/progress/{exit.Token}/instalments", new { count = 3 })).ShouldBe("plan.no-claim");
        var (reference, amount) = await exit.Order();
        (await exit.Customer.Refused($"/api/progress/{exit.Token}/instalments", new { count = 13 })).ShouldBe("plan.count");
        await exit.Customer.Ok(HttpMethod.Post, $"/api/progress/{exit.Token}/instalments", new { count = 4 });
        (await exit.Customer.Refused($"/api/progress/{exit.Token}/instalments", new { count = 3 })).ShouldBe("plan.there-is-one");
        await own.Drain();
        (await exit.Case()).GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == "reconcile").GetProperty("note").GetString().ShouldBe("plan");
        await own.ShouldFold(exit.Id);
        var finance = await own.SignIn(Role.Finance);
        (await finance.Refused($"/api/cases/{exit.Id}/plan/demand")).ShouldBe("plan.nothing-overdue");

        // A part fills the first instalment; what is overdue later shows, is demanded, and only then the whole.
        await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = BankFile((1_00, reference)) });
        (await exit.Shown()).GetProperty("money").GetProperty("instalments")[0].GetProperty("paid").GetInt64().ShouldBe(1_00);
        await own.AdvanceDays(32);
        (await finance.Refused($"/api/cases/{exit.Id}/plan/acceleration")).ShouldBe("plan.demand-first");
        using var browser = await own.Browser(Role.Finance);
        (await browser.Get("/money")).Of("#overdue")!.ShouldContain((await exit.Case()).GetProperty("number").GetString()!);
        await browser.Get($"/cases/{exit.Id}");
        browser.Page.Text.ShouldContain("The whole cannot be demanded yet");
        await browser.Submit("Demand what is overdue");
        (await finance.Refused($"/api/cases/{exit.Id}/plan/acceleration")).ShouldBe("plan.cure-period");
        await own.AdvanceDays(11);
        await finance.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/plan/acceleration");
        await own.Drain();

        // The survey is over, the case closed, and the address still there: it is needed until all is paid.
        (await exit.Case()).GetProperty("state").GetString().ShouldBe("Closed");
        await own.With<AppDb>(async db => (await db.Customers.SingleAsync(c => c.Id == exit.Contract.CustomerId)).Contact.ShouldNotBeNull());
        own.Mails(exit.Contract.Mail)[^1].Subject.ShouldContain("到期");
        await finance.Ok(HttpMethod.Post, "/api/bank-files", new { content = BankFile((amount - 1_00, reference)) });
        await own.Drain();
        (await exit.Shown()).GetProperty("money").GetProperty("plan").GetProperty("state").GetString().ShouldBe("Paid");
        await own.With<AppDb>(async db => (await db.Customers.SingleAsync(c => c.Id == exit.Contract.CustomerId)).Contact.ShouldBeNull());
        (await exit.Accounts())["settlement"].ShouldBe(0);
    }

    [Fact]
    public async Task Makes_the_plan_that_the_facts_name_and_lets_finance_replace_it()
    {
        var exit = await app.ASettledCase();
        await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/facts", new { deviceKept = true, informed = true, unpaid = "2000.00", instalments = "6" });
        await exit.Order();
        (await exit.Shown()).GetProperty("money").GetProperty("instalments").GetArrayLength().ShouldBe(6);

        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/plan", new { count = 2 });

        (await exit.Shown()).GetProperty("money").GetProperty("instalments").GetArrayLength().ShouldBe(2);
        await app.With<AppDb>(async db => (await db.AuditLog.AsNoTracking().Select(a => a.Verb).Where(v => v == "plan.replaced").CountAsync()).ShouldBe(1));
    }

    [Fact]
    public async Task Lists_the_refunded_supply_with_its_tax_for_a_red_letter_invoice()
    {
        var exit = await app.ASettledCase();
        await exit.Order();
        var letter = (await exit.Shown()).GetProperty("money").GetProperty("redLetters").EnumerateArray().Single();
        letter.GetProperty("code").GetString().ShouldBe("unusedPrepaid");
        var gross = letter.GetProperty("net").GetInt64() + letter.GetProperty("vat").GetInt64();
        letter.GetProperty("vat").GetInt64().ShouldBe((long)Math.Round(gross * 0.06m / 1.06m, MidpointRounding.AwayFromZero));
        var finance = await app.SignIn(Role.Finance);
        (await finance.Refused($"/api/cases/{exit.Id}/red-letter", new { code = "unusedPrepaid", state = "Needed" })).ShouldBe("required");
        (await finance.Refused($"/api/cases/{exit.Id}/red-letter", new { code = "etf", state = "Confirmed" })).ShouldBe("not-found");

        await finance.Ok(HttpMethod.Post, $"/api/cases/{exit.Id}/red-letter", new { code = "unusedPrepaid", state = "Confirmed" });

        (await exit.Shown()).GetProperty("money").GetProperty("redLetters")[0].GetProperty("state").GetString().ShouldBe("Confirmed");
    }

    public sealed class OnSqlite(SqliteApp app) : ReconciliationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ReconciliationTests(app), IClassFixture<PostgresApp>;
}
