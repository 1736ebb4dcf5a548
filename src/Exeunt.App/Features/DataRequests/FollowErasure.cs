using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>
/// What became of an erasure that a customer asked for without a case, behind the link of the answer: afterwards nobody can be written to any more.
/// Nothing that it shows is personal.
/// </summary>
public sealed class FollowErasure(AppDb db, CopiesOutside copies) : UseCase<FollowErasure.Request, FollowErasure.View>(db)
{
    public sealed record Request(string Token);

    /// <param name="ErasedAt">When it was done; null: it waits.</param>
    /// <param name="BeginsAt">Until then it can be stopped; null: it has begun, or was stopped.</param>
    /// <param name="Copies">What became of the copies in other systems.</param>
    public sealed record View(
        string Number, DateTimeOffset ReceivedAt, DateTimeOffset? GrantedAt, DateTimeOffset? ErasedAt, DateTimeOffset? BeginsAt, ErasureProof Proof, IReadOnlyList<ListOwnCertificates.Line> Certificates, IReadOnlyList<CopiesOutside.Copy> Copies);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var hash = Secrets.Hash(request.Token);
        if (await Db.Set<DataRequest>().AsNoTracking().SingleOrDefaultAsync(r => r.LinkHash == hash, ct) is not { } row)
            return CommonRefusals.NotFound;
        var at = await Db.Erasures.AsNoTracking().Where(e => e.CustomerId == row.CustomerId && e.Class == DataClass.Profile).MinAsync(e => (DateTimeOffset?)e.At, ct);
        var proof = await Of(Db, row, ct);
        return new View(row.Number, row.ReceivedAt, row.DecidedAt, at, row.BeginsAt, proof, proof == ErasureProof.Ready ? await ListOwnCertificates.OfRequest(Db, row.Id, ct) : [], await copies.Of(row.CustomerId, ct));
    }

    /// <summary>What there is to prove an erasure that a request brought about.</summary>
    internal static async Task<ErasureProof> Of(AppDb db, DataRequest row, CancellationToken ct)
    {
        if (row.State == DataRequestState.Refused)
            return ErasureProof.Stopped;
        var gone = await db.Erasures.AsNoTracking().Where(e => e.CustomerId == row.CustomerId).Select(e => e.Class).Distinct().ToListAsync(ct);
        if (!gone.Contains(DataClass.Profile))
            return ErasureProof.Waits;
        if (gone.Contains(DataClass.Case))
            return await db.Set<RetainedRow>().AsNoTracking().AnyAsync(r => r.CustomerId == row.CustomerId && r.Until != null && r.DoneAt == null, ct) ? ErasureProof.OnlyLocked : ErasureProof.NothingLeft;
        var states = await db.Certificates.AsNoTracking().Where(c => c.DataRequestId == row.Id).Select(c => c.State).Distinct().ToListAsync(ct);
        return states.Contains(CertificateState.Valid) ? ErasureProof.Ready : states.Count > 0 ? ErasureProof.Revoked : ErasureProof.Soon;
    }
}

/// <summary>How far an erasure that was asked for is, and whether it can be certified.</summary>
public enum ErasureProof
{
    Waits,

    /// <summary>It was granted, and stopped before it began.</summary>
    Stopped,

    /// <summary>Done, and searched once more before it is certified.</summary>
    Soon,
    Ready,
    Revoked,

    /// <summary>The name is gone, to which a certificate could be made out; something a law keeps is locked.</summary>
    OnlyLocked,
    NothingLeft,
}
