using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>What a version is on a day, as people say it.</summary>
public enum SignedStanding
{
    Draft,
    InSignOff,

    /// <summary>Published for a day that is still to come.</summary>
    Scheduled,

    /// <summary>New cases start on it.</summary>
    InForce,

    /// <summary>Published, and a later one is in force; cases that began on it keep it.</summary>
    Superseded,
    Discarded,

    /// <summary>Taken out of use, with nothing in its place.</summary>
    Retired,
}

/// <summary>One version of a signed document with everything its page shows.</summary>
public sealed class ShowSigned(AppDb db, SignedDocumentDesk desk, CaseDesk cases, StaffDirectory staff) : UseCase<ShowSigned.Request, ShowSigned.Sheet>(db)
{
    public const int MaxCases = 20;

    public sealed record Request(string Id, int Version);

    public sealed record Turn(SignedTurnKind Kind, string By, DateTimeOffset At, string? Words);

    public sealed record RunningCase(Guid Id, string Number, CaseState State);

    /// <param name="Problems">What is unsound in it.</param>
    /// <param name="Names">Of those who wrote and signed.</param>
    /// <param name="Cases">Open cases that run on it and the caller may see, at most 20.</param>
    /// <param name="History">Newest first, at most 100.</param>
    public sealed record Sheet(
        SignedDocument Row, SignedVersion State, SignedStanding Standing, ReadDocument Read, IReadOnlyList<DocumentProblem> Problems,
        IReadOnlyList<(int Version, SignedStanding Standing)> Versions, IReadOnlyDictionary<string, string> Names, IReadOnlyList<Turn> History, int Running,
        IReadOnlyList<RunningCase> Cases, Refusal? WhyNotSign)
    {
        public string Path => Row.PathOf(Row.Version);

        public Procedure? Procedure => Read.Procedure;

        public ApprovalMatrix? Matrix => Read.Matrix;

        /// <summary>The document with line breaks.</summary>
        public string Readable => Read.Readable;
    }

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<Sheet>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
        var today = call.Today(Clocks.CompanyZone);
        var read = ReadDocument.Of(row.Kind, row.Document);
        var versions = await Db.SignedDocuments.AsNoTracking().Where(d => d.Id == row.Id).OrderByDescending(d => d.Version).Take(50).ToListAsync(ct);
        var turns = await Db.SignedDocumentTurns.AsNoTracking().Where(t => t.Id == row.Id && t.Version == row.Version).OrderByDescending(t => t.At).ThenByDescending(t => t.TurnId).Take(100).ToListAsync(ct);
        var names = await staff.Names(turns.Select(t => t.By).Concat(state.Authors).Concat(state.Signatures.Select(s => s.By)), ct);
        var open = cases.Visible(call, Permission.ViewCases).Where(c => c.Procedure == row.Id && c.ProcedureVersion == row.Version && c.State != CaseState.Closed);
        var sees = row.Kind == SignedKind.Procedure && call.Actor.Allows(Permission.ViewCases);
        return new Sheet(
            row, state, ListSigned.StandingOf(row, versions, today), read, await desk.Unsound(read, row.EffectiveFrom is { } from && from > today ? from : today, ct),
            [.. versions.Select(v => (v.Version, ListSigned.StandingOf(v, versions, today)))], names,
            [.. turns.Select(t => new Turn(t.Kind, names.GetValueOrDefault(t.By) ?? t.By, t.At, t.Words))],
            sees ? await open.CountAsync(ct) : 0,
            sees ? [.. (await open.OrderByDescending(c => c.ReceivedAt).Take(MaxCases).Select(c => new { c.Id, c.Number, c.State }).ToListAsync(ct)).Select(c => new RunningCase(c.Id, c.Number, c.State))] : [],
            state.Next is null ? null : state.WhyNotSign(call.Actor));
    }
}
