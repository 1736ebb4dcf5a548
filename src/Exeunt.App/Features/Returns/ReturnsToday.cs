using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>Refunds whose time runs, the most urgent first: due, close to stalling, stalling. Parcels to inspect are in the inbox by themselves.</summary>
public sealed class ReturnsToday(AppDb db, CaseDesk desk) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.CarryOutWork) && !call.Actor.Allows(Permission.HandleMoney))
            return [];
        var t = Texts.In(call.Language);
        // Not settled; or settled, and the bank has not done it.
        var due = await db.Returns.AsNoTracking().IgnoreAutoIncludes().Where(r => r.RefundBy != null)
            .Join(desk.Visible(call, Permission.ViewCases).Where(c => c.State != CaseState.Closed), r => r.CaseId, c => c.Id, (r, c) => new { Row = r, c.Number, c.Zone })
            .Where(r => r.Row.SettledAt == null || db.PaymentOrders.Any(o => o.CaseId == r.Row.CaseId && o.Purpose == Settlements.PaymentPurpose.Return && o.Direction == Settlements.PaymentDirection.Refund && o.State == Settlements.PaymentState.Ordered))
            .OrderBy(r => r.Row.RefundBy).ThenBy(r => r.Number).Take(Max).ToListAsync(ct);
        return [.. due.Select(r => new TodayItem(t["return.today." + Urgency(r.Row, call.Today(r.Zone ?? Clocks.CompanyZone)), r.Number], $"/cases/{r.Row.CaseId}#return", r.Row.RefundBy, TodayKind.Waiting))];
    }

    /// <summary>"due", "late" past its last day, "red" from day ten, "stalling" after day fifteen.</summary>
    public static string Urgency(Return row, DateOnly today) => Urgency(row.RefundBy, row.RedOn, row.StallsAfter, today);

    public static string Urgency(DateOnly? refundBy, DateOnly? redOn, DateOnly? stallsAfter, DateOnly today) =>
        today > stallsAfter ? "stalling" : today >= redOn ? "red" : today > refundBy ? "late" : "due";
}
