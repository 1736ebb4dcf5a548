using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Features.Backup;

/// <summary>What a backup consists of: its files with their hashes, in the order they were taken.</summary>
internal sealed record BackupManifest(string Format, DateTimeOffset At, IReadOnlyList<BackupFile> Files)
{
    public const string Name = "manifest.json";
    public const string CurrentFormat = "exeunt-backup-1";
}

internal sealed record BackupFile(string Name, long Size, string Sha256);

/// <summary><c>exeunt backup DIR</c>: a consistent copy beside a running server; the database first, the key store second.</summary>
public static class BackupCommand
{
    public const string Help = """
        exeunt backup DIR

        Copies the database, then the key store, into a new folder DIR with a manifest of SHA-256 sums. Works beside a running
        server. The master key is not in it (keep a copy of that file elsewhere), nor is the search store, which is rebuilt.
        On PostgreSQL it needs pg_dump.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (args is not [var folder])
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            await error.WriteLineAsync($"{folder}: not empty. A backup goes into a new folder.");
            return 1;
        }
        if (options.Database is null && !File.Exists(options.DatabaseFile))
        {
            await error.WriteLineAsync($"{options.Data}: no database here.");
            return 1;
        }
        Directory.CreateDirectory(folder);
        string[] names = options.Database is { } database ? await Dump(database, folder, ct) : Copy(options, folder);
        var files = names.Select(n => Describe(folder, n)).ToList();
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, TimeProvider.System.GetUtcNow(), files);
        await File.WriteAllTextAsync(Path.Combine(folder, BackupManifest.Name), JsonSerializer.Serialize(manifest, Json.Indented), ct);
        foreach (var file in files)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{file.Sha256}  {file.Name}  {file.Size} bytes"));
        return 0;
    }

    internal static BackupFile Describe(string folder, string name)
    {
        using var stream = File.OpenRead(Path.Combine(folder, name));
        return new BackupFile(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private static string[] Copy(HostOptions options, string folder)
    {
        foreach (var name in new[] { "exeunt.db", "keys.db" })
        {
            using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(options.Data, name), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            source.Open();
            using var vacuum = source.CreateCommand();
            vacuum.CommandText = "VACUUM INTO $copy";
            vacuum.Parameters.AddWithValue("$copy", Path.Combine(folder, name));
            vacuum.ExecuteNonQuery();
        }
        // The name by which the master key's default file is found; there is none where --master-key names the file.
        if (!File.Exists(Path.Combine(options.Data, "installation")))
            return ["exeunt.db", "keys.db"];
        File.Copy(Path.Combine(options.Data, "installation"), Path.Combine(folder, "installation"));
        return ["exeunt.db", "keys.db", "installation"];
    }

    private static async Task<string[]> Dump(string database, string folder, CancellationToken ct)
    {
        var builder = new NpgsqlConnectionStringBuilder(database);
        foreach (var (name, file) in new[] { (builder.Database!, "exeunt.dump"), (builder.Database + "_keys", "keys.dump") })
        {
            var start = new ProcessStartInfo("pg_dump") { RedirectStandardError = true };
            foreach (var argument in new[] { "-Fc", "-h", builder.Host!, "-p", builder.Port.ToString(CultureInfo.InvariantCulture), "-U", builder.Username!, "-T", "search_*", "-f", Path.Combine(folder, file), name })
                start.ArgumentList.Add(argument);
            start.Environment["PGPASSWORD"] = builder.Password;
            using var dump = Process.Start(start)!;
            var message = await dump.StandardError.ReadToEndAsync(ct);
            await dump.WaitForExitAsync(ct);
            if (dump.ExitCode != 0)
                throw new InvalidDataException($"pg_dump failed: {message.Trim()}");
        }
        return ["exeunt.dump", "keys.dump"];
    }
}

/// <summary><c>exeunt restore DIR</c>: an embedded backup into a data folder, joined with the newest key store.</summary>
public static class RestoreCommand
{
    public const string Help = """
        exeunt restore DIR

        Puts a backup back into the data folder (--data). Refuses a damaged one and a folder that has a database. A key store that
        is still in the data folder is newer than the backup's and stays: what was erased since the backup stays unreadable. For
        PostgreSQL use pg_restore (docs/operations.md).
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (args is not [var folder] || options.Database is not null)
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        var file = Path.Combine(folder, BackupManifest.Name);
        if (!File.Exists(file))
        {
            await error.WriteLineAsync($"{folder}: no {BackupManifest.Name}: not a finished backup.");
            return 1;
        }
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<BackupManifest>(await File.ReadAllTextAsync(file, ct), Json.Plain);
        }
        catch (JsonException)
        {
            manifest = null;
        }
        if (manifest?.Format != BackupManifest.CurrentFormat)
        {
            await error.WriteLineAsync($"{file}: not a manifest of this version.");
            return 1;
        }
        foreach (var expected in manifest.Files)
            if (!File.Exists(Path.Combine(folder, expected.Name)) || BackupCommand.Describe(folder, expected.Name) != expected)
            {
                await error.WriteLineAsync($"{Path.Combine(folder, expected.Name)}: damaged or missing. Nothing was restored.");
                return 1;
            }
        if (File.Exists(options.DatabaseFile))
        {
            await error.WriteLineAsync($"{options.DatabaseFile} exists. Move it away first; leave keys.db where it is, it is newer than the backup's.");
            return 1;
        }
        Directory.CreateDirectory(options.Data);
        foreach (var name in manifest.Files.Select(f => f.Name).Intersect(["installation", "keys.db", "exeunt.db"]).Reverse())
        {
            var target = Path.Combine(options.Data, name);
            if (File.Exists(target))
                await error.WriteLineAsync($"{target} stays: it is newer than the backup's.");
            else
                File.Copy(Path.Combine(folder, name), target);
        }
        // Opening proves it: schema, master key and key store fit each other.
        await using var storage = await Storage.Open(options, ct);
        await output.WriteLineAsync($"Restored the backup of {manifest.At:yyyy-MM-dd HH:mm} UTC.");
        return 0;
    }
}
