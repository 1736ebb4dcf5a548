using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.Core.Activity;

namespace Exeunt.Core.Standards;

/// <summary>How an indicator is compared with a threshold.</summary>
public enum Operator
{
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    NotEqual,
}

/// <summary>What must be so with a customer: comparisons joined by and, or, not.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Compare), "compare")]
[JsonDerivedType(typeof(AllOf), "and")]
[JsonDerivedType(typeof(AnyOf), "or")]
[JsonDerivedType(typeof(NotOf), "not")]
public abstract record Condition
{
    /// <summary>Deepest nesting of and, or and not.</summary>
    public const int MaxDepth = 12;

    /// <summary>Most comparisons of one standard.</summary>
    public const int MaxComparisons = 50;

    /// <summary>1 for a comparison, one more for each level above.</summary>
    [JsonIgnore]
    public int Depth => this switch
    {
        AllOf all => 1 + all.Of.Select(c => c.Depth).DefaultIfEmpty().Max(),
        AnyOf any => 1 + any.Of.Select(c => c.Depth).DefaultIfEmpty().Max(),
        NotOf not => 1 + not.Of.Depth,
        _ => 1,
    };

    /// <summary>Every comparison, in the order in which they are written, with its JSON path below the condition's own.</summary>
    public IEnumerable<(string Path, Compare Compare)> Comparisons(string path = "when") => this switch
    {
        Compare compare => [(path, compare)],
        AllOf all => all.Of.SelectMany((c, i) => c.Comparisons($"{path}.of[{i}]")),
        AnyOf any => any.Of.SelectMany((c, i) => c.Comparisons($"{path}.of[{i}]")),
        NotOf not => not.Of.Comparisons($"{path}.of"),
        _ => [],
    };

    /// <summary>
    /// The same without a "not": it is pushed down to the comparisons, which turn into their opposites. Because a comparison with what is
    /// not known is neither true nor false, this means exactly the same.
    /// </summary>
    public Condition Plain(bool negated = false) => this switch
    {
        Compare compare => negated ? compare with { Is = compare.Is.Opposite() } : compare,
        AllOf all => negated ? new AnyOf([.. all.Of.Select(c => c.Plain(true))]) : new AllOf([.. all.Of.Select(c => c.Plain())]),
        AnyOf any => negated ? new AllOf([.. any.Of.Select(c => c.Plain(true))]) : new AnyOf([.. any.Of.Select(c => c.Plain())]),
        NotOf not => not.Of.Plain(!negated),
        _ => this,
    };

    /// <summary>The same with another threshold in one comparison, counted as <see cref="Comparisons"/> does.</summary>
    public Condition With(int comparison, Threshold value) => With((i, compare) => i == comparison ? compare with { Value = value } : compare)!;

    /// <summary>The same with other comparisons in the place of its own; those that become null go, and what joined them. Null when nothing is left.</summary>
    public Condition? With(Func<int, Compare, Compare?> change)
    {
        var seen = 0;
        return Changed(this);

        Condition? Changed(Condition condition) => condition switch
        {
            Compare compare => change(seen++, compare),
            AllOf all => Joined([.. all.Of.Select(Changed).OfType<Condition>()], of => new AllOf(of)),
            AnyOf any => Joined([.. any.Of.Select(Changed).OfType<Condition>()], of => new AnyOf(of)),
            NotOf not => Changed(not.Of) is { } inner ? new NotOf(inner) : null,
            _ => condition,
        };

        static Condition? Joined(List<Condition> of, Func<List<Condition>, Condition> join) => of.Count > 1 ? join(of) : of.FirstOrDefault();
    }
}

/// <summary>An indicator compared with a threshold; never true when the indicator is not known.</summary>
/// <param name="Indicator">Its code: "spend_12m".</param>
public sealed record Compare(string Indicator, Operator Is, Threshold Value) : Condition
{
    /// <summary>The indicator; null when there is none of this code.</summary>
    [JsonIgnore]
    public IndicatorDefinition? Definition => IndicatorDefinition.Find(Indicator);
}

/// <summary>All of them: two or more.</summary>
public sealed record AllOf(IReadOnlyList<Condition> Of) : Condition
{
    public bool Equals(AllOf? other) => other is not null && Of.SequenceEqual(other.Of);

    public override int GetHashCode() => Of.Aggregate(1, HashCode.Combine);
}

/// <summary>At least one of them: two or more.</summary>
public sealed record AnyOf(IReadOnlyList<Condition> Of) : Condition
{
    public bool Equals(AnyOf? other) => other is not null && Of.SequenceEqual(other.Of);

    public override int GetHashCode() => Of.Aggregate(2, HashCode.Combine);
}

/// <summary>The opposite; what is not known stays not known.</summary>
public sealed record NotOf(Condition Of) : Condition;

