using Shouldly;
using Xunit;
using static Exeunt.Core.Tests.Settlement.Workbench;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>The clarifications 1 to 10 of the settlement document.</summary>
public sealed class ClarificationTests
{
    private static string Prorate(
        string dayCount,
        string from,
        string until,
        string effEnd,
        string amount = "100.00",
        string more = ""
    ) =>
        Ask(
            "prorate",
            $$"""{"currency":"CNY","amount":"{{amount}}","periodStart":"{{from}}","periodEnd":"{{until}}","effEnd":"{{effEnd}}","dayCount":"{{dayCount}}"{{more}}}"""
        ).Text;

    [Theory]
    [InlineData("ACT/365F", "used 32.88, refund 67.12 → 67.12")] // 100 · 10 · 12 / 365
    [InlineData("ACT/360", "used 33.33, refund 66.67 → 66.67")]
    [InlineData("ACT/30", "used 33.33, refund 66.67 → 66.67")]
    [InlineData("30E/360", "used 33.33, refund 66.67 → 66.67")]
    [InlineData("ACT/ACT", "used 35.71, refund 64.29 → 64.29")]
    public void C1_the_price_of_a_month_by_each_day_count(string dayCount, string expected) =>
        Prorate(dayCount, "2025-02-01", "2025-03-01", "2025-02-11", more: ""","periodMonths":1""").ShouldBe(expected);

    [Fact]
    public void C1_30E_counts_days_of_30_from_a_clamped_anchor() =>
        // 28 February to 10 March: 30 + 10 - 28 = 12 of 30.
        Prorate("30E/360", "2025-02-28", "2025-03-31", "2025-03-10", "90.00")
            .ShouldBe("used 36.00, refund 54.00 → 54.00");

    [Fact]
    public void C1_30E_takes_the_31st_for_the_30th() =>
        Prorate("30E/360", "2025-01-01", "2025-02-01", "2025-01-31").ShouldBe("used 96.67, refund 3.33 → 3.33");

    [Fact]
    public void C1_months_of_the_price_follow_from_whole_months_and_are_asked_for_otherwise()
    {
        Prorate("ACT/365F", "2025-01-01", "2026-01-01", "2025-03-01", "1200.00")
            .ShouldBe("used 193.97, refund 1006.03 → 1006.03");
        Refuses(
            "prorate",
            """{"currency":"CNY","amount":"100.00","periodStart":"2025-02-03","periodEnd":"2025-03-01","effEnd":"2025-02-11","dayCount":"ACT/30"}""",
            "MISSING_INPUT",
            "periodMonths"
        );
    }

    [Theory]
    [InlineData("ACT/ACT")]
    [InlineData("ACT/365F")]
    [InlineData("ACT/360")]
    [InlineData("ACT/30")]
    [InlineData("30E/360")]
    public void C2_a_period_served_to_its_end_is_used_in_full(string dayCount) =>
        Prorate(dayCount, "2025-02-01", "2025-03-01", "2025-03-01").ShouldBe("used 100.00, refund 0.00 → 0.00");

    [Fact]
    public void C2_used_never_exceeds_the_price() =>
        // 30 days of a 31-day month are already the whole of ACT/30.
        Prorate("ACT/30", "2025-03-01", "2025-04-01", "2025-03-31").ShouldBe("used 100.00, refund 0.00 → 0.00");

    [Theory]
    [InlineData("2025-03-02")]
    [InlineData("2025-01-31")]
    public void C2_an_end_outside_the_period_is_refused(string effEnd) =>
        Prorate("ACT/ACT", "2025-02-01", "2025-03-01", effEnd).ShouldBe("DATE_OUTSIDE_PERIOD");

    [Theory]
    [InlineData("2025-01-15", "2025-12-20", 24, "12.00")] // 11 full, the 12th begun
    [InlineData("2025-01-15", "2025-12-15", 24, "13.00")] // a boundary: 11 begun
    [InlineData("2025-01-15", "2025-01-15", 24, "24.00")]
    [InlineData("2025-01-15", "2026-12-20", 12, "0.00")]
    public void C3_months_remaining_are_those_not_begun(string start, string effEnd, int term, string expected) =>
        Ask(
            "etf",
            $$"""{"currency":"CNY","etf":{"kind":"REMAIN_PCT","pct":"1","monthlyFee":"1.00"},"start":"{{start}}","effEnd":"{{effEnd}}","termMonths":{{term}}}"""
        )
            .Text.ShouldBe($"etf {expected} → {expected}");

