using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.DataRequests.Console;
using Exeunt.App.Features.DataRequests.Portal;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>个人信息权利请求: access, copy, correct, delete, restrict, object, each with its legal clock.</summary>
public static class DataRequestsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<DataRequestDesk>().AddScoped<Corrections>().AddScoped<ITodaySource, DataRequestsToday>();
        services.AddEffect<DataRequestNear>(DataRequestNear.Kind).AddEffect<IndexAgain>(IndexAgain.Kind).AddEffect<CorrectContact>(CorrectContact.Kind).AddEffect<EndRestriction>(EndRestriction.Kind);
    }

    public sealed record Asking(DataRequestKind? Kind, string? Words, string? Mail = null, string? Phone = null)
    {
        public DataRequestDesk.Asked Asked => new(Kind, Words, Mail, Phone);
    }

    public sealed record Recording(DataRequestKind? Kind, string? Words, DataRequestProof? Proof, DateOnly? ReceivedOn, string? Mail = null, string? Phone = null)
    {
        public DataRequestDesk.Asked Asked => new(Kind, Words, Mail, Phone);
    }

    public sealed record Why(string? Reason);

    public sealed record Right(string? Name, string? ContactPerson, string? Address);

    /// <summary>What was typed into the form that asks.</summary>
    internal static DataRequestDesk.Asked AskedIn(IFormCollection typed) => new(CaseMoneyForms.One<DataRequestKind>(typed["kind"]), typed["words"], typed["mail"], typed["phone"]);

    public static void Map(IEndpointRouteBuilder routes)
    {
        Customer(routes);
        var api = routes.MapGroup("/api/data-requests").WithTags("Data requests");
        api.MapGet("", async (DataRequestState? state, long? after, ListDataRequests list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(state, after ?? 0), ct)).Api())
            .Needs(Permission.ViewProof).WithSummary("Requests about personal data: the open ones, or those of a state; after for the next page.");
        api.MapGet("/{id:guid}", async (Guid id, ShowDataRequest show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewProof).WithSummary("One request with its words and its clock.");
        api.MapPost("/{id:guid}/extension", async (Guid id, Why body, ExtendDataRequest extend, Caller caller, CancellationToken ct) => (await extend.Run(caller.Call, new(id, body.Reason), ct)).Api())
            .Needs(Permission.HandleDataRequests).WithSummary("Take the longer time that the law allows, with a reason; the customer is told.");
        api.MapPost("/{id:guid}/refusal", async (Guid id, Why body, RefuseDataRequest refuse, Caller caller, CancellationToken ct) => (await refuse.Run(caller.Call, new(id, body.Reason), ct)).Api())
            .Needs(Permission.HandleDataRequests).WithSummary("Refuse with a reason; the customer is told.");
        api.MapPost("/{id:guid}/fulfilment", async (Guid id, Right? body, FulfilDataRequest fulfil, Caller caller, CancellationToken ct) => (await fulfil.Run(caller.Call, new(id, body?.Name, body?.ContactPerson, body?.Address), ct)).Api())
            .Needs(Permission.HandleDataRequests).WithSummary("Do what was asked; a correction says what is right.");
        api.MapPost("/{id:guid}/lifting", async (Guid id, Why body, LiftRestriction lift, Caller caller, CancellationToken ct) => (await lift.Run(caller.Call, new(id, body.Reason), ct)).Api())
            .Needs(Permission.HandleDataRequests).WithSummary("End a restriction or an objection; the customer is told before it ends.");
        api.MapPost("/{id:guid}/stop", async (Guid id, StopGranted stop, Caller caller, CancellationToken ct) => (await stop.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.RecordDataRequests).WithSummary("Stop an erasure, or a change of mail or phone, that was granted and has not begun: the customer did not ask for it.");
        api.MapPost("/{id:guid}/package", Package).Needs(Permission.HandleDataRequests).WithSummary("The customer's data as a ZIP, for a request of access or a copy; recorded.");
        routes.MapPost("/api/cases/{id:guid}/data-requests", async (Guid id, Recording body, RecordDataRequest record, Caller caller, CancellationToken ct) =>
            (await record.Run(caller.Call, new(id, body.Asked, body.Proof, body.ReceivedOn), ct)).Api())
            .Needs(Permission.RecordDataRequests).WithTags("Data requests").WithSummary("Take down a request that came by letter, phone or visit, for the customer of a case.");
        routes.MapPost("/api/customers/{id:long}/data-requests", async (long id, Recording body, RecordDataRequest record, Caller caller, CancellationToken ct) =>
            (await record.Run(caller.Call, new(null, body.Asked, body.Proof, body.ReceivedOn, id), ct)).Api())
            .Needs(Permission.RecordDataRequests).WithTags("Data requests").WithSummary("Take down a request that came by letter, phone or visit, for a customer who may have no case.");
        Console(routes);
        OfCustomer(routes);
        Erased(routes);
    }

    private static void Customer(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/progress/{token}/data-requests", (string token, ListOwnDataRequests list, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await list.Run(call, new(new(id)), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithTags("Customer").WithSummary("Your requests about your data.");
        routes.MapPost("/api/progress/{token}/data-requests", (string token, Asking body, AskAboutData ask, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await ask.Run(call, new(new(id), body.Asked), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit).WithTags("Customer").WithSummary("Ask about your data: Access, Copy, Correct, Delete, Restrict, Object.");
        routes.MapPost("/api/progress/{token}/data-requests/{number}/stop", (string token, string number, StopOwn stop, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await stop.Run(call, new(new(id), number), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit).WithTags("Customer").WithSummary("Stop what was granted and has not begun: an erasure, a change of mail or phone.");
        routes.MapForm("/progress/{token}/data-requests/{number}/stop", ([AsParameters] ProgressPages.Visit visit, string number, StopOwn stop, ListOwnDataRequests list) => visit.AsCustomer(async (id, call) =>
            (await stop.Run(call, new(new(id), number), visit.Ct)).Refusal is { } no
                ? await Own(visit.Path, list, new(id), call, no, null, visit.Ct) : Web.SeeOther($"{visit.Path}/data-requests?done=stopped")))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack("/progress/{token}/data-requests/{number}/stop", "/progress/{0}/data-requests");
        routes.MapPage("/progress/{token}/data-requests", ([AsParameters] ProgressPages.Visit visit, ListOwnDataRequests list) => visit.AsCustomer((id, call) => Own(visit.Path, list, new(id), call, null, null, visit.Ct)))
            .Needs(Permission.CustomerOfCase);
        routes.MapForm("/progress/{token}/data-requests", ([AsParameters] ProgressPages.Visit visit, IFormCollection typed, AskAboutData ask, ListOwnDataRequests list) => visit.AsCustomer(async (id, call) =>
            (await ask.Run(call, new(new(id), AskedIn(typed)), visit.Ct)).Refusal is { } no
                ? await Own(visit.Path, list, new(id), call, no, typed, visit.Ct) : Web.SeeOther($"{visit.Path}/data-requests?done=asked")))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
    }

    /// <summary>The page on which a customer asks, by a case's link or by a door.</summary>
    /// <param name="path">Of the case's page, or of the door.</param>
    internal static async Task<IResult> Own(string path, ListOwnDataRequests list, Whose whose, Call call, Refusal? refusal, IFormCollection? typed, CancellationToken ct)
    {
        var lines = await list.Run(call with { IdempotencyKey = null }, new(whose), ct);
        return lines.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<AskPage>(new { Path = path, Back = whose.Door is null ? path : path + "/data", Lines = lines.Value, Refusal = refusal, Typed = typed, OfDoor = whose.Door is not null }, refusal is null ? 200 : Problems.StatusOf(refusal));
    }

    private static void Console(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/data-requests", async (DataRequestState? state, long? after, ListDataRequests list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(state, after ?? 0), ct) is var page && page.Refusal is { } no ? (IResult)new ProblemResult(no)
                : Web.Page<DataRequestsPage>(new { List = page.Value, State = state, Paged = after is not null })).Needs(Permission.ViewProof);
        routes.MapPage("/data-requests/{id:guid}", (Guid id, ShowDataRequest show, Caller caller, CancellationToken ct) => Shown(id, show, caller, null, ct)).Needs(Permission.ViewProof);
        Form(routes, "extension", (ExtendDataRequest use, Call call, Guid id, IFormCollection typed, CancellationToken ct) => use.Run(call, new(id, typed["reason"]), ct));
        Form(routes, "refusal", (RefuseDataRequest use, Call call, Guid id, IFormCollection typed, CancellationToken ct) => use.Run(call, new(id, typed["reason"]), ct));
        Form(routes, "fulfilment", (FulfilDataRequest use, Call call, Guid id, IFormCollection typed, CancellationToken ct) => use.Run(call, new(id, typed["name"], typed["contactPerson"], typed["address"]), ct));
        Form(routes, "lifting", async (LiftRestriction use, Call call, Guid id, IFormCollection typed, CancellationToken ct) => (await use.Run(call, new(id, typed["reason"]), ct)) is { Refusal: { } no } ? (Outcome<Done>)no : Done.It);
        routes.MapForm("/data-requests/{id:guid}/stop", async (Guid id, StopGranted stop, ShowDataRequest show, Caller caller, CancellationToken ct) =>
            (await stop.Run(caller.Call, new(id), ct)).Refusal is { } no ? await Shown(id, show, caller, no, ct) : Web.SeeOther($"/data-requests/{id}")).Needs(Permission.RecordDataRequests);
        routes.MapForm("/data-requests/{id:guid}/package", Package).Needs(Permission.HandleDataRequests);
        routes.MapForm("/cases/{id:guid}/data-requests", (Guid id, IFormCollection typed, CasesConsole.Pages pages, RecordDataRequest record, CancellationToken ct) =>
            pages.After("data-request", id, typed, call => record.Run(call, new(id, AskedIn(typed), CaseMoneyForms.One<DataRequestProof>(typed["proof"]), DisputesFeature.Day(typed["receivedOn"])), ct), ct, "data"))
            .Needs(Permission.RecordDataRequests);
    }

    /// <summary>Taking down a request of a customer who may have no case, and stopping what was granted in their name.</summary>
    private static void OfCustomer(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/customers/{id:long}/data-request", (long id, AppDb db, Caller caller, CancellationToken ct) => Recorded(id, db, caller, null, null, ct)).Needs(Permission.RecordDataRequests);
        routes.MapForm("/customers/{id:long}/data-request/{request:guid}/stop", async (long id, Guid request, StopGranted stop, AppDb db, Caller caller, CancellationToken ct) =>
            (await stop.Run(caller.Call, new(request), ct)).Refusal is { } no ? await Recorded(id, db, caller, no, null, ct) : Web.SeeOther($"/customers/{id}/data-request?done=stopped")).Needs(Permission.RecordDataRequests);
        routes.MapForm("/customers/{id:long}/data-request", async (long id, IFormCollection typed, RecordDataRequest record, AppDb db, Caller caller, CancellationToken ct) =>
        {
            var outcome = await record.Run(caller.Call, new(null, AskedIn(typed), CaseMoneyForms.One<DataRequestProof>(typed["proof"]), DisputesFeature.Day(typed["receivedOn"]), id), ct);
            // Who takes it down need not be of those who see what becomes of it.
            return outcome.Refusal is { } no ? await Recorded(id, db, caller, no, typed, ct)
                : Web.SeeOther(caller.Actor.Allows(Permission.ViewProof) ? $"/data-requests/{outcome.Value.Id}" : $"/customers/{id}/data-request?done=recorded");
        }).Needs(Permission.RecordDataRequests);
    }

    /// <summary>What became of an erasure without a case: for the customer behind the link of the last letter, for staff who hand the certificate over.</summary>
    private static void Erased(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/erasure/{token}", async (string token, FollowErasure follow, Caller caller, CancellationToken ct) =>
            await follow.Run(caller.Call, new(token), ct) is var view && view.Refusal is { } no ? (IResult)new ProblemResult(no) : Web.Page<ErasurePage>(new { Token = token, View = view.Value }))
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);
        routes.MapPage("/erasure/{token}/certificates/{serial}", CertificatesFeature.Fetch).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);
        routes.MapForm("/erasure/{token}/stop", async (string token, StopByLink stop, FollowErasure follow, Caller caller, CancellationToken ct) =>
        {
            if ((await stop.Run(caller.Call, new(token), ct)).Refusal is not { } no)
                return Web.SeeOther($"/erasure/{token}");
            return await follow.Run(caller.Call with { IdempotencyKey = null }, new(token), ct) is { Refusal: null, Value: var view } ? Web.Page<ErasurePage>(new { Token = token, View = view, Refusal = no }, Problems.StatusOf(no)) : new ProblemResult(no);
        }).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack("/erasure/{token}/stop", "/erasure/{0}");
        routes.MapPost("/api/erasure/{token}/stop", async (string token, StopByLink stop, Caller caller, CancellationToken ct) => (await stop.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithTags("Customer").WithSummary("Stop that erasure, while it has not begun.");
        routes.MapGet("/api/erasure/{token}", async (string token, FollowErasure follow, Caller caller, CancellationToken ct) => (await follow.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithTags("Customer").WithSummary("What became of an erasure that was asked for without a case.");
        routes.MapGet("/api/erasure/{token}/certificates/{serial}", CertificatesFeature.Fetch)
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithTags("Customer").WithSummary("The certificate of that erasure, as a signed PDF.");
        routes.MapPage("/data-requests/{id:guid}/certificates/{serial}", Fetch).Needs(Permission.HandleDataRequests);
        routes.MapGet("/api/data-requests/{id:guid}/certificates/{serial}", Fetch)
            .Needs(Permission.HandleDataRequests).WithTags("Data requests").WithSummary("The certificate of an erasure without a case, to be sent by letter to whom no mail reaches; recorded.");
        routes.MapForm("/data-requests/{id:guid}/certificates/{serial}/correction", async (Guid id, string serial, IFormCollection typed, CorrectCertificate correct, ShowDataRequest show, Caller caller, CancellationToken ct) =>
            (await correct.Run(caller.Call, new(serial, typed["reason"]), ct)).Refusal is { } no ? await Shown(id, show, caller, no, ct) : Web.SeeOther($"/data-requests/{id}")).Needs(Permission.HandleCertificates);
        routes.MapForm("/data-requests/{id:guid}/certificates/{serial}/revocation", async (Guid id, string serial, IFormCollection typed, RevokeCertificate revoke, ShowDataRequest show, Caller caller, CancellationToken ct) =>
            (await revoke.Run(caller.Call, new(serial, typed["reason"]), ct)).Refusal is { } no ? await Shown(id, show, caller, no, ct) : Web.SeeOther($"/data-requests/{id}")).Needs(Permission.HandleCertificates);
    }

    private static async Task<IResult> Fetch(Guid id, string serial, FetchRequestedCertificate fetch, Caller caller, CancellationToken ct) =>
        CertificatesFeature.Sent(await fetch.Run(caller.Call with { IdempotencyKey = null }, new(id, serial), ct));

    private static async Task<IResult> Recorded(long id, AppDb db, Caller caller, Refusal? refusal, IFormCollection? typed, CancellationToken ct)
    {
        if (!await Customers.VisibleUnits.HaveCustomer(db, caller.Actor, Permission.RecordDataRequests, id, ct))
            return new ProblemResult(CommonRefusals.NotFound);
        var granted = (await db.Set<DataRequest>().AsNoTracking().Where(r => r.CustomerId == id && r.BeginsAt != null).OrderBy(r => r.Serial).Take(DataRequestDesk.MaxOpen).ToListAsync(ct))
            .FindAll(r => !r.IsOwn || caller.Actor.Allows(Permission.HandleDataRequests));
        return Web.Page<RecordPage>(new { CustomerId = id, Granted = granted, Refusal = refusal, Typed = typed }, refusal is null ? 200 : Problems.StatusOf(refusal));
    }

    private static void Form<TUse>(IEndpointRouteBuilder routes, string name, Func<TUse, Call, Guid, IFormCollection, CancellationToken, Task<Outcome<Done>>> run) where TUse : notnull =>
        routes.MapForm($"/data-requests/{{id:guid}}/{name}", async (Guid id, IFormCollection typed, TUse use, ShowDataRequest show, Caller caller, CancellationToken ct) =>
            (await run(use, caller.Call, id, typed, ct)).Refusal is { } no ? await Shown(id, show, caller, no, ct) : Web.SeeOther($"/data-requests/{id}")).Needs(Permission.HandleDataRequests);

    private static async Task<IResult> Shown(Guid id, ShowDataRequest show, Caller caller, Refusal? refusal, CancellationToken ct)
    {
        if (refusal is { Kind: RefusalKind.NotFound })
            return new ProblemResult(refusal);
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<DataRequestPage>(new { View = outcome.Value, Refusal = refusal }, refusal is null ? 200 : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> Package(Guid id, PackForRequest pack, OwnDataZip zip, Caller caller, HttpContext http, CancellationToken ct)
    {
        var all = await pack.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return all.Refusal is { } no ? new ProblemResult(no) : OwnDataFeature.Zipped(all.Value, zip, http, ct);
    }
}
