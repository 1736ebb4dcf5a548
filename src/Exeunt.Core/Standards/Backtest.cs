using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.Core.Activity;
using Exeunt.Core.Offers;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Standards;

/// <summary>Opens one customer after another; each thread has one of its own.</summary>
/// <typeparam name="TValues">The indicators of one customer on one day; they hold until the next customer is opened.</typeparam>
public interface ICustomerReader<TValues>
    where TValues : IIndicatorValues, allows ref struct
{
    /// <param name="customer">From 0; how many there are is known to the caller.</param>
    void Open(int customer);

    CustomerTraits Traits { get; }

    Standing StandingOn(DateOnly asOf);

    /// <summary>The indicators as of a day: the months before that day's month are closed and count.</summary>
    TValues At(DateOnly asOf);
}

/// <summary>What is tried.</summary>
/// <param name="From">First month; in each month the customers are judged as of its first day, by the months before it.</param>
/// <param name="To">Last month, inclusive.</param>
/// <param name="Against">The standard in force, to compare with; null: none.</param>
/// <param name="Threshold">Which comparison is varied for the curve, counted from 0; null: the first that is a number; −1: no curve.</param>
public sealed record BacktestRequest(Month From, Month To, CompiledStandard? Against = null, int? Threshold = null)
{
    /// <summary>Most months of one replay.</summary>
    public const int MaxMonths = 48;
}

/// <summary>An amount of one currency, minor units.</summary>
public sealed record CurrencyAmount(string Currency, long Minor)
{
    public string Amount => Money.Format(Minor, Exeunt.Core.Currency.MinorDigits(Currency));
}

/// <summary>What became of listings some months later.</summary>
/// <param name="Known">Listings of which that is known; of the rest the months are not over.</param>
/// <param name="FalseAlarms">Of those: bought again; or, where something was overdue at the listing, nothing is overdue any more.</param>
public sealed record FollowUp(int Known, int FalseAlarms)
{
    /// <summary>False alarms of those known, 0 to 1 with four decimals; null when none is known.</summary>
    public decimal? Share => Known == 0 ? null : Math.Round((decimal)FalseAlarms / Known, 4, MidpointRounding.AwayFromZero);
}

/// <summary>One month of the replay.</summary>
/// <param name="Evaluated">In scope, with a history, not excluded.</param>
/// <param name="Listed">On the list after this month's evaluation.</param>
/// <param name="New">Of those: not on it the month before.</param>
/// <param name="Dropped">On it the month before, not any more.</param>
/// <param name="ListedAgainst">On the list of the standard compared with.</param>
/// <param name="Both">On both lists.</param>
/// <param name="Revenue">Spend of the last 12 months of those listed, per currency.</param>
/// <param name="After3">What became of this month's new listings within 3 months.</param>
/// <param name="Beyond">After the month in which the data ends: judged by what is known, but counted in no total of the report.</param>
public sealed record BacktestMonth(
    string Month, int Evaluated, int Listed, int New, int Dropped, int ListedAgainst, int Both, IReadOnlyList<CurrencyAmount> Revenue, FollowUp After3, FollowUp After6, bool Beyond = false)
{
    public int OnlyDraft => Listed - Both;

    public int OnlyAgainst => ListedAgainst - Both;
}

/// <summary>One group of customers compared with all of them.</summary>
/// <param name="By">"kind", "unit", "industry", "currency", "tier" or "tenure".</param>
/// <param name="Value">"Person", the unit's number, "0-1" (years) …; "" when not known.</param>
/// <param name="Evaluated">Customers judged in at least one month.</param>
/// <param name="Listed">Of those: listed in at least one month.</param>
/// <param name="Ratio">The group's rate of listing through that of all; null when nobody is listed.</param>
/// <param name="Low">Wilson interval of the group's rate at 95 %.</param>
/// <param name="Stands">"above", "below" or "like" all: whether the rate of all lies outside the interval.</param>
public sealed record BacktestSegment(string By, string Value, int Evaluated, int Listed, decimal Rate, decimal? Ratio, decimal Low, decimal High, string Stands, FollowUp After3, FollowUp After6);

