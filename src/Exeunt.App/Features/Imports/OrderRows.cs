using System.Globalization;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Returns;

namespace Exeunt.App.Features.Imports;

/// <summary>
/// Orders: a row is a line of one; the rows of an order follow each other, and what is said of the whole order stands in its first. An order that is
/// there already takes over when lines were shipped and delivered, its invoice and further payments. Each goes in by the same use case as the API's.
/// </summary>
internal sealed class OrderRows(ImportContext context) : RowSink(context)
{
    private const int Batch = 200;
    private readonly List<Pending> _complete = [];
    private Pending? _current;

    private sealed record Pending(RecordOrder.Request Order, long Line, List<RecordOrder.Line> Lines);

    public override bool IsFull => _complete.Count >= Batch;

    public override (Refusal? Refusal, int Column) Take(ImportRow row)
    {
        for (var c = 0; c < ImportMap.ColumnsOf[ImportNoun.Orders].Length; c++)
            if (row[c].Length > MaxText)
                return (ImportRefusals.TooLong, c);
        if (Broken(row) is { } broken)
            return (ImportRefusals.ControlCharacter, broken);
        var (customer, refusal) = CustomerOf(row[0]);
        if (customer is null)
            return (refusal, 0);
        if (row.Text(1) is not { } number)
            return (ImportRefusals.Required, 1);
        var line = LineOf(row, out var wrong);
        if (line is null)
            return wrong;
        if (_current is { } open && open.Order.CustomerId == customer.Id && (open.Order.Number == number || Spelling.Number(open.Order.Number!) == Spelling.Number(number)))
        {
            open.Lines.Add(line);
            return Taken;
        }
        if (OrderOf(row, customer, number, out wrong) is not { } order)
            return wrong;
        Complete();
        _current = new Pending(order, row.Line, [line]);
        return Taken;
    }

    private void Complete()
    {
        if (_current is { } done)
            _complete.Add(done);
        _current = null;
    }

    public override Task Finish(CancellationToken ct)
    {
        Complete();
        return Flush(ct);
    }

    public override async Task Flush(CancellationToken ct)
    {
        foreach (var pending in _complete)
        {
            var request = pending.Order with { Lines = pending.Lines };
            Digest.AppendData(Context.Storage.Numbers.OfOrder(request.Number!));
            if (Context.IsDryRun)
            {
                if (RecordOrder.Check(request, Context.Call.Today(Clocks.CompanyZone)) is { } not)
                    Late.Add((pending.Line, pending.Lines.Count, not));
                else
                    Added++;
                continue;
            }
            await using var db = Context.Storage.NewAppDb();
            var vault = new Vault(Context.Storage.Keys);
            var recorded = await new RecordOrder(db, new OrderBook(db, vault, Context.Storage.Numbers), vault).Run(Context.Call with { IdempotencyKey = null }, request, ct);
            if (recorded.Refusal is { } no)
                Late.Add((pending.Line, pending.Lines.Count, no));
            else if (recorded.Value.IsNew)
                Added++;
            else
                Changed++;
        }
        _complete.Clear();
    }

    private RecordOrder.Line? LineOf(ImportRow row, out (Refusal?, int) wrong)
    {
        wrong = default;
        if (row.Text(4) is not { } product)
            return Fails(ImportRefusals.Required, 4, out wrong);
        if (!Enum.TryParse<GoodsKind>(row.Text(7) ?? "Goods", ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || row.Text(7) is { } said && char.IsAsciiDigit(said[0]))
            return Fails(ImportRefusals.Word, 7, out wrong);
        if (!int.TryParse(row[8].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) || quantity is < 1 or > RecordOrder.MaxQuantity)
            return Fails(ImportRefusals.Whole, 8, out wrong);
        if (row.Text(9) is not { } price)
            return Fails(ImportRefusals.Required, 9, out wrong);
        if (row.Text(14) is not (null or "0" or "1"))
            return Fails(ImportRefusals.Word, 14, out wrong);
        if (!Day(row, 12, out var shipped))
            return Fails(ImportRefusals.Date, 12, out wrong);
        return Day(row, 13, out var delivered)
            ? new RecordOrder.Line(product, row.Text(6), row.Text(5), quantity, price, row.Text(10) ?? "0", row.Text(11), kind, shipped, delivered, row.Text(14) == "1")
            : Fails(ImportRefusals.Date, 13, out wrong);
    }

    private static RecordOrder.Line? Fails(Refusal why, int column, out (Refusal?, int) wrong)
    {
        wrong = (why, column);
        return null;
    }

    private RecordOrder.Request? OrderOf(ImportRow row, KnownCustomer customer, string number, out (Refusal?, int) wrong)
    {
        wrong = default;
        if (!row.TryDate(2, Context.Map, out var on))
            wrong = (ImportRefusals.Date, 2);
        if (!Day(row, 20, out var paidOn))
            wrong = (ImportRefusals.Date, 20);
        if (!Day(row, 22, out var informed))
            wrong = (ImportRefusals.Date, 22);
        if (!Enum.TryParse<PaymentMeans>(row.Text(18) ?? "Card", ignoreCase: true, out var means) || !Enum.IsDefined(means))
            wrong = (ImportRefusals.Word, 18);
        if (!Enum.TryParse<Party>(row.Text(27) ?? "Consumer", ignoreCase: true, out var party) || !Enum.IsDefined(party))
            wrong = (ImportRefusals.Word, 27);
        foreach (var flag in new[] { 28, 29 })
            if (row.Text(flag) is not (null or "0" or "1"))
                wrong = (ImportRefusals.Word, flag);
        return wrong.Item1 is not null ? null : new RecordOrder.Request(
            customer.Id, number, row.Text(3) ?? Context.Map.Currency ?? customer.Currency, on, null, row.Text(19) is { } paid ? [new RecordOrder.Payment(means, paid, paidOn ?? on, row.Text(21))] : [],
            row.Text(25), row.Text(26), party, row.Text(28) != "0", informed, row.Text(29) == "1", row.Text(15), row.Text(16), row.Text(17), row.Text(23), row.Text(24));
    }

    private bool Day(ImportRow row, int column, out DateOnly? day)
    {
        day = null;
        if (row.Text(column) is null)
            return true;
        if (!row.TryDate(column, Context.Map, out var there))
            return false;
        day = there;
        return true;
    }
}
