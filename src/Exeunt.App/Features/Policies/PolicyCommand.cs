using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Policies;

/// <summary><c>exeunt policy</c>: policies as documents, in and out; what the law says to one.</summary>
internal static class PolicyCommand
{
    public const string Help = """
        exeunt policy list
        exeunt policy show NUMBER VERSION
        exeunt policy export NUMBER VERSION [--to FILE]
        exeunt policy import FILE.json
        exeunt policy check FILE.json|-
        exeunt policy schema

        A policy is one JSON document per version (docs/policies.md). import makes a draft: of a new number, or the next version of a
        known one; people sign and publish it. check reads a document and holds it against the legal limits, and schema prints the
        JSON Schema: both need no database. Exit of check: 0 nothing is wrong, 2 warnings only, 1 it cannot be read or is forbidden.
        """;

    private static readonly string[] Verbs = ["list", "show", "export", "import", "check", "schema"];

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--to FILE");
        switch (typed.Words)
        {
            case ["schema"]:
                await output.WriteLineAsync(PolicySchema.Json);
                return 0;
            case ["check", var file]:
                return await Check(file, options, output, error, ct);
            case ["list"]:
                return await Open(options, (services, call) => List(services, call, options, output, ct), ct);
            case ["show", var number, var version]:
                return await Open(options, (services, call) => Show(services, call, number, VersionOf(version), output, error, ct), ct);
            case ["export", var number, var version]:
                return await Open(options, (services, call) => Export(services, call, number, VersionOf(version), typed["--to"], output, error, ct), ct);
            case ["import", var file]:
                return await Open(options, (services, call) => Import(services, call, file, output, error, ct), ct);
            case []:
                throw new UsageException($"policy needs one of {string.Join(", ", Verbs)}.");
            case [var verb, ..] when Verbs.Contains(verb):
                throw new UsageException($"policy {verb} needs other arguments; \"exeunt policy --help\" shows them.");
            default:
                throw new UsageException($"policy cannot \"{typed.Words[0]}\".{Nearest.Hint(typed.Words[0], Verbs)}");
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
        var rows = (await services.GetRequiredService<ListPolicies>().Run(call, new(), ct)).Value;
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(rows.Select(PoliciesApi.Of), Json.Indented));
        else
            foreach (var row in rows)
                await output.WriteLineAsync($"{row.Policy.Number,-12} {row.Policy.Version,4}  {row.Standing,-11} {row.Interval.From:yyyy-MM-dd}  {(row.Interval.Until is { } until ? $"{until:yyyy-MM-dd}" : "-"),-10}  {row.Contracts,7}  {row.Policy.TitleChinese} / {row.Policy.TitleEnglish}");
        return 0;
    }

    private static async Task<int> Show(IServiceProvider services, Call call, string number, int version, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var found = await services.GetRequiredService<ShowPolicy>().Run(call, new(number, version), ct);
        if (found.Refusal is { } no)
            return await Cli.Refuse(no, error);
        foreach (var sentence in PolicyWords.Of(found.Value.Policy, Texts.English))
            await output.WriteLineAsync(sentence);
        return 0;
    }

    private static async Task<int> Export(IServiceProvider services, Call call, string number, int version, string? file, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var found = await services.GetRequiredService<ShowPolicy>().Run(call, new(number, version), ct);
        if (found.Refusal is { } no)
            return await Cli.Refuse(no, error);
        var json = PolicyDocument.Write(found.Value.Policy);
        if (file is null)
            await output.WriteLineAsync(json);
        else
            await File.WriteAllTextAsync(file, json + "\n", ct);
        return 0;
    }

    private static async Task<int> Import(IServiceProvider services, Call call, string file, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (await Read(file, error, ct) is not { } json)
            return 1;
        if (PolicyDocument.Read(json) is { IsValid: false, Errors: var errors })
            return await Wrong(file, errors, error);
        var made = await services.GetRequiredService<DraftPolicy>().Run(call, new(json), ct);
        if (made.Refusal is { } no)
            return await Cli.Refuse(no, error);
        await output.WriteLineAsync($"{made.Value.Number} version {made.Value.Version}: draft");
        return 0;
    }

    private static async Task<int> Check(string file, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (await Read(file, error, ct) is not { } json)
            return 1;
        var read = PolicyDocument.Read(json);
        if (!read.IsValid)
            return await Wrong(file, read.Errors, error);
        var findings = PolicyCheck.Of(read.Policy, PacksFor(read.Policy), read.Policy.EffectiveFrom);
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(findings.Select(f => PoliciesApi.Of(f, Texts.English)), Json.Indented));
        else
            foreach (var finding in findings)
                await output.WriteLineAsync(
                    $"{(finding.Blocks ? "forbidden" : "warning"),-9} {finding.Where}: {finding.Rule.Article} ({finding.Rule.Id}): {finding.Problem.English}{(finding.Fix is { } fix ? $" {fix.English}" : "")}");
        return findings.Any(f => f.Blocks) ? 1 : findings.Count > 0 ? 2 : 0;
    }

    /// <summary>The packs that come with this version, for the places of the policy on the day it begins.</summary>
    private static IReadOnlyList<RulePack> PacksFor(TerminationPolicy policy) =>
        [.. (policy.Scope?.Jurisdictions ?? ["CN"]).SelectMany(BuiltInPacks.For).DistinctBy(p => p.Name)];

    private static async Task<string?> Read(string file, TextWriter error, CancellationToken ct)
    {
        if (file == "-")
            return await System.Console.In.ReadToEndAsync(ct);
        if (File.Exists(file))
            return await File.ReadAllTextAsync(file, ct);
        await error.WriteLineAsync($"{file}: no such file.");
        return null;
    }

    private static async Task<int> Wrong(string file, IReadOnlyList<PolicyError> errors, TextWriter error)
    {
        foreach (var wrong in errors)
            await error.WriteLineAsync($"{file}:{wrong.Line}:{wrong.Column}: {(wrong.Path.Length == 0 ? "$" : wrong.Path)}: {wrong.Code}: {wrong.English}");
        return 1;
    }

    private static int VersionOf(string text) => int.TryParse(text, out var version) ? version : throw new UsageException($"{text}: a version is a whole number.");
}
