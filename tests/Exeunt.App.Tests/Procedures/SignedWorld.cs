using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Exeunt.App.Data;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Shouldly;

namespace Exeunt.App.Tests.Procedures;

/// <summary>Procedures and approval matrices in force, and cases that wait for something, for tests.</summary>
public static class SignedWorld
{
    /// <summary>Drafts, signs and publishes a next version of a procedure; gives its number.</summary>
    public static async Task<int> Publish(this ExeuntApp app, Procedure procedure, string? from = null)
    {
        var draft = await app.Post(Role.Supervisor, "/api/procedures", ProcedureDocument.ToJson(procedure));
        var path = $"/api/procedures/{draft["id"]}/{draft["version"]}";
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.BranchHead, $"{path}/sign", Signature(draft));
        await app.Post(Role.Legal, $"{path}/sign", Signature(draft));
        await app.Post(Role.Supervisor, $"{path}/publish", from is null ? "{}" : $$"""{"from":"{{from}}"}""");
        return draft["version"]!.GetValue<int>();
    }

    /// <summary>Puts an approval matrix in force from today.</summary>
    public static async Task Publish(this ExeuntApp app, ApprovalMatrix matrix)
    {
        var draft = await app.Post(Role.Supervisor, "/api/approval-matrix", ApprovalMatrixDocument.ToJson(matrix));
        var path = $"/api/approval-matrix/{draft["version"]}";
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.Legal, $"{path}/sign", Signature(draft));
        await app.Post(Role.Supervisor, $"{path}/publish");
    }

    public static string Signature(JsonNode key) => new JsonObject { ["digest"] = key["digest"]!.GetValue<string>() }.ToJsonString();

    public sealed record Waiting(Guid Id, string Digest, CaseWorld.AContract Contract);

    /// <summary>A customer's case whose identity is proven.</summary>
    public static async Task<(Guid Id, HttpClient Customer, string Token)> AProvenCase(this ExeuntApp app, CaseWorld.AContract contract)
    {
        var customer = app.Client("zh");
        var receipt = await Json(await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail }));
        var token = receipt["token"]!.GetValue<string>();
        await Json(await customer.PostAsync($"/api/progress/{token}/code", null));
        var opened = await Json(await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) }));
        customer.DefaultRequestHeaders.Add("Case-Session", opened["session"]!.GetValue<string>());
        await app.Drain();
        return (receipt["caseId"]!.GetValue<Guid>(), customer, token);
    }

    /// <summary>A customer's case whose settlement waits for approval.</summary>
    /// <param name="offerBy">Who makes the offer that the customer declines, and so asks for the settlement; null: none is made.</param>
    public static async Task<Waiting> AWaitingSettlement(this ExeuntApp app, Role? offerBy = null, string name = "", CaseWorld.AContract? contract = null)
    {
        contract ??= await app.AContractInForce();
        var (id, customer, token) = await app.AProvenCase(contract);
        await app.Post(Role.Agent, $"/api/cases/{id}/talk", """{"reason":"PRICE","channel":"phone","minutes":5}""");
        if (offerBy is { } role)
        {
            await app.Post(role, $"/api/cases/{id}/offer", """{"entry":"PAUSE","months":3}""", name: name);
            await Json(await customer.PostAsJsonAsync($"/api/progress/{token}/offer", new { accept = false }));
        }
        else
            await app.Post(Role.Agent, $"/api/cases/{id}/offer/skip");
        await app.Drain();
        return new(id, (await app.Case(id)).SettlementDigest!, contract);
    }

    public static Task<ExitCase> Case(this ExeuntApp app, Guid id) => app.With<AppDb, ExitCase>(db => db.Cases.AsNoTracking().SingleAsync(c => c.Id == id));

    public static Task<JsonNode> Approve(this ExeuntApp app, Waiting waiting, Role role, string name = "", Guid? behalf = null, Role? person = null) =>
        app.Post(person ?? role, $"/api/cases/{waiting.Id}/approvals", Body(waiting, role, behalf), name: name);

    public static Task<string> RefusedApproval(this ExeuntApp app, Waiting waiting, Role role, string name = "", Guid? behalf = null, Role? person = null, string? digest = null) =>
        app.Refused(person ?? role, $"/api/cases/{waiting.Id}/approvals", Body(digest is null ? waiting : waiting with { Digest = digest }, role, behalf), name: name);

    private static string Body(Waiting waiting, Role role, Guid? behalf) =>
        new JsonObject { ["of"] = "Settlement", ["role"] = $"{role}", ["digest"] = waiting.Digest, ["onBehalfOf"] = behalf }.ToJsonString();

    /// <summary>Confirms every open work order of a case and runs what follows.</summary>
    public static async Task DoTheWork(this ExeuntApp app, Guid id)
    {
        var orders = await app.With<AppDb, List<Guid>>(db => db.WorkOrders.Where(w => w.CaseId == id && w.DoneAt == null).Select(w => w.Id).ToListAsync());
        foreach (var order in orders)
            await app.Post(Role.Technical, $"/api/work-orders/{order}/confirmation");
        await app.Drain();
    }

    private static async Task<JsonNode> Json(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }
}
