using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;

namespace Exeunt.Core.Packs;

/// <summary>A reason for leaving that a trade has beside the general ones, with its second level.</summary>
/// <param name="Code">First level, capitals: "CLOUD".</param>
public sealed record PackReason(string Code, Words Name, IReadOnlyList<PackReasonDetail> Details);

/// <param name="Code">Second level without the first: "DATA_EXPORT".</param>
public sealed record PackReasonDetail(string Code, Words Name);

/// <summary>Something a side hands in or over in a trade, and where it stands.</summary>
/// <param name="Source">Code of the procedure, or number of the policy.</param>
public sealed record PackPaper(Words Name, string Source);

/// <summary>
/// What a trade needs to end relationships: its procedures with their letters, its policies, its reasons. Installing one puts them
/// into the company's own as published versions, which it then writes over.
/// </summary>
/// <param name="Code">Kebab-case: "saas".</param>
/// <param name="About">What is particular to the trade, one sentence each.</param>
/// <param name="TryNumber">Number of the demo contract on which the pack can be tried.</param>
public sealed record Pack(
    string Code, Words Name, IReadOnlyList<Words> About, IReadOnlyList<Procedure> Procedures, IReadOnlyList<TerminationPolicy> Policies, PackReason Reason, string TryNumber)
{
    /// <summary>Who takes part, in the order of the roles.</summary>
    public IReadOnlyList<Role> Roles =>
        [.. Procedures.SelectMany(p => p.Steps).SelectMany(s => s.Roles.Concat(s.EscalateTo).Concat(s.Tasks.Select(t => t.Department))).Distinct().Order()];

    /// <summary>The letters that are sent, the things that change hands, what is to be shown, the attachments.</summary>
    public IReadOnlyList<PackPaper> Papers =>
    [
        .. Procedures.SelectMany(p => p.Letters.Select(l => new PackPaper(l.Subject, p.Id))),
        .. Procedures.SelectMany(p => p.Steps.SelectMany(s => s.Items.Where(i => i.Evidence)).Select(i => new PackPaper(i.Name, p.Id))),
        .. Policies.SelectMany(p => p.HandOvers.Select(h => new PackPaper(h.Name, p.Number))),
        .. Policies.SelectMany(p => (p.Form?.Attachments ?? []).Select(a => new PackPaper(a, p.Number))),
    ];
}

/// <summary>The packs that come with the product.</summary>
public static class Packs
{
    public static IReadOnlyList<Pack> All { get; } = [Saas.Pack, Telecom.Pack, PrepaidCards.Pack, Manufacturer.Pack, Hotel.Pack, Bank.Pack, Insurer.Pack];

    public static Pack? Find(string? code) => All.FirstOrDefault(p => p.Code == code);
}

/// <summary>What packs are written with.</summary>
internal static class Writing
{
    public static readonly Role[] Handlers = [Role.Agent, Role.AccountManager, Role.Supervisor];
    public static readonly Role[] Checkers = [Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Legal];
    public static readonly Role[] Payers = [Role.Finance, Role.Legal];

    public static Words W(string english, string chinese) => new(english, chinese);

    public static ProcedureStep Of(string id, StepKind kind, string english, string chinese, params string[] after) => new(id, kind, new(english, chinese), after);

    public static ProcedureLetter Letter(string code, Words subject, params Words[] paragraphs) => new(code, subject, paragraphs);

    public static StepCondition Above(params string[] amounts) => new(CaseFact.Amount, Comparison.MoreThan, amounts);

    public static PackReason Reason(string code, string english, string chinese, params (string Code, string English, string Chinese)[] details) =>
        new(code, new(english, chinese), [.. details.Select(d => new PackReasonDetail(d.Code, new(d.English, d.Chinese)))]);

    /// <summary>Grounds every consumer or business may rely on; what is the other side's fault, or nobody's, costs nothing.</summary>
    public static IReadOnlyList<GroundTerms> CommonGrounds { get; } =
    [
        new(Ground.ConsumerEarly), new(Ground.Expiry, GroundFee.None), new(Ground.Withdrawal, GroundFee.None, Calendar.NoticePeriod.OfDays(0)),
        new(Ground.Mutual, GroundFee.Policy, Calendar.NoticePeriod.OfDays(0)), new(Ground.ForceMajeure, GroundFee.None, Calendar.NoticePeriod.OfDays(0)),
        new(Ground.Anticipatory, GroundFee.None, Calendar.NoticePeriod.OfDays(0)), new(Ground.LateAfterDemand, GroundFee.None, Calendar.NoticePeriod.OfDays(0)),
        new(Ground.Fundamental, GroundFee.None, Calendar.NoticePeriod.OfDays(0)), new(Ground.IndefiniteNotice, GroundFee.None), new(Ground.ServiceEnd, GroundFee.None),
        new(Ground.Death, GroundFee.None, Calendar.NoticePeriod.OfDays(0), new("a death certificate, or the entry in the register", "死亡证明或注销登记")),
        new(Ground.LegalOrder, GroundFee.None, Calendar.NoticePeriod.OfDays(0)),
    ];

    public static PolicyForm Form(Words purpose, Words scope, params Words[] attachments) => new()
    {
        Purpose = purpose, Scope = scope, InterpretingOffice = new("the legal department", "法务部"), Attachments = attachments,
        Responsibilities =
        [
            new(new("Customer service", "客服部门"), new("Takes the application and tells the customer what ending means.", "受理申请，说明解约后果。")),
            new(new("Finance", "财务部门"), new("Checks the settlement, pays refunds, collects what is owed.", "复核结算、办理退款、收取应付款。")),
            new(new("Legal", "法务部门"), new("Decides disputed cases and keeps this policy within the law.", "处理争议，确保本政策合法。")),
        ],
    };
}
