using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Batches;

/// <summary>How far one's own batch is, and what became of each case: those refused first, a page at a time.</summary>
public sealed class ShowBatch(AppDb db) : UseCase<ShowBatch.Request, ShowBatch.View>(db)
{
    public const int PageSize = 50;

    /// <param name="State">Only cases of this result.</param>
    /// <param name="After">Position of the last case of the page before.</param>
    public sealed record Request(Guid Id, BatchItemState? State = null, int After = 0);

    public sealed record View(Batch Batch, IReadOnlyList<Item> Items, int? Next);

    public sealed record Item(int Position, Guid CaseId, string Number, BatchItemState State, string? Code, string? English, string? Chinese);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == request.Id && b.By == call.Actor.Id, ct) is not { } batch)
            return CommonRefusals.NotFound;
        var items = Db.BatchItems.AsNoTracking().Where(i => i.BatchId == batch.Id && i.Position > request.After);
        if (request.State is { } state)
            items = items.Where(i => i.State == state);
        var rows = await items.OrderBy(i => i.Position).Take(PageSize + 1)
            .Join(Db.Cases.AsNoTracking(), i => i.CaseId, c => c.Id, (i, c) => new Item(i.Position, i.CaseId, c.Number, i.State, i.Code, i.English, i.Chinese)).ToListAsync(ct);
        rows.Sort((a, b) => a.Position.CompareTo(b.Position));
        return new View(batch, rows.Count > PageSize ? rows[..PageSize] : rows, rows.Count > PageSize ? rows[PageSize - 1].Position : null);
    }
}
