using System.Globalization;
using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Keys;

/// <summary><c>exeunt keys</c>: what state the key store is in, and whether everything in it opens.</summary>
public static class KeysCommand
{
    public const string Help = """
        exeunt keys              epoch and generation of the key store, its second copy, epochs whose master key is destroyed
        exeunt keys check        unwraps every key of the store and of its second copy; exit 1 when one does not open
        exeunt keys put FILE     puts a copy of the key store in the place of one that is gone, damaged or older; stop every node first
        exeunt keys claim        makes the master key's file this installation's own, after the one that used it is retired
        exeunt keys share DIR [--shares N] [--needed K]
                                 writes the master key in N shares (default 3) into DIR, any K of which (default 2) give it back
        exeunt keys recover FILE FILE … [--check]
                                 tries shares on the key store and writes the master key's file again; --check: only tries

        The server begins a new epoch every --key-epoch-days (default 7) by itself: it wraps every living key anew, proves the
        store and its second copy, and destroys the old master key, which makes every older copy of the key store junk.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--shares N", "--needed K", "--check");
        if (typed.Words is ["recover", ..])
            return await KeySharesCommand.Recover(typed, options, output, ct);
        if (typed.Words is ["put", ..])
            return await PutKeyStore.Run(typed.Words is [_, var file] ? file : throw new UsageException("keys put takes the file of one copy."), options, output, ct);
        if (options.Database is null && !File.Exists(options.KeysFile))
            throw new InvalidDataException($"There is no key store in {options.Data}. Name the data folder with --data DIR.");
        switch (typed.Words)
        {
            case []:
            case ["check"]:
                break;
            case ["claim"]:
                var key = MasterKeys.Find(options) ?? throw new InvalidDataException("There is no master key here. Name it with --master-key FILE.");
                var before = key.Foreign;
                key.Take();
                await output.WriteLineAsync(before is null ? $"{key.File} was this installation's already." : $"{key.File} belonged to {before}, and is now this installation's.");
                return 0;
            case ["share", ..]:
                return await KeySharesCommand.Share(typed, options, output, ct);
            case [var verb, ..]:
                throw new UsageException($"keys cannot \"{verb}\".{Nearest.Hint(verb, ["check", "put", "claim", "share", "recover"])}");
        }
        var scratch = Directory.CreateTempSubdirectory("exeunt-keys-").FullName;
        try
        {
            var masters = MasterKeys.Find(options) ?? throw new InvalidDataException("There is no master key here. Name it with --master-key FILE.");
            var export = Path.Combine(scratch, "keys.db");
            var copyFile = options.KeysCopy ?? masters.DefaultCopy;
            var opened = copyFile;
            KeyStoreState? copy = null;
            string? unreadable = null;
            var (state, why) = await State(options, export, ct);
            try
            {
                if (File.Exists(copyFile))
                    opened = KeyCopy.Openable(copyFile, Path.Combine(scratch, "copy"));
                copy = KeyCopy.StateOf(opened);
            }
            catch (IOException e)
            {
                unreadable = e.Message;
            }
            if (options.Json)
                await output.WriteLineAsync(JsonSerializer.Serialize(new { state, problem = state is null ? why : null, masterKey = masters.File, foreign = masters.Foreign, copyFile, copy, destroyed = masters.Destroyed, shared = masters.Shared, recovered = masters.Recovered }, Json.Indented));
            else
            {
                await output.WriteLineAsync(state is null ? $"The key store is gone or damaged ({why}). Stop every node, then put its newest copy in its place: exeunt keys put FILE (docs/operations.md)."
                    : string.Create(CultureInfo.InvariantCulture, $"epoch {state.Epoch}, generation {state.Generation}, since {state.EpochBegan:yyyy-MM-dd HH:mm} UTC"));
                await output.WriteLineAsync($"master key   {masters.File}{(masters.Foreign is { } other ? $" (belongs to {other}: epochs stand still)" : "")}");
                await output.WriteLineAsync($"second copy  {copyFile}: {(copy is null ? unreadable ?? "none, or damaged" : state is not null && copy.Store != state.Store ? "of another key store" : string.Create(CultureInfo.InvariantCulture, $"epoch {copy.Epoch}, generation {copy.Generation}"))}");
                foreach (var (epoch, at) in masters.Destroyed.OrderBy(d => d.Key))
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch} destroyed {at:yyyy-MM-dd HH:mm} UTC"));
                foreach (var sharing in masters.Shared)
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"epoch {sharing.Epoch} given out in {sharing.Shares} shares, {sharing.Needed} needed, {sharing.At:yyyy-MM-dd HH:mm} UTC{(sharing.Epoch < masters.Oldest ? ": destroy them" : "")}"));
                foreach (var at in masters.Recovered)
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"recovered from shares {at:yyyy-MM-dd HH:mm} UTC"));
            }
            if (state is null)
                return 1;
            if (typed.Words is not ["check"])
                return 0;
            var follows = copy is not null && copy.Store == state.Store && copy.Epoch == state.Epoch && copy.Generation == state.Generation;
            if (copy is not null && !follows)
                await output.WriteLineAsync("second copy: it is not at the store's generation. Beside a running server it may be a moment behind: check again.");
            return await Check("store", export) & await Check("second copy", opened) & follows ? 0 : 1;

            async Task<bool> Check(string name, string which)
            {
                try
                {
                    using var store = KeyCopy.OpenReadOnly(which);
                    var (living, _) = await KeyCopy.Prove(store, masters, null, ct);
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: {living} keys, all open"));
                    return true;
                }
                catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or InvalidDataException or Microsoft.Data.Sqlite.SqliteException)
                {
                    await output.WriteLineAsync($"{name}: {e.Message}");
                    return false;
                }
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>How new the key store is, read from a copy of it in <paramref name="export"/>; null where it cannot be read, and why.</summary>
    private static async Task<(KeyStoreState? State, string Why)> State(HostOptions options, string export, CancellationToken ct)
    {
        try
        {
            await Backup.Backups.ExportKeys(options, export, ct);
            return (KeyCopy.StateOf(export), "it does not say how new it is");
        }
        catch (Exception e) when (KeyCopy.IsDamage(e))
        {
            return (null, e.Message.TrimEnd('.'));
        }
    }
}
