using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>One instalment of a plan.</summary>
/// <param name="Number">1, 2, 3…</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Paid">Minor units, 0 to <paramref name="Amount"/>.</param>
public readonly record struct DueInstalment(int Number, DateOnly DueOn, long Amount, long Paid)
{
    public long Open => Amount - Paid;

    public bool IsOverdue(DateOnly today) => Open > 0 && DueOn < today;
}

/// <summary>Paying a claim by instalments: the dates, what a payment fills, and when the whole may be demanded at once.</summary>
public static class InstalmentPlan
{
    /// <summary>Days the customer has after a demand before the whole may be demanded: our reading of "a reasonable period".</summary>
    public const int CureDays = 10;

    /// <summary>Instalments below which the law knows no acceleration.</summary>
    public const int FewestForAcceleration = 3;

    /// <summary>The instalments of a debt, a month apart, all counted from the first date.</summary>
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT.</exception>
    public static IReadOnlyList<DueInstalment> Of(Money total, int count, DateOnly firstDue) =>
        [.. Instalments.Of(total, count).Select((part, i) => new DueInstalment(i + 1, firstDue.PlusMonths(i), part.Minor, 0))];

    /// <summary>Fills the instalment due first, then the next; what exceeds the plan is left over.</summary>
    public static (IReadOnlyList<DueInstalment> Rows, long Left) Fill(IReadOnlyList<DueInstalment> rows, long payment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payment);
        var filled = rows.ToArray();
        foreach (var i in Enumerable.Range(0, filled.Length).OrderBy(i => filled[i].DueOn).ThenBy(i => filled[i].Number))
        {
            var part = Math.Min(payment, filled[i].Open);
            filled[i] = filled[i] with { Paid = filled[i].Paid + part };
            payment -= part;
        }
        return (filled, payment);
    }

    /// <summary>
    /// Why the whole cannot be demanded yet; null when it can. At least three instalments, unpaid due amounts of a fifth of the
    /// price or more, a demand, and a reasonable period after it (Civil Code 634; 买卖合同解释 27).
    /// </summary>
    /// <param name="demandedOn">Day of the demand (催告); null: none.</param>
    public static Refusal? CannotAccelerate(IReadOnlyList<DueInstalment> rows, DateOnly today, DateOnly? demandedOn)
    {
        if (rows.Count < FewestForAcceleration)
            return new(RefusalKind.Conflict, "plan.fewer-than-three",
                "With fewer than three instalments each stays due on its own day (Civil Code Art. 634).", "少于三期的分期付款，各期按各自到期日支付（民法典第 634 条）。");
        Int128 price = 0, due = 0;
        DateOnly? reached = null;
        foreach (var row in rows)
            price += row.Amount;
        foreach (var row in rows.OrderBy(r => r.DueOn))
        {
            due += row.Open;
            if (due * 5 >= price && due > 0)
            {
                // Due, and unpaid, from the day after.
                reached = row.DueOn.PlusDays(1);
                break;
            }
        }
        if (reached is not { } fifth)
            return new(RefusalKind.Conflict, "plan.below-a-fifth",
                "What is unpaid is less than a fifth of the price (Civil Code Art. 634).", "未付金额不足全部价款的五分之一（民法典第 634 条）。");
        if (today < fifth)
            return new(RefusalKind.Conflict, "plan.below-a-fifth",
                $"Less than a fifth of the price is due and unpaid (Civil Code Art. 634). If nothing is paid, it is on {fifth:yyyy-MM-dd}.",
                $"到期未付金额不足全部价款的五分之一（民法典第 634 条）。若一直未付，{fifth:yyyy-MM-dd} 起达到。", fifth);
        if (demandedOn is not { } demanded)
            return new(RefusalKind.Conflict, "plan.demand-first",
                "First demand the payment; the whole can be demanded after a reasonable period (Civil Code Art. 634).", "须先催告；合理期限届满后方可要求支付全部价款（民法典第 634 条）。");
        var possible = demanded.PlusDays(CureDays + 1);
        return today < possible
            ? new(RefusalKind.Conflict, "plan.cure-period",
                $"The customer was asked on {demanded:yyyy-MM-dd} and has {CureDays} days to pay.", $"已于 {demanded:yyyy-MM-dd} 催告，客户有 {CureDays} 日履行期。", possible)
            : null;
    }
}
