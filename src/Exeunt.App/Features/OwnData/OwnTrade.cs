using System.Runtime.CompilerServices;
using Exeunt.App.Data;
using Exeunt.App.Features.LateCharges;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>What a customer ordered, returned and was charged: orders of articles with their lines, returns, and the history that sources told.</summary>
public sealed class OwnTrade(AppDb db, Vault vault)
{
    public const int MaxOrders = 2_000;
    public const int MaxFacts = GatherOwnData.MaxFacts;
    private const int PageSize = 5_000;

    internal async Task<OwnDataFile> Add(OwnDataFile file, OwnScope scope, CancellationToken ct)
    {
        var (id, ids) = (scope.Customer.Id, scope.Ids);
        var orders = await scope.Read(db.Orders.AsNoTracking().Include(o => o.Lines).Include(o => o.Payments).AsSplitQuery().Where(o => o.CustomerId == id).OrderByDescending(o => o.OrderedOn).ThenBy(o => o.Id), MaxOrders, ct, "own-data.orders");
        var shown = new List<OwnOrder>();
        foreach (var order in orders)
            shown.Add(await Of(order, scope, ct));
        var numbers = shown.ToDictionary(o => o.Id, o => o.Number);
        var returns = await db.Returns.AsNoTracking().Where(r => ids.Contains(r.CaseId)).OrderBy(r => r.DeclaredOn).ThenBy(r => r.CaseId).ToListAsync(ct);
        var charges = await scope.Read(db.Set<LateCharge>().AsNoTracking().Where(c => c.CustomerId == id).OrderBy(c => c.On).ThenBy(c => c.Id), 1_000, ct);
        return file with
        {
            Orders = shown,
            Returns = [.. returns.Select(r => Of(r, numbers.GetValueOrDefault(r.OrderId), scope))],
            LateCharges = [.. charges.Select(c => new OwnLateCharge(scope.Number(c.CaseId), c.On, OwnAmount.Of(c.Amount, c.Currency), c.FoundAt, $"{c.State}", scope.Said(c.TextId), c.DecidedAt))],
        };
    }

    private async Task<OwnOrder> Of(Order order, OwnScope scope, CancellationToken ct)
    {
        OwnAmount Amount(long minor) => OwnAmount.Of(minor, order.Currency);
        var payments = new List<OwnOrderPayment>();
        foreach (var p in order.Payments.OrderBy(p => p.Number))
        {
            var reference = await vault.Open<string>(order.CustomerId, DataClass.Payout, OrderPayment.Place, p.Row, p.Reference, ct);
            payments.Add(new OwnOrderPayment(p.Number, $"{p.Means}", Amount(p.Amount), p.PaidOn, Amount(p.Refunded), GatherOwnData.Ends(reference)));
        }
        return new OwnOrder(
            order.Id, await vault.Open<string>(order.CustomerId, DataClass.Case, OrderTable.NumberPlace, order.Row, order.Number, ct), order.OrderedOn, order.Zone, order.Jurisdiction, $"{order.Party}", order.Distance, order.InformedOn,
            order.FreeReturns, Amount(order.Discount), Amount(order.Freight), order.InvoiceNumber,
            [.. order.Lines.OrderBy(l => l.Number).Select(l => new OwnOrderLine(
                l.Number, l.Product, l.Name.In(scope.T.Language), $"{l.Kind}", l.Quantity, Amount(l.UnitPrice), Amount(l.Paid), Amount(l.FreightShare), l.TaxRate, l.ShippedOn, l.DeliveredOn, l.Claimed, l.Refunded, l.ExchangedFor))],
            payments);
    }

    private static OwnReturn Of(Returns.Return row, string? order, OwnScope scope)
    {
        OwnAmount Amount(long minor) => OwnAmount.Of(minor, row.Currency);
        return new OwnReturn(
            scope.Number(row.CaseId), order, $"{row.Wish}", row.DeclaredOn, row.SentOn, row.ReceivedOn, row.RefundBy, Amount(row.Goods), Amount(row.Freight), Amount(row.Deducted), Amount(row.Exchanged), Amount(row.Total),
            row.ExchangeProduct, row.SettledAt, row.ConfirmBy, row.CreditNote,
            [.. row.Lines.OrderBy(l => l.Line).Select(l => new OwnReturnLine(
                l.Line, l.Quantity, $"{l.Reason}", scope.Said(l.TextId), $"{l.Basis}", l.Rule, l.LastDay, $"{l.ReturnFreight}", l.Accepted, l.Rejected, l.Condition?.ToString(), l.Ground?.ToString(), scope.Said(l.FindingId), l.Fate?.ToString(),
                l.FateOn, l.DeductedShare, Amount(l.Goods), Amount(l.Freight), Amount(l.Deducted)))]);
    }

