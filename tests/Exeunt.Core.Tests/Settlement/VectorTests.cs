using Shouldly;
using Xunit;
using static Exeunt.Core.Tests.Settlement.Workbench;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>The test vectors V1 to V25 of the settlement document, row by row.</summary>
public sealed class VectorTests
{
    private static string Prorate(
        string currency,
        string amount,
        string from,
        string until,
        string effEnd,
        string more = ""
    ) =>
        Ask(
            "prorate",
            $$"""{"currency":"{{currency}}","amount":"{{amount}}","periodStart":"{{from}}","periodEnd":"{{until}}","effEnd":"{{effEnd}}"{{more}}}"""
        ).Text;

    [Theory]
    [InlineData("2024-02-01", "2024-03-01", "2024-02-11", "", "used 34.48, refund 65.52 → 65.52")]
    [InlineData("2025-02-01", "2025-03-01", "2025-02-11", "", "used 35.71, refund 64.29 → 64.29")]
    [InlineData(
        "2025-02-01",
        "2025-03-01",
        "2025-02-11",
        ""","dayCount":"ACT/30","periodMonths":1""",
        "used 33.33, refund 66.67 → 66.67"
    )]
    [InlineData(
        "2025-02-01",
        "2025-03-01",
        "2025-02-11",
        ""","dayCount":"ACT/30" """,
        "used 33.33, refund 66.67 → 66.67"
    )]
    public void V1_ten_days_of_February(string from, string until, string effEnd, string more, string expected) =>
        Prorate("CNY", "100.00", from, until, effEnd, more).ShouldBe(expected);

    [Theory]
    [InlineData("2024-01-01", "2025-01-01", "2024-03-01", "used 196.72, refund 1003.28 → 1003.28")]
    [InlineData("2025-01-01", "2026-01-01", "2025-03-01", "used 193.97, refund 1006.03 → 1006.03")]
    public void V2_a_year_prepaid(string from, string until, string effEnd, string expected) =>
        Prorate("CNY", "1200.00", from, until, effEnd).ShouldBe(expected);

    [Fact]
    public void V3_anchors_are_never_chained()
    {
        Ask("periods", """{"anchor":"2025-01-31","count":4}""")
            .Values.ShouldBe("""{"starts":["2025-01-31","2025-02-28","2025-03-31","2025-04-30"]}""");
        Prorate("CNY", "90.00", "2025-02-28", "2025-03-31", "2025-03-10").ShouldBe("used 29.03, refund 60.97 → 60.97");
    }

    [Fact]
    public void V4_an_end_at_the_start_uses_nothing_and_a_period_of_no_days_is_refused()
    {
        Prorate("CNY", "100.00", "2025-02-01", "2025-03-01", "2025-02-01")
            .ShouldBe("used 0.00, refund 100.00 → 100.00");
        Prorate("CNY", "100.00", "2025-02-01", "2025-02-01", "2025-02-01").ShouldBe("ZERO_LENGTH_PERIOD");
    }

    [Fact]
    public void V5_a_device_under_the_code_costs_the_lesser_of_two() =>
        Ask(
            "device",
            """{"currency":"EUR","rule":"EECC","deviceValue":"480.00","termMonths":24,"monthlyFee":"18.00","mFull":9,"mRem":15}"""
        )
            .Text.ShouldBe("proRata 300.00, remainingFees 270.00 → 270.00");

    [Theory]
    [InlineData("2025-01-15", "2025-12-20", 11)]
    [InlineData("2025-01-31", "2025-02-28", 1)]
    [InlineData("2024-01-31", "2024-02-28", 0)]
    public void V6_full_months(string start, string effEnd, int expected) =>
        Ask("fullMonths", $$"""{"start":"{{start}}","effEnd":"{{effEnd}}"}""")
            .Values.ShouldBe($$"""{"mFull":{{expected}}}""");

    [Fact]
    public void V6_a_declining_fee() =>
        Ask(
            "etf",
            """{"currency":"USD","etf":{"kind":"DECLINING","initial":"350","perMonth":"10"},"start":"2025-01-15","effEnd":"2025-12-20","termMonths":24}"""
        )
            .Text.ShouldBe("etf 240.00 → 240.00");

