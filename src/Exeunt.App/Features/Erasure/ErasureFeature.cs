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
            .AddEffect<ErasePayout>(ErasePayout.Kind).AddEffect<VerifyErasure>(VerifyErasure.Kind).AddEffect<AnonymiseFacts>(AnonymiseFacts.Kind);
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
        api.MapPost("/legal-holds", async (Guid id, Hold body, PlaceLegalHold place, Caller caller, CancellationToken ct) => (await place.Run(caller.Call, new(new(id), body.Reason), ct)).Api())
            .Needs(Permission.HandleLegalHolds).WithSummary("Place a legal hold on the case's customer: nothing of theirs is erased.");
        api.MapPost("/legal-holds/{hold:guid}/lifting", async (Guid id, Guid hold, LiftLegalHold lift, Caller caller, CancellationToken ct) => (await lift.Run(caller.Call, new(new(id), hold), ct)).Api())
            .Needs(Permission.HandleLegalHolds).WithSummary("Say that a hold shall be lifted; data officer and legal both do.");
        api.MapPost("/locked", async (Guid id, Look body, OpenLocked open, Caller caller, CancellationToken ct) =>
            Opened(await open.Run(caller.Call with { IdempotencyKey = null }, new(new(id), body.DocumentId, body.Reason), ct)))
            .Needs(Permission.OpenLockedData).WithSummary("Open what is locked, for a named reason; recorded.");
        routes.MapForm("/cases/{id:guid}/legal-holds", (Guid id, IFormCollection typed, CasesConsole.Pages pages, PlaceLegalHold place, CancellationToken ct) =>
            pages.After("legal-hold", id, typed, call => place.Run(call, new(new(id), Settlements.CaseMoneyForms.One<LegalHoldReason>(typed["reason"])), ct), ct, "data")).Needs(Permission.HandleLegalHolds);
        routes.MapForm("/cases/{id:guid}/legal-holds/{hold:guid}/lifting", (Guid id, Guid hold, IFormCollection typed, CasesConsole.Pages pages, LiftLegalHold lift, CancellationToken ct) =>
            pages.After("legal-hold", id, typed, call => lift.Run(call, new(new(id), hold), ct), ct, "data")).Needs(Permission.HandleLegalHolds);
        routes.MapForm("/cases/{id:guid}/locked", Open).Needs(Permission.OpenLockedData);
        Holds(routes);
        Locked(routes);
    }

    /// <summary>What is locked of a customer, with and without a case.</summary>
    private static void Locked(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/customers/{id:long}/locked").WithTags("Data");
        api.MapGet("", async (long id, ShowLocked show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.OpenLockedData).WithSummary("Until when and why a customer is locked, and which papers can be opened; nothing is opened by this.");
        api.MapPost("", async (long id, Look body, OpenLocked open, Caller caller, CancellationToken ct) =>
            Opened(await open.Run(caller.Call with { IdempotencyKey = null }, new(new(null, id), body.DocumentId, body.Reason), ct)))
            .Needs(Permission.OpenLockedData).WithSummary("Open what is locked of a customer, who may have no case, for a named reason; recorded.");
        routes.MapPage("/customers/{id:long}/locked", (long id, ShowLocked show, Caller caller, CancellationToken ct) => LockedOf(id, show, null, caller, ct)).Needs(Permission.OpenLockedData);
        routes.MapForm("/customers/{id:long}/locked", async (long id, IFormCollection typed, OpenLocked open, ShowLocked show, Caller caller, CancellationToken ct) =>
        {
            var got = await open.Run(caller.Call with { IdempotencyKey = null }, new(new(null, id), Guid.TryParse(typed["document"], out var document) ? document : null, typed["reason"]), ct);
            return got.Refusal is { } no ? await LockedOf(id, show, no, caller, ct) : Seen(got.Value, null, id);
        }).Needs(Permission.OpenLockedData);
    }

    private static async Task<IResult> LockedOf(long id, ShowLocked show, Refusal? refusal, Caller caller, CancellationToken ct) =>
        refusal is { Kind: RefusalKind.NotFound } ? new ProblemResult(refusal)
        : await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct) is var got && got.Refusal is { } no ? new ProblemResult(no)
        : Web.Page<Console.CustomerLockedPage>(new { View = got.Value, Refusal = refusal }, refusal is null ? 200 : Problems.StatusOf(refusal));

    /// <summary>The file when a document was chosen, else what was seen.</summary>
    private static IResult Opened(Outcome<OpenLocked.Opened> got) =>
        got is { Succeeded: true, Value.File: { } file } ? Results.File(file.Bytes, file.MediaType, file.Name) : got.Api();

    private static IResult Seen(OpenLocked.Opened seen, Guid? exit, long? customer) =>
        seen.File is { } file ? Results.File(file.Bytes, file.MediaType, file.Name) : Web.Page<Console.LockedPage>(new { CaseId = exit, CustomerId = customer, Seen = seen });

    /// <summary>Holds on customers, with and without a case.</summary>
    private static void Holds(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/legal-holds", async (bool? lifted, int? page, ListLegalHolds list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(lifted == true, page ?? 1), ct)).Api())
            .Needs(Permission.ViewProof).WithTags("Data").WithSummary("Legal holds in your units: those that stand, or the lifted ones; newest first, 50 a page.");
        var api = routes.MapGroup("/api/customers/{id:long}/legal-holds").WithTags("Data");
        api.MapGet("", async (long id, ShowLegalHolds show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleLegalHolds).WithSummary("Legal holds on a customer.");
        api.MapPost("", async (long id, Hold body, PlaceLegalHold place, Caller caller, CancellationToken ct) => (await place.Run(caller.Call, new(new(null, id), body.Reason), ct)).Api())
            .Needs(Permission.HandleLegalHolds).WithSummary("Place a legal hold on a customer, who may have no case: nothing of theirs is erased.");
        api.MapPost("/{hold:guid}/lifting", async (long id, Guid hold, LiftLegalHold lift, Caller caller, CancellationToken ct) => (await lift.Run(caller.Call, new(new(null, id), hold), ct)).Api())
            .Needs(Permission.HandleLegalHolds).WithSummary("Say that a hold shall be lifted; data officer and legal both do.");
        routes.MapPage("/legal-holds", async (bool? lifted, int? page, ListLegalHolds list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(lifted == true, page ?? 1), ct) is var got && got.Refusal is { } no ? (IResult)new ProblemResult(no)
                : Web.Page<Console.LegalHoldsPage>(new { List = got.Value, Lifted = lifted == true })).Needs(Permission.ViewProof);
        routes.MapPage("/customers/{id:long}/legal-holds", (long id, ShowLegalHolds show, Caller caller, CancellationToken ct) => OfCustomer(id, show, null, caller, ct)).Needs(Permission.HandleLegalHolds);
        routes.MapForm("/customers/{id:long}/legal-holds", async (long id, IFormCollection typed, PlaceLegalHold place, ShowLegalHolds show, Caller caller, CancellationToken ct) =>
            (await place.Run(caller.Call, new(new(null, id), Settlements.CaseMoneyForms.One<LegalHoldReason>(typed["reason"])), ct)).Refusal is { } no
                ? await OfCustomer(id, show, no, caller, ct) : Web.SeeOther($"/customers/{id}/legal-holds")).Needs(Permission.HandleLegalHolds);
        routes.MapForm("/customers/{id:long}/legal-holds/{hold:guid}/lifting", async (long id, Guid hold, LiftLegalHold lift, ShowLegalHolds show, Caller caller, CancellationToken ct) =>
            (await lift.Run(caller.Call, new(new(null, id), hold), ct)).Refusal is { } no ? await OfCustomer(id, show, no, caller, ct) : Web.SeeOther($"/customers/{id}/legal-holds")).Needs(Permission.HandleLegalHolds);
    }

    private static async Task<IResult> OfCustomer(long id, ShowLegalHolds show, Refusal? refusal, Caller caller, CancellationToken ct) =>
        refusal is { Kind: RefusalKind.NotFound } ? new ProblemResult(refusal)
        : await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct) is var got && got.Refusal is { } no ? new ProblemResult(no)
        : Web.Page<Console.CustomerHoldsPage>(new { CustomerId = id, Holds = got.Value, Refusal = refusal }, refusal is null ? 200 : Problems.StatusOf(refusal));

    /// <summary>A form: a file when a document was chosen, else the page with who it is.</summary>
    private static async Task<IResult> Open(Guid id, IFormCollection typed, CasesConsole.Pages pages, OpenLocked open, Caller caller, CancellationToken ct)
    {
        var got = await open.Run(caller.Call with { IdempotencyKey = null }, new(new(id), Guid.TryParse(typed["document"], out var document) ? document : null, typed["reason"]), ct);
        if (got.Refusal is { } no)
            return await pages.After<Done>("locked", id, typed, _ => Task.FromResult<Outcome<Done>>(no), ct);
        return Seen(got.Value, id, null);
    }
}
