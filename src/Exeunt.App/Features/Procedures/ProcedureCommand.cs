using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Procedures;

/// <summary><c>exeunt procedure</c>: procedures as documents, in and out; whether one is sound.</summary>
internal static class ProcedureCommand
{
    public const string Help = """
        exeunt procedure list
        exeunt procedure show ID VERSION
        exeunt procedure export ID VERSION [--to FILE]
        exeunt procedure import FILE.json
        exeunt procedure check FILE.json|-
        exeunt procedure schema

        A procedure is one JSON document per version (docs/procedures.md). import makes a draft: of a new code, or the next version of a
        known one; people sign and publish it. check reads a document and says everything that is unsound, and schema prints the JSON
        Schema: both need no database. Exit of check: 0 it is sound, 1 it cannot be read or is unsound.
        """;

    private static readonly string[] Verbs = ["list", "show", "export", "import", "check", "schema"];

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--to FILE");
        switch (typed.Words)
        {
            case ["schema"]:
                await output.WriteLineAsync(ProcedureSchema.Json);
                return 0;
            case ["check", var file]:
                return await Check(file, options, output, error, ct);
            case ["list"]:
                return await Open(options, (services, call) => List(services, call, options, output, ct), ct);
            case ["show", var id, var version]:
                return await Open(options, (services, call) => Show(services, call, id, VersionOf(version), output, error, ct), ct);
            case ["export", var id, var version]:
                return await Open(options, (services, call) => Export(services, call, id, VersionOf(version), typed["--to"], output, error, ct), ct);
            case ["import", var file]:
                return await Open(options, (services, call) => Import(services, call, file, output, error, ct), ct);
            case []:
                throw new UsageException($"procedure needs one of {string.Join(", ", Verbs)}.");
            case [var verb, ..] when Verbs.Contains(verb):
                throw new UsageException($"procedure {verb} needs other arguments; \"exeunt procedure --help\" shows them.");
            default:
                throw new UsageException($"procedure cannot \"{typed.Words[0]}\".{Nearest.Hint(typed.Words[0], Verbs)}");
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
        var rows = (await services.GetRequiredService<ListSigned>().Run(call, new(SignedKind.Procedure), ct)).Value;
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(rows.Select(SignedApi.Of), Json.Indented));
        else
            foreach (var row in rows)
                await output.WriteLineAsync($"{row.Id,-24} {row.Version,4}  {row.Standing,-10} {(row.EffectiveFrom is { } from ? $"{from:yyyy-MM-dd}" : "-"),-10}  {row.Cases,6}  {row.Name.Chinese} / {row.Name.English}");
        return 0;
    }

    private static async Task<int> Show(IServiceProvider services, Call call, string id, int version, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (await services.GetRequiredService<ShowSigned>().Run(call, new(id, version), ct) is not { Refusal: null, Value: { Procedure: { } procedure } sheet })
            return await Cli.Refuse(CommonRefusals.NotFound, error);
        foreach (var step in procedure.Steps)
            await output.WriteLineAsync($"{step.Id,-14} {ProcedureWords.Of(step.Kind).English,-22} {StepWords.Of(step, procedure, Texts.English)}");
        foreach (var problem in sheet.Problems)
            await output.WriteLineAsync($"unsound {problem.Path}: {problem.In("en")}");
        return 0;
    }

    private static async Task<int> Export(IServiceProvider services, Call call, string id, int version, string? file, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (await services.GetRequiredService<ShowSigned>().Run(call, new(id, version), ct) is not { Refusal: null, Value: { Procedure: not null } sheet })
            return await Cli.Refuse(CommonRefusals.NotFound, error);
        if (file is null)
            await output.WriteLineAsync(sheet.Readable);
        else
            await File.WriteAllTextAsync(file, sheet.Readable + "\n", ct);
        return 0;
    }

    private static async Task<int> Import(IServiceProvider services, Call call, string file, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (await Read(file, error, ct) is not { } json)
            return 1;
        if (ReadDocument.Of(SignedKind.Procedure, json) is { IsValid: false, Problems: var problems })
            return await Wrong(file, problems, error);
        var made = await services.GetRequiredService<DraftDocument>().Run(call, new(SignedKind.Procedure, json), ct);
        if (made.Refusal is { } no)
            return await Cli.Refuse(no, error);
        await output.WriteLineAsync($"{made.Value.Id} version {made.Value.Version}: draft");
        return 0;
    }

    private static async Task<int> Check(string file, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (await Read(file, error, ct) is not { } json)
            return 1;
        var read = ProcedureDocument.Read(json);
        if (!read.IsValid)
            return await Wrong(file, read.Problems, error);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var place = read.Procedure.Hours.Place;
        var problems = ProcedureCheck.Of(read.Procedure, SignedDocumentDesk.BansOf(place, [.. BuiltInPacks.For(place)], today));
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(problems.Select(p => SignedApi.Of(p, "en")), Json.Indented));
        else
            foreach (var problem in problems)
                await output.WriteLineAsync($"unsound {problem.Path}: {problem.Code}: {problem.In("en")}");
        return problems.Count > 0 ? 1 : 0;
    }

    private static async Task<string?> Read(string file, TextWriter error, CancellationToken ct)
    {
        if (file == "-")
            return await System.Console.In.ReadToEndAsync(ct);
        if (File.Exists(file))
            return await File.ReadAllTextAsync(file, ct);
        await error.WriteLineAsync($"{file}: no such file.");
        return null;
    }

    private static async Task<int> Wrong(string file, IReadOnlyList<DocumentProblem> problems, TextWriter error)
    {
        foreach (var wrong in problems)
            await error.WriteLineAsync($"{file}:{wrong.Line}:{wrong.Column}: {(wrong.Path.Length == 0 ? "$" : wrong.Path)}: {wrong.Code}: {wrong.In("en")}");
        return 1;
    }

    private static int VersionOf(string text) => int.TryParse(text, out var version) ? version : throw new UsageException($"{text}: a version is a whole number.");
}
