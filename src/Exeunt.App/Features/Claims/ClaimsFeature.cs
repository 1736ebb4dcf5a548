using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Claims;

/// <summary>赔案: claims on insurance policies, and what open ones hold.</summary>
public static class ClaimsFeature
{
    public sealed record OnCase(string? Number, DateOnly? ReportedOn);

    public sealed record OnPolicy(string? Contract, string? Number, DateOnly? ReportedOn);

    public sealed record Closed(DateOnly? ClosedOn);

    public sealed record ClosedOnPolicy(string? Contract, string? Number, DateOnly? ClosedOn);

    public static void Add(IServiceCollection services) => services.AddScoped<OpenClaims>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("Claims");
        api.MapGet("/cases/{id:guid}/claims", async (Guid id, ListClaims list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("Claims on the policy that a case ends.");
        api.MapPost("/cases/{id:guid}/claims", async (Guid id, OnCase body, RecordClaim record, Caller caller, CancellationToken ct) => (await record.Run(caller.Call, new(id, null, body.Number, body.ReportedOn), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Record a claim on the policy that a case ends: erasure waits for it.");
        api.MapPost("/claims", async (OnPolicy body, RecordClaim record, Caller caller, CancellationToken ct) => (await record.Run(caller.Call, new(null, body.Contract, body.Number, body.ReportedOn), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Record a claim by the policy's number.");
        api.MapPost("/claims/closure", async (ClosedOnPolicy body, CloseClaim close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new(null, body.Contract, body.Number, body.ClosedOn), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Close a claim by the policy's number.");
        routes.MapForm("/cases/{id:guid}/claims", (Guid id, IFormCollection typed, CasesConsole.Pages pages, RecordClaim record, CancellationToken ct) =>
            pages.After("claim", id, typed, call => record.Run(call, new(id, null, typed["number"], DisputesFeature.Day(typed["reportedOn"])), ct), ct, "claims")).Needs(Permission.HandleCases);
        routes.MapForm("/cases/{id:guid}/claims/closure", (Guid id, IFormCollection typed, CasesConsole.Pages pages, CloseClaim close, CancellationToken ct) =>
            pages.After("claim-closure", id, typed, call => close.Run(call, new(id, null, typed["number"], DisputesFeature.Day(typed["closedOn"])), ct), ct, "claims")).Needs(Permission.HandleCases);
    }
}
