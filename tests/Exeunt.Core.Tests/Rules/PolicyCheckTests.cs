using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Rules;

public sealed class PolicyCheckTests
{
    private static readonly DateOnly Today = new(2026, 12, 1);

    private static IReadOnlyList<PolicyFinding> Check(TerminationPolicy policy, DateOnly? on = null) =>
        PolicyCheck.Of(policy, [.. policy.Scope!.Jurisdictions.SelectMany(BuiltInPacks.For).DistinctBy(p => p.Name)], on ?? Today);

    private static (string, bool, string)[] Found(TerminationPolicy policy) => [.. Check(policy).Select(f => (f.Rule.Id, f.Blocks, f.Where))];

    [Theory]
    [InlineData("CN")]
    [InlineData("DE")]
    [InlineData("FR")]
    [InlineData("GB")]
    [InlineData("US-CA")]
    [InlineData("US-NY")]
    [InlineData("JP")]
    public void Finds_nothing_in_an_ordinary_policy(string place) => Found(Samples.Policy(place)).ShouldBeEmpty();

    [Fact]
    public void Telecom_in_the_EU_needs_the_lesser_of_two_for_a_device_and_at_most_24_months() =>
        Found(Samples.Policy("DE", Party.Telecom) with { Device = DeviceRule.ProRata, MaxTermMonths = 36 }).ShouldBe(
            [("EU-EECC", true, "maxTermMonths"), ("EU-EECC", true, "device"), ("DE-309-9", true, "maxTermMonths"), ("DE-TKG56", true, "maxTermMonths"), ("DE-TKG56", true, "device")]);

    [Fact]
    public void French_telecom_takes_ten_days_notice_to_any_day()
    {
        var policy = Samples.Policy("FR", Party.Telecom) with { EndsOn = EndsOn.MonthEnd };
        Found(policy).ShouldBe([("FR-TEL", true, "notice"), ("FR-TEL", true, "endsOn")]);
        Found(policy with { EndsOn = EndsOn.AnyDay, Notice = NoticePeriod.OfDays(10) }).ShouldBeEmpty();
        Found(policy with { EndsOn = EndsOn.AnyDay, Notice = new(10, NoticeUnit.BusinessDay) }).ShouldBe([("FR-TEL", true, "notice")]);
    }

    [Fact]
    public void A_French_renewal_without_a_reminder_in_its_window_is_refused()
    {
        var policy = Samples.Policy("FR") with { Renewal = new(RenewalKind.Fixed, 12) };
        Found(policy).ShouldBe([("FR-215", true, "renewal.reminderDays")]);
        Found(policy with { Renewal = new(RenewalKind.Fixed, 12, ReminderDays: 75) }).ShouldBeEmpty();
        Found(policy with { Renewal = new(RenewalKind.Fixed, 12, ReminderDays: 200) }).ShouldBe([("FR-215", true, "renewal.reminderDays")]);
    }

    [Fact]
    public void Cloud_services_in_the_EU_can_be_left_with_two_months_notice_by_businesses_too()
    {
        var policy = Samples.Policy("EU") with { Scope = new(["EU"], Party.Business, null, "SAAS"), Notice = NoticePeriod.OfDays(90), EarlyExitAllowed = false };
        Found(policy).ShouldBe([("EU-DATA", true, "notice"), ("EU-DATA", true, "earlyExitAllowed")]);
        Found(policy with { Scope = new(["EU"], Party.Business) }).ShouldBeEmpty();
        var price = policy with { Notice = NoticePeriod.OfMonths(2), EarlyExitAllowed = true, DamagePrices = [new(Measures.SwitchingCharge, new("Switching", "转换"), Money.Parse("10.00", "EUR"))] };
        Check(price, new(2027, 1, 11)).ShouldBeEmpty();
        Check(price, new(2027, 1, 12)).Single().Rule.Id.ShouldBe("EU-DATA-SWITCH");
    }

    [Fact]
    public void Chinese_prepayments_are_refunded_with_interest()
    {
        var policy = Samples.Policy("CN") with { Prepaid = new(PrepaidMethod.ByConsumption, Rate.Parse("0.03")), RefundsUnusedPeriod = false };
        Found(policy).ShouldBe([("CN-PP15-22", true, "refundsUnusedPeriod"), ("CN-PP15-22", true, "prepaid.consumerReasonRate")]);
        Found(policy with { Prepaid = null }).ShouldBeEmpty();
    }

    [Fact]
    public void Withdrawals_cost_nothing_and_credit_reports_are_announced()
    {
        var policy = Samples.Policy("CN") with { Grounds = [new(Ground.Withdrawal)], Consequences = new() { ReportedToCreditBureau = true } };
        Found(policy).ShouldBe([("CN-CP25", true, "grounds[0].fee"), ("CN-PP14", true, "grounds[0].fee"), ("CN-CR", true, "consequences.credit")]);
    }

    [Fact]
    public void A_telecom_surcharge_stays_at_three_per_mille() =>
        Found(Samples.Policy("CN", Party.Telecom) with { LateInterest = new(DailyRate: Rate.Parse("0.004")) }).ShouldBe([("CN-TEL34", true, "lateInterest.dailyRate")]);

