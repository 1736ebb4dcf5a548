using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Exeunt.App.Features.Facts;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using CoreKind = Exeunt.Core.Activity.FactKind;
using FactKind = Exeunt.App.Features.Facts.FactKind;

namespace Exeunt.App.Data;

/// <summary>A fact on its way in: <see cref="FactRow"/> without the object.</summary>
public readonly record struct BulkFact(long Customer, long Document, long Line, long Amount, int Day, FactKind Kind) : IComparable<BulkFact>
{
    public int CompareTo(BulkFact other) =>
        Customer != other.Customer ? Customer.CompareTo(other.Customer)
        : Document != other.Document ? Document.CompareTo(other.Document)
        : Line.CompareTo(other.Line);

    public static bool operator <(BulkFact a, BulkFact b) => a.CompareTo(b) < 0;

    public static bool operator >(BulkFact a, BulkFact b) => a.CompareTo(b) > 0;

    public static bool operator <=(BulkFact a, BulkFact b) => a.CompareTo(b) <= 0;

    public static bool operator >=(BulkFact a, BulkFact b) => a.CompareTo(b) >= 0;
}

/// <summary>A column of a bulk write, with its type on PostgreSQL (SQLite takes the value's own).</summary>
public readonly record struct BulkColumn(string Name, NpgsqlDbType Type);

/// <summary>
/// The one way past <see cref="AppDb.SaveChangesAsync(CancellationToken)"/>: rows by the ten thousand. Who uses it writes one
/// audit entry per file. On SQLite the writes are prepared statements on the one writer, which holds the gate for about
/// 70 ms at a time; on PostgreSQL they are COPY. Facts and the months they make go in together, in one transaction.
/// </summary>
public sealed class Bulk : IAsyncDisposable
{
    private const int PostgresChunk = 100_000;
    private const long ImportLock = 0x45786575_496D7074;
    private static readonly TimeSpan GateHold = TimeSpan.FromMilliseconds(70);
    private readonly Storage _storage;
    private NpgsqlConnection? _postgres;
    private bool _mayRepeat;

    private Bulk(Storage storage) => _storage = storage;

    /// <summary>Waits for the turn: one bulk writer at a time, over all nodes. Dispose to give it back.</summary>
    public static async Task<Bulk> Alone(Storage storage, CancellationToken ct)
    {
        await storage.BulkTurn.WaitAsync(ct);
        var bulk = new Bulk(storage);
        try
        {
            if (storage.Options.Database is { } database)
            {
                bulk._postgres = await Sql.OpenPostgres(database, ct);
                await bulk._postgres.Execute($"SET client_min_messages = error; SELECT pg_advisory_lock({ImportLock}); "
                    + "CREATE TEMP TABLE incoming_facts (LIKE facts)", ct);
            }
            return bulk;
        }
        catch
        {
            await bulk.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            // The lock and the temporary table are the session's: a pooled connection must not keep them.
            await _postgres.Execute("SELECT pg_advisory_unlock_all(); DROP TABLE IF EXISTS incoming_facts", CancellationToken.None);
            await _postgres.DisposeAsync();
        }
        _storage.BulkTurn.Release();
    }

    /// <summary>Reserves so many numbers of a table whose ids we give (customers, contracts); returns the first.</summary>
    public async Task<long> Reserve(string table, int count, CancellationToken ct)
    {
        const string sql =
            "INSERT INTO settings (key, value) VALUES (@key, CAST((SELECT COALESCE(MAX(id), 0) FROM {0}) + @count AS {1})) "
            + "ON CONFLICT (key) DO UPDATE SET value = CAST((CASE WHEN CAST(settings.value AS BIGINT) > (SELECT COALESCE(MAX(id), 0) FROM {0}) "
            + "THEN CAST(settings.value AS BIGINT) ELSE (SELECT COALESCE(MAX(id), 0) FROM {0}) END) + @count AS {1}) RETURNING value";
        var text = string.Format(CultureInfo.InvariantCulture, sql, table, "TEXT");
        async Task<long> Run(System.Data.Common.DbConnection connection)
        {
            await using var command = connection.Command(text, ("@key", $"last-number.{table}"), ("@count", (long)count));
            return long.Parse((string)(await command.ExecuteScalarAsync(ct))!, CultureInfo.InvariantCulture) - count + 1;
        }
        if (_postgres is not null)
            return await Run(_postgres);
        using var turn = await _storage.Gate!.Enter(ct);
        return await Run(turn.Connection);
    }

