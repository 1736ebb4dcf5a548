using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Exeunt.Core.Activity;
using Exeunt.Core.Documents;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Standards;

/// <summary>What came of reading a document: the standard, or everything that is wrong with it.</summary>
public sealed record StandardReading(Standard? Standard, IReadOnlyList<DocumentProblem> Problems)
{
    [MemberNotNullWhen(true, nameof(Standard))]
    public bool IsValid => Standard is not null;
}

/// <summary>
/// Reads and writes a standard as JSON. Reading is strict and says everything that is wrong at once, with path, line and column; the same
/// standard always gives the same text. Whether it may be published is for <see cref="StandardCheck"/>.
/// </summary>
public static partial class StandardDocument
{
    /// <summary>Longest document, in characters.</summary>
    public const int MaxLength = 100_000;

    public const int MaxId = 60;
    public const int MaxName = 200;

    /// <summary>Most entries of one list.</summary>
    public const int MaxEntries = 200;

    internal static readonly JsonSerializerOptions Options = Create(indented: false);

    private static readonly JsonSerializerOptions Indented = Create(indented: true);

    /// <summary>The document for people, with line breaks; what is empty or usual is left out.</summary>
    public static string Write(Standard standard) => JsonSerializer.Serialize(standard, Indented);

    /// <summary>The document without line breaks, as it is stored and signed.</summary>
    public static string ToJson(Standard standard) => JsonSerializer.Serialize(standard, Options);

    /// <summary>A condition alone, as it stands in the document.</summary>
    public static string ToJson(Condition condition) => JsonSerializer.Serialize(condition, Options);

