using System.Text;

namespace Exeunt.Core.Intake;

/// <summary>The header fields of a mail or of one of its parts (RFC 5322, 2047, 2231); reading never throws and is bounded.</summary>
public sealed class MailHeaders
{
    public const int MaxFields = 500;

    /// <summary>Bytes of one field, folding included; the rest of a longer one is left out.</summary>
    public const int MaxField = 32 * 1024;
    public const int MaxBytes = 256 * 1024;
    private const int MaxParameters = 64;

    private readonly List<(string Name, byte[] Raw)> _fields = [];

    private MailHeaders() { }

    /// <summary>Whether fields were left out or cut because there were too many or too long ones.</summary>
    public bool Cut { get; private set; }

    public int Count => _fields.Count;

    /// <summary>Fields in their order as text; values unfolded and decoded, on one line each.</summary>
    public IEnumerable<(string Name, string Value)> All => _fields.Select(f => (f.Name, Text(f.Raw)));

    /// <summary>The decoded value of the first field of a name; null when there is none.</summary>
    public string? this[string name] => Raw(name) is { } raw ? Text(raw) : null;

    public int CountOf(string name) => _fields.Count(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public bool Has(string name) => Raw(name) is not null;

    /// <summary>The values of all fields of a name, in their order.</summary>
    public IEnumerable<string> Each(string name) => _fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => Text(f.Raw));

    /// <summary>The first field of a name before encoded words are decoded, for what has a grammar of its own.</summary>
    internal string? Undecoded(string name) => Raw(name) is { } raw ? MailText.Safe(MailText.Decode(raw, null, out _), oneLine: true, MaxField) : null;

    private byte[]? Raw(string name) => _fields.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Raw;

    private static string Text(byte[] raw) => Decoded(MailText.Decode(raw, null, out _));

    /// <summary>Reads the fields from the start; <paramref name="body"/> is where the body begins.</summary>
    public static MailHeaders Read(ReadOnlySpan<byte> bytes, out int body)
    {
        var headers = new MailHeaders();
        var at = 0;
        var value = new List<byte>();
        string? name = null;
        while (true)
        {
            var rest = bytes[at..];
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd("\r"u8);
            var next = end < 0 ? bytes.Length : at + end + 1;
            var folded = line.Length > 0 && line[0] is (byte)' ' or (byte)'\t';
            if (folded && name is not null && line.Trim(" \t"u8).Length > 0)
            {
                if (value.Count + line.Length <= MaxField)
                    value.AddRange(line);
                else
                    headers.Cut = true;
            }
            else if (folded && name is not null)
            {
                // A folded line of blanks is nothing; some mailers send it.
            }
            else
            {
                headers.Add(name, value);
                (name, value) = (null, []);
                if (line.Length == 0)
                {
                    body = next;
                    return headers;
                }
                var colon = line.IndexOf((byte)':');
                if (colon > 0 && IsName(line[..colon].TrimEnd(" \t"u8)))
                {
                    name = Encoding.ASCII.GetString(line[..colon].TrimEnd(" \t"u8));
                    value.AddRange(line[(colon + 1)..Math.Min(line.Length, colon + 1 + MaxField)]);
                    headers.Cut |= line.Length - colon - 1 > MaxField;
                }
                else if (headers._fields.Count == 0 && name is null && line.StartsWith("From "u8))
                {
                    // The separator line of a mailbox file.
                }
                else
                {
                    // What is no field ends the header: the body begins without an empty line.
                    body = at;
                    return headers;
                }
            }
            at = next;
            if (at >= bytes.Length || at > MaxBytes || headers._fields.Count >= MaxFields)
            {
                headers.Add(name, value);
                if (at < bytes.Length)
                {
                    headers.Cut = true;
                    at = SkipToBody(bytes, at);
                }
                body = at;
                return headers;
            }
        }
    }

    private static int SkipToBody(ReadOnlySpan<byte> bytes, int at)
    {
        var rest = bytes[at..];
        var unix = rest.IndexOf("\n\n"u8);
        var net = rest.IndexOf("\n\r\n"u8);
        return (unix, net) switch
        {
            (< 0, < 0) => bytes.Length,
            (< 0, _) => at + net + 3,
            (_, < 0) => at + unix + 2,
            _ => unix < net ? at + unix + 2 : at + net + 3,
        };
    }

