using System.Runtime.InteropServices;
using Exeunt.App.Data;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Facts;

/// <summary>
/// Puts facts into the books of their customers together with the months and product lines they make. Stages only: the use case saves, so
/// that they go in with what caused them. For thousands at most; files go in by <see cref="Bulk"/>.
/// </summary>
public sealed class FactBook(AppDb db, Storage storage)
{
    /// <summary>What was staged.</summary>
    /// <param name="Added">New facts.</param>
    /// <param name="Unchanged">Facts that are there already, or whose number was corrected before.</param>
    /// <param name="Removed">Facts that corrections took away.</param>
    public readonly record struct Booked(int Added, int Unchanged, int Removed);

    /// <summary>A document of a customer, by its hash.</summary>
    public readonly record struct Document(long Customer, long Hash);

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
            var document = storage.FactKeys.Document(t.Fact.Kind, source, t.Number);
            return new BulkFact(t.Customer, document, storage.FactKeys.Line(ContentOf(t.Customer, document, t.Fact), 0), t.Fact.Amount, t.Fact.On.DayNumber, t.Fact.Kind, t.Fact.Detail);
        }).ToList();
        return facts.Count == 0 ? default : await Stage(facts, facts.Select(f => new Document(f.Customer, f.Document)).ToHashSet(), now, ct);
    }

    /// <summary>What a line says, for its key. The detail is no part of it: it may become known later.</summary>
    public ulong ContentOf(long customer, long document, Fact fact) => storage.FactKeys.Content(customer, document, fact.On, fact.Kind, 1, fact.Amount);

    /// <summary>
    /// Stages facts. Of the documents in <paramref name="corrected"/> those among the facts are all there is, and what was there before is
    /// removed; of documents that were corrected before, others are left out.
    /// </summary>
    /// <exception cref="OverflowException">The sums of a customer leave the range of amounts.</exception>
    public async Task<Booked> Stage(IReadOnlyList<BulkFact> facts, IReadOnlySet<Document> corrected, DateTimeOffset now, CancellationToken ct)
    {
        var ids = facts.Select(f => f.Customer).Concat(corrected.Select(c => c.Customer)).Distinct().ToList();
        // The versions first: whoever writes facts of these customers after this raises them, and the save is refused.
        var months = await db.Activity.Where(a => ids.Contains(a.CustomerId)).ToDictionaryAsync(a => a.CustomerId, ct);
        var stored = await db.Facts.AsNoTracking().Where(f => ids.Contains(f.CustomerId)).ToListAsync(ct);
        var corrections = (await db.FactCorrections.Where(c => ids.Contains(c.CustomerId)).ToListAsync(ct)).ToDictionary(c => new Document(c.CustomerId, c.Document));
        var there = stored.ToDictionary(KeyOf);
        var wanted = new HashSet<(long, long, long)>();
        var (added, unchanged, removed) = (0, 0, 0);
        foreach (var fact in facts)
        {
            var document = new Document(fact.Customer, fact.Document);
            var replaces = fact.Document != 0 && corrected.Contains(document);
            if (!replaces && fact.Document != 0 && corrections.ContainsKey(document))
            {
                unchanged++;
                continue;
            }
            wanted.Add((fact.Customer, fact.Document, fact.Line));
            var row = RowOf(fact);
            if (there.TryGetValue(KeyOf(row), out var old))
            {
                unchanged++;
                // What a correction knows more of the same line is taken over.
                if (replaces && (old.Detail, old.ProductLine) != (row.Detail, row.ProductLine))
                {
                    db.Facts.Attach(old);
                    (old.Detail, old.ProductLine) = (row.Detail, row.ProductLine);
                }
                continue;
            }
            db.Facts.Add(row);
            there.Add(KeyOf(row), row);
            added++;
        }
        foreach (var row in stored.Where(r => r.Document != 0 && corrected.Contains(new(r.CustomerId, r.Document)) && !wanted.Contains(KeyOf(r))))
        {
            db.Facts.Remove(row);
            there.Remove(KeyOf(row));
            removed++;
            var correction = CorrectionOf(corrections, new(row.CustomerId, row.Document), now);
            (correction.Removed, correction.RemovedAmount) = (correction.Removed + 1, correction.RemovedAmount + row.Amount);
        }
        foreach (var document in corrected)
            CorrectionOf(corrections, document, now);
        await PutMonths(ids, months, there.Values.GroupBy(f => f.CustomerId).ToDictionary(g => g.Key, g => g.Select(FactOf).Order().ToList()), ct);
        return new Booked(added, unchanged, removed);
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

    private FactCorrection CorrectionOf(Dictionary<Document, FactCorrection> corrections, Document document, DateTimeOffset now)
    {
        if (!corrections.TryGetValue(document, out var correction))
            db.FactCorrections.Add(corrections[document] = correction = new FactCorrection { CustomerId = document.Customer, Document = document.Hash, At = now });
        else if (correction.At != now)
            (correction.At, correction.Version) = (now, correction.Version + 1);
        return correction;
    }

    private async Task PutMonths(List<long> ids, Dictionary<long, ActivityRow> months, Dictionary<long, List<BulkFact>> facts, CancellationToken ct)
    {
        var lines = (await db.ActivityLines.Where(a => ids.Contains(a.CustomerId)).ToListAsync(ct)).ToDictionary(a => (a.CustomerId, a.ProductLine));
        foreach (var id in ids)
        {
            var own = facts.GetValueOrDefault(id, []);
            var built = Months.Build(CollectionsMarshal.AsSpan(own));
            if (months.TryGetValue(id, out var row) && built is null)
                db.Activity.Remove(row);
            else if (row is not null)
                (row.Months, row.Version) = (built!, row.Version + 1);
            else if (built is not null)
                db.Activity.Add(new ActivityRow { CustomerId = id, Months = built, Version = 1 });
            foreach (var (line, packed) in Months.BuildLines(own))
                if (lines.Remove((id, line), out var there))
                    (there.Months, there.Version) = (packed, there.Version + 1);
                else
                    db.ActivityLines.Add(new ActivityLineRow { CustomerId = id, ProductLine = line, Months = packed, Version = 1 });
        }
        db.ActivityLines.RemoveRange(lines.Values);
    }

    private static (long, long, long) KeyOf(FactRow row) => (row.CustomerId, row.Document, row.Line);

    private static FactRow RowOf(BulkFact f) =>
        new() { CustomerId = f.Customer, Document = f.Document, Line = f.Line, Kind = f.Kind, On = DateOnly.FromDayNumber(f.Day), Amount = f.Amount, Detail = f.Detail, ProductLine = f.ProductLine };

    private static BulkFact FactOf(FactRow f) => new(f.CustomerId, f.Document, f.Line, f.Amount, f.On.DayNumber, f.Kind, f.Detail, f.ProductLine);
}
