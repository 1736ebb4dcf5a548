using System.Globalization;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Facts;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;
using Shouldly;

namespace Exeunt.App.Tests.Offboarding;

/// <summary>An offboarding, driven by the REST API, with the people who take part in it.</summary>
public sealed class AnOffboarding(ExeuntApp app, CaseWorld.AContract contract, Guid id)
{
    public ExeuntApp App => app;
    public CaseWorld.AContract Contract => contract;
    public Guid Id => id;

    /// <summary>The customer with a living session; null until <see cref="OpenLink"/>.</summary>
    public HttpClient Customer { get; private set; } = null!;
    public string Token { get; private set; } = "";

    public Task<HttpClient> Manager => app.SignIn(Role.AccountManager);
    public Task<HttpClient> Supervisor => app.SignIn(Role.Supervisor);
    public Task<HttpClient> Head => app.SignIn(Role.BranchHead);
    public Task<HttpClient> Legal => app.SignIn(Role.Legal);

    public string Path(string rest) => $"/api/cases/{id}/{rest}";

    public async Task<JsonElement> Shown() => await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/cases/{id}");

    public async Task<JsonElement> Case() => (await Shown()).GetProperty("case");

    public async Task<string?> State() => (await Case()).GetProperty("state").GetString();

    public async Task<string?> Outcome() => (await Case()).TryGetProperty("outcome", out var outcome) ? outcome.GetString() : null;

    public async Task<JsonElement> View() => await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, Path("offboarding"));

    public async Task<string> StepState(string step) =>
        (await Case()).GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == step).GetProperty("state").GetString()!;

    /// <summary>The talk is recorded and the case goes on.</summary>
    public async Task Talk(string result = "GoesOn")
    {
        await (await Manager).Ok(HttpMethod.Post, Path("talk"), new { reason = "CUSTOMER/FINANCIAL", words = "told the customer what the evidence says", channel = "visit", minutes = 40 });
        await (await Manager).Ok(HttpMethod.Post, Path("talk/conclusion"), new { result, words = "heard", monthlyFee = result == "ChangedTerms" ? "150.00" : null });
    }

    public async Task Check()
    {
        foreach (var item in new[] { "evidence", "alike", "complaints", "milder" })
            await (await Supervisor).Ok(HttpMethod.Post, Path("checks"), new { item });
    }

    /// <summary>Drafted by the account manager, approved by branch head and legal, the notice served.</summary>
    public async Task Decide()
    {
        var digest = (await (await Manager).Ok(HttpMethod.Post, Path("decision"), new { codes = new[] { "A06", "A08" }, reasons = "Staff were threatened twice, on 2 and 9 March." })).GetProperty("digest").GetString();
        await (await Head).Ok(HttpMethod.Post, Path("decision/approval"), new { digest, words = "I read both reports." });
        await (await Legal).Ok(HttpMethod.Post, Path("decision/approval"), new { digest, words = "The ground holds." });
        await app.Drain();
    }

    /// <summary>To the served notice.</summary>
    public async Task Notify()
    {
        await Talk();
        await Check();
        await Decide();
    }

    /// <summary>The customer opens the link of the newest letter with a code.</summary>
    public async Task OpenLink()
    {
        var mail = app.Mails(contract.Mail).Last(m => m.Links.Any(l => l.Contains("/progress/", StringComparison.Ordinal)));
        Token = mail.Links.Last(l => l.Contains("/progress/", StringComparison.Ordinal)).Split('/')[^1];
        Customer = app.Client("zh");
        await Customer.Ok(HttpMethod.Post, $"/api/progress/{Token}/code");
        var opened = await Customer.Ok(HttpMethod.Post, $"/api/progress/{Token}/identity", new { code = await app.CodeFor(contract.Mail) });
        Customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
    }

    /// <summary>Every open work order of the case is confirmed by a technician.</summary>
    public async Task Work()
    {
        var technical = await app.SignIn(Role.Technical);
        foreach (var order in (await Shown()).GetProperty("work").EnumerateArray().Where(w => !w.TryGetProperty("doneAt", out _)).ToList())
            await technical.Ok(HttpMethod.Post, $"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation");
        await app.Drain();
    }

    /// <summary>The last day is over.</summary>
    public async Task Effective()
    {
        var last = DateOnly.Parse((await Case()).GetProperty("effectiveOn").GetString()!, CultureInfo.InvariantCulture);
        var today = await app.With<Exeunt.App.Platform.Clocks, DateOnly>(c => Task.FromResult(Exeunt.App.Platform.Clocks.DateIn(c.BusinessNow, "Asia/Shanghai")));
        await app.AdvanceDays(last.DayNumber - today.DayNumber + 1);
    }

    public async Task ApproveSettlement()
    {
        var digest = (await Case()).GetProperty("settlementDigest").GetString();
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, Path("approvals/finance"), new { digest });
        await (await app.SignIn(Role.Legal, name: "money")).Ok(HttpMethod.Post, Path("approvals/legal"), new { digest });
        await app.Drain();
    }

    /// <summary>The bank brings what was ordered.</summary>
    public async Task Pay(int order = 0)
    {
        var (reference, amount, refund) = await app.With<AppDb, (string, long, bool)>(async db =>
        {
            var one = (await db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == id).OrderBy(o => o.OrderedAt).ThenBy(o => o.Purpose).ToListAsync())[order];
            return (one.Reference, one.Amount, one.Direction == Exeunt.App.Features.Settlements.PaymentDirection.Refund);
        });
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((refund ? -amount : amount, reference)) });
        await app.Drain();
    }
}

