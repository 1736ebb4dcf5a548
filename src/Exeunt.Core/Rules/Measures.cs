using System.Globalization;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.LegalPages;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Rules;

/// <summary>What kind of value a measure has, and with it which limits make sense.</summary>
public enum MeasureKind
{
    /// <summary>A number: at most, at least.</summary>
    Number,

    /// <summary>"true" or "false": is.</summary>
    YesNo,

    /// <summary>One of a few codes: is, is not.</summary>
    Code,
}

/// <summary>A value found somewhere in a document.</summary>
/// <param name="Where">JSON path of the part: "notice", "grounds[2].fee".</param>
/// <param name="Value">A number, "true"/"false", or a code.</param>
public sealed record Reading(string Where, string Value);

/// <summary>What is measured; what is null is not looked at.</summary>
public sealed record Measured(
    TerminationPolicy? Policy = null, ContractTerms? Contract = null, ExitFacts? Facts = null, CancellationPage? Page = null);

/// <summary>
/// Something of a policy, contract, page or end that a rule can limit: its name in packs, its words, and where it stands.
/// </summary>
public sealed record Measure(string Name, MeasureKind Kind, Words Title, Func<Measured, LegalRule, string, IEnumerable<Reading>> Reads)
{
    /// <summary>Every value the subject has for this measure; none where the subject does not say.</summary>
    /// <param name="place">Whose calendar business days are counted by.</param>
    public IEnumerable<Reading> Of(Measured subject, LegalRule rule, string place) => Reads(subject, rule, place);

    /// <summary>Whether the operator can be used with this kind of measure and the value be read.</summary>
    public bool Understands(Limit limit) =>
        Kind switch
        {
            MeasureKind.Number => limit.Operator is LimitOperator.AtMost or LimitOperator.AtLeast && Measures.TryNumber(limit.Value, out _),
            MeasureKind.YesNo => limit.Operator is LimitOperator.Is && limit.Value is "true" or "false",
            _ => limit.Operator is LimitOperator.Is or LimitOperator.IsNot && limit.Value.Length > 0,
        };

    /// <summary>Whether a value keeps to a limit.</summary>
    public static bool Holds(Limit limit, string value) =>
        limit.Operator switch
        {
            LimitOperator.AtMost => Measures.Number(value) <= Measures.Number(limit.Value),
            LimitOperator.AtLeast => Measures.Number(value) >= Measures.Number(limit.Value),
            LimitOperator.Is => value == limit.Value,
            _ => value != limit.Value,
        };
}

/// <summary>
/// Every measure there is. Packs name them; a rule about something that is not here needs a line here first.
/// </summary>
/// <remarks>
/// A notice is compared by its longest length: against days, a month counts 31 and business days what they can take by the
/// calendar of the place; against months, a month counts 30 days, so that 30 days are a month and 31 are not. That a month of
/// 28 days is shorter still is left to the case, where the earlier of the two days counts (<see cref="LegalLimits"/>).
/// </remarks>
public static class Measures
{
    /// <summary>Code of an added line, or of a price, for moving data and services to another provider.</summary>
    public const string SwitchingCharge = "switchingCharge";

