using System.Text.Json;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.DataRequests;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.OwnData.Portal;

/// <summary>我的数据 without a case: contract and contact, code; then what is held, all of it to take along, and what can be asked. The same by API.</summary>
public static class DoorPages
{
    /// <summary>A door that may be open.</summary>
    public readonly record struct Visit(string Token, HttpContext Http, DataDoors Doors, Caller Caller, CancellationToken Ct)
    {
        public string Path => $"/own-data/{Token}";

        public Whose Whose => Of(Token, Http);

        /// <summary>The answer to whoever gave the code here; to others the page that asks for it.</summary>
        public async Task<IResult> Inside(Func<Visit, Task<IResult>> answer) =>
            await IsOpen() ? await answer(this) : await Doors.Find(Token, Caller.Call.Now, Ct) is null ? Closed() : Web.SeeOther(Path + "/code");

        public async Task<bool> IsOpen() => await Doors.Behind(Token, DataDoors.SessionOf(Http), Caller.Call.Now, Ct) is not null;

        public static IResult Closed() => Web.Page<DoorStartPage>(new { Refusal = DataDoors.Gone }, StatusCodes.Status404NotFound);
    }

    public sealed record Asking(string? ContractNumber, string? Contact);

    public sealed record Proof(string? Code);

    public sealed record Wish(DataRequestKind? Kind, string? Words, string? Mail = null, string? Phone = null);

