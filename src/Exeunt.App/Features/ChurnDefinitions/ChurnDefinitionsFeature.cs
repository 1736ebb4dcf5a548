using System.Text;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.Churn;

namespace Exeunt.App.Features.ChurnDefinitions;

/// <summary>流失定义: from when customers count as lost, for everybody and by segment, as a signed document. Pages in Console.</summary>
public static class ChurnDefinitionsFeature
{
    public static void Add(IServiceCollection services) =>
        services.AddScoped<ShowChurnDefinition>().AddScoped<ChurnEffect>().AddScoped<ChurnConsole.Pages>().AddScoped<ChurnConsole.Editing>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ChurnSchema.Path, () => Results.Text(ChurnSchema.Json, "application/schema+json", Encoding.UTF8)).Needs(Permission.Public).ExcludeFromDescription();
        var api = routes.MapGroup("/api/churn-definition").WithTags("Churn definition");
        SignedApi.Map(api, SignedKind.Churn);
        api.MapGet("/in-force", async (ShowChurnDefinition show, Caller caller, CancellationToken ct) =>
                await show.Run(caller.Call, new(), ct) is { Refusal: null, Value: var view } ? Results.Text(ChurnDocument.Write(view.Definition), "application/json", Encoding.UTF8) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies).WithSummary("The churn definition in force; version 0 is the one the product comes with.");
        ChurnConsole.Map(routes);
    }
}