    [Fact]
    public void A_fee_that_could_exceed_the_loss_is_shown_and_never_refused()
    {
        var found = Check(Samples.Policy("CN") with { Etf = new RemainingShareFee(Rate.Parse("0.50")) }).Single();
        (found.Rule.Id, found.Blocks, found.Where).ShouldBe(("CN-585i", false, "etf.pct"));
        found.Problem.English.ShouldContain("0.5");
        found.Problem.Chinese.ShouldContain("0.5");
        Check(Samples.Policy("CN") with { Etf = new LeastFee([new RemainingShareFee(Rate.Parse("0.50")), new RemainingShareFee(Rate.Parse("0.25"))]) }).ShouldBeEmpty();
    }

    [Fact]
    public void Californian_reminders_count_for_terms_of_a_year_or_more()
    {
        var policy = Samples.Policy("US-CA") with { Renewal = new(RenewalKind.Fixed, 12, ReminderDays: 50), MaxTermMonths = 12 };
        Found(policy).ShouldBe([("US-CA", true, "renewal.reminderDays")]);
        Found(policy with { MaxTermMonths = 6 }).ShouldBeEmpty();
        Found(policy with { Renewal = new(RenewalKind.Fixed, 12, ReminderDays: 30) }).ShouldBeEmpty();
    }

    [Fact]
    public void A_law_that_is_not_in_force_says_nothing_until_a_version_gives_its_day()
    {
        var policy = Samples.Policy("GB") with { Grounds = [new(Ground.Withdrawal)], Renewal = new(RenewalKind.Fixed, 12) };
        Found(policy).ShouldBeEmpty();
        var live = UnitedKingdom.Pack with { Version = 2, Rules = [.. UnitedKingdom.Pack.Rules.Select(r => r with { ValidFrom = new(2027, 4, 6) })] };
        PolicyCheck.Of(policy, [live], new(2027, 4, 5)).ShouldBeEmpty();
        PolicyCheck.Of(policy, [live], new(2027, 4, 6)).Select(f => f.Rule.Id).ShouldBe(["UK-DMCC", "UK-DMCC-COOL"]);
    }

    [Fact]
    public void A_rule_holds_until_the_day_before_its_end()
    {
        var pack = Pack(RuleStatus.Verified, false) with { };
        var ending = pack with { Rules = [pack.Rules[0] with { ValidUntil = new(2026, 12, 1) }] };
        PolicyCheck.Of(Samples.Policy("CN"), [ending], new(2026, 11, 30)).Count.ShouldBe(1);
        PolicyCheck.Of(Samples.Policy("CN"), [ending], new(2026, 12, 1)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(RuleStatus.Verified, false, false, true)]
    [InlineData(RuleStatus.Secondary, true, false, true)]
    [InlineData(RuleStatus.Secondary, false, false, false)]
    [InlineData(RuleStatus.GeneralKnowledge, true, false, false)]
    [InlineData(RuleStatus.GeneralKnowledge, false, true, true)]
    [InlineData(RuleStatus.Secondary, false, true, true)]
    public void What_is_not_verified_warns_unless_it_protects_the_customer_or_counsel_signed(RuleStatus status, bool protects, bool signed, bool blocks)
    {
        var pack = Pack(status, protects);
        if (signed)
            pack = pack with { Rules = [pack.Rules[0] with { CounselSignOff = new("staff:1", Today) }] };
        PolicyCheck.Of(Samples.Policy("CN"), [pack], Today).Single().Blocks.ShouldBe(blocks);
    }

    [Fact]
    public void A_default_advises_however_well_it_is_known()
    {
        var pack = Pack(RuleStatus.Verified, true);
        PolicyCheck.Of(Samples.Policy("CN"), [pack with { Rules = [pack.Rules[0] with { Effect = RuleEffect.Default }] }], Today).Single().Blocks.ShouldBeFalse();
    }

    [Fact]
    public void A_rule_for_consumers_is_silent_for_businesses_and_packs_of_other_places_are_left_out()
    {
        var pack = Pack(RuleStatus.Verified, true);
        pack = pack with { Rules = [pack.Rules[0] with { Parties = [Party.Consumer] }] };
        PolicyCheck.Of(Samples.Policy("CN", Party.Business), [pack], Today).ShouldBeEmpty();
        PolicyCheck.Of(Samples.Policy("DE"), [pack], Today).ShouldBeEmpty();
        PolicyCheck.Of(Samples.Policy("CN") with { Scope = null }, [pack], Today).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, NoticeUnit.Month, 31)]
    [InlineData(2, NoticeUnit.Month, 62)]
    [InlineData(12, NoticeUnit.Month, 366)]
    [InlineData(42, NoticeUnit.Day, 42)]
    public void A_notice_is_as_long_as_it_can_be(int count, NoticeUnit unit, int days) => Measures.LongestDays(new(count, unit), "DE").ShouldBe(days);

    [Fact]
    public void Business_days_are_counted_by_the_calendar_of_the_place() =>
        // Over the nine days of Spring Festival 2026.
        Measures.LongestDays(new(5, NoticeUnit.BusinessDay), "CN").ShouldBeGreaterThan(Measures.LongestDays(new(5, NoticeUnit.BusinessDay), "JP"));

    private static RulePack Pack(RuleStatus status, bool protects) => new()
    {
        Jurisdiction = "CN", Version = 1, IssuedOn = new(2026, 1, 1), Title = new("T", "题"),
        Rules =
        [
            new()
            {
                Id = "X", Title = new("t", "题"), Text = new("t", "文"), Effect = RuleEffect.Cap, Article = "Art. 1", Source = "test", Status = status,
                ValidFrom = new(2026, 1, 1), ProtectsCustomer = protects, Limits = [new("notice.days", LimitOperator.AtMost, "20")],
            },
        ],
    };
}
