using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Rules;

public sealed class LegalLimitsTests
{
    private const int Cases = 100_000;

    private static readonly string[] Jurisdictions = ["CN", "DE", "FR", "AT", "GB", "US-CA", "US-NY", "JP"];

    private static readonly Dictionary<string, IReadOnlyList<RulePack>> Packs = Jurisdictions.ToDictionary(p => p, BuiltInPacks.For);

    private sealed record Random(string Place, ContractTerms Contract, TerminationPolicy Policy, ExitFacts Facts, DateOnly ReceivedOn, bool? NoticeSent);

    private static readonly Gen<Random> Ends =
        from place in Gen.Elements(Jurisdictions)
        from party in Gen.Elements(Enum.GetValues<Party>())
        from sector in Gen.Elements(null, "SAAS", "UTILITY")
        from start in Gen.Choose(new DateOnly(2020, 1, 1).DayNumber, new DateOnly(2027, 6, 1).DayNumber)
        from term in Gen.Choose(1, 60)
        from received in Gen.Choose(0, 1800)
        from served in Gen.Choose(0, 400)
        from notice in Gen.Choose(0, 120)
        from unit in Gen.Elements(Enum.GetValues<NoticeUnit>())
        from choice in Gen.Choose(0, int.MaxValue)
        from fee in Gen.Choose(0, 1_000_000)
        from pct in Gen.Choose(0, 150)
        select One(place, party, sector, DateOnly.FromDayNumber(start), term, received, served, notice, unit, choice, fee, pct);

    [Fact]
    public void The_random_ends_are_ones_that_the_law_changes()
    {
        var (shorter, cheaper) = (0, 0);
        Check(e =>
        {
            shorter += LegalLimits.EarliestEnd(e.Contract, e.Policy, e.ReceivedOn, Packs[e.Place], null, e.NoticeSent).Law.Count > 0 ? 1 : 0;
            cheaper += LegalLimits.Apply(e.Contract, e.Policy, e.Facts, Packs[e.Place]).Law.Count > 0 ? 1 : 0;
            return true;
        });
        shorter.ShouldBeGreaterThan(Cases / 50);
        cheaper.ShouldBeGreaterThan(Cases / 50);
    }

    [Fact]
    public void The_law_never_makes_an_end_later() =>
        Check(e => LegalLimits.EarliestEnd(e.Contract, e.Policy, e.ReceivedOn, Packs[e.Place], null, e.NoticeSent) is var lawful
            && lawful.On <= e.Policy.EarliestEnd(e.Contract, e.ReceivedOn)
            && (lawful.Law.Count > 0) == (lawful.On < e.Policy.EarliestEnd(e.Contract, e.ReceivedOn)));

    [Fact]
    public void The_law_never_makes_an_end_dearer() =>
        Check(e =>
        {
            var agreed = StatementBuilder.Build(e.Contract, e.Policy, e.Facts);
            var lawful = StatementBuilder.Build(e.Contract, e.Policy, e.Facts, Packs[e.Place]);
            return agreed.Succeeded == lawful.Succeeded && (!agreed.Succeeded || lawful.Value.Total.Minor <= agreed.Value.Total.Minor);
        });

    [Fact]
    public void Without_packs_and_with_packs_that_say_nothing_the_lines_are_the_same() =>
        Check(e => e.Place != "JP" || StatementBuilder.Build(e.Contract, e.Policy, e.Facts).Value.Lines.SequenceEqual(StatementBuilder.Build(e.Contract, e.Policy, e.Facts, []).Value.Lines));

    [Fact]
    public void Unverified_rules_change_nothing()
    {
        var unsure = Packs.ToDictionary(p => p.Key, p => (IReadOnlyList<RulePack>)[.. p.Value.Select(pack => pack with { Rules = [.. pack.Rules.Select(r => r with { Status = RuleStatus.GeneralKnowledge })] })]);
        Check(e => LegalLimits.Apply(e.Contract, e.Policy, e.Facts, unsure[e.Place]).Law.Count == 0
            && LegalLimits.EarliestEnd(e.Contract, e.Policy, e.ReceivedOn, unsure[e.Place], null, e.NoticeSent).On == e.Policy.EarliestEnd(e.Contract, e.ReceivedOn));
    }

