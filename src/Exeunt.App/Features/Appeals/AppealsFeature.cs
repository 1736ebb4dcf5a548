using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Appeals;

/// <summary>申诉: the customer appeals to somebody who did not decide.</summary>
public static class AppealsFeature
{
    public sealed record Words(string? Text);

    public sealed record Verdict(bool? Upheld, string? Words, string? LinkedCase);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/progress/{token}/appeal", (string token, Words body, MakeAppeal make, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await make.Run(call, new(id, body.Text), ct)).Api(), ct))
            .WithTags("Customer").Needs(Permission.CustomerOfCase).WithSummary("Appeal against what was decided or how it was done.");
        routes.MapPost("/api/cases/{id:guid}/appeal/decision", async (Guid id, Verdict body, DecideAppeal decide, Caller caller, CancellationToken ct) =>
            (await decide.Run(caller.Call, new(id, body.Upheld, body.Words, body.LinkedCase), ct)).Api())
            .WithTags("Cases").Needs(Permission.DecideOffboarding).WithSummary("Decide an appeal; only by somebody who took no part.");
        routes.MapForm("/cases/{id:guid}/appeal", (Guid id, IFormCollection typed, CasesConsole.Pages pages, DecideAppeal decide, CancellationToken ct) =>
            pages.After("appeal", id, typed, call => decide.Run(call, new(id, typed["upheld"].ToString() switch { "yes" => true, "no" => false, _ => null }, typed["words"], typed["linkedCase"]), ct), ct, "appeal"))
            .Needs(Permission.DecideOffboarding);
        routes.MapForm("/progress/{token}/appeal", ([AsParameters] ProgressPages.Visit visit, [FromForm] string? appeal, MakeAppeal make) =>
            visit.AsCustomer(async (id, call) => (await make.Run(call, new(id, appeal), visit.Ct)).Refusal is { } no ? await visit.Progress(no, typed: appeal) : Web.SeeOther($"{visit.Path}?done=appeal")))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack("/progress/{token}/appeal", "/progress/{0}");
    }
}