    [Theory]
    [InlineData(
        "16000",
        "9000",
        "false",
        "ceiling 11700.00, cut 4300.00, recommended 11700.00 → 11700.00",
        "true",
        "NEGOTIATE"
    )]
    [InlineData(
        "13000",
        "10000",
        "false",
        "ceiling 13000.00, cut 0.00, recommended 13000.00 → 13000.00",
        "false",
        "NONE"
    )]
    [InlineData(
        "13000.01",
        "10000",
        "false",
        "ceiling 13000.00, cut 0.01, recommended 13000.00 → 13000.00",
        "true",
        "NEGOTIATE"
    )]
    [InlineData("500", "0", "false", "ceiling 0.00, cut 500.00, recommended 0.00 → 0.00", "true", "MANUAL")]
    [InlineData(
        "16000",
        "9000",
        "true",
        "ceiling 11700.00, cut 0.00, recommended 16000.00 → 16000.00",
        "true",
        "BAD_FAITH"
    )]
    public void V7_liquidated_damages_against_loss(
        string ld,
        string loss,
        string badFaith,
        string expected,
        string excessive,
        string decision
    )
    {
        var answer = Ask("ldGuard", $$"""{"currency":"CNY","ld":"{{ld}}","loss":"{{loss}}","badFaith":{{badFaith}}}""");
        answer.Text.ShouldBe(expected);
        answer.Values.ShouldBe($$"""{"excessive":{{excessive}},"decision":"{{decision}}"}""");
    }

    [Theory]
    [InlineData(10, "lostProfit 7200.00, mitigationCost 500.00, loss 7700.00, guidelineCeiling 10010.00 → 7700.00")]
    [InlineData(3, "lostProfit 5400.00, mitigationCost 500.00, loss 5900.00, guidelineCeiling 7670.00 → 5900.00")]
    public void V8_loss_until_a_replacement_is_found(int monthsLeft, string expected) =>
        Ask(
            "lossWorksheet",
            $$"""{"currency":"CNY","monthlyFee":"5000","avoidableCost":"3200","monthsLeft":{{monthsLeft}},"replacementMonths":4,"mitigationCost":"500"}"""
        )
            .Text.ShouldBe(expected);

    [Theory]
    [InlineData("OPERATOR_FAULT", "600", "0.03", "used 500.00, refund 500.00, interest 3.70 → 503.70")]
    [InlineData("CONSUMER_REASON", "600", "0.015", "used 600.00, refund 400.00, interest 1.48 → 401.48")]
    [InlineData("CONSUMER_REASON", "1100", "0.015", "used 1000.00, refund 0.00, interest 0.00 → 0.00")]
    public void V9_V10_a_prepaid_card(string method, string list, string rate, string expected) =>
        Ask(
            "prepaidRefund",
            $$"""{"currency":"CNY","method":"{{method}}","paid":"1000","gift":"200","consumedList":"{{list}}","annualRate":"{{rate}}","days":90}"""
        )
            .Text.ShouldBe(expected);

    [Theory]
    [InlineData("2025-01-01", "2026-01-01", "2025-04-11", "used 1000.00, refund 2650.00 → 2650.00")]
    [InlineData("2024-01-01", "2025-01-01", "2024-04-10", "used 997.27, refund 2652.73 → 2652.73")]
    public void V11_an_unlimited_card(string from, string until, string effEnd, string expected) =>
        Ask(
            "prepaidRefund",
            $$"""{"currency":"CNY","method":"UNLIMITED_TIME","paid":"3650","termStart":"{{from}}","termEnd":"{{until}}","effEnd":"{{effEnd}}"}"""
        )
            .Text.ShouldBe(expected);

    [Fact]
    public void V12_a_two_sided_statement() =>
        Ask(
            "statement",
            """
            {"lines":[{"line":"unused","side":"CREDIT","currency":"CNY","amount":"120"},{"line":"etf","side":"OWED","currency":"CNY","amount":"300"},
            {"line":"unpaid","side":"OWED","currency":"CNY","amount":"50"},{"line":"deposit","side":"CREDIT","currency":"CNY","amount":"100"}]}
            """.Replace("\n", "", StringComparison.Ordinal)
        )
            .Text.ShouldBe("unused -120.00, etf 300.00, unpaid 50.00, deposit -100.00 → 130.00");

