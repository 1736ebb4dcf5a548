using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Exeunt.Core.Activity;

/// <summary>What one customer did in one month. Amounts are minor units of the customer's currency.</summary>
/// <param name="Month">The civil month.</param>
/// <param name="Ordered">Sum of the order rows; 0 or more.</param>
/// <param name="Returned">Value returned: minus the sum of the return rows (below 0 only if a source says so).</param>
/// <param name="Adjusted">Sum of all rows that count in spend only; any sign.</param>
/// <param name="Orders">Distinct order documents with a row in this month, plus order rows without a number.</param>
/// <param name="OrderDays">Bit d − 1 is set when there is an order row on day d of the month; 0 exactly when there is no order.</param>
/// <remarks>A traded month with nothing but rows worth 0 is a month with zeros: there was a fact.</remarks>
public readonly record struct ActivityMonth(
    Month Month,
    long Ordered,
    long Returned,
    long Adjusted,
    int Orders,
    uint OrderDays
)
{
    /// <summary>Whether there was a row of trade (order, return, adjustment, other); without one only what follows happened.</summary>
    public bool IsTraded { get; init; } = true;

    /// <summary>Amount less cost, over the order and return rows whose cost is known.</summary>
    public long Margin { get; init; }

    /// <summary>How many order and return rows have a known cost.</summary>
    public int Costed { get; init; }

    /// <summary>Complaints other than duplicates.</summary>
    public int Complaints { get; init; }

    /// <summary>Those of them with a verdict.</summary>
    public int Judged { get; init; }

    /// <summary>Those of them that are valid, in full or in part.</summary>
    public int ValidComplaints { get; init; }
    public int Contacts { get; init; }

    /// <summary>Contacts whose cost is known.</summary>
    public int ContactsCosted { get; init; }

    /// <summary>Sum of the known costs of contacts.</summary>
    public long ContactCost { get; init; }

    /// <summary>Sum of the uses.</summary>
    public long Usage { get; init; }

    /// <summary>Bit d − 1 is set when there was a use on day d of the month.</summary>
    public uint UsageDays { get; init; }
    public int PromisesKept { get; init; }
    public int PromisesBroken { get; init; }

    /// <summary>Spend of the month: the sum of every row of trade, in minor units.</summary>
    public long Net => Ordered - Returned + Adjusted;

    /// <summary>Whether the qualifying amount, orders less returns, is above 0; adjustments do not qualify.</summary>
    public bool IsActive => Ordered > Returned;

    /// <summary>Day of the month of the last order row, 1 to 31; 0 when there is no order.</summary>
    public int LastOrderDay => LastDay(OrderDays);

    /// <summary>The last day of a set of days, 1 to 31; 0 of none.</summary>
    public static int LastDay(uint days) => 32 - BitOperations.LeadingZeroCount(days);

    /// <summary>A set of one day of the month, 1 to 31.</summary>
    public static uint Day(int day) => 1U << (day - 1);

    /// <summary>Both added up; they are the same month and share no order document.</summary>
    internal ActivityMonth Plus(ActivityMonth other) =>
        new(
            Month,
            Ordered + other.Ordered,
            Returned + other.Returned,
            Adjusted + other.Adjusted,
            Orders + other.Orders,
            OrderDays | other.OrderDays
        )
        {
            IsTraded = IsTraded || other.IsTraded,
            Margin = Margin + other.Margin,
            Costed = Costed + other.Costed,
            Complaints = Complaints + other.Complaints,
            Judged = Judged + other.Judged,
            ValidComplaints = ValidComplaints + other.ValidComplaints,
            Contacts = Contacts + other.Contacts,
            ContactsCosted = ContactsCosted + other.ContactsCosted,
            ContactCost = ContactCost + other.ContactCost,
            Usage = Usage + other.Usage,
            UsageDays = UsageDays | other.UsageDays,
            PromisesKept = PromisesKept + other.PromisesKept,
            PromisesBroken = PromisesBroken + other.PromisesBroken,
        };
}

/// <summary>What became due or was paid on one day, added up.</summary>
public readonly record struct DatedAmount(DateOnly On, long Amount);

