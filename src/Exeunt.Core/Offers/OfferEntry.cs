using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Offers;

/// <summary>
/// How the cost of an offer is computed: what the company gives up, rounded once, half up. What a new fee is below the present one, and
/// the entry's own cost, are added to it in any case.
/// </summary>
public enum OfferCostFormula
{
    None,

    /// <summary>fee × months × percent / 100.</summary>
    ShareOfFee,

    /// <summary>fee × months.</summary>
    WholeFee,

    /// <summary>(fee − new fee) × months of the horizon, not below 0.</summary>
    FeeDifference,

    /// <summary>The amount paid.</summary>
    Amount,

    /// <summary>Only the entry's own cost, once.</summary>
    Fixed,

    /// <summary>overdue × the entry's percent a year × months / 12: the interest that is not taken.</summary>
    Deferral,
}

/// <summary>Whole numbers from least to most, both included.</summary>
public sealed record OfferRange(int Least, int Most)
{
    public bool Holds(int? value) => value is { } v && v >= Least && v <= Most;
}

/// <summary>Whom an entry may be offered to; what is empty or null does not matter.</summary>
public sealed record OfferConditions
{
    public const int DefaultCoolDown = 180;
    public const int DefaultAfterNo = 90;

    /// <summary>Tiers that may have it: "Normal", "Vip", "HighRisk".</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Whole months since the relationship began, at least.</summary>
    public int? MinTenureMonths { get; init; }

    /// <summary>The fee a month, at least, one amount for each currency; a currency without one cannot have it.</summary>
    public IReadOnlyList<Money> MinFee { get; init; } = [];

    /// <summary>What was spent in the last twelve closed months, at least, one amount for each currency.</summary>
    public IReadOnlyList<Money> MinSpend { get; init; } = [];

    /// <summary>Whether nothing may be overdue.</summary>
    public bool NoArrears { get; init; }

    /// <summary>Whether something must be overdue (deferral, parts).</summary>
    public bool OnlyArrears { get; init; }

    /// <summary>Reasons it answers: "PRICE" takes every detail, "PRICE/TOO_HIGH" one.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Trades that may have it, as customers carry them.</summary>
    public IReadOnlyList<string> Sectors { get; init; } = [];

    /// <summary>Days since the customer last accepted an offer, at least.</summary>
    public int CoolDownDays { get; init; } = DefaultCoolDown;

    /// <summary>Days since the customer last declined one, at least.</summary>
    public int AfterNoDays { get; init; } = DefaultAfterNo;

    /// <summary>Whether customers are left out who accepted an offer and left all the same.</summary>
    public bool NotAfterAbuse { get; init; } = true;
}

/// <summary>Something to do once the offer is accepted.</summary>
/// <param name="Days">Due so many days after the acceptance, 0 to 90.</param>
public sealed record OfferTask(string Code, Words What, Role Role, int Days);

/// <summary>One entry of the offer catalogue in one version. A document: an offer keeps the one it was made from.</summary>
public sealed record OfferEntry
{
    public const int MaxCode = 40;
    public const int MaxWords = 600;

    public required string Code { get; init; }
    public int Version { get; init; }
    public required OfferKind Kind { get; init; }
    public required Words Name { get; init; }

    /// <summary>What the customer reads; {percent}, {months}, {amount} and {fee} are filled in.</summary>
    public required Words Customer { get; init; }

    /// <summary>Percent off, 1 to 100; null: none is asked for.</summary>
    public OfferRange? Percent { get; init; }

    /// <summary>Months, 1 to 60; null: none are asked for.</summary>
    public OfferRange? Months { get; init; }

    /// <summary>The most that may be paid, one amount for each currency; empty: no amount is asked for.</summary>
    public IReadOnlyList<Money> MaxAmount { get; init; } = [];

    /// <summary>Whether a new fee a month is asked for.</summary>
    public bool AsksFee { get; init; }

    public OfferConditions Conditions { get; init; } = new();
    public OfferCostFormula Cost { get; init; }

    /// <summary>The entry's own cost, once for each offer, one amount for each currency; empty: none.</summary>
    public IReadOnlyList<Money> FixedCost { get; init; } = [];

    /// <summary>Percent a year for <see cref="OfferCostFormula.Deferral"/>, 0 to 100.</summary>
    public int AnnualPercent { get; init; }

