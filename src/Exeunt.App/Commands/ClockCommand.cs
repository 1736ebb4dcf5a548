using System.Text.Json;
using Exeunt.App.Features.Clock;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Commands;

/// <summary><c>exeunt clock</c>: the business date. It runs everything that falls due itself, so it needs the data folder for itself.</summary>
internal static class ClockCommand
{
    public const string Help = """
        exeunt clock                  shows the business date
        exeunt clock advance DAYS     moves it forward by days
        exeunt clock set DATE         moves it forward to a date, as 2026-11-21

        Everything that falls due on the way happens in order before the command ends. While a server runs on an embedded
        database, use its page /admin/clock instead.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args);
        var request = typed.Words switch
        {
            [] => null,
            ["advance", var days] => AdvanceBusinessDate.Request.Read(days, null),
            ["set", var date] => AdvanceBusinessDate.Request.Read(null, date),
            ["advance" or "set"] => throw new UsageException($"clock {typed.Words[0]} needs {(typed.Words[0] == "set" ? "a date" : "a number of days")}."),
            [var verb, ..] => throw new UsageException($"clock cannot \"{verb}\".{Nearest.Hint(verb, ["advance", "set"])}"),
        };
        await using var app = await Cli.Open(options, ct);
        var clocks = app.Services.GetRequiredService<Clocks>();
        var state = await Ask<ViewClock, ViewClock.Request, ClockState>(app, clocks, new(), ct);
        if (request is not null && state.Succeeded)
        {
            state = await Ask<AdvanceBusinessDate, AdvanceBusinessDate.Request, ClockState>(app, clocks, request, ct);
            var worker = app.Services.GetRequiredService<EffectWorker>();
            while (state is { Succeeded: true, Value.IsMoving: true })
            {
                await error.WriteLineAsync($"{state.Value.Today:yyyy-MM-dd} → {state.Value.Target:yyyy-MM-dd}, {state.Value.DueOnTheWay} due on the way");
                if (await worker.Drain(ct) == 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
                state = await Ask<ViewClock, ViewClock.Request, ClockState>(app, clocks, new(), ct);
            }
            await worker.Drain(ct);
        }
        if (state.Refusal is { } refusal)
            return await Cli.Refuse(refusal, error);
        await output.WriteLineAsync(options.Json ? JsonSerializer.Serialize(state.Value, Json.Indented) : $"{state.Value.Today:yyyy-MM-dd}");
        return 0;
    }

    private static async Task<Outcome<TResult>> Ask<TUseCase, TRequest, TResult>(WebApplication app, Clocks clocks, TRequest request, CancellationToken ct)
        where TUseCase : UseCase<TRequest, TResult>
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TUseCase>().Run(new Call(Actor.System, clocks.Now, clocks.BusinessNow), request, ct);
    }
}
