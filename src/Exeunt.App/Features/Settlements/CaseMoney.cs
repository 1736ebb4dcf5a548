using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>The money of a case beside its settlement: facts, lines, orders and what was paid on them, plan, red letters.</summary>
/// <param name="FactsBy">Who wrote the facts last; null while they are what the contract says.</param>
/// <param name="Credit">What the customer paid beyond what was owed and did not get back; null where nothing was ordered yet.</param>
public sealed record CaseMoney(
    ExitFacts Facts, string? FactsBy, IReadOnlyList<CaseLine> Lines, IReadOnlyList<PaymentOrder> Orders, IReadOnlyList<AllocationRow> Paid, Money? Credit,
    Plan? Plan, IReadOnlyList<PlanRow> Instalments, IReadOnlyList<RedLetter> RedLetters, InstalmentTerms? Terms)
{
    /// <summary>The order for the settlement itself.</summary>
    public PaymentOrder? Order => Orders.FirstOrDefault(o => o.Purpose == PaymentPurpose.Settlement);

    /// <summary>Whether a plan can be made for what is open.</summary>
    public bool CanHavePlan => Terms is not null && Order is { Direction: PaymentDirection.Claim } order && order.Open.Minor > 0;
}

/// <summary>Reads the money of a case.</summary>
public sealed class CaseMoneyReader(AppDb db, CaseFacts facts)
{
    /// <summary>Null before identity is proven: there is no contract yet.</summary>
    public async Task<CaseMoney?> Of(ExitCase exit, TerminationPolicy? policy, CancellationToken ct)
    {
        if (exit.ContractId is not { } contractId || exit.EffectiveOn is not { } effective)
            return null;
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == contractId, ct);
        var by = await db.SettlementFacts.AsNoTracking().Where(f => f.CaseId == exit.Id).Select(f => f.ChangedBy).SingleOrDefaultAsync(ct);
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == exit.Id).OrderBy(o => o.OrderedAt).ThenBy(o => o.Number).ToListAsync(ct);
        var paid = orders.Count == 0 ? [] : await db.Allocations.AsNoTracking().Where(a => a.CaseId == exit.Id)
            .Join(db.BankLines.AsNoTracking(), a => a.LineKey, l => l.Key, (a, l) => new { Row = a, l.Number }).OrderBy(a => a.Row.At).ThenBy(a => a.Number).Select(a => a.Row).ToListAsync(ct);
        var plan = orders.Count == 0 ? null : await db.Plans.AsNoTracking().Where(p => p.CaseId == exit.Id && p.State != PlanState.Replaced).SingleOrDefaultAsync(ct);
        var rows = plan is null ? [] : await db.PlanRows.AsNoTracking().Where(r => r.PlanId == plan.Id).OrderBy(r => r.Number).ToListAsync(ct);
        var letters = orders.Count == 0 ? [] : await db.RedLetters.AsNoTracking().Where(r => r.CaseId == exit.Id).OrderBy(r => r.Code).ToListAsync(ct);
        Money? credit = orders.Count == 0 ? null
            : new Money(paid.Sum(a => a.Unapplied) - orders.Where(o => o.Purpose == PaymentPurpose.Credit).Sum(o => o.Amount), orders[0].Currency);
        return new CaseMoney(
            await facts.Written(exit.Id, contract, effective, ct), by, await facts.Lines(exit.Id, ct), orders, paid, credit, plan, rows, letters, policy?.Instalments);
    }
}

/// <summary>Says what became of the red-letter invoice of a refunded supply.</summary>
public sealed class DecideRedLetter(AppDb db, CaseDesk desk) : UseCase<DecideRedLetter.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Code, RedLetterState? State);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.RedLetters.SingleOrDefaultAsync(r => r.CaseId == exit.Id && r.Code == request.Code, ct) is not { } letter)
            return CommonRefusals.NotFound;
        if (request.State is not (RedLetterState.Confirmed or RedLetterState.NotNeeded))
            return CommonRefusals.Required("state");
        (letter.State, letter.DecidedBy, letter.DecidedAt) = (request.State.Value, call.Actor.Id, call.Now);
        letter.Version++;
        Db.Audit(call, "red-letter.decided", $"case:{exit.Id:N}", new { letter.Code, letter.State });
        return await Commit(Done.It, ct);
    }
}
