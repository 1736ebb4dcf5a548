using System.Net;
using System.Text;
using Exeunt.App.Tests.Harness;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Settlements;

/// <summary>The command and the API answer a document alike, byte for byte; the formula command answers every line.</summary>
public abstract class SettleCommandTests(ExeuntApp app)
{
    private const string Document = """
        {"contract":{"number":"#1","currency":"CNY","start":"2024-12-15","termMonths":24,"monthlyFee":"199.00 CNY","deposit":"300.00 CNY","deviceValue":"1200.00 CNY"},
         "policy":{"number":"JY-01","version":1,"effectiveFrom":"2020-01-01","titleEnglish":"General","titleChinese":"通用","etf":{"kind":"REMAIN_PCT","pct":"0.20"},"device":"PRO_RATA"},
         "facts":{"lastServiceDay":"2026-03-20"}}
        """;

    [Fact]
    public async Task Settles_a_file_as_the_API_does_and_a_statement_as_its_own_document()
    {
        using var client = app.Client();
        var byApi = await Preview(client, Document, HttpStatusCode.OK);
        byApi.ShouldContain("\"total\":\"257.92\"");
        (await Settle(Document)).ShouldBe((0, byApi + "\n", ""));
        (await Settle("\uFEFF" + byApi)).ShouldBe((0, byApi + "\n", ""));
        (await Preview(client, byApi, HttpStatusCode.OK)).ShouldBe(byApi);
    }

    [Fact]
    public async Task Says_by_name_why_there_is_no_statement()
    {
        using var client = app.Client();
        var mixed = Document.Replace("300.00 CNY", "300.00 USD", StringComparison.Ordinal);
        var (code, output, error) = await Settle(mixed);
        (code, output).ShouldBe((1, ""));
        error.ShouldContain("settlement.mixed-currency");
        (await Preview(client, mixed, HttpStatusCode.UnprocessableEntity)).ShouldContain("/problems/settlement.mixed-currency");
        (await Run("", "settle", "/nowhere.json")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Answers_each_line_of_formulas_in_order()
    {
        var (code, output, _) = await Run("\uFEFF{\"formula\":\"minorUnits\",\"inputs\":{\"currency\":\"JPY\"}}\r\n\r\n7\n{\"formula\":\"minorUnits\",\"inputs\":{\"currency\":\"KWD\"}}", "formula");
        code.ShouldBe(2);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l[..Math.Min(24, l.Length)]).ShouldBe(
            ["{\"lines\":[],\"total\":null", "{\"error\":\"INVALID_INPUT\"", "{\"error\":\"INVALID_INPUT\"", "{\"lines\":[],\"total\":null"]);
        (await Run("{\"formula\":\"minorUnits\",\"inputs\":{\"currency\":\"JPY\"}}\n", "formula")).Code.ShouldBe(0);
    }

    private static async Task<(int Code, string Output, string Error)> Settle(string document)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, document, new UTF8Encoding(false));
        var byFile = await Run("", "settle", file);
        File.Delete(file);
        var byInput = await Run(document, "settle", "-");
        (byInput.Code, byInput.Output).ShouldBe((byFile.Code, byFile.Output));
        return byFile;
    }

    private static async Task<(int Code, string Output, string Error)> Run(string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var reader = new StringReader(input);
        System.Console.SetIn(reader);
        var code = await Cli.Run(args, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private static async Task<string> Preview(HttpClient client, string document, HttpStatusCode status)
    {
        using var answer = await client.PostAsync("/api/settlements/preview", new StringContent(document, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return text;
    }

    public sealed class OnSqlite(SqliteApp app) : SettleCommandTests(app), IClassFixture<SqliteApp>;
}
