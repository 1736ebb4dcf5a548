using Exeunt.Core.LegalPages;
using Exeunt.Core.Policies;

namespace Exeunt.Core.Rules;

/// <summary>What a cancellation page asks and shows.</summary>
/// <param name="Fields">Names of what it asks: "kind", "reason", "identity", "contract", "endsOn", "contact", or anything else.</param>
/// <param name="LoginRequired">Whether an account is needed to get there.</param>
/// <param name="OfferOnConfirmation">Whether the confirmation page shows an offer to stay.</param>
/// <param name="ShowsOffer">Whether an offer is shown anywhere on the way.</param>
/// <param name="CancelBesideOffer">Whether the way to cancel stands beside that offer all the time.</param>
/// <param name="Clicks">Clicks from the first button to the declaration, both included.</param>
/// <param name="Recap">Whether a summary comes before the last button.</param>
/// <param name="EntryWords">Words on the first button; null: not looked at.</param>
/// <param name="ConfirmWords">Words on the last button; null: not looked at.</param>
public sealed record CancellationPage(
    IReadOnlyList<string> Fields, bool LoginRequired = false, bool OfferOnConfirmation = false, bool ShowsOffer = false, bool CancelBesideOffer = true,
    PageFunction Function = PageFunction.Ending, int Clicks = 2, bool Recap = false, string? EntryWords = null, string? ConfirmWords = null);

/// <summary>What is wrong with a page.</summary>
/// <param name="Code">The rule's name and what is wrong: "DE312K_EXTRA_FIELD", "DE312K_OFFER_ON_CONFIRM", "FR3C_LOGIN".</param>
public sealed record PageFinding(string Code, PolicyFinding Finding)
{
    public bool Blocks => Finding.Blocks;
}

/// <summary>Holds cancellation pages and offers against the law of a place.</summary>
public static class PageCheck
{
    private static readonly Dictionary<string, string> Suffix = new(StringComparer.Ordinal)
    {
        ["page.extraFields"] = "EXTRA_FIELD",
        ["page.missingFields"] = "FIELD_MISSING",
        ["page.loginRequired"] = "LOGIN",
        ["offer.onConfirmationPage"] = "OFFER_ON_CONFIRM",
        ["offer.showsCancel"] = "OFFER_HIDES_CANCEL",
        ["page.clicks"] = "TOO_MANY_CLICKS",
        ["page.recap"] = "NO_RECAP",
        ["page.entryWords"] = "ENTRY",
        ["page.confirmWords"] = "CONFIRM",
    };

    /// <summary>Everything a page breaks among the rules in force on a day.</summary>
    public static IReadOnlyList<PageFinding> Of(CancellationPage page, IReadOnlyList<RulePack> packs, Party party, DateOnly on) =>
        [.. PolicyCheck.Of(new Measured(Page: page), packs, party, null, on).Select(f => new PageFinding(Code(f), f))];

    /// <summary>The rule that forbids an offer to a customer who has declared that the contract ends; null: offers are allowed.</summary>
    public static (LegalRule Rule, string Pack)? OfferForbiddenBy(IReadOnlyList<RulePack> packs, Party party, string? sector, DateOnly on)
    {
        foreach (var pack in packs)
        foreach (var rule in pack.Rules)
            if (rule.Binds && rule.IsInForce(on) && rule.IsFor(party, sector) && rule.Limits.Contains(new("offer.afterDeclaration", LimitOperator.Is, "false")))
                return (rule, pack.Name);
        return null;
    }

    private static string Code(PolicyFinding finding) =>
        $"{finding.Rule.Id.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()}_{Suffix.GetValueOrDefault(finding.Measure, "BREACH")}";
}
