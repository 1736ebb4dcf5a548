using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Pdf;
using PdfSharp.Pdf.IO;
using QRCoder;

namespace Exeunt.App.Platform;

/// <summary>What a PDF says about itself. <paramref name="Language"/> is "zh" or "en".</summary>
/// <param name="Notes">Further entries of the document information, by name (letters only).</param>
internal sealed record PdfAbout(
    string Title,
    string Author,
    string Subject,
    string Language,
    DateTimeOffset CreatedAt,
    IReadOnlyDictionary<string, string>? Notes = null
);

/// <summary>A size, weight and colour of text. Sizes and lengths are in points (1/72 inch).</summary>
internal sealed record PdfText(double Size, bool Bold = false, uint Rgb = 0x1D2733)
{
    public double LineHeight => Size * 1.5;

    public PdfText In(uint rgb) => this with { Rgb = rgb };
}

/// <summary>A column of a table: its share of the width, and whether it is set flush right.</summary>
internal sealed record PdfColumn(string Heading, double Share, bool Right = false);

/// <summary>
/// Writes A4 pages from top to bottom: text that wraps, tables, QR codes, page numbers. What does not fit goes to a new page. Each word
/// is set in the first typeface that has all its letters, so that a Polish or Korean name stands beside Chinese.
/// </summary>
internal sealed partial class Pdf : IDisposable
{
    public const double PageWidth = 595.28,
        PageHeight = 841.89,
        Margin = 60,
        Top = 56,
        Bottom = 54;

    public const uint Ink = 0x1D2733,
        Quiet = 0x66727F,
        Accent = 0x1F4E5F,
        Line = 0xD5DCE1,
        Tint = 0xF3F6F7;

    public static readonly PdfText Body = new(9.2);
    public static readonly PdfText Small = new(7.8, Rgb: Quiet);

    /// <summary>Stands for what no typeface has.</summary>
    internal const char Substitute = '□';

    private readonly PdfDocument _document = new();
    private readonly PdfFonts _faces;
    private readonly PdfAbout _about;
    private readonly bool _exact;
    private readonly List<XGraphics> _pages = [];
    private readonly Dictionary<(string, double, bool), XFont> _fonts = [];

    /// <param name="exact">
    /// Whether a character that no typeface has refuses the document (<see cref="UnprintableException"/>); else "□" stands for it.
    /// </param>
    public Pdf(PdfFonts fonts, PdfAbout about, bool exact = false)
    {
        (_faces, _about, _exact) = (fonts, about, exact);
        var info = _document.Info;
        (info.Title, info.Author, info.Subject, info.Creator) = (about.Title, about.Author, about.Subject, "Exeunt");
        info.CreationDate = about.CreatedAt.UtcDateTime;
        info.ModificationDate = about.CreatedAt.UtcDateTime;
        foreach (var (name, value) in about.Notes ?? new Dictionary<string, string>())
            info.Elements.SetString("/" + name, value);
        _document.Version = 17;
        _document.Language = about.Language == "zh" ? "zh-CN" : "en";
        _document.ViewerPreferences.DisplayDocTitle = true;
        AddPage();
    }

    /// <summary>Where the next thing is written: distance from the top of the page.</summary>
    public double Y { get; set; }

    /// <summary>Whether "□" stands for a character somewhere.</summary>
    public bool HasSubstitutes { get; private set; }

    /// <summary>Width of the text area.</summary>
    public static double Width => PageWidth - 2 * Margin;

    private XGraphics Page => _pages[^1];

    /// <summary>Text over the whole width or from <paramref name="indent"/> on, wrapped; the cursor goes below it.</summary>
    public void Paragraph(string text, PdfText? style = null, double indent = 0, double after = 5)
    {
        style ??= Body;
        foreach (var line in Wrap(text, style, Width - indent))
        {
            Keep(style.LineHeight);
            DrawLine(line, style, Margin + indent, Y);
            Y += style.LineHeight;
        }
        Y += after;
    }

