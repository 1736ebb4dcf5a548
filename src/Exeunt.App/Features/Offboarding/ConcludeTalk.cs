using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>
/// What the talk of an offboarding came to: a misunderstanding or other terms end it, else it goes on. Changed terms are written into the
/// contract in the same moment.
/// </summary>
public sealed class ConcludeTalk(AppDb db, CaseDesk desk, CaseTexts texts, TurnBack back) : UseCase<ConcludeTalk.Request, Done>(db)
{
    public const int MaxWords = 2000;

    /// <param name="MonthlyFee">New fee in major units ("150.00"), for changed terms; null: as it was.</param>
    /// <param name="NoticeDays">New notice in days, 0 to 365, for changed terms; null: as it was.</param>
    public sealed record Request(Guid CaseId, TalkResult? Result, string? Words, string? MonthlyFee = null, int? NoticeDays = null);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (request.Result is not { } result || !Enum.IsDefined(result))
            return CommonRefusals.Required("result");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        if (exit.ConcludeTalk(result, await texts.Stage(exit, "talk", request.Words.Trim(), ct)) is { } no)
            return no;
        if (result == TalkResult.ChangedTerms && await ChangeTerms(exit, request, call, ct) is { } wrong)
            return wrong;
        if (exit.IsClosed)
            await back.Stage(exit, "mail.kept", request.Words.Trim(), call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }

    private async Task<Refusal?> ChangeTerms(ExitCase exit, Request request, Call call, CancellationToken ct)
    {
        if (request is { MonthlyFee: null or "", NoticeDays: null })
            return TalkRefusals.NothingChanged;
        var contract = await Db.Contracts.SingleAsync(c => c.Id == exit.ContractId, ct);
        if (request.MonthlyFee is { Length: > 0 } typed)
        {
            try
            {
                contract.MonthlyFee = Settlements.TypedAmount.Read(typed, contract.Currency, "monthlyFee").Minor;
            }
            catch (CalculationException e)
            {
                return e.Beside("monthlyFee");
            }
        }
        if (request.NoticeDays is { } days)
        {
            if (days is < 0 or > 365)
                return TalkRefusals.Notice;
            contract.NoticeDays = days;
        }
        Db.Audit(call, "contract.amended", $"contract:{contract.Id}", new { caseId = exit.Id, fields = new[] { request.MonthlyFee is { Length: > 0 } ? "monthlyFee" : null, request.NoticeDays is null ? null : "noticeDays" }.OfType<string>() });
        return null;
    }
}

public static class TalkRefusals
{
    public static readonly Refusal NothingChanged = new(RefusalKind.Invalid, "talk.nothing-changed",
        "Say which term of the contract changes: the fee or the notice.", "请填写变更的合同条款：月费或通知期。", Field: "monthlyFee");

    public static readonly Refusal Notice = new(RefusalKind.Invalid, "talk.notice",
        "The notice is 0 to 365 days.", "通知期须为 0 至 365 天。", Field: "noticeDays");
}
