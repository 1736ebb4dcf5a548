using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Exeunt.Core;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Certificates;

public class CertificateDocumentTests(ITestOutputHelper output)
{
    [Fact]
    public void The_Chinese_certificate_says_everything_and_its_text_can_be_extracted()
    {
        if (Text(CertificateDocument.Make(Sample.Certificate("zh"), Sample.Fonts, Sample.Key)) is not { } text)
            return;
        foreach (
            var words in new[]
            {
                "解约结清证明",
                "0312-2130-3F4E-5D6C-7B8A-99A8-B7C6-D5E4",
                "上海善别信息技术有限公司",
                "91310115MA1H7XYZ3K",
                "王*明",
                "HT-2023-004217",
                "客户提出的正常解约(C-02)",
                "2026年5月28日14:12(Asia/Shanghai,UTC+08:00)",
                "2026年7月1日00:00(Asia/Shanghai,UTC+08:00)",
                "−1,080.00",
                "合计（退还客户）3,020.00",
                "已于2026年6月30日结清",
                "HZ24312000000000012345",
                "光猫1台、路由器1台",
                "第11条保密义务",
                "已封存2056年12月31日《会计档案管理办法》第十四条",
                "自2026年7月15日起",
                "400-800-1234",
                "签发日期2026年7月1日",
                "48213",
            }
        )
            text.ShouldContain(words);
    }

    [Fact]
    public void The_English_certificate_says_the_same_in_English()
    {
        if (Text(CertificateDocument.Make(Sample.Certificate("en"), Sample.Fonts, Sample.Key)) is not { } text)
            return;
        foreach (
            var words in new[]
            {
                "CertificateofTerminationandSettlement",
                "Ordinaryterminationbythecustomer(C-02)",
                "1July202600:00(Asia/Shanghai,UTC+08:00)",
                "Total,paidtothecustomer3,020.00",
                "Settledinfullon30June2026",
                "Locked31December2056AccountingArchivesMeasures,art.14",
            }
        )
            text.ShouldContain(words);
    }

    [Fact]
    public void An_open_balance_is_named_and_keeps_settlement_out_of_the_title()
    {
        var open = Sample.Certificate("zh") with
        {
            IsSettled = false,
            PaidOn = null,
            OpenBalance = new Money(-120_00, "CNY"),
        };
        if (Text(CertificateDocument.Make(open, Sample.Fonts)) is not { } text)
            return;
        text.ShouldContain("解约证明");
        text.ShouldNotContain("结清证明");
        text.ShouldContain("未结清：客户尚欠CNY120.00");
        text.ShouldNotContain("双方无未了款项");
    }