    [Theory]
    [InlineData("FR", Party.Telecom, 60, "2026-06-11", "FR-TEL")]
    [InlineData("DE", Party.Consumer, 60, "2026-07-01", "DE-309-9")]
    [InlineData("DE", Party.Business, 60, "2026-07-31", null)]
    [InlineData("CN", Party.Consumer, 60, "2026-07-31", null)]
    [InlineData("DE", Party.Consumer, 10, "2026-06-11", null)]
    public void A_notice_is_cut_to_what_the_law_allows(string place, Party party, int days, string end, string? rule)
    {
        var lawful = LegalLimits.EarliestEnd(Samples.Contract(place, party), Samples.Policy(place, party) with { Notice = NoticePeriod.OfDays(days) }, new(2026, 6, 1), Packs[place]);
        lawful.On.ShouldBe(DateOnly.Parse(end, System.Globalization.CultureInfo.InvariantCulture));
        lawful.Law.Select(l => l.Rule).LastOrDefault().ShouldBe(rule);
    }

    [Fact]
    public void After_a_renewal_that_was_not_announced_a_French_customer_leaves_at_will()
    {
        var contract = Samples.Contract("FR") with { TermMonths = 3 };
        LegalLimits.EarliestEnd(contract, Samples.Policy("FR"), new(2026, 6, 1), Packs["FR"], null, renewalNoticeSent: false).On.ShouldBe(new(2026, 6, 1));
        LegalLimits.EarliestEnd(contract, Samples.Policy("FR"), new(2026, 3, 25), Packs["FR"], null, renewalNoticeSent: false).On.ShouldBe(contract.TermEnd);
        LegalLimits.EarliestEnd(contract, Samples.Policy("FR"), new(2026, 6, 1), Packs["FR"], null, renewalNoticeSent: true).On.ShouldBe(new(2026, 7, 1));
    }

    [Fact]
    public void Business_days_go_by_the_calendar_given()
    {
        // Five business days over the Spring Festival of 2026: 16–23 February are off, Saturday the 28th is worked.
        var policy = Samples.Policy("CN") with { Notice = new(5, NoticeUnit.BusinessDay) };
        LegalLimits.EarliestEnd(Samples.Contract("CN"), policy, new(2026, 2, 13), Packs["CN"], HolidayCalendars.For("CN")).On.ShouldBe(new(2026, 2, 27));
    }

    [Fact]
    public void A_void_term_costs_nothing_to_leave_and_the_statement_says_so()
    {
        var contract = Samples.Contract("DE") with { TermMonths = 36 };
        var statement = StatementBuilder.Build(contract, Samples.Policy("DE"), new ExitFacts(new(2026, 12, 31)), Packs["DE"]).Value;
        statement.Lines.ShouldNotContain(l => l.Code == LineCode.Etf);
        statement.RulePacks.ShouldBe(["EU 2", "DE 2"]);
        var law = System.Text.Json.JsonDocument.Parse(statement.ToJson()).RootElement.GetProperty("law").EnumerateArray().Single();
        law.GetProperty("rule").GetString().ShouldBe("DE-309-9");
        law.GetProperty("article").GetString().ShouldBe("BGB § 309 Nr. 9");
        law.GetProperty("zh").GetString().ShouldBe("合同期36个月超过24个月，提前解约不收费。");
        StatementBuilder.Build(contract with { Start = new(2022, 2, 28) }, Samples.Policy("DE"), new ExitFacts(new(2023, 12, 31)), Packs["DE"]).Value.Law.ShouldBeEmpty();
    }

    [Fact]
    public void A_kept_device_in_European_telecom_costs_no_more_than_the_fees_left()
    {
        var contract = Samples.Contract("DE", Party.Telecom) with { DeviceValue = Money.Parse("480.00", "EUR"), MonthlyFee = Money.Parse("18.00", "EUR") };
        var statement = StatementBuilder.Build(contract, Samples.Policy("DE", Party.Telecom) with { Device = DeviceRule.ProRata, Etf = null }, new ExitFacts(new(2026, 9, 30)), Packs["DE"]).Value;
        statement.Lines.Single(l => l.Code == LineCode.Device).Amount.ShouldBe(Money.Parse("270.00", "EUR"));
        statement.Law.Select(l => l.Rule).ShouldBe(["EU-EECC"]);
    }

