using Exeunt.App.Platform;

namespace Exeunt.App.Ui;

/// <summary>Countries by ISO 3166 alpha-2 code, named in the language of the page (names: Unicode CLDR).</summary>
public static class Countries
{
    /// <summary>"GB" → United Kingdom / 英国; a code that is none is shown as it is.</summary>
    public static string Name(Texts words, string code) => Texts.Everything.ContainsKey("country." + code) ? words["country." + code] : code;
}
