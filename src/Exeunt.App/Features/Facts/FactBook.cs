using System.Runtime.InteropServices;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Facts;

/// <summary>
/// Puts facts into the books of their customers together with the months and product lines they make. Stages only: the use case saves, so
/// that they go in with what caused them. For thousands at most; files go in by <see cref="Bulk"/>. New facts are added to what is packed;
/// only the customers of whom that cannot be done (corrections, what is known only now, more lines of an order) are read whole, some at a time.
/// </summary>
public sealed class FactBook(AppDb db, Storage storage)
{
    /// <summary>How many customers, or facts, one query names.</summary>
    private const int AtATime = 1_000;

    /// <summary>Of how many customers the whole history is in memory at once.</summary>
    private const int HistoriesAtATime = 50;

    /// <summary>What was staged.</summary>
    /// <param name="Added">New facts.</param>
    /// <param name="Changed">Facts that are there already, of which more is known now.</param>
    /// <param name="Unchanged">Facts that are there already, or whose number was corrected before.</param>
    /// <param name="Removed">Facts that corrections took away.</param>
    public readonly record struct Booked(int Added, int Changed, int Unchanged, int Removed);

    /// <summary>A document of a customer, by its hash.</summary>
    public readonly record struct Document(long Customer, long Hash);

    private readonly record struct Key(long Customer, long Document, long Line)
    {
        public static Key Of(FactRow row) => new(row.CustomerId, row.Document, row.Line);

        public static Key Of(BulkFact fact) => new(fact.Customer, fact.Document, fact.Line);
    }

    /// <summary>
    /// Facts of the product itself that are told again when they change: what is said of the number replaces what was said. All that
    /// one use case tells is told in one call.
    /// </summary>
    /// <param name="source">Who tells it ("feedback").</param>
    /// <param name="told">Of which customer, under which number there, what.</param>
    /// <exception cref="OverflowException">The sums of a customer leave the range of amounts.</exception>
    public async Task<Booked> Tell(string source, IEnumerable<(long Customer, string Number, Fact Fact)> told, DateTimeOffset now, CancellationToken ct)
    {
        var facts = told.Select(t =>
        {
            var fact = new BulkFact(t.Customer, storage.FactKeys.Document(t.Fact.Kind, source, t.Number), 0, t.Fact.Amount, t.Fact.On.DayNumber, t.Fact.Kind, t.Fact.Detail);
            return fact with { Line = storage.FactKeys.Line(storage.FactKeys.Content(fact), 0) };
        }).ToList();
        return facts.Count == 0 ? default : await Stage(facts, facts.Select(f => new Document(f.Customer, f.Document)).ToHashSet(), now, ct);
    }

