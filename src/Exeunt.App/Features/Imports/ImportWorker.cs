using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Exeunt.App.Features.Imports;

/// <summary>
/// Runs started imports one after the other, beside the effects (a long file must not hold up mails). A job is taken under a lease
/// that its progress renews; after a crash another run takes it up again from the start, which changes nothing that is in. One that breaks off by
/// a fault is taken up again when its lease is over, and given up after the third time.
/// </summary>
internal sealed class ImportWorker(
    Storage storage, Vault vault, Clocks clocks, SharedClock shared, HostOptions options, IServiceScopeFactory scopes, ILogger<ImportWorker> log) : BackgroundService
{
    internal static readonly TimeSpan Lease = Failpoint.IsOn ? TimeSpan.FromSeconds(4) : TimeSpan.FromMinutes(2);

    /// <summary>How often an import may break off by a fault.</summary>
    internal const int MaxTries = 3;

    /// <summary>How long an upload waits for somebody to start it.</summary>
    internal static readonly TimeSpan DraftsStay = TimeSpan.FromDays(7);

    /// <summary>When uploads that wait were looked at last.</summary>
    private DateTimeOffset _drafts;
    private static readonly Action<ILogger, Exception?> Stumbled = LoggerMessage.Define(LogLevel.Error, new EventId(1, "ImportFailed"), "An import broke off");

    /// <summary>Runs all that wait; returns how many. While this node's clock is apart from the database's it takes and forgets nothing: leases and weeks are counted by it.</summary>
    public async Task<int> Drain(CancellationToken ct)
    {
        if (await shared.Apart(ct) is not null)
            return 0;
        await ForgetDrafts(ct);
        var ran = 0;
        while (await shared.Apart(ct) is null && await Take(ct) is { } id)
        {
            await Run(id, ct);
            ran++;
        }
        return ran;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Worker && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Drain(stoppingToken);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Stumbled(log, e);
                await Task.Delay(TimeSpan.FromSeconds(5), stoppingToken);
            }
        }
    }

    /// <summary>An upload that nobody started is not kept: it holds the data of people, and no erasure would find them in it.</summary>
    private async Task ForgetDrafts(CancellationToken ct)
    {
        if (clocks.Now - _drafts < TimeSpan.FromHours(1))
            return;
        await using var db = storage.NewAppDb();
        await ForgetKeys(db, await db.Imports.AsNoTracking().Where(i => i.FinishedAt != null && i.Subject != null).OrderBy(i => i.Id).Take(500).Select(i => i.Subject!.Value).ToListAsync(ct), ct);
        var before = clocks.Now - DraftsStay;
        foreach (var id in await db.Imports.AsNoTracking().Where(i => i.State == ImportState.Draft && i.At < before).OrderBy(i => i.Id).Take(100).Select(i => i.Id).ToListAsync(ct))
            await End(id, job => Fail(job, ImportRefusals.Forgotten, 0, 0), ct);
        _drafts = clocks.Now;
    }

    private async Task<Guid?> Take(CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        var now = clocks.Now;
        var job = await db.Imports.Where(i => i.State == ImportState.Waiting || (i.State == ImportState.Running && i.LeaseUntil < now)).OrderBy(i => i.Id).FirstOrDefaultAsync(ct);
        if (job is null)
            return null;
        (job.State, job.LeaseUntil, job.Version) = (ImportState.Running, now + Lease, job.Version + 1);
        try
        {
            await db.SaveChangesAsync(ct);
            return job.Id;
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node was first.
            return null;
        }
    }

    private async Task Run(Guid id, CancellationToken ct)
    {
        try
        {
            var result = await Import(id, ct);
            await End(id, j =>
            {
                (j.State, j.Read, j.Total, j.Refused, j.Failure) = (ImportState.Done, result.Read, result.Read, result.Refused, null);
                (j.Added, j.Changed, j.Unchanged) = (result.Added, result.Changed, result.Unchanged);
                j.Sha256 = Convert.FromHexString(result.Sha256);
                j.Refusals = JsonSerializer.Serialize(result.Refusals, Json.Plain);
            }, ct);
        }
        catch (ImportFileException e)
        {
            await End(id, j => Fail(j, e.Refusal, e.Line, e.Column), ct);
        }
        // A disk that is full and a database that is away are no fault of this import: it waits until its lease is over.
        catch (Exception e) when (!ct.IsCancellationRequested && !Writing.IsImpossible(e))
        {
            Stumbled(log, e);
            await BreakOff(id, e, ct);
        }
    }

    private async Task<ImportResult> Import(Guid id, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        var job = await db.Imports.AsNoTracking().SingleAsync(i => i.Id == id, ct);
        var unit = await db.Units.AsNoTracking().Where(u => u.Id == job.UnitId).Select(u => u.Code).SingleAsync(ct);
        var actor = await ActorOf(job.By, ct);
        var last = clocks.Now;
        async Task Show(ImportProgress p)
        {
            if (clocks.Now - last < TimeSpan.FromMilliseconds(500))
                return;
            last = clocks.Now;
            await Change(id, j => (j.Read, j.Total, j.Refused, j.LeaseUntil) = (p.Read, p.Total, p.Refused, clocks.Now + Lease), ct);
        }
        await using var file = await UploadImport.Open(db, vault, job, ct);
        var map = job.Map is null ? null : ImportMap.Parse(job.Noun, job.Map);
        return await new RunImport(storage, new Call(actor, clocks.Now, clocks.BusinessNow)) { Progress = Show }.Run(file, new ImportRequest(job.Noun, map, unit, false, null, ScopeOf(job, actor)), ct);
    }

    /// <summary>The person with the roles they have now; one who left has none.</summary>
    private async Task<Actor> ActorOf(string by, CancellationToken ct)
    {
        if (StaffDirectory.GuidOf(by) is not { } id)
            return new Actor(ActorKind.Staff, by, []);
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StaffDirectory>().ActorOf(id, ct);
    }

    /// <summary>The units that the person could import into when the file was brought, as far as they still can.</summary>
    private static List<string> ScopeOf(ImportJob job, Actor actor)
    {
        var then = job.Scope.Split('\n');
        return [.. actor.UnitsFor(Permission.ImportData)
            .SelectMany(now => then.Select(t => now.StartsWith(t, StringComparison.Ordinal) ? now : t.StartsWith(now, StringComparison.Ordinal) ? t : null)).OfType<string>().Distinct()];
    }

    /// <summary>Counts an import that broke off by a fault; after the third time it has failed, and its file goes.</summary>
    private async Task BreakOff(Guid id, Exception fault, CancellationToken ct)
    {
        var cause = fault.GetBaseException();
        var refusal = ImportRefusals.BrokeOff(cause is PostgresException { SqlState: var state } ? $"{nameof(PostgresException)} {state}" : cause.GetType().Name);
        await using var db = storage.NewAppDb();
        var job = await db.Imports.SingleAsync(i => i.Id == id, ct);
        var tries = 1 + (job.Failure is null ? 0 : JsonSerializer.Deserialize<ImportFailure>(job.Failure, Json.Plain)!.Tries);
        if (tries >= MaxTries)
        {
            await End(id, j => Fail(j, refusal, 0, 0, tries), ct);
            return;
        }
        // Another node, which had the lease meanwhile, was first.
        if (job.FinishedAt is not null)
            return;
        // How often it broke off stands in the reason: no node may forget it, and nobody else asks.
        job.Failure = JsonSerializer.Serialize(new ImportFailure(refusal.Code, refusal.English, refusal.Chinese, 0, 0, tries), Json.Plain);
        (job.LeaseUntil, job.Version) = (clocks.Now + Lease, job.Version + 1);
        await db.SaveChangesAsync(ct);
    }

    private static void Fail(ImportJob job, Refusal why, long line, int column, int tries = 0)
    {
        job.State = ImportState.Failed;
        job.Failure = JsonSerializer.Serialize(new ImportFailure(why.Code, why.English, why.Chinese, line, column, tries), Json.Plain);
    }

    /// <summary>The job's end, in one transaction with the removal of its file; then the file's keys are destroyed.</summary>
    private async Task End(Guid id, Action<ImportJob> change, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        var job = await db.Imports.SingleAsync(i => i.Id == id, ct);
        // Another node, which had the lease meanwhile, was first.
        if (job.FinishedAt is not null)
            return;
        change(job);
        (job.FinishedAt, job.LeaseUntil, job.Version) = (clocks.Now, null, job.Version + 1);
        foreach (var number in await db.ImportChunks.AsNoTracking().Where(c => c.ImportId == id).Select(c => c.Number).ToListAsync(ct))
            db.ImportChunks.Remove(new ImportChunk { ImportId = id, Number = number, Sealed = [] });
        await db.SaveChangesAsync(ct);
        if (job.Subject is { } subject)
            await ForgetKeys(db, [subject], ct);
    }

    /// <summary>Destroys the keys of files that are gone, and then forgets that there were any: what is cut off in between is repeated.</summary>
    private async Task ForgetKeys(AppDb db, List<long> subjects, CancellationToken ct)
    {
        if (subjects.Count == 0)
            return;
        await storage.Keys.Destroy([.. subjects.Select(s => (s, DataClass.Profile))], clocks.Now, ct);
        await db.Write(token => db.Imports.Where(i => i.Subject != null && subjects.Contains(i.Subject.Value)).ExecuteUpdateAsync(s => s.SetProperty(i => i.Subject, (long?)null), token), ct);
    }

    private async Task Change(Guid id, Action<ImportJob> change, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        var job = await db.Imports.SingleAsync(i => i.Id == id, ct);
        change(job);
        job.Version++;
        await db.SaveChangesAsync(ct);
    }
}
