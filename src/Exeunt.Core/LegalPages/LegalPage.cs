using System.Text.Json.Serialization;
using Exeunt.Core.Rules;

namespace Exeunt.Core.LegalPages;

/// <summary>What a legal page is for.</summary>
public enum PageFunction
{
    /// <summary>Ending a continuing contract.</summary>
    [JsonStringEnumMemberName("ENDING")]
    Ending,

    /// <summary>Withdrawing from a distance contract within its period.</summary>
    [JsonStringEnumMemberName("WITHDRAWAL")]
    Withdrawal,
}

/// <summary>Where an offer to stay stands.</summary>
public enum OfferPlace
{
    /// <summary>On the first page, beside the button that begins the ending.</summary>
    [JsonStringEnumMemberName("BESIDE_ENTRY")]
    BesideEntry,

    /// <summary>On the page with the last button.</summary>
    [JsonStringEnumMemberName("ON_CONFIRMATION")]
    OnConfirmation,
}

/// <summary>Words in the language of the law, which hold, and what they mean in ours.</summary>
public sealed record LegalWords(string Own, string English, string Chinese)
{
    /// <param name="language">"en", "zh", or the page's own.</param>
    public string In(string language) => language switch { "en" => English, "zh" => Chinese, _ => Own };
}

/// <summary>One thing the page asks.</summary>
/// <param name="Name">One of <see cref="LegalPage.Known"/>, or a name of one's own in camelCase, which needs a label.</param>
/// <param name="Label">Null: the usual one.</param>
public sealed record PageField(string Name, LegalWords? Label = null, bool Optional = false);

/// <summary>An offer to stay, in words.</summary>
public sealed record PageOffer(OfferPlace Place, LegalWords Words);

/// <summary>
/// How the law of a place wants the way out to look: which words stand on the buttons, what may be asked, whether a summary comes
/// before the last button, where an offer may stand. A versioned document that is signed off like a procedure; the portal draws its pages
/// from the one in force. An account is never asked for and the receipt always comes at once: a page cannot say otherwise.
/// </summary>
public sealed record LegalPage
{
    /// <summary>The fields that are understood, and not only kept.</summary>
    public static readonly IReadOnlyList<string> Known = ["identity", "contract", "contact", "kind", "reason", "endsOn"];

    /// <summary>Kebab-case; the page is at /end/ID: "germany".</summary>
    public required string Id { get; init; }

    public required int Version { get; init; }

    public required Words Name { get; init; }

    /// <summary>Place whose law it follows: "DE"; "EU" for every member state that has no page of its own.</summary>
    public required string Jurisdiction { get; init; }

    public required PageFunction Function { get; init; }

    /// <summary>Language of the law and of the page: "de", "en", "fr", "zh".</summary>
    public required string Language { get; init; }

    /// <summary>IANA zone in which the receipt tells the time.</summary>
    public required string Zone { get; init; }

    /// <summary>The button with which the way out begins.</summary>
    public required LegalWords Entry { get; init; }

    /// <summary>The button with which it is declared.</summary>
    public required LegalWords Confirm { get; init; }

    /// <summary>
    /// One question a page with a code in between, as everywhere in the portal; then the fields are those of that way. Otherwise one
    /// page asks all.
    /// </summary>
    public bool StepByStep { get; init; }

    /// <summary>What is asked, in this order; empty when it goes step by step.</summary>
    public IReadOnlyList<PageField> Fields { get; init; } = [];

    /// <summary>Whether a summary comes before the last button.</summary>
    public bool Recap { get; init; }

    /// <summary>Whether a customer with a code is asked, freely, why they leave.</summary>
    public bool Survey { get; init; }

    /// <summary>Whether a customer with a code confirms what ending does before sending; otherwise it is told and asked afterwards.</summary>
    public bool Consequences { get; init; }

    public PageOffer? Offer { get; init; }

    /// <summary>Names of everything that is asked on the way.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Asked =>
    [
        .. StepByStep ? ["contract", "identity", "contact", "endsOn"] : Fields.Select(f => f.Name),
        .. Survey ? ["survey"] : Array.Empty<string>(),
        .. Consequences ? ["consequences"] : Array.Empty<string>(),
    ];

    /// <summary>The page as rules measure it.</summary>
    [JsonIgnore]
    public CancellationPage Measured => new(
        Asked, LoginRequired: false, Offer?.Place == OfferPlace.OnConfirmation, Offer is not null, CancelBesideOffer: true,
        Function, StepByStep ? (Survey ? 6 : 5) : Recap ? 3 : 2, Recap || StepByStep, Entry.Own, Confirm.Own);

    /// <summary>Name and version as a case keeps them: "germany 1".</summary>
    [JsonIgnore]
    public string Key => $"{Id} {Version}";
}