/// <summary>A rating of the cooperation.</summary>
/// <param name="Score">Hundredths of a point, 100 to 500.</param>
/// <param name="Until">Last day on which it counts.</param>
public readonly record struct DatedRating(DateOnly On, int Score, DateOnly Until);

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
/// The history of one customer as one packed row, and a view that walks its months without allocating:
/// <c>foreach (var month in new ActivityMonths(bytes))</c>, ascending by month.
/// </summary>
/// <remarks>
/// Format 2, all numbers varints of seven bits, low bits first; "signed" is zigzag:
/// <code>
/// byte     2, the format version
/// months   how many
/// straddles how many × 2, + 1 when dated entries follow the months
/// each straddle, ascending: index of the earlier month, distance to the later one
/// each month, ascending:    distance × 16 + what follows (1 orders, 2 returned, 4 adjusted, 8 more);
///                           distance is from the month before, for the first month from 0 (its index)
///     orders:   ordered amount, number of orders, order days
///     returned: signed amount
///     adjusted: signed amount
///     more:     what follows (1 not traded, 2 margin, 4 complaints, 8 contacts, 16 usage, 32 promises)
///         margin:     rows with a known cost, signed margin
///         complaints: all, judged, valid
///         contacts:   all, with a known cost, signed cost
///         usage:      times, usage days
///         promises:   kept, broken
/// dated entries, each list ascending by day, a day being the distance from the entry before (the first: its number):
///     due:      how many, each: day, amount
///     paid:     how many, each: day, signed amount
///     ratings:  how many, each: day, score, days until the last on which it counts
/// a set of days: its last day; + 32 when there are others, which follow as bits (bit d − 1 for day d)
/// </code>
/// What is zero is not written, so a usual month takes about six bytes, and the same facts are always the same bytes.
/// <para>
/// Format 1, still read: no "more" and no dated entries (distance × 8, straddles not doubled), and of the order days only the last.
/// </para>
/// </remarks>
public readonly ref struct ActivityMonths
{
    private const byte Format = 2;
    private const byte OldFormat = 1;
    private const int HasOrders = 1;
    private const int HasReturned = 2;
    private const int HasAdjusted = 4;
    private const int HasMore = 8;
    private const int HasNoTrade = 1;
    private const int HasMargin = 2;
    private const int HasComplaints = 4;
    private const int HasContacts = 8;
    private const int HasUsage = 16;
    private const int HasPromises = 32;
    private const int MoreDays = 32;
    private const int MaxVarint = 10;
    private const int MaxBytesPerMonth = 20 * MaxVarint;

    private readonly ReadOnlySpan<byte> _straddles;
    private readonly ReadOnlySpan<byte> _months;
    private readonly int _straddleCount;
    private readonly bool _hasDated;

    /// <summary>A view over a packed row.</summary>
    /// <exception cref="FormatException">Not a packed row of a known format (found here or while walking).</exception>
    public ActivityMonths(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty || packed[0] is not (Format or OldFormat))
            throw new FormatException("The months are not packed in format 1 or 2");
        IsOld = packed[0] == OldFormat;
        var rest = packed[1..];
        // Every entry takes a byte or more, so a count beyond the rest is damage, found before anything is allocated.
        Count = TakeInt(ref rest, packed.Length);
        var straddles = TakeInt(ref rest, packed.Length * 2);
        (_straddleCount, _hasDated) = IsOld ? (straddles, false) : (straddles >> 1, (straddles & 1) != 0);
        if (_straddleCount > packed.Length)
            throw Damaged();
        _straddles = rest;
        for (var i = 0; i < _straddleCount; i++)
            TakeStraddle(ref rest);
        _months = rest;
    }

    /// <summary>Number of months with a fact.</summary>
    public int Count { get; }

    /// <summary>Packed in format 1: of the order days only the last of each month is known.</summary>
    public bool IsOld { get; }

    /// <summary>How many documents have order rows in several months.</summary>
    internal int StraddleCount => _straddleCount;

    public Enumerator GetEnumerator() => new(_months, Count, IsOld, _hasDated);

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

    /// <summary>What fell due, what was paid and how the cooperation was rated, each ascending by day.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public (List<DatedAmount> Due, List<DatedAmount> Paid, List<DatedRating> Ratings) Dated()
    {
        var months = GetEnumerator();
        while (months.MoveNext()) { }
        var dated = months.Dated;
        List<DatedAmount> due = [],
            paid = [];
        List<DatedRating> ratings = [];
        while (dated.NextDue(out var entry))
            due.Add(entry);
        while (dated.NextPaid(out var entry))
            paid.Add(entry);
        while (dated.NextRating(out var entry))
            ratings.Add(entry);
        return (due, paid, ratings);
    }

    /// <summary>
    /// Packs the facts of one customer, in any order. A document counts in every month in which it has an order row; a
    /// <see cref="Straddle"/> joins those months, so "distinct documents with an order row in the window" is exact for
    /// every window of whole months.
    /// </summary>
    /// <exception cref="OverflowException">The sums leave the range of amounts.</exception>
    public static byte[] Build(ReadOnlySpan<Fact> facts)
    {
        var byDay = facts.ToArray();
        Array.Sort(byDay, static (a, b) => a.On.CompareTo(b.On));
        var months = new List<ActivityMonth>();
        var straddles = new List<Straddle>();
        var lastMonthOf = new Dictionary<string, Month>(StringComparer.Ordinal);
        List<DatedAmount> due = [],
            paid = [];
        List<DatedRating> ratings = [];
        foreach (var fact in byDay)
        {
            switch (fact.Kind)
            {
                case FactKind.Due:
                    due.Add(new DatedAmount(DateOnly.FromDayNumber((int)(fact.Detail ?? fact.On.DayNumber)), fact.Amount));
                    continue;
                case FactKind.Payment:
                    paid.Add(new DatedAmount(fact.On, fact.Amount));
                    continue;
                case FactKind.Rating:
                    ratings.Add(new DatedRating(fact.On, (int)fact.Amount, DateOnly.FromDayNumber((int)fact.Detail!.Value)));
                    continue;
            }
            var month = Month.Of(fact.On);
            if (months.Count == 0 || months[^1].Month != month)
                months.Add(new ActivityMonth(month, 0, 0, 0, 0, 0) { IsTraded = false });
            months[^1] = months[^1].Plus(Single(fact, IsNewInMonth(fact, month, lastMonthOf, straddles)));
        }
        return Pack(CollectionsMarshal.AsSpan(months), straddles, AddedUp(due), AddedUp(paid), Sorted(ratings));
    }

    /// <summary>
    /// Adds up two packed rows of one customer. Exact when no order document has rows in both and both are of format 2: who
    /// adds rows to a document that is already packed, or to an old row, builds the customer anew from the facts.
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
        if (!a._hasDated && !b._hasDated)
            return Pack(merged.AsSpan(0, count), [.. a.Straddles(), .. b.Straddles()], [], [], []);
        var (due, paid, ratings) = a.Dated();
        var (moreDue, morePaid, moreRatings) = b.Dated();
        return Pack(
            merged.AsSpan(0, count),
            [.. a.Straddles(), .. b.Straddles()],
            AddedUp([.. due, .. moreDue]),
            AddedUp([.. paid, .. morePaid]),
            Sorted([.. ratings, .. moreRatings])
        );
    }

    /// <summary>Packs months, ascending and each once, and dated entries, ascending; the straddles may come in any order.</summary>
    internal static byte[] Pack(
        ReadOnlySpan<ActivityMonth> months,
        List<Straddle> straddles,
        List<DatedAmount> due,
        List<DatedAmount> paid,
        List<DatedRating> ratings
    )
    {
        straddles.Sort();
        CheckSums(due);
        CheckSums(paid);
        var dated = due.Count + paid.Count + ratings.Count;
        var size =
            1 + ((5 + (2 * straddles.Count) + (3 * dated)) * MaxVarint) + (months.Length * MaxBytesPerMonth);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var free = buffer.AsSpan();
        free[0] = Format;
        free = free[1..];
        Put(ref free, (ulong)months.Length);
        Put(ref free, ((ulong)straddles.Count << 1) | (dated > 0 ? 1UL : 0));
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
        if (dated > 0)
            PutDated(ref free, due, paid, ratings);
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

    /// <summary>Who reads the row adds these up from the first: all together must be an amount.</summary>
    private static void CheckSums(List<DatedAmount> entries)
    {
        long sum = 0;
        foreach (var entry in entries)
            sum += Math.Abs(entry.Amount);
    }

    private static List<DatedAmount> AddedUp(List<DatedAmount> entries)
    {
        entries.Sort(static (a, b) => a.On.CompareTo(b.On));
        var days = new List<DatedAmount>(entries.Count);
        foreach (var entry in entries)
            if (days.Count > 0 && days[^1].On == entry.On)
                days[^1] = entry with { Amount = days[^1].Amount + entry.Amount };
            else
                days.Add(entry);
        return days;
    }

    /// <summary>By day; of one day the highest score last, so that it is the one that counts.</summary>
    private static List<DatedRating> Sorted(List<DatedRating> ratings)
    {
        ratings.Sort(static (a, b) => (a.On, a.Score, a.Until).CompareTo((b.On, b.Score, b.Until)));
        return ratings;
    }

    /// <summary>The month that one fact makes.</summary>
    private static ActivityMonth Single(Fact fact, bool countsAsOrder)
    {
        var month = Month.Of(fact.On);
        var day = ActivityMonth.Day(fact.On.Day);
        var nothing = new ActivityMonth(month, 0, 0, 0, 0, 0) { IsTraded = false };
        switch (fact.Kind)
        {
            case FactKind.Order:
                return WithCost(new(month, fact.Amount, 0, 0, countsAsOrder ? 1 : 0, day), fact);
            case FactKind.Return:
                return WithCost(new(month, 0, -fact.Amount, 0, 0, 0), fact);
            case FactKind.Complaint:
                var verdict = (ComplaintVerdict)(fact.Detail ?? 0);
                return verdict == ComplaintVerdict.Duplicate
                    ? nothing
                    : nothing with
                    {
                        Complaints = 1,
                        Judged = verdict == ComplaintVerdict.Pending ? 0 : 1,
                        ValidComplaints = verdict is ComplaintVerdict.Valid or ComplaintVerdict.Partial ? 1 : 0,
                    };
            case FactKind.Contact:
                return nothing with { Contacts = 1, ContactsCosted = fact.Detail is null ? 0 : 1, ContactCost = fact.Detail ?? 0 };
            case FactKind.Usage:
                return nothing with { Usage = fact.Amount, UsageDays = day };
            case FactKind.Promise:
                return fact.Detail == 1 ? nothing with { PromisesKept = 1 } : nothing with { PromisesBroken = 1 };
            default:
                return new(month, 0, 0, fact.Amount, 0, 0);
        }
    }

    private static ActivityMonth WithCost(ActivityMonth month, Fact fact) =>
        fact.Detail is { } cost ? month with { Margin = fact.Amount - cost, Costed = 1 } : month;

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
        var more =
            (month.IsTraded ? 0 : HasNoTrade)
            | (month.Costed != 0 ? HasMargin : 0)
            | (month.Complaints != 0 ? HasComplaints : 0)
            | (month.Contacts != 0 ? HasContacts : 0)
            | (month.UsageDays != 0 ? HasUsage : 0)
            | ((month.PromisesKept | month.PromisesBroken) != 0 ? HasPromises : 0);
        var follows =
            (month.Orders != 0 ? HasOrders : 0)
            | (month.Returned != 0 ? HasReturned : 0)
            | (month.Adjusted != 0 ? HasAdjusted : 0)
            | (more != 0 ? HasMore : 0);
        Put(ref free, ((ulong)(month.Month - before) << 4) | (uint)follows);
        if (month.Orders != 0)
        {
            Put(ref free, (ulong)month.Ordered);
            Put(ref free, (ulong)month.Orders);
            PutDays(ref free, month.OrderDays);
        }
        if (month.Returned != 0)
            PutSigned(ref free, month.Returned);
        if (month.Adjusted != 0)
            PutSigned(ref free, month.Adjusted);
        if (more != 0)
            PutMore(ref free, month, more);
    }

    private static void PutMore(ref Span<byte> free, ActivityMonth month, int more)
    {
        Put(ref free, (uint)more);
        if ((more & HasMargin) != 0)
        {
            Put(ref free, (ulong)month.Costed);
            PutSigned(ref free, month.Margin);
        }
        if ((more & HasComplaints) != 0)
        {
            Put(ref free, (ulong)month.Complaints);
            Put(ref free, (ulong)month.Judged);
            Put(ref free, (ulong)month.ValidComplaints);
        }
        if ((more & HasContacts) != 0)
        {
            Put(ref free, (ulong)month.Contacts);
            Put(ref free, (ulong)month.ContactsCosted);
            PutSigned(ref free, month.ContactCost);
        }
        if ((more & HasUsage) != 0)
        {
            Put(ref free, (ulong)month.Usage);
            PutDays(ref free, month.UsageDays);
        }
        if ((more & HasPromises) != 0)
        {
            Put(ref free, (ulong)month.PromisesKept);
            Put(ref free, (ulong)month.PromisesBroken);
        }
    }

    private static void PutDated(
        ref Span<byte> free,
        List<DatedAmount> due,
        List<DatedAmount> paid,
        List<DatedRating> ratings
    )
    {
        Put(ref free, (ulong)due.Count);
        var before = 0;
        foreach (var entry in due)
        {
            Put(ref free, (ulong)(entry.On.DayNumber - before));
            Put(ref free, (ulong)entry.Amount);
            before = entry.On.DayNumber;
        }
        Put(ref free, (ulong)paid.Count);
        before = 0;
        foreach (var entry in paid)
        {
            Put(ref free, (ulong)(entry.On.DayNumber - before));
            PutSigned(ref free, entry.Amount);
            before = entry.On.DayNumber;
        }
        Put(ref free, (ulong)ratings.Count);
        before = 0;
        foreach (var rating in ratings)
        {
            Put(ref free, (ulong)(rating.On.DayNumber - before));
            Put(ref free, (ulong)rating.Score);
            Put(ref free, (ulong)(rating.Until.DayNumber - rating.On.DayNumber));
            before = rating.On.DayNumber;
        }
    }

    /// <summary>Puts the next month in the place of the one before.</summary>
    private static void TakeMonth(ref ReadOnlySpan<byte> rest, ref ActivityMonth current, bool isOld)
    {
        var before = current.Month;
        var head = Take(ref rest);
        var distance = head >> (isOld ? 3 : 4);
        if (distance == 0 || distance > (ulong)(Month.Max - before))
            throw Damaged();
        var month = before + (int)distance;
        long ordered = 0;
        var orders = 0;
        uint days = 0;
        if ((head & HasOrders) != 0)
        {
            ordered = TakeLong(ref rest);
            orders = TakeInt(ref rest, int.MaxValue);
            days = isOld ? LastDayOnly(ref rest) : TakeDays(ref rest);
        }
        var returned = (head & HasReturned) != 0 ? TakeSigned(ref rest) : 0;
        var adjusted = (head & HasAdjusted) != 0 ? TakeSigned(ref rest) : 0;
        current = new ActivityMonth(month, ordered, returned, adjusted, orders, days);
        if (!isOld && (head & HasMore) != 0)
            current = TakeMore(ref rest, current);
    }

    private static ActivityMonth TakeMore(ref ReadOnlySpan<byte> rest, ActivityMonth month)
    {
        var more = TakeInt(ref rest, (HasPromises << 1) - 1);
        if ((more & HasNoTrade) != 0)
            month = month with { IsTraded = false };
        if ((more & HasMargin) != 0)
            month = month with { Costed = TakeInt(ref rest, int.MaxValue), Margin = TakeSigned(ref rest) };
        if ((more & HasComplaints) != 0)
            month = month with
            {
                Complaints = TakeInt(ref rest, int.MaxValue),
                Judged = TakeInt(ref rest, int.MaxValue),
                ValidComplaints = TakeInt(ref rest, int.MaxValue),
            };
        if ((more & HasContacts) != 0)
            month = month with
            {
                Contacts = TakeInt(ref rest, int.MaxValue),
                ContactsCosted = TakeInt(ref rest, int.MaxValue),
                ContactCost = TakeSigned(ref rest),
            };
        if ((more & HasUsage) != 0)
            month = month with { Usage = TakeLong(ref rest), UsageDays = TakeDays(ref rest) };
        if ((more & HasPromises) != 0)
            month = month with
            {
                PromisesKept = TakeInt(ref rest, int.MaxValue),
                PromisesBroken = TakeInt(ref rest, int.MaxValue),
            };
        return month;
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

    private static void PutDays(ref Span<byte> free, uint days)
    {
        var last = ActivityMonth.LastDay(days);
        var others = days & ~ActivityMonth.Day(last);
        Put(ref free, (uint)(last + (others != 0 ? MoreDays : 0)));
        if (others != 0)
            Put(ref free, others);
    }

    private static ulong Take(ref ReadOnlySpan<byte> rest)
    {
        // Most numbers take one byte or a few.
        if (rest.Length > 0 && rest[0] < 0x80)
        {
            ulong small = rest[0];
            rest = rest[1..];
            return small;
        }
        if (rest.Length >= sizeof(ulong))
        {
            var bytes = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            var ends = ~bytes & 0x8080_8080_8080_8080;
            if (ends != 0)
            {
                var bits = BitOperations.TrailingZeroCount(ends) + 1;
                rest = rest[(bits >> 3)..];
                return Joined(bytes & (ulong.MaxValue >> (64 - bits)));
            }
        }
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

    /// <summary>Eight bytes of seven bits each as one number, by twos.</summary>
    private static ulong Joined(ulong bytes)
    {
        bytes = (bytes & 0x007F_007F_007F_007F) | ((bytes & 0x7F00_7F00_7F00_7F00) >> 1);
        bytes = (bytes & 0x0000_3FFF_0000_3FFF) | ((bytes & 0x3FFF_0000_3FFF_0000) >> 2);
        return (bytes & 0x0FFF_FFFF) | ((bytes & 0x0FFF_FFFF_0000_0000) >> 4);
    }

    private static long TakeSigned(ref ReadOnlySpan<byte> rest)
    {
        var value = Take(ref rest);
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    private static long TakeLong(ref ReadOnlySpan<byte> rest)
    {
        var value = Take(ref rest);
        return value <= long.MaxValue ? (long)value : throw Damaged();
    }

    private static int TakeInt(ref ReadOnlySpan<byte> rest, int max)
    {
        var value = Take(ref rest);
        return value <= (ulong)max ? (int)value : throw Damaged();
    }

    private static uint LastDayOnly(ref ReadOnlySpan<byte> rest)
    {
        var last = TakeInt(ref rest, 31);
        return last == 0 ? 0 : ActivityMonth.Day(last);
    }

    private static uint TakeDays(ref ReadOnlySpan<byte> rest)
    {
        var head = TakeInt(ref rest, MoreDays + 31);
        var last = head & (MoreDays - 1);
        if (last == 0)
            throw Damaged();
        var days = ActivityMonth.Day(last);
        if (head < MoreDays)
            return days;
        var others = Take(ref rest);
        return others != 0 && others < days ? days | (uint)others : throw Damaged();
    }

    private static DateOnly TakeDay(ref ReadOnlySpan<byte> rest, int before) =>
        DateOnly.FromDayNumber(before + TakeInt(ref rest, DateOnly.MaxValue.DayNumber - before));

    private static FormatException Damaged() => new("The packed months are damaged");

    /// <summary>Walks the months of a packed row, ascending.</summary>
    public ref struct Enumerator
    {
        private readonly bool _isOld;
        private readonly bool _hasDated;
        private ReadOnlySpan<byte> _rest;
        private ActivityMonth _current;
        private int _left;

        internal Enumerator(ReadOnlySpan<byte> months, int count, bool isOld, bool hasDated)
        {
            _rest = months;
            _left = count;
            _isOld = isOld;
            _hasDated = hasDated;
        }

        [UnscopedRef]
        public readonly ref readonly ActivityMonth Current => ref _current;

        /// <exception cref="FormatException">The bytes are damaged.</exception>
        public bool MoveNext()
        {
            if (_left == 0)
                return _rest.IsEmpty || _hasDated ? false : throw Damaged();
            TakeMonth(ref _rest, ref _current, _isOld);
            _left--;
            return true;
        }

        /// <summary>What follows the months; after the last of them.</summary>
        internal readonly DatedEntries Dated => new(_hasDated ? _rest : default, _hasDated);
    }

    /// <summary>Walks the dated entries: all due, then all paid, then all ratings.</summary>
    internal ref struct DatedEntries
    {
        private readonly bool _any;
        private ReadOnlySpan<byte> _rest;
        private int _list;
        private int _left;
        private int _day;

        internal DatedEntries(ReadOnlySpan<byte> rest, bool any)
        {
            _rest = rest;
            _any = any;
            _list = -1;
        }

        public bool NextDue(out DatedAmount entry)
        {
            entry = default;
            if (!Next(0))
                return false;
            entry = new DatedAmount(DateOnly.FromDayNumber(_day), TakeLong(ref _rest));
            return true;
        }

        public bool NextPaid(out DatedAmount entry)
        {
            entry = default;
            if (!Next(1))
                return false;
            entry = new DatedAmount(DateOnly.FromDayNumber(_day), TakeSigned(ref _rest));
            return true;
        }

        public bool NextRating(out DatedRating entry)
        {
            entry = default;
            if (!Next(2))
                return _rest.IsEmpty ? false : throw Damaged();
            var on = DateOnly.FromDayNumber(_day);
            var score = TakeInt(ref _rest, int.MaxValue);
            entry = new DatedRating(on, score, TakeDay(ref _rest, _day));
            return true;
        }

        /// <summary>Goes to the next entry of a list; false at its end.</summary>
        private bool Next(int list)
        {
            if (!_any)
                return false;
            if (_list < list)
            {
                (_list, _day) = (list, 0);
                _left = TakeInt(ref _rest, _rest.Length);
            }
            if (_left == 0)
                return false;
            _left--;
            _day = TakeDay(ref _rest, _day).DayNumber;
            return true;
        }
    }
}
