using Exeunt.Core.Standards;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Standards;

public sealed class StandardDocumentTests
{
    private const string Good = """
        {
          "id": "low-value", "version": 3,
          "name": { "english": "Low value", "chinese": "低价值客户" },
          "purpose": "Offboarding", "action": "OpenOffboarding", "ground": "OFFBOARD_COMMERCIAL", "reviewer": "BranchHead", "dueDays": 15,
          "when": { "kind": "and", "of": [
            { "kind": "compare", "indicator": "spend_12m", "is": "<", "value": "500 CNY" },
            { "kind": "not", "of": { "kind": "compare", "indicator": "orders_12m", "is": ">=", "value": 2 } } ] },
          "scope": { "kinds": ["Organisation"], "units": ["EAST"] },
          "grace": { "list": 3 },
          "exclude": { "contractInTerm": true, "newerThanMonths": 12 }
        }
        """;

    [Fact]
    public void A_document_is_read_and_written()
    {
        var standard = StandardDocument.Read(Good).Standard!;

        standard.When.ShouldBe(Standards.Condition("spend_12m < 500 CNY and not orders_12m >= 2"));
        standard.Grace.ShouldBe(new(3));
        standard.Exclude.ShouldBe(new(ContractInTerm: true, NewerThanMonths: 12));
        StandardDocument.Read(StandardDocument.Write(standard)).Standard.ShouldBe(standard);
        StandardDocument.DigestOf(standard).Length.ShouldBe(64);
        StandardDocument.DigestOf(standard with { Version = 4 }).ShouldNotBe(StandardDocument.DigestOf(standard));
    }

