using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>Every version of every termination policy, with how many contracts were signed under it.</summary>
public sealed class ListPolicies(AppDb db) : UseCase<ListPolicies.Request, IReadOnlyList<ListPolicies.Row>>(db)
{
    public const int Max = 500;

    public sealed record Request;

    public sealed record Row(TerminationPolicy Policy, PolicyStatus Status, int Contracts);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<IReadOnlyList<Row>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var rows = await Db.Policies.AsNoTracking().OrderBy(p => p.Number).ThenByDescending(p => p.Version).Take(Max).ToListAsync(ct);
        var used = await Db.Contracts.AsNoTracking().GroupBy(c => new { c.PolicyNumber, c.PolicyVersion }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        return (Row[])[.. rows.Select(r => new Row(TerminationPolicy.FromJson(r.Document), r.Status,
            used.FirstOrDefault(u => u.Key.PolicyNumber == r.Number && u.Key.PolicyVersion == r.Version)?.Count ?? 0))];
    }
}

/// <summary>One version of a termination policy.</summary>
public sealed class ShowPolicy(AppDb db) : UseCase<ShowPolicy.Request, ListPolicies.Row>(db)
{
    public sealed record Request(string Number, int Version);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<ListPolicies.Row>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Policies.AsNoTracking().SingleOrDefaultAsync(p => p.Number == request.Number && p.Version == request.Version, ct) is not { } row)
            return CommonRefusals.NotFound;
        var contracts = await Db.Contracts.AsNoTracking().CountAsync(c => c.PolicyNumber == request.Number && c.PolicyVersion == request.Version, ct);
        return new ListPolicies.Row(TerminationPolicy.FromJson(row.Document), row.Status, contracts);
    }
}
