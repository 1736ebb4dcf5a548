using System.Buffers;
using System.Runtime.InteropServices;

namespace Exeunt.Core.Activity;

/// <summary>What one customer did in one month. Amounts are minor units of the installation's currency.</summary>
/// <param name="Month">The civil month.</param>
/// <param name="Ordered">Sum of the order rows; 0 or more.</param>
/// <param name="Returned">Value returned: minus the sum of the return rows (below 0 only if a source says so).</param>
/// <param name="Adjusted">Sum of all rows that count in spend only; any sign.</param>
/// <param name="Orders">Distinct order documents with a row in this month, plus order rows without a number.</param>
/// <param name="LastOrderDay">Day of the month of the last order row, 1 to 31; 0 exactly when there is no order.</param>
/// <remarks>A month with nothing but rows worth 0 is a month with zeros: there was a fact.</remarks>
public readonly record struct ActivityMonth(
    Month Month,
    long Ordered,
    long Returned,
    long Adjusted,
    int Orders,
    int LastOrderDay
)
{
    /// <summary>Spend of the month: the sum of every row, in minor units.</summary>
    public long Net => Ordered - Returned + Adjusted;

    /// <summary>Whether the qualifying amount, orders less returns, is above 0; adjustments do not qualify.</summary>
    public bool IsActive => Ordered > Returned;

    /// <summary>Both added up; they are the same month and share no order document.</summary>
    internal ActivityMonth Plus(ActivityMonth other) =>
        new(
            Month,
            Ordered + other.Ordered,
            Returned + other.Returned,
            Adjusted + other.Adjusted,
            Orders + other.Orders,
            Math.Max(LastOrderDay, other.LastOrderDay)
        );
}

/// <summary>
/// One order document of a customer with order rows in both months and in none between. It counts in <c>Orders</c> of
/// each; a window that holds both takes one away, so that documents stay distinct in every window.
/// </summary>
public readonly record struct Straddle(Month Earlier, Month Later) : IComparable<Straddle>
{
    public int CompareTo(Straddle other) =>
        Earlier != other.Earlier ? Earlier.CompareTo(other.Earlier) : Later.CompareTo(other.Later);

    public static bool operator <(Straddle a, Straddle b) => a.CompareTo(b) < 0;

    public static bool operator >(Straddle a, Straddle b) => a.CompareTo(b) > 0;

    public static bool operator <=(Straddle a, Straddle b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Straddle a, Straddle b) => a.CompareTo(b) >= 0;
}

