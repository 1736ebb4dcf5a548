using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Exeunt.Core;

namespace Exeunt.App.Features.LegalPages;

/// <summary>
/// The words of legal pages in the languages of the laws (LegalPages.words.json): a customer reads and declares in the law's own
/// language, or sees the page in English or Chinese with the law's words on the buttons.
/// </summary>
public sealed class PageWords
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> All = Load();

    private PageWords(string language) => Language = language;

    /// <summary>"de", "en", "fr" or "zh".</summary>
    public string Language { get; }

    /// <summary>Words in a language; English for one that is not known.</summary>
    public static PageWords In(string language) => new(All["identity"].ContainsKey(language) ? language : "en");

    /// <exception cref="KeyNotFoundException">There is no such word.</exception>
    public string this[string key, params object?[] arguments] =>
        arguments.Length == 0 ? All[key][Language] : string.Format(CultureInfo.InvariantCulture, All[key][Language], arguments);

    /// <summary>A refusal in the language, as far as it has words for it.</summary>
    public string Of(Refusal no) => All.TryGetValue("error." + no.Code, out var words) ? words[Language] : no.In(Language);

    /// <summary>A date as the language writes it.</summary>
    public string Date(DateOnly on) => Language switch
    {
        "de" => on.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture),
        "fr" => on.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
        "zh" => on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => on.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
    };

    /// <summary>An instant to the second, with its zone's offset from UTC.</summary>
    public string Time(DateTimeOffset at, string zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone));
        return $"{Date(DateOnly.FromDateTime(local.DateTime))} {local.ToString("HH:mm:ss 'UTC'zzz", CultureInfo.InvariantCulture)} ({zone})";
    }

    private static FrozenDictionary<string, FrozenDictionary<string, string>> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("LegalPages.words.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(stream)!
            .ToFrozenDictionary(w => w.Key, w => w.Value.ToFrozenDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
