using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>
/// Sends a return: the pieces are taken from the order, the case gets its number. What the law grants goes on by itself; nothing here looks at
/// tier, score, re-entry or other cases of the customer.
/// </summary>
public sealed class SubmitReturn(AppDb db, ReturnDrafts drafts, OrderBook orders, ReturnDesk returns, CaseAccess access) : UseCase<SubmitReturn.Request, SubmitReturn.Receipt>(db)
{
    public sealed record Request(string Token, Channel Channel = Channel.Portal);

    /// <param name="Returns">More than one when a person must decide on some of the lines.</param>
    public sealed record Receipt(IReadOnlyList<Begun> Returns);

    /// <param name="Number">The number to put on the parcel.</param>
    /// <param name="Session">Opens the case for twelve hours, since the code was just given; null where somebody else sent it.</param>
    /// <param name="Token">The progress link's secret: shown once, stored as a hash.</param>
    public sealed record Begun(Guid CaseId, string Number, string Token, DateOnly? SendBackBy, bool NeedsPerson, DateTimeOffset At, string? Session = null);

    /// <summary>Under this idempotency key a draft is sent once: a second click is answered with the first one's receipt.</summary>
    public static string KeyOf(string draft) => $"return:{Convert.ToHexStringLower(Secrets.Hash(draft))}";

    public override Permission Needs => Permission.Public;

    protected override int Tries => 20;

    protected override async Task<Outcome<Receipt>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return ReturnRefusals.DraftGone;
        if (draft.ProvenAt is null || await orders.Match(typed.OrderNumber, typed.Contact, ct) is not var (order, who))
            return ReturnRefusals.CodeFirst;
        var quote = await returns.Price(order, typed.Wish ?? (ReturnWish)(-1), typed.Lines, typed.Exchange, call.Today(order.Zone), ct);
        if (quote.Refusal is { } no)
            return no;
        var begun = await returns.Begin(quote.Value, who.Customer, request.Channel, "code-mail", 1, call, ct);
        Db.Drafts.Remove(draft);
        return await Commit(new Receipt([.. Of(begun).Returns.Select(b => b with { Session = access.Session(b.CaseId, call.Now) })]), ct);
    }

    internal static Receipt Of(IReadOnlyList<(ExitCase Case, string Token)> begun) =>
        new([.. begun.Select(b => new Begun(b.Case.Id, b.Case.Number, b.Token, b.Case.SendBackBy, b.Case.ReturnNeedsPerson, b.Case.ReceivedAt))]);
}

/// <summary>A member of staff takes a return for a customer who called, wrote or came.</summary>
public sealed class TakeReturn(AppDb db, OrderBook orders, ReturnDesk returns) : UseCase<TakeReturn.Request, SubmitReturn.Receipt>(db)
{
    public static readonly string[] Proofs = ["callback", "document"];

    /// <param name="Proof">How the customer proved who they are: "callback" to the number on file, or "document".</param>
    public sealed record Request(Guid OrderId, ReturnWish? Wish, IReadOnlyList<Chosen>? Lines, string? Proof, Channel Channel = Channel.Phone, string? Exchange = null);

    public override Permission Needs => Permission.HandleCases;

    protected override int Tries => 20;

    protected override async Task<Outcome<SubmitReturn.Receipt>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await orders.Find(request.OrderId, ct) is not { } order || !await ShowOrder.OfMine(Db, order.CustomerId, call, Needs, ct))
            return CommonRefusals.NotFound;
        if (!Proofs.Contains(request.Proof))
            return ReturnRefusals.ProofMissing;
        if (!Enum.IsDefined(request.Channel) || request.Channel is Channel.Portal or Channel.Api)
            return CommonRefusals.Required("channel");
        if (request.Wish is not { } wish)
            return ReturnRefusals.WishMissing;
        var quote = await returns.Price(order, wish, request.Lines, request.Exchange, call.Today(order.Zone), ct);
        if (quote.Refusal is { } no)
            return no;
        var customer = await Db.Customers.AsNoTracking().SingleAsync(c => c.Id == order.CustomerId, ct);
        return await Commit(SubmitReturn.Of(await returns.Begin(quote.Value, customer, request.Channel, request.Proof!, 1, call with { Language = customer.Language }, ct)), ct);
    }
}
