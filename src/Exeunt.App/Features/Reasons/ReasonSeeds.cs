namespace Exeunt.App.Features.Reasons;

/// <summary>The reasons and guides a new installation begins with.</summary>
public static class ReasonSeeds
{
    public sealed record Reason(string Code, string English, string Chinese, IReadOnlyList<Reason> Details);

    /// <summary>Why customers leave.</summary>
    public static readonly IReadOnlyList<Reason> Customers =
    [
        Of("PRICE", "Price", "价格", ("TOO_HIGH", "Too high", "价格过高"), ("INCREASE", "It went up", "涨价"), ("COMPETITOR_CHEAPER", "Cheaper elsewhere", "竞品更便宜"), ("HIDDEN_FEES", "Hidden fees", "隐性收费"), ("BUDGET_CUT", "Budget cut", "预算削减"), ("EXCHANGE_COST", "Exchange rate, taxes", "汇率税费")),
        Of("PRODUCT", "Product", "产品", ("MISSING_FEATURE", "Something is missing", "功能缺失"), ("QUALITY", "Quality", "质量问题"), ("RELIABILITY", "Reliability", "稳定性"), ("OUTDATED", "Outdated", "产品落后"), ("SAFETY", "Safety", "安全隐患"), ("INTEGRATION", "Does not fit other systems", "无法集成")),
        Of("COMPLEXITY", "Hard to use", "难用", ("HARD_TO_USE", "Operation", "操作复杂"), ("ONBOARDING", "Getting started", "上手困难"), ("MIGRATION", "Moving over", "迁移困难"), ("LANGUAGE", "Language", "语言支持")),
        Of("SERVICE", "Service", "服务", ("SLOW", "Slow", "响应慢"), ("ATTITUDE", "Attitude", "态度差"), ("UNRESOLVED", "Not resolved", "问题未解决"), ("CONTACT_LOST", "Contact person gone", "对接人流失"), ("DELIVERY", "Late delivery", "交付延误"), ("BILLING_ERROR", "Wrong bills", "账单错误")),
        Of("USAGE", "No longer needed", "需求", ("NOT_USED", "Not used", "未使用"), ("PROJECT_END", "Project ended", "项目结束"), ("SEASONAL", "Seasonal", "季节性"), ("ONE_TIME", "One-time need", "一次性"), ("DUPLICATE", "Ordered twice", "重复订购")),
        Of("COMPETITION", "Going elsewhere", "竞争", ("SWITCHED", "To a competitor", "转投竞品"), ("IN_HOUSE", "Doing it ourselves", "自建"), ("CONSOLIDATION", "Fewer suppliers", "供应商整合"), ("PORTING", "Number porting", "携号转网")),
        Of("CUSTOMER", "Own circumstances", "客户自身", ("CLOSED", "Closing down", "停业破产"), ("MERGED", "Merger", "并购"), ("RELOCATED", "Moved", "搬迁"), ("DECEASED", "Death", "身故"), ("CHAMPION_LEFT", "Decider left", "决策人离职"), ("FINANCIAL", "Money is short", "资金困难")),
        Of("TRUST", "Trust and privacy", "信任隐私", ("DATA_BREACH", "Data breach", "泄露"), ("PRIVACY", "Privacy", "隐私顾虑"), ("REPUTATION", "Reputation", "声誉"), ("DARK_PATTERN", "Unwanted renewal", "诱导续费")),
        Of("CAUSE_OURS", "Caused by us", "我方原因", ("OWNER_LEFT", "Account manager left", "员工跳槽"), ("CHANNEL_CONFLICT", "Cross-territory sales", "窜货"), ("SHORT_TERM", "Short-sighted conduct", "企业短期行为"), ("TURBULENCE", "Company turbulence", "企业波动"), ("NEGLECT", "Neglected details", "细节疏忽"), ("NO_INNOVATION", "No innovation", "缺乏创新")),
        Of("MARKET", "Market", "市场", ("MARKET", "Market change", "市场变化"), ("POLICY", "Policy", "政策")),
        Of("NONE", "Not stated", "未说明", ("UNKNOWN", "Unknown", "未知"), ("REFUSED", "Prefers not to say", "拒绝说明")),
    ];

    /// <summary>Why relationships end that customers did not end.</summary>
    public static readonly IReadOnlyList<Reason> Others =
    [
        Of("INVOLUNTARY", "Not wanted", "非自愿", ("PAYMENT_FAILED", "A payment failed", "扣款失败"), ("CARD_EXPIRED", "The card expired", "卡过期"), ("DISPUTED", "A payment was disputed", "拒付"), ("ARREARS", "Arrears", "欠费")),
        Of("COMPANY", "Ended by us", "公司主动", ("BREACH", "Breach by the customer", "客户违约"), ("FRAUD", "Fraud", "欺诈"), ("RISK", "Risk", "风险"), ("UNPROFITABLE", "Negative margin", "负毛利"), ("PRODUCT_EOL", "The product ends", "产品下线"), ("REGION_EXIT", "Leaving a region", "区域退出"), ("LEGAL", "Required by law", "法律要求")),
    ];

