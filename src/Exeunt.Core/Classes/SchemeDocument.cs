using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Exeunt.Core.Activity;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;

namespace Exeunt.Core.Classes;

/// <summary>What came of reading a document: the scheme, or everything that is wrong with it.</summary>
public sealed record SchemeReading(Scheme? Scheme, IReadOnlyList<DocumentProblem> Problems)
{
    [MemberNotNullWhen(true, nameof(Scheme))]
    public bool IsValid => Scheme is not null;
}

/// <summary>
/// Reads and writes a scheme as JSON. Reading is strict and says everything that is wrong at once, with path, line and column; the same
/// scheme always gives the same text. Whether it may be published is for <see cref="SchemeCheck"/>.
/// </summary>
public static partial class SchemeDocument
{
    /// <summary>Longest document, in characters.</summary>
    public const int MaxLength = 200_000;

    public const int MaxClasses = 20;
    public const int MaxSteps = 10;
    public const int MaxCode = 40;
    public const int MaxStrategy = 1_000;
    public const int MaxWhat = 300;

    /// <summary>Longest time of a plan's step, in days.</summary>
    public const int MaxDays = 730;

    /// <summary>Codes that are addresses of other pages.</summary>
    private static readonly string[] Reserved = ["new", "plan", "import", "check", "tasks"];

    private static readonly JsonSerializerOptions Indented = new(StandardDocument.Options) { WriteIndented = true, NewLine = "\n" };

    /// <summary>The document for people, with line breaks; what is empty or usual is left out.</summary>
    public static string Write(Scheme scheme) => JsonSerializer.Serialize(scheme, Indented);

    /// <summary>The document without line breaks, as it is stored and signed.</summary>
    public static string ToJson(Scheme scheme) => JsonSerializer.Serialize(scheme, StandardDocument.Options);

    private static readonly StrictJson<Scheme> Reader = new("scheme", StandardDocument.Options, MaxLength, StandardDocument.MaxEntries, Check, Condition.MaxDepth, Forbidden);

    /// <summary>Reads and checks a document.</summary>
    public static SchemeReading Read(string json)
    {
        var (document, problems) = Reader.Read(json);
        return new(document, problems);
    }

    /// <summary>Groups alone, as they stand in the document.</summary>
    public static string ToJson(FoundGroups found) => JsonSerializer.Serialize(found, StandardDocument.Options);

