using System.Text.Json;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>
/// Reads the inputs of a formula by name, refusing by name what is missing or wrong. <c>null</c> counts as not given.
/// </summary>
internal readonly struct FormulaInputs
{
    private readonly JsonElement _object;
    private readonly string _path;

    internal FormulaInputs(JsonElement json, string path = "")
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw CalculationException.Input(path.Length == 0 ? "inputs" : path.TrimEnd('.'), "an object");
        (_object, _path) = (json, path);
    }

    /// <summary>
    /// Refuses a name that appears twice, anywhere, and texts that are not Unicode; and at the top a name that no formula knows,
    /// which can only be a slip of the pen for one that would otherwise be silently left out.
    /// </summary>
    internal static void RequireSound(JsonElement inputs, IReadOnlySet<string> known)
    {
        RequireDistinct(inputs);
        if (inputs.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in inputs.EnumerateObject())
            if (!known.Contains(property.Name))
                throw CalculationException.Input(property.Name, "the name of an input that some formula takes");
    }

    internal RoundingMode Rounding => Has("rounding") ? Core.Rounding.Parse(Text("rounding")) : RoundingMode.HalfUp;

    internal bool Has(string name) => Find(name) is not null;

    internal string Currency()
    {
        var value = Required("currency");
        var code = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        Core.Currency.Require(code);
        return code!;
    }

    internal Money Amount(string name, string currency) => Amount(Required(name), currency, _path + name);

    internal Money? OptionalAmount(string name, string currency) =>
        Find(name) is { } value ? Amount(value, currency, _path + name) : null;

    internal IReadOnlyList<Money> AmountList(string name, string currency)
    {
        var list = List(name);
        var amounts = new List<Money>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
            amounts.Add(Amount(item, currency, $"{_path}{name}[{amounts.Count}]"));
        return amounts;
    }

    internal Rate Rate(string name)
    {
        var value = Required(name);
        return Core.Rate.Parse(value.ValueKind == JsonValueKind.String ? value.GetString() : null, _path + name);
    }

    internal Rate? OptionalRate(string name) => Has(name) ? Rate(name) : null;

    /// <summary>A JSON number without sign, point or exponent.</summary>
    internal int Count(string name, int least = 0)
    {
        var value = Required(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= least
            ? count
            : throw CalculationException.Count(_path + name, $"a JSON number, whole and {least} or more");
    }

    internal int? OptionalCount(string name, int least = 0) => Has(name) ? Count(name, least) : null;

    internal DateOnly Date(string name) => Date(Required(name), _path + name);

    internal DateOnly? OptionalDate(string name) => Has(name) ? Date(name) : null;

    internal IReadOnlyList<DateOnly> OptionalDateList(string name)
    {
        if (!Has(name))
            return [];
        var dates = new List<DateOnly>();
        foreach (var item in List(name).EnumerateArray())
            dates.Add(Date(item, $"{_path}{name}[{dates.Count}]"));
        return dates;
    }

    internal bool Flag(string name) =>
        Required(name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw CalculationException.Input(_path + name, "true or false"),
        };

    internal bool OptionalFlag(string name) => Has(name) && Flag(name);

    internal string Text(string name)
    {
        var value = Required(name);
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw CalculationException.Input(_path + name, "a string");
    }

    internal string OneOf(string name, params ReadOnlySpan<string> choices)
    {
        var value = Required(name);
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        foreach (var choice in choices)
            if (choice == text)
                return choice;
        throw CalculationException.Input(_path + name, "one of " + string.Join(", ", choices.ToArray()));
    }

    internal DayCount DayCount(DayCount otherwise) => Has("dayCount") ? DayCounts.Parse(OneOfDayCounts()) : otherwise;

    internal FormulaInputs Object(string name) => new(Required(name), $"{_path}{name}.");

    internal IReadOnlyList<FormulaInputs> Objects(string name)
    {
        var objects = new List<FormulaInputs>();
        foreach (var item in List(name).EnumerateArray())
            objects.Add(new(item, $"{_path}{name}[{objects.Count}]."));
        return objects;
    }

    internal JsonValueKind KindOf(string name) => Find(name)?.ValueKind ?? JsonValueKind.Undefined;

    /// <summary>Whether the name is there at all, be it with <c>null</c>.</summary>
    internal bool IsNamed(string name) => _object.TryGetProperty(name, out _);

    internal CalculationException MissingInput(string name) => CalculationException.Missing(_path + name);

    internal CalculationException Wrong(string name, string rule) => CalculationException.Input(_path + name, rule);

    private string? OneOfDayCounts()
    {
        var value = Required("dayCount");
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private JsonElement List(string name)
    {
        var value = Required(name);
        return value.ValueKind == JsonValueKind.Array
            ? value
            : throw CalculationException.Input(_path + name, "a list");
    }

    private JsonElement Required(string name) => Find(name) ?? throw CalculationException.Missing(_path + name);

    private JsonElement? Find(string name) =>
        _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static Money Amount(JsonElement value, string currency, string name) =>
        Money.Parse(value.ValueKind == JsonValueKind.String ? value.GetString() : null, currency, name);

    private static DateOnly Date(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String
        && DateOnly.TryParseExact(
            value.GetString(),
            "yyyy-MM-dd",
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.None,
            out var date
        )
            ? date
            : throw new CalculationException(
                CalculationError.InvalidDate,
                $"{name} must be a day of the calendar such as \"2025-01-31\".",
                $"{name} 必须是形如 \"2025-01-31\" 的有效日期。"
            );

    private static void RequireDistinct(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var property in value.EnumerateObject())
                {
                    if (!names.Add(property.Name))
                        throw CalculationException.Input(property.Name, "given once");
                    RequireDistinct(property.Value);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    RequireDistinct(item);
                break;
            case JsonValueKind.String:
                value.GetString();
                break;
            default:
                break;
        }
    }
}
