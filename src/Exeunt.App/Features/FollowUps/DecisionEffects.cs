using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.FollowUps;

/// <summary>Effect "look-back": 30, 90 and 180 days after a case was closed, what its decision came to, from the records.</summary>
public sealed class LookBack(AppDb db, CaseDesk desk) : IEffect
{
    public const string Kind = "look-back";

    public sealed record What(int Days);

    /// <summary>The three looks at a case that is closed now.</summary>
    public static IEnumerable<Effect> Of(ExitCase exit, Call call) =>
        exit is { CustomerId: not null, OrderId: null, Outcome: CaseOutcome.Executed or CaseOutcome.Saved or CaseOutcome.Withdrawn or CaseOutcome.Refused }
            ? DecisionEffect.After.Select(days => Effect.At(call.BusinessNow.AddDays(days), Kind, $"{Kind}|{exit.Id:N}|{days}", new What(days), exit.Id))
            : [];

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var days = effect.Read<What>().Days;
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.Outcome is not { } outcome || await db.Set<DecisionEffectRow>().AnyAsync(e => e.CaseId == exit.Id && e.Days == days, ct))
            return EffectResult.Done;
        var on = Clocks.DateIn(call.BusinessNow, exit.Zone!);
        var closedOn = on.AddDays(-days);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == exit.CustomerId, ct);
        var contracts = await db.Contracts.AsNoTracking().Where(c => c.CustomerId == customer.Id).Select(c => new { c.Id, c.State, c.StartOn }).ToListAsync(ct);
        var facts = await db.Facts.AsNoTracking().Where(f => f.CustomerId == customer.Id && f.On > closedOn.AddDays(-days) && f.On <= on)
            .GroupBy(f => new { f.Kind, After = f.On > closedOn }).Select(g => new { g.Key.Kind, g.Key.After, Count = g.Count(), Sum = g.Sum(f => f.Amount) }).ToListAsync(ct);
        db.Add(new DecisionEffectRow
        {
            CaseId = exit.Id, Days = days, On = on, Outcome = outcome, Currency = customer.Currency,
            StillThere = contracts.Any(c => c.Id == exit.ContractId && c.State != ContractState.Ended),
            SpendBefore = facts.Where(f => !f.After && Fact.Trade.Contains(f.Kind)).Sum(f => f.Sum), SpendAfter = facts.Where(f => f.After && Fact.Trade.Contains(f.Kind)).Sum(f => f.Sum),
            Complaints = facts.Where(f => f.After && f.Kind == FactKind.Complaint).Sum(f => f.Count),
            Disputed = await db.Set<Dispute>().AnyAsync(d => d.CaseId == exit.Id, ct), CameBack = contracts.Any(c => c.StartOn > closedOn && c.State != ContractState.Ended),
        });
        db.Audit(call, "case.looked-back", $"case:{exit.Id:N}", new { days });
        return EffectResult.Done;
    }
}

/// <summary>What decisions came to: per outcome and days, how many as intended, spend before and after.</summary>
public sealed class ReportDecisionEffects(AppDb db, CaseDesk desk) : UseCase<ReportDecisionEffects.Request, ReportDecisionEffects.Report>(db)
{
    public const int Max = 20_000;

    public sealed record Request(DateOnly? From = null, DateOnly? Until = null);

    /// <param name="AsIntended">Cases whose effect was the intended one.</param>
    public sealed record Row(CaseKind Kind, CaseOutcome Outcome, int Days, int Cases, int AsIntended, int Complaints, int Disputed, int CameBack);

    public sealed record Report(DateOnly From, DateOnly Until, IReadOnlyList<Row> Rows);

    public override Permission Needs => Permission.ViewTreatment;

    protected override async Task<Outcome<Report>> Handle(Call call, Request request, CancellationToken ct)
    {
        var until = request.Until ?? call.Today(Clocks.CompanyZone);
        if (DateRange.Check(until, "until") is { } neverEnds)
            return neverEnds;
        var from = request.From ?? until.AddYears(-1);
        if (DateRange.Check(from, "from") is { } neverBegins)
            return neverBegins;
        var all = await Db.Set<DecisionEffectRow>().AsNoTracking().Where(e => e.On >= from && e.On <= until)
            .Join(desk.Visible(call, Needs), e => e.CaseId, c => c.Id, (e, c) => new { Effect = e, c.Kind }).Take(Max).ToListAsync(ct);
        return new Report(from, until,
        [
            .. all.GroupBy(e => (e.Kind, e.Effect.Outcome, e.Effect.Days)).OrderBy(g => g.Key.Kind).ThenBy(g => g.Key.Outcome).ThenBy(g => g.Key.Days).Select(g => new Row(
                g.Key.Kind, g.Key.Outcome, g.Key.Days, g.Count(), g.Count(e => Of(e.Effect).AsIntended == true), g.Sum(e => e.Effect.Complaints), g.Count(e => e.Effect.Disputed), g.Count(e => e.Effect.CameBack))),
        ]);
    }

    public static DecisionEffect Of(DecisionEffectRow e) => new(e.Days, e.Outcome, e.StillThere, e.SpendBefore, e.SpendAfter, e.Complaints, e.Disputed, e.CameBack);
}
