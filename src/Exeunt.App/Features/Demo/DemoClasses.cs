using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.Classes;
using Exeunt.Core.Documents;

namespace Exeunt.App.Features.Demo;

/// <summary>The demo company tells its customers apart by value and by importance; the first evaluation finds their classes.</summary>
public static class DemoClasses
{
    private static readonly Scheme[] Schemes = [SchemeStarts.Rfm, SchemeStarts.Importance];

    public static async Task Load(AppDb db, Call call, CancellationToken ct)
    {
        foreach (var read in Schemes.Select(ReadDocument.Of))
        {
            db.SignedDocuments.Add(new SignedDocument
            {
                Id = read.Id, Version = read.Version, Kind = read.Kind, Status = VersionStatus.Published, Document = read.Json, Digest = read.Digest, EffectiveFrom = call.Today(Clocks.CompanyZone),
            });
            db.SignedDocumentTurns.Add(new SignedDocumentTurn { TurnId = Guid.CreateVersion7(), Id = read.Id, Version = read.Version, Kind = SignedTurnKind.Published, By = call.Actor.Id, At = call.Now });
            db.Audit(call, "scheme.published", $"scheme:{read.Id}:{read.Version}", new { read.Digest });
        }
        await db.SaveChangesAsync(ct);
    }
}
