using Exeunt.App.Commands;
using Exeunt.App.Platform;
using Exeunt.Core;
using System.Text.Json;

namespace Exeunt.App.Features.Today;

/// <summary><c>exeunt waits</c>: works out again, or checks, what cases wait for.</summary>
internal static class WaitsCommand
{
    public const string Help = """
        exeunt waits rebuild    work out again what every case waits for, and put right what is wrong
        exeunt waits check      compare, change nothing; exit 2 when something is wrong
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var check = args switch
        {
            ["rebuild"] => false,
            ["check"] => true,
            [] => throw new UsageException("waits needs one of rebuild, check."),
            _ => throw new UsageException($"waits cannot \"{string.Join(' ', args)}\"."),
        };
        await using var app = await Cli.Open(options, ct);
        await using var scope = app.Services.CreateAsyncScope();
        var clocks = scope.ServiceProvider.GetRequiredService<Clocks>();
        var result = (await scope.ServiceProvider.GetRequiredService<RebuildWaits>().Run(new Call(Actor.System, clocks.Now, clocks.BusinessNow), new(check), ct)).Value;
        await output.WriteLineAsync(options.Json ? JsonSerializer.Serialize(result, Json.Indented) : $"{result.Cases} cases, {result.Wrong} {(check ? "wrong" : "put right")}");
        return check && result.Wrong > 0 ? 2 : 0;
    }
}
