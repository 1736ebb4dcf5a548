using Exeunt.Core.Standards;

namespace Exeunt.Core.Classes;

/// <summary>Ready-made schemes to start from: each can be published as it is, except the groups, which must be found and named first.</summary>
public static class SchemeStarts
{
    /// <summary>客户价值：RFM.</summary>
    public static Scheme Rfm { get; } = new("value-rfm", 1, new("Customer value (RFM)", "客户价值（RFM）"), SchemeKind.Rfm,
    [
        Of(0, new("Serve first; their account manager knows them and hears of everything.", "优先服务，由客户经理专人负责，有事即知。"), Step("monthly", new("Call and ask how it goes", "致电了解近况"), 7, 30), Step("yearly", new("Visit and plan the year together", "上门拜访，共同制定年度计划"), 30, 365)),
        Of(1, new("They spend much and seldom: find out what else they need and make the second order easy.", "金额高但频次低：了解其他需求，促成再次下单。"), Step("needs", new("Ask what else they need", "了解其他需求"), 7, 90)),
        Of(2, new("They used to buy often and much and have become quiet: ask before somebody else does.", "曾频繁且高额购买，近期沉默：尽快主动联系。"), Step("call", new("Call and ask why it has become quiet", "致电了解沉默原因"), 2, 30)),
        Of(3, new("Much is at stake: win them back with an offer of their own, decided by a supervisor.", "损失重大：由主管确定专属方案挽回。"), Step("win-back", new("Talk about what would bring them back", "沟通挽回条件"), 2), Step("again", new("Look again whether they came back", "复查是否回流"), 60)),
        Of(4, new("Keep by good everyday service; show them larger packages.", "做好日常服务，推荐更大套餐。"), Step("check-in", new("Ask whether they are content", "回访满意度"), 30, 180)),
        Of(5, new("New and small: help them with the first steps.", "新而小：协助顺利起步。"), Step("welcome", new("Ask whether the first order went well", "了解首单情况"), 7)),
        Of(6, new("Remind them by campaigns; no visits.", "以营销活动提醒，不安排拜访。")),
        Of(7, new("Let go: answer when they ask, spend nothing on keeping them.", "放弃主动维系：来询必复，不投入维系成本。")),
    ]);

    /// <summary>ABC 分类.</summary>
    public static Scheme Abc { get; } = new("spend-abc", 1, new("Share of spend (ABC)", "消费占比（ABC）"), SchemeKind.Abc,
    [
        Of("a", Scheme.AbcClasses[0].Name, new("Each has an account manager and a stand-in; terms are agreed in person.", "专人负责并设替补，条款当面商定。"), Step("visit", new("Visit", "上门拜访"), 14, 90)),
        Of("b", Scheme.AbcClasses[1].Name, new("Develop: look twice a year who could become an A.", "重点培育：每半年评估可升为 A 类者。"), Step("review", new("Talk about needs and possibilities", "沟通需求与合作空间"), 30, 180)),
        Of("c", Scheme.AbcClasses[2].Name, new("Serve by standard terms and self-service.", "按标准条款服务，引导自助办理。")),
    ]);

    /// <summary>重要、一般、潜在.</summary>
    public static Scheme Importance { get; } = new("importance", 1, new("Importance", "重要程度"), SchemeKind.Rules,
    [
        Of("important", new("Important", "重要客户"), new("Their account manager calls every month and visits every half year; what they report is seen to within a day.", "客户经理每月致电、每半年拜访；所报问题一日内处理。"),
            "spend_12m >= 20000 CNY or spend_12m >= 2000 GBP or spend_12m >= 2500 EUR or spend_12m >= 3000 USD", Step("call", new("Call and ask how it goes", "致电了解近况"), 7, 30), Step("visit", new("Visit", "上门拜访"), 60, 180)),
        Of("general", new("General", "一般客户"), new("Served well on request; looked at twice a year.", "按需服务，每半年了解一次。"), "orders_12m >= 1", Step("check-in", new("Ask whether they are content", "回访满意度"), 90, 180)),
        Of("potential", new("Potential", "潜在客户"), new("No order within a year, or none yet: find out whether there is a need, otherwise let go.", "一年内无订单或尚未下单：了解是否有需求，无则放弃跟进。"), Step("need", new("Find out whether there is a need", "了解是否有需求"), 14)),
    ]);

    /// <summary>新、老、忠诚.</summary>
    public static Scheme Loyalty { get; } = new("loyalty", 1, new("New, old and loyal", "新老客户"), SchemeKind.Rules,
    [
        Of("new", new("New", "新客户"), new("Accompany the first half year: the first order, the first bill, the first question.", "陪伴前半年：首单、首次账单、首次咨询。"), "tenure_months < 6", Step("welcome", new("Ask whether the first order went well", "了解首单情况"), 7), Step("month-three", new("Ask what is missing", "了解尚缺什么"), 90)),
        Of("loyal", new("Loyal", "忠诚客户"), new("Thank them, ask for advice, never take them for granted.", "感谢并征询意见，不因忠诚而怠慢。"), "tenure_months >= 24 and orders_12m >= 6", Step("thanks", new("Thank them and ask for their advice", "致谢并征询意见"), 30, 365)),
        Of("old", new("Old", "老客户"), new("Keep by good everyday service.", "做好日常服务，稳定合作。"), Step("check-in", new("Ask whether they are content", "回访满意度"), 60, 180)),
    ]);

    /// <summary>客户群：to be found among the company's own customers.</summary>
    public static Scheme Groups { get; } = new("groups", 1, new("Customer groups", "客户群"), SchemeKind.Clusters, [], Clusters: new(["days_since_order", "orders_12m", "tenure_months"], 4));

    public static IReadOnlyList<Scheme> All { get; } = [Rfm, Abc, Importance, Loyalty, Groups];

    /// <summary>An empty scheme by rules.</summary>
    public static Scheme Empty { get; } = new("", 1, new("", ""), SchemeKind.Rules,
    [
        new("first", new("", ""), new Compare("orders_12m", Operator.AtLeast, Threshold.Of(1))), new("others", new("Everybody else", "其余客户")),
    ]);

    private static PlanStep Step(string code, Words what, int after, int? every = null) => new(code, what, after, every);

    private static SchemeClass Of(int rfm, Words strategy, params PlanStep[] plan) => Of(Scheme.RfmClasses[rfm].Code, Scheme.RfmClasses[rfm].Name, strategy, plan);

    private static SchemeClass Of(string code, Words name, Words strategy, params PlanStep[] plan) => new(code, name, Strategy: strategy, Plan: plan.Length == 0 ? null : plan);

    private static SchemeClass Of(string code, Words name, Words strategy, string when, params PlanStep[] plan) =>
        Of(code, name, strategy, plan) with { When = ConditionText.Read(when).Condition };
}
