using Exeunt.Core.Activity;
using Exeunt.Core.Standards;
using FsCheck;
using FsCheck.Fluent;

namespace Exeunt.Core.Tests.Standards;

/// <summary>Values to test with; what is not named is not known.</summary>
internal readonly struct Values(Dictionary<Indicator, long> known) : IIndicatorValues
{
    public static Values Of(params (Indicator Indicator, long Value)[] known) => new(known.ToDictionary(k => k.Indicator, k => k.Value));

    public long this[Indicator indicator] => known.GetValueOrDefault(indicator, IIndicatorValues.Unknown);
}

/// <summary>Random conditions and values, and the slow way to judge them.</summary>
internal static class Conditions
{
    public static Gen<Condition> Any { get; } = Gen.Choose(1, 4).SelectMany(OfDepth);

    private static Gen<Condition> OfDepth(int depth) =>
        depth == 1
            ? Compare.Select(c => (Condition)c)
            : Gen.Frequency(
                (3, Compare.Select(c => (Condition)c)),
                (3, Several(depth).Select(of => (Condition)new AllOf(of))),
                (3, Several(depth).Select(of => (Condition)new AnyOf(of))),
                (2, OfDepth(depth - 1).Select(of => (Condition)new NotOf(of))));

    private static Gen<List<Condition>> Several(int depth) =>
        from count in Gen.Choose(2, 3)
        from of in OfDepth(depth - 1).ListOf(count)
        select of.ToList();

    public static Gen<Compare> Compare { get; } =
        from indicator in Gen.Elements(IndicatorDefinition.All.ToArray())
        from op in Gen.Elements(indicator.Unit is IndicatorUnit.State or IndicatorUnit.YesNo ? [Operator.Equal, Operator.NotEqual] : Enum.GetValues<Operator>())
        from steps in Steps(indicator)
        from currency in Gen.Elements("CNY", "GBP", "JPY", "KWD")
        select new Compare(indicator.Code, op, Threshold.From(indicator, steps, currency));

    private static Gen<long> Steps(IndicatorDefinition indicator) =>
        (indicator.Unit switch
        {
            IndicatorUnit.State => Gen.Elements(IndicatorState.Of(indicator.Indicator).Select(s => (int)s.Value).ToArray()),
            IndicatorUnit.YesNo => Gen.Choose(0, 1),
            IndicatorUnit.Score => Gen.Choose(100, 500),
            IndicatorUnit.Money => Gen.Choose(-50_000, 5_000_000),
            _ => Gen.Choose(0, 20_000),
        }).Select(n => (long)n);

    /// <summary>Values close to the thresholds of a condition, some of them not known.</summary>
    public static Gen<Values> ValuesFor(Condition condition)
    {
        var around = condition.Comparisons().Select(c => (c.Compare.Definition!.Indicator, At: c.Compare.Value.In(c.Compare.Definition))).ToList();
        return from picks in Gen.Choose(0, 4).ListOf(around.Count)
               select new Values(around.Zip(picks).Where(p => p.Second < 4).GroupBy(p => p.First.Indicator).ToDictionary(g => g.Key, g => g.First().First.At + g.First().Second - 1));
    }

    /// <summary>Three-valued logic as it is written in books.</summary>
    public static bool? Slowly(Condition condition, Values values, string currency) => condition switch
    {
        Compare c when c.Definition!.Unit == IndicatorUnit.Money && c.Value.Text != currency => null,
        Compare c when values[c.Definition!.Indicator] == IIndicatorValues.Unknown => null,
        Compare c => Slowly(c.Is, values[c.Definition!.Indicator], c.Value.In(c.Definition)),
        NotOf not => !Slowly(not.Of, values, currency),
        AllOf all => all.Of.Select(x => Slowly(x, values, currency)).ToList() is var of && of.Contains(false) ? false : of.Contains(null) ? null : true,
        AnyOf any => any.Of.Select(x => Slowly(x, values, currency)).ToList() is var of && of.Contains(true) ? true : of.Contains(null) ? null : false,
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private static bool Slowly(Operator op, long value, long threshold) => op switch
    {
        Operator.Less => value < threshold,
        Operator.AtMost => value <= threshold,
        Operator.More => value > threshold,
        Operator.AtLeast => value >= threshold,
        Operator.Equal => value == threshold,
        _ => value != threshold,
    };
}
