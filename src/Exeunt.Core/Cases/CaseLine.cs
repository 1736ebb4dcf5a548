using Exeunt.Core.Settlement;

namespace Exeunt.Core.Cases;

/// <summary>What people add to a settlement.</summary>
public enum CaseLineKind
{
    /// <summary>A damage, by the policy's published price list.</summary>
    Damage,

    /// <summary>Something not handed back, at the policy's price.</summary>
    Missing,

    /// <summary>A cost of demanding payment, with its receipt.</summary>
    Cost,

    /// <summary>Money the company gives up.</summary>
    Waiver,

    /// <summary>Money the company gives out of goodwill.</summary>
    Goodwill,

    /// <summary>What a ruling or a settlement of a dispute takes from the company.</summary>
    RuledCredit,

    /// <summary>What a ruling or a settlement of a dispute takes from the customer.</summary>
    RuledCharge,
}

public enum CaseLineState
{
    /// <summary>Added. A charge counts; a credit waits for its approval.</summary>
    Proposed,

    /// <summary>A credit was approved; an objection to a charge was turned down.</summary>
    Approved,

    /// <summary>A credit was refused.</summary>
    Refused,

    /// <summary>The customer objects; the line does not count until somebody decides.</summary>
    Contested,

    /// <summary>Taken back, or dropped after an objection.</summary>
    Dropped,
}

/// <summary>
/// A line that people added to the settlement of a case. Whoever added it never decides on it. A charge counts unless it is contested
/// or dropped; a credit counts once everybody has approved it whom its amount asks for.
/// </summary>
public sealed class CaseLine
{
    private CaseLine() { }

    public Guid Id { get; private set; }
    public Guid CaseId { get; private set; }
    public CaseLineKind Kind { get; private set; }

    /// <summary>Code of the statement's line: "damage.screen", "missing.router", "waiver.1".</summary>
    public string Code { get; private set; } = "";

    /// <summary>Minor units, above 0.</summary>
    public long Amount { get; private set; }
    public string Currency { get; private set; } = "";
    public string LabelEnglish { get; private set; } = "";
    public string LabelChinese { get; private set; } = "";

    /// <summary>The clause or the price list's entry it rests on; "" when there is none.</summary>
    public string Clause { get; private set; } = "";

    /// <summary>Own words of whoever added it: a personal text.</summary>
    public Guid? TextId { get; private set; }

    /// <summary>The document that proves it; null: none.</summary>
    public Guid? EvidenceId { get; private set; }
    public string AddedBy { get; private set; } = "";
    public DateTimeOffset AddedAt { get; private set; }
    public CaseLineState State { get; private set; }

    /// <summary>Who gave the first of two approvals, and as what.</summary>
    public string? FirstApprovedBy { get; private set; }
    public WaiverAuthority? FirstApprovedAs { get; private set; }

    /// <summary>Who decided; null while nobody has, or when it was taken back by whoever added it.</summary>
    public string? DecidedBy { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>The customer's objection and the decision's words: personal texts.</summary>
    public Guid? ObjectionTextId { get; private set; }
    public Guid? DecisionTextId { get; private set; }
    public int Version { get; private set; }

    public bool IsCredit => Kind is CaseLineKind.Waiver or CaseLineKind.Goodwill or CaseLineKind.RuledCredit;

    /// <summary>Whether the line is in the settlement's total.</summary>
    public bool Counts => State == CaseLineState.Approved || (State == CaseLineState.Proposed && !IsCredit);

    /// <summary>Whether a decision is waited for.</summary>
    public bool IsOpen => State == CaseLineState.Contested || (State == CaseLineState.Proposed && IsCredit);

    public Money Value => new(Amount, Currency);

    /// <param name="amount">Above 0, in the contract's currency: the caller has checked it.</param>
    public static CaseLine Add(
        Guid id, Guid caseId, CaseLineKind kind, string code, Money amount, Words label, string clause, Guid? textId, Guid? evidenceId, string by, DateTimeOffset at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount.Minor, 1);
        return new()
        {
            Id = id, CaseId = caseId, Kind = kind, Code = code, Amount = amount.Minor, Currency = amount.Currency, LabelEnglish = label.English,
            LabelChinese = label.Chinese, Clause = clause, TextId = textId, EvidenceId = evidenceId, AddedBy = by, AddedAt = at,
        };
    }

