using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Returns;

/// <summary>The customer says that the goods are sent, with the carrier's number: from then on the return does not lapse.</summary>
public sealed class TellSent(AppDb db, CaseDesk desk, ReturnCases cases, ReturnDesk returns, CaseTexts texts) : UseCase<TellSent.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, DateOnly? On, string? Carrier);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await cases.FindOwn(request.CaseId, call, ct) is not { } found)
            return CommonRefusals.NotFound;
        var today = call.Today(found.Order.Zone);
        var on = request.On ?? today;
        if (on < found.Return.DeclaredOn || on > today)
            return ReturnRefusals.DayWrong;
        if (CommonRefusals.UnfitLine("carrier", request.Carrier, 120, out var unfit))
            return unfit;
        if (found.Case.SendReturn(on, await texts.Stage(found.Case, "return", request.Carrier.Trim(), ct)) is { } no)
            return no;
        found.Return.SentOn = on;
        // In the EU the time for the refund runs from the proof of sending, where that comes first.
        if (Core.Rules.Places.IsInEu(found.Order.Jurisdiction))
            await returns.StartClock(found.Return, found.Order, on, ct);
        found.Return.Version++;
        desk.Stage(found.Case, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>The goods arrived: the time for the refund runs from this day.</summary>
public sealed class ReceiveParcel(AppDb db, CaseDesk desk, ReturnCases cases, ReturnDesk returns, CaseLetters letters) : UseCase<ReceiveParcel.Request, Done>(db)
{
    /// <param name="On">Null: today.</param>
    public sealed record Request(Guid CaseId, DateOnly? On);

    public override Permission Needs => Permission.CarryOutWork;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await cases.Find(request.CaseId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var today = call.Today(found.Order.Zone);
        var on = request.On ?? today;
        if (on < found.Return.DeclaredOn || on > today)
            return ReturnRefusals.DayWrong;
        if (found.Case.ReceiveParcel(on) is { } no)
            return no;
        found.Return.ReceivedOn = on;
        await returns.StartClock(found.Return, found.Order, on, ct);
        found.Return.Version++;
        await letters.Mail(found.Case, call, "mail.return-arrived", [found.Case.Number, Texts.In(found.Case.Language).Date(found.Return.RefundBy!.Value)], [], ct);
        desk.Stage(found.Case, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Effect "return.lapse": nothing was sent in time. Who said that it is on its way is waited for.</summary>
public sealed class ReturnLapses(AppDb db, CaseDesk desk, ReturnCases cases, CaseLetters letters) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        if (await cases.FindOwn(effect.CaseId!.Value, call, ct) is not { } found || found.Return.SentOn is not null || found.Case.SendBackBy is not { } by || call.Today(found.Order.Zone) <= by
            || found.Case.LapseReturn() is not null)
            return EffectResult.Done;
        ReturnCases.ReleaseAll(found);
        db.Audit(call, "return.lapsed", $"case:{found.Case.Id:N}");
        await letters.Mail(found.Case, call, "mail.return-lapsed", [found.Case.Number], [], ct);
        desk.Stage(found.Case, call);
        return EffectResult.Done;
    }
}