    private static Whose Of(string token, HttpContext http) => new(Door: token, Session: DataDoors.SessionOf(http));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/own-data", () => Web.Page<DoorStartPage>()).Needs(Permission.Public);
        Form(routes, "/own-data", async ([FromForm] string? contractNumber, [FromForm] string? contact, StartDataDoor start, Caller caller, CancellationToken ct) =>
            await start.Run(caller.Call, new(contractNumber, contact), ct) is var started && started.Refusal is { } no
                ? Web.Page<DoorStartPage>(new { ContractNumber = contractNumber, Contact = contact, Refusal = no }, Problems.StatusOf(no)) : Web.SeeOther($"/own-data/{started.Value.Token}/code"));
        routes.MapPage("/own-data/{token}/code", async ([AsParameters] Visit visit, bool? sent) =>
            await visit.IsOpen() ? Web.SeeOther(visit.Path + "/data")
            : await visit.Doors.Find(visit.Token, visit.Caller.Call.Now, visit.Ct) is null ? Visit.Closed() : Web.Page<DoorCodePage>(new { visit.Token, Sent = sent == true })).Needs(Permission.Public);
        Form(routes, "/own-data/{token}/code", async (string token, [FromForm] string? code, HttpContext http, ProveDoor prove, Caller caller, CancellationToken ct) =>
        {
            var proven = await prove.Run(caller.Call, new(token, code), ct);
            if (proven.Refusal is null)
                DataDoors.Remember(http, proven.Value.Session);
            return AfterCode(token, code, proven.Refusal, $"/own-data/{token}/data");
        });
        Form(routes, "/own-data/{token}/close", (HttpContext http) =>
        {
            DataDoors.Remember(http, null);
            return Web.SeeOther("/own-data");
        });
        routes.LeadBack("/own-data/{token}/close", "/own-data/{0}/data");
        Form(routes, "/own-data/{token}/code/again", async (string token, ResendDoorCode resend, Caller caller, CancellationToken ct) =>
            AfterCode(token, null, (await resend.Run(caller.Call, new(token), ct)).Refusal, $"/own-data/{token}/code?sent=true"));
        routes.LeadBack("/own-data/{token}/code/again", "/own-data/{0}/code");
        routes.MapPage("/own-data/{token}/data", ([AsParameters] Visit visit, ShowOwnData show) => visit.Inside(async v =>
            await show.Run(v.Caller.Call, new(v.Whose), v.Ct) is { Refusal: null, Value: var view } ? Web.Page<OwnDataPage>(new { v.Path, Back = "/", View = view, Close = v.Path + "/close" }) : Visit.Closed())).Needs(Permission.Public);
        // By POST: a page opened ahead or twice must not count as a download.
        Form(routes, "/own-data/{token}/data/json", ([AsParameters] Visit visit, GatherOwnData gather) => visit.Inside(async v =>
            await gather.Run(v.Caller.Call, new(v.Whose, "json"), v.Ct) is var all && all.Refusal is { } no ? new ProblemResult(no)
                : Results.File(JsonSerializer.SerializeToUtf8Bytes(all.Value.File, Json.Indented), "application/json", OwnDataFeature.NameOf(all.Value, "json"))));
        routes.LeadBack("/own-data/{token}/data/json", "/own-data/{0}/data");
        Form(routes, "/own-data/{token}/data/zip", ([AsParameters] Visit visit, GatherOwnData gather, OwnDataZip zip, HttpContext http) => visit.Inside(async v =>
            await gather.Run(v.Caller.Call, new(v.Whose, "zip"), v.Ct) is var all && all.Refusal is { } no ? new ProblemResult(no) : OwnDataFeature.Zipped(all.Value, zip, http, v.Ct)));
        routes.LeadBack("/own-data/{token}/data/zip", "/own-data/{0}/data");
        routes.MapPage("/own-data/{token}/data-requests", ([AsParameters] Visit visit, ListOwnDataRequests list) => visit.Inside(v => DataRequestsFeature.Own(v.Path, list, v.Whose, v.Caller.Call, null, null, v.Ct)))
            .Needs(Permission.Public);
        Form(routes, "/own-data/{token}/data-requests", ([AsParameters] Visit visit, IFormCollection typed, AskAboutData ask, ListOwnDataRequests list) => visit.Inside(async v =>
            (await ask.Run(v.Caller.Call, new(v.Whose, DataRequestsFeature.AskedIn(typed)), v.Ct)).Refusal is { } no
                ? await DataRequestsFeature.Own(v.Path, list, v.Whose, v.Caller.Call, no, typed, v.Ct) : Web.SeeOther($"{v.Path}/data-requests?done=asked")));
        Form(routes, "/own-data/{token}/data-requests/{number}/stop", ([AsParameters] Visit visit, string number, StopOwn stop, ListOwnDataRequests list) => visit.Inside(async v =>
            (await stop.Run(v.Caller.Call, new(v.Whose, number), v.Ct)).Refusal is { } no
                ? await DataRequestsFeature.Own(v.Path, list, v.Whose, v.Caller.Call, no, null, v.Ct) : Web.SeeOther($"{v.Path}/data-requests?done=stopped")));
        routes.LeadBack("/own-data/{token}/data-requests/{number}/stop", "/own-data/{0}/data-requests");
        Api(routes.MapGroup("/api/own-data").WithTags("Customer"));
    }

    private static void Api(RouteGroupBuilder api)
    {
        api.MapPost("", async (Asking body, StartDataDoor start, Caller caller, CancellationToken ct) => (await start.Run(caller.Call, new(body.ContractNumber, body.Contact), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).Produces<StartDataDoor.Started>().WithSummary("Begin the way to your own data without a case; a code goes to the contact on file, if both fit.");
        api.MapPost("/{token}/code", async (string token, Proof body, ProveDoor prove, Caller caller, CancellationToken ct) => (await prove.Run(caller.Call, new(token, body.Code), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).Produces<ProveDoor.Proven>().WithSummary("Give the code; the session it gives is sent with what follows as Own-Data-Session, for a day from the beginning.");
        api.MapPost("/{token}/code/again", async (string token, ResendDoorCode resend, Caller caller, CancellationToken ct) => (await resend.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Send another code.");
        api.MapGet("/{token}", async (string token, HttpContext http, GatherOwnData gather, Caller caller, CancellationToken ct) =>
                await gather.Run(caller.Call, new(Of(token, http), "api"), ct) is var all && all.Refusal is { } no ? new ProblemResult(no) : Results.Json(all.Value.File, Json.Plain))
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).Produces<OwnDataFile>().WithSummary("Everything held of you; recorded, ten times an hour at most.");
        api.MapGet("/{token}/data-requests", async (string token, HttpContext http, ListOwnDataRequests list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(Of(token, http)), ct)).Api())
            .Needs(Permission.Public).WithSummary("Your requests about your data.");
        api.MapPost("/{token}/data-requests", async (string token, Wish body, HttpContext http, AskAboutData ask, Caller caller, CancellationToken ct) => (await ask.Run(caller.Call, new(Of(token, http), new(body.Kind, body.Words, body.Mail, body.Phone)), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Ask about your data: Access, Copy, Correct, Delete, Restrict, Object.");
        api.MapPost("/{token}/data-requests/{number}/stop", async (string token, string number, HttpContext http, StopOwn stop, Caller caller, CancellationToken ct) => (await stop.Run(caller.Call, new(Of(token, http), number), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Stop what was granted and has not begun: an erasure, a change of mail or phone.");
    }

    private static void Form(IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapForm(pattern, handler).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);

    private static IResult AfterCode(string token, string? code, Refusal? refusal, string next) =>
        refusal switch
        {
            null => Web.SeeOther(next),
            { Kind: RefusalKind.NotFound } => Visit.Closed(),
            var no => Web.Page<DoorCodePage>(new { Token = token, Code = code, Refusal = no }, Problems.StatusOf(no)),
        };
}
