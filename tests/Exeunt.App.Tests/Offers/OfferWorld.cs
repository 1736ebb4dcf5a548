using System.Text.Json;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Shouldly;

namespace Exeunt.App.Tests.Offers;

/// <summary>A case whose talk is recorded, so that an offer is due.</summary>
public sealed record AnOfferCase(ExeuntApp App, CaseWorld.AContract Contract, Guid Id, HttpClient Customer, string Token, HttpClient Agent)
{
    public Task<JsonElement> Make(object offer) => Agent.Ok(HttpMethod.Post, $"/api/cases/{Id}/offer", offer);

    public Task Answer(bool accept) => Customer.Ok(HttpMethod.Post, $"/api/progress/{Token}/offer", new { accept });

    public async Task<JsonElement> Shown() => await (await App.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/cases/{Id}");

    /// <summary>The newest offer.</summary>
    public async Task<JsonElement> Offer() => (await Shown()).GetProperty("offers")[0];
}

public static class OfferWorld
{
    public static async Task<AnOfferCase> AnOfferCase(this ExeuntApp app, CaseWorld.AContract? contract = null, string reason = "PRICE/TOO_HIGH", long unpaid = 0, string? policy = null)
    {
        // A contact gets no second code within a minute.
        if (contract is not null)
            app.Advance(TimeSpan.FromSeconds(61));
        contract ??= policy is null ? await app.AContractInForce(unpaid) : await app.AContractInForce(unpaid, policy: policy);
        var customer = app.Client("zh");
        var receipt = await customer.Ok(HttpMethod.Post, "/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail });
        var token = receipt.GetProperty("token").GetString()!;
        await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/code");
        var opened = await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) });
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        var (id, agent) = (receipt.GetProperty("caseId").GetGuid(), await app.SignIn(Role.Agent));
        await agent.Ok(HttpMethod.Post, $"/api/cases/{id}/talk", new { reason, channel = "phone", minutes = 5 });
        return new(app, contract, id, customer, token, agent);
    }

    /// <summary>The refusal with its code and the date on which it becomes possible.</summary>
    public static async Task<(string Code, DateOnly? On)> Problem(this HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = System.Net.Http.Json.JsonContent.Create(body ?? new { }) };
        using var answer = await client.SendAsync(request);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        answer.IsSuccessStatusCode.ShouldBeFalse(path);
        return (problem.GetProperty("code").GetString()!, problem.TryGetProperty("possibleOn", out var on) && on.ValueKind == JsonValueKind.String ? DateOnly.Parse(on.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Puts a version of an entry into the catalogue, changed from the one in use.</summary>
    public static async Task Entry(this ExeuntApp app, string code, Func<Exeunt.Core.Offers.OfferEntry, Exeunt.Core.Offers.OfferEntry> change, string? from = null)
    {
        var supervisor = await app.SignIn(Role.Supervisor, name: "catalogue");
        var entry = Exeunt.Core.Offers.OfferEntry.FromJson(await supervisor.GetStringAsync($"/api/offer-entries/{from ?? code}"));
        using var content = new StringContent((change(entry) with { Code = code }).ToJson(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await supervisor.PutAsync($"/api/offer-entries/{code}", content);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }
}
