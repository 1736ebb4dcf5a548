using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Certificates;

/// <summary>
/// A letter: settlement statements and notices. All words come ready in the language of the letter ("zh" or "en").
/// </summary>
/// <param name="Recipient">Lines of the addressee.</param>
/// <param name="Reference">Number of the case, or empty.</param>
/// <param name="Lines">A settlement, or none; the net is the host's sum, positive for the customer.</param>
/// <param name="Closing">Paragraphs below the table.</param>
internal sealed record LetterContent(
    string Language,
    Issuer Issuer,
    IReadOnlyList<string> Recipient,
    string Reference,
    string Title,
    IReadOnlyList<string> Paragraphs,
    IReadOnlyList<AmountLine> Lines,
    Money? Net,
    IReadOnlyList<string> Closing,
    DateTimeOffset IssuedAt,
    TimeZoneInfo Zone
)
{
    /// <summary>With all text passed through the filter of what is printed; paragraphs keep their line feeds.</summary>
    public LetterContent Printable() => this with
    {
        Issuer = Issuer.Printable(),
        Recipient = [.. Recipient.Select(OneLine.Of)],
        Reference = OneLine.Of(Reference),
        Title = OneLine.Of(Title),
        Paragraphs = [.. Paragraphs.Select(OneLine.Paragraphs)],
        Lines = [.. Lines.Select(l => l.Printable())],
        Closing = [.. Closing.Select(OneLine.Paragraphs)],
    };
}

/// <summary>Sets a letter on A4 pages.</summary>
internal static class LetterDocument
{
    /// <summary>The PDF, signed when a key is given. "□" stands for a character that no typeface has, and the letter says so.</summary>
    public static byte[] Make(LetterContent letter, PdfFonts fonts, InstallationKey? key = null)
    {
        letter = letter.Printable();
        var words = CertificateWords.In(letter.Language);
        using var pdf = new Pdf(
            fonts,
            new PdfAbout(letter.Title, letter.Issuer.Name, letter.Reference, letter.Language, letter.IssuedAt)
        );
        DocumentParts.Letterhead(pdf, letter.Issuer, words);
        pdf.Y += 24;
        if (letter.Recipient.Count > 0)
        {
            pdf.Paragraph(words.To, Pdf.Small, after: 0);
            foreach (var line in letter.Recipient)
                pdf.Paragraph(line, new PdfText(10.5), after: 0);
        }
        pdf.Y += 22;
        pdf.Paragraph(letter.Title, new PdfText(16, Bold: true, Pdf.Accent), after: 0);
        if (letter.Reference.Length > 0)
            pdf.Paragraph($"{words.Reference} {letter.Reference}", Pdf.Small, after: 0);
        pdf.Y += 12;
        foreach (var paragraph in letter.Paragraphs)
            pdf.Paragraph(paragraph, new PdfText(10.5), after: 7);
        if (letter.Lines.Count > 0)
        {
            pdf.Y += 4;
            DocumentParts.Amounts(pdf, letter.Lines, letter.Net, words);
            pdf.Y += 8;
        }
        foreach (var paragraph in letter.Closing)
            pdf.Paragraph(paragraph, new PdfText(10.5), after: 7);
        if (pdf.HasSubstitutes)
            pdf.Paragraph(words.Substituted, Pdf.Small);
        pdf.Keep(18 + DocumentParts.SignatureHeight(pdf, letter.Issuer));
        pdf.Y += 18;
        DocumentParts.Signature(
            pdf,
            letter.Issuer,
            letter.IssuedAt,
            letter.Zone,
            words,
            pdf.Y,
            signed: key is not null
        );
        var footer = letter.Reference.Length > 0 ? $"{words.Reference} {letter.Reference}" : letter.Issuer.Name;
        return pdf.ToBytes(footer, key is null ? null : new PdfSigner(key, letter.Title));
    }
}
