using System.Globalization;
using Exeunt.App.Features.AuditLog.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.AuditLog;

/// <summary>数据与证明: certificates, erasures, the audit log and its check.</summary>
public static class ProofConsole
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/proof", Proof).Needs(Permission.ViewProof);
        routes.MapPage("/audit", Audit).Needs(Permission.ViewAudit);
        var api = routes.MapGroup("/api/audit").WithTags("Audit log");
        api.MapGet("/inclusion", async (string? verb, string? target, ProveInclusion prove, Caller caller, CancellationToken ct) => (await prove.Run(caller.Call, new(verb, target), ct)).Api())
            .Needs(Permission.ViewAudit).WithSummary("The proof that an entry is in the log, for \"exeunt audit inclusion\".");
        api.MapGet("/consistency", async (long? from, long? to, ProveConsistency prove, Caller caller, CancellationToken ct) => (await prove.Run(caller.Call, new(from, to), ct)).Api())
            .Needs(Permission.ViewAudit).WithSummary("The proof that the log only grew from a head of one size to another, for \"exeunt audit consistency\".");
        routes.MapForm("/audit/check", async (CheckAuditLog check, Caller caller, CancellationToken ct) => (await check.Run(caller.Call, new(), ct)).Then(_ => "/audit")).Needs(Permission.ViewAudit);
    }

    /// <summary>What the log's address says.</summary>
    public sealed record Filter(string Verb, string Target, string Actor)
    {
        public bool IsEmpty => Verb.Length + Target.Length + Actor.Length == 0;

        public string With(long? before = null, string? actor = null, string? target = null)
        {
            var parts = new List<string>();
            foreach (var (name, value) in new[] { ("verb", Verb), ("target", target ?? Target), ("actor", actor ?? Actor) })
                if (value.Length > 0)
                    parts.Add($"{name}={Uri.EscapeDataString(value)}");
            if (before is { } id)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"before={id}"));
            return parts.Count == 0 ? "/audit" : "/audit?" + string.Join('&', parts);
        }
    }

    private static async Task<IResult> Proof(ShowProof show, Caller caller, string? certificates, long? erasures, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call, new(certificates, erasures), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<ProofPage>(new { View = outcome.Value, Paged = certificates is not null || erasures is not null });
    }

    private static async Task<IResult> Audit(ListAudit list, Caller caller, string? verb, string? target, string? actor, long? before, CancellationToken ct)
    {
        var filter = new Filter((verb ?? "").Trim(), (target ?? "").Trim(), (actor ?? "").Trim());
        var outcome = await list.Run(caller.Call, new(filter.Verb, filter.Target, filter.Actor, before), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<AuditPage>(new { List = outcome.Value, Filter = filter, Paged = before is not null });
    }
}
