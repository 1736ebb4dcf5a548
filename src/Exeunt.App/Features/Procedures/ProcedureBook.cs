using System.Collections.Concurrent;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>Published versions that were read; they never change.</summary>
public sealed class ProcedureCache
{
    internal ConcurrentDictionary<(string Id, int Version), Procedure> Known { get; } = [];
}

/// <summary>The procedures cases run on. A version never changes once a case can have started on it.</summary>
public sealed class ProcedureBook(AppDb db, Clocks clocks, ProcedureCache cache)
{
    /// <summary>A published version, in force or not.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Procedure Find(string id, int version)
    {
        if (cache.Known.TryGetValue((id, version), out var known))
            return known;
        var document = db.SignedDocuments.AsNoTracking()
            .Where(d => d.Id == id && d.Version == version && d.Kind == SignedKind.Procedure && d.Status == VersionStatus.Published).Select(d => d.Document).SingleOrDefault();
        var procedure = document is null ? GeneralProcedures.Find(id, version) : ProcedureDocument.Read(document).Procedure!;
        return cache.Known[(id, version)] = procedure;
    }

    /// <summary>The version on which new cases start today.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Procedure Current(string id)
    {
        var today = Clocks.DateIn(clocks.BusinessNow, Clocks.CompanyZone);
        var version = db.SignedDocuments.AsNoTracking()
            .Where(d => d.Id == id && d.Kind == SignedKind.Procedure && d.Status == VersionStatus.Published && d.EffectiveFrom <= today)
            .OrderByDescending(d => d.EffectiveFrom).ThenByDescending(d => d.Version).Select(d => (int?)d.Version).FirstOrDefault();
        return version is { } there ? Find(id, there)
            : GeneralProcedures.All.Where(p => p.Id == id).MaxBy(p => p.Version) ?? throw new KeyNotFoundException($"No procedure {id}.");
    }

    /// <summary>The version of a policy's own procedure on which a case goes on, or starts; null: it names none, or none of this kind is in force.</summary>
    public Procedure? Own(string? id, Core.Cases.CaseKind kind)
    {
        if (id is null)
            return null;
        try
        {
            return Current(id) is var own && own.Kind == kind ? own : null;
        }
        catch (KeyNotFoundException)
        {
            // A policy that names what is not there never stands in the way of an end.
            return null;
        }
    }

    /// <summary>Puts the procedures, the approval matrix and the legal pages that the product comes with into the database; versions of one's own stay.</summary>
    public static async Task Ensure(AppDb db, Call call, CancellationToken ct)
    {
        var known = (await db.SignedDocuments.AsNoTracking().Select(d => new { d.Id, d.Version }).ToListAsync(ct)).Select(d => (d.Id, d.Version)).ToHashSet();
        var added = 0;
        // Written out only where they are missing: every start asks.
        foreach (var read in (ReadDocument[])
        [
            .. GeneralProcedures.All.Where(p => !known.Contains((p.Id, p.Version))).Select(ReadDocument.Of),
            .. new[] { Core.Cases.ApprovalMatrix.General }.Where(m => !known.Contains((Approvals.ApprovalBook.Id, m.Version))).Select(ReadDocument.Of),
            .. Core.LegalPages.BuiltInPages.All.Where(p => !known.Contains((p.Id, p.Version))).Select(ReadDocument.Of),
        ])
        {
            // A later version of the product's own takes effect only where nobody has written one.
            db.SignedDocuments.Add(new SignedDocument
            {
                Id = read.Id, Version = read.Version, Kind = read.Kind, Status = VersionStatus.Published, Document = read.Json, Digest = read.Digest, EffectiveFrom = new DateOnly(2020, 1, 1),
            });
            db.SignedDocumentTurns.Add(new SignedDocumentTurn { TurnId = Guid.CreateVersion7(), Id = read.Id, Version = read.Version, Kind = SignedTurnKind.Published, By = call.Actor.Id, At = call.Now });
            added++;
        }
        if (added == 0)
            return;
        db.Audit(call, "procedures.seeded", "procedures", new { versions = added });
        await db.SaveChangesAsync(ct);
    }
}
