using System.Text.Json;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;
using static Exeunt.Core.Tests.Settlement.Workbench;

namespace Exeunt.Core.Tests.Settlement;

public sealed class FormulaWorkbenchTests
{
    [Fact]
    public void Every_formula_of_the_document_is_in_the_catalogue_and_answers_its_own_example()
    {
        FormulaCatalogue.All.Select(f => f.Name).ShouldBe(FormulaWorkbench.Names);
        foreach (var formula in FormulaCatalogue.All)
        {
            FormulaWorkbench.Answer(formula.ExampleRequest).IsError.ShouldBeFalse(formula.ExampleAnswer);
            formula.ExampleAnswer.ShouldStartWith("""{"lines":[""");
            formula.English.ShouldNotBeEmpty();
            formula.Chinese.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void An_answer_has_its_properties_in_one_order_and_total_null_where_there_is_none()
    {
        FormulaWorkbench
            .Answer("""{"formula":"minorUnits","inputs":{"currency":"JPY"}}""")
            .ShouldBe(("""{"lines":[],"total":null,"values":{"digits":0}}""", false));
        FormulaWorkbench
            .Answer("""{"inputs":{"total":"1","count":2,"currency":"JPY"},"formula":"instalments"}""")
            .ShouldBe(
                ("""{"lines":[{"line":"1","amount":"1"},{"line":"2","amount":"0"}],"total":"1","values":{}}""", false)
            );
    }

    [Fact]
    public void Each_required_input_is_named_when_it_is_missing()
    {
        foreach (var formula in FormulaCatalogue.All)
        foreach (var input in formula.Inputs.Where(i => i.Required))
        {
            using var example = JsonDocument.Parse(formula.Example);
            var rest = example
                .RootElement.EnumerateObject()
                .Where(p => p.Name != input.Name)
                .Select(p => $"\"{p.Name}\":{p.Value.GetRawText()}");
            Refuses(formula.Name, "{" + string.Join(",", rest) + "}", "MISSING_INPUT", input.Name);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"formula":"minorUnits","inputs":{"currency":"CNY"}} trailing""")]
    [InlineData("""{"formula":"minorUnits","inputs":{"currency":"CNY","currency":"JPY"}}""")]
    [InlineData("""{"formula":"minorUnits","formula":"minorUnits","inputs":{"currency":"CNY"}}""")]
    [InlineData("""{"formula":7,"inputs":{"currency":"CNY"}}""")]
    [InlineData("""{"formula":"minorUnits","inputs":[]}""")]
    [InlineData("""{"formula":"minorUnits","inputs":"CNY"}""")]
    [InlineData("""{"formula":"minorUnits","inputs":{"currency":"\ud800"}}""")]
    [InlineData("""{"formula":"minorUnits","inputs":{"\ud800":1,"currency":"CNY"}}""")]
    [InlineData("""{"formula":"minorUnits","inputs":{"currency":"CNY","roundign":"HALF_UP"}}""")]
    [InlineData("""{"formula":"minorUnits","inputs":{"currency":"CNY","rounding":"HALF_DOWN"}}""")]
    [InlineData("""{"formula":"minorUnits","inputs":{"currency":"CNY","rounding":1}}""")]
    public void What_is_not_a_request_is_an_invalid_input(string line)
    {
        var (json, isError) = FormulaWorkbench.Answer(line);
        isError.ShouldBeTrue();
        json.ShouldStartWith("""{"error":"INVALID_INPUT","message":""");
    }

    [Fact]
    public void A_request_that_is_not_Unicode_is_answered_too() =>
        FormulaWorkbench
            .Answer("{\"formula\":\"minorUnits\",\"inputs\":{\"currency\":\"" + '\ud800' + "\"}}")
            .IsError.ShouldBeTrue();

    [Fact]
    public void Deep_nesting_is_an_invalid_input() =>
        FormulaWorkbench.Answer(new string('[', 100_000)).Json.ShouldStartWith("""{"error":"INVALID_INPUT",""");

    [Theory]
    [InlineData("""{"formula":"nonsense","inputs":{}}""", "UNKNOWN_FORMULA")]
    [InlineData("""{"formula":"Prorate","inputs":{}}""", "UNKNOWN_FORMULA")]
    [InlineData("""{"formula":"nonsense"}""", "UNKNOWN_FORMULA")]
    [InlineData("""{"inputs":{}}""", "MISSING_INPUT")]
    [InlineData("""{"formula":"minorUnits"}""", "MISSING_INPUT")]
    [InlineData("""{"formula":"minorUnits","inputs":{"currency":null}}""", "MISSING_INPUT")]
    public void Formulas_and_inputs_are_asked_for_by_name(string line, string code) =>
        FormulaWorkbench.Answer(line).Json.ShouldStartWith($$"""{"error":"{{code}}",""");

    [Theory]
    [InlineData("\"1.005\"", "AMOUNT_PRECISION")]
    [InlineData("\"1.000\"", "AMOUNT_PRECISION")]
    [InlineData("\"-1\"", "NEGATIVE_AMOUNT")]
    [InlineData("100", "INVALID_AMOUNT")]
    [InlineData("true", "INVALID_AMOUNT")]
    [InlineData("[]", "INVALID_AMOUNT")]
    [InlineData("\"\"", "INVALID_AMOUNT")]
    [InlineData("\"abc\"", "INVALID_AMOUNT")]
    [InlineData("\"1e3\"", "INVALID_AMOUNT")]
    [InlineData("\"1,000\"", "INVALID_AMOUNT")]
    [InlineData("\" 1\"", "INVALID_AMOUNT")]
    [InlineData("\"+1\"", "INVALID_AMOUNT")]
    [InlineData("\".5\"", "INVALID_AMOUNT")]
    [InlineData("\"5.\"", "INVALID_AMOUNT")]
    [InlineData("\"1.2.3\"", "INVALID_AMOUNT")]
    [InlineData("\"--1\"", "INVALID_AMOUNT")]
    [InlineData("\"NaN\"", "INVALID_AMOUNT")]
    [InlineData("\"１００\"", "INVALID_AMOUNT")]
    [InlineData("\"92233720368547758.08\"", "OVERFLOW")]
    [InlineData("\"999999999999999999999999999999999999\"", "OVERFLOW")]
    public void Amounts_are_refused_by_name(string amount, string code) =>
        Refuses("instalments", $$"""{"currency":"CNY","total":{{amount}},"count":3}""", code);

    [Fact]
    public void The_largest_amount_is_an_amount() =>
        Ask("instalments", """{"currency":"CNY","total":"92233720368547758.07","count":1}""")
            .Text.ShouldBe("1 92233720368547758.07 → 92233720368547758.07");

    [Fact]
    public void A_currency_without_decimals_takes_none() =>
        Refuses("instalments", """{"currency":"JPY","total":"100.0","count":3}""", "AMOUNT_PRECISION");

    [Theory]
    [InlineData("\"XYZ\"")]
    [InlineData("\"cny\"")]
    [InlineData("\"\"")]
    [InlineData("156")]
    [InlineData("\"XXX\"")]
    public void Unknown_currencies_are_refused(string currency) =>
        Refuses("minorUnits", $$"""{"currency":{{currency}}}""", "UNKNOWN_CURRENCY");

    [Theory]
    [InlineData("\"3\"")]
    [InlineData("3.0")]
    [InlineData("2.5")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("1e2")]
    [InlineData("99999999999999999999")]
    [InlineData("1000000000")]
    [InlineData("true")]
    public void Counts_are_whole_JSON_numbers(string count) =>
        Refuses("instalments", $$"""{"currency":"CNY","total":"1","count":{{count}}}""", "INVALID_COUNT", "count");

    [Theory]
    [InlineData("\"-0.06\"")]
    [InlineData("0.06")]
    [InlineData("\"6%\"")]
    [InlineData("\"\"")]
    [InlineData("\"1e-2\"")]
    public void Rates_are_decimal_strings(string rate) =>
        Refuses("vatSplit", $$"""{"currency":"CNY","gross":"1","rate":{{rate}}}""", "INVALID_RATE", "rate");

    [Fact]
    public void A_performed_share_above_one_is_refused() =>
        Refuses(
            "earnestMoney",
            """{"currency":"CNY","earnest":"1","contractPrice":"9","case":"PAYER_DEFAULT","performedShare":"1.01"}""",
            "INVALID_RATE",
            "performedShare"
        );

    [Theory]
    [InlineData("\"2025-02-30\"")]
    [InlineData("\"2025-02-29\"")]
    [InlineData("\"2025-13-01\"")]
    [InlineData("\"2025-2-3\"")]
    [InlineData("\"20250203\"")]
    [InlineData("\"2025-02-03T00:00:00\"")]
    [InlineData("\"0000-01-01\"")]
    [InlineData("20250203")]
    [InlineData("\"\"")]
    public void Impossible_dates_are_refused(string date) =>
        Refuses("fullMonths", $$"""{"start":{{date}},"effEnd":"2026-01-01"}""", "INVALID_DATE", "start");

    [Theory]
    [InlineData("periods", """{"anchor":"2025-01-31","count":2147483647}""")]
    [InlineData("deadline", """{"start":"2025-01-31","unit":"DAY","count":2147483647}""")]
    [InlineData("deadline", """{"start":"9999-12-31","unit":"MONTH","count":1}""")]
    [InlineData("deadline", """{"start":"2025-01-01","unit":"DAY","count":1,"holidays":["2025-02-30"]}""")]
    [InlineData(
        "exit",
        """{"currency":"CNY","start":"2025-01-01","termMonths":1,"monthlyFee":"1","currentMonthPrepaid":true,"lastServiceDay":"9999-12-31","etf":null,"device":null,"deposit":null}"""
    )]
    public void Dates_beyond_the_calendar_are_refused(string formula, string inputs) =>
        Refuses(formula, inputs, "INVALID_DATE");

    [Theory]
    [InlineData("fullMonths", """{"start":"2025-01-02","effEnd":"2025-01-01"}""")]
    [InlineData(
        "prorate",
        """{"currency":"CNY","amount":"1","periodStart":"2025-01-02","periodEnd":"2025-01-01","effEnd":"2025-01-01"}"""
    )]
    [InlineData(
        "lateInterest",
        """{"currency":"CNY","principal":"1","annualRate":"0.1","dueDate":"2025-01-02","paidDate":"2025-01-01"}"""
    )]
    [InlineData(
        "withdrawal",
        """{"currency":"CNY","price":"1","termStart":"2025-01-02","termEnd":"2025-01-01","effEnd":"2025-01-01","expressRequest":true,"informed":true}"""
    )]
    public void An_end_before_its_start_is_refused(string formula, string inputs) =>
        Refuses(formula, inputs, "END_BEFORE_START");

    [Theory]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"REMAIN_PCT","pct":"100","monthlyFee":"92233720368547758.07"},"mRem":2}"""
    )]
    [InlineData(
        "device",
        """{"currency":"CNY","rule":"EECC","deviceValue":"1","termMonths":24,"monthlyFee":"92233720368547758.07","mRem":2}"""
    )]
    [InlineData(
        "clawback",
        """{"currency":"CNY","kind":"ENJOYED","monthlyDiscount":"92233720368547758.07","monthsEnjoyed":2}"""
    )]
    [InlineData("clawback", """{"currency":"CNY","kind":"ENJOYED","discounts":["92233720368547758.07","0.01"]}""")]
    [InlineData("ldGuard", """{"currency":"CNY","ld":"1","loss":"92233720368547758.07"}""")]
    [InlineData("lateInterest", """{"currency":"CNY","principal":"92233720368547758.07","dailyRate":"1","days":2}""")]
    [InlineData(
        "allocate",
        """{"currency":"CNY","payment":"1","cost":"92233720368547758.07","interest":"0","principal":"0.01"}"""
    )]
    [InlineData(
        "earnestMoney",
        """{"currency":"CNY","earnest":"92233720368547758.07","contractPrice":"92233720368547758.07","case":"PAYEE_DEFAULT"}"""
    )]
    [InlineData("rounding", """{"value":"92233720368547758.075","mode":"HALF_UP","digits":2}""")]
    public void Results_beyond_the_limits_are_refused(string formula, string inputs) =>
        Refuses(formula, inputs, "OVERFLOW");

    [Theory]
    [InlineData(
        "prorate",
        """{"currency":"CNY","amount":"1","periodStart":"2025-01-01","periodEnd":"2025-02-01","effEnd":"2025-01-01","dayCount":"ACT/364"}""",
        "INVALID_INPUT",
        "dayCount"
    )]
    [InlineData(
        "prorate",
        """{"currency":"CNY","amount":"1","periodStart":"2025-01-01","periodEnd":"2025-02-01","effEnd":"2025-01-01","dayCount":30}""",
        "INVALID_INPUT",
        "dayCount"
    )]
    [InlineData(
        "prorate",
        """{"currency":"CNY","amount":"1","periodStart":"2025-01-01","periodEnd":"2025-02-01","effEnd":"2025-01-01","periodMonths":0}""",
        "INVALID_COUNT",
        "periodMonths"
    )]
    [InlineData("periods", """{"anchor":"2025-01-31","count":3,"stepMonths":0}""", "INVALID_COUNT", "stepMonths")]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"PERCENT"},"mFull":1,"mRem":1}""",
        "INVALID_INPUT",
        "etf.kind"
    )]
    [InlineData("etf", """{"currency":"CNY","etf":{},"mFull":1,"mRem":1}""", "MISSING_INPUT", "etf.kind")]
    [InlineData("etf", """{"currency":"CNY","etf":{"kind":"FLAT"},"mFull":1,"mRem":1}""", "MISSING_INPUT", "etf.fee")]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"MIN","of":[]},"mFull":1,"mRem":1}""",
        "INVALID_INPUT",
        "etf.of"
    )]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"MIN","of":[{"kind":"FLAT","fee":"-1"}]},"mFull":1,"mRem":1}""",
        "NEGATIVE_AMOUNT",
        "etf.of[0].fee"
    )]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"SCHEDULE","fees":["1","x"]},"mFull":0,"mRem":1}""",
        "INVALID_AMOUNT",
        "etf.fees[1]"
    )]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"DECLINING","initial":"1","perMonth":"1"},"mRem":1}""",
        "MISSING_INPUT",
        "mFull"
    )]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"REMAIN_PCT","pct":"1","monthlyFee":"1"},"start":"2025-01-01","effEnd":"2025-02-01"}""",
        "MISSING_INPUT",
        "mRem"
    )]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"FLAT","fee":"1"},"mFull":3,"start":"2025-01-01","effEnd":"2025-02-01"}""",
        "INVALID_INPUT",
        "mFull"
    )]
    [InlineData("etf", """{"currency":"CNY","etf":"FLAT","mFull":1,"mRem":1}""", "INVALID_INPUT", "etf")]
    [InlineData(
        "device",
        """{"currency":"CNY","rule":"PRO_RATA","deviceValue":"1","termMonths":0,"mRem":0}""",
        "INVALID_COUNT",
        "termMonths"
    )]
    [InlineData(
        "device",
        """{"currency":"CNY","rule":"PRO_RATA","deviceValue":"1","termMonths":12,"mRem":13}""",
        "INVALID_COUNT",
        "mRem"
    )]
    [InlineData(
        "device",
        """{"currency":"CNY","rule":"EECC","deviceValue":"1","termMonths":12,"mRem":3}""",
        "MISSING_INPUT",
        "monthlyFee"
    )]
    [InlineData("ldGuard", """{"currency":"CNY","ld":"1","loss":"1","badFaith":"true"}""", "INVALID_INPUT", "badFaith")]
    [InlineData("prepaidRefund", """{"currency":"CNY","method":"OTHER","paid":"1"}""", "INVALID_INPUT", "method")]
    [InlineData(
        "prepaidRefund",
        """{"currency":"CNY","method":"OPERATOR_FAULT","paid":"1","consumedList":"1"}""",
        "MISSING_INPUT",
        "gift"
    )]
    [InlineData(
        "prepaidRefund",
        """{"currency":"CNY","method":"CONSUMER_REASON","paid":"1","consumedList":"1","annualRate":"0.03"}""",
        "MISSING_INPUT",
        "days"
    )]
    [InlineData(
        "prepaidRefund",
        """{"currency":"CNY","method":"UNLIMITED_TIME","paid":"1","termStart":"2025-01-01","termEnd":"2025-01-01","effEnd":"2025-01-01"}""",
        "ZERO_LENGTH_PERIOD",
        null
    )]
    [InlineData(
        "prepaidRefund",
        """{"currency":"CNY","method":"UNLIMITED_TIME","paid":"1","termStart":"2025-01-01","termEnd":"2025-02-01","effEnd":"2025-02-02"}""",
        "DATE_OUTSIDE_PERIOD",
        null
    )]
    [InlineData("clawback", """{"currency":"CNY","kind":"ENJOYED"}""", "MISSING_INPUT", "discounts")]
    [InlineData(
        "clawback",
        """{"currency":"CNY","kind":"UNEARNED","totalDiscount":"1","mRem":1,"termMonths":0}""",
        "INVALID_COUNT",
        "termMonths"
    )]
    [InlineData("lateInterest", """{"currency":"CNY","principal":"1","days":1}""", "MISSING_INPUT", "annualRate")]
    [InlineData("lateInterest", """{"currency":"CNY","principal":"1","annualRate":"0.1"}""", "MISSING_INPUT", "days")]
    [InlineData(
        "lateInterest",
        """{"currency":"CNY","principal":"1","annualRate":"0.1","dailyRate":"0.1","days":1}""",
        "INVALID_INPUT",
        "dailyRate"
    )]
    [InlineData(
        "lateInterest",
        """{"currency":"CNY","principal":"1","annualRate":"0.1","days":1,"dayCount":"ACT/30"}""",
        "INVALID_INPUT",
        "dayCount"
    )]
    [InlineData("statement", """{"lines":[]}""", "INVALID_INPUT", "lines")]
    [InlineData(
        "statement",
        """{"lines":[{"line":"a","side":"DEBIT","currency":"CNY","amount":"1"}]}""",
        "INVALID_INPUT",
        "lines[0].side"
    )]
    [InlineData(
        "statement",
        """{"lines":[{"side":"OWED","currency":"CNY","amount":"1"}]}""",
        "MISSING_INPUT",
        "lines[0].line"
    )]
    [InlineData("statement", """{"lines":[7]}""", "INVALID_INPUT", "lines[0]")]
    [InlineData(
        "noticeEnd",
        """{"currency":"EUR","fee":"1","termEnd":"2025-01-01","received":"2025-01-01","renewal":"NONE","jurisdiction":"DE","noticeDays":1,"noticeMonths":1}""",
        "INVALID_INPUT",
        "noticeMonths"
    )]
    [InlineData("deadline", """{"start":"2025-01-01","unit":"WEEK","count":1}""", "INVALID_INPUT", "unit")]
    [InlineData("rounding", """{"value":"1","mode":"UP","digits":2}""", "INVALID_INPUT", "mode")]
    [InlineData("rounding", """{"value":"x","mode":"HALF_UP","digits":2}""", "INVALID_AMOUNT", "value")]
    [InlineData("rounding", """{"value":"1","mode":"HALF_UP"}""", "MISSING_INPUT", "digits")]
    [InlineData("rounding", """{"value":"1","mode":"HALF_UP","digits":99}""", "INVALID_COUNT", "digits")]
    public void Everything_else_is_refused_by_name(string formula, string inputs, string code, string? names) =>
        Refuses(formula, inputs, code, names);

    [Theory]
    [InlineData(
        "prorate",
        """{"currency":"CNY","amount":"0.05","periodStart":"2025-01-01","periodEnd":"2025-01-03","effEnd":"2025-01-02"}""",
        "used 0.03, refund 0.02 → 0.02",
        "used 0.02, refund 0.03 → 0.03"
    )]
    [InlineData(
        "etf",
        """{"currency":"CNY","etf":{"kind":"REMAIN_PCT","pct":"0.5","monthlyFee":"0.05"},"mFull":1,"mRem":1}""",
        "etf 0.03 → 0.03",
        "etf 0.02 → 0.02"
    )]
    [InlineData(
        "device",
        """{"currency":"CNY","rule":"PRO_RATA","deviceValue":"0.05","termMonths":2,"mRem":1}""",
        "proRata 0.03 → 0.03",
        "proRata 0.02 → 0.02"
    )]
    [InlineData(
        "lossWorksheet",
        """{"currency":"CNY","monthlyFee":"0.05","avoidableCost":"0","monthsLeft":1,"replacementMonths":1,"mitigationCost":"0"}""",
        "lostProfit 0.05, mitigationCost 0.00, loss 0.05, guidelineCeiling 0.07 → 0.05",
        "lostProfit 0.05, mitigationCost 0.00, loss 0.05, guidelineCeiling 0.06 → 0.05"
    )]
    [InlineData(
        "prepaidRefund",
        """{"currency":"CNY","method":"OPERATOR_FAULT","paid":"1.00","gift":"1.00","consumedList":"0.05"}""",
        "used 0.03, refund 0.97 → 0.97",
        "used 0.02, refund 0.98 → 0.98"
    )]
    [InlineData(
        "withdrawal",
        """{"currency":"CNY","price":"0.05","termStart":"2025-01-01","termEnd":"2025-01-03","effEnd":"2025-01-02","expressRequest":true,"informed":true}""",
        "pay 0.03, refund 0.02 → 0.02",
        "pay 0.02, refund 0.03 → 0.03"
    )]
    [InlineData(
        "clawback",
        """{"currency":"CNY","kind":"UNEARNED","totalDiscount":"0.05","mRem":1,"termMonths":2}""",
        "clawback 0.03 → 0.03",
        "clawback 0.02 → 0.02"
    )]
    [InlineData(
        "earnestMoney",
        """{"currency":"CNY","earnest":"0.05","contractPrice":"9","case":"PAYER_DEFAULT","performedShare":"0.5"}""",
        "effective 0.05, forfeited 0.03, return 0.02, penalty 0.00 → 0.02",
        "effective 0.05, forfeited 0.02, return 0.03, penalty 0.00 → 0.03"
    )]
    [InlineData(
        "vatSplit",
        """{"currency":"CNY","gross":"0.05","rate":"1"}""",
        "net 0.02, vat 0.03 → 0.05",
        "net 0.03, vat 0.02 → 0.05"
    )]
    [InlineData(
        "lateInterest",
        """{"currency":"CNY","principal":"0.05","dailyRate":"0.5","days":1}""",
        "interest 0.03 → 0.03",
        "interest 0.02 → 0.02"
    )]
    [InlineData(
        "exit",
        """{"currency":"CNY","start":"2025-02-01","termMonths":2,"monthlyFee":"0.05","currentMonthPrepaid":true,"lastServiceDay":"2025-02-14","etf":{"kind":"FLAT","fee":"0"},"device":{"rule":"PRO_RATA","deviceValue":"0.05"},"deposit":"0"}""",
        "unusedPrepaid -0.02, etf 0.00, device 0.03, deposit 0.00 → 0.01",
        "unusedPrepaid -0.03, etf 0.00, device 0.02, deposit 0.00 → -0.01"
    )]
    public void A_half_goes_up_or_to_even_as_asked(string formula, string inputs, string halfUp, string halfEven)
    {
        Ask(formula, inputs).Text.ShouldBe(halfUp);
        Ask(formula, inputs[..^1] + ""","rounding":"HALF_UP"}""").Text.ShouldBe(halfUp);
        Ask(formula, inputs[..^1] + ""","rounding":"HALF_EVEN"}""").Text.ShouldBe(halfEven);
    }

    [Fact]
    public void Interest_may_be_asked_for_between_two_dates() =>
        Ask(
            "lateInterest",
            """{"currency":"CNY","principal":"100","dailyRate":"0.003","dueDate":"2026-03-02","paidDate":"2026-04-01"}"""
        )
            .Text.ShouldBe("interest 9.00 → 9.00");

    [Fact]
    public void An_exit_prints_what_is_there_in_the_order_of_the_document() =>
        Ask(
            "exit",
            """{"currency":"CNY","start":"2025-01-01","termMonths":12,"monthlyFee":"100","currentMonthPrepaid":false,"lastServiceDay":"2025-03-10","etf":{"kind":"REMAIN_PCT","pct":"0.1"},"device":{"rule":"EECC","deviceValue":"1200"},"deposit":"0","unpaid":"45.00","clawbackMonthly":"10"}"""
        )
            .Text.ShouldBe("etf 90.00, device 900.00, deposit 0.00, clawback 20.00, unpaid 45.00 → 1055.00");

    [Fact]
    public void Texts_of_the_request_come_back_readable() =>
        Ask("statement", """{"lines":[{"line":"未退设备","side":"OWED","currency":"CNY","amount":"1"}]}""")
            .Json.ShouldContain("未退设备");
}
