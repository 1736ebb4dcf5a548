using System.Globalization;
using System.Text;
using Exeunt.App.Platform;
using Exeunt.Core.Proof;
using PdfSharp;
using PdfSharp.Pdf.IO;

namespace Exeunt.App.Features.Certificates;

/// <summary>Sets a certificate: one or two A4 pages in Chinese or English.</summary>
internal static class CertificateDocument
{
    /// <summary>Name of the entry in the document information that holds the signed tree head.</summary>
    private const string TreeHeadNote = "ExeuntTreeHead";

    /// <summary>The PDF, signed when a key is given.</summary>
    /// <exception cref="UnprintableException">No typeface has a character of it: a certificate leaves none out and replaces none.</exception>
    public static byte[] Make(CertificateContent content, PdfFonts fonts, InstallationKey? key = null)
    {
        content = content.Printable();
        var words = CertificateWords.In(content.Language);
        var title = words.Title(content.Kind, content.IsSettled);
        var notes = new Dictionary<string, string> { ["ExeuntSerial"] = content.Serial };
        if (content.TreeHead is { } head)
            notes[TreeHeadNote] = head.ToLine();
        using var pdf = new Pdf(
            fonts,
            new PdfAbout(title, content.Issuer.Name, content.Serial, content.Language, content.IssuedAt, notes),
            exact: true
        );
        Head(pdf, content, words, title);
        Relationship(pdf, content, words);
        Settlement(pdf, content, words);
        Rest(pdf, content, words);
        Close(pdf, content, words, key);
        return pdf.ToBytes($"{words.Serial} {content.Serial}", key is null ? null : new PdfSigner(key, title));
    }

    /// <summary>
    /// The tree head that a certificate carries, null when it has none. Verify the certificate first: this does not.
    /// </summary>
    public static SignedTreeHead? ReadTreeHead(byte[] pdf)
    {
        PdfSharpLicense.SetAgplLicense(); // as for writing; a command that only verifies makes no document
        using var stream = new MemoryStream(pdf);
        using var document = PdfReader.Open(stream, PdfDocumentOpenMode.Import);
        return SignedTreeHead.Parse(Encoding.ASCII.GetBytes(document.Info.Elements.GetString("/" + TreeHeadNote)));
    }

    private static void Head(Pdf pdf, CertificateContent content, CertificateWords words, string title)
    {
        DocumentParts.Letterhead(pdf, content.Issuer, words);
        pdf.Y += 16;
        var chinese = content.Language == "zh";
        pdf.Centred(
            chinese ? string.Join(' ', title.AsEnumerable()) : title,
            new PdfText(title.Length > 30 ? 19 : 22, Bold: true, Pdf.Accent)
        );
        pdf.Centred($"{words.Serial}  {content.Serial}", Pdf.Small with { Size = 8.5 }, after: 9);
        var statement = string.Format(
            CultureInfo.InvariantCulture,
            words.Statement(content.Kind),
            content.CustomerName,
            content.ContractNumber ?? "—",
            content.Product ?? "—",
            words.Time(content.EffectiveAt ?? content.IssuedAt, content.Zone)
        );
        pdf.Paragraph(statement, new PdfText(10.2), after: 2);
    }

    private static void Relationship(Pdf pdf, CertificateContent content, CertificateWords words)
    {
        pdf.Heading(words.Relationship);
        pdf.Facts([
            (words.Customer, content.CustomerName),
            (words.ContractNumber, content.ContractNumber),
            (words.RequestNumber, content.RequestNumber),
            (words.Product, content.Product),
            (words.StartedOn, content.StartedOn is { } start ? words.Date(start) : null),
            (
                words.Ground,
                content.Ground is { } g ? $"{(content.Language == "zh" ? g.Chinese : g.English)} ({g.Code})" : null
            ),
            (words.NoticeReceivedAt, content.NoticeReceivedAt is { } n ? words.Time(n, content.Zone) : null),
            // When data was erased stands in the statement; it is no end of a contract.
            (words.EffectiveAt, content.Kind != CertificateKind.Erasure && content.EffectiveAt is { } e ? words.Time(e, content.Zone) : null),
            (words.PropertyReturned, string.Join(words.Comma, content.PropertyReturned)),
            (words.Supersedes, content.Supersedes),
        ]);
    }

    private static void Settlement(Pdf pdf, CertificateContent content, CertificateWords words)
    {
        if (content.Settlement.Count == 0 && content.Net is null && content.OpenBalance is null && !content.IsSettled)
            return;
        pdf.Heading(words.Settlement);
        DocumentParts.Amounts(pdf, content.Settlement, content.Net, words);
        pdf.Paragraph(Balance(content, words), Pdf.Body with { Bold = true }, after: 3);
        pdf.Facts([(words.Invoices, string.Join(words.Comma, content.Invoices))]);
    }

