namespace Exeunt.Core.Settlement;

/// <summary>What kind of JSON value an input is.</summary>
public enum FormulaInputType
{
    /// <summary>String: an ISO 4217 code in capitals.</summary>
    Currency,

    /// <summary>String: a decimal of 0 or more with no more decimals than the currency has.</summary>
    Amount,

    /// <summary>List of amounts.</summary>
    Amounts,

    /// <summary>String: a decimal of 0 or more, 0.06 for six percent.</summary>
    Rate,

    /// <summary>Number: whole, 0 or more.</summary>
    Count,

    /// <summary>String: a day, 2025-01-31.</summary>
    Date,

    /// <summary>List of days.</summary>
    Dates,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>String: one of the listed choices.</summary>
    Choice,

    /// <summary>String.</summary>
    Text,

    /// <summary>Object, described in words.</summary>
    Object,

    /// <summary>List of objects, described in words.</summary>
    Objects,
}

/// <summary>One input of a formula.</summary>
/// <param name="Required">Whether it is always needed; others are needed only as the meaning says.</param>
/// <param name="Choices">The values a choice may take; empty for other types.</param>
public sealed record FormulaInput(
    string Name,
    FormulaInputType Type,
    bool Required,
    string English,
    string Chinese,
    IReadOnlyList<string> Choices
);

/// <summary>One formula as it is shown to people and served by the API.</summary>
/// <param name="Lines">The lines of an answer and what the total is, as the documentation writes it.</param>
/// <param name="Example">A worked example: the JSON of <c>inputs</c>. Its answer is computed, never written down.</param>
public sealed record FormulaEntry(
    string Name,
    string TitleEnglish,
    string TitleChinese,
    string English,
    string Chinese,
    string Lines,
    IReadOnlyList<FormulaInput> Inputs,
    string Example
)
{
    /// <summary>The lines of an answer and the total for readers of Chinese.</summary>
    public string LinesChinese { get; init; } = Lines;

    /// <summary>The example as one request line of the command.</summary>
    public string ExampleRequest => $$"""{"formula":"{{Name}}","inputs":{{Example}}}""";

    /// <summary>The answer to the example.</summary>
    public string ExampleAnswer => FormulaWorkbench.Answer(ExampleRequest).Json;
}

/// <summary>Every formula of the workbench: its text in two languages, its inputs, a worked example.</summary>
public static class FormulaCatalogue
{
    private static readonly FormulaInput Currency = Needs(
        "currency",
        FormulaInputType.Currency,
        "ISO 4217 code",
        "ISO 4217 货币代码"
    );

    private static readonly FormulaInput MFull = Takes(
        "mFull",
        FormulaInputType.Count,
        "full months served, where the rule uses them",
        "已满整月数（规则需要时）"
    );

    private static readonly FormulaInput MRem = Takes(
        "mRem",
        FormulaInputType.Count,
        "months of the term not begun, where the rule uses them",
        "合同期内未开始的月数（规则需要时）"
    );

    private static readonly FormulaInput StartInstead = Takes(
        "start",
        FormulaInputType.Date,
        "first day of the contract, instead of mFull and mRem",
        "合同首日（代替 mFull 与 mRem）"
    );

    private static readonly FormulaInput EffEndInstead = Takes(
        "effEnd",
        FormulaInputType.Date,
        "day after the last day of service, with start",
        "最后服务日的次日（与 start 一起）"
    );

    private static readonly FormulaInput EffEnd = Needs(
        "effEnd",
        FormulaInputType.Date,
        "the day after the last day of service",
        "最后服务日的次日"
    );

    private static readonly FormulaInput DayCount = new(
        "dayCount",
        FormulaInputType.Choice,
        false,
        "day count",
        "计日惯例",
        ["ACT/ACT", "ACT/365F", "ACT/360", "ACT/30", "30E/360"]
    );

    private static readonly FormulaInput TermStart = Takes(
        "termStart",
        FormulaInputType.Date,
        "first day of the term",
        "期限首日"
    );

    private static readonly FormulaInput TermEnd = Takes(
        "termEnd",
        FormulaInputType.Date,
        "the day after the term",
        "期限届满次日"
    );

    /// <summary>Accepted by every formula.</summary>
    public static FormulaInput RoundingInput { get; } =
        new(
            "rounding",
            FormulaInputType.Choice,
            false,
            "what happens to a half: away from zero (default) or to even",
            "恰好一半时：四舍五入（默认）或银行家舍入",
            ["HALF_UP", "HALF_EVEN"]
        );

