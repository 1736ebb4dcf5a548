using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>The customer finds the result right. What was not accepted, or did not come, is theirs again.</summary>
public sealed class ConfirmResult(AppDb db, CaseDesk desk, ReturnCases cases) : UseCase<ConfirmResult.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await cases.FindOwn(request.CaseId, call, ct) is not { } found)
            return CommonRefusals.NotFound;
        if (found.Case.ConfirmResult(byTime: false) is { } no)
            return no;
        ReleaseRejected(found);
        desk.Stage(found.Case, call);
        return await Commit(Done.It, ct);
    }

    internal static void ReleaseRejected(ReturnCases.Found found)
    {
        foreach (var line in found.Return.Lines.Where(l => l.Accepted < l.Quantity))
            ReturnDesk.Release(found.Order, line, line.Quantity - line.Accepted!.Value);
    }
}

/// <summary>Effect "return.unanswered": nobody said in time that the result is wrong.</summary>
public sealed class ResultUnanswered(AppDb db, CaseDesk desk, ReturnCases cases) : IEffect
{
    public const string Kind = "return.unanswered";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        if (await cases.FindOwn(effect.CaseId!.Value, call, ct) is not { } found || found.Case.ConfirmResult(byTime: true) is not null)
            return EffectResult.Done;
        ConfirmResult.ReleaseRejected(found);
        db.Audit(call, "return.result-stands", $"case:{found.Case.Id:N}");
        desk.Stage(found.Case, call);
        return EffectResult.Done;
    }
}

/// <summary>
/// The customer says what is wrong with the result, within its time: another person looks at the same goods again, in a case linked to this one.
/// What was refunded stays; a second look can only add to it.
/// </summary>
public sealed class ContestResult(AppDb db, CaseDesk desk, ReturnCases cases, CaseTexts texts, Procedures.ProcedureBook procedures, CaseLetters letters, HostOptions options) : UseCase<ContestResult.Request, ContestResult.Reopened>(db)
{
    public sealed record Request(Guid CaseId, string? Words);

    public sealed record Reopened(Guid CaseId, string Number, string Token);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => 20;

    protected override async Task<Outcome<Reopened>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await cases.FindOwn(request.CaseId, call, ct) is not { } found)
            return CommonRefusals.NotFound;
        var (exit, row, order) = found;
        if (CommonRefusals.Unfit("words", request.Words, LeaveMessage.Max, out var unfit))
            return unfit;
        if (!exit.IsActive(StepKind.ConfirmResult))
            return exit.IsClosed ? CaseRefusals.Closed : CaseRefusals.StepNotActive;
        if (call.Today(order.Zone) > row.ConfirmBy)
            return ReturnRefusals.TooLateToContest;
        if (!exit.ReturnComesBack)
            return ReturnRefusals.NothingLookedAt;
        if (row.Again is not null)
            return ReturnRefusals.AgainOnce;
        var serial = 1 + (await Db.CaseIndex.AsNoTracking().MaxAsync(i => (long?)i.Serial, ct) ?? 0);
        var token = Secrets.Token();
        var id = Guid.CreateVersion7(call.Now);
        var again = ExitCase.Claim(
            id, $"R-{call.BusinessNow.Year}-{serial:D6}", procedures.Current(GeneralProcedures.ReturnId), exit.Channel, exit.Language, 0,
            new ReturnClaimed(exit.CustomerId!.Value, order.Id, exit.UnitId!.Value, exit.IdentityLevel, "case", exit.Zone!, exit.RulePacks, exit.Tier, exit.Party, exit.ReturnIsStatutory, false, exit.ReturnComesBack, exit.SendBackBy),
            CaseDesk.MomentOf(call), procedures.Find);
        var looker = (await Db.CaseEvents.AsNoTracking().Where(e => e.CaseId == exit.Id).OrderBy(e => e.Number).ToListAsync(ct)).Select(e => e.Read()).Where(e => e.What is ReturnInspected).Select(e => e.By).Distinct();
        var second = new Return
        {
            CaseId = id, OrderId = order.Id, Wish = row.Wish, DeclaredOn = row.DeclaredOn, SentOn = row.SentOn, ReceivedOn = row.ReceivedOn, Currency = row.Currency, Again = exit.Id, NotBy = string.Join(' ', looker.Union(exit.Requesters.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
            RefundBy = row.RefundBy, RedOn = row.RedOn, StallsAfter = row.StallsAfter,
            // What is exchanged is exchanged; more than that goes back as money.
            ExchangeProduct = null,
        };
        foreach (var line in row.Lines)
        {
            // All of it is looked at again and stays taken: that something did not come can be wrong too.
            second.Lines.Add(new ReturnLine
            {
                CaseId = id, Line = line.Line, Quantity = line.Quantity, Reason = line.Reason, TextId = line.TextId, Basis = line.Basis, Rule = line.Rule, LastDay = line.LastDay, ReturnFreight = line.ReturnFreight,
                OutwardFreight = line.OutwardFreight, AcceptedBefore = line.Accepted!.Value, GoodsBefore = line.Goods, DeductedBefore = line.Deducted,
            });
        }
        if (again.IsActive(StepKind.SendBack) && again.ReceiveParcel(row.ReceivedOn!.Value) is { } never)
            return never;
        again.Link(exit.Id, "reopened");
        Db.Returns.Add(second);
        Db.CaseIndex.Add(new CaseIndex { CaseId = id, Serial = serial, TokenHash = Secrets.Hash(token) });
        Db.Audit(call, "return.reopened", $"case:{id:N}", new { of = exit.Id });
        desk.Stage(again, call);
        var text = await texts.Stage(exit, "return", request.Words.Trim(), ct);
        if (exit.ContestResult(text, id) is { } no)
            return no;
        exit.Link(id, "reopened");
        order.Version++;
        desk.Stage(exit, call);
        await letters.Mail(again, call, "mail.return-again", [again.Number, exit.Number, $"{options.Url}/progress/{token}"], [], ct);
        return await Commit(new Reopened(id, again.Number, token), ct);
    }
}