/// <summary>The replay with another threshold.</summary>
/// <param name="Threshold">"450.00 CNY".</param>
/// <param name="Steps">The same in the indicator's steps.</param>
/// <param name="Listed">Customers listed in at least one month.</param>
/// <param name="Share">Of those judged, 0 to 1.</param>
public sealed record BacktestPoint(string Threshold, long Steps, int Listed, decimal Share, FollowUp After3, FollowUp After6);

/// <summary>How listings and false alarms follow one threshold.</summary>
/// <param name="Comparison">Which comparison, counted from 0.</param>
public sealed record BacktestCurve(int Comparison, string Indicator, string Is, string Threshold, IReadOnlyList<BacktestPoint> Points);

/// <summary>The report of a back-test: figures only, no customer.</summary>
/// <param name="Standard">Code and version.</param>
/// <param name="Digest">SHA-256 of exactly the document that was tried.</param>
/// <param name="Open">The first month of which not everything was known. Later ones are <see cref="BacktestMonth.Beyond"/> the data: no total counts them.</param>
/// <param name="Customers">In the base.</param>
/// <param name="Evaluated">Judged in at least one month.</param>
/// <param name="Listed">Listed in at least one month.</param>
/// <param name="Listings">New listings; a customer who comes back on the list counts again.</param>
public sealed record BacktestReport(
    string Standard, int Version, string Digest, string From, string To, string Open, string? Against, string? AgainstDigest,
    int Customers, int Evaluated, int Listed, int ListedAgainst, int Both, int Listings, FollowUp After3, FollowUp After6,
    IReadOnlyList<BacktestMonth> Months, IReadOnlyList<BacktestSegment> Segments, BacktestCurve? Curve)
{
    /// <summary>Version of the churn definition that customers were judged by, 0 for the product's own; null: not recorded.</summary>
    public int? ChurnDefinition { get; init; }

    /// <summary>Codes of the units, each with everything below it, of whose customers the figures are; null: of all whom the standard is for.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Units { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">It is no report.</exception>
    public static BacktestReport Read(string json) => JsonSerializer.Deserialize<BacktestReport>(json, Json)!;

    /// <summary>SHA-256 (hex) of a report as it is stored.</summary>
    public static string HashOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    private static readonly JsonSerializerOptions Json = new(SettlementJson.Document)
    {
        IgnoreReadOnlyProperties = false, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.Never, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
    };
}

/// <summary>
/// Replays a standard over history, month by month, as if it had come into force in the first month: nobody is listed before, and streaks
/// of closed months count from earlier on. Months after the one in which the data ends are replayed too, but no total counts them: that
/// nobody buys there says nothing.
/// </summary>
public static class Backtest
{
    /// <summary>Values of the curve.</summary>
    public const int CurvePoints = 20;

    /// <summary>Why a range of months cannot be replayed; null when it can.</summary>
    /// <param name="present">The present month, the last there can be; null: not looked at.</param>
    public static Refusal? WhyNot(Month from, Month to, Month? present = null) =>
        to < from ? new(RefusalKind.Invalid, "backtest.order", "The last month lies before the first.", "结束月份早于开始月份。", Field: "to")
        : to - from >= BacktestRequest.MaxMonths ? new(RefusalKind.Invalid, "backtest.too-long", $"At most {BacktestRequest.MaxMonths} months at once.", $"一次最多 {BacktestRequest.MaxMonths} 个月。", Field: "to")
        : from.Index <= 24 || to.Index + 7 > Month.Max.Index ? new(RefusalKind.Invalid, "backtest.range", "These months lie outside of what can be judged.", "月份超出可评估范围。", Field: "from")
        : present is { } now && to > now ? new(RefusalKind.Invalid, "backtest.future", $"{to} has not begun: the last month can be the present one, {now}.", $"{to} 尚未开始，结束月份最晚为本月（{now}）。", Field: "to")
        : null;

    /// <summary>Replays a standard.</summary>
    /// <param name="customers">How many customers a reader opens.</param>
    /// <param name="open">The first month of which not everything is known yet: the one in which the data ends, or the present one.</param>
    /// <param name="reader">Makes a reader for a thread.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, from several threads.</param>
    /// <exception cref="ArgumentException">The range is refused by <see cref="WhyNot"/>.</exception>
    public static BacktestReport Run<TReader, TValues>(
        int customers, Month open, Func<TReader> reader, CompiledStandard standard, BacktestRequest request, Action<double>? progress = null, CancellationToken ct = default)
        where TReader : ICustomerReader<TValues>
        where TValues : IIndicatorValues, allows ref struct =>
        Replayed<TReader, TValues>(customers, open, reader, standard, request, byUnit: false, progress, ct).Report;

