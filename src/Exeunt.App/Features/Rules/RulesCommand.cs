using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Rules;

/// <summary><c>exeunt rules</c>: the packs of an installation, and a check of a policy that needs none.</summary>
internal static class RulesCommand
{
    public const string Help = """
        exeunt rules list
        exeunt rules show JURISDICTION [--version N]
        exeunt rules import FILE.json
        exeunt rules check POLICY.json [--on DATE] [--pack FILE.json]
        exeunt rules schema

        list names the newest pack of every place, show prints one as its document, import takes the next version of a pack
        (docs/rules.md). check holds a policy's document against the built-in packs of its places, or one pack, on a day
        (default: today, or the policy's first day when that is later); it needs no database and exits with 2 when something
        would refuse publication. schema prints the JSON Schema of a pack.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--version N", "--on DATE", "--pack FILE");
        switch (typed.Words)
        {
            case ["check", var file]:
                return await Check(file, typed, options, output, error, ct);
            case ["schema"]:
                await output.WriteLineAsync(RulePack.Schema());
                return 0;
            case ["list"] or ["show", _] or ["import", _]:
                break;
            case [] or ["check" or "show" or "import"]:
                throw new UsageException("rules needs one of list, show JURISDICTION, import FILE, check POLICY, schema.");
            default:
                throw new UsageException($"rules cannot \"{typed.Words[0]}\".{Nearest.Hint(typed.Words[0], ["list", "show", "import", "check", "schema"])}");
        }
        await using var app = await Cli.Open(options, ct);
        await using var scope = app.Services.CreateAsyncScope();
        var clocks = scope.ServiceProvider.GetRequiredService<Clocks>();
        var call = new Call(Actor.System, clocks.Now, clocks.BusinessNow);
        if (typed.Words is ["import", var path])
        {
            if (await Read(path, error, ct) is not { } document)
                return 1;
            var imported = await scope.ServiceProvider.GetRequiredService<ImportRulePack>().Run(call, new(document), ct);
            if (imported.Refusal is { } refusal)
                return await Cli.Refuse(refusal, error);
            await output.WriteLineAsync(imported.Value.Name);
            return 0;
        }
        if (typed.Words is ["show", var place])
        {
            var shown = await scope.ServiceProvider.GetRequiredService<ShowRulePack>().Run(call, new(place, typed["--version"] is { } v ? Number(v) : null), ct);
            if (shown.Refusal is { } refusal)
                return await Cli.Refuse(refusal, error);
            await output.WriteLineAsync(shown.Value.Pack.ToJson());
            return 0;
        }
        var rows = (await scope.ServiceProvider.GetRequiredService<ListRulePacks>().Run(call, new(), ct)).Value;
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(rows, Json.Indented));
        else
            foreach (var row in rows)
                await output.WriteLineAsync($"{$"{row.Jurisdiction} {row.Version}",-9} {row.IssuedOn:yyyy-MM-dd} {row.Rules,3} rules, {row.Binding} binding  {row.Title.Chinese} / {row.Title.English}");
        return 0;
    }

    private static async Task<int> Check(string file, Arguments typed, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (await Read(file, error, ct) is not { } document)
            return 1;
        TerminationPolicy policy;
        try
        {
            policy = TerminationPolicy.FromJson(document);
        }
        catch (Exception e) when (e is JsonException or CalculationException)
        {
            await error.WriteLineAsync($"{file}: {e.Message}");
            return 1;
        }
        IReadOnlyList<RulePack> packs = [.. (policy.Scope?.Jurisdictions ?? ["CN"]).SelectMany(BuiltInPacks.For).DistinctBy(p => p.Name)];
        if (typed["--pack"] is { } packFile)
        {
            if (await Read(packFile, error, ct) is not { } packDocument)
                return 1;
            var read = RulePackDocument.Read(packDocument);
            if (read.Refusal is { } refusal)
                return await Cli.Refuse(refusal, error);
            packs = [read.Value];
        }
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var on = typed["--on"] is { } day ? Day(day) : policy.EffectiveFrom > today ? policy.EffectiveFrom : today;
        var findings = PolicyCheck.Of(policy, packs, on);
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(findings.Select(RulesFeature.Found.Of), Json.Indented));
        else
            foreach (var finding in findings)
                await output.WriteLineAsync($"{(finding.Blocks ? "refused" : "warning")} {finding.Rule.Id} ({finding.Rule.Article}) {finding.Where}: {finding.Problem.English} {finding.Fix?.English}");
        await error.WriteLineAsync($"Checked against {(packs.Count == 0 ? "no pack: there are no rules for its places" : string.Join(", ", packs.Select(p => p.Name)))} on {on:yyyy-MM-dd}: {findings.Count(f => f.Blocks)} refused, {findings.Count(f => !f.Blocks)} warnings.");
        return findings.Any(f => f.Blocks) ? 2 : 0;
    }

    private static async Task<string?> Read(string file, TextWriter error, CancellationToken ct)
    {
        if (File.Exists(file))
            return await File.ReadAllTextAsync(file, ct);
        await error.WriteLineAsync($"{file}: no such file.");
        return null;
    }

    private static int Number(string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : throw new UsageException($"--version {text}: a whole number is expected.");

    private static DateOnly Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : throw new UsageException($"--on {text}: a day as 2026-12-01 is expected.");
}
