using Exeunt.Core.Churn;

namespace Exeunt.Core.Activity;

/// <summary>
/// What the closed months say about one customer as of one date. "12m" is the 12 closed months before the as-of date's
/// month; that month itself is open and never counts. Amounts are minor units of the installation's currency.
/// </summary>
/// <param name="Churn">State, intermittent flag and silent months, over all closed months.</param>
/// <param name="Orders12m">Distinct order documents among the order rows of the 12 months, plus order rows without a number.</param>
/// <param name="Spend12m">Sum of every row in the 12 months: orders, returns, adjustments; may be negative.</param>
/// <param name="Ordered12m">Sum of the order rows in the 12 months; 0 or more.</param>
/// <param name="Returned12m">Value returned in the 12 months.</param>
/// <param name="LastOrderOn">Day of the last order in any closed month; null if there was none.</param>
public readonly record struct Indicators(
    ChurnStatus Churn,
    int Orders12m,
    long Spend12m,
    long Ordered12m,
    long Returned12m,
    DateOnly? LastOrderOn
)
{
    private const int Months = 12;

    /// <summary>
    /// Value returned ÷ value ordered in the 12 months, four decimals, half away from zero; null if nothing was ordered.
    /// 0 upwards, above 1 when more came back than was ordered.
    /// </summary>
    /// <remarks>Decimal, because the ratio of two amounts is printed and compared to the fourth place exactly.</remarks>
    public decimal? ReturnRate12m =>
        Ordered12m == 0 ? null : Math.Round((decimal)Returned12m / Ordered12m, 4, MidpointRounding.AwayFromZero);

    /// <summary>
    /// Reads the indicators off a packed row. <paramref name="agreed"/> is an exclusion the months cannot show: a contract
    /// in term or an agreed pause.
    /// </summary>
    /// <param name="by">The customer's thresholds of churn; null: the usual ones.</param>
    /// <returns>Null when the customer had no fact of trade before the as-of date's month and so is not listed.</returns>
    public static Indicators? Of(ReadOnlySpan<byte> packed, DateOnly asOf, ExclusionReason? agreed = null, ChurnThresholds? by = null)
    {
        var open = Month.Of(asOf);
        var start = open - Months;
        var pattern = ActivePattern.Before(asOf);
        var row = new ActivityMonths(packed);
        var listed = false;
        DateOnly? lastOrderOn = null;
        var orders = 0;
        long spend = 0,
            ordered = 0,
            returned = 0;
        foreach (var month in row)
        {
            if (month.Month >= open)
                break;
            listed |= month.IsTraded;
            if (month.IsActive)
                pattern = pattern.With(month.Month);
            if (month.LastOrderDay > 0)
                lastOrderOn = month.Month.Day(month.LastOrderDay);
            if (month.Month < start)
                continue;
            orders += month.Orders;
            spend += month.Net;
            ordered += month.Ordered;
            returned += month.Returned;
        }
        if (!listed)
            return null;
        orders -= row.CountedAgain(start, open);
        return new Indicators(ChurnStatus.Of(pattern, agreed, by), orders, spend, ordered, returned, lastOrderOn);
    }
}
