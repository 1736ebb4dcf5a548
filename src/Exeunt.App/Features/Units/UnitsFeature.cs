using Exeunt.App.Features.Units.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Units;

/// <summary>The company's tree: 总部 → 分子公司 → 办事处 → team.</summary>
public static class UnitsFeature
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/admin/units", (ListUnits list, Caller caller, CancellationToken ct) => Show(list, caller, null, null, ct))
            .Needs(Permission.ManageStaff);

        routes.MapForm("/admin/units", async (ListUnits list, AddUnit add, Caller caller, CancellationToken ct,
            [FromForm] string? code, [FromForm] string? parent, [FromForm] string? zh, [FromForm] string? en, [FromForm] UnitKind kind) =>
        {
            var request = new AddUnit.Request(code ?? "", parent ?? "", zh ?? "", en ?? "", kind);
            var added = await add.Run(caller.Call, request, ct);
            return added.Refusal is { } refusal ? await Show(list, caller, refusal, request, ct) : Web.SeeOther("/admin/units");
        }).Needs(Permission.ManageStaff);

        routes.MapForm("/admin/units/{id:int}/name", async (int id, RenameUnit rename, Caller caller, CancellationToken ct,
                [FromForm] string? zh, [FromForm] string? en) =>
            (await rename.Run(caller.Call, new(id, zh ?? "", en ?? ""), ct)).Then(_ => "/admin/units")).Needs(Permission.ManageStaff);

        var api = routes.MapGroup("/api/units").WithTags("Administration");
        api.MapGet("", async (ListUnits list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ManageStaff).Produces<UnitLine[]>().WithSummary("The units you administer, parents before children");
        api.MapPost("", async (AddUnit.Request request, AddUnit add, Caller caller, CancellationToken ct) => (await add.Run(caller.Call, request, ct)).Api())
            .Needs(Permission.ManageStaff).Produces<UnitLine>().WithSummary("Add a unit below another one");
    }

    private static async Task<IResult> Show(ListUnits list, Caller caller, Refusal? refusal, AddUnit.Request? typed, CancellationToken ct)
    {
        var units = await list.Run(caller.Call, new(), ct);
        return units.Refusal is { } no
            ? new ProblemResult(no)
            : Web.Page<UnitsPage>(new { Units = units.Value, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }
}
