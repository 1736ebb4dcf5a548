using System.Text;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Certificates;

/// <summary>Names in many scripts: what is printed is what was recorded, or the certificate is refused.</summary>
public class PdfFontTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Łukasz Čížek / Ayşe Yılmaz / Erdős Pál")]
    [InlineData("Ġorġ Żammit, Ŵyn Þórğ, Ngũgĩ, Ərəsul, Ɗahiru")]
    [InlineData("Αλέξανδρος Παπαδόπουλος, Ὀδυσσεύς")]
    [InlineData("Владимир Ђорђевић, Їжак, Ғабит Ңұрлы")]
    [InlineData("Nguyễn Thị Phượng, Đặng Trường")]
    [InlineData("김철수 남궁뷁")]
    [InlineData("王芳·Łukasz（김철수）")]
    [InlineData("㛃髙﨑𬭎𬍛")]
    [InlineData("かとう ガブリエル")]
    public void A_name_is_printed_letter_by_letter(string name)
    {
        foreach (var language in new[] { "zh", "en" })
            if (Text(CertificateDocument.Make(Sample.Certificate(language) with { CustomerName = name }, Sample.Fonts)) is { } text)
                text.ShouldContain(name);
    }

    [Theory]
    [InlineData("Latin", 0xC0, 0x24F)]
    [InlineData("Vietnamese and other Latin", 0x1E00, 0x1EFF)]
    [InlineData("Greek", 0x386, 0x3CE)]
    [InlineData("Cyrillic", 0x400, 0x4FF)]
    [InlineData("Hangul", 0xAC00, 0xB000)]
    public void Every_letter_of_a_script_is_there(string script, int from, int to)
    {
        var letters = Enumerable.Range(from, to - from + 1).Select(c => new Rune(c)).Where(Rune.IsLetter).Select(r => r.ToString().Normalize()).Distinct().ToList();
        using var pdf = Exact();
        foreach (var some in letters.Chunk(20))
            foreach (var style in new[] { Pdf.Body, Pdf.Body with { Bold = true } })
                pdf.Paragraph(string.Join(' ', some), style);
        if (Together(pdf.ToBytes("")) is not { } text)
            return;
        foreach (var some in letters.Chunk(20).Select(some => string.Concat(some)))
            text.Split(some).Length.ShouldBe(3, $"{script}: {some}");
    }

    [Fact]
    public void Letters_and_marks_are_composed_and_what_has_no_appearance_is_left_out()
    {
        var name = "Łukasz Čížek, Nguyễn, 김철수, ガ".Normalize(NormalizationForm.FormD);
        using var pdf = Exact();
        pdf.Paragraph($"\u200E{name}\u200F\uFEFF\t2\u2009m\u00AD");
        Text(pdf.ToBytes(""))?.ShouldStartWith("Łukasz Čížek, Nguyễn, 김철수, ガ 2 m\n");
    }

    [Fact]
    public void A_mark_that_makes_no_letter_of_its_own_stands_over_the_letter_before_it()
    {
        using var pdf = Exact();
        pdf.Paragraph("Ẹ́bùn M̄");
        pdf.Measure("Ł\u0301", Pdf.Body).ShouldBe(pdf.Measure("Ł", Pdf.Body), 0.001);
        Together(pdf.ToBytes(""))?.ShouldContain("\u1EB8\u0301bùn");
    }

    [Theory]
    [InlineData("𠮷田", "U+20BB7")]
    [InlineData("محمد", "U+062D U+062F U+0645")]
    [InlineData("王 नमन", "U+0928 U+092E")]
    [InlineData("สมชาย", "U+0E0A U+0E21 U+0E22 U+0E2A U+0E32")]
    [InlineData("葛\U000E0100", "U+E0100")]
    [InlineData("A 😀", "U+1F600")]
    [InlineData("半\uD842", "U+FFFD")]
    [InlineData("\uFFFE\u0001x", "U+FFFD")]
    public void A_certificate_refuses_a_name_that_it_could_not_print_whole_and_a_letter_shows_the_gap(string name, string codes)
    {
        var certificate = Sample.Certificate("en") with { CustomerName = name };
        var refusal = Should.Throw<UnprintableException>(() => CertificateDocument.Make(certificate, Sample.Fonts, Sample.Key));
        refusal.Message.ShouldBe($"No typeface of documents has {codes}");
        refusal.Note.ShouldBe($"unprintable: {codes}");

        var letter = Sample.Letter("en") with { Recipient = [name] };
        if (Text(LetterDocument.Make(letter, Sample.Fonts, Sample.Key)) is not { } text)
            return;
        text.ShouldContain(Pdf.Substitute);
        text.ShouldContain("“□” stands for a character that cannot be printed.");
        Text(LetterDocument.Make(Sample.Letter("en"), Sample.Fonts))!.ShouldNotContain(Pdf.Substitute);
    }

    [Fact]
    public void Each_part_of_a_certificate_is_exact()
    {
        var certificate = Sample.Certificate("zh");
        foreach (var wrong in new[] { certificate with { Product = "𠮷" }, certificate with { ContractNumber = "𠮷" }, certificate with { Issuer = new("𠮷", "") }, certificate with { SurvivingClauses = ["𠮷"] }, certificate with { Data = [new("𠮷", DataOutcome.Deleted)] } })
            Should.Throw<UnprintableException>(() => CertificateDocument.Make(wrong, Sample.Fonts, Sample.Key));
    }

    [Fact]
    public void Every_text_of_the_product_can_be_printed()
    {
        using var pdf = new Pdf(Sample.Fonts, new PdfAbout("", "", "", "en", Sample.Now));
        foreach (var (key, texts) in Texts.Everything.Where(t => t.Key.StartsWith("letter.", StringComparison.Ordinal) || t.Key.StartsWith("certificate.", StringComparison.Ordinal) || t.Key.StartsWith("line.", StringComparison.Ordinal)))
            foreach (var text in texts)
            {
                pdf.Wrap(text, Pdf.Body, 300);
                pdf.HasSubstitutes.ShouldBeFalse($"{key}: {text}");
            }
    }

    [Fact]
    public void A_certificate_in_several_typefaces_is_embedded_small_sound_and_signed()
    {
        var made = CertificateDocument.Make(Sample.Certificate("zh") with { CustomerName = "Łukasz Čížek 김철수" }, Sample.Fonts, Sample.Key);
        made.Length.ShouldBeLessThan(250_000);
        PdfSignature.Verify(made, Sample.Key.PublicPem).IsValid.ShouldBeTrue();
        var file = Tool.File(made);
        if (Tool.Run(output, "pdffonts", file) is { } fonts)
        {
            var rows = fonts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
            rows.Count.ShouldBe(4);
            rows.ShouldAllBe(row => row.Contains("yes yes yes"));
        }
        if (Tool.Run(output, "qpdf", "--check", file) is { } checkedBy)
        {
            checkedBy.ShouldContain("No syntax or stream encoding errors");
            checkedBy.ShouldNotContain("WARNING");
        }
        if (Tool.Run(output, "pdfsig", "-nocert", file) is { } signed)
        {
            signed.ShouldContain("Signature is Valid");
            signed.ShouldContain("Total document signed");
        }
    }

    [Fact]
    public void Lines_of_several_typefaces_never_run_over_and_lose_nothing()
    {
        using var pdf = Exact();
        const string text = "客户“Łukasz Čížek”（김철수）与Ayşe·Yılmaz，签订 Wołczańskaulicazażółćgęśląjaźńwszystkichrazem/Παπαδόπουλος 合同，谢谢！";
        for (var width = 40; width < 400; width += 3)
        {
            var lines = pdf.Wrap(text, Pdf.Body, width);
            string.Concat(lines).Replace(" ", "").ShouldBe(text.Replace(" ", ""));
            lines.ShouldAllBe(l => pdf.Measure(l, Pdf.Body) <= width + 0.01, $"{width}");
        }
    }

    private static Pdf Exact() => new(Sample.Fonts, new PdfAbout("", "", "", "en", Sample.Now), exact: true);

    /// <summary>The text without white space: pdftotext takes single letters between spaces for a word set wide.</summary>
    private string? Together(byte[] pdf) => Text(pdf) is { } text ? string.Concat(text.Where(c => !char.IsWhiteSpace(c))) : null;

    /// <summary>The text as pdftotext reads it; null when the tool is absent.</summary>
    private string? Text(byte[] pdf) => Tool.Run(output, "pdftotext", "-layout", Tool.File(pdf), "-");
}
