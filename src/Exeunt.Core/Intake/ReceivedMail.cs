using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Exeunt.Core.Intake;

/// <summary>Something about a mail that people should know, and because of which nothing is made of it without them.</summary>
public enum MailProblem
{
    /// <summary>No line of header that means anything: this is no mail.</summary>
    NotAMail,
    NoSender,

    /// <summary>More than one From: who wrote it cannot be said.</summary>
    SeveralSenders,
    HeadersCut,
    TooManyParts,
    TooDeep,

    /// <summary>A multipart without its end: perhaps cut on the way.</summary>
    BrokenOff,
    Charset,
    Encoding,

    /// <summary>The text is longer than <see cref="ReceivedMail.MaxText"/>; the rest is in the file.</summary>
    TextCut,
    NoText,

    /// <summary>Encrypted or otherwise closed content: only people with the key can read it.</summary>
    Closed,
}

/// <param name="Name">Safe: no folders, no hidden signs.</param>
/// <param name="MediaType">As the sender claims; what it is shows in the content.</param>
public sealed record MailAttachment(string Name, string MediaType, int Size, byte[] Content);

/// <summary>
/// A mail as it was read from its file. Reading never throws, takes time in proportion to the file and memory of a few times its size; what is
/// not as it should be is named in <see cref="Problems"/>. Nothing in a mail proves who sent it.
/// </summary>
public sealed class ReceivedMail
{
    public const int MaxParts = 200;
    public const int MaxDepth = 20;
    public const int MaxText = 100_000;
    public const int MaxAttachments = 50;
    private readonly HashSet<MailProblem> _problems = [];
    private readonly List<MailAttachment> _attachments = [];
    private int _parts;

    private ReceivedMail(MailHeaders headers) => Headers = headers;

    public MailHeaders Headers { get; }

    /// <summary>Sender's address as claimed; null when there is none that can be written to.</summary>
    public string? From { get; private set; }
    public string FromName { get; private set; } = "";
    public string Subject { get; private set; } = "";

    /// <summary>As claimed by the sender.</summary>
    public DateTimeOffset? Date { get; private set; }

    /// <summary>Without angle brackets; null when there is none.</summary>
    public string? MessageId { get; private set; }

    /// <summary>Ids of the mails it answers, without angle brackets.</summary>
    public IReadOnlyList<string> References { get; private set; } = [];
    public string Text { get; private set; } = "";
    public bool FromHtml { get; private set; }

    /// <summary>Written by a machine (auto-reply, bounce, list): never to be answered.</summary>
    public bool IsAutomatic { get; private set; }
    public IReadOnlyList<MailAttachment> Attachments => _attachments;
    public IReadOnlyCollection<MailProblem> Problems => _problems;

    public static ReceivedMail Read(ReadOnlySpan<byte> file)
    {
        // A file of an old kind, with CR alone as line end.
        if (file.IndexOf((byte)'\n') < 0 && file.IndexOf((byte)'\r') >= 0)
        {
            var lines = file.ToArray();
            lines.AsSpan().Replace((byte)'\r', (byte)'\n');
            return ReadLines(lines);
        }
        return ReadLines(file);
    }

    private static ReceivedMail ReadLines(ReadOnlySpan<byte> file)
    {
        var headers = MailHeaders.Read(file, out var body);
        var mail = new ReceivedMail(headers);
        if (headers.Cut)
            mail._problems.Add(MailProblem.HeadersCut);
        if (!new[] { "From", "Date", "Subject", "Message-ID", "Received", "To" }.Any(headers.Has))
            mail._problems.Add(MailProblem.NotAMail);
        mail.ReadSender();
        mail.Subject = Cut(headers["Subject"] ?? "", 500);
        mail.Date = DateOf(headers["Date"]);
        mail.MessageId = Ids(headers.Undecoded("Message-ID")).FirstOrDefault();
        mail.References = [.. Ids(headers.Undecoded("In-Reply-To")).Concat(Ids(headers.Undecoded("References"))).Distinct().Take(100)];
        mail.IsAutomatic = Automatic(headers, mail.From);
        var found = new Found();
        mail.Part(headers, file[body..], 0, found);
        var text = !string.IsNullOrWhiteSpace(found.Plain.ToString()) ? found.Plain.ToString() : "";
        if (text.Length == 0 && found.Html.Length > 0)
            (text, mail.FromHtml) = (MailText.FromHtml(found.Html.ToString()), true);
        if (text.Length > MaxText)
            mail._problems.Add(MailProblem.TextCut);
        mail.Text = MailText.Safe(text, oneLine: false, MaxText).Trim();
        if (mail.Text.Length == 0)
            mail._problems.Add(MailProblem.NoText);
        return mail;
    }

