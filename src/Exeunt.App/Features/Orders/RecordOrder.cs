using Exeunt.App.Data;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Orders;

/// <summary>
/// An order as the shop knows it. Sent again it may tell when lines were shipped and delivered, the invoice's number and further payments;
/// what was sold, and for how much, does not change any more.
/// </summary>
public sealed class RecordOrder(AppDb db, OrderBook book, Vault vault) : UseCase<RecordOrder.Request, RecordOrder.Recorded>(db)
{
    public const int MaxLines = 200;
    public const int MaxPayments = 20;
    public const int MaxQuantity = 100_000;
    public const long MaxAmount = 1_000_000_000_000;

    /// <param name="UnitPrice">Tax included, a decimal in the order's currency: "19.90".</param>
    /// <param name="TaxRate">"0.13".</param>
    public sealed record Line(
        string? Product, string? NameEnglish, string? NameChinese, int Quantity, string? UnitPrice, string? TaxRate, string? TaxCode = null, GoodsKind Kind = GoodsKind.Goods,
        DateOnly? ShippedOn = null, DateOnly? DeliveredOn = null, bool Opened = false, bool ConfirmedUnsuitable = false);

    /// <param name="Reference">Token of the card, account or wallet; sealed.</param>
    public sealed record Payment(PaymentMeans Means, string? Amount, DateOnly? PaidOn, string? Reference = null);

    /// <summary>That a line which was sent in exchange is on its way, or arrived.</summary>
    /// <param name="Number">The line's number in the order.</param>
    public sealed record Sent(int Number, DateOnly? ShippedOn, DateOnly? DeliveredOn);

    /// <param name="Exchanged">What is known of lines that were sent in exchange; they are not among <paramref name="Lines"/>.</param>
    /// <param name="InformedOn">When the customer was told of the right to withdraw; null: never.</param>
    /// <param name="StandardFreight">What of the freight is the standard one; null: all of it.</param>
    public sealed record Request(
        long CustomerId, string? Number, string? Currency, DateOnly OrderedOn, IReadOnlyList<Line>? Lines, IReadOnlyList<Payment>? Payments, string? Zone = null, string? Jurisdiction = null,
        Party Party = Party.Consumer, bool Distance = true, DateOnly? InformedOn = null, bool FreeReturns = false, string? Discount = null, string? Freight = null, string? StandardFreight = null,
        string? Location = null, string? InvoiceNumber = null, IReadOnlyList<Sent>? Exchanged = null);

    public sealed record Recorded(Guid OrderId, bool IsNew);

    public override Permission Needs => Permission.ImportData;

