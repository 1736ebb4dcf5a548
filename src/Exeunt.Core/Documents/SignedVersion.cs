namespace Exeunt.Core.Documents;

/// <summary>Where a version of a signed document is on its way.</summary>
public enum VersionStatus
{
    /// <summary>Being written; may be changed and thrown away.</summary>
    Draft,

    /// <summary>With those who sign.</summary>
    InSignOff,

    /// <summary>Published; it never changes any more.</summary>
    Published,

    /// <summary>Thrown away; its number is not used again.</summary>
    Discarded,

    /// <summary>停用: it was published, and nothing goes by it any more.</summary>
    Retired,
}

/// <summary>A hand under a version.</summary>
public enum SignPart
{
    Author,
    Reviewer,
    Legal,
}

/// <summary>Who may give a signature.</summary>
public sealed record PartRoles(SignPart Part, IReadOnlyList<Role> Roles);

/// <summary>A signature under the document with the version's digest.</summary>
public sealed record Signature(SignPart Part, string By);

/// <summary>
/// One version of a document that more than one person answers for (a procedure, the approval matrix): draft → in sign-off →
/// published. Those who wrote it and those who sign it are different people; whoever changes it voids the signatures.
/// </summary>
/// <param name="Digest">Of the document as it stands: what signatures bind.</param>
/// <param name="Authors">Ids of all who changed it.</param>
/// <param name="Signatures">In the order of the chain.</param>
public sealed record SignedVersion(
    string Id, int Version, VersionStatus Status, string Digest, IReadOnlyList<string> Authors, IReadOnlyList<Signature> Signatures, IReadOnlyList<PartRoles> Chain)
{
    /// <summary>A procedure: a reviewer who knows the work, then legal.</summary>
    public static IReadOnlyList<PartRoles> ProcedureChain { get; } =
        [new(SignPart.Reviewer, [Role.Supervisor, Role.BranchHead, Role.Finance]), new(SignPart.Legal, [Role.Legal])];

    /// <summary>The approval matrix: a second person.</summary>
    public static IReadOnlyList<PartRoles> MatrixChain { get; } = [new(SignPart.Reviewer, [Role.BranchHead, Role.Finance, Role.Legal])];

    /// <summary>The signature that is missing next; null when the version is not in sign-off or all are given.</summary>
    public PartRoles? Next => Status == VersionStatus.InSignOff && Signatures.Count < Chain.Count ? Chain[Signatures.Count] : null;

    public bool IsSigned => Status == VersionStatus.InSignOff && Signatures.Count == Chain.Count;

    /// <summary>The document is changed: it is a draft again, without signatures.</summary>
    public Outcome<SignedVersion> Edit(string by, string digest) =>
        Status is not (VersionStatus.Draft or VersionStatus.InSignOff)
            ? VersionRefusals.Fixed
            : this with { Status = VersionStatus.Draft, Digest = digest, Signatures = [], Authors = Authors.Contains(by) ? Authors : [.. Authors, by] };

    /// <summary>An author hands the draft to those who sign.</summary>
    public Outcome<SignedVersion> Submit(string by) =>
        Status != VersionStatus.Draft ? VersionRefusals.NotADraft
        : !Authors.Contains(by) ? VersionRefusals.AuthorsOnly
        : this with { Status = VersionStatus.InSignOff };

    /// <summary>The next signature.</summary>
    /// <param name="seen">Digest of the document that was read.</param>
    public Outcome<SignedVersion> Sign(Actor actor, string seen) =>
        WhyNotSign(actor) is { } no ? no
        : seen != Digest ? VersionRefusals.OtherDocument
        : this with { Signatures = [.. Signatures, new(Next!.Part, actor.Id)] };

    /// <summary>Why this person may not give the next signature; null when they may.</summary>
    public Refusal? WhyNotSign(Actor actor) =>
        Next is not { } next ? VersionRefusals.NotInSignOff
        : Authors.Contains(actor.Id) ? VersionRefusals.AuthorSigns
        : Signatures.Any(s => s.By == actor.Id) ? VersionRefusals.SignsTwice
        : !next.Roles.Any(actor.Has) ? VersionRefusals.OtherRole(next)
        : null;

    /// <summary>Whoever could sign next, or has the last word before publishing, sends it back with words.</summary>
    public Outcome<SignedVersion> Return(Actor actor)
    {
        if (Status != VersionStatus.InSignOff)
            return VersionRefusals.NotInSignOff;
        var why = Next is null ? Chain.SelectMany(c => c.Roles).Any(actor.Has) ? null : VersionRefusals.OtherRole(Chain[^1]) : WhyNotSign(actor);
        return why is not null ? why : this with { Status = VersionStatus.Draft, Signatures = [] };
    }

    /// <summary>An author takes it back from those who sign.</summary>
    public Outcome<SignedVersion> Withdraw(string by) =>
        Status != VersionStatus.InSignOff ? VersionRefusals.NotInSignOff
        : !Authors.Contains(by) ? VersionRefusals.AuthorsOnly
        : this with { Status = VersionStatus.Draft, Signatures = [] };

    public Outcome<SignedVersion> Discard() => Status == VersionStatus.Draft ? this with { Status = VersionStatus.Discarded } : VersionRefusals.NotADraft;

    /// <summary>Publishes what everybody signed, from a day on.</summary>
    /// <param name="from">First day: today or later, and not before that of a version that is published already.</param>
    /// <param name="latest">The last first day among the published versions; null: there is none.</param>
    public Outcome<SignedVersion> Publish(DateOnly from, DateOnly today, DateOnly? latest) =>
        Status is VersionStatus.Published or VersionStatus.Discarded or VersionStatus.Retired ? VersionRefusals.Fixed
        : !IsSigned ? VersionRefusals.NotSigned(Next ?? Chain[0])
        : from < today ? VersionRefusals.Past(today)
        : latest is { } other && from < other ? VersionRefusals.BeforeAnother(other)
        : this with { Status = VersionStatus.Published };

    /// <summary>Takes a published version out of use, with nothing in its place.</summary>
    public Outcome<SignedVersion> Retire() => Status == VersionStatus.Published ? this with { Status = VersionStatus.Retired } : VersionRefusals.NotPublished;
}

