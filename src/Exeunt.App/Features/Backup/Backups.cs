using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.App.Platform;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Features.Backup;

/// <summary>What a backup consists of: its files with their hashes, in the order they were taken, and which key store it goes with.</summary>
/// <param name="Database">"sqlite" or "postgresql".</param>
/// <param name="Keys">How new the key store in it is. From the end of its epoch on a newer one is needed.</param>
/// <param name="AuditSize">Leaves of the audit log when it was taken: what is exported beyond them came later.</param>
/// <param name="Sum">SHA-256 of the manifest itself, written with an empty one: what it says decides what a restore looks for.</param>
internal sealed record BackupManifest(string Format, DateTimeOffset At, string Database, KeyStoreState Keys, long AuditSize, IReadOnlyList<BackupFile> Files, string Sum)
{
    public const string Name = "manifest.json";
    public const string CurrentFormat = "exeunt-backup-3";

    /// <summary>The file's content, with its sum.</summary>
    public string Write() => Text(this with { Sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(this with { Sum = "" })))) });

    /// <summary>The key store that a folder's manifest names, which is that of one installation; null: it has none that can be read.</summary>
    public static async Task<string?> StoreOf(string folder, CancellationToken ct)
    {
        var file = Path.Combine(folder, Name);
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(await File.ReadAllTextAsync(file, ct), Json.Plain)?.Keys?.Store;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(BackupManifest manifest) => JsonSerializer.Serialize(manifest, Json.Indented);

    /// <summary>Reads and checks a backup: every file is there and is what was written.</summary>
    /// <exception cref="InvalidDataException">It is no backup of this version, or damaged; the message says which file.</exception>
    public static async Task<BackupManifest> Check(string folder, CancellationToken ct)
    {
        var file = Path.Combine(folder, Name);
        if (!File.Exists(file))
            throw new InvalidDataException($"{folder}: no {Name}: not a finished backup.");
        BackupManifest? manifest;
        var text = await File.ReadAllTextAsync(file, ct);
        try
        {
            manifest = JsonSerializer.Deserialize<BackupManifest>(text, Json.Plain);
        }
        catch (JsonException)
        {
            manifest = null;
        }
        if (manifest is not { Format: CurrentFormat, Keys: not null, Files: not null } || manifest.Files.Any(f => f?.Name is null))
            throw new InvalidDataException($"{file}: not a manifest of this version.");
        if (manifest.Write() != text)
            throw new InvalidDataException($"{file}: damaged: its sum does not fit. Nothing was restored.");
        if (manifest.Files.Count(f => f.Name is Backups.KeysFile or Backups.DatabaseFile or Backups.DumpFile) != 2)
            throw new InvalidDataException($"{file}: names no database or no key store. Nothing was restored.");
        foreach (var expected in manifest.Files)
            if (expected.Name != Path.GetFileName(expected.Name) || !File.Exists(Path.Combine(folder, expected.Name)) || Backups.Describe(folder, expected.Name) != expected)
                throw new InvalidDataException($"{Path.Combine(folder, expected.Name)}: damaged or missing. Nothing was restored.");
        return manifest;
    }
}

internal sealed record BackupFile(string Name, long Size, string Sha256);

/// <summary>Takes backups: the database first, the key store second, so that every sealed value in it has its key.</summary>
internal static class Backups
{
    public const string KeysFile = "keys.db";
    public const string DatabaseFile = "exeunt.db";
    public const string DumpFile = "exeunt.dump";
    public const string InstallationFile = "installation";

    /// <summary>After this long a dump is taken to hang: the next night's must come.</summary>
    private static readonly TimeSpan DumpPatience = TimeSpan.FromHours(6);

