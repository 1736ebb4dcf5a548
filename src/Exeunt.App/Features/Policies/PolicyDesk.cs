using Exeunt.App.Data;
using Exeunt.App.Features.Rules;
using Exeunt.App.Platform;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>What every step of a policy's version shares: finding it with its signatures, staging its next state, asking the law.</summary>
public sealed class PolicyDesk(AppDb db, RuleBook rules)
{
    public const int MaxWords = 2000;

    /// <summary>The row and the state of a version; null when there is none.</summary>
    public async Task<(PolicyRow Row, PolicyVersion State)?> Find(string number, int version, CancellationToken ct)
    {
        if (await db.Policies.SingleOrDefaultAsync(p => p.Number == number && p.Version == version, ct) is not { } row)
            return null;
        return (row, StateOf(row, await Hands(row).AsNoTracking().ToListAsync(ct)));
    }

    /// <summary>The state of a version from its row and the hands of its round.</summary>
    public static PolicyVersion StateOf(PolicyRow row, IReadOnlyCollection<PolicySignOff> hands) =>
        // Rows from before digests were kept have none.
        new(row.Number, row.Version, row.Status, row.Digest.Length > 0 ? row.Digest : PolicyVersion.DigestOf(row.Document), [.. hands.Where(h => h.Step == SignOffStep.Prepared).OrderBy(h => h.At).Select(h => h.By)],
            [.. hands.Where(h => h.Digest is not null).OrderBy(h => h.Step).Select(h => new SignOff(h.Step, h.By, h.Digest!))]);

    /// <summary>Puts a new version into the database.</summary>
    public PolicyRow Add(TerminationPolicy policy, Call call)
    {
        var document = policy.ToJson();
        var row = new PolicyRow
        {
            Number = policy.Number, Version = policy.Version, Status = PolicyStatus.Draft, Document = document, Digest = PolicyVersion.DigestOf(document),
            EffectiveFrom = policy.EffectiveFrom, EffectiveUntil = policy.EffectiveUntil, ReviewOn = policy.ReviewOn,
        };
        db.Policies.Add(row);
        db.PolicySignOffs.Add(new PolicySignOff { Number = row.Number, Version = row.Version, Round = 0, By = call.Actor.Id, Step = SignOffStep.Prepared, At = call.Now });
        Tell(row, PolicyTurnKind.Drafted, call);
        return row;
    }

    /// <summary>Stages the next state of a version: its row, its signatures, its history and the audit entry.</summary>
    public async Task Stage(PolicyRow row, PolicyVersion before, PolicyVersion after, PolicyTurnKind kind, Call call, CancellationToken ct, string? words = null)
    {
        (row.Status, row.Digest) = (after.Status, after.Digest);
        row.Revision++;
        if (before.SignOffs.Count > 0 && after.SignOffs.Count == 0)
        {
            // The signatures of this round stay as history; the writers go on into the next.
            row.Round++;
            foreach (var writer in after.Writers)
                db.PolicySignOffs.Add(new PolicySignOff { Number = row.Number, Version = row.Version, Round = row.Round, By = writer, Step = SignOffStep.Prepared, At = call.Now });
        }
        else
        {
            var hands = await Hands(row).ToListAsync(ct);
            foreach (var writer in after.Writers.Except(before.Writers))
                db.PolicySignOffs.Add(new PolicySignOff { Number = row.Number, Version = row.Version, Round = row.Round, By = writer, Step = SignOffStep.Prepared, At = call.Now });
            foreach (var signed in after.SignOffs.Skip(before.SignOffs.Count))
                if (hands.SingleOrDefault(h => h.By == signed.By) is { } writer)
                    (writer.Digest, writer.At) = (signed.Digest, call.Now);
                else
                    db.PolicySignOffs.Add(new PolicySignOff { Number = row.Number, Version = row.Version, Round = row.Round, By = signed.By, Step = signed.Step, Digest = signed.Digest, At = call.Now });
        }
        Tell(row, kind, call, after.SignOffs.Count > before.SignOffs.Count ? after.SignOffs[^1].Step : null, words);
    }

    /// <summary>Stages a line of the history with its audit entry.</summary>
    public void Tell(PolicyRow row, PolicyTurnKind kind, Call call, SignOffStep? step = null, string? words = null)
    {
        db.PolicyTurns.Add(new PolicyTurn
        {
            Id = Guid.CreateVersion7(), Number = row.Number, Version = row.Version, Kind = kind, Step = kind == PolicyTurnKind.Signed ? step : null, By = call.Actor.Id, At = call.Now, Words = words,
        });
        db.Audit(call, "policy." + kind.ToString().ToLowerInvariant(), $"policy:{row.Number}:{row.Version}", new { row.Digest, row.Round, step });
    }

    /// <summary>What the policy breaks among the laws of its places that are in force when it begins.</summary>
    public async Task<IReadOnlyList<PolicyFinding>> Findings(TerminationPolicy policy, CancellationToken ct)
    {
        var packs = new List<RulePack>();
        foreach (var place in policy.Scope?.Jurisdictions ?? ["CN"])
            packs.AddRange(await rules.For(place, policy.EffectiveFrom, ct));
        return PolicyCheck.Of(policy, [.. packs.DistinctBy(p => p.Name)], policy.EffectiveFrom);
    }

    /// <summary>The same of a stored version.</summary>
    public async Task<IReadOnlyList<PolicyFinding>> Findings(string number, int version, CancellationToken ct) =>
        await Findings(TerminationPolicy.FromJson(await db.Policies.Where(p => p.Number == number && p.Version == version).Select(p => p.Document).SingleAsync(ct)), ct);

    /// <summary>The days of every version of a number that was published.</summary>
    public async Task<IReadOnlyList<InForce>> Published(string number, CancellationToken ct) =>
        await db.Policies.AsNoTracking().Where(p => p.Number == number && (p.Status == PolicyStatus.Published || p.Status == PolicyStatus.Superseded))
            .OrderBy(p => p.Version).Select(p => new InForce(p.Number, p.Version, p.EffectiveFrom, p.EffectiveUntil)).ToListAsync(ct);

    private IQueryable<PolicySignOff> Hands(PolicyRow row) => db.PolicySignOffs.Where(s => s.Number == row.Number && s.Version == row.Version && s.Round == row.Round);
}
