using Exeunt.Core.Retention;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Retention;

public class RetentionScheduleTests
{
    /// <summary>Places, category, day its period starts, rule that wins, last day, what comes after.</summary>
    [Theory]
    [InlineData("CN", DataCategory.Contract, "2026-06-30", "CN-CONTRACT", "2031-06-30", RetentionOutcome.Delete)]
    [InlineData("DE", DataCategory.Contract, "2026-06-30", "DE-LETTERS", "2032-12-31", RetentionOutcome.Delete)]
    [InlineData("FR", DataCategory.Contract, "2026-06-30", "EU-CONTRACT", "2029-12-31", RetentionOutcome.Delete)]
    [InlineData("CN", DataCategory.Vouchers, "2026-05-10", "CN-VOUCHERS", "2056-12-31", RetentionOutcome.Delete)]
    [InlineData("DE", DataCategory.Vouchers, "2026-05-10", "DE-BOOKS", "2036-12-31", RetentionOutcome.Delete)]
    [InlineData("CN", DataCategory.Transactions, "2026-06-30", "CN-TRANSACTIONS", "2029-06-30", RetentionOutcome.Anonymise)]
    [InlineData("CN", DataCategory.DueDiligence, "2026-06-30", "CN-AML", "2036-06-30", RetentionOutcome.Delete)]
    [InlineData("DE", DataCategory.DueDiligence, "2026-06-30", "EU-AML", "2031-06-30", RetentionOutcome.Delete)]
    [InlineData("CN", DataCategory.Consents, "2024-02-29", "CN-CONSENT", "2027-02-28", RetentionOutcome.Delete)]
    [InlineData("CN", DataCategory.Recordings, "2026-06-30", "CN-RECORDINGS", "2028-06-30", RetentionOutcome.Delete)]
    [InlineData("DE", DataCategory.Recordings, "2026-08-31", "EU-RECORDINGS", "2027-02-28", RetentionOutcome.Delete)]
    [InlineData("CN", DataCategory.AccessLogs, "2026-06-30", "CN-ACCESS", "2026-12-30", RetentionOutcome.Delete)]
    [InlineData("EU", DataCategory.AccessLogs, "2026-06-30", "EU-ACCESS", "2027-06-30", RetentionOutcome.Delete)]
    [InlineData("CN", DataCategory.ImpactAssessments, "2026-06-30", "CN-PIA", "2029-06-30", RetentionOutcome.Delete)]
    [InlineData("CN", DataCategory.RiskEvidence, "2026-06-30", "CN-RISK", "2027-06-30", RetentionOutcome.Delete)]
    [InlineData("DE", DataCategory.CreditNegative, "2026-06-30", "EU-CREDIT", "2031-06-30", RetentionOutcome.Delete)]
    [InlineData("DE", DataCategory.IdentityCopies, "2026-06-30", "EU-IDENTITY", "2026-07-30", RetentionOutcome.Delete)]
    [InlineData("DE", DataCategory.Analytics, "2026-06-30", "EU-ANALYTICS", "2028-06-30", RetentionOutcome.Anonymise)]
    // Where nobody wrote rules the company's own hold; of several places the longest wins, whichever comes first.
    [InlineData("US", DataCategory.Vouchers, "2026-05-10", "CN-VOUCHERS", "2056-12-31", RetentionOutcome.Delete)]
    [InlineData("", DataCategory.Contract, "2026-06-30", "CN-CONTRACT", "2031-06-30", RetentionOutcome.Delete)]
    [InlineData("DE,CN", DataCategory.Contract, "2026-06-30", "DE-LETTERS", "2032-12-31", RetentionOutcome.Delete)]
    [InlineData("CN,DE", DataCategory.Contract, "2026-06-30", "DE-LETTERS", "2032-12-31", RetentionOutcome.Delete)]
    [InlineData("DE,CN", DataCategory.Vouchers, "2026-05-10", "CN-VOUCHERS", "2056-12-31", RetentionOutcome.Delete)]
    // A case of a member brings the packs of the Union and the member; the Union alone, which has no rule for vouchers, does not bring our own.
    [InlineData("EU,DE", DataCategory.Vouchers, "2026-05-10", "DE-BOOKS", "2036-12-31", RetentionOutcome.Delete)]
    [InlineData("DE,EU", DataCategory.Vouchers, "2026-05-10", "DE-BOOKS", "2036-12-31", RetentionOutcome.Delete)]
    [InlineData("DE", DataCategory.Transactions, "2026-06-30", "CN-TRANSACTIONS", "2029-06-30", RetentionOutcome.Anonymise)]
    public void The_longest_rule_wins(string places, DataCategory category, string from, string rule, string until, RetentionOutcome then)
    {
        var kept = RetentionSchedule.Of(category, places.Split(',', StringSplitOptions.RemoveEmptyEntries), DateOnly.Parse(from));
        kept.Rule!.Code.ShouldBe(rule);
        kept.Until.ShouldBe(DateOnly.Parse(until));
        kept.Outcome.ShouldBe(RetentionOutcome.Lock);
        kept.On(kept.Until!.Value).ShouldBe(RetentionOutcome.Lock, "the last day counts");
        kept.On(kept.Until.Value.AddDays(1)).ShouldBe(then);
    }

