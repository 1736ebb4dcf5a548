using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>A version of a policy, as steps answer: which one, and which document it holds.</summary>
public sealed record PolicyKey(string Number, int Version, string Digest, PolicyStatus Status);

/// <summary>
/// Starts a draft from a document: the first version of a new number, or the next one of a known number, whose version the
/// document then gets. One version of a number is written at a time.
/// </summary>
public sealed class DraftPolicy(AppDb db, PolicyDesk desk) : UseCase<DraftPolicy.Request, PolicyKey>(db)
{
    /// <param name="Document">JSON (docs/policies.md).</param>
    /// <param name="IsNew">Refuse a number that is known.</param>
    public sealed record Request(string? Document, bool IsNew = false);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<PolicyKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (PolicyDocument.Read(request.Document ?? "") is not { IsValid: true, Policy: var policy } read)
            return PolicyDocument.Read(request.Document ?? "").Errors[0].ToRefusal();
        var versions = await Db.Policies.AsNoTracking().Where(p => p.Number == policy.Number).Select(p => new { p.Version, p.Status }).ToListAsync(ct);
        if (request.IsNew && versions.Count > 0)
            return PolicyRefusals.NumberTaken;
        if (versions.Any(v => v.Status is PolicyStatus.Draft or PolicyStatus.InSignOff))
            return PolicyRefusals.DraftOpen;
        var row = desk.Add(policy with { Version = versions.Select(v => v.Version).DefaultIfEmpty().Max() + 1 }, call);
        return await Commit(new(row.Number, row.Version, row.Digest, row.Status), ct);
    }
}