/// <summary>Why a version does not go the way somebody wants.</summary>
public static class VersionRefusals
{
    public static readonly Refusal NotADraft = new(RefusalKind.Conflict, "version.not-a-draft", "This version is not a draft any more.", "该版本已不是草稿。");

    public static readonly Refusal NotInSignOff = new(RefusalKind.Conflict, "version.not-in-sign-off", "This version is not waiting for a signature.", "该版本未在会签中。");

    public static readonly Refusal AuthorsOnly = new(RefusalKind.Forbidden, "version.authors-only",
        "Only those who wrote this version can hand it in or take it back.", "仅该版本的编制人可以提交或撤回。");

    public static readonly Refusal AuthorSigns = new(RefusalKind.Forbidden, "version.author-signs",
        "You wrote part of this version; somebody else must sign it.", "您参与编制了该版本，须由他人会签。");

    public static readonly Refusal SignsTwice = new(RefusalKind.Forbidden, "version.signs-twice",
        "You have signed this version; each signature needs another person.", "您已签署该版本，每道会签须由不同的人完成。");

    public static readonly Refusal OtherDocument = new(RefusalKind.Conflict, "version.document-changed",
        "The document was changed since you looked at it. Read it again, then sign.", "您查看后文件已被修改。请重新阅读后再签署。");

    public static readonly Refusal Fixed = new(RefusalKind.Conflict, "version.fixed",
        "This version is published, discarded or out of use and does not change any more. Open a new version.", "该版本已发布、作废或停用，不可再更改。请新建版本。");

    public static readonly Refusal NotPublished = new(RefusalKind.Conflict, "version.not-published",
        "Only a published version can be taken out of use.", "仅已发布的版本可以停用。");

    public static readonly Refusal NeverRetired = new(RefusalKind.Invalid, "version.never-retired",
        "Only standards and classification schemes are taken out of use; publish a new version of this document instead.", "仅标准和客户分类方案可以停用；该文件请发布新版本。");

    public static readonly Refusal DraftOpen = new(RefusalKind.Conflict, "version.draft-open",
        "A version is still being written or signed. Finish or discard it first.", "尚有编制中或会签中的版本，请先完成或作废。");

    public static readonly Refusal IdFixed = new(RefusalKind.Invalid, "version.id-fixed",
        "Code, kind and version do not change. Write a new document instead.", "代码、类型和版本不可更改。请新建。", Field: "id");

    public static Refusal OtherRole(PartRoles part) => new(RefusalKind.Forbidden, "version.other-role",
        $"The next signature is for: {Procedures.ProcedureWords.Of(part.Roles).English}.", $"下一道会签须由以下角色完成：{Procedures.ProcedureWords.Of(part.Roles).Chinese}。");

    public static Refusal NotSigned(PartRoles part) => new(RefusalKind.Conflict, "version.not-signed",
        $"A signature is missing, by: {Procedures.ProcedureWords.Of(part.Roles).English}.", $"尚缺会签：{Procedures.ProcedureWords.Of(part.Roles).Chinese}。");

    public static Refusal Past(DateOnly today) => new(RefusalKind.Invalid, "version.past",
        $"A version takes effect today ({today:yyyy-MM-dd}) or later.", $"版本自今日（{today:yyyy-MM-dd}）或之后生效。", today, "from");

    public static Refusal BeforeAnother(DateOnly other) => new(RefusalKind.Conflict, "version.before-another",
        $"Another version takes effect on {other:yyyy-MM-dd}; this one cannot begin before it.", $"另一版本自 {other:yyyy-MM-dd} 生效，本版本不能早于该日。", other, "from");
}
