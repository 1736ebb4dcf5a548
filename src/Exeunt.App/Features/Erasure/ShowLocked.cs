using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>That a customer is locked, until when and why, and which papers <see cref="OpenLocked"/> opens, also those of no case. Nothing is opened by this.</summary>
public sealed class ShowLocked(AppDb db, Locks locks) : UseCase<ShowLocked.Request, ShowLocked.View>(db)
{
    private const int MaxPapers = 500;

    public sealed record Request(long CustomerId);

    public sealed record View(long CustomerId, DateOnly? Until, string Basis, IReadOnlyList<Paper> Papers);

    /// <param name="CaseId">Null: it belongs to no case.</param>
    public sealed record Paper(Guid Id, DocumentKind Kind, string FileName, DateTimeOffset At, Guid? CaseId);

    public override Permission Needs => Permission.OpenLockedData;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var id = request.CustomerId;
        if (!await VisibleUnits.HaveCustomer(Db, call.Actor, Needs, id, ct))
            return CommonRefusals.NotFound;
        if (await locks.Of(id, ct) is not { } locked)
            return ErasureRefusals.NotLocked;
        var papers = await Db.Documents.AsNoTracking().Where(d => d.Subject == id && d.Kind != DocumentKind.Archive).OrderByDescending(d => d.At).ThenBy(d => d.Id).Take(MaxPapers)
            .Select(d => new Paper(d.Id, d.Kind, d.FileName, d.At, d.CaseId)).ToListAsync(ct);
        return new View(id, locked.Until, locked.Basis.In(call.Language), papers);
    }
}