    [Fact]
    public void Liquidated_damages_are_never_cut() =>
        LegalLimits.Apply(Samples.Contract("CN"), Samples.Policy("CN") with { Etf = new RemainingShareFee(Rate.Parse("1.00")) }, new ExitFacts(new(2026, 6, 30)), Packs["CN"]).Law.ShouldBeEmpty();

    [Fact]
    public void A_settle_document_names_built_in_packs_and_refuses_others()
    {
        var contract = (Samples.Contract("DE") with { TermMonths = 36 }).ToJson();
        string Document(string packs) => $$"""{"contract":{{contract}},"policy":{{Samples.Policy("DE").ToJson()}},"facts":{"lastServiceDay":"2026-12-31"}{{packs}}}""";
        var plain = SettlementDocument.Settle(Document("")).Value;
        plain.RulePacks.ShouldBeNull();
        plain.ToJson().ShouldNotContain("rulePacks");
        var named = SettlementDocument.Settle(Document(""","rulePacks":["EU 2","DE 2"]""")).Value.ToJson();
        named.ShouldContain("""
            "rulePacks":["EU 2","DE 2"],"law":[{"rule":"DE-309-9"
            """.Trim());
        SettlementDocument.Settle(Document($$""","rulePacks":["EU 2",{{Germany.Pack.ToJson()}}]""")).Value.ToJson().ShouldBe(named);
        SettlementDocument.Settle(Document(""","rulePacks":["XX 9"]""")).Refusal!.Code.ShouldBe("settlement.document-unreadable");
    }

    private static void Check(Func<Random, bool> holds) =>
        FsCheck.Fluent.Prop.ForAll(Ends.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true));

    private static Random One(
        string place, Party party, string? sector, DateOnly start, int term, int received, int served, int notice, NoticeUnit unit, int choice, int fee, int pct)
    {
        bool Bit(int n) => (choice >> n & 1) == 1;
        var contract = new ContractTerms
        {
            Number = "C", Currency = "EUR", Start = start, TermMonths = term, MonthlyFee = new(fee, "EUR"), CurrentPeriodPrepaid = Bit(0), BillingMonths = Bit(1) ? 1 : 3,
            DeviceValue = Bit(2) ? new(fee * 3L, "EUR") : null, MonthlyDiscount = Bit(3) ? new(fee / 10, "EUR") : null, NoticeDays = Bit(4) ? notice : null,
            AutoRenew = Bit(5), Jurisdiction = place, Party = party,
        };
        var policy = Samples.Policy(place, party) with
        {
            Scope = new([place], party, null, sector), Notice = new(unit == NoticeUnit.Month ? notice % 7 : notice, unit), EndsOn = Enum.GetValues<EndsOn>()[choice / 64 % 3],
            EarlyExitAllowed = Bit(8), Etf = Bit(9) ? new RemainingShareFee(Rate.Parse($"{pct / 100}.{pct % 100:00}")) : null, Device = Enum.GetValues<DeviceRule>()[choice / 1024 % 3],
            Clawback = Enum.GetValues<ClawbackKind>()[choice / 4096 % Enum.GetValues<ClawbackKind>().Length], RefundsUnusedPeriod = Bit(14),
            Renewal = Bit(15) ? new(Enum.GetValues<RenewalKind>()[choice / 65536 % 3], 12, Bit(18) ? NoticePeriod.OfDays(notice) : null) : null,
            LateInterest = Bit(19) ? new(DailyRate: Rate.Parse("0.005")) : null,
        };
        var receivedOn = start.AddDays(received);
        var facts = new ExitFacts(receivedOn.AddDays(served), Bit(20) ? new Money(fee, "EUR") : null, Bit(21), Bit(22) ? [new(Measures.SwitchingCharge, StatementSide.Owed, new(500, "EUR"))] : null)
        {
            Ground = Bit(23) ? Ground.Withdrawal : Ground.ConsumerEarly, RenewalNoticeSent = Bit(24) ? false : Bit(25) ? true : null,
        };
        return new(place, contract, policy, facts, receivedOn, facts.RenewalNoticeSent);
    }
}
