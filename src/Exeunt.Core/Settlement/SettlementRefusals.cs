namespace Exeunt.Core.Settlement;

/// <summary>Why there is no statement although every figure is sound; what is wrong with a figure is a <see cref="CalculationError"/>.</summary>
public static class SettlementRefusals
{
    public static readonly Refusal GroundNotAccepted = new(
        RefusalKind.Invalid,
        "settlement.ground-not-accepted",
        "The policy does not list this ground and the law does not give it. Choose a ground the policy lists, or end with the term.",
        "政策未列明该解约事由，法律亦未规定。请选择政策所列事由，或于期满终止。",
        Field: "facts.ground"
    );

    public static readonly Refusal WaiverExceedsFees = new(
        RefusalKind.Invalid,
        "settlement.waiver-exceeds-fees",
        "More is waived than is owed. A waiver goes up to the line it names, all waivers together up to what the customer owes.",
        "减免金额超过应付金额。单项减免以其对应行为限，全部减免以客户应付总额为限。",
        Field: "facts.added"
    );

    public static readonly Refusal InstalmentsNotAllowed = new(
        RefusalKind.Invalid,
        "settlement.instalments-not-allowed",
        "The policy does not allow instalments. Leave them out, or pay at once.",
        "该政策不支持分期付款，请一次付清。",
        Field: "facts.instalments"
    );

    public static Refusal InstalmentCount(int most) =>
        new(
            RefusalKind.Invalid,
            "settlement.instalments-out-of-range",
            $"The policy allows 2 to {most} instalments.",
            $"该政策允许分 2 至 {most} 期。",
            Field: "facts.instalments"
        );

    /// <param name="termEnd">Last day of the term (included).</param>
    public static Refusal TermNotServed(DateOnly termEnd) =>
        new(
            RefusalKind.Invalid,
            "settlement.term-not-served",
            $"The contract ends with its term on {termEnd:yyyy-MM-dd} at the earliest on this ground. Take that day, or another ground.",
            $"按期满事由，合同最早于 {termEnd:yyyy-MM-dd} 终止。请选择该日或其他事由。",
            termEnd,
            "facts.ground"
        );
}