    /// <summary>
    /// Stages facts. Of the documents in <paramref name="corrected"/> those among the facts are all there is, and what was there before is
    /// removed; of documents that were corrected before, others are left out.
    /// </summary>
    /// <exception cref="OverflowException">The sums of a customer leave the range of amounts.</exception>
    public async Task<Booked> Stage(IReadOnlyList<BulkFact> facts, IReadOnlySet<Document> corrected, DateTimeOffset now, CancellationToken ct)
    {
        var ids = facts.Select(f => f.Customer).Concat(corrected.Select(c => c.Customer)).Distinct().ToList();
        // The versions first: whoever writes facts of these customers after this raises them, and the save is refused.
        var months = new Dictionary<long, ActivityRow>();
        foreach (var some in ids.Chunk(AtATime))
        {
            var owners = some.ToList();
            foreach (var row in await db.Activity.Where(a => owners.Contains(a.CustomerId)).ToListAsync(ct))
                months.Add(row.CustomerId, row);
        }
        var corrections = await Corrections(facts.Where(f => f.Document != 0).Select(f => new Document(f.Customer, f.Document)).Concat(corrected).Distinct(), ct);
        var there = await Stored(facts, corrected, ct);
        var wanted = new HashSet<Key>();
        var fresh = new Dictionary<Key, BulkFact>();
        var staged = new Dictionary<Key, FactRow?>();
        var rebuilt = corrected.Select(c => c.Customer).ToHashSet();
        var (changed, unchanged, removed) = (0, 0, 0);
        foreach (var fact in facts)
        {
            var document = new Document(fact.Customer, fact.Document);
            var replaces = fact.Document != 0 && corrected.Contains(document);
            if (!replaces && fact.Document != 0 && corrections.ContainsKey(document))
            {
                unchanged++;
                continue;
            }
            var key = Key.Of(fact);
            wanted.Add(key);
            if (!there.TryGetValue(key, out var old))
            {
                if (fresh.TryAdd(key, fact))
                    db.Facts.Add(RowOf(fact));
                else
                    unchanged++;
                continue;
            }
            // A correction says all there is; an ordinary line what was not known.
            if (replaces ? old.Detail == fact.Detail : !Fact.KnowsMore(fact.Kind, old.Detail, fact.Detail))
            {
                unchanged++;
                continue;
            }
            if (db.Entry(old).State == EntityState.Detached)
                db.Facts.Attach(old);
            old.Detail = fact.Detail;
            staged[key] = old;
            rebuilt.Add(fact.Customer);
            changed++;
        }
        foreach (var row in there.Values.Where(r => r.Document != 0 && corrected.Contains(new(r.CustomerId, r.Document)) && !wanted.Contains(Key.Of(r))))
        {
            db.Facts.Remove(row);
            staged[Key.Of(row)] = null;
            removed++;
            var correction = CorrectionOf(corrections, new(row.CustomerId, row.Document), now);
            (correction.Removed, correction.RemovedAmount) = (correction.Removed + 1, correction.RemovedAmount + row.Amount);
        }
        foreach (var document in corrected)
            CorrectionOf(corrections, document, now);
        await PutMonths(fresh.Values, staged, months, rebuilt, ct);
        return new Booked(fresh.Count, changed, unchanged, removed);
    }

    /// <summary>The numbers of product lines by their codes; new ones are staged.</summary>
    public async Task<Dictionary<string, int>> Lines(IReadOnlyCollection<string> codes, CancellationToken ct)
    {
        var known = codes.Count == 0 ? [] : await db.ProductLines.AsNoTracking().ToDictionaryAsync(l => l.Code, l => l.Id, StringComparer.Ordinal, ct);
        foreach (var code in codes.Where(c => !known.ContainsKey(c)).Distinct(StringComparer.Ordinal).ToList())
        {
            var line = new ProductLine { Id = known.Count == 0 ? 1 : known.Values.Max() + 1, Code = code };
            db.ProductLines.Add(line);
            known.Add(code, line.Id);
        }
        return known;
    }

    /// <summary>The stored rows with the keys of the facts, and all rows of the corrected documents.</summary>
    private async Task<Dictionary<Key, FactRow>> Stored(IReadOnlyList<BulkFact> facts, IReadOnlySet<Document> corrected, CancellationToken ct)
    {
        var there = new Dictionary<Key, FactRow>();
        foreach (var some in facts.Select(Key.Of).Distinct().Chunk(AtATime))
        {
            long[] customers = [.. some.Select(k => k.Customer)], documents = [.. some.Select(k => k.Document)], lines = [.. some.Select(k => k.Line)];
            var json = JsonSerializer.Serialize(some.Select(k => new[] { k.Customer, k.Document, k.Line }));
            var rows = storage.IsSqlite
                ? db.Facts.FromSql($"""
                    SELECT f.* FROM json_each({json}) AS k CROSS JOIN facts AS f
                    ON f.customer_id = k.value ->> 0 AND f.document = k.value ->> 1 AND f.line = k.value ->> 2
                    """)
                : db.Facts.FromSql($"""
                    SELECT f.* FROM unnest({customers}, {documents}, {lines}) AS k (c, d, l)
                    JOIN facts AS f ON f.customer_id = k.c AND f.document = k.d AND f.line = k.l
                    """);
            foreach (var row in await rows.AsNoTracking().ToListAsync(ct))
                there.Add(Key.Of(row), row);
        }
        foreach (var some in corrected.Chunk(AtATime))
        {
            var (customers, documents, json) = Named(some);
            var rows = storage.IsSqlite
                ? db.Facts.FromSql($"SELECT f.* FROM json_each({json}) AS k CROSS JOIN facts AS f ON f.customer_id = k.value ->> 0 AND f.document = k.value ->> 1")
                : db.Facts.FromSql($"SELECT f.* FROM unnest({customers}, {documents}) AS k (c, d) JOIN facts AS f ON f.customer_id = k.c AND f.document = k.d");
            foreach (var row in await rows.AsNoTracking().ToListAsync(ct))
                there.TryAdd(Key.Of(row), row);
        }
        return there;
    }

