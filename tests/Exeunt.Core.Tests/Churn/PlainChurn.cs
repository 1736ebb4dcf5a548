using System.Globalization;

namespace Exeunt.Core.Tests.Churn;

/// <summary>A row as it stands in a file.</summary>
internal sealed record PlainRow(string Document, DateOnly Date, decimal Quantity, decimal UnitPrice);

/// <summary>
/// The evaluation once more, slowly and straight from its definition: lists of rows and months, one month after the other.
/// It shares no code with Core, so that equal results mean something.
/// </summary>
internal static class PlainChurn
{
    /// <summary>The CSV line of one customer, or null when there is no row before the as-of date's month.</summary>
    public static string? Line(
        string customer,
        IReadOnlyList<PlainRow> rows,
        bool everyRowIsAnOrder,
        DateOnly asOf,
        string? excluded = null
    )
    {
        var openMonth = new DateOnly(asOf.Year, asOf.Month, 1);
        var closed = rows.Where(row => row.Date < openMonth).ToList();
        if (closed.Count == 0)
            return null;

        var months = new List<DateOnly>();
        var earliest = closed.Min(row => row.Date);
        for (var m = new DateOnly(earliest.Year, earliest.Month, 1); m < openMonth; m = m.AddMonths(1))
            months.Add(m);
        var active = new List<bool>();
        foreach (var m in months)
        {
            var ofMonth = closed.Where(row => row.Date >= m && row.Date < m.AddMonths(1)).ToList();
            var net = ofMonth.Where(row => IsOrder(row) || IsReturn(row)).Sum(Pounds);
            active.Add(net > 0);
        }

        var lastYear = closed.Where(row => row.Date >= openMonth.AddMonths(-12)).ToList();
        var orderRows = lastYear.Where(IsOrder).ToList();
        var orders = everyRowIsAnOrder
            ? orderRows.Count
            : orderRows.Select(row => row.Document).Distinct(StringComparer.Ordinal).Count();
        var spend = lastYear.Sum(Pounds);
        var ordered = orderRows.Sum(Pounds);
        var returned = -lastYear.Where(IsReturn).Sum(Pounds);
        var rate = ordered == 0 ? "" : HalfUp(returned / ordered, 4).ToString("0.0000", CultureInfo.InvariantCulture);
        var allOrders = closed.Where(IsOrder).ToList();
        var lastOrder =
            allOrders.Count == 0
                ? ""
                : allOrders.Max(row => row.Date).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        var (state, intermittent, silent) = Judge(active);
        if (excluded is not null || IsSeasonal(active))
            state = "excluded";
        return $"{customer},{state},{(intermittent ? 1 : 0)},{silent},{orders},"
            + spend.ToString("0.00", CultureInfo.InvariantCulture)
            + $",{rate},{lastOrder}";
    }

    /// <summary>Lives through the months one by one and says what the last one made of the customer.</summary>
    public static (string State, bool Intermittent, int? Silent) Judge(IReadOnlyList<bool> active)
    {
        var history = active.SkipWhile(a => !a).ToList();
        if (history.Count == 0)
            return ("prospect", false, null);

        var state = "";
        var zeros = 0;
        for (var i = 0; i < history.Count; i++)
        {
            var wasChurned = state == "churned";
            zeros = history[i] ? 0 : zeros + 1;
            if (zeros >= 3)
                state = IsSeasonal([.. history.Take(i + 1)]) ? "excluded" : "churned";
            else if (history[i] && wasChurned)
                state = "reactivated";
            else if (i < 3)
                state = "new";
            else if (zeros > 0)
                state = "borderline";
            else
                state = "active";
        }

        var lastSix = history.TakeLast(6).Select(a => a ? '1' : '0').ToArray();
        var runs = new string(lastSix).Split('1', StringSplitOptions.RemoveEmptyEntries).Length;
        return (state, runs >= 2, zeros);
    }

    /// <summary>
    /// Silent now; silent in the same months of both years before; some other month of both those years active; two full
    /// years known before the silence.
    /// </summary>
    public static bool IsSeasonal(IReadOnlyList<bool> active)
    {
        var history = active.SkipWhile(a => !a).ToList();
        var run = 0;
        while (run < history.Count && !history[history.Count - 1 - run])
            run++;
        var start = history.Count - run;
        if (run == 0 || start < 24)
            return false;

        var firstYear = history.GetRange(start - 24, 12);
        var secondYear = history.GetRange(start - 12, 12);
        foreach (var year in new[] { firstYear, secondYear })
        {
            var sameMonths = year.Take(run).ToList();
            var otherMonths = year.Skip(run).ToList();
            if (sameMonths.Contains(true) || !otherMonths.Contains(true))
                return false;
        }
        return true;
    }

    private static bool IsAdjustment(PlainRow row) => row.Document is ['A', ..];

    private static bool IsReturn(PlainRow row) => !IsAdjustment(row) && (row.Document is ['C', ..] || row.Quantity < 0);

    private static bool IsOrder(PlainRow row) => !IsAdjustment(row) && !IsReturn(row) && Pounds(row) > 0;

    private static decimal Pounds(PlainRow row) => HalfUp(row.Quantity * row.UnitPrice, 2);

    private static decimal HalfUp(decimal value, int digits)
    {
        var one = 1m;
        for (var i = 0; i < digits; i++)
            one *= 10;
        return Math.Sign(value) * Math.Floor((Math.Abs(value) * one) + 0.5m) / one;
    }
}
