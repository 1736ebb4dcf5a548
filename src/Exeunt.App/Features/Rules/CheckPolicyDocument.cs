using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Rules;

/// <summary>Holds a policy's document against the law of its places, without keeping anything.</summary>
public sealed class CheckPolicyDocument(AppDb db, RuleBook rules) : UseCase<CheckPolicyDocument.Request, IReadOnlyList<PolicyFinding>>(db)
{
    public sealed record Request(string? Document);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<IReadOnlyList<PolicyFinding>>> Handle(Call call, Request request, CancellationToken ct)
    {
        TerminationPolicy policy;
        try
        {
            policy = TerminationPolicy.FromJson(request.Document ?? "");
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or CalculationException)
        {
            return new Refusal(RefusalKind.Invalid, "policy.document-unreadable", $"This is no policy document: {e.Message}", "无法读取政策文档，格式见 docs/settlement.md。", Field: "document");
        }
        var today = call.Today(Clocks.CompanyZone);
        var on = policy.EffectiveFrom > today ? policy.EffectiveFrom : today;
        var packs = new List<RulePack>();
        foreach (var place in policy.Scope?.Jurisdictions ?? ["CN"])
            packs.AddRange(await rules.For(place, on, ct));
        return Outcome(PolicyCheck.Of(policy, [.. packs.DistinctBy(p => p.Name)], on));
    }

    private static Outcome<IReadOnlyList<PolicyFinding>> Outcome(IReadOnlyList<PolicyFinding> findings) => (PolicyFinding[])[.. findings];
}
