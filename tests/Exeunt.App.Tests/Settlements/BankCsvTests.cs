using System.Text;
using Exeunt.App.Features.Settlements;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Settlements;

/// <summary>Bank statements as banks write them.</summary>
public sealed class BankCsvTests
{
    private static List<(DateOnly On, long Amount, string Currency, string? Reference)> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static List<(DateOnly On, long Amount, string Currency, string? Reference)> Read(byte[] bytes) =>
        [.. BankCsv.Read(bytes).Value.Select(l => (l.BookedOn, l.Amount, l.Currency, l.Reference))];

    private static readonly (DateOnly, long, string, string?) One = (new(2026, 3, 1), 1234_50, "CNY", "EXABCDEFGHIJKL");

    [Theory]
    [InlineData("date,amount,currency,text\n2026-03-01,1234.50,CNY,pay EXABCDEFGHIJKL\n")]
    [InlineData("\uFEFFDate;Amount;Currency;Reference\r\n01.03.2026;1.234,50;cny;exabcdefghijkl\r\n")]
    [InlineData("账号：6222 0000\n户名：某公司\n交易日期,交易金额(元),币种,摘要,附言\n2026/3/1,\"1,234.50\",人民币,转账,EX ABCDEFGHIJKL\n")]
    [InlineData("日期\t收入\t支出\t币别\t用途\n20260301\t1,234.50\t\tRMB\tEX-ABCDEF-GHIJKL\n合计\t1,234.50\t\t\t\n")]
    [InlineData("记账日期,借方发生额,贷方发生额,货币,备注\n2026年3月1日,,1234.5,CNY,EXABCDEFGHIJKL\n")]
    [InlineData("交易时间,金额,币种,附言\n2026-03-01 10:22:33,+1234.500,CNY,EXABCDEFGHIJKL\n合计,1234.50,,\n")]
    public void Reads_what_banks_export(string file) => Read(file).ShouldBe([One]);

