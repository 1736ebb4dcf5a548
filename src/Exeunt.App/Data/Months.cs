using System.Data.Common;
using System.Runtime.InteropServices;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Microsoft.Data.Sqlite;

namespace Exeunt.App.Data;

/// <summary>From facts to packed months and the comparison of the two, by the tables' rows.</summary>
public static class Months
{
    private const int WalkChunk = 2_000;

    /// <summary>
    /// The months that the facts of one customer make; null when there are none. Fastest when rows of a document stand together.
    /// </summary>
    /// <exception cref="OverflowException">The sums leave the range of amounts.</exception>
    public static byte[]? Build(ReadOnlySpan<BulkFact> facts)
    {
        if (facts.IsEmpty)
            return null;
        var counting = new Fact[facts.Length];
        var (document, name) = (0L, "");
        for (var i = 0; i < facts.Length; i++)
        {
            var fact = facts[i];
            if (fact.Document != document)
                (document, name) = (fact.Document, Name(fact.Document));
            counting[i] = new Fact(fact.Kind, DateOnly.FromDayNumber(fact.Day), fact.Amount, name, fact.Detail);
        }
        return ActivityMonths.Build(counting);
    }

    /// <summary>The months of each product line that the facts of one customer name, ascending by line. Only trade is in a line.</summary>
    public static IEnumerable<(int Line, byte[] Months)> BuildLines(IReadOnlyList<BulkFact> facts) =>
        facts.Where(f => f.ProductLine != 0 && f.Kind <= FactKind.Other).GroupBy(f => f.ProductLine).OrderBy(g => g.Key)
            .Select(g => (g.Key, Build(g.ToArray())!));

    /// <summary>How many customers' rows differ from what their facts make; the second number is how many were compared.</summary>
    public static async Task<(int Wrong, int Compared)> Check(Storage storage, CancellationToken ct)
    {
        var compared = 0;
        var wrong = await Walk(storage, (_, _) => Task.CompletedTask, ct, n => compared += n);
        return (wrong, compared);
    }

    /// <summary>
    /// Reads facts, months and product lines side by side, ascending by customer, and hands over the customers of whom they differ, some
    /// thousands at a time. Returns how many differ.
    /// </summary>
    internal static async Task<int> Walk(Storage storage, Func<IReadOnlyList<long>, CancellationToken, Task> different, CancellationToken ct, Action<int>? compared = null)
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

    /// <summary>A row of <see cref="Bulk.FactColumns"/>.</summary>
    internal static BulkFact FactAt(DbDataReader rows) =>
        new(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(5), rows.GetInt32(4), (FactKind)rows.GetInt16(3), rows.IsDBNull(6) ? null : rows.GetInt64(6), rows.GetInt32(7));

    private static async Task<(long? Last, int Read, List<long> Wrong)> Compare(Storage storage, long after, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.OpenConnectionAsync(db.Database, ct);
        var connection = Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(db.Database)!;
        // One moment for all that is compared: facts and months go in together.
        await using var moment = await connection.BeginTransactionAsync(
            connection is SqliteConnection ? System.Data.IsolationLevel.Serializable : System.Data.IsolationLevel.RepeatableRead, ct);
        var customers = new List<long>();
        string Next(string table) => $"SELECT customer_id FROM (SELECT DISTINCT customer_id FROM {table} WHERE customer_id > @after ORDER BY customer_id LIMIT {WalkChunk}) AS {table}_next ";
        await using (var next = connection.Command(
            $"{Next("facts")} UNION {Next("activity")} UNION {Next("activity_lines")} ORDER BY customer_id LIMIT {WalkChunk}", ("@after", after)))
        await using (var rows = await next.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                customers.Add(rows.GetInt64(0));
        if (customers.Count == 0)
            return (null, 0, []);
        var range = new (string, object?)[] { ("@after", after), ("@last", customers[^1]) };
        var have = new Dictionary<long, byte[]>();
        await using (var select = connection.Command("SELECT customer_id, months FROM activity WHERE customer_id > @after AND customer_id <= @last", range))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                have[rows.GetInt64(0)] = (byte[])rows.GetValue(1);
        var lines = new Dictionary<long, List<(int, byte[])>>();
        await using (var select = connection.Command(
            "SELECT customer_id, product_line, months FROM activity_lines WHERE customer_id > @after AND customer_id <= @last ORDER BY customer_id, product_line", range))
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
            {
                ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, rows.GetInt64(0), out _);
                (own ??= []).Add((rows.GetInt32(1), (byte[])rows.GetValue(2)));
            }
        var right = new HashSet<long>();
        void Judge(List<BulkFact> facts)
        {
            var customer = facts[0].Customer;
            var built = Build(CollectionsMarshal.AsSpan(facts));
            if (built.AsSpan().SequenceEqual(have.GetValueOrDefault(customer)) && Same(BuildLines(facts), lines.GetValueOrDefault(customer, [])))
                right.Add(customer);
        }
        await using (var select = connection.Command(
            $"SELECT {Bulk.FactColumns} FROM facts WHERE customer_id > @after AND customer_id <= @last ORDER BY customer_id, document", range))
        await using (var rows = await select.ExecuteReaderAsync(ct))
        {
            var facts = new List<BulkFact>();
            while (await rows.ReadAsync(ct))
            {
                var fact = FactAt(rows);
                if (facts.Count > 0 && facts[0].Customer != fact.Customer)
                {
                    Judge(facts);
                    facts.Clear();
                }
                facts.Add(fact);
            }
            if (facts.Count > 0)
                Judge(facts);
        }
        return (customers.Count < WalkChunk ? null : customers[^1], customers.Count, customers.FindAll(c => !right.Contains(c)));
    }

