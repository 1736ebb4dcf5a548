using Exeunt.App.Data;
using Exeunt.App.Features.Rules;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Churn;
using Exeunt.Core.Classes;
using Exeunt.Core.Documents;
using Exeunt.Core.LegalPages;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Rules;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using Standard = Exeunt.Core.Standards.Standard;

namespace Exeunt.App.Features.Procedures;

/// <summary>A version of a signed document, as steps answer.</summary>
public sealed record SignedKey(string Id, int Version, string Digest, VersionStatus Status);

/// <summary>A document that was read: its stored form, or what is wrong with it.</summary>
public sealed record ReadDocument(
    SignedKind Kind, string Id, int Version, string Json, Procedure? Procedure, ApprovalMatrix? Matrix, LegalPage? Page, IReadOnlyList<DocumentProblem> Problems)
{
    public Standard? Standard { get; private init; }

    public Scheme? Scheme { get; private init; }

    public ChurnDefinition? Churn { get; private init; }

    public bool IsValid => Problems.Count == 0;

    public string Digest => PolicyVersion.DigestOf(Json);

    public static ReadDocument Of(SignedKind kind, string? json)
    {
        ReadDocument Wrong(IReadOnlyList<DocumentProblem> problems) => new(kind, "", 0, "", null, null, null, problems);
        switch (kind)
        {
            case SignedKind.Procedure:
                var procedure = ProcedureDocument.Read(json ?? "");
                return procedure.IsValid ? Of(procedure.Procedure) : Wrong(procedure.Problems);
            case SignedKind.Approvals:
                var matrix = ApprovalMatrixDocument.Read(json ?? "");
                return matrix.IsValid ? Of(matrix.Matrix) : Wrong(matrix.Problems);
            case SignedKind.Standard:
                var standard = StandardDocument.Read(json ?? "");
                return standard.IsValid ? Of(standard.Standard) : Wrong(standard.Problems);
            case SignedKind.Scheme:
                var scheme = SchemeDocument.Read(json ?? "");
                return scheme.IsValid ? Of(scheme.Scheme) : Wrong(scheme.Problems);
            case SignedKind.Churn:
                var churn = ChurnDocument.Read(json ?? "");
                return churn.IsValid ? Of(churn.Definition) : Wrong(churn.Problems);
            default:
                var page = LegalPageDocument.Read(json ?? "");
                return page.Page is { } read ? Of(read) : Wrong(page.Problems);
        }
    }

    public static ReadDocument Of(Procedure procedure) => new(SignedKind.Procedure, procedure.Id, procedure.Version, ProcedureDocument.ToJson(procedure), procedure, null, null, []);

    public static ReadDocument Of(ApprovalMatrix matrix) => new(SignedKind.Approvals, Approvals.ApprovalBook.Id, matrix.Version, ApprovalMatrixDocument.ToJson(matrix), null, matrix, null, []);

    public static ReadDocument Of(LegalPage page) => new(SignedKind.Page, page.Id, page.Version, LegalPageDocument.ToJson(page), null, null, page, []);

    public static ReadDocument Of(Standard standard) =>
        new(SignedKind.Standard, standard.Id, standard.Version, StandardDocument.ToJson(standard), null, null, null, []) { Standard = standard };

    public static ReadDocument Of(Scheme scheme) => new(SignedKind.Scheme, scheme.Id, scheme.Version, SchemeDocument.ToJson(scheme), null, null, null, []) { Scheme = scheme };

    public static ReadDocument Of(ChurnDefinition churn) => new(SignedKind.Churn, ChurnDefinitions.ChurnBook.Id, churn.Version, ChurnDocument.ToJson(churn), null, null, null, []) { Churn = churn };

    public ReadDocument As(int version) =>
        Churn is { } churn ? Of(churn with { Version = version }) : Scheme is { } scheme ? Of(scheme with { Version = version }) : Standard is { } standard ? Of(standard with { Version = version }) : Procedure is { } procedure ? Of(procedure with { Version = version }) : Matrix is { } matrix ? Of(matrix with { Version = version }) : Of(Page! with { Version = version });

    /// <summary>The document with line breaks.</summary>
    public string Readable => Churn is { } churn ? ChurnDocument.Write(churn) : Scheme is { } scheme ? SchemeDocument.Write(scheme) : Standard is { } standard ? StandardDocument.Write(standard) : Procedure is { } procedure ? ProcedureDocument.Write(procedure) : Matrix is { } matrix ? ApprovalMatrixDocument.Write(matrix) : LegalPageDocument.Write(Page!);

    public Words Name => Procedure?.Name ?? Page?.Name ?? Standard?.Name ?? Scheme?.Name ?? (Kind == SignedKind.Churn ? new("Churn definition", "流失定义") : new("Approval matrix", "审批矩阵"));

    /// <summary>What a later version must not change.</summary>
    public string Nature => Procedure is { } procedure ? $"{procedure.Kind}" : Page is { } page ? $"{page.Jurisdiction} {page.Function}" : Standard is { } standard ? $"{standard.Purpose}" : Scheme is { } scheme ? $"{scheme.Kind}" : "";
}

