using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>What money puts on somebody's day: lines to decide, bank files with open lines, payments the bank says nothing of, overdue instalments.</summary>
public sealed class MoneyToday(AppDb db, CaseDesk desk) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        var t = Texts.In(call.Language);
        var items = new List<TodayItem>();
        if (call.Actor.Allows(Permission.DecideLines))
        {
            var lines = await ListMoney.OpenLines(db, desk.Visible(call, Permission.DecideLines)).Where(l => l.Line.AddedBy != call.Actor.Id).OrderBy(l => l.Line.AddedAt).Take(Max).ToListAsync(ct);
            items.AddRange(lines.Select(l => new TodayItem(
                t[l.Line.State == CaseLineState.Contested ? "money.today.contested" : "money.today.waiver", l.Number, t.Pick(l.Line.LabelEnglish, l.Line.LabelChinese), Amounts.Text(l.Line.Value)],
                $"/cases/{l.Line.CaseId}#lines", null, TodayKind.Approvals)));
        }
        if (!call.Actor.Allows(Permission.HandleMoney))
            return items;
        if (await HeldPayments.Find(db, ct) is not null)
            items.Add(new TodayItem(t["money.today.held"], "/money#held", null, TodayKind.Waiting));
        var files = await db.BankFiles.AsNoTracking().Where(f => f.State == BankFileState.Open).OrderBy(f => f.ReadAt).Take(Max)
            .Select(f => new { f.Id, f.Name, Open = db.BankLines.Count(l => l.FileId == f.Id && l.State == BankLineState.Open) }).ToListAsync(ct);
        items.AddRange(files.Select(f => new TodayItem(t[f.Open == 0 ? "money.today.file-ready" : "money.today.file", f.Name, f.Open], $"/money/files/{f.Id}", null, TodayKind.Waiting)));
        var proposed = await db.PaymentOrders.AsNoTracking().Where(o => o.State == PaymentState.Proposed)
            .Join(desk.Visible(call, Permission.HandleMoney), o => o.CaseId, c => c.Id, (o, c) => new { o.Amount, o.Currency, o.OrderedAt, c.Id, c.Number }).OrderBy(o => o.OrderedAt).Take(Max).ToListAsync(ct);
        items.AddRange(proposed.Select(o => new TodayItem(t["money.today.release", o.Number, Amounts.Text(new Money(o.Amount, o.Currency))], $"/cases/{o.Id}#payment", null, TodayKind.Approvals)));
        var unknown = await db.PaymentOrders.AsNoTracking().Where(o => o.State == PaymentState.Unknown)
            .Join(desk.Visible(call, Permission.HandleMoney), o => o.CaseId, c => c.Id, (o, c) => new { o.Amount, o.Currency, o.OrderedAt, c.Id, c.Number }).OrderBy(o => o.OrderedAt).Take(Max).ToListAsync(ct);
        items.AddRange(unknown.Select(o => new TodayItem(t["money.today.unknown", o.Number, Amounts.Text(new Money(o.Amount, o.Currency))], $"/cases/{o.Id}#payment", null, TodayKind.Waiting)));
        var overdue = await ListMoney.OverdueInstalments(db, desk.Visible(call, Permission.HandleMoney), call.Today(Clocks.CompanyZone)).OrderBy(r => r.DueOn).Take(Max).ToListAsync(ct);
        items.AddRange(overdue.Select(r => new TodayItem(t["money.today.overdue", r.Number, Amounts.Text(new Money(r.Open, r.Currency))], $"/cases/{r.CaseId}#payment", r.DueOn, TodayKind.Waiting)));
        return items;
    }
}