    private sealed class Found
    {
        public StringBuilder Plain { get; } = new();
        public StringBuilder Html { get; } = new();
    }

    private void Part(MailHeaders headers, ReadOnlySpan<byte> body, int depth, Found found)
    {
        if (++_parts > MaxParts)
        {
            _problems.Add(MailProblem.TooManyParts);
            return;
        }
        var (type, parameters) = headers.Structured("Content-Type");
        if (type.StartsWith("multipart/", StringComparison.Ordinal))
        {
            if (type is "multipart/report")
                IsAutomatic = true;
            if (type is "multipart/encrypted")
                _problems.Add(MailProblem.Closed);
            if (depth >= MaxDepth)
                _problems.Add(MailProblem.TooDeep);
            else if (parameters.GetValueOrDefault("boundary") is { Length: > 0 and <= 200 } boundary)
                Multipart(boundary, body, depth, found);
            else
                _problems.Add(MailProblem.BrokenOff);
            return;
        }
        var (disposition, more) = headers.Structured("Content-Disposition");
        var name = more.GetValueOrDefault("filename") ?? parameters.GetValueOrDefault("name");
        if (type.Length == 0)
            type = "text/plain";
        if (type is "application/pkcs7-mime" or "application/x-pkcs7-mime")
            _problems.Add(MailProblem.Closed);
        var isText = type is "text/plain" or "text/html" && disposition != "attachment" && name is null;
        var content = Content(headers, body);
        if (!isText)
        {
            Attach(name, type, content);
            return;
        }
        var text = MailText.Decode(content, parameters.GetValueOrDefault("charset"), out var certain);
        if (!certain)
            _problems.Add(MailProblem.Charset);
        var into = type == "text/html" ? found.Html : found.Plain;
        // Four times the limit: HTML has more tags than words.
        var room = (4 * MaxText) - into.Length;
        if (text.Length > room)
            _problems.Add(MailProblem.TextCut);
        if (room > 0)
            into.Append(text.AsSpan(0, Math.Min(text.Length, room))).Append('\n');
    }