    [Theory]
    [InlineData("true", "true", "pay 5.26, refund 234.74 → 234.74")]
    [InlineData("true", "false", "pay 0.00, refund 240.00 → 240.00")]
    [InlineData("false", "true", "pay 0.00, refund 240.00 → 240.00")]
    public void V13_withdrawal_after_eight_days(string express, string informed, string expected) =>
        Ask(
            "withdrawal",
            $$"""{"currency":"EUR","price":"240","termStart":"2025-03-01","termEnd":"2026-03-01","effEnd":"2025-03-09","expressRequest":{{express}},"informed":{{informed}}}"""
        )
            .Text.ShouldBe(expected);

    [Theory]
    [InlineData(""" "kind":"ENJOYED","monthlyDiscount":"10","monthsEnjoyed":7""", "clawback 70.00 → 70.00")]
    [InlineData(""" "kind":"ENJOYED","discounts":["10","10","10","10","10","10","10"]""", "clawback 70.00 → 70.00")]
    [InlineData(""" "kind":"UNEARNED","totalDiscount":"120","mRem":5,"termMonths":12""", "clawback 50.00 → 50.00")]
    public void V14_a_promotion_taken_back(string inputs, string expected) =>
        Ask("clawback", $$"""{"currency":"EUR",{{inputs}}}""").Text.ShouldBe(expected);

    [Theory]
    [InlineData("NONE", "CN", "", " → 0.00", "2025-06-30")]
    [InlineData("INDEFINITE", "DE", "", "2025-07-01 9.68 → 9.68", "2025-07-10")]
    [InlineData("INDEFINITE", "FR", ""","l215NoticeSent":false""", " → 0.00", "2025-06-30")]
    [InlineData("INDEFINITE", "FR", ""","l215NoticeSent":true""", "2025-07-01 9.68 → 9.68", "2025-07-10")]
    public void V15_notice_past_the_term(string renewal, string jurisdiction, string more, string expected, string end)
    {
        var answer = Ask(
            "noticeEnd",
            $$"""{"currency":"EUR","fee":"30","termEnd":"2025-06-30","received":"2025-06-10","renewal":"{{renewal}}","jurisdiction":"{{jurisdiction}}","noticeDays":30{{more}}}"""
        );
        answer.Text.ShouldBe(expected);
        answer.Values.ShouldBe($$"""{"noticeFrom":"2025-06-11","noticeTo":"2025-07-10","end":"{{end}}"}""");
    }

    [Fact]
    public void V16_two_currencies_are_refused() =>
        Refuses(
            "statement",
            """{"lines":[{"line":"a","side":"OWED","currency":"CNY","amount":"100"},{"line":"b","side":"OWED","currency":"USD","amount":"20"}]}""",
            "MIXED_CURRENCY"
        );

    [Fact]
    public void V17_currencies_without_and_with_three_decimals()
    {
        Prorate("JPY", "12000", "2025-01-01", "2026-01-01", "2025-04-11").ShouldBe("used 3288, refund 8712 → 8712");
        Prorate("KWD", "100.000", "2025-04-01", "2025-05-01", "2025-04-08")
            .ShouldBe("used 23.333, refund 76.667 → 76.667");
    }

    [Theory]
    [InlineData("1000.00", 3, "1 333.34, 2 333.33, 3 333.33 → 1000.00")]
    [InlineData("100.05", 7, "1 14.30, 2 14.30, 3 14.29, 4 14.29, 5 14.29, 6 14.29, 7 14.29 → 100.05")]
    public void V18_instalments(string total, int count, string expected) =>
        Ask("instalments", $$"""{"currency":"EUR","total":"{{total}}","count":{{count}}}""").Text.ShouldBe(expected);

    [Theory]
    [InlineData("PAYER_DEFAULT", "", "effective 2000.00, forfeited 2000.00, return 500.00, penalty 0.00 → 500.00")]
    [InlineData("PAYEE_DEFAULT", "", "effective 2000.00, forfeited 0.00, return 2500.00, penalty 2000.00 → 4500.00")]
    [InlineData(
        "PAYER_DEFAULT",
        ""","performedShare":"0.60" """,
        "effective 2000.00, forfeited 800.00, return 1700.00, penalty 0.00 → 1700.00"
    )]
    public void V19_earnest_money(string who, string more, string expected) =>
        Ask(
            "earnestMoney",
            $$"""{"currency":"CNY","earnest":"2500","contractPrice":"10000","case":"{{who}}"{{more}}}"""
        )
            .Text.ShouldBe(expected);

