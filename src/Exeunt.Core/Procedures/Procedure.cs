using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;

namespace Exeunt.Core.Procedures;

/// <summary>What an approval approves; its digest is what the approval binds.</summary>
public enum ApprovalSubject
{
    Settlement,

    /// <summary>The decision to end the relationship: ground, reasons, date.</summary>
    Decision,
}

/// <summary>Something a department or a system is asked to do.</summary>
/// <param name="Code">Kebab-case, unique in its step: "stop-service".</param>
/// <param name="Department">Who confirms it when no system does.</param>
/// <param name="System">Name of the connected system that is asked; null: people do it.</param>
/// <param name="DueDays">Days until it is due, 0 or more.</param>
/// <param name="Irreversible">From its step on the case cannot turn back (a number released, data cleaned).</param>
public sealed record StepTask(string Code, Words Name, Role Department, string? System = null, int DueDays = 2, bool Irreversible = false);

/// <summary>Which side hands something in or over.</summary>
public enum ItemSide
{
    Customer,
    Company,
}

/// <summary>One item of a check-list or of the formalities.</summary>
/// <param name="Evidence">Whether it is done only with a document or photo.</param>
public sealed record StepItem(string Code, Words Name, ItemSide Side = ItemSide.Company, bool Evidence = false);

/// <summary>From when the days of a period are counted.</summary>
public enum PeriodFrom
{
    /// <summary>The day on which what stands before it has ended.</summary>
    Start,

    /// <summary>The day on which the contract's unpaid invoices were due; the start where that is not known.</summary>
    UnpaidDue,

    /// <summary>The last service day; the start before there is one.</summary>
    LastServiceDay,
}

/// <summary>
/// One step. It starts when every step named in <paramref name="After"/> has ended and its conditions hold; when one does not hold it
/// is left out. Steps without a common predecessor run beside each other.
/// </summary>
/// <param name="Id">Kebab-case, unique in the procedure.</param>
public sealed record ProcedureStep(string Id, StepKind Kind, Words Name, IReadOnlyList<string> After)
{
    /// <summary>Those who act on it; of an approval those who approve in parallel unless the approval matrix names others. Empty: the system or the customer.</summary>
    public IReadOnlyList<Role> Roles { get; init; } = [];

    /// <summary>All must hold, or the step is skipped.</summary>
    public IReadOnlyList<StepCondition> When { get; init; } = [];

    /// <summary>An automatic kind that a person releases instead ("manual"): who does must be neither requester nor approver.</summary>
    public bool Manual { get; init; }

    /// <summary>Business hours after its start in which it is to be done; null: no due time.</summary>
    public int? DueHours { get; init; }

    /// <summary>Business hours instead for customers of a tier: "Vip" → 8; null: the same for all.</summary>
    public IReadOnlyDictionary<string, int>? TierHours { get; init; }

    /// <summary>Who is told when it is overdue.</summary>
    public IReadOnlyList<Role> EscalateTo { get; init; } = [];

    /// <summary>Of an approval.</summary>
    public ApprovalSubject? Of { get; init; }

    /// <summary>Of a notice: which letter ("decision", "immediate", "ended", or one of <see cref="Procedure.Letters"/>).</summary>
    public string? Letter { get; init; }

    /// <summary>Of work orders, winding down and handing over.</summary>
    public IReadOnlyList<StepTask> Tasks { get; init; } = [];

    /// <summary>Of a check-list and of formalities.</summary>
    public IReadOnlyList<StepItem> Items { get; init; } = [];

    /// <summary>Of a period: from when its days are counted; null: from its start.</summary>
    public PeriodFrom? From { get; init; }

    /// <summary>
    /// Of the last service day: where it is the day of the application itself (no notice, no later wish), the service ends at once
    /// instead of at midnight.
    /// </summary>
    public bool AtOnce { get; init; }

    /// <summary>Calendar days it lasts: period, survey, follow-up (the time for an appeal), negotiation, the longest cure period.</summary>
    public int? Days { get; init; }

    /// <summary>The last day of a period, included; never before the day on which it starts.</summary>
    /// <param name="startedOn">The day on which it starts, which is not counted.</param>
    public DateOnly PeriodEnds(DateOnly startedOn, DateOnly? unpaidDueOn, DateOnly? lastServiceDay)
    {
        var counted = From switch { PeriodFrom.UnpaidDue => unpaidDueOn, PeriodFrom.LastServiceDay => lastServiceDay, _ => null };
        var end = (counted ?? startedOn).AddDays(Days ?? 0);
        return end < startedOn ? startedOn : end;
    }

    /// <summary>The business hours for a customer of a tier; null: no due time.</summary>
    public int? DueHoursFor(string? tier) => tier is not null && TierHours?.TryGetValue(tier, out var hours) == true ? hours : DueHours;

    /// <summary>Starts by a command only, never by itself; while it waits, those after it do not wait for it.</summary>
    public bool OnDemand => Kind is StepKind.Negotiate or StepKind.CurePeriod;

    /// <summary>From its start on the case cannot turn back: something is gone, or certified.</summary>
    public bool Irreversible => Kind is StepKind.Erase or StepKind.Certify || Tasks.Any(t => t.Irreversible);

    /// <summary>Whether the case cannot turn back from its start on: it is irreversible, or money goes out by it.</summary>
    public bool BarsTheWayBack => Irreversible || Kind is StepKind.OrderMoney or StepKind.SettleReturn;
}

/// <summary>How a kind of case goes: steps as data, versioned. A case keeps the version it started with.</summary>
/// <param name="Id">Kebab-case: "general-termination".</param>
/// <param name="Version">1, 2, ….</param>
/// <param name="Hours">The working time in which due times are counted.</param>
public sealed record Procedure(string Id, int Version, CaseKind Kind, Words Name, BusinessHours Hours, IReadOnlyList<ProcedureStep> Steps)
{
    /// <summary>Letters of its own, which its notices name beside the ones that every procedure has.</summary>
    public IReadOnlyList<ProcedureLetter> Letters { get; init; } = [];

    public ProcedureLetter? Letter(string code) => Letters.FirstOrDefault(l => l.Code == code);

    /// <exception cref="InvalidOperationException">There is no such step.</exception>
    public ProcedureStep Step(string id) => Steps.First(s => s.Id == id);

    public ProcedureStep? Find(string id) => Steps.FirstOrDefault(s => s.Id == id);

    /// <summary>Whether <paramref name="later"/> comes after <paramref name="earlier"/> on some way.</summary>
    public bool IsAfter(string later, string earlier)
    {
        var open = new Stack<string>(Step(later).After);
        var seen = new HashSet<string>();
        while (open.TryPop(out var id))
        {
            if (id == earlier)
                return true;
            if (seen.Add(id))
                foreach (var before in Step(id).After)
                    open.Push(before);
        }
        return false;
    }
}

/// <summary>Finds a version of a procedure, published or superseded.</summary>
/// <exception cref="KeyNotFoundException">There is none.</exception>
public delegate Procedure FindProcedure(string id, int version);