public static class OffboardingWorld
{
    private static long _document = 5_000_000;

    /// <summary>An offboarding for breach, opened by the account manager with a photo, arrears and words.</summary>
    public static async Task<AnOffboarding> AnOffboarding(this ExeuntApp app, string ground = "OFFBOARD_BREACH", long unpaid = 1200_00, string language = "zh")
    {
        var contract = await app.AContractInForce(unpaid, language);
        var opened = await (await app.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, "/api/offboardings", Evidence(contract, ground));
        opened.GetProperty("number").GetString()!.ShouldStartWith("O-");
        await app.Drain();
        return new AnOffboarding(app, contract, opened.GetProperty("caseId").GetGuid());
    }

    public static object Evidence(CaseWorld.AContract contract, string ground = "OFFBOARD_BREACH", string[]? facts = null, bool photo = true) => new
    {
        customerId = contract.CustomerId, contractId = contract.ContractId, ground, words = "两次威胁员工 evidence-canary", facts = facts ?? ["Arrears", "Complaints"],
        files = photo ? new[] { new { name = "report.jpg", content = MoneyWorld.Photo } } : [],
    };

    /// <summary>Minor units of an amount in JSON, "12.00 CNY".</summary>
    public static long Minor(this JsonElement amount) => Money.Parse(amount.GetString()!.Split(' ')[0], amount.GetString()!.Split(' ')[1], "amount").Minor;

    /// <summary>Records of a customer: complaints, orders.</summary>
    public static Task AddFacts(this ExeuntApp app, long customerId, FactKind kind, DateOnly on, long amount, int count = 1) => app.With<AppDb>(async db =>
    {
        for (var n = 0; n < count; n++)
            db.Facts.Add(new FactRow { CustomerId = customerId, Document = Interlocked.Increment(ref _document), Line = 1, Kind = kind, On = on, Amount = amount });
        db.Audit(await app.SystemCall(), "test.facts", $"customer:{customerId}");
        await db.SaveChangesAsync();
    });

    public static Task<DateOnly> Today(this ExeuntApp app) => app.With<Exeunt.App.Platform.Clocks, DateOnly>(c => Task.FromResult(Exeunt.App.Platform.Clocks.DateIn(c.BusinessNow, "Asia/Shanghai")));
}