    protected override int Tries => 5;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        var read = Read(request, call.Today(Clocks.CompanyZone));
        if (read.Refusal is { } no)
            return no;
        var sums = read.Value;
        var unit = await Db.Customers.AsNoTracking().Where(c => c.Id == request.CustomerId && c.ErasedAt == null).Join(Db.Units, c => c.UnitId, u => u.Id, (_, u) => u.Path).SingleOrDefaultAsync(ct);
        if (unit is null || !call.Actor.Allows(Needs, unit))
            return OrderRefusals.NoSuchCustomer;
        var known = await book.FindByNumber(request.Number!, ct);
        if (known is not null)
            return known.CustomerId != request.CustomerId ? OrderRefusals.OtherCustomer : await Change(known, request, sums, call, ct);
        var id = Guid.CreateVersion7(call.Now);
        var order = new Order
        {
            Id = id, CustomerId = request.CustomerId, NumberToken = book.TokenOf(request.Number!),
            Number = await vault.Seal(request.CustomerId, DataClass.Case, OrderTable.NumberPlace, id.ToString("N"), request.Number!.Trim(), ct),
            Currency = request.Currency!, OrderedOn = request.OrderedOn, Zone = request.Zone ?? Clocks.CompanyZone, Jurisdiction = request.Jurisdiction ?? "CN", Party = request.Party, Distance = request.Distance,
            InformedOn = request.InformedOn, FreeReturns = request.FreeReturns, Discount = sums.Discount, Freight = sums.Freight, StandardFreight = sums.StandardFreight, Location = request.Location ?? "MAIN",
            InvoiceNumber = Named(request.InvoiceNumber),
        };
        foreach (var (line, i) in request.Lines!.Select((l, i) => (l, i)))
            order.Lines.Add(new OrderLine
            {
                OrderId = id, Number = i + 1, Product = line.Product!, ProductEnglish = line.NameEnglish ?? line.NameChinese ?? line.Product!, ProductChinese = line.NameChinese ?? line.NameEnglish ?? line.Product!,
                Kind = line.Kind, Quantity = line.Quantity, UnitPrice = sums.Prices[i], Paid = sums.Shares[i].Paid, FreightShare = sums.Shares[i].Freight, TaxCode = line.TaxCode ?? "VAT", TaxRate = line.TaxRate ?? "0",
                ShippedOn = line.ShippedOn, DeliveredOn = line.DeliveredOn, Opened = line.Opened, ConfirmedUnsuitable = line.ConfirmedUnsuitable,
            });
        foreach (var (payment, i) in request.Payments!.Select((p, i) => (p, i)))
            order.Payments.Add(await PaymentOf(order, payment, i + 1, sums.Payments[i], ct));
        Db.Orders.Add(order);
        Db.Audit(call, "order.recorded", $"order:{id:N}", new { customer = request.CustomerId, lines = order.Lines.Count });
        return await Commit(new Recorded(id, true), ct);
    }

    private async Task<OrderPayment> PaymentOf(Order order, Payment payment, int number, long amount, CancellationToken ct)
    {
        var row = new OrderPayment { OrderId = order.Id, Number = number, Means = payment.Means, Amount = amount, PaidOn = payment.PaidOn };
        if (!string.IsNullOrWhiteSpace(payment.Reference))
            row.Reference = await vault.Seal(order.CustomerId, DataClass.Payout, OrderPayment.Place, row.Row, payment.Reference.Trim(), ct);
        return row;
    }

    /// <summary>Takes over what may change of an order that is there.</summary>
    private async Task<Outcome<Recorded>> Change(Order known, Request request, Sums sums, Call call, CancellationToken ct)
    {
        var lines = known.Lines.Where(l => l.ExchangedFor is null).OrderBy(l => l.Number).ToList();
        // What an exchange costs more is claimed by ourselves; the shop knows nothing of it.
        var claims = await Db.PaymentOrders.AsNoTracking().Where(p => p.Purpose == PaymentPurpose.Return && p.Direction == PaymentDirection.Claim && Db.Cases.Any(c => c.Id == p.CaseId && c.OrderId == known.Id))
            .Select(p => p.OrderPayment).ToListAsync(ct);
        var payments = known.Payments.Where(p => !claims.Contains(p.Number)).OrderBy(p => p.Number).ToList();
        if (known.Currency != request.Currency || known.OrderedOn != request.OrderedOn || known.Jurisdiction != (request.Jurisdiction ?? "CN") || lines.Count != request.Lines!.Count
            || lines.Where((l, i) => (l.Product, l.Quantity, l.UnitPrice, l.Kind, l.TaxRate, l.Paid, l.FreightShare)
                != (request.Lines[i].Product, request.Lines[i].Quantity, sums.Prices[i], request.Lines[i].Kind, request.Lines[i].TaxRate ?? "0", sums.Shares[i].Paid, sums.Shares[i].Freight)).Any()
            || request.Payments!.Count < payments.Count || payments.Where((p, i) => (p.Means, p.Amount) != (request.Payments[i].Means, sums.Payments[i])).Any())
            return OrderRefusals.Differs;
        foreach (var (line, said) in lines.Zip(request.Lines))
        {
            // What was cancelled whole is not sent any more; of what was cancelled in part the rest is.
            if (line.IsCancelled && (said.ShippedOn ?? said.DeliveredOn) is not null)
                return OrderRefusals.Cancelled(line.Number);
            (line.ShippedOn, line.DeliveredOn, line.Opened) = (said.ShippedOn ?? line.ShippedOn, said.DeliveredOn ?? line.DeliveredOn, line.Opened || said.Opened);
        }
        foreach (var sent in request.Exchanged ?? [])
        {
            if (known.Lines.FirstOrDefault(l => l.Number == sent.Number && l.ExchangedFor is not null) is not { } line)
                return OrderRefusals.Wrong("exchanged");
            if (line.IsCancelled && (sent.ShippedOn ?? sent.DeliveredOn) is not null)
                return OrderRefusals.Cancelled(line.Number);
            (line.ShippedOn, line.DeliveredOn) = (sent.ShippedOn ?? line.ShippedOn, sent.DeliveredOn ?? line.DeliveredOn);
        }
        foreach (var (payment, said) in payments.Zip(request.Payments))
            payment.PaidOn ??= said.PaidOn;
        for (var i = payments.Count; i < request.Payments.Count; i++)
            known.Payments.Add(await PaymentOf(known, request.Payments[i], known.Payments.Max(p => (int?)p.Number) + 1 ?? 1, sums.Payments[i], ct));
        (known.InvoiceNumber, known.InformedOn) = (Named(request.InvoiceNumber) ?? known.InvoiceNumber, request.InformedOn ?? known.InformedOn);
        known.Version++;
        Db.Audit(call, "order.changed", $"order:{known.Id:N}");
        return await Commit(new Recorded(known.Id, false), ct);
    }

    /// <summary>Why an order could not be taken, whoever sends it; null when it could.</summary>
    internal static Refusal? Check(Request request, DateOnly today) => Read(request, today).Refusal;

    private sealed record Sums(IReadOnlyList<long> Prices, IReadOnlyList<(long Paid, long Freight)> Shares, IReadOnlyList<long> Payments, long Discount, long Freight, long StandardFreight);

    private static Outcome<Sums> Read(Request request, DateOnly today)
    {
        if (CommonRefusals.UnfitLine("number", request.Number, 60, out var number))
            return number;
        if (request.Currency is null || !Currency.IsKnown(request.Currency))
            return OrderRefusals.Wrong("currency");
        if (request.Zone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return OrderRefusals.Wrong("zone");
        if (request.Jurisdiction is { } place && !IsPlace(place))
            return OrderRefusals.Wrong("jurisdiction");
        if (!Enum.IsDefined(request.Party))
            return OrderRefusals.Wrong("party");
        if (request.Location is { Length: > 40 } || request.InvoiceNumber is { Length: > 60 })
            return CommonRefusals.TooLong(request.Location is { Length: > 40 } ? "location" : "invoiceNumber", 40);
        if (DateRange.Check(request.OrderedOn, "orderedOn") is { } date)
            return date;
        if (DateRange.Check(request.InformedOn, "informedOn") is { } informed)
            return informed;
        if (request.OrderedOn > today.AddDays(1))
            return OrderRefusals.Wrong("orderedOn");
        if (request.Lines is not { Count: > 0 and <= MaxLines })
            return OrderRefusals.Wrong("lines");
        if (request.Payments is not { Count: <= MaxPayments })
            return OrderRefusals.Wrong("payments");
        var digits = Currency.MinorDigits(request.Currency);
        long? Minor(string? text)
        {
            try
            {
                return text is null ? 0 : Money.Parse(text, request.Currency, "amount").Minor is >= 0 and <= MaxAmount and var minor ? minor : null;
            }
            catch (CalculationException)
            {
                return null;
            }
        }
        var prices = new List<long>();
        foreach (var (line, i) in request.Lines.Select((l, i) => (l, i)))
        {
            string Field(string name) => $"lines[{i}].{name}";
            if (string.IsNullOrWhiteSpace(line?.Product) || line.Product.Length > 60)
                return OrderRefusals.Wrong(Field("product"));
            if (line.NameEnglish is { Length: > 200 } || line.NameChinese is { Length: > 200 })
                return OrderRefusals.Wrong(Field("name"));
            if (line.Quantity is < 1 or > MaxQuantity)
                return OrderRefusals.Wrong(Field("quantity"));
            if (!Enum.IsDefined(line.Kind))
                return OrderRefusals.Wrong(Field("kind"));
            if (line.UnitPrice is null || Minor(line.UnitPrice) is not { } price)
                return OrderRefusals.Wrong(Field("unitPrice"));
            if (!IsTax(line.TaxRate) || line.TaxCode is { Length: > 20 })
                return OrderRefusals.Wrong(Field("taxRate"));
            if ((DateRange.Check(line.ShippedOn, Field("shippedOn")) ?? DateRange.Check(line.DeliveredOn, Field("deliveredOn"))) is { } day)
                return day;
            if (line.DeliveredOn < request.OrderedOn || line.ShippedOn < request.OrderedOn || line.DeliveredOn < line.ShippedOn)
                return OrderRefusals.Wrong(Field("deliveredOn"));
            prices.Add(price);
        }
        foreach (var (sent, i) in (request.Exchanged ?? []).Select((s, i) => (s, i)))
        {
            if (sent is null || request.Exchanged!.Count > MaxLines || sent.DeliveredOn < sent.ShippedOn || sent.ShippedOn < request.OrderedOn || sent.DeliveredOn < request.OrderedOn)
                return OrderRefusals.Wrong($"exchanged[{i}]");
            if ((DateRange.Check(sent.ShippedOn, $"exchanged[{i}].shippedOn") ?? DateRange.Check(sent.DeliveredOn, $"exchanged[{i}].deliveredOn")) is { } day)
                return day;
        }
        var gross = prices.Zip(request.Lines, (p, l) => (Int128)p * l.Quantity).ToList();
        if (gross.Aggregate((Int128)0, (a, b) => a + b) is var sum && sum > MaxAmount)
            return OrderRefusals.Wrong("lines");
        if (Minor(request.Discount) is not { } discount || discount > sum)
            return OrderRefusals.Wrong("discount");
        if (Minor(request.Freight) is not { } freight)
            return OrderRefusals.Wrong("freight");
        if (Minor(request.StandardFreight ?? request.Freight) is not { } standard || standard > freight)
            return OrderRefusals.Wrong("standardFreight");
        var paid = new List<long>();
        foreach (var (payment, i) in request.Payments.Select((p, i) => (p, i)))
        {
            if (payment is null || !Enum.IsDefined(payment.Means) || payment.Amount is null || Minor(payment.Amount) is not (> 0 and var amount) || payment.Reference is { Length: > 200 })
                return OrderRefusals.Wrong($"payments[{i}]");
            if (DateRange.Check(payment.PaidOn, $"payments[{i}].paidOn") is { } day)
                return day;
            if (payment.PaidOn > today.AddDays(1))
                return OrderRefusals.Wrong($"payments[{i}].paidOn");
            paid.Add(amount);
        }
        if (paid.Sum(p => (decimal)p) > (decimal)sum - discount + freight)
            return OrderRefusals.PaidTooMuch;
        return new Sums(prices, ReturnAmounts.Shares([.. gross.Select(g => (long)g)], discount, standard), paid, discount, freight, standard);
    }

    private static string? Named(string? number) => string.IsNullOrWhiteSpace(number) ? null : number.Trim();

    /// <summary>"CN", "DE", "US-CA": a country, with a state where it has laws of its own.</summary>
    private static bool IsPlace(string place) =>
        place.Split('-') is [{ Length: 2 } country, .. var rest] && country.All(char.IsAsciiLetterUpper) && rest.Length <= 1 && rest.All(r => r.Length is >= 1 and <= 3 && r.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)));

    private static bool IsTax(string? rate)
    {
        try
        {
            return rate is null || (rate.Length <= 12 && !Rate.Parse(rate).IsAboveOne);
        }
        catch (CalculationException)
        {
            return false;
        }
    }
}

