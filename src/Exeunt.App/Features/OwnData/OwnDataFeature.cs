using System.Text.Json;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Features.OwnData.Portal;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.OwnData;

/// <summary>本人数据: what is held of a customer, and all of it to take along.</summary>
public static class OwnDataFeature
{
    public static void Add(IServiceCollection services) =>
        services.AddScoped<OwnDataZip>().AddScoped<DataDoors>().AddScoped<DataOwner>().AddScoped<OwnTrade>().AddScoped<OwnStanding>().AddScoped<OwnCaseRecords>().AddScoped<OwnWriting>().AddScoped<OwnKeeping>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/progress/{token}/data", ([AsParameters] ProgressPages.Visit visit, ShowOwnData show) => visit.AsCustomer(async (id, call) =>
            await show.Run(call, new(new(id)), visit.Ct) is var shown && shown.Refusal is { } no ? new ProblemResult(no) : Web.Page<OwnDataPage>(new { visit.Path, Back = visit.Path, View = shown.Value })))
            .Needs(Permission.CustomerOfCase);
        // By POST: a page opened ahead or twice must not count as a download.
        routes.MapForm("/progress/{token}/data/json", ([AsParameters] ProgressPages.Visit visit, GatherOwnData gather) => visit.AsCustomer(async (id, call) =>
            await gather.Run(call, new(new(id), "json"), visit.Ct) is var all && all.Refusal is { } no ? new ProblemResult(no)
                : Results.File(JsonSerializer.SerializeToUtf8Bytes(all.Value.File, Json.Indented), "application/json", NameOf(all.Value, "json"))))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack("/progress/{token}/data/json", "/progress/{0}/data");
        routes.MapForm("/progress/{token}/data/zip", ([AsParameters] ProgressPages.Visit visit, GatherOwnData gather, OwnDataZip zip) => visit.AsCustomer(async (id, call) =>
            await gather.Run(call, new(new(id), "zip"), visit.Ct) is var all && all.Refusal is { } no ? new ProblemResult(no)
                : Zipped(all.Value, zip, visit.Http, visit.Ct)))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack("/progress/{token}/data/zip", "/progress/{0}/data");
        routes.MapGet("/api/progress/{token}/data", (string token, GatherOwnData gather, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) =>
                await gather.Run(call, new(new(id), "api"), ct) is var all && all.Refusal is { } no ? new ProblemResult(no) : Results.Json(all.Value.File, Json.Plain), ct))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit).WithTags("Customer").Produces<OwnDataFile>().WithSummary("Everything held of the customer, with a Case-Session header; recorded, ten times an hour at most.");
        DoorPages.Map(routes);
    }

    /// <summary>The answer that writes the package as it is made.</summary>
    public static IResult Zipped(GatherOwnData.Gathered all, OwnDataZip zip, HttpContext http, CancellationToken ct)
    {
        // The end of each entry is written synchronously by the framework; nothing else is.
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpBodyControlFeature>() is { } body)
            body.AllowSynchronousIO = true;
        return Results.Stream(to => zip.Write(all, to, ct), "application/zip", NameOf(all, "zip"));
    }

    internal static string NameOf(GatherOwnData.Gathered all, string ending) => $"{all.File.Case ?? all.File.Reference}-data-{all.File.MadeAt.UtcDateTime:yyyyMMdd}.{ending}";
}
