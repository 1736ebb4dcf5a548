using System.Security.Cryptography;
using System.Text;

namespace Exeunt.Core.Policies;

/// <summary>Where a version of a policy is on its way.</summary>
public enum PolicyStatus
{
    /// <summary>Being written; may be changed and thrown away.</summary>
    Draft,

    /// <summary>Prepared and with those who sign.</summary>
    InSignOff,

    /// <summary>Published: in force on its days, which may lie ahead.</summary>
    Published,

    /// <summary>A newer version has taken its place; contracts signed under it keep it.</summary>
    Superseded,

    /// <summary>Thrown away before it was published; its number is not used again.</summary>
    Discarded,
}

/// <summary>The steps of a sign-off, in order: 编制 → 审核 → 复审 → 审批.</summary>
public enum SignOffStep
{
    Prepared,
    Reviewed,
    Rereviewed,
    Approved,
}

/// <summary>Who may sign a step of a chain; empty for the first, which those who wrote the version give.</summary>
public sealed record ChainStep(SignOffStep Step, IReadOnlyList<Role> Roles);

/// <summary>A signature under one version: what was signed is the document with this digest.</summary>
/// <param name="By">Id of the member of staff.</param>
public sealed record SignOff(SignOffStep Step, string By, string Digest);

/// <summary>
/// One version of a policy on its way: draft → in sign-off → published → superseded. Every method checks the state it leaves and
/// answers with the next state or the refusal. Those who wrote the version and those who sign it are different people; each
/// signature binds the digest of the document; whoever changes the document voids them all.
/// </summary>
/// <param name="Digest">Of the document as it stands (<see cref="DigestOf"/>).</param>
/// <param name="Writers">Ids of all who changed the document.</param>
/// <param name="SignOffs">In the order of the chain; those that were voided are not among them.</param>
public sealed record PolicyVersion(
    string Number, int Version, PolicyStatus Status, string Digest, IReadOnlyList<string> Writers, IReadOnlyList<SignOff> SignOffs)
{
    /// <summary>The chain of termination policies: legal gives the last signature.</summary>
    public static IReadOnlyList<ChainStep> Chain { get; } =
    [
        new(SignOffStep.Prepared, []),
        new(SignOffStep.Reviewed, [Role.Supervisor, Role.BranchHead]),
        new(SignOffStep.Rereviewed, [Role.Finance]),
        new(SignOffStep.Approved, [Role.Legal]),
    ];

    /// <summary>SHA-256 (hex) of the document's bytes.</summary>
    public static string DigestOf(string document) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document)));

    /// <summary>The signature that is missing next; null before the version is prepared and once all are given.</summary>
    public ChainStep? Next => Status == PolicyStatus.InSignOff && SignOffs.Count < Chain.Count ? Chain[SignOffs.Count] : null;

    /// <summary>Whether every signature of the chain stands under the document as it is.</summary>
    public bool IsSigned => SignOffs.Count == Chain.Count && SignOffs.All(s => s.Digest == Digest);

    /// <summary>A new draft.</summary>
    public static PolicyVersion Drafted(string number, int version, string by, string digest) =>
        new(number, version, PolicyStatus.Draft, digest, [by], []);

    /// <summary>The document is changed: all signatures are void, and the version is a draft again.</summary>
    public Outcome<PolicyVersion> Edit(string by, string digest)
    {
        if (Status is not (PolicyStatus.Draft or PolicyStatus.InSignOff))
            return PolicyRefusals.Fixed(Number, Version);
        return this with { Status = PolicyStatus.Draft, Digest = digest, SignOffs = [], Writers = Writers.Contains(by) ? Writers : [.. Writers, by] };
    }

    /// <summary>编制: a writer hands the draft to those who sign.</summary>
    public Outcome<PolicyVersion> Submit(string by)
    {
        if (Status != PolicyStatus.Draft)
            return PolicyRefusals.NotADraft;
        if (!Writers.Contains(by))
            return PolicyRefusals.WritersPrepare;
        return this with { Status = PolicyStatus.InSignOff, SignOffs = [new(SignOffStep.Prepared, by, Digest)] };
    }

    /// <summary>The next signature of the chain.</summary>
    /// <param name="seen">Digest of the document that was looked at.</param>
    public Outcome<PolicyVersion> Sign(Actor actor, string seen)
    {
        if (Next is not { } next)
            return PolicyRefusals.NotInSignOff;
        if (WhyNotSign(actor) is { } no)
            return no;
        if (seen != Digest)
            return PolicyRefusals.OtherDocument;
        return this with { SignOffs = [.. SignOffs, new(next.Step, actor.Id, Digest)] };
    }

    /// <summary>Why this person may not give the next signature; null when they may.</summary>
    public Refusal? WhyNotSign(Actor actor) =>
        Next is not { } next ? PolicyRefusals.NotInSignOff
        : Writers.Contains(actor.Id) ? PolicyRefusals.WriterSigns
        : SignOffs.Any(s => s.By == actor.Id) ? PolicyRefusals.SignsTwice
        : !next.Roles.Any(actor.Has) ? PolicyRefusals.OtherRole(next)
        : null;

    /// <summary>Whoever could sign next sends it back to the writers, with words.</summary>
    public Outcome<PolicyVersion> Return(Actor actor)
    {
        if (Next is null && !IsWaitingToPublish)
            return PolicyRefusals.NotInSignOff;
        // Once all have signed, any of the signing roles may still call it back.
        var why = Next is null ? Chain.SelectMany(s => s.Roles).Any(actor.Has) ? null : PolicyRefusals.OtherRole(Chain[^1]) : WhyNotSign(actor);
        if (why is not null)
            return why;
        return this with { Status = PolicyStatus.Draft, SignOffs = [] };
    }

    /// <summary>撤回: a writer takes the version back from those who sign.</summary>
    public Outcome<PolicyVersion> Withdraw(string by)
    {
        if (Status != PolicyStatus.InSignOff)
            return PolicyRefusals.NotInSignOff;
        if (!Writers.Contains(by))
            return PolicyRefusals.WritersPrepare;
        return this with { Status = PolicyStatus.Draft, SignOffs = [] };
    }

    /// <summary>Throws the draft away; its number stays taken.</summary>
    public Outcome<PolicyVersion> Discard() =>
        Status == PolicyStatus.Draft ? this with { Status = PolicyStatus.Discarded } : PolicyRefusals.NotADraft;

    /// <summary>
    /// Publishes the version on its own effective date: today or later, and after every published version of the same number has
    /// begun, so that no day has two and none that is past changes.
    /// </summary>
    /// <param name="from">First day in force.</param>
    /// <param name="until">The day after the last one, if the document names it.</param>
    /// <param name="published">The first days of the versions of this number that are published or superseded.</param>
    public Outcome<PolicyVersion> Publish(DateOnly from, DateOnly? until, DateOnly today, IReadOnlyList<InForce> published)
    {
        if (Status != PolicyStatus.InSignOff)
            return Status == PolicyStatus.Draft ? PolicyRefusals.NotSigned(Chain[0]) : PolicyRefusals.Fixed(Number, Version);
        if (Next is { } next)
            return PolicyRefusals.NotSigned(next);
        if (!IsSigned)
            return PolicyRefusals.OtherDocument;
        if (from < today)
            return PolicyRefusals.Retroactive(from, today);
        if (until <= today)
            return PolicyRefusals.Retroactive(until.Value, today);
        if (published.FirstOrDefault(p => p.From >= from) is { } other)
            return PolicyRefusals.Overlaps(from, other);
        return this with { Status = PolicyStatus.Published };
    }

    /// <summary>Why the law keeps a version from being published: what it forbids, then warnings that nobody confirmed. Null when it does not.</summary>
    /// <param name="acknowledged">Ids of the rules whose warnings were read.</param>
    public static Refusal? WhyNotLawful(IReadOnlyList<Rules.PolicyFinding> findings, IReadOnlyCollection<string> acknowledged) =>
        findings.Where(f => f.Blocks).ToList() is { Count: > 0 } blocking ? PolicyRefusals.AgainstTheLaw(blocking)
        : findings.Where(f => !acknowledged.Contains(f.Rule.Id)).ToList() is { Count: > 0 } unread ? PolicyRefusals.Unacknowledged(unread)
        : null;

    /// <summary>A newer version is in force.</summary>
    public PolicyVersion Supersede() => this with { Status = PolicyStatus.Superseded };

    private bool IsWaitingToPublish => Status == PolicyStatus.InSignOff && Next is null;
}

