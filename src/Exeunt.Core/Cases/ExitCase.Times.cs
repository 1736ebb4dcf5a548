using System.Text.Json.Serialization;
using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>For whom an open step waited, in milliseconds of business time; together they are the time it was open.</summary>
/// <param name="Stopped">While a hold, a dispute, an appeal or an objection kept the step from going on, whoever's turn it was.</param>
public sealed record StepWaited(long Customer, long Staff, long System, long Date, long Stopped)
{
    public static readonly StepWaited Nothing = new(0, 0, 0, 0, 0);

    [JsonIgnore]
    public long Total => Customer + Staff + System + Date + Stopped;

    public StepWaited With(WaitsFor who, bool stopped, long passed) =>
        stopped ? this with { Stopped = Stopped + passed }
        : who switch
        {
            WaitsFor.Customer => this with { Customer = Customer + passed },
            WaitsFor.Staff => this with { Staff = Staff + passed },
            WaitsFor.System => this with { System = System + passed },
            _ => this with { Date = Date + passed },
        };
}

/// <summary>How a step that was open came to its end.</summary>
public enum StepEnd
{
    /// <summary>It has not: it is open.</summary>
    Running,
    Done,

    /// <summary>It was passed over: the law, the procedure or a person said that it is not needed.</summary>
    Skipped,

    /// <summary>The case closed while it was open.</summary>
    CutShort,
}

/// <summary>One time a step of a case was open, from its start to its end; a step that was opened again has two.</summary>
/// <param name="Number">Number of the event that ended it.</param>
/// <param name="Step">Id of the step; "" for the case as a whole, from its receipt to its close.</param>
/// <param name="Plan">The procedure as it was then, and the case's unit, tier and zone.</param>
public sealed record StepRun(
    int Number, string Step, Procedure Plan, int? UnitId, string? Tier, string? Zone, DateTimeOffset StartedAt, DateTimeOffset EndedAt, StepEnd End, StepWaited Waited, bool Overdue);

/// <summary>How long each step was open, and for whom it waited meanwhile.</summary>
public sealed partial class ExitCase
{
    private readonly List<StepRun> _ended = [];

    /// <summary>Business time up to which the open steps' time is counted: that of the last event.</summary>
    public DateTimeOffset CountedUntil { get; private set; }

    /// <summary>What came to an end by the events raised since the case was loaded, or by those it was folded from.</summary>
    [JsonIgnore]
    public IReadOnlyList<StepRun> Ended => _ended;

    /// <summary>The time since the last event goes to those the open steps waited for; a clock that was set back counts nothing.</summary>
    private void Count(DateTimeOffset until)
    {
        var passed = (long)(until - CountedUntil).TotalMilliseconds;
        if (passed <= 0)
            return;
        // Rows from before this was counted begin with their next event.
        if (Version > 1 && CountedUntil >= BusinessReceivedAt && !IsClosed)
            foreach (var step in Plan.Steps)
                if (_steps.Find(s => s.Id == step.Id) is { State: StepState.Active } open)
                {
                    var waited = (open.Waited ?? StepWaited.Nothing).With(WaitOf(step, open).For, Stopped(step), passed);
                    Set(step.Id, s => s with { Waited = waited });
                }
        CountedUntil = until;
    }

    /// <summary>Before a step is marked as ended.</summary>
    private void End(string step, StepEnd how, RecordedEvent recorded)
    {
        if (Step(step) is { State: StepState.Active, StartedAt: { } started } open)
            _ended.Add(new StepRun(recorded.Number, step, Plan, UnitId, Tier, Zone, started, recorded.BusinessAt, how, open.Waited ?? StepWaited.Nothing, open.Overdue == true));
    }

    /// <summary>Before the case is marked as closed: what was open is cut short, and the whole is done.</summary>
    private void EndAll(RecordedEvent recorded)
    {
        foreach (var open in _steps.Where(s => s.State == StepState.Active))
            End(open.Id, StepEnd.CutShort, recorded);
        _ended.Add(new StepRun(recorded.Number, "", Plan, UnitId, Tier, Zone, BusinessReceivedAt, recorded.BusinessAt, StepEnd.Done, StepWaited.Nothing, false));
    }
}
