using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>The customer withdraws the application and keeps the contract, until the last service day is over.</summary>
public sealed class WithdrawCase(AppDb db, CaseDesk desk, Ending ending, Returns.ReturnCases returns) : UseCase<WithdrawCase.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => CaseDesk.OwnWordsTries;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.Kind == CaseKind.Offboarding)
            return Offboarding.OffboardingRefusals.CompanysOwn;
        if (exit.Withdraw(exit.Zone is null ? default : call.Today(exit.Zone)) is { } no)
            return no;
        if (exit.OrderId is not null && await returns.FindOwn(exit.Id, call, ct) is { } back)
        {
            Returns.ReturnCases.ReleaseAll(back);
            await desk.CancelWaiting(exit.Id, ct);
        }
        else
            await ending.KeepContract(exit, call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
