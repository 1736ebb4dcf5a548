using System.Globalization;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Returns;

namespace Exeunt.App.Features.Imports;

/// <summary>
/// Orders: a row is a line of one; the rows of an order follow each other, and what is said of the whole order stands in its first. An order that is
/// there already takes over when lines were shipped and delivered, its invoice and further payments. Each goes in by the same use case as the API's, whole
/// or not at all: what was sold does not change any more, so half an order could never be mended. All rows are therefore looked at first.
/// </summary>
internal sealed class OrderRows(ImportContext context) : RowSink(context)
{
    private const int Batch = 200;
    private const int NumberColumn = 1;
    private readonly List<Pending> _complete = [];
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private Pending? _current;
    private Before _looked;
    private Before _taken;
    private bool _isNextRefused;

    private sealed record Pending(string Number, RecordOrder.Request Order, long Line, List<RecordOrder.Line> Lines);

    /// <summary>The order of the row before, in the form in which its spellings are the same, and whose it is as far as that is known.</summary>
    private readonly record struct Before(string? Number, long? Customer);

    public override bool IsFull => _complete.Count >= Batch;

    public override bool LooksFirst => true;

    public override void Look(ImportRow row, bool isMalformed)
    {
        var number = NumberOf(row);
        if (number is null || isMalformed && number != _looked.Number)
        {
            // It may be of the order before or of the one after.
            if (_looked.Number is { } before)
                _refused.Add(before);
            _isNextRefused = true;
            return;
        }
        if (isMalformed)
        {
            _refused.Add(number);
            return;
        }
        if (Read(row, number, ref _looked, out _, out _) is (not null, _) || _isNextRefused)
            _refused.Add(number);
        _isNextRefused = false;
    }

    public override (Refusal? Refusal, int Column) Take(ImportRow row)
    {
        var number = NumberOf(row);
        if (_current is { } open && open.Number != number)
            Complete();
        var read = Read(row, number, ref _taken, out var line, out var order);
        if (read.Refusal is not null)
            return read;
        if (_refused.Contains(number!))
            return (ImportRefusals.WholeOrder, NumberColumn);
        if (order is not null)
            _current = new Pending(number!, order, row.Line, [line!]);
        else
            _current!.Lines.Add(line!);
        return Taken;
    }

    /// <summary>The order's number in the form in which its spellings are the same; null: it cannot be read.</summary>
    private static string? NumberOf(ImportRow row) =>
        row.Text(NumberColumn) is { } text && text.Length <= ImportMap.ColumnsOf[ImportNoun.Orders][NumberColumn].Max && !OneLine.IsBroken(text) ? Spelling.Number(text) : null;

    /// <summary>Reads a row: its line, and of the first row of an order what is said of the whole.</summary>
    private (Refusal? Refusal, int Column) Read(ImportRow row, string? number, ref Before before, out RecordOrder.Line? line, out RecordOrder.Request? order)
    {
        (line, order) = (null, null);
        var isFirst = number is null || number != before.Number;
        if (number is not null && isFirst)
            before = new Before(number, null);
        if (TooLong(row) is { } tooLong)
            return tooLong;
        if (Broken(row) is { } broken)
            return (ImportRefusals.ControlCharacter, broken);
        var (customer, refusal) = CustomerOf(row[0]);
        if (customer is null)
            return (refusal, 0);
        if (row.Text(NumberColumn) is not { } written)
            return (ImportRefusals.Required, NumberColumn);
        if (before.Customer is { } other && other != customer.Id)
            return (OrderRefusals.OtherCustomer, NumberColumn);
        before = before with { Customer = customer.Id };
        line = LineOf(row, out var wrong);
        if (line is null)
            return wrong;
        if (!isFirst)
            return Taken;
        order = OrderOf(row, customer, written, out wrong);
        return order is null ? wrong : Taken;
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
