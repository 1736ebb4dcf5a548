using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>
/// 停用: takes a standard or a scheme out of use, with nothing in its place: every published version of it, also one for a day that is
/// still to come. Lists, classes and tasks that came of it end at the evaluation this starts; their history stays.
/// </summary>
public sealed class RetireDocument(AppDb db, SignedDocumentDesk desk) : SignedStep(db, desk, SignedTurnKind.Retired)
{
    private readonly AppDb _db = db;

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct)
    {
        if (row.Kind is not (SignedKind.Standard or SignedKind.Scheme))
            return VersionRefusals.NeverRetired;
        var next = state.Retire();
        if (next.Refusal is not null)
            return next;
        if (string.IsNullOrEmpty(request.Words))
            return CommonRefusals.Required("words");
        foreach (var other in await _db.SignedDocuments.Where(d => d.Id == row.Id && d.Version != row.Version && d.Status == VersionStatus.Published).ToListAsync(ct))
        {
            other.Status = VersionStatus.Retired;
            other.Revision++;
            Desk.Tell(other, SignedTurnKind.Retired, call, request.Words);
        }
        await Standards.StartEvaluation.Stage(_db, call, ct);
        return next;
    }
}
