namespace Exeunt.Core.HandOvers;

/// <summary>A customer of a portfolio that is to be given to somebody.</summary>
/// <param name="Unit">The unit the customer belongs to.</param>
/// <param name="Weight">How much work comes along: 1 for the customer itself and 1 for each open thing; 1 or more.</param>
/// <param name="Value">Spend of the last twelve closed months, minor units of <paramref name="Currency"/>; may be negative.</param>
/// <param name="ByHand">Nothing is proposed: a person chooses (VIP, high risk, among the most valuable).</param>
public sealed record PortfolioCustomer(long Id, int Unit, int Weight, long Value, string Currency, bool ByHand = false);

/// <summary>Somebody who could take customers.</summary>
/// <param name="Units">Of which units they may look after customers.</param>
/// <param name="Load">What they look after already, in the same measure as a customer's weight; 0 or more.</param>
/// <param name="Capacity">How many customers of this portfolio they take at most; null: any number.</param>
public sealed record Candidate(Guid Id, IReadOnlySet<int> Units, int Load = 0, int? Capacity = null);

/// <summary>Who gets which customer of a portfolio: evenly by open work, and where that is the same, by value.</summary>
public static class Distribution
{
    /// <summary>
    /// One entry for every customer, null where nobody may or a person is to choose. The heaviest come first, each to whoever of
    /// their unit has least; among equals to whoever was given least value in the customer's currency, then to the lowest id. The same
    /// input gives the same answer in whatever order it comes.
    /// Among candidates who may take every customer, have no capacity and began alike, nobody ends with more than the
    /// heaviest customer above another.
    /// </summary>
    public static IReadOnlyDictionary<long, Guid?> Propose(IEnumerable<PortfolioCustomer> customers, IEnumerable<Candidate> candidates)
    {
        var people = candidates.OrderBy(c => c.Id).ToList();
        var load = people.ToDictionary(c => c.Id, c => (long)c.Load);
        var taken = people.ToDictionary(c => c.Id, _ => 0);
        var value = new Dictionary<(Guid, string), decimal>();
        var given = new Dictionary<long, Guid?>();
        foreach (var customer in customers.OrderByDescending(c => c.Weight).ThenBy(c => c.Currency, StringComparer.Ordinal).ThenByDescending(c => c.Value).ThenBy(c => c.Id))
        {
            var best = customer.ByHand ? null
                : people.Where(p => p.Units.Contains(customer.Unit) && (p.Capacity is not { } most || taken[p.Id] < most))
                    .OrderBy(p => load[p.Id]).ThenBy(p => value.GetValueOrDefault((p.Id, customer.Currency))).ThenBy(p => p.Id).FirstOrDefault();
            given.Add(customer.Id, best?.Id);
            if (best is null)
                continue;
            load[best.Id] += customer.Weight;
            taken[best.Id]++;
            value[(best.Id, customer.Currency)] = value.GetValueOrDefault((best.Id, customer.Currency)) + customer.Value;
        }
        return given;
    }

    /// <summary>
    /// The customers who together bring the first <paramref name="share"/> percent of the portfolio's value, in each currency by itself
    /// (amounts of different currencies are never compared). Who brings nothing is never among them.
    /// </summary>
    /// <param name="share">0 to 100; 0: nobody.</param>
    public static IReadOnlySet<long> MostValuable(IEnumerable<PortfolioCustomer> customers, int share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 100);
        var chosen = new HashSet<long>();
        foreach (var currency in customers.Where(c => c.Value > 0).GroupBy(c => c.Currency))
        {
            var wanted = currency.Sum(c => (decimal)c.Value) * share / 100;
            decimal sum = 0;
            foreach (var customer in currency.OrderByDescending(c => c.Value).ThenBy(c => c.Id))
            {
                if (sum >= wanted)
                    break;
                chosen.Add(customer.Id);
                sum += customer.Value;
            }
        }
        return chosen;
    }
}