    [Theory]
    [InlineData("424.00", "0.06", "net 400.00, vat 24.00 → 424.00")]
    [InlineData("65.52", "0.06", "net 61.81, vat 3.71 → 65.52")]
    [InlineData("100.00", "0.13", "net 88.50, vat 11.50 → 100.00")]
    public void V20_tax_in_a_refund(string gross, string rate, string expected)
    {
        var inputs = $$"""{"currency":"CNY","gross":"{{gross}}","rate":"{{rate}}","redLetter":RED}""";
        Ask("vatSplit", inputs.Replace("RED", "false", StringComparison.Ordinal)).Text.ShouldBe(expected);
        var negative = expected
            .Replace("net ", "net -", StringComparison.Ordinal)
            .Replace("vat ", "vat -", StringComparison.Ordinal)
            .Replace("→ ", "→ -", StringComparison.Ordinal);
        Ask("vatSplit", inputs.Replace("RED", "true", StringComparison.Ordinal)).Text.ShouldBe(negative);
    }

    [Theory]
    [InlineData("10000", ""","annualRate":"0.03","multiplier":"1.5" """, "55.48")]
    [InlineData("10000", ""","annualRate":"0.03","multiplier":"1.3" """, "48.08")]
    [InlineData("10000", ""","dailyRate":"0.0005" """, "225.00")]
    [InlineData("100", ""","dailyRate":"0.003" """, "13.50")]
    [InlineData("10000", ""","annualRate":"0.03","multiplier":"1.5","dayCount":"ACT/360" """, "56.25")]
    public void V21_interest_for_45_days(string principal, string more, string expected) =>
        Ask("lateInterest", $$"""{"currency":"CNY","principal":"{{principal}}","days":45{{more}}}""")
            .Text.ShouldBe($"interest {expected} → {expected}");

    [Theory]
    [InlineData("2025-06-01", "DAY", 7, "2025-06-08", "2025-06-09")]
    [InlineData("2026-06-20", "DAY", 14, "2026-07-04", "2026-07-06")]
    [InlineData("2026-01-31", "MONTH", 1, "2026-02-28", "2026-03-02")]
    [InlineData("2026-01-31", "MONTH", 3, "2026-04-30", "2026-04-30")]
    public void V22_deadlines(string start, string unit, int count, string unrolled, string lastDay) =>
        Ask("deadline", $$"""{"start":"{{start}}","unit":"{{unit}}","count":{{count}}}""")
            .Values.ShouldBe($$"""{"unrolled":"{{unrolled}}","lastDay":"{{lastDay}}"}""");

    [Fact]
    public void V23_the_exit_of_a_contract()
    {
        var answer = Ask(
            "exit",
            """{"currency":"CNY","start":"2024-12-15","termMonths":24,"monthlyFee":"199","currentMonthPrepaid":true,"lastServiceDay":"2026-03-20","etf":{"kind":"REMAIN_PCT","pct":"0.20","monthlyFee":"199"},"device":{"rule":"PRO_RATA","deviceValue":"1200"},"deposit":"300"}"""
        );
        answer.Text.ShouldBe("unusedPrepaid -160.48, etf 318.40, device 400.00, deposit -300.00 → 257.92");
        answer.Values.ShouldBe("""{"mFull":15,"mRem":8}""");
    }

    [Theory]
    [InlineData("2.345", "2.35", "2.34")]
    [InlineData("2.335", "2.34", "2.34")]
    [InlineData("-2.345", "-2.35", "-2.34")]
    [InlineData("-0.004", "0.00", "0.00")]
    public void V24_rounding(string value, string halfUp, string halfEven)
    {
        Ask("rounding", $$"""{"value":"{{value}}","mode":"HALF_UP","digits":2}""")
            .Values.ShouldBe($$"""{"rounded":"{{halfUp}}"}""");
        Ask("rounding", $$"""{"value":"{{value}}","mode":"HALF_EVEN","currency":"CNY"}""")
            .Values.ShouldBe($$"""{"rounded":"{{halfEven}}"}""");
    }

    [Fact]
    public void V25_a_payment_goes_to_costs_interest_principal() =>
        Ask("allocate", """{"currency":"CNY","payment":"500","cost":"80","interest":"150","principal":"1000"}""")
            .Text.ShouldBe("cost 80.00, interest 150.00, principal 270.00, unapplied 0.00, left 730.00 → 730.00");
}
