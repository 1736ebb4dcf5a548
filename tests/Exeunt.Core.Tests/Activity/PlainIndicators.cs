using Exeunt.Core.Activity;
using Exeunt.Core.Tests.Churn;

namespace Exeunt.Core.Tests.Activity;

/// <summary>
/// Every indicator once more, slowly and straight from its definition, over the list of a customer's facts. It shares no code with
/// the fast one beyond the facts themselves: no months, no running totals.
/// </summary>
internal sealed class PlainIndicators(IReadOnlyList<Fact> facts, DateOnly asOf, DateOnly? since = null)
{
    private static readonly FactKind[] Trade = [FactKind.Order, FactKind.Return, FactKind.Adjustment, FactKind.Other];
    private readonly DateOnly _open = new(asOf.Year, asOf.Month, 1);

    /// <summary>Null: not known.</summary>
    public long? Of(Indicator indicator)
    {
        var closed = facts.Where(f => f.On < _open).ToList();
        var year = closed.Where(f => f.On >= MonthsBack(12)).ToList();
        var traded = closed.Any(f => Trade.Contains(f.Kind));
        var complaints = year.Where(f => f.Kind == FactKind.Complaint && f.Detail != 4).ToList();
        var valid = complaints.Count(f => f.Detail is 1 or 2);
        var contacts = year.Where(f => f.Kind == FactKind.Contact).ToList();
        var anything = facts.Count > 0;
        switch (indicator)
        {
            case Indicator.ChurnState:
                return traded ? State(closed) : null;
            case Indicator.Defection:
                if (!traded || State(closed) == 6)
                    return null;
                if (State(closed) == 4)
                    return 3;
                return UsualShare(closed) is { } share ? (share <= 5_000 ? 2 : share <= 7_000 ? 1 : 0) : null;
            case Indicator.Rhythm:
                if (!traded || State(closed) == 6)
                    return null;
                return MedianGap() is not { } usual ? 0 : Math.Round(Since(Until(FactKind.Order))!.Value / usual, 4, MidpointRounding.AwayFromZero) switch { >= 3 => 3, >= 2 => 2, _ => 1 };
            case Indicator.Intermittent:
                return traded ? (PlainChurn.Judge(Active(closed)).Intermittent ? 1 : 0) : null;
            case Indicator.MonthsSilent:
                return traded ? PlainChurn.Judge(Active(closed)).Silent : null;
            case Indicator.DaysSinceOrder:
                return Since(Until(FactKind.Order));
            case Indicator.DaysSinceUsage:
                return Since(Until(FactKind.Usage));
            case Indicator.Orders12m:
                return traded ? DistinctOrders(year) : null;
            case Indicator.Spend12m:
                return traded ? Spend(year) : null;
            case Indicator.Spend3m:
                return traded ? Spend(closed.Where(f => f.On >= MonthsBack(3))) : null;
            case Indicator.Margin12m:
                var costed = year.Where(f => (f.Kind is FactKind.Order or FactKind.Return) && f.Detail is not null).ToList();
                return traded && costed.Count > 0 ? costed.Sum(f => f.Amount - f.Detail!.Value) : null;
            case Indicator.UsualShare:
                return traded ? UsualShare(closed) : null;
            case Indicator.GapMedian:
                return MedianGap() is { } median ? (long)Math.Round(median, MidpointRounding.AwayFromZero) : null;
            case Indicator.GapRatio:
                return MedianGap() is { } gap ? (long)Math.Round(Since(Until(FactKind.Order))!.Value / gap * 10_000, MidpointRounding.AwayFromZero) : null;
            case Indicator.ReturnRate12m:
                return traded ? Rate(-year.Where(f => f.Kind == FactKind.Return).Sum(f => f.Amount), year.Where(f => f.Kind == FactKind.Order).Sum(f => f.Amount)) : null;
            case Indicator.Complaints12m:
                return anything ? complaints.Count : null;
            case Indicator.ValidComplaints12m:
                return anything ? valid : null;
            case Indicator.ValidComplaintRate12m:
                return Rate(valid, complaints.Count(f => f.Detail is not (null or 0)));
            case Indicator.DaysOverdue:
                return Overdue().Days;
            case Indicator.OverdueAmount:
                return Overdue().Amount;
            case Indicator.BrokenPromises12m:
                return anything ? year.Count(f => f.Kind == FactKind.Promise && f.Detail != 1) : null;
            case Indicator.Attitude:
                var rating = facts.Where(f => f.Kind == FactKind.Rating && f.On <= asOf).OrderBy(f => f.On).ThenBy(f => f.Amount).ThenBy(f => f.Detail).Select(f => (Fact?)f).LastOrDefault();
                return rating is { } newest && newest.Detail >= asOf.DayNumber ? newest.Amount : null;
            case Indicator.CostToServe12m:
                return !anything || (contacts.Count > 0 && contacts.All(f => f.Detail is null)) ? null : contacts.Sum(f => f.Detail ?? 0);
            case Indicator.Contacts12m:
                return anything ? contacts.Count : null;
            case Indicator.Usage12m:
                return closed.Any(f => f.Kind == FactKind.Usage) ? year.Where(f => f.Kind == FactKind.Usage).Sum(f => f.Amount) : null;
            case Indicator.TenureMonths:
                return Tenure();
            default:
                throw new NotSupportedException(indicator.ToString());
        }
    }

