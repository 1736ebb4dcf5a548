using System.Globalization;
using System.Runtime.InteropServices;
using Exeunt.App.Data;
using Exeunt.App.Features.Facts;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using FactRefusals = Exeunt.App.Features.Facts.FactRefusals;

namespace Exeunt.App.Features.Imports;

/// <summary>
/// Facts of every kind, of customers that are there already. Ordinary ones go in by the batch; those that correct a number are kept until the
/// file's end, so that what it tells in the ordinary way of a corrected number does not count, wherever it stands.
/// </summary>
internal sealed class KindRows(ImportContext context) : RowSink(context)
{
    private const int Batch = 250_000;
    private const int MaxCorrections = 100_000;
    private const int CorrectionsAtATime = 1_000;
    private static readonly string[] Names = [.. ImportMap.ColumnsOf[ImportNoun.Facts].Select(c => c.Name)];
    private readonly List<BulkFact> _facts = [];
    private readonly Dictionary<FactBook.Document, (FactCorrecting How, List<BulkFact> Facts)> _corrections = [];
    private readonly LineOrdinals _ordinals = new();
    private readonly DateOnly _today = context.Call.Today(Clocks.CompanyZone);

    public override bool IsFull => _facts.Count >= Batch;

    public override (Refusal? Refusal, int Column) Take(ImportRow row)
    {
        var (customer, no) = CustomerOf(row[0]);
        if (customer is null)
            return (no, 0);
        var line = LineOf(row, out var wrong);
        if (line is null)
            return wrong;
        var read = line.Read(Currency.MinorDigits(customer.Currency), _today);
        if (read.Refusal is { } refusal)
            return (refusal, Array.IndexOf(Names, refusal.Field));
        if (line.LineCode is { } code && OneLine.IsBroken(code))
            return (ImportRefusals.ControlCharacter, 6);
        var fact = read.Value;
        var keys = Context.Storage.FactKeys;
        var document = keys.Document(fact.Kind, Context.Map.Source, row[3].Trim());
        var booked = new BulkFact(customer.Id, document, 0, fact.Amount, fact.On.DayNumber, fact.Kind, fact.Detail, Context.LineOf(line.LineCode));
        var content = keys.Content(booked);
        booked = booked with { Line = keys.Line(content, _ordinals.Next(content)) };
        Span<long> key = [booked.Customer, booked.Document, booked.Line];
        Digest.AppendData(MemoryMarshal.AsBytes(key));
        if (line.Correction is not { } how)
        {
            _facts.Add(booked);
            return Taken;
        }
        if (_corrections.Count >= MaxCorrections)
            return (FactRefusals.TooMany, 15);
        ref var correction = ref CollectionsMarshal.GetValueRefOrAddDefault(_corrections, new(customer.Id, document), out var there);
        if (there && correction.How != how)
            return (FactRefusals.BothWays, 15);
        correction = (how, correction.Facts ?? []);
        if (how == FactCorrecting.Replace)
            correction.Facts.Add(booked);
        return Taken;
    }

    public override async Task Flush(CancellationToken ct)
    {
        if (Context.IsDryRun)
        {
            Added += _facts.Count;
        }
        else if (_facts.Count > 0)
        {
            await Context.SaveLines(ct);
            try
            {
                var (added, changed) = await Context.Bulk.InsertFacts(_facts.ToArray(), ct);
                (Added, Changed, Unchanged) = (Added + added, Changed + changed, Unchanged + _facts.Count - added - changed);
            }
            catch (OverflowException)
            {
                throw new ImportFileException(ImportRefusals.AmountsTooLarge);
            }
        }
        _facts.Clear();
    }

    public override async Task Finish(CancellationToken ct)
    {
        await Flush(ct);
        if (Context.IsDryRun)
        {
            Changed += _corrections.Count;
            return;
        }
        await Context.SaveLines(ct);
        foreach (var some in _corrections.Chunk(CorrectionsAtATime))
            for (var tries = 5; !await Correct(some, tries == 1, ct); tries--) { }
    }