/// <summary>What every step of a version shares: finding it with its hands, staging its next state, whether it is sound.</summary>
public sealed class SignedDocumentDesk(AppDb db, RuleBook rules)
{
    public const int MaxWords = 2000;

    public static IReadOnlyList<PartRoles> ChainOf(SignedKind kind) => kind == SignedKind.Approvals ? SignedVersion.MatrixChain : SignedVersion.ProcedureChain;

    /// <summary>What it takes to write a document of a kind; whoever may edit policies may write all of them.</summary>
    public static Permission Writing(SignedKind kind) => kind is SignedKind.Standard or SignedKind.Scheme or SignedKind.Churn ? Permission.WriteStandards : Permission.EditPolicies;

    /// <summary>Why the caller may not write a document of a kind; null when they may. The steps of writing ask only for the least of these permissions.</summary>
    public static Refusal? WhyNotWrite(SignedKind kind, Call call) => call.Actor.Allows(Writing(kind)) ? null : CommonRefusals.NotAllowed(Writing(kind));

    /// <summary>The row and the state of a version; null when there is none.</summary>
    public async Task<(SignedDocument Row, SignedVersion State)?> Find(string id, int version, CancellationToken ct)
    {
        if (await db.SignedDocuments.SingleOrDefaultAsync(d => d.Id == id && d.Version == version, ct) is not { } row)
            return null;
        return (row, StateOf(row, await Hands(row).AsNoTracking().ToListAsync(ct)));
    }

    public static SignedVersion StateOf(SignedDocument row, IReadOnlyCollection<SignedDocumentHand> hands) =>
        new(row.Id, row.Version, row.Status, row.Digest, [.. hands.Where(h => h.Part == SignPart.Author).OrderBy(h => h.At).Select(h => h.By)],
            [.. hands.Where(h => h.Part != SignPart.Author).OrderBy(h => h.Part).Select(h => new Signature(h.Part, h.By))], ChainOf(row.Kind));

    /// <summary>Puts a new draft into the database.</summary>
    public SignedDocument Add(ReadDocument read, Call call)
    {
        var row = new SignedDocument { Id = read.Id, Version = read.Version, Kind = read.Kind, Status = VersionStatus.Draft, Document = read.Json, Digest = read.Digest };
        db.SignedDocuments.Add(row);
        AddHand(row, call.Actor.Id, SignPart.Author, null, call);
        Tell(row, SignedTurnKind.Drafted, call);
        return row;
    }

    /// <summary>Stages the next state of a version: its row, its hands, its history and the audit entry.</summary>
    public void Stage(SignedDocument row, SignedVersion before, SignedVersion after, SignedTurnKind kind, Call call, string? words = null)
    {
        (row.Status, row.Digest) = (after.Status, after.Digest);
        row.Revision++;
        if (kind is SignedTurnKind.Returned or SignedTurnKind.Withdrawn || (kind == SignedTurnKind.Edited && before.Status == VersionStatus.InSignOff))
        {
            // The signatures of this round stay as history; the authors go on into the next.
            row.Round++;
            foreach (var author in after.Authors)
                AddHand(row, author, SignPart.Author, null, call);
        }
        else
        {
            foreach (var author in after.Authors.Except(before.Authors))
                AddHand(row, author, SignPart.Author, null, call);
            foreach (var signature in after.Signatures.Skip(before.Signatures.Count))
                AddHand(row, signature.By, signature.Part, row.Digest, call);
        }
        Tell(row, kind, call, words);
    }

    public void Tell(SignedDocument row, SignedTurnKind kind, Call call, string? words = null)
    {
        db.SignedDocumentTurns.Add(new SignedDocumentTurn { TurnId = Guid.CreateVersion7(), Id = row.Id, Version = row.Version, Kind = kind, By = call.Actor.Id, At = call.Now, Words = words });
        var noun = row.Kind switch { SignedKind.Procedure => "procedure", SignedKind.Approvals => "approvals", SignedKind.Standard => "standard", SignedKind.Scheme => "scheme", SignedKind.Churn => "churn-definition", _ => "page" };
        db.Audit(call, $"{noun}.{kind.ToString().ToLowerInvariant()}", $"{noun}:{row.Id}:{row.Version}", new { row.Digest, from = row.EffectiveFrom });
    }

