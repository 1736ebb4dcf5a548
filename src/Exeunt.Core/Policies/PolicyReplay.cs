using Exeunt.Core.Contracts;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Policies;

/// <summary>A closed case to be settled once more: the inputs of its settlement, and the policy it was settled by.</summary>
/// <param name="Number">The case's number.</param>
/// <param name="Disputed">Whether the customer objected to the settlement.</param>
public sealed record ReplayCase(string Number, ContractTerms Contract, ExitFacts Facts, TerminationPolicy Policy, bool Disputed = false);

/// <summary>What one settlement comes to.</summary>
/// <param name="Fee">The fee for leaving early, 0 or more.</param>
/// <param name="Refund">Everything the customer gets, a magnitude.</param>
/// <param name="Total">The balance: + the customer owes, - the customer gets.</param>
public sealed record ReplayFigures(Money Fee, Money Refund, Money Total)
{
    internal static ReplayFigures Of(Statement statement) =>
        new(
            statement.Lines.Where(l => l.Code == LineCode.Etf).Aggregate(Money.Zero(statement.Currency), (sum, l) => sum + l.Amount),
            -statement.Credits,
            statement.Total
        );
}

/// <summary>Whom a draft would have favoured in one case.</summary>
public enum ReplayEffect
{
    Same,

    /// <summary>The customer would have paid less or got more.</summary>
    CustomerGains,

    /// <summary>The customer would have paid more or got less.</summary>
    CompanyGains,

    /// <summary>One of the two cannot be computed.</summary>
    NotComputed,
}

/// <summary>One case under both policies; figures are null and <paramref name="Refusal"/> says why when they cannot be computed.</summary>
public sealed record ReplayRow(string Number, DateOnly LastServiceDay, ReplayFigures? Before, ReplayFigures? After, Refusal? Refusal, bool Disputed)
{
    /// <summary>After less before: + the customer would have owed more.</summary>
    public Money? Difference => Before is not null && After is not null ? After.Total - Before.Total : null;

    public ReplayEffect Effect =>
        Difference switch
        {
            null => ReplayEffect.NotComputed,
            { Minor: < 0 } => ReplayEffect.CustomerGains,
            { Minor: > 0 } => ReplayEffect.CompanyGains,
            _ => ReplayEffect.Same,
        };
}

/// <summary>Sum and median of one figure before and after.</summary>
public sealed record ReplayMeasure(Money SumBefore, Money SumAfter, Money MedianBefore, Money MedianAfter);

/// <summary>The computed cases of one currency; amounts of different currencies are never added.</summary>
/// <param name="Largest">The ten cases whose balance would have changed most, the largest change first; unchanged ones are left out.</param>
public sealed record ReplaySum(
    string Currency,
    int Cases,
    int CustomersGain,
    int CompanyGains,
    int Same,
    ReplayMeasure Fees,
    ReplayMeasure Refunds,
    Money Difference,
    IReadOnlyList<ReplayRow> Largest
);

/// <summary>A draft replayed on closed cases.</summary>
/// <param name="Rows">One for each case, in the order given.</param>
/// <param name="Sums">One for each currency, by its code.</param>
/// <param name="Refused">Codes of refusals with how many cases each.</param>
public sealed record ReplayResult(IReadOnlyList<ReplayRow> Rows, IReadOnlyList<ReplaySum> Sums, IReadOnlyDictionary<string, int> Refused)
{
    public int Count(ReplayEffect effect) => Rows.Count(r => r.Effect == effect);

    /// <summary>Cases in which the customer objected to the settlement.</summary>
    public int Disputed => Rows.Count(r => r.Disputed);
}

/// <summary>
/// What a draft would have done: the settlements of closed cases, computed again by the policy each was settled by and by the
/// draft, from the same contract, facts and last day of service. Nothing is taken from memory: both sides are computed.
/// </summary>
public static class PolicyReplay
{
    public const int LargestShown = 10;

    public static ReplayResult Run(IReadOnlyList<ReplayCase> cases, TerminationPolicy draft)
    {
        var rows = new ReplayRow[cases.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Row(cases[i], draft);
        var sums = rows.Where(r => r.Difference is not null)
            .GroupBy(r => r.Before!.Total.Currency, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Sum(g.Key, [.. g]));
        var refused = rows.Where(r => r.Refusal is not null)
            .GroupBy(r => r.Refusal!.Code, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Count());
        return new(rows, [.. sums], refused);
    }

    /// <summary>The middle amount; of an even number the mean of the two in the middle, rounded half up to the minor unit.</summary>
    /// <param name="amounts">At least one, all of one currency.</param>
    public static Money Median(IEnumerable<Money> amounts)
    {
        var sorted = amounts.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]).Share(1, 2);
    }

    private static ReplayRow Row(ReplayCase replayed, TerminationPolicy draft)
    {
        var before = StatementBuilder.Build(replayed.Contract, replayed.Policy, replayed.Facts);
        var after = StatementBuilder.Build(replayed.Contract, draft, replayed.Facts);
        return new(
            replayed.Number,
            replayed.Facts.LastServiceDay,
            before.Succeeded ? ReplayFigures.Of(before.Value) : null,
            after.Succeeded ? ReplayFigures.Of(after.Value) : null,
            after.Refusal ?? before.Refusal,
            replayed.Disputed
        );
    }

    private static ReplaySum Sum(string currency, ReplayRow[] rows) =>
        new(
            currency,
            rows.Length,
            rows.Count(r => r.Effect == ReplayEffect.CustomerGains),
            rows.Count(r => r.Effect == ReplayEffect.CompanyGains),
            rows.Count(r => r.Effect == ReplayEffect.Same),
            Measure(currency, rows, f => f.Fee),
            Measure(currency, rows, f => f.Refund),
            Add(currency, rows.Select(r => r.Difference!.Value)),
            [
                .. rows.Where(r => r.Effect != ReplayEffect.Same)
                    .OrderByDescending(r => Math.Abs((decimal)r.Difference!.Value.Minor))
                    .ThenBy(r => r.Number, StringComparer.Ordinal)
                    .Take(LargestShown),
            ]
        );

    private static ReplayMeasure Measure(string currency, ReplayRow[] rows, Func<ReplayFigures, Money> of) =>
        new(
            Add(currency, rows.Select(r => of(r.Before!))),
            Add(currency, rows.Select(r => of(r.After!))),
            Median(rows.Select(r => of(r.Before!))),
            Median(rows.Select(r => of(r.After!)))
        );

    private static Money Add(string currency, IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero(currency), (sum, amount) => sum + amount);
}