    /// <summary>Reads groups alone; null when they cannot be read.</summary>
    public static FoundGroups? ReadFound(string? json)
    {
        if (string.IsNullOrEmpty(json) || json.Length > MaxLength)
            return null;
        try
        {
            var isWrong = false;
            new JsonShape(StandardDocument.Options, (_, _, _, _) => isWrong = true, StandardDocument.MaxEntries).Check(JsonSpot.Parse(Encoding.UTF8.GetBytes(json)), typeof(FoundGroups), "");
            return isWrong ? null : JsonSerializer.Deserialize<FoundGroups>(json, StandardDocument.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with the values of a scheme one by one. Empty when nothing is.</summary>
    public static IReadOnlyList<DocumentProblem> Check(Scheme scheme)
    {
        var all = new List<DocumentProblem>();
        If(scheme.Id.Length > StandardDocument.MaxId || !CodeForm().IsMatch(scheme.Id), "id", "code", "Small letters, digits and dashes, beginning with a letter.", "仅限小写字母、数字和连字符，以字母开头。");
        If(Reserved.Contains(scheme.Id), "id", "reserved", "This code is an address of its own. Choose another.", "该代码为保留地址，请另选。");
        Range("version", scheme.Version, 1, 9999);
        Name("name", scheme.Name, StandardDocument.MaxName);
        If(scheme.Classes.Count > MaxClasses, "classes", "too-many", $"At most {MaxClasses} classes.", $"最多 {MaxClasses} 个类别。");
        Unique(scheme.Classes.Select(c => c.Code), i => $"classes[{i}].code");
        for (var i = 0; i < scheme.Classes.Count && i < MaxClasses; i++)
            Class(scheme.Classes[i], $"classes[{i}]");
        Range("rfm.recency", scheme.Rfm?.Recency, 2, 5);
        Range("rfm.frequency", scheme.Rfm?.Frequency, 2, 5);
        Range("rfm.money", scheme.Rfm?.Money, 2, 5);
        Range("abc.a", scheme.Abc?.A, 1, 99);
        Range("abc.b", scheme.Abc?.B, 2, 100);
        If((scheme.Abc?.A ?? AbcSettings.UsualA) >= (scheme.Abc?.B ?? AbcSettings.UsualB), "abc.b", "order", "The second share is above the first.", "第二个占比须大于第一个。");
        if (scheme.Clusters is { } clusters)
            Groups(clusters);
        return all;

        void If(bool wrong, string path, string code, string english, string chinese)
        {
            if (wrong)
                all.Add(new("scheme." + code, path, null, new(english, chinese)));
        }

        void Range(string path, int? value, int least, int most) => If(value < least || value > most, path, "range", $"From {least} to {most}.", $"须在 {least} 至 {most} 之间。");

        void Name(string path, Words words, int max)
        {
            Text(path + ".english", words.English, max);
            Text(path + ".chinese", words.Chinese, max);
        }

        void Text(string path, string text, int max, bool lines = false)
        {
            If(string.IsNullOrWhiteSpace(text), path, "missing", "Please fill this in.", "请填写此项。");
            If(text.Length > max, path, "too-long", $"At most {max} characters, please.", $"最多 {max} 个字符。");
            If(text.Any(c => char.IsControl(c) && !(lines && c == '\n')), path, "characters", "No line breaks or other control characters, please.", "不得含换行等控制字符。");
        }

        void Code(string path, string code) => If(code.Length > MaxCode || !CodeForm().IsMatch(code), path, "code", "Small letters, digits and dashes, beginning with a letter.", "仅限小写字母、数字和连字符，以字母开头。");

        void Unique(IEnumerable<string> codes, Func<int, string> path)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var i = 0;
            foreach (var code in codes.Take(StandardDocument.MaxEntries))
                If(!seen.Add(code), path(i++), "repeated", "This stands here twice.", "此项重复出现。");
        }

        void Class(SchemeClass one, string path)
        {
            Code(path + ".code", one.Code);
            Name(path + ".name", one.Name, StandardDocument.MaxName);
            if (one.Strategy is { } strategy)
            {
                Text(path + ".strategy.english", strategy.English, MaxStrategy, lines: true);
                Text(path + ".strategy.chinese", strategy.Chinese, MaxStrategy, lines: true);
            }
            all.AddRange(StandardDocument.Check(StandardOf(one)).Select(p => p with { Path = $"{path}.{p.Path}" }));
            var steps = one.Plan ?? [];
            If(steps.Count > MaxSteps, path + ".plan", "too-many", $"At most {MaxSteps} steps.", $"最多 {MaxSteps} 步。");
            Unique(steps.Select(s => s.Code), i => $"{path}.plan[{i}].code");
            for (var i = 0; i < steps.Count && i < MaxSteps; i++)
            {
                Code($"{path}.plan[{i}].code", steps[i].Code);
                Name($"{path}.plan[{i}].what", steps[i].What, MaxWhat);
                Range($"{path}.plan[{i}].after", steps[i].After, 0, MaxDays);
                Range($"{path}.plan[{i}].every", steps[i].Every, 1, MaxDays);
            }
        }

        void Groups(ClusterSettings settings)
        {
            Range("clusters.groups", settings.Groups, Classes.Clusters.MinGroups, Classes.Clusters.MaxGroups);
            If(settings.Indicators.Count is < ClusterSettings.LeastIndicators or > ClusterSettings.MostIndicators, "clusters.indicators", "indicators",
                $"Choose {ClusterSettings.LeastIndicators} to {ClusterSettings.MostIndicators} indicators.", $"请选择 {ClusterSettings.LeastIndicators} 至 {ClusterSettings.MostIndicators} 个指标。");
            Unique(settings.Indicators, i => $"clusters.indicators[{i}]");
            for (var i = 0; i < settings.Indicators.Count && i < StandardDocument.MaxEntries; i++)
            {
                if (IndicatorDefinition.Find(settings.Indicators[i]) is not { } known)
                    all.Add(StandardDocument.NoIndicator($"clusters.indicators[{i}]", settings.Indicators[i]));
                else
                    If(known.Unit is IndicatorUnit.State or IndicatorUnit.YesNo, $"clusters.indicators[{i}]", "no-measure", $"“{known.Code}” does not count anything.", $"“{known.Code}”不是数值指标。");
            }
            If(settings.Currency is { } currency && !Currency.IsKnown(currency), "clusters.currency", "currency", "A currency code such as CNY is expected.", "应为币种代码，例如 CNY。");
            if (settings.Found is not { } found)
                return;
            var width = settings.Indicators.Count;
            If(found.Groups.Count != settings.Groups || found.Means.Count != width || found.Deviations.Count != width || found.Deviations.Any(d => d <= 0) || found.Groups.Any(g => g.Centre.Count != width || g.Medians.Count != width),
                "clusters.found", "found", "These groups were found for other indicators or another number of groups. Find them again.", "这些分组对应的指标或组数已变，请重新计算。");
        }
    }

    /// <summary>What a class asks, as a standard asks it: read, checked and judged by the same rules.</summary>
    internal static Standard StandardOf(SchemeClass one) =>
        new("class", 1, new("class", "类别"), StandardPurpose.Task, StandardAction.Task, one.When ?? new Compare("orders_12m", Operator.AtLeast, Threshold.Of(0)), Scope: one.Scope);

    private static DocumentProblem? Forbidden(string path, string code) =>
        code == "unknown-name" && (path.Contains("].scope.", StringComparison.Ordinal) || path.Contains("].when", StringComparison.Ordinal)) ? StandardDocument.Protected(path) : null;

    [GeneratedRegex(@"^[a-z](?:[a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex CodeForm();
}
