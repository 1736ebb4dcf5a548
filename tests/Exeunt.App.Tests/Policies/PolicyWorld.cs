using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Exeunt.App.Features.Policies;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Shouldly;

namespace Exeunt.App.Tests.Policies;

/// <summary>Policies over the API, as several people handle them.</summary>
internal static class PolicyWorld
{
    public static readonly DateOnly Today = new(2026, 3, 16);

    private static int _next = 100;

    /// <summary>A document with a number nobody has.</summary>
    public static TerminationPolicy ADocument(DateOnly? from = null, string? number = null) => GeneralPolicy.Document with
    {
        Number = number ?? $"JY-{Interlocked.Increment(ref _next)}", EffectiveFrom = from ?? Today, ReviewOn = null, Scope = new PolicyScope(["XX"]),
    };

    public static Task<JsonNode> Draft(this ExeuntApp app, TerminationPolicy policy, string name = "") =>
        app.Post(Role.Supervisor, "/api/policies", policy.ToJson(), name: name);

    /// <summary>Takes a draft through all four signatures.</summary>
    public static async Task Sign(this ExeuntApp app, JsonNode draft)
    {
        var path = PathOf(draft);
        await app.Post(Role.Supervisor, $"{path}/submit");
        var body = Signature(draft);
        await app.Post(Role.BranchHead, $"{path}/sign", body);
        await app.Post(Role.Finance, $"{path}/sign", body);
        await app.Post(Role.Legal, $"{path}/sign", body);
    }

    /// <summary>A policy that everybody signed and that is published.</summary>
    public static async Task<JsonNode> Publish(this ExeuntApp app, TerminationPolicy policy)
    {
        var draft = await app.Draft(policy);
        await app.Sign(draft);
        return await app.Post(Role.Legal, $"{PathOf(draft)}/publish", "{}");
    }

    /// <summary>Posts and gives the answer, which is a problem when it was refused.</summary>
    public static async Task<JsonNode> Post(this ExeuntApp app, Role role, string path, string body = "{}", string name = "", string method = "POST", int? status = null)
    {
        using var client = await app.SignIn(role, name: name);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (status is { } wanted)
            ((int)answer.StatusCode).ShouldBe(wanted, text);
        else
            answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }

    public static async Task<string> Refused(this ExeuntApp app, Role role, string path, string body = "{}", string name = "", string method = "POST")
    {
        using var client = await app.SignIn(role, name: name);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeFalse();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!.GetValue<string>();
    }

    /// <summary>The versions of a number as the API lists them.</summary>
    public static async Task<List<JsonNode>> Versions(this ExeuntApp app, string number)
    {
        using var client = await app.SignIn(Role.Agent);
        return [.. (await client.GetFromJsonAsync<JsonArray>($"/api/policies?number={number}"))!.Select(v => v!)];
    }

    public static string PathOf(JsonNode key) => $"/api/policies/{key["number"]}/{key["version"]}";

    public static string Signature(JsonNode key) => new JsonObject { ["digest"] = key["digest"]!.GetValue<string>() }.ToJsonString();
}
