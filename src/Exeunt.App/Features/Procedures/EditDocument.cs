using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;

namespace Exeunt.App.Features.Procedures;

/// <summary>Replaces the document of a version that is not published; every signature is void.</summary>
public sealed class EditDocument(AppDb db, SignedDocumentDesk desk) : UseCase<EditDocument.Request, SignedKey>(db)
{
    /// <param name="Seen">Digest of the document the change started from; null: whatever stands there.</param>
    public sealed record Request(string Id, int Version, string? Document, string? Seen = null);

    public override Permission Needs => Permission.WriteStandards;

    protected override async Task<Outcome<SignedKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
        if (SignedDocumentDesk.WhyNotWrite(row.Kind, call) is { } not)
            return not;
        var read = ReadDocument.Of(row.Kind, request.Document);
        if (!read.IsValid)
            return SignedDocumentDesk.RefusalOf(read.Problems);
        if (read.Id != row.Id || read.Version != row.Version || ReadDocument.Of(row.Kind, row.Document).Nature != read.Nature)
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