    /// <summary>What the company gives up by an agreement: asked for by one side and confirmed by the other, so it counts at once.</summary>
    /// <exception cref="ArgumentException">The same person on both sides.</exception>
    public static CaseLine Agreed(Guid id, Guid caseId, string code, Money amount, Words label, string clause, string proposedBy, string confirmedBy, DateTimeOffset at)
    {
        if (proposedBy == confirmedBy)
            throw new ArgumentException("An agreement has two sides.", nameof(confirmedBy));
        var line = Add(id, caseId, CaseLineKind.Waiver, code, amount, label, clause, null, null, proposedBy, at);
        (line.State, line.DecidedBy, line.DecidedAt) = (CaseLineState.Approved, confirmedBy, at);
        return line;
    }

    /// <summary>What a ruling makes of the settlement: it counts at once, and nobody of the company decides on it.</summary>
    /// <param name="openedBy">Who opened the dispute; <paramref name="by"/>, who carries the ruling out, is another person.</param>
    public static CaseLine Ruled(Guid id, Guid caseId, bool credit, string code, Money amount, Words label, Guid? textId, string openedBy, string by, DateTimeOffset at)
    {
        var line = Add(id, caseId, credit ? CaseLineKind.RuledCredit : CaseLineKind.RuledCharge, code, amount, label, "", textId, null, openedBy, at);
        (line.State, line.DecidedBy, line.DecidedAt) = (CaseLineState.Approved, by, at);
        return line;
    }

    /// <summary>Approves a credit.</summary>
    /// <param name="needed">The approvals that the case's credits need together.</param>
    /// <param name="unitPath">Unit of the case.</param>
    /// <param name="complete">Whether it counts from now on.</param>
    public Refusal? Approve(Actor by, string unitPath, IReadOnlyList<WaiverAuthority> needed, DateTimeOffset at, out bool complete)
    {
        complete = false;
        if (!IsCredit || State != CaseLineState.Proposed)
            return CaseLineRefusals.NothingToDecide;
        if (Not(by.Id) is { } own)
            return own;
        // What was approved for a smaller sum does not count for a larger one.
        var given = FirstApprovedAs is { } first && needed.Contains(first) ? first : (WaiverAuthority?)null;
        if (given is not null && FirstApprovedBy == by.Id)
            return CaseLineRefusals.SecondPerson;
        var missing = needed.Where(n => n != given).ToList();
        if (missing.Where(m => WaiverMatrix.Holds(by, m, unitPath)).Select(m => (WaiverAuthority?)m).FirstOrDefault() is not { } authority)
            return CaseLineRefusals.OverAuthority(missing);
        if (missing.Count > 1)
        {
            (FirstApprovedBy, FirstApprovedAs) = (by.Id, authority);
            Version++;
            return null;
        }
        if (given is null)
            (FirstApprovedBy, FirstApprovedAs) = (null, null);
        complete = true;
        return Decide(CaseLineState.Approved, by.Id, null, at);
    }

    /// <summary>Refuses a credit, with words.</summary>
    public Refusal? Refuse(string by, Guid? textId, DateTimeOffset at) =>
        !IsCredit || State != CaseLineState.Proposed ? CaseLineRefusals.NothingToDecide : Not(by) ?? Decide(CaseLineState.Refused, by, textId, at);

    /// <summary>The customer objects to a charge, once.</summary>
    public Refusal? Contest(Guid textId)
    {
        if (IsCredit || !Counts)
            return CaseLineRefusals.NothingToObject;
        if (ObjectionTextId is not null)
            return CaseLineRefusals.ObjectedAlready;
        (State, ObjectionTextId) = (CaseLineState.Contested, textId);
        Version++;
        return null;
    }

