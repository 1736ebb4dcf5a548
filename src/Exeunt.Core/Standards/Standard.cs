using System.Text.Json.Serialization;
using Exeunt.Core.Activity;

namespace Exeunt.Core.Standards;

/// <summary>What a standard is for.</summary>
public enum StandardPurpose
{
    /// <summary>清退评估: who should be looked at for an end of the relationship.</summary>
    Offboarding,

    /// <summary>流失预警: who is drifting away.</summary>
    ChurnWatch,

    /// <summary>分级: who belongs to a tier.</summary>
    Tier,

    /// <summary>Something to do for customers.</summary>
    Task,
}

/// <summary>What a listing leads to. None of them acts without a person.</summary>
public enum StandardAction
{
    /// <summary>An assessment, from which a person may open an offboarding case.</summary>
    OpenOffboarding,
    Task,

    /// <summary>A review by a person, such as of a tier.</summary>
    Review,
}

/// <summary>Persons and organisations, as the customer table has them.</summary>
public enum CustomerSort
{
    Person,
    Organisation,
}

/// <summary>The tiers a standard can propose, under the numbers of the customer table.</summary>
public enum StandardTier
{
    Normal = 0,
    Vip = 1,
    HighRisk = 2,
}

/// <summary>Which customers are judged at all; an empty list is no limit.</summary>
/// <param name="Kinds">Persons, organisations.</param>
/// <param name="Units">Codes of units; each with everything below it.</param>
/// <param name="Industries">As the customer table has them.</param>
/// <param name="Currencies">ISO 4217.</param>
/// <param name="Tiers">Tiers the customers are in now.</param>
public sealed record StandardScope(
    IReadOnlyList<CustomerSort>? Kinds = null, IReadOnlyList<string>? Units = null, IReadOnlyList<string>? Industries = null,
    IReadOnlyList<string>? Currencies = null, IReadOnlyList<StandardTier>? Tiers = null)
{
    public bool Equals(StandardScope? other) =>
        other is not null && Same(Kinds, other.Kinds) && Same(Units, other.Units) && Same(Industries, other.Industries) && Same(Currencies, other.Currencies) && Same(Tiers, other.Tiers);

    public override int GetHashCode() => HashCode.Combine(Kinds?.Count, Units?.Count, Industries?.Count, Currencies?.Count, Tiers?.Count);

    private static bool Same<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) => (a ?? []).SequenceEqual(b ?? []);
}

/// <summary>How long it must be so.</summary>
/// <param name="List">Closed months in a row in which the condition must hold before a customer is listed, 1 to 12.</param>
/// <param name="Drop">Closed months in a row in which it must fail before a listed customer is dropped, 1 to 12.</param>
public sealed record StandardGrace(int List = 1, int Drop = 1)
{
    public const int Most = 12;
}

/// <summary>Who is never listed.</summary>
/// <param name="ContractInTerm">Whose contract is in its term on that day.</param>
/// <param name="AgreedPause">With whom a pause is agreed on that day.</param>
/// <param name="Held">Whose data is under a legal hold.</param>
/// <param name="Vip">Who is a VIP now.</param>
/// <param name="OpenCase">With whom a case is open now.</param>
/// <param name="NewerThanMonths">Who has been a customer for fewer months; whose tenure is not known is left out too.</param>
public sealed record StandardExclusions(
    bool ContractInTerm = false, bool AgreedPause = false, bool Held = false, bool Vip = false, bool OpenCase = false, int? NewerThanMonths = null);

/// <summary>
/// A standard: who is listed, why, and what follows. A version never changes once it is published.
/// </summary>
/// <param name="Id">Code: small letters, digits and dashes.</param>
/// <param name="When">What must be so.</param>
/// <param name="Ground">Of an offboarding: the code of its ground.</param>
/// <param name="Reviewer">The role of the person who decides about each listing with own grounds.</param>
/// <param name="DueDays">Days the person has; null: 10.</param>
/// <param name="Tier">Of a standard for a tier: the one it proposes.</param>
public sealed record Standard(
    string Id, int Version, Words Name, StandardPurpose Purpose, StandardAction Action, Condition When,
    string? Ground = null, Role? Reviewer = null, int? DueDays = null, StandardTier? Tier = null,
    StandardScope? Scope = null, StandardGrace? Grace = null, StandardExclusions? Exclude = null)
{
    public const int UsualDueDays = 10;

    /// <summary>Whether being listed can be to a customer's disadvantage.</summary>
    [JsonIgnore]
    public bool IsAdverse => Purpose == StandardPurpose.Offboarding || Action == StandardAction.OpenOffboarding || Tier == StandardTier.HighRisk;

    /// <summary>Whether it asks for arrears: then payments tell how far the data reaches, as trade does.</summary>
    [JsonIgnore]
    public bool IsOnArrears => When.Comparisons().Any(c => c.Compare.Definition?.Indicator is Indicator.DaysOverdue or Indicator.OverdueAmount or Indicator.BrokenPromises12m);
}