    /// <summary>Months over which cost and value are looked at, 1 to 60.</summary>
    public int HorizonMonths { get; init; } = 12;

    /// <summary>The part of the fee that is margin, in percent: an assumption of the company.</summary>
    public int MarginPercent { get; init; } = 40;

    /// <summary>The part of those who accept that is still there after 90 days, in percent: assumed until enough are counted.</summary>
    public int StayPercent { get; init; } = 70;

    /// <summary>What must be left of the fee as margin after the cost, in percent of the fee.</summary>
    public int MarginFloorPercent { get; init; } = 10;

    /// <summary>Above this cost somebody else approves, one amount for each currency; a currency without one always asks.</summary>
    public IReadOnlyList<Money> ApprovalAbove { get; init; } = [];

    /// <summary>Above this cost it is the branch head who approves.</summary>
    public IReadOnlyList<Money> BranchHeadAbove { get; init; } = [];

    /// <summary>Whether a discount goes back when the contract is left within its term and the policy takes discounts back.</summary>
    public bool TakenBack { get; init; }

    /// <summary>Days the customer has to answer, 1 to 60.</summary>
    public int AnswerDays { get; init; } = 14;
    public IReadOnlyList<OfferTask> Tasks { get; init; } = [];

    /// <summary>First and last day (both included) on which it may be offered.</summary>
    public DateOnly? ValidFrom { get; init; }
    public DateOnly? ValidUntil { get; init; }
    public bool Active { get; init; } = true;

    /// <exception cref="JsonException">The text is not such a document.</exception>
    public static OfferEntry FromJson(string json) =>
        JsonSerializer.Deserialize<OfferEntry>(json, SettlementJson.Document) ?? throw new JsonException("An entry is an object.");

    public string ToJson() => JsonSerializer.Serialize(this, SettlementJson.Document);

    /// <summary>SHA-256 (hex) of a document.</summary>
    public static string DigestOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    /// <summary>The amount in a currency; null when none is set for it.</summary>
    public static Money? In(IReadOnlyList<Money> amounts, string currency)
    {
        foreach (var amount in amounts)
            if (amount.Currency == currency)
                return amount;
        return null;
    }

    /// <summary>Who has to approve an offer of this cost: nobody (null), the supervisor, or the branch head.</summary>
    public Role? ApproverFor(Money cost) =>
        In(ApprovalAbove, cost.Currency) is { } free && cost <= free ? null
        : In(BranchHeadAbove, cost.Currency) is { } most && cost <= most ? Role.Supervisor
        : Role.BranchHead;
}

/// <summary>What is chosen when an offer is made from an entry.</summary>
public sealed record OfferParameters(int? Percent = null, int? Months = null, Money? Amount = null, Money? Fee = null);

