using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Exeunt.Core.Packs;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Packs;

/// <summary>
/// Puts a pack's procedures, policies and reasons into the company's own, as published versions. What is there already stays as it is, so
/// that installing twice adds nothing and a company's own versions are never written over.
/// </summary>
public sealed class InstallPack(AppDb db) : UseCase<InstallPack.Request, InstallPack.Installed>(db)
{
    public sealed record Request(string? Code);

    /// <summary>Codes of procedures, numbers of policies and codes of reasons that were added, and of those that were there before.</summary>
    public sealed record Installed(string Code, IReadOnlyList<string> Added, IReadOnlyList<string> Kept);

    public override Permission Needs => Permission.InstallPacks;

    /// <summary>Two people who install the same pack at once: the second finds it there.</summary>
    protected override int Tries => 3;

    protected override async Task<Outcome<Installed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (Core.Packs.Packs.Find(request.Code) is not { } pack)
            return CommonRefusals.NotFound;
        var (added, kept) = (new List<string>(), new List<string>());
        await Procedures(pack, added, kept, call, ct);
        await Policies(pack, added, kept, call, ct);
        await Reasons(pack, added, kept, ct);
        if (added.Count == 0)
            return new Installed(pack.Code, added, kept);
        Db.Audit(call, "pack.installed", $"pack:{pack.Code}", new { added });
        return await Commit(new Installed(pack.Code, added, kept), ct);
    }

    private async Task Procedures(Pack pack, List<string> added, List<string> kept, Call call, CancellationToken ct)
    {
        var ids = pack.Procedures.Select(p => p.Id).ToList();
        var known = (await Db.SignedDocuments.AsNoTracking().Where(d => ids.Contains(d.Id)).Select(d => d.Id).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        foreach (var procedure in pack.Procedures)
        {
            if (known.Contains(procedure.Id))
            {
                kept.Add(procedure.Id);
                continue;
            }
            var read = ReadDocument.Of(procedure);
            Db.SignedDocuments.Add(new SignedDocument
            {
                Id = read.Id, Version = read.Version, Kind = read.Kind, Status = VersionStatus.Published, Document = read.Json, Digest = read.Digest, EffectiveFrom = pack.Policies[0].EffectiveFrom,
            });
            Db.SignedDocumentTurns.Add(new SignedDocumentTurn { TurnId = Guid.CreateVersion7(), Id = read.Id, Version = read.Version, Kind = SignedTurnKind.Published, By = call.Actor.Id, At = call.Now });
            Db.Audit(call, "procedure.published", $"procedure:{read.Id}:{read.Version}", new { read.Digest, pack = pack.Code });
            added.Add(procedure.Id);
        }
    }

    private async Task Policies(Pack pack, List<string> added, List<string> kept, Call call, CancellationToken ct)
    {
        var numbers = pack.Policies.Select(p => p.Number).ToList();
        var known = (await Db.Policies.AsNoTracking().Where(p => numbers.Contains(p.Number)).Select(p => p.Number).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        foreach (var policy in pack.Policies)
        {
            if (known.Contains(policy.Number))
            {
                kept.Add(policy.Number);
                continue;
            }
            var document = policy.ToJson();
            Db.Policies.Add(new PolicyRow
            {
                Number = policy.Number, Version = policy.Version, Status = PolicyStatus.Published, Document = document, Digest = PolicyVersion.DigestOf(document), EffectiveFrom = policy.EffectiveFrom,
                ReviewOn = policy.ReviewOn,
            });
            Db.PolicyTurns.Add(new PolicyTurn { Id = Guid.CreateVersion7(), Number = policy.Number, Version = policy.Version, Kind = PolicyTurnKind.Published, By = call.Actor.Id, At = call.Now });
            if (policy.ReviewOn is { } review)
                Db.Enqueue(ReviewDue.On(policy.Number, policy.Version, review));
            Db.Audit(call, "policy.published", $"policy:{policy.Number}:{policy.Version}", new { pack = pack.Code });
            added.Add(policy.Number);
        }
    }

    private async Task Reasons(Pack pack, List<string> added, List<string> kept, CancellationToken ct)
    {
        var reason = pack.Reason;
        var known = (await Db.Reasons.AsNoTracking().Select(r => r.Code).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var position = await Db.Reasons.AsNoTracking().MaxAsync(r => (int?)r.Position, ct) + 1 ?? 0;
        foreach (var (row, n) in reason.Details.Select((d, n) => (new ReasonRow { Code = $"{reason.Code}/{d.Code}", English = d.Name.English, Chinese = d.Name.Chinese, Position = n }, n))
            .Prepend((new ReasonRow { Code = reason.Code, English = reason.Name.English, Chinese = reason.Name.Chinese, Position = position }, -1)))
            if (known.Contains(row.Code))
                kept.Add(row.Code);
            else
            {
                Db.Reasons.Add(row);
                added.Add(row.Code);
            }
    }
}
