using Exeunt.Core.Calendar;

namespace Exeunt.Core.Offers;

/// <summary>What is known of a customer on the day an offer is thought of.</summary>
/// <param name="Tier">"Normal", "Vip" or "HighRisk".</param>
/// <param name="Since">First day of the relationship.</param>
/// <param name="Fee">The fee a month in force.</param>
/// <param name="Spend">Spent in the last twelve closed months.</param>
/// <param name="Arrears">Overdue today.</param>
/// <param name="Reason">"PRICE" or "PRICE/TOO_HIGH"; null: no talk yet.</param>
/// <param name="AcceptedOn">When an offer was last accepted; null: never.</param>
/// <param name="DeclinedOn">When one was last declined.</param>
/// <param name="AbusedOn">When it was last found that the customer had accepted an offer and left all the same.</param>
public sealed record OfferFacts(
    DateOnly Today, string Tier, DateOnly? Since, Money Fee, Money Spend, Money Arrears, string? Reason, string? Sector, DateOnly? AcceptedOn, DateOnly? DeclinedOn,
    DateOnly? AbusedOn)
{
    /// <summary>Whole months since the relationship began; 0 when that is not known.</summary>
    public int TenureMonths => Since is { } since && since <= Today ? BillingPeriods.FullMonths(since, Today) : 0;
}

/// <summary>One condition with its result.</summary>
/// <param name="Code">"tier", "tenure", "fee"…</param>
/// <param name="Said">What was asked and what was found, with the figures.</param>
/// <param name="PossibleOn">The first day on which it holds, where a day is what is missing.</param>
public sealed record OfferCondition(string Code, bool Met, Words Said, DateOnly? PossibleOn = null)
{
    /// <summary>The condition as a "no".</summary>
    public Refusal Refusal => new(RefusalKind.Conflict, "offer." + Code, Said.English, Said.Chinese, PossibleOn);
}

/// <summary>Whether an entry may be offered: every condition it sets, with its result and the figures.</summary>
public static class OfferEligibility
{
    /// <summary>How long a record of abuse counts.</summary>
    public const int AbuseDays = 730;

    public static IReadOnlyList<OfferCondition> Of(OfferEntry entry, OfferFacts facts)
    {
        var asked = entry.Conditions;
        var results = new List<OfferCondition> { Valid(entry, facts.Today) };
        void Add(bool set, Func<OfferCondition> result)
        {
            if (set)
                results.Add(result());
        }
        Add(asked.Tiers.Count > 0, () => Is("tier", asked.Tiers.Contains(facts.Tier),
            $"For customers of tier {string.Join(", ", asked.Tiers)}; this one is {facts.Tier}.", $"适用分层：{string.Join("、", asked.Tiers.Select(TierChinese))}；该客户为{TierChinese(facts.Tier)}。"));
        Add(asked.MinTenureMonths is not null, () => Tenure(asked.MinTenureMonths!.Value, facts));
        Add(asked.MinFee.Count > 0, () => AtLeast("fee", asked.MinFee, facts.Fee, "The monthly fee", "月费"));
        Add(asked.MinSpend.Count > 0, () => AtLeast("spend", asked.MinSpend, facts.Spend, "What was spent in 12 months", "近 12 个月消费"));
        Add(asked.NoArrears, () => Is("arrears", facts.Arrears.Minor <= 0,
            $"Nothing may be overdue; {facts.Arrears} {facts.Arrears.Currency} is.", $"不得有逾期欠款；目前为 {facts.Arrears} {facts.Arrears.Currency}。"));
        Add(asked.OnlyArrears, () => Is("no-arrears", facts.Arrears.Minor > 0,
            $"Something must be overdue; {facts.Arrears} {facts.Arrears.Currency} is.", $"须有逾期欠款；目前为 {facts.Arrears} {facts.Arrears.Currency}。"));
        Add(asked.Reasons.Count > 0, () => Is("reason", asked.Reasons.Any(r => Answers(r, facts.Reason)),
            $"For the reasons {string.Join(", ", asked.Reasons)}; this case’s is {facts.Reason ?? "not known yet"}.", $"适用原因：{string.Join("、", asked.Reasons)}；本案为 {facts.Reason ?? "未知"}。"));
        Add(asked.Sectors.Count > 0, () => Is("sector", facts.Sector is { } sector && asked.Sectors.Contains(sector, StringComparer.OrdinalIgnoreCase),
            $"For the trades {string.Join(", ", asked.Sectors)}; this customer’s is {facts.Sector ?? "not known"}.", $"适用行业：{string.Join("、", asked.Sectors)}；该客户为 {facts.Sector ?? "未知"}。"));
        Add(asked.CoolDownDays > 0, () => After("cool-down", facts.AcceptedOn, asked.CoolDownDays, facts.Today,
            "after an offer was accepted", "距上次接受方案须满", "No offer was accepted before.", "此前未接受过方案。"));
        Add(asked.AfterNoDays > 0, () => After("declined-lately", facts.DeclinedOn, asked.AfterNoDays, facts.Today,
            "after an offer was declined", "距上次婉拒须满", "No offer was declined before.", "此前未婉拒过方案。"));
        Add(asked.NotAfterAbuse, () => After("abuse", facts.AbusedOn, AbuseDays, facts.Today,
            "after an offer was accepted and the customer left all the same", "距上次接受后仍离开须满", "No offer was taken and left before.", "无接受方案后仍离开的记录。"));
        return results;
    }

