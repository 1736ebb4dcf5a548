using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Platform;
using Exeunt.Core.Proof;
using Npgsql;

namespace Exeunt.App.Features.Keys;

/// <summary><c>exeunt keys share</c> and <c>keys recover</c>: the master key in shares for several people, and back.</summary>
internal static class KeySharesCommand
{
    public static async Task<int> Share(Arguments typed, HostOptions options, TextWriter output, CancellationToken ct)
    {
        if (typed.Words is not ["share", var folder])
            throw new UsageException("keys share needs one folder to write the shares into.");
        var shares = Number(typed, "--shares", 3, 2, SecretShares.Most);
        var needed = Number(typed, "--needed", 2, 2, shares);
        var masters = MasterKeys.Find(options) ?? throw new InvalidDataException("There is no master key here. Name it with --master-key FILE.");
        // What opens nothing is not given to anybody.
        await Try(masters, options, ct);
        var files = masters.Share(folder, shares, needed, TimeProvider.System.GetUtcNow());
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(new { epoch = masters.Newest, needed, files }, Json.Indented));
        else
        {
            foreach (var file in files)
                await output.WriteLineAsync(file);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Any {needed} of the {shares} give back the master key of epoch {masters.Newest}. Give each to another person, and delete them here."));
            await output.WriteLineAsync("When the epoch has ended they must be destroyed, and new ones made: ./exeunt keys names those that are due.");
        }
        return 0;
    }

    public static async Task<int> Recover(Arguments typed, HostOptions options, TextWriter output, CancellationToken ct)
    {
        var files = typed.Words.Skip(1).ToList();
        if (files.Count == 0)
            throw new UsageException("keys recover needs the files of the shares.");
        if (files.Find(f => !File.Exists(f)) is { } missing)
            throw new InvalidDataException($"There is no file {missing}.");
        var masters = MasterKeys.Read(KeyShares.Combine(files), options);
        var (keys, untried) = await HasStore(options, ct) ? await TryIfSound(masters, options, ct) : (null, "there is no key store here");
        var file = typed.Has("--check") ? null : masters.WriteTo(options, TimeProvider.System.GetUtcNow());
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(new { epoch = masters.Newest, keys, untried, file }, Json.Indented));
        else
        {
            await output.WriteLineAsync(keys is { } all ? string.Create(CultureInfo.InvariantCulture, $"key store: {all} keys, all open") : $"not tried: {untried}");
            await output.WriteLineAsync(file is null
                ? string.Create(CultureInfo.InvariantCulture, $"The shares give back the master key of epoch {masters.Newest}. Nothing was written.")
                : string.Create(CultureInfo.InvariantCulture, $"{file} holds the master key of epoch {masters.Newest} again."));
        }
        return 0;
    }

    private static async Task<bool> HasStore(HostOptions options, CancellationToken ct) => options.Database is not { } database ? File.Exists(options.KeysFile)
        : await KeyStore.DatabaseExists(Backup.RestoreCommand.Maintenance(database), new NpgsqlConnectionStringBuilder(database).Database + "_keys", ct);

    /// <summary>A store that is damaged says nothing about the shares: what mends it needs the master key first.</summary>
    private static async Task<(long? Keys, string? Untried)> TryIfSound(MasterKeys masters, HostOptions options, CancellationToken ct)
    {
        try
        {
            return (await Try(masters, options, ct), null);
        }
        catch (DbException e)
        {
            return (null, $"the key store cannot be read ({e.Message})");
        }
    }

    /// <summary>Opens every key of the store with them; returns how many there are.</summary>
    /// <exception cref="InvalidDataException">They are of another epoch or installation.</exception>
    private static async Task<long> Try(MasterKeys masters, HostOptions options, CancellationToken ct)
    {
        var scratch = Directory.CreateTempSubdirectory("exeunt-keys-").FullName;
        try
        {
            var export = Path.Combine(scratch, "keys.db");
            await Backup.Backups.ExportKeys(options, export, ct);
            if (KeyCopy.StateOf(export) is { } state && masters.Of(state.Epoch) is null)
                throw new InvalidDataException(state.Epoch > masters.Newest
                    ? string.Create(CultureInfo.InvariantCulture, $"The master key is of epoch {masters.Newest}, and the key store is of epoch {state.Epoch}: take the shares made in that epoch.")
                    : string.Create(CultureInfo.InvariantCulture, $"The master key is of epoch {masters.Newest}, and the key store is an older one, of epoch {state.Epoch}: put the newest or its second copy in its place (docs/operations.md)."));
            using var store = KeyCopy.OpenReadOnly(export);
            return (await KeyCopy.Prove(store, masters, null, ct)).Living;
        }
        catch (System.Security.Cryptography.CryptographicException e)
        {
            throw new InvalidDataException($"This is not the master key of this installation's key store: {e.Message}", e);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static int Number(Arguments typed, string option, int usual, int least, int most) =>
        typed[option] is not { } text ? Math.Min(usual, most)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} {text}: a number from {least} to {most} is expected."));
}
