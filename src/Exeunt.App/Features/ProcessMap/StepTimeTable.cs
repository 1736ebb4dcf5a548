using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.ProcessMap;

/// <summary>
/// One time a step of a case was open, or is, kept beside the case in the same transaction (<see cref="Data.CaseDesk.Stage"/>), so that the
/// process map is a few sums over an index. It holds nothing of persons. Times are milliseconds of business time.
/// </summary>
public sealed class StepTime
{
    public long Id { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary>Id of the procedure the step ran on; of one that was open when the case went on under its own procedure, that one.</summary>
    public required string Procedure { get; set; }

    /// <summary>Id of the step; "" for the case as a whole, from receipt to close.</summary>
    public required string Step { get; init; }

    /// <summary>The case's unit; null before it is known whose case it is.</summary>
    public int? UnitId { get; set; }

    /// <summary>Month of the end in the company's zone, as year × 100 + month; 0 while it is open.</summary>
    public int Month { get; set; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When it was to be done; null: it has no due time.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public StepEnd How { get; set; }

    /// <summary>It ended after its due time.</summary>
    public bool Late { get; set; }

    /// <summary>To how many roles it was escalated.</summary>
    public int Escalated { get; set; }

    /// <summary>From start to end; the five below add up to it.</summary>
    public long Elapsed { get; set; }
    public long ForCustomer { get; set; }
    public long ForStaff { get; set; }
    public long ForSystem { get; set; }
    public long ForDate { get; set; }

    /// <summary>While a hold, dispute, appeal or objection kept it from going on.</summary>
    public long Stopped { get; set; }

    public static int MonthOf(DateTimeOffset at) => Clocks.DateIn(at, Clocks.CompanyZone) is var day ? day.Year * 100 + day.Month : 0;

    /// <summary>Everything it says, for comparing.</summary>
    public string Facts => string.Join('|', Procedure, Step, UnitId, Month, StartedAt.ToUnixTimeMilliseconds(), EndedAt?.ToUnixTimeMilliseconds(), How, Late, Escalated, Elapsed, ForCustomer, ForStaff, ForSystem, ForDate, Stopped);

    /// <summary>A step that is open, as the case stands.</summary>
    public static StepTime Open(ExitCase exit, StepProgress step, DueTimes due) =>
        new StepTime { CaseId = exit.Id, Procedure = exit.Procedure, Step = step.Id, StartedAt = step.StartedAt!.Value }.Stands(exit, due);

    /// <summary>The open step that this row stands for, as the case stands now.</summary>
    public StepTime Stands(ExitCase exit, DueTimes due)
    {
        (Procedure, UnitId, DueAt) = (exit.Procedure, exit.UnitId, due.Of(exit, Step));
        return this;
    }

    /// <summary>A run that ended, as a row.</summary>
    public static StepTime Of(ExitCase exit, StepRun run, DueTimes due) =>
        new StepTime { CaseId = exit.Id, Procedure = run.Plan.Id, Step = run.Step, StartedAt = run.StartedAt }.Ended(run, due);

    /// <summary>The run that this row stands for has ended.</summary>
    public StepTime Ended(StepRun run, DueTimes due)
    {
        (Procedure, UnitId, Month, EndedAt, How) = (run.Plan.Id, run.UnitId, MonthOf(run.EndedAt), run.EndedAt, run.End);
        DueAt = due.At(run.Plan, run.Step, run.Tier, run.Zone, run.StartedAt);
        Late = run.Overdue || (DueAt is { } at && run.EndedAt > at);
        Escalated = run.Overdue ? run.Plan.Find(run.Step)?.EscalateTo.Count ?? 0 : 0;
        Elapsed = Math.Max(0, (long)(run.EndedAt - StartedAt).TotalMilliseconds);
        (ForCustomer, ForStaff, ForSystem, ForDate, Stopped) = (run.Waited.Customer, run.Waited.Staff, run.Waited.System, run.Waited.Date, run.Waited.Stopped);
        return this;
    }
}

internal sealed class StepTimeTable : IEntityTypeConfiguration<StepTime>
{
    public void Configure(EntityTypeBuilder<StepTime> table)
    {
        table.ToTable("step_times");
        table.Ignore(t => t.Facts);
        table.HasKey(t => t.Id);
        table.Property(t => t.Id).ValueGeneratedOnAdd();
        table.Property(t => t.Procedure).HasMaxLength(Core.Procedures.ProcedureDocument.MaxId);
        table.Property(t => t.Step).HasMaxLength(Core.Procedures.ProcedureDocument.MaxId);
        table.HasIndex(t => t.CaseId);
        // The map: one procedure, some months, by step; how long is compared within the index. And all procedures' whole cases.
        table.HasIndex(t => new { t.Procedure, t.Month, t.Step, t.How, t.UnitId, t.Elapsed });
        table.HasIndex(t => new { t.Step, t.Month, t.How, t.Procedure, t.UnitId, t.Elapsed });
    }
}
