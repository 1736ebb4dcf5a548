using System.Collections.Concurrent;
using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>回测: asks for a back-test of a version's document as it stands now; it runs as an effect.</summary>
public sealed class StartBacktest(AppDb db, SignedDocumentDesk desk) : UseCase<StartBacktest.Request, StartBacktest.Started>(db)
{
    /// <param name="From">First month, "2025-12"; null: 24 months back.</param>
    /// <param name="To">Last month, inclusive; null: the present one.</param>
    /// <param name="Threshold">Which comparison to vary, counted from 0; null: the first that can be.</param>
    public sealed record Request(string Id, int Version, string? From = null, string? To = null, int? Threshold = null);

    public sealed record Started(Guid BacktestId);

    public override Permission Needs => Permission.WriteStandards;

    protected override async Task<Outcome<Started>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, request.Version, ct) is not ({ Kind: SignedKind.Standard } row, _) || ReadDocument.Of(row.Kind, row.Document).Standard is not { } standard)
            return CommonRefusals.NotFound;
        var today = call.Today(Clocks.CompanyZone);
        var to = request.To is { Length: > 0 } last ? Month.Read(last) : Month.Of(today);
        var from = request.From is { Length: > 0 } first ? Month.Read(first) : to - 23;
        if (from is not { } begin || to is not { } end)
            return StandardRefusals.MonthUnreadable with { Field = to is null ? "to" : "from" };
        if (Backtest.WhyNot(begin, end, Month.Of(today)) is { } no)
            return no;
        var comparisons = standard.When.Comparisons().Select(c => c.Compare).ToList();
        if (request.Threshold is { } n && (n < 0 || n >= comparisons.Count || comparisons[n].Definition!.Unit is IndicatorUnit.State or IndicatorUnit.YesNo))
            return StandardRefusals.NoSuchThreshold;
        if (await Db.Backtests.AnyAsync(b => b.StandardId == row.Id && b.Version == row.Version && b.State == BacktestState.Running, ct))
            return StandardRefusals.BacktestRunning;
        var against = await BacktestCommand.InForce(Db, row.Id, today, ct);
        var test = new StandardBacktest
        {
            Id = Guid.CreateVersion7(call.Now), StandardId = row.Id, Version = row.Version, Digest = row.Digest, Document = row.Document, FromMonth = begin.Index, ToMonth = end.Index,
            Threshold = request.Threshold, AgainstVersion = against?.Version == row.Version ? null : against?.Version, By = call.Actor.Id, At = call.Now,
        };
        Db.Backtests.Add(test);
        Db.Enqueue(Effect.Now(RunBacktest.Kind, $"{RunBacktest.Kind}|{test.Id:N}", call, new RunBacktest.What(test.Id)));
        Db.Audit(call, "backtest.started", $"standard:{row.Id}:{row.Version}", new { test.Id, row.Digest, from = $"{begin}", to = $"{end}" });
        return await Commit(new Started(test.Id), ct);
    }
}

/// <summary>How far the back-tests that run in this process are, in percent.</summary>
public sealed class BacktestProgress
{
    private readonly ConcurrentDictionary<Guid, int> _percent = [];

    public int? Of(Guid id) => _percent.TryGetValue(id, out var percent) ? percent : null;

    internal void Set(Guid id, double share) => _percent[id] = (int)(share * 100);

    internal void End(Guid id) => _percent.TryRemove(id, out _);
}

/// <summary>Effect "standards.backtest": loads the customers, replays the document over all whom it is for, keeps the report and what was counted in each unit.</summary>
public sealed class RunBacktest(AppDb db, Storage storage, BacktestProgress progress) : IEffect
{
    public const string Kind = "standards.backtest";

    public sealed record What(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var test = await db.Backtests.SingleAsync(b => b.Id == effect.Read<What>().Id, ct);
        if (test.State != BacktestState.Running)
            return EffectResult.Done;
        progress.Set(test.Id, 0);
        try
        {
            var customers = await StandardBase.Load(db, storage, call.Today(Clocks.CompanyZone), ct);
            var against = test.AgainstVersion is { } version
                && await db.SignedDocuments.AsNoTracking().Where(d => d.Id == test.StandardId && d.Version == version).Select(d => d.Document).SingleOrDefaultAsync(ct) is { } document
                ? StandardDocument.Read(document).Standard : null;
            var (report, units) = customers.ReplayByUnit(customers.Compile(StandardDocument.Read(test.Document).Standard!),
                new(new Month(test.FromMonth), new Month(test.ToMonth), against is null ? null : customers.Compile(against), test.Threshold), share => progress.Set(test.Id, share), ct);
            test.Report = report.ToJson();
            test.ReportHash = BacktestReport.HashOf(test.Report);
            (test.State, test.EndedAt) = (BacktestState.Done, call.Now);
            db.Set<BacktestUnit>().AddRange(units.Select(u => new BacktestUnit { BacktestId = test.Id, UnitId = u.Unit, Counts = u.ToJson() }));
            db.Audit(call, "backtest.done", $"standard:{test.StandardId}:{test.Version}", new { test.Id, test.Digest, test.ReportHash, report.Listed });
            return EffectResult.Done;
        }
        catch (Exception e) when (FailureOf(e) is not null)
        {
            (test.State, test.EndedAt, test.Failure) = (BacktestState.Failed, call.Now, FailureOf(e));
            db.Audit(call, "backtest.failed", $"standard:{test.StandardId}:{test.Version}", new { test.Id, test.Failure });
            return EffectResult.Done;
        }
        finally
        {
            progress.End(test.Id);
        }
    }

    /// <summary>Why trying again does not help; null when it may. The replay runs on several cores, so what it finds comes wrapped.</summary>
    private static string? FailureOf(Exception e) =>
        e switch
        {
            AggregateException many => many.Flatten().InnerExceptions.Select(FailureOf).FirstOrDefault(f => f is not null),
            // Damaged months: rebuilding them helps.
            FormatException => "months-damaged",
            ArgumentException or OverflowException => "figures",
            _ => null,
        };
}