    /// <summary>Replays a standard as <see cref="Run"/> does, and tells beside what was counted in each unit that has customers, ascending by number.</summary>
    public static (BacktestReport Report, IReadOnlyList<BacktestCounts> Units) RunByUnit<TReader, TValues>(
        int customers, Month open, Func<TReader> reader, CompiledStandard standard, BacktestRequest request, Action<double>? progress = null, CancellationToken ct = default)
        where TReader : ICustomerReader<TValues>
        where TValues : IIndicatorValues, allows ref struct =>
        Replayed<TReader, TValues>(customers, open, reader, standard, request, byUnit: true, progress, ct);

    private static (BacktestReport Report, IReadOnlyList<BacktestCounts> Units) Replayed<TReader, TValues>(
        int customers, Month open, Func<TReader> reader, CompiledStandard standard, BacktestRequest request, bool byUnit, Action<double>? progress, CancellationToken ct)
        where TReader : ICustomerReader<TValues>
        where TValues : IIndicatorValues, allows ref struct
    {
        if (WhyNot(request.From, request.To) is { } no)
            throw new ArgumentException(no.English, nameof(request));
        var curve = CurveOf(standard.Standard.When, request.Threshold);
        CompiledStandard[] tried =
        [
            standard,
            .. request.Against is { } against ? [against] : Array.Empty<CompiledStandard>(),
            .. curve is { } vary ? vary.Values.Select(v => new CompiledStandard(standard.Standard with { When = standard.Standard.When.With(vary.Index, v.Threshold) }, standard.UnitsBelow)) : [],
        ];
        var firstOfCurve = request.Against is null ? 1 : 2;
        var within = Math.Clamp(open - request.From + 1, 0, request.To - request.From + 1);
        var units = new Tallies(request, tried.Length, within, byUnit);
        var gate = new Lock();
        var done = 0;
        var size = Math.Clamp(customers / 200, 256, 16_384);
        Parallel.For(0, (customers + size - 1) / size, new ParallelOptions { CancellationToken = ct }, () => (Reader: reader(), Tallies: new Tallies(request, tried.Length, within, byUnit)), (chunk, _, mine) =>
        {
            var end = Math.Min(customers, (chunk + 1) * size);
            for (var customer = chunk * size; customer < end; customer++)
                Replay<TReader, TValues>(mine.Reader, customer, tried, firstOfCurve, request, open, mine.Tallies);
            progress?.Invoke((double)Interlocked.Add(ref done, end - (chunk * size)) / customers);
            return mine;
        }, mine =>
        {
            lock (gate)
                units.Add(mine.Tallies);
        });
        var total = new Tally(request, tried.Length, within);
        foreach (var tally in units.All.Values)
            total.Add(tally);
        var counts = byUnit ? units.All.OrderBy(u => u.Key).Select(u => CountsOf(u.Key, u.Value, request.To - request.From + 1, firstOfCurve)).ToList() : [];
        return (Report(customers, open, standard, request, total, curve, firstOfCurve), counts);
    }

    /// <summary>The comparison that is varied and its values; null when there is none.</summary>
    private static (int Index, Compare Compare, IReadOnlyList<(long Steps, Threshold Threshold)> Values)? CurveOf(Condition condition, int? wanted)
    {
        var all = condition.Comparisons().Select(c => c.Compare).ToList();
        var index = wanted ?? all.FindIndex(c => c.Definition?.Unit is not (IndicatorUnit.State or IndicatorUnit.YesNo));
        if (index < 0 || index >= all.Count || all[index].Definition is not { Unit: not (IndicatorUnit.State or IndicatorUnit.YesNo) } indicator)
            return null;
        return (index, all[index], [.. ValuesAround(indicator, all[index].Value.In(indicator)).Select(v => (v, Threshold.From(indicator, v, all[index].Value.Text))).Where(v => Math.Abs(v.Item2.Number) <= Threshold.Max)]);
    }

