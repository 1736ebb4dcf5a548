using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.LateCharges;

/// <summary>What was charged after the end and waits for a decision, oldest first; and what was decided last.</summary>
public sealed class ListLateCharges(AppDb db, CaseDesk desk) : UseCase<ListLateCharges.Request, ListLateCharges.Page>(db)
{
    public const int Max = 100;

    /// <param name="CaseId">Those of one case; null: all the caller may see.</param>
    public sealed record Request(Guid? CaseId = null);

    public sealed record Row(Guid Id, Guid CaseId, string Number, DateOnly On, Money Amount, LateChargeState State, DateTimeOffset FoundAt, string? Reference);

    public sealed record Page(IReadOnlyList<Row> Open, int More, IReadOnlyList<Row> Decided);

    public override Permission Needs => Permission.ViewMoney;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var all = Db.Set<LateCharge>().AsNoTracking().Join(desk.Visible(call, Needs), c => c.CaseId, c => c.Id, (c, exit) => new { Charge = c, exit.Number });
        if (request.CaseId is { } id)
            all = all.Where(c => c.Charge.CaseId == id);
        var open = await all.Where(c => c.Charge.State == LateChargeState.Found).OrderBy(c => c.Charge.On).ThenBy(c => c.Charge.Id).Take(Max).ToListAsync(ct);
        var count = await all.CountAsync(c => c.Charge.State == LateChargeState.Found, ct);
        var decided = await all.Where(c => c.Charge.State != LateChargeState.Found).OrderByDescending(c => c.Charge.DecidedAt).ThenBy(c => c.Charge.Id).Take(Max / 2).ToListAsync(ct);
        var orders = decided.Select(d => d.Charge.OrderId).OfType<Guid>().ToList();
        var references = await Db.PaymentOrders.AsNoTracking().Where(o => orders.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Reference, ct);
        Row Line(LateCharge c, string number) =>
            new(c.Id, c.CaseId, number, c.On, new Money(c.Amount, c.Currency), c.State, c.FoundAt, c.OrderId is { } order ? references.GetValueOrDefault(order) : null);
        return new Page([.. open.Select(c => Line(c.Charge, c.Number))], count - open.Count, [.. decided.Select(c => Line(c.Charge, c.Number))]);
    }
}
