using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>Every version of procedures, of the approval matrix, of legal pages …, by code, newest first, with how many open cases run on it.</summary>
public sealed class ListSigned(AppDb db) : UseCase<ListSigned.Request, IReadOnlyList<ListSigned.Row>>(db)
{
    public const int Max = 500;

    /// <param name="Id">Only the versions of this one.</param>
    public sealed record Request(SignedKind Kind, string? Id = null);

    public sealed record Row(string Id, int Version, SignedStanding Standing, DateOnly? EffectiveFrom, string Digest, Words Name, CaseKind? Kind, int Cases);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<IReadOnlyList<Row>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        var rows = await Db.SignedDocuments.AsNoTracking().Where(d => d.Kind == request.Kind && (request.Id == null || d.Id == request.Id))
            .OrderBy(d => d.Id).ThenByDescending(d => d.Version).Take(Max).ToListAsync(ct);
        var running = request.Kind != SignedKind.Procedure ? []
            : await Db.Cases.AsNoTracking().Where(c => c.State != CaseState.Closed).GroupBy(c => new { c.Procedure, c.ProcedureVersion }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        return (Row[])[.. rows.Select(r =>
        {
            var read = ReadDocument.Of(r.Kind, r.Document);
            return new Row(r.Id, r.Version, StandingOf(r, rows, today), r.EffectiveFrom, r.Digest, read.Name, read.Procedure?.Kind,
                running.FirstOrDefault(c => c.Key.Procedure == r.Id && c.Key.ProcedureVersion == r.Version)?.Count ?? 0);
        })];
    }

    public static SignedStanding StandingOf(SignedDocument row, IEnumerable<SignedDocument> versions, DateOnly today) =>
        row.Status switch
        {
            VersionStatus.Draft => SignedStanding.Draft,
            VersionStatus.InSignOff => SignedStanding.InSignOff,
            VersionStatus.Discarded => SignedStanding.Discarded,
            VersionStatus.Retired => SignedStanding.Retired,
            _ when row.EffectiveFrom > today => SignedStanding.Scheduled,
            _ => versions.Where(v => v.Id == row.Id && v.Status == VersionStatus.Published && v.EffectiveFrom <= today).MaxBy(v => (v.EffectiveFrom, v.Version))?.Version == row.Version
                ? SignedStanding.InForce : SignedStanding.Superseded,
        };
}