    /// <summary>
    /// 20 values around a threshold, itself among them, within what the indicator can be: in equal steps of a tenth of it (a score: 0.2). Where
    /// that says nothing, because it is 0 or next to it: a share in steps of 1 %, an amount of less than 100 minor units 10.00, 20.00, 50.00,
    /// 100.00 and so on (1,000 minor units and more), to both sides where the indicator can be below 0.
    /// </summary>
    public static IReadOnlyList<long> ValuesAround(IndicatorDefinition indicator, long value)
    {
        if (indicator.Unit == IndicatorUnit.Money && Math.Abs(value) < 100)
        {
            var below = indicator.Indicator is Indicator.Spend12m or Indicator.Spend3m or Indicator.Margin12m ? (CurvePoints / 2) - 1 : 0;
            return [.. Enumerable.Range(0, below).Select(k => -Power(below - 1 - k)), value, .. Enumerable.Range(0, CurvePoints - 1 - below).Select(Power)];
        }
        var step = indicator.Unit == IndicatorUnit.Rate && value == 0 ? 100 : Math.Max(1, (Math.Abs(value) + 9) / 10);
        var (least, most) = indicator.Unit switch
        {
            IndicatorUnit.Score => (100L, 500L),
            IndicatorUnit.Money => (value >= 0 ? 0 : long.MinValue / 4, (long)1e17),
            IndicatorUnit.Rate => (0L, 10_000_000L),
            _ => (0L, 1_000_000_000L),
        };
        if (indicator.Unit == IndicatorUnit.Score)
            step = 20;
        var lower = Math.Min(CurvePoints / 2, (value - least) / step);
        lower = Math.Max(lower, CurvePoints - 1 - ((most - value) / step));
        lower = Math.Min(lower, (value - least) / step);
        return [.. Enumerable.Range(0, CurvePoints).Select(k => value + ((k - lower) * step)).Where(v => v >= least && v <= most)];

        // 1,000, 2,000, 5,000, 10,000 …
        static long Power(int k) => Enumerable.Range(0, k / 3).Aggregate((k % 3) switch { 0 => 1_000L, 1 => 2_000L, _ => 5_000L }, (amount, _) => amount * 10);
    }

    private const int Months = BacktestRequest.MaxMonths;

    private static void Replay<TReader, TValues>(TReader reader, int customer, CompiledStandard[] tried, int firstOfCurve, BacktestRequest request, Month open, Tallies tallies)
        where TReader : ICustomerReader<TValues>
        where TValues : IIndicatorValues, allows ref struct
    {
        reader.Open(customer);
        var traits = reader.Traits;
        var currency = ConditionProgram.CurrencyOf(traits.Currency);
        var tally = tallies.Of(traits.Unit);
        tally.Customers++;
        var isFor = tried[0].IsFor(traits);
        // The points of the curve have the scope of the standard they vary.
        var against = firstOfCurve == 2 && tried[1].IsFor(traits);
        if (!isFor && !against)
            return;
        var before = Math.Max(tried[0].ListAfter, firstOfCurve == 2 ? tried[1].ListAfter : 1) - 1;
        var months = request.To - request.From + 1;
        // Bit m: month m − before of the replay. At most 48 + 11 of them.
        Span<ulong> met = stackalloc ulong[tried.Length];
        Span<ulong> judged = stackalloc ulong[Math.Min(tried.Length, 2)];
        met.Clear();
        judged.Clear();
        for (var m = 0; m < before + months; m++)
        {
            var asOf = (request.From + (m - before)).FirstDay;
            var standing = reader.StandingOn(asOf);
            if ((standing & Standing.Known) == 0)
                continue;
            var values = reader.At(asOf);
            var bit = 1UL << m;
            for (var p = 0; p < tried.Length; p++)
            {
                if (p == 1 && firstOfCurve == 2 ? !against : !isFor)
                    continue;
                var verdict = tried[p].Judge(ref values, traits, standing, currency);
                if (verdict == Verdict.Met)
                    met[p] |= bit;
                if (p < firstOfCurve && verdict is Verdict.Met or Verdict.NotMet && p < judged.Length)
                    judged[p] |= bit;
                if (verdict is Verdict.Excluded or Verdict.NotJudged && p >= firstOfCurve)
                    break;
            }
        }
        Span<ulong> listed = stackalloc ulong[tried.Length];
        for (var p = 0; p < tried.Length; p++)
            listed[p] = Lists(met[p], judged[p >= firstOfCurve ? 0 : p], before, months, tried[p].ListAfter, tried[p].DropAfter);
        var follow = new Follow<TReader, TValues>(reader, request.From, open);
        tally.Count(traits, months, judged[0] >> before, listed, firstOfCurve, ref follow);
    }