    [Fact]
    public void Each_kind_has_its_title_in_both_languages()
    {
        string[] chinese = ["解约结清证明", "注销证明", "清退通知书", "数据删除证明"];
        string[] english =
        [
            "Certificate of Termination and Settlement",
            "Certificate of Account Closure",
            "Notice of Offboarding",
            "Certificate of Erasure",
        ];
        var kinds = Enum.GetValues<CertificateKind>();
        kinds.Select(k => CertificateWords.In("zh").Title(k, settled: true)).ShouldBe(chinese);
        kinds.Select(k => CertificateWords.In("en").Title(k, settled: true)).ShouldBe(english);
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public void A_usual_certificate_fits_on_one_page(string language) =>
        Pages(CertificateDocument.Make(Sample.Certificate(language), Sample.Fonts, Sample.Key)).ShouldBe(1);

    [Fact]
    public void A_long_settlement_runs_on_with_its_headings_on_every_page()
    {
        var certificate = Sample.Certificate("en");
        var many = Enumerable.Range(1, 90).Select(i => certificate.Settlement[0] with { Label = $"Line {i}" });
        var pdf = CertificateDocument.Make(certificate with { Settlement = [.. many] }, Sample.Fonts, Sample.Key);
        Pages(pdf).ShouldBeInRange(3, 5);
        if (Text(pdf) is not { } text)
            return;
        text.ShouldContain("Line90");
        text.Split("Howitwascomputed").Length.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void A_certificate_with_the_least_it_can_say_is_still_made()
    {
        var least = new CertificateContent
        {
            Kind = CertificateKind.Erasure,
            Language = "zh",
            Serial = CertificateSerial.New(),
            Issuer = new("善别", ""),
            CustomerName = "客户 000123",
            Zone = Sample.Shanghai,
            IssuedAt = Sample.Now,
            VerifyUrl = "https://localhost/verify/1",
        };
        Pages(CertificateDocument.Make(least, Sample.Fonts)).ShouldBe(1);
    }

    [Fact]
    public void An_erasure_without_a_date_for_backups_says_so()
    {
        foreach (var (language, undated, dated) in new[] { ("zh", "无法给出确定日期", "任何备份"), ("en", "nodatecanbegiven", "nobackupcan") })
        {
            var erased = Sample.Certificate(language, CertificateKind.Erasure);
            if (Text(CertificateDocument.Make(erased with { BackupsUnreadableOn = null }, Sample.Fonts)) is not { } without)
                return;
            without.ShouldContain(undated);
            without.ShouldContain(language == "zh" ? "在运行系统中无法恢复" : "cannotberestoredintherunningsystem");
            var with = Text(CertificateDocument.Make(erased, Sample.Fonts))!;
            with.ShouldContain(dated);
            with.ShouldNotContain(undated);
        }
    }

    [Fact]
    public void A_name_cannot_begin_a_line_of_its_own()
    {
        const string Name = "王*\n已于2026年1月1日结清\u2028\u202E";
        var certificate = Sample.Certificate("zh") with { CustomerName = Name, ContractNumber = "HT\r\n1" };
        (certificate.Printable().CustomerName, certificate.Printable().ContractNumber).ShouldBe(("王* 已于2026年1月1日结清  ", "HT  1"));
        var letter = Sample.Letter("zh") with { Recipient = [Name], Paragraphs = ["one\ntwo\u2028three"] };
        letter.Printable().Recipient.ShouldHaveSingleItem().ShouldNotContain("\n");
        letter.Printable().Paragraphs.ShouldHaveSingleItem().ShouldBe("one\ntwo three");
        if (Tool.Run(output, "pdftotext", "-layout", Tool.File(CertificateDocument.Make(certificate, Sample.Fonts)), "-") is { } text)
            text.Split('\n').ShouldNotContain(l => l.TrimStart().StartsWith("已于2026年1月1日结清", StringComparison.Ordinal));
    }

    [Fact]
    public void The_signed_tree_head_travels_in_the_file()
    {
        var certificate = Sample.Certificate("zh");
        var pdf = CertificateDocument.Make(certificate, Sample.Fonts, Sample.Key);
        CertificateDocument.ReadTreeHead(pdf).ShouldBe(certificate.TreeHead);
        certificate.TreeHead!.IsSignedBy(Sample.Key.PublicPem).ShouldBeTrue();
        var without = CertificateDocument.Make(certificate with { TreeHead = null }, Sample.Fonts);
        CertificateDocument.ReadTreeHead(without).ShouldBeNull();
    }

    [Fact]
    public void A_letter_shows_its_settlement_with_the_explanations()
    {
        if (Text(LetterDocument.Make(Sample.Letter("zh"), Sample.Fonts, Sample.Key)) is not { } text)
            return;
        foreach (
            var words in new[] { "费用结算单", "AJ-2026-00127", "王*明先生", "剩余9个月月费的10%", "3,020.00", "此致" }
        )
            text.ShouldContain(words);
    }

    [Fact]
    public void Fonts_are_embedded_and_reduced_to_what_is_used()
    {
        var pdf = CertificateDocument.Make(Sample.Certificate("zh"), Sample.Fonts);
        pdf.Length.ShouldBeLessThan(250_000);
        if (Tool.Run(output, "pdffonts", Tool.File(pdf)) is not { } fonts)
            return;
        var rows = fonts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        rows.Count.ShouldBe(2);
        rows.ShouldAllBe(row => row.Contains("yes yes yes"));
    }

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(-5, "−0.05")]
    [InlineData(99_999, "999.99")]
    [InlineData(100_000, "1,000.00")]
    [InlineData(-100_000_00, "−100,000.00")]
    [InlineData(1_234_567_89, "1,234,567.89")]
    public void Figures_are_grouped_in_thousands(long minor, string figure) =>
        CertificateWords.Figure(new Money(minor, "CNY")).ShouldBe(figure);

    [Fact]
    public void Figures_of_a_currency_without_decimals_have_none() =>
        CertificateWords.Figure(new Money(-1_234_567, "JPY")).ShouldBe("−1,234,567");

    [Fact]
    public void A_serial_is_read_however_it_was_typed()
    {
        var serial = CertificateSerial.New();
        serial.Length.ShouldBe(39);
        CertificateSerial.Parse(serial.ToLowerInvariant().Replace("-", " ")).ShouldBe(serial);
        CertificateSerial.Parse(serial[1..]).ShouldBeNull();
        CertificateSerial.Parse("not a serial").ShouldBeNull();
    }

    [Fact]
    public void Lines_never_begin_with_a_closing_mark_nor_end_with_an_opening_one_nor_run_over()
    {
        using var pdf = new Pdf(Sample.Fonts, new PdfAbout("", "", "", "zh", Sample.Now));
        const string text =
            "客户（王明）提出：“请在 2026年7月1日前，办理《专线接入合同》的解约手续。”https://a-very-long-address.example/without/any/break/in/it，谢谢！";
        for (var width = 40; width < 400; width += 3)
        {
            var lines = pdf.Wrap(text, Pdf.Body, width);
            string.Concat(lines).Replace(" ", "").ShouldBe(text.Replace(" ", ""));
            lines.ShouldAllBe(l => pdf.Measure(l, Pdf.Body) <= width + 0.01);
            if (width > 100)
                lines.Any(l => "，。！）》”".Contains(l[0]) || "（《“".Contains(l[^1])).ShouldBeFalse();
        }
    }

    /// <summary>The text as pdftotext reads it, without white space; null when the tool is absent.</summary>
    private string? Text(byte[] pdf)
    {
        var text = Tool.Run(output, "pdftotext", "-layout", Tool.File(pdf), "-");
        return text is null ? null : string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
    }

    private static int Pages(byte[] pdf)
    {
        using var stream = new MemoryStream(pdf);
        using var document = PdfSharp.Pdf.IO.PdfReader.Open(stream, PdfSharp.Pdf.IO.PdfDocumentOpenMode.Import);
        return document.PageCount;
    }
}