    /// <summary>Sees to it that no number up to one is given again.</summary>
    public static async Task Raise(AppDb db, string table, long number, Call call, CancellationToken ct)
    {
        var key = $"last-number.{table}";
        var known = await db.Settings.SingleOrDefaultAsync(s => s.Key == key, ct);
        if (number <= (known is null ? 0 : long.Parse(known.Value, CultureInfo.InvariantCulture)))
            return;
        var value = number.ToString(CultureInfo.InvariantCulture);
        if (known is null)
            db.Settings.Add(new Setting { Key = key, Value = value });
        else
            known.Value = value;
        db.Audit(call, "numbers.raised", table, new { number });
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Inserts rows whose keys are new.</summary>
    public Task Insert(string table, IReadOnlyList<BulkColumn> columns, IReadOnlyList<object?[]> rows, CancellationToken ct) =>
        _postgres is not null
            ? Copy(_postgres, table, columns, rows, ct)
            : InChunks($"INSERT INTO {table} ({Names(columns)}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})", columns, rows, ct);

    /// <summary>Changes rows found by their first column; the others are set.</summary>
    public async Task Update(string table, IReadOnlyList<BulkColumn> columns, IReadOnlyList<object?[]> rows, CancellationToken ct)
    {
        var set = string.Join(", ", columns.Skip(1).Select((c, i) => _postgres is null ? $"{c.Name} = ?{i + 2}" : $"{c.Name} = incoming.{c.Name}"));
        if (_postgres is null)
        {
            await InChunks($"UPDATE {table} SET {set}, version = version + 1 WHERE {columns[0].Name} = ?1", columns, rows, ct);
            return;
        }
        await using var transaction = await _postgres.BeginTransactionAsync(ct);
        await _postgres.Execute($"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {Names(columns)} FROM {table} LIMIT 0", ct);
        await Copy(_postgres, "incoming", columns, rows, ct);
        await _postgres.Execute($"UPDATE {table} SET {set}, version = {table}.version + 1 FROM incoming WHERE {table}.{columns[0].Name} = incoming.{columns[0].Name}", ct);
        await Failpoint.Commit(() => transaction.CommitAsync(ct));
    }

    /// <summary>
    /// Inserts the facts that are not there yet and adds them to their customers' months. Sorts the facts in place. Returns how
    /// many were new.
    /// </summary>
    /// <exception cref="OverflowException">The sums of one customer's month leave the range of amounts.</exception>
    public async Task<int> InsertFacts(Memory<BulkFact> facts, CancellationToken ct)
    {
        facts.Span.Sort();
        var added = 0;
        while (!facts.IsEmpty)
        {
            var (done, inserted) = _postgres is not null ? await CopyFacts(facts, ct) : await InsertSome(facts, ct);
            added += inserted;
            facts = facts[done..];
        }
        return added;
    }

    /// <summary>Builds the months of every customer anew from the facts; returns how many rows changed.</summary>
    public Task<int> RebuildMonths(CancellationToken ct) => Months.Walk(_storage, async (customers, ct2) =>
    {
        if (_postgres is not null)
        {
            await using var transaction = await _postgres.BeginTransactionAsync(ct2);
            await PutMonths([.. customers.Where(c => c.Built is not null).Select(c => (c.Customer, c.Built!))], ct2);
            await Forget([.. customers.Where(c => c.Built is null).Select(c => c.Customer)], ct2);
            await Failpoint.Commit(() => transaction.CommitAsync(ct2));
            return;
        }
        using var turn = await _storage.Gate!.Enter(ct2);
        await using var write = await turn.Connection.BeginTransactionAsync(ct2);
        using var put = new SqliteStatement(turn.Connection, PutMonth);
        using var drop = new SqliteStatement(turn.Connection, "DELETE FROM activity WHERE customer_id = ?");
        foreach (var (customer, built) in customers)
            if (built is null)
                drop.Set(1, customer).Run();
            else
                put.Set(1, customer).Set(2, built.AsSpan()).Run();
        await Failpoint.Commit(() => write.CommitAsync(ct2));
    }, ct);

    private const string PutMonth =
        "INSERT INTO activity (customer_id, version, months) VALUES (?, 1, ?) ON CONFLICT (customer_id) DO UPDATE SET months = excluded.months, version = version + 1";

    private async Task InChunks(string sql, IReadOnlyList<BulkColumn> columns, IReadOnlyList<object?[]> rows, CancellationToken ct)
    {
        for (var next = 0; next < rows.Count;)
        {
            using var turn = await _storage.Gate!.Enter(ct);
            var held = Stopwatch.StartNew();
            await using var transaction = await turn.Connection.BeginTransactionAsync(ct);
            using var statement = new SqliteStatement(turn.Connection, sql);
            for (; next < rows.Count && ((next & 63) != 0 || held.Elapsed < GateHold); next++)
            {
                for (var c = 0; c < columns.Count; c++)
                    statement.Set(c + 1, rows[next][c]);
                statement.Run();
            }
            await Failpoint.Commit(() => transaction.CommitAsync(ct));
        }
    }

    private static async Task Copy(NpgsqlConnection connection, string table, IReadOnlyList<BulkColumn> columns, IReadOnlyList<object?[]> rows, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} ({Names(columns)}) FROM STDIN (FORMAT BINARY)", ct);
        foreach (var row in rows)
        {
            // The synchronous writes go to a buffer; a wait per cell would cost more than the cell.
            copy.StartRow();
            for (var c = 0; c < columns.Count; c++)
                if (row[c] is { } value)
                    copy.Write(value, columns[c].Type);
                else
                    copy.WriteNull();
        }
        await copy.CompleteAsync(ct);
    }