    /// <summary>The months in which a customer is on the list, bit 0 the first month of the replay.</summary>
    private static ulong Lists(ulong met, ulong judged, int before, int months, int listAfter, int dropAfter)
    {
        ulong on = 0;
        var listed = false;
        int holds = 0,
            fails = 0;
        for (var m = 0; m < before + months; m++)
        {
            var now = (met >> m & 1) != 0;
            (holds, fails) = now ? (holds + 1, 0) : (0, fails + 1);
            if (m < before)
                continue;
            // Who is excluded or out of scope is dropped at once.
            listed = (judged >> m & 1) != 0 && (listed ? fails < dropAfter : holds >= listAfter);
            if (listed)
                on |= 1UL << (m - before);
        }
        return on;
    }

    /// <summary>What became of one customer after a listing; each answer is looked up once.</summary>
    private ref struct Follow<TReader, TValues>(TReader reader, Month from, Month open)
        where TReader : ICustomerReader<TValues>
        where TValues : IIndicatorValues, allows ref struct
    {
        private ulong _known3;
        private ulong _false3;
        private ulong _known6;
        private ulong _false6;
        private ulong _asked;

        /// <summary>The customer as of a month of the replay.</summary>
        public readonly TValues On(int month) => reader.At((from + month).FirstDay);

        /// <summary>Whether it is known, and whether it was a false alarm, within 3 and 6 months of a listing in a month of the replay.</summary>
        public (bool Known3, bool False3, bool Known6, bool False6) After(int month)
        {
            var bit = 1UL << month;
            if ((_asked & bit) == 0)
            {
                _asked |= bit;
                var listedOn = (from + month).FirstDay;
                Ask(month, 3, listedOn, bit, ref _known3, ref _false3);
                Ask(month, 6, listedOn, bit, ref _known6, ref _false6);
            }
            return ((_known3 & bit) != 0, (_false3 & bit) != 0, (_known6 & bit) != 0, (_false6 & bit) != 0);
        }

        private readonly void Ask(int month, int months, DateOnly listedOn, ulong bit, ref ulong known, ref ulong alarm)
        {
            // All of the months that follow must be over.
            var then = from + month + months;
            if (then > open)
                return;
            known |= bit;
            var at = reader.At(listedOn);
            var overdue = at[Indicator.DaysOverdue];
            var later = reader.At(then.FirstDay);
            if (overdue is not (IIndicatorValues.Unknown or 0) ? later[Indicator.DaysOverdue] == 0 : later[Indicator.MonthsSilent] is not IIndicatorValues.Unknown and var silent && silent < months)
                alarm |= bit;
        }
    }

    private struct Alarms
    {
        public int Known3;
        public int False3;
        public int Known6;
        public int False6;

        public void Add((bool Known3, bool False3, bool Known6, bool False6) after)
        {
            Known3 += after.Known3 ? 1 : 0;
            False3 += after.False3 ? 1 : 0;
            Known6 += after.Known6 ? 1 : 0;
            False6 += after.False6 ? 1 : 0;
        }

        public void Add(in Alarms other)
        {
            Known3 += other.Known3;
            False3 += other.False3;
            Known6 += other.Known6;
            False6 += other.False6;
        }

        public readonly FollowUp After3 => new(Known3, False3);

        public readonly FollowUp After6 => new(Known6, False6);

        /// <summary>As <see cref="BacktestCounts"/> has them.</summary>
        public readonly int[] All => [Known3, False3, Known6, False6];
    }

    private sealed class Segment
    {
        public int Evaluated;
        public int Listed;
        public Alarms Alarms;

