using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Offboarding;

/// <summary>Why the company ends a relationship.</summary>
/// <param name="Code">"OFFBOARD_BREACH"; stands in events, decisions and on papers.</param>
/// <param name="LeastDays">Days from the notice to the end at least, where nothing longer is agreed or ordered by law.</param>
/// <param name="Immediate">Whether it allows an ending at once, before a decision of several people.</param>
/// <param name="Ended">How the settlement is computed: no ground of the company's own costs the customer a fee; a fault is written into the facts by people.</param>
public sealed record OffboardingGround(string Code, Words Name, int LeastDays, bool Immediate, (Ground Ground, Fault Fault) Ended)
{
    public const int CommercialDays = 30;

    /// <summary>Invoices stay unpaid; such a case turns back by itself once they are paid.</summary>
    public const string Arrears = "OFFBOARD_ARREARS";

    public static IReadOnlyList<OffboardingGround> All { get; } =
    [
        new("OFFBOARD_BREACH", new("Breach of contract by the customer", "客户违约"), 0, false, (Ground.Fundamental, Fault.None)),
        new(Arrears, new("Invoices stay unpaid after a demand", "欠费经催告仍未支付"), 0, false, (Ground.LateAfterDemand, Fault.None)),
        new("OFFBOARD_RISK", new("Risk", "风险"), 0, false, (Ground.ServiceEnd, Fault.Company)),
        new("OFFBOARD_COMMERCIAL", new("Commercial reasons", "商业原因"), CommercialDays, false, (Ground.ServiceEnd, Fault.Company)),
        new("LEGAL_ORDER", new("Ordered by law or an authority", "依法或主管机关要求"), 0, false, (Ground.LegalOrder, Fault.None)),
        new("DANGER", new("Danger to people or property", "危及人身或财产安全"), 0, true, (Ground.Fundamental, Fault.None)),
        new("UNLAWFUL_ACT", new("An unlawful act", "违法行为"), 0, true, (Ground.Fundamental, Fault.None)),
        new("PROVEN_ABUSE", new("Proven abuse", "经证实的滥用或侵害行为"), 0, true, (Ground.Fundamental, Fault.None)),
    ];

    /// <summary>The ground of a code; null: there is none.</summary>
    public static OffboardingGround? Find(string? code) => All.FirstOrDefault(g => g.Code == code);

    /// <summary>
    /// The earliest last service day when the notice reaches the customer on a day: the longest of the ground's own notice, for commercial
    /// reasons also the contract's, and what the law asks for (30 days for a business user of a platform, unless the law itself orders the end).
    /// </summary>
    /// <param name="servedOn">The day on which the notice reaches the customer.</param>
    public DateOnly EarliestEnd(ContractTerms contract, IReadOnlyList<RulePack> packs, DateOnly servedOn)
    {
        var earliest = servedOn.PlusDays(LeastDays);
        if (LeastDays > 0 && contract.NoticeDays is { } agreed && servedOn.PlusDays(agreed) is var own && own > earliest)
            earliest = own;
        foreach (var (pack, rule) in packs.SelectMany(p => p.Rules.Select(r => (Pack: p, Rule: r))).Where(r => r.Rule.Id == "EU-P2B"))
            if (Ended.Ground != Ground.LegalOrder && !Immediate && rule.IsInForce(servedOn) && rule.Parties.Contains(contract.Party)
                && LegalPeriods.EuPlatformTermination(pack, servedOn) is var from && from > earliest)
                earliest = from;
        return earliest;
    }
}
