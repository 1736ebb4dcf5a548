using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>
/// Starts a draft of a procedure or of the approval matrix from its JSON: the first version of a new code, or the next one of a known
/// code, whose version the document then gets. An unsound draft can be kept, but not handed in.
/// </summary>
public sealed class DraftDocument(AppDb db, SignedDocumentDesk desk) : UseCase<DraftDocument.Request, SignedKey>(db)
{
    public sealed record Request(SignedKind Kind, string? Document);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<SignedKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        var read = ReadDocument.Of(request.Kind, request.Document);
        if (!read.IsValid)
            return SignedDocumentDesk.RefusalOf(read.Problems);
        var versions = await Db.SignedDocuments.AsNoTracking().Where(d => d.Id == read.Id).Select(d => new { d.Version, d.Status, d.Kind, d.Document }).ToListAsync(ct);
        if (versions.Any(v => v.Kind != read.Kind || (read.Procedure is { } p && ReadDocument.Of(v.Kind, v.Document).Procedure?.Kind != p.Kind)))
            return VersionRefusals.IdFixed;
        if (versions.Any(v => v.Status is VersionStatus.Draft or VersionStatus.InSignOff))
            return VersionRefusals.DraftOpen;
        var row = desk.Add(read.As(versions.Select(v => v.Version).DefaultIfEmpty().Max() + 1), call);
        return await Commit(new SignedKey(row.Id, row.Version, row.Digest, row.Status), ct);
    }
}

/// <summary>Replaces the document of a version that is not published; every signature is void.</summary>
public sealed class EditDocument(AppDb db, SignedDocumentDesk desk) : UseCase<EditDocument.Request, SignedKey>(db)
{
    /// <param name="Seen">Digest of the document the change started from; null: whatever stands there.</param>
    public sealed record Request(string Id, int Version, string? Document, string? Seen = null);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<SignedKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
        var read = ReadDocument.Of(row.Kind, request.Document);
        if (!read.IsValid)
            return SignedDocumentDesk.RefusalOf(read.Problems);
        if (read.Id != row.Id || read.Version != row.Version || (read.Procedure is { } p && ReadDocument.Of(row.Kind, row.Document).Procedure?.Kind != p.Kind))
            return VersionRefusals.IdFixed;
        if (request.Seen is { } seen && seen != row.Digest)
            return CommonRefusals.ChangedMeanwhile;
        var edited = state.Edit(call.Actor.Id, read.Digest);
        if (edited.Refusal is { } no)
            return no;
        if (read.Json == row.Document)
            return new SignedKey(row.Id, row.Version, row.Digest, row.Status);
        row.Document = read.Json;
        desk.Stage(row, state, edited.Value, SignedTurnKind.Edited, call);
        return await Commit(new SignedKey(row.Id, row.Version, row.Digest, row.Status), ct);
    }
}
