using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>Everything of a return: lines, dates, photos, money.</summary>
/// <param name="Refunds">What goes back on which payment, and whether the bank has done it.</param>
public sealed record ReturnView(
    Guid CaseId, string Number, CaseState State, CaseOutcome? Outcome, IReadOnlyList<StepProgress> Steps, ReturnWish Wish, string? OrderNumber, Guid OrderId, bool Statutory, bool NeedsPerson, bool ComesBack,
    DateOnly Today, DateOnly DeclaredOn, DateOnly? SendBackBy, DateOnly? SentOn, DateOnly? ReceivedOn, DateOnly? RefundBy, DateOnly? RedOn, DateOnly? StallsAfter, DateOnly? ConfirmBy, bool Settled,
    Words SendTo, IReadOnlyList<ReturnView.LineView> Lines, Money Goods, Money Freight, Money Deducted, Money Exchanged, Money Total, string? CreditNote, string? ExchangeProduct,
    IReadOnlyList<ReturnView.RefundView> Refunds, IReadOnlyList<Guid> Slips, Guid? Again, bool CanRevive, Refusal? WhyNotWithdraw)
{
    public sealed record LineView(
        int Line, Words Name, int Quantity, ReturnReason Reason, string? Words, ReturnBasis Basis, string? Rule, DateOnly? LastDay, FreightPayer ReturnFreight, int? Accepted, int? Rejected, ReturnedCondition? Condition,
        RejectGround? Ground, string? Finding, RejectedFate? Fate, DateOnly? FateOn, string? DeductedShare, Money Goods, Money Freight, Money Deducted, int AcceptedBefore, IReadOnlyList<PhotoView> Photos);

    public sealed record PhotoView(Guid DocumentId, bool ByCustomer);

    public sealed record RefundView(PaymentDirection Direction, int Payment, PaymentMeans Means, Money Amount, string Reference, PaymentState State);

    /// <summary>Why staff do not see the numbers of order and credit note, until when; null: they are not locked.</summary>
    public Refusal? Locked { get; init; }

    public bool Is(StepKind kind) => Steps.Any(s => s.Kind == kind && s.State == StepState.Active);
}

/// <summary>Puts a return together for whoever may see it.</summary>
public sealed class ReturnReader(AppDb db, OrderBook orders, CaseTexts texts, ReturnPolicies policies)
{
    /// <summary>Null of a case that is no return, or whose order went with the facts of a former customer.</summary>
    public async Task<ReturnView?> Of(ExitCase exit, Call call, CancellationToken ct)
    {
        if (exit.OrderId is not { } orderId || await db.Returns.AsNoTracking().SingleOrDefaultAsync(r => r.CaseId == exit.Id, ct) is not { } row || await orders.Find(orderId, ct) is not { } order)
            return null;
        var words = await texts.Shown(exit, call, ct);
        var photos = (await db.ReturnPhotos.AsNoTracking().Where(p => p.CaseId == exit.Id).OrderBy(p => p.DocumentId).ToListAsync(ct)).ToLookup(p => p.Line);
        var money = await db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == exit.Id && o.Purpose == PaymentPurpose.Return).OrderBy(o => o.Number).ToListAsync(ct);
        var slips = await db.Documents.AsNoTracking().Where(d => d.CaseId == exit.Id && d.Kind == Documents.DocumentKind.Receipt).OrderBy(d => d.At).Select(d => d.Id).ToListAsync(ct);
        Money Of(long minor) => new(minor, row.Currency);
        string? Said(Guid? id) => id is { } text ? words.GetValueOrDefault(text) : null;
        var today = call.Today(order.Zone);
        return new ReturnView(
            exit.Id, exit.Number, exit.State, exit.Outcome, exit.Steps, row.Wish, await orders.NumberOf(order, ct), order.Id, exit.ReturnIsStatutory, exit.ReturnNeedsPerson, exit.ReturnComesBack, today, row.DeclaredOn,
            exit.SendBackBy, row.SentOn, row.ReceivedOn, row.RefundBy, row.RedOn, row.StallsAfter, row.ConfirmBy, row.SettledAt is not null, (await policies.Current(ct)).AddressOf(order.Location),
            [.. row.Lines.OrderBy(l => l.Line).Select(l => new ReturnView.LineView(
                l.Line, order.Lines.Single(o => o.Number == l.Line).Name, l.Quantity, l.Reason, Said(l.TextId), l.Basis, l.Rule, l.LastDay, l.ReturnFreight, l.Accepted, l.Rejected, l.Condition, l.Ground, Said(l.FindingId), l.Fate,
                l.FateOn, l.DeductedShare, Of(l.Goods - l.GoodsBefore), Of(l.Freight), Of(l.Deducted - l.DeductedBefore), l.AcceptedBefore, [.. photos[l.Line].Select(p => new ReturnView.PhotoView(p.DocumentId, p.ByCustomer))]))],
            Of(row.Goods), Of(row.Freight), Of(row.Deducted), Of(row.Exchanged), Of(row.Total), row.CreditNote, row.ExchangeProduct,
            [.. money.Select(m => new ReturnView.RefundView(m.Direction, m.OrderPayment!.Value, order.Payments.Single(p => p.Number == m.OrderPayment).Means, m.Value, m.Reference, m.State))], slips, row.Again,
            exit.Outcome == CaseOutcome.Lapsed && row.Lines.All(l => l.LastDay is null || today <= l.LastDay), exit.CannotWithdraw(today));
    }
}

/// <summary>A return for staff; its words and the order's number are personal, so the look is recorded.</summary>
public sealed class ShowReturn(AppDb db, CaseDesk desk, ReturnReader reader, Erasure.Locks locks) : UseCase<ShowReturn.Request, ReturnView>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<ReturnView>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (await reader.Of(exit, call, ct) is not { } view)
            return CommonRefusals.NotFound;
        if (await locks.Of(exit.CustomerId, ct) is { } locked)
            view = view with { OrderNumber = null, CreditNote = null, Locked = locked.Refusal };
        Db.Audit(call, "return.viewed", $"case:{exit.Id:N}");
        await Db.SaveChangesAsync(ct);
        return view;
    }
}

/// <summary>A return for its own customer.</summary>
public sealed class ShowOwnReturn(AppDb db, CaseDesk desk, ReturnReader reader) : UseCase<ShowOwnReturn.Request, ReturnView>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<ReturnView>> Handle(Call call, Request request, CancellationToken ct) =>
        await desk.FindOwn(request.CaseId, call, ct) is { } exit && await reader.Of(exit, call, ct) is { } view ? view : CommonRefusals.NotFound;
}