    public static IReadOnlyList<Measure> All { get; } =
    [
        new("termMonths", MeasureKind.Number, new("Longest first term, in months", "最长首期（月）"), (s, _, _) => [
            .. Maybe("maxTermMonths", s.Policy?.MaxTermMonths), .. Maybe("contract.termMonths", s.Contract?.TermMonths)]),
        new("minimumMonths", MeasureKind.Number, new("Months before one may leave", "最短在约月数"), (s, _, _) => Maybe("minimumMonths", s.Policy?.MinimumMonths)),
        new("notice.days", MeasureKind.Number, new("Notice, in days", "通知期（天）"), (s, _, place) =>
            Notices(s).Select(n => new Reading(n.Where, Text(LongestDays(n.Notice, place))))),
        new("notice.months", MeasureKind.Number, new("Notice, in months", "通知期（月）"), (s, _, place) =>
            Notices(s).Select(n => new Reading(n.Where, Text(LongestMonths(n.Notice, place))))),
        new("notice.afterTerm.months", MeasureKind.Number, new("Notice after the term, in months", "期满后的通知期（月）"), (s, _, place) => s.Policy switch
        {
            null or { Renewal.Kind: RenewalKind.None } => [],
            { Renewal.Notice: { } own } => [new("renewal.notice", Text(LongestMonths(own, place)))],
            var policy => [new("notice", Text(LongestMonths(policy.Notice, place)))],
        }),
        new("notice.onPaper", MeasureKind.YesNo, new("Notice of stopping served on paper", "停供通知以纸质送达"), (_, _, _) => []),
        new("endsOn", MeasureKind.Code, new("Days on which it may end", "可终止日"), (s, _, _) => s.Policy is { } p
            ? [new("endsOn", p.EndsOn switch { EndsOn.AnyDay => "ANY_DAY", EndsOn.MonthEnd => "MONTH_END", _ => "PERIOD_END" })] : []),
        new("earlyExit.allowed", MeasureKind.YesNo, new("Leaving within the term", "允许提前解约"), (s, _, _) => s.Policy is { } p ? [YesNo("earlyExitAllowed", p.EarlyExitAllowed)] : []),
        new("renewal.kind", MeasureKind.Code, new("Renewal", "续约方式"), (s, _, _) => s.Policy?.Renewal is { } r
            ? [new("renewal.kind", r.Kind switch { RenewalKind.None => "NONE", RenewalKind.Indefinite => "INDEFINITE", _ => "FIXED" })] : []),
        new("renewal.months", MeasureKind.Number, new("Length of a renewal, in months", "续约期（月）"), (s, _, _) => Maybe("renewal.months", s.Policy?.Renewal?.Months)),
        new("renewal.reminderDays", MeasureKind.Number, new("Reminder before the renewal, in days", "续约前提醒（天）"), (s, _, _) => s.Policy?.Renewal is { Kind: not RenewalKind.None } r
            ? [new("renewal.reminderDays", Text(r.ReminderDays ?? 0))] : []),
        new("renewal.reminderBeforeDeadline", MeasureKind.Number, new("Reminder before the last day for refusing the renewal, in days", "距拒绝续约最后期限的提醒天数"), (s, _, place) =>
            s.Policy is { Renewal: { Kind: not RenewalKind.None } r } p ? [new("renewal.reminderDays", Text((r.ReminderDays ?? 0) - LongestDays(p.Notice, place)))] : []),
        new("renewal.noticeSent", MeasureKind.YesNo, new("Notice before the renewal sent in time", "续约前已按期告知"), (s, _, _) => s.Facts?.RenewalNoticeSent is { } sent
            ? [YesNo("facts.renewalNoticeSent", sent)] : []),
        new("fee.afterRenewal", MeasureKind.YesNo, new("Fee for leaving a renewed term", "续约期内的提前解约费"), (s, _, _) =>
            s.Policy is { Renewal.Kind: RenewalKind.Fixed, Etf: not null } ? [YesNo("renewal.kind", true)] : []),
        new("etf.remainingShare", MeasureKind.Number, new("Fee as a share of what is left", "提前解约费占剩余费用的比例"), (s, _, _) => s.Policy?.Etf is { } etf && ShareOf(etf) is { } share
            ? [new(etf is RemainingShareFee ? "etf.pct" : "etf.of", Text(share))] : []),
        new("ground.WITHDRAWAL.fee", MeasureKind.Code, new("Fee for a withdrawal without reason", "无理由撤回的费用"), (s, _, _) => s.Policy is { } p
            ? p.Grounds.Select((g, i) => (g, i)).Where(x => x.g.Ground == Ground.Withdrawal)
                .Select(x => new Reading(string.Create(CultureInfo.InvariantCulture, $"grounds[{x.i}].fee"), x.g.Fee == GroundFee.None ? "NONE" : "POLICY")) : []),
        new("device.rule", MeasureKind.Code, new("What a kept device costs", "保留设备的计价方式"), (s, _, _) => s.Policy is { } p
            ? [new("device", p.Device switch { DeviceRule.ProRata => "PRO_RATA", DeviceRule.Eecc => "EECC", _ => "NONE" })] : []),
        new("clawback.kind", MeasureKind.Code, new("Discounts taken back", "优惠追回方式"), (s, _, _) => s.Policy is { } p
            ? [new("clawback", p.Clawback.ToString().ToUpperInvariant())] : []),
        new("refund.unusedPrepaid", MeasureKind.YesNo, new("Refund of what was paid ahead and not used", "退还未使用的预付费用"), (s, _, _) => s.Policy is { } p
            ? [YesNo("refundsUnusedPeriod", p.RefundsUnusedPeriod)] : []),
        new("billing.end", MeasureKind.Code, new("Until when is charged", "计费截止"), (s, _, _) => s.Policy is { } p
            ? [new("billingEnds", p.BillingEnds == BillingEnd.WithService ? "WITH_SERVICE" : "PERIOD_END")] : []),
        new("prepaid.method", MeasureKind.Code, new("How a prepayment is settled", "预付款结算方式"), (s, _, _) => s.Policy is { } p
            ? [new("prepaid.method", p.Prepaid?.Method switch { PrepaidMethod.ByConsumption => "BY_CONSUMPTION", PrepaidMethod.UnlimitedTime => "UNLIMITED_TIME", _ => "NONE" })] : []),
        new("prepaid.operatorInterest", MeasureKind.YesNo, new("Interest at the operator's fault", "经营者原因计息"), (s, _, _) => s.Policy?.Prepaid is { } t
            ? [YesNo("prepaid.operatorFaultRate", t.OperatorFaultRate is not null)] : []),
        new("prepaid.consumerInterest", MeasureKind.YesNo, new("Interest for the consumer's own reason", "消费者自身原因计息"), (s, _, _) => s.Policy?.Prepaid is { } t
            ? [YesNo("prepaid.consumerReasonRate", t.ConsumerReasonRate is not null)] : []),
        new("earnest.share", MeasureKind.Number, new("Earnest as a share of the price", "定金占合同价款比例"), (s, _, _) => s.Contract?.Earnest is { ContractPrice.Minor: > 0 } e
            ? [new("contract.earnest", Text((decimal)e.Amount.Minor / e.ContractPrice.Minor))] : []),
        new("lateInterest.dailyRate", MeasureKind.Number, new("Surcharge a day", "每日滞纳金"), (s, _, _) => s.Policy?.LateInterest?.DailyRate is { } rate
            ? [new("lateInterest.dailyRate", Text(Decimal(rate)))] : []),
        new("lateInterest.annualRate", MeasureKind.Number, new("Interest a year", "年利率"), (s, _, _) => s.Policy?.LateInterest is { AnnualRate: { } rate } late
            ? [new("lateInterest.annualRate", Text(Decimal(rate) * Decimal(late.Multiplier ?? Rate.One)))] : []),
        new("instalments.maxCount", MeasureKind.Number, new("Most instalments", "最多分期数"), (s, _, _) => Maybe("instalments.maxCount", s.Policy?.Instalments?.MaxCount)),
        new(SwitchingCharge, MeasureKind.Number, new("Charge for switching providers", "转换服务商费用"), (s, _, _) => [
            .. (s.Policy?.DamagePrices ?? []).Select((d, i) => (d.Code, d.Price.Minor, Where: string.Create(CultureInfo.InvariantCulture, $"damagePrices[{i}].price")))
                .Where(d => d.Code == SwitchingCharge).Select(d => new Reading(d.Where, Text(d.Minor)))]),
        new("resignAfterDays", MeasureKind.Number, new("Days before a new contract", "重新签约间隔（天）"), (s, _, _) => Maybe("consequences.resignAfterDays", s.Policy?.Consequences.ResignAfterDays)),
        new("credit.told", MeasureKind.YesNo, new("Effect on the credit record told", "已告知信用影响"), (s, _, _) => s.Policy?.Consequences is { ReportedToCreditBureau: true } c
            ? [YesNo("consequences.credit", c.Credit is not null)] : []),
        new("decision.humanReview", MeasureKind.YesNo, new("A person reviews automated decisions", "自动化决策经人工复核"), (_, _, _) => []),
        new("offer.afterDeclaration", MeasureKind.YesNo, new("An offer after the customer has declared", "提交解约后的挽留步骤"), (_, _, _) => []),
        new("offer.onConfirmationPage", MeasureKind.YesNo, new("An offer on the confirmation page", "确认页展示挽留方案"), (s, _, _) => s.Page is { } p ? [YesNo("offerOnConfirmation", p.OfferOnConfirmation)] : []),
        new("offer.showsCancel", MeasureKind.YesNo, new("The way to cancel beside the offer", "挽留方案旁的取消入口"), (s, _, _) => s.Page is { ShowsOffer: true } p ? [YesNo("cancelBesideOffer", p.CancelBesideOffer)] : []),
        new("page.function", MeasureKind.Code, new("What the page is for", "页面用途"), (s, _, _) => s.Page is { } p ? [new("function", p.Function == PageFunction.Ending ? "ENDING" : "WITHDRAWAL")] : []),
        new("page.clicks", MeasureKind.Number, new("Clicks from the first button to the declaration", "从入口到提交的点击次数"), (s, _, _) => s.Page is { } p ? [new("recap", Text(p.Clicks))] : []),
        new("page.recap", MeasureKind.YesNo, new("A summary before the last button", "提交前的汇总页"), (s, _, _) => s.Page is { } p ? [YesNo("recap", p.Recap)] : []),
        new("page.entryWords", MeasureKind.Code, new("Words on the first button", "入口按钮文字"), (s, _, _) => s.Page is { EntryWords: { } words } ? [new("entry", words)] : []),
        new("page.confirmWords", MeasureKind.Code, new("Words on the last button", "提交按钮文字"), (s, _, _) => s.Page is { ConfirmWords: { } words } ? [new("confirm", words)] : []),
        new("page.loginRequired", MeasureKind.YesNo, new("An account is asked for", "要求登录账号"), (s, _, _) => s.Page is { } p ? [YesNo("loginRequired", p.LoginRequired)] : []),
        new("page.extraFields", MeasureKind.Number, new("Fields beyond what may be asked", "超出允许范围的字段"), (s, rule, _) => s.Page is { } p
            ? [new("fields", Text(p.Fields.Except((rule.Figures.GetValueOrDefault("fields") ?? "").Split(' '), StringComparer.Ordinal).Count()))] : []),
        new("page.missingFields", MeasureKind.Number, new("Fields that must be asked and are not", "应询问而未询问的字段"), (s, rule, _) => s.Page is { } p
            ? [new("fields", Text((rule.Figures.GetValueOrDefault("fields") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(p.Fields, StringComparer.Ordinal).Count()))] : []),
    ];

    private static readonly Dictionary<string, Measure> ByName = All.ToDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>The measure of that name; null when there is none.</summary>
    public static Measure? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The most days a notice can take, from any day of four years, by the calendar of a place.</summary>
    public static int LongestDays(NoticePeriod notice, string place)
    {
        if (notice.Unit == NoticeUnit.Day || notice.Count <= 0)
            return notice.Count;
        if (notice.Count > 120)
            return notice.Count * (notice.Unit == NoticeUnit.Month ? 31 : 2);
        var calendar = HolidayCalendars.For(place);
        var longest = 0;
        for (var day = new DateOnly(2024, 1, 1); day.Year < 2028; day = day.AddDays(1))
            longest = Math.Max(longest, notice.LastDay(day, calendar).DayNumber - day.DayNumber);
        return longest;
    }

    internal static decimal Number(string text) => TryNumber(text, out var number) ? number : throw CalculationException.Input("limit", $"a number, not \"{text}\"");

    internal static bool TryNumber(string text, out decimal number) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static decimal LongestMonths(NoticePeriod notice, string place) => notice.Unit == NoticeUnit.Month ? notice.Count : LongestDays(notice, place) / 30m;

    private static IEnumerable<(string Where, NoticePeriod Notice)> Notices(Measured s)
    {
        if (s.Policy is { } policy)
        {
            yield return ("notice", policy.Notice);
            if (policy.Renewal?.Notice is { } after)
                yield return ("renewal.notice", after);
            for (var i = 0; i < policy.Grounds.Count; i++)
                if (policy.Grounds[i].Notice is { } own)
                    yield return (string.Create(CultureInfo.InvariantCulture, $"grounds[{i}].notice"), own);
        }
        if (s.Contract?.NoticeDays is { } days)
            yield return ("contract.noticeDays", NoticePeriod.OfDays(days));
    }

    /// <summary>The largest share of the fees left that the fee can come to; null for a fee that is no share.</summary>
    private static decimal? ShareOf(EtfRule rule) =>
        rule switch
        {
            RemainingShareFee share => Decimal(share.Pct),
            LeastFee least => least.Of.Select(ShareOf).Min(),
            _ => null,
        };

    /// <summary>Near enough for a comparison; a rate beyond a million is a million.</summary>
    private static decimal Decimal(Rate rate) => (decimal)Math.Min((double)rate.Numerator / (double)rate.Denominator, 1e6);

    private static IEnumerable<Reading> Maybe(string where, int? value) => value is { } n ? [new(where, Text(n))] : [];

    private static Reading YesNo(string where, bool value) => new(where, value ? "true" : "false");

    private static string Text(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
