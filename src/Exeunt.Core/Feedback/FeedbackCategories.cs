namespace Exeunt.Core.Feedback;

/// <summary>
/// What complaints and suggestions are about: the ten kinds by which the China Consumers Association counts complaints, and five that matter
/// where contracts end. The codes never change; the words are the texts "feedback.about.CODE".
/// </summary>
public static class FeedbackCategories
{
    public const string Other = "OTHER";

    /// <summary>In the order in which they are offered: what people write most about first.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "CANCEL_OBSTRUCT", "REFUND", "AUTORENEW", "AFTERSALE", "CONTRACT", "QUALITY", "PRICE", "FALSEAD", "PRIVACY", "DISCRIMINATION", "DIGNITY", "SAFETY", "COUNTERFEIT",
        "MEASURE", Other,
    ];
}
