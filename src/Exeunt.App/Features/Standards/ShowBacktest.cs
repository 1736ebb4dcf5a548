using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>
/// A back-test with its report, or how far it is. The figures are of the customers of the units that the caller may watch; the report with
/// which a version was published is seen whole by whoever may publish.
/// </summary>
public sealed class ShowBacktest(AppDb db, BacktestProgress progress) : UseCase<ShowBacktest.Request, ShowBacktest.Sheet>(db)
{
    public sealed record Request(Guid Id);

    /// <param name="Report">As the caller may see it; null: there is none yet.</param>
    /// <param name="Percent">Of a running one in this process; null: not known here.</param>
    /// <param name="IsCurrent">Whether the version still has exactly the document that was tried.</param>
    /// <param name="Units">Names of the units, by number.</param>
    /// <param name="Figures">The units of whose customers the figures are; null: of all whom the standard is for.</param>
    public sealed record Sheet(StandardBacktest Test, Standard Standard, BacktestReport? Report, int? Percent, bool IsCurrent, IReadOnlyDictionary<string, Words> Units, FigureUnits? Figures)
    {
        /// <summary>The report as it is sent; whole, it is the one that the hash is of.</summary>
        public string? Json => Figures is null ? Test.Report : Report?.ToJson();
    }

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<Sheet>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Backtests.AsNoTracking().SingleOrDefaultAsync(b => b.Id == request.Id, ct) is not { } test)
            return CommonRefusals.NotFound;
        var visible = await VisibleUnits.Of(Db, call.Actor, Permission.ViewWatch, ct);
        var figures = await FigureUnits.Of(Db, visible, null, ct);
        var isWhole = figures.IsAll || (test.IsAttached && call.Actor.Allows(Permission.EditPolicies));
        if (!isWhole && figures.Codes.Count == 0)
            return CommonRefusals.NotFound;
        var report = test.Report is { } kept ? BacktestReport.Read(kept) : null;
        if (report is not null && !isWhole)
        {
            var ids = visible.Ids(null);
            var own = await Db.Set<BacktestUnit>().AsNoTracking().Where(u => u.BacktestId == test.Id && ids.Contains(u.UnitId)).Select(u => u.Counts).ToListAsync(ct);
            // Made before figures were kept by unit.
            if (own.Count == 0 && report.Customers > 0 && !await Db.Set<BacktestUnit>().AnyAsync(u => u.BacktestId == test.Id, ct))
                return StandardRefusals.NotByUnit;
            report = BacktestCounts.Report(report, own.ConvertAll(BacktestCounts.Read)) with { Units = figures.Codes };
        }
        var digest = await Db.SignedDocuments.AsNoTracking().Where(d => d.Id == test.StandardId && d.Version == test.Version).Select(d => d.Digest).SingleOrDefaultAsync(ct);
        var units = await Db.Units.AsNoTracking().ToDictionaryAsync(u => $"{u.Id}", u => new Words(u.English, u.Chinese), ct);
        return new Sheet(test, StandardDocument.Read(test.Document).Standard!, report, progress.Of(test.Id), digest == test.Digest, units, isWhole ? null : figures);
    }
}