/// <summary>The days on which a published version is in force: from the first one, up to the day after the last one.</summary>
/// <param name="Until">The day after the last one; null: no end.</param>
public sealed record InForce(string Number, int Version, DateOnly From, DateOnly? Until)
{
    public bool Covers(DateOnly day) => From <= day && (Until is not { } until || day < until);

    /// <summary>The version in force on a day: the newest published one that has begun and not ended; null when there is none.</summary>
    public static InForce? On(IEnumerable<InForce> published, DateOnly day) =>
        published.Where(p => p.Covers(day)).MaxBy(p => (p.From, p.Version));

    /// <summary>
    /// The version for a contract that begins on a day and names none: the one in force then; for a contract older than the first
    /// version, the first; null when the number has no published version for it.
    /// </summary>
    public static InForce? ForContract(IReadOnlyCollection<InForce> published, DateOnly start) =>
        On(published, start) ?? published.MinBy(p => p.From) switch { { } first when start < first.From => first, _ => null };
}

/// <summary>Why a policy does not go the way somebody wants.</summary>
public static class PolicyRefusals
{
    public static readonly Refusal NotADraft = new(RefusalKind.Conflict, "policy.not-a-draft",
        "This version is not a draft any more.", "该版本已不是草稿。");

    public static readonly Refusal NotInSignOff = new(RefusalKind.Conflict, "policy.not-in-sign-off",
        "This version is not waiting for a signature.", "该版本未在会签流程中。");

