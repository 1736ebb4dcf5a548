using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>Opens the next version from one that is there: the same words and figures, beginning in thirty days.</summary>
public sealed class RevisePolicy(AppDb db, PolicyDesk desk) : UseCase<RevisePolicy.Request, PolicyKey>(db)
{
    private const int Ahead = 30;

    public sealed record Request(string Number, int Version);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<PolicyKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        var versions = await Db.Policies.AsNoTracking().Where(p => p.Number == request.Number).ToListAsync(ct);
        if (versions.SingleOrDefault(v => v.Version == request.Version) is not { } basis)
            return CommonRefusals.NotFound;
        if (versions.Any(v => v.Status is PolicyStatus.Draft or PolicyStatus.InSignOff))
            return PolicyRefusals.DraftOpen;
        var from = call.Today(Clocks.CompanyZone).AddDays(Ahead);
        var row = desk.Add(
            TerminationPolicy.FromJson(basis.Document) with { Version = versions.Max(v => v.Version) + 1, EffectiveFrom = from, EffectiveUntil = null, ReviewOn = from.AddYears(1) }, call);
        return await Commit(new(row.Number, row.Version, row.Digest, row.Status), ct);
    }
}
