using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>One listed customer and what its closed months say.</summary>
/// <param name="UsualShare">Share of the usual spend in ten-thousandths, or <see cref="IIndicatorValues.Unknown"/>.</param>
/// <param name="Rhythm">The state by rhythm; null: not judged, or not known.</param>
/// <param name="By">The customer's thresholds of churn.</param>
/// <param name="Segment">Code of the segment of the churn definition; null: the thresholds for everybody.</param>
internal readonly record struct EvaluatedCustomer(long Id, string Currency, Indicators Indicators, long UsualShare, RhythmState? Rhythm, ChurnThresholds By, string? Segment)
{
    /// <summary>How far the customer has gone elsewhere; null: not judged, or not known.</summary>
    public Defection? Defection => PartialDefection.Of(Indicators.Churn, UsualShare, By);
}

/// <summary>
/// Judges every customer by its closed months as of a date: one pass over the packed rows, nothing stored. Customers with a
/// contract in term are listed as excluded; customers without a fact before the date's month are not listed.
/// </summary>
internal static class EvaluateCustomers
{
    /// <summary>All listed customers of a base, ascending by number.</summary>
    /// <param name="units">Only those of these units; null: all.</param>
    /// <param name="onlyChurn">Whether share of the usual spend and rhythm are left out: not everybody who lists customers asks for them.</param>
    public static List<EvaluatedCustomer> Run(CustomerBase all, DateOnly asOf, IReadOnlySet<int>? units = null, bool onlyChurn = false)
    {
        var parts = all.Parts(Environment.ProcessorCount);
        var found = new List<EvaluatedCustomer>[parts.Count];
        Parallel.For(0, parts.Count, part =>
        {
            var scratch = new HistoryScratch();
            var listed = new List<EvaluatedCustomer>(parts[part].Until - parts[part].From);
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                if (units?.Contains(all.UnitId(i)) == false)
                    continue;
                var values = all.Open(i, scratch).At(asOf);
                if (values.Indicators is { } indicators)
                    listed.Add(new EvaluatedCustomer(all.Id(i), all.Currency(i), indicators, onlyChurn ? IIndicatorValues.Unknown : values[Indicator.UsualShare], onlyChurn ? null : values.RhythmBy(all.ThresholdsOf(i)), all.ThresholdsOf(i), all.SegmentOf(i)?.Code));
            }
            found[part] = listed;
        });
        return [.. found.SelectMany(f => f)];
    }

    /// <summary>How many customers are in each state.</summary>
    public static IReadOnlyDictionary<ChurnState, int> Counts(IEnumerable<EvaluatedCustomer> customers) =>
        customers.GroupBy(c => c.Indicators.Churn.State).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>The external numbers of customers; those whose profile was erased are left out. An export: its caller writes the audit entry.</summary>
    public static async Task<Dictionary<long, string>> Numbers(AppDb db, Vault vault, IReadOnlyList<EvaluatedCustomer> customers, CancellationToken ct)
    {
        var numbers = new Dictionary<long, string>(customers.Count);
        foreach (var chunk in customers.Chunk(5_000))
        {
            var (first, last) = (chunk[0].Id, chunk[^1].Id);
            var profiles = await db.Customers.AsNoTracking().Where(c => c.Id >= first && c.Id <= last && c.Profile != null).Select(c => new { c.Id, c.Profile }).ToListAsync(ct);
            var opened = await vault.OpenAll<CustomerProfile>(DataClass.Profile, CustomerTable.ProfilePlace,
                [.. profiles.Select(p => (p.Id, p.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), p.Profile!))], ct);
            foreach (var (id, profile) in opened)
                numbers[id] = profile.ExternalNumber;
        }
        return numbers;
    }
}
