using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>
/// What became of an erasure that a customer asked for without a case, behind the link of the answer: afterwards nobody can be written to any more.
/// Nothing that it shows is personal.
/// </summary>
public sealed class FollowErasure(AppDb db) : UseCase<FollowErasure.Request, FollowErasure.View>(db)
{
    public sealed record Request(string Token);

    /// <param name="ErasedAt">When it was done; null: it waits.</param>
    /// <param name="LeavesName">Whether something is locked under a name, which can be certified; false: nothing is left to certify under.</param>
    public sealed record View(string Number, DateTimeOffset ReceivedAt, DateTimeOffset? GrantedAt, DateTimeOffset? ErasedAt, bool LeavesName, IReadOnlyList<ListOwnCertificates.Line> Certificates);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var hash = Secrets.Hash(request.Token);
        if (await Db.Set<DataRequest>().AsNoTracking().SingleOrDefaultAsync(r => r.LinkHash == hash, ct) is not { } row)
            return CommonRefusals.NotFound;
        var gone = await Db.Erasures.AsNoTracking().Where(e => e.CustomerId == row.CustomerId).OrderBy(e => e.Id).Select(e => new { e.Class, e.At }).ToListAsync(ct);
        return new View(
            row.Number, row.ReceivedAt, row.DecidedAt, gone.Find(e => e.Class == DataClass.Profile)?.At, !gone.Exists(e => e.Class == DataClass.Case), await ListOwnCertificates.OfRequest(Db, row.Id, ct));
    }
}
