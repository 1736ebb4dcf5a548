using Exeunt.App.Data;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// What is due beside a case's own steps: offers above a limit, what an accepted offer promised, copies to be erased elsewhere. Everything else is
/// in the inbox.
/// </summary>
public sealed class CasesToday(AppDb db, CaseDesk desk) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        var t = Texts.In(call.Language);
        var items = new List<TodayItem>();
        if (call.Actor.Allows(Permission.ApproveOffers))
            items.AddRange(await OfferApprovals(call, t, ct));
        if (call.Actor.Allows(Permission.CarryOutWork))
            items.AddRange(await Fulfilment(call, t, ct));
        return items;
    }

    /// <summary>What was promised with an accepted offer, and copies to be erased or corrected elsewhere; the case is closed, or there is none, and nothing waits for it.</summary>
    private async Task<IEnumerable<TodayItem>> Fulfilment(Call call, Texts t, CancellationToken ct)
    {
        var orders = await (await ListedWork.Of(db, desk, call, ct)).Where(w => w.Order.DoneAt == null && w.Order.Step == null && (w.Order.CaseId == null || w.State == CaseState.Closed))
            .OrderBy(w => w.Order.DueOn).ThenBy(w => w.CaseNumber).ThenBy(w => w.Order.Id).Take(Max).ToListAsync(ct);
        return orders.Select(w => new TodayItem(t["desk.today.work", w.Number, w.Order.Words(t)], w.Link, w.Order.DueOn, TodayKind.Waiting));
    }

    private async Task<IEnumerable<TodayItem>> OfferApprovals(Call call, Texts t, CancellationToken ct)
    {
        var waiting = await desk.Visible(call, Permission.ApproveOffers).Where(c => c.State != CaseState.Closed)
            .Join(db.Offers.AsNoTracking().Where(o => o.Approval == Offers.OfferApproval.Waiting && o.ExpiredAt == null), c => c.Id, o => o.CaseId, (c, o) => new { c.Id, c.Number, c.UnitId, Offer = o })
            .OrderBy(o => o.Offer.AnswerBy).ThenBy(o => o.Number).Take(2 * Max).ToListAsync(ct);
        var units = waiting.Select(w => w.UnitId).Distinct().ToList();
        var paths = await db.Units.AsNoTracking().Where(u => units.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        return waiting.Where(w => Offers.DecideOffer.WhyNot(w.Offer, call.Actor, w.UnitId is { } unit ? paths[unit] : "") is null).Take(Max)
            .Select(w => new TodayItem(t["desk.today.offer-approval", w.Number, Amounts.Text(new Money(w.Offer.Cost, w.Offer.Currency))], $"/cases/{w.Id}#next", w.Offer.AnswerBy, TodayKind.Approvals));
    }
}