/// <summary>
/// A return that lapsed because nothing was sent begins anew: while its right runs by itself; by a member of staff also afterwards when the right was
/// used in time (the law asks for the declaration, and a late parcel does not undo it).
/// </summary>
public sealed class ReviveReturn(AppDb db, CaseDesk desk, ReturnCases cases, ReturnDesk returns) : UseCase<ReviveReturn.Request, SubmitReturn.Receipt>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => 20;

    protected override async Task<Outcome<SubmitReturn.Receipt>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await cases.FindOwn(request.CaseId, call, ct) is not { } found)
            return CommonRefusals.NotFound;
        var outcome = await Revive(Db, desk, returns, found, byStaff: false, call, ct);
        return outcome.Refusal is { } no ? no : await Commit(outcome.Value, ct);
    }

    internal static async Task<Outcome<SubmitReturn.Receipt>> Revive(AppDb db, CaseDesk desk, ReturnDesk returns, ReturnCases.Found found, bool byStaff, Call call, CancellationToken ct)
    {
        var (exit, row, order) = found;
        if (exit.Outcome != CaseOutcome.Lapsed)
            return ReturnRefusals.NotLapsed;
        if (await db.Cases.AsNoTracking().AnyAsync(c => c.LinkedTo == exit.Id && c.State != CaseState.Closed, ct))
            return ReturnRefusals.RevivedAlready;
        var today = call.Today(order.Zone);
        // A second time the pieces are taken: that they are still there is looked at again.
        var usedInTime = byStaff && exit.ReturnIsStatutory;
        var quote = await returns.Price(order, row.Wish, [.. row.Lines.Select(l => new Chosen(l.Line, l.Quantity, l.Reason))], row.ExchangeProduct, usedInTime ? row.DeclaredOn : today, ct);
        if (quote.Refusal is { } no)
            return no;
        if (quote.Value.NeedsPerson)
            return ReturnRefusals.RightOver;
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == order.CustomerId, ct);
        var begun = await returns.Begin(quote.Value with { Today = today }, customer, exit.Channel, "case", exit.IdentityLevel, call with { Language = exit.Language }, ct, usedInTime ? row : null);
        foreach (var (again, _) in begun)
        {
            exit.Link(again.Id, "reopened");
            again.Link(exit.Id, "reopened");
            desk.Stage(again, call);
        }
        desk.Stage(exit, call);
        return SubmitReturn.Of(begun);
    }
}

/// <summary>Staff begin a lapsed return anew, where its right was used in time or still runs: a parcel that came late.</summary>
public sealed class ReviveForCustomer(AppDb db, CaseDesk desk, ReturnCases cases, ReturnDesk returns) : UseCase<ReviveForCustomer.Request, SubmitReturn.Receipt>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override int Tries => 20;

    protected override async Task<Outcome<SubmitReturn.Receipt>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await cases.Find(request.CaseId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var outcome = await ReviveReturn.Revive(Db, desk, returns, found, byStaff: true, call, ct);
        return outcome.Refusal is { } no ? no : await Commit(outcome.Value, ct);
    }
}
