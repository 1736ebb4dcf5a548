using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.App.Platform;
using Npgsql;

namespace Exeunt.App.Features.Backup;

/// <summary>What a restore erases again, and what it holds again.</summary>
/// <param name="Later">Customers.</param>
/// <param name="Others">"case:…", "feedback:…" and "account:…", with how many entries of the log there are of each.</param>
/// <param name="Holds">Legal holds after the backup, by customer; null: written by a version that looked for none.</param>
internal sealed record Erasing(List<long> Later, IReadOnlyDictionary<string, int> Others, IReadOnlyDictionary<long, LaterHolds>? Holds = null)
{
    public static readonly Erasing Nothing = new([], new Dictionary<string, int>());

    [JsonIgnore]
    public int Count => Later.Count + Others.Count;

    /// <summary>Whether there is nothing to be remembered by a restore that is cut short.</summary>
    [JsonIgnore]
    public bool IsEmpty => Count == 0 && Holds is not { Count: > 0 };

    /// <summary>Whether a legal hold stands on a customer when the log ends: of what it says was erased only what was gone before the hold goes again.</summary>
    public bool IsHeld(long customer) => Holds is not null && Holds.TryGetValue(customer, out var told) && told.Standing > 0;

    public Erasing With(Erasing? other)
    {
        if (other is null)
            return this;
        var others = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (target, times) in Others.Concat(other.Others))
            others[target] = Math.Max(times, others.GetValueOrDefault(target));
        // What was remembered knows more than a log of which the later part lies aside by now.
        var holds = new SortedDictionary<long, LaterHolds>();
        foreach (var (customer, told) in new[] { Holds, other.Holds }.OfType<IReadOnlyDictionary<long, LaterHolds>>().SelectMany(h => h))
            if (!holds.TryGetValue(customer, out var known) || told.Standing > known.Standing)
                holds[customer] = told;
        return new([.. Later.Union(other.Later).Order()], others, holds);
    }
}

/// <summary>
/// Says that a restore is at work or was cut short, and what it was about to erase again: until it is lifted no server and no command opens what was
/// restored. In the data folder; on PostgreSQL also beside the key store, which every node opens and which stays when the database is moved away.
/// </summary>
internal static class RestoreMark
{
    public const string FileName = "restore.unfinished";

    /// <summary>Set before anything is put in place, and again when there is a key store to set it beside.</summary>
    public static async Task Set(HostOptions options, Erasing erasing, CancellationToken ct)
    {
        var text = JsonSerializer.Serialize(erasing, Json.Plain);
        await File.WriteAllTextAsync(FileOf(options), text, ct);
        await using var keys = await BesideKeys(options, ct);
        if (keys is null)
            return;
        await using var transaction = await keys.BeginTransactionAsync(ct);
        await keys.Execute("CREATE TABLE IF NOT EXISTS restoring (what TEXT NOT NULL); DELETE FROM restoring", ct);
        await using (var insert = keys.Command("INSERT INTO restoring (what) VALUES (@what)", ("@what", text)))
            await insert.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public static async Task Lift(HostOptions options, CancellationToken ct)
    {
        await using (var keys = await BesideKeys(options, ct))
            if (keys is not null)
                await keys.Execute("DROP TABLE IF EXISTS restoring", ct);
        File.Delete(FileOf(options));
    }

    /// <summary>What a restore that was cut short here, or on another node, was about to erase again; null: none was.</summary>
    public static async Task<Erasing?> Find(HostOptions options, CancellationToken ct)
    {
        var found = File.Exists(FileOf(options)) ? Read(await File.ReadAllTextAsync(FileOf(options), ct)) : null;
        await using var keys = await BesideKeys(options, ct);
        return keys is not null && await In(keys, ct) is { } text && Read(text) is { } there ? there.With(found) : found;
    }

    /// <exception cref="InvalidDataException">A restore was cut short here, or is at work.</exception>
    public static async Task Refuse(HostOptions options, CancellationToken ct)
    {
        var isThere = File.Exists(FileOf(options));
        if (!isThere)
        {
            await using var keys = await BesideKeys(options, ct);
            isThere = keys is not null && await In(keys, ct) is not null;
        }
        if (isThere)
            throw new InvalidDataException(
                $"A restore was cut short, or is at work: what it left may show what was erased. If none is at work, move {(options.Database is null ? options.DatabaseFile : "the database")} away and restore again; leave the key store where it is.");
    }

    private static string FileOf(HostOptions options) => Path.Combine(options.Data, FileName);

    /// <summary>A connection to the database of the key store; null: there is none, or no key store in it yet.</summary>
    private static async Task<NpgsqlConnection?> BesideKeys(HostOptions options, CancellationToken ct)
    {
        if (options.Database is not { } database)
            return null;
        var name = new NpgsqlConnectionStringBuilder(database).Database + "_keys";
        NpgsqlConnection keys;
        try
        {
            // Asked itself: a server's role need not be let into any other database.
            keys = await Sql.OpenPostgres(RestoreCommand.Of(database, name), ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return null;
        }
        await using var store = keys.Command("SELECT to_regclass('public.subject_keys') IS NOT NULL");
        if (await store.ExecuteScalarAsync(ct) is true)
            return keys;
        await keys.DisposeAsync();
        return null;
    }

    private static async Task<string?> In(NpgsqlConnection keys, CancellationToken ct)
    {
        await using (var table = keys.Command("SELECT to_regclass('public.restoring') IS NOT NULL"))
            if (await table.ExecuteScalarAsync(ct) is not true)
                return null;
        await using var select = keys.Command("SELECT what FROM restoring");
        return await select.ExecuteScalarAsync(ct) as string;
    }

    private static Erasing? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Erasing>(text, Json.Plain);
        }
        catch (JsonException)
        {
            // Cut short while that was written: nothing had begun.
            return null;
        }
    }
}
