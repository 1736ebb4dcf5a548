namespace Exeunt.Core.Activity;

/// <summary>
/// Room for one customer's history at a time, with running totals, so that any window of months is a subtraction. It grows to the
/// longest history read and is used again; one per thread.
/// </summary>
public sealed class HistoryScratch
{
    /// <summary>
    /// Everything up to and including one month; entry 0 is before the first. Sums may wrap around: only their differences over
    /// windows are used, and those are right all the same.
    /// </summary>
    internal struct Totals
    {
        public int Month;
        public int LastActive;

        /// <summary>Where the last order and the last use are, see <see cref="DayNumber"/>; 0: nowhere.</summary>
        public int LastOrderIn;
        public int LastUsageIn;
        public ulong Recent;
        public uint OrderDays;
        public uint UsageDays;
        public int Orders;
        public int Costed;
        public int Complaints;
        public int Judged;
        public int Valid;
        public int Contacts;
        public int ContactsCosted;
        public int Broken;
        public bool IsTraded;
        public long Spend;
        public long Ordered;
        public long Returned;
        public long Margin;
        public long ContactCost;
        public long Usage;
    }

    private Totals[] _months = new Totals[64];
    private (int Day, long Sum)[] _due = [];
    private (int Day, long Sum)[] _paid = [];
    private (int Day, int Score, int Until)[] _ratings = [];
    private List<Straddle> _straddles = [];

    internal int Count { get; private set; }
    internal int DueCount { get; private set; }
    internal int PaidCount { get; private set; }
    internal int RatingCount { get; private set; }

    /// <summary>Index of the first active month; 0: none.</summary>
    internal int FirstActive { get; private set; }

    /// <summary>Index of the first month with trade; 0: none.</summary>
    internal int FirstTraded { get; private set; }

    /// <summary>Where the first order is, see <see cref="DayNumber"/>; 0: nowhere.</summary>
    internal int FirstOrderIn { get; private set; }

    /// <summary>The day number of a day that is kept as its month and the days before it there, which is quicker to come by; 0 stays 0.</summary>
    internal static int DayNumber(int place) => place == 0 ? 0 : new Month(place >> 5).FirstDay.DayNumber + (place & 31);

    /// <summary>Day number of the first day of the relationship as the customer's file has it; 0: not known.</summary>
    internal int Since { get; private set; }

    /// <summary>Of the order days only the last of each month is known.</summary>
    internal bool IsOld { get; private set; }

    /// <summary>One of <see cref="Months"/>.</summary>
    internal ref readonly Totals Upto(int entry) => ref _months[entry];

    /// <summary>Entry 0 is before the first month; then one per month, ascending.</summary>
    internal ReadOnlySpan<Totals> Months => _months.AsSpan(0, Count + 1);

    /// <summary>Due days ascending, with everything due up to and including the day.</summary>
    internal ReadOnlySpan<(int Day, long Sum)> Due => _due.AsSpan(0, DueCount);

    /// <summary>Payment days ascending, with everything paid up to and including the day.</summary>
    internal ReadOnlySpan<(int Day, long Sum)> Paid => _paid.AsSpan(0, PaidCount);

    /// <summary>Ratings ascending by day.</summary>
    internal ReadOnlySpan<(int Day, int Score, int Until)> Ratings => _ratings.AsSpan(0, RatingCount);

    /// <summary>Reads a packed history; empty is none.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    internal void Read(ReadOnlySpan<byte> packed, int since)
    {
        (Count, DueCount, PaidCount, RatingCount, FirstActive, FirstTraded, FirstOrderIn, Since, IsOld) = (0, 0, 0, 0, 0, 0, 0, since, false);
        _straddles.Clear();
        _months[0] = default;
        if (packed.IsEmpty)
            return;
        var row = new ActivityMonths(packed);
        IsOld = row.IsOld;
        if (row.StraddleCount > 0)
            _straddles = row.Straddles();
        if (_months.Length <= row.Count)
            Array.Resize(ref _months, Math.Max(row.Count + 1, _months.Length * 2));
        var walk = row.GetEnumerator();
        while (walk.MoveNext())
            Take(walk.Current);
        TakeDated(walk.Dated);
    }

    /// <summary>How many order documents the counts of the months from one (inclusive) to another (exclusive) hold twice.</summary>
    internal int CountedAgain(Month from, Month until)
    {
        var again = 0;
        foreach (var straddle in _straddles)
            if (straddle.Earlier >= from && straddle.Later < until)
                again++;
        return again;
    }

    private void Take(in ActivityMonth month)
    {
        var before = _months[Count].Month;
        ref var total = ref _months[Count + 1];
        total = _months[Count];
        Count++;
        var index = month.Month.Index;
        var gap = index - before;
        unchecked
        {
            total.Month = index;
            total.Recent = gap < 64 ? total.Recent << gap : 0;
            if (month.IsActive)
            {
                total.LastActive = index;
                total.Recent |= 1;
                if (FirstActive == 0)
                    FirstActive = index;
            }
            if (month.IsTraded && !total.IsTraded)
            {
                total.IsTraded = true;
                FirstTraded = index;
            }
            total.OrderDays = month.OrderDays;
            total.UsageDays = month.UsageDays;
            if (month.OrderDays != 0)
            {
                if (FirstOrderIn == 0)
                    FirstOrderIn = (index << 5) + System.Numerics.BitOperations.TrailingZeroCount(month.OrderDays);
                total.LastOrderIn = (index << 5) + month.LastOrderDay - 1;
            }
            total.Orders += month.Orders;
            total.Spend += month.Net;
            total.Ordered += month.Ordered;
            total.Returned += month.Returned;
            // What most months have nothing of.
            if (month.Costed != 0)
            {
                total.Costed += month.Costed;
                total.Margin += month.Margin;
            }
            if (month.Complaints != 0)
            {
                total.Complaints += month.Complaints;
                total.Judged += month.Judged;
                total.Valid += month.ValidComplaints;
            }
            if (month.Contacts != 0)
            {
                total.Contacts += month.Contacts;
                total.ContactsCosted += month.ContactsCosted;
                total.ContactCost += month.ContactCost;
            }
            if (month.UsageDays != 0)
            {
                total.LastUsageIn = (index << 5) + ActivityMonth.LastDay(month.UsageDays) - 1;
                total.Usage += month.Usage;
            }
            total.Broken += month.PromisesBroken;
        }
    }

    private void TakeDated(ActivityMonths.DatedEntries dated)
    {
        long sum = 0;
        while (dated.NextDue(out var due))
        {
            sum += due.Amount;
            Room(ref _due, DueCount)[DueCount++] = (due.On.DayNumber, sum);
        }
        sum = 0;
        while (dated.NextPaid(out var paid))
        {
            sum += paid.Amount;
            Room(ref _paid, PaidCount)[PaidCount++] = (paid.On.DayNumber, sum);
        }
        while (dated.NextRating(out var rating))
            Room(ref _ratings, RatingCount)[RatingCount++] = (rating.On.DayNumber, rating.Score, rating.Until.DayNumber);
    }

    private static T[] Room<T>(ref T[] array, int count)
    {
        if (count == array.Length)
            Array.Resize(ref array, Math.Max(16, array.Length * 2));
        return array;
    }
}
