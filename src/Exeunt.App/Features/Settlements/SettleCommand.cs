using Exeunt.App.Platform;
using Exeunt.Core.Settlement;

namespace Exeunt.App.Features.Settlements;

/// <summary><c>exeunt settle FILE.json|-</c>: computes a statement; needs no database.</summary>
public static class SettleCommand
{
    /// <summary>Bytes of the largest document.</summary>
    private const int MaxSize = 64 << 20;

    public const string Help = """
        exeunt settle FILE.json
        exeunt settle -

        Computes the settlement of one contract from a JSON document {"contract": …, "policy": …, "facts": …} (docs/settlement.md),
        or again from a statement that was printed before, and prints the statement as JSON, the same bytes that POST /api/settlements/preview answers. Needs no database.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (args.Length != 1)
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        if (args[0] != "-" && !File.Exists(args[0]))
        {
            await error.WriteLineAsync($"{args[0]}: no such file.");
            return 1;
        }
        var json = args[0] == "-" ? await System.Console.In.ReadToEndAsync(ct) : await SmallFile.ReadText(args[0], MaxSize, ct);
        if (json is null)
        {
            await error.WriteLineAsync($"{args[0]}: {SmallFile.TooLarge(MaxSize)}.");
            return 1;
        }
        var settled = SettlementDocument.Settle(json);
        if (settled.Refusal is { } no)
        {
            await error.WriteLineAsync($"{args[0]}: {no.Code}: {no.English}");
            return 1;
        }
        await output.WriteLineAsync(settled.Value.ToJson());
        return 0;
    }
}

/// <summary><c>exeunt formula</c>: one JSON request per input line, one JSON answer per output line.</summary>
public static class FormulaCommand
{
    public const string Help = """
        exeunt formula < REQUESTS

        Reads one JSON object per line, {"formula": NAME, "inputs": {…}}, and writes one answer for each line, in order; an empty
        line is answered as INVALID_INPUT. Exit 2 if any line erred. `exeunt formula --list` prints every formula with its inputs and a worked example.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (args is ["--list"])
        {
            foreach (var entry in FormulaCatalogue.All)
            {
                await output.WriteLineAsync($"{entry.Name}: {entry.English}");
                await output.WriteLineAsync($"  {entry.ExampleRequest}");
                await output.WriteLineAsync($"  {entry.ExampleAnswer}");
            }
            return 0;
        }
        if (args.Length > 0)
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        var failed = false;
        // A mark some editors put before the first line is no part of it.
        for (var first = true; await System.Console.In.ReadLineAsync(ct) is { } line; first = false)
        {
            var (json, isError) = FormulaWorkbench.Answer(first ? line.TrimStart('\uFEFF') : line);
            failed |= isError;
            await output.WriteLineAsync(json);
        }
        return failed ? 2 : 0;
    }
}