    private static readonly Dictionary<string, (string English, string Chinese)> Asked = new()
    {
        ["PRICE"] = ("The price", "价格"),
        ["PRODUCT"] = ("The product: quality, or something is missing", "产品质量或功能"),
        ["COMPLEXITY"] = ("It is hard to use", "使用不便"),
        ["SERVICE"] = ("The service", "服务"),
        ["USAGE"] = ("I no longer need it", "不再需要"),
        ["COMPETITION"] = ("I am going elsewhere", "改用其他公司"),
        ["CUSTOMER"] = ("My own circumstances", "自身情况变化"),
        ["TRUST"] = ("Trust or privacy", "信任或隐私"),
        ["CAUSE_OURS"] = ("Changes at your company", "贵公司的变动"),
        ["MARKET"] = ("The market or the rules changed", "市场或政策变化"),
    };

    private static readonly Dictionary<string, (string AskEnglish, string AskChinese, string AnswerEnglish, string AnswerChinese)> Guides = new()
    {
        ["PRICE"] = (
            "What do you compare the price with? Which part of it do you use least? Since when has it been too much?", "拿什么价格作比较？哪部分用得最少？从什么时候觉得贵？",
            "Say what the fee pays for, in one sentence. Name the smaller plan if it would do. Never doubt another company's price.", "用一句话说明费用包含什么。小一档够用就直说。不质疑他家报价。"),
        ["PRODUCT"] = (
            "What should it do that it does not? How often does it get in the way? Would a date help?", "缺什么？多久碰到一次？给出日期是否有帮助？",
            "Say what is planned and when, only if it is decided. If it will not come, say so.", "已确定的计划和日期才可以说；不会做的就直说。"),
        ["COMPLEXITY"] = (
            "Where do you get stuck? Who uses it with you? Has anybody shown you round?", "卡在哪一步？还有谁在用？有人带过吗？",
            "Offer to do that step together, now. Propose training with a date and a name.", "当场一起走一遍那一步；提出培训，写明日期和人。"),
        ["SERVICE"] = (
            "What happened, and when? What did we promise? What would put it right?", "发生了什么，什么时候？我们答应过什么？怎样才算解决？",
            "Apologise for what went wrong, plainly. Say who takes care of it by when, and write it down.", "就事道歉，不找理由。说明由谁、何时处理，并记录。"),
        ["USAGE"] = (
            "Will you need it again, and when? Who in your house might use it?", "以后还会用吗，什么时候？单位里还有谁用得上？",
            "If it is over, help to end it well. A pause is only for those who will come back.", "确实不用了就顺利办完。只有会再用的才建议暂停。"),
        ["COMPETITION"] = (
            "What decided it? Is it settled already? What will you miss?", "决定因素是什么？已经定了吗？会失去什么？",
            "Speak of us only. If it is settled, wish them well and say how to hand over the data.", "只谈自己。已定的，祝顺利，并说明数据如何移交。"),
        ["CUSTOMER"] = (
            "What is changing for you? What would ease the next months?", "情况有什么变化？接下来几个月怎样会轻松些？",
            "Be brief and kind. After a death or a closure make no offer at all.", "简短、体谅。身故或停业的，不提任何方案。"),
        ["TRUST"] = (
            "What worries you? What do you want to know about your data?", "担心什么？想了解自己数据的哪些情况？",
            "Answer with facts and documents, or say who will and by when. Make no promises about others.", "用事实和文件回答，或说明由谁何时答复。不替他人承诺。"),
        ["CAUSE_OURS"] = (
            "Which change was it? Who looked after you before? What do you need now?", "是哪项变动？之前由谁负责？现在需要什么？",
            "Own it. Name the person who takes over and let the customer refuse that person.", "承认问题。说明接手人，客户可以要求换人。"),
        ["MARKET"] = (
            "What changed in your market or by law? What would still be of use?", "市场或政策有什么变化？哪些仍然有用？",
            "Say what we can change and from when. Do not explain their market to them.", "说明我们能改什么、何时起。不替客户分析市场。"),
        ["NONE"] = (
            "Is there anything we should know? It need not be answered.", "有什么希望我们知道的吗？可以不答。",
            "Ask once. Then go on with the ending.", "只问一次，随后继续办理。"),
    };

    public static IEnumerable<ReasonRow> Rows()
    {
        var position = 0;
        foreach (var first in Customers.Concat(Others))
        {
            var row = new ReasonRow { Code = first.Code, English = first.English, Chinese = first.Chinese, Position = position++ };
            if (Asked.TryGetValue(first.Code, out var asked))
                (row.CustomerEnglish, row.CustomerChinese) = asked;
            if (Guides.TryGetValue(first.Code, out var guide))
                (row.AskEnglish, row.AskChinese, row.AnswerEnglish, row.AnswerChinese) = guide;
            yield return row;
            foreach (var (detail, i) in first.Details.Select((d, i) => (d, i)))
                yield return new ReasonRow { Code = $"{first.Code}/{detail.Code}", English = detail.English, Chinese = detail.Chinese, Position = i };
        }
    }

    private static Reason Of(string code, string english, string chinese, params (string Code, string English, string Chinese)[] details) =>
        new(code, english, chinese, [.. details.Select(d => new Reason(d.Code, d.English, d.Chinese, []))]);
}
