using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Batches;

/// <summary>Says beforehand what a batch would do to how many cases, and which cannot and why.</summary>
public sealed class PreviewBatch(AppDb db, CaseDesk desk, BatchCases chosen, StaffDirectory staff) : UseCase<BatchChoice, PreviewBatch.View>(db)
{
    public const int MaxShown = 50;

    /// <param name="Total">Cases meant.</param>
    /// <param name="Can">Of these, how many it would be done to as they are now.</param>
    public sealed record View(BatchAction Action, string? Argument, int Total, int Can, IReadOnlyList<Cannot> CannotBe);

    /// <param name="Count">Cases refused for this reason; <paramref name="Numbers"/> names the first of them.</param>
    public sealed record Cannot(string Code, string English, string Chinese, int Count, IReadOnlyList<string> Numbers);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, BatchChoice request, CancellationToken ct)
    {
        var cases = await chosen.Of(request, call, ct);
        if (cases.Refusal is { } no)
            return no;
        var (total, can, reasons) = (cases.Value.Count, 0, new Dictionary<string, (Refusal Why, List<string> Numbers, int Count)>());
        var to = request.Action == BatchAction.Assign ? await staff.ActorOf(Guid.Parse(request.Argument!), ct) : null;
        var paths = await Db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        foreach (var chunk in cases.Value.Chunk(500))
        {
            var ids = chunk.ToList();
            foreach (var exit in await Db.Cases.AsNoTracking().Where(c => ids.Contains(c.Id)).OrderBy(c => c.Number).ToListAsync(ct))
            {
                if (BatchActions.WhyNot(request.Action, request.Argument, to, desk.Ready(exit, call), exit.UnitId is { } unit ? paths.GetValueOrDefault(unit) : null, call) is not { } why)
                {
                    can++;
                    continue;
                }
                var (_, numbers, count) = reasons.GetValueOrDefault(why.Code, (why, [], 0));
                if (numbers.Count < MaxShown)
                    numbers.Add(exit.Number);
                reasons[why.Code] = (why, numbers, count + 1);
            }
        }
        return new View(request.Action, request.Argument, total, can,
            [.. reasons.Values.OrderByDescending(r => r.Count).Select(r => new Cannot(r.Why.Code, r.Why.English, r.Why.Chinese, r.Count, r.Numbers))]);
    }
}
