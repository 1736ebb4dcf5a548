using Exeunt.Core.Standards;

namespace Exeunt.Core.Classes;

/// <summary>By what a scheme tells customers apart.</summary>
public enum SchemeKind
{
    /// <summary>Conditions in order; the first that is met is the customer's class.</summary>
    Rules,

    /// <summary>Recency, frequency and money, each high or low: eight classes.</summary>
    Rfm,

    /// <summary>Share of the whole spend: three classes.</summary>
    Abc,

    /// <summary>Groups of customers who are alike, found by computing and named by people.</summary>
    Clusters,
}

/// <summary>Something that is done for every customer of a class.</summary>
/// <param name="Code">Unique within its class; tasks keep it.</param>
/// <param name="After">Days after the customer came into the class, on which it is first due; 0 is the same day.</param>
/// <param name="Every">Days from one time to the next; null: once.</param>
public sealed record PlanStep(string Code, Words What, int After, int? Every = null)
{
    /// <summary>When it is first due for a customer who came into the class on a day.</summary>
    public DateOnly FirstDue(DateOnly entered) => entered.AddDays(After);

    /// <summary>When it is due again after it was done or skipped on a day; null: never.</summary>
    public DateOnly? NextDue(DateOnly on) => Every is { } days ? on.AddDays(days) : null;
}

/// <summary>One class of a scheme.</summary>
/// <param name="Code">Unique within its scheme: what a list is filtered by.</param>
/// <param name="When">Of rules: the condition; may be left out beside a scope.</param>
/// <param name="Scope">Of rules: which customers it is for at all. The last class has neither: everybody else.</param>
/// <param name="Strategy">How such customers are served, kept, followed or let go; needed to publish.</param>
public sealed record SchemeClass(
    string Code, Words Name, Condition? When = null, StandardScope? Scope = null, Words? Strategy = null, IReadOnlyList<PlanStep>? Plan = null)
{
    /// <summary>The step of a code; null: there is none.</summary>
    public PlanStep? Step(string code) => Plan?.FirstOrDefault(s => s.Code == code);
}

/// <summary>From which score (1 to 5) a measure counts as high; 4 when left out.</summary>
public sealed record RfmSettings(int? Recency = null, int? Frequency = null, int? Money = null)
{
    public const int Usual = 4;
}

/// <summary>Shares of the whole in percent up to which a customer is A, and B; 80 and 95 when left out.</summary>
public sealed record AbcSettings(int? A = null, int? B = null)
{
    public const int UsualA = 80;
    public const int UsualB = 95;
}

/// <summary>What groups are found by.</summary>
/// <param name="Indicators">Codes of 2 to 5 indicators that count something.</param>
/// <param name="Groups">How many groups, 2 to 8.</param>
/// <param name="Currency">Needed when one of them is an amount: only customers of this currency are in a group.</param>
/// <param name="Found">What was found; a class for each group, in the same order.</param>
public sealed record ClusterSettings(IReadOnlyList<string> Indicators, int Groups, string? Currency = null, FoundGroups? Found = null)
{
    public const int LeastIndicators = 2;
    public const int MostIndicators = 5;
}

/// <summary>Groups as they were found on a day. A customer belongs to the nearest centre.</summary>
/// <param name="Customers">Of whom every indicator was known.</param>
/// <param name="Sample">How many of them the groups were found on.</param>
/// <param name="Seed">Of the first centres: the same customers give the same groups.</param>
/// <param name="Means">Of each indicator after scaling; see <see cref="Clusters"/>.</param>
public sealed record FoundGroups(
    DateOnly On, int Customers, int Sample, int Seed, IReadOnlyList<double> Means, IReadOnlyList<double> Deviations, IReadOnlyList<FoundGroup> Groups);

/// <param name="Size">Customers who were nearest to it on the day it was found.</param>
/// <param name="Centre">In deviations from the mean.</param>
/// <param name="Medians">Of each indicator, in its steps: what people name it by.</param>
public sealed record FoundGroup(int Size, IReadOnlyList<double> Centre, IReadOnlyList<long> Medians);

/// <summary>A classification scheme: classes of customers, how each is treated, and what is done for it. A version never changes once it is published.</summary>
/// <param name="Id">Code: small letters, digits and dashes.</param>
/// <param name="Classes">In order.</param>
public sealed record Scheme(
    string Id, int Version, Words Name, SchemeKind Kind, IReadOnlyList<SchemeClass> Classes,
    RfmSettings? Rfm = null, AbcSettings? Abc = null, ClusterSettings? Clusters = null)
{
    /// <summary>The codes of the eight classes by recency, frequency and money, each high (h) or low (l), with their usual names.</summary>
    public static IReadOnlyList<(string Code, Words Name)> RfmClasses { get; } =
    [
        ("hhh", new("Champions", "重要价值客户")), ("hlh", new("Big newcomers", "重要发展客户")), ("lhh", new("Big and quiet", "重要保持客户")), ("llh", new("Big and leaving", "重要挽留客户")),
        ("hhl", new("Loyal small", "一般价值客户")), ("hll", new("Small newcomers", "一般发展客户")), ("lhl", new("Small and quiet", "一般保持客户")), ("lll", new("Small and gone", "一般挽留客户")),
    ];

    public static IReadOnlyList<(string Code, Words Name)> AbcClasses { get; } = [("a", new("A: most of the spend", "A 类")), ("b", new("B: the next", "B 类")), ("c", new("C: the rest", "C 类"))];

    /// <summary>The class of a code; null: there is none.</summary>
    public SchemeClass? Class(string? code) => Classes.FirstOrDefault(c => c.Code == code);
}