/// <summary>
/// The months of one customer as one packed row, and a view that walks its bytes without allocating:
/// <c>foreach (var month in new ActivityMonths(bytes))</c>, ascending by month.
/// </summary>
/// <remarks>
/// Format 1, all numbers varints of seven bits, low bits first; "signed" is zigzag:
/// <code>
/// byte     1, the format version
/// months   how many
/// straddles how many (hardly ever any)
/// each straddle, ascending: index of the earlier month, distance to the later one
/// each month, ascending:    distance × 8 + what follows (1 orders, 2 returned, 4 adjusted);
///                           distance is from the month before, for the first month from 0 (its index)
///     orders:   ordered amount, number of orders, last order day
///     returned: signed amount
///     adjusted: signed amount
/// </code>
/// What is zero is not written, so a usual month takes about six bytes, and the same months are always the same bytes.
/// Later formats add fields to a month (complaints, arrears) under the next version byte.
/// </remarks>
public readonly ref struct ActivityMonths
{
    private const byte Format = 1;
    private const int HasOrders = 1;
    private const int HasReturned = 2;
    private const int HasAdjusted = 4;
    private const int MaxVarint = 10;
    private const int MaxBytesPerMonth = 6 * MaxVarint;

    private readonly ReadOnlySpan<byte> _straddles;
    private readonly ReadOnlySpan<byte> _months;
    private readonly int _straddleCount;

    /// <summary>A view over a packed row.</summary>
    /// <exception cref="FormatException">Not a packed row of a known format (found here or while walking).</exception>
    public ActivityMonths(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty || packed[0] != Format)
            throw new FormatException("The months are not packed in format 1");
        var rest = packed[1..];
        // Every entry takes a byte or more, so a count beyond the rest is damage, found before anything is allocated.
        Count = TakeInt(ref rest, packed.Length);
        _straddleCount = TakeInt(ref rest, packed.Length);
        _straddles = rest;
        for (var i = 0; i < _straddleCount; i++)
            TakeStraddle(ref rest);
        _months = rest;
    }

    /// <summary>Number of months with a fact.</summary>
    public int Count { get; }

    public Enumerator GetEnumerator() => new(_months, Count);

    /// <summary>
    /// How many order documents the sum of <c>Orders</c> over the months from <paramref name="from"/> (inclusive) to
    /// <paramref name="until"/> (exclusive) counts more than once; subtract it for the number of distinct documents.
    /// </summary>
    public int CountedAgain(Month from, Month until)
    {
        var rest = _straddles;
        var again = 0;
        for (var i = 0; i < _straddleCount; i++)
        {
            var straddle = TakeStraddle(ref rest);
            if (straddle.Earlier >= from && straddle.Later < until)
                again++;
        }
        return again;
    }

    /// <summary>
    /// Packs the facts of one customer, in any order. A document counts in every month in which it has an order row; a
    /// <see cref="Straddle"/> joins those months, so "distinct documents with an order row in the window" is exact for
    /// every window of whole months.
    /// </summary>
    public static byte[] Build(ReadOnlySpan<Fact> facts)
    {
        var byDay = facts.ToArray();
        Array.Sort(byDay, static (a, b) => a.On.CompareTo(b.On));
        var months = new List<ActivityMonth>();
        var straddles = new List<Straddle>();
        var lastMonthOf = new Dictionary<string, Month>(StringComparer.Ordinal);
        foreach (var fact in byDay)
        {
            var month = Month.Of(fact.On);
            if (months.Count == 0 || months[^1].Month != month)
                months.Add(new ActivityMonth(month, 0, 0, 0, 0, 0));
            months[^1] = months[^1].Plus(Single(fact, IsNewInMonth(fact, month, lastMonthOf, straddles)));
        }
        return Pack(CollectionsMarshal.AsSpan(months), straddles);
    }

    /// <summary>
    /// Adds up two packed rows of one customer. Exact when no order document has rows in both: who adds rows to a
    /// document that is already packed builds the customer anew from the facts.
    /// </summary>
    public static byte[] Merge(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var a = new ActivityMonths(one);
        var b = new ActivityMonths(other);
        var merged = new ActivityMonth[a.Count + b.Count];
        var count = 0;
        var left = a.GetEnumerator();
        var right = b.GetEnumerator();
        var hasLeft = left.MoveNext();
        var hasRight = right.MoveNext();
        while (hasLeft || hasRight)
        {
            var order =
                !hasRight ? -1
                : !hasLeft ? 1
                : left.Current.Month.CompareTo(right.Current.Month);
            merged[count++] = order switch
            {
                < 0 => left.Current,
                > 0 => right.Current,
                _ => left.Current.Plus(right.Current),
            };
            if (order <= 0)
                hasLeft = left.MoveNext();
            if (order >= 0)
                hasRight = right.MoveNext();
        }
        return Pack(merged.AsSpan(0, count), [.. a.Straddles(), .. b.Straddles()]);
    }

    /// <summary>Packs months, ascending and each once; the straddles may come in any order.</summary>
    internal static byte[] Pack(ReadOnlySpan<ActivityMonth> months, List<Straddle> straddles)
    {
        straddles.Sort();
        var size = 1 + ((2 + (2 * straddles.Count)) * MaxVarint) + (months.Length * MaxBytesPerMonth);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var free = buffer.AsSpan();
        free[0] = Format;
        free = free[1..];
        Put(ref free, (ulong)months.Length);
        Put(ref free, (ulong)straddles.Count);
        foreach (var straddle in straddles)
        {
            Put(ref free, (ulong)straddle.Earlier.Index);
            Put(ref free, (ulong)(straddle.Later - straddle.Earlier));
        }
        var before = new Month(0);
        foreach (var month in months)
        {
            PutMonth(ref free, month, before);
            before = month.Month;
        }
        var packed = buffer.AsSpan(0, buffer.Length - free.Length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return packed;
    }

    internal List<Straddle> Straddles()
    {
        var rest = _straddles;
        var all = new List<Straddle>(_straddleCount);
        for (var i = 0; i < _straddleCount; i++)
            all.Add(TakeStraddle(ref rest));
        return all;
    }

    /// <summary>The month that one fact makes.</summary>
    private static ActivityMonth Single(Fact fact, bool countsAsOrder)
    {
        var month = Month.Of(fact.On);
        return fact.Kind switch
        {
            FactKind.Order => new(month, fact.Amount, 0, 0, countsAsOrder ? 1 : 0, fact.On.Day),
            FactKind.Return => new(month, 0, -fact.Amount, 0, 0, 0),
            _ => new(month, 0, 0, fact.Amount, 0, 0),
        };
    }

    /// <summary>Whether the fact is the first order row of its document in its month; facts come by day.</summary>
    private static bool IsNewInMonth(
        Fact fact,
        Month month,
        Dictionary<string, Month> lastMonthOf,
        List<Straddle> straddles
    )
    {
        if (fact.Kind != FactKind.Order)
            return false;
        if (fact.Document.Length == 0)
            return true;
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(lastMonthOf, fact.Document, out var seen);
        if (seen && last == month)
            return false;
        if (seen)
            straddles.Add(new Straddle(last, month));
        last = month;
        return true;
    }

    private static void PutMonth(ref Span<byte> free, ActivityMonth month, Month before)
    {
        var follows =
            (month.Orders != 0 ? HasOrders : 0)
            | (month.Returned != 0 ? HasReturned : 0)
            | (month.Adjusted != 0 ? HasAdjusted : 0);
        Put(ref free, ((ulong)(month.Month - before) << 3) | (uint)follows);
        if (month.Orders != 0)
        {
            Put(ref free, (ulong)month.Ordered);
            Put(ref free, (ulong)month.Orders);
            Put(ref free, (ulong)month.LastOrderDay);
        }
        if (month.Returned != 0)
            PutSigned(ref free, month.Returned);
        if (month.Adjusted != 0)
            PutSigned(ref free, month.Adjusted);
    }

    private static ActivityMonth TakeMonth(ref ReadOnlySpan<byte> rest, Month before)
    {
        var head = Take(ref rest);
        var distance = head >> 3;
        if (distance == 0 || distance > (ulong)(Month.Max - before))
            throw Damaged();
        var month = before + (int)distance;
        long ordered = 0;
        int orders = 0,
            lastOrderDay = 0;
        if ((head & HasOrders) != 0)
        {
            var amount = Take(ref rest);
            ordered = amount <= long.MaxValue ? (long)amount : throw Damaged();
            orders = TakeInt(ref rest, int.MaxValue);
            lastOrderDay = TakeInt(ref rest, 31);
        }
        var returned = (head & HasReturned) != 0 ? TakeSigned(ref rest) : 0;
        var adjusted = (head & HasAdjusted) != 0 ? TakeSigned(ref rest) : 0;
        return new ActivityMonth(month, ordered, returned, adjusted, orders, lastOrderDay);
    }

    private static Straddle TakeStraddle(ref ReadOnlySpan<byte> rest)
    {
        var earlier = new Month(TakeInt(ref rest, Month.Max.Index));
        return new Straddle(earlier, earlier + TakeInt(ref rest, Month.Max - earlier));
    }

    private static void Put(ref Span<byte> free, ulong value)
    {
        var i = 0;
        for (; value >= 0x80; value >>= 7)
            free[i++] = (byte)((value & 0x7F) | 0x80);
        free[i++] = (byte)value;
        free = free[i..];
    }

    private static void PutSigned(ref Span<byte> free, long value) =>
        Put(ref free, unchecked((ulong)((value << 1) ^ (value >> 63))));

    private static ulong Take(ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarint && i < rest.Length; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return value;
            }
        }
        throw Damaged();
    }

    private static long TakeSigned(ref ReadOnlySpan<byte> rest)
    {
        var value = Take(ref rest);
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    private static int TakeInt(ref ReadOnlySpan<byte> rest, int max)
    {
        var value = Take(ref rest);
        return value <= (ulong)max ? (int)value : throw Damaged();
    }

    private static FormatException Damaged() => new("The packed months are damaged");

    /// <summary>Walks the months of a packed row, ascending.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private int _left;

        internal Enumerator(ReadOnlySpan<byte> months, int count)
        {
            _rest = months;
            _left = count;
        }

        public ActivityMonth Current { get; private set; }

        /// <exception cref="FormatException">The bytes are damaged.</exception>
        public bool MoveNext()
        {
            if (_left == 0)
                return _rest.IsEmpty ? false : throw Damaged();
            Current = TakeMonth(ref _rest, Current.Month);
            _left--;
            return true;
        }
    }
}
