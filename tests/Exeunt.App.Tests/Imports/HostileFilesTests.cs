using System.IO.Compression;
using System.Text;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>Files that are not what they should be: refused with file, line, column and what was expected, before anything goes in.</summary>
public sealed class HostileFilesTests
{
    private const string Header = "customer,document,date,amount,currency";

    // By name: the test framework would write ten megabytes into the test's own name.
    public static TheoryData<string> Files() => [.. All().Select(f => f.What)];

    private static List<(string What, byte[] Content, string Expected)> All()
    {
        static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
        return
        [
            ("empty", [], "import.empty"),
            ("only line ends", Utf8("\n\r\n\n"), "import.empty"),
            ("only a header", Utf8(Header + "\n"), "line 2: import.no-rows"),
            ("another header", Utf8("a,b,c\n1,2,3\n"), "line 1: import.header"),
            ("a header with a column twice", Utf8("customer,date,amount,currency,customer\n1,2024-01-01,1,CNY,2\n"), "line 1: import.header-twice"),
            ("a quote never closed", Utf8(Header + "\n7,D1,2024-01-05,1.00,CNY\n8,\"D1,2024-01-05,1.00,CNY\n9,D1,2024-01-05,1.00,CNY\n"), "line 3, column 3: import.quote"),
            ("text after a closing quote", Utf8(Header + "\n\"7\"x,D1,2024-01-05,1.00,CNY\n"), "line 2, column 4: import.quote"),
            ("a quote within a field", Utf8(Header + "\n7,D\"1,2024-01-05,1.00,CNY\n"), "line 2, column 4: import.quote"),
            ("a NUL", Utf8(Header + "\n7,D\01,2024-01-05,1.00,CNY\n"), "line 2, column 4: import.nul"),
            ("ten megabytes on a line", Utf8(Header + "\n7," + new string('x', 10_000_000) + ",2024-01-05,1.00,CNY\n"), "line 2, column 1000000: import.line-too-long"),
            ("ten megabytes in quotes", Utf8(Header + "\n7,\"" + new string('x', 10_000_000) + "\",2024-01-05,1.00,CNY\n"), "line 2, column 1000000: import.line-too-long"),
            ("UTF-16", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Header + "\n7,D1,2024-01-05,1.00,CNY\n")).ToArray(), "line 1, column 1: import.encoding"),
            ("Latin-1", Utf8(Header + "\n7,D1,2024-01-05,1.00,CNY\n8,D").Concat(new byte[] { 0xE9 }).Concat(Utf8(",2024-01-05,1.00,CNY\n")).ToArray(), "line 3, column 4: import.encoding"),
            ("a zip that is no workbook", Zip(("hello.txt", "hello")), "import.not-a-workbook"),
            ("a broken workbook", Zip(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook")), "import.not-a-workbook"),
            ("the first bytes of a workbook", [(byte)'P', (byte)'K', 3, 4, 0, 0], "import.not-a-workbook"),
            ("an old workbook", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "import.not-a-workbook"),
        ];
    }

    [Theory, MemberData(nameof(Files))]
    public async Task A_bad_file_is_refused_with_its_place_and_nothing_goes_in(string what)
    {
        var (_, content, expected) = All().Single(f => f.What == what);
        await using var app = await Installation.On("sqlite");
        var file = app.FileOf(content);

        var (exit, _, error) = await app.Import("invoices", file);

        exit.ShouldBe(1, what);
        error.ShouldStartWith(file);
        error.ShouldContain(expected);
        (await app.Facts()).ShouldBe(0);
    }

    [Fact]
    public async Task A_missing_file_and_a_bad_mapping_are_named()
    {
        await using var app = await Installation.On("sqlite");

        (await app.Import("invoices", "/no/such/file.csv")).Error.ShouldContain("/no/such/file.csv: import.no-such-file");
        var map = app.FileOf("{\n  \"columns\": [\n");
        var (exit, _, error) = await app.Import("invoices", app.File(Header), "--map", map);
        exit.ShouldBe(1);
        error.ShouldContain($"{map}, line");
        error.ShouldContain("import.map");
        foreach (var bad in new[] { "null", "{ \"columns\": null }", "{ \"encoding\": \"utf-7\", \"columns\": { \"customer\": \"customer\" } }" })
        {
            map = app.FileOf(bad);
            (exit, _, error) = await app.Import("invoices", app.File(Header), "--map", map);
            (exit, error.Contains($"{map}: import.map", StringComparison.Ordinal)).ShouldBe((1, true), error);
        }
    }