/// <summary>Checks of entries and parameters.</summary>
public static class OfferCheck
{
    /// <summary>Why an entry cannot stand in the catalogue; null when it can.</summary>
    public static Refusal? Of(OfferEntry entry)
    {
        if (entry.Code.Length is < 2 or > OfferEntry.MaxCode || !entry.Code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
            return Wrong("code", "A code has 2 to 40 capital letters, digits, - or _.", "代码为 2 至 40 位大写字母、数字、- 或 _。");
        foreach (var (field, words, most) in new[] { ("name", entry.Name, 80), ("customer", entry.Customer, OfferEntry.MaxWords) })
        {
            if (string.IsNullOrWhiteSpace(words.English) || string.IsNullOrWhiteSpace(words.Chinese))
                return Wrong(string.IsNullOrWhiteSpace(words.English) ? field + "En" : field + "Zh", "Both languages are needed.", "须填写中英文。");
            if (words.English.Length > most || words.Chinese.Length > most)
                return Wrong(words.English.Length > most ? field + "En" : field + "Zh", $"At most {most} characters.", $"最多 {most} 个字符。");
            if (IsUnkept(words.English) || IsUnkept(words.Chinese))
                return Wrong(IsUnkept(words.English) ? field + "En" : field + "Zh", "This text has a character that cannot be kept.", "文本含有无法保存的字符。");
        }
        if (Range(entry.Percent, 100) || Range(entry.Months, 60))
            return Wrong(Range(entry.Percent, 100) ? "percent" : "months", "From 1 to the limit, the lower one first.", "须在允许范围内，且下限不大于上限。");
        if (entry.HorizonMonths is < 1 or > 60)
            return Wrong("horizonMonths", "1 to 60 months.", "1 至 60 个月。");
        if (entry.AnswerDays is < 1 or > 60)
            return Wrong("answerDays", "1 to 60 days.", "1 至 60 天。");
        foreach (var (field, value) in new[] { ("marginPercent", entry.MarginPercent), ("stayPercent", entry.StayPercent), ("marginFloorPercent", entry.MarginFloorPercent), ("annualPercent", entry.AnnualPercent) })
            if (value is < 0 or > 100)
                return Wrong(field, "0 to 100 percent.", "0 至 100%。");
        if (entry.Conditions is { CoolDownDays: < 0 or > 3650 } or { AfterNoDays: < 0 or > 3650 } or { MinTenureMonths: < 0 or > 600 })
            return Wrong("coolDownDays", "0 to 3650 days, 0 to 600 months.", "天数 0 至 3650，月数 0 至 600。");
        if (entry.ValidUntil < entry.ValidFrom)
            return Wrong("validUntil", "Not before the first day.", "不得早于起始日。");
        if (Needs(entry) is { } missing)
            return missing;
        foreach (var (field, amounts) in new[]
        {
            ("maxAmount", entry.MaxAmount), ("fixedCost", entry.FixedCost), ("approvalAbove", entry.ApprovalAbove), ("branchHeadAbove", entry.BranchHeadAbove),
            ("minFee", entry.Conditions.MinFee), ("minSpend", entry.Conditions.MinSpend),
        })
            if (amounts.Any(a => a.Minor < 0 || a.Minor > MaxMinor) || amounts.Select(a => a.Currency).Distinct().Count() != amounts.Count)
                return Wrong(field, "One amount for each currency, not below 0.", "每种货币一个金额，且不小于 0。");
        foreach (var high in entry.BranchHeadAbove)
            if (OfferEntry.In(entry.ApprovalAbove, high.Currency) is not { } low || high < low)
                return Wrong("branchHeadAbove", "Not below the limit of the supervisor.", "不得低于主管审批限额。");
        if (entry.Tasks.Count > 20 || entry.Tasks.Any(t => t.Days is < 0 or > 90 || string.IsNullOrWhiteSpace(t.What.English) || string.IsNullOrWhiteSpace(t.What.Chinese) || t.What.English.Length > 120 || t.What.Chinese.Length > 120))
            return Wrong("tasks", "At most 20 tasks, each in both languages and due within 90 days.", "最多 20 项任务，须中英文齐全，90 天内完成。");
        if (entry.Tasks.Any(t => IsUnkept(t.Code) || IsUnkept(t.What.English) || IsUnkept(t.What.Chinese)))
            return Wrong("tasks", "A text has a character that cannot be kept.", "文本含有无法保存的字符。");
        return entry.Tasks.Select(t => t.Code).Distinct().Count() == entry.Tasks.Count ? null
            : Wrong("tasks", "Each task has a code of its own.", "任务代码不得重复。");
    }

    /// <summary>Why parameters are outside an entry's limits; null when they fit.</summary>
    public static Refusal? Of(OfferEntry entry, OfferParameters chosen, string currency)
    {
        if (entry.Percent is { } percent && !percent.Holds(chosen.Percent))
            return new(RefusalKind.Invalid, "offer.percent", $"This offer is {percent.Least} to {percent.Most} percent.", $"该方案比例为 {percent.Least}% 至 {percent.Most}%。", Field: "percent");
        if (entry.Months is { } months && !months.Holds(chosen.Months))
            return new(RefusalKind.Invalid, "offer.months", $"This offer holds for {months.Least} to {months.Most} months.", $"该方案期限为 {months.Least} 至 {months.Most} 个月。", Field: "months");
        if (entry.MaxAmount.Count > 0)
        {
            if (OfferEntry.In(entry.MaxAmount, currency) is not { } most)
                return new(RefusalKind.Invalid, "offer.amount-currency", $"This offer has no limit in {currency}, so no amount can be offered.", $"该方案未设 {currency} 限额，不能提供金额。", Field: "amount");
            if (chosen.Amount is not { Minor: > 0 } amount || amount.Currency != currency || amount > most)
                return new(RefusalKind.Invalid, "offer.amount", $"Above 0 and at most {most} {currency}.", $"须大于 0 且不超过 {most} {currency}。", Field: "amount");
        }
        if (entry.FixedCost.Count > 0 && OfferEntry.In(entry.FixedCost, currency) is null)
            return new(RefusalKind.Invalid, "offer.cost-currency", $"The cost of this offer is not known in {currency}.", $"该方案未设 {currency} 成本。", Field: "entry");
        if (entry.AsksFee && (chosen.Fee is not { Minor: >= 0 and <= MaxMinor } fee || fee.Currency != currency))
            return new(RefusalKind.Invalid, "offer.fee", "The new fee a month, not below 0.", "请填写新月费，不小于 0。", Field: "fee");
        return null;
    }

    /// <summary>Only what the entry asks for.</summary>
    public static OfferParameters Kept(OfferEntry entry, OfferParameters chosen) =>
        new(entry.Percent is null ? null : chosen.Percent, entry.Months is null ? null : chosen.Months, entry.MaxAmount.Count == 0 ? null : chosen.Amount, entry.AsksFee ? chosen.Fee : null);

    /// <summary>Sums over years of it stay within what a computer counts exactly.</summary>
    private const long MaxMinor = 1_000_000_000_000;

    /// <summary>What a kind changes and a formula computes from has to be asked for.</summary>
    private static Refusal? Needs(OfferEntry entry)
    {
        var months = entry.Kind is OfferKind.Discount or OfferKind.Pause or OfferKind.Extension or OfferKind.DeferredPayment or OfferKind.ServiceRecovery
            || entry.Cost is OfferCostFormula.ShareOfFee or OfferCostFormula.WholeFee or OfferCostFormula.Deferral;
        if (months && entry.Months is null)
            return Wrong("months", "This kind needs months.", "该类方案须设定月数。");
        if ((entry.Kind == OfferKind.Discount || entry.Cost is OfferCostFormula.ShareOfFee) && entry.Percent is null)
            return Wrong("percent", "This kind needs percent.", "该类方案须设定比例。");
        if ((entry.Kind is OfferKind.Upgrade or OfferKind.Downgrade or OfferKind.PlanSwitch || entry.Cost == OfferCostFormula.FeeDifference) && !entry.AsksFee)
            return Wrong("asksFee", "This kind needs a new fee.", "该类方案须填写新月费。");
        if ((entry.Kind == OfferKind.Credit || entry.Cost == OfferCostFormula.Amount) && entry.MaxAmount.Count == 0)
            return Wrong("maxAmount", "This kind needs an amount.", "该类方案须设定金额上限。");
        if (entry.Cost == OfferCostFormula.Fixed && entry.FixedCost.Count == 0)
            return Wrong("fixedCost", "This formula needs a cost.", "该算法须填写固定成本。");
        return Counts(entry.Kind) is { } formula && entry.Cost != formula
            ? Wrong("cost", "The cost of this kind is computed by another formula: what it gives up must be counted.", "该类方案须按其对应算法计入让利成本。") : null;
    }

    /// <summary>The formula that counts what a kind gives up beside a new fee; null: it gives up nothing else, any will do.</summary>
    private static OfferCostFormula? Counts(OfferKind kind) =>
        kind switch
        {
            OfferKind.Discount => OfferCostFormula.ShareOfFee,
            OfferKind.Pause or OfferKind.Extension or OfferKind.ServiceRecovery => OfferCostFormula.WholeFee,
            OfferKind.Downgrade or OfferKind.PlanSwitch => OfferCostFormula.FeeDifference,
            OfferKind.DeferredPayment => OfferCostFormula.Deferral,
            OfferKind.Credit => OfferCostFormula.Amount,
            _ => null,
        };

    private static bool Range(OfferRange? range, int most) => range is { } r && (r.Least < 1 || r.Most > most || r.Least > r.Most);

    /// <summary>U+0000: no database keeps it.</summary>
    private static bool IsUnkept(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;

    private static Refusal Wrong(string field, string english, string chinese) => new(RefusalKind.Invalid, "offer-entry." + Kebab(field), english, chinese, Field: field);

    private static string Kebab(string name) => string.Concat(name.Select(c => char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : $"{c}"));
}