    /// <summary>SQLite: as many facts as fit into one turn of the gate, whole documents, with their months.</summary>
    private async Task<(int Done, int Inserted)> InsertSome(Memory<BulkFact> facts, CancellationToken ct)
    {
        using var turn = await _storage.Gate!.Enter(ct);
        await using var transaction = await turn.Connection.BeginTransactionAsync(ct);
        var result = InsertSome(turn.Connection, facts.Span);
        await Failpoint.Commit(() => transaction.CommitAsync(ct));
        return result;
    }

    private static (int Done, int Inserted) InsertSome(SqliteConnection connection, ReadOnlySpan<BulkFact> facts)
    {
        var held = Stopwatch.StartNew();
        using var insert = new SqliteStatement(connection, "INSERT INTO facts (customer_id, document, line, kind, \"on\", amount) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
        using var find = new SqliteStatement(connection, "SELECT months FROM activity WHERE customer_id = ?");
        using var put = new SqliteStatement(connection, PutMonth);
        using var ofDocument = new SqliteStatement(connection, $"SELECT COUNT(*) FROM facts WHERE customer_id = ? AND document = ? AND kind = {(int)FactKind.Order}");
        using var all = new SqliteStatement(connection, "SELECT document, line, amount, \"on\", kind FROM facts WHERE customer_id = ?");
        var fresh = new List<BulkFact>();
        var inserted = 0;
        var i = 0;
        while (i < facts.Length && held.Elapsed < GateHold)
        {
            var customer = facts[i].Customer;
            fresh.Clear();
            for (; i < facts.Length && facts[i].Customer == customer; i++)
            {
                var fact = facts[i];
                // A customer with very many facts is split, between two documents.
                if (fresh.Count > 1000 && fact.Document != facts[i - 1].Document && held.Elapsed >= GateHold)
                    break;
                if (insert.Set(1, customer).Set(2, fact.Document).Set(3, fact.Line).Set(4, (long)fact.Kind).Set(5, fact.Day).Set(6, fact.Amount).Run() == 1)
                    fresh.Add(fact);
            }
            inserted += fresh.Count;
            var built = Months.Build(CollectionsMarshal.AsSpan(fresh));
            if (built is null)
                continue;
            byte[]? old = find.Set(1, customer).Next() ? find.Bytes(0).ToArray() : null;
            find.Reset();
            if (old is not null && AddsToADocument(ofDocument, CollectionsMarshal.AsSpan(fresh)))
            {
                fresh.Clear();
                all.Set(1, customer);
                while (all.Next())
                    fresh.Add(new BulkFact(customer, all.Long(0), all.Long(1), all.Long(2), (int)all.Long(3), (FactKind)all.Long(4)));
                built = Months.Build(CollectionsMarshal.AsSpan(fresh))!;
            }
            else if (old is not null)
            {
                built = ActivityMonths.Merge(old, built);
            }
            put.Set(1, customer).Set(2, built.AsSpan()).Run();
        }
        return (i, inserted);
    }

    /// <summary>Whether an order document among these new facts had order rows before; then adding up months would count it twice.</summary>
    private static bool AddsToADocument(SqliteStatement ofDocument, ReadOnlySpan<BulkFact> fresh)
    {
        for (var i = 0; i < fresh.Length;)
        {
            var document = fresh[i].Document;
            var orders = 0;
            for (; i < fresh.Length && fresh[i].Document == document; i++)
                orders += fresh[i].Kind == FactKind.Order ? 1 : 0;
            if (document == 0 || orders == 0)
                continue;
            ofDocument.Set(1, fresh[i - 1].Customer).Set(2, document).Next();
            var there = ofDocument.Long(0);
            ofDocument.Reset();
            if (there > orders)
                return true;
        }
        return false;
    }

    /// <summary>PostgreSQL: one transaction of about a hundred thousand facts, whole documents, with their months.</summary>
    private async Task<(int Done, int Inserted)> CopyFacts(Memory<BulkFact> facts, CancellationToken ct)
    {
        var done = EndOfDocument(facts.Span, Math.Min(PostgresChunk, facts.Length));
        var chunk = facts[..done];
        await using var transaction = await _postgres!.BeginTransactionAsync(ct);
        var old = await OldMonths(chunk, ct);
        var fresh = await Insert(chunk, transaction, ct);
        var known = old.Count == 0 ? [] : await AddingToADocument(fresh, old, ct);
        await PutMonths(await Updated(fresh, old, known, ct), ct);
        await Failpoint.Commit(() => transaction.CommitAsync(ct));
        return (done, fresh.Length);
    }

    private static int EndOfDocument(ReadOnlySpan<BulkFact> facts, int at)
    {
        while (at < facts.Length && facts[at].Customer == facts[at - 1].Customer && facts[at].Document != 0 && facts[at].Document == facts[at - 1].Document)
            at++;
        return at;
    }

    /// <summary>
    /// First by COPY straight into the table; when one is there already, that chunk and the rest of this file go by way of a
    /// temporary table. Returns the facts that were new, sorted.
    /// </summary>
    private async Task<ReadOnlyMemory<BulkFact>> Insert(Memory<BulkFact> chunk, NpgsqlTransaction transaction, CancellationToken ct)
    {
        if (!_mayRepeat)
        {
            await transaction.SaveAsync("straight", ct);
            try
            {
                await CopyInto("facts", chunk, ct);
                return chunk;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                _mayRepeat = true;
                await transaction.RollbackAsync("straight", ct);
            }
        }
        await _postgres!.Execute("TRUNCATE incoming_facts", ct);
        await CopyInto("incoming_facts", chunk, ct);
        var added = new List<BulkFact>();
        await using var insert = _postgres!.Command(
            "INSERT INTO facts (customer_id, document, line, kind, \"on\", amount) SELECT customer_id, document, line, kind, \"on\", amount FROM incoming_facts "
            + "ON CONFLICT DO NOTHING RETURNING customer_id, document, line, amount, \"on\", kind");
        await using (var rows = (NpgsqlDataReader)await insert.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                added.Add(FactAt(rows, rows.GetInt64(0), 1));
        added.Sort();
        return added.ToArray();
    }

    private async Task CopyInto(string table, ReadOnlyMemory<BulkFact> facts, CancellationToken ct)
    {
        await using var copy = await _postgres!.BeginBinaryImportAsync($"COPY {table} (customer_id, document, line, kind, \"on\", amount) FROM STDIN (FORMAT BINARY)", ct);
        Write(copy, facts.Span);
        await copy.CompleteAsync(ct);
    }

    private static void Write(NpgsqlBinaryImporter copy, ReadOnlySpan<BulkFact> facts)
    {
        foreach (var fact in facts)
        {
            copy.StartRow();
            copy.Write(fact.Customer, NpgsqlDbType.Bigint);
            copy.Write(fact.Document, NpgsqlDbType.Bigint);
            copy.Write(fact.Line, NpgsqlDbType.Bigint);
            copy.Write((short)fact.Kind, NpgsqlDbType.Smallint);
            copy.Write(fact.Day, NpgsqlDbType.Integer);
            copy.Write(fact.Amount, NpgsqlDbType.Bigint);
        }
    }

    private async Task<Dictionary<long, byte[]>> OldMonths(ReadOnlyMemory<BulkFact> chunk, CancellationToken ct)
    {
        var old = new Dictionary<long, byte[]>();
        await using var select = _postgres!.Command("SELECT customer_id, months FROM activity WHERE customer_id = ANY(@ids)", ("@ids", Customers(chunk.Span)));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            old[rows.GetInt64(0)] = (byte[])rows.GetValue(1);
        return old;
    }

    private static long[] Customers(ReadOnlySpan<BulkFact> sorted)
    {
        var ids = new List<long>();
        foreach (var fact in sorted)
            if (ids.Count == 0 || ids[^1] != fact.Customer)
                ids.Add(fact.Customer);
        return [.. ids];
    }

    /// <summary>The customers of whom an order document among the new facts had order rows before.</summary>
    private async Task<HashSet<long>> AddingToADocument(ReadOnlyMemory<BulkFact> fresh, Dictionary<long, byte[]> old, CancellationToken ct)
    {
        var (customers, documents, orders) = DocumentsOf(fresh.Span, old);
        var known = new HashSet<long>();
        if (customers.Length == 0)
            return known;
        // A subquery per document, so that it is a look into the index whatever the planner knows of a table that grows.
        await using var select = _postgres!.Command(
            "SELECT DISTINCT n.customer_id FROM unnest(@customers, @documents, @orders) AS n (customer_id, document, orders) "
            + "WHERE (SELECT COUNT(*) FROM facts f WHERE f.customer_id = n.customer_id AND f.document = n.document "
            + $"AND f.kind = {(int)FactKind.Order}) > n.orders", ("@customers", customers), ("@documents", documents), ("@orders", orders));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            known.Add(rows.GetInt64(0));
        return known;
    }

    private static (long[] Customers, long[] Documents, int[] Orders) DocumentsOf(ReadOnlySpan<BulkFact> fresh, Dictionary<long, byte[]> old)
    {
        List<long> customers = [], documents = [];
        List<int> orders = [];
        foreach (var fact in fresh)
        {
            if (fact.Document == 0 || fact.Kind != FactKind.Order || !old.ContainsKey(fact.Customer))
                continue;
            if (customers.Count > 0 && customers[^1] == fact.Customer && documents[^1] == fact.Document)
            {
                orders[^1]++;
                continue;
            }
            customers.Add(fact.Customer);
            documents.Add(fact.Document);
            orders.Add(1);
        }
        return ([.. customers], [.. documents], [.. orders]);
    }

    private async Task<List<(long Customer, byte[] Months)>> Updated(ReadOnlyMemory<BulkFact> fresh, Dictionary<long, byte[]> old, HashSet<long> known, CancellationToken ct)
    {
        var updated = new List<(long, byte[])>();
        for (var i = 0; i < fresh.Length;)
        {
            var start = i;
            var customer = fresh.Span[i].Customer;
            while (i < fresh.Length && fresh.Span[i].Customer == customer)
                i++;
            if (Months.Build(fresh.Span[start..i]) is not { } built)
                continue;
            if (old.TryGetValue(customer, out var before))
                built = known.Contains(customer) ? Months.Build(CollectionsMarshal.AsSpan(await FactsOf(customer, ct)))! : ActivityMonths.Merge(before, built);
            updated.Add((customer, built));
        }
        return updated;
    }

    private async Task<List<BulkFact>> FactsOf(long customer, CancellationToken ct)
    {
        var facts = new List<BulkFact>();
        await using var select = _postgres!.Command("SELECT document, line, amount, \"on\", kind FROM facts WHERE customer_id = @id", ("@id", customer));
        await using var rows = (NpgsqlDataReader)await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            facts.Add(FactAt(rows, customer, 0));
        return facts;
    }

    private static BulkFact FactAt(NpgsqlDataReader rows, long customer, int first) =>
        new(customer, rows.GetInt64(first), rows.GetInt64(first + 1), rows.GetInt64(first + 2), rows.GetInt32(first + 3), (FactKind)rows.GetInt16(first + 4));

    private async Task PutMonths(List<(long Customer, byte[] Months)> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        await _postgres!.Execute(
            "INSERT INTO activity (customer_id, version, months) SELECT c, 1, m FROM unnest(@customers, @months) AS n (c, m) "
            + "ON CONFLICT (customer_id) DO UPDATE SET months = excluded.months, version = activity.version + 1", ct,
            ("@customers", rows.Select(r => r.Customer).ToArray()), ("@months", rows.Select(r => r.Months).ToArray()));
    }

    private async Task Forget(long[] customers, CancellationToken ct) =>
        await _postgres!.Execute("DELETE FROM activity WHERE customer_id = ANY(@ids)", ct, ("@ids", customers));

    private static string Names(IReadOnlyList<BulkColumn> columns) => string.Join(", ", columns.Select(c => $"\"{c.Name}\""));
}

/// <summary>From facts to packed months and the comparison of the two, by the table's rows.</summary>
public static class Months
{
    private const int WalkChunk = 2_000;

    /// <summary>
    /// The months that the facts of one customer make; null when none of them counts (complaints only). Fastest when rows of a
    /// document stand together.
    /// </summary>
    public static byte[]? Build(ReadOnlySpan<BulkFact> facts)
    {
        var counting = new Fact[facts.Length];
        var n = 0;
        var (document, name) = (0L, "");
        foreach (var fact in facts)
        {
            if (fact.Kind == FactKind.Complaint)
                continue;
            if (fact.Document != document)
                (document, name) = (fact.Document, Name(fact.Document));
            counting[n++] = new Fact((CoreKind)fact.Kind, DateOnly.FromDayNumber(fact.Day), fact.Amount, name);
        }
        return n == 0 ? null : ActivityMonths.Build(counting.AsSpan(0, n));
    }

    /// <summary>How many customers' rows differ from what their facts make; the second number is how many were compared.</summary>
    public static async Task<(int Wrong, int Compared)> Check(Storage storage, CancellationToken ct)
    {
        var compared = 0;
        var wrong = await Walk(storage, (_, _) => Task.CompletedTask, ct, n => compared += n);
        return (wrong, compared);
    }

    /// <summary>
    /// Reads facts and months side by side, ascending by customer, and hands over those that differ (null: no facts that
    /// count), some thousands at a time. Returns how many differ.
    /// </summary>
    internal static async Task<int> Walk(
        Storage storage, Func<IReadOnlyList<(long Customer, byte[]? Built)>, CancellationToken, Task> different, CancellationToken ct, Action<int>? compared = null)
    {
        var differ = 0;
        for (long after = -1; ;)
        {
            var (last, read, wrong) = await Compare(storage, after, ct);
            if (wrong.Count > 0)
                await different(wrong, ct);
            differ += wrong.Count;
            compared?.Invoke(read);
            if (last is null)
                return differ;
            after = last.Value;
        }
    }

    private static async Task<(long? Last, int Read, List<(long, byte[]?)> Wrong)> Compare(Storage storage, long after, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.OpenConnectionAsync(db.Database, ct);
        var connection = Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(db.Database)!;
        var customers = new List<long>();
        await using (var next = connection.Command(
            $"SELECT customer_id FROM (SELECT DISTINCT customer_id FROM facts WHERE customer_id > @after ORDER BY customer_id LIMIT {WalkChunk}) AS f "
            + $"UNION SELECT customer_id FROM (SELECT customer_id FROM activity WHERE customer_id > @after ORDER BY customer_id LIMIT {WalkChunk}) AS a "
            + $"ORDER BY customer_id LIMIT {WalkChunk}", ("@after", after)))
        await using (var rows = await next.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                customers.Add(rows.GetInt64(0));
        if (customers.Count == 0)
            return (null, 0, []);
        var have = new Dictionary<long, byte[]>();
        await using (var select = connection.Command("SELECT customer_id, months FROM activity WHERE customer_id > @after AND customer_id <= @last", ("@after", after), ("@last", customers[^1])))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                have[rows.GetInt64(0)] = (byte[])rows.GetValue(1);
        var built = new Dictionary<long, byte[]?>();
        await using (var select = connection.Command(
            "SELECT customer_id, document, line, amount, \"on\", kind FROM facts WHERE customer_id > @after AND customer_id <= @last ORDER BY customer_id, document", ("@after", after), ("@last", customers[^1])))
        await using (var rows = await select.ExecuteReaderAsync(ct))
        {
            var facts = new List<BulkFact>();
            while (await rows.ReadAsync(ct))
            {
                var fact = new BulkFact(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt32(4), (FactKind)rows.GetInt16(5));
                if (facts.Count > 0 && facts[0].Customer != fact.Customer)
                {
                    built[facts[0].Customer] = Build(CollectionsMarshal.AsSpan(facts));
                    facts.Clear();
                }
                facts.Add(fact);
            }
            if (facts.Count > 0)
                built[facts[0].Customer] = Build(CollectionsMarshal.AsSpan(facts));
        }
        var wrong = customers.Select(c => (c, built.GetValueOrDefault(c)))
            .Where(c => !(have.GetValueOrDefault(c.c) ?? []).AsSpan().SequenceEqual(c.Item2 ?? [])).ToList();
        return (customers.Count < WalkChunk ? null : customers[^1], customers.Count, wrong);
    }

    /// <summary>A document's hash as a text of four characters: Core tells documents apart by their number only.</summary>
    private static string Name(long document) =>
        document == 0 ? "" : string.Create(4, document, static (text, d) => MemoryMarshal.Cast<long, char>(new ReadOnlySpan<long>(in d)).CopyTo(text));
}
