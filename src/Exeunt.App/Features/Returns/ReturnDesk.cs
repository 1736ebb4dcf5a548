using Exeunt.App.Data;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Rules;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Exeunt.Core.Returns;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>Pieces of a line that a customer chooses, and why.</summary>
public sealed record Chosen(int Line, int Quantity, ReturnReason Reason, string? Words = null);

/// <summary>What a chosen line would bring.</summary>
/// <param name="NeedsPerson">Nobody has promised it: a person decides.</param>
public sealed record QuotedLine(Chosen Chosen, OrderLine Line, ReturnRight Right, ReturnedAmount Amount, bool NeedsPerson);

/// <summary>What a return would bring, worked out for a day.</summary>
public sealed record Quote(Order Order, ReturnWish Wish, IReadOnlyList<QuotedLine> Lines, Product? Exchange, DateOnly Today)
{
    public Money Sum => Lines.Aggregate(Money.Zero(Order.Currency), (sum, l) => sum + l.Amount.Gross);

    /// <summary>What goes out in exchange costs.</summary>
    public Money ExchangePrice => new(Exchange is null ? 0 : Exchange.Price * Lines.Sum(l => (long)l.Chosen.Quantity), Order.Currency);
    public bool NeedsPerson => Lines.Any(l => l.NeedsPerson);
}

