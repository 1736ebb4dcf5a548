using Exeunt.App.Features.Backup;
using Exeunt.App.Features.Keys.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Keys;

/// <summary>The key store's epochs and copies, and the nightly backup with its drill.</summary>
public static class KeysFeature
{
    public static void Add(IServiceCollection services, HostOptions options)
    {
        services.AddSingleton<KeyKeeper>().AddSingleton<NightlyBackup>();
        if (!options.Worker)
            return;
        services.AddHostedService(p => p.GetRequiredService<KeyKeeper>());
        if (options.Backups is not null)
            services.AddHostedService(p => p.GetRequiredService<NightlyBackup>());
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/admin/keys", async (ShowKeys show, Caller caller, CancellationToken ct) =>
        {
            var view = await show.Run(caller.Call, new(), ct);
            return view.Refusal is { } refusal ? new ProblemResult(refusal) : (IResult)Web.Page<KeysPage>(new { View = view.Value });
        }).Needs(Permission.ManageSettings);
        routes.MapGet("/api/keys", async (ShowKeys show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ManageSettings).Produces<ShowKeys.View>().WithTags("Administration").WithSummary("Epochs of the master key, the second copy of the key store, the last try of a backup");
    }
}
