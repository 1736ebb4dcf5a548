using Exeunt.Core.Churn;

namespace Exeunt.Core.Activity;

/// <summary>What an evaluation needs to know of a customer beside the history.</summary>
/// <param name="Id">The customer's internal number.</param>
/// <param name="UnitId">The unit that looks after the customer.</param>
/// <param name="Currency">ISO 4217 currency of all amounts of this customer.</param>
/// <param name="IsOrganisation">An organisation, not a person.</param>
/// <param name="Tier">Number of the customer's tier as the installation keeps it.</param>
/// <param name="Industry">Industry as it was imported, or null.</param>
/// <param name="Country">ISO 3166 alpha-2, or null.</param>
/// <param name="Since">First day of the relationship, or null when it is not known.</param>
/// <param name="IsErased">The personal data was erased: the customer is counted, but never listed.</param>
public readonly record struct BaseCustomer(
    long Id,
    int UnitId,
    string Currency,
    bool IsOrganisation = false,
    int Tier = 0,
    string? Industry = null,
    string? Country = null,
    DateOnly? Since = null,
    bool IsErased = false
);

/// <summary>Days on which a customer is not judged by months.</summary>
/// <param name="Customer">The customer's internal number.</param>
/// <param name="From">First day (inclusive).</param>
/// <param name="Until">Day after the last (exclusive).</param>
/// <param name="Reason">A contract in term, or an agreed pause.</param>
public readonly record struct ExclusionSpan(long Customer, DateOnly From, DateOnly Until, ExclusionReason Reason);

/// <summary>
/// All customers in memory: their packed histories in one block of bytes and what evaluations need beside them, in arrays of
/// exactly the size. Read by any number of threads at once; each opens customers with a <see cref="HistoryScratch"/> of its own:
/// <code>
/// var scratch = new HistoryScratch();
/// for (var i = 0; i &lt; all.Count; i++)
/// {
///     var history = all.Open(i, scratch);
///     var values = history.At(asOf);            // any date, any number of times
///     var spend = values[Indicator.Spend12m];
/// }
/// </code>
/// Customers are ascending by number. Who restricted or objected to the use of their data is not in it.
/// </summary>
public sealed class CustomerBase
{
    private readonly Row[] _rows;
    private readonly byte[] _bytes;
    private readonly byte[]? _lineBytes;
    private readonly int[]? _lineEnds;
    private readonly string[] _words;
    private readonly ExclusionSpan[] _spans;

    /// <summary>By which thresholds customers are judged; <see cref="_places"/> has the number for each, null: the first for all.</summary>
    private readonly CompiledChurn _churn;
    private readonly ChurnThresholds[] _thresholds;
    private readonly byte[]? _places;

    private CustomerBase(Builder from)
    {
        _rows = from.Rows;
        _bytes = from.Bytes;
        (_lineBytes, _lineEnds) = (from.LineBytes, from.LineEnds);
        _words = [.. from.Words];
        _spans = from.Spans;
        (_churn, _thresholds) = (CompiledChurn.Usual, CompiledChurn.Usual.Thresholds.ToArray());
    }

    private CustomerBase(CustomerBase same, CompiledChurn churn)
    {
        (_rows, _bytes, _lineBytes, _lineEnds, _words, _spans) = (same._rows, same._bytes, same._lineBytes, same._lineEnds, same._words, same._spans);
        (_churn, _thresholds) = (churn, churn.Thresholds.ToArray());
        if (churn.IsPlain)
            return;
        _places = new byte[_rows.Length];
        for (var i = 0; i < _rows.Length; i++)
            _places[i] = PlaceIn(churn, i);
    }

    /// <summary>The same customers, histories shared, judged by a definition of churn.</summary>
    public CustomerBase With(CompiledChurn churn) => new(this, churn);

    /// <summary>By which definition of churn customers are judged; the product's own unless <see cref="With"/> said another.</summary>
    public ChurnDefinition Churn => _churn.Definition;

    /// <summary>A customer's thresholds of churn.</summary>
    public ChurnThresholds ThresholdsOf(int index) => _thresholds[_places is null ? 0 : _places[index]];

    /// <summary>The segment of the definition that a customer is in; null: none.</summary>
    public ChurnSegment? SegmentOf(int index) => _places?[index] is > 0 and var place ? Churn.Segments[place - 1] : null;