    private void Add(string? name, List<byte> value)
    {
        if (name is null)
            return;
        if (_fields.Count < MaxFields)
            _fields.Add((name, [.. value]));
        else
            Cut = true;
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 100)
            return false;
        foreach (var c in name)
            if (c is <= 32 or >= 127 or (byte)':')
                return false;
        return true;
    }

    /// <summary>Decodes encoded words (RFC 2047), those of one charset that follow each other as one, so that a character cut in two is whole again.</summary>
    public static string Decoded(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal))
            return MailText.Safe(text, oneLine: true, MaxField).Trim();
        var result = new StringBuilder();
        var (held, charset) = (new List<byte>(), (string?)null);
        void Flush()
        {
            if (charset is not null)
                result.Append(MailText.Decode(held.ToArray(), charset, out _));
            (held, charset) = ([], null);
        }
        for (var at = 0; at < text.Length;)
        {
            var start = text.IndexOf("=?", at, StringComparison.Ordinal);
            if (start < 0)
                start = text.Length;
            if (start > at)
            {
                var between = text.AsSpan(at, start - at);
                if (charset is null || !between.IsWhiteSpace() || start == text.Length || Word(text, start) is null)
                {
                    Flush();
                    result.Append(between);
                }
                at = start;
                continue;
            }
            if (Word(text, at) is not var (words, bytes, end))
            {
                Flush();
                result.Append("=?");
                at += 2;
                continue;
            }
            if (charset is not null && !charset.Equals(words, StringComparison.OrdinalIgnoreCase))
                Flush();
            charset = words;
            held.AddRange(bytes);
            at = end;
        }
        Flush();
        return MailText.Safe(result.ToString(), oneLine: true, MaxField).Trim();
    }

    /// <summary>The encoded word at a place: charset, bytes, and where it is over.</summary>
    private static (string Charset, byte[] Bytes, int End)? Word(string text, int at)
    {
        var first = text.IndexOf('?', at + 2);
        if (first < 0 || first - at > 60 || first + 2 >= text.Length || text[first + 2] != '?')
            return null;
        var end = text.IndexOf("?=", first + 3, StringComparison.Ordinal);
        if (end < 0)
            return null;
        // Language after a star (RFC 2231).
        var charset = text[(at + 2)..first].Split('*')[0];
        var content = Encoding.Latin1.GetBytes(text[(first + 3)..end]);
        return char.ToLowerInvariant(text[first + 1]) switch
        {
            'q' => (charset, MailText.QuotedPrintable(content, header: true), end + 2),
            'b' => (charset, MailText.Base64(content, out _), end + 2),
            _ => null,
        };
    }

    /// <summary>A field with parameters ("text/plain; charset=utf-8"): its first word in lower case, and the parameters, RFC 2231 included.</summary>
    public (string Value, IReadOnlyDictionary<string, string> Parameters) Structured(string name)
    {
        var text = Undecoded(name) ?? "";
        var semicolon = text.IndexOf(';');
        var value = Uncommented(semicolon < 0 ? text : text[..semicolon]).Trim().ToLowerInvariant();
        return (value, semicolon < 0 ? new Dictionary<string, string>() : Parameters(text[(semicolon + 1)..]));
    }

    internal static string Uncommented(string text)
    {
        if (!text.Contains('(', StringComparison.Ordinal))
            return text;
        var result = new StringBuilder();
        var (depth, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                if (depth == 0)
                    result.Append(c).Append(text[i + 1]);
                i++;
                continue;
            }
            if (c == '"' && depth == 0)
                quoted = !quoted;
            if (!quoted && c == '(')
                depth++;
            else if (!quoted && c == ')' && depth > 0)
                depth--;
            else if (depth == 0)
                result.Append(c);
        }
        return result.ToString();
    }

    private static Dictionary<string, string> Parameters(string text)
    {
        // Name without star, number of the piece (-1: whole), whether percent signs are decoded, value.
        var pieces = new List<(string Name, int Number, bool Encoded, string Value)>();
        for (var at = 0; at < text.Length && pieces.Count < MaxParameters;)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0)
                break;
            var name = text[at..equals].Trim(' ', '\t', ';').ToLowerInvariant();
            at = equals + 1;
            while (at < text.Length && text[at] is ' ' or '\t')
                at++;
            string value;
            if (at < text.Length && text[at] == '"')
            {
                var quoted = new StringBuilder();
                for (at++; at < text.Length && text[at] != '"'; at++)
                    quoted.Append(text[at] == '\\' && at + 1 < text.Length ? text[++at] : text[at]);
                value = quoted.ToString();
                at = text.IndexOf(';', Math.Min(at, text.Length));
            }
            else
            {
                var end = text.IndexOf(';', at);
                value = (end < 0 ? text[at..] : text[at..end]).Trim();
                at = end;
            }
            var encoded = name.EndsWith('*');
            var parts = name.TrimEnd('*').Split('*');
            var number = parts.Length > 1 && int.TryParse(parts[1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : -1;
            if (parts[0].Length is > 0 and <= 60)
                pieces.Add((parts[0], number, encoded, value));
            if (at < 0)
                break;
            at++;
        }
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in pieces.GroupBy(p => p.Name))
        {
            var inPieces = group.Where(p => p.Number >= 0 || p.Encoded).OrderBy(p => p.Number).ToList();
            found[group.Key] = inPieces.Count > 0 ? Joined(inPieces.ConvertAll(p => (p.Encoded, p.Value))) : Decoded(group.First().Value);
        }
        return found;
    }

    private static string Joined(List<(bool Encoded, string Value)> pieces)
    {
        var bytes = new List<byte>();
        var charset = "utf-8";
        for (var i = 0; i < pieces.Count; i++)
        {
            var (encoded, value) = pieces[i];
            if (i == 0 && encoded && value.Split('\'', 3) is [var named, _, var rest])
                (charset, value) = (named, rest);
            if (!encoded)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(value));
                continue;
            }
            for (var at = 0; at < value.Length; at++)
                if (value[at] == '%' && at + 2 < value.Length && MailText.Hex(value[at + 1]) is >= 0 and var high && MailText.Hex(value[at + 2]) is >= 0 and var low)
                {
                    bytes.Add((byte)((high << 4) | low));
                    at += 2;
                }
                else
                    bytes.AddRange(Encoding.UTF8.GetBytes(value[at..(at + 1)]));
        }
        return MailText.Safe(MailText.Decode(bytes.ToArray(), charset, out _), oneLine: true, 1000);
    }
}
