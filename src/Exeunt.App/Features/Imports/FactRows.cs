using System.Globalization;
using System.Runtime.InteropServices;
using Exeunt.App.Data;
using Exeunt.App.Features.Facts;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using FactKind = Exeunt.Core.Activity.FactKind;
using FactRefusals = Exeunt.App.Features.Facts.FactRefusals;

namespace Exeunt.App.Features.Imports;

/// <summary>
/// Invoices and complaints: rows that become facts. A customer that an invoice names for the first time is created with
/// nothing but its number.
/// </summary>
internal sealed class FactRows(ImportContext context) : RowSink(context)
{
    private const int Batch = 250_000;
    private const int MaxNewCustomers = 20_000;
    private const int CustomerColumn = 0, DocumentColumn = 1, DateColumn = 2, QuantityColumn = 3, PriceColumn = 4, AmountColumn = 5, CurrencyColumn = 6, CountryColumn = 7, CostColumn = 8, LineColumn = 9;
    private const int VerdictColumn = 3;
    private readonly List<BulkFact> _facts = [];
    private readonly List<NewCustomer> _new = [];
    private Task _writing = Task.CompletedTask;
    private readonly LineOrdinals _ordinals = new();
    private readonly Dictionary<string, int> _digits = new(StringComparer.Ordinal);
    private readonly DateOnly _today = context.Call.Today(Clocks.CompanyZone);
    private readonly bool _isComplaint = context.Map.Noun == ImportNoun.Complaints;

    private sealed record NewCustomer(long Id, string Number, byte[] Token, string Currency, string? Country);

    public override bool IsFull => _facts.Count >= Batch || _new.Count >= MaxNewCustomers;

    public override (Refusal? Refusal, int Column) Take(ImportRow row)
    {
        if (!row.TryDate(DateColumn, Context.Map, out var on))
            return (row[DateColumn].IsWhiteSpace() ? ImportRefusals.Required : ImportRefusals.Date, DateColumn);
        if (!FactLine.IsDay(on, _today))
            return (FactRefusals.Day, DateColumn);
        var number = row[CustomerColumn];
        if (CheckNumber(number) is { } bad)
            return (bad, CustomerColumn);
        var documentNumber = row[DocumentColumn].Trim();
        if (documentNumber.Length > MaxText)
            return (ImportRefusals.TooLong, DocumentColumn);
        if (documentNumber.IsEmpty && row.Has(DocumentColumn))
            return (ImportRefusals.Required, DocumentColumn);
        var source = Context.Map.Source;
        if (_isComplaint)
        {
            var (complainant, refusal) = CustomerOf(number);
            if (complainant is null)
                return (refusal, CustomerColumn);
            if (!Words.TryVerdict(row[VerdictColumn], out var verdict))
                return (ImportRefusals.Word, VerdictColumn);
            Add(complainant.Id, Context.Storage.FactKeys.Document(FactKind.Complaint, source, documentNumber), on, FactKind.Complaint, 0, (long)verdict);
            return Taken;
        }

        if (Amount(row, out var quantity, out var price) is (not null, _) wrong)
            return wrong;
        var currency = CurrencyOf(row[CurrencyColumn].Trim());
        if (currency is not null && !Currency.IsKnown(currency))
            return (ImportRefusals.Currency, CurrencyColumn);
        var known = Context.Find(number, out var tokens);
        if (known is { IsInScope: false })
            return (ImportRefusals.NoSuchCustomer, CustomerColumn);
        if (known is null && Context.IsSuppressed(tokens!))
            return (ImportRefusals.Suppressed, CustomerColumn);
        currency ??= known?.Currency;
        if (currency is null)
            return (ImportRefusals.Required, CurrencyColumn);
        if (known is not null && known.Currency != currency)
            return (ImportRefusals.OtherCurrency, CurrencyColumn);
        // The first letter decides the kind; the number itself goes into the hash only.
        var kindOf = documentNumber.IsEmpty ? "" : documentNumber[0] switch { 'A' => "A", 'C' => "C", _ => "" };
        var fact = FactReading.Read(kindOf, on, quantity, price, Digits(currency));
        if (fact.Refusal is { } tooLarge)
            return (tooLarge, row.Has(AmountColumn) ? AmountColumn : PriceColumn);
        long? cost = null;
        if (row.Text(CostColumn) is { } said)
        {
            if (Numbers.Minor(said, Digits(currency)) is not { } minor || minor < 0 || fact.Value.Kind is not (FactKind.Order or FactKind.Return))
                return (ImportRefusals.Number, CostColumn);
            cost = fact.Value.Kind == FactKind.Return ? -minor : minor;
        }
        var line = row.Text(LineColumn);
        if (line?.Length > Facts.ProductLine.MaxCode)
            return (ImportRefusals.LongerThan(Facts.ProductLine.MaxCode), LineColumn);
        if (line is not null && OneLine.IsBroken(line))
            return (ImportRefusals.ControlCharacter, LineColumn);
        known ??= Create(number.ToString(), tokens!.Own, currency, row[CountryColumn]);
        Add(known.Id, Context.Storage.FactKeys.Document(source, documentNumber), on, fact.Value.Kind, fact.Value.Amount, cost, Context.LineOf(line));
        return Taken;
    }