    [Theory]
    [InlineData("\"indicator\": \"spend_12m\"", "\"indicator\": \"spend\"", "standard.unknown-indicator", "when.of[0].indicator", 6)]
    [InlineData("\"indicator\": \"spend_12m\"", "\"indicator\": \"gender\"", "standard.protected", "when.of[0].indicator", 6)]
    [InlineData("\"value\": \"500 CNY\"", "\"value\": 500", "standard.threshold", "when.of[0].value", 6)]
    [InlineData("\"value\": \"500 CNY\"", "\"value\": \"1,000 CNY\"", "standard.threshold", "when.of[0].value", 6)]
    [InlineData("\"value\": 2", "\"value\": 2.5", "standard.threshold", "when.of[1].of.value", 7)]
    [InlineData("\"value\": 2", "\"value\": 1e400", "standard.threshold", "when.of[1].of.value", 7)]
    [InlineData("\"is\": \"<\"", "\"is\": \"less\"", "standard.wrong-value", "when.of[0].is", 6)]
    [InlineData("\"kind\": \"and\"", "\"kind\": \"xor\"", "standard.wrong-value", "when.kind", 5)]
    [InlineData("\"units\": [\"EAST\"]", "\"nationality\": [\"X\"]", "standard.protected", "scope.nationality", 8)]
    [InlineData("\"units\": [\"EAST\"]", "\"countries\": [\"X\"]", "standard.unknown-name", "scope.countries", 8)]
    [InlineData("\"units\": [\"EAST\"]", "\"units\": [\"EAST\", \"EAST\"]", "standard.repeated", "scope.units[1]", 8)]
    [InlineData("\"list\": 3", "\"list\": 13", "standard.range", "grace.list", 9)]
    [InlineData("\"newerThanMonths\": 12", "\"olderThanAge\": 12", "standard.protected", "exclude.olderThanAge", 10)]
    [InlineData("\"id\": \"low-value\"", "\"id\": \"Low Value\"", "standard.code", "id", 2)]
    [InlineData("\"version\": 3,", "", "standard.missing", "version", 1)]
    [InlineData("\"chinese\": \"低价值客户\"", "\"chinese\": \"\"", "standard.missing", "name.chinese", 3)]
    [InlineData("\"ground\"", "\"id\": \"x\", \"ground\"", "standard.repeated", "id", 4)]
    [InlineData("\"grace\"", "grace", "standard.not-json", "", 9)]
    public void What_is_wrong_is_told_where(string part, string instead, string code, string path, int line)
    {
        Good.ShouldContain(part);
        var problem = StandardDocument.Read(Good.Replace(part, instead, StringComparison.Ordinal)).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Path, problem.Line).ShouldBe((code, path, line), problem.In("en"));
        problem.Says.Chinese.ShouldNotBeEmpty();
    }

    [Fact]
    public void Deep_and_wide_documents_are_refused_without_harm()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"kind":"not","of":""", 40)) + """{"kind":"compare","indicator":"orders_12m","is":"<","value":1}""" + new string('}', 40);
        StandardDocument.Read(Replaced(deep)).Problems.Single().Code.ShouldBe("standard.too-deep");
        StandardDocument.Read(Replaced(string.Concat(Enumerable.Repeat("""{"kind":"not","of":""", 400)) + "1")).Problems.Single().Code.ShouldBe("standard.not-json");
        var wide = """{"kind":"or","of":[""" + string.Join(",", Enumerable.Repeat("""{"kind":"compare","indicator":"orders_12m","is":"<","value":1}""", 51)) + "]}";
        StandardDocument.Read(Replaced(wide)).Problems.Single().Code.ShouldBe("standard.too-many");
        StandardDocument.Read(Replaced("""{"kind":"or","of":[]}""")).Problems.Single().Code.ShouldBe("standard.few");
        StandardDocument.Read("").Problems.Single().Code.ShouldBe("standard.not-json");
        StandardDocument.Read("null").Problems.ShouldNotBeEmpty();
        StandardDocument.Read("[]").Problems.ShouldNotBeEmpty();

        static string Replaced(string when) =>
            $$"""{"id":"x","version":1,"name":{"english":"x","chinese":"x"},"purpose":"Task","action":"Task","when":{{when}}}""";
    }

    [Fact]
    public void It_is_read_aloud_in_both_languages()
    {
        var words = StandardWords.Of(StandardDocument.Read(Good).Standard!);

        words.English.ShouldBe("Lists organisations of EAST and below of whom this holds: the spend of the last 12 months is below 500.00 CNY and the number of orders in the last 12 months is below 2. "
            + "It must hold at the end of 3 closed months in a row before a customer is listed; a listed customer is dropped as soon as it fails. "
            + "Never listed: customers whose contract is in its term, customers for fewer than 12 months. "
            + "A listing opens an assessment for an offboarding (Commercial reasons); the role “Branch head” decides within 15 days.");
        words.Chinese.ShouldBe("列入符合以下条件的EAST 及下级机构的企业客户：近 12 个月净消费低于 500.00 CNY，且近 12 个月订单数少于 2 单。"
            + "须连续 3 个已结束月份满足才列入；不再满足即移出。不列入：合同期内的客户、合作不满 12 个月的客户。"
            + "列入后产生清退评估（商业原因），由分公司负责人在 15 天内决定。");
    }

    [Theory]
    [InlineData("spend_12m < 2000 CNY and (return_rate_12m > 30.5% or not orders_12m >= 2)",
        "the spend of the last 12 months is below 2,000.00 CNY and (either the return rate of the last 12 months is above 30.5% or the number of orders in the last 12 months is below 2)",
        "近 12 个月净消费低于 2,000.00 CNY，且（近 12 个月退货率高于 30.5%，或近 12 个月订单数少于 2 单）")]
    [InlineData("churn_state = churned or intermittent", "either the state by months is churned or buying with gaps is seen", "月度状态为普通流失，或有间隔月")]
    [InlineData("rhythm = on_time or defection != complete", "either the rhythm of the orders is on time or the business taken elsewhere is not complete", "下单节奏为按时，或业务转移程度不为完全流失")]
    [InlineData("not (days_overdue <= 1 days and attitude >= 2.5)", "either the longest time overdue is above 1 day or the attitude to working together is below 2.5 points", "最长逾期天数多于 1 天，或合作态度评分低于 2.5 分")]
    public void A_condition_reads_as_a_sentence(string text, string english, string chinese)
    {
        var words = StandardWords.Of(Standards.Condition(text));
        (words.English, words.Chinese).ShouldBe((english, chinese));
    }

    [Fact]
    public void A_reason_has_its_number()
    {
        var values = Values.Of((Core.Activity.Indicator.Spend12m, 312_00), (Core.Activity.Indicator.Orders12m, 1));
        var why = ConditionProgram.Compile(Standards.Condition("spend_12m < 500 CNY and (return_rate_12m > 30% or not orders_12m >= 2)")).Why(ref values, "CNY");

        var words = IndicatorWords.Reasons(why);
        words.English.ShouldBe("The spend of the last 12 months was 312.00 CNY (below 500.00 CNY); the number of orders in the last 12 months was 1 (below 2).");
        words.Chinese.ShouldBe("近 12 个月净消费 312.00 CNY（低于 500.00 CNY）；近 12 个月订单数 1 单（少于 2 单）。");
    }
}
