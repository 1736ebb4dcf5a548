using Exeunt.Core;

namespace Exeunt.App.Features.Cases;

/// <summary>Why customers leave, on two levels, in both languages. Asking is optional for the customer.</summary>
public static class Reasons
{
    public sealed record Reason(string Code, string English, string Chinese, IReadOnlyList<Reason> Details);

    public static readonly IReadOnlyList<Reason> All =
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

    public static readonly Refusal Unknown = new(RefusalKind.Invalid, "reason.unknown",
        "Choose one of the reasons in the list.", "请从列表中选择原因。", Field: "reason");

    /// <summary>"PRICE" or "PRICE/TOO_HIGH".</summary>
    public static bool IsKnown(string code) => Find(code) is not null;

    public static Reason? Find(string code)
    {
        var parts = code.Split('/');
        var first = All.FirstOrDefault(r => r.Code == parts[0]);
        return parts.Length == 1 ? first : first?.Details.FirstOrDefault(d => d.Code == parts[1]);
    }

    /// <summary>"Price › Too high" in a language.</summary>
    public static string Words(string reason, string? detail, bool chinese)
    {
        var first = Find(reason);
        var second = detail is null ? null : Find($"{reason}/{detail}");
        var words = chinese ? first?.Chinese : first?.English;
        return second is null ? words ?? reason : $"{words} › {(chinese ? second.Chinese : second.English)}";
    }

    private static Reason Of(string code, string english, string chinese, params (string Code, string English, string Chinese)[] details) =>
        new(code, english, chinese, [.. details.Select(d => new Reason(d.Code, d.English, d.Chinese, []))]);
}
