using Exeunt.Core.Standards;

namespace Exeunt.Core.Churn;

/// <summary>From when customers count as lost. Months are closed calendar months; ratios and drops are ten-thousandths.</summary>
/// <param name="SilentMonths">Silent months in a row that make a customer churned, 1 to 24.</param>
/// <param name="NewMonths">Months, the first active one included, in which a customer is new, 1 to 24.</param>
/// <param name="IntermittentWindow">Last months in which runs of silence are counted, 3 to 24.</param>
/// <param name="IntermittentRuns">Runs of silence in that window that make a customer intermittent, 2 to 12, no more than fit with an active month between them.</param>
/// <param name="SeasonalExcluded">Whether a silence that comes every year is not judged by months.</param>
/// <param name="LateAt">Time away through the usual gap from which a customer is late (inclusive), 10,000 to 200,000.</param>
/// <param name="BrokenAt">The same from which the rhythm is broken, not below <paramref name="LateAt"/>.</param>
/// <param name="WatchDrop">Drop from which a customer is watched (inclusive), 1 to 10,000.</param>
/// <param name="PartialDrop">Drop from which a customer has partly left, not below <paramref name="WatchDrop"/>.</param>
public sealed record ChurnThresholds(
    int SilentMonths, int NewMonths, int IntermittentWindow, int IntermittentRuns, bool SeasonalExcluded, long LateAt, long BrokenAt, long WatchDrop, long PartialDrop)
{
    public const int MostMonths = 24;
    public const int LeastWindow = 3;
    public const int LeastRuns = 2;
    public const int MostRuns = 12;

    /// <summary>One time the usual gap, and a whole drop.</summary>
    public const long Whole = 10_000;

    public const long MostRatio = 20 * Whole;

    /// <summary>
    /// Three silent months; new for three; two runs in six months; late at 2 times, broken at 3 times; watched at a drop of 30 %, partly
    /// lost at 50 %. Source: the product's definition of churn by months (non-contractual).
    /// </summary>
    public static readonly ChurnThresholds Usual = new(3, 3, 6, 2, true, 20_000, 30_000, 3_000, 5_000);

    /// <summary>How many runs of silence fit into a window at most: a month each, with an active one between.</summary>
    public static int RunsIn(int window) => (window + 1) / 2;
}

/// <summary>Which customers a segment is for; an empty list is no limit.</summary>
/// <param name="Kinds">Persons, organisations.</param>
/// <param name="Units">Codes of units; each with everything below it.</param>
/// <param name="Industries">As the customer table has them.</param>
public sealed record ChurnScope(IReadOnlyList<CustomerSort>? Kinds = null, IReadOnlyList<string>? Units = null, IReadOnlyList<string>? Industries = null)
{
    /// <summary>Whether it is for everybody.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOpen => (Kinds?.Count ?? 0) + (Units?.Count ?? 0) + (Industries?.Count ?? 0) == 0;

    public bool Equals(ChurnScope? other) => other is not null && Same(Kinds, other.Kinds) && Same(Units, other.Units) && Same(Industries, other.Industries);

    public override int GetHashCode() => HashCode.Combine(Kinds?.Count, Units?.Count, Industries?.Count);

    private static bool Same<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) => (a ?? []).SequenceEqual(b ?? []);
}

/// <summary>Customers of a business line or of one kind, with thresholds of their own.</summary>
/// <param name="Code">Unique within the definition.</param>
/// <param name="Thresholds">All of them: nothing is taken over from the usual ones.</param>
public sealed record ChurnSegment(string Code, Words Name, ChurnScope Scope, ChurnThresholds Thresholds);

/// <summary>
/// What the company calls churn: thresholds for everybody, and segments with their own, of which the first that fits a customer wins. A
/// version never changes once it is published.
/// </summary>
/// <param name="Version">From 1; 0 is the one the product comes with.</param>
/// <param name="Everybody">For whom no segment fits.</param>
public sealed record ChurnDefinition(int Version, ChurnThresholds Everybody, IReadOnlyList<ChurnSegment> Segments)
{
    /// <summary>Used while no version is in force.</summary>
    public static readonly ChurnDefinition Usual = new(0, ChurnThresholds.Usual, []);

    public bool Equals(ChurnDefinition? other) => other is not null && Version == other.Version && Everybody == other.Everybody && Segments.SequenceEqual(other.Segments);

    public override int GetHashCode() => HashCode.Combine(Version, Everybody, Segments.Count);
}

/// <summary>A definition made ready for judging many customers.</summary>
public sealed class CompiledChurn
{
    /// <summary>The one the product comes with.</summary>
    public static readonly CompiledChurn Usual = new(ChurnDefinition.Usual, _ => []);

    private readonly ChurnThresholds[] _thresholds;
    private readonly Compiled[] _segments;

    /// <param name="unitsBelow">The numbers of a unit of this code and of everything below it; none when there is no such unit.</param>
    public CompiledChurn(ChurnDefinition definition, Func<string, IReadOnlyCollection<int>> unitsBelow)
    {
        Definition = definition;
        _thresholds = [definition.Everybody, .. definition.Segments.Select(s => s.Thresholds)];
        _segments =
        [
            .. definition.Segments.Select(s => new Compiled(
                s.Scope.Kinds is { Count: > 0 } kinds ? kinds.Contains(CustomerSort.Person) : true, s.Scope.Kinds is { Count: > 0 } sorts ? sorts.Contains(CustomerSort.Organisation) : true,
                s.Scope.Units is { Count: > 0 } units ? [.. units.SelectMany(unitsBelow)] : null, s.Scope.Industries is { Count: > 0 } industries ? new(industries, StringComparer.Ordinal) : null)),
        ];
    }

    public ChurnDefinition Definition { get; }

    /// <summary>Whether everybody is judged by the same thresholds.</summary>
    public bool IsPlain => _segments.Length == 0;

    /// <summary>The thresholds by their places: 0 for everybody, then one for each segment.</summary>
    public ReadOnlySpan<ChurnThresholds> Thresholds => _thresholds;

    /// <summary>The place of a customer's thresholds: 0 when no segment fits, else the number of the first that does, counted from 1.</summary>
    /// <param name="unit">Number of the customer's unit.</param>
    public byte PlaceOf(int unit, string? industry, bool isOrganisation)
    {
        for (var i = 0; i < _segments.Length; i++)
        {
            ref readonly var segment = ref _segments[i];
            if ((isOrganisation ? segment.Organisations : segment.Persons) && segment.Units?.Contains(unit) != false && segment.Industries?.Contains(industry ?? "") != false)
                return (byte)(i + 1);
        }
        return 0;
    }

    /// <summary>A customer's thresholds.</summary>
    public ChurnThresholds Of(int unit, string? industry, bool isOrganisation) => _thresholds[PlaceOf(unit, industry, isOrganisation)];

    private readonly record struct Compiled(bool Persons, bool Organisations, HashSet<int>? Units, HashSet<string>? Industries);
}
