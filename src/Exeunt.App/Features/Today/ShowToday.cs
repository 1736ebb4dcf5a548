using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Today;

/// <summary>What one person's day holds.</summary>
/// <param name="Cases">What cases wait for from them.</param>
/// <param name="Items">What other nouns have for them; on the first page only, those without a date last.</param>
public sealed record TodayView(DateOnly On, Inbox.Page Cases, IReadOnlyList<TodayItem> Items);

/// <summary>Collects what waits for the person who looks: from the cases' own list of waits, and from every feature.</summary>
internal sealed class ShowToday(AppDb db, Inbox inbox, IEnumerable<ITodaySource> sources) : UseCase<Inbox.Question, TodayView>(db)
{
    public override Permission Needs => Permission.Staff;

    protected override async Task<Outcome<TodayView>> Handle(Call call, Inbox.Question request, CancellationToken ct)
    {
        var cases = await inbox.For(call, request, ct);
        var items = new List<TodayItem>();
        // One after the other: they share the request's database context.
        if (request is { After: null, Scope: InboxScope.ForMe, Urgency: null })
            foreach (var source in sources)
                items.AddRange(await source.For(call, ct));
        if (cases.Lines.Count > 0)
        {
            Db.Audit(call, "today.viewed", "cases", new { rows = cases.Lines.Count });
            // A read keeps no answer under an idempotency key: it holds masked names.
            await Db.SaveChangesAsync(ct);
        }
        return new TodayView(call.Today(Clocks.CompanyZone), cases, [.. items.OrderBy(i => i.Due ?? DateOnly.MaxValue)]);
    }
}