    public static readonly Refusal WritersPrepare = new(RefusalKind.Forbidden, "policy.writers-only",
        "Only those who wrote this version can hand it in or take it back.", "仅该版本的编制人可以提交或撤回。");

    public static readonly Refusal WriterSigns = new(RefusalKind.Forbidden, "policy.writer-signs",
        "You wrote part of this version; somebody else must sign it.", "您参与编制了该版本，须由他人会签。");

    public static readonly Refusal SignsTwice = new(RefusalKind.Forbidden, "policy.signs-twice",
        "You have signed this version already; each signature needs another person.", "您已签署该版本，每道会签须由不同的人完成。");

    public static readonly Refusal OtherDocument = new(RefusalKind.Conflict, "policy.document-changed",
        "The document was changed since you looked at it. Read it again, then sign.", "您查看后文件已被修改。请重新阅读后再签署。");

    public static readonly Refusal NumberTaken = new(RefusalKind.Conflict, "policy.number-taken",
        "A policy has this number already. Choose another, or open a new version of that policy.", "该编号已被使用。请另选编号，或为该政策新建版本。", Field: "number");

    public static readonly Refusal NumberFixed = new(RefusalKind.Invalid, "policy.number-fixed",
        "The number and version of a policy do not change. Write a new policy instead.", "政策编号和版本不可更改。请新建政策。", Field: "number");

    public static readonly Refusal DraftOpen = new(RefusalKind.Conflict, "policy.draft-open",
        "This policy has a version that is still being written or signed. Finish or discard it first.", "该政策已有编制中或会签中的版本，请先完成或作废。");

