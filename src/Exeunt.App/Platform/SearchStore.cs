using System.Data.Common;
using System.Globalization;
using Exeunt.Core;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Platform;

/// <summary>What a search token stands for.</summary>
public enum TokenKind
{
    /// <summary>Two neighbouring characters of a name, or the whole name.</summary>
    Name = 1,
    Phone = 2,
    Mail = 3,

    /// <summary>A number by which the customer is known elsewhere, or a contract's.</summary>
    Number = 4,
}

/// <summary>
/// Search over encrypted data: keyed tokens cut to 24 bits, so that a token says little by itself and several people share
/// each. What it finds are candidates, which the caller decrypts and filters. It lives in a store that is never backed up
/// (search.db; UNLOGGED on PostgreSQL) and can be rebuilt from the vault.
/// </summary>
public sealed class SearchStore : IAsyncDisposable
{
    private const string Completion = "CREATE TABLE IF NOT EXISTS search_complete (id INTEGER NOT NULL PRIMARY KEY)";
    private readonly SipHash _hash;
    private readonly string? _postgres;
    private readonly DbConnection? _sqlite;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private SearchStore(byte[] key, DbConnection? sqlite, string? postgres) => (_hash, _sqlite, _postgres) = (new SipHash(key), sqlite, postgres);

    public static async Task<SearchStore> OpenSqlite(string file, byte[] key, CancellationToken ct)
    {
        // Rebuildable, so it need not survive a power cut: no fsync per commit.
        var connection = Sql.OpenSqlite(file, "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-65536;");
        var store = new SearchStore(key, connection, null);
        await connection.Execute("CREATE TABLE IF NOT EXISTS search_tokens (token INTEGER NOT NULL, subject BIGINT NOT NULL, PRIMARY KEY (token, subject)) WITHOUT ROWID", ct);
        await connection.Execute("CREATE TABLE IF NOT EXISTS search_subjects (subject BIGINT NOT NULL PRIMARY KEY, tokens BLOB NOT NULL) WITHOUT ROWID", ct);
        await connection.Execute(Completion, ct);
        return store;
    }

    public static async Task<SearchStore> OpenPostgres(string connectionString, byte[] key, CancellationToken ct)
    {
        await using var connection = await Sql.OpenPostgres(connectionString, ct);
        await connection.Execute("CREATE UNLOGGED TABLE IF NOT EXISTS search_tokens (token INTEGER NOT NULL, subject BIGINT NOT NULL, PRIMARY KEY (token, subject))", ct);
        await connection.Execute("CREATE UNLOGGED TABLE IF NOT EXISTS search_subjects (subject BIGINT NOT NULL PRIMARY KEY, tokens BYTEA NOT NULL)", ct);
        await connection.Execute(Completion.Replace("CREATE TABLE", "CREATE UNLOGGED TABLE", StringComparison.Ordinal), ct);
        return new SearchStore(key, null, connectionString);
    }

    /// <summary>The tokens of a value; a name gives its bigrams and the whole.</summary>
    public IEnumerable<int> TokensOf(TokenKind kind, string value)
    {
        var text = Normal(kind, value);
        if (text.Length == 0)
            yield break;
        yield return Token(kind, text);
        if (kind != TokenKind.Name)
            yield break;
        for (int first = 0, second; (second = first + WidthAt(text, first)) < text.Length; first = second)
            yield return Token(kind, text.AsSpan(first, second + WidthAt(text, second) - first));
    }

