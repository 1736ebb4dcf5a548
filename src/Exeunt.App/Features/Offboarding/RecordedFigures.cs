using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.Core.Activity;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.App.Features.Offboarding;

/// <summary>What the records say of a customer on a day: figures for evidence and for improvement agreements.</summary>
public sealed class RecordedFigures(AppDb db)
{
    /// <summary>The chosen figures, each with its unit and day. What the records do not tell is left out.</summary>
    public async Task<IReadOnlyList<EvidenceItem>> Copy(Contract contract, string customerCurrency, IReadOnlyList<EvidenceFact> wanted, DateOnly today, CancellationToken ct)
    {
        var months = await db.Activity.AsNoTracking().Where(a => a.CustomerId == contract.CustomerId).Select(a => a.Months).SingleOrDefaultAsync(ct);
        var indicators = months is null ? null : Indicators.Of(months, today);
        var items = new List<EvidenceItem>();
        foreach (var fact in wanted.Distinct().Order())
        {
            (long Value, string Unit)? read = fact switch
            {
                EvidenceFact.Arrears => (contract.Unpaid, contract.Currency),
                EvidenceFact.DaysOverdue => contract is { Unpaid: > 0, UnpaidDueOn: { } due } && due < today ? (today.DayNumber - due.DayNumber, "days") : null,
                EvidenceFact.Complaints => (await Count(contract.CustomerId, FactKind.Complaint, today.AddYears(-1), today, ct), "count"),
                EvidenceFact.ReturnsPerMille => indicators?.ReturnRate12m is { } rate ? ((long)(rate * 1000), "per-mille") : null,
                EvidenceFact.Spend => (indicators?.Spend12m ?? 0, customerCurrency),
                _ => null,
            };
            if (read is var (value, unit))
                items.Add(new EvidenceItem(EvidenceKind.Fact, Fact: fact, Value: value, Unit: unit, On: today));
        }
        return items;
    }

    /// <summary>What happened from a day to a day, both included; arrears are those of now.</summary>
    public async Task<CureFigures> Since(Contract contract, DateOnly from, DateOnly until, CancellationToken ct)
    {
        var facts = await db.Facts.AsNoTracking().Where(f => f.CustomerId == contract.CustomerId && f.On >= from && f.On <= until)
            .GroupBy(f => f.Kind).Select(g => new { g.Key, Count = g.Count(), Sum = g.Sum(f => f.Amount) }).ToListAsync(ct);
        return new CureFigures(
            contract.Unpaid, facts.FirstOrDefault(f => f.Key == FactKind.Complaint)?.Count ?? 0, Math.Abs(facts.FirstOrDefault(f => f.Key == FactKind.Return)?.Sum ?? 0),
            facts.Where(f => Core.Activity.Fact.Trade.Contains(f.Key)).Sum(f => f.Sum));
    }

    private Task<int> Count(long customerId, FactKind kind, DateOnly from, DateOnly until, CancellationToken ct) =>
        db.Facts.AsNoTracking().CountAsync(f => f.CustomerId == customerId && f.Kind == kind && f.On > from && f.On <= until, ct);
}
