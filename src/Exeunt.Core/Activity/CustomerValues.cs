using Exeunt.Core.Churn;

namespace Exeunt.Core.Activity;

/// <summary>One customer, opened: asks for values as of any date. Holds until its scratch is used again.</summary>
public readonly ref struct CustomerHistory
{
    private readonly CustomerBase _base;
    private readonly int _index;
    private readonly HistoryScratch _scratch;

    internal CustomerHistory(CustomerBase all, int index, HistoryScratch scratch) =>
        (_base, _index, _scratch) = (all, index, scratch);

    /// <summary>
    /// The customer as of a date. What counts months ("12m", churn, silent months, usual share, product lines) takes closed months
    /// only: those before the date's month. What counts days (since the last order or use, overdue, attitude, rhythm) takes what
    /// happened up to and including the date.
    /// </summary>
    public CustomerValues At(DateOnly asOf) => new(_base, _index, _scratch, asOf);
}

/// <summary>The indicators of one customer as of one date; see <see cref="CustomerHistory.At"/>. Computed when asked for.</summary>
public readonly ref struct CustomerValues : IIndicatorValues
{
    private const int Year = 12;
    private const int Quarter = 3;

    /// <summary>Gaps between order days that the rhythm looks back on.</summary>
    public const int RhythmGaps = 12;

    /// <summary>With fewer gaps there is no rhythm.</summary>
    public const int LeastGaps = 3;

    private readonly CustomerBase _base;
    private readonly int _index;
    private readonly HistoryScratch _scratch;
    private readonly DateOnly _asOf;
    private readonly int _open;
    private readonly int _last;
    private readonly int _yearAgo;

    internal CustomerValues(CustomerBase all, int index, HistoryScratch scratch, DateOnly asOf)
    {
        (_base, _index, _scratch, _asOf) = (all, index, scratch, asOf);
        _open = Month.Of(asOf).Index;
        _last = Before(_open);
        _yearAgo = Before(_open - Year);
    }

    /// <summary>Whether there was trade in a closed month. Who is not listed has no values that count months.</summary>
    public bool IsListed => Upto(_last).IsTraded;

    /// <summary>Whether anything has fallen due up to the date.</summary>
    public bool HasOwed => _scratch.DueCount > 0 && _scratch.Due[0].Day <= _asOf.DayNumber;

    /// <summary>State, flag and silent months by the customer's thresholds; null: not listed.</summary>
    public ChurnStatus? Churn => ChurnBy(_base.ThresholdsOf(_index));

    /// <summary>The same by other thresholds.</summary>
    public ChurnStatus? ChurnBy(ChurnThresholds thresholds) => IsListed ? ChurnStatus.Of(Pattern(), _base.ExclusionOn(_index, _asOf), thresholds) : null;

    /// <summary>How far the customer has gone elsewhere, by some thresholds; null: not listed, not judged or not known.</summary>
    public Defection? DefectionBy(ChurnThresholds thresholds) => ChurnBy(thresholds) is { } churn ? PartialDefection.Of(churn, UsualShare(), thresholds) : null;

    /// <summary>The state by rhythm, by some thresholds; null: not listed, not judged by months, or nothing is known of single days.</summary>
    public RhythmState? RhythmBy(ChurnThresholds thresholds) =>
        ChurnBy(thresholds) is { Exclusion: null } && !_scratch.IsOld ? Cadence.Of(GapRatio(), thresholds) : null;

    /// <summary>What <c>exeunt evaluate</c> writes; null: not listed.</summary>
    public Indicators? Indicators
    {
        get
        {
            if (Churn is not { } churn)
                return null;
            ref readonly var end = ref Upto(_last);
            return new Indicators(
                churn,
                Orders(),
                unchecked(end.Spend - Upto(_yearAgo).Spend),
                unchecked(end.Ordered - Upto(_yearAgo).Ordered),
                unchecked(end.Returned - Upto(_yearAgo).Returned),
                end.LastOrderIn == 0 ? null : DateOnly.FromDayNumber(HistoryScratch.DayNumber(end.LastOrderIn))
            );
        }
    }

    public long this[Indicator indicator]
    {
        get
        {
            ref readonly var end = ref Upto(_last);
            ref readonly var start = ref Upto(_yearAgo);
            unchecked
            {
                switch (indicator)
                {
                    case Indicator.DaysSinceOrder:
                        return DaysSince(LastOrder());
                    case Indicator.DaysSinceUsage:
                        return DaysSince(LastUsage());
                    case Indicator.DaysOverdue:
                        return DaysOverdue();
                    case Indicator.OverdueAmount:
                        return _scratch.DueCount == 0 ? IIndicatorValues.Unknown : Math.Max(0, Overdue());
                    case Indicator.Attitude:
                        return Attitude();
                    case Indicator.GapMedian:
                        return TwiceMedianGap() is { } twice ? (twice + 1) / 2 : IIndicatorValues.Unknown;
                    case Indicator.GapRatio:
                        return GapRatio();
                    case Indicator.TenureMonths:
                        return Tenure();
                    case Indicator.Complaints12m:
                        return Known(end.Complaints - start.Complaints);
                    case Indicator.ValidComplaints12m:
                        return Known(end.Valid - start.Valid);
                    case Indicator.ValidComplaintRate12m:
                        return Share(end.Valid - start.Valid, end.Judged - start.Judged);
                    case Indicator.BrokenPromises12m:
                        return Known(end.Broken - start.Broken);
                    case Indicator.Contacts12m:
                        return Known(end.Contacts - start.Contacts);
                    case Indicator.CostToServe12m:
                        return end.Contacts != start.Contacts && end.ContactsCosted == start.ContactsCosted
                            ? IIndicatorValues.Unknown
                            : Known(end.ContactCost - start.ContactCost);
                    case Indicator.Usage12m:
                        return end.LastUsageIn == 0 ? IIndicatorValues.Unknown : end.Usage - start.Usage;
                }
                if (!end.IsTraded)
                    return IIndicatorValues.Unknown;
                return indicator switch
                {
                    Indicator.ChurnState => (long)Churn!.Value.State,
                    Indicator.Defection => (long?)DefectionBy(_base.ThresholdsOf(_index)) ?? IIndicatorValues.Unknown,
                    Indicator.Rhythm => (long?)RhythmBy(_base.ThresholdsOf(_index)) ?? IIndicatorValues.Unknown,
                    Indicator.Intermittent => Churn!.Value.IsIntermittent ? 1 : 0,
                    Indicator.MonthsSilent => end.LastActive == 0 ? IIndicatorValues.Unknown : _open - 1 - end.LastActive,
                    Indicator.Orders12m => Orders(),
                    Indicator.Spend12m => end.Spend - start.Spend,
                    Indicator.Spend3m => end.Spend - Upto(Before(_open - Quarter)).Spend,
                    Indicator.Margin12m => end.Costed == start.Costed ? IIndicatorValues.Unknown : end.Margin - start.Margin,
                    Indicator.ReturnRate12m => Share(end.Returned - start.Returned, end.Ordered - start.Ordered),
                    Indicator.UsualShare => UsualShare(),
                    Indicator.LinesLost => LinesLost(),
                    _ => throw new ArgumentOutOfRangeException(nameof(indicator), indicator, "No such indicator"),
                };
            }
        }
    }

    private ref readonly HistoryScratch.Totals Upto(int entry) => ref _scratch.Upto(entry);

    /// <summary>The last entry of a month before this one; 0 when there is none.</summary>
    private int Before(int month)
    {
        var months = _scratch.Months;
        var (low, high) = (0, months.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (months[middle].Month < month)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private ActivePattern Pattern()
    {
        ref readonly var end = ref Upto(_last);
        var closed = new Month(_open - 1);
        if (end.LastActive == 0)
            return new ActivePattern(closed, null, null, 0);
        var age = _open - 1 - end.Month;
        return new ActivePattern(
            closed,
            new Month(_scratch.FirstActive),
            new Month(end.LastActive),
            age < 64 ? end.Recent << age : 0
        );
    }

    private int Orders() =>
        Upto(_last).Orders - Upto(_yearAgo).Orders - _scratch.CountedAgain(new Month(_open - Year), new Month(_open));

    /// <summary>A count is known of every customer of whom anything is.</summary>
    private long Known(long value) => _scratch.Count + _scratch.DueCount + _scratch.PaidCount + _scratch.RatingCount == 0 ? IIndicatorValues.Unknown : value;

    private long DaysSince(int day) => day == 0 ? IIndicatorValues.Unknown : _asOf.DayNumber - day;

    private int LastOrder() => InOpenMonth(out var open) && Upto(open).OrderDays is var days && Passed(days) is var passed and not 0
        ? FirstOfOpen + ActivityMonth.LastDay(passed) - 1
        : HistoryScratch.DayNumber(Upto(_last).LastOrderIn);

    private int LastUsage() => InOpenMonth(out var open) && Upto(open).UsageDays is var days && Passed(days) is var passed and not 0
        ? FirstOfOpen + ActivityMonth.LastDay(passed) - 1
        : HistoryScratch.DayNumber(Upto(_last).LastUsageIn);

    private int FirstOfOpen => _asOf.DayNumber - _asOf.Day + 1;

    /// <summary>The entry of the as-of date's own month, when there is one.</summary>
    private bool InOpenMonth(out int entry)
    {
        entry = _last + 1;
        return entry <= _scratch.Count && Upto(entry).Month == _open;
    }

    /// <summary>Of days in the open month those up to and including the as-of date.</summary>
    private uint Passed(uint days) => days & (uint.MaxValue >> (32 - _asOf.Day));

    private long Tenure()
    {
        var first = _scratch.Since != 0 ? _scratch.Since : HistoryScratch.DayNumber(_scratch.FirstOrderIn);
        if (first == 0 || first > _asOf.DayNumber)
            return IIndicatorValues.Unknown;
        var since = DateOnly.FromDayNumber(first);
        return _open - Month.Of(since).Index - (_asOf.Day < since.Day ? 1 : 0);
    }

    /// <summary>All that fell due before the date, less all paid up to it; above 0 when something is overdue.</summary>
    private long Overdue() => SumUpto(_scratch.Due, _asOf.DayNumber - 1) - Paid();

    /// <summary>All paid up to the date; money given back beyond that owes nothing.</summary>
    private long Paid() => Math.Max(0, SumUpto(_scratch.Paid, _asOf.DayNumber));

    private long DaysOverdue()
    {
        if (_scratch.DueCount == 0)
            return IIndicatorValues.Unknown;
        if (Overdue() <= 0)
            return 0;
        // Payments settle the oldest first: the first day on which more had fallen due than was ever paid is the oldest unpaid.
        var due = _scratch.Due;
        var paid = Paid();
        var (low, high) = (0, due.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (due[middle].Sum > paid)
                high = middle;
            else
                low = middle + 1;
        }
        return _asOf.DayNumber - due[low].Day;
    }

    private static long SumUpto(ReadOnlySpan<(int Day, long Sum)> sums, int day)
    {
        var (low, high) = (0, sums.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sums[middle].Day <= day)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? 0 : sums[low - 1].Sum;
    }

    private long Attitude()
    {
        var ratings = _scratch.Ratings;
        for (var i = ratings.Length - 1; i >= 0; i--)
            if (ratings[i].Day <= _asOf.DayNumber)
                return ratings[i].Until >= _asOf.DayNumber ? ratings[i].Score : IIndicatorValues.Unknown;
        return IIndicatorValues.Unknown;
    }

    /// <summary>
    /// Twice the median of the last twelve gaps between order days (fewer at the beginning, three at least), up to the date; null
    /// without a rhythm.
    /// </summary>
    private int? TwiceMedianGap()
    {
        if (_scratch.IsOld)
            return null;
        Span<int> gaps = stackalloc int[RhythmGaps];
        var count = LastGaps(gaps);
        if (count < LeastGaps)
            return null;
        gaps = gaps[..count];
        gaps.Sort();
        return gaps[(count - 1) / 2] + gaps[count / 2];
    }

    /// <summary>Time away ÷ usual gap; not known without a rhythm.</summary>
    private long GapRatio() =>
        TwiceMedianGap() is { } both && DaysSince(LastOrder()) is >= 0 and var since ? Rounded((Int128)since * 2 * 10_000, both) : IIndicatorValues.Unknown;

    /// <summary>The last gaps between order days up to the date, newest first; returns how many there are.</summary>
    internal int LastGaps(Span<int> gaps)
    {
        var count = 0;
        var later = 0;
        var entry = InOpenMonth(out var open) ? open : _last;
        for (; entry > 0 && count < gaps.Length; entry--)
        {
            ref readonly var month = ref Upto(entry);
            var days = month.Month == _open ? Passed(month.OrderDays) : month.OrderDays;
            if (days == 0)
                continue;
            var eve = new Month(month.Month).FirstDay.DayNumber - 1;
            while (days != 0 && count < gaps.Length)
            {
                var day = ActivityMonth.LastDay(days);
                days &= ~ActivityMonth.Day(day);
                if (later != 0)
                    gaps[count++] = later - (eve + day);
                later = eve + day;
            }
        }
        return count;
    }

    /// <summary>
    /// Spend of the last closed month ÷ (median spend of the twelve months before it × season index of its calendar month). The
    /// index is 12 × what was spent in that calendar month of both years before ÷ all spend of the 24 months before the month,
    /// rounded to four decimals; 1 with under 24 months of history. Not known with under twelve months of history before the
    /// month, or when the median or the index is 0 or less.
    /// </summary>
    private long UsualShare()
    {
        var month = _open - 1;
        if (_scratch.FirstTraded == 0 || month - _scratch.FirstTraded < Year)
            return IIndicatorValues.Unknown;
        Span<long> spend = stackalloc long[1 + (2 * Year)];
        spend.Clear();
        for (var entry = _last; entry > 0 && Upto(entry).Month >= month - (2 * Year); entry--)
            spend[month - Upto(entry).Month] = unchecked(Upto(entry).Spend - Upto(entry - 1).Spend);
        var isFull = month - _scratch.FirstTraded >= 2 * Year;
        Int128 index = 10_000;
        if (isFull)
        {
            Int128 all = 0;
            for (var i = 1; i <= 2 * Year; i++)
                all += spend[i];
            if (all <= 0)
                return IIndicatorValues.Unknown;
            // With the cap the product below stays a number; a share that small rounds to 0 anyway.
            index = Int128.Min(RoundedWide(((Int128)spend[Year] + spend[2 * Year]) * Year * 10_000, all), 1_000_000_000_000);
        }
        var now = spend[0];
        var year = spend.Slice(1, Year);
        year.Sort();
        var twiceMedian = (Int128)year[(Year / 2) - 1] + year[Year / 2];
        return twiceMedian <= 0 || index <= 0 ? IIndicatorValues.Unknown : Rounded((Int128)now * 2 * 100_000_000, twiceMedian * index);
    }

    /// <summary>Product lines bought in the twelve months before the last three closed ones and not in those three.</summary>
    private long LinesLost()
    {
        var lines = _base.Lines(_index);
        if (lines.IsEmpty)
            return IIndicatorValues.Unknown;
        long lost = 0;
        while (lines.MoveNext())
        {
            var (before, since) = (false, false);
            foreach (var month in new ActivityMonths(lines.Packed))
            {
                var age = _open - month.Month.Index;
                if (!month.IsActive || age is < 1 or > Year + Quarter)
                    continue;
                if (age <= Quarter)
                    since = true;
                else
                    before = true;
            }
            lost += before && !since ? 1 : 0;
        }
        return lost;
    }

    /// <summary>A share in ten-thousandths, half away from zero; not known of nothing.</summary>
    private static long Share(long part, long whole)
    {
        if (whole == 0)
            return IIndicatorValues.Unknown;
        const long small = long.MaxValue / 20_000;
        if (part is <= -small or >= small || whole is <= 0 or >= long.MaxValue / 2)
            return Rounded((Int128)part * 10_000, whole);
        var (quotient, rest) = Math.DivRem(part * 10_000, whole);
        return Math.Abs(rest) * 2 >= whole ? quotient + (part < 0 ? -1 : 1) : quotient;
    }

    private static long Rounded(Int128 value, Int128 by)
    {
        var rounded = RoundedWide(value, by);
        return rounded > long.MaxValue ? long.MaxValue : rounded <= long.MinValue ? long.MinValue + 1 : (long)rounded;
    }

    /// <summary>Division rounded half away from zero; the divisor is above 0.</summary>
    private static Int128 RoundedWide(Int128 value, Int128 by)
    {
        if (value >= long.MinValue && value <= long.MaxValue && by <= long.MaxValue)
        {
            // The usual case, without the slow division of 128 bits.
            var (quotient, rest) = Math.DivRem((long)value, (long)by);
            return Int128.Abs(rest) * 2 >= by ? quotient + (value < 0 ? -1 : 1) : quotient;
        }
        var whole = value / by;
        var left = value - (whole * by);
        return Int128.Abs(left) * 2 >= by ? whole + (value < 0 ? -1 : 1) : whole;
    }
}
