using System.Globalization;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Rules;

/// <summary>R1 to R20 of the rules document, each as its row says it; the figures come from the built-in packs.</summary>
public sealed class RuleVectorTests
{
    private static readonly RulePack Cn = China.Pack;

    private static DateOnly D(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string time) => DateTimeOffset.ParseExact(time + " +08:00", "yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);

    private static Money M(string amount) => Money.Parse(amount, "CNY");

    [Fact]
    public void R1_a_notice_ends_the_contract_when_it_enters_the_designated_system_not_when_it_was_sent()
    {
        ActionGuards.EffectOfNotice(enteredSystemAt: At("2026-03-02 09:00"), knownAt: At("2026-03-03 08:00")).ShouldBe(At("2026-03-02 09:00"));
        ActionGuards.EffectOfNotice(null, At("2026-03-03 08:00")).ShouldBe(At("2026-03-03 08:00"));
        ActionGuards.EffectOfNotice(null, null).ShouldBeNull();
    }

    [Fact]
    public void R2_a_conditional_notice_ends_the_contract_with_its_cure_period_unless_paid_within_it()
    {
        NoticePeriod.FirstDay(D("2026-03-02")).ShouldBe(D("2026-03-03"));
        ActionGuards.ConditionalEnd(D("2026-03-02"), 15, paidOn: null).ShouldBe(D("2026-03-17"));
        ActionGuards.ConditionalEnd(D("2026-03-02"), 15, paidOn: D("2026-03-17")).ShouldBeNull();
        ActionGuards.ConditionalEnd(D("2026-03-02"), 15, paidOn: D("2026-03-18")).ShouldBe(D("2026-03-17"));
    }

    [Fact]
    public void R3_a_right_to_end_lapses_a_year_after_its_ground_was_known()
    {
        ActionGuards.RightToTerminate(Cn, D("2025-06-30"), D("2026-06-30")).ShouldBeNull();
        ActionGuards.RightToTerminate(Cn, D("2025-06-30"), D("2026-07-01"))!.Code.ShouldBe("RIGHT_LAPSED");
    }

    [Fact]
    public void R4_seven_days_to_return_and_seven_to_refund()
    {
        LegalPeriods.ChinaReturn(Cn, D("2026-05-01")).LastDay.ShouldBe(D("2026-05-08"));
        LegalPeriods.ChinaReturnRefund(Cn, D("2026-05-12")).LastDay.ShouldBe(D("2026-05-19"));
    }

    [Fact]
    public void R5_telecom_arrears_suspend_and_end_with_a_surcharge_of_nine()
    {
        LegalPeriods.ChinaTelecomArrears(Cn, D("2026-03-02")).ShouldBe((D("2026-04-02"), D("2026-06-02")));
        LateInterest.Daily(M("100.00"), Cn.Rule("CN-TEL34").Factor("dailySurcharge"), D("2026-04-01").DayNumber - D("2026-03-02").DayNumber).ShouldBe(M("9.00"));
    }

    [Theory]
    [InlineData("13000.00", false)]
    [InlineData("13000.01", true)]
    public void R6_damages_are_flagged_above_130_percent_of_the_loss(string damages, bool excessive) =>
        DamagesGuard.Of(M(damages), M("10000.00"), Cn.Rule("CN-585i").Factor("factor")).Excessive.ShouldBe(excessive);

    [Theory]
    [InlineData("2400.00", 12, Acceleration.AfterDemand)]
    [InlineData("2399.99", 12, Acceleration.Refused)]
    [InlineData("2400.00", 2, Acceleration.NotApplicable)]
    public void R7_the_whole_price_is_called_in_from_a_fifth_on(string unpaid, int instalments, Acceleration expected) =>
        ActionGuards.CallIn(Cn, M("12000.00"), M(unpaid), instalments).ShouldBe(expected);

    [Fact]
    public void R8_the_French_renewal_notice_has_a_window_and_missing_it_makes_leaving_free()
    {
        var window = LegalPeriods.FrenchRenewalNotice(France.Pack, D("2026-11-30"));
        window.ShouldBe(new(D("2026-08-30"), D("2026-10-30")));
        window.Contains(D("2026-11-02")).ShouldBeFalse();
        LegalPeriods.FrenchRefund(France.Pack, D("2027-02-10")).ShouldBe(D("2027-03-12"));

        var (contract, policy) = (Samples.Contract("FR") with { Start = D("2025-01-01"), TermMonths = 24, AutoRenew = true }, Samples.Policy("FR") with { Clawback = ClawbackKind.Enjoyed, RefundsUnusedPeriod = false });
        var lawful = LegalLimits.Apply(contract, policy, new ExitFacts(D("2027-02-10")) { RenewalNoticeSent = false }, BuiltInPacks.For("FR"));
        lawful.Policy.Etf.ShouldBeNull();
        lawful.Policy.Clawback.ShouldBe(ClawbackKind.None);
        lawful.Policy.RefundsUnusedPeriod.ShouldBeTrue();
        lawful.Law.ShouldContain(l => l.Rule == "FR-215" && l.Article.Contains("L215-1"));
    }

    [Theory]
    [InlineData(24, null, "1 MONTH", 0)]
    [InlineData(25, null, "1 MONTH", 1)]
    [InlineData(24, 12, "1 MONTH", 1)]
    [InlineData(24, null, "42 DAY", 1)]
    [InlineData(24, null, "30 DAY", 0)]
    [InlineData(24, null, "31 DAY", 1)]
    public void R9_German_consumer_terms(int term, int? renewal, string notice, int breaches)
    {
        var policy = Samples.Policy("DE") with
        {
            Etf = null, MaxTermMonths = term,
            Renewal = renewal is { } months ? new(RenewalKind.Fixed, months) : new(RenewalKind.Indefinite),
            Notice = new(int.Parse(notice.Split(' ')[0], CultureInfo.InvariantCulture), notice.EndsWith("MONTH", StringComparison.Ordinal) ? NoticeUnit.Month : NoticeUnit.Day),
        };
        var found = PolicyCheck.Of(policy, BuiltInPacks.For("DE"), D("2026-12-01")).Where(f => f.Rule.Id == "DE-309-9").ToList();
        found.Count.ShouldBe(breaches);
        found.ShouldAllBe(f => f.Blocks && f.Rule.Article == "BGB § 309 Nr. 9" && f.Fix != null);
    }

    [Fact]
    public void R10_a_German_cancellation_page_asks_five_things_and_offers_nothing()
    {
        string[] allowed = ["kind", "reason", "identity", "contract", "endsOn", "contact"];
        string[] Codes(CancellationPage page) => [.. PageCheck.Of(page, BuiltInPacks.For("DE"), Party.Consumer, D("2026-12-01")).Where(f => f.Blocks).Select(f => f.Code)];
        Codes(new(allowed)).ShouldBeEmpty();
        Codes(new([.. allowed, "phonePassword"])).ShouldBe(["DE312K_EXTRA_FIELD"]);
        Codes(new(allowed, OfferOnConfirmation: true)).ShouldBe(["DE312K_OFFER_ON_CONFIRM"]);
        PageCheck.Of(new([.. allowed, "phonePassword"], OfferOnConfirmation: true), BuiltInPacks.For("DE"), Party.Business, D("2026-12-01")).ShouldBeEmpty();
    }

    [Fact]
    public void R11_leaving_a_cloud_service_in_the_EU()
    {
        LegalPeriods.EuCloudExit(Europe.Pack, D("2026-12-01"), NoticePeriod.OfDays(90)).ShouldBe((D("2027-02-01"), D("2027-03-03"), D("2027-04-02")));

        var contract = Samples.Contract("IE") with { Party = Party.Business, NoticeDays = 90 };
        var policy = Samples.Policy("IE") with { Scope = new(["EU"], Party.Business, null, "SAAS"), EarlyExitAllowed = false };
        LegalLimits.EarliestEnd(contract, policy, D("2026-12-01"), BuiltInPacks.For("IE")).On.ShouldBe(D("2027-02-01"));
        var charge = new AddedLine(Measures.SwitchingCharge, StatementSide.Owed, Money.Parse("50.00", "EUR"));
        long Charged(string day) => StatementBuilder.Build(contract, policy, new ExitFacts(D(day), Added: [charge]), BuiltInPacks.For("IE")).Value.Lines.Where(l => l.Code == Measures.SwitchingCharge).Sum(l => l.Amount.Minor);
        Charged("2027-01-11").ShouldBe(5000);
        Charged("2027-01-12").ShouldBe(0);
    }

    [Fact]
    public void R12_a_platform_waits_thirty_days() =>
        LegalPeriods.EuPlatformTermination(Europe.Pack, D("2026-04-01")).ShouldBe(D("2026-05-01"));

    [Fact]
    public void R13_Californian_notices()
    {
        LegalPeriods.CaliforniaTrialNotice(California.Pack, D("2026-09-30")).ShouldBe(new(D("2026-09-09"), D("2026-09-27")));
        LegalPeriods.CaliforniaRenewalNotice(California.Pack, D("2027-01-01")).ShouldBe(new(D("2026-11-17"), D("2026-12-17")));
    }

    [Fact]
    public void R14_price_rises_in_New_York() =>
        LegalPeriods.NewYorkPriceNotice(NewYork.Pack, D("2026-10-01")).ShouldBe(new(D("2026-09-01"), D("2026-09-26")));

    [Fact]
    public void R15_the_British_end_notice_once_the_law_is_in_force()
    {
        LegalPeriods.BritishOnlineEndNotice(UnitedKingdom.Pack, At("2027-05-07 10:00")).ShouldBe(At("2027-05-08 10:00"));
        LegalPeriods.BritishEndNotice(UnitedKingdom.Pack, D("2027-05-07")).ShouldBe(D("2027-05-12"));
        UnitedKingdom.Pack.Rules.ShouldAllBe(r => !r.IsInForce(D("2027-05-07")));
    }

    [Fact]
    public void R16_an_erasure_locks_the_voucher_for_thirty_years()
    {
        var kept = ActionGuards.Erasure(Cn, voucherOn: D("2026-05-10"));
        kept.ProfileDeleted.ShouldBeTrue();
        (kept.LockedFrom, kept.LockedTo).ShouldBe((D("2027-01-01"), D("2056-12-31")));
        kept.Reason.English.ShouldContain("30 years");
        kept.Reason.Chinese.ShouldContain("会计档案");
    }

    [Theory]
    [InlineData("CN")]
    [InlineData("DE")]
    public void R17_a_score_alone_ends_no_relationship(string place)
    {
        ActionGuards.AutomatedDecision(BuiltInPacks.For(place), D("2026-12-01"), reviewedBy: null)!.Code.ShouldBe("HUMAN_REVIEW_REQUIRED");
        ActionGuards.AutomatedDecision(BuiltInPacks.For(place), D("2026-12-01"), reviewedBy: "staff:1").ShouldBeNull();
    }

    [Fact]
    public void R18_stopping_gas_needs_paper()
    {
        ActionGuards.StopOfSupply([Cn], D("2026-12-01"), "UTILITY", onPaper: false)!.Code.ShouldBe("PAPER_FORM_REQUIRED");
        ActionGuards.StopOfSupply([Cn], D("2026-12-01"), "UTILITY", onPaper: true).ShouldBeNull();
        ActionGuards.StopOfSupply([Cn], D("2026-12-01"), null, onPaper: false).ShouldBeNull();
    }

    [Fact]
    public void R19_four_days_before_the_renewal_meet_the_law_and_miss_the_safe_harbour()
    {
        ActionGuards.Renewal(Cn, D("2026-08-06"), D("2026-08-10")).ShouldBe(RenewalNotice.MissedSafeHarbour);
        ActionGuards.Renewal(Cn, D("2026-08-05"), D("2026-08-10")).ShouldBe(RenewalNotice.InTime);
        ActionGuards.Renewal(Cn, D("2026-08-10"), D("2026-08-10")).ShouldBe(RenewalNotice.TooLate);
        var found = PolicyCheck.Of(Samples.Policy("CN") with { Renewal = new(RenewalKind.Fixed, 12, ReminderDays: 4), Etf = null }, [Cn], D("2026-08-06"));
        found.Select(f => (f.Rule.Id, f.Blocks)).ShouldBe([("CN-REN-5D", false)]);
    }

    [Fact]
    public void R20_withdrawn_consent_to_marketing_turns_the_channel_off_and_leaves_the_service()
    {
        var now = At("2026-08-06 10:00");
        ActionGuards.WithdrawConsent(now, necessaryForService: false).ShouldBe(new(true, now));
    }

    [Fact]
    public void Other_statutory_clocks()
    {
        LegalPeriods.EuDataSubject(Europe.Pack, D("2026-01-31")).LastDay.ShouldBe(D("2026-03-02"));
        LegalPeriods.EuDataSubject(Europe.Pack, D("2026-01-31"), extended: true).LastDay.ShouldBe(D("2026-04-30"));
        LegalPeriods.EuWithdrawal(Europe.Pack, D("2026-06-20")).LastDay.ShouldBe(D("2026-07-06"));
        LegalPeriods.ChinaPrepaidRefund(Cn, D("2025-06-01")).LastDay.ShouldBe(D("2025-06-09"));
    }

    [Fact]
    public void A_new_version_of_a_pack_moves_the_period_without_a_line_of_code()
    {
        var rule = Cn.Rule("CN-CP25");
        var longer = Cn with { Version = 2, Rules = [.. Cn.Rules.Where(r => r.Id != rule.Id), rule with { Figures = new Dictionary<string, string>(rule.Figures) { ["days"] = "10" } }] };
        LegalPeriods.ChinaReturn(longer, D("2026-05-01")).LastDay.ShouldBe(D("2026-05-11"));
    }
}
