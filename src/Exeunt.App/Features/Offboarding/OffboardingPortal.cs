using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Offboarding;

/// <summary>What the customer of an offboarding answers on the progress page.</summary>
public static class OffboardingPortal
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapForm("/progress/{token}/objection", ([AsParameters] ProgressPages.Visit visit, [FromForm] string? objection, MakeObjection make) =>
            visit.AsCustomer(async (id, call) => (await make.Run(call, new(id, objection), visit.Ct)).Refusal is { } no ? await visit.Progress(no, typed: objection) : Web.SeeOther($"{visit.Path}?done=objection")))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack("/progress/{token}/objection", "/progress/{0}");
    }
}
