using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Exeunt.Core.Documents;

/// <summary>
/// Whether a text has exactly the names and types of a document's types; everything that is wrong is told at once. What values must
/// say together is for the document itself.
/// </summary>
/// <param name="options">The document's own: its type information says what is required.</param>
/// <param name="say">Told path, code ("unknown-name") and what is wrong in both languages.</param>
/// <param name="maxEntries">Most entries of one list.</param>
/// <param name="maxDepth">How deep rules may stand in each other.</param>
internal sealed class JsonShape(JsonSerializerOptions options, Action<string, string, string, string> say, int maxEntries, int maxDepth = 1)
{
    private readonly Dictionary<string, long> _places = new(StringComparer.Ordinal);

    /// <summary>Line and column, from 1, of a path or of what it stands in.</summary>
    public (int Line, int Column) PlaceOf(string path, byte[] bytes)
    {
        long at;
        while (!_places.TryGetValue(path, out at) && path.Length > 0)
            path = path[..Math.Max(0, Math.Max(path.LastIndexOf('.'), path.LastIndexOf('[')))];
        var before = bytes.AsSpan(0, (int)at);
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    /// <summary>The names of an enum's values in the document.</summary>
    public static IReadOnlyList<string> NamesOf(Type type, JsonSerializerOptions options) =>
        [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(v => JsonSerializer.Serialize(Enum.ToObject(type, v), type, options).Trim('"'))];

    private static bool IsRequired(JsonPropertyInfo property) => property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };

