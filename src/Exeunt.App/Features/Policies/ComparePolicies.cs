using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>Two versions side by side.</summary>
public sealed class ComparePolicies(AppDb db) : UseCase<ComparePolicies.Request, ComparePolicies.Pair>(db)
{
    public sealed record Request(string Number, int Version, int Other);

    public sealed record Pair(TerminationPolicy Old, TerminationPolicy New);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<Pair>> Handle(Call call, Request request, CancellationToken ct)
    {
        var (older, newer) = (Math.Min(request.Version, request.Other), Math.Max(request.Version, request.Other));
        var rows = await Db.Policies.AsNoTracking().Where(p => p.Number == request.Number && (p.Version == older || p.Version == newer)).OrderBy(p => p.Version).Select(p => p.Document).ToListAsync(ct);
        return rows is [var old, var now] ? new Pair(TerminationPolicy.FromJson(old), TerminationPolicy.FromJson(now)) : CommonRefusals.NotFound;
    }
}
