using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Erasure;

/// <summary>清除: what goes and what stays after an exit, legal holds, what is locked, and the second search.</summary>
public static class ErasureFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<Retention>().AddScoped<LegalHolds>().AddScoped<Locks>().AddScoped<Remnants>().AddScoped<CopiesOutside>();
        services.AddScoped<FirstErasure>();
        services.AddEffect<EraseStep>("step.erase").AddEffect<EraseClass>("erase.class").AddEffect<EraseIntake>("erase.intake").AddEffect<EraseAsked>(EraseAsked.Kind)
            .AddEffect<VerifyErasure>(VerifyErasure.Kind).AddEffect<AnonymiseFacts>(AnonymiseFacts.Kind);
    }

    public sealed record Hold(LegalHoldReason? Reason);

    public sealed record Look(string? Reason, Guid? DocumentId);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/retention", (Caller caller) => Results.Json(ShowRetention.Of(caller.Language), Json.Plain))
            .Needs(Permission.ViewPolicies).WithTags("Data").WithSummary("The retention schedule: how long each category is kept, where, why, and what comes after.");
        routes.MapPage("/retention", (Caller caller) => Web.Page<Console.RetentionPage>(new { Lines = ShowRetention.Of(caller.Language) })).Needs(Permission.ViewPolicies);
        var api = routes.MapGroup("/api/cases/{id:guid}").WithTags("Data");
        api.MapGet("/data", async (Guid id, ShowCaseData show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("What became of the customer's data: erased, locked until when and why, holds, certificates, second searches.");
        api.MapPost("/legal-holds", async (Guid id, Hold body, PlaceLegalHold place, Caller caller, CancellationToken ct) => (await place.Run(caller.Call, new(id, body.Reason), ct)).Api())
            .Needs(Permission.HandleLegalHolds).WithSummary("Place a legal hold on the case's customer: nothing of theirs is erased.");
        api.MapPost("/legal-holds/{hold:guid}/lifting", async (Guid id, Guid hold, LiftLegalHold lift, Caller caller, CancellationToken ct) => (await lift.Run(caller.Call, new(id, hold), ct)).Api())
            .Needs(Permission.HandleLegalHolds).WithSummary("Say that a hold shall be lifted; data officer and legal both do.");
        api.MapPost("/locked", async (Guid id, Look body, OpenLocked open, Caller caller, CancellationToken ct) =>
            await open.Run(caller.Call with { IdempotencyKey = null }, new(id, body.DocumentId, body.Reason), ct) is var got && got is { Succeeded: true, Value.File: { } file }
                ? Results.File(file.Bytes, file.MediaType, file.Name) : got.Api())
            .Needs(Permission.OpenLockedData).WithSummary("Open what is locked, for a named reason; recorded.");
        routes.MapForm("/cases/{id:guid}/legal-holds", (Guid id, IFormCollection typed, CasesConsole.Pages pages, PlaceLegalHold place, CancellationToken ct) =>
            pages.After("legal-hold", id, typed, call => place.Run(call, new(id, Settlements.CaseMoneyForms.One<LegalHoldReason>(typed["reason"])), ct), ct, "data")).Needs(Permission.HandleLegalHolds);
        routes.MapForm("/cases/{id:guid}/legal-holds/{hold:guid}/lifting", (Guid id, Guid hold, IFormCollection typed, CasesConsole.Pages pages, LiftLegalHold lift, CancellationToken ct) =>
            pages.After("legal-hold", id, typed, call => lift.Run(call, new(id, hold), ct), ct, "data")).Needs(Permission.HandleLegalHolds);
        routes.MapForm("/cases/{id:guid}/locked", Open).Needs(Permission.OpenLockedData);
    }

    /// <summary>A form: a file when a document was chosen, else the page with who it is.</summary>
    private static async Task<IResult> Open(Guid id, IFormCollection typed, CasesConsole.Pages pages, OpenLocked open, Caller caller, CancellationToken ct)
    {
        var got = await open.Run(caller.Call with { IdempotencyKey = null }, new(id, Guid.TryParse(typed["document"], out var document) ? document : null, typed["reason"]), ct);
        if (got.Refusal is { } no)
            return await pages.After<Done>("locked", id, typed, _ => Task.FromResult<Outcome<Done>>(no), ct);
        return got.Value.File is { } file ? Results.File(file.Bytes, file.MediaType, file.Name) : Web.Page<Console.LockedPage>(new { CaseId = id, Seen = got.Value });
    }
}