    [Fact]
    public void C3_on_a_boundary_the_month_just_served_is_settled_and_used_in_full() =>
        Ask(
            "exit",
            """{"currency":"CNY","start":"2025-01-15","termMonths":12,"monthlyFee":"100","currentMonthPrepaid":true,"lastServiceDay":"2025-04-14","etf":null,"device":null,"deposit":null}"""
        )
            .Text.ShouldBe("unusedPrepaid 0.00 → 0.00");

    [Theory]
    [InlineData("""{"kind":"SCHEDULE","fees":["300","200","100"]}""", 0, "300.00")]
    [InlineData("""{"kind":"SCHEDULE","fees":["300","200","100"]}""", 2, "100.00")]
    [InlineData("""{"kind":"SCHEDULE","fees":["300","200","100"]}""", 3, "0.00")]
    [InlineData("""{"kind":"DECLINING","initial":"350","perMonth":"10"}""", 35, "0.00")]
    [InlineData("""{"kind":"DECLINING","initial":"350","perMonth":"10"}""", 36, "0.00")]
    [InlineData("""{"kind":"DECLINING","initial":"1","perMonth":"92233720368547758.07"}""", 2147483647, "0.00")]
    [InlineData("""{"kind":"FLAT","fee":"99.90"}""", 3, "99.90")]
    [InlineData(
        """{"kind":"MIN","of":[{"kind":"FLAT","fee":"99.90"},{"kind":"DECLINING","initial":"100","perMonth":"1"}]}""",
        3,
        "97.00"
    )]
    [InlineData(
        """{"kind":"MIN","of":[{"kind":"MIN","of":[{"kind":"FLAT","fee":"1"}]},{"kind":"FLAT","fee":"2"}]}""",
        3,
        "1.00"
    )]
    public void C4_kinds_of_fees(string etf, int mFull, string expected) =>
        Ask("etf", $$"""{"currency":"CNY","etf":{{etf}},"mFull":{{mFull}},"mRem":1}""")
            .Text.ShouldBe($"etf {expected} → {expected}");

    [Fact]
    public void C5_damages_are_compared_before_rounding()
    {
        // 0.05 × 1.30 = 0.065: the ceiling shown is 0.07, yet 0.07 is above it.
        var answer = Ask("ldGuard", """{"currency":"CNY","ld":"0.07","loss":"0.05"}""");
        answer.Text.ShouldBe("ceiling 0.07, cut 0.00, recommended 0.07 → 0.07");
        answer.Values.ShouldBe("""{"excessive":true,"decision":"NEGOTIATE"}""");
        Ask("ldGuard", """{"currency":"CNY","ld":"0.07","loss":"0.05","rounding":"HALF_EVEN"}""")
            .Text.ShouldBe("ceiling 0.06, cut 0.01, recommended 0.06 → 0.06");
    }

    [Fact]
    public void C5_lost_profit_is_never_below_zero() =>
        Ask(
            "lossWorksheet",
            """{"currency":"CNY","monthlyFee":"10","avoidableCost":"30","monthsLeft":10,"replacementMonths":4,"mitigationCost":"5"}"""
        )
            .Text.ShouldBe("lostProfit 0.00, mitigationCost 5.00, loss 5.00, guidelineCeiling 6.50 → 5.00");

    [Fact]
    public void C6_an_operator_never_claims_beyond_the_prepayment() =>
        Ask(
            "prepaidRefund",
            """{"currency":"CNY","method":"OPERATOR_FAULT","paid":"1000","gift":"200","consumedList":"1300"}"""
        )
            .Text.ShouldBe("used 1000.00, refund 0.00 → 0.00");

    [Theory]
    [InlineData("100", """["30","20.50"]""", "deductions 50.50, return 49.50, stillOwed 0.00 → 49.50")]
    [InlineData("100", """["80","50"]""", "deductions 130.00, return 0.00, stillOwed 30.00 → 0.00")]
    [InlineData("100", "[]", "deductions 0.00, return 100.00, stillOwed 0.00 → 100.00")]
    public void C7_deductions_beyond_the_deposit_are_still_owed(string deposit, string deductions, string expected) =>
        Ask("depositReturn", $$"""{"currency":"CNY","deposit":"{{deposit}}","deductions":{{deductions}}}""")
            .Text.ShouldBe(expected);

    [Fact]
    public void C7_a_payee_in_default_pays_the_penalty_on_the_unperformed_share_only() =>
        Ask(
            "earnestMoney",
            """{"currency":"CNY","earnest":"2500","contractPrice":"10000","case":"PAYEE_DEFAULT","performedShare":"0.6"}"""
        )
            .Text.ShouldBe("effective 2000.00, forfeited 0.00, return 2500.00, penalty 800.00 → 3300.00");