    /// <summary>Puts some corrections; false when somebody else wrote facts of the same customers meanwhile.</summary>
    private async Task<bool> Correct(KeyValuePair<FactBook.Document, (FactCorrecting How, List<BulkFact> Facts)>[] some, bool isLastTry, CancellationToken ct)
    {
        await using var db = Context.Storage.NewAppDb();
        try
        {
            var booked = await new FactBook(db, Context.Storage).Stage([.. some.SelectMany(c => c.Value.Facts)], some.Select(c => c.Key).ToHashSet(), Context.Call.Now, ct);
            db.Audit(Context.Call, "facts.corrected", "facts", new { documents = some.Length, added = booked.Added, removed = booked.Removed });
            await db.SaveChangesAsync(ct);
            Changed += some.Length;
            return true;
        }
        catch (OverflowException)
        {
            throw new ImportFileException(ImportRefusals.AmountsTooLarge);
        }
        catch (Microsoft.EntityFrameworkCore.DbUpdateException e) when (!isLastTry && (e is Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException || db.IsUniqueViolation(e)))
        {
            return false;
        }
    }

    /// <summary>The row as a fact's line; null: a cell cannot be read.</summary>
    private FactLine? LineOf(ImportRow row, out (Refusal?, int) wrong)
    {
        wrong = default;
        for (var c = 1; c < Names.Length; c++)
            if (row[c].Length > MaxText)
                return Fails(ImportRefusals.TooLong, c, out wrong);
        if (!Words.TryRead<FactKind>(row.Text(1), out var kind) || kind is null)
            return Fails(row.Text(1) is null ? ImportRefusals.Required : FactRefusals.Kind, 1, out wrong);
        var amounts = new decimal?[Names.Length];
        foreach (var c in new[] { 4, 5, 10, 13 })
            if (row.Text(c) is { } text)
            {
                if (!Numbers.TryRead(text, out var number))
                    return Fails(ImportRefusals.Number, c, out wrong);
                amounts[c] = number;
            }
        var days = new DateOnly?[Names.Length];
        foreach (var c in new[] { 2, 7, 14 })
            if (row.Text(c) is not null)
            {
                if (!row.TryDate(c, Context.Map, out var day))
                    return Fails(ImportRefusals.Date, c, out wrong);
                days[c] = day;
            }
        var counts = new int?[Names.Length];
        foreach (var c in new[] { 9, 11 })
            if (row.Text(c) is { } text)
            {
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                    return Fails(ImportRefusals.Whole, c, out wrong);
                counts[c] = count;
            }
        ComplaintVerdict? verdict = null;
        if (row.Text(8) is not null && !Words.TryRead(row.Text(8), out verdict))
            return Fails(ImportRefusals.Word, 8, out wrong);
        if (row.Text(12) is not (null or "0" or "1"))
            return Fails(ImportRefusals.Word, 12, out wrong);
        if (!Words.TryRead<FactCorrecting>(row.Text(15), out var correction))
            return Fails(ImportRefusals.Word, 15, out wrong);
        return new FactLine(kind, days[2], row.Text(3), amounts[4], amounts[5], row.Text(6), days[7], verdict, counts[9], amounts[10], counts[11],
            row.Text(12) is { } kept ? kept == "1" : null, amounts[13], days[14], correction);
    }

    private static FactLine? Fails(Refusal why, int column, out (Refusal?, int) wrong)
    {
        wrong = (why, column);
        return null;
    }
}

/// <summary>Words of a fixed list, as files write them: letters in any case.</summary>
internal static class Words
{
    /// <summary>Reads a word; an empty cell is none. False when it is not of the list.</summary>
    public static bool TryRead<T>(string? text, out T? word) where T : struct, Enum
    {
        word = null;
        if (text is null)
            return true;
        if (!char.IsAsciiLetter(text[0]) || !Enum.TryParse<T>(text, ignoreCase: true, out var known) || !Enum.IsDefined(known))
            return false;
        word = known;
        return true;
    }

    /// <summary>Reads what became of a complaint; an empty cell is pending.</summary>
    public static bool TryVerdict(ReadOnlySpan<char> text, out ComplaintVerdict verdict)
    {
        var bare = text.Trim();
        var read = TryRead<ComplaintVerdict>(bare.IsEmpty ? null : bare.ToString(), out var known);
        verdict = known ?? ComplaintVerdict.Pending;
        return read;
    }
}
