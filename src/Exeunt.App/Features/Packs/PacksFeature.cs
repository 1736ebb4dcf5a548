using Exeunt.App.Features.Packs.Console;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Packs;

namespace Exeunt.App.Features.Packs;

/// <summary>行业包: what comes with the product for a trade; looking at it, and installing it.</summary>
public static class PacksFeature
{
    public sealed record Summary(string Code, string English, string Chinese, bool Installed, IReadOnlyList<string> Procedures, IReadOnlyList<string> Policies, IReadOnlyList<string> Here, IReadOnlyList<string> Missing);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/packs").WithTags("Packs");
        api.MapGet("", async (ListPacks list, Caller caller, CancellationToken ct) =>
                await list.Run(caller.Call, new(), ct) is { Refusal: null, Value: var rows } ? Results.Json(rows.Select(Of), Json.Plain) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies).WithSummary("List the packs of the trades and which are installed.");
        api.MapPost("/{code}/installation", async (string code, InstallPack install, Caller caller, CancellationToken ct) => (await install.Run(caller.Call, new(code), ct)).Api())
            .Needs(Permission.InstallPacks).WithSummary("Add a pack's procedures, policies and reasons as published versions; what is there stays.");
        routes.MapPage("/packs", async (ListPacks list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(), ct) is { Refusal: null, Value: var rows } ? (IResult)Web.Page<PacksPage>(new { Rows = rows }) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/packs/{code}", Show).Needs(Permission.ViewPolicies);
        routes.MapForm("/packs/{code}/installation", async (string code, InstallPack install, Caller caller, CancellationToken ct) =>
        {
            var outcome = await install.Run(caller.Call, new(code), ct);
            return outcome.Refusal is { } no ? new ProblemResult(no) : Web.SeeOther($"/packs/{code}?added={outcome.Value.Added.Count}");
        }).Needs(Permission.InstallPacks);
    }

    public static Summary Of(ListPacks.Row row) => new(
        row.Pack.Code, row.Pack.Name.English, row.Pack.Name.Chinese, row.IsInstalled, [.. row.Pack.Procedures.Select(p => p.Id)], [.. row.Pack.Policies.Select(p => p.Number)], row.Here, row.Missing);

    private static async Task<IResult> Show(string code, ListPacks list, Caller caller, CancellationToken ct) =>
        await list.Run(caller.Call, new(code), ct) is { Refusal: null, Value: [var row] } ? Web.Page<PackPage>(new { Row = row }) : new ProblemResult(CommonRefusals.NotFound);
}
