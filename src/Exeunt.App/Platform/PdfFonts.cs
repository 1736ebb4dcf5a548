using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Text;
using Exeunt.Core;
using PdfSharp;
using PdfSharp.Fonts;

namespace Exeunt.App.Platform;

/// <summary>
/// A typeface of documents, regular and bold, and the characters that it is used for: those that both files have, but none that
/// stand right only when a shaper joins, orders or places them (PDFsharp draws one glyph per character, from left to right).
/// </summary>
internal sealed class PdfFace
{
    private readonly BitArray _characters;

    internal PdfFace(string folder, string family, string regular, string bold, params (int From, int To)[] except)
    {
        (Family, Regular, Bold) = (family, regular, bold);
        _characters = CharactersOf(Path.Combine(folder, regular)).And(CharactersOf(Path.Combine(folder, bold)));
        foreach (var (from, to) in (IEnumerable<(int, int)>)[.. NotDrawn, .. except])
            for (var i = from; i <= to; i++)
                _characters[i] = false;
    }

    public string Family { get; }
    public string Regular { get; }
    public string Bold { get; }

    public bool Has(Rune rune) => _characters[rune.Value];

    public bool HasAll(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (!Has(rune))
                return false;
        return true;
    }

    /// <summary>
    /// Controls, soft hyphen, byte order mark and U+FFFD; scripts written from right to left or with forms, marks and orders that depend
    /// on neighbours (Hebrew to Myanmar, ancient Hangul, Philippine to Tai Tham, Balinese to Lepcha, Vedic signs), by blocks.
    /// </summary>
    private static readonly (int From, int To)[] NotDrawn =
    [
        (0, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0xFEFF, 0xFEFF), (0xFFFD, 0xFFFF),
        (0x0590, 0x109F), (0x1100, 0x11FF), (0x1700, 0x1AAF), (0x1B00, 0x1C7F), (0x1CD0, 0x1CFF), (0xA8E0, 0xA8FF), (0xA960, 0xA97F),
        (0xD7B0, 0xD7FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFE),
    ];

    /// <summary>
    /// The characters of a TrueType file by its tables of format 4 (of the basic plane) and 12 (of the others), which are those that
    /// PDFsharp reads. Source: OpenType 1.9, "cmap".
    /// </summary>
    private static BitArray CharactersOf(string path)
    {
        var found = new BitArray(0x110000);
        var map = Table(path, "cmap");
        for (var i = 0; i < U16(map, 2); i++)
        {
            var table = map.AsSpan(checked((int)U32(map, 8 + 8 * i)));
            if (U16(map, 4 + 8 * i) is not (0 or 3))
                continue;
            if (U16(table, 0) == 4)
                Basic(table, found);
            else if (U16(table, 0) == 12)
                for (var group = 0; group < U32(table, 12); group++)
                    for (var c = Math.Max(0x10000, U32(table, 16 + 12 * group)); c <= U32(table, 20 + 12 * group); c++)
                        found[checked((int)c)] = true;
        }
        return found;
    }

    private static void Basic(ReadOnlySpan<byte> table, BitArray found)
    {
        var twice = U16(table, 6); // twice the number of segments
        var (ends, starts, deltas, ranges) = (14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice);
        for (var i = 0; i < twice; i += 2)
        {
            var (start, end, range) = (U16(table, starts + i), U16(table, ends + i), U16(table, ranges + i));
            for (var c = start; c <= end && c < 0xFFFF; c++)
            {
                var glyph = range == 0 ? c : U16(table, ranges + i + range + 2 * (c - start));
                if (glyph != 0 || range == 0)
                    glyph = (glyph + U16(table, deltas + i)) & 0xFFFF;
                if (glyph != 0)
                    found[c] = true;
            }
        }
    }

