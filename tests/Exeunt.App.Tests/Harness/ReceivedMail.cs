using System.Text;
using System.Text.RegularExpressions;

namespace Exeunt.App.Tests.Harness;

/// <summary>A mail as its receiver reads it, parsed from the .eml file it arrived in.</summary>
public sealed partial record ReceivedMail(
    string From, string To, string Subject, string Text, string? Html, IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, byte[]> Attachments)
{
    /// <summary>Addresses in the text (or, without one, in the HTML), in order.</summary>
    public IReadOnlyList<string> Links => [.. LinkPattern().Matches(Text.Length > 0 ? Text : Html ?? "").Select(m => m.Value.TrimEnd('.', ',', ')', '。', '，'))];

    /// <summary>All mails below a folder, oldest first: by the file's time, and within one tick of the file system (milliseconds) by when they were written.</summary>
    public static IReadOnlyList<ReceivedMail> In(string folder, string? to = null) =>
        !Directory.Exists(folder)
            ? []
            :
            [
                .. Directory.EnumerateFiles(folder, "*.eml", SearchOption.AllDirectories)
                    .Select(f => (At: File.GetCreationTimeUtc(f), Mail: Parse(File.ReadAllBytes(f))))
                    .OrderBy(f => f.At).ThenBy(f => f.Mail.Headers.GetValueOrDefault("Message-ID"), StringComparer.Ordinal)
                    .Select(f => f.Mail)
                    .Where(m => to is null || m.To.Contains(to, StringComparison.OrdinalIgnoreCase)),
            ];

    public static ReceivedMail Parse(byte[] file)
    {
        var whole = Part.Read(Encoding.Latin1.GetString(file));
        var parts = whole.Leaves().ToList();
        return new ReceivedMail(
            Words(whole.Header("From")), Words(whole.Header("To")), Words(whole.Header("Subject")),
            parts.FirstOrDefault(p => p.IsText("text/plain"))?.Text ?? "",
            parts.FirstOrDefault(p => p.IsText("text/html"))?.Text,
            whole.Headers,
            parts.Where(p => p.FileName.Length > 0).DistinctBy(p => p.FileName).ToDictionary(p => p.FileName, p => p.Bytes));
    }

    /// <summary>Header text with its encoded words (RFC 2047) decoded.</summary>
    private static string Words(string header) => EncodedWord().Replace(BetweenWords().Replace(header, "?=$1"), word =>
    {
        var bytes = word.Groups[2].Value is "B" or "b"
            ? Convert.FromBase64String(word.Groups[3].Value)
            : Part.QuotedPrintable(word.Groups[3].Value.Replace('_', ' '));
        return Encoding.GetEncoding(word.Groups[1].Value).GetString(bytes);
    });

    [GeneratedRegex(@"https?://[^\s""'<>]+")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"=\?([^?]+)\?([BbQq])\?([^?]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=\s+(=\?)")]
    private static partial Regex BetweenWords();

    /// <summary>One part of a mail: headers and a body, which may hold further parts. Bytes travel as Latin-1 characters.</summary>
    private sealed partial record Part(Dictionary<string, string> Headers, string Body)
    {
        private string Type => Header("Content-Type") is { Length: > 0 } type ? type : "text/plain";

        public string FileName
        {
            get
            {
                var text = Header("Content-Disposition") + ";" + Header("Content-Type");
                if (StarName().Match(text) is { Success: true } star)
                    return Uri.UnescapeDataString(star.Groups[1].Value);
                return PlainName().Match(text) is { Success: true } plain ? Words(plain.Groups[1].Value.Trim('"')) : "";
            }
        }

        public byte[] Bytes => Header("Content-Transfer-Encoding").Trim().ToLowerInvariant() switch
        {
            "base64" => Convert.FromBase64String(Body.Trim()),
            "quoted-printable" => QuotedPrintable(Body),
            _ => Encoding.Latin1.GetBytes(Body),
        };

        public string Text => Encoding.GetEncoding(Charset().Match(Type) is { Success: true } m ? m.Groups[1].Value : "utf-8").GetString(Bytes);

        public static Part Read(string text)
        {
            var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal);
            var gap = lines.IndexOf("\n\n", StringComparison.Ordinal);
            var head = gap < 0 ? lines : lines[..gap];
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var line in Folded().Replace(head, " ").Split('\n'))
                if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                    headers.TryAdd(line[..colon], line[(colon + 1)..].Trim());
            return new Part(headers, gap < 0 ? "" : lines[(gap + 2)..]);
        }

        public string Header(string name) => Headers.GetValueOrDefault(name, "");

        public bool IsText(string type) => FileName.Length == 0 && Type.StartsWith(type, StringComparison.OrdinalIgnoreCase);

        public IEnumerable<Part> Leaves()
        {
            if (Boundary().Match(Type) is not { Success: true } boundary)
                return [this];
            var pieces = ("\n" + Body).Split("\n--" + boundary.Groups[1].Value);
            return pieces.Skip(1).TakeWhile(p => !p.StartsWith("--", StringComparison.Ordinal)).SelectMany(p => Read(p.TrimStart('\n')).Leaves());
        }

        public static byte[] QuotedPrintable(string text)
        {
            var joined = text.Replace("=\n", "", StringComparison.Ordinal);
            var bytes = new List<byte>(joined.Length);
            for (var i = 0; i < joined.Length; i++)
                if (joined[i] == '=' && i + 2 < joined.Length)
                {
                    bytes.Add(Convert.ToByte(joined.Substring(i + 1, 2), 16));
                    i += 2;
                }
                else
                    bytes.Add((byte)joined[i]);
            return [.. bytes];
        }

        [GeneratedRegex(@"\n[ \t]+")]
        private static partial Regex Folded();

        [GeneratedRegex(@"boundary=""?([^"";]+)""?", RegexOptions.IgnoreCase)]
        private static partial Regex Boundary();

        [GeneratedRegex(@"charset=""?([^"";\s]+)""?", RegexOptions.IgnoreCase)]
        private static partial Regex Charset();

        [GeneratedRegex(@"(?:file)?name\*=(?:utf-8'')([^;\s]+)", RegexOptions.IgnoreCase)]
        private static partial Regex StarName();

        [GeneratedRegex(@"(?:file)?name=(""[^""]*""|[^;\s]+)", RegexOptions.IgnoreCase)]
        private static partial Regex PlainName();
    }
}