    /// <summary>One centred line (wrapped when it must be).</summary>
    public void Centred(string text, PdfText style, double after = 0)
    {
        foreach (var line in Wrap(text, style, Width))
        {
            Keep(style.LineHeight);
            DrawLine(line, style, (PageWidth - Measure(line, style)) / 2, Y);
            Y += style.LineHeight;
        }
        Y += after;
    }

    /// <summary>A section heading; it stays with at least two lines of what follows.</summary>
    public void Heading(string text)
    {
        var style = new PdfText(10.5, Bold: true, Accent);
        Keep(style.LineHeight + 14 + 2 * Body.LineHeight);
        Y += 5;
        DrawLine(text, style, Margin, Y);
        Y += style.LineHeight + 1.5;
        Rule(Accent, 0.7);
        Y += 2.5;
    }

    /// <summary>Rows of a label and a value, a hairline below each. Rows without a value are left out.</summary>
    public void Facts(IEnumerable<(string Label, string? Value)> rows)
    {
        foreach (var (label, value) in rows)
        {
            if (string.IsNullOrWhiteSpace(value))
                continue;
            var (labels, values, height) = Fact(label, value);
            Keep(height);
            DrawLines(labels, Body.In(Quiet), Margin, Y + 1.75);
            DrawLines(values, Body, Margin + LabelWidth, Y + 1.75);
            Y += height;
            Rule(Line, 0.5);
        }
        Y += 3;
    }

    /// <summary>Height of a section of facts with its heading.</summary>
    public double HeightOf(IEnumerable<(string Label, string? Value)> rows) =>
        27 + rows.Where(r => !string.IsNullOrWhiteSpace(r.Value)).Sum(r => Fact(r.Label, r.Value!).Height);

    private const double LabelWidth = 126;

    private (IReadOnlyList<string> Labels, IReadOnlyList<string> Values, double Height) Fact(string label, string value)
    {
        var (labels, values) = (Wrap(label, Body, LabelWidth - 8), Wrap(value, Body, Width - LabelWidth));
        return (labels, values, Math.Max(labels.Count, values.Count) * Body.LineHeight + 3.5);
    }

    /// <summary>
    /// A table; its headings come again on every page it runs over. <paramref name="total"/> is a last row in bold.
    /// </summary>
    public void Table(
        IReadOnlyList<PdfColumn> columns,
        IEnumerable<IReadOnlyList<string>> rows,
        IReadOnlyList<string>? total = null
    )
    {
        var heading = Small with { Bold = true };
        Row([.. columns.Select(c => c.Heading)], heading, tinted: true);
        foreach (var row in rows)
            Row(row, Body, tinted: false);
        if (total is not null)
            Row(total, Body with { Bold = true }, tinted: true);
        Y += 3;

        void Row(IReadOnlyList<string> cells, PdfText style, bool tinted)
        {
            const double gap = 8;
            var shares = columns.Sum(c => c.Share);
            var widths = columns.Select(c => Width * c.Share / shares).ToArray();
            var texts = cells.Select((cell, i) => Wrap(cell, style, widths[i] - gap)).ToArray();
            var height = texts.Max(t => t.Count) * style.LineHeight + 4;
            if (Y + height > PageHeight - Bottom)
            {
                AddPage();
                if (style != heading)
                    Row([.. columns.Select(c => c.Heading)], heading, tinted: true);
            }
            if (tinted)
                Page.DrawRectangle(Brush(Tint), Margin, Y, Width, height);
            var x = Margin;
            for (var i = 0; i < texts.Length; i++)
            {
                for (var line = 0; line < texts[i].Count; line++)
                    DrawLine(
                        texts[i][line],
                        style,
                        columns[i].Right ? x + widths[i] - gap / 2 - Measure(texts[i][line], style) : x + gap / 2,
                        Y + 2 + line * style.LineHeight
                    );
                x += widths[i];
            }
            Y += height;
            Rule(Line, 0.5);
        }
    }