    public void Check(JsonSpot spot, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        _places[path] = spot.At;
        var info = options.GetTypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object when spot.Type != JsonTokenType.StartObject:
                Add(path, "wrong-type", "An object {…} is expected.", "应为对象 {…}。");
                break;
            case JsonTypeInfoKind.Object:
                Members(spot, info, path);
                break;
            case JsonTypeInfoKind.Dictionary when spot.Type != JsonTokenType.StartObject:
                Add(path, "wrong-type", "An object {…} is expected.", "应为对象 {…}。");
                break;
            case JsonTypeInfoKind.Dictionary:
                Repeated(spot, path);
                foreach (var (name, _, value) in spot.Members)
                    Check(value, info.ElementType!, Join(path, name));
                break;
            case JsonTypeInfoKind.Enumerable when spot.Type != JsonTokenType.StartArray:
                Add(path, "wrong-type", "A list […] is expected.", "应为列表 […]。");
                break;
            case JsonTypeInfoKind.Enumerable:
                for (var i = 0; i < spot.Items.Count; i++)
                    Check(spot.Items[i], info.ElementType!, $"{path}[{i}]");
                if (spot.Items.Count > maxEntries)
                    Add(path, "too-many", $"At most {maxEntries} entries.", $"最多 {maxEntries} 项。");
                break;
            default:
                Plain(spot, type, path);
                break;
        }
    }

    private void Members(JsonSpot spot, JsonTypeInfo info, string path)
    {
        Repeated(spot, path);
        var kindName = "";
        if (info.PolymorphismOptions is { } kinds)
        {
            kindName = kinds.TypeDiscriminatorPropertyName;
            var all = string.Join(", ", kinds.DerivedTypes.Select(d => d.TypeDiscriminator));
            var named = spot.Members.FirstOrDefault(m => m.Name == kindName).Value;
            if (named is null)
            {
                Add(Join(path, kindName), "missing", $"This is missing: one of {all}.", $"缺少此项：{all} 之一。");
                return;
            }
            _places[Join(path, kindName)] = named.At;
            if (kinds.DerivedTypes.FirstOrDefault(d => Equals(d.TypeDiscriminator, named.Text)) is not { DerivedType: { } derived })
            {
                Add(Join(path, kindName), "wrong-value", $"One of {all} is expected.", $"应为以下之一：{all}。");
                return;
            }
            info = options.GetTypeInfo(derived);
            if (path.Split("of[").Length > maxDepth)
                Add(path, "too-deep", $"Rules stand at most {maxDepth} deep in each other.", $"规则最多嵌套 {maxDepth} 层。");
        }
        foreach (var (name, at, value) in spot.Members)
        {
            if (name == kindName)
                continue;
            if (info.Properties.FirstOrDefault(p => p.Name == name) is not { } property)
            {
                _places[Join(path, name)] = at;
                Add(Join(path, name), "unknown-name", $"There is no such name here. Known: {string.Join(", ", info.Properties.Select(p => p.Name))}.", $"此处没有该名称。可用：{string.Join("、", info.Properties.Select(p => p.Name))}。");
            }
            else if (value.Type == JsonTokenType.Null)
            {
                _places[Join(path, name)] = value.At;
                if (!property.IsSetNullable || Nullable.GetUnderlyingType(property.PropertyType) is null && property.PropertyType.IsValueType)
                    Add(Join(path, name), "missing", "This must not be null.", "此项不能为 null。");
            }
            else
                Check(value, property.PropertyType, Join(path, name));
        }
        foreach (var property in info.Properties.Where(p => IsRequired(p) && spot.Members.All(m => m.Name != p.Name)))
            Add(Join(path, property.Name), "missing", "Please fill this in.", "请填写此项。");
    }

    private void Repeated(JsonSpot spot, string path)
    {
        foreach (var group in spot.Members.GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            Add(Join(path, group.Key), "repeated", "This stands here twice.", "此项重复出现。");
    }

    private void Plain(JsonSpot spot, Type type, string path)
    {
        if (type == typeof(string))
        {
            if (spot.Text is null)
                Add(path, "wrong-type", "A text is expected.", "应为文本。");
            else if (spot.Text.Contains('\0', StringComparison.Ordinal))
                Add(path, "characters", "This text has a character that cannot be kept.", "文本含有无法保存的字符。");
        }
        else if (type == typeof(int))
        {
            if (spot.Type != JsonTokenType.Number || !int.TryParse(spot.Raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                Add(path, "wrong-type", "A whole number is expected.", "应为整数。");
        }
        else if (type == typeof(long))
        {
            if (spot.Type != JsonTokenType.Number || !long.TryParse(spot.Raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                Add(path, "wrong-type", "A whole number is expected.", "应为整数。");
        }
        else if (type == typeof(double))
        {
            if (spot.Type != JsonTokenType.Number || !double.TryParse(spot.Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
                Add(path, "wrong-type", "A number is expected.", "应为数字。");
        }
        else if (type == typeof(bool))
        {
            if (spot.Type is not (JsonTokenType.True or JsonTokenType.False))
                Add(path, "wrong-type", "true or false is expected.", "应为 true 或 false。");
        }
        else if (type == typeof(DateOnly))
        {
            if (!DateOnly.TryParseExact(spot.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                Add(path, "wrong-type", "A date such as 2026-01-31 is expected.", "应为日期，例如 2026-01-31。");
        }
        else if (type == typeof(TimeOnly))
        {
            if (!TimeOnly.TryParseExact(spot.Text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                Add(path, "wrong-type", "A time such as 09:00 is expected.", "应为时刻，例如 09:00。");
        }
        else if (type == typeof(Money))
            Amount(spot, path);
        else if (type == typeof(Rate))
        {
            if (spot.Text is not { } rate || !Tries(() => Rate.Parse(rate), out _))
                Add(path, "rate", "A rate such as \"0.20\" (20 percent) is expected, as a text of 0 or more.", "应为文本形式的比率，例如 \"0.20\"（即 20%），不得为负。");
        }
        else if (type == typeof(Standards.Threshold))
        {
            if (spot.Type is not (JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False) && (spot.Text is not { } threshold || Standards.Threshold.Read(threshold) is null)
                || (spot.Type == JsonTokenType.Number && Standards.Threshold.Decimal(spot.Raw) is null))
                Add(path, "threshold", "A threshold is expected: a number, true or false, or a text such as \"30%\", \"500.00 CNY\" or \"churned\".", "应为阈值：数字、true 或 false，或文本，例如 \"30%\"、\"500.00 CNY\"、\"churned\"。");
        }
        else if (type.IsEnum)
        {
            var names = NamesOf(type, options);
            if (spot.Text is not { } value || !names.Contains(value))
                Add(path, "wrong-value", $"One of {string.Join(", ", names)} is expected.", $"应为以下之一：{string.Join("、", names)}。");
        }
        else
            throw new NotSupportedException($"The document has a type that is not checked: {type}.");
    }

    private void Amount(JsonSpot spot, string path)
    {
        if (spot.Text is not { } text || text.IndexOf(' ', StringComparison.Ordinal) is not (> 0 and var space))
            Add(path, "amount", "An amount with its currency is expected, such as 300.00 CNY.", "应为带币种的金额，例如 300.00 CNY。");
        else if (text.StartsWith('-'))
            Add(path, "negative", "An amount must not be negative.", "金额不得为负。");
        else if (!Tries(() => Money.Parse(text[..space], text[(space + 1)..]), out var why))
            Add(path, "amount", why.English, why.Chinese);
    }

    private void Add(string path, string code, string english, string chinese) => say(path, code, english, chinese);

    private static bool Tries(Action read, [NotNullWhen(false)] out CalculationException? why)
    {
        try
        {
            read();
            why = null;
            return true;
        }
        catch (CalculationException e)
        {
            why = e;
            return false;
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
