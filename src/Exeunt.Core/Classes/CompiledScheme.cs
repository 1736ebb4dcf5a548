using System.Text.Json;
using Exeunt.Core.Activity;
using Exeunt.Core.Standards;

namespace Exeunt.Core.Classes;

/// <summary>The smallest spend that is still A, and still B.</summary>
public readonly record struct AbcCuts(long A, long B);

/// <summary>Where one population is cut, per currency; null: the scheme has no cuts.</summary>
public sealed record SchemeCuts(IReadOnlyDictionary<string, RfmCuts>? Rfm = null, IReadOnlyDictionary<string, AbcCuts>? Abc = null)
{
    public string ToJson() => JsonSerializer.Serialize(this, StandardDocument.Options);

    public static SchemeCuts Read(string json) => JsonSerializer.Deserialize<SchemeCuts>(json, StandardDocument.Options)!;
}

/// <summary>What the cuts of a scheme are computed from, collected customer by customer; each thread has one of its own.</summary>
public sealed class SchemeMeasures
{
    private readonly SortedDictionary<string, List<RfmValues>> _rfm = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<long>> _spends = new(StringComparer.Ordinal);

    internal void Add(string currency, RfmValues values) => Of(_rfm, currency).Add(values);

    internal void Add(string currency, long spend) => Of(_spends, currency).Add(spend);

    /// <summary>Takes over what another one collected.</summary>
    public void Merge(SchemeMeasures other)
    {
        foreach (var (currency, values) in other._rfm)
            Of(_rfm, currency).AddRange(values);
        foreach (var (currency, spends) in other._spends)
            Of(_spends, currency).AddRange(spends);
    }

    public SchemeCuts Cuts(Scheme scheme) =>
        scheme.Kind switch
        {
            SchemeKind.Rfm => new(Rfm: _rfm.ToDictionary(p => p.Key, p => RfmCuts.Of([.. p.Value]))),
            SchemeKind.Abc => new(Abc: _spends.ToDictionary(
                p => p.Key, p => Classes.Abc.Cuts([.. p.Value], (scheme.Abc?.A ?? AbcSettings.UsualA) * 100, (scheme.Abc?.B ?? AbcSettings.UsualB) * 100) is var (a, b) ? new AbcCuts(a, b) : default)),
            _ => new(),
        };

    private static List<T> Of<T>(SortedDictionary<string, List<T>> all, string currency) => all.TryGetValue(currency, out var list) ? list : all[currency] = [];
}

/// <summary>A sound scheme made ready for classifying many customers.</summary>
public sealed class CompiledScheme
{
    private readonly CompiledStandard?[] _rules;
    private readonly Clusters? _clusters;
    private readonly Indicator[] _indicators = [];

    /// <param name="unitsBelow">The numbers of a unit of this code and of everything below it; none when there is no such unit.</param>
    public CompiledScheme(Scheme scheme, Func<string, IReadOnlyCollection<int>> unitsBelow)
    {
        Scheme = scheme;
        _rules = scheme.Kind == SchemeKind.Rules ? [.. scheme.Classes.Select(c => c.When is null && c.Scope is null ? null : new CompiledStandard(SchemeDocument.StandardOf(c), unitsBelow))] : [];
        if (scheme is { Kind: SchemeKind.Clusters, Clusters: { Found: { } found } settings })
        {
            _indicators = [.. settings.Indicators.Select(i => IndicatorDefinition.Find(i)!.Indicator)];
            _clusters = new([.. found.Means], [.. found.Deviations], [.. found.Groups.Select(g => g.Centre.ToArray())], [.. found.Groups.Select(g => g.Size)]);
        }
    }

    public Scheme Scheme { get; }

    /// <summary>Whether the whole population must be looked at before anybody is classified.</summary>
    public bool NeedsCuts => Scheme.Kind is SchemeKind.Rfm or SchemeKind.Abc;

    /// <summary>Takes a customer into the population that is cut.</summary>
    public void Measure<T>(scoped ref T values, string currency, SchemeMeasures into)
        where T : IIndicatorValues, allows ref struct
    {
        if (Scheme.Kind == SchemeKind.Rfm && Scored(ref values) is { } scored)
            into.Add(currency, scored);
        else if (Scheme.Kind == SchemeKind.Abc && values[Indicator.Spend12m] is not IIndicatorValues.Unknown and var spend)
            into.Add(currency, spend);
    }

    /// <summary>The class of a customer; null: in none, because something that is needed is not known.</summary>
    public SchemeClass? ClassOf<T>(scoped ref T values, in CustomerTraits traits, SchemeCuts cuts)
        where T : IIndicatorValues, allows ref struct
    {
        switch (Scheme.Kind)
        {
            case SchemeKind.Rules:
                var currency = ConditionProgram.CurrencyOf(traits.Currency);
                for (var i = 0; i < _rules.Length; i++)
                    if (_rules[i] is not { } rule || (rule.IsFor(traits) && (Scheme.Classes[i].When is null || rule.Program.Of(ref values, currency) == Truth.True)))
                        return Scheme.Classes[i];
                return null;
            case SchemeKind.Rfm:
                return cuts.Rfm?.GetValueOrDefault(traits.Currency) is { } fifths && Scored(ref values) is { } scored ? Scheme.Class(Letters(fifths.Score(scored))) : null;
            case SchemeKind.Abc:
                return cuts.Abc?.TryGetValue(traits.Currency, out var shares) == true && values[Indicator.Spend12m] is not IIndicatorValues.Unknown and var spend
                    ? Scheme.Class(spend >= shares.A ? "a" : spend >= shares.B ? "b" : "c") : null;
            default:
                if (_clusters is null || (Scheme.Clusters!.Currency is { } only && only != traits.Currency))
                    return null;
                Span<long> row = stackalloc long[_indicators.Length];
                return Row(ref values, _indicators, row) ? Scheme.Classes.ElementAtOrDefault(_clusters.Of(row)) : null;
        }
    }

    /// <summary>Reads indicators into a row; false when one of them is not known.</summary>
    public static bool Row<T>(scoped ref T values, ReadOnlySpan<Indicator> indicators, scoped Span<long> row)
        where T : IIndicatorValues, allows ref struct
    {
        for (var i = 0; i < indicators.Length; i++)
            if ((row[i] = values[indicators[i]]) == IIndicatorValues.Unknown)
                return false;
        return true;
    }

    private string Letters(RfmScore score)
    {
        var settings = Scheme.Rfm ?? new();
        static char High(int score, int? from) => score >= (from ?? RfmSettings.Usual) ? 'h' : 'l';
        return new([High(score.Recency, settings.Recency), High(score.Frequency, settings.Frequency), High(score.Money, settings.Money)]);
    }

    /// <summary>Who ordered nothing in the window is not scored.</summary>
    private static RfmValues? Scored<T>(scoped ref T values)
        where T : IIndicatorValues, allows ref struct
    {
        var (days, orders, spend) = (values[Indicator.DaysSinceOrder], values[Indicator.Orders12m], values[Indicator.Spend12m]);
        return days == IIndicatorValues.Unknown || spend == IIndicatorValues.Unknown || orders < 1 ? null : new(days, orders, spend);
    }
}
