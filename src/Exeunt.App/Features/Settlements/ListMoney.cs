using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// The company's money: settlements and lines that wait for a decision (the caller's own first), reconciliations, overdue instalments,
/// red letters, payment orders by case, and whether the ledger balances.
/// </summary>
public sealed class ListMoney(AppDb db, CaseDesk desk) : UseCase<ListMoney.Request, ListMoney.Page>(db)
{
    public const int PageSize = 50;
    private const int MaxApprovals = 200;
    private const int MaxRows = 20;

    /// <param name="Before">Serial of the last case of the page of orders before.</param>
    public sealed record Request(long? Before = null);

    /// <param name="Mine">The caller can give one of the missing approvals.</param>
    public sealed record Waiting(Guid CaseId, string Number, DateOnly? EndsOn, Money Total, IReadOnlyList<Role> Missing, bool Mine, string Zone);

    /// <summary>A waiver, goodwill or contested charge that waits for a decision.</summary>
    public sealed record LineRow(Guid CaseId, string Number, Words Label, CaseLineState State, Money Amount, bool Own);

    public sealed record OrderRow(PaymentOrder Order, string Number, long Serial);

    /// <param name="Open">Lines still to be resolved.</param>
    public sealed record FileRow(BankFile File, int Open);

    /// <param name="Since">Due date of the oldest overdue instalment.</param>
    public sealed record OverdueRow(Guid CaseId, string Number, DateOnly Since, Money Amount, bool Demanded);

    public sealed record RedLetterRow(Guid CaseId, string Number, string Code, Money Net, Money Vat);

    /// <summary>A currency's ledger, minor units: what came in and went out at the bank, what lies in suspense, what customers paid too much, and the sum of all, which is 0.</summary>
    public sealed record Balance(string Currency, long In, long Out, long Suspense, long Credit, long Sum);

    /// <param name="Unbalanced">Entries whose sides do not sum to 0: none, or the ledger is broken.</param>
    public sealed record Ledger(IReadOnlyList<Balance> Balances, int Unbalanced);

    public sealed record Page(
        IReadOnlyList<Waiting> Approvals, IReadOnlyList<LineRow> Lines, IReadOnlyList<FileRow> Files, IReadOnlyList<OverdueRow> Overdue, IReadOnlyList<RedLetterRow> RedLetters,
        IReadOnlyList<OrderRow> Orders, long? Next, Ledger Ledger, HeldPayments? Held);