    [Fact]
    public async Task A_workbook_that_unpacks_to_too_much_is_refused_early()
    {
        await using var app = await Installation.On("sqlite");
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("[Content_Types].xml");
            using var part = zip.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 520; i++)
                part.Write(zeros);
        }

        (await app.Import("invoices", app.FileOf(stream.ToArray()))).Error.ShouldContain("import.too-large");
    }

    [Theory]
    [InlineData("7,D1,2024-02-30,1.00,CNY", "import.date")]
    [InlineData("7,D1,0000-01-01,1.00,CNY", "import.date")]
    [InlineData("7,D1,2024-01-05,1e5,CNY", "import.number")]
    [InlineData("7,D1,2024-01-05,NaN,CNY", "import.number")]
    [InlineData("7,D1,2024-01-05,\"1,000.00\",CNY", "import.number")]
    [InlineData("7,D1,2024-01-05,=1+1,CNY", "import.number")]
    [InlineData("7,D1,2024-01-05,79228162514264337593543950336,CNY", "import.number")]
    [InlineData("7,D1,2024-01-05,99999999999999,CNY", "fact.amount-too-large")]
    [InlineData("7,D1,2024-01-05,1.00,ZZZ", "import.currency")]
    [InlineData("7,D1,2024-01-05,1.00", "import.fields")]
    [InlineData("7,D1,2024-01-05,1.00,CNY,more", "import.fields")]
    [InlineData("7,,2024-01-05,1.00,CNY", "import.required")]
    [InlineData("   ,D1,2024-01-05,1.00,CNY", "import.required")]
    public async Task A_bad_row_is_refused_and_the_next_goes_in(string row, string code)
    {
        await using var app = await Installation.On("sqlite");

        var (exit, _, error) = await app.Import("invoices", app.File(Header, row, "8,D1,2024-01-05,1.00,CNY"));

        exit.ShouldBe(2);
        error.ShouldContain(code);
        (await app.Facts()).ShouldBe(1);
    }

    [Fact]
    public async Task Odd_but_correct_CSV_is_read()
    {
        await using var app = await Installation.On("sqlite");
        var text = "\uFEFF" + Header + "\r\n\r\n\"a \"\"quoted\"\", name\nof two lines\",\"D1\",2024-01-05,\"-1.50\",CNY\r\n(blank),D2,2024-01-06,2,CNY";

        var (exit, _, error) = await app.Import("invoices", app.FileOf(text));

        exit.ShouldBe(0, error);
        var output = (await app.Evaluate("2024-02-01")).Output;
        output.ShouldContain("(blank),new,0,0,1,2.00,");
        output.ShouldContain("\"a \"\"quoted\"\", name\nof two lines\",prospect,0,,0,-1.50,,");
    }

    [Fact]
    public async Task Rows_that_cross_the_buffer_are_read_whole()
    {
        await using var app = await Installation.On("sqlite");
        string[] rows = [.. Enumerable.Range(0, 9_000).Select(i => $"\"customer \"\"{i}\"\"\",D{i},2024-01-05,{i}.25,CNY")];

        (await app.Import("invoices", app.File([Header, .. rows]))).Exit.ShouldBe(0);

        var lines = (await app.Evaluate("2024-02-01")).Output.Split('\n');
        lines.Length.ShouldBe(9_002);
        for (var i = 0; i < 9_000; i += 7)
            lines.ShouldContain($"\"customer \"\"{i}\"\"\",new,0,0,1,{i}.25,0.0000,2024-01-05,,none");
    }

    private static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in parts)
            {
                using var part = new StreamWriter(zip.CreateEntry(name).Open());
                part.Write(text);
            }
        return stream.ToArray();
    }
}
