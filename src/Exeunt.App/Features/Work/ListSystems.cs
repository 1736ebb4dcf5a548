using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>The connected systems, without their secrets.</summary>
public sealed class ListSystems(AppDb db) : UseCase<ListSystems.Request, ListSystems.Page>(db)
{
    public const int Max = 200;

    public sealed record Request;

    /// <param name="Waiting">Orders sent, or to be sent, that are not confirmed.</param>
    public sealed record Row(string Name, string Url, bool IsActive, DateTimeOffset ChangedAt, int Waiting);

    public sealed record Page(IReadOnlyList<Row> Systems);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var open = await Db.WorkOrders.AsNoTracking().Where(w => w.DoneAt == null && w.System != null).GroupBy(w => w.System!).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return new Page([.. (await Db.Set<ConnectedSystem>().AsNoTracking().OrderBy(s => s.Name).Take(Max).ToListAsync(ct)).Select(s => new Row(s.Name, s.Url, s.IsActive, s.ChangedAt, open.GetValueOrDefault(s.Name)))]);
    }
}
