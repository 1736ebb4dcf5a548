using System.Buffers;
using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Imports;

/// <summary>What a run of an import is told.</summary>
/// <param name="Noun">What the file brings.</param>
/// <param name="Map">The mapping; null takes the shipped one that fits the header.</param>
/// <param name="Unit">Code of the unit of new customers; null is the root of what the actor may import into.</param>
/// <param name="IsDryRun">Read and check only.</param>
/// <param name="Source">Name of the source, instead of the mapping's.</param>
/// <param name="Scope">Paths of the units the actor may import into; "" is all.</param>
internal sealed record ImportRequest(ImportNoun Noun, ImportMap? Map, string? Unit, bool IsDryRun, string? Source, IReadOnlyList<string> Scope);

/// <summary>A refused row: where, and which rule; never its content.</summary>
internal sealed record RefusedRow(long Line, string? Column, string Code, string English, string Chinese)
{
    /// <summary>Whether the row is in all the same, but for what the rule names.</summary>
    public bool IsIn { get; init; }
}

/// <summary>What became of a file.</summary>
/// <param name="LeftOut">Columns of the file that the mapping does not take.</param>
internal sealed record ImportResult(
    string Map, ImportNoun Noun, string Source, string Sha256, long Read, long Added, long Changed, long Unchanged, long Refused, long NewCustomers, bool IsDryRun,
    IReadOnlyList<RefusedRow> Refusals, IReadOnlyList<string> LeftOut)
{
    /// <summary>How often a row went in without something of it.</summary>
    public long Spared { get; init; }
}

/// <summary>How far a run is: rows done of all.</summary>
internal readonly record struct ImportProgress(long Read, long Total, long Refused);

/// <summary>
/// Brings one file in: a first pass checks that it can be read to its end (and hashes it), a second takes its rows. What cannot
/// be read stops before anything goes in; a row that breaks a rule is reported and the rest goes in. Two audit entries, at the start
/// and at the end.
/// </summary>
internal sealed class RunImport(Storage storage, Call call)
{
    private const int ReportedRows = 1_000;

    /// <summary>Called from time to time, on the running thread.</summary>
    public Func<ImportProgress, Task> Progress { get; init; } = _ => Task.CompletedTask;

    /// <summary>Called with each refused row's header and fields, for a file of rejects.</summary>
    public Action<IReadOnlyList<string>, RefusedRow, IReadOnlyList<string>>? Rejected { get; init; }

