using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Packs;

/// <summary><c>exeunt pack</c>: the packs of the trades, and installing one.</summary>
internal static class PackCommand
{
    public const string Help = """
        exeunt pack list
        exeunt pack install CODE

        A pack holds the procedures, letters, policies and reasons of a trade (docs/packs.md). install adds them as published versions;
        what the company has under the same codes stays as it is, so that installing twice adds nothing.
        """;

    private static readonly string[] Verbs = ["list", "install"];

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args);
        switch (typed.Words)
        {
            case ["list"]:
                return await Open(options, (services, call) => List(services, call, options, output, ct), ct);
            case ["install", var code]:
                return await Open(options, (services, call) => Install(services, call, code, options, output, error, ct), ct);
            case []:
                throw new UsageException($"pack needs one of {string.Join(", ", Verbs)}.");
            case [var verb, ..] when Verbs.Contains(verb):
                throw new UsageException($"pack {verb} needs other arguments; \"exeunt pack --help\" shows them.");
            default:
                throw new UsageException($"pack cannot \"{typed.Words[0]}\".{Nearest.Hint(typed.Words[0], Verbs)}");
        }
    }

    private static async Task<int> Open(HostOptions options, Func<IServiceProvider, Call, Task<int>> work, CancellationToken ct)
    {
        await using var app = await Cli.Open(options, ct);
        await using var scope = app.Services.CreateAsyncScope();
        var clocks = scope.ServiceProvider.GetRequiredService<Clocks>();
        return await work(scope.ServiceProvider, new Call(Actor.System, clocks.Now, clocks.BusinessNow));
    }

    private static async Task<int> List(IServiceProvider services, Call call, HostOptions options, TextWriter output, CancellationToken ct)
    {
        var rows = (await services.GetRequiredService<ListPacks>().Run(call, new(), ct)).Value;
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(rows.Select(PacksFeature.Of), Json.Indented));
        else
            foreach (var row in rows)
                await output.WriteLineAsync($"{row.Pack.Code,-14} {(row.IsInstalled ? "installed" : $"{row.Missing.Count} missing"),-12} {row.Pack.Name.English}");
        return 0;
    }

    private static async Task<int> Install(IServiceProvider services, Call call, string code, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var outcome = await services.GetRequiredService<InstallPack>().Run(call, new(code), ct);
        if (outcome.Refusal is { } no)
        {
            await error.WriteLineAsync($"There is no pack {code}.{Nearest.Hint(code, [.. Core.Packs.Packs.All.Select(p => p.Code)])}");
            return no.Kind == RefusalKind.NotFound ? 1 : await Cli.Refuse(no, error);
        }
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(outcome.Value, Json.Indented));
        else
        {
            foreach (var added in outcome.Value.Added)
                await output.WriteLineAsync($"added {added}");
            foreach (var kept in outcome.Value.Kept)
                await output.WriteLineAsync($"kept  {kept}");
        }
        return 0;
    }
}