    private DateOnly MonthsBack(int months) => _open.AddMonths(-months);

    private DateOnly? Until(FactKind kind) => facts.Where(f => f.Kind == kind && f.On <= asOf).Select(f => (DateOnly?)f.On).Max();

    private long? Since(DateOnly? day) => day is { } on ? asOf.DayNumber - on.DayNumber : null;

    private static long Spend(IEnumerable<Fact> rows) => rows.Where(f => Trade.Contains(f.Kind)).Sum(f => f.Amount);

    private static long DistinctOrders(IEnumerable<Fact> rows)
    {
        var orders = rows.Where(f => f.Kind == FactKind.Order).ToList();
        return orders.Count(f => f.Document.Length == 0) + orders.Where(f => f.Document.Length > 0).Select(f => f.Document).Distinct().Count();
    }

    private static long? Rate(long part, long whole) => whole == 0 ? null : (long)Math.Round((decimal)part / whole * 10_000, MidpointRounding.AwayFromZero);

    private List<bool> Active(List<Fact> closed)
    {
        var active = new List<bool>();
        var first = closed.Min(f => f.On);
        for (var m = new DateOnly(first.Year, first.Month, 1); m < _open; m = m.AddMonths(1))
            active.Add(closed.Where(f => (f.Kind is FactKind.Order or FactKind.Return) && f.On >= m && f.On < m.AddMonths(1)).Sum(f => f.Amount) > 0);
        return active;
    }

    private long State(List<Fact> closed)
    {
        var active = Active(closed);
        var name = PlainChurn.IsSeasonal(active) ? "excluded" : PlainChurn.Judge(active).State;
        return Array.IndexOf(["prospect", "new", "active", "borderline", "churned", "reactivated", "excluded"], name);
    }

    private long? UsualShare(List<Fact> closed)
    {
        long Month(int back) => Spend(closed.Where(f => f.On >= MonthsBack(back) && f.On < MonthsBack(back - 1)));
        var first = closed.Where(f => Trade.Contains(f.Kind)).Min(f => f.On);
        var months = 0;
        while (new DateOnly(first.Year, first.Month, 1).AddMonths(months) < MonthsBack(1))
            months++;
        if (months < 12)
            return null;
        var usual = Enumerable.Range(2, 12).Select(Month).Order().ToList();
        var median = (usual[5] + usual[6]) / 2m;
        var index = 1m;
        if (months >= 24)
        {
            var all = Enumerable.Range(2, 24).Sum(Month);
            if (all <= 0)
                return null;
            index = Math.Round((Month(13) + Month(25)) * 12m / all, 4, MidpointRounding.AwayFromZero);
        }
        return median <= 0 || index <= 0 ? null : (long)Math.Round(Month(1) * 10_000m / (median * index), MidpointRounding.AwayFromZero);
    }

    private decimal? MedianGap()
    {
        var days = facts.Where(f => f.Kind == FactKind.Order && f.On <= asOf).Select(f => f.On.DayNumber).Distinct().Order().TakeLast(13).ToList();
        if (days.Count < 4)
            return null;
        var gaps = days.Skip(1).Zip(days, (later, earlier) => later - earlier).Order().ToList();
        return gaps.Count % 2 == 1 ? gaps[gaps.Count / 2] : (gaps[(gaps.Count / 2) - 1] + gaps[gaps.Count / 2]) / 2m;
    }

    /// <summary>Pays bill after bill, oldest first, as somebody at a desk would.</summary>
    private (long? Days, long? Amount) Overdue()
    {
        var bills = facts.Where(f => f.Kind == FactKind.Due).OrderBy(f => f.Detail).ToList();
        if (bills.Count == 0)
            return (null, null);
        var money = Math.Max(0, facts.Where(f => f.Kind == FactKind.Payment && f.On <= asOf).Sum(f => f.Amount));
        long unpaid = 0;
        long? oldest = null;
        foreach (var bill in bills.Where(f => f.Detail < asOf.DayNumber))
        {
            var paid = Math.Min(money, bill.Amount);
            money -= paid;
            unpaid += bill.Amount - paid;
            if (paid < bill.Amount)
                oldest ??= bill.Detail;
        }
        return unpaid == 0 ? (0, 0) : (asOf.DayNumber - oldest!.Value, unpaid);
    }

    private long? Tenure()
    {
        var first = since ?? facts.Where(f => f.Kind == FactKind.Order).Select(f => (DateOnly?)f.On).Min();
        if (first is not { } start || start > asOf)
            return null;
        var months = 0;
        while (MonthLater(start, months + 1) <= asOf)
            months++;
        return months;
    }

    /// <summary>The same day some months later; where the month is shorter, the day after its last.</summary>
    private static DateOnly MonthLater(DateOnly start, int months)
    {
        var month = new DateOnly(start.Year, start.Month, 1).AddMonths(months);
        return start.Day <= DateTime.DaysInMonth(month.Year, month.Month) ? new DateOnly(month.Year, month.Month, start.Day) : month.AddMonths(1);
    }
}