    /// <summary>SHA-256 (hex) of the stored document: what signatures and back-tests bind.</summary>
    public static string DigestOf(Standard standard) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson(standard))));

    /// <summary>The numbers that decided about a listing, as they are stored.</summary>
    public static string ToJson(IReadOnlyList<Deciding> reasons) => JsonSerializer.Serialize(reasons, Options);

    /// <summary>Reads what <see cref="ToJson(IReadOnlyList{Deciding})"/> wrote.</summary>
    public static IReadOnlyList<Deciding> ReasonsOf(string json) => JsonSerializer.Deserialize<List<Deciding>>(json, Options)!;

    private static readonly StrictJson<Standard> Reader = new("standard", Options, MaxLength, MaxEntries, Check, Condition.MaxDepth, Forbidden);

    /// <summary>Reads and checks a document.</summary>
    public static StandardReading Read(string json)
    {
        var (document, problems) = Reader.Read(json);
        return new(document, problems);
    }

    /// <summary>What is wrong with the values of a standard one by one. Empty when nothing is.</summary>
    public static IReadOnlyList<DocumentProblem> Check(Standard standard)
    {
        var all = new List<DocumentProblem>();
        If(standard.Id.Length > MaxId || !CodeForm().IsMatch(standard.Id), "id", "code", "Small letters, digits and dashes, beginning with a letter.", "仅限小写字母、数字和连字符，以字母开头。");
        Range("version", standard.Version, 1, 9999);
        Range("dueDays", standard.DueDays, 1, 365);
        Text("name.english", standard.Name.English, MaxName);
        Text("name.chinese", standard.Name.Chinese, MaxName);
        Range("grace.list", standard.Grace?.List, 1, StandardGrace.Most);
        Range("grace.drop", standard.Grace?.Drop, 1, StandardGrace.Most);
        Range("exclude.newerThanMonths", standard.Exclude?.NewerThanMonths, 1, 600);
        Texts("scope.units", standard.Scope?.Units, 40);
        Texts("scope.industries", standard.Scope?.Industries, 60);
        Texts("scope.currencies", standard.Scope?.Currencies, 3);
        Unique("scope.kinds", standard.Scope?.Kinds);
        Unique("scope.tiers", standard.Scope?.Tiers);
        foreach (var (currency, i) in (standard.Scope?.Currencies ?? []).Select((c, i) => (c, i)))
            If(!Currency.IsKnown(currency), $"scope.currencies[{i}]", "currency", "A currency code such as CNY is expected.", "应为币种代码，例如 CNY。");
        all.AddRange(Check(standard.When, "when"));
        return all;

        void If(bool wrong, string path, string code, string english, string chinese)
        {
            if (wrong)
                all.Add(new("standard." + code, path, null, new(english, chinese)));
        }

        void Range(string path, int? value, int least, int most) => If(value < least || value > most, path, "range", $"From {least} to {most}.", $"须在 {least} 至 {most} 之间。");

        void Text(string path, string text, int max)
        {
            If(string.IsNullOrWhiteSpace(text), path, "missing", "Please fill this in.", "请填写此项。");
            If(text.Length > max, path, "too-long", $"At most {max} characters, please.", $"最多 {max} 个字符。");
            If(text.Any(char.IsControl), path, "characters", "No line breaks or other control characters, please.", "不得含换行等控制字符。");
        }

        void Texts(string path, IReadOnlyList<string>? texts, int max)
        {
            foreach (var (text, i) in (texts ?? []).Take(MaxEntries).Select((t, i) => (t, i)))
                Text($"{path}[{i}]", text, max);
            Unique(path, texts);
        }

        void Unique<T>(string path, IReadOnlyList<T>? values)
        {
            if (values is null)
                return;
            If(values.Count > MaxEntries, path, "too-many", $"At most {MaxEntries} entries.", $"最多 {MaxEntries} 项。");
            var seen = new HashSet<T>();
            for (var i = 0; i < Math.Min(values.Count, MaxEntries); i++)
                If(!seen.Add(values[i]), $"{path}[{i}]", "repeated", "This stands here twice.", "此项重复出现。");
        }
    }

    /// <summary>What is wrong with a condition: unknown indicators, thresholds of another unit, too many or too deep.</summary>
    public static IReadOnlyList<DocumentProblem> Check(Condition condition, string path)
    {
        if (condition.Depth > Condition.MaxDepth)
            return [new("standard.too-deep", path, null, new($"Conditions stand at most {Condition.MaxDepth} deep in each other.", $"条件最多嵌套 {Condition.MaxDepth} 层。"))];
        var comparisons = condition.Comparisons(path).Take(Condition.MaxComparisons + 1).ToList();
        if (comparisons.Count > Condition.MaxComparisons)
            return [new("standard.too-many", path, null, new($"At most {Condition.MaxComparisons} comparisons.", $"最多 {Condition.MaxComparisons} 个比较。"))];
        return [.. Lists(condition, path), .. comparisons.SelectMany(c => Check(c.Compare, c.Path))];
    }

    /// <summary>What is wrong with one comparison.</summary>
    internal static IEnumerable<DocumentProblem> Check(Compare compare, string path)
    {
        if (compare.Definition is not { } indicator)
        {
            yield return NoIndicator($"{path}.indicator", compare.Indicator);
            yield break;
        }
        if (indicator.Unit is IndicatorUnit.State or IndicatorUnit.YesNo && compare.Is is not (Operator.Equal or Operator.NotEqual))
            yield return new("standard.operator", $"{path}.is", null, new($"“{indicator.Code}” has no order.", $"“{indicator.Code}”没有大小之分。"), new("Use = or !=.", "请用 = 或 !=。"));
        if (compare.Value.WhyNot(indicator) is { } why)
            yield return new("standard.threshold", $"{path}.value", null, new($"“{compare.Value}” cannot be compared with “{indicator.Code}”.", $"“{compare.Value}”不能与“{indicator.Code}”比较。"), why);
    }

    /// <summary>There is no such indicator, or it must not decide.</summary>
    internal static DocumentProblem NoIndicator(string path, string name)
    {
        var shown = name.Length <= 40 ? name : name[..40] + "…";
        return ProtectedAttributes.Find(name) is { } attribute
            ? new("standard.protected", path, null, new($"“{shown}”: {attribute.English} must not decide about a customer.", $"“{shown}”：不得依据{attribute.Chinese}决定客户去留。"),
                new("Use what the customer did: orders, payments, agreements.", "请使用客户的行为：下单、付款、履约。"))
            : new("standard.unknown-indicator", path, null, new($"There is no indicator “{shown}”.", $"没有指标“{shown}”。"),
                new($"Known: {string.Join(", ", IndicatorDefinition.All.Select(d => d.Code))}.", $"可用：{string.Join("、", IndicatorDefinition.All.Select(d => d.Code))}。"));
    }

    private static IEnumerable<DocumentProblem> Lists(Condition condition, string path)
    {
        IReadOnlyList<Condition> of = condition switch { AllOf all => all.Of, AnyOf any => any.Of, NotOf not => [not.Of], _ => [] };
        if (condition is AllOf or AnyOf && of.Count < 2)
            yield return new("standard.few", $"{path}.of", null, new("Two conditions or more are joined.", "至少需要两个条件。"), new("Write a single one without the join.", "单个条件请直接填写。"));
        for (var i = 0; i < of.Count; i++)
            foreach (var problem in Lists(of[i], condition is NotOf ? $"{path}.of" : $"{path}.of[{i}]"))
                yield return problem;
    }

    /// <summary>A name that a document of this kind does not have may ask for what must not decide.</summary>
    private static DocumentProblem? Forbidden(string path, string code) =>
        code == "unknown-name" && (path.StartsWith("scope.", StringComparison.Ordinal) || path.StartsWith("exclude.", StringComparison.Ordinal) || path.StartsWith("when", StringComparison.Ordinal)) ? Protected(path) : null;

    /// <summary>An unknown name at the end of a path that asks for what must not decide; null: it asks for nothing of the kind.</summary>
    internal static DocumentProblem? Protected(string path) =>
        Split().Replace(path[(path.LastIndexOf('.') + 1)..], "_$0") is var name && ProtectedAttributes.Find(name) is not null ? NoIndicator(path, name.ToLowerInvariant()) : null;

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(SettlementJson.Document) { WriteIndented = indented, NewLine = "\n", TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(LeaveOut) };
        options.Converters.Insert(0, new OperatorJson());
        options.MakeReadOnly();
        return options;
    }

    /// <summary>What is computed is no part of the document, and what is empty or usual is not written.</summary>
    private static void LeaveOut(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object)
            return;
        for (var i = info.Properties.Count - 1; i >= 0; i--)
        {
            var property = info.Properties[i];
            if (property.Set is null)
                info.Properties.RemoveAt(i);
            else if (property.PropertyType == typeof(bool))
                property.ShouldSerialize = (_, value) => value is true;
            else if (info.Type == typeof(StandardScope))
                property.ShouldSerialize = (_, value) => value is System.Collections.ICollection { Count: > 0 };
        }
    }

    [GeneratedRegex(@"^[a-z](?:[a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex CodeForm();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Split();
}
