using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>
/// The equal-treatment report: offboardings of a period, beside those of similar customers, and who was treated otherwise. What similar means
/// is said at <see cref="EqualTreatment"/>; spend is of the twelve closed months before the case, arrears those of the contract.
/// </summary>
public sealed class ReportTreatment(AppDb db, CaseDesk desk) : UseCase<ReportTreatment.Request, ReportTreatment.Report>(db)
{
    public const int Max = 5000;

    /// <param name="UnitId">A unit and those below it; null: all the caller may see.</param>
    public sealed record Request(DateOnly? From = null, DateOnly? Until = null, string? Ground = null, int? UnitId = null);

    /// <param name="Measures">Cases by measure, over all that were compared.</param>
    public sealed record Report(DateOnly From, DateOnly Until, string? Ground, int Cases, bool IsCut, IReadOnlyList<AlikeGroup> Groups, IReadOnlyDictionary<string, int> Measures);

    public override Permission Needs => Permission.ViewTreatment;

    protected override async Task<Outcome<Report>> Handle(Call call, Request request, CancellationToken ct)
    {
        var until = request.Until ?? call.Today(Clocks.CompanyZone);
        if (DateRange.Check(until, "until") is { } neverEnds)
            return neverEnds;
        var from = request.From ?? until.AddYears(-1);
        if (DateRange.Check(from, "from") is { } neverBegins)
            return neverBegins;
        if (from > until)
            return TreatmentRefusals.Period;
        var (start, end) = (Clocks.StartOf(from, Clocks.CompanyZone), Clocks.StartOf(until.AddDays(1), Clocks.CompanyZone));
        var query = desk.Visible(call, Needs).Where(c => c.Kind == CaseKind.Offboarding && c.BusinessReceivedAt >= start && c.BusinessReceivedAt < end);
        if (OffboardingGround.Find(request.Ground) is { } ground)
            query = query.Where(c => c.Ground == ground.Code);
        if (request.UnitId is { } top && await Db.Units.AsNoTracking().Where(u => u.Id == top).Select(u => u.Path).SingleOrDefaultAsync(ct) is { } path)
        {
            var below = await Db.Units.AsNoTracking().Where(u => u.Path.StartsWith(path)).Select(u => (int?)u.Id).ToListAsync(ct);
            query = query.Where(c => below.Contains(c.UnitId));
        }
        var cases = await query.OrderByDescending(c => c.BusinessReceivedAt).ThenBy(c => c.Id).Take(Max + 1).ToListAsync(ct);
        var compared = await Compared(cases.Take(Max).ToList(), ct);
        Db.Audit(call, "treatment.reported", "treatment", new { from, until, request.Ground, cases = compared.Count });
        await Db.SaveChangesAsync(ct);
        return new Report(from, until, request.Ground, compared.Count, cases.Count > Max, EqualTreatment.Compare(compared), compared.GroupBy(c => c.Measure).ToDictionary(g => g.Key, g => g.Count()));
    }

    private async Task<List<TreatedCase>> Compared(List<ExitCase> cases, CancellationToken ct)
    {
        var customers = cases.Select(c => c.CustomerId!.Value).Distinct().ToList();
        var contracts = cases.Select(c => c.ContractId!.Value).Distinct().ToList();
        var months = new Dictionary<long, byte[]>();
        foreach (var part in customers.Chunk(500))
            foreach (var row in await Db.Activity.AsNoTracking().Where(a => part.Contains(a.CustomerId)).Select(a => new { a.CustomerId, a.Months }).ToListAsync(ct))
                months[row.CustomerId] = row.Months;
        var money = new Dictionary<long, (long Unpaid, string Currency)>();
        foreach (var part in contracts.Chunk(500))
            foreach (var row in await Db.Contracts.AsNoTracking().Where(c => part.Contains(c.Id)).Select(c => new { c.Id, c.Unpaid, c.Currency }).ToListAsync(ct))
                money[row.Id] = (row.Unpaid, row.Currency);
        return [.. cases.Select(c =>
        {
            var (unpaid, currency) = money[c.ContractId!.Value];
            var spend = months.TryGetValue(c.CustomerId!.Value, out var packed) ? Indicators.Of(packed, Clocks.DateIn(c.BusinessReceivedAt, c.Zone!))?.Spend12m ?? 0 : 0;
            return new TreatedCase(c.Id, c.Number, c.Ground!, c.Tier, currency, spend, unpaid, MeasureOf(c), null);
        })];
    }

    /// <summary>What was done, as far as it is done.</summary>
    public static string MeasureOf(ExitCase exit) =>
        exit.Outcome switch
        {
            CaseOutcome.Executed => OffboardingGround.Find(exit.Ground) is { Immediate: true } ? "immediate" : "ended",
            CaseOutcome.Saved => exit.CureUntil is null ? "saved" : "cure",
            CaseOutcome.Refused => "refused",
            CaseOutcome.Withdrawn => "withdrawn",
            null => EqualTreatment.Open,
            _ => "withdrawn",
        };
}

public static class TreatmentRefusals
{
    public static readonly Refusal Period = new(RefusalKind.Invalid, "treatment.period", "The period begins before it ends.", "起始日期须早于结束日期。", Field: "from");
}
