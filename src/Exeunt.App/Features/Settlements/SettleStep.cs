using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Effect "step.settle": computes the settlement on the effective date and puts it in force.</summary>
public sealed class SettleStep(AppDb db, CaseDesk desk, Settling settling, CaseFacts facts, ApprovalBook approvals) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Settle) is null)
            return EffectResult.Done;
        if (await Stage(exit, call, ct) is { } no)
            return EffectResult.Park(no.Code);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }

    /// <summary>
    /// Computes a settlement again that is in force, because of what a decision or an objection changed. It is the system's: whoever
    /// decides on a line does not ask for the approval of the whole.
    /// </summary>
    public async Task<Refusal?> StageAgain(ExitCase exit, Call call, CancellationToken ct)
    {
        if (exit.SettlementId is null)
            return null;
        var system = call with { Actor = Actor.System };
        var no = await Stage(exit.With(CaseDesk.MomentOf(system)), system, ct);
        exit.With(CaseDesk.MomentOf(call));
        return no;
    }

    /// <summary>Computes and stages a settlement for the case's effective date.</summary>
    public async Task<Refusal?> Stage(ExitCase exit, Call call, CancellationToken ct)
    {
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var built = await settling.Compute(contract, exit.EffectiveOn!.Value, ct, await facts.Of(exit, contract, ct));
        if (built.Refusal is { } no)
            return no;
        var statement = built.Value;
        var json = statement.ToJson();
        var digest = Settling.Digest(exit.Id, json);
        var row = await db.Settlements.AsNoTracking().SingleOrDefaultAsync(s => s.CaseId == exit.Id && s.Digest == digest, ct);
        if (row is null)
        {
            row = new SettlementRow
            {
                Id = Guid.CreateVersion7(), CaseId = exit.Id, Digest = digest, Statement = json, Total = statement.Total.Minor,
                Currency = statement.Currency, ComputedBy = call.Actor.Id, At = call.Now,
            };
            db.Settlements.Add(row);
        }
        return exit.Settle(row.Id, digest, statement.Total.Minor, statement.Currency, await approvals.Stages(exit, ApprovalSubject.Settlement, statement.Total, ct));
    }
}

/// <summary>Computes the settlement again from the contract as it is now; a different result voids the approvals.</summary>
public sealed class RecomputeSettlement(AppDb db, CaseDesk desk, SettleStep step) : UseCase<RecomputeSettlement.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (!exit.HasCustomer)
            return CaseRefusals.IdentityFirst;
        if (await step.Stage(exit, call, ct) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
