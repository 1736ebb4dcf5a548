namespace Exeunt.Core.Activity;

/// <summary>Why a row cannot become a fact.</summary>
public static class FactRefusals
{
    /// <summary>Quantity, price or amount is beyond <see cref="FactReading.MaxAmount"/>.</summary>
    public static readonly Refusal AmountTooLarge = new(
        RefusalKind.Invalid,
        "fact.amount-too-large",
        "The amount of this row is too large to be true.",
        "该行金额过大，无法采用。",
        Field: "amount"
    );
}
