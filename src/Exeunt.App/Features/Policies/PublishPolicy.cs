using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>
/// Publishes a version that everybody signed, on its own effective date, unless the law forbids it. The version before it ends where
/// this one begins; contracts keep the version they were signed under.
/// </summary>
public sealed class PublishPolicy(AppDb db, PolicyDesk desk, Procedures.ProcedureBook procedures) : UseCase<PublishPolicy.Request, PolicyKey>(db)
{
    /// <param name="Acknowledged">Ids of the rules whose warnings were read.</param>
    public sealed record Request(string Number, int Version, IReadOnlyList<string>? Acknowledged = null);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<PolicyKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Number, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
        var policy = TerminationPolicy.FromJson(row.Document);
        var today = call.Today(Clocks.CompanyZone);
        var published = state.Publish(policy.EffectiveFrom, policy.EffectiveUntil, today, await desk.Published(row.Number, ct));
        if (published.Refusal is { } no)
            return no;
        var findings = await desk.Findings(policy, ct);
        if (PolicyVersion.WhyNotLawful(findings, request.Acknowledged?.ToHashSet() ?? []) is { } unlawful)
            return unlawful;
        if (Unknown(policy.Procedures) is { } missing)
            return missing;
        await desk.Stage(row, state, published.Value, PolicyTurnKind.Published, call, ct);
        foreach (var finding in findings)
            Db.Audit(call, "policy.warning-read", $"policy:{row.Number}:{row.Version}", new { rule = finding.Rule.Id, finding.Pack, finding.Where });
        await EndTheOneBefore(row, today, call, ct);
        if (row.ReviewOn is { } review)
            Db.Enqueue(ReviewDue.On(row.Number, row.Version, review));
        return await Commit(new(row.Number, row.Version, row.Digest, row.Status), ct);
    }

    /// <summary>A procedure that the policy names and that is not published, or of another kind; null when all are there.</summary>
    private Refusal? Unknown(PolicyProcedures? named) =>
        new[]
        {
            ("termination", named?.Termination, CaseKind.Termination), ("offboarding", named?.Offboarding, CaseKind.Offboarding), ("arrears", named?.Arrears, CaseKind.Offboarding),
            ("immediate", named?.Immediate, CaseKind.Offboarding),
        }.Where(p => p.Item2 is not null && procedures.Own(p.Item2, p.Item3) is null)
            .Select(p => new Refusal(RefusalKind.Invalid, "policy.unknown-procedure", $"There is no published procedure {p.Item2} of this kind; publish it first, or take it out.", $"没有已发布的该类流程 {p.Item2}，请先发布或删除。", Field: $"procedures.{p.Item1}"))
            .FirstOrDefault();

    private async Task EndTheOneBefore(PolicyRow row, DateOnly today, Call call, CancellationToken ct)
    {
        var before = await Db.Policies.Where(p => p.Number == row.Number && p.Status == PolicyStatus.Published && p.Version != row.Version).ToListAsync(ct);
        foreach (var other in before)
        {
            if (other.EffectiveUntil is not { } until || until > row.EffectiveFrom)
                other.EffectiveUntil = row.EffectiveFrom;
            other.Revision++;
            if (row.EffectiveFrom <= today)
                Supersede(desk, other, call);
        }
        if (before.Count > 0 && row.EffectiveFrom > today)
            Db.Enqueue(Effect.At(Clocks.StartOf(row.EffectiveFrom, Clocks.CompanyZone), PolicyBegins.Kind, $"{PolicyBegins.Kind}:{row.Number}:{row.Version}", new PolicyBegins.Payload(row.Number, row.Version)));
    }

    internal static void Supersede(PolicyDesk desk, PolicyRow row, Call call)
    {
        row.Status = PolicyStatus.Superseded;
        desk.Tell(row, PolicyTurnKind.Superseded, call);
    }
}

/// <summary>On the first day of a version: those that ended before it are superseded.</summary>
public sealed class PolicyBegins(AppDb db, PolicyDesk desk) : IEffect
{
    public const string Kind = "policy.begins";

    public sealed record Payload(string Number, int Version);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var (number, version) = effect.Read<Payload>();
        foreach (var other in await db.Policies.Where(p => p.Number == number && p.Version < version && p.Status == PolicyStatus.Published).ToListAsync(ct))
        {
            other.Revision++;
            PublishPolicy.Supersede(desk, other, call);
        }
        return EffectResult.Done;
    }
}
