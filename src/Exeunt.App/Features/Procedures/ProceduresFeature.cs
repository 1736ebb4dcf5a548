using System.Text;
using Exeunt.App.Platform;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Procedures;

/// <summary>流程: procedures as signed documents; due times; moving a running case to another version. Pages in Console.</summary>
public static class ProceduresFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ProcedureCache>().AddScoped<ProcedureBook>().AddScoped<SignedDocumentDesk>().AddScoped<DueTimes>()
            .AddScoped<ProceduresConsole.Pages>().AddScoped<ProceduresConsole.Editing>().AddScoped<ITodaySource, EscalationsToday>().AddScoped<ITodaySource, SignedToday>();
        services.AddEffect<StepDue>(StepDue.Kind);
    }

    public sealed record Move(int Version, string? Reason);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ProcedureSchema.Path, () => Results.Text(ProcedureSchema.Json, "application/schema+json", Encoding.UTF8))
            .Needs(Permission.Public).WithTags("Procedures").WithSummary("The JSON Schema of a procedure's document.").ExcludeFromDescription();
        SignedApi.Map(routes.MapGroup("/api/procedures").WithTags("Procedures"), SignedKind.Procedure);
        routes.MapPost("/api/cases/{id:guid}/procedure", async (Guid id, Move body, MoveCase move, Caller caller, CancellationToken ct) => (await move.Run(caller.Call, new(id, body.Version, body.Reason), ct)).Api())
            .Needs(Permission.MoveCases).WithTags("Procedures").WithSummary("Let a running case go on under another published version of its procedure, for a reason.");
        ProceduresConsole.Map(routes);
    }
}
