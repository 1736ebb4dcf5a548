using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>For the customer of a case: what ending on other dates would come to, by the settlement in force, before there is one by contract and policy alone.</summary>
public sealed class ShowOwnCurve(AppDb db, CaseDesk desk, Settling settling) : UseCase<ShowOwnCurve.Request, ShowOwnCurve.View>(db)
{
    public sealed record Request(Guid CaseId);

    /// <param name="EndsOn">Last service day as it stands.</param>
    public sealed record View(string Number, DateOnly? EndsOn, ShowCurve.View Curve);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId) || await desk.Look(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed || exit.ContractId is null || exit.EarliestOn is not { } earliest)
            return CaseRefusals.NoSettlement;
        if (exit.SettlementId is { } id)
        {
            var statement = await Db.Settlements.AsNoTracking().Where(s => s.Id == id).Select(s => s.Statement).SingleAsync(ct);
            return ShowCurve.Of(exit, statement) is { } curve ? new View(exit.Number, exit.EffectiveOn, curve) : CaseRefusals.NoSettlement;
        }
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var days = ShowCurve.Days(earliest, Settling.TermsOf(contract).TermEnd).Append(exit.EffectiveOn ?? earliest).Distinct().Order().ToList();
        return new View(exit.Number, exit.EffectiveOn, new ShowCurve.View(contract.Currency, await settling.Curve(contract, days, ct)));
    }
}
