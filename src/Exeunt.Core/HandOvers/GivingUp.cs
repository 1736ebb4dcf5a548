namespace Exeunt.Core.HandOvers;

/// <summary>Why the company stops looking after a customer by a person of its own.</summary>
public enum GivingUpReason
{
    /// <summary>Too little business for a person of one's own.</summary>
    SmallVolume,

    /// <summary>Nobody has the time.</summary>
    NoCapacity,

    /// <summary>The company leaves the region or line of business.</summary>
    RegionExit,

    /// <summary>A partner looks after the customer.</summary>
    Partner,

    /// <summary>The customer was not to be reached for a long time.</summary>
    OutOfReach,

    /// <summary>The customer wants no visits and calls.</summary>
    CustomerWish,

    Other,
}

/// <summary>To whom the customer turns afterwards.</summary>
public enum Alternative
{
    /// <summary>A named colleague: the successor.</summary>
    Colleague,

    /// <summary>A desk that several people share.</summary>
    SharedDesk,
    Partner,
    SelfService,
}

/// <summary>A case of the customer that is open, as far as it matters for giving them up.</summary>
/// <param name="Disputed">A lawyer, regulator or court is concerned with it.</param>
/// <param name="Appealed">An appeal or objection waits for its answer.</param>
/// <param name="RunsUntil">Last day (included) of a period in which the customer may act or an ending takes effect; null: none runs.</param>
/// <param name="IsLookedAfter">Somebody other than the owner who leaves has it.</param>
public sealed record OpenCase(string Number, bool Disputed, bool Appealed, DateOnly? RunsUntil, bool IsLookedAfter);

/// <summary>Whether a customer can be given up.</summary>
public static class GivingUpCheck
{
    /// <summary>
    /// Everything that forbids it, the weightiest first; empty: nothing. With a successor only a customer whose data is erased cannot be
    /// given up: whoever follows answers for what is open.
    /// </summary>
    public static IReadOnlyList<Refusal> Of(bool hasSuccessor, bool isErased, IReadOnlyList<OpenCase> cases, DateOnly today)
    {
        if (isErased)
            return [Erased];
        if (hasSuccessor)
            return [];
        var why = new List<Refusal>();
        foreach (var c in cases.Where(c => c.Disputed))
            why.Add(Disputed(c.Number));
        foreach (var c in cases.Where(c => c is { Disputed: false, Appealed: true }))
            why.Add(Appealed(c.Number));
        var alone = cases.Where(c => c is { Disputed: false, Appealed: false, IsLookedAfter: false }).ToList();
        foreach (var c in alone.Where(c => c.RunsUntil >= today).OrderBy(c => c.RunsUntil))
            why.Add(PeriodRuns(c.Number, c.RunsUntil!.Value));
        foreach (var c in alone.Where(c => !(c.RunsUntil >= today)))
            why.Add(NobodyHasIt(c.Number));
        return why;
    }

    public static readonly Refusal Erased = new(RefusalKind.Conflict, "hand-over.erased",
        "This customer's personal data was erased: there is nobody to write to and nothing to hand over.", "该客户的个人数据已清除：无人可通知，也无事项可交接。");

    public static Refusal Disputed(string number) => new(RefusalKind.Conflict, "giving-up.disputed",
        $"Case {number} is in dispute: the other side needs a responsible person. Name a successor, or wait until the dispute is closed.",
        $"案件 {number} 存在法律纠纷，须有明确负责人。请指定接手人，或待纠纷结案后再办。");

    public static Refusal Appealed(string number) => new(RefusalKind.Conflict, "giving-up.appealed",
        $"In case {number} an appeal or objection waits for its answer. Answer it first, or name a successor.",
        $"案件 {number} 有申诉或异议待答复。请先答复，或指定接手人。");

    public static Refusal PeriodRuns(string number, DateOnly until) => new(RefusalKind.Conflict, "giving-up.period-runs",
        $"In case {number} a period runs in which the customer needs a responsible person. Assign the case to a colleague, name a successor, or wait until it is over.",
        $"案件 {number} 的期限尚未届满，期间须有负责人。请将案件分配给其他同事，或指定接手人，或待期满后再办。", PossibleOn: until.AddDays(1));

    public static Refusal NobodyHasIt(string number) => new(RefusalKind.Conflict, "giving-up.open-case",
        $"Case {number} is open and nobody but the present owner has it. Assign it to a colleague first, or name a successor.",
        $"案件 {number} 未结，且仅由现负责人办理。请先分配给其他同事，或指定接手人。");
}