    /// <summary>Whether a reason of an entry ("PRICE" or "PRICE/TOO_HIGH") is the case's, or its first level.</summary>
    public static bool Answers(string reason, string? found) =>
        found is not null && (found == reason || found.StartsWith(reason + "/", StringComparison.Ordinal));

    /// <summary>Whether enough margin is left after the cost: the whole margin less the cost, in percent of the fees of the horizon.</summary>
    public static OfferCondition Margin(OfferEntry entry, OfferNumbers numbers)
    {
        var (fees, left) = ((Int128)numbers.Fees.Minor, (Int128)numbers.Margin.Minor - numbers.Cost.Minor);
        var met = left * 100 >= fees * entry.MarginFloorPercent;
        return Is("margin-floor", met,
            $"At least {entry.MarginFloorPercent} % of {numbers.Fees} {numbers.Fees.Currency} must stay as margin; {new Money((long)left, numbers.Fees.Currency)} is left.",
            $"毛利须不低于 {numbers.Fees} {numbers.Fees.Currency} 的 {entry.MarginFloorPercent}%；扣除成本后剩 {new Money((long)left, numbers.Fees.Currency)}。");
    }

    private static OfferCondition Valid(OfferEntry entry, DateOnly today) =>
        !entry.Active ? Is("retired", false, "This offer is retired.", "该方案已停用。")
        : today < entry.ValidFrom ? Is("not-yet-valid", false, $"It can be offered from {entry.ValidFrom:yyyy-MM-dd} on.", $"自 {entry.ValidFrom:yyyy-MM-dd} 起可用。") with { PossibleOn = entry.ValidFrom }
        : today > entry.ValidUntil ? Is("no-longer-valid", false, $"It could be offered until {entry.ValidUntil:yyyy-MM-dd}.", $"有效期至 {entry.ValidUntil:yyyy-MM-dd}，已过期。")
        : Is("valid", true, "It can be offered today.", "今日可用。");

    private static OfferCondition Tenure(int months, OfferFacts facts)
    {
        var met = facts.TenureMonths >= months;
        return new("tenure", met, new($"A customer for {months} months at least; it is {facts.TenureMonths}.", $"客户年限须满 {months} 个月；目前 {facts.TenureMonths} 个月。"),
            met || facts.Since is not { } since ? null : since.PlusMonths(months));
    }

    private static OfferCondition AtLeast(string code, IReadOnlyList<Money> limits, Money found, string english, string chinese) =>
        OfferEntry.In(limits, found.Currency) is { } least
            ? Is(code, found >= least, $"{english} must be {least} {least.Currency} at least; it is {found}.", $"{chinese}须不低于 {least} {least.Currency}；目前 {found}。")
            : Is(code, false, $"No limit is set in {found.Currency}.", $"未设 {found.Currency} 门槛，不适用。");

    /// <summary>The waiting time ends on the day that many days after.</summary>
    private static OfferCondition After(string code, DateOnly? on, int days, DateOnly today, string english, string chinese, string never, string neverChinese)
    {
        if (on is not { } last)
            return Is(code, true, never, neverChinese);
        var from = last.PlusDays(days);
        var met = today >= from;
        return new(code, met, new($"Not within {days} days {english} ({last:yyyy-MM-dd}).", $"{chinese} {days} 天（{last:yyyy-MM-dd}）。"), met ? null : from);
    }

    private static OfferCondition Is(string code, bool met, string english, string chinese) => new(code, met, new(english, chinese));

    private static string TierChinese(string tier) => tier switch { "Vip" => "VIP", "HighRisk" => "高风险", _ => "普通" };
}
