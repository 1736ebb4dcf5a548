using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Exeunt.App.Tests.Settlements;

/// <summary>A case whose settlement is computed, under a policy with a price list, things to hand back, instalments and tax.</summary>
public sealed record ACase(ExeuntApp App, CaseWorld.AContract Contract, Guid Id, HttpClient Customer, string Token)
{
    public async Task<JsonElement> Shown() => await (await App.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/cases/{Id}");

    public async Task<JsonElement> Case() => (await Shown()).GetProperty("case");

    /// <summary>+ the customer owes.</summary>
    public async Task<long> Total() => (await Case()).GetProperty("settlementTotal").GetInt64();

    /// <summary>Codes of the statement's lines.</summary>
    public async Task<IReadOnlyList<string>> LineCodes() =>
        [.. JsonDocument.Parse((await Shown()).GetProperty("settlement").GetProperty("statement").GetString()!).RootElement.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("line").GetString()!)];

    /// <summary>Finance and legal approve.</summary>
    public async Task Approve()
    {
        var digest = (await Case()).GetProperty("settlementDigest").GetString();
        await (await App.SignIn(Role.Finance, name: "approver")).Ok(HttpMethod.Post, $"/api/cases/{Id}/approvals/finance", new { digest });
        await (await App.SignIn(Role.Legal)).Ok(HttpMethod.Post, $"/api/cases/{Id}/approvals/legal", new { digest });
    }

    /// <summary>Approved, ended and carried out: the money is ordered.</summary>
    public async Task<(string Reference, long Amount)> Order()
    {
        await Approve();
        await App.AdvanceDays(31);
        var technical = await App.SignIn(Role.Technical);
        foreach (var order in (await Shown()).GetProperty("work").EnumerateArray())
            await technical.Ok(HttpMethod.Post, $"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation");
        await App.Drain();
        var payment = (await Shown()).GetProperty("payment");
        return (payment.GetProperty("reference").GetString()!, payment.GetProperty("amount").GetInt64());
    }

    /// <summary>Every entry of the case sums to 0; the balances of its accounts.</summary>
    public Task<Dictionary<string, long>> Accounts() => App.With<AppDb, Dictionary<string, long>>(async db =>
    {
        var postings = await db.Postings.AsNoTracking().Where(p => p.CaseId == Id).ToListAsync();
        postings.GroupBy(p => p.EntryId).ShouldAllBe(e => e.Sum(p => p.Amount) == 0);
        return postings.GroupBy(p => p.Account).ToDictionary(a => a.Key, a => a.Sum(p => p.Amount));
    });
}

public static class MoneyWorld
{
    public static readonly TerminationPolicy Policy = GeneralPolicy.Document with
    {
        Number = "JY-70", Version = GeneralPolicy.Version,
        DamagePrices = [new("screen", new("Broken screen", "屏幕破损"), new Money(120_00, "CNY"))],
        HandOvers = [new(PolicySide.Customer, "router", new("Router", "路由器"), 14, new Money(250_00, "CNY")), new(PolicySide.Customer, "card", new("Access card", "门禁卡"))],
        Instalments = new InstalmentTerms(12),
        Lines = new Dictionary<string, LineTerms>(GeneralPolicy.Document.Lines) { [LineCode.UnusedPrepaid] = new("4.1", "Unused part", "未使用部分", "VAT6", Rate.Parse("0.06")) },
    };

    /// <summary>A JPEG as far as anybody looks at it.</summary>
    public static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, 1, 2, 0xFF, 0xD9];

    public static readonly byte[] Receipt = [.. "%PDF-1.7 receipt"u8];

    public static async Task<ACase> ASettledCase(this ExeuntApp app, long unpaid = 2000_00, CaseWorld.AContract? contract = null)
    {
        await app.With<AppDb>(async db =>
        {
            if (await db.Policies.AnyAsync(p => p.Number == Policy.Number))
                return;
            db.Policies.Add(new PolicyRow { Number = Policy.Number, Version = Policy.Version, Status = PolicyStatus.Published, Document = Policy.ToJson(), EffectiveFrom = Policy.EffectiveFrom });
            db.Audit(await app.SystemCall(), "test.policy", "policy:JY-70");
            await db.SaveChangesAsync();
        });
        // A contact gets no second code within a minute.
        if (contract is not null)
            app.Advance(TimeSpan.FromSeconds(61));
        contract ??= await app.AContractInForce(unpaid, policy: Policy.Number);
        var customer = app.Client("zh");
        var receipt = await customer.Ok(HttpMethod.Post, "/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail });
        var token = receipt.GetProperty("token").GetString()!;
        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/code");
        var opened = await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) });
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        var id = receipt.GetProperty("caseId").GetGuid();
        var agent = await app.SignIn(Role.Agent);
        await agent.Ok(HttpMethod.Post, $"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 });
        await agent.Ok(HttpMethod.Post, $"/api/cases/{id}/offer/skip");
        await app.Drain();
        return new ACase(app, contract, id, customer, token);
    }

    /// <summary>The answer's JSON; anything but success fails with what was said.</summary>
    public static async Task<JsonElement> Ok(this HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The code of a refusal.</summary>
    public static async Task<string> Refused(this HttpClient client, string path, object? body = null)
    {
        using var answer = await client.PostAsJsonAsync(path, body ?? new { });
        answer.IsSuccessStatusCode.ShouldBeFalse(path);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
    }

    public static string Yuan(long minor) => Money.Format(minor, 2);

    /// <summary>A bank statement; amounts in minor units, + money in.</summary>
    public static string BankFile(params (long Amount, string Text)[] lines) =>
        "date,amount,currency,text\n" + string.Concat(lines.Select((l, i) => string.Create(CultureInfo.InvariantCulture, $"2026-03-{1 + i % 28:D2},{Yuan(l.Amount)},CNY,{l.Text}\n")));
}