    private void Attach(string? name, string type, byte[] content)
    {
        if (_attachments.Count >= MaxAttachments)
        {
            _problems.Add(MailProblem.TooManyParts);
            return;
        }
        var media = type.Length <= 60 && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '+' or '.') ? type : "application/octet-stream";
        _attachments.Add(new MailAttachment(MailText.FileName(name), media, content.Length, content));
    }

    private byte[] Content(MailHeaders headers, ReadOnlySpan<byte> body)
    {
        switch (headers.Structured("Content-Transfer-Encoding").Value)
        {
            case "base64":
                var decoded = MailText.Base64(body, out var clean);
                if (!clean)
                    _problems.Add(MailProblem.Encoding);
                return decoded;
            case "quoted-printable":
                return MailText.QuotedPrintable(body);
            case "" or "7bit" or "8bit" or "binary":
                return body.ToArray();
            default:
                _problems.Add(MailProblem.Encoding);
                return body.ToArray();
        }
    }

    private void Multipart(string boundary, ReadOnlySpan<byte> body, int depth, Found found)
    {
        var mark = Encoding.UTF8.GetBytes("--" + boundary);
        var (start, ended) = (-1, false);
        for (var at = 0; at < body.Length && !ended && _parts <= MaxParts;)
        {
            var end = body[at..].IndexOf((byte)'\n');
            var next = end < 0 ? body.Length : at + end + 1;
            var line = body[at..next].TrimEnd("\r\n \t"u8);
            var isEnd = line.Length == mark.Length + 2 && line.StartsWith(mark) && line.EndsWith("--"u8);
            if (isEnd || line.SequenceEqual(mark))
            {
                if (start >= 0)
                    Inner(Trimmed(body[start..at]), depth, found);
                (start, ended) = (next, isEnd);
            }
            at = next;
        }
        if (ended || _parts > MaxParts)
            return;
        _problems.Add(MailProblem.BrokenOff);
        if (start >= 0 && start < body.Length)
            Inner(body[start..], depth, found);
    }

    private void Inner(ReadOnlySpan<byte> part, int depth, Found found)
    {
        var headers = MailHeaders.Read(part, out var body);
        if (headers.Cut)
            _problems.Add(MailProblem.HeadersCut);
        Part(headers, part[body..], depth + 1, found);
    }

    /// <summary>Without the line end that belongs to the boundary.</summary>
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> part)
    {
        if (part.EndsWith("\n"u8))
            part = part[..^1];
        return part.EndsWith("\r"u8) ? part[..^1] : part;
    }

    private void ReadSender()
    {
        if (Headers.CountOf("From") > 1)
            _problems.Add(MailProblem.SeveralSenders);
        var text = MailHeaders.Uncommented(Headers.Undecoded("From") ?? "").Trim();
        // The address is what stands in the last angle brackets, whatever the name before them pretends to be.
        var close = text.LastIndexOf('>');
        var open = close < 0 ? -1 : text.LastIndexOf('<', close);
        var address = (open >= 0 ? text[(open + 1)..close] : text).Trim();
        var name = open > 0 ? text[..open].Trim().Trim('"').Replace("\\\"", "\"", StringComparison.Ordinal) : "";
        FromName = Cut(MailHeaders.Decoded(name), 120);
        if (open >= 0 && name.Contains('<', StringComparison.Ordinal))
            _problems.Add(MailProblem.SeveralSenders);
        if (IsAddress(address))
            From = address;
        else
            _problems.Add(MailProblem.NoSender);
    }

    /// <summary>An address to which a receipt may go: one mailbox in ASCII, without anything that could end a header.</summary>
    private static bool IsAddress(string text) =>
        text.Length is > 2 and <= 200 && text.Count(c => c == '@') == 1 && text.All(c => c is > ' ' and < '\u007f' and not ('<' or '>' or ',' or ';' or ':' or '"' or '\\' or '(' or ')' or '[' or ']'))
        && MailAddress.TryCreate(text, out var parsed) && parsed.Address == text;

    private static bool Automatic(MailHeaders headers, string? from)
    {
        var submitted = headers.Structured("Auto-Submitted").Value;
        var precedence = headers.Structured("Precedence").Value;
        var local = from?.Split('@')[0].ToLowerInvariant();
        return (submitted.Length > 0 && submitted != "no") || precedence is "bulk" or "list" or "junk" or "auto_reply" || headers.Has("List-Id") || headers.Has("List-Unsubscribe")
            || headers.Has("X-Autoreply") || headers.Has("X-Autorespond") || headers.Has("X-Loop") || headers.Undecoded("Return-Path")?.Replace(" ", "", StringComparison.Ordinal) == "<>"
            || local is "mailer-daemon" or "postmaster" or "no-reply" or "noreply" or "do-not-reply";
    }

    private static IEnumerable<string> Ids(string? text)
    {
        if (text is null)
            yield break;
        for (var at = 0; ;)
        {
            var open = text.IndexOf('<', at);
            var close = open < 0 ? -1 : text.IndexOf('>', open);
            if (close < 0)
                yield break;
            if (close - open is > 1 and <= 300)
                yield return text[(open + 1)..close].Trim();
            at = close + 1;
        }
    }

    /// <summary>A date of RFC 5322, in any year people mean; null otherwise.</summary>
    private static DateTimeOffset? DateOf(string? text)
    {
        var clean = MailHeaders.Uncommented(text ?? "").Trim();
        if (clean.EndsWith(" UT", StringComparison.Ordinal) || clean.EndsWith(" GMT", StringComparison.Ordinal))
            clean = clean[..clean.LastIndexOf(' ')] + " +0000";
        return clean.Length <= 60 && DateTimeOffset.TryParse(clean, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var at) && at.Year is > 1990 and < 2200
            ? at.ToUniversalTime() : null;
    }

    /// <summary>
    /// What our own mail server found about the sender's domain, from its own header only: a header of another name could be anybody's.
    /// </summary>
    /// <param name="server">The authserv-id of our mail server; null: none is trusted.</param>
    /// <returns>"spf=pass dkim=fail …"; null when nothing is known.</returns>
    public string? ClaimedChecks(string? server)
    {
        if (string.IsNullOrWhiteSpace(server))
            return null;
        var own = Headers.Each("Authentication-Results").FirstOrDefault(r => r.Split(';')[0].Trim().Split(' ')[0].Equals(server, StringComparison.OrdinalIgnoreCase));
        if (own is null)
            return null;
        var found = own.Split(';').Skip(1).Select(p => MailHeaders.Uncommented(p).Trim().Split(' ')[0].ToLowerInvariant())
            .Where(p => p.StartsWith("spf=", StringComparison.Ordinal) || p.StartsWith("dkim=", StringComparison.Ordinal) || p.StartsWith("dmarc=", StringComparison.Ordinal)).Where(p => p.Length <= 40).Take(6).ToList();
        return found.Count == 0 ? null : string.Join(' ', found);
    }

    private static string Cut(string text, int max) => MailText.Safe(text, oneLine: true, max);
}
