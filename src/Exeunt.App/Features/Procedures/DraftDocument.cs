using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>
/// Starts a draft of a signed document from its JSON: the first version of a new code, or the next one of a known
/// code, whose version the document then gets. An unsound draft can be kept, but not handed in.
/// </summary>
public sealed class DraftDocument(AppDb db, SignedDocumentDesk desk) : UseCase<DraftDocument.Request, SignedKey>(db)
{
    public sealed record Request(SignedKind Kind, string? Document);

    public override Permission Needs => Permission.WriteStandards;

    protected override async Task<Outcome<SignedKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (SignedDocumentDesk.WhyNotWrite(request.Kind, call) is { } not)
            return not;
        var read = ReadDocument.Of(request.Kind, request.Document);
        if (!read.IsValid)
            return SignedDocumentDesk.RefusalOf(read.Problems);
        var versions = await Db.SignedDocuments.AsNoTracking().Where(d => d.Id == read.Id).Select(d => new { d.Version, d.Status, d.Kind, d.Document }).ToListAsync(ct);
        if (OnlyDocuments.IsTaken(read.Id, read.Kind) || versions.Any(v => v.Kind != read.Kind || ReadDocument.Of(v.Kind, v.Document).Nature != read.Nature))
            return VersionRefusals.IdFixed;
        if (versions.Any(v => v.Status is VersionStatus.Draft or VersionStatus.InSignOff))
            return VersionRefusals.DraftOpen;
        var row = desk.Add(read.As(versions.Select(v => v.Version).DefaultIfEmpty().Max() + 1), call);
        return await Commit(new SignedKey(row.Id, row.Version, row.Digest, row.Status), ct);
    }
}
