using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Exeunt.Core.Returns;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>
/// Effect "step.settle-return": what was accepted is refunded on the payments it was paid with, or exchanged; double entry, stock and invoice follow in
/// the same transaction, and the customer is told the result with its amounts.
/// </summary>
public sealed class SettleReturnStep(AppDb db, CaseDesk desk, ReturnCases cases, ReturnPolicies policies, Papers papers, Letterhead letterhead, CaseLetters letters) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        if (await cases.FindOwn(effect.CaseId!.Value, call, ct) is not { } found)
            return EffectResult.Park("no-return");
        var (exit, row, order) = found;
        if (exit.StepOf(effect, StepKind.SettleReturn) is not { } step || exit.IsStopped(step))
            return EffectResult.Done;
        var amounts = row.Lines.OrderBy(l => l.Line).Select(l => (Line: l, Sold: order.Lines.Single(o => o.Number == l.Line), Amount: Reckon(order, l))).ToList();
        Money Of(long minor) => new(minor, order.Currency);
        var deducted = Of(amounts.Sum(a => a.Line.Deducted - a.Line.DeductedBefore));
        (row.Goods, row.Freight, row.Deducted) = (amounts.Sum(a => a.Amount.Goods.Minor), amounts.Sum(a => a.Amount.Freight.Minor), deducted.Minor);
        Allocating.Post(db, exit.Id, order.Currency, "return", ReturnEntry.Refund(amounts.Select(a => a.Amount), deducted), call);
        foreach (var (line, sold, _) in amounts)
            Stock(exit, row, order, line, sold, call);
        if (row.ExchangeProduct is not null && amounts.Sum(a => a.Line.Accepted!.Value) is > 0 and var pieces)
            await Exchange(exit, row, order, pieces, amounts[0].Line.Line, call, ct);
        OrderMoney(exit, row, order, call);
        if (order.InvoiceNumber is not null && row.Goods + row.Freight != 0)
            await CorrectInvoice(exit, row, order, amounts, call, ct);
        (row.SettledAt, row.ConfirmBy) = (call.Now, call.Today(order.Zone).AddDays((await policies.Current(ct)).ConfirmDays));
        row.Version++;
        order.Version++;
        var result = await Result(exit, row, order, amounts, call, ct);
        await letters.Mail(exit, call, "mail.return-result", [exit.Number, Texts.In(exit.Language).Date(row.ConfirmBy.Value)], [result], ct);
        db.Audit(call, "return.settled", $"case:{exit.Id:N}", new { row.Goods, row.Freight, row.Deducted, row.Exchanged, order.Currency });
        // Without the credit note's number: it is the invoice's, which goes one day, and events and log stay.
        exit.SettleReturn(step, row.Total, order.Currency);
        db.Enqueue(Effect.At(Clocks.StartOf(row.ConfirmBy.Value.AddDays(1), order.Zone), ResultUnanswered.Kind, $"{ResultUnanswered.Kind}|{exit.Id:N}", caseId: exit.Id));
        desk.Stage(exit, call);
        return EffectResult.Done;
    }

    /// <summary>Writes the amounts of a line and takes its pieces as refunded. What was never sent, or is kept by agreement, is accepted whole.</summary>
    private static ReturnedAmount Reckon(Order order, ReturnLine line)
    {
        line.Accepted ??= line.Quantity;
        line.Rejected ??= 0;
        var sold = order.Lines.Single(l => l.Number == line.Line);
        var amount = ReturnAmounts.Of(sold.Sold(order.Currency), sold.Refunded, line.Accepted.Value - line.AcceptedBefore, line.OutwardFreight);
        sold.Refunded += line.Accepted.Value - line.AcceptedBefore;
        line.Goods = line.GoodsBefore + amount.Goods.Minor;
        (line.GoodsVat, line.Freight, line.FreightVat) = (amount.GoodsVat.Minor, amount.Freight.Minor, amount.FreightVat.Minor);
        line.Deducted = line.DeductedShare is { } share ? ReturnAmounts.Deduction(new Money(line.Goods, order.Currency), Rate.Parse(share)).Minor : 0;
        return amount;
    }

    /// <summary>Back on the shelf, among the second-hand goods, or to be disposed of, by condition; what was never sent only stays.</summary>
    private void Stock(ExitCase exit, Return row, Order order, ReturnLine line, OrderLine sold, Call call)
    {
        var pieces = line.Accepted!.Value - line.AcceptedBefore;
        if (pieces == 0 || row.Wish == ReturnWish.RefundOnly || sold.Kind is GoodsKind.Service or GoodsKind.Digital)
            return;
        var part = sold.Kind is GoodsKind.Perishable or GoodsKind.Newspaper && row.Wish != ReturnWish.Cancel ? StockPart.Scrap : line.Condition switch
        {
            null or ReturnedCondition.AsNew when line.Basis != ReturnBasis.Fault => StockPart.Shelf,
            ReturnedCondition.Damaged => StockPart.Scrap,
            _ => line.Reason is ReturnReason.Defective or ReturnReason.DamagedOnTheWay ? StockPart.Scrap : StockPart.SecondHand,
        };
        Move(exit, order, sold.Product, part, pieces, row.Wish == ReturnWish.Cancel ? "not-sent" : "returned", sold.Number, call);
    }

    private void Move(ExitCase exit, Order order, string product, StockPart part, int quantity, string cause, int line, Call call) =>
        db.StockMoves.Add(new StockMove
        {
            Id = Guid.CreateVersion7(), Location = order.Location, Product = product, Part = part, Quantity = quantity, Cause = cause, CaseId = exit.Id, OrderId = order.Id, Line = line, At = call.Now,
        });

    /// <summary>A new line of the order at the price that was shown, reserved in stock. What it costs beyond what came back is claimed, and can go back later like any payment.</summary>
    private async Task Exchange(ExitCase exit, Return row, Order order, int pieces, int forLine, Call call, CancellationToken ct)
    {
        var product = await db.Products.AsNoTracking().SingleAsync(p => p.Code == row.ExchangeProduct, ct);
        var line = new OrderLine
        {
            OrderId = order.Id, Number = order.Lines.Max(l => l.Number) + 1, Product = product.Code, ProductChinese = product.Chinese, ProductEnglish = product.English, Kind = product.Kind, Quantity = pieces,
            UnitPrice = row.ExchangePrice, Paid = row.ExchangePrice * pieces, FreightShare = 0, TaxCode = product.TaxCode, TaxRate = product.TaxRate, ExchangedFor = forLine,
        };
        order.Lines.Add(line);
        row.Exchanged = line.Paid;
        Allocating.Post(db, exit.Id, order.Currency, "return", ReturnEntry.Sold(VatSplit.Of(new Money(line.Paid, order.Currency), Rate.Parse(product.TaxRate))), call);
        Move(exit, order, product.Code, StockPart.Shelf, -pieces, "exchanged", line.Number, call);
    }

    /// <summary>
    /// Orders the money: back on the payments of the order, the oldest first, never more than is left of each; or from the customer what an exchange costs more.
    /// What was never paid cannot go back: it is owed less.
    /// </summary>
    private void OrderMoney(ExitCase exit, Return row, Order order, Call call)
    {
        var paid = order.Payments.Where(p => p.PaidOn is not null).OrderBy(p => p.PaidOn).ThenBy(p => p.Number).ToList();
        if (row.Total > 0)
        {
            var back = Math.Min(row.Total, paid.Sum(p => p.Amount - p.Refunded));
            if (row.Total - back is > 0 and var owedLess)
                Allocating.Post(db, exit.Id, order.Currency, "return", [new(LedgerAccount.Settlement, owedLess), new(LedgerAccount.OpenInvoices, -owedLess)], call);
            foreach (var (number, amount) in OriginalMeans.Spread(back, [.. paid.Select(p => new PaidBy(p.Number, p.Amount, p.Refunded))])!)
            {
                order.Payments.Single(p => p.Number == number).Refunded += amount;
                Instruct(exit, row, PaymentDirection.Refund, number, amount, call);
            }
        }
        else if (row.Total < 0)
        {
            var number = order.Payments.Count == 0 ? 1 : order.Payments.Max(p => p.Number) + 1;
            order.Payments.Add(new OrderPayment { OrderId = order.Id, Number = number, Means = PaymentMeans.Transfer, Amount = -row.Total });
            Instruct(exit, row, PaymentDirection.Claim, number, -row.Total, call);
        }
    }

    private void Instruct(ExitCase exit, Return row, PaymentDirection direction, int payment, long amount, Call call)
    {
        var instruction = new PaymentOrder
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Purpose = PaymentPurpose.Return, Number = payment, OrderPayment = payment, Direction = direction, Amount = amount, Currency = row.Currency,
            Reference = PaymentOrder.ReferenceOf(db, exit.Id, PaymentPurpose.Return, $"{payment}"), OrderedAt = call.Now,
        };
        db.PaymentOrders.Add(instruction);
        db.Audit(call, "payment.ordered", $"payment:{instruction.Id:N}", new { instruction.CaseId, instruction.Direction, instruction.Amount, instruction.Currency, instruction.Reference, payment });
        db.Enqueue(Effect.Now("bank.instruct", $"bank|{instruction.Id:N}", call, new BankInstruct.Order(instruction.Id), exit.Id));
    }

    /// <summary>A numbered credit note (红字发票) for goods and freight by line, and what finance has to report of it.</summary>
    private async Task CorrectInvoice(ExitCase exit, Return row, Order order, IReadOnlyList<(ReturnLine Line, OrderLine Sold, ReturnedAmount Amount)> amounts, Call call, CancellationToken ct)
    {
        // Several orders can be on one invoice.
        var earlier = await db.Returns.AsNoTracking().CountAsync(r => r.CreditNote != null && db.Orders.Any(o => o.Id == r.OrderId && o.InvoiceNumber == order.InvoiceNumber), ct);
        row.CreditNote = $"{order.InvoiceNumber}-C{earlier + 1}";
        foreach (var (line, sold, amount) in amounts.Where(a => !a.Amount.Gross.IsZero))
            db.RedLetters.Add(new RedLetter
            {
                CaseId = exit.Id, Code = $"return.{line.Line}", Net = -amount.Net.Minor, Vat = -amount.Vat.Minor, Currency = order.Currency, TaxCode = sold.TaxCode, TaxRate = sold.TaxRate,
            });
        var t = Texts.In(exit.Language);
        await Paper(exit, row.CreditNote, t["letter.credit-note.title"], [t["letter.credit-note.opening", order.InvoiceNumber, exit.Number]],
            [.. amounts.Where(a => !a.Amount.Gross.IsZero).Select(a => new AmountLine(
                t["letter.return.amount", a.Line.Accepted!.Value - a.Line.AcceptedBefore, a.Sold.Name.In(t.Language)],
                t["letter.credit-note.tax", Ui.Amounts.Text(a.Amount.Net), Percent(a.Sold.TaxRate), Ui.Amounts.Text(a.Amount.Vat)], -a.Amount.Gross))],
            null, [], DocumentKind.CreditNote, "credit-note", call, ct);
    }

    /// <summary>The result for the customer: every line with its amounts, what was deducted and why, what becomes of the rest, and how to say that it is wrong.</summary>
    private async Task<Guid> Result(ExitCase exit, Return row, Order order, IReadOnlyList<(ReturnLine Line, OrderLine Sold, ReturnedAmount Amount)> amounts, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        var lines = new List<AmountLine>();
        foreach (var (line, sold, amount) in amounts)
        {
            var name = sold.Name.In(t.Language);
            lines.Add(new AmountLine(t["letter.return.amount", line.Accepted!.Value - line.AcceptedBefore, name], t["letter.return.of", line.Accepted.Value, line.Quantity, line.Rejected!.Value], amount.Goods));
            if (!amount.Freight.IsZero)
                lines.Add(new AmountLine(t["letter.return.freight-back"], name, amount.Freight));
            if (line.Deducted != line.DeductedBefore)
                lines.Add(new AmountLine(t["letter.return.deducted"], t["letter.return.deducted-why", name, t.Of("return.condition", line.Condition!.Value), Percent(line.DeductedShare ?? "0")], new Money(line.DeductedBefore - line.Deducted, order.Currency)));
        }
        if (row.Exchanged != 0)
            lines.Add(new AmountLine(t["letter.return.exchanged"], order.Lines.MaxBy(l => l.Number)!.Name.In(t.Language), new Money(-row.Exchanged, order.Currency)));
        var document = await Paper(exit, exit.Number, t["letter.return-result.title"], [t["letter.return-result.opening"]], lines, new Money(row.Total, order.Currency),
            [
                .. row.Total > 0 ? [t["letter.return-result.means"]] : Array.Empty<string>(),
                .. row.Lines.Where(l => l.Rejected > 0).Select(l => t[l.Fate == RejectedFate.KeptFor ? "letter.return-result.kept" : "letter.return-result.sent-back", l.Rejected!.Value, order.Lines.Single(o => o.Number == l.Line).Name.In(t.Language), t.Date(l.FateOn!.Value)]),
                t["letter.return-result.object", t.Date(row.ConfirmBy!.Value)],
            ], DocumentKind.Statement, "result", call, ct);
        return document;
    }

    private async Task<Guid> Paper(
        ExitCase exit, string reference, string title, IReadOnlyList<string> opening, IReadOnlyList<AmountLine> lines, Money? net, IReadOnlyList<string> closing, DocumentKind kind, string name, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        var pdf = LetterDocument.Make(
            new LetterContent(exit.Language, await letterhead.Issuer(t, ct), [await letters.NameOf(exit.CustomerId!.Value, ct) ?? ""], reference, title, opening, lines, net, closing, call.Now, TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!)),
            Letterhead.Fonts, await letterhead.Key(ct));
        return (await papers.Stage(exit, exit.CustomerId.Value, DataClass.Case, kind, $"{exit.Number}-{name}.pdf", "application/pdf", pdf, call, ct)).Id;
    }

    private static string Percent(string share) => (decimal.Parse(share, System.Globalization.CultureInfo.InvariantCulture) * 100).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture) + "%";
}