    public override Permission Needs => Permission.ViewMoney;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var visible = desk.Visible(call, Needs);
        var orders = visible.Join(Db.CaseIndex.AsNoTracking(), c => c.Id, i => i.CaseId, (c, i) => new { c.Id, c.Number, i.Serial })
            .Join(Db.PaymentOrders.AsNoTracking(), c => c.Id, o => o.CaseId, (c, o) => new { Order = o, c.Number, c.Serial });
        if (request.Before is { } before)
            orders = orders.Where(o => o.Serial < before);
        var rows = await orders.OrderByDescending(o => o.Serial).ThenBy(o => o.Order.Purpose).ThenBy(o => o.Order.Number).Take(PageSize + 1).ToListAsync(ct);
        return new Page(
            await Approvals(visible, call, ct), await Lines(visible, call, ct), await Files(ct), await Overdue(visible, call, ct), await RedLetters(visible, ct),
            [.. rows.Take(PageSize).Select(r => new OrderRow(r.Order, r.Number, r.Serial))], rows.Count > PageSize ? rows[PageSize - 1].Serial : null, await LedgerOf(ct), await HeldPayments.Find(Db, ct));
    }

    private static async Task<List<Waiting>> Approvals(IQueryable<ExitCase> visible, Call call, CancellationToken ct)
    {
        var cases = await visible.Where(c => c.SettlementDigest != null && c.State != CaseState.Closed && (!c.Approvals.Contains("Finance") || !c.Approvals.Contains("Legal")))
            .OrderBy(c => c.EffectiveOn).ThenBy(c => c.Number).Take(MaxApprovals).ToListAsync(ct);
        return [.. cases.Where(c => c.IsActive(StepKind.Approve)).Select(c => WaitingOf(c, call)).OrderByDescending(w => w.Mine)];
    }

    private static Waiting WaitingOf(ExitCase exit, Call call)
    {
        Role[] missing = [.. exit.Round(ApprovalSubject.Settlement)?.Missing.SelectMany(a => a.AnyOf).Distinct() ?? []];
        return new Waiting(exit.Id, exit.Number, exit.EffectiveOn, new Money(exit.SettlementTotal!.Value, exit.SettlementCurrency!), missing,
            missing.Any(r => call.Actor.Has(r) && exit.CannotApprove(ApprovalSubject.Settlement, r, call.Actor.Id) is null),
            exit.Zone ?? Clocks.CompanyZone);
    }

    private async Task<List<LineRow>> Lines(IQueryable<ExitCase> visible, Call call, CancellationToken ct)
    {
        var lines = await OpenLines(Db, visible).OrderBy(l => l.Line.AddedAt).Take(MaxRows).ToListAsync(ct);
        return [.. lines.Select(l => new LineRow(l.Line.CaseId, l.Number, new Words(l.Line.LabelEnglish, l.Line.LabelChinese), l.Line.State, l.Line.Value, l.Line.AddedBy == call.Actor.Id))];
    }

    /// <summary>Lines that wait for a decision, with the number of their case.</summary>
    internal static IQueryable<NumberedLine> OpenLines(AppDb db, IQueryable<ExitCase> visible) =>
        db.CaseLines.AsNoTracking()
            .Where(l => l.State == CaseLineState.Contested || (l.State == CaseLineState.Proposed && (l.Kind == CaseLineKind.Waiver || l.Kind == CaseLineKind.Goodwill)))
            .Join(visible.Where(c => c.State != CaseState.Closed), l => l.CaseId, c => c.Id, (l, c) => new NumberedLine { Line = l, Number = c.Number });

    internal sealed class NumberedLine
    {
        public required CaseLine Line { get; init; }
        public required string Number { get; init; }
    }

    private async Task<List<FileRow>> Files(CancellationToken ct)
    {
        var files = await Db.BankFiles.AsNoTracking().OrderByDescending(f => f.State == BankFileState.Open).ThenByDescending(f => f.ReadAt).Take(MaxRows).ToListAsync(ct);
        var ids = files.Select(f => f.Id).ToList();
        var open = await Db.BankLines.AsNoTracking().Where(l => ids.Contains(l.FileId) && l.State == BankLineState.Open).GroupBy(l => l.FileId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return [.. files.Select(f => new FileRow(f, open.GetValueOrDefault(f.Id)))];
    }

    private async Task<List<OverdueRow>> Overdue(IQueryable<ExitCase> visible, Call call, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        var rows = await OverdueInstalments(Db, visible, today).GroupBy(r => new { r.CaseId, r.Number, r.Currency, r.Demanded })
            .Select(g => new { g.Key.CaseId, g.Key.Number, g.Key.Currency, g.Key.Demanded, Since = g.Min(r => r.DueOn), Amount = g.Sum(r => r.Open) })
            .OrderBy(r => r.Since).Take(MaxRows).ToListAsync(ct);
        return [.. rows.Select(r => new OverdueRow(r.CaseId, r.Number, r.Since, new Money(r.Amount, r.Currency), r.Demanded))];
    }

    /// <summary>Instalments of running plans that are past their day and not paid.</summary>
    internal static IQueryable<OverdueInstalment> OverdueInstalments(AppDb db, IQueryable<ExitCase> visible, DateOnly today) =>
        from plan in db.Plans.AsNoTracking()
        where plan.State == PlanState.Running || plan.State == PlanState.Accelerated
        join row in db.PlanRows.AsNoTracking() on plan.Id equals row.PlanId
        where row.DueOn < today && row.Paid < row.Amount
        join c in visible on plan.CaseId equals c.Id
        select new OverdueInstalment { CaseId = c.Id, Number = c.Number, DueOn = row.DueOn, Open = row.Amount - row.Paid, Currency = plan.Currency, Demanded = plan.DemandedOn != null };

    internal sealed class OverdueInstalment
    {
        public required Guid CaseId { get; init; }
        public required string Number { get; init; }
        public required DateOnly DueOn { get; init; }
        public required long Open { get; init; }
        public required string Currency { get; init; }
        public required bool Demanded { get; init; }
    }

    private async Task<List<RedLetterRow>> RedLetters(IQueryable<ExitCase> visible, CancellationToken ct)
    {
        var rows = await Db.RedLetters.AsNoTracking().Where(r => r.State == RedLetterState.Needed).Join(visible, r => r.CaseId, c => c.Id, (r, c) => new { Letter = r, c.Number })
            .OrderBy(r => r.Number).ThenBy(r => r.Letter.Code).Take(MaxRows).ToListAsync(ct);
        return [.. rows.Select(r => new RedLetterRow(r.Letter.CaseId, r.Number, r.Letter.Code, new Money(r.Letter.Net, r.Letter.Currency), new Money(r.Letter.Vat, r.Letter.Currency)))];
    }

    private async Task<Ledger> LedgerOf(CancellationToken ct)
    {
        var balances = await Db.Postings.AsNoTracking().GroupBy(p => p.Currency).Select(g => new Balance(
            g.Key, g.Sum(p => p.Account == "bank" && p.Amount > 0 ? p.Amount : 0L), g.Sum(p => p.Account == "bank" && p.Amount < 0 ? -p.Amount : 0L),
            g.Sum(p => p.Account == "suspense" ? -p.Amount : 0L), g.Sum(p => p.Account == "customer-credit" ? -p.Amount : 0L), g.Sum(p => p.Amount))).ToListAsync(ct);
        var unbalanced = await Db.Postings.AsNoTracking().GroupBy(p => p.EntryId).Where(g => g.Sum(p => p.Amount) != 0).CountAsync(ct);
        return new Ledger([.. balances.OrderBy(b => b.Currency, StringComparer.Ordinal)], unbalanced);
    }
}