        public void Count(bool isListed, in Alarms own)
        {
            Evaluated++;
            Listed += isListed ? 1 : 0;
            Alarms.Add(own);
        }
    }

    /// <summary>Counts of one thread: one for each unit, or one for all.</summary>
    private sealed class Tallies(BacktestRequest request, int tried, int within, bool byUnit)
    {
        private readonly Dictionary<int, Tally> _all = [];
        private (int Unit, Tally? Tally) _last;

        /// <summary>By the unit's number; for all it is 0.</summary>
        public IReadOnlyDictionary<int, Tally> All => _all;

        public Tally Of(int unit)
        {
            var key = byUnit ? unit : 0;
            if (_last.Tally is { } same && _last.Unit == key)
                return same;
            if (!_all.TryGetValue(key, out var tally))
                _all[key] = tally = new(request, tried, within);
            _last = (key, tally);
            return tally;
        }

        public void Add(Tallies other)
        {
            foreach (var (unit, tally) in other._all)
                Of(unit).Add(tally);
        }
    }

    /// <summary>Counts of some customers.</summary>
    /// <param name="within">How many of the months lie within the data: those the totals count.</param>
    private sealed class Tally(BacktestRequest request, int tried, int within)
    {
        private readonly int _months = request.To - request.From + 1;
        public readonly int[] Evaluated = new int[Months];
        public readonly int[] Listed = new int[Months];
        public readonly int[] New = new int[Months];
        public readonly int[] Dropped = new int[Months];
        public readonly int[] Against = new int[Months];
        public readonly int[] Both = new int[Months];
        public readonly Alarms[] Alarms = new Alarms[Months];
        public readonly Dictionary<(int Month, string Currency), long> Revenue = [];

        /// <summary>A sum that stops at the largest number there is.</summary>
        private static long Sum(long a, long b) => (long)Int128.Clamp((Int128)a + b, long.MinValue, long.MaxValue);
        public readonly Dictionary<(string By, string Value), Segment> Segments = [];
        private readonly Dictionary<long, Segment?> _numbered = [];
        private (string? Word, Segment? Segment) _industry;
        private (string? Word, Segment? Segment) _currency;
        private (string? Word, Segment? Segment) _tenure;
        public readonly int[] Ever = new int[tried];
        public readonly Alarms[] EverAlarms = new Alarms[tried];
        public int Customers;
        public int EverEvaluated;
        public int EverBoth;
        public int Listings;

        public void Count<TReader, TValues>(
            in CustomerTraits traits, int months, ulong judged, scoped ReadOnlySpan<ulong> listed, int firstOfCurve, ref Follow<TReader, TValues> follow)
            where TReader : ICustomerReader<TValues>
            where TValues : IIndicatorValues, allows ref struct
        {
            var (mine, other) = (listed[0], firstOfCurve == 2 ? listed[1] : 0);
            Alarms own = default;
            for (var m = 0; m < months && (judged | mine | other) != 0; m++)
            {
                var bit = 1UL << m;
                var (now, was) = ((mine & bit) != 0, m > 0 && (mine >> (m - 1) & 1) != 0);
                Evaluated[m] += (judged & bit) != 0 ? 1 : 0;
                Against[m] += (other & bit) != 0 ? 1 : 0;
                Both[m] += (mine & other & bit) != 0 ? 1 : 0;
                Dropped[m] += was && !now ? 1 : 0;
                if (!now)
                    continue;
                Listed[m]++;
                if (follow.On(m)[Indicator.Spend12m] is var spend and not IIndicatorValues.Unknown)
                    Revenue[(m, traits.Currency)] = Sum(Revenue.GetValueOrDefault((m, traits.Currency)), spend);
                if (was)
                    continue;
                New[m]++;
                Listings += m < within ? 1 : 0;
                var after = follow.After(m);
                Alarms[m].Add(after);
                own.Add(after);
            }
            var counted = (1UL << within) - 1;
            (mine, other, judged) = (mine & counted, other & counted, judged & counted);
            for (var p = 0; p < listed.Length; p++)
            {
                if ((listed[p] & counted) == 0)
                    continue;
                Ever[p]++;
                if (p == 0)
                    EverAlarms[0].Add(own);
                else if (p >= firstOfCurve)
                    for (var m = 0; m < within; m++)
                        if ((listed[p] >> m & 1) != 0 && (m == 0 || (listed[p] >> (m - 1) & 1) == 0))
                            EverAlarms[p].Add(follow.After(m));
            }
            EverBoth += (mine & other) != 0 ? 1 : 0;
            if (judged == 0)
                return;
            EverEvaluated++;
            var isListed = mine != 0;
            // The tenure at the last day on which the customer was judged.
            var tenure = follow.On(System.Numerics.BitOperations.Log2(judged))[Indicator.TenureMonths] switch { IIndicatorValues.Unknown => "", < 12 => "0-1", < 24 => "1-2", < 60 => "2-5", _ => "5+" };
            (Numbered(0, (int)traits.Kind) ??= Find("kind", traits.Kind == CustomerSort.Person ? "Person" : "Organisation")).Count(isListed, own);
            (Numbered(1, traits.Unit) ??= Find("unit", traits.Unit.ToString(CultureInfo.InvariantCulture))).Count(isListed, own);
            (Numbered(2, (int)traits.Tier) ??= Find("tier", traits.Tier switch { StandardTier.Vip => "Vip", StandardTier.HighRisk => "HighRisk", _ => "Normal" })).Count(isListed, own);
            Worded(ref _industry, "industry", traits.Industry).Count(isListed, own);
            Worded(ref _currency, "currency", traits.Currency).Count(isListed, own);
            Worded(ref _tenure, "tenure", tenure).Count(isListed, own);
        }