    private async Task<Dictionary<Document, FactCorrection>> Corrections(IEnumerable<Document> documents, CancellationToken ct)
    {
        var corrections = new Dictionary<Document, FactCorrection>();
        foreach (var some in documents.Chunk(AtATime))
        {
            var (customers, hashes, json) = Named(some);
            var rows = storage.IsSqlite
                ? db.FactCorrections.FromSql($"SELECT f.* FROM json_each({json}) AS k CROSS JOIN fact_corrections AS f ON f.customer_id = k.value ->> 0 AND f.document = k.value ->> 1")
                : db.FactCorrections.FromSql($"SELECT f.* FROM unnest({customers}, {hashes}) AS k (c, d) JOIN fact_corrections AS f ON f.customer_id = k.c AND f.document = k.d");
            foreach (var row in await rows.ToListAsync(ct))
                corrections.Add(new(row.CustomerId, row.Document), row);
        }
        return corrections;
    }

    /// <summary>The customers of whom one of these documents has an order row already: adding up months would count the order twice.</summary>
    private async Task<List<long>> WithOrders(IEnumerable<Document> documents, CancellationToken ct)
    {
        var owners = new List<long>();
        foreach (var some in documents.Chunk(AtATime))
        {
            var (customers, hashes, json) = Named(some);
            const short order = (short)FactKind.Order;
            var rows = storage.IsSqlite
                ? db.Database.SqlQuery<long>($"""
                    SELECT DISTINCT k.value ->> 0 AS "Value" FROM json_each({json}) AS k
                    WHERE EXISTS (SELECT 1 FROM facts AS f WHERE f.customer_id = k.value ->> 0 AND f.document = k.value ->> 1 AND f.kind = {order})
                    """)
                : db.Database.SqlQuery<long>($"""
                    SELECT DISTINCT k.c AS "Value" FROM unnest({customers}, {hashes}) AS k (c, d)
                    WHERE EXISTS (SELECT 1 FROM facts AS f WHERE f.customer_id = k.c AND f.document = k.d AND f.kind = {order})
                    """);
            owners.AddRange(await rows.ToListAsync(ct));
        }
        return owners;
    }

    /// <summary>Documents as the parameters that name them: arrays on PostgreSQL, JSON on SQLite.</summary>
    private static (long[] Customers, long[] Documents, string Json) Named(Document[] documents) =>
        ([.. documents.Select(d => d.Customer)], [.. documents.Select(d => d.Hash)], JsonSerializer.Serialize(documents.Select(d => new[] { d.Customer, d.Hash })));

    private FactCorrection CorrectionOf(Dictionary<Document, FactCorrection> corrections, Document document, DateTimeOffset now)
    {
        if (!corrections.TryGetValue(document, out var correction))
            db.FactCorrections.Add(corrections[document] = correction = new FactCorrection { CustomerId = document.Customer, Document = document.Hash, At = now });
        else if (correction.At != now)
            (correction.At, correction.Version) = (now, correction.Version + 1);
        return correction;
    }