    /// <summary>The place of a customer's thresholds in another definition; see <see cref="CompiledChurn.PlaceOf"/>.</summary>
    public byte PlaceIn(CompiledChurn churn, int index)
    {
        ref readonly var row = ref _rows[index];
        return churn.PlaceOf(row.Unit, row.Industry == 0 ? null : _words[row.Industry], (row.Marks & Marks.Organisation) != 0);
    }

    /// <summary>A customer's numbers: 28 bytes each, the texts being numbers of <see cref="_words"/>.</summary>
    internal struct Row
    {
        public long Id;
        public int End;
        public int Unit;
        public int Since;
        public ushort Currency;
        public ushort Industry;
        public ushort Country;
        public byte Tier;
        public Marks Marks;
    }

    [Flags]
    internal enum Marks : byte
    {
        None = 0,
        Organisation = 1,
        Erased = 2,
        HasSpans = 4,
    }

    public int Count => _rows.Length;

    /// <summary>Whether the product lines were loaded; without them <see cref="Indicator.LinesLost"/> is unknown.</summary>
    public bool HasLines => _lineEnds is not null;

    /// <summary>Bytes held in memory.</summary>
    public long Size =>
        _bytes.LongLength + (_rows.LongLength * 32) + (_spans.LongLength * 24) + (_lineBytes?.LongLength ?? 0) + ((_lineEnds?.LongLength ?? 0) * 4) + (_places?.LongLength ?? 0);

    /// <summary>The internal number of a customer.</summary>
    /// <param name="index">Place from 0 to <see cref="Count"/> (exclusive).</param>
    public long Id(int index) => _rows[index].Id;

    public int UnitId(int index) => _rows[index].Unit;

    public string Currency(int index) => _words[_rows[index].Currency];

    /// <summary>All that is known of a customer beside the history.</summary>
    public BaseCustomer Customer(int index)
    {
        ref readonly var row = ref _rows[index];
        return new BaseCustomer(
            row.Id,
            row.Unit,
            _words[row.Currency],
            (row.Marks & Marks.Organisation) != 0,
            row.Tier,
            row.Industry == 0 ? null : _words[row.Industry],
            row.Country == 0 ? null : _words[row.Country],
            row.Since == 0 ? null : DateOnly.FromDayNumber(row.Since),
            (row.Marks & Marks.Erased) != 0
        );
    }

    /// <summary>The place of a customer; below 0 when the number is not here.</summary>
    public int IndexOf(long id)
    {
        var (low, high) = (0, _rows.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_rows[middle].Id == id)
                return middle;
            if (_rows[middle].Id < id)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }

    /// <summary>The packed history; empty when there is none.</summary>
    public ReadOnlySpan<byte> Packed(int index)
    {
        var start = index == 0 ? 0 : _rows[index - 1].End;
        return _bytes.AsSpan(start, _rows[index].End - start);
    }

    /// <summary>
    /// Reads a customer's history once. The result, and all values taken from it, hold until the scratch is used again.
    /// </summary>
    /// <exception cref="FormatException">The packed history is damaged.</exception>
    public CustomerHistory Open(int index, HistoryScratch scratch)
    {
        scratch.Read(Packed(index), _rows[index].Since);
        return new CustomerHistory(this, index, scratch);
    }