/// <summary>What a return rests on and comes to, and how it begins.</summary>
public sealed class ReturnDesk(
    AppDb db, RuleBook rules, CalendarBook calendars, ReturnPolicies policies, CaseDesk desk, ProcedureBook procedures, CaseTexts texts, CaseLetters letters, Papers papers, Letterhead letterhead, HostOptions options)
{
    /// <summary>What the chosen pieces would bring on a day, or why they cannot come back.</summary>
    public async Task<Outcome<Quote>> Price(Order order, ReturnWish wish, IReadOnlyList<Chosen>? chosen, string? exchange, DateOnly today, CancellationToken ct)
    {
        if (!Enum.IsDefined(wish))
            return ReturnRefusals.WishMissing;
        if (chosen is not { Count: > 0 and <= RecordOrder.MaxLines } || chosen.Any(c => c is null) || chosen.All(c => c.Quantity == 0))
            return ReturnRefusals.NothingChosen;
        var product = wish == ReturnWish.Exchange ? await db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Code == exchange && p.Currency == order.Currency, ct) : null;
        if (wish == ReturnWish.Exchange && product is null)
            return ReturnRefusals.NoSuchProduct;
        var (policy, packs, calendar) = (await policies.Current(ct), await rules.For(order.Jurisdiction, today, ct), await calendars.For(order.Jurisdiction, ct));
        var lines = new List<QuotedLine>();
        foreach (var want in chosen.Where(c => c.Quantity != 0).OrderBy(c => c.Line))
        {
            if (order.Lines.FirstOrDefault(l => l.Number == want.Line) is not { } line || lines.Any(l => l.Line.Number == want.Line) || !Enum.IsDefined(want.Reason))
                return ReturnRefusals.NoSuchLine(want.Line);
            if (want.Quantity < 0 || want.Quantity > line.Quantity - line.Claimed)
                return ReturnRefusals.TooMany(line.Number, line.Quantity - line.Claimed);
            if (want.Words is { Length: > Intake.MaxWords })
                return CommonRefusals.TooLong("words", Intake.MaxWords);
            if (line.Kind == GoodsKind.Service && wish == ReturnWish.Exchange)
                return ReturnRefusals.NoService;
            if (line.Kind != GoodsKind.Service && wish == ReturnWish.Cancel && (line.ShippedOn is not null || line.DeliveredOn is not null))
                return ReturnRefusals.Shipped(line.Number);
            // What is on its way can be given back already; what was not sent is cancelled.
            if (line.Kind != GoodsKind.Service && wish != ReturnWish.Cancel && line.ShippedOn is null && line.DeliveredOn is null)
                return ReturnRefusals.NotDelivered(line.Number);
            var right = ReturnRights.Of(order.Sale, line.Sold(order.Currency), want.Reason, policy, packs, today, calendar);
            // Money without the goods is no right; nor is one company's article for another, but what may come back may be exchanged.
            var asks = wish == ReturnWish.RefundOnly || right.Basis == ReturnBasis.Goodwill || (!right.Statutory && policy.AsksBeyondLaw);
            // A fault of a service or of digital content cannot be looked at when it is back: a person looks at what is said of it.
            var unseen = right.Basis == ReturnBasis.Fault && line.Kind is GoodsKind.Service or GoodsKind.Digital;
            asks |= unseen;
            if (wish == ReturnWish.RefundOnly || unseen)
                right = right with { Statutory = false };
            lines.Add(new QuotedLine(want, line, right, ReturnAmounts.Of(line.Sold(order.Currency), line.Refunded, want.Quantity, right.OutwardFreight), asks));
        }
        return new Quote(order, wish, lines, product, today);
    }

    /// <summary>Whether anything is sent back: not what was never sent, is a service, or may be kept.</summary>
    private static bool ComesBack(ReturnWish wish, IEnumerable<QuotedLine> lines) =>
        wish is ReturnWish.Refund or ReturnWish.Exchange && lines.Any(l => l.Line.Kind is not (GoodsKind.Service or GoodsKind.Digital));

    /// <summary>
    /// Begins the returns of a quote: what is granted and what a person must decide on are cases of their own, so that the one never waits for
    /// the other. The pieces are taken from the order in the same transaction.
    /// </summary>
    /// <returns>The cases with the secret of their links.</returns>
    public async Task<IReadOnlyList<(ExitCase Case, string Token)>> Begin(Quote quote, Customers.Customer customer, Channel channel, string method, int level, Call call, CancellationToken ct, Return? lapsed = null)
    {
        var (order, policy) = (quote.Order, await policies.Current(ct));
        var packs = await rules.For(order.Jurisdiction, quote.Today, ct);
        var begun = new List<(ExitCase, string)>();
        using var key = (await letterhead.Key(ct)).Ecdsa();
        var serial = 1 + (await db.CaseIndex.AsNoTracking().MaxAsync(i => (long?)i.Serial, ct) ?? 0);
        // By who decides, whether the law grants it, and whether anything is sent.
        foreach (var group in quote.Lines.GroupBy(l => (l.NeedsPerson, l.Right.Statutory, Sent: ComesBack(quote.Wish, [l]))).OrderBy(g => g.Key.NeedsPerson))
        {
            DateOnly? sendBy = group.Key is { Sent: true, NeedsPerson: false } ? quote.Today.AddDays(policy.SendDays) : null;
            var token = Secrets.Token();
            var exit = ExitCase.Claim(
                Guid.CreateVersion7(call.Now), $"R-{call.BusinessNow.Year}-{serial:D6}", procedures.Current(GeneralProcedures.ReturnId), channel, call.Language, 0,
                new ReturnClaimed(customer.Id, order.Id, customer.UnitId, level, method, order.Zone, RuleBook.Names(packs), $"{customer.Tier}", $"{order.Party}", group.Key.Statutory, group.Key.NeedsPerson, group.Key.Sent, sendBy),
                CaseDesk.MomentOf(call), procedures.Find);
            if (customer.OwnerId is { } owner)
                exit.Assign(Staff.StaffDirectory.IdOf(owner));
            var row = new Return { CaseId = exit.Id, OrderId = order.Id, Wish = quote.Wish, DeclaredOn = lapsed?.DeclaredOn ?? quote.Today, ExchangeProduct = quote.Exchange?.Code, ExchangePrice = quote.Exchange?.Price ?? 0, Currency = order.Currency };
            if (group.Key is { Sent: false, NeedsPerson: false })
                await StartClock(row, order, null, ct);
            foreach (var line in group)
            {
                line.Line.Claimed += line.Chosen.Quantity;
                row.Lines.Add(new ReturnLine
                {
                    CaseId = exit.Id, Line = line.Line.Number, Quantity = line.Chosen.Quantity, Reason = line.Chosen.Reason, Basis = line.Right.Basis, Rule = line.Right.Rule, LastDay = line.Right.LastDay,
                    ReturnFreight = line.Right.ReturnFreight, OutwardFreight = line.Right.OutwardFreight,
                    TextId = string.IsNullOrWhiteSpace(line.Chosen.Words) ? null : await texts.Stage(exit, "return", line.Chosen.Words.Trim(), ct),
                });
            }
            order.Version++;
            db.Returns.Add(row);
            var signed = Core.Proof.Receipt.Sign(exit.Number, exit.ReceivedAt, key);
            db.CaseIndex.Add(new CaseIndex { CaseId = exit.Id, Serial = serial++, TokenHash = Secrets.Hash(token), Receipt = Convert.FromHexString(signed.Signature) });
            db.Audit(call, ShowReceipt.Verb, ShowReceipt.Target(exit.Id), new { receipt = signed.LeafHash });
            db.Audit(call, "return.begun", $"case:{exit.Id:N}", new { order = order.Id, wish = quote.Wish, pieces = group.Sum(l => l.Chosen.Quantity), group.Key.Statutory, group.Key.NeedsPerson });
            desk.Stage(exit, call);
            await Tell(exit, row, order, $"{options.Url}/progress/{token}", policy, call, ct);
            begun.Add((exit, token));
        }
        return begun;
    }

    /// <summary>The time for the refund begins: with the goods back (or proof of their sending, where the law takes that), or with the declaration.</summary>
    /// <param name="backOn">When the goods arrived; null: nothing comes back.</param>
    public async Task StartClock(Return row, Order order, DateOnly? backOn, CancellationToken ct)
    {
        var (policy, calendar) = (await policies.Current(ct), await calendars.For(order.Jurisdiction, ct));
        var packs = await rules.For(order.Jurisdiction, row.DeclaredOn, ct);
        var back = Places.IsInEu(order.Jurisdiction) && row.SentOn is { } sent && sent < backOn ? sent : backOn;
        row.RefundBy = ReturnRights.RefundBy(order.Sale, row.DeclaredOn, back, policy, packs, calendar);
        if (ReturnRights.Stalling(order.Sale, backOn ?? row.DeclaredOn, packs) is var (red, last))
            (row.RedOn, row.StallsAfter) = (red, last);
    }

    /// <summary>Gives the pieces of a return back to the order: it was withdrawn, refused, lapsed, or they stay with the customer.</summary>
    public static void Release(Order order, ReturnLine line, int pieces)
    {
        order.Lines.Single(l => l.Number == line.Line).Claimed -= pieces;
        order.Version++;
    }

    /// <summary>The number of the return, what comes where by when, who pays: as a slip to put into the parcel, and by mail.</summary>
    private async Task Tell(ExitCase exit, Return row, Order order, string link, ReturnPolicy policy, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        if (exit.SendBackBy is null)
        {
            await letters.Mail(exit, call, exit.ReturnNeedsPerson ? "mail.return-asked" : "mail.return-cancelled", [exit.Number, link], [], ct);
            return;
        }
        var slip = await Slip(exit, row, order, policy, call, ct);
        await letters.Mail(exit, call, "mail.return-begun", [exit.Number, t.Date(exit.SendBackBy.Value), policy.AddressOf(order.Location).In(t.Language), link], [slip], ct);
    }

    /// <summary>Stages the packing slip of a return that is to be sent.</summary>
    public async Task<Guid> Slip(ExitCase exit, Return row, Order order, ReturnPolicy policy, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        var pdf = LetterDocument.Make(
            new LetterContent(
                exit.Language, await letterhead.Head(t, ct), [policy.AddressOf(order.Location).In(t.Language)], exit.Number, t["letter.return.title"],
                [
                    t["letter.return.put-in", exit.Number], t["letter.return.by", t.Date(exit.SendBackBy!.Value)],
                    t[row.Lines.Any(l => l.ReturnFreight == FreightPayer.Customer) ? "letter.return.freight.Customer" : "letter.return.freight.Company"],
                    .. row.Lines.OrderBy(l => l.Line).Select(l => t["letter.return.line", l.Quantity, order.Lines.Single(o => o.Number == l.Line).Name.In(t.Language), t.Of("return.reason", l.Reason)]),
                ],
                [], null, [t["letter.return.pack"]], call.Now, TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!)),
            Letterhead.Fonts, await letterhead.Key(ct));
        return (await papers.Stage(exit, exit.CustomerId!.Value, DataClass.Case, DocumentKind.Receipt, $"{exit.Number}-return.pdf", "application/pdf", pdf, call, ct)).Id;
    }
}
