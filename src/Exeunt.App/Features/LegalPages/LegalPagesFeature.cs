using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.LegalPages;

namespace Exeunt.App.Features.LegalPages;

/// <summary>法定页面: the pages that the law of a place prescribes for the way out, as signed documents; the portal draws them.</summary>
public static class LegalPagesFeature
{
    public static void Add(IServiceCollection services) =>
        services.AddSingleton<LegalPageCache>().AddScoped<LegalPageBook>().AddScoped<LegalPagesConsole.Pages>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        EndPages.Map(routes);
        LegalPagesConsole.Map(routes);
        var api = routes.MapGroup("/api/pages").WithTags("Legal pages");
        api.MapGet("/schema", () => Results.Text(LegalPageDocument.Schema(), "application/schema+json")).Needs(Permission.Public).WithSummary("The JSON Schema of a legal page.");
        SignedApi.Map(api, SignedKind.Page);
        api.MapPost("/{id}/declarations", async (string id, Declaration body, SubmitApplication submit, Caller caller, CancellationToken ct) =>
            (await submit.Run(caller.Call, new(null, Channel: Core.Cases.Channel.Api, Page: id, Declared: body), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Declare an ending or a withdrawal as on a legal page. Answers the same for a real and an invented contract.");
        api.MapGet("/in-force", async (LegalPageBook pages, CancellationToken ct) =>
            Results.Text($"[{string.Join(',', (await pages.Current(ct)).Select(LegalPageDocument.ToJson))}]", "application/json")).Needs(Permission.Public).WithSummary("The legal pages in force, as their documents.");
    }
}