public static class OrderRefusals
{
    public static Refusal Wrong(string field) => new(RefusalKind.Invalid, "order.field-wrong", $"This cannot be read, or is out of range: {field}.", $"内容无法识别或超出范围：{field}。", Field: field);

    public static readonly Refusal NoSuchCustomer = new(RefusalKind.Invalid, "order.no-such-customer", "There is no such customer in your units.", "您的单位内没有该客户。", Field: "customerId");

    public static readonly Refusal OtherCustomer = new(RefusalKind.Conflict, "order.other-customer", "This order number belongs to another customer.", "该订单号属于其他客户。", Field: "number");

    public static readonly Refusal Differs = new(RefusalKind.Conflict, "order.differs",
        "This order is known with other lines, prices or payments; those do not change. Send shipping, delivery, invoice and further payments only.", "该订单已登记，行、价格或付款与之不符且不可更改；仅可补充发货、签收、发票号与新增付款。", Field: "lines");

    public static readonly Refusal PaidTooMuch = new(RefusalKind.Invalid, "order.paid-too-much", "The payments come to more than the order.", "付款合计超过订单金额。", Field: "payments");

    public static Refusal Cancelled(int line) => new(RefusalKind.Conflict, "order.line-cancelled", $"Line {line} was cancelled before shipping; do not send it.", $"第 {line} 行已在发货前取消，请勿发货。", Field: $"lines[{line - 1}].shippedOn");
}
