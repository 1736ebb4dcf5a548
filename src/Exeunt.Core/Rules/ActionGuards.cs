using System.Globalization;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Rules;

/// <summary>Whether the rest of an instalment price may be called in (CN-634).</summary>
public enum Acceleration
{
    /// <summary>Too few instalments: the rule is not about this contract.</summary>
    NotApplicable,

    /// <summary>Less than the share is due and unpaid.</summary>
    Refused,

    /// <summary>Allowed once a demand was made and a reasonable period has passed.</summary>
    AfterDemand,
}

/// <summary>How a reminder before a renewal stands (CN-REN, CN-REN-5D).</summary>
public enum RenewalNotice
{
    /// <summary>Not before the renewal: the law is broken.</summary>
    TooLate,

    /// <summary>Before it, but not by the days of the safe harbour: a warning.</summary>
    MissedSafeHarbour,

    InTime,
}

/// <summary>What a wish for erasure does to a voucher: the profile goes, the voucher is locked until its day.</summary>
/// <param name="LockedFrom">First day of the statutory period.</param>
/// <param name="LockedTo">Last day (included).</param>
public sealed record VoucherLock(bool ProfileDeleted, DateOnly LockedFrom, DateOnly LockedTo, Words Reason);

/// <summary>What the withdrawal of consent does (CN-PI15/16).</summary>
public sealed record ConsentWithdrawal(bool ServiceContinues, DateTimeOffset ChannelOffAt);

/// <summary>
/// What the law wants before somebody acts. Guards ask the company to stop and do it rightly, so they hold at every status of a
/// rule that is in force; none of them is ever in a customer's way.
/// </summary>
public static class ActionGuards
{
    /// <summary>No decision to end, refuse or charge by a score alone (CN-PI24, EU-G20/22/30).</summary>
    /// <param name="reviewedBy">Who looked at it; null: nobody.</param>
    public static Refusal? AutomatedDecision(IReadOnlyList<RulePack> packs, DateOnly on, string? reviewedBy) =>
        reviewedBy is null && Naming(packs, on, "decision.humanReview", null) is { } rule
            ? Refuse("HUMAN_REVIEW_REQUIRED", $"A person must look at this and decide (rule {rule.Id}).", $"须由人工复核后决定（{rule.Article}）。")
            : null;

    /// <summary>Notices that stop water, heat or gas are served on paper (CN-ES).</summary>
    public static Refusal? StopOfSupply(IReadOnlyList<RulePack> packs, DateOnly on, string? sector, bool onPaper) =>
        !onPaper && Naming(packs, on, "notice.onPaper", sector) is { } rule
            ? Refuse("PAPER_FORM_REQUIRED", $"This notice must be served on paper; an electronic one does not count (rule {rule.Id}).", $"该通知须以纸质形式送达，电子形式无效（{rule.Article}）。")
            : null;

    /// <summary>A right to end lapses a year after its ground was known (CN-564).</summary>
    public static Refusal? RightToTerminate(RulePack cn, DateOnly knownOn, DateOnly usedOn)
    {
        var until = LegalPeriods.ChinaRightToTerminate(cn, knownOn);
        return usedOn <= until
            ? null
            : Refuse("RIGHT_LAPSED", $"The right to end could be used until {until:yyyy-MM-dd} (rule CN-564).",
                string.Create(CultureInfo.InvariantCulture, $"解除权应于 {until:yyyy-MM-dd} 前行使，现已消灭（{cn.Rule("CN-564").Article}）。"));
    }

    /// <summary>Whether the whole price of an instalment sale may be asked for; the share counts from exactly a fifth on (CN-634).</summary>
    /// <param name="dueUnpaid">What is due and unpaid, a magnitude.</param>
    public static Acceleration CallIn(RulePack cn, Money price, Money dueUnpaid, int instalments)
    {
        var rule = cn.Rule("CN-634");
        if (instalments < rule.Count("instalments"))
            return Acceleration.NotApplicable;
        if (price.Currency != dueUnpaid.Currency)
            throw CalculationException.Mixed(price.Currency, dueUnpaid.Currency);
        var share = rule.Factor("share");
        return dueUnpaid.Minor * share.Denominator >= price.Minor * share.Numerator ? Acceleration.AfterDemand : Acceleration.Refused;
    }

    /// <summary>Whether a reminder came before the renewal, and by the safe harbour's days (CN-REN-5D).</summary>
    public static RenewalNotice Renewal(RulePack cn, DateOnly sentOn, DateOnly renewsOn) =>
        sentOn >= renewsOn ? RenewalNotice.TooLate
        : sentOn.PlusDays(cn.Rule("CN-REN-5D").Count("renewalNoticeDays")) > renewsOn ? RenewalNotice.MissedSafeHarbour
        : RenewalNotice.InTime;

    /// <summary>A wish for erasure while a voucher must be kept: counted from the day after the financial (calendar) year (CN-PI47, CN-ACC).</summary>
    public static VoucherLock Erasure(RulePack cn, DateOnly voucherOn)
    {
        var rule = cn.Rule("CN-ACC");
        var (from, years) = (new DateOnly(voucherOn.Year + 1, 1, 1), rule.Count("voucherYears"));
        var to = from.PlusMonths(12L * years).PlusDays(-1);
        return new(true, from, to, new(
            $"Accounting vouchers are kept for {years} years (rule {rule.Id}); until {to:yyyy-MM-dd} they are only stored and protected.",
            $"会计凭证须保存{years}年（{rule.Article}），至 {to:yyyy-MM-dd} 仅作存储和安全保护。"));
    }

    /// <summary>Consent to marketing is withdrawn while the contract goes on: the channel is off at once, the service stays (CN-PI15/16).</summary>
    /// <param name="necessaryForService">Whether the service cannot be given without the data.</param>
    public static ConsentWithdrawal WithdrawConsent(DateTimeOffset at, bool necessaryForService) => new(!necessaryForService, at);

    /// <summary>
    /// When a notice that ends a contract takes effect: on arrival in the system the recipient named, or, without one, when they
    /// knew of it (CN-565, CN-137). Never when it was sent.
    /// </summary>
    /// <returns>Null while it has not arrived.</returns>
    public static DateTimeOffset? EffectOfNotice(DateTimeOffset? enteredSystemAt, DateTimeOffset? knownAt) => enteredSystemAt ?? knownAt;

    /// <summary>A notice that ends the contract unless the debt is paid: the last day of the cure period, at 24:00; null when it was paid within it (CN-565).</summary>
    public static DateOnly? ConditionalEnd(DateOnly arrivedOn, int cureDays, DateOnly? paidOn)
    {
        var last = NoticePeriod.OfDays(cureDays).LastDay(arrivedOn);
        return paidOn <= last ? null : last;
    }

    private static LegalRule? Naming(IReadOnlyList<RulePack> packs, DateOnly on, string measure, string? sector) =>
        packs.SelectMany(p => p.Rules).FirstOrDefault(r =>
            r.IsInForce(on) && (r.Sectors.Count == 0 || (sector is not null && r.Sectors.Contains(sector))) && r.Limits.Any(l => l.Measure == measure));

    private static Refusal Refuse(string code, string english, string chinese) => new(RefusalKind.Conflict, code, english, chinese);
}