    /// <exception cref="ImportFileException">The file cannot be read, or fits no mapping.</exception>
    public async Task<ImportResult> Run(Stream file, ImportRequest request, CancellationToken ct)
    {
        var sha = Convert.ToHexStringLower(await HashOf(file, ct));
        var (map, header) = Recognise(file, request);
        map = request.Source is null ? map : map with { Source = request.Source };
        var places = map.Places(header);
        var nameless = map.Nameless(header);
        var total = CountRows(file, map, ct);
        await using var bulk = await Bulk.Alone(storage, ct);
        var context = await ImportContext.Load(storage, bulk, call, map, request, ct);
        await using var sink = RowSink.For(context);
        // Rows and what they are found by are in two stores: where it is cut off between them, everything is indexed again.
        var indexes = !request.IsDryRun && await storage.Search.IsComplete(ct);
        if (indexes)
            await storage.Search.Incomplete(ct);
        if (!request.IsDryRun)
            await Audit("import.started", sha, new { noun = map.Noun, map.Source, rows = total }, ct);

        var columns = ImportMap.ColumnsOf[map.Noun];
        var defaults = columns.Select(c => map.Defaults.GetValueOrDefault(c.Name, "")).ToArray();
        var refusals = new List<RefusedRow>();
        long read = 0, refused = 0, spared = 0;
        file.Position = 0;
        // An empty flush makes ready: numbers are reserved, what is stored is read.
        await sink.Flush(ct);
        bool IsMalformed(RowReader rows) =>
            rows.Count > header.Length || rows.Count < header.Length && rows is CsvRows || (nameless.Length > 0 && Array.Exists(nameless, i => !rows[i].IsWhiteSpace()));
        if (sink.LooksFirst)
            using (var rows = RowReader.Open(file, map))
            {
                rows.Read();
                while (rows.Read())
                    sink.Look(new ImportRow(rows, places, defaults), IsMalformed(rows));
            }
        file.Position = 0;
        using (var rows = RowReader.Open(file, map))
        {
            rows.Read();
            while (rows.Read())
            {
                read++;
                var (refusal, column) = IsMalformed(rows) ? (ImportRefusals.FieldCount, -1) : sink.Take(new ImportRow(rows, places, defaults));
                if (refusal is not null)
                {
                    var place = column < 0 ? null : map.Columns.GetValueOrDefault(columns[column].Name, columns[column].Name);
                    var row = new RefusedRow(rows.Line, place, refusal.Code, refusal.English, refusal.Chinese);
                    if (refused++ < ReportedRows)
                        refusals.Add(row);
                    Rejected?.Invoke(header, row, rows.Fields());
                }
                if ((read & 0xFFF) == 0)
                {
                    ct.ThrowIfCancellationRequested();
                    await Progress(new ImportProgress(read, total, refused));
                }
                if (sink.IsFull)
                {
                    await sink.Flush(ct);
                    var late = LateRefusals(sink, refusals);
                    (refused, spared) = (refused + late.Refused, spared + late.Spared);
                }
            }
        }
        await sink.Finish(ct);
        if (indexes)
            await storage.Search.Complete(ct);
        var last = LateRefusals(sink, refusals);
        (refused, spared) = (refused + last.Refused, spared + last.Spared);
        await Progress(new ImportProgress(read, total, refused));
        if (!request.IsDryRun && map.Noun is not (ImportNoun.Customers or ImportNoun.Contacts or ImportNoun.Contracts or ImportNoun.Orders) && sink.Added > 0)
            await LookForLateCharges(sha, ct);
        if (!request.IsDryRun)
            await Audit("import.finished", sha, new
            {
                noun = map.Noun, source = map.Source, read, added = sink.Added, changed = sink.Changed, unchanged = sink.Unchanged, refused, spared,
                customers = sink.NewCustomers, digest = Convert.ToHexStringLower(sink.Digest.GetHashAndReset()),
            }, ct);
        return new ImportResult(map.Name, map.Noun, map.Source, sha, read, sink.Added, sink.Changed, sink.Unchanged, refused, sink.NewCustomers, request.IsDryRun, refusals, ImportMap.LeftOut(header, places)) { Spared = spared };
    }

    /// <summary>What could be judged only when its last row was there: the rows of it that were refused, and how often one went in without something of it.</summary>
    private static (long Refused, long Spared) LateRefusals(RowSink sink, List<RefusedRow> refusals)
    {
        var (refused, spared) = (0L, 0L);
        foreach (var (line, count, no) in sink.Late)
        {
            (refused, spared) = (refused + count, spared + (count == 0 ? 1 : 0));
            if (refusals.Count < ReportedRows)
                refusals.Add(new RefusedRow(line, no.Field, no.Code, no.English, no.Chinese) { IsIn = count == 0 });
        }
        sink.Late.Clear();
        return (refused, spared);
    }

    /// <summary>The mapping for a file and its header: the given one, or the shipped one that fits.</summary>
    /// <exception cref="ImportFileException">No header, or no mapping fits it.</exception>
    public static (ImportMap Map, string[] Header) Recognise(Stream file, ImportRequest request)
    {
        if (file.Length == 0)
            throw new ImportFileException(ImportRefusals.Empty);
        ImportMap[] forms = request.Map is not null
            ? [request.Map]
            : [new(), new() { Separator = ";" }, new() { Separator = "\t" }, new() { Format = "whitespace" }];
        string[] first = [];
        foreach (var form in forms)
        {
            file.Position = 0;
            using var rows = RowReader.Open(file, form);
            if (!rows.Read())
                throw new ImportFileException(ImportRefusals.Empty, 1);
            var header = rows.Fields();
            if (first.Length == 0)
                first = header;
            if (request.Map is not null)
                return (request.Map, header);
            if (ImportMap.Fitting(request.Noun, header) is { } map)
                return (map with { Format = form.Format, Separator = form.Separator }, header);
        }
        // Nothing fits: say which needed column was not found.
        var missing = ImportMap.ColumnsOf[request.Noun].First(c => c.IsRequired && !first.Any(h => ImportMap.AreAlike(h, c.Name)));
        throw new ImportFileException(ImportRefusals.Header(missing.Name), 1);
    }

    private static long CountRows(Stream file, ImportMap map, CancellationToken ct)
    {
        file.Position = 0;
        using var rows = RowReader.Open(file, map);
        rows.Read();
        long count = 0;
        while (rows.Read())
            if ((++count & 0xFFFF) == 0)
                ct.ThrowIfCancellationRequested();
        return count > 0 ? count : throw new ImportFileException(ImportRefusals.NoRows, 2);
    }

