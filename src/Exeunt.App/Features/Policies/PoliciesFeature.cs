using Exeunt.App.Platform;

namespace Exeunt.App.Features.Policies;

/// <summary>政策: termination policies, from draft over sign-off to publication; pages in Console, the REST API in PoliciesApi.</summary>
public static class PoliciesFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<PoliciesConsole.Pages>().AddScoped<PoliciesConsole.Editing>().AddScoped<PolicyDesk>().AddScoped<PolicyPreview>().AddScoped<ITodaySource, PoliciesToday>();
        services.AddEffect<PolicyBegins>(PolicyBegins.Kind).AddEffect<ReviewDue>(ReviewDue.Kind);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        PoliciesConsole.Map(routes);
        PoliciesApi.Map(routes);
    }
}
