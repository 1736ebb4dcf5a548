using System.Globalization;
using System.Text;

namespace Exeunt.Core.Intake;

/// <summary>Bytes of a mail into text: charsets, transfer encodings, and text that is safe to show.</summary>
public static class MailText
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// Decodes bytes by the name of a charset. An unknown name is read as UTF-8 if the bytes are valid in it, else byte by byte; what cannot be
    /// decoded becomes U+FFFD. Never throws.
    /// </summary>
    /// <param name="certain">False: the charset is unknown or the bytes are not of it.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset, out bool certain)
    {
        certain = true;
        var encoding = charset is null ? null : Find(charset);
        if (encoding is null)
        {
            certain = charset is null || charset.Length == 0 || IsAscii(bytes);
            var text = TryUtf8(bytes);
            certain &= text is not null;
            return text ?? Encoding.Latin1.GetString(bytes);
        }
        var decoded = encoding.GetString(bytes);
        certain = !decoded.Contains('\uFFFD', StringComparison.Ordinal);
        return decoded;
    }

    private static bool IsAscii(ReadOnlySpan<byte> bytes) => Ascii.IsValid(bytes);

    private static string? TryUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Charsets that are read; UTF-7 is not among them, since it hides what it says.</summary>
    private static Encoding? Find(string charset)
    {
        var name = charset.Trim().Trim('"', '\'').ToLowerInvariant();
        var page = name switch
        {
            "utf-8" or "utf8" or "us-ascii" or "ascii" => 65001,
            // GB 18030 holds the older two.
            "gb18030" or "gbk" or "gb2312" or "gb_2312-80" or "x-gbk" or "cp936" or "windows-936" => 54936,
            "big5" or "big5-hkscs" or "cp950" => 950,
            "iso-8859-1" or "latin1" or "windows-1252" or "cp1252" => 1252,
            "iso-8859-2" => 28592,
            "iso-8859-5" => 28595,
            "iso-8859-7" => 28597,
            "iso-8859-9" or "windows-1254" => 1254,
            "iso-8859-15" => 28605,
            "windows-1250" => 1250,
            "windows-1251" => 1251,
            "koi8-r" => 20866,
            "shift_jis" or "sjis" => 932,
            "iso-2022-jp" => 50220,
            "euc-jp" => 51932,
            "euc-kr" or "ks_c_5601-1987" => 949,
            "utf-16" or "utf-16le" => 1200,
            "utf-16be" => 1201,
            _ => 0,
        };
        return page switch
        {
            0 => null,
            65001 => Encoding.UTF8,
            1200 => Encoding.Unicode,
            1201 => Encoding.BigEndianUnicode,
            _ => CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD")),
        };
    }

    /// <summary>Quoted-printable; what is not valid stays as it stands. The result is never longer than the input.</summary>
    /// <param name="header">As in encoded words: an underscore is a space, lines do not end.</param>
    public static byte[] QuotedPrintable(ReadOnlySpan<byte> text, bool header = false)
    {
        var result = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '=' && !header)
            {
                // A soft line break, also with blanks before it ends.
                var end = i + 1;
                while (end < text.Length && text[end] is (byte)' ' or (byte)'\t')
                    end++;
                if (end == text.Length)
                    break;
                if (text[end] == '\n' || (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n'))
                {
                    i = text[end] == '\n' ? end : end + 1;
                    continue;
                }
            }
            if (c == '=' && i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and var high && Hex(text[i + 2]) is >= 0 and var low)
            {
                result[length++] = (byte)((high << 4) | low);
                i += 2;
                continue;
            }
            result[length++] = header && c == '_' ? (byte)' ' : c;
        }
        return result[..length];
    }

    /// <summary>Base64; signs that are none are left out, a group that breaks off is dropped. Never longer than the input.</summary>
    /// <param name="clean">False: there were other signs than those of Base64 and white space.</param>
    public static byte[] Base64(ReadOnlySpan<byte> text, out bool clean)
    {
        clean = true;
        var result = new byte[text.Length / 4 * 3 + 3];
        var (length, bits, held) = (0, 0u, 0);
        foreach (var c in text)
        {
            var value = c switch
            {
                >= (byte)'A' and <= (byte)'Z' => c - 'A',
                >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
                >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
                (byte)'+' or (byte)'-' => 62,
                (byte)'/' or (byte)'_' => 63,
                _ => -1,
            };
            if (c == '=')
                // What follows the padding belongs to nothing, or to a second piece that was pasted on.
                (bits, held) = (0, 0);
            else if (value < 0)
                clean &= c is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t';
            else
            {
                bits = (bits << 6) | (uint)value;
                held += 6;
                if (held >= 8)
                {
                    held -= 8;
                    result[length++] = (byte)(bits >> held);
                    bits &= (1u << held) - 1;
                }
            }
        }
        return result[..length];
    }

    internal static int Hex(int c) => c switch { >= '0' and <= '9' => c - '0', >= 'A' and <= 'F' => c - 'A' + 10, >= 'a' and <= 'f' => c - 'a' + 10, _ => -1 };

    /// <summary>
    /// Text as it may be shown: no control signs but line ends and tabs, none that turn the direction of writing, no halves of characters.
    /// </summary>
    /// <param name="oneLine">Line ends and tabs become spaces.</param>
    public static string Safe(string text, bool oneLine, int max)
    {
        var safe = new StringBuilder(Math.Min(text.Length, max));
        for (var i = 0; i < text.Length && safe.Length < max; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                if (i + 1 < text.Length && text[i + 1] == '\n')
                    continue;
                c = '\n';
            }
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                if (safe.Length + 2 > max)
                    break;
                safe.Append(c).Append(text[++i]);
            }
            else if (char.IsSurrogate(c))
                safe.Append('\uFFFD');
            else if (c is '\n' or '\t')
                safe.Append(oneLine ? ' ' : c);
            else if (!IsHidden(c))
                safe.Append(c);
        }
        return safe.ToString();
    }

    /// <summary>Control signs, marks of direction and signs of no width.</summary>
    private static bool IsHidden(char c) =>
        char.IsControl(c) || c is '\u061C' or '\u200B' or '\u200E' or '\u200F' or '\uFEFF' or '\u00AD' or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or '\u2028' or '\u2029'
        || char.GetUnicodeCategory(c) == UnicodeCategory.PrivateUse;

    /// <summary>A file's name without folders, hidden signs and what file systems mean something by; "attachment" when nothing is left.</summary>
    public static string FileName(string? name)
    {
        var safe = Safe(name ?? "", oneLine: true, 1000);
        safe = safe[(safe.LastIndexOfAny(['/', '\\']) + 1)..];
        safe = string.Concat(safe.Where(c => c is not ('<' or '>' or ':' or '"' or '|' or '?' or '*' or '\0' or ';'))).Trim().TrimEnd('.').TrimStart('.').Trim();
        if (safe.Length > MaxName)
        {
            var dot = safe.LastIndexOf('.');
            var ending = dot > 0 && safe.Length - dot <= 10 ? safe[dot..] : "";
            safe = Safe(safe[..(MaxName - ending.Length)], true, MaxName) + ending;
        }
        return safe.Length == 0 ? "attachment" : safe;
    }

    public const int MaxName = 100;

    /// <summary>
    /// HTML as plain text: no tags, scripts, styles or comments, blocks as lines, the usual entities decoded. One pass, never longer than the input.
    /// </summary>
    public static string FromHtml(string html)
    {
        var text = new StringBuilder(Math.Min(html.Length, 1 << 16));
        for (var i = 0; i < html.Length; i++)
        {
            var c = html[i];
            if (c == '<')
                i = SkipTag(html, i, text);
            else if (c == '&' && Entity(html, i) is var (shown, end))
            {
                text.Append(shown);
                i = end;
            }
            else if (char.IsWhiteSpace(c))
            {
                if (text.Length > 0 && text[^1] is not (' ' or '\n'))
                    text.Append(' ');
            }
            else
                text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>The last sign of the tag that begins at <paramref name="at"/>, with all that belongs to it.</summary>
    private static int SkipTag(string html, int at, StringBuilder text)
    {
        if (html.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal))
            return html.IndexOf("-->", at + 4, StringComparison.Ordinal) is >= 0 and var over ? over + 2 : html.Length - 1;
        var name = at + 1;
        var closing = name < html.Length && html[name] == '/';
        if (closing)
            name++;
        var end = name;
        while (end < html.Length && end - name < 12 && char.IsAsciiLetterOrDigit(html[end]))
            end++;
        // A "<" that begins no tag is a sign of the text.
        if (end == name && !(name < html.Length && html[name] is '!' or '?'))
        {
            text.Append('<');
            return at;
        }
        var tag = html[name..end].ToLowerInvariant();
        var close = html.IndexOf('>', end);
        if (close < 0)
            return html.Length - 1;
        if (!closing && (tag is "script" or "style" or "title"))
        {
            var past = html.IndexOf("</" + tag, close, StringComparison.OrdinalIgnoreCase);
            if (past < 0)
                return html.Length - 1;
            close = html.IndexOf('>', past) is >= 0 and var done ? done : html.Length - 1;
        }
        else if (text.Length > 0 && text[^1] != '\n' && (tag is "br" or "p" or "div" or "tr" or "li" or "ul" or "ol" or "table" or "h1" or "h2" or "h3" or "h4" or "blockquote" or "hr"))
            text.Append('\n');
        return close;
    }

    private static (string Shown, int End)? Entity(string html, int at)
    {
        var end = html.IndexOf(';', at, Math.Min(12, html.Length - at));
        if (end < 0)
            return null;
        var name = html[(at + 1)..end];
        if (name.StartsWith('#'))
        {
            var hex = name.Length > 1 && name[1] is 'x' or 'X';
            return int.TryParse(name.AsSpan(hex ? 2 : 1), hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code)
                ? (new Rune(code).ToString(), end) : null;
        }
        return name switch
        {
            "amp" => ("&", end), "lt" => ("<", end), "gt" => (">", end), "quot" => ("\"", end), "apos" => ("'", end), "nbsp" or "ensp" or "emsp" => (" ", end),
            "mdash" or "ndash" => ("–", end), "hellip" => ("…", end), "copy" => ("©", end), "yen" => ("¥", end), "euro" => ("€", end), _ => null,
        };
    }
}