    /// <summary>Writes a batch while the next is read.</summary>
    public override async Task Flush(CancellationToken ct)
    {
        await _writing;
        NewCustomers += _new.Count;
        await Context.Reserve("customers", MaxNewCustomers + 1, ct);
        if (!Context.IsDryRun)
            await Context.SaveLines(ct);
        if (Context.IsDryRun)
        {
            Added += _facts.Count;
        }
        else if (_facts.Count > 0)
        {
            var (facts, customers) = (_facts.ToArray(), _new.ToArray());
            _writing = Task.Run(() => Write(facts, customers, ct), ct);
        }
        _facts.Clear();
        _new.Clear();
    }

    public override async Task Finish(CancellationToken ct)
    {
        await Flush(ct);
        await _writing;
    }

    public override async ValueTask DisposeAsync()
    {
        // A file that breaks off must not leave a batch behind that still writes.
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync();
    }

    private async Task Write(BulkFact[] facts, NewCustomer[] customers, CancellationToken ct)
    {
        await CreateCustomers(customers, ct);
        try
        {
            var (added, changed) = await Context.Bulk.InsertFacts(facts, ct);
            (Added, Changed, Unchanged) = (Added + added, Changed + changed, Unchanged + facts.Length - added - changed);
        }
        catch (OverflowException)
        {
            throw new ImportFileException(ImportRefusals.AmountsTooLarge);
        }
    }

    private void Add(long customer, long document, DateOnly on, FactKind kind, long amount, long? detail, int productLine = 0)
    {
        var keys = Context.Storage.FactKeys;
        var fact = new BulkFact(customer, document, 0, amount, on.DayNumber, kind, detail, productLine);
        var content = keys.Content(fact);
        fact = fact with { Line = keys.Line(content, _ordinals.Next(content)) };
        _facts.Add(fact);
        Span<long> key = [customer, document, fact.Line];
        Digest.AppendData(MemoryMarshal.AsBytes(key));
    }

    /// <summary>Quantity and unit price; a file with one amount per row has quantity 1, or −1 when the amount is negative (a return).</summary>
    private static (Refusal?, int) Amount(ImportRow row, out decimal quantity, out decimal price)
    {
        (quantity, price) = (1, 0);
        if (row.Has(AmountColumn))
        {
            if (!Numbers.TryRead(row[AmountColumn].Trim(), out price))
                return (ImportRefusals.Number, AmountColumn);
            if (price < 0)
                (quantity, price) = (-1, -price);
            return Taken;
        }
        if (!Numbers.TryRead(row[QuantityColumn].Trim(), out quantity))
            return (ImportRefusals.Number, QuantityColumn);
        return Numbers.TryRead(row[PriceColumn].Trim(), out price) ? Taken : (ImportRefusals.Number, PriceColumn);
    }

    private string? CurrencyOf(ReadOnlySpan<char> text) =>
        text.IsEmpty ? Context.Map.Currency : text.SequenceEqual(Context.Map.Currency) ? Context.Map.Currency : text.ToString();

    private int Digits(string currency)
    {
        ref var digits = ref CollectionsMarshal.GetValueRefOrAddDefault(_digits, currency, out var there);
        if (!there)
            digits = Currency.MinorDigits(currency);
        return digits;
    }

    private KnownCustomer Create(string number, byte[] token, string currency, ReadOnlySpan<char> country)
    {
        var known = new KnownCustomer(Context.NextNumber(), currency, true);
        _new.Add(new NewCustomer(known.Id, number, token, currency, Countries.CodeOf(country.Trim())));
        Context.Remember(number, token, known);
        return known;
    }

