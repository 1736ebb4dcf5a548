using Exeunt.App.Features.Company.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Company;

/// <summary>The company in whose name papers are issued.</summary>
public static class CompanyFeature
{
    public static void Add(IServiceCollection services) => services.AddSingleton<CompanyBook>().AddScoped<ITodaySource, CompanyToday>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/admin/company", (ShowCompany show, Caller caller, CancellationToken ct) => Page(show, caller, null, null, ct)).Needs(Permission.ManageSettings);
        routes.MapForm("/admin/company", async (
            [FromForm] string? chinese, [FromForm] string? english, [FromForm] string? fullChinese, [FromForm] string? fullEnglish, [FromForm] string? registration, [FromForm] string? appeals,
            SaveCompany save, ShowCompany show, Caller caller, CancellationToken ct) =>
        {
            var typed = new SaveCompany.Request(chinese, english, fullChinese, fullEnglish, registration, appeals);
            var saved = await save.Run(caller.Call, typed, ct);
            return saved.Refusal is { } refusal ? await Page(show, caller, refusal, typed, ct) : Web.SeeOther("/admin/company?saved=1");
        }).Needs(Permission.ManageSettings);

        var api = routes.MapGroup("/api/company").WithTags("Administration");
        api.MapGet("", async (ShowCompany show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ManageSettings).Produces<ShowCompany.View>().WithSummary("The company in whose name papers are issued");
        api.MapPut("", async (SaveCompany.Request body, SaveCompany save, Caller caller, CancellationToken ct) => (await save.Run(caller.Call, body, ct)).Api())
            .Needs(Permission.ManageSettings).Produces<CompanyIdentity>().WithSummary("Say who the company is; papers that waited for its name are issued");
    }

    private static async Task<IResult> Page(ShowCompany show, Caller caller, Refusal? no, SaveCompany.Request? typed, CancellationToken ct)
    {
        var view = await show.Run(caller.Call with { IdempotencyKey = null }, new(), ct);
        return view.Refusal is { } refusal ? new ProblemResult(refusal)
            : Web.Page<CompanyPage>(new { View = view.Value, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no));
    }
}
