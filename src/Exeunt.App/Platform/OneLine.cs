using System.Buffers;
using System.Text;

namespace Exeunt.App.Platform;

/// <summary>
/// What may stand in a name and in other text of one line, and the filter through which such text passes before it is printed: what
/// begins a new line or turns the direction of writing could make a signed paper say something else.
/// </summary>
public static class OneLine
{
    private const string LineEnds = "\n\r\t";

    // Line and paragraph separator, and what embeds, overrides or isolates a direction of writing.
    private static readonly SearchValues<char> Unprintable = SearchValues.Create(
        "\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200E\u200F\u061C");

    /// <summary>Whether a name or another text of one line has a character that it cannot have.</summary>
    public static bool IsBroken(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (IsBad(c))
                return true;
        return HasHalf(text);
    }

    /// <summary>Whether a text of several lines has a character that it cannot have: line ends and tabs it may.</summary>
    public static bool IsBrokenText(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (char.IsControl(c) && !LineEnds.Contains(c, StringComparison.Ordinal))
                return true;
        return HasHalf(text);
    }

    /// <summary>Whether half of a character stands alone, as in a workbook's <c>_xD800_</c>: no database keeps it, and it has no UTF-8.</summary>
    private static bool HasHalf(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return true;
            i++;
        }
        return false;
    }

    /// <summary>A text for one line of a paper: each of those characters is a space.</summary>
    public static string Of(string text) => Filter(text, keepLines: false);

    /// <summary>A text for paragraphs of a paper: line feeds stay, each of the other characters is a space.</summary>
    public static string Paragraphs(string text) => Filter(text, keepLines: true);

    private static bool IsBad(char c) => char.IsControl(c) || Unprintable.Contains(c);

    private static string Filter(string text, bool keepLines)
    {
        if (!IsBroken(text))
            return text;
        var lines = keepLines ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;
        var clean = new StringBuilder(lines.Length);
        foreach (var c in lines)
            clean.Append(IsBad(c) && !(keepLines && c == '\n') ? ' ' : c);
        return clean.ToString();
    }
}