/// <summary>What holds of a customer on one day, beside the indicators.</summary>
[Flags]
public enum Standing
{
    None = 0,

    /// <summary>Has a history before the month of that day; without it nobody is judged.</summary>
    Known = 1,
    ContractInTerm = 2,
    AgreedPause = 4,
    Held = 8,
    OpenCase = 16,
}

/// <summary>What a scope asks about a customer, as it is now.</summary>
/// <param name="Unit">Number of the unit.</param>
public readonly record struct CustomerTraits(CustomerSort Kind, StandardTier Tier, int Unit, string Industry, string Currency);

/// <summary>What a standard says about a customer on one day.</summary>
public enum Verdict
{
    /// <summary>Out of its scope, or without a history yet.</summary>
    NotJudged,

    /// <summary>In its scope, but never listed (contract in term, VIP …).</summary>
    Excluded,

    /// <summary>The condition is false or not known.</summary>
    NotMet,
    Met,
}

/// <summary>A standard made ready for judging many customers.</summary>
public sealed class CompiledStandard
{
    private readonly HashSet<int>? _units;
    private readonly IReadOnlySet<int>? _only;
    private readonly HashSet<string>? _industries;
    private readonly HashSet<string>? _currencies;
    private readonly StandardExclusions _exclude;
    private readonly Standing _never;

    /// <param name="unitsBelow">The numbers of a unit of this code and of everything below it; none when there is no such unit.</param>
    /// <param name="only">Only customers of these units are in scope, whatever the standard says; null: all that it says.</param>
    public CompiledStandard(Standard standard, Func<string, IReadOnlyCollection<int>> unitsBelow, IReadOnlySet<int>? only = null)
    {
        _only = only;
        Standard = standard;
        UnitsBelow = unitsBelow;
        Program = ConditionProgram.Compile(standard.When);
        _exclude = standard.Exclude ?? new();
        _never = (_exclude.ContractInTerm ? Standing.ContractInTerm : 0) | (_exclude.AgreedPause ? Standing.AgreedPause : 0)
            | (_exclude.Held ? Standing.Held : 0) | (_exclude.OpenCase ? Standing.OpenCase : 0);
        var scope = standard.Scope ?? new();
        _units = scope.Units is { Count: > 0 } units ? [.. units.SelectMany(unitsBelow)] : null;
        _industries = scope.Industries is { Count: > 0 } industries ? new(industries, StringComparer.Ordinal) : null;
        _currencies = scope.Currencies is { Count: > 0 } currencies ? new(currencies, StringComparer.Ordinal) : null;
    }

    public Standard Standard { get; }

    /// <summary>As it was given.</summary>
    internal Func<string, IReadOnlyCollection<int>> UnitsBelow { get; }

    public ConditionProgram Program { get; }

    public int ListAfter => Standard.Grace?.List ?? 1;

    public int DropAfter => Standard.Grace?.Drop ?? 1;

    /// <summary>Whether a customer is in the scope.</summary>
    public bool IsFor(in CustomerTraits traits) =>
        (_units is null || _units.Contains(traits.Unit))
        && (_only is null || _only.Contains(traits.Unit))
        && (_industries is null || _industries.Contains(traits.Industry))
        && (_currencies is null || _currencies.Contains(traits.Currency))
        && (Standard.Scope?.Kinds is not { Count: > 0 } kinds || kinds.Contains(traits.Kind))
        && (Standard.Scope?.Tiers is not { Count: > 0 } tiers || tiers.Contains(traits.Tier));

    /// <summary>What the standard says about a customer who is in its scope.</summary>
    /// <param name="currency">See <see cref="ConditionProgram.CurrencyOf"/>.</param>
    public Verdict Judge<T>(scoped ref T values, in CustomerTraits traits, Standing standing, int currency)
        where T : IIndicatorValues, allows ref struct
    {
        if ((standing & Standing.Known) == 0)
            return Verdict.NotJudged;
        if ((standing & _never) != 0 || (_exclude.Vip && traits.Tier == StandardTier.Vip))
            return Verdict.Excluded;
        if (_exclude.NewerThanMonths is { } months && values[Indicator.TenureMonths] is var tenure && (tenure == IIndicatorValues.Unknown || tenure < months))
            return Verdict.Excluded;
        return Program.Of(ref values, currency) == Truth.True ? Verdict.Met : Verdict.NotMet;
    }
}