/// <summary>The operators as they are written.</summary>
public static class Operators
{
    public static string Sign(this Operator op) => op switch
    {
        Operator.Less => "<",
        Operator.AtMost => "<=",
        Operator.More => ">",
        Operator.AtLeast => ">=",
        Operator.Equal => "=",
        _ => "!=",
    };

    /// <summary>The operator of a sign; null: there is none.</summary>
    public static Operator? Find(string sign) => sign switch
    {
        "<" or "＜" => Operator.Less,
        "<=" or "≤" or "≦" => Operator.AtMost,
        ">" or "＞" => Operator.More,
        ">=" or "≥" or "≧" => Operator.AtLeast,
        "=" or "==" or "＝" => Operator.Equal,
        "!=" or "<>" or "≠" => Operator.NotEqual,
        _ => null,
    };

    /// <summary>True exactly where the other is false.</summary>
    public static Operator Opposite(this Operator op) => op switch
    {
        Operator.Less => Operator.AtLeast,
        Operator.AtLeast => Operator.Less,
        Operator.More => Operator.AtMost,
        Operator.AtMost => Operator.More,
        Operator.Equal => Operator.NotEqual,
        _ => Operator.Equal,
    };

    public static bool Holds(this Operator op, long value, long threshold) => op switch
    {
        Operator.Less => value < threshold,
        Operator.AtMost => value <= threshold,
        Operator.More => value > threshold,
        Operator.AtLeast => value >= threshold,
        Operator.Equal => value == threshold,
        _ => value != threshold,
    };
}

/// <summary>What a threshold is written as.</summary>
public enum ThresholdKind
{
    Number,
    Percent,

    /// <summary>An amount with its currency: it says nothing about customers of another currency.</summary>
    Amount,

    /// <summary>A state, yes or no.</summary>
    Word,
}