    private static bool Same(IEnumerable<(int Line, byte[] Months)> built, List<(int Line, byte[] Months)> have)
    {
        var i = 0;
        foreach (var (line, months) in built)
            if (i == have.Count || have[i].Line != line || !have[i++].Months.AsSpan().SequenceEqual(months))
                return false;
        return i == have.Count;
    }

    /// <summary>A document's hash as a text of four characters: Core tells documents apart by their number only.</summary>
    private static string Name(long document) =>
        document == 0 ? "" : string.Create(4, document, static (text, d) => MemoryMarshal.Cast<long, char>(new ReadOnlySpan<long>(in d)).CopyTo(text));
}

/// <summary>SQLite: the months of customers, kept in step with facts that were just inserted. Belongs to one turn of the writer.</summary>
internal sealed class SqliteMonths(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _find = new(connection, "SELECT months FROM activity WHERE customer_id = ?");
    private readonly SqliteStatement _put = new(connection,
        "INSERT INTO activity (customer_id, version, months) VALUES (?, 1, ?) ON CONFLICT (customer_id) DO UPDATE SET months = excluded.months, version = version + 1");
    private readonly SqliteStatement _drop = new(connection, "DELETE FROM activity WHERE customer_id = ?");
    private readonly SqliteStatement _dropLines = new(connection, "DELETE FROM activity_lines WHERE customer_id = ?");
    private readonly SqliteStatement _putLine = new(connection, "INSERT INTO activity_lines (customer_id, product_line, version, months) VALUES (?, ?, 1, ?)");
    private readonly SqliteStatement _ofDocument = new(connection, $"SELECT COUNT(*) FROM facts WHERE customer_id = ? AND document = ? AND kind = {(int)FactKind.Order}");
    private readonly SqliteStatement _facts = new(connection,
        "SELECT document, line, amount, \"on\", kind, detail, detail IS NULL, product_line FROM facts WHERE customer_id = ? ORDER BY document");

    /// <summary>Adds new facts of a customer, sorted, to the months.</summary>
    public void Add(long customer, ReadOnlySpan<BulkFact> fresh)
    {
        byte[]? old = _find.Set(1, customer).Next() ? _find.Bytes(0).ToArray() : null;
        _find.Reset();
        var hasLines = false;
        foreach (var fact in fresh)
            hasLines |= fact.ProductLine != 0;
        if (hasLines || (old is not null && (new ActivityMonths(old).IsOld || AddsToADocument(fresh))))
        {
            Rebuild(customer, hasLines);
            return;
        }
        var built = Months.Build(fresh)!;
        _put.Set(1, customer).Set(2, (old is null ? built : ActivityMonths.Merge(old, built)).AsSpan()).Run();
    }

    /// <summary>Builds a customer's months anew from all facts.</summary>
    public void Rebuild(long customer, bool withLines)
    {
        var facts = FactsOf(customer);
        if (Months.Build(CollectionsMarshal.AsSpan(facts)) is { } built)
            _put.Set(1, customer).Set(2, built.AsSpan()).Run();
        else
            _drop.Set(1, customer).Run();
        if (!withLines)
            return;
        _dropLines.Set(1, customer).Run();
        foreach (var (line, months) in Months.BuildLines(facts))
            _putLine.Set(1, customer).Set(2, line).Set(3, months.AsSpan()).Run();
    }

    /// <summary>All facts of a customer, documents together.</summary>
    public List<BulkFact> FactsOf(long customer)
    {
        var facts = new List<BulkFact>();
        _facts.Set(1, customer);
        while (_facts.Next())
            facts.Add(new BulkFact(customer, _facts.Long(0), _facts.Long(1), _facts.Long(2), (int)_facts.Long(3), (FactKind)_facts.Long(4),
                _facts.Long(6) != 0 ? null : _facts.Long(5), (int)_facts.Long(7)));
        return facts;
    }

    public void Dispose()
    {
        _find.Dispose();
        _put.Dispose();
        _drop.Dispose();
        _dropLines.Dispose();
        _putLine.Dispose();
        _ofDocument.Dispose();
        _facts.Dispose();
    }

    /// <summary>Whether an order document among these new facts had order rows before; then adding up months would count it twice.</summary>
    private bool AddsToADocument(ReadOnlySpan<BulkFact> fresh)
    {
        for (var i = 0; i < fresh.Length;)
        {
            var document = fresh[i].Document;
            var orders = 0;
            for (; i < fresh.Length && fresh[i].Document == document; i++)
                orders += fresh[i].Kind == FactKind.Order ? 1 : 0;
            if (document == 0 || orders == 0)
                continue;
            _ofDocument.Set(1, fresh[i - 1].Customer).Set(2, document).Next();
            var there = _ofDocument.Long(0);
            _ofDocument.Reset();
            if (there > orders)
                return true;
        }
        return false;
    }
}
