using System.Data.Common;
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

namespace Exeunt.App.Data;

/// <summary>A fact on its way in: <see cref="FactRow"/> without the object.</summary>
public readonly record struct BulkFact(long Customer, long Document, long Line, long Amount, int Day, FactKind Kind, long? Detail = null, int ProductLine = 0)
    : IComparable<BulkFact>
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

    /// <summary>Customers whose keys are looked at together.</summary>
    private const int KeysChunk = 2_000;
    private const long ImportLock = 0x45786575_496D7074;
    private static readonly TimeSpan GateHold = TimeSpan.FromMilliseconds(70);
    private readonly Storage _storage;
    private NpgsqlConnection? _postgres;
    private NpgsqlTransaction? _transaction;
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
        try
        {
            if (_postgres is not null)
                await GiveBack(_postgres);
        }
        finally
        {
            // Whatever became of the connection: else every later import of this node waited for ever.
            _storage.BulkTurn.Release();
        }
    }

    private static async Task GiveBack(NpgsqlConnection connection)
    {
        try
        {
            // The lock and the temporary table are the session's: a pooled connection must not keep them.
            await connection.Execute("SELECT pg_advisory_unlock_all(); DROP TABLE IF EXISTS incoming_facts", CancellationToken.None);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // It is broken, and its session ends with it; if not, it is not used again.
            NpgsqlConnection.ClearPool(connection);
        }
        finally
        {
            await connection.DisposeAsync();
        }
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
        var known = await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == key, ct);
        if (number <= (known is null ? 0 : long.Parse(known.Value, CultureInfo.InvariantCulture)))
            return;
        await db.Write(async token =>
        {
            // Another node may reserve numbers at this moment: never back to less.
            var raised = await db.Database.ExecuteSqlAsync(
                $"INSERT INTO settings (key, value) VALUES ({key}, {number.ToString(CultureInfo.InvariantCulture)}) ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE CAST(settings.value AS BIGINT) < {number}", token);
            if (raised == 0)
                return 0;
            db.Audit(call, "numbers.raised", table, new { number });
            return await db.SaveChangesAsync(token);
        }, ct);
    }

    /// <summary>Inserts rows whose keys are new.</summary>
    public Task Insert(string table, IReadOnlyList<BulkColumn> columns, IReadOnlyList<object?[]> rows, CancellationToken ct) =>
        _postgres is not null
            ? Copy(_postgres, table, columns, rows, ct)
            : InChunks($"INSERT INTO {table} ({Names(columns)}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})", columns, rows, ct);

    /// <summary>Changes rows found by their first column; the others are set.</summary>
    public Task Update(string table, IReadOnlyList<BulkColumn> columns, IReadOnlyList<object?[]> rows, CancellationToken ct) =>
        Update(table, columns, columns.Count, "", rows, ct);

    /// <summary>
    /// Changes rows that are still as they were read. They are found by their first column, a number; the last is the version that was read, which is
    /// compared and not set. Returns the numbers of the others, which stay as they are.
    /// </summary>
    /// <param name="also">What must hold of a row beside, in SQL; empty: nothing.</param>
    public Task<HashSet<long>> UpdateUnchanged(string table, IReadOnlyList<BulkColumn> columns, IReadOnlyList<object?[]> rows, string also, CancellationToken ct)
    {
        var read = _postgres is null ? $"?{columns.Count}" : $"incoming.{columns[^1].Name}";
        return Update(table, columns, columns.Count - 1, $" AND {table}.version = {read}{(also.Length > 0 ? $" AND {also}" : "")}", rows, ct);
    }

    /// <param name="end">The place behind the last column that is set.</param>
    private async Task<HashSet<long>> Update(string table, IReadOnlyList<BulkColumn> columns, int end, string where, IReadOnlyList<object?[]> rows, CancellationToken ct)
    {
        var set = string.Join(", ", columns.Take(end).Skip(1).Select((c, i) => _postgres is null ? $"{c.Name} = ?{i + 2}" : $"{c.Name} = incoming.{c.Name}"));
        var missed = new HashSet<long>();
        if (_postgres is null)
        {
            await InChunks($"UPDATE {table} SET {set}, version = version + 1 WHERE {columns[0].Name} = ?1{where}", columns, rows, ct, row => missed.Add((long)row[0]!));
            return missed;
        }
        missed.UnionWith(rows.Select(r => (long)r[0]!));
        await using var transaction = await _postgres.BeginTransactionAsync(ct);
        await _postgres.Execute($"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {Names(columns)} FROM {table} LIMIT 0", ct);
        await Copy(_postgres, "incoming", columns, rows, ct);
        await using (var update = _postgres.Command(
            $"UPDATE {table} SET {set}, version = {table}.version + 1 FROM incoming WHERE {table}.{columns[0].Name} = incoming.{columns[0].Name}{where} RETURNING {table}.{columns[0].Name}"))
        await using (var changed = await update.ExecuteReaderAsync(ct))
            while (await changed.ReadAsync(ct))
                missed.Remove(changed.GetInt64(0));
        await Failpoint.Commit(() => transaction.CommitAsync(ct));
        return missed;
    }

    /// <summary>
    /// Inserts the facts that are not there yet and adds them to their customers' months and product lines. Of those that are there, a
    /// verdict or cost that was not known is taken over. Those of a document that was corrected are left out. Sorts the facts in place.
    /// Returns how many were new, and of how many more is known.
    /// </summary>
    /// <exception cref="OverflowException">The sums of one customer's month leave the range of amounts.</exception>
    public async Task<(int Added, int Changed)> InsertFacts(Memory<BulkFact> facts, CancellationToken ct)
    {
        facts.Span.Sort();
        var (added, changed) = (0, 0);
        while (!facts.IsEmpty)
        {
            var some = _postgres is not null ? await CopyFacts(facts, ct) : await InsertSome(facts, ct);
            (added, changed) = (added + some.Inserted, changed + some.Changed);
            facts = facts[some.Done..];
        }
        return (added, changed);
    }

    /// <summary>
    /// Gives facts that were stored with other keys (before 0.1) those that the same lines get today, together with what was found of them.
    /// Returns how many.
    /// </summary>
    public async Task<int> RenewKeys(CancellationToken ct)
    {
        var (renewed, after) = (0, -1L);
        while (true)
        {
            var (last, stale) = await StaleKeys(after, ct);
            if (stale.Count > 0)
                renewed += _postgres is not null ? await CopyKeys([.. stale], ct) : await PutKeys(stale, ct);
            if (last is not { } next)
                return renewed;
            after = next;
        }
    }

    /// <summary>Builds the months of every customer, and of every product line, anew from the facts; returns how many customers' rows changed.</summary>
    public Task<int> RebuildMonths(CancellationToken ct) => Months.Walk(_storage, async (customers, ct2) =>
    {
        if (_postgres is not null)
        {
            await InTransaction(async () =>
            {
                // Whoever writes facts meanwhile raises the version, and this is done again.
                var (old, all) = (await OldMonths([.. customers], ct2), await FactsOf([.. customers], ct2));
                return await Put(customers.Select(c => (c, old.GetValueOrDefault(c).Version, all.GetValueOrDefault(c, []))), withLines: true, ct2);
            }, ct2);
            return;
        }
        using var turn = await _storage.Gate!.Enter(ct2);
        await using var write = await turn.Connection.BeginTransactionAsync(ct2);
        using var months = new SqliteMonths(turn.Connection);
        foreach (var customer in customers)
            months.Rebuild(customer, withLines: true);
        await Failpoint.Commit(() => write.CommitAsync(ct2));
    }, ct);

    /// <param name="missed">Is told of each row for which nothing changed.</param>
    private async Task InChunks(string sql, IReadOnlyList<BulkColumn> columns, IReadOnlyList<object?[]> rows, CancellationToken ct, Action<object?[]>? missed = null)
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
                if (statement.Run() == 0)
                    missed?.Invoke(rows[next]);
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
    private async Task<(int Done, int Inserted, int Changed)> InsertSome(Memory<BulkFact> facts, CancellationToken ct)
    {
        using var turn = await _storage.Gate!.Enter(ct);
        await using var transaction = await turn.Connection.BeginTransactionAsync(ct);
        var result = InsertSome(turn.Connection, facts.Span);
        await Failpoint.Commit(() => transaction.CommitAsync(ct));
        return result;
    }

    private static (int Done, int Inserted, int Changed) InsertSome(SqliteConnection connection, ReadOnlySpan<BulkFact> facts)
    {
        var held = Stopwatch.StartNew();
        using var insert = new SqliteStatement(connection,
            "INSERT INTO facts (customer_id, document, line, kind, \"on\", amount, detail, product_line) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
        using var know = new SqliteStatement(connection, $"UPDATE facts SET detail = ? WHERE customer_id = ? AND document = ? AND line = ? AND {IsUnknown}");
        using var corrected = new SqliteStatement(connection, "SELECT 1 FROM fact_corrections WHERE customer_id = ? AND document = ?");
        using var anyCorrected = new SqliteStatement(connection, "SELECT 1 FROM fact_corrections LIMIT 1");
        using var months = new SqliteMonths(connection);
        var looks = anyCorrected.Next();
        anyCorrected.Reset();
        var fresh = new List<BulkFact>();
        var (inserted, changed) = (0, 0);
        var i = 0;
        while (i < facts.Length && held.Elapsed < GateHold)
        {
            var customer = facts[i].Customer;
            var isCorrected = false;
            var known = 0;
            fresh.Clear();
            for (var start = i; i < facts.Length && facts[i].Customer == customer; i++)
            {
                var fact = facts[i];
                if (i == start || fact.Document != facts[i - 1].Document)
                {
                    // A customer with very many facts is split, between two documents.
                    if (fresh.Count > 1000 && held.Elapsed >= GateHold)
                        break;
                    isCorrected = looks && fact.Document != 0 && corrected.Set(1, customer).Set(2, fact.Document).Next();
                    corrected.Reset();
                }
                if (isCorrected)
                    continue;
                insert.Set(1, customer).Set(2, fact.Document).Set(3, fact.Line).Set(4, (long)fact.Kind).Set(5, fact.Day).Set(6, fact.Amount).Set(7, (object?)fact.Detail);
                if (insert.Set(8, fact.ProductLine).Run() == 1)
                    fresh.Add(fact);
                else if (Fact.KnowsMore(fact.Kind, null, fact.Detail))
                    known += know.Set(1, fact.Detail!.Value).Set(2, customer).Set(3, fact.Document).Set(4, fact.Line).Run();
            }
            (inserted, changed) = (inserted + fresh.Count, changed + known);
            if (known > 0)
                months.Rebuild(customer, withLines: true);
            else if (fresh.Count > 0)
                months.Add(customer, CollectionsMarshal.AsSpan(fresh));
        }
        return (i, inserted, changed);
    }

    /// <summary>PostgreSQL: one transaction of about a hundred thousand facts, whole documents, with their months.</summary>
    private async Task<(int Done, int Inserted, int Changed)> CopyFacts(Memory<BulkFact> facts, CancellationToken ct)
    {
        var done = EndOfDocument(facts.Span, Math.Min(PostgresChunk, facts.Length));
        var (inserted, changed) = (0, 0);
        await InTransaction(async () =>
        {
            // The versions first: who writes or corrects facts of these customers after this raises them, and this is done again.
            var old = await OldMonths(Customers(facts.Span[..done]), ct);
            var chunk = await WithoutCorrected(facts[..done], ct);
            var fresh = await Insert(chunk, ct);
            var known = fresh.Length == chunk.Length ? [] : await Know(chunk, fresh, ct);
            (inserted, changed) = (fresh.Length, known.Count);
            var rebuilt = await ToRebuild(fresh, old, ct);
            rebuilt.UnionWith(known);
            var all = rebuilt.Count == 0 ? [] : await FactsOf([.. rebuilt], ct);
            return await PutMonths(Merged(fresh, old, rebuilt), ct)
                && await Put(rebuilt.Select(c => (c, old.GetValueOrDefault(c).Version, all.GetValueOrDefault(c, []))), withLines: true, ct);
        }, ct);
        return (done, inserted, changed);
    }

    /// <summary>Runs until its months are put on the version that was read: the work says whether they were.</summary>
    private async Task InTransaction(Func<Task<bool>> work, CancellationToken ct)
    {
        while (true)
        {
            await using var transaction = await _postgres!.BeginTransactionAsync(ct);
            _transaction = transaction;
            if (await work())
            {
                await Failpoint.Commit(() => transaction.CommitAsync(ct));
                return;
            }
            await transaction.RollbackAsync(ct);
        }
    }

    /// <summary>The facts whose documents were not corrected.</summary>
    private async Task<Memory<BulkFact>> WithoutCorrected(Memory<BulkFact> chunk, CancellationToken ct)
    {
        var corrected = new HashSet<(long, long)>();
        await using (var select = _postgres!.Command("SELECT customer_id, document FROM fact_corrections WHERE customer_id = ANY(@ids)", ("@ids", Customers(chunk.Span))))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                corrected.Add((rows.GetInt64(0), rows.GetInt64(1)));
        return corrected.Count == 0 ? chunk : chunk.ToArray().Where(f => f.Document == 0 || !corrected.Contains((f.Customer, f.Document))).ToArray();
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
    private async Task<ReadOnlyMemory<BulkFact>> Insert(Memory<BulkFact> chunk, CancellationToken ct)
    {
        if (!_mayRepeat)
        {
            await _transaction!.SaveAsync("straight", ct);
            try
            {
                await CopyInto("facts", chunk, ct);
                return chunk;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                _mayRepeat = true;
                await _transaction!.RollbackAsync("straight", ct);
            }
        }
        await _postgres!.Execute("TRUNCATE incoming_facts", ct);
        await CopyInto("incoming_facts", chunk, ct);
        var added = new List<BulkFact>();
        await using var insert = _postgres!.Command(
            $"INSERT INTO facts ({FactColumns}) SELECT {FactColumns} FROM incoming_facts ON CONFLICT DO NOTHING RETURNING {FactColumns}");
        await using (var rows = (NpgsqlDataReader)await insert.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                added.Add(Months.FactAt(rows));
        added.Sort();
        return added.ToArray();
    }

    /// <summary>Takes over what the facts that were there already say more. Returns the customers of the rows that changed.</summary>
    private async Task<List<long>> Know(Memory<BulkFact> chunk, ReadOnlyMemory<BulkFact> fresh, CancellationToken ct)
    {
        List<long> customers = [], documents = [], lines = [], details = [];
        var next = 0;
        foreach (var fact in chunk.Span)
        {
            // Both are sorted.
            if (next < fresh.Length && fresh.Span[next].CompareTo(fact) == 0)
            {
                next++;
                continue;
            }
            if (!Fact.KnowsMore(fact.Kind, null, fact.Detail))
                continue;
            customers.Add(fact.Customer);
            documents.Add(fact.Document);
            lines.Add(fact.Line);
            details.Add(fact.Detail!.Value);
        }
        var changed = new List<long>();
        if (customers.Count == 0)
            return changed;
        await using var update = _postgres!.Command(
            "UPDATE facts SET detail = n.told FROM unnest(@customers, @documents, @lines, @details) AS n (c, d, l, told) "
            + $"WHERE facts.customer_id = n.c AND facts.document = n.d AND facts.line = n.l AND {IsUnknown} RETURNING facts.customer_id",
            ("@customers", customers.ToArray()), ("@documents", documents.ToArray()), ("@lines", lines.ToArray()), ("@details", details.ToArray()));
        await using var rows = await update.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            changed.Add(rows.GetInt64(0));
        return changed;
    }

    /// <summary>The next customers of whom facts have other keys than today's; the first is the last one looked at, null at the end.</summary>
    private async Task<(long? Last, List<long> Stale)> StaleKeys(long after, CancellationToken ct)
    {
        await using var db = _storage.NewAppDb();
        await db.Database.OpenConnectionAsync(ct);
        var connection = db.Database.GetDbConnection();
        var customers = new List<long>();
        await using (var next = connection.Command($"SELECT DISTINCT customer_id FROM facts WHERE customer_id > @after ORDER BY customer_id LIMIT {KeysChunk}", ("@after", after)))
        await using (var rows = await next.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                customers.Add(rows.GetInt64(0));
        if (customers.Count == 0)
            return (null, []);
        var (stale, own) = (new List<long>(), new List<BulkFact>());
        void Judge()
        {
            if (own.Count > 0 && _storage.FactKeys.Renewals(own).Count > 0)
                stale.Add(own[0].Customer);
            own.Clear();
        }
        await using var select = connection.Command(
            $"SELECT {FactColumns} FROM facts WHERE customer_id > @after AND customer_id <= @last ORDER BY customer_id", ("@after", after), ("@last", customers[^1]));
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
            {
                var fact = Months.FactAt(rows);
                if (own.Count > 0 && own[0].Customer != fact.Customer)
                    Judge();
                own.Add(fact);
            }
        Judge();
        return (customers.Count < KeysChunk ? null : customers[^1], stale);
    }

    /// <summary>SQLite: new keys for customers, as many as fit into one turn of the gate after the other.</summary>
    private async Task<int> PutKeys(List<long> customers, CancellationToken ct)
    {
        var renewed = 0;
        for (var i = 0; i < customers.Count;)
        {
            using var turn = await _storage.Gate!.Enter(ct);
            var held = Stopwatch.StartNew();
            await using var transaction = await turn.Connection.BeginTransactionAsync(ct);
            using (var months = new SqliteMonths(turn.Connection))
            using (var fact = new SqliteStatement(turn.Connection, "UPDATE facts SET line = ? WHERE customer_id = ? AND document = ? AND line = ?"))
            using (var charge = new SqliteStatement(turn.Connection, "UPDATE late_charges SET line = ? WHERE customer_id = ? AND document = ? AND line = ?"))
                for (; i < customers.Count && held.Elapsed < GateHold; i++)
                    foreach (var (old, line) in _storage.FactKeys.Renewals(months.FactsOf(customers[i])))
                    {
                        renewed += fact.Set(1, line).Set(2, old.Customer).Set(3, old.Document).Set(4, old.Line).Run();
                        charge.Set(1, line).Set(2, old.Customer).Set(3, old.Document).Set(4, old.Line).Run();
                    }
            await Failpoint.Commit(() => transaction.CommitAsync(ct));
        }
        return renewed;
    }

    private async Task<int> CopyKeys(long[] customers, CancellationToken ct)
    {
        var renewed = 0;
        await InTransaction(async () =>
        {
            // Whoever writes facts of these customers meanwhile raises the version too: one of the two waits, and does it again.
            await _postgres!.Execute("UPDATE activity SET version = version + 1 WHERE customer_id = ANY(@ids)", ct, ("@ids", customers));
            var all = (await FactsOf(customers, ct)).Values.SelectMany(own => _storage.FactKeys.Renewals(own)).ToList();
            var parameters = new (string, object?)[]
            {
                ("@customers", all.ConvertAll(r => r.Fact.Customer).ToArray()), ("@documents", all.ConvertAll(r => r.Fact.Document).ToArray()),
                ("@lines", all.ConvertAll(r => r.Fact.Line).ToArray()), ("@renewed", all.ConvertAll(r => r.Line).ToArray()),
            };
            foreach (var table in new[] { "late_charges", "facts" })
                renewed = await _postgres!.Execute(
                    $"UPDATE {table} SET line = n.r FROM unnest(@customers, @documents, @lines, @renewed) AS n (c, d, l, r) "
                    + $"WHERE {table}.customer_id = n.c AND {table}.document = n.d AND {table}.line = n.l", ct, parameters);
            return true;
        }, ct);
        return renewed;
    }

    private async Task CopyInto(string table, ReadOnlyMemory<BulkFact> facts, CancellationToken ct)
    {
        await using var copy = await _postgres!.BeginBinaryImportAsync($"COPY {table} ({FactColumns}) FROM STDIN (FORMAT BINARY)", ct);
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
            if (fact.Detail is { } detail)
                copy.Write(detail, NpgsqlDbType.Bigint);
            else
                copy.WriteNull();
            copy.Write(fact.ProductLine, NpgsqlDbType.Integer);
        }
    }

    private async Task<Dictionary<long, (int Version, byte[] Months)>> OldMonths(long[] customers, CancellationToken ct)
    {
        var old = new Dictionary<long, (int, byte[])>();
        await using var select = _postgres!.Command("SELECT customer_id, version, months FROM activity WHERE customer_id = ANY(@ids)", ("@ids", customers));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            old[rows.GetInt64(0)] = (rows.GetInt32(1), (byte[])rows.GetValue(2));
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

    /// <summary>
    /// The customers whose months cannot be added up: an order document among the new facts had order rows before, a fact is in a
    /// product line, or the old row is of format 1.
    /// </summary>
    private async Task<HashSet<long>> ToRebuild(ReadOnlyMemory<BulkFact> fresh, Dictionary<long, (int Version, byte[] Months)> old, CancellationToken ct)
    {
        var rebuilt = new HashSet<long>();
        foreach (var fact in fresh.Span)
            if (fact.ProductLine != 0 || old.TryGetValue(fact.Customer, out var before) && new ActivityMonths(before.Months).IsOld)
                rebuilt.Add(fact.Customer);
        if (old.Count == 0)
            return rebuilt;
        var (customers, documents, orders) = DocumentsOf(fresh.Span, old.Keys);
        if (customers.Length == 0)
            return rebuilt;
        // A subquery per document, so that it is a look into the index whatever the planner knows of a table that grows.
        await using var select = _postgres!.Command(
            "SELECT DISTINCT n.customer_id FROM unnest(@customers, @documents, @orders) AS n (customer_id, document, orders) "
            + "WHERE (SELECT COUNT(*) FROM facts f WHERE f.customer_id = n.customer_id AND f.document = n.document "
            + $"AND f.kind = {(int)FactKind.Order}) > n.orders", ("@customers", customers), ("@documents", documents), ("@orders", orders));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            rebuilt.Add(rows.GetInt64(0));
        return rebuilt;
    }

    private static (long[] Customers, long[] Documents, int[] Orders) DocumentsOf(ReadOnlySpan<BulkFact> fresh, ICollection<long> old)
    {
        List<long> customers = [], documents = [];
        List<int> orders = [];
        foreach (var fact in fresh)
        {
            if (fact.Document == 0 || fact.Kind != FactKind.Order || !old.Contains(fact.Customer))
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

    /// <summary>The new months of the customers that need not be rebuilt: those of the new facts, added to the old.</summary>
    private static List<(long Customer, int Version, byte[] Months)> Merged(ReadOnlyMemory<BulkFact> fresh, Dictionary<long, (int Version, byte[] Months)> old, HashSet<long> rebuilt)
    {
        var merged = new List<(long, int, byte[])>();
        for (var i = 0; i < fresh.Length;)
        {
            var start = i;
            var customer = fresh.Span[i].Customer;
            while (i < fresh.Length && fresh.Span[i].Customer == customer)
                i++;
            if (rebuilt.Contains(customer) || Months.Build(fresh.Span[start..i]) is not { } built)
                continue;
            merged.Add(old.TryGetValue(customer, out var before) ? (customer, before.Version, ActivityMonths.Merge(before.Months, built)) : (customer, 0, built));
        }
        return merged;
    }

    private async Task<Dictionary<long, List<BulkFact>>> FactsOf(long[] customers, CancellationToken ct)
    {
        var facts = new Dictionary<long, List<BulkFact>>();
        await using var select = _postgres!.Command($"SELECT {FactColumns} FROM facts WHERE customer_id = ANY(@ids) ORDER BY customer_id, document", ("@ids", customers));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var fact = Months.FactAt(rows);
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(facts, fact.Customer, out _);
            (own ??= []).Add(fact);
        }
        return facts;
    }

    /// <summary>Puts what the facts of customers make, months and product lines; false when a version was no longer the one that was read.</summary>
    private async Task<bool> Put(IEnumerable<(long Customer, int Version, List<BulkFact> Facts)> customers, bool withLines, CancellationToken ct)
    {
        var rows = new List<(long Customer, int Version, byte[] Months)>();
        List<long> none = [], ids = [], lineOwners = [];
        List<int> lines = [];
        List<byte[]> lineMonths = [];
        foreach (var (customer, version, facts) in customers)
        {
            ids.Add(customer);
            if (Months.Build(CollectionsMarshal.AsSpan(facts)) is { } built)
                rows.Add((customer, version, built));
            else
                none.Add(customer);
            foreach (var (line, months) in Months.BuildLines(facts))
            {
                lineOwners.Add(customer);
                lines.Add(line);
                lineMonths.Add(months);
            }
        }
        if (!await PutMonths(rows, ct))
            return false;
        if (none.Count > 0)
            await _postgres!.Execute("DELETE FROM activity WHERE customer_id = ANY(@ids)", ct, ("@ids", none.ToArray()));
        if (!withLines)
            return true;
        await _postgres!.Execute("DELETE FROM activity_lines WHERE customer_id = ANY(@ids)", ct, ("@ids", ids.ToArray()));
        if (lines.Count > 0)
            await _postgres!.Execute(
                "INSERT INTO activity_lines (customer_id, product_line, version, months) SELECT c, l, 1, m FROM unnest(@customers, @lines, @months) AS n (c, l, m)", ct,
                ("@customers", lineOwners.ToArray()), ("@lines", lines.ToArray()), ("@months", lineMonths.ToArray()));
        return true;
    }

    private async Task<bool> PutMonths(List<(long Customer, int Version, byte[] Months)> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return true;
        var put = await _postgres!.Execute(
            "INSERT INTO activity (customer_id, version, months) SELECT c, v + 1, m FROM unnest(@customers, @versions, @months) AS n (c, v, m) "
            + "ON CONFLICT (customer_id) DO UPDATE SET months = excluded.months, version = excluded.version WHERE activity.version = excluded.version - 1", ct,
            ("@customers", rows.Select(r => r.Customer).ToArray()), ("@versions", rows.Select(r => r.Version).ToArray()), ("@months", rows.Select(r => r.Months).ToArray()));
        return put == rows.Count;
    }

    /// <summary>A stored row of which more can become known: the other half of <see cref="Fact.KnowsMore"/>, in SQL.</summary>
    private static readonly string IsUnknown =
        $"(facts.kind = {(int)FactKind.Complaint} AND COALESCE(facts.detail, 0) = {(int)ComplaintVerdict.Pending} OR facts.kind IN ({(int)FactKind.Order}, {(int)FactKind.Return}) AND facts.detail IS NULL)";

    internal const string FactColumns = "customer_id, document, line, kind, \"on\", amount, detail, product_line";

    private static string Names(IReadOnlyList<BulkColumn> columns) => string.Join(", ", columns.Select(c => $"\"{c.Name}\""));
}
