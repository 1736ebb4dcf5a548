using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.App.Tests.Work;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;
using Shouldly;

namespace Exeunt.App.Tests.Packs;

/// <summary>A case of a trade, driven by the REST API.</summary>
public sealed record APackCase(ExeuntApp App, CaseWorld.AContract Contract, Guid Id, HttpClient Customer, string Token)
{
    public async Task<JsonElement> Shown() => await (await App.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/cases/{Id}");

    public async Task<JsonElement> Case() => (await Shown()).GetProperty("case");

    public async Task<string> State() => (await Case()).GetProperty("state").GetString()!;

    public async Task<string> Step(string id) => (await Find(id))?.GetProperty("state").GetString() ?? "none";

    public async Task<JsonElement?> Find(string id) =>
        (await Case()).GetProperty("steps").EnumerateArray().Where(s => s.GetProperty("id").GetString() == id).Select(s => (JsonElement?)s).FirstOrDefault();

    /// <summary>Tasks of the open work orders.</summary>
    public async Task<IReadOnlyList<string>> OpenWork() => [.. (await OpenOrders()).Select(w => w.Task)];

    private Task<List<(Guid Id, string Task, string? System)>> OpenOrders() => App.With<AppDb, List<(Guid, string, string?)>>(async db =>
        [.. (await db.WorkOrders.AsNoTracking().Where(w => w.CaseId == Id && w.DoneAt == null).OrderBy(w => w.CreatedAt).ToListAsync()).Select(w => (w.Id, w.Task, w.System))]);

    /// <summary>The technical department confirms what it has on its list.</summary>
    public async Task Work(params string[] tasks)
    {
        var technical = await App.SignIn(Role.Technical);
        foreach (var order in (await OpenOrders()).Where(o => tasks.Length == 0 || tasks.Contains(o.Task)))
            await technical.Ok(HttpMethod.Post, $"/api/work-orders/{order.Id}/confirmation");
        await App.Drain();
    }

    /// <summary>The connected system confirms, by signed call-backs, what it was sent.</summary>
    public async Task SystemWorks()
    {
        foreach (var order in (await OpenOrders()).Where(o => o.System is not null))
            (await FakeSystem.CallBack(App.Client(), order.System!, order.Id, App.Time.GetUtcNow(), $"msg_{order.Id:N}")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await App.Drain();
    }

    public async Task Approve()
    {
        var digest = (await Case()).GetProperty("settlementDigest").GetString();
        await (await App.SignIn(Role.Finance, name: "approver")).Ok(HttpMethod.Post, $"/api/cases/{Id}/approvals/finance", new { digest });
        await (await App.SignIn(Role.Legal)).Ok(HttpMethod.Post, $"/api/cases/{Id}/approvals/legal", new { digest });
        await App.Drain();
    }

    public async Task Talk(string reason) =>
        await (await App.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/cases/{Id}/talk", new { reason, channel = "phone", minutes = 5 });

    /// <summary>The bank brings what was ordered.</summary>
    public async Task Pay()
    {
        var (reference, amount, refund) = await App.With<AppDb, (string, long, bool)>(async db =>
        {
            var one = await db.PaymentOrders.AsNoTracking().SingleAsync(o => o.CaseId == Id);
            return (one.Reference, one.Amount, one.Direction == Exeunt.App.Features.Settlements.PaymentDirection.Refund);
        });
        await (await App.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((refund ? -amount : amount, reference)) });
        await App.Drain();
    }

    /// <summary>Minor units of a line of the settlement; null when there is none. + the customer owes.</summary>
    public async Task<long?> Line(string code)
    {
        var shown = await Shown();
        if (!shown.TryGetProperty("settlement", out var settlement))
            return null;
        foreach (var line in JsonDocument.Parse(settlement.GetProperty("statement").GetString()!).RootElement.GetProperty("lines").EnumerateArray())
            if (line.GetProperty("line").GetString() == code)
                return (long)(decimal.Parse(line.GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture) * 100);
        return null;
    }

    /// <summary>File names of the letters that were sent, in order.</summary>
    public Task<List<string>> Letters() => App.With<AppDb, List<string>>(async db =>
        [.. (await db.Documents.AsNoTracking().Where(d => d.CaseId == Id && d.FileName.EndsWith(".pdf")).OrderBy(d => d.At).ToListAsync()).Select(d => d.FileName[(d.FileName.IndexOf('-', 7) + 1)..^4])]);

    public async Task Closes()
    {
        await App.AdvanceDays(31);
        (await Case()).GetProperty("state").GetString().ShouldBe("Closed");
        (await Case()).GetProperty("outcome").GetString().ShouldBe("Executed");
        await App.ShouldFold(Id);
    }
}

public static class PackWorld
{
    public static async Task Install(this ExeuntApp app, Pack pack) =>
        await (await app.SignIn(Role.Administrator)).Ok(HttpMethod.Post, $"/api/packs/{pack.Code}/installation");

    /// <summary>A contract under a policy of a pack, without deposit and device, of the policy's own kind of customer.</summary>
    public static async Task<CaseWorld.AContract> AContractOf(this ExeuntApp app, TerminationPolicy policy, string language = "zh", long unpaid = 0, Action<Contract>? change = null)
    {
        var contract = await app.AContractInForce(unpaid, language, deposit: 0, device: 0, policy: policy.Number, jurisdiction: policy.Scope!.Jurisdictions[0]);
        await app.With<AppDb>(async db =>
        {
            var row = await db.Contracts.SingleAsync(c => c.Id == contract.ContractId);
            row.Party = policy.Scope!.Party;
            // An insurance policy: yearly premiums, 24,000 paid so far.
            if (policy.Insurance is not null)
                (row.BillingMonths, row.PremiumsPaid, row.SumInsured) = (12, 24_000_00, 100_000_00);
            change?.Invoke(row);
            db.Audit(await app.SystemCall(), "test.contract", $"contract:{contract.ContractId}");
            await db.SaveChangesAsync();
        });
        return contract;
    }

    /// <summary>The customer applied and proved who they are; everything that goes by itself has gone.</summary>
    public static async Task<APackCase> Ends(this ExeuntApp app, CaseWorld.AContract contract)
    {
        var (customer, id, token) = await app.Applied(contract);
        await app.Drain();
        return new APackCase(app, contract, id, customer, token);
    }

    public static async Task<FakeSystem> Provisioning(this ExeuntApp app)
    {
        var system = new FakeSystem();
        await (await app.SignIn(Role.Administrator)).Ok(HttpMethod.Put, $"/api/systems/{Saas.Provisioning}", new { url = system.Url, secret = FakeSystem.Secret });
        return system;
    }

    /// <summary>What a card holds: 1,000 paid 90 days ago with a gift of 200, of which 600 at list price are used (V9, V10).</summary>
    public static void Card(Contract contract, DateOnly paidOn)
    {
        (contract.MonthlyFee, contract.CurrentMonthPrepaid) = (0, true);
        (contract.PrepaidPaid, contract.PrepaidGift, contract.PrepaidConsumed, contract.PrepaidPaidOn) = (100000, 20000, 60000, paidOn);
    }
}
