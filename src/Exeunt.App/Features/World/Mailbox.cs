using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Exeunt.App.Features.World;

/// <summary>
/// A mail file (.eml) as its receiver reads it. Whatever is in the file, reading gives a mail: what cannot be decoded stays as it
/// is or is left out. Nothing of it is trusted; pages show it as text.
/// </summary>
public sealed partial record MailFile(string From, string To, string Subject, DateTimeOffset? SentAt, string Text, IReadOnlyList<MailFile.Attachment> Attachments)
{
    /// <summary>Larger files are read up to here.</summary>
    public const int MaxBytes = 24 * 1024 * 1024;

    private const int MaxDepth = 8;
    private const int MaxParts = 100;
    private const int MaxHeaders = 200;
    private const int MaxText = 200_000;

    public sealed record Attachment(string Name, string MediaType, byte[] Bytes);

    public static MailFile Parse(ReadOnlySpan<byte> file)
    {
        // Bytes travel as Latin-1 characters, one each, until a part's character set is known.
        var whole = Part.Read(Encoding.Latin1.GetString(file.Length > MaxBytes ? file[..MaxBytes] : file));
        var parts = new List<Part>();
        whole.Leaves(parts, 0);
        var text = parts.FirstOrDefault(p => p.FileName.Length == 0 && p.Type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
            ?? parts.FirstOrDefault(p => p.FileName.Length == 0 && p.Type.StartsWith("text/", StringComparison.OrdinalIgnoreCase));
        return new MailFile(
            Words(whole.Header("From")), Words(whole.Header("To")), Words(whole.Header("Subject")),
            DateTimeOffset.TryParse(whole.Header("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var at) ? at : null,
            Clean(text?.Text ?? "", MaxText),
            [.. parts.Where(p => p.FileName.Length > 0).Select(p => new Attachment(SafeName(p.FileName), p.MediaType, p.Bytes))]);
    }

    /// <summary>A name that is only a name: no folders, no control characters, at most 100 characters.</summary>
    public static string SafeName(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\', ':']) + 1)..];
        var clean = new string([.. last.Where(c => !char.IsControl(c) && c is not ('"' or '<' or '>' or '|' or '?' or '*' or '\u202E' or '\u202D'))]).Trim(' ', '.');
        if (clean.Length > 100)
            clean = clean[^100..];
        return clean.Length == 0 ? "attachment" : clean;
    }

    /// <summary>The text cut at its web addresses, which alone become links.</summary>
    public static IEnumerable<(string Piece, bool IsLink)> WithLinks(string text) => Link().Split(text).Select((piece, i) => (piece, i % 2 == 1));

    /// <summary>Header text with its encoded words (RFC 2047) decoded; one that cannot be stays as it stands.</summary>
    internal static string Words(string header) =>
        Clean(EncodedWord().Replace(BetweenWords().Replace(header, "?=$1"), word =>
        {
            var content = word.Groups[3].Value;
            var bytes = word.Groups[2].Value is "B" or "b" ? Base64(content) : QuotedPrintable(content.Replace('_', ' '));
            return CharacterSet(word.Groups[1].Value).GetString(bytes);
        }), 1000);

    /// <summary>Without control characters but line breaks and tabs, and not endless.</summary>
    private static string Clean(string text, int max)
    {
        var shorter = text.Length > max ? text[..max] + " …" : text;
        return string.Concat(shorter.Where(c => !char.IsControl(c) || c is '\n' or '\t'));
    }

    private static Encoding CharacterSet(string name)
    {
        try
        {
            return Encoding.GetEncoding(name.Trim('"', ' '));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    /// <summary>What can be read of base64: characters that are none are passed over, a broken end is left out.</summary>
    private static byte[] Base64(string text)
    {
        var clean = new string([.. text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/')]);
        clean = clean[..(clean.Length - (clean.Length % 4 == 1 ? 1 : 0))];
        return Convert.FromBase64String(clean.PadRight((clean.Length + 3) / 4 * 4, '='));
    }

    private static byte[] QuotedPrintable(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
                bytes.Add((byte)text[i]);
            else if (i + 1 < text.Length && text[i + 1] == '\n')
                i++;
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
                bytes.Add((byte)'=');
        }
        return [.. bytes];
    }

    [GeneratedRegex(@"=\?([^?\s]{1,40})\?([BbQq])\?([^?]*)\?=", RegexOptions.NonBacktracking)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"(https?://[A-Za-z0-9\-._~:/?#@!$&*+,;=%]*[A-Za-z0-9\-_~/#=&])", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"\?=\s+(=\?)", RegexOptions.NonBacktracking)]
    private static partial Regex BetweenWords();

    /// <summary>One part of a mail: headers and a body, which may hold further parts.</summary>
    private sealed partial class Part(Dictionary<string, string> headers, string body)
    {
        public string Type => Header("Content-Type") is { Length: > 0 } type ? type : "text/plain";

        public string MediaType => MediaName().Match(Type) is { Success: true } m ? m.Value.ToLowerInvariant() : "application/octet-stream";

        public string FileName
        {
            get
            {
                var text = Header("Content-Disposition") + "; " + Header("Content-Type");
                if (StarName().Match(text) is { Success: true } star)
                    return Uri.UnescapeDataString(star.Groups[1].Value);
                return PlainName().Match(text) is { Success: true } plain ? Words(plain.Groups[1].Value.Trim('"')) : "";
            }
        }

        public byte[] Bytes =>
            Header("Content-Transfer-Encoding").Trim().ToLowerInvariant() switch
            {
                "base64" => Base64(body),
                "quoted-printable" => QuotedPrintable(body),
                _ => Encoding.Latin1.GetBytes(body),
            };

        public string Text => CharacterSet(Charset().Match(Type) is { Success: true } m ? m.Groups[1].Value : "utf-8").GetString(Bytes).ReplaceLineEndings("\n");

        public string Header(string name) => headers.GetValueOrDefault(name, "");

        public static Part Read(string text)
        {
            var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal);
            var gap = lines.StartsWith('\n') ? 0 : lines.IndexOf("\n\n", StringComparison.Ordinal);
            var head = gap < 0 ? lines : lines[..gap];
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var line in head.Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal).Split('\n', MaxHeaders + 1).Take(MaxHeaders))
                if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and < 80 and var colon)
                    headers.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
            return new Part(headers, gap < 0 ? "" : lines[gap..].TrimStart('\n'));
        }

        public void Leaves(List<Part> found, int depth)
        {
            if (found.Count >= MaxParts)
                return;
            if (depth >= MaxDepth || Boundary().Match(Type) is not { Success: true } boundary)
            {
                found.Add(this);
                return;
            }
            var pieces = ("\n" + body).Split("\n--" + boundary.Groups[1].Value, MaxParts);
            foreach (var piece in pieces.Skip(1).TakeWhile(p => !p.StartsWith("--", StringComparison.Ordinal)))
                Read(piece.TrimStart(' ', '\t') is ['\n', .. var rest] ? rest : piece).Leaves(found, depth + 1);
        }

        [GeneratedRegex(@"^[\w.+-]{1,40}/[\w.+-]{1,80}", RegexOptions.NonBacktracking)]
        private static partial Regex MediaName();

        [GeneratedRegex(@"boundary=""?([^"";\n]{1,200})""?", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
        private static partial Regex Boundary();

        [GeneratedRegex(@"charset=""?([^"";\s]{1,40})""?", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
        private static partial Regex Charset();

        [GeneratedRegex(@"(?:file)?name\*=(?:utf-8'')([^;\s]{1,400})", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
        private static partial Regex StarName();

        [GeneratedRegex(@"(?:file)?name=(""[^""]{0,1000}""|[^;\s""]{1,400})", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
        private static partial Regex PlainName();
    }
}

/// <summary>The demo's mailbox: the files that the mail client writes beside the data folder when there is no SMTP server.</summary>
public sealed partial class Mailbox(HostOptions options)
{
    public const int PageSize = 50;

    /// <summary>A mail in the list; <paramref name="Id"/> is its file's name without ".eml".</summary>
    public sealed record Entry(string Id, DateTimeOffset At, string To, string Subject, int Attachments);

    public sealed record Page(IReadOnlyList<Entry> Mails, string? Next);

    private string Folder => Path.Combine(options.World, "mail");

    /// <summary>The newest mails; <paramref name="before"/> is the last id of the page before.</summary>
    public Page List(string? before)
    {
        var files = !Directory.Exists(Folder) ? [] : new DirectoryInfo(Folder).EnumerateFiles("*.eml")
            .OrderByDescending(f => f.LastWriteTimeUtc).ThenByDescending(f => f.Name, StringComparer.Ordinal).ToList();
        var start = before is null ? 0 : files.FindIndex(f => Path.GetFileNameWithoutExtension(f.Name) == before) + 1;
        var page = files.Skip(start).Take(PageSize).ToList();
        var mails = new List<Entry>(page.Count);
        foreach (var file in page)
            if (Read(file.FullName) is { } mail)
                mails.Add(new Entry(Path.GetFileNameWithoutExtension(file.Name), new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), mail.To, mail.Subject, mail.Attachments.Count));
        return new Page(mails, files.Count > start + PageSize ? Path.GetFileNameWithoutExtension(page[^1].Name) : null);
    }

    /// <summary>One mail; null when the id is of none (it never leads out of the folder).</summary>
    public MailFile? Open(string id) => IdPattern().IsMatch(id) ? Read(Path.Combine(Folder, id + ".eml")) : null;

    private static MailFile? Read(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[Math.Min(stream.Length, MailFile.MaxBytes)];
            stream.ReadExactly(bytes);
            return MailFile.Parse(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone or being written: it is there on the next look.
            return null;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,100}\z")]
    private static partial Regex IdPattern();
}
