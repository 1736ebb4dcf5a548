using Exeunt.App.Data;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Procedures;

/// <summary>Somebody was told that a step of a case is overdue; until the step ends it stands on their day.</summary>
public sealed class Escalation
{
    public required Guid CaseId { get; init; }
    public required string Step { get; init; }
    public required Role Role { get; init; }

    /// <summary>When it was due (business time).</summary>
    public required DateTimeOffset DueAt { get; init; }
}

internal sealed class EscalationTable : IEntityTypeConfiguration<Escalation>
{
    public void Configure(EntityTypeBuilder<Escalation> table)
    {
        table.ToTable("escalations");
        table.HasKey(e => new { e.CaseId, e.Step, e.Role });
        table.Property(e => e.Step).HasMaxLength(Core.Procedures.ProcedureDocument.MaxId);
        table.HasIndex(e => new { e.Role, e.DueAt });
    }
}

/// <summary>When steps are due: business hours of the procedure's calendar, with the company's own days, in the case's zone.</summary>
public sealed class DueTimes(CalendarBook calendars)
{
    /// <summary>The due time of an open step; null: it has none, or is not open.</summary>
    public DateTimeOffset? Of(ExitCase exit, string stepId) =>
        exit.Plan.Find(stepId) is not null && exit.Step(stepId) is { State: StepState.Active, StartedAt: { } started } ? At(exit.Plan, stepId, exit.Tier, exit.Zone, started) : null;

    /// <summary>The due time of a step that began then, ended or not; null: it has none, or the procedure has no such step.</summary>
    public DateTimeOffset? At(Procedure plan, string stepId, string? tier, string? caseZone, DateTimeOffset started)
    {
        if (plan.Find(stepId)?.DueHoursFor(tier) is not { } hours)
            return null;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(caseZone ?? Clocks.CompanyZone);
        var days = calendars.Of(plan.Hours.Place);
        var local = plan.Hours.After(TimeZoneInfo.ConvertTime(started, zone).DateTime, hours * 60, days);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}

/// <summary>Effect "step.due": the time for a step is over. It stays open; it is marked, and those it is escalated to are told.</summary>
public sealed class StepDue(AppDb db, CaseDesk desk, DueTimes due) : IEffect
{
    public const string Kind = "step.due";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (effect.Read<StepRef>().Step is not { } step || exit.IsClosed || !exit.IsActive(step) || due.Of(exit, step) is not { } at)
            return EffectResult.Done;
        if (at > call.BusinessNow)
        {
            // The calendar, the tier's target or the version of the procedure changed meanwhile.
            var key = $"{exit.Id:N}|{step}|due|{at.ToUnixTimeMilliseconds()}";
            if (!await db.Effects.AnyAsync(e => e.Key == key, ct))
                db.Enqueue(Effect.At(at, Kind, key, new StepRef(step), exit.Id));
            return EffectResult.Done;
        }
        if (exit.MarkOverdue(step) is not null)
            return EffectResult.Done;
        var told = await db.Escalations.Where(e => e.CaseId == exit.Id && e.Step == step).Select(e => e.Role).ToListAsync(ct);
        foreach (var role in exit.Plan.Step(step).EscalateTo.Except(told))
            db.Escalations.Add(new Escalation { CaseId = exit.Id, Step = step, Role = role, DueAt = at });
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}

/// <summary>What is overdue and was escalated to somebody: on their day until the step ends.</summary>
public sealed class EscalationsToday(AppDb db, CaseDesk desk, ProcedureBook procedures) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.ViewCases))
            return [];
        var t = Texts.In(call.Language);
        var roles = call.Actor.Roles.Select(r => r.Role).Distinct().ToList();
        var rows = await db.Escalations.AsNoTracking().Where(e => roles.Contains(e.Role))
            .Join(desk.Visible(call, Permission.ViewCases).Where(c => c.State != CaseState.Closed), e => e.CaseId, c => c.Id, (e, c) => new { Escalation = e, Case = c })
            .OrderBy(r => r.Escalation.DueAt).Take(2 * Max).ToListAsync(ct);
        return
        [
            .. rows.Where(r => r.Case.Steps.Any(s => s.Id == r.Escalation.Step && s is { State: StepState.Active, Overdue: true })).DistinctBy(r => (r.Case.Id, r.Escalation.Step)).Take(Max)
                .Select(r => new TodayItem(
                    t["procedure.today.overdue", r.Case.Number, procedures.Find(r.Case.Procedure, r.Case.ProcedureVersion).Step(r.Escalation.Step).Name.In(call.Language)],
                    $"/cases/{r.Case.Id}#next", Clocks.DateIn(r.Escalation.DueAt, r.Case.Zone ?? Clocks.CompanyZone), TodayKind.Waiting)),
        ];
    }
}
