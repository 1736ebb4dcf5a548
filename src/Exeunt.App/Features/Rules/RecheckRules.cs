using Exeunt.App.Data;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

/// <summary>
/// Effect "rules.recheck": holds every published policy, then every running case, against a new pack and opens a review for each
/// breach. It goes on in batches, each an effect of its own, so that a restart goes on where it was. What a case froze stays.
/// </summary>
public sealed class RecheckRules(AppDb db, RuleBook rules, Reviews reviews) : IEffect
{
    public const string Kind = "rules.recheck";
    private const int Batch = 200;

    /// <param name="AfterCase">Serial of the last case looked at; null: policies come first.</param>
    public sealed record Payload(string Pack, long? AfterCase);

    public static Effect For(string pack, long? afterCase, Call call) =>
        Effect.Now(Kind, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind}|{pack}|{afterCase}"), call, new Payload(pack, afterCase));

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var payload = effect.Read<Payload>();
        var pack = (await rules.Named(payload.Pack, ct))[0];
        var today = call.Today(Clocks.CompanyZone);
        var on = pack.IssuedOn > today ? pack.IssuedOn : today;
        var next = payload.AfterCase is { } after ? await Cases(pack, after, on, call, ct) : await Policies(pack, on, call, ct);
        if (next is { } serial)
            db.Enqueue(For(payload.Pack, serial, call));
        db.Audit(call, "rules.rechecked", $"rules:{pack.Jurisdiction}:{pack.Version}", new { payload.AfterCase });
        return EffectResult.Done;
    }

    private async Task<long?> Policies(RulePack pack, DateOnly on, Call call, CancellationToken ct)
    {
        foreach (var row in await db.Policies.AsNoTracking().Where(p => p.Status == PolicyStatus.Published).OrderBy(p => p.Number).ThenBy(p => p.Version).ToListAsync(ct))
            await reviews.Open(row.Number, row.Version, PolicyCheck.Of(TerminationPolicy.FromJson(row.Document), [pack], on), call, ct);
        return 0;
    }

    private async Task<long?> Cases(RulePack pack, long after, DateOnly on, Call call, CancellationToken ct)
    {
        // Places whose cases the pack is for: its own, and for the Union those of its members.
        var places = (await db.Contracts.AsNoTracking().Select(c => c.Jurisdiction).Distinct().ToListAsync(ct)).Where(j => Places.Of(j).Contains(pack.Jurisdiction)).ToList();
        var running = await db.CaseIndex.AsNoTracking().Where(i => i.Serial > after)
            .Join(db.Cases.AsNoTracking().Where(c => c.State != CaseState.Closed), i => i.CaseId, c => c.Id, (i, c) => new { i.Serial, c.Id, c.ContractId })
            .Join(db.Contracts.AsNoTracking().Where(c => places.Contains(c.Jurisdiction)), c => c.ContractId, c => c.Id, (r, contract) => new { r.Serial, r.Id, Contract = contract })
            .OrderBy(r => r.Serial).Take(Batch).ToListAsync(ct);
        var numbers = running.Select(r => r.Contract.PolicyNumber).Distinct().ToList();
        var policies = (await db.Policies.AsNoTracking().Where(p => numbers.Contains(p.Number)).ToListAsync(ct))
            .ToDictionary(p => (p.Number, p.Version), p => TerminationPolicy.FromJson(p.Document));
        foreach (var r in running)
            await reviews.Open(r.Id, PolicyCheck.Of(policies[(r.Contract.PolicyNumber, r.Contract.PolicyVersion)], Settling.TermsOf(r.Contract), [pack], on), call, ct);
        return running.Count == Batch ? running[^1].Serial : null;
    }
}
