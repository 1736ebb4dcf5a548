using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Rules;

/// <summary>How well a rule is known.</summary>
public enum RuleStatus
{
    /// <summary>Verified: the text of the law was read.</summary>
    [JsonStringEnumMemberName("V")]
    Verified,

    /// <summary>From a secondary source.</summary>
    [JsonStringEnumMemberName("S")]
    Secondary,

    /// <summary>General knowledge; counsel has to confirm.</summary>
    [JsonStringEnumMemberName("GK")]
    GeneralKnowledge,
}

/// <summary>What a rule does. A default is what holds when nothing is agreed, or a guideline: it advises and never refuses.</summary>
public enum RuleEffect
{
    [JsonStringEnumMemberName("REQUIRE")]
    Require,

    [JsonStringEnumMemberName("FORBID")]
    Forbid,

    [JsonStringEnumMemberName("CAP")]
    Cap,

    [JsonStringEnumMemberName("DEFAULT")]
    Default,
}

/// <summary>How a measure of a policy is compared with a limit.</summary>
public enum LimitOperator
{
    [JsonStringEnumMemberName("AT_MOST")]
    AtMost,

    [JsonStringEnumMemberName("AT_LEAST")]
    AtLeast,

    [JsonStringEnumMemberName("IS")]
    Is,

    [JsonStringEnumMemberName("IS_NOT")]
    IsNot,
}

/// <summary>A limit on one measure of a policy, contract or page.</summary>
/// <param name="Measure">Name of the measure.</param>
/// <param name="Value">A number, "true"/"false", or a code.</param>
public sealed record Limit(string Measure, LimitOperator Operator, string Value);

/// <summary>Somebody's word that a rule is right.</summary>
public sealed record CounselSignOff(string By, DateOnly On);

/// <summary>One rule of law, as data: what it limits, where it is written, and how well it is known.</summary>
public sealed record LegalRule
{
    /// <summary>Stable id: "DE-309-9".</summary>
    public required string Id { get; init; }

    /// <summary>For whom it holds; empty: for all.</summary>
    public IReadOnlyList<Party> Parties { get; init; } = [];

    /// <summary>Lines of business it holds for ("SAAS", "UTILITY"); empty: all.</summary>
    public IReadOnlyList<string> Sectors { get; init; } = [];

    /// <summary>What it is about, in a few words.</summary>
    public required Words Title { get; init; }

    /// <summary>What it says, with its figures.</summary>
    public required Words Text { get; init; }

    public required RuleEffect Effect { get; init; }

    /// <summary>Name of the act and its article: "BGB § 309 Nr. 9".</summary>
    public required string Article { get; init; }

    /// <summary>Where the text was read, or who quotes it.</summary>
    public required string Source { get; init; }

    public required RuleStatus Status { get; init; }

    /// <summary>First day on which it is in force; null: not in force yet, date unknown.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>The day after the last one; null: no end.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>It holds only for contracts that start on this day or later; null: for all.</summary>
    public DateOnly? ContractsFrom { get; init; }

    /// <summary>Whether it keeps the company from burdening the customer: such a rule binds at status S too.</summary>
    public bool ProtectsCustomer { get; init; }

    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>What must be so for the limits to count: all of them; a measure that is not said is not so.</summary>
    public IReadOnlyList<Limit> When { get; init; } = [];

    /// <summary>Figures of periods and amounts: "days" → "7".</summary>
    public IReadOnlyDictionary<string, string> Figures { get; init; } = new Dictionary<string, string>();

    /// <summary>How to mend a policy that breaks it.</summary>
    public Words? Fix { get; init; }

    public CounselSignOff? CounselSignOff { get; init; }

    /// <summary>Whether it is in force on a day.</summary>
    public bool IsInForce(DateOnly on) => ValidFrom is { } from && from <= on && (ValidUntil is not { } until || on < until);

    /// <summary>Whether it is for this kind of customer, in this line of business.</summary>
    public bool IsFor(Party party, string? sector) =>
        (Parties.Count == 0 || Parties.Contains(party)) && (Sectors.Count == 0 || (sector is not null && Sectors.Contains(sector)));

    /// <summary>
    /// Whether a breach refuses: a verified rule, one that counsel signed off, or one of status S that protects the customer.
    /// Others only warn, and so does a default or guideline (<see cref="RuleEffect.Default"/>), however well it is known.
    /// </summary>
    public bool Binds =>
        Effect != RuleEffect.Default
        && (Status == RuleStatus.Verified || CounselSignOff is not null || (Status == RuleStatus.Secondary && ProtectsCustomer));

    /// <summary>A figure that is a whole number: days, months, years.</summary>
    /// <exception cref="CalculationException">MISSING_INPUT, INVALID_COUNT: the pack does not hold it.</exception>
    public int Count(string figure) =>
        int.TryParse(FigureOf(figure), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n)
            ? n
            : throw CalculationException.Count($"{Id}.{figure}", "a whole number");

    /// <summary>A figure that is a rate or factor.</summary>
    /// <exception cref="CalculationException">MISSING_INPUT, INVALID_RATE.</exception>
    public Rate Factor(string figure) => Rate.Parse(FigureOf(figure), $"{Id}.{figure}");

    private string FigureOf(string figure) => Figures.TryGetValue(figure, out var text) ? text : throw CalculationException.Missing($"{Id}.{figure}");
}

/// <summary>The legal limits of one place, as one dated version. Stored and exchanged as JSON.</summary>
public sealed record RulePack
{
    /// <summary>"CN", "EU", "DE", "FR", "GB", "US-CA", "US-NY".</summary>
    public required string Jurisdiction { get; init; }

    /// <summary>1 or more; a newer version replaces the older for what is received from its <see cref="IssuedOn"/> on.</summary>
    public required int Version { get; init; }

    public required DateOnly IssuedOn { get; init; }

    public required Words Title { get; init; }

    public required IReadOnlyList<LegalRule> Rules { get; init; }

    /// <summary>"DE 1".</summary>
    [JsonIgnore]
    public string Name => $"{Jurisdiction} {Version}";

    /// <summary>The JSON Schema of the document.</summary>
    public static string Schema() => JsonSchemaExporter.GetJsonSchemaAsNode(SettlementJson.Document, typeof(RulePack), new() { TreatNullObliviousAsNonNullable = true })
        .ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    /// <summary>The rule with this id.</summary>
    /// <exception cref="KeyNotFoundException">The pack has none.</exception>
    public LegalRule Rule(string id) =>
        Rules.FirstOrDefault(r => r.Id == id) ?? throw new KeyNotFoundException($"Rule pack {Name} has no rule {id}.");

    /// <exception cref="JsonException">The text is not such a document.</exception>
    public static RulePack FromJson(string json) =>
        JsonSerializer.Deserialize<RulePack>(json, SettlementJson.Document) ?? throw new JsonException("A rule pack is an object.");

    public string ToJson() => JsonSerializer.Serialize(this, SettlementJson.Document);
}