    private static int WidthAt(string text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;

    /// <summary>Replaces a subject's tokens.</summary>
    public async Task Index(long subject, IEnumerable<(TokenKind Kind, string Value)> values, CancellationToken ct) =>
        await Index([(subject, [.. values.SelectMany(v => TokensOf(v.Kind, v.Value)).Distinct()])], ct);

    /// <summary>Replaces the tokens of many subjects in one transaction.</summary>
    public Task Index(IReadOnlyCollection<(long Subject, int[] Tokens)> batch, CancellationToken ct) => Index(batch, areNew: false, ct);

    /// <summary>Sets the tokens of many subjects in one transaction; of new ones nothing needs to be removed first.</summary>
    public async Task Index(IReadOnlyCollection<(long Subject, int[] Tokens)> batch, bool areNew, CancellationToken ct)
    {
        if (batch.Any(b => b.Subject is < 0 or > (long)SubjectMask))
            throw new ArgumentOutOfRangeException(nameof(batch), "Subjects of the index are customers' numbers.");
        // Sorted by token, so that the index is walked once instead of being jumped about in.
        var sorted = new ulong[batch.Sum(b => b.Tokens.Length)];
        var n = 0;
        foreach (var (subject, tokens) in batch)
            foreach (var token in tokens)
                sorted[n++] = ((ulong)(uint)token << 40) | (ulong)subject;
        Array.Sort(sorted);
        await Use(async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (!areNew)
                foreach (var (subject, _) in batch)
                    await RemoveTokens(connection, subject, ct);
            if (connection is SqliteConnection sqlite)
                Insert(sqlite, batch, sorted);
            else
                await Copy((NpgsqlConnection)connection, batch, sorted, ct);
            Failpoint.Reach(Point.BeforeIndex);
            await transaction.CommitAsync(ct);
            Failpoint.Reach(Point.AfterIndex);
            return 0;
        }, ct);
    }

    /// <summary>Adds tokens to those a subject has (a contract's number).</summary>
    public async Task Add(IReadOnlyCollection<(long Subject, int[] Tokens)> batch, CancellationToken ct)
    {
        var have = await Use(async connection =>
        {
            var found = new Dictionary<long, int[]>();
            foreach (var chunk in batch.Select(b => b.Subject).Distinct().Chunk(500))
            {
                await using var select = connection.Command($"SELECT subject, tokens FROM search_subjects WHERE subject IN ({string.Join(',', chunk)})");
                await using var rows = await select.ExecuteReaderAsync(ct);
                while (await rows.ReadAsync(ct))
                    found[rows.GetInt64(0)] = Unpack((byte[])rows.GetValue(1));
            }
            return found;
        }, ct);
        await Index([.. batch.GroupBy(b => b.Subject)
            .Select(g => (g.Key, (int[])[.. have.GetValueOrDefault(g.Key, []).Concat(g.SelectMany(b => b.Tokens)).Distinct()]))], ct);
    }

    /// <summary>More forms than any value has.</summary>
    private const int MaxForms = 16;
    private const ulong SubjectMask = (1UL << 40) - 1;

    private static void Insert(SqliteConnection connection, IReadOnlyCollection<(long Subject, int[] Tokens)> batch, ulong[] sorted)
    {
        using var insert = new SqliteStatement(connection, "INSERT INTO search_tokens (token, subject) VALUES (?, ?) ON CONFLICT DO NOTHING");
        foreach (var pair in sorted)
            insert.Set(1, (long)(pair >> 40)).Set(2, (long)(pair & SubjectMask)).Run();
        using var list = new SqliteStatement(connection, "INSERT INTO search_subjects (subject, tokens) VALUES (?, ?)");
        foreach (var (subject, tokens) in batch)
            list.Set(1, subject).Set(2, Pack(tokens).AsSpan()).Run();
    }

