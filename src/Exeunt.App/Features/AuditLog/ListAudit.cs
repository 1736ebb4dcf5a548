using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.AuditLog;

/// <summary>Entries of the audit log, newest first, by verb, target and actor; with the newest head and the last check.</summary>
public sealed class ListAudit(AppDb db, StaffDirectory staff) : UseCase<ListAudit.Request, ListAudit.Page>(db)
{
    public const int PageSize = 50;

    /// <param name="Verb">How the verb begins ("case.", "erasure.recorded"). Entries that tell of heads (<see cref="HeadChain"/>) are listed when they are asked for.</param>
    /// <param name="Target">How the target begins ("case:0198…").</param>
    /// <param name="Actor">The actor's id.</param>
    /// <param name="Before">Id of the last row of the page before.</param>
    public sealed record Request(string Verb, string Target, string Actor, long? Before);

    public sealed record Page(
        IReadOnlyList<AuditRow> Rows, long? Next, IReadOnlyDictionary<string, string> Names, TreeHeadRow? Head, AuditRow? LastCheck);

    public override Permission Needs => Permission.ViewAudit;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var query = Db.AuditLog.AsNoTracking();
        if (request.Verb.Length > 0)
            query = query.Where(r => r.Verb.StartsWith(request.Verb));
        if (request.Target.Length > 0)
            query = query.Where(r => r.Target.StartsWith(request.Target));
        if (request.Verb.Length + request.Target.Length == 0)
            query = query.Where(r => r.Verb != HeadChain.Verb);
        if (request.Actor.Length > 0)
            query = query.Where(r => r.Actor == request.Actor);
        if (request.Before is { } before)
            query = query.Where(r => r.Id < before);
        var rows = await query.OrderByDescending(r => r.Id).Take(PageSize + 1).ToListAsync(ct);
        var names = await staff.Names(rows.Select(r => r.Actor), ct);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null, names,
            await Db.TreeHeads.AsNoTracking().OrderByDescending(h => h.Size).FirstOrDefaultAsync(ct), await LastCheck(Db, ct));
    }

    /// <summary>The entry of the last check of the log; null before the first.</summary>
    public static Task<AuditRow?> LastCheck(AppDb db, CancellationToken ct) =>
        db.AuditLog.AsNoTracking().Where(r => r.Target == CheckAuditLog.Target && r.Verb == CheckAuditLog.Verb).OrderByDescending(r => r.Id).FirstOrDefaultAsync(ct);
}