    /// <summary>The history: months, documents, rows, corrections; each up to the most a file holds.</summary>
    internal async Task<OwnFacts> Facts(OwnScope scope, CancellationToken ct)
    {
        var (id, currency) = (scope.Customer.Id, scope.Customer.Currency);
        OwnAmount Amount(long minor) => OwnAmount.Of(minor, currency);
        var packed = await db.Activity.AsNoTracking().Where(a => a.CustomerId == id).Select(a => a.Months).SingleOrDefaultAsync(ct);
        var months = packed is null ? [] : Months(packed).ConvertAll(m => new OwnMonth($"{m.Month}", Amount(m.Ordered), Amount(m.Returned), Amount(m.Adjusted), m.Orders));
        var documents = await scope.Read(db.Facts.AsNoTracking().Where(f => f.CustomerId == id).GroupBy(f => new { f.On, f.Kind, f.Document })
                .Select(g => new { g.Key.On, g.Key.Kind, g.Key.Document, Amount = g.Sum(f => f.Amount), Lines = g.Count() })
                .OrderByDescending(d => d.On).ThenByDescending(d => d.Document), MaxFacts, ct, "own-data.facts");
        var lines = await scope.Read(Rows(db.Facts.AsNoTracking().Where(f => f.CustomerId == id).OrderByDescending(f => f.On).ThenBy(f => f.Document).ThenBy(f => f.Line)), MaxFacts, ct, "own-data.fact-lines");
        var products = await db.ActivityLines.AsNoTracking().Where(a => a.CustomerId == id).Join(db.ProductLines.AsNoTracking(), a => a.ProductLine, l => l.Id, (a, l) => new { l.Code, a.Months }).OrderBy(r => r.Code).ToListAsync(ct);
        var byProduct = products.SelectMany(p => Months(p.Months).Select(m => new OwnProductMonth(p.Code, $"{m.Month}", Amount(m.Ordered), Amount(m.Returned), Amount(m.Adjusted), m.Orders))).Take(MaxFacts + 1).ToList();
        var corrections = await scope.Read(db.FactCorrections.AsNoTracking().Where(c => c.CustomerId == id).OrderBy(c => c.At).ThenBy(c => c.Document), MaxFacts, ct, "own-data.corrections");
        return new OwnFacts(months, [.. documents.Select(f => Fact.IsMoney(f.Kind) ? new OwnFact(f.On, $"{f.Kind}", Amount(f.Amount), f.Lines) : new OwnFact(f.On, $"{f.Kind}", null, f.Lines, f.Amount))])
        {
            Lines = [.. lines.Select(l => Of(l, currency))],
            ProductLines = scope.Cut(byProduct, MaxFacts, "own-data.product-months"),
            Corrections = [.. corrections.Select(c => new OwnCorrection(c.At, c.Removed, Amount(c.RemovedAmount)))],
        };
    }

    /// <summary>Every row of a customer's history, page by page in the order of its key, however many there are.</summary>
    internal async IAsyncEnumerable<OwnFactLine> Lines(long customer, string currency, [EnumeratorCancellation] CancellationToken ct)
    {
        var (document, line) = (long.MinValue, long.MinValue);
        while (true)
        {
            var (afterDocument, afterLine) = (document, line);
            var page = await Rows(db.Facts.AsNoTracking().Where(f => f.CustomerId == customer && (f.Document > afterDocument || (f.Document == afterDocument && f.Line > afterLine)))
                .OrderBy(f => f.Document).ThenBy(f => f.Line).Take(PageSize)).ToListAsync(ct);
            foreach (var row in page)
                yield return Of(row, currency);
            if (page.Count < PageSize)
                yield break;
            (document, line) = (page[^1].Document, page[^1].Line);
        }
    }

    private sealed record Row(long Document, long Line, DateOnly On, FactKind Kind, long Amount, long? Detail, string? ProductLine);

    private IQueryable<Row> Rows(IQueryable<Facts.FactRow> facts) =>
        facts.Select(f => new Row(f.Document, f.Line, f.On, f.Kind, f.Amount, f.Detail, db.ProductLines.Where(l => l.Id == f.ProductLine).Select(l => l.Code).FirstOrDefault()));

    /// <summary>What a row says of the customer; what it cost us is not among it.</summary>
    private static OwnFactLine Of(Row row, string currency)
    {
        DateOnly? Day(FactKind kind) => row.Kind == kind && row.Detail is { } day ? DateOnly.FromDayNumber((int)day) : null;
        return new OwnFactLine(
            row.On, $"{row.Kind}", Fact.IsMoney(row.Kind) ? OwnAmount.Of(row.Amount, currency) : null, Fact.IsMoney(row.Kind) ? null : row.Amount, row.ProductLine, Day(FactKind.Due),
            row.Kind == FactKind.Complaint ? $"{(ComplaintVerdict)(row.Detail ?? 0)}" : null, row.Kind == FactKind.Promise ? row.Detail == 1 : null, Day(FactKind.Rating));
    }

    private static List<ActivityMonth> Months(byte[] packed)
    {
        var months = new List<ActivityMonth>();
        foreach (var month in new ActivityMonths(packed))
            months.Add(month);
        return months;
    }
}