    [Fact]
    public void Reads_GB18030()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Read(Encoding.GetEncoding("gb18030").GetBytes("日期,金额,币种,摘要\n2026-03-01,1234.50,人民币,EXABCDEFGHIJKL\n")).ShouldBe([One]);
    }

    [Theory]
    [InlineData("-12.50", "CNY", -12_50L)]
    [InlineData("12,50", "EUR", 12_50L)]
    [InlineData("1,234,567", "CNY", 1234567_00L)]
    [InlineData("1,234", "JPY", 1234L)]
    [InlineData("(12.5)", "CNY", -12_50L)]
    [InlineData("¥12", "CNY", 12_00L)]
    [InlineData("12.345", "KWD", 12345L)]
    [InlineData("1,234", "CNY", null)]
    [InlineData("12.345", "CNY", null)]
    [InlineData("1.234.567", "CNY", null)]
    [InlineData("12,34,56", "CNY", null)]
    [InlineData("abc", "CNY", null)]
    [InlineData("", "CNY", null)]
    public void Takes_a_comma_as_decimal_only_where_nothing_else_can_be_meant(string text, string currency, long? minor)
    {
        var read = BankCsv.Read(Encoding.UTF8.GetBytes($"date;amount;currency;text\n2026-03-01;{text};{currency};x\n"));
        if (minor is null)
            read.Refusal!.English.ShouldContain("Line 2, column amount");
        else
            read.Value.Single().Amount.ShouldBe(minor.Value);
    }

    [Theory]
    [InlineData("", "Line 1, column 1")]
    [InlineData("name,value\n1,2\n", "Line 1, column 1")]
    [InlineData("date,amount,text\n2026-03-01,1,x\n", "Line 1, column currency")]
    [InlineData("date,amount,currency\n2026-03-01,1,CNY\n", "Line 1, column text")]
    [InlineData("date,amount,currency,text\n", "at least one line")]
    [InlineData("date,amount,currency,text\n2026-03-01,1.00,CNY,x\n03/04/2026,1.00,CNY,x\n", "Line 3, column date")]
    [InlineData("date,amount,currency,text\n2026-02-30,1.00,CNY,x\n", "Line 2, column date")]
    [InlineData("date,amount,currency,text\n2026-03-01,1.00,XYZ,x\n", "Line 2, column currency")]
    [InlineData("date,amount,currency,text\n2026-03-01,0.00,CNY,x\n", "Line 2, column amount")]
    [InlineData("日期,收入,支出,币种,摘要\n2026-03-01,1.00,1.00,CNY,x\n", "Line 2, column in")]
    [InlineData("date,amount,currency,text\n2026-03-01,1.00,CNY,x\n合计,2.00,,\n", "the total of the 1 lines above")]
    public void Names_line_and_column_of_what_it_cannot_read(string file, string said) =>
        BankCsv.Read(Encoding.UTF8.GetBytes(file)).Refusal!.English.ShouldContain(said);

    private const string German = "Buchungstag;Betrag;Währung;Verwendungszweck;Details\n";

    [Theory]
    [InlineData("01.03.2026;5,00;EUR;a;\"Stiftung Müller\n02.03.2026;7,00;EUR;EXABCDEFGHIJKL;b\n", "Line 2, column 5")]
    [InlineData("01.03.2026;5,00;EUR;a;\"Stiftung Müller\n02.03.2026;7,00;EUR;EXABCDEFGHIJKL;b", "Line 2, column 5")]
    [InlineData("01.03.2026;5,00;EUR;a;b\n02.03.2026;5,00;EUR;a;\"Stiftung\r\n03.03.2026;7,00;EUR;EXABCDEFGHIJKL;Anna\"\r\n", "Line 3, column 5")]
    [InlineData("01.03.2026;5,00;EUR;a;\"Stiftung\n02.03.2026;7,00;EUR;Anna\";b\n", "Line 2, column 5")]
    [InlineData("01.03.2026;5,00;EUR;\"Stiftung;b\n02.03.2026;7,00;EUR;c;Anna\"\n", "Line 2, column 4")]
    [InlineData("01.03.2026;5,00;EUR;a;\"Stiftung\n02.03.2026;7,00;EUR;b;\"Anna\"\n", "Line 2, column 5")]
    [InlineData("01.03.2026;5,00;EUR;a;\"EXABCDEFGHIJKL\nEXABCDEFGHIJKM\"\n", "Line 2, column 5")]
    [InlineData("01.03.2026;5,00;EUR;a;\"Stiftung\" Müller\n", "Line 2, column 5")]
    [InlineData("01.03.2026;5,00;EUR;Stiftung \"a;b\";c\n", "Line 2, column 4")]
    public void Refuses_a_quotation_mark_that_may_have_taken_other_lines(string lines, string said) =>
        BankCsv.Read(Encoding.UTF8.GetBytes(German + lines)).Refusal!.English.ShouldContain(said);

    [Fact]
    public void Refuses_a_quotation_mark_above_the_head_that_took_it() =>
        BankCsv.Read(Encoding.UTF8.GetBytes("Konto;\"Stiftung Müller\n" + German + "01.03.2026;5,00;EUR;a;b\n" + German + "02.03.2026;7,00;EUR;a;b\"\n")).Refusal!.English.ShouldContain("Line 1, column 2");

    [Theory]
    [InlineData("01.03.2026;1.234,50;CNY;Stiftung \"Müller\" EXABCDEFGHIJKL;b\n")]
    [InlineData("01.03.2026;1.234,50;CNY;a;\"Miete; März\r\nEXABCDEFGHIJKL\"\r\n")]
    [InlineData("\"01.03.2026\";\"1.234,50\";\"CNY\";\"EXABCDEFGHIJKL \"\"Müller\"\"\";\"\"\n")]
    public void Takes_a_quotation_mark_whose_extent_is_certain(string lines) => Read("Konto \"1\";x\n" + German + lines).ShouldBe([One]);

    [Fact]
    public void Takes_a_text_of_several_lines_above_the_head() =>
        Read("\"Account holder:\nACME GmbH\";x\n" + German + "01.03.2026;1.234,50;CNY;EXABCDEFGHIJKL;b\n").ShouldHaveSingleItem();

    [Fact]
    public void Counts_the_lines_of_the_file_also_behind_a_text_of_several_lines() =>
        BankCsv.Read(Encoding.UTF8.GetBytes(German + "01.03.2026;5,00;EUR;a;\"b\r\nc\"\r\n\r\n02.03.2026;7,00;EUR;a;b\r\n")).Value.Select(l => l.Number).ShouldBe([2, 5]);

    [Fact]
    public void Refuses_what_is_no_text() =>
        BankCsv.Read([0x50, 0x4B, 3, 4, 0, 0, 0xFF, 0xFF, 0x80]).Refusal!.Code.ShouldBe("bank.file-encoding");

    [Fact]
    public void Tells_equal_lines_of_one_file_apart()
    {
        var keys = BankCsv.Read("date,amount,currency,text\n2026-03-01,1.00,CNY,x\n2026-03-01,1.00,CNY,x\n"u8.ToArray()).Value.Select(l => Convert.ToHexString(l.Digest)).ToList();
        keys.Distinct().Count().ShouldBe(2);
    }
}