    /// <summary>Everything that is unsound in a document that can be read.</summary>
    public async Task<IReadOnlyList<DocumentProblem>> Unsound(ReadDocument read, DateOnly on, CancellationToken ct) =>
        read.Procedure is { } procedure ? ProcedureCheck.Of(procedure, await Bans(procedure, on, ct))
        : read.Standard is { } standard ? StandardCheck.Of(standard, (await Units(ct)).Contains)
        : read.Scheme is { } scheme ? SchemeCheck.Of(scheme, (await Units(ct)).Contains)
        : read.Churn is { } churn ? ChurnCheck.Of(churn, (await Features.Units.UnitsBelow.Read(db, ct)).ByCode)
        : read.Page is { } page ? [.. (await Breaches(page, on, ct)).Where(b => b.Blocks).Select(b => b.Problem)]
        : [];

    /// <summary>Why a version that everybody signed cannot be published yet: a standard needs a back-test of exactly this document, which is then attached. Null when it can.</summary>
    public async Task<Refusal?> Attach(SignedDocument row, CancellationToken ct)
    {
        if (row.Kind != SignedKind.Standard)
            return null;
        var test = await db.Backtests.Where(b => b.StandardId == row.Id && b.Version == row.Version && b.Digest == row.Digest && b.State == Standards.BacktestState.Done)
            .OrderByDescending(b => b.EndedAt).ThenByDescending(b => b.Id).FirstOrDefaultAsync(ct);
        // A year at least, and somebody who was judged: an empty replay shows nothing.
        if (test is null || test.ToMonth - test.FromMonth + 1 < Standards.StandardRefusals.LeastMonths || Core.Standards.BacktestReport.Read(test.Report!).Months.All(m => m.Evaluated == 0))
            return Standards.StandardRefusals.NoBacktest;
        test.IsAttached = true;
        return null;
    }

    private async Task<HashSet<string>> Units(CancellationToken ct) => [.. await db.Units.AsNoTracking().Select(u => u.Code).ToListAsync(ct)];

    /// <summary>What a legal page breaks of the newest rules of its place, and what they advise against.</summary>
    public async Task<IReadOnlyList<(DocumentProblem Problem, bool Blocks)>> Breaches(LegalPage page, DateOnly on, CancellationToken ct)
    {
        var places = Places.Of(page.Jurisdiction);
        return LegalPageCheck.Of(page, [.. (await rules.Newest(ct)).Where(p => places.Contains(p.Jurisdiction))], on);
    }

    /// <summary>The rules in force at the procedure's place that forbid an offer after the declaration, one for each kind of customer they protect.</summary>
    public async Task<IReadOnlyList<OfferBan>> Bans(Procedure procedure, DateOnly on, CancellationToken ct) =>
        procedure.Hours.Place is { Length: > 0 } place ? BansOf(place, await rules.For(place, on, ct), on) : [];

    internal static IReadOnlyList<OfferBan> BansOf(string place, IReadOnlyList<RulePack> packs, DateOnly on) =>
        [.. Enum.GetValues<Party>().Select(party => PageCheck.OfferForbiddenBy(packs, party, null, on) is var (rule, _) ? new OfferBan(place, rule.Id, rule.Article, party) : null).OfType<OfferBan>()];

    /// <summary>The first problem as a refusal that says how many there are.</summary>
    public static Refusal RefusalOf(IReadOnlyList<DocumentProblem> problems)
    {
        var first = problems[0].ToRefusal();
        return problems.Count == 1 ? first
            : first with { English = $"{first.English} ({problems.Count - 1} more)", Chinese = $"{first.Chinese}（另有 {problems.Count - 1} 处）" };
    }

    private IQueryable<SignedDocumentHand> Hands(SignedDocument row) => db.SignedDocumentHands.Where(h => h.Id == row.Id && h.Version == row.Version && h.Round == row.Round);

    private void AddHand(SignedDocument row, string by, SignPart part, string? digest, Call call) =>
        db.SignedDocumentHands.Add(new SignedDocumentHand { Id = row.Id, Version = row.Version, Round = row.Round, By = by, Part = part, Digest = digest, At = call.Now });
}
