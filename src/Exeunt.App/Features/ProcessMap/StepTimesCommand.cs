using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.ProcessMap;

/// <summary><c>exeunt step-times</c>: works out again, or checks, how long the steps of the cases were open.</summary>
internal static class StepTimesCommand
{
    public const string Help = """
        exeunt step-times rebuild    work out again from the events how long every step was open, and put right what is wrong
        exeunt step-times check      compare, change nothing; exit 2 when something is wrong
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var check = args switch
        {
            ["rebuild"] => false,
            ["check"] => true,
            [] => throw new UsageException("step-times needs one of rebuild, check."),
            _ => throw new UsageException($"step-times cannot \"{string.Join(' ', args)}\"."),
        };
        await using var app = await Cli.Open(options, ct);
        await using var scope = app.Services.CreateAsyncScope();
        var clocks = scope.ServiceProvider.GetRequiredService<Clocks>();
        var result = (await scope.ServiceProvider.GetRequiredService<RebuildStepTimes>().Run(new Call(Core.Actor.System, clocks.Now, clocks.BusinessNow), new(check), ct)).Value;
        await output.WriteLineAsync(options.Json ? JsonSerializer.Serialize(result, Json.Indented) : $"{result.Cases} cases, {result.Wrong} {(check ? "wrong" : "put right")}");
        return check && result.Wrong > 0 ? 2 : 0;
    }
}