    [Theory]
    [InlineData("CNY", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    [InlineData("CLF", 4)]
    [InlineData("XCG", 2)]
    public void C8_minor_units(string currency, int digits) =>
        Ask("minorUnits", $$"""{"currency":"{{currency}}"}""").Values.ShouldBe($$"""{"digits":{{digits}}}""");

    [Fact]
    public void C8_sums_of_a_side_stay_within_the_limits()
    {
        const string most = "92233720368547758.07";
        static string Lines(params string[] lines) =>
            "{\"lines\":[" + string.Join(",", lines.Select(l => $$"""{"line":"x","currency":"CNY",{{l}}}""")) + "]}";
        var owed = $$""" "side":"OWED","amount":"{{most}}" """;
        var credit = $$""" "side":"CREDIT","amount":"{{most}}" """;
        Ask("statement", Lines(owed, credit)).Text.ShouldBe($"x {most}, x -{most} → 0.00");
        Refuses("statement", Lines(owed, credit, """ "side":"OWED","amount":"0.01" """), "OVERFLOW");
        Refuses("statement", Lines(credit, """ "side":"CREDIT","amount":"0.01" """), "OVERFLOW");
    }

    [Fact]
    public void C9_months_after_the_term_are_lines_of_their_own_anchored_on_the_day_after_it()
    {
        var answer = Ask(
            "noticeEnd",
            """{"currency":"EUR","fee":"31","termEnd":"2025-01-30","received":"2025-01-20","renewal":"INDEFINITE","jurisdiction":"CN","noticeMonths":3}"""
        );
        // Periods from 31 January: to 28 February, to 31 March, to 30 April (20 April is day 21 of 30).
        answer.Text.ShouldBe("2025-01-31 31.00, 2025-02-28 31.00, 2025-03-31 21.70 → 83.70");
        answer.Values.ShouldBe("""{"noticeFrom":"2025-01-21","noticeTo":"2025-04-20","end":"2025-04-20"}""");
    }

    [Fact]
    public void C9_a_notice_within_the_term_ends_with_it() =>
        Ask(
            "noticeEnd",
            """{"currency":"EUR","fee":"30","termEnd":"2025-06-30","received":"2025-03-01","renewal":"INDEFINITE","jurisdiction":"DE","noticeDays":30}"""
        )
            .Values.ShouldBe("""{"noticeFrom":"2025-03-02","noticeTo":"2025-03-31","end":"2025-06-30"}""");

    [Theory]
    [InlineData("DE", "", ""","noticeDays":90""", "2025-07-20")] // DE-309-9: at most one month
    [InlineData("FR", ""","sector":"TELECOM","l215NoticeSent":true""", ""","noticeDays":30""", "2025-06-30")] // FR-TEL: ten days
    [InlineData("CN", "", ""","noticeDays":90""", "2025-09-18")]
    public void Notice_is_capped_where_the_law_caps_it(
        string jurisdiction,
        string sector,
        string notice,
        string noticeTo
    ) =>
        Ask(
            "noticeEnd",
            $$"""{"currency":"EUR","fee":"30","termEnd":"2025-05-31","received":"2025-06-20","renewal":"INDEFINITE","jurisdiction":"{{jurisdiction}}"{{sector}}{{notice}}}"""
        )
            .Values.ShouldBe($$"""{"noticeFrom":"2025-06-21","noticeTo":"{{noticeTo}}","end":"{{noticeTo}}"}""");

    [Fact]
    public void A_wished_end_later_than_the_earliest_is_followed() =>
        Ask(
            "noticeEnd",
            """{"currency":"EUR","fee":"30","termEnd":"2025-06-30","received":"2025-06-10","renewal":"INDEFINITE","jurisdiction":"FR","wishedEnd":"2025-08-15"}"""
        )
            .Text.ShouldBe("2025-07-01 0.00, 2025-08-01 0.00 → 0.00");

    [Fact]
    public void C10_an_instalment_may_be_nothing_and_an_overpayment_stays_as_credit()
    {
        Ask("instalments", """{"currency":"CNY","total":"0.02","count":3}""")
            .Text.ShouldBe("1 0.01, 2 0.01, 3 0.00 → 0.02");
        Ask("allocate", """{"currency":"CNY","payment":"100","cost":"8","interest":"15","principal":"50"}""")
            .Text.ShouldBe("cost 8.00, interest 15.00, principal 50.00, unapplied 27.00, left 0.00 → 0.00");
        Ask("allocate", """{"currency":"CNY","payment":"10","cost":"8","interest":"15","principal":"50"}""")
            .Text.ShouldBe("cost 8.00, interest 2.00, principal 0.00, unapplied 0.00, left 63.00 → 63.00");
    }
}