    /// <summary>Why a customer is not judged by months on a day, as far as the months cannot show it; null: is judged.</summary>
    /// <param name="reason">Only for this reason; null: the first there is.</param>
    public ExclusionReason? ExclusionOn(int index, DateOnly day, ExclusionReason? reason = null)
    {
        if ((_rows[index].Marks & Marks.HasSpans) == 0)
            return null;
        var id = _rows[index].Id;
        var (low, high) = (0, _spans.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_spans[middle].Customer < id)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < _spans.Length && _spans[low].Customer == id; low++)
            if (_spans[low].From <= day && day < _spans[low].Until && (reason is null || _spans[low].Reason == reason))
                return _spans[low].Reason;
        return null;
    }

    /// <summary>The packed months of the customer's product lines.</summary>
    internal ProductLines Lines(int index)
    {
        if (_lineEnds is null)
            return default;
        var start = index == 0 ? 0 : _lineEnds[index - 1];
        return new ProductLines(_lineBytes.AsSpan(start, _lineEnds[index] - start));
    }

    /// <summary>Months of trade of which the median is what is usual; see <see cref="LastMonth"/>.</summary>
    private const int UsualMonths = 12;

    /// <summary>A month belongs to the data when one in so many of the usual number of customers trades: 5 %.</summary>
    private const int LeastShare = 20;

    /// <summary>
    /// The month in which the data ends: the last one, not after the present month, in which at least 5 % as many customers trade as usual,
    /// which is the median of the (at most) 12 months with trade before it. So a few rows that stray in later move nothing. Trade is an order,
    /// a return, an adjustment or another row of a document; contacts, complaints, uses, promises and ratings are none. Null: nobody trades.
    /// </summary>
    /// <param name="withPayments">A payment counts as trade does; where there is neither, what fell due does.</param>
    /// <exception cref="AggregateException">A packed history is damaged.</exception>
    public Month? LastMonth(Month present, bool withPayments = false)
    {
        var parts = Parts(Environment.ProcessorCount);
        var gate = new Lock();
        var traded = new int[present.Index + 1];
        var billed = new int[withPayments ? present.Index + 1 : 0];
        Parallel.For(0, parts.Count, part =>
        {
            var (mine, due) = (new int[traded.Length], new int[billed.Length]);
            HashSet<int> seen = [];
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                if (Packed(i).IsEmpty)
                    continue;
                var months = new ActivityMonths(Packed(i)).GetEnumerator();
                if (!withPayments)
                {
                    while (months.MoveNext())
                        if (months.Current is { IsTraded: true, Month.Index: var index } && index < mine.Length)
                            mine[index]++;
                    continue;
                }
                seen.Clear();
                while (months.MoveNext())
                    if (months.Current.IsTraded)
                        seen.Add(months.Current.Month.Index);
                var dated = months.Dated;
                while (dated.NextDue(out var bill))
                    if (Month.Of(bill.On).Index is var index && index < due.Length)
                        due[index]++;
                while (dated.NextPaid(out var payment))
                    seen.Add(Month.Of(payment.On).Index);
                foreach (var index in seen)
                    if (index < mine.Length)
                        mine[index]++;
            }
            lock (gate)
            {
                for (var index = 0; index < mine.Length; index++)
                    traded[index] += mine[index];
                for (var index = 0; index < due.Length; index++)
                    billed[index] += due[index];
            }
        });
        return Last(traded) ?? Last(billed);

        static Month? Last(int[] customers)
        {
            var found = Enumerable.Range(0, customers.Length).Where(index => customers[index] > 0).ToList();
            for (var at = found.Count - 1; at >= 0; at--)
            {
                var before = found[Math.Max(0, at - UsualMonths)..at].ConvertAll(index => customers[index]);
                before.Sort();
                if (before.Count == 0 || (long)customers[found[at]] * LeastShare >= before[before.Count / 2])
                    return new Month(found[at]);
            }
            return null;
        }
    }

    /// <summary>Ranges of customers with about equally long histories, in order; for work on several cores.</summary>
    /// <param name="count">How many at most, 1 or more.</param>
    public IReadOnlyList<(int From, int Until)> Parts(int count)
    {
        var parts = new List<(int, int)>(count);
        var from = 0;
        for (var part = 1; part <= count && from < Count; part++)
        {
            // A customer without history takes time too: as much as some bytes.
            var share = (Weight(Count - 1) * part) / count;
            var until = from + 1;
            while (until < Count && Weight(until - 1) < share)
                until = Math.Min(Count, until + 64);
            if (part == count)
                until = Count;
            parts.Add((from, until));
            from = until;
        }
        return parts;
    }

    private long Weight(int index) => _rows[index].End + (16L * index);

    /// <summary>Fills a base of a known size: customers ascending, each with its history.</summary>
    public sealed class Builder
    {
        private readonly Dictionary<string, ushort> _numbers = new(StringComparer.Ordinal);
        private int _next;
        private int _end;
        private int _lineEnd;
        private int _span;

        /// <param name="customers">How many customers come at most.</param>
        /// <param name="bytes">How many bytes their packed histories have together at most.</param>
        /// <param name="spans">When they are not judged by months, in any order.</param>
        /// <param name="lineBytes">Bytes of the product lines (<see cref="ProductLines.SizeOf"/> of each); null: they are not loaded.</param>
        public Builder(int customers, int bytes, IEnumerable<ExclusionSpan> spans, int? lineBytes = null)
        {
            Rows = new Row[customers];
            Bytes = GC.AllocateUninitializedArray<byte>(bytes);
            Spans = [.. spans];
            Array.Sort(Spans, static (a, b) => (a.Customer, a.From).CompareTo((b.Customer, b.From)));
            if (lineBytes is { } size)
                (LineBytes, LineEnds) = (new byte[size], new int[customers]);
            Words.Add("");
        }

        internal Row[] Rows { get; private set; }
        internal byte[] Bytes { get; private set; }
        internal byte[]? LineBytes { get; private set; }
        internal int[]? LineEnds { get; private set; }
        internal ExclusionSpan[] Spans { get; }
        internal List<string> Words { get; } = [];

        /// <summary>Takes the next customer.</summary>
        /// <param name="packed">Its packed history; empty when there is none.</param>
        /// <exception cref="ArgumentException">Its number is not above the one before, or there is no room.</exception>
        public void Add(in BaseCustomer customer, ReadOnlySpan<byte> packed)
        {
            if (_next > 0 && Rows[_next - 1].Id >= customer.Id)
                throw new ArgumentException("Customers come ascending by number, each once", nameof(customer));
            packed.CopyTo(Bytes.AsSpan(_end));
            _end += packed.Length;
            while (_span < Spans.Length && Spans[_span].Customer < customer.Id)
                _span++;
            var hasSpans = _span < Spans.Length && Spans[_span].Customer == customer.Id;
            Rows[_next] = new Row
            {
                Id = customer.Id,
                End = _end,
                Unit = customer.UnitId,
                Since = customer.Since?.DayNumber ?? 0,
                Currency = NumberOf(customer.Currency),
                Industry = NumberOf(customer.Industry),
                Country = NumberOf(customer.Country),
                Tier = (byte)customer.Tier,
                Marks =
                    (customer.IsOrganisation ? Marks.Organisation : 0)
                    | (customer.IsErased ? Marks.Erased : 0)
                    | (hasSpans ? Marks.HasSpans : 0),
            };
            if (LineEnds is not null)
                LineEnds[_next] = _lineEnd;
            _next++;
        }

        /// <summary>Takes a product line of the customer taken last.</summary>
        public void AddLine(int line, ReadOnlySpan<byte> packed)
        {
            _lineEnd += ProductLines.Put(LineBytes.AsSpan(_lineEnd), line, packed);
            LineEnds![_next - 1] = _lineEnd;
        }

        /// <summary>The base. What was announced and did not come is cut off.</summary>
        public CustomerBase Build()
        {
            if (_next < Rows.Length)
            {
                Rows = Rows[.._next];
                LineEnds = LineEnds?[.._next];
            }
            if (_end < Bytes.Length)
                Bytes = Bytes[.._end];
            return new CustomerBase(this);
        }

        private ushort NumberOf(string? word)
        {
            if (string.IsNullOrEmpty(word))
                return 0;
            if (_numbers.TryGetValue(word, out var number))
                return number;
            // Beyond 65,535 different words the rest is not told apart any more.
            if (Words.Count > ushort.MaxValue)
                return 0;
            Words.Add(word);
            return _numbers[word] = (ushort)(Words.Count - 1);
        }
    }
}

/// <summary>The product lines of one customer, walked without allocating: number of the line and its packed months.</summary>
public ref struct ProductLines
{
    private ReadOnlySpan<byte> _rest;

    internal ProductLines(ReadOnlySpan<byte> bytes) => _rest = bytes;

    public int Line { get; private set; }
    public ReadOnlySpan<byte> Packed { get; private set; }
    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>Bytes that a line with a packed row of this length takes.</summary>
    public static int SizeOf(int packed) => 8 + packed;

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        Line = BitConverter.ToInt32(_rest);
        var length = BitConverter.ToInt32(_rest[4..]);
        Packed = _rest.Slice(8, length);
        _rest = _rest[(8 + length)..];
        return true;
    }

    internal static int Put(Span<byte> free, int line, ReadOnlySpan<byte> packed)
    {
        BitConverter.TryWriteBytes(free, line);
        BitConverter.TryWriteBytes(free[4..], packed.Length);
        packed.CopyTo(free[8..]);
        return SizeOf(packed.Length);
    }
}
