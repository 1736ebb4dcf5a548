using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Exeunt.Core.Documents;
using Exeunt.Core.Settlement;
using Exeunt.Core.Standards;

namespace Exeunt.Core.Churn;

/// <summary>What came of reading a document: the definition, or everything that is wrong with it.</summary>
public sealed record ChurnReading(ChurnDefinition? Definition, IReadOnlyList<DocumentProblem> Problems)
{
    [MemberNotNullWhen(true, nameof(Definition))]
    public bool IsValid => Definition is not null;
}

/// <summary>
/// Reads and writes a definition of churn as JSON. Reading is strict and says everything that is wrong at once, with path, line and column;
/// the same definition always gives the same text. Whether it may be published is for <see cref="ChurnCheck"/>.
/// </summary>
public static partial class ChurnDocument
{
    /// <summary>Longest document, in characters.</summary>
    public const int MaxLength = 200_000;

    public const int MaxSegments = 50;
    public const int MaxCode = 40;
    public const int MaxName = 200;

    /// <summary>Most entries of one list.</summary>
    public const int MaxEntries = 200;

    internal static readonly JsonSerializerOptions Options = Create(indented: false);

    private static readonly JsonSerializerOptions Indented = Create(indented: true);

    /// <summary>The document for people, with line breaks; every threshold is written.</summary>
    public static string Write(ChurnDefinition definition) => JsonSerializer.Serialize(definition, Indented);

    /// <summary>The document without line breaks, as it is stored and signed.</summary>
    public static string ToJson(ChurnDefinition definition) => JsonSerializer.Serialize(definition, Options);

    private static readonly StrictJson<ChurnDefinition> Reader = new("churn", Options, MaxLength, MaxEntries, Check, special: Forbidden);

    /// <summary>Reads and checks a document.</summary>
    public static ChurnReading Read(string json)
    {
        var (document, problems) = Reader.Read(json);
        return new(document, problems);
    }

    /// <summary>What is wrong with the values of a definition one by one. Empty when nothing is.</summary>
    public static IReadOnlyList<DocumentProblem> Check(ChurnDefinition definition)
    {
        var all = new List<DocumentProblem>();
        Range("version", definition.Version, 1, 9999);
        Thresholds("everybody", definition.Everybody);
        If(definition.Segments.Count > MaxSegments, "segments", "too-many", $"At most {MaxSegments} segments.", $"最多 {MaxSegments} 个分组。");
        var codes = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < definition.Segments.Count && i < MaxSegments; i++)
        {
            var (segment, at) = (definition.Segments[i], $"segments[{i}]");
            If(segment.Code.Length > MaxCode || !CodeForm().IsMatch(segment.Code), at + ".code", "code", "Small letters, digits and dashes, beginning with a letter.", "仅限小写字母、数字和连字符，以字母开头。");
            If(!codes.Add(segment.Code), at + ".code", "repeated", "This stands here twice.", "此项重复出现。");
            Text(at + ".name.english", segment.Name.English, MaxName);
            Text(at + ".name.chinese", segment.Name.Chinese, MaxName);
            Unique(at + ".scope.kinds", segment.Scope.Kinds);
            Texts(at + ".scope.units", segment.Scope.Units, 40);
            Texts(at + ".scope.industries", segment.Scope.Industries, 60);
            Thresholds(at + ".thresholds", segment.Thresholds);
        }
        return all;

        void If(bool wrong, string path, string code, string english, string chinese)
        {
            if (wrong)
                all.Add(new("churn." + code, path, null, new(english, chinese)));
        }

        void Range(string path, long value, long least, long most) => If(value < least || value > most, path, "range", $"From {least} to {most}.", $"须在 {least} 至 {most} 之间。");

        void Thresholds(string at, ChurnThresholds by)
        {
            Range(at + ".silentMonths", by.SilentMonths, 1, ChurnThresholds.MostMonths);
            Range(at + ".newMonths", by.NewMonths, 1, ChurnThresholds.MostMonths);
            Range(at + ".intermittentWindow", by.IntermittentWindow, ChurnThresholds.LeastWindow, ChurnThresholds.MostMonths);
            Range(at + ".intermittentRuns", by.IntermittentRuns, ChurnThresholds.LeastRuns, ChurnThresholds.MostRuns);
            var fit = ChurnThresholds.RunsIn(by.IntermittentWindow);
            If(by.IntermittentWindow is >= ChurnThresholds.LeastWindow and <= ChurnThresholds.MostMonths && by.IntermittentRuns is >= ChurnThresholds.LeastRuns and <= ChurnThresholds.MostRuns && by.IntermittentRuns > fit,
                at + ".intermittentRuns", "runs-fit", $"At most {fit} runs of silence fit into {by.IntermittentWindow} months.", $"{by.IntermittentWindow} 个月内最多只能有 {fit} 段沉默。");
            Ratio(at + ".lateAt", by.LateAt);
            Ratio(at + ".brokenAt", by.BrokenAt);
            If(by.BrokenAt < by.LateAt, at + ".brokenAt", "order", "Not below the ratio from which a customer is late.", "不得低于“迟到”的倍数。");
            Drop(at + ".watchDrop", by.WatchDrop);
            Drop(at + ".partialDrop", by.PartialDrop);
            If(by.PartialDrop < by.WatchDrop, at + ".partialDrop", "order", "Not below the drop from which a customer is watched.", "不得低于“关注”的降幅。");
        }

        void Ratio(string path, long value) => If(value is < ChurnThresholds.Whole or > ChurnThresholds.MostRatio, path, "range",
            $"From {ChurnThresholds.Whole} to {ChurnThresholds.MostRatio} ten-thousandths: 1 to 20 times.", $"须在 {ChurnThresholds.Whole} 至 {ChurnThresholds.MostRatio} 之间（万分之一），即 1 至 20 倍。");

        void Drop(string path, long value) => If(value is < 1 or > ChurnThresholds.Whole, path, "range", $"From 1 to {ChurnThresholds.Whole} ten-thousandths: up to 100 %.", $"须在 1 至 {ChurnThresholds.Whole} 之间（万分之一），即不超过 100%。");

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

    /// <summary>A scope may ask for what must not decide.</summary>
    private static DocumentProblem? Forbidden(string path, string code) =>
        code == "unknown-name" && path.Contains("].scope.", StringComparison.Ordinal) ? StandardDocument.Protected(path) : null;

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(SettlementJson.Document) { WriteIndented = indented, NewLine = "\n", TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(LeaveOut) };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>What is computed is no part of the document, and an empty list is not written where it is no limit.</summary>
    private static void LeaveOut(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object)
            return;
        for (var i = info.Properties.Count - 1; i >= 0; i--)
            if (info.Properties[i].Set is null)
                info.Properties.RemoveAt(i);
            else if (info.Type == typeof(ChurnScope))
                info.Properties[i].ShouldSerialize = (_, value) => value is System.Collections.ICollection { Count: > 0 };
    }

    [GeneratedRegex(@"^[a-z](?:[a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex CodeForm();
}
