using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Today;

/// <summary>What one person's day holds; items without a date come last.</summary>
public sealed record TodayView(DateOnly On, IReadOnlyList<TodayItem> Items);

/// <summary>Collects from every feature what waits for the person who looks.</summary>
internal sealed class ShowToday(AppDb db, IEnumerable<ITodaySource> sources) : UseCase<Done, TodayView>(db)
{
    public override Permission Needs => Permission.Staff;

    protected override async Task<Outcome<TodayView>> Handle(Call call, Done request, CancellationToken ct)
    {
        var items = new List<TodayItem>();
        // One after the other: they share the request's database context.
        foreach (var source in sources)
            items.AddRange(await source.For(call, ct));
        return new TodayView(call.Today(Clocks.CompanyZone), [.. items.OrderBy(i => i.Due ?? DateOnly.MaxValue)]);
    }
}