    /// <summary>The contract ended on 31 January 2026.</summary>
    [Theory]
    [InlineData(DataCategory.Transactions, "2027-05-20", "2030-05-20")]
    [InlineData(DataCategory.Vouchers, "2027-05-20", "2057-12-31")]
    [InlineData(DataCategory.Transactions, "2025-11-03", "2029-01-31")]
    [InlineData(DataCategory.Vouchers, "2025-11-03", "2056-12-31")]
    [InlineData(DataCategory.Transactions, null, "2029-01-31")]
    [InlineData(DataCategory.Contract, "2027-05-20", "2031-01-31")]
    [InlineData(DataCategory.Consents, "2027-05-20", "2029-01-31")]
    [InlineData(DataCategory.RiskEvidence, "2027-05-20", "2027-01-31")]
    [InlineData(DataCategory.Analytics, "2027-05-20", "2028-01-31")]
    [InlineData(DataCategory.Contact, "2027-05-20", null)]
    [InlineData(DataCategory.Profile, "2027-05-20", null)]
    public void A_later_trade_moves_what_counts_from_trade_and_nothing_else(DataCategory category, string? lastTrade, string? until) =>
        RetentionSchedule.AtEnd(category, ["CN"], new(2026, 1, 31), Day(lastTrade)).Until.ShouldBe(Day(until));

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.Parse(text);

    [Fact]
    public void A_voucher_is_locked_from_the_day_after_its_year()
    {
        // R16: voucher of 10 May 2026, locked from 1 January 2027 to 31 December 2056.
        var kept = RetentionSchedule.Of(DataCategory.Vouchers, ["CN"], new(2026, 5, 10));
        (kept.Rule!.FirstDay(new(2026, 5, 10)), kept.Until).ShouldBe((new DateOnly(2027, 1, 1), new DateOnly(2056, 12, 31)));
    }

    [Theory]
    [InlineData(DataCategory.Profile)]
    [InlineData(DataCategory.Contact)]
    [InlineData(DataCategory.Payout)]
    [InlineData(DataCategory.Application)]
    public void What_no_rule_keeps_is_deleted(DataCategory category)
    {
        var kept = RetentionSchedule.Of(category, ["CN", "DE"], new(2026, 6, 30));
        (kept.Outcome, kept.Until, kept.Then).ShouldBe((RetentionOutcome.Delete, null, RetentionOutcome.Delete));
    }

    [Fact]
    public void Proof_stays_for_it_names_nobody() =>
        RetentionSchedule.Of(DataCategory.Proof, ["CN"], new(2026, 6, 30)).On(new(2999, 1, 1)).ShouldBe(RetentionOutcome.Keep);

    [Fact]
    public void Every_rule_has_a_code_of_its_own_and_says_why_in_both_languages()
    {
        RetentionSchedule.Rules.Select(r => r.Code).ShouldBeUnique();
        RetentionSchedule.Rules.ShouldAllBe(r => r.Basis.English.Length > 10 && r.Basis.Chinese.Length > 5);
        RetentionSchedule.Rules.Where(r => r.After != RetentionOutcome.Keep).ShouldAllBe(r => r.Months > 0 || r.Days > 0);
    }

    [Fact]
    public void Of_two_contracts_the_later_end_counts()
    {
        var (first, second) = (RetentionSchedule.Of(DataCategory.Contract, ["CN"], new(2026, 1, 1)), RetentionSchedule.Of(DataCategory.Contract, ["CN"], new(2027, 1, 1)));
        Retained.Longer(first, second).Until.ShouldBe(second.Until);
        Retained.Longer(second, first).Until.ShouldBe(second.Until);
    }
}