    /// <summary>All formulas, in the order of the documentation.</summary>
    public static IReadOnlyList<FormulaEntry> All { get; } =
    [
        new(
            "prorate",
            "Proration",
            "按日分摊",
            "used = P·d/N, rounded once; refund = P - used. d: days from the start of the period to the effective end; N: days of the period (ACT/ACT), 365·m/12 (ACT/365F) or 30·m. A period served to its end is used in full; used never exceeds P; an effective end outside the period is refused. Without periodMonths, m is the whole months between the dates.",
            "已使用 = P·d/N，只舍入一次；退款 = P - 已使用。d：自期间首日至终止时点的天数；N：期间实际天数（ACT/ACT）、365·m/12（ACT/365F）或 30·m。服务至期末即全部使用；已使用不超过 P；终止时点在期间之外则拒绝。未给 periodMonths 时，m 为两日期之间的整月数。",
            "used, refund → refund",
            [
                Currency,
                Needs("amount", FormulaInputType.Amount, "P, charged for the period", "P，该期间的收费"),
                Needs("periodStart", FormulaInputType.Date, "first day of the period", "期间首日"),
                Needs("periodEnd", FormulaInputType.Date, "the day after the period", "期间届满次日"),
                EffEnd,
                DayCount,
                Takes(
                    "periodMonths",
                    FormulaInputType.Count,
                    "m, months the price is for; 1 or more",
                    "m，价格对应的月数，至少 1"
                ),
            ],
            """{"currency":"CNY","amount":"100.00","periodStart":"2024-02-01","periodEnd":"2024-03-01","effEnd":"2024-02-11"}"""
        ),
        new(
            "periods",
            "Billing periods",
            "计费期间",
            "Period k starts at anchor + k·stepMonths months, counted from the anchor itself and clamped to the month's end; never from the period before.",
            "第 k 期自锚定日起加 k·stepMonths 个月，始终自锚定日计算，无对应日则取月末，不从上一期递推。",
            "· starts[]",
            [
                Needs("anchor", FormulaInputType.Date, "first day of period 0", "第 0 期首日"),
                Needs("count", FormulaInputType.Count, "how many starts", "期数"),
                Takes("stepMonths", FormulaInputType.Count, "months of a period, default 1", "每期月数，默认 1"),
            ],
            """{"anchor":"2025-01-31","count":4}"""
        ),
        new(
            "fullMonths",
            "Full months served",
            "已满整月",
            "The largest n with start + n months on or before the effective end.",
            "使 start 加 n 个月不晚于终止时点的最大 n。",
            "· mFull",
            [Needs("start", FormulaInputType.Date, "first day", "首日"), EffEnd],
            """{"start":"2025-01-15","effEnd":"2025-12-20"}"""
        ),
        new(
            "etf",
            "Fee for leaving early",
            "提前解约费用",
            "FLAT: fee. REMAIN_PCT: pct · m_rem · monthly fee. DECLINING: initial - perMonth · m_full, never below 0. SCHEDULE: fees[m_full], 0 past the last. LOSS: max(0, monthly fee - avoidable cost) · min(m_rem, replacement months) + mitigation cost, the avoidable cost as an amount or a share of the fee. MIN: the least of its parts. m_rem = max(0, M - months begun): the broken month is settled by proration.",
            "FLAT：固定费用。REMAIN_PCT：比例 × 剩余月数 × 月费。DECLINING：初始费用 - 每月递减 × 已满月数，不低于 0。SCHEDULE：按已满月数查表，超出为 0。LOSS：max(0, 月费 - 可节省成本) × min(剩余月数, 合理替代月数) + 减损费用，可节省成本可为金额或月费比例。MIN：各项中最低者。剩余月数 = max(0, M - 已开始月数)，未满月另行分摊。",
            "etf → etf",
            [
                Currency,
                Needs(
                    "etf",
                    FormulaInputType.Object,
                    "{kind FLAT, fee} · {REMAIN_PCT, pct, monthlyFee} · {DECLINING, initial, perMonth} · {SCHEDULE, fees[]} · {LOSS, monthlyFee, avoidableCost or avoidableShare, replacementMonths, mitigationCost} · {MIN, of[]}",
                    "{kind FLAT, fee} · {REMAIN_PCT, pct, monthlyFee} · {DECLINING, initial, perMonth} · {SCHEDULE, fees[]} · {LOSS, monthlyFee, avoidableCost 或 avoidableShare, replacementMonths, mitigationCost} · {MIN, of[]}"
                ),
                MFull,
                MRem,
                StartInstead,
                EffEndInstead,
                Takes(
                    "termMonths",
                    FormulaInputType.Count,
                    "M, months of the term, with start",
                    "M，合同期月数（与 start 一起）"
                ),
            ],
            """{"currency":"USD","etf":{"kind":"DECLINING","initial":"350.00","perMonth":"10.00"},"start":"2025-01-15","effEnd":"2025-12-20","termMonths":24}"""
        ),
        new(
            "device",
            "Device",
            "设备补偿",
            "PRO_RATA: V · m_rem / M. EECC: the lesser of that and m_rem · monthly fee (Directive (EU) 2018/1972 art. 105).",
            "PRO_RATA：V × 剩余月数 / M。EECC：取其与 剩余月数 × 月费 的较低者。",
            "proRata, remainingFees (when a monthly fee is given) → the amount due",
            [
                Currency,
                Choice("rule", true, "rule", "规则", "EECC", "PRO_RATA"),
                Needs("deviceValue", FormulaInputType.Amount, "V, agreed at the start", "V，约定价值"),
                Needs("termMonths", FormulaInputType.Count, "M, 1 or more", "M，至少 1"),
                Takes("monthlyFee", FormulaInputType.Amount, "monthly fee; EECC needs it", "月费；EECC 必填"),
                MFull,
                MRem,
                StartInstead,
                EffEndInstead,
            ],
            """{"currency":"EUR","rule":"EECC","deviceValue":"480.00","termMonths":24,"monthlyFee":"18.00","mFull":9,"mRem":15}"""
        )
        {
            LinesChinese = "proRata、remainingFees（给出月费时）→ 应付额",
        },
        new(
            "ldGuard",
            "Liquidated damages against loss",
            "违约金与损失比较",
            "Excessive if LD > loss × factor (strictly, before rounding). ceiling = loss × factor; recommended = the ceiling if excessive, LD otherwise and in bad faith; cut = LD - recommended. Loss 0: MANUAL, nothing is applied.",
            "违约金 > 损失 × 系数（严格大于，舍入前比较）即过分高于。上限 = 损失 × 系数；过分高于时建议取上限，否则及恶意违约时维持原额；调减 = 违约金 - 建议额。损失为 0 时由人工决定，不自动适用。",
            "ceiling, cut, recommended → recommended · excessive, decision (NONE, NEGOTIATE, MANUAL, BAD_FAITH)",
            [
                Currency,
                Needs("ld", FormulaInputType.Amount, "liquidated damages", "违约金"),
                Needs("loss", FormulaInputType.Amount, "proven loss", "实际损失"),
                Takes("factor", FormulaInputType.Rate, "default 1.30", "默认 1.30"),
                Takes("badFaith", FormulaInputType.Flag, "breach in bad faith, default false", "恶意违约，默认 false"),
            ],
            """{"currency":"CNY","ld":"16000.00","loss":"9000.00"}"""
        ),
        new(
            "lossWorksheet",
            "Loss of a continuing contract",
            "继续性合同损失测算",
            "lostProfit = max(0, fee - avoidable cost) · min(months left, replacement months); loss = lostProfit + mitigation cost; guidelineCeiling = loss × 1.30.",
            "可得利益 = max(0, 月费 - 可节省成本) × min(剩余月数, 合理替代月数)；损失 = 可得利益 + 减损费用；参考上限 = 损失 × 1.30。",
            "lostProfit, mitigationCost, loss, guidelineCeiling → loss",
            [
                Currency,
                Needs("monthlyFee", FormulaInputType.Amount, "monthly fee", "月费"),
                Needs("avoidableCost", FormulaInputType.Amount, "cost a month no longer incurred", "每月可节省成本"),
                Needs("monthsLeft", FormulaInputType.Count, "months left of the term", "剩余月数"),
                Needs(
                    "replacementMonths",
                    FormulaInputType.Count,
                    "reasonable time to find a replacement",
                    "合理替代月数"
                ),
                Needs("mitigationCost", FormulaInputType.Amount, "cost of mitigating", "减损费用"),
            ],
            """{"currency":"CNY","monthlyFee":"5000.00","avoidableCost":"3200.00","monthsLeft":10,"replacementMonths":4,"mitigationCost":"500.00"}"""
        ),
        new(
            "prepaidRefund",
            "Prepaid refund",
            "预付款退还",
            "OPERATOR_FAULT: used = list · paid / (paid + gift). CONSUMER_REASON: used = list. UNLIMITED_TIME: used = paid · d / N. used is at most paid; refund = paid - used; interest = refund · annualRate · days / 365.",
            "OPERATOR_FAULT：已使用 = 原价消费 × 实付 /（实付 + 赠送）。CONSUMER_REASON：已使用 = 原价消费。UNLIMITED_TIME：已使用 = 实付 × d / N。已使用不超过实付；退款 = 实付 - 已使用；利息 = 退款 × 年利率 × 天数 / 365。",
            "used, refund, interest (when a rate is given) → refund + interest",
            [
                Currency,
                Choice("method", true, "method", "方法", "OPERATOR_FAULT", "CONSUMER_REASON", "UNLIMITED_TIME"),
                Needs("paid", FormulaInputType.Amount, "paid by the consumer", "实付金额"),
                Takes(
                    "gift",
                    FormulaInputType.Amount,
                    "credit given on top; OPERATOR_FAULT needs it",
                    "赠送金额；OPERATOR_FAULT 必填"
                ),
                Takes(
                    "consumedList",
                    FormulaInputType.Amount,
                    "consumed at list price; not for UNLIMITED_TIME",
                    "按原价计的消费；UNLIMITED_TIME 除外"
                ),
                TermStart,
                TermEnd,
                Takes(
                    "effEnd",
                    FormulaInputType.Date,
                    "day after the last day of service; UNLIMITED_TIME",
                    "最后服务日的次日；UNLIMITED_TIME"
                ),
                Takes("annualRate", FormulaInputType.Rate, "interest a year, with days", "年利率（与 days 一起）"),
                Takes(
                    "days",
                    FormulaInputType.Count,
                    "days of interest, with annualRate",
                    "计息天数（与 annualRate 一起）"
                ),
            ],
            """{"currency":"CNY","method":"OPERATOR_FAULT","paid":"1000.00","gift":"200.00","consumedList":"600.00","annualRate":"0.03","days":90}"""
        )
        {
            LinesChinese = "used、refund、interest（给出利率时）→ refund + interest",
        },
        new(
            "surrender",
            "Surrender value of an insurance policy",
            "退保金额（现金价值）",
            "value = amount · share of the row reached: by completed policy years from start to effEnd, for PERIOD_PREMIUM by months begun. BY_DAYS: share + (next share - share) · days into the policy year / days of it. Rows begin at 0 and go on one by one; the last one holds for all that comes after.",
            "退保金额 = 基数 × 所达行的比例：按 start 至 effEnd 已满保单年度；PERIOD_PREMIUM 按已开始的月数。BY_DAYS：比例 +（下一行比例 - 比例）× 年度内天数 / 年度天数。表行自 0 起逐一递增，最后一行适用于其后全部期间。",
            "value → value; reached",
            [
                Currency,
                Choice("basis", true, "what the shares are of", "计算基数", "PREMIUMS_PAID", "SUM_INSURED", "PERIOD_PREMIUM"),
                Needs("amount", FormulaInputType.Amount, "premiums paid, sum insured, or premium of the period", "已交保费、保险金额或本期保费"),
                Needs("start", FormulaInputType.Date, "first day of cover; of the period for PERIOD_PREMIUM", "保障首日；PERIOD_PREMIUM 为本期首日"),
                EffEnd,
                Needs("rows", FormulaInputType.Objects, "the table: from (years or months, 0 and up) and share (0.20)", "表行：from（年或月，自 0 起）与 share（0.20）"),
                Choice("between", false, "between two years (NONE)", "两个年度之间（默认 NONE）", "NONE", "BY_DAYS"),
            ],
            """{"currency":"CNY","basis":"PREMIUMS_PAID","amount":"30000.00","start":"2023-03-01","effEnd":"2026-03-01","rows":[{"from":0,"share":"0"},{"from":1,"share":"0.15"},{"from":2,"share":"0.30"},{"from":3,"share":"0.45"},{"from":4,"share":"0.55"}]}"""
        )
        {
            LinesChinese = "value → value；reached",
        },
        new(
            "coolingOff",
            "Insurance policy given back in its cooling-off period",
            "犹豫期内退保",
            "refund = paid - fee; the fee for the printed policy is at most what was paid.",
            "应退 = 已交保费 - 工本费；工本费不超过已交保费。",
            "fee, refund → refund",
            [
                Currency,
                Needs("paid", FormulaInputType.Amount, "premiums paid", "已交保费"),
                Takes("fee", FormulaInputType.Amount, "for the printed policy (0)", "保单工本费（默认 0）"),
            ],
            """{"currency":"CNY","paid":"10000.00","fee":"10.00"}"""
        )
        {
            LinesChinese = "fee、refund → refund",
        },
        new(
            "withdrawal",
            "Withdrawal from a distance contract",
            "远程合同撤回",
            "pay = price · d / N if the service began at the consumer's express request and the duty to pay was explained, else 0; refund = price - pay.",
            "消费者明示要求开始且已获告知付款义务时：应付 = 价款 × d / N，否则为 0；退款 = 价款 - 应付。",
            "pay, refund → refund",
            [
                Currency,
                Needs("price", FormulaInputType.Amount, "price of the term", "期限总价"),
                TermStart with
                {
                    Required = true,
                },
                TermEnd with
                {
                    Required = true,
                },
                EffEnd,
                Needs(
                    "expressRequest",
                    FormulaInputType.Flag,
                    "began at the consumer's express request",
                    "消费者明示要求开始"
                ),
                Needs("informed", FormulaInputType.Flag, "the duty to pay was explained", "已告知付款义务"),
            ],
            """{"currency":"EUR","price":"240.00","termStart":"2026-01-01","termEnd":"2027-01-01","effEnd":"2026-01-09","expressRequest":true,"informed":true}"""
        ),
        new(
            "clawback",
            "Clawback of a promotion",
            "优惠返还",
            "ENJOYED: the sum of the discounts, or monthlyDiscount · monthsEnjoyed. UNEARNED: totalDiscount · mRem / termMonths.",
            "ENJOYED：已享优惠之和，或 每月优惠 × 已享月数。UNEARNED：优惠总额 × 剩余月数 / 合同月数。",
            "clawback → clawback",
            [
                Currency,
                Choice("kind", true, "kind", "方式", "ENJOYED", "UNEARNED"),
                Takes("discounts", FormulaInputType.Amounts, "ENJOYED: each discount", "ENJOYED：各次优惠"),
                Takes(
                    "monthlyDiscount",
                    FormulaInputType.Amount,
                    "ENJOYED: instead of discounts",
                    "ENJOYED：代替 discounts"
                ),
                Takes(
                    "monthsEnjoyed",
                    FormulaInputType.Count,
                    "ENJOYED: with monthlyDiscount",
                    "ENJOYED：与 monthlyDiscount 一起"
                ),
                Takes("totalDiscount", FormulaInputType.Amount, "UNEARNED: the whole discount", "UNEARNED：优惠总额"),
                MRem,
                Takes(
                    "termMonths",
                    FormulaInputType.Count,
                    "UNEARNED: months of the tie-in, 1 or more",
                    "UNEARNED：约束期月数，至少 1"
                ),
            ],
            """{"currency":"EUR","kind":"UNEARNED","totalDiscount":"120.00","mRem":5,"termMonths":12}"""
        ),
        new(
            "depositReturn",
            "Return of a deposit",
            "押金退还",
            "return = max(0, deposit - deductions); stillOwed = max(0, deductions - deposit).",
            "退还 = max(0, 押金 - 扣款)；尚欠 = max(0, 扣款 - 押金)。",
            "deductions, return, stillOwed → return",
            [
                Currency,
                Needs("deposit", FormulaInputType.Amount, "deposit held", "押金"),
                Needs("deductions", FormulaInputType.Amounts, "agreed deductions, may be empty", "约定扣款，可为空"),
            ],
            """{"currency":"CNY","deposit":"300.00","deductions":["50.00","30.00"]}"""
        ),
        new(
            "earnestMoney",
            "Earnest money (定金)",
            "定金",
            "effective = min(earnest, 20 % of the price). Payer in default: forfeited = effective · (1 - performedShare), return = earnest - forfeited. Payee in default: return = earnest, penalty = effective · (1 - performedShare).",
            "有效定金 = min(定金, 合同价款的 20%)。给付方违约：没收 = 有效定金 ×（1 - 已履行比例），退还 = 定金 - 没收。收受方违约：退还 = 定金，罚 = 有效定金 ×（1 - 已履行比例）。",
            "effective, forfeited, return, penalty → return with penalty",
            [
                Currency,
                Needs("earnest", FormulaInputType.Amount, "paid as earnest", "已付定金"),
                Needs("contractPrice", FormulaInputType.Amount, "price of the main contract", "主合同价款"),
                Choice("case", true, "who is in default", "违约方", "PAYER_DEFAULT", "PAYEE_DEFAULT"),
                Takes(
                    "performedShare",
                    FormulaInputType.Rate,
                    "performed and accepted, 0 to 1, default 0",
                    "已履行并接受的比例，0 至 1，默认 0"
                ),
            ],
            """{"currency":"CNY","earnest":"2500.00","contractPrice":"10000.00","case":"PAYEE_DEFAULT"}"""
        )
        {
            LinesChinese = "effective、forfeited、return、penalty → return 与 penalty 之和",
        },
        new(
            "instalments",
            "Instalments",
            "分期",
            "Each part is total / count rounded down; the minor units left over go one each to the first parts.",
            "每期 = 总额 / 期数，向下取整；余下的最小货币单位依次加到前几期。",
            "1 … count → total",
            [
                Currency,
                Needs("total", FormulaInputType.Amount, "total", "总额"),
                Needs("count", FormulaInputType.Count, "how many, 1 or more", "期数，至少 1"),
            ],
            """{"currency":"EUR","total":"1000.00","count":3}"""
        )
        {
            LinesChinese = "第 1 期 … 第 count 期 → 合计",
        },
        new(
            "vatSplit",
            "Tax in a gross amount",
            "含税价拆分",
            "vat = round(g - g/(1+r)); net = g - vat. Red-letter: all negative.",
            "税额 = round(g - g/(1+r))；不含税额 = g - 税额。红字时均为负数。",
            "net, vat → gross",
            [
                Currency,
                Needs("gross", FormulaInputType.Amount, "gross amount", "含税金额"),
                Needs("rate", FormulaInputType.Rate, "rate of the original invoice", "原发票税率"),
                Takes("redLetter", FormulaInputType.Flag, "default false", "红字，默认 false"),
            ],
            """{"currency":"CNY","gross":"424.00","rate":"0.06","redLetter":true}"""
        )
        {
            LinesChinese = "net、vat → gross（含税额）",
        },
        new(
            "lateInterest",
            "Interest on late payment",
            "逾期利息",
            "principal · annualRate · multiplier · days / 365 (ACT/365F, default) or / 360 (ACT/360, 30E/360); or principal · dailyRate · days. The due day is not counted.",
            "本金 × 年利率 × 倍数 × 天数 / 365（ACT/365F，默认）或 / 360（ACT/360、30E/360）；或 本金 × 日利率 × 天数。到期当日不计。",
            "interest → interest",
            [
                Currency,
                Needs("principal", FormulaInputType.Amount, "what is late", "逾期本金"),
                Takes("annualRate", FormulaInputType.Rate, "rate a year", "年利率"),
                Takes("multiplier", FormulaInputType.Rate, "with annualRate, default 1", "与 annualRate 一起，默认 1"),
                Takes("dailyRate", FormulaInputType.Rate, "rate a day, instead", "日利率（代替年利率）"),
                Takes("days", FormulaInputType.Count, "days late", "逾期天数"),
                Takes("dueDate", FormulaInputType.Date, "instead of days", "代替 days"),
                Takes("paidDate", FormulaInputType.Date, "with dueDate", "与 dueDate 一起"),
                DayCount with
                {
                    Choices = ["ACT/365F", "ACT/360", "30E/360"],
                },
            ],
            """{"currency":"CNY","principal":"10000.00","annualRate":"0.03","multiplier":"1.5","days":45}"""
        ),
        new(
            "allocate",
            "Allocation of a payment",
            "付款抵充",
            "First costs, then interest, then principal (Civil Code 561). What is above everything owed stays unapplied. left = everything still owed.",
            "依次抵充费用、利息、主债务（民法典第 561 条）。超出部分作为未抵充余额。left = 仍欠总额。",
            "cost, interest, principal, unapplied, left → left",
            [
                Currency,
                Needs("payment", FormulaInputType.Amount, "paid", "付款"),
                Needs("cost", FormulaInputType.Amount, "costs owed", "费用"),
                Needs("interest", FormulaInputType.Amount, "interest owed", "利息"),
                Needs("principal", FormulaInputType.Amount, "principal owed", "主债务"),
            ],
            """{"currency":"CNY","payment":"500.00","cost":"80.00","interest":"150.00","principal":"1000.00"}"""
        ),
        new(
            "statement",
            "Sum of a statement",
            "结算单合计",
            "Σ owed - Σ credits, in one currency; + is what the customer owes.",
            "应付合计 - 应退合计，单一币种；正数为客户应付。",
            "the lines, credits negative → total",
            [
                Needs(
                    "lines",
                    FormulaInputType.Objects,
                    "at least one {line, side OWED or CREDIT, currency, amount}",
                    "至少一行 {line, side OWED 或 CREDIT, currency, amount}"
                ),
            ],
            """{"lines":[{"line":"unusedPrepaid","side":"CREDIT","currency":"CNY","amount":"120.00"},{"line":"etf","side":"OWED","currency":"CNY","amount":"300.00"},{"line":"unpaid","side":"OWED","currency":"CNY","amount":"50.00"},{"line":"deposit","side":"CREDIT","currency":"CNY","amount":"100.00"}]}"""
        )
        {
            LinesChinese = "各行（应退为负）→ 合计",
        },
        new(
            "noticeEnd",
            "End after notice",
            "通知期与终止日",
            "The notice runs from the day after receipt. end = max(term end, notice end), no earlier than wished; without renewal the term's end. Each month after the term, anchored on the day after it, is a prorated line. FR, renewed without the L215-1 notice: free, at will. Caps: DE and EU telecom one month, FR telecom ten days, EU SAAS two months.",
            "通知自收到次日起算。终止日 = max(期满日, 通知届满日)，不早于客户希望的日期；不续约则为期满日。期满后自次日锚定，每月一行按日分摊。法国未依 L215-1 通知而续约的：免费随时终止。上限：德国及欧盟电信一个月，法国电信十天，欧盟 SAAS 两个月。",
            "one line per month after the term → extra fee · noticeFrom, noticeTo, end",
            [
                Currency,
                Needs("fee", FormulaInputType.Amount, "monthly fee after the term", "期满后月费"),
                Needs("termEnd", FormulaInputType.Date, "last day of the term (included)", "期限最后一日（含）"),
                Needs("received", FormulaInputType.Date, "day the notice was received", "收到通知之日"),
                Choice("renewal", true, "renewal", "续约方式", "NONE", "INDEFINITE", "FIXED"),
                Needs("jurisdiction", FormulaInputType.Text, "CN, DE, FR …", "CN、DE、FR 等"),
                Takes("noticeDays", FormulaInputType.Count, "notice in days", "通知天数"),
                Takes("noticeMonths", FormulaInputType.Count, "notice in months, instead", "通知月数（代替天数）"),
                Takes("sector", FormulaInputType.Text, "TELECOM, SAAS …", "TELECOM、SAAS 等"),
                Takes(
                    "l215NoticeSent",
                    FormulaInputType.Flag,
                    "FR: renewal was announced in time, default false",
                    "法国：已及时通知续约，默认 false"
                ),
                Takes("wishedEnd", FormulaInputType.Date, "last day the customer wishes for", "客户希望的最后一日"),
            ],
            """{"currency":"EUR","fee":"30.00","termEnd":"2025-06-30","received":"2025-06-10","renewal":"INDEFINITE","jurisdiction":"DE","noticeDays":30}"""
        )
        {
            LinesChinese = "期满后每月一行 → 额外费用 · noticeFrom、noticeTo、end",
        },
        new(
            "deadline",
            "Deadline",
            "期限",
            "The first day is not counted; months end on the same-numbered day or the month's last; a last day that is a Saturday, a Sunday or a holiday moves to the next worked day.",
            "首日不计；按月计算的到期日为对应日，无对应日则为月末；最后一日是周末或节假日的，顺延至下一工作日。",
            "· unrolled, lastDay",
            [
                Needs("start", FormulaInputType.Date, "the day of the event", "起算事件之日"),
                Choice("unit", true, "unit", "单位", "DAY", "MONTH"),
                Needs("count", FormulaInputType.Count, "how many", "数量"),
                Takes("holidays", FormulaInputType.Dates, "days off besides weekends", "周末以外的休息日"),
            ],
            """{"start":"2025-06-01","unit":"DAY","count":7}"""
        ),
        new(
            "rounding",
            "Rounding",
            "舍入",
            "HALF_UP: half away from zero. HALF_EVEN: half to the even neighbour.",
            "HALF_UP：四舍五入（远离零）。HALF_EVEN：恰好一半取偶。",
            "· rounded",
            [
                Needs("value", FormulaInputType.Text, "a decimal string, may be negative", "十进制字符串，可为负数"),
                Choice("mode", true, "mode", "方式", "HALF_UP", "HALF_EVEN"),
                Takes("digits", FormulaInputType.Count, "decimals to keep, 0 to 18", "保留小数位数，0 至 18"),
                Currency with
                {
                    Required = false,
                    English = "instead of digits",
                    Chinese = "代替 digits",
                },
            ],
            """{"value":"-2.345","mode":"HALF_UP","digits":2}"""
        ),
        new(
            "minorUnits",
            "Minor units of a currency",
            "货币最小单位",
            "Decimals of the currency's minor unit by ISO 4217.",
            "ISO 4217 规定的小数位数。",
            "· digits",
            [Currency],
            """{"currency":"KWD"}"""
        ),
        new(
            "exit",
            "The exit of a contract",
            "解约结算",
            "unusedPrepaid: what is left of the month paid in advance; etf; device; deposit; clawback: clawbackMonthly · m_full; unpaid. Each line is rounded, the total is their sum; + is what the customer owes. null for etf, device or deposit: there is none.",
            "unusedPrepaid：预付当月的剩余部分；etf；device；deposit；clawback：每月优惠 × 已满月数；unpaid。逐行舍入后求和；正数为客户应付。etf、device、deposit 为 null 表示没有。",
            "unusedPrepaid, etf, device, deposit, clawback, unpaid (what is there) → total · mFull, mRem",
            [
                Currency,
                Needs("start", FormulaInputType.Date, "first day of the contract", "合同首日"),
                Needs("termMonths", FormulaInputType.Count, "M, 1 or more", "M，至少 1"),
                Needs("monthlyFee", FormulaInputType.Amount, "monthly fee", "月费"),
                Needs(
                    "currentMonthPrepaid",
                    FormulaInputType.Flag,
                    "whether the running month is paid",
                    "当月是否已预付"
                ),
                Needs("lastServiceDay", FormulaInputType.Date, "last day of service (included)", "最后服务日（含）"),
                Needs(
                    "etf",
                    FormulaInputType.Object,
                    "as in etf; without a monthlyFee, the contract's",
                    "同 etf 公式；未给月费则用合同月费"
                ),
                Needs(
                    "device",
                    FormulaInputType.Object,
                    "{rule, deviceValue} and, if they differ, termMonths, monthlyFee",
                    "{rule, deviceValue}，如有不同另给 termMonths、monthlyFee"
                ),
                Needs("deposit", FormulaInputType.Amount, "deposit to return", "应退押金"),
                Takes("unpaid", FormulaInputType.Amount, "open invoices", "未付账单"),
                Takes("clawbackMonthly", FormulaInputType.Amount, "discount a month to take back", "每月应返还优惠"),
            ],
            """{"currency":"CNY","start":"2024-12-15","termMonths":24,"monthlyFee":"199.00","currentMonthPrepaid":true,"lastServiceDay":"2026-03-20","etf":{"kind":"REMAIN_PCT","pct":"0.20","monthlyFee":"199.00"},"device":{"rule":"PRO_RATA","deviceValue":"1200.00"},"deposit":"300.00"}"""
        )
        {
            LinesChinese = "unusedPrepaid、etf、device、deposit、clawback、unpaid（仅列存在的）→ 合计 · mFull、mRem",
        },
    ];

    /// <summary>The formula with this name, or null.</summary>
    public static FormulaEntry? Find(string name) => All.FirstOrDefault(formula => formula.Name == name);

    private static FormulaInput Needs(string name, FormulaInputType type, string english, string chinese) =>
        new(name, type, true, english, chinese, []);

    private static FormulaInput Takes(string name, FormulaInputType type, string english, string chinese) =>
        new(name, type, false, english, chinese, []);

    private static FormulaInput Choice(
        string name,
        bool required,
        string english,
        string chinese,
        params string[] choices
    ) => new(name, FormulaInputType.Choice, required, english, chinese, choices);
}