    private async Task CreateCustomers(NewCustomer[] customers, CancellationToken ct)
    {
        if (customers.Length == 0)
            return;
        var drafts = Array.ConvertAll(customers, n => new CustomerDraft(n.Id, n.Token)
        {
            Number = n.Number, Currency = n.Currency, Country = n.Country, UnitId = Context.UnitId, Language = "en",
        });
        await CustomerWriter.Insert(Context, drafts, ct);
    }
}

/// <summary>
/// Counts how often a line was met before in the file: 8 bytes a line, and more only for lines that repeat. The hashes are
/// keyed, so that a file cannot be made to collide.
/// </summary>
internal sealed class LineOrdinals
{
    private readonly Dictionary<ulong, int> _repeated = [];
    private ulong[] _seen = new ulong[1 << 12];
    private int _count;
    private int _zeros;

    public int Next(ulong content)
    {
        if (content == 0)
            return _zeros++;
        if (_count > _seen.Length / 4 * 3)
            Grow();
        if (Put(_seen, content))
        {
            _count++;
            return 0;
        }
        ref var repeats = ref CollectionsMarshal.GetValueRefOrAddDefault(_repeated, content, out _);
        return ++repeats;
    }

    private void Grow()
    {
        var larger = new ulong[_seen.Length * 2];
        foreach (var content in _seen)
            if (content != 0)
                Put(larger, content);
        _seen = larger;
    }

    private static bool Put(ulong[] slots, ulong content)
    {
        var mask = (uint)slots.Length - 1;
        var i = (uint)(content >> 32) & mask;
        while (slots[i] != 0)
        {
            if (slots[i] == content)
                return false;
            i = (i + 1) & mask;
        }
        slots[i] = content;
        return true;
    }
}

/// <summary>Numbers as files write them: digits with one point, no grouping, no exponent.</summary>
internal static class Numbers
{
    /// <summary>Reads a number into its shortest form (4.80 is 4.8, so that equal amounts have equal bits).</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        var negative = false;
        var i = 0;
        if (text.Length > 0 && text[0] is '-' or '+')
            (negative, i) = (text[0] == '-', 1);
        if (text.Length - i > 19)
            return TryReadLong(text, out value);
        ulong digits = 0;
        int scale = 0, count = 0;
        var point = false;
        for (; i < text.Length; i++)
        {
            if (text[i] == '.' && !point)
            {
                point = true;
                continue;
            }
            if (!char.IsAsciiDigit(text[i]))
                return false;
            digits = (digits * 10) + (uint)(text[i] - '0');
            count++;
            scale += point ? 1 : 0;
        }
        if (count == 0)
            return false;
        while (scale > 0 && digits % 10 == 0)
            (digits, scale) = (digits / 10, scale - 1);
        value = new decimal(unchecked((int)digits), unchecked((int)(digits >> 32)), 0, negative && digits != 0, (byte)scale);
        return true;
    }

    /// <summary>An amount in major units as whole minor units; null when it is no number, has too many decimals or is too large.</summary>
    public static long? Minor(string text, int digits)
    {
        if (!TryRead(text, out var value) || Math.Abs(value) > 1_000_000_000_000)
            return null;
        var scaled = value * (digits switch { 0 => 1, 2 => 100, 3 => 1000, _ => 10_000 });
        return decimal.IsInteger(scaled) ? (long)scaled : null;
    }

    private static bool TryReadLong(ReadOnlySpan<char> text, out decimal value)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value))
            return false;
        // Dividing by one with 28 decimals drops trailing zeros.
        value /= 1.0000000000000000000000000000m;
        return true;
    }
}

/// <summary>ISO 3166 codes for countries as files write them.</summary>
internal static class Countries
{
    private static readonly Dictionary<string, string> Codes = Load();

    /// <summary>"GB" for "GB" and "United Kingdom"; null when it is neither.</summary>
    public static string? CodeOf(ReadOnlySpan<char> text) =>
        text.IsEmpty ? null : Codes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var code) ? code : null;

    private static Dictionary<string, string> Load()
    {
        var codes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["EIRE"] = "IE", ["RSA"] = "ZA", ["USA"] = "US", ["UK"] = "GB", ["中国"] = "CN", ["Hong Kong"] = "HK", ["Czech Republic"] = "CZ", ["Korea"] = "KR",
        };
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.SpecificCultures))
        {
            var region = new RegionInfo(culture.Name);
            if (region.TwoLetterISORegionName.Length != 2 || char.IsDigit(region.TwoLetterISORegionName[0]))
                continue;
            codes.TryAdd(region.EnglishName, region.TwoLetterISORegionName);
            codes.TryAdd(region.TwoLetterISORegionName, region.TwoLetterISORegionName);
        }
        return codes;
    }
}
