using Exeunt.App.Data;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>Writes what is wanted, of which lines and why into a proven draft; refused where it cannot be.</summary>
public sealed class FillReturn(AppDb db, ReturnDrafts drafts, OrderBook orders, ReturnDesk returns) : UseCase<FillReturn.Request, Done>(db)
{
    public sealed record Request(string Token, ReturnWish? Wish, IReadOnlyList<Chosen>? Lines, string? Exchange = null);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return ReturnRefusals.DraftGone;
        if (draft.ProvenAt is null || await orders.Match(typed.OrderNumber, typed.Contact, ct) is not var (order, _))
            return ReturnRefusals.CodeFirst;
        if (request.Wish is not { } wish)
            return ReturnRefusals.WishMissing;
        var quote = await returns.Price(order, wish, request.Lines, request.Exchange, call.Today(order.Zone), ct);
        if (quote.Refusal is { } no)
            return no;
        draft.Data = await drafts.Seal(draft.Subject, draft.TokenHash, typed with { Wish = wish, Lines = [.. quote.Value.Lines.Select(l => l.Chosen)], Exchange = quote.Value.Exchange?.Code }, ct);
        draft.Version++;
        Db.Audit(call, "return.draft-filled", "draft");
        return await Commit(Done.It, ct);
    }
}

/// <summary>A return under way: before the code nothing but what was typed; after it the order, and what the chosen lines would bring.</summary>
public sealed class ShowReturnDraft(AppDb db, ReturnDrafts drafts, OrderBook orders, ReturnDesk returns, ReturnPolicies policies) : UseCase<ShowReturnDraft.Request, ShowReturnDraft.View>(db)
{
    public sealed record Request(string Token);

    /// <param name="Order">Null before the code.</param>
    public sealed record View(string OrderNumber, string Contact, ReturnWish? Wish, IReadOnlyList<Chosen> Chosen, string? Exchange, OrderView? Order, QuoteView? Quote, Refusal? WhyNot);

    public sealed record OrderView(DateOnly OrderedOn, string Currency, IReadOnlyList<LineView> Lines, IReadOnlyList<ProductView> Products);

    /// <param name="Left">Pieces that can still come back.</param>
    public sealed record LineView(int Number, Words Name, int Quantity, int Left, Money UnitPrice, bool Shipped, DateOnly? DeliveredOn, bool IsService);

    public sealed record ProductView(string Code, Words Name, Money Price);

    /// <param name="Freight">Outward freight that comes back.</param>
    /// <param name="SendBackBy">Last day for sending it if it is declared today; null: nothing is sent, or a person decides first.</param>
    public sealed record QuoteView(IReadOnlyList<QuoteLine> Lines, Money Goods, Money Freight, Money ExchangePrice, Money Total, FreightPayer? ReturnFreight, DateOnly? SendBackBy, bool NeedsPerson, int ConfirmDays);

    public sealed record QuoteLine(int Line, Words Name, int Quantity, ReturnReason Reason, ReturnBasis Basis, string? Rule, DateOnly? LastDay, Money Goods, Money Freight, bool NeedsPerson);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return ReturnRefusals.DraftGone;
        if (draft.ProvenAt is null || await orders.Match(typed.OrderNumber, typed.Contact, ct) is not var (order, _))
            return new View(typed.OrderNumber, typed.Contact, typed.Wish, typed.Lines ?? [], typed.Exchange, null, null, null);
        var today = call.Today(order.Zone);
        var quote = typed.Wish is { } wish ? await returns.Price(order, wish, typed.Lines, typed.Exchange, today, ct) : default(Outcome<Quote>?);
        var products = await Db.Products.AsNoTracking().Where(p => p.Currency == order.Currency).OrderBy(p => p.Code).Take(200).ToListAsync(ct);
        return new View(
            typed.OrderNumber, typed.Contact, typed.Wish, typed.Lines ?? [], typed.Exchange,
            new OrderView(order.OrderedOn, order.Currency,
                [.. order.Lines.OrderBy(l => l.Number).Select(l => new LineView(l.Number, l.Name, l.Quantity, l.Quantity - l.Claimed, new Money(l.UnitPrice, order.Currency), l.ShippedOn is not null, l.DeliveredOn, l.Kind == GoodsKind.Service))],
                [.. products.Select(p => new ProductView(p.Code, new Words(p.English, p.Chinese), new Money(p.Price, p.Currency)))]),
            quote is { Succeeded: true, Value: var q } ? Of(q, await policies.Current(ct)) : null, quote?.Refusal);
    }

    /// <summary>The quote as customers and staff are shown it.</summary>
    public static QuoteView Of(Quote quote, ReturnPolicy policy)
    {
        var none = Money.Zero(quote.Order.Currency);
        var (goods, freight) = (quote.Lines.Aggregate(none, (s, l) => s + l.Amount.Goods), quote.Lines.Aggregate(none, (s, l) => s + l.Amount.Freight));
        var sent = quote.Wish is ReturnWish.Refund or ReturnWish.Exchange && quote.Lines.Any(l => l.Line.Kind is not (GoodsKind.Service or GoodsKind.Digital));
        return new QuoteView(
            [.. quote.Lines.Select(l => new QuoteLine(l.Line.Number, l.Line.Name, l.Chosen.Quantity, l.Chosen.Reason, l.Right.Basis, l.Right.Rule, l.Right.LastDay, l.Amount.Goods, l.Amount.Freight, l.NeedsPerson))],
            goods, freight, quote.ExchangePrice, goods + freight - quote.ExchangePrice,
            !sent ? null : quote.Lines.Any(l => l.Right.ReturnFreight == FreightPayer.Customer) ? FreightPayer.Customer : FreightPayer.Company,
            sent && !quote.Lines.All(l => l.NeedsPerson) ? quote.Today.AddDays(policy.SendDays) : null, quote.NeedsPerson, policy.ConfirmDays);
    }
}
