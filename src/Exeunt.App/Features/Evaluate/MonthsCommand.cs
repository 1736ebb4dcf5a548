using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Features.Imports;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Evaluate;

/// <summary><c>exeunt months</c>: the packed months of every customer, compared with the facts or built anew from them.</summary>
public static class MonthsCommand
{
    public static readonly string Help =
        """
        exeunt months check [--json]     compare every customer's months with the facts; works beside a running server
        exeunt months rebuild [--json]   build them anew from the facts; renews the keys of facts from before 0.1
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--json");
        if (typed.Words is not ["check" or "rebuild"])
            throw new UsageException("months needs one word: check or rebuild.");
        var isJson = options.Json || typed.Has("--json");
        try
        {
            return typed.Words[0] == "check" ? await Check(options, isJson, output, error, ct) : await Rebuild(options, isJson, output, error, ct);
        }
        catch (Exception e) when (e is FileNotFoundException or LockedException or NewerDatabaseException or InvalidDataException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<int> Check(HostOptions options, bool isJson, TextWriter output, TextWriter error, CancellationToken ct)
    {
        await using var storage = await Storage.OpenReadOnly(options, ct);
        var (wrong, compared) = await Months.Check(storage, ct);
        if (isJson)
            await output.WriteLineAsync(JsonSerializer.Serialize(new { compared, wrong }, Json.Plain));
        await error.WriteLineAsync($"{compared} customers compared, {wrong} differ from their facts.{(wrong > 0 ? " Run: exeunt months rebuild" : "")}");
        return wrong == 0 ? 0 : 1;
    }

    private static async Task<int> Rebuild(HostOptions options, bool isJson, TextWriter output, TextWriter error, CancellationToken ct)
    {
        await using var storage = await Storage.Open(options, ct);
        var call = await ImportCommand.CallOf(storage, ct);
        int renewed, changed;
        await using (var bulk = await Bulk.Alone(storage, ct))
            (renewed, changed) = (await bulk.RenewKeys(ct), await bulk.RebuildMonths(ct));
        await using var db = storage.NewAppDb();
        db.Audit(call, "months.rebuilt", "activity", new { changed, renewed });
        await db.SaveChangesAsync(ct);
        if (isJson)
            await output.WriteLineAsync(JsonSerializer.Serialize(new { changed, renewed }, Json.Plain));
        await error.WriteLineAsync($"{changed} customers' months were different and are built anew.{(renewed > 0 ? $" {renewed} facts have new keys." : "")}");
        return 0;
    }
}