    private static async Task Copy(NpgsqlConnection connection, IReadOnlyCollection<(long Subject, int[] Tokens)> batch, ulong[] sorted, CancellationToken ct)
    {
        await using (var copy = await connection.BeginBinaryImportAsync("COPY search_tokens (token, subject) FROM STDIN (FORMAT BINARY)", ct))
        {
            ulong? before = null;
            foreach (var pair in sorted)
            {
                if (pair == before)
                    continue;
                before = pair;
                copy.StartRow();
                copy.Write((int)(pair >> 40), NpgsqlTypes.NpgsqlDbType.Integer);
                copy.Write((long)(pair & SubjectMask), NpgsqlTypes.NpgsqlDbType.Bigint);
            }
            await copy.CompleteAsync(ct);
        }
        await using var list = await connection.BeginBinaryImportAsync("COPY search_subjects (subject, tokens) FROM STDIN (FORMAT BINARY)", ct);
        foreach (var (subject, tokens) in batch)
        {
            list.StartRow();
            list.Write(subject, NpgsqlTypes.NpgsqlDbType.Bigint);
            list.Write(Pack(tokens), NpgsqlTypes.NpgsqlDbType.Bytea);
        }
        await list.CompleteAsync(ct);
    }

    /// <summary>Removes a subject (erasure).</summary>
    public async Task Remove(long subject, CancellationToken ct) =>
        await Use(async connection =>
        {
            await RemoveTokens(connection, subject, ct);
            return 0;
        }, ct);

    /// <summary>Whether anything is indexed of a subject.</summary>
    public async Task<bool> Holds(long subject, CancellationToken ct) =>
        await Use(async connection =>
        {
            await using var select = connection.Command("SELECT COUNT(*) FROM search_subjects WHERE subject = @subject", ("@subject", subject));
            return Convert.ToInt64(await select.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) > 0;
        }, ct);

    /// <summary>Subjects that may match: all tokens of a name, or one of the forms of anything else, are theirs. At most <paramref name="limit"/>, smallest number first; filter after decryption.</summary>
    public Task<List<long>> Find(TokenKind kind, string value, int limit, CancellationToken ct) => Find(kind, value, long.MinValue, limit, ct);

    /// <summary>The same, only those with a number above <paramref name="after"/>: for going on.</summary>
    public async Task<List<long>> Find(TokenKind kind, string value, long after, int limit, CancellationToken ct)
    {
        var tokens = Looking(kind, value).Distinct().Take(kind == TokenKind.Name ? 8 : MaxForms).ToArray();
        if (tokens.Length == 0)
            return [];
        // All pieces of a name; any of the forms of anything else.
        var needed = kind == TokenKind.Name ? tokens.Length : 1;
        return await Use(async connection =>
        {
            await using var select = connection.Command(
                $"SELECT subject FROM search_tokens WHERE token IN ({string.Join(',', tokens)}) AND subject > @after GROUP BY subject HAVING COUNT(*) >= {needed} ORDER BY subject LIMIT {limit}", ("@after", after));
            await using var rows = await select.ExecuteReaderAsync(ct);
            var found = new List<long>();
            while (await rows.ReadAsync(ct))
                found.Add(rows.GetInt64(0));
            return found;
        }, ct);
    }

    /// <summary>How many subjects are indexed; 0 after a restore, when the host rebuilds it.</summary>
    public async Task<long> Count(CancellationToken ct) =>
        await Use(async connection =>
        {
            await using var select = connection.Command("SELECT COUNT(*) FROM search_subjects");
            return Convert.ToInt64(await select.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
        }, ct);

    /// <summary>Whether everybody is in it: false until a rebuild has come to its end.</summary>
    public async Task<bool> IsComplete(CancellationToken ct) =>
        await Use(async connection =>
        {
            await using var select = connection.Command("SELECT COUNT(*) FROM search_complete");
            return Convert.ToInt64(await select.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) > 0;
        }, ct);

    /// <summary>Says that somebody may be missing, or be in it with old values, until <see cref="Complete"/>.</summary>
    public Task Incomplete(CancellationToken ct) => Use(connection => connection.Execute("DELETE FROM search_complete", ct), ct);

    /// <summary>Says that everybody is in it.</summary>
    public Task Complete(CancellationToken ct) => Use(connection => connection.Execute("INSERT INTO search_complete (id) VALUES (1) ON CONFLICT DO NOTHING", ct), ct);

    public async ValueTask DisposeAsync()
    {
        if (_sqlite is null)
            return;
        await _turn.WaitAsync();
        await _sqlite.DisposeAsync();
    }

    /// <summary>The form in which values are compared (<see cref="Spelling"/>); of names letters and digits in lower case.</summary>
    public static string Normal(TokenKind kind, string value) =>
        kind switch
        {
            TokenKind.Phone => Spelling.Phone(value),
            TokenKind.Mail => Spelling.Mail(value),
            TokenKind.Number => Spelling.Number(Spelling.Mobile(value) ?? value),
            _ => new string([.. Spelling.Plain(value).ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || char.IsSurrogate(c))]),
        };

