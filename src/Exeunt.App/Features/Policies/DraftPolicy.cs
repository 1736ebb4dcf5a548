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
