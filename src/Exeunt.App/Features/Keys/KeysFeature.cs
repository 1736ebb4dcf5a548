using Exeunt.App.Features.Backup;
using Exeunt.App.Features.Keys.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Keys;

/// <summary>The key store's epochs and copies, and the nightly backup with its drill.</summary>
public static class KeysFeature
{
    public static void Add(IServiceCollection services, HostOptions options)
    {
        services.AddScoped<ConfirmClock>().AddSingleton<KeyKeeper>().AddSingleton<NightlyBackup>();
        if (!options.Worker)
            return;
        services.AddHostedService(p => p.GetRequiredService<KeyKeeper>());
        if (options.Backups is not null)
            services.AddHostedService(p => p.GetRequiredService<NightlyBackup>());
    }

    /// <param name="no">Why a confirmation of the clock, or a change of the key that signs, was refused.</param>
    private static async Task<IResult> Page(ShowKeys show, Caller caller, Refusal? no, string? typed, CancellationToken ct)
    {
        var view = await show.Run(caller.Call with { IdempotencyKey = null }, new(), ct);
        return view.Refusal is { } refusal ? new ProblemResult(refusal)
            : Web.Page<KeysPage>(new { View = view.Value, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no));
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/admin/keys", (ShowKeys show, Caller caller, CancellationToken ct) => Page(show, caller, null, null, ct)).Needs(Permission.ManageSettings);
        routes.MapForm("/admin/keys/clock", async ([FromForm] string? time, ConfirmClock confirm, ShowKeys show, Caller caller, CancellationToken ct) =>
        {
            var confirmed = await confirm.Run(caller.Call, new(Clocks.InstantIn(time, Clocks.CompanyZone)), ct);
            return confirmed.Refusal is { } refusal ? await Page(show, caller, refusal, time, ct) : Web.SeeOther("/admin/keys");
        }).Needs(Permission.ManageSettings);
        routes.MapForm("/admin/keys/signer", async ([FromForm] string? confirm, ChangeSigner change, ShowKeys show, Caller caller, CancellationToken ct) =>
        {
            var changed = await change.Run(caller.Call, new(confirm), ct);
            return changed.Refusal is { } refusal ? await Page(show, caller, refusal, confirm, ct) : Web.SeeOther("/admin/keys");
        }).Needs(Permission.ManageSettings);
        routes.MapPost("/api/keys/signer", async (ChangeSigner.Request request, ChangeSigner change, Caller caller, CancellationToken ct) => (await change.Run(caller.Call, request, ct)).Api())
            .Needs(Permission.ManageSettings).Produces<ChangeSigner.Changed>().WithTags("Administration").WithSummary("Change the key that signs papers and the log; those who verify need the new one beside the old");
        routes.MapPost("/api/keys/clock", async (ConfirmClock.Request request, ConfirmClock confirm, Caller caller, CancellationToken ct) => (await confirm.Run(caller.Call, request, ct)).Api())
            .Needs(Permission.ManageSettings).Produces<ConfirmClock.Confirmed>().WithTags("Administration").WithSummary("Confirm the machine's clock after it jumped ahead: erasures go on");
        routes.MapGet("/api/keys", async (ShowKeys show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ManageSettings).Produces<ShowKeys.View>().WithTags("Administration").WithSummary("Epochs of the master key, the second copy of the key store, the last try of a backup");
    }
}