    /// <summary>A horizontal line over the text area at the cursor, which stays.</summary>
    public void Rule(uint rgb, double thickness) =>
        Page.DrawLine(new XPen(Colour(rgb), thickness), Margin, Y, PageWidth - Margin, Y);

    /// <summary>A filled rectangle; rounded when <paramref name="radius"/> is given.</summary>
    public void Box(double x, double y, double width, double height, uint rgb, double radius = 0)
    {
        if (radius > 0)
            Page.DrawRoundedRectangle(Brush(rgb), x, y, width, height, 2 * radius, 2 * radius);
        else
            Page.DrawRectangle(Brush(rgb), x, y, width, height);
    }

    /// <summary>An empty rectangle with rounded corners.</summary>
    public void Frame(double x, double y, double width, double height, uint rgb, double thickness, double radius) =>
        Page.DrawRoundedRectangle(new XPen(Colour(rgb), thickness), x, y, width, height, 2 * radius, 2 * radius);

    /// <summary>A QR code (error correction M), with its upper left corner at (x, y). The quiet zone is left to the page.</summary>
    public void Qr(string text, double x, double y, double size)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        const int quiet = 4; // modules of white that QRCoder puts around
        var count = rows.Count - 2 * quiet;
        var module = size / count;
        var path = new XGraphicsPath { FillMode = XFillMode.Winding };
        for (var row = 0; row < count; row++)
        for (var column = 0; column < count; )
        {
            var from = column;
            while (column < count && rows[row + quiet][column + quiet])
                column++;
            if (column > from)
                path.AddRectangle(x + from * module, y + row * module, (column - from) * module, module);
            else
                column++;
        }
        Page.DrawPath(Brush(Ink), path);
    }

    /// <summary>Lines at a place of their own; the cursor stays. Returns the distance of the lower edge from the top.</summary>
    public double At(double x, double y, double width, string text, PdfText style, bool right = false)
    {
        foreach (var line in Wrap(text, style, width))
        {
            DrawLine(line, style, right ? x + width - Measure(line, style) : x, y);
            y += style.LineHeight;
        }
        return y;
    }

    /// <summary>Starts a new page unless this much height is left.</summary>
    public void Keep(double height)
    {
        if (Y + height > PageHeight - Bottom)
            AddPage();
    }

    /// <summary>
    /// The finished file, with a footer on every page (the text on the left, "1 / 2" on the right); signed when a signer is
    /// given. To be called once.
    /// </summary>
    public byte[] ToBytes(string footer, PdfSigner? signer = null)
    {
        for (var i = 0; i < _pages.Count; i++)
        {
            var page = _pages[i];
            var y = PageHeight - 42;
            page.DrawLine(new XPen(Colour(Line), 0.5), Margin, y, PageWidth - Margin, y);
            var number = $"{i + 1} / {_pages.Count}";
            DrawLine(footer, Small, Margin, y + 6, page);
            DrawLine(number, Small, PageWidth - Margin - Measure(number, Small), y + 6, page);
            page.Dispose();
        }
        _pages.Clear();
        (_document.Options.NoCompression, _document.Options.CompressContentStreams) = (true, false);
        using var plain = new MemoryStream();
        _document.Save(plain, closeStream: false);
        plain.Position = 0;
        using var finished = PdfReader.Open(plain, PdfDocumentOpenMode.Modify);
        Compress(finished);
        if (signer is not null)
            return signer.Sign(finished, _about.CreatedAt);
        using var stream = new MemoryStream();
        finished.Save(stream, closeStream: false);
        return stream.ToArray();
    }

    /// <summary>
    /// Compresses every stream. PDFsharp 6.5 leaves out the checksum at the end of its zlib streams, which readers forgive
    /// but checkers report; and it tells the characters beyond U+FFFF by their code points, where readers expect UTF-16.
    /// </summary>
    private static void Compress(PdfDocument document)
    {
        (document.Options.NoCompression, document.Options.CompressContentStreams) = (true, false);
        foreach (var dictionary in document.Internals.GetAllObjects().OfType<PdfDictionary>())
        {
            if (dictionary.Stream is not { Length: > 200 } content || dictionary.Elements.ContainsKey("/Filter"))
                continue;
            var bytes = content.Value;
            if (bytes.AsSpan().IndexOf("begincmap"u8) >= 0)
                bytes = Encoding.Latin1.GetBytes(Beyond().Replace(Encoding.Latin1.GetString(bytes), Utf16));
            using var packed = new MemoryStream();
            using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                zlib.Write(bytes);
            content.Value = packed.ToArray();
            dictionary.Elements.SetName("/Filter", "/FlateDecode");
            dictionary.Elements.SetInteger("/Length", content.Length);
        }
    }

    /// <summary>A code point beyond U+FFFF in a map of glyphs to characters.</summary>
    [GeneratedRegex("<(?<code>[0-9A-Fa-f]{5,6})>")]
    private static partial Regex Beyond();

    private static string Utf16(Match code)
    {
        var rune = new Rune(int.Parse(code.Groups["code"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return $"<{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(rune.ToString()))}>";
    }

    public void Dispose()
    {
        _pages.ForEach(p => p.Dispose());
        _document.Dispose();
    }

    /// <summary>
    /// Breaks text into lines of at most this width: at spaces, and between Chinese characters unless a closing mark would
    /// begin or an opening mark would end a line. A word that is too long by itself is broken anywhere.
    /// </summary>
    internal IReadOnlyList<string> Wrap(string text, PdfText style, double width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Replace("\r", "", StringComparison.Ordinal).Split('\n'))
        {
            var line = new StringBuilder();
            var used = 0.0;
            foreach (var unit in Units(Printable(paragraph)))
            {
                var size = Measure(unit, style);
                if (used + Measure(unit.TrimEnd(' '), style) > width && line.Length > 0)
                    Break();
                if (size <= width)
                {
                    Add(unit, size);
                    continue;
                }
                // A part of a word may be set in another typeface than the whole: such a line is measured as it stands.
                var alike = _faces.Faces[0].HasAll(unit);
                foreach (var one in Elements(unit))
                {
                    var wide = alike ? Measure(one, style) : Measure($"{line}{one}", style) - used;
                    if (used + wide > width && line.Length > 0)
                    {
                        BreakBefore(one);
                        wide = alike ? wide : Measure($"{line}{one}", style) - used;
                    }
                    Add(one, wide);
                }
            }
            Break();

            void Add(string part, double size)
            {
                if (line.Length == 0 && string.IsNullOrWhiteSpace(part))
                    return;
                line.Append(part);
                used += size;
            }

            void BreakBefore(string next)
            {
                // A closing mark takes the character before it along to the next line.
                var elements = Closing.Contains(next, StringComparison.Ordinal) ? Elements(line.ToString()).ToList() : [];
                var carried = elements.Count > 1 ? elements[^1] : "";
                line.Length -= carried.Length;
                Break();
                if (carried.Length > 0)
                    Add(carried, Measure(carried, style));
            }

            void Break()
            {
                lines.Add(line.ToString().TrimEnd(' '));
                line.Clear();
                used = 0;
            }
        }
        return lines;
    }

    /// <summary>
    /// The text as it can be drawn: composed (NFC), without characters that have no appearance, every other white space that no typeface
    /// has as a space; what no typeface has is refused or substituted.
    /// </summary>
    /// <exception cref="UnprintableException">A character cannot be drawn, and the document must be exact.</exception>
    private string Printable(string text)
    {
        if (_faces.Faces[0].HasAll(text) && text.IsNormalized())
            return text;
        var printable = new StringBuilder(text.Length);
        var missing = new List<Rune>();
        foreach (var element in Elements(Composed(text)))
        {
            if (_faces.FaceOf(element) is not null)
                printable.Append(element);
            else if (_faces.FaceOf(element.Normalize()) is not null) // a compatibility ideograph that no typeface has as such
                printable.Append(element.Normalize());
            else if (element.EnumerateRunes().All(r => Rune.IsWhiteSpace(r) || Rune.IsControl(r)))
                printable.Append(' ');
            else
            {
                var lacking = element.EnumerateRunes().Where(r => _faces.FaceOf(r.ToString()) is null).ToList();
                missing.AddRange(lacking.Count > 0 ? lacking : element.EnumerateRunes());
                printable.Append(Substitute);
            }
        }
        if (missing.Count > 0 && _exact)
            throw new UnprintableException(missing);
        HasSubstitutes |= missing.Count > 0;
        return printable.ToString();
    }

    /// <summary>
    /// Letters and their marks as one character where there is one. Compatibility ideographs stay as they are written: NFC makes them
    /// the ordinary ones, and people insist on theirs. Half a surrogate pair becomes U+FFFD.
    /// </summary>
    private static string Composed(string text)
    {
        var (composed, part) = (new StringBuilder(text.Length), new StringBuilder());
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsInvisible(rune))
                continue;
            if (rune.Value is >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F)
            {
                composed.Append(part.ToString().Normalize()).Append(rune.ToString());
                part.Clear();
            }
            else
                part.Append((rune.Value == 0xFFFE ? Rune.ReplacementChar : rune).ToString()); // .NET composes nothing beside U+FFFE
        }
        return composed.Append(part.ToString().Normalize()).ToString();
    }

    /// <summary>
    /// Hints of how to break, join or turn text, which show as nothing: soft hyphen, grapheme joiner, zero width, marks of direction, whether
    /// to show as text or emoji, byte order mark. Selectors of the form of an ideograph are none of these.
    /// </summary>
    private static bool IsInvisible(Rune rune) =>
        rune.Value is 0xAD or 0x34F or 0x61C or 0x180E or >= 0x200B and <= 0x200F or >= 0x202A and <= 0x202E or >= 0x2060 and <= 0x206F or 0xFE0E or 0xFE0F or 0xFEFF;

    /// <summary>Letters with their marks.</summary>
    private static IEnumerable<string> Elements(string text)
    {
        for (var at = 0; at < text.Length; )
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            yield return text.Substring(at, length);
            at += length;
        }
    }

    /// <summary>The pieces that are never broken: words with their trailing spaces, Chinese characters with their marks.</summary>
    private static IEnumerable<string> Units(string text)
    {
        var unit = new StringBuilder();
        var (previous, first) = (default(Rune), true);
        foreach (var element in Elements(text))
        {
            var current = Rune.GetRuneAt(element, 0);
            if (!first && MayBreak(previous, current))
            {
                yield return unit.ToString();
                unit.Clear();
            }
            unit.Append(element);
            (previous, first) = (current, false);
        }
        if (unit.Length > 0)
            yield return unit.ToString();
    }

    /// <summary>
    /// A printable text in pieces of one typeface. A word is set in the first that has all of it, so that its letters look alike, and
    /// letter by letter when none has; spaces go with the word before them. Words end where lines may be broken, so that the pieces of a
    /// line are those of its units.
    /// </summary>
    private IEnumerable<(string Text, PdfFace Face)> Runs(string text)
    {
        if (_faces.Faces[0].HasAll(text))
        {
            yield return (text, _faces.Faces[0]);
            yield break;
        }
        var (run, of) = (new StringBuilder(), _faces.Faces[0]);
        foreach (var (piece, face) in Words(text).SelectMany(Faced))
        {
            var as_ = face ?? of;
            if (as_ != of && run.Length > 0)
            {
                yield return (run.ToString(), of);
                run.Clear();
            }
            of = as_;
            run.Append(piece);
        }
        if (run.Length > 0)
            yield return (run.ToString(), of);

        IEnumerable<(string, PdfFace?)> Faced(string word) =>
            word is " " ? [(word, null)]
            : _faces.FaceOf(word) is { } whole ? [(word, whole)]
            : Elements(word).Select(e => (e, _faces.FaceOf(e)));
    }

    /// <summary>Words, single wide characters and single spaces.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var element in Elements(text))
        {
            var alone = element[0] == ' ' || IsWide(Rune.GetRuneAt(element, 0));
            if (alone && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
            if (alone)
                yield return element;
            else
                word.Append(element);
        }
        if (word.Length > 0)
            yield return word.ToString();
    }

    private static bool MayBreak(Rune before, Rune after)
    {
        if (after.Value == ' ' || Closing.Contains(after.ToString(), StringComparison.Ordinal))
            return false;
        if (Opening.Contains(before.ToString(), StringComparison.Ordinal))
            return false;
        return before.Value == ' ' || IsWide(before) || IsWide(after);
    }

    private const string Closing = "，。、；：！？）》」』】〉”’…·％%)]}>,.;:!?℃°";
    private const string Opening = "（《「『【〈“‘([{<￥¥$€£";

    /// <summary>Chinese and the like, which may be broken between any two characters.</summary>
    private static bool IsWide(Rune rune) =>
        rune.Value is >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7FF or >= 0xF900 and <= 0xFAFF or >= 0xFF00 and <= 0xFF60 or >= 0x20000;

    private static readonly ConcurrentDictionary<(PdfFace Face, bool Bold, Rune), double> Advances = new();

    /// <summary>Width of a line. PDFsharp does not kern, so that advances add up.</summary>
    internal double Measure(string text, PdfText style) => Runs(text).Sum(run => Measure(run.Text, run.Face, style));

    private double Measure(string text, PdfFace face, PdfText style)
    {
        var sum = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Advances.TryGetValue((face, style.Bold, rune), out var advance))
            {
                advance = Page.MeasureString(rune.ToString(), Font(face, 100, style.Bold)).Width / 100;
                Advances[(face, style.Bold, rune)] = advance;
            }
            sum += advance;
        }
        return sum * style.Size;
    }

    private void AddPage()
    {
        var page = _document.AddPage();
        page.Size = PageSize.A4;
        _pages.Add(XGraphics.FromPdfPage(page));
        Y = Top;
    }

    private void DrawLines(IReadOnlyList<string> lines, PdfText style, double x, double y)
    {
        for (var i = 0; i < lines.Count; i++)
            DrawLine(lines[i], style, x, y + i * style.LineHeight);
    }

    /// <summary>Draws one line whose box of <see cref="PdfText.LineHeight"/> has its upper edge at y.</summary>
    private void DrawLine(string text, PdfText style, double x, double y, XGraphics? page = null)
    {
        var baseline = y + style.LineHeight / 2 + style.Size * 0.36;
        foreach (var (piece, face) in Runs(Printable(text)))
        {
            if (piece.Length == 0)
                continue;
            (page ?? Page).DrawString(piece, Font(face, style.Size, style.Bold), Brush(style.Rgb), x, baseline);
            x += Measure(piece, face, style);
        }
    }

    private XFont Font(PdfFace face, double size, bool bold)
    {
        if (_fonts.TryGetValue((face.Family, size, bold), out var font))
            return font;
        var style = bold ? XFontStyleEx.Bold : XFontStyleEx.Regular;
        return _fonts[(face.Family, size, bold)] = new XFont(face.Family, size, style, XPdfFontOptions.UnicodeDefault);
    }

    private static XSolidBrush Brush(uint rgb) => new(Colour(rgb));

    private static XColor Colour(uint rgb) =>
        XColor.FromArgb((int)(rgb >> 16) & 0xFF, (int)(rgb >> 8) & 0xFF, (int)rgb & 0xFF);
}
