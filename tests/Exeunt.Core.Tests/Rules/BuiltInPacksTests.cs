using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Rules;

public sealed class BuiltInPacksTests
{
    /// <summary>Every rule of the rules document, sections 1.1 to 1.4; rows of mixed status are split.</summary>
    private const string Expected = """
        CN-562 CN-563 CN-564 CN-565 CN-565b CN-137 CN-566/567 CN-558 CN-585 CN-585i CN-584i CN-586/587 CN-560/561 CN-568/569 CN-634 CN-LATE CN-201/3 CN-188 CN-496-498
        CN-CP25 CN-CP25b CN-CP53 CN-PP14 CN-PP13 CN-PP15-22 CN-BJ CN-EC16 CN-EC21 CN-EC24 CN-EC31 CN-EC34/36 CN-PR26 CN-REN CN-TEL34 CN-MNP CN-AF32 CN-COMP CN-ES
        CN-PI15/16 CN-PI24 CN-PI45 CN-PI47 CN-PI50 CN-PI55/56 CN-PI31 CN-CSL CN-AML CN-CR CN-ACC CN-TAX CN-VAT
        EU-G12 EU-G17 EU-G18/19 EU-G20/22/30 EU-CRD EU-11a EU-EECC EU-DATA EU-P2B EU-DSA17
        DE-312k DE-309-9 DE-314 DE-288 FR-215 FR-3C FR-TEL UK-DMCC US-FTC US-ROSCA US-CA US-NY
        """;

    [Fact]
    public void Hold_every_rule_of_the_document() =>
        Expected.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Except(BuiltInPacks.All.SelectMany(p => p.Rules).Select(r => r.Id)).ShouldBeEmpty();

    [Fact]
    public void Are_documents_that_the_import_would_take()
    {
        foreach (var pack in BuiltInPacks.All)
        {
            var read = RulePackDocument.Read(pack.ToJson());
            read.Refusal.ShouldBeNull($"{pack.Name}: {read.Refusal?.English}");
            read.Value.ToJson().ShouldBe(pack.ToJson());
        }
    }

    [Fact]
    public void Have_a_schema_that_names_what_a_rule_has()
    {
        var schema = System.Text.Json.JsonDocument.Parse(RulePack.Schema()).RootElement;
        schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ShouldBe(["jurisdiction", "version", "issuedOn", "title", "rules"]);
        var rule = schema.GetProperty("properties").GetProperty("rules").GetProperty("items").GetProperty("properties");
        rule.GetProperty("status").GetProperty("enum").EnumerateArray().Select(s => s.GetString()).ShouldBe(["V", "S", "GK"]);
        using var written = System.Text.Json.JsonDocument.Parse(Germany.Pack.ToJson());
        written.RootElement.GetProperty("rules").EnumerateArray().SelectMany(r => r.EnumerateObject()).Select(p => p.Name).Distinct().Except(rule.EnumerateObject().Select(p => p.Name)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("DE", "EU 2,DE 2")]
    [InlineData("FR", "EU 2,FR 2")]
    [InlineData("AT", "EU 2")]
    [InlineData("EU", "EU 2")]
    [InlineData("CN", "CN 1")]
    [InlineData("GB", "GB 1")]
    [InlineData("US-CA", "US-CA 1")]
    [InlineData("US-TX", "")]
    [InlineData("JP", "")]
    public void Hold_by_place(string place, string packs) => string.Join(',', BuiltInPacks.For(place).Select(p => p.Name)).ShouldBe(packs);

    [Fact]
    public void Forbid_the_offer_step_to_German_consumers_only()
    {
        PageCheck.OfferForbiddenBy(BuiltInPacks.For("DE"), Party.Consumer, null, new(2026, 12, 1))!.Value.Rule.Id.ShouldBe("DE-312k");
        PageCheck.OfferForbiddenBy(BuiltInPacks.For("DE"), Party.Business, null, new(2026, 12, 1)).ShouldBeNull();
        PageCheck.OfferForbiddenBy(BuiltInPacks.For("DE"), Party.Consumer, null, new(2022, 6, 30)).ShouldBeNull();
        foreach (var place in new[] { "CN", "FR", "GB", "US-CA", "US-NY" })
            PageCheck.OfferForbiddenBy(BuiltInPacks.For(place), Party.Consumer, null, new(2026, 12, 1)).ShouldBeNull();
    }

    [Theory]
    [InlineData("{", "rule-pack.unreadable")]
    [InlineData("""{"jurisdiction":"DE","version":2,"issuedOn":"2026-12-01","title":{"english":"G","chinese":"德"},"rules":[],"extra":1}""", "rule-pack.unreadable")]
    [InlineData("""{"jurisdiction":"de","version":2,"issuedOn":"2026-12-01","title":{"english":"G","chinese":"德"},"rules":[]}""", "rule-pack.jurisdiction")]
    [InlineData("""{"jurisdiction":"JP","version":0,"issuedOn":"2026-12-01","title":{"english":"G","chinese":"德"},"rules":[]}""", "rule-pack.version")]
    [InlineData("""{"jurisdiction":"JP","version":1,"issuedOn":"2026-12-01","title":{"english":"G","chinese":"德"},"rules":[]}""", "rule-pack.rules")]
    public void Bad_documents_have_names(string json, string code) => RulePackDocument.Read(json).Refusal!.Code.ShouldBe(code);

    [Fact]
    public void Bad_rules_have_names()
    {
        var rule = Germany.Pack.Rule("DE-309-9");
        Code(rule with { Limits = [new("no.such", LimitOperator.AtMost, "1")] }).ShouldBe("rule-pack.unknown-measure");
        Code(rule with { Limits = [new("notice.days", LimitOperator.AtMost, "ten")] }).ShouldBe("rule-pack.limit-invalid");
        Code(rule with { Limits = [new("notice.days", LimitOperator.Is, "10")] }).ShouldBe("rule-pack.limit-invalid");
        Code(rule with { Article = " " }).ShouldBe("rule-pack.article-missing");
        Code(rule with { Title = new("T", "") }).ShouldBe("rule-pack.words-missing");
        Code(rule with { ValidUntil = rule.ValidFrom }).ShouldBe("rule-pack.validity");
        Code(rule with { Figures = new Dictionary<string, string> { ["termMonths"] = "24" } }).ShouldBe("rule-pack.figure-missing");
        Code(rule with { Figures = new Dictionary<string, string> { ["termMonths"] = "24", ["noticeMonths"] = "one" } }).ShouldBe("rule-pack.figure-invalid");
        RulePackDocument.Read((Germany.Pack with { Rules = [.. Germany.Pack.Rules, rule] }).ToJson()).Refusal!.Code.ShouldBe("rule-pack.rule-twice");
        RulePackDocument.Read((Germany.Pack with { Rules = [.. Germany.Pack.Rules.Where(r => r.Id != rule.Id)] }).ToJson()).Refusal!.Code.ShouldBe("rule-pack.rule-missing");

        static string? Code(LegalRule changed) =>
            RulePackDocument.Read((Germany.Pack with { Rules = [.. Germany.Pack.Rules.Select(r => r.Id == changed.Id ? changed : r)] }).ToJson()).Refusal?.Code;
    }
}
