using Exeunt.Core;

namespace Exeunt.App.Features.Facts;

/// <summary>Why a fact is not taken. Fields are named as in an import's template.</summary>
public static class FactRefusals
{
    public static readonly Refusal Kind = Of("fact.kind", "kind",
        "Expected one of: order, return, adjustment, complaint, due, payment, contact, usage, promise, rating.",
        "应为 order、return、adjustment、complaint、due、payment、contact、usage、promise、rating 之一。");

    public static readonly Refusal Score = Of("fact.score", "score", "Expected a score from 1 to 5 with at most two decimals.", "应为 1 至 5 分，最多两位小数。");
    public static readonly Refusal NoFacts = Of("fact.none", "facts", "Expected at least one fact.", "至少应有一条事实记录。");

    public static readonly Refusal TooMany = Of("fact.too-many", "facts", $"Expected at most {RecordFacts.MaxLines} facts in one request. Send the rest in further requests.",
        $"一次最多 {RecordFacts.MaxLines} 条。其余请分批发送。");

    public static readonly Refusal Customer = Of("fact.customer", "customer", "Expected the number of a customer that is there already and that you may import for.", "应为已有且您有权导入的客户编号。");
    public static readonly Refusal Source = Of("fact.source", "source", "Expected the name of the source, at most 40 characters.", "应为来源名称，最多 40 个字符。");
    public static readonly Refusal BothWays = Of("fact.corrected-both-ways", "correction", "Expected a number to be either replaced or cancelled, not both.", "同一编号只能更正或取消其一。");

    public static readonly Refusal Correcting = Of("fact.mixed", "correction",
        "Expected all lines of a number to correct it, or none: what is told in the ordinary way of a corrected number does not count.", "同一编号的各行应全部为更正或全部不是：已更正编号的普通记录不再计入。");

    public static readonly Refusal TooLarge = Of("fact.amounts-too-large", "amount", "The amounts of one customer add up to more than can be true.", "某客户的金额合计过大，无法采用。");

    /// <summary>The day of the fact itself.</summary>
    public static readonly Refusal Day = Of("fact.date", "date", "Expected a day from 1970 on and not later than tomorrow.", "应为 1970 年以后、不晚于明天的日期。");

    public static readonly Refusal DueDay = Of("fact.date", "due_on", "Expected a day that is not before the day of the fact and not after the year 2200.", "应为不早于事实发生日、不晚于 2200 年的日期。");

    public static readonly Refusal Until = Of("fact.date", "until", "Expected a day that is not before the day of the fact and at most ten years after it.", "应为不早于事实发生日、且不超过其后十年的日期。");

    public static Refusal Required(string field) => Of("fact.required", field, "Expected a value.", "此项不能为空。");

    public static Refusal Characters(string field) => Of("fact.characters", field, "Expected a text without control characters.", "不得含控制字符。");

    public static Refusal TooLong(string field) => Of("fact.too-long", field, "Expected a shorter text.", "文字过长。");

    public static Refusal Amount(string field) => Of("fact.amount", field,
        "Expected an amount of the right sign, with no more decimals than the customer's currency has, that can be true.", "应为符号正确、小数位不超过客户货币、且合理的金额。");

    public static Refusal Count(string field) => Of("fact.count", field, $"Expected a whole number up to {FactLine.MaxCount}.", $"应为不超过 {FactLine.MaxCount} 的整数。");

    public static Refusal NotOfKind(string field) => Of("fact.not-of-kind", field, "This kind of fact has no such value. Leave it out.", "此类事实没有这一项，请留空。");

    private static Refusal Of(string code, string field, string english, string chinese) => new(RefusalKind.Invalid, code, english, chinese, Field: field);
}
