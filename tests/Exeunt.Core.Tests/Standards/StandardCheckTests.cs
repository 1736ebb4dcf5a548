using Exeunt.Core.Standards;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Standards;

public sealed class StandardCheckTests
{
    [Theory]
    [InlineData("spend_12m < 500 CNY and orders_12m < 2", "")]
    [InlineData("valid_complaints_12m >= 3", "standard.justified-complaints")]
    [InlineData("not valid_complaints_12m < 3", "standard.justified-complaints")]
    [InlineData("not (valid_complaint_rate_12m <= 50% or spend_12m > 9 CNY)", "standard.justified-complaints")]
    [InlineData("valid_complaints_12m = 2", "standard.justified-complaints")]
    [InlineData("valid_complaints_12m != 0", "standard.justified-complaints")]
    [InlineData("complaints_12m >= 4", "standard.complaints-unguarded")]
    [InlineData("complaints_12m >= 4 and valid_complaint_rate_12m < 20%", "")]
    [InlineData("complaints_12m >= 4 and valid_complaints_12m = 0", "")]
    [InlineData("complaints_12m >= 4 and valid_complaint_rate_12m < 90%", "standard.complaints-unguarded")]
    [InlineData("complaints_12m >= 4 or valid_complaint_rate_12m < 20%", "standard.complaints-unguarded")]
    [InlineData("complaints_12m >= 4 and (valid_complaint_rate_12m < 20% or orders_12m < 1)", "standard.complaints-unguarded")]
    [InlineData("valid_complaint_rate_12m < 20% and (orders_12m < 1 or complaints_12m > 3)", "")]
    [InlineData("complaints_12m < 1 and spend_12m < 10 CNY", "")]
    [InlineData("return_rate_12m > 30%", "standard.return-few-orders standard.return-alone")]
    [InlineData("return_rate_12m > 30% and orders_12m >= 5", "standard.return-alone")]
    [InlineData("return_rate_12m > 30% and orders_12m >= 4 and broken_promises_12m >= 2", "standard.return-few-orders")]
    [InlineData("return_rate_12m > 30% and orders_12m > 4 and broken_promises_12m >= 2", "")]
    [InlineData("return_rate_12m > 30% and orders_12m >= 5 and broken_promises_12m >= 0", "standard.return-alone")]
    [InlineData("return_rate_12m > 30% and orders_12m >= 5 and months_silent >= 0", "standard.return-alone")]
    [InlineData("return_rate_12m > 30% and orders_12m >= 5 and spend_12m > 0 CNY", "standard.proxy-currency standard.return-alone")]
    [InlineData("return_rate_12m > 30% and orders_12m >= 5 and days_overdue > 0", "")]
    [InlineData("spend_12m >= -100000000000 CNY", "standard.proxy-currency")]
    [InlineData("spend_12m >= 0 CNY and orders_12m < 2", "standard.proxy-currency")]
    [InlineData("not return_rate_12m <= 30% and not orders_12m < 5 and tenure_months > 3 months", "standard.return-alone")]
    [InlineData("spend_12m < 500 CNY and (return_rate_12m > 30% or not orders_12m >= 2)", "standard.return-few-orders")]
    [InlineData("spend_12m < 500 CNY and (return_rate_12m > 30% and orders_12m >= 5 or orders_12m < 2)", "")]
    public void An_offboarding_lists_nobody_for_a_right(string text, string codes) => Codes(Standards.Offboarding(text)).ShouldBe(codes);

    [Fact]
    public void Where_it_harms_nobody_complaints_may_be_counted()
    {
        Codes(Standards.Plain("valid_complaints_12m >= 3")).ShouldBe("");
        Codes(Standards.Plain("return_rate_12m > 30%")).ShouldBe("standard.return-few-orders");
        var tier = Standards.Plain("complaints_12m > 3") with { Purpose = StandardPurpose.Tier, Action = StandardAction.Review, Tier = StandardTier.HighRisk, Reviewer = Role.Supervisor };
        Codes(tier).ShouldBe("standard.complaints-unguarded");
        Codes(tier with { Tier = StandardTier.Vip }).ShouldBe("");
    }

    [Fact]
    public void A_person_with_authority_decides()
    {
        var standard = Standards.Offboarding("spend_12m < 500 CNY");

        Codes(standard with { Reviewer = null }).ShouldBe("standard.no-person");
        Codes(standard with { Reviewer = Role.Analyst }).ShouldBe("standard.person-role");
        Codes(standard with { Reviewer = Role.Legal }).ShouldBe("");
    }

    [Fact]
    public void Purpose_action_and_ground_fit_together()
    {
        var standard = Standards.Offboarding("spend_12m < 500 CNY");

        Codes(standard with { Ground = null }).ShouldBe("standard.ground");
        Codes(standard with { Ground = "DANGER" }).ShouldBe("standard.ground");
        Codes(standard with { Purpose = StandardPurpose.ChurnWatch }).ShouldBe("standard.action-purpose");
        Codes(standard with { Action = StandardAction.Task, Ground = null }).ShouldBe("standard.action-purpose");
        Codes(Standards.Plain("orders_12m < 1") with { Ground = "OFFBOARD_RISK" }).ShouldBe("standard.ground-unused");
        Codes(Standards.Plain("orders_12m < 1") with { Tier = StandardTier.Vip }).ShouldBe("standard.tier");
    }

    [Fact]
    public void A_currency_that_only_tells_where_people_come_from_is_refused()
    {
        var standard = Standards.Offboarding("orders_12m < 2") with { Scope = new(Currencies: ["GBP"]) };

        Codes(standard).ShouldBe("standard.proxy-currency");
        Codes(standard with { Scope = new([CustomerSort.Organisation], Currencies: ["GBP"]) }).ShouldBe("");
        Codes(standard with { When = Standards.Condition("spend_12m < 50 GBP") }).ShouldBe("");
        Codes(standard with { When = Standards.Condition("spend_12m < 50 CNY") }).ShouldBe("standard.currency-scope");
    }

    [Fact]
    public void A_unit_must_be_there() =>
        StandardCheck.Of(Standards.Plain("orders_12m < 2") with { Scope = new(Units: ["EAST", "MARS"]) }, code => code == "EAST")
            .Select(p => (p.Code, p.Path)).ShouldBe([("standard.unknown-unit", "scope.units[1]")]);

    [Fact]
    public void A_finding_says_where_and_how_to_mend_in_both_languages()
    {
        var problem = StandardCheck.Of(Standards.Offboarding("orders_12m < 9 and (spend_12m < 5 CNY or not complaints_12m < 3)")).ShouldHaveSingleItem();

        problem.Path.ShouldBe("when.of[1].of[1].of");
        problem.Fix!.English.ShouldContain("valid_complaint_rate_12m < 20%");
        problem.Fix.Chinese.ShouldNotBeEmpty();
    }

    private static string Codes(Standard standard) => string.Join(' ', StandardCheck.Of(standard).Select(p => p.Code));
}