    /// <summary>Decides an objection, with words: the charge stands or is dropped.</summary>
    public Refusal? DecideObjection(bool stands, string by, Guid textId, DateTimeOffset at) =>
        State != CaseLineState.Contested ? CaseLineRefusals.NothingToDecide
        : Not(by) ?? Decide(stands ? CaseLineState.Approved : CaseLineState.Dropped, by, textId, at);

    /// <summary>Whoever added a line takes it back while nobody has decided on it.</summary>
    public Refusal? TakeBack(string by, DateTimeOffset at)
    {
        if (State is not (CaseLineState.Proposed or CaseLineState.Contested))
            return CaseLineRefusals.NothingToDecide;
        if (AddedBy != by)
            return CaseLineRefusals.NotYours;
        (State, DecidedAt) = (CaseLineState.Dropped, at);
        Version++;
        return null;
    }

    /// <summary>The line as the settlement takes it.</summary>
    public AddedLine ToAdded() =>
        new(Code, IsCredit ? StatementSide.Credit : StatementSide.Owed, Value, IsCredit ? DecidedBy : null, new Words(LabelEnglish, LabelChinese), Clause.Length == 0 ? null : Clause);

    private Refusal? Not(string by) => AddedBy == by ? CaseLineRefusals.Own : null;

    private Refusal? Decide(CaseLineState state, string by, Guid? textId, DateTimeOffset at)
    {
        (State, DecidedBy, DecisionTextId, DecidedAt) = (state, by, textId, at);
        Version++;
        return null;
    }
}

/// <summary>Every "no" of a line that people add.</summary>
public static class CaseLineRefusals
{
    public static readonly Refusal Own = new(RefusalKind.Forbidden, "line.own",
        "You added this line, so another person decides on it.", "该项由您添加，须由他人决定。");

    public static readonly Refusal SecondPerson = new(RefusalKind.Forbidden, "line.second-person",
        "You gave the first approval; the second one needs a second person.", "您已作出第一次批准，第二次须由另一人批准。");

    public static readonly Refusal NothingToDecide = new(RefusalKind.Conflict, "line.nothing-to-decide",
        "Nothing is to be decided on this line now.", "该项目前没有待决定的事项。");

    public static readonly Refusal NothingToObject = new(RefusalKind.Conflict, "line.nothing-to-object",
        "This line charges you nothing now.", "该项目前不向您收费。");

    public static readonly Refusal ObjectedAlready = new(RefusalKind.Conflict, "line.objected-already",
        "You objected to this line already, and somebody decided. You can write to us in the case.", "您已对该项提出过异议并已有决定。您可以在案件中给我们留言。");

    public static readonly Refusal NotYours = new(RefusalKind.Forbidden, "line.not-yours",
        "Only whoever added a line can take it back.", "只有添加人可以撤回该项。");

    public static Refusal OverAuthority(IReadOnlyList<WaiverAuthority> needed) =>
        new(RefusalKind.Forbidden, "line.over-authority",
            $"What is given up in this case is above your limit. It needs: {string.Join(" and ", needed.Select(English))}.",
            $"本案减免合计超出您的权限，须由{string.Join("和", needed.Select(Chinese))}批准。");

    private static string English(WaiverAuthority authority) =>
        authority switch
        {
            WaiverAuthority.Lead => "a supervisor",
            WaiverAuthority.Manager => "the branch head",
            WaiverAuthority.Director => "a head of the whole company",
            _ => "finance",
        };

    private static string Chinese(WaiverAuthority authority) =>
        authority switch
        {
            WaiverAuthority.Lead => "主管",
            WaiverAuthority.Manager => "分公司负责人",
            WaiverAuthority.Director => "总部负责人",
            _ => "财务",
        };
}
