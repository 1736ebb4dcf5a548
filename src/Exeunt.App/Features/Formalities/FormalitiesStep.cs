using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Formalities;

/// <summary>Effect "step.formalities": lists what each side hands in or over, from the step and the policy. It never holds up an end.</summary>
public sealed class FormalitiesStep(AppDb db, CaseDesk desk, Settling settling) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Formalities) is not { } step)
            return EffectResult.Done;
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var policy = await settling.PolicyOf(contract, ct);
        var last = exit.EffectiveOn ?? call.Today(exit.Zone!);
        var items = exit.Plan.Step(step).Items.Select(i => Of(exit, step, i.Code, i.Name, i.Side, last, i.Evidence, null))
            .Concat(policy.HandOvers.Select(h => Of(exit, step, h.Code, h.Name, h.Side == PolicySide.Customer ? ItemSide.Customer : ItemSide.Company, last.AddDays(h.Days), false, h.Price)))
            .DistinctBy(i => i.Code).ToList();
        if (items.Count == 0)
        {
            exit.Skip(step, "nothing-to-hand-over");
            desk.Stage(exit, call);
            return EffectResult.Done;
        }
        var known = await db.Set<Formality>().Where(f => f.CaseId == exit.Id).Select(f => f.Code).ToListAsync(ct);
        db.AddRange(items.Where(i => !known.Contains(i.Code)));
        db.Audit(call, "formalities.listed", $"case:{exit.Id:N}", new { items = items.Count });
        db.Enqueue(FormalitiesEnd.Of(exit, step));
        return EffectResult.Done;
    }

    private static Formality Of(ExitCase exit, string step, string code, Words name, ItemSide side, DateOnly due, bool evidence, Money? price) =>
        new()
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Step = step, Code = code, English = name.English, Chinese = name.Chinese, Side = side, DueOn = due, NeedsEvidence = evidence,
            Price = price?.Minor, Currency = price?.Currency,
        };
}

/// <summary>
/// Effect "formalities.end": the last day is over, the step ends. What the customer should have handed over by then and did not becomes a
/// line of the settlement by the policy's price; what is due later is looked at on its day.
/// </summary>
public sealed class FormalitiesEnd(AppDb db, CaseDesk desk, MissingItems missing) : IEffect
{
    public const string Kind = "formalities.end";

    public static Effect Of(ExitCase exit, string step) =>
        Effect.At(Clocks.StartOf((exit.EffectiveOn ?? Clocks.DateIn(exit.BusinessReceivedAt, exit.Zone!)).AddDays(1), exit.Zone!), Kind, $"{Kind}|{exit.Id:N}|{step}|{exit.EffectiveOn:yyyyMMdd}", new StepRef(step), exit.Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Formalities) is not { } step)
            return EffectResult.Done;
        if (exit.EffectiveOn is { } effective && call.Today(exit.Zone!) <= effective)
        {
            // The last day was moved on.
            db.Enqueue(Of(exit, step));
            db.Audit(call, "formalities.postponed", $"case:{exit.Id:N}");
            return EffectResult.Done;
        }
        await missing.Stage(exit, call.Today(exit.Zone!), call, ct);
        foreach (var due in (await db.Set<Formality>().Where(f => f.CaseId == exit.Id && f.State == FormalityState.Open).Select(f => f.DueOn).ToListAsync(ct)).Distinct())
            db.Enqueue(Effect.At(Clocks.StartOf(due.AddDays(1), exit.Zone!), FormalityDue.Kind, $"{FormalityDue.Kind}|{exit.Id:N}|{due:yyyyMMdd}", caseId: exit.Id));
        exit.Finish(step, null);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}

/// <summary>Effect "formalities.due": what is due after the last day and did not come is missing now.</summary>
public sealed class FormalityDue(AppDb db, CaseDesk desk, MissingItems missing) : IEffect
{
    public const string Kind = "formalities.due";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.IsClosed && exit.Outcome != CaseOutcome.Executed)
            return EffectResult.Done;
        await missing.Stage(exit, call.Today(exit.Zone!), call, ct);
        db.Audit(call, "formalities.due", $"case:{exit.Id:N}");
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}

/// <summary>Marks what was not handed over in time; while the money is not ordered a priced one becomes a line of the settlement.</summary>
public sealed class MissingItems(AppDb db, SettleStep settle, CaseLetters letters)
{
    public async Task Stage(ExitCase exit, DateOnly today, Call call, CancellationToken ct)
    {
        var late = await db.Set<Formality>().Where(f => f.CaseId == exit.Id && f.State == FormalityState.Open && f.DueOn < today).ToListAsync(ct);
        foreach (var item in late)
        {
            item.State = FormalityState.Missing;
            item.Version++;
            if (item is not { Side: ItemSide.Customer, Price: > 0 } || exit.CannotChangeMoney() is not null
                || await db.CaseLines.AnyAsync(l => l.CaseId == exit.Id && l.Code == $"missing.{item.Code}", ct))
                continue;
            var line = CaseLine.Add(Guid.CreateVersion7(), exit.Id, CaseLineKind.Missing, $"missing.{item.Code}", new Money(item.Price.Value, item.Currency!), new Words(item.English, item.Chinese),
                $"{exit.PolicyNumber}/{item.Code}", null, null, call.Actor.Id, call.Now);
            db.CaseLines.Add(line);
            exit.AddLine(line.Id, line.Kind);
            await letters.Mail(exit, call, "mail.line-added", [exit.Number, new Words(item.English, item.Chinese).In(exit.Language), Ui.Amounts.Text(line.Value)], [], ct);
        }
        if (late.Count > 0 && exit.CannotChangeMoney() is null)
            await settle.StageAgain(exit, call, ct);
    }
}
