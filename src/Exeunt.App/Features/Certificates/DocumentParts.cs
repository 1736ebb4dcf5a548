using System.Globalization;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Certificates;

/// <summary>What certificates and letters have in common.</summary>
internal static class DocumentParts
{
    /// <summary>The issuer at the top, above a line.</summary>
    public static void Letterhead(Pdf pdf, Issuer issuer, CertificateWords words)
    {
        pdf.Box(0, 0, Pdf.PageWidth, 7, Pdf.Accent);
        pdf.Y = 28;
        var y = pdf.At(Pdf.Margin, pdf.Y, Pdf.Width * 0.55, issuer.Name, new PdfText(11, Bold: true, Pdf.Accent));
        if (issuer.CreditCode.Length > 0)
            pdf.At(
                Pdf.Margin + Pdf.Width * 0.55,
                pdf.Y + 2,
                Pdf.Width * 0.45,
                $"{words.CreditCode} {issuer.CreditCode}",
                Pdf.Small,
                right: true
            );
        pdf.Y = y + 5;
        pdf.Rule(Pdf.Line, 0.5);
    }

    /// <summary>The lines of a settlement with their explanations, amounts flush right, and the total.</summary>
    public static void Amounts(Pdf pdf, IReadOnlyList<AmountLine> lines, Money? net, CertificateWords words)
    {
        if (net is null && lines.Count == 0)
            return;
        var currency = (net ?? lines[0].Amount).Currency;
        var total = net is { } sum
            ? new[]
            {
                sum.Minor < 0 ? words.NetFromCustomer : words.NetToCustomer,
                "",
                CertificateWords.Figure(sum.Minor < 0 ? -sum : sum),
            }
            : null;
        pdf.Table(
            [
                new(words.Item, 36),
                new(words.Explanation, 50),
                new(string.Format(CultureInfo.InvariantCulture, words.Amount, currency), 22, Right: true),
            ],
            lines.Select(l =>
                (IReadOnlyList<string>)
                    [l.Label, l.Explanation.Length > 0 ? l.Explanation : "—", CertificateWords.Figure(l.Amount)]
            ),
            total
        );
    }

    private const double SealSize = 46,
        SignatureWidth = 186;

    /// <summary>Height of the block that <see cref="Signature"/> writes.</summary>
    public static double SignatureHeight(Pdf pdf, Issuer issuer) =>
        (pdf.Wrap(issuer.Name, Pdf.Body with { Bold = true }, SignatureWidth).Count + 1) * Pdf.Body.LineHeight
        + SealSize
        + 8;

    /// <summary>Issuer, day of issue and, when it is signed, the seal, flush right from y on.</summary>
    public static void Signature(
        Pdf pdf,
        Issuer issuer,
        DateTimeOffset issuedAt,
        TimeZoneInfo zone,
        CertificateWords words,
        double y,
        bool signed
    )
    {
        var x = Pdf.PageWidth - Pdf.Margin - SignatureWidth;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(issuedAt, zone).DateTime);
        y = pdf.At(x, y, SignatureWidth, issuer.Name, Pdf.Body with { Bold = true }, right: true);
        y = pdf.At(x, y, SignatureWidth, $"{words.IssuedOn} {words.Date(day)}", Pdf.Body, right: true);
        if (!signed)
            return;
        Seal(pdf, Pdf.PageWidth - Pdf.Margin - SealSize, y + 6, SealSize, words);
        pdf.At(x, y + 8, SignatureWidth - SealSize - 10, words.Signed, Pdf.Small, right: true);
    }

    /// <summary>A square seal that says only that the file is signed; it imitates no company chop.</summary>
    private static void Seal(Pdf pdf, double x, double y, double size, CertificateWords words)
    {
        const uint vermilion = 0xB3382C;
        pdf.Frame(x, y, size, size, vermilion, 1.6, radius: 4);
        pdf.Frame(x + 3, y + 3, size - 6, size - 6, vermilion, 0.6, radius: 2.5);
        var style = new PdfText(words.SealUpper.Length > 2 ? 8.2 : 15, Bold: true, vermilion);
        Line(words.SealUpper, y + size / 2 - style.Size * 1.3);
        Line(words.SealLower, y + size / 2 - style.Size * 0.25);

        void Line(string text, double top) => pdf.At(x + (size - pdf.Measure(text, style)) / 2, top, size, text, style);
    }
}