    private static async Task<byte[]> HashOf(Stream file, CancellationToken ct)
    {
        file.Position = 0;
        return await SHA256.HashDataAsync(file, ct);
    }

    /// <summary>What was imported may have been charged after an end.</summary>
    private async Task LookForLateCharges(string sha, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        db.Enqueue(Effect.Now(LateCharges.ScanLateCharges.Kind, $"{LateCharges.ScanLateCharges.Kind}|{Guid.CreateVersion7():N}", call, new LateCharges.ScanLateCharges.What(false)));
        await db.SaveChangesAsync(ct);
    }

    private async Task Audit(string verb, string sha, object data, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        db.Audit(call, verb, $"file:{sha}", data);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>A row seen through the mapping: our columns by their place in <see cref="ImportMap.ColumnsOf"/>.</summary>
internal readonly ref struct ImportRow(RowReader rows, int[] places, string[] defaults)
{
    public ReadOnlySpan<char> this[int column]
    {
        get
        {
            var place = places[column];
            var value = place < 0 ? default : rows[place];
            return value.IsEmpty ? defaults[column] : value;
        }
    }

    /// <summary>Line of the file, from 1.</summary>
    public long Line => rows.Line;

    public bool Has(int column) => places[column] >= 0;

    /// <summary>Whether the file itself has something in this column; the mapping's defaults do not count.</summary>
    public bool Tells(int column) => places[column] >= 0 && !rows[places[column]].IsWhiteSpace();

    /// <summary>The column as a civil date: a date cell of a workbook as it is, a text in one of the mapping's forms.</summary>
    public bool TryDate(int column, ImportMap map, out DateOnly date)
    {
        if (places[column] >= 0 && rows.DayOf(places[column]) is { } day)
        {
            date = day;
            return true;
        }
        return map.TryDate(this[column].Trim(), out date);
    }

    /// <summary>The column without white space around it; null when empty.</summary>
    public string? Text(int column) => this[column].Trim() is { Length: > 0 } text ? text.ToString() : null;
}

/// <summary>What all nouns look up: units, customers by their numbers, erased numbers.</summary>
internal sealed class ImportContext
{
    private readonly Dictionary<string, KnownCustomer> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownCustomer>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Dictionary<UInt128, KnownCustomer> _byToken = [];
    private readonly HashSet<UInt128> _erased = [];
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly List<string> _newLines = [];
    private long _nextNumber = 1;
    private long _lastNumber;

    private ImportContext() => _bySpan = _byNumber.GetAlternateLookup<ReadOnlySpan<char>>();

    public required Storage Storage { get; init; }
    public required Bulk Bulk { get; init; }
    public required Call Call { get; init; }
    public required ImportMap Map { get; init; }
    public required bool IsDryRun { get; init; }
    public required int UnitId { get; init; }

    /// <summary>Ids of the units the actor may import into, by code.</summary>
    public required IReadOnlyDictionary<string, int> Units { get; init; }

    public static async Task<ImportContext> Load(Storage storage, Bulk bulk, Call call, ImportMap map, ImportRequest request, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        await EnsureRoot(storage, call, request.IsDryRun, ct);
        var units = await db.Units.AsNoTracking().OrderBy(u => u.Path).ToListAsync(ct);
        var allowed = units.Where(u => request.Scope.Any(s => u.Path.StartsWith(s, StringComparison.Ordinal))).ToList();
        var unit = request.Unit is null ? allowed.OrderBy(u => u.Path.Length).ThenBy(u => u.Id).FirstOrDefault() : allowed.Find(u => u.Code == request.Unit);
        if (unit is null && !(request.IsDryRun && units.Count == 0))
            throw new ImportFileException(ImportRefusals.UnknownUnit);
        var context = new ImportContext
        {
            Storage = storage, Bulk = bulk, Call = call, Map = map, IsDryRun = request.IsDryRun, UnitId = unit?.Id ?? 1,
            Units = allowed.ToDictionary(u => u.Code, u => u.Id, StringComparer.Ordinal),
        };
        var ids = allowed.Select(u => u.Id).ToHashSet();
        await foreach (var c in db.Customers.AsNoTracking().Where(c => c.Source == map.Source && c.NumberToken != null)
            .Select(c => new { c.Id, c.NumberToken, c.UnitId, c.Currency, c.Tier }).AsAsyncEnumerable().WithCancellation(ct))
            context._byToken[TokenOf(c.NumberToken!)] = new KnownCustomer(c.Id, c.Currency, ids.Contains(c.UnitId), c.Tier);
        await foreach (var token in ReEntry.Suppression.Of(db).Select(e => e.Token!).AsAsyncEnumerable().WithCancellation(ct))
            context._erased.Add(TokenOf(token));
        foreach (var line in await db.ProductLines.AsNoTracking().ToListAsync(ct))
            context._lines[line.Code] = line.Id;
        return context;
    }

    /// <summary>Whether the erasure ledger holds a token of source and external number, however it is written: the customer is not brought back.</summary>
    /// <param name="tokens">What <see cref="Find"/> gave.</param>
    public bool IsSuppressed(Customers.CustomerTokens tokens)
    {
        if (_erased.Count == 0)
            return false;
        foreach (var token in tokens.All)
            if (_erased.Contains(TokenOf(token)))
                return true;
        return false;
    }

    /// <summary>
    /// The customer with this external number, however it is written; a spelling met for the first time is looked up by its tokens. Who was erased is not
    /// taken for another whom an earlier version told apart by the spelling: the first of the tokens that stands for anybody counts.
    /// </summary>
    /// <param name="tokens">The tokens of the number; null when the spelling was met before, and never null when nobody is found.</param>
    public KnownCustomer? Find(ReadOnlySpan<char> number, out Customers.CustomerTokens? tokens)
    {
        tokens = null;
        if (_bySpan.TryGetValue(number, out var met))
            return met;
        var text = number.ToString();
        tokens = Storage.Numbers.AnyOfCustomer(Map.Source, text);
        foreach (var each in tokens.All)
        {
            var token = TokenOf(each);
            if (_byToken.TryGetValue(token, out var known))
            {
                _byNumber[text] = known;
                return known;
            }
            if (_erased.Contains(token))
                return null;
        }
        return null;
    }

    /// <summary>From now on this customer is known, in every spelling of the number.</summary>
    public void Remember(string number, byte[] token, KnownCustomer customer) => _byNumber[number] = _byToken[TokenOf(token)] = customer;

    /// <summary>Numbers for new rows of a table, reserved in blocks.</summary>
    public async Task Reserve(string table, int atLeast, CancellationToken ct)
    {
        if (_lastNumber - _nextNumber + 1 >= atLeast)
            return;
        if (IsDryRun)
        {
            (_nextNumber, _lastNumber) = (long.MaxValue / 2, long.MaxValue);
            return;
        }
        var block = Math.Max(atLeast, 50_000);
        _nextNumber = await Bulk.Reserve(table, block, ct);
        _lastNumber = _nextNumber + block - 1;
    }

    public long NextNumber() => _nextNumber++;

    /// <summary>The number of a product line by its code; new ones are saved by <see cref="SaveLines"/>. 0 of none.</summary>
    public int LineOf(string? code)
    {
        if (code is null)
            return 0;
        if (_lines.TryGetValue(code, out var id))
            return id;
        _newLines.Add(code);
        return _lines[code] = _lines.Count + 1;
    }

    /// <summary>Saves the product lines that were met for the first time, before the facts that name them.</summary>
    public async Task SaveLines(CancellationToken ct)
    {
        if (_newLines.Count == 0)
            return;
        await using var db = Storage.NewAppDb();
        foreach (var code in _newLines)
            db.ProductLines.Add(new Facts.ProductLine { Id = _lines[code], Code = code });
        db.Audit(Call, "product-lines.created", "facts", new { count = _newLines.Count });
        await db.SaveChangesAsync(ct);
        _newLines.Clear();
    }

    private static UInt128 TokenOf(byte[] token) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(token);

    /// <summary>An empty database gets its root unit, so that customers have somewhere to be.</summary>
    private static async Task EnsureRoot(Storage storage, Call call, bool isDryRun, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        if (isDryRun || await db.Units.AnyAsync(ct))
            return;
        db.Units.Add(new Units.Unit { Id = 1, Path = "1.", Kind = Features.Units.UnitKind.Headquarters, Code = "HQ", Chinese = "总部", English = "Headquarters" });
        db.Audit(call, "unit.created", "unit:1", new { code = "HQ" });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>A customer that a number stands for.</summary>
/// <param name="IsInScope">Whether the one who imports may change it.</param>
internal sealed record KnownCustomer(long Id, string Currency, bool IsInScope, Customers.CustomerTier Tier = Customers.CustomerTier.Normal);

/// <summary>Takes the rows of one noun and writes them in batches.</summary>
internal abstract class RowSink(ImportContext context) : IAsyncDisposable
{
    protected const int MaxText = 200;

    /// <summary>How often a row is judged again because somebody changed the same meanwhile.</summary>
    protected const int Tries = 5;

    /// <summary>The first column whose text is longer than what is kept of it; null: none.</summary>
    protected (Refusal Refusal, int Column)? TooLong(ImportRow row)
    {
        var columns = ImportMap.ColumnsOf[Context.Map.Noun];
        for (var c = 0; c < columns.Length; c++)
            if (row[c].Trim().Length > columns[c].Max)
                return (ImportRefusals.LongerThan(columns[c].Max), c);
        return null;
    }

    /// <summary>The first column whose text has a character that no text of one line has; null: none.</summary>
    /// <param name="several">Columns whose text may have several lines.</param>
    protected int? Broken(ImportRow row, params ReadOnlySpan<int> several)
    {
        for (var c = 0; c < ImportMap.ColumnsOf[Context.Map.Noun].Length; c++)
            if (several.Contains(c) ? OneLine.IsBrokenText(row[c]) : OneLine.IsBroken(row[c].Trim()))
                return c;
        return null;
    }
    protected static readonly (Refusal?, int) Taken = (null, -1);

    public long Added { get; protected set; }
    public long Changed { get; protected set; }
    public long Unchanged { get; protected set; }
    public long NewCustomers { get; protected set; }

    /// <summary>What was refused as a whole after its rows were taken: its first line, how many rows, why. With no rows the row is in, but for what the reason names.</summary>
    public List<(long Line, int Rows, Refusal Refusal)> Late { get; } = [];

    /// <summary>SHA-256 over the keys of the rows taken, in the file's order.</summary>
    public IncrementalHash Digest { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Whether <see cref="Flush"/> must come before the next row.</summary>
    public abstract bool IsFull { get; }
    protected ImportContext Context => context;

    public static RowSink For(ImportContext context) =>
        context.Map.Noun switch
        {
            ImportNoun.Customers => new CustomerRows(context),
            ImportNoun.Contacts => new ContactRows(context),
            ImportNoun.Contracts => new ContractRows(context),
            ImportNoun.Orders => new OrderRows(context),
            ImportNoun.Facts => new KindRows(context),
            _ => new FactRows(context),
        };

    /// <summary>Whether all rows are looked at before the first is taken.</summary>
    public virtual bool LooksFirst => false;

    /// <summary>Looks at a row, before any is taken.</summary>
    /// <param name="isMalformed">It has not the fields of the header: what stands in a column need not belong there.</param>
    public virtual void Look(ImportRow row, bool isMalformed) { }

    /// <summary>Takes a row, or says which rule it breaks and in which of our columns (−1: the row as a whole).</summary>
    public abstract (Refusal? Refusal, int Column) Take(ImportRow row);

    /// <summary>Writes what was taken, and makes ready for more.</summary>
    public abstract Task Flush(CancellationToken ct);

    /// <summary>Writes the rest; when this returns, all of it is in.</summary>
    public virtual Task Finish(CancellationToken ct) => Flush(ct);

    public virtual ValueTask DisposeAsync()
    {
        Digest.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A customer's external number as it stands in the file.</summary>
    protected static Refusal? CheckNumber(ReadOnlySpan<char> number) =>
        number.IsWhiteSpace() ? ImportRefusals.Required
        : number.Length > MaxText ? ImportRefusals.TooLong
        : OneLine.IsBrokenText(number.Trim()) ? ImportRefusals.ControlCharacter
        : null;

    /// <summary>The customer that a row is about.</summary>
    protected (KnownCustomer? Customer, Refusal? Refusal) CustomerOf(ReadOnlySpan<char> number)
    {
        if (CheckNumber(number) is { } refusal)
            return (null, refusal);
        var known = context.Find(number, out var tokens);
        return known switch
        {
            null => (null, context.IsSuppressed(tokens!) ? ImportRefusals.Suppressed : ImportRefusals.NoSuchCustomer),
            { IsInScope: false } => (null, ImportRefusals.NoSuchCustomer),
            _ => (known, null),
        };
    }
}
