using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>One bank file with its progress, its control sums and its lines, those to be resolved first; fifty a page.</summary>
public sealed class ShowBankFile(AppDb db, Vault vault, StaffDirectory staff) : UseCase<ShowBankFile.Request, ShowBankFile.View>(db)
{
    public const int PageSize = 50;
    private const int Guesses = 3;

    /// <param name="Sha256">Instead of the id: the hash of the file.</param>
    /// <param name="After">Last line of the page before.</param>
    public sealed record Request(Guid? FileId, string? Sha256 = null, bool OnlyOpen = false, int After = 0);

    /// <summary>Money in and out of the lines this file brought, and of them what is still to be resolved, per currency, in minor units.</summary>
    public sealed record Sum(string Currency, long In, long Out, long Open);

    /// <summary>What an order is called on the page.</summary>
    public sealed record Fit(Guid OrderId, Guid CaseId, string Number, string Reference, Money Amount);

    /// <param name="Fits">Orders of just this amount that are open: what it probably is.</param>
    public sealed record Row(BankLine Line, string? Words, Fit? Order, IReadOnlyList<Fit> Fits);

    public sealed record View(
        BankFile File, IReadOnlyDictionary<BankLineState, int> Counts, IReadOnlyList<Sum> Sums, IReadOnlyList<Row> Rows, int? Next, IReadOnlyDictionary<string, string> Names);

    public override Permission Needs => Permission.ViewMoney;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var file = await Db.BankFiles.AsNoTracking().SingleOrDefaultAsync(f => request.FileId == null ? f.Sha256 == request.Sha256 : f.Id == request.FileId, ct);
        if (file is null)
            return CommonRefusals.NotFound;
        var all = Db.BankLines.AsNoTracking().Where(l => l.FileId == file.Id);
        var counts = await all.GroupBy(l => l.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var sums = await all.GroupBy(l => l.Currency).Select(g => new Sum(
            g.Key, g.Sum(l => l.Amount > 0 ? l.Amount : 0L), g.Sum(l => l.Amount < 0 ? -l.Amount : 0L), g.Sum(l => l.State == BankLineState.Open ? l.Amount : 0L))).ToListAsync(ct);
        var lines = await all.Where(l => l.Number > request.After && (!request.OnlyOpen || l.State == BankLineState.Open)).OrderBy(l => l.Number).Take(PageSize + 1).ToListAsync(ct);
        var shown = lines.Take(PageSize).ToList();
        var names = await staff.Names(shown.Select(l => l.ResolvedBy ?? "").Append(file.ReadBy).Append(file.ClosedBy ?? ""), ct);
        return new View(file, counts, [.. sums.OrderBy(s => s.Currency, StringComparer.Ordinal)], await Rows(shown, file, ct), lines.Count > PageSize ? shown[^1].Number : null, names);
    }

    private async Task<IReadOnlyList<Row>> Rows(List<BankLine> lines, BankFile file, CancellationToken ct)
    {
        var ids = lines.Select(l => l.OrderId).OfType<Guid>().ToList();
        var amounts = file.State == BankFileState.Open ? lines.Where(l => l.State == BankLineState.Open).Select(l => Math.Abs(l.Amount)).Distinct().ToList() : [];
        var orders = await Db.PaymentOrders.AsNoTracking().Where(o => ids.Contains(o.Id) || (amounts.Contains(o.Amount - o.Matched) && o.Matched < o.Amount))
            .OrderBy(o => o.OrderedAt).Take(500).Join(Db.Cases.AsNoTracking(), o => o.CaseId, c => c.Id, (o, c) => new { Order = o, c.Number }).ToListAsync(ct);
        var fits = orders.ToDictionary(o => o.Order.Id, o => new Fit(o.Order.Id, o.Order.CaseId, o.Number, o.Order.Reference, o.Order.Value));
        var rows = new List<Row>();
        foreach (var line in lines)
        {
            var words = line.Words is null ? null : await vault.Open<string>(BankLine.WordsSubject, DataClass.Legal, BankLine.Place, line.Row, line.Words, ct);
            var probable = line.State != BankLineState.Open ? [] : orders.Where(o => o.Order.Currency == line.Currency && o.Order.Open.Minor == Math.Abs(line.Amount)
                && o.Order.Direction == PaymentDirection.Refund == line.Amount < 0).Take(Guesses).Select(o => fits[o.Order.Id]).ToList();
            rows.Add(new Row(line, words, line.OrderId is { } id ? fits.GetValueOrDefault(id) : null, probable));
        }
        return rows;
    }
}
