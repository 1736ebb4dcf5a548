using Exeunt.App.Data;
using Exeunt.App.Features.Imports;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Facts;

/// <summary>
/// Takes facts of customers that are there already, all of them or none, with the months they make. What is there already changes nothing,
/// but for a verdict or cost that was not known.
/// </summary>
public sealed class RecordFacts(AppDb db, Storage storage, FactBook book) : UseCase<RecordFacts.Request, RecordFacts.Recorded>(db)
{
    public const int MaxLines = 5_000;
    private const int MaxSource = 40;

    /// <param name="Customer">The customer's number at the source.</param>
    /// <param name="Fact">What happened.</param>
    public sealed record Line(string? Customer, FactLine Fact);

    /// <param name="Source">The system that the numbers are from.</param>
    public sealed record Request(string? Source, IReadOnlyList<Line>? Facts);

    /// <param name="Added">New facts.</param>
    /// <param name="Changed">There already, and a verdict or cost is known now.</param>
    /// <param name="Unchanged">There already, or of a number that was corrected before.</param>
    /// <param name="Removed">Taken away by corrections.</param>
    public sealed record Recorded(int Added, int Changed, int Unchanged, int Removed);

    public override Permission Needs => Permission.ImportData;

    /// <summary>Others may write facts of the same customers meanwhile.</summary>
    protected override int Tries => 5;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Source is { } named && named.Length is 0 or > MaxSource)
            return FactRefusals.Source;
        if (request.Facts is not { Count: > 0 } lines)
            return FactRefusals.NoFacts;
        if (lines.Count > MaxLines)
            return FactRefusals.TooMany;
        var source = request.Source ?? "own";
        var customers = await Customers(call, source, lines, ct);
        var codes = await book.Lines([.. lines.Select(l => l.Fact.LineCode).OfType<string>().Where(c => c.Length <= ProductLine.MaxCode)], ct);
        var read = Read(source, lines, customers, codes, call.Today(Clocks.CompanyZone));
        if (read.Refusal is { } no)
            return no;
        var (facts, corrected) = read.Value;
        FactBook.Booked booked;
        try
        {
            booked = await book.Stage(facts, corrected, call.Now, ct);
        }
        catch (OverflowException)
        {
            return FactRefusals.TooLarge;
        }
        Db.Audit(call, "facts.recorded", "facts", new { lines = lines.Count, added = booked.Added, changed = booked.Changed, removed = booked.Removed, customers = customers.Count });
        if (booked.Added > 0 && facts.Any(f => f.Kind <= FactKind.Other))
            Db.Enqueue(Effect.Now(LateCharges.ScanLateCharges.Kind, $"{LateCharges.ScanLateCharges.Kind}|{Guid.CreateVersion7():N}", call, new LateCharges.ScanLateCharges.What(false)));
        return await Commit(new Recorded(booked.Added, booked.Changed, booked.Unchanged, booked.Removed), ct);
    }

    /// <summary>The customers that the caller may import for, by their numbers.</summary>
    private async Task<Dictionary<string, (long Id, string Currency)>> Customers(Call call, string source, IReadOnlyList<Line> lines, CancellationToken ct)
    {
        var scope = call.Actor.UnitsFor(Needs);
        var units = (await Db.Units.AsNoTracking().Select(u => new { u.Id, u.Path }).ToListAsync(ct))
            .Where(u => scope.Any(s => u.Path.StartsWith(s, StringComparison.Ordinal))).Select(u => u.Id).ToHashSet();
        var found = new Dictionary<string, (long, string)>(StringComparer.Ordinal);
        foreach (var chunk in lines.Select(l => l.Customer).OfType<string>().Where(n => n.Length is > 0 and <= FactLine.MaxNumber).Distinct(StringComparer.Ordinal).Chunk(250))
        {
            // Several spellings may be of one customer, and one spelling has several tokens, of which the first that stands for anybody counts: who was erased
            // is not taken for another whom an earlier version told apart by the spelling.
            var spelled = chunk.ToDictionary(n => n, n => storage.Numbers.AnyOfCustomer(source, n), StringComparer.Ordinal);
            var tokens = spelled.Values.SelectMany(t => t.All).ToList();
            var there = (await Db.Customers.AsNoTracking().Where(c => tokens.Contains(c.NumberToken!) && c.ErasedAt == null).Select(c => new { c.Id, c.NumberToken, c.UnitId, c.Currency }).ToListAsync(ct))
                .ToDictionary(c => Convert.ToHexString(c.NumberToken!));
            var erased = (await ReEntry.Suppression.Of(Db).Where(e => tokens.Contains(e.Token!)).Select(e => e.Token!).ToListAsync(ct)).Select(t => Convert.ToHexString(t)).ToHashSet(StringComparer.Ordinal);
            foreach (var (number, any) in spelled)
                if (any.All.Select(t => Convert.ToHexString(t)).FirstOrDefault(t => there.ContainsKey(t) || erased.Contains(t)) is { } first
                    && there.TryGetValue(first, out var one) && units.Contains(one.UnitId))
                    found[number] = (one.Id, one.Currency);
        }
        return found;
    }

    /// <summary>All lines as facts and the documents they correct, or the first that is wrong, by its place and field.</summary>
    private Outcome<(List<BulkFact> Facts, HashSet<FactBook.Document> Corrected)> Read(
        string source, IReadOnlyList<Line> lines, Dictionary<string, (long Id, string Currency)> customers, Dictionary<string, int> codes, DateOnly today)
    {
        var facts = new List<BulkFact>(lines.Count);
        var corrections = new Dictionary<FactBook.Document, FactCorrecting>();
        var plain = new HashSet<FactBook.Document>();
        var ordinals = new LineOrdinals();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Fact;
            if (lines[i].Customer is not { } number || !customers.TryGetValue(number, out var customer))
                return At(i, FactRefusals.Customer);
            var read = line.Read(Currency.MinorDigits(customer.Currency), today);
            if (read.Refusal is { } no)
                return At(i, no);
            var fact = read.Value;
            var document = storage.FactKeys.Document(fact.Kind, source, (line.Number ?? "").AsSpan().Trim());
            var of = new FactBook.Document(customer.Id, document);
            if (line.Correction is { } correcting && !corrections.TryAdd(of, correcting) && corrections[of] != correcting)
                return At(i, FactRefusals.BothWays);
            if (line.Correction is null && document != 0)
                plain.Add(of);
            if (plain.Contains(of) && corrections.ContainsKey(of))
                return At(i, FactRefusals.Correcting);
            if (line.Correction == FactCorrecting.Cancel)
                continue;
            var booked = new BulkFact(customer.Id, document, 0, fact.Amount, fact.On.DayNumber, fact.Kind, fact.Detail, line.LineCode is { } code ? codes[code] : 0);
            var content = storage.FactKeys.Content(booked);
            facts.Add(booked with { Line = storage.FactKeys.Line(content, ordinals.Next(content)) });
        }
        return (facts, corrections.Keys.ToHashSet());
    }

    private static Refusal At(int line, Refusal refusal) => refusal with { Field = $"facts[{line}].{refusal.Field}" };
}