        private Segment Find(string by, string value)
        {
            ref var segment = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(Segments, (by, value), out _);
            return segment ??= new();
        }

        /// <summary>The place of a segment that a number tells, so that no words are compared for every customer.</summary>
        private ref Segment? Numbered(int dimension, int number) =>
            ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_numbered, ((long)dimension << 32) | (uint)number, out _);

        /// <summary>The segment of a word, which is the same text object as that of the customer before as a rule.</summary>
        private Segment Worded(ref (string? Word, Segment? Segment) last, string by, string word)
        {
            if (!ReferenceEquals(last.Word, word))
                last = (word, Find(by, word));
            return last.Segment!;
        }

        public void Add(Tally other)
        {
            for (var m = 0; m < _months; m++)
            {
                Evaluated[m] += other.Evaluated[m];
                Listed[m] += other.Listed[m];
                New[m] += other.New[m];
                Dropped[m] += other.Dropped[m];
                Against[m] += other.Against[m];
                Both[m] += other.Both[m];
                Alarms[m].Add(other.Alarms[m]);
            }
            foreach (var (key, minor) in other.Revenue)
                Revenue[key] = Sum(Revenue.GetValueOrDefault(key), minor);
            foreach (var (key, segment) in other.Segments)
            {
                if (!Segments.TryGetValue(key, out var mine))
                    Segments[key] = mine = new();
                mine.Evaluated += segment.Evaluated;
                mine.Listed += segment.Listed;
                mine.Alarms.Add(segment.Alarms);
            }
            for (var p = 0; p < Ever.Length; p++)
            {
                Ever[p] += other.Ever[p];
                EverAlarms[p].Add(other.EverAlarms[p]);
            }
            Customers += other.Customers;
            EverEvaluated += other.EverEvaluated;
            EverBoth += other.EverBoth;
            Listings += other.Listings;
        }
    }

    private static BacktestReport Report(
        int customers, Month open, CompiledStandard standard, BacktestRequest request, Tally tally,
        (int Index, Compare Compare, IReadOnlyList<(long Steps, Threshold Threshold)> Values)? curve, int firstOfCurve)
    {
        var overall = tally.EverEvaluated == 0 ? 0 : (double)tally.Ever[0] / tally.EverEvaluated;
        return new BacktestReport(
            standard.Standard.Id, standard.Standard.Version, StandardDocument.DigestOf(standard.Standard), $"{request.From}", $"{request.To}", $"{open}",
            request.Against is { Standard: var other } ? $"{other.Id}:{other.Version.ToString(CultureInfo.InvariantCulture)}" : null, request.Against is { } against ? StandardDocument.DigestOf(against.Standard) : null,
            customers, tally.EverEvaluated, tally.Ever[0], firstOfCurve == 2 ? tally.Ever[1] : 0, tally.EverBoth, tally.Listings, tally.EverAlarms[0].After3, tally.EverAlarms[0].After6,
            [
                .. Enumerable.Range(0, request.To - request.From + 1).Select(m => new BacktestMonth(
                    $"{request.From + m}", tally.Evaluated[m], tally.Listed[m], tally.New[m], tally.Dropped[m], tally.Against[m], tally.Both[m],
                    [.. tally.Revenue.Where(r => r.Key.Month == m).OrderBy(r => r.Key.Currency, StringComparer.Ordinal).Select(r => new CurrencyAmount(r.Key.Currency, r.Value))],
                    tally.Alarms[m].After3, tally.Alarms[m].After6, request.From + m > open)),
            ],
            SegmentsOf(tally.Segments.Select(s => (s.Key.By, s.Key.Value, s.Value.Evaluated, s.Value.Listed, s.Value.Alarms.After3, s.Value.Alarms.After6)), overall),
            curve is not { } vary ? null : new(vary.Index, vary.Compare.Indicator, vary.Compare.Is.Sign(), $"{vary.Compare.Value}",
            [
                .. vary.Values.Select((v, i) => new BacktestPoint($"{v.Threshold}", v.Steps, tally.Ever[firstOfCurve + i],
                    tally.EverEvaluated == 0 ? 0 : Four((double)tally.Ever[firstOfCurve + i] / tally.EverEvaluated), tally.EverAlarms[firstOfCurve + i].After3, tally.EverAlarms[firstOfCurve + i].After6)),
            ]));
    }

    private static readonly string[] Dimensions = ["kind", "unit", "industry", "currency", "tier", "tenure"];

    /// <summary>Groups compared with all customers, in the order of the report.</summary>
    /// <param name="overall">The rate of all.</param>
    internal static IReadOnlyList<BacktestSegment> SegmentsOf(IEnumerable<(string By, string Value, int Evaluated, int Listed, FollowUp After3, FollowUp After6)> counted, double overall) =>
        [.. counted.OrderBy(s => Array.IndexOf(Dimensions, s.By)).ThenByDescending(s => s.Evaluated).ThenBy(s => s.Value, StringComparer.Ordinal).Select(s =>
        {
            var wilson = WilsonInterval.Of(s.Listed, s.Evaluated)!.Value;
            return new BacktestSegment(s.By, s.Value, s.Evaluated, s.Listed, Four(wilson.Share), overall == 0 ? null : Four(wilson.Share / overall), Four(wilson.Low), Four(wilson.High),
                overall < wilson.Low ? "above" : overall > wilson.High ? "below" : "like", s.After3, s.After6);
        })];

    private static BacktestCounts CountsOf(int unit, Tally tally, int months, int firstOfCurve)
    {
        return new(
            unit, tally.Customers, tally.EverEvaluated, firstOfCurve == 2 ? tally.Ever[1] : 0, tally.EverBoth, tally.Listings,
            [.. Enumerable.Range(0, months).Select(OfMonth)],
            [.. tally.Revenue.OrderBy(r => r.Key.Month).ThenBy(r => r.Key.Currency, StringComparer.Ordinal).Select(r => new BacktestCounts.Spend(r.Key.Month, r.Key.Currency, r.Value))],
            [.. tally.Segments.OrderBy(s => s.Key.By, StringComparer.Ordinal).ThenBy(s => s.Key.Value, StringComparer.Ordinal).Select(s => new BacktestCounts.Group(s.Key.By, s.Key.Value, [s.Value.Evaluated, s.Value.Listed, .. s.Value.Alarms.All]))],
            [OfTried(0), .. Enumerable.Range(firstOfCurve, tally.Ever.Length - firstOfCurve).Select(OfTried)]);

        int[] OfMonth(int m) => [tally.Evaluated[m], tally.Listed[m], tally.New[m], tally.Dropped[m], tally.Against[m], tally.Both[m], .. tally.Alarms[m].All];

        int[] OfTried(int p) => [tally.Ever[p], .. tally.EverAlarms[p].All];
    }

    internal static decimal Four(double share) => Math.Round((decimal)share, 4, MidpointRounding.AwayFromZero);
}