/// <summary>
/// The right side of a comparison. In JSON a number (counts, days, months, points), true or false, or a text: "30%", "500.00 CNY", "churned".
/// </summary>
/// <param name="Text">The currency of an amount; the word of a word.</param>
[JsonConverter(typeof(ThresholdJson))]
public readonly record struct Threshold(ThresholdKind Kind, decimal Number, string Text = "")
{
    /// <summary>Largest number, either sign; with four minor digits it stays a whole number of 64 bits.</summary>
    public const decimal Max = 100_000_000_000m;

    public static Threshold Of(decimal number) => new(ThresholdKind.Number, number);

    public static Threshold Percent(decimal percent) => new(ThresholdKind.Percent, percent);

    public static Threshold Amount(decimal major, string currency) => new(ThresholdKind.Amount, major, currency);

    public static Threshold Word(string word) => new(ThresholdKind.Word, 0, word);

    /// <summary>The threshold in an indicator's steps.</summary>
    /// <exception cref="ArgumentException">It does not fit; see <see cref="WhyNot"/>.</exception>
    public long In(IndicatorDefinition indicator) =>
        WhyNot(indicator) is { } why ? throw new ArgumentException(why.English) : indicator.Unit switch
        {
            IndicatorUnit.State => Find(indicator, Text)!.Value,
            IndicatorUnit.YesNo => Text == "yes" ? 1 : 0,
            IndicatorUnit.Money => (long)(Number * Power(Currency.MinorDigits(Text))),
            IndicatorUnit.Rate or IndicatorUnit.Score => (long)(Number * 100),
            _ => (long)Number,
        };

    /// <summary>The threshold of an indicator from its steps.</summary>
    /// <param name="currency">Of an amount.</param>
    public static Threshold From(IndicatorDefinition indicator, long steps, string currency) => indicator.Unit switch
    {
        IndicatorUnit.State => Word(IndicatorState.Of(indicator.Indicator).First(s => s.Value == steps).Name),
        IndicatorUnit.YesNo => Word(steps == 0 ? "no" : "yes"),
        IndicatorUnit.Money => Amount(steps / Power(Currency.MinorDigits(currency)), currency),
        IndicatorUnit.Rate => Percent(steps / 100m),
        IndicatorUnit.Score => Of(steps / 100m),
        _ => Of(steps),
    };

    /// <summary>Why this cannot be compared with the indicator; null when it can.</summary>
    public Words? WhyNot(IndicatorDefinition indicator)
    {
        var fits = indicator.Unit switch
        {
            IndicatorUnit.State => Kind == ThresholdKind.Word && Find(indicator, Text) is not null,
            IndicatorUnit.YesNo => Kind == ThresholdKind.Word && Text is "yes" or "no",
            IndicatorUnit.Money => Kind == ThresholdKind.Amount && Currency.IsKnown(Text) && Math.Abs(Number) <= Max && IsWhole(Number * Power(Currency.MinorDigits(Text))),
            IndicatorUnit.Rate => Kind == ThresholdKind.Percent && Number is >= 0 and <= 100_000 && IsWhole(Number * 100),
            IndicatorUnit.Score => Kind == ThresholdKind.Number && Number is >= 1 and <= 5 && IsWhole(Number * 100),
            _ => Kind == ThresholdKind.Number && Number is >= 0 and <= 1_000_000_000 && IsWhole(Number),
        };
        if (fits)
            return null;
        return indicator.Unit switch
        {
            IndicatorUnit.State => new($"A state is expected: {string.Join(", ", IndicatorState.Of(indicator.Indicator).Select(s => s.Name))}.", $"应为状态：{string.Join("、", IndicatorState.Of(indicator.Indicator).Select(s => s.Name))}。"),
            IndicatorUnit.YesNo => new("yes or no is expected (true or false in JSON).", "应为 yes 或 no（JSON 中为 true 或 false）。"),
            IndicatorUnit.Money => new("An amount with its currency and no more decimals than it has is expected, such as 500.00 CNY.", "应为带币种的金额，小数位数不超过该币种，例如 500.00 CNY。"),
            IndicatorUnit.Rate => new("A share of 0 or more with at most two decimals is expected, such as 30%.", "应为不小于 0、最多两位小数的百分比，例如 30%。"),
            IndicatorUnit.Score => new("Points from 1 to 5 with at most two decimals are expected, such as 2.5.", "应为 1 至 5 的评分，最多两位小数，例如 2.5。"),
            IndicatorUnit.Days => new("A whole number of days is expected, such as 90.", "应为整数天数，例如 90。"),
            IndicatorUnit.Months => new("A whole number of months is expected, such as 3.", "应为整数月数，例如 3。"),
            _ => new("A whole number of 0 or more is expected, such as 2.", "应为不小于 0 的整数，例如 2。"),
        };
    }

    /// <summary>As in JSON and in the text language, without words for days and months: "500.00 CNY", "30%", "2", "churned".</summary>
    public override string ToString() => Kind switch
    {
        ThresholdKind.Percent => Digits(Number) + "%",
        ThresholdKind.Amount => $"{Number.ToString(Currency.IsKnown(Text) && Currency.MinorDigits(Text) is > 0 and var digits ? "0." + new string('0', digits) : "0.####", CultureInfo.InvariantCulture)} {Text}",
        ThresholdKind.Word => Text,
        _ => Digits(Number),
    };

    private static IndicatorState? Find(IndicatorDefinition indicator, string word) => IndicatorState.Of(indicator.Indicator).FirstOrDefault(s => s.Name == word);

    internal static string Digits(decimal number) => number.ToString("0.##########", CultureInfo.InvariantCulture);

    private static bool IsWhole(decimal number) => number == decimal.Truncate(number);

    private static decimal Power(int digits)
    {
        var power = 1m;
        for (; digits > 0; digits--)
            power *= 10;
        return power;
    }

    /// <summary>Reads what stands in a JSON text: "30%", "500 CNY", a state; null when it is none of these.</summary>
    public static Threshold? Read(string text)
    {
        text = text.Trim();
        if (text.EndsWith('%'))
            return Decimal(text[..^1].TrimEnd()) is { } percent ? Percent(percent) : null;
        if (text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space)
            return Decimal(text[..space]) is { } major && text[(space + 1)..].Trim() is { Length: 3 } currency ? Amount(major, currency) : null;
        return text.Length is > 0 and <= 40 && text.All(c => char.IsAsciiLetter(c) || c == '_') ? Word(text.ToLowerInvariant()) : null;
    }

    internal static decimal? Decimal(string text) =>
        text.Length <= 30 && decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= Max * 10 ? number : null;
}

internal sealed class ThresholdJson : JsonConverter<Threshold>
{
    public override Threshold Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetDecimal(out var number) && Math.Abs(number) <= Threshold.Max => Threshold.Of(number),
        JsonTokenType.True => Threshold.Word("yes"),
        JsonTokenType.False => Threshold.Word("no"),
        JsonTokenType.String when Threshold.Read(reader.GetString()!) is { } read => read,
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, Threshold value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case { Kind: ThresholdKind.Number }:
                writer.WriteRawValue(Threshold.Digits(value.Number));
                break;
            case { Kind: ThresholdKind.Word, Text: "yes" or "no" }:
                writer.WriteBooleanValue(value.Text == "yes");
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}

internal sealed class OperatorJson : JsonConverter<Operator>
{
    public override Operator Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Operators.Find(reader.GetString()!) is { } op ? op : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Operator value, JsonSerializerOptions options) => writer.WriteStringValue(value.Sign());
}
