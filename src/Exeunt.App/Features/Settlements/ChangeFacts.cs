using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Writes the facts of the end; the settlement is computed again, which voids its approvals when it differs. Whoever writes them asks
/// for the approval and cannot give it.
/// </summary>
public sealed class ChangeFacts(AppDb db, CaseDesk desk, Settling settling, SettleStep step, CaseFacts facts) : UseCase<ChangeFacts.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, FactsForm Facts);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.CannotChangeMoney() is { } fixedNow)
            return fixedNow;
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var read = request.Facts.Read(contract.Currency, exit.EffectiveOn!.Value, (await settling.PolicyOf(contract, ct)).Instalments);
        if (read.Refusal is { } wrong)
            return wrong;
        var json = CaseFacts.Write(read.Value);
        if (json == CaseFacts.Write(await facts.Written(exit.Id, contract, exit.EffectiveOn.Value, ct)))
            return Done.It;
        var row = await Db.SettlementFacts.SingleOrDefaultAsync(f => f.CaseId == exit.Id, ct);
        if (row is null)
            Db.SettlementFacts.Add(row = new FactsOfTheEnd { CaseId = exit.Id, Facts = json, ChangedBy = call.Actor.Id, ChangedAt = call.Now });
        (row.Facts, row.ChangedBy, row.ChangedAt) = (json, call.Actor.Id, call.Now);
        row.Version++;
        if (exit.ChangeFacts(row.Version) is { } not)
            return not;
        if (exit.SettlementId is not null && await step.Stage(exit, call, ct) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
