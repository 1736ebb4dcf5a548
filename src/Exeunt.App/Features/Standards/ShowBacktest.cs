using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>A back-test with its report, or how far it is.</summary>
public sealed class ShowBacktest(AppDb db, BacktestProgress progress) : UseCase<ShowBacktest.Request, ShowBacktest.Sheet>(db)
{
    public sealed record Request(Guid Id);

    /// <param name="Percent">Of a running one in this process; null: not known here.</param>
    /// <param name="IsCurrent">Whether the version still has exactly the document that was tried.</param>
    /// <param name="Units">Names of the units, by number.</param>
    public sealed record Sheet(StandardBacktest Test, Standard Standard, BacktestReport? Report, int? Percent, bool IsCurrent, IReadOnlyDictionary<string, Words> Units);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<Sheet>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Backtests.AsNoTracking().SingleOrDefaultAsync(b => b.Id == request.Id, ct) is not { } test)
            return CommonRefusals.NotFound;
        var digest = await Db.SignedDocuments.AsNoTracking().Where(d => d.Id == test.StandardId && d.Version == test.Version).Select(d => d.Digest).SingleOrDefaultAsync(ct);
        var units = await Db.Units.AsNoTracking().ToDictionaryAsync(u => $"{u.Id}", u => new Words(u.English, u.Chinese), ct);
        return new Sheet(test, StandardDocument.Read(test.Document).Standard!, test.Report is { } report ? BacktestReport.Read(report) : null, progress.Of(test.Id), digest == test.Digest, units);
    }
}
