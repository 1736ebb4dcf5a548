using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Commands;

/// <summary><c>exeunt unit</c>: the company's tree.</summary>
internal static class UnitCommand
{
    public const string Help = """
        exeunt unit add CODE --parent CODE --zh NAME --en NAME --kind KIND
        exeunt unit list

        Kinds, from the top: Headquarters (only the root, code HQ), Subsidiary, Office, Team.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--parent CODE", "--zh NAME", "--en NAME", "--kind KIND");
        AddUnit.Request? request = typed.Words switch
        {
            ["add", var code] => new AddUnit.Request(code, typed.Need("--parent"), typed.Need("--zh"), typed.Need("--en"), KindOf(typed.Need("--kind"))),
            ["list"] => null,
            ["add"] => throw new UsageException("unit add needs a code."),
            [] => throw new UsageException("unit needs one of add, list."),
            [var verb, ..] => throw new UsageException($"unit cannot \"{verb}\".{Nearest.Hint(verb, ["add", "list"])}"),
        };
        await using var app = await Cli.Open(options, ct);
        await using var scope = app.Services.CreateAsyncScope();
        var clocks = scope.ServiceProvider.GetRequiredService<Clocks>();
        var call = new Call(Actor.System, clocks.Now, clocks.BusinessNow);
        if (request is not null)
        {
            await RootUnit.Ensure(scope.ServiceProvider.GetRequiredService<AppDb>(), call, ct);
            if ((await scope.ServiceProvider.GetRequiredService<AddUnit>().Run(call, request, ct)).Refusal is { } refusal)
                return await Cli.Refuse(refusal, error);
            await error.WriteLineAsync("Done.");
            return 0;
        }
        var units = (await scope.ServiceProvider.GetRequiredService<ListUnits>().Run(call, new(), ct)).Value;
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(units, Json.Indented));
        else
            foreach (var unit in units)
                await output.WriteLineAsync($"{new string(' ', unit.Depth * 2) + unit.Code,-16} {unit.Kind,-13} {unit.Chinese} / {unit.English}");
        return 0;
    }

    private static UnitKind KindOf(string text) =>
        Enum.TryParse<UnitKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            ? kind
            : throw new UsageException($"There is no kind \"{text}\". Kinds: {string.Join(", ", Enum.GetNames<UnitKind>())}.");
}
