using Exeunt.App.Data;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>What cases put on somebody's day: settlements to approve, cases to talk about or decide, work orders due.</summary>
public sealed class CasesToday(AppDb db, CaseDesk desk) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        var t = Texts.In(call.Language);
        var items = new List<TodayItem>();
        if (call.Actor.Allows(Permission.ApproveMoney) || call.Actor.Allows(Permission.ApproveLegal))
            items.AddRange(await Approvals(call, t, ct));
        if (call.Actor.Allows(Permission.HandleCases))
            items.AddRange(await Handling(call, t, ct));
        if (call.Actor.Allows(Permission.CarryOutWork))
            items.AddRange(await WorkDue(call, t, ct));
        return items;
    }

    private async Task<IEnumerable<TodayItem>> Approvals(Call call, Texts t, CancellationToken ct)
    {
        Role[] roles = [.. new[] { Role.Finance, Role.Legal }.Where(r => call.Actor.Allows(CaseSheet.PermissionOf(r)))];
        var cases = await desk.Visible(call, CaseSheet.PermissionOf(roles[0]))
            .Where(c => c.SettlementDigest != null && c.State != CaseState.Closed && (!c.Approvals.Contains("Finance") || !c.Approvals.Contains("Legal")))
            .OrderBy(c => c.EffectiveOn).ThenBy(c => c.Number).Take(4 * Max).ToListAsync(ct);
        return cases.Where(c => roles.Any(r => c.CannotApprove(ApprovalSubject.Settlement, r, call.Actor.Id) is null)).Take(Max).Select(c => new TodayItem(
            t["desk.today.approve", c.Number, Amounts.Text(new Money(Math.Abs(c.SettlementTotal!.Value), c.SettlementCurrency!)), t[c.SettlementTotal > 0 ? "desk.from-customer" : c.SettlementTotal < 0 ? "desk.to-customer" : "desk.nothing"]],
            Link(c.Id), c.EffectiveOn, TodayKind.Approvals));
    }

    /// <summary>Own cases, and those that nobody has taken, while a person is to do something in them.</summary>
    private async Task<IEnumerable<TodayItem>> Handling(Call call, Texts t, CancellationToken ct)
    {
        var cases = await desk.Visible(call, Permission.HandleCases)
            .Where(c => (c.AssignedTo == call.Actor.Id || c.AssignedTo == null) && c.CustomerId != null && c.State != CaseState.Closed && c.State != CaseState.WindingUp)
            .OrderBy(c => c.EffectiveOn).ThenBy(c => c.Number).Take(4 * Max).ToListAsync(ct);
        return cases.Select(c => (Case: c, Key: KeyOf(c))).Where(c => c.Key is not null).Take(Max)
            .Select(c => new TodayItem(t[c.Key!, c.Case.Number] + (c.Case.AssignedTo is null ? t["desk.today.nobodys"] : ""), Link(c.Case.Id), c.Case.EffectiveOn, TodayKind.Waiting));
    }

    private static string? KeyOf(ExitCase exit) =>
        exit.State == CaseState.Held ? "desk.today.held"
        : exit.IsActive(StepKind.Talk) ? "desk.today.talk"
        : exit.IsActive(StepKind.Offer) && exit.OpenOfferId is null ? "desk.today.offer"
        : null;

    private async Task<IEnumerable<TodayItem>> WorkDue(Call call, Texts t, CancellationToken ct)
    {
        var orders = await db.WorkOrders.AsNoTracking().Where(w => w.DoneAt == null)
            .Join(desk.Visible(call, Permission.CarryOutWork), w => w.CaseId, c => c.Id, (w, c) => new { Order = w, c.Id, c.Number })
            .OrderBy(w => w.Order.DueOn).ThenBy(w => w.Number).ThenBy(w => w.Order.Task).Take(Max).ToListAsync(ct);
        return orders.Select(w => new TodayItem(t["desk.today.work", w.Number, w.Order.Words(t)], Link(w.Id), w.Order.DueOn, TodayKind.Waiting));
    }

    private static string Link(Guid id) => $"/cases/{id}#next";
}