    private static string Balance(CertificateContent content, CertificateWords words)
    {
        if (content.IsSettled)
            return content.PaidOn is { } paid
                ? string.Format(CultureInfo.InvariantCulture, words.SettledPaidOn, words.Date(paid))
                : words.Settled;
        if (content.OpenBalance is not { IsZero: false } open)
            return words.OpenUnstated;
        var amount = open.Minor < 0 ? -open : open;
        return string.Format(
            CultureInfo.InvariantCulture,
            open.Minor < 0 ? words.OpenFromCustomer : words.OpenToCustomer,
            $"{amount.Currency} {CertificateWords.Figure(amount)}"
        );
    }

    private static void Rest(Pdf pdf, CertificateContent content, CertificateWords words)
    {
        if (content.Data.Count > 0)
        {
            pdf.Heading(words.PersonalData);
            pdf.Table(
                [new(words.Category, 30), new(words.Outcome, 14), new(words.Until, 24), new(words.Basis, 40)],
                content.Data.Select(d =>
                    (IReadOnlyList<string>)
                        [
                            d.Category,
                            words.Word(d.Outcome),
                            d.Until is { } until ? words.Date(until) : "—",
                            d.Basis.Length > 0 ? d.Basis : "—",
                        ]
                )
            );
        }
        if (content.BackupsUnreadableOn is { } unreadable)
            pdf.Paragraph(string.Format(CultureInfo.InvariantCulture, words.Backups, words.Date(unreadable)));
        else if (content.Kind == CertificateKind.Erasure)
            pdf.Paragraph(words.BackupsUndated);
        (string, string?)[] further =
        [
            (words.SurvivingClauses, string.Join('\n', content.SurvivingClauses)),
            (words.Appeal, content.AppealContact),
        ];
        if (content.SurvivingClauses.Count == 0 && string.IsNullOrWhiteSpace(content.AppealContact))
            return;
        pdf.Keep(pdf.HeightOf(further) + CloseHeight(pdf, content, words) + 2); // the last block does not stand alone on a page
        pdf.Heading(words.Further);
        pdf.Facts(further);
    }

    /// <summary>The last block, never parted: QR and how to verify on the left, issuer and seal on the right.</summary>
    private static void Close(Pdf pdf, CertificateContent content, CertificateWords words, InstallationKey? key)
    {
        var height = CloseHeight(pdf, content, words);
        pdf.Keep(height + 2);
        pdf.Y = Math.Min(Pdf.PageHeight - Pdf.Bottom - height, pdf.Y + 34);
        pdf.Rule(Pdf.Accent, 0.7);
        var top = pdf.Y + 11;
        pdf.Qr(content.VerifyUrl, Pdf.Margin, top, QrSize);

        var left = Pdf.Margin + QrSize + 14;
        var y = pdf.At(left, top - 3, HowWidth, words.Verify, Pdf.Body with { Bold = true, Rgb = Pdf.Accent });
        pdf.At(left, y, HowWidth, HowToVerify(content, words), Pdf.Small);

        DocumentParts.Signature(
            pdf,
            content.Issuer,
            content.IssuedAt,
            content.Zone,
            words,
            top - 3,
            signed: key is not null
        );
    }

    /// <summary>Side of the QR code and width of the words beside it, in points.</summary>
    private const double QrSize = 74,
        HowWidth = 184;

    private static double CloseHeight(Pdf pdf, CertificateContent content, CertificateWords words)
    {
        var lines = pdf.Wrap(HowToVerify(content, words), Pdf.Small, HowWidth).Count;
        var how = Pdf.Body.LineHeight + lines * Pdf.Small.LineHeight;
        return 8 + Math.Max(Math.Max(QrSize + 3, how), DocumentParts.SignatureHeight(pdf, content.Issuer));
    }

    /// <summary>Address of the page without the serial, which stands above, and the tree head in short.</summary>
    private static string HowToVerify(CertificateContent content, CertificateWords words)
    {
        var page = new Uri(new Uri(content.VerifyUrl), ".").GetLeftPart(UriPartial.Path).TrimEnd('/');
        var how = string.Format(CultureInfo.InvariantCulture, words.VerifyHow, page);
        return content.TreeHead is { Head: var head }
            ? $"{how}\n{words.TreeHead} {head.Size} · {head.Root[..16]}…"
            : how;
    }
}
