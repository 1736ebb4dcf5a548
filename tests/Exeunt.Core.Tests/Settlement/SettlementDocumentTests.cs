using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>The document that the command and the API take, and what it is answered with when it is wrong.</summary>
public sealed class SettlementDocumentTests
{
    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true };

    private const string Document = """
        {"contract":{"number":"#1","currency":"CNY","start":"2024-12-15","termMonths":24,"monthlyFee":"199.00 CNY","deposit":"300.00 CNY","deviceValue":"1200.00 CNY"},
         "policy":{"number":"JY-01","version":1,"effectiveFrom":"2020-01-01","titleEnglish":"General","titleChinese":"通用","etf":{"kind":"REMAIN_PCT","pct":"0.20"},"device":"PRO_RATA"},
         "facts":{"lastServiceDay":"2026-03-20"}}
        """;

    [Fact]
    public void A_statement_is_a_document_that_gives_itself_again()
    {
        var json = SettlementDocument.Settle(Document).Value.ToJson();
        json.ShouldContain("\"total\":\"257.92\"");
        SettlementDocument.Settle(json).Value.ToJson().ShouldBe(json);
        // Written by hand or by another program: other spaces, other order, a mark before the text.
        SettlementDocument.Settle("\uFEFF" + Document.Replace("\n", "\r\n", StringComparison.Ordinal)).Value.ToJson().ShouldBe(json);
        using var indented = System.Text.Json.JsonDocument.Parse(json);
        SettlementDocument.Settle(System.Text.Json.JsonSerializer.Serialize(indented, Indented)).Value.ToJson().ShouldBe(json);
    }

    [Theory]
    [InlineData("\"300.00 CNY\"", "\"-300.00 CNY\"", "settlement.negative-amount")]
    [InlineData("\"300.00 CNY\"", "\"300.00 USD\"", "settlement.mixed-currency")]
    [InlineData("\"300.00 CNY\"", "\"300.00 XYZ\"", "settlement.unknown-currency")]
    [InlineData("\"300.00 CNY\"", "\"300.001 CNY\"", "settlement.amount-precision")]
    [InlineData("\"300.00 CNY\"", "\"x CNY\"", "settlement.invalid-amount")]
    [InlineData("\"300.00 CNY\"", "\"99999999999999999999 CNY\"", "settlement.overflow")]
    [InlineData("\"300.00 CNY\"", "\"92233720368547758.07 CNY\",\"monthlyDiscount\":\"92233720368547758.07 CNY\"", "settlement.overflow")]
    [InlineData("\"1200.00 CNY\"", "\"92233720368547758.07 CNY\",\"billingMonths\":2147483647", "settlement.invalid-date")]
    [InlineData("\"CNY\"", "\"cny\"", "settlement.unknown-currency")]
    [InlineData("\"0.20\"", "\"-0.20\"", "settlement.invalid-rate")]
    [InlineData("\"0.20\"", "0.20", "settlement.invalid-rate")]
    [InlineData("\"termMonths\":24", "\"termMonths\":0", "settlement.invalid-count")]
    [InlineData("\"termMonths\":24", "\"termMonths\":2147483647", "settlement.invalid-date")]
    [InlineData("\"termMonths\":24", "\"termMonths\":\"24\"", "settlement.document-unreadable")]
    [InlineData("\"2026-03-20\"", "\"2026-02-30\"", "settlement.document-unreadable")]
    [InlineData("\"2026-03-20\"", "\"2024-12-13\"", "settlement.end-before-start")]
    [InlineData("\"2026-03-20\"", "\"9999-12-31\"", "settlement.invalid-date")]
    [InlineData("\"2026-03-20\"", "\"2026-03-20\",\"added\":[null]", "settlement.missing-input")]
    [InlineData("\"2026-03-20\"", "\"2026-03-20\",\"added\":[{\"code\":\"x\",\"side\":\"Owed\",\"amount\":\"1.00 USD\"}]", "settlement.mixed-currency")]
    [InlineData("\"2026-03-20\"", "\"2026-03-20\",\"added\":[{\"code\":\"x\",\"side\":\"Owed\"}]", "settlement.missing-input")]
    [InlineData("\"2026-03-20\"", "\"2026-03-20\",\"colour\":\"red\"", "settlement.document-unreadable")]
    [InlineData("\"2026-03-20\"", "\"2026-03-20\",\"lastServiceDay\":\"2026-03-20\"", "settlement.document-unreadable")]
    [InlineData("\"lastServiceDay\":\"2026-03-20\"", "", "settlement.missing-input")]
    [InlineData("\"monthlyFee\":\"199.00 CNY\",", "", "settlement.missing-input")]
    [InlineData("\"kind\":\"REMAIN_PCT\"", "\"kind\":\"MIN\",\"of\":[null]", "settlement.document-unreadable")]
    [InlineData("{\"kind\":\"REMAIN_PCT\",\"pct\":\"0.20\"}", "{\"kind\":\"MIN\",\"of\":[null]}", "settlement.missing-input")]
    [InlineData("{\"kind\":\"REMAIN_PCT\",\"pct\":\"0.20\"}", "{\"kind\":\"LOSS\"}", "settlement.missing-input")]
    [InlineData("\"device\":\"PRO_RATA\"", "\"grounds\":[null]", "settlement.missing-input")]
    [InlineData("\"device\":\"PRO_RATA\"", "\"lines\":{\"etf\":null}", "")]
    public void A_wrong_document_is_refused_by_name(string part, string wrong, string code)
    {
        var document = Document.Replace(part, wrong, StringComparison.Ordinal);
        document.ShouldNotBe(Document);
        (SettlementDocument.Settle(document).Refusal?.Code ?? "").ShouldBe(code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("{\"inputs\":null}")]
    [InlineData("{\"inputs\":[]}")]
    [InlineData("\ud800")]
    public void What_is_no_document_is_said_to_be_none(string text) =>
        SettlementDocument.Settle(text).Refusal!.Code.ShouldBe("settlement.document-unreadable");

    [Fact]
    public void A_part_that_is_missing_or_wrong_is_named()
    {
        SettlementDocument.Settle("{}").Refusal!.English.ShouldContain("contract");
        var wrong = SettlementDocument.Settle(Document.Replace("300.00 CNY", "300.001 CNY", StringComparison.Ordinal)).Refusal!;
        wrong.Field.ShouldBe("contract.deposit");
        wrong.English.ShouldStartWith("contract.deposit: ");
        wrong.Chinese.ShouldStartWith("contract.deposit：");
    }
}