    /// <summary>The forms under which a token of a value may have been kept: today's first, then those of earlier versions.</summary>
    public static IEnumerable<string> Forms(TokenKind kind, string value)
    {
        IEnumerable<string> earlier = kind switch
        {
            TokenKind.Phone => Spelling.Phones(value),
            TokenKind.Number => Spelling.CustomerNumbers(value).Select(Spelling.Number).Concat(Hyphened(value)),
            _ => [],
        };
        return earlier.Prepend(Normal(kind, value)).Where(f => f.Length > 0).Distinct(StringComparer.Ordinal);
    }

    /// <summary>A mobile number with hyphens, which earlier versions kept in a number.</summary>
    private static string[] Hyphened(string value)
    {
        if (Spelling.Mobile(value) is not { } mobile)
            return [];
        var written = $"{mobile[..3]}-{mobile[3..7]}-{mobile[7..]}";
        return [written, "+86" + written];
    }

    private IEnumerable<int> Looking(TokenKind kind, string value)
    {
        if (kind != TokenKind.Name)
            return Forms(kind, value).Select(form => Token(kind, form));
        var text = Normal(kind, value);
        var runes = text.EnumerateRunes().Select(r => r.ToString()).ToArray();
        return Enumerable.Range(0, Math.Max(0, runes.Length - 1)).Select(i => Token(kind, runes[i] + runes[i + 1]));
    }

    /// <summary>The token of a form, which stays as it is.</summary>
    internal int Token(TokenKind kind, ReadOnlySpan<char> text)
    {
        Span<char> about = stackalloc char[64];
        if (text.Length >= about.Length)
            about = new char[text.Length + 1];
        about[0] = (char)kind;
        text.CopyTo(about[1..]);
        return (int)(_hash.Of(about[..(text.Length + 1)]) >> 40);
    }

    private static byte[] Pack(int[] tokens)
    {
        var bytes = new byte[tokens.Length * 4];
        Buffer.BlockCopy(tokens, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    private static int[] Unpack(byte[] packed)
    {
        var tokens = new int[packed.Length / 4];
        Buffer.BlockCopy(packed, 0, tokens, 0, packed.Length);
        return tokens;
    }

    private static async Task RemoveTokens(DbConnection connection, long subject, CancellationToken ct)
    {
        await using var select = connection.Command("SELECT tokens FROM search_subjects WHERE subject = @subject", ("@subject", subject));
        if (await select.ExecuteScalarAsync(ct) is not byte[] packed)
            return;
        var tokens = Unpack(packed);
        if (tokens.Length > 0)
            await connection.Execute($"DELETE FROM search_tokens WHERE subject = @subject AND token IN ({string.Join(',', tokens)})", ct, ("@subject", subject));
        await connection.Execute("DELETE FROM search_subjects WHERE subject = @subject", ct, ("@subject", subject));
    }

    private async Task<T> Use<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        if (_postgres is not null)
        {
            await using var connection = await Sql.OpenPostgres(_postgres, ct);
            return await work(connection);
        }
        await _turn.WaitAsync(ct);
        try
        {
            return await work(_sqlite!);
        }
        finally
        {
            _turn.Release();
        }
    }
}
