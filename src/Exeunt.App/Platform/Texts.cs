using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Exeunt.App.Platform;

/// <summary>
/// The words of the product. Each feature keeps its own in <c>&lt;Noun&gt;.texts.json</c>, both languages beside each other:
/// <c>"case.title": ["Case", "案件"]</c>. A key that is missing throws, in tests and in production alike.
/// </summary>
public sealed class Texts
{
    // Before what is loaded with it: a key that stands twice in a file would silently be the second.
    private static readonly JsonSerializerOptions EachOnce = new() { AllowDuplicateProperties = false };
    private static readonly FrozenDictionary<string, string[]> All = Load();
    public static readonly Texts English = new("en", 0);
    public static readonly Texts Chinese = new("zh", 1);
    private readonly int _column;

    private Texts(string language, int column)
    {
        Language = language;
        _column = column;
        Culture = CultureInfo.GetCultureInfo(language == "zh" ? "zh-CN" : "en-GB");
    }

    public string Language { get; }
    public CultureInfo Culture { get; }
    public bool IsChinese => _column == 1;

    public static IReadOnlyDictionary<string, string[]> Everything => All;

    public static Texts In(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;

    /// <summary>The text under a key; {0}, {1} … are filled with the arguments.</summary>
    /// <exception cref="KeyNotFoundException">No such key.</exception>
    public string this[string key, params object?[] arguments]
    {
        get
        {
            if (!All.TryGetValue(key, out var both))
                throw new KeyNotFoundException($"No text '{key}': add it to a .texts.json file.");
            return arguments.Length == 0 ? both[_column] : string.Format(Culture, both[_column], arguments);
        }
    }

    /// <summary>The text of an enum value: key "prefix.Value".</summary>
    public string Of<T>(string prefix, T value) where T : struct, Enum => this[$"{prefix}.{value}"];

    /// <summary>One of two words given in place, for texts that live in data (units, products).</summary>
    public string Pick(string english, string chinese) => IsChinese ? chinese : english;

    /// <summary>2026-11-21 周六 / Sat 21 Nov 2026.</summary>
    public string Date(DateOnly date) =>
        IsChinese
            ? date.ToString("yyyy-MM-dd ", Culture) + "周" + "日一二三四五六"[(int)date.DayOfWeek]
            : date.ToString("ddd d MMM yyyy", CultureInfo.GetCultureInfo("en-GB"));

    /// <summary>"in 3 days", "today", "2 days ago" / "还有 3 天"….</summary>
    public string Until(DateOnly date, DateOnly today)
    {
        var days = date.DayNumber - today.DayNumber;
        return days switch
        {
            0 => Pick("today", "今天"),
            1 => Pick("tomorrow", "明天"),
            > 1 => Pick($"in {days} days", $"还有 {days} 天"),
            -1 => Pick("yesterday", "昨天"),
            _ => Pick($"{-days} days ago", $"已过 {-days} 天"),
        };
    }

    private static FrozenDictionary<string, string[]> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var all = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".texts.json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            foreach (var (key, both) in JsonSerializer.Deserialize<Dictionary<string, string[]>>(stream, EachOnce)!)
            {
                if (both.Length != 2 || both.Any(string.IsNullOrEmpty))
                    throw new InvalidDataException($"{name}: '{key}' needs both languages, [English, Chinese].");
                if (!all.TryAdd(key, both))
                    throw new InvalidDataException($"{name}: '{key}' stands in another file too.");
            }
        }
        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