    /// <summary>Takes a backup into a folder that is new or empty; works beside a running server.</summary>
    /// <exception cref="InvalidDataException">pg_dump failed or is not installed.</exception>
    public static async Task<BackupManifest> Take(HostOptions options, string folder, DateTimeOffset now, CancellationToken ct)
    {
        // Keys and sealed data, to be copied elsewhere by whoever made it: nobody else's to read.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        List<string> names = [];
        var auditSize = await AuditSize(options, ct);
        if (options.Database is { } database)
        {
            await Tool("pg_dump", database, ["-Fc", "-T", "search_*", "-f", Path.Combine(folder, DumpFile)], new NpgsqlConnectionStringBuilder(database).Database!, ct, DumpPatience);
            names.Add(DumpFile);
        }
        else
        {
            await using var source = KeyCopy.OpenReadOnly(options.DatabaseFile);
            await source.Execute("VACUUM INTO @copy", ct, ("@copy", Path.Combine(folder, DatabaseFile)));
            names.Add(DatabaseFile);
        }
        var keys = Path.Combine(folder, KeysFile);
        await ExportKeys(options, keys, ct);
        names.Add(KeysFile);
        // The name by which the master key's default file is found; there is none where --master-key names the file.
        if (File.Exists(Path.Combine(options.Data, InstallationFile)))
        {
            File.Copy(Path.Combine(options.Data, InstallationFile), Path.Combine(folder, InstallationFile));
            names.Add(InstallationFile);
        }
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, now, options.Database is null ? "sqlite" : "postgresql", KeyCopy.StateOf(keys)!, auditSize, [.. names.Select(n => Describe(folder, n))], "");
        // Last, and whole or not at all: a folder without it is no backup.
        var unfinished = Path.Combine(folder, BackupManifest.Name + ".new");
        await File.WriteAllTextAsync(unfinished, manifest.Write(), ct);
        File.Move(unfinished, Path.Combine(folder, BackupManifest.Name));
        return manifest;
    }

    /// <summary>Writes the installation's key store, as it is now, into one file.</summary>
    public static async Task ExportKeys(HostOptions options, string file, CancellationToken ct)
    {
        if (options.Database is { } database)
        {
            var builder = new NpgsqlConnectionStringBuilder(database);
            builder.Database += "_keys";
            await using var postgres = await Sql.OpenPostgres(builder.ToString(), ct);
            await KeyCopy.Write(postgres, file, ct);
        }
        else
        {
            await using var sqlite = KeyCopy.OpenReadOnly(options.KeysFile);
            await KeyCopy.Write(sqlite, file, ct);
        }
    }

    public static BackupFile Describe(string folder, string name)
    {
        using var stream = File.OpenRead(Path.Combine(folder, name));
        return new BackupFile(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <summary>Runs one of PostgreSQL's own tools on a database.</summary>
    /// <param name="patience">How long it may take; null: as long as it takes.</param>
    /// <exception cref="InvalidDataException">It failed, took too long, or is not installed.</exception>
    public static async Task Tool(string tool, string connection, IEnumerable<string> arguments, string target, CancellationToken ct, TimeSpan? patience = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(tool) { RedirectStandardError = true };
        foreach (var argument in (string[])["-h", builder.Host!, "-p", builder.Port.ToString(CultureInfo.InvariantCulture), .. builder.Username is { } user ? ["-U", user] : (string[])[], .. arguments, target])
            start.ArgumentList.Add(argument);
        start.Environment["PGPASSWORD"] = builder.Password;
        start.Environment["PGSSLMODE"] = builder.SslMode switch { SslMode.VerifyFull => "verify-full", SslMode.VerifyCA => "verify-ca", var mode => mode.ToString().ToLowerInvariant() };
        if (builder.RootCertificate is { } root)
            start.Environment["PGSSLROOTCERT"] = root;
        Process? run;
        try
        {
            run = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidDataException($"{tool} is not installed: it comes with PostgreSQL's client programs (Debian: postgresql-client).");
        }
        using (run)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            if (patience is { } most)
                end.CancelAfter(most);
            string message;
            try
            {
                message = await run!.StandardError.ReadToEndAsync(end.Token);
                await run.WaitForExitAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                run!.Kill(entireProcessTree: true);
                if (ct.IsCancellationRequested)
                    throw;
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{tool} had not ended after {patience?.TotalHours:0.#} hours, and was stopped."));
            }
            if (run.ExitCode != 0)
                throw new InvalidDataException($"{tool} failed: {message.Trim()}");
        }
    }

    private static async Task<long> AuditSize(HostOptions options, CancellationToken ct)
    {
        await using System.Data.Common.DbConnection connection = options.Database is { } database ? await Sql.OpenPostgres(database, ct) : KeyCopy.OpenReadOnly(options.DatabaseFile);
        await using var select = connection.Command("SELECT COALESCE(MAX(size), 0) FROM tree_heads");
        return Convert.ToInt64(await select.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }
}

/// <summary><c>exeunt backup DIR</c>.</summary>
public static class BackupCommand
{
    public const string Help = """
        exeunt backup DIR

        Copies the database, then the key store, into a new folder DIR with a manifest of SHA-256 sums. Works beside a running
        server. The master key is not in it (keep a copy of that file elsewhere), nor is the search store, which is rebuilt.
        On PostgreSQL it needs pg_dump. "exeunt drill DIR" tries a backup without touching anything.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (Commands.Arguments.Parse(args).Words is not [var folder])
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
        var manifest = await Backups.Take(options, folder, TimeProvider.System.GetUtcNow(), ct);
        foreach (var file in manifest.Files)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{file.Sha256}  {file.Name}  {file.Size} bytes"));
        await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The key store is of epoch {manifest.Keys.Epoch}, generation {manifest.Keys.Generation}. After the end of that epoch this backup needs a newer one."));
        return 0;
    }
}
