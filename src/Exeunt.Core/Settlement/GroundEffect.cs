using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;

namespace Exeunt.Core.Settlement;

/// <summary>What a ground for ending does to the money, by the law where it says so and by the policy where it does not.</summary>
public static class GroundEffect
{
    /// <summary>
    /// Whether the law gives the ground, so that a policy cannot leave it out: everything but leaving early for a reason of
    /// one's own and an event that has to be agreed.
    /// </summary>
    public static bool IsGivenByLaw(Ground ground) => ground is not (Ground.ConsumerEarly or Ground.AgreedEvent);

    /// <summary>
    /// Whether an end on the ground takes effect when it is declared: no notice runs unless the policy names one for it.
    /// </summary>
    public static bool IsImmediate(Ground ground) =>
        ground
            is Ground.Withdrawal
                or Ground.Mutual
                or Ground.AgreedEvent
                or Ground.ForceMajeure
                or Ground.Anticipatory
                or Ground.LateAfterDemand
                or Ground.Fundamental
                or Ground.Death
                or Ground.LegalOrder;

    /// <summary>Whether the policy accepts the ground: it lists none, lists it, or the law gives it.</summary>
    public static bool Accepts(this TerminationPolicy policy, Ground ground) =>
        policy.Grounds.Count == 0 || IsGivenByLaw(ground) || policy.TermsOf(ground) is not null;

    /// <summary>The policy's terms for the ground; null when it lists it not.</summary>
    /// <exception cref="CalculationException">MISSING_INPUT: an empty entry.</exception>
    public static GroundTerms? TermsOf(this TerminationPolicy policy, Ground ground)
    {
        foreach (var terms in policy.Grounds)
            if ((terms ?? throw CalculationException.Missing("policy.grounds")).Ground == ground)
                return terms;
        return null;
    }

    /// <summary>
    /// Whether the fee for leaving early and discounts to be taken back are charged when the term is not served. Never at the company's
    /// fault, when the company stops the product, on a withdrawal, force majeure or expiry. Else the policy says; where it is silent:
    /// a breach costs whoever is at fault, a death or an order of the law costs nothing.
    /// </summary>
    public static bool Charges(this TerminationPolicy policy, ExitFacts facts)
    {
        if (IsCompanys(facts) || facts.Ground is Ground.Withdrawal or Ground.ForceMajeure or Ground.Expiry)
            return false;
        if (policy.TermsOf(facts.Ground) is { } terms)
            return terms.Fee == GroundFee.Policy;
        return facts.Ground switch
        {
            Ground.Anticipatory or Ground.LateAfterDemand or Ground.Fundamental => facts.Fault == Fault.Customer,
            Ground.Death or Ground.LegalOrder => false,
            _ => true,
        };
    }

    /// <summary>Whether the end is the company's doing: its fault, or it stops the product.</summary>
    public static bool IsCompanys(ExitFacts facts) => facts.Fault == Fault.Company || facts.Ground == Ground.ServiceEnd;

    /// <summary>Why the ground cannot be used; null when it can. A term that has been served may always end.</summary>
    internal static Refusal? Check(ContractTerms contract, TerminationPolicy policy, ExitFacts facts, bool early) =>
        !early ? null
        : facts.Ground == Ground.Expiry || (facts.Ground == Ground.IndefiniteNotice && policy.TermsOf(facts.Ground) is null)
            ? SettlementRefusals.TermNotServed(contract.TermEnd)
        : policy.Accepts(facts.Ground) ? null
        : SettlementRefusals.GroundNotAccepted;
}