    private static byte[] Table(string path, string tag)
    {
        using var file = File.OpenRead(path);
        var head = Read(file, 0, 12);
        var directory = Read(file, 12, 16 * U16(head, 4));
        for (var i = 0; i < directory.Length; i += 16)
            if (Encoding.ASCII.GetString(directory, i, 4) == tag)
                return Read(file, U32(directory, i + 8), checked((int)U32(directory, i + 12)));
        throw new InvalidDataException($"{path} has no table {tag}: it is no TrueType font");
    }

    private static byte[] Read(FileStream file, long from, int length)
    {
        var bytes = new byte[length];
        file.Position = from;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}

/// <summary>
/// The typefaces of every document, as TrueType files in a folder: Noto Sans SC, and what it lacks of Latin, Greek and Cyrillic from
/// Noto Sans, of Hangul from Nanum Gothic. Only the glyphs in use are embedded in a PDF.
/// </summary>
internal sealed class PdfFonts : IFontResolver
{
    private static readonly (string Family, string Regular, string Bold, (int, int)[] Except)[] Families =
    [
        // Its few combining marks are as wide as a letter; those of Noto Sans stand over the letter before them.
        ("Noto Sans SC", "NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf", [(0x300, 0x36F)]),
        ("Noto Sans", "NotoSans_400Regular.ttf", "NotoSans_700Bold.ttf", []),
        ("Nanum Gothic", "NanumGothic_400Regular.ttf", "NanumGothic_700Bold.ttf", []),
    ];

    private static readonly Lock Gate = new();
    private readonly string _folder;

    private PdfFonts(string folder)
    {
        _folder = folder;
        Faces = [.. Families.Select(f => new PdfFace(folder, f.Family, f.Regular, f.Bold, f.Except))];
    }

    /// <summary>In order of preference.</summary>
    public IReadOnlyList<PdfFace> Faces { get; }

    /// <summary>
    /// Makes the fonts of this folder those of the process; the first folder stays (PDFsharp resolves fonts once, globally).
    /// </summary>
    /// <exception cref="FileNotFoundException">A font file is missing; the message names it.</exception>
    public static PdfFonts From(string folder)
    {
        foreach (var file in Families.SelectMany(f => (string[])[f.Regular, f.Bold]))
            if (!File.Exists(Path.Combine(folder, file)))
                throw new FileNotFoundException($"The font {file} for documents is missing in {folder}");
        lock (Gate)
        {
            if (GlobalFontSettings.FontResolver is PdfFonts first)
                return first;
            PdfSharpLicense.SetAgplLicense(); // Exeunt is AGPL-3.0-only, and so is PDFsharp as we use it
            var fonts = new PdfFonts(folder);
            GlobalFontSettings.FontResolver = fonts;
            return fonts;
        }
    }

    /// <summary>The first face that has all of a text; null when none has.</summary>
    public PdfFace? FaceOf(string text)
    {
        foreach (var face in Faces)
            if (face.HasAll(text))
                return face;
        return null;
    }

    public FontResolverInfo ResolveTypeface(string familyName, bool isBold, bool isItalic)
    {
        var face = Faces.FirstOrDefault(f => f.Family == familyName) ?? Faces[0];
        return new(isBold ? face.Bold : face.Regular);
    }

    public byte[] GetFont(string faceName) => File.ReadAllBytes(Path.Combine(_folder, faceName));
}

/// <summary>A document that must say everything as it is holds characters that no typeface has. It is not made.</summary>
internal sealed class UnprintableException(IReadOnlyCollection<Rune> characters) : RefusedException(
    new(RefusalKind.Conflict, "unprintable", $"No typeface of documents has {Codes(characters)}", $"文件字体缺少字符 {Codes(characters)}。"), $"unprintable: {Codes(characters)}")
{
    /// <summary>In the order of code points, not of the text: a note holds no name.</summary>
    private static string Codes(IReadOnlyCollection<Rune> characters)
    {
        const int most = 8;
        var codes = characters.Distinct().Order().Select(c => string.Create(CultureInfo.InvariantCulture, $"U+{c.Value:X4}")).ToList();
        return string.Join(' ', codes.Take(most)) + (codes.Count > most ? " …" : "");
    }
}