    /// <summary>Adds new facts to what is packed of their customers, and builds anew what cannot be added up.</summary>
    /// <param name="staged">Rows as they will be, of those that change; null: removed.</param>
    /// <param name="rebuilt">Who must be built anew in any case.</param>
    private async Task PutMonths(IReadOnlyCollection<BulkFact> fresh, Dictionary<Key, FactRow?> staged, Dictionary<long, ActivityRow> months, HashSet<long> rebuilt, CancellationToken ct)
    {
        rebuilt.UnionWith(fresh.Select(f => f.Customer).Where(c => months.TryGetValue(c, out var row) && new ActivityMonths(row.Months).IsOld));
        rebuilt.UnionWith(await WithOrders(fresh.Where(f => f is { Kind: FactKind.Order, Document: not 0 } && !rebuilt.Contains(f.Customer)).Select(f => new Document(f.Customer, f.Document)).Distinct(), ct));
        foreach (var some in fresh.Where(f => !rebuilt.Contains(f.Customer)).GroupBy(f => f.Customer).Chunk(AtATime))
        {
            var lines = await LinesOf([.. some.Where(g => g.Any(f => f.ProductLine != 0)).Select(g => g.Key)], ct);
            foreach (var own in some)
            {
                List<BulkFact> sorted = [.. own.Order()];
                var built = Months.Build(CollectionsMarshal.AsSpan(sorted))!;
                Put(own.Key, months.GetValueOrDefault(own.Key), months.TryGetValue(own.Key, out var row) ? ActivityMonths.Merge(row.Months, built) : built);
                foreach (var (line, packed) in Months.BuildLines(sorted))
                    Put(own.Key, line, lines.GetValueOrDefault((own.Key, line)), lines.TryGetValue((own.Key, line), out var there) ? ActivityMonths.Merge(there.Months, packed) : packed);
            }
        }
        var added = fresh.ToLookup(f => f.Customer);
        foreach (var some in rebuilt.Chunk(HistoriesAtATime))
            await Rebuild([.. some], added, staged, months, ct);
    }

    /// <summary>Builds customers anew from all their facts, as they will be when what is staged is saved.</summary>
    private async Task Rebuild(List<long> customers, ILookup<long, BulkFact> fresh, Dictionary<Key, FactRow?> staged, Dictionary<long, ActivityRow> months, CancellationToken ct)
    {
        var stored = (await db.Facts.AsNoTracking().Where(f => customers.Contains(f.CustomerId)).ToListAsync(ct))
            .Select(row => staged.TryGetValue(Key.Of(row), out var changed) ? changed : row).OfType<FactRow>().ToLookup(f => f.CustomerId, FactOf);
        var lines = await LinesOf(customers, ct);
        foreach (var id in customers)
        {
            List<BulkFact> own = [.. stored[id].Concat(fresh[id]).Order()];
            Put(id, months.GetValueOrDefault(id), Months.Build(CollectionsMarshal.AsSpan(own)));
            foreach (var (line, packed) in Months.BuildLines(own))
            {
                lines.Remove((id, line), out var there);
                Put(id, line, there, packed);
            }
        }
        db.ActivityLines.RemoveRange(lines.Values);
    }

    private async Task<Dictionary<(long Customer, int Line), ActivityLineRow>> LinesOf(List<long> customers, CancellationToken ct) =>
        customers.Count == 0 ? [] : (await db.ActivityLines.Where(a => customers.Contains(a.CustomerId)).ToListAsync(ct)).ToDictionary(a => (a.CustomerId, a.ProductLine));

    private void Put(long customer, ActivityRow? row, byte[]? months)
    {
        if (row is not null && months is null)
            db.Activity.Remove(row);
        else if (row is not null)
            (row.Months, row.Version) = (months!, row.Version + 1);
        else if (months is not null)
            db.Activity.Add(new ActivityRow { CustomerId = customer, Months = months, Version = 1 });
    }

    private void Put(long customer, int line, ActivityLineRow? row, byte[] months)
    {
        if (row is null)
            db.ActivityLines.Add(new ActivityLineRow { CustomerId = customer, ProductLine = line, Months = months, Version = 1 });
        else
            (row.Months, row.Version) = (months, row.Version + 1);
    }

    private static FactRow RowOf(BulkFact f) =>
        new() { CustomerId = f.Customer, Document = f.Document, Line = f.Line, Kind = f.Kind, On = DateOnly.FromDayNumber(f.Day), Amount = f.Amount, Detail = f.Detail, ProductLine = f.ProductLine };

    private static BulkFact FactOf(FactRow f) => new(f.CustomerId, f.Document, f.Line, f.Amount, f.On.DayNumber, f.Kind, f.Detail, f.ProductLine);
}