    public static readonly Refusal NothingToReview = new(RefusalKind.Conflict, "policy.not-in-force",
        "Only a published version is reviewed.", "仅已发布的版本需要复核。");

    public static Refusal Fixed(string number, int version) => new(RefusalKind.Conflict, "policy.published",
        $"{number} version {version} is published or discarded and does not change any more. Open a new version of it.", $"{number} 第 {version} 版已发布或作废，不可再更改。请新建版本。");

    public static Refusal OtherRole(ChainStep step) => new(RefusalKind.Forbidden, "policy.other-role",
        $"The next signature ({step.Step}) is for: {string.Join(", ", step.Roles)}.", $"下一道会签（{Chinese(step.Step)}）须由以下角色完成：{string.Join("、", step.Roles.Select(Chinese))}。");

    public static Refusal NotSigned(ChainStep step) => new(RefusalKind.Conflict, "policy.not-signed",
        $"A signature is missing: {step.Step}.", $"尚缺会签：{Chinese(step.Step)}。");

    public static Refusal Retroactive(DateOnly day, DateOnly today) => new(RefusalKind.Invalid, "policy.retroactive",
        $"{day:yyyy-MM-dd} is past. A policy takes effect on the day it is published or later: return the version, set the date to {today:yyyy-MM-dd} or later, and have it signed again.",
        $"{day:yyyy-MM-dd} 已过。政策自发布当日或之后生效：请退回该版本，将日期改为 {today:yyyy-MM-dd} 或之后并重新会签。", PossibleOn: today, Field: "effectiveFrom");

    public static Refusal Overlaps(DateOnly day, InForce other) => new(RefusalKind.Conflict, "policy.overlaps",
        $"Version {other.Version} begins on {other.From:yyyy-MM-dd}. A later version must begin after it, not on {day:yyyy-MM-dd}.",
        $"第 {other.Version} 版自 {other.From:yyyy-MM-dd} 生效。后续版本须晚于该日生效，不能为 {day:yyyy-MM-dd}。", PossibleOn: other.From.AddDays(1), Field: "effectiveFrom");

    public const string Unlawful = "policy.against-the-law";

    /// <summary>What the law forbids: every rule that is broken, with its article, what breaks it and how to mend it.</summary>
    public static Refusal AgainstTheLaw(IReadOnlyList<Rules.PolicyFinding> blocking)
    {
        var rules = blocking.GroupBy(f => f.Rule.Id).Select(g => (g.First().Rule.Article, Problems: g.Select(f => f.Problem).ToList(), g.First().Fix)).ToList();
        return new(RefusalKind.Invalid, Unlawful,
            "The law forbids this. " + string.Join(" ", rules.Select(r => $"{r.Article}: {string.Join(" ", r.Problems.Select(p => p.English))}" + (r.Fix is { } fix ? $" {fix.English}" : ""))),
            "以下内容违反法律规定：" + string.Join("", rules.Select(r => $"{r.Article}：{string.Concat(r.Problems.Select(p => p.Chinese))}" + (r.Fix is { } fix ? fix.Chinese : ""))),
            Field: blocking.Count > 0 ? blocking[0].Where : null);
    }

    public static Refusal Unacknowledged(IReadOnlyList<Rules.PolicyFinding> warnings) => new(RefusalKind.Conflict, "policy.warnings",
        $"Confirm that you have read the warnings first: {string.Join(", ", warnings.Select(f => f.Rule.Id))}.", $"请先确认已阅读以下提示：{string.Join("、", warnings.Select(f => f.Rule.Id))}。", Field: "acknowledged");

    private static string Chinese(SignOffStep step) =>
        step switch { SignOffStep.Prepared => "编制", SignOffStep.Reviewed => "审核", SignOffStep.Rereviewed => "复审", _ => "审批" };

    private static string Chinese(Role role) =>
        role switch { Role.Supervisor => "主管", Role.BranchHead => "分公司负责人", Role.Finance => "财务", Role.Legal => "法务", _ => role.ToString() };
}
