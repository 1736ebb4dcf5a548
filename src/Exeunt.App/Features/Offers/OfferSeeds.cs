using Exeunt.Core;
using Exeunt.Core.Offers;

namespace Exeunt.App.Features.Offers;

/// <summary>The catalogue a new installation begins with: one entry of each kind, and which reasons they answer.</summary>
public static class OfferSeeds
{
    private static readonly string[] Currencies = ["CNY", "GBP", "EUR", "USD"];
    private static readonly string[] Living = ["Normal", "Vip"];

    public static readonly IReadOnlyList<OfferEntry> Entries =
    [
        new()
        {
            Code = "DISCOUNT", Version = 1, Kind = OfferKind.Discount, Name = new("Discount", "折扣"),
            Customer = new("{percent} % off the monthly fee for {months} months", "{months} 个月内月费优惠 {percent}%"), Percent = new(5, 30), Months = new(1, 12), Cost = OfferCostFormula.ShareOfFee,
            Conditions = new() { Tiers = Living, MinTenureMonths = 6, NoArrears = true }, ApprovalAbove = Each(200), BranchHeadAbove = Each(2_000), TakenBack = true,
            Tasks = [new("billing", new("Enter the discount in billing", "在计费系统录入折扣"), Role.Technical, 3)],
        },
        new()
        {
            Code = "PAUSE", Version = 1, Kind = OfferKind.Pause, Name = new("Pause", "暂停"),
            Customer = new("The contract pauses for {months} months without a fee", "合同暂停 {months} 个月，期间免费"), Months = new(1, 6), Cost = OfferCostFormula.WholeFee,
            MarginFloorPercent = 0, ApprovalAbove = Each(1_000), BranchHeadAbove = Each(5_000),
            Tasks = [new("pause", new("Pause service and billing from the date agreed", "自约定日起暂停服务与计费"), Role.Technical, 3), new("resume", new("Set the date on which service resumes", "设定恢复日期"), Role.Technical, 5)],
        },
        new()
        {
            Code = "UPGRADE", Version = 1, Kind = OfferKind.Upgrade, Name = new("Bigger plan", "升档"),
            Customer = new("The next bigger plan for {fee} a month", "升级至高一档套餐，每月 {fee}"), AsksFee = true, Cost = OfferCostFormula.Fixed, FixedCost = Each(120),
            Conditions = new() { NoArrears = true }, ApprovalAbove = Each(500), BranchHeadAbove = Each(5_000), Tasks = [new("plan", new("Switch to the bigger plan", "切换至高一档套餐"), Role.Technical, 5)],
        },
        new()
        {
            Code = "DOWNGRADE", Version = 1, Kind = OfferKind.Downgrade, Name = new("Smaller plan", "降档"),
            Customer = new("A smaller plan for {fee} a month", "改用较低档套餐，每月 {fee}"), AsksFee = true, Cost = OfferCostFormula.FeeDifference,
            ApprovalAbove = Each(1_000), BranchHeadAbove = Each(10_000), Tasks = [new("plan", new("Switch to the smaller plan", "切换至低一档套餐"), Role.Technical, 5)],
        },
        new()
        {
            Code = "PLAN_SWITCH", Version = 1, Kind = OfferKind.PlanSwitch, Name = new("Another plan", "换套餐"),
            Customer = new("A plan that fits better, for {fee} a month", "更换更合适的套餐，每月 {fee}"), AsksFee = true, Cost = OfferCostFormula.FeeDifference,
            ApprovalAbove = Each(1_000), BranchHeadAbove = Each(10_000), Tasks = [new("plan", new("Switch to the plan agreed", "切换至约定套餐"), Role.Technical, 5)],
        },
        new()
        {
            Code = "DEFERRED_PAYMENT", Version = 1, Kind = OfferKind.DeferredPayment, Name = new("Pay later", "延期付款"),
            Customer = new("What is due now is due {months} months later, without interest", "应付款项延后 {months} 个月支付，免息"), Months = new(1, 6), AnnualPercent = 6, Cost = OfferCostFormula.Deferral,
            Conditions = new() { OnlyArrears = true }, ApprovalAbove = Each(200), BranchHeadAbove = Each(2_000), Tasks = [new("dunning", new("Stop reminders until the new date", "新到期日前停止催收"), Role.Supervisor, 2)],
        },
        new()
        {
            Code = "EXTENSION", Version = 1, Kind = OfferKind.Extension, Name = new("Free months at the end", "延期"),
            Customer = new("{months} months more at the end of the term, at no charge", "合同期满后免费延长 {months} 个月"), Months = new(1, 6), Cost = OfferCostFormula.WholeFee,
            Conditions = new() { Tiers = Living, NoArrears = true }, ApprovalAbove = Each(500), BranchHeadAbove = Each(5_000), Tasks = [new("term", new("Enter the longer term", "录入延长后的合同期"), Role.Technical, 5)],
        },
        new()
        {
            Code = "CREDIT", Version = 1, Kind = OfferKind.Credit, Name = new("Credit", "抵扣金"),
            Customer = new("We pay you {amount}", "我们向您支付 {amount}"), MaxAmount = Each(1_000), Cost = OfferCostFormula.Amount,
            Conditions = new() { MinTenureMonths = 12, NoArrears = true }, ApprovalAbove = Each(100), BranchHeadAbove = Each(500),
        },
        new()
        {
            Code = "FEATURE", Version = 1, Kind = OfferKind.Feature, Name = new("A feature more", "赠功能"),
            Customer = new("The feature you miss, at no charge for {months} months", "免费开通您需要的功能 {months} 个月"), Months = new(1, 24), Cost = OfferCostFormula.Fixed, FixedCost = Each(60),
            ApprovalAbove = Each(500), BranchHeadAbove = Each(5_000), Tasks = [new("feature", new("Switch the feature on", "开通功能"), Role.Technical, 3)],
        },
        new()
        {
            Code = "TRAINING", Version = 1, Kind = OfferKind.Training, Name = new("Training", "培训"),
            Customer = new("Training for your people, at no charge", "为您的人员免费培训"), Cost = OfferCostFormula.Fixed, FixedCost = Each(300), ApprovalAbove = Each(500), BranchHeadAbove = Each(5_000),
            Tasks = [new("date", new("Agree on a date for the training", "约定培训时间"), Role.Supervisor, 5), new("training", new("Hold the training", "实施培训"), Role.Technical, 30)],
        },
        new()
        {
            Code = "SERVICE_RECOVERY", Version = 1, Kind = OfferKind.ServiceRecovery, Name = new("Apology and compensation", "致歉补偿"),
            Customer = new("Our apology, a named handler, and {months} months free of charge", "我们致歉，指定专人负责，并免收 {months} 个月费用"), Months = new(1, 3), Cost = OfferCostFormula.WholeFee,
            Conditions = new() { CoolDownDays = 0, AfterNoDays = 0 }, ApprovalAbove = Each(500), BranchHeadAbove = Each(5_000),
            Tasks = [new("apology", new("Write the apology and name the handler", "书面致歉并指定负责人"), Role.Supervisor, 2), new("billing", new("Take the months off the bill", "减免相应月份费用"), Role.Technical, 3)],
        },
        new()
        {
            Code = "PAYMENT_PLAN", Version = 1, Kind = OfferKind.PaymentPlan, Name = new("Instalments", "分期"),
            Customer = new("What is due now in {months} monthly parts", "应付款项分 {months} 个月支付"), Months = new(2, 12), Cost = OfferCostFormula.None,
            Conditions = new() { OnlyArrears = true }, ApprovalAbove = Each(0), BranchHeadAbove = Each(0), Tasks = [new("plan", new("Agree on the instalments and their dates", "约定分期金额与日期"), Role.Supervisor, 3)],
        },
        new()
        {
            Code = "CONTACT_CHANGE", Version = 1, Kind = OfferKind.ContactChange, Name = new("Another account manager", "换客户经理"),
            Customer = new("Somebody else looks after you, from this week on", "本周起由其他客户经理为您服务"), Cost = OfferCostFormula.None, Conditions = new() { CoolDownDays = 0, AfterNoDays = 0, NotAfterAbuse = false },
            ApprovalAbove = Each(0), BranchHeadAbove = Each(0), Tasks = [new("manager", new("Name the new account manager and introduce them", "指定并介绍新的客户经理"), Role.Supervisor, 3)],
        },
    ];

    public static readonly IReadOnlyDictionary<string, string[]> Answers = new Dictionary<string, string[]>
    {
        ["PRICE"] = ["DISCOUNT", "DOWNGRADE", "EXTENSION"],
        ["PRICE/INCREASE"] = ["DISCOUNT", "PLAN_SWITCH"],
        ["PRODUCT"] = ["FEATURE", "UPGRADE", "PLAN_SWITCH"],
        ["COMPLEXITY"] = ["TRAINING", "CONTACT_CHANGE"],
        ["SERVICE"] = ["SERVICE_RECOVERY", "CONTACT_CHANGE", "CREDIT"],
        ["SERVICE/BILLING_ERROR"] = ["CREDIT", "SERVICE_RECOVERY"],
        ["USAGE"] = ["PAUSE", "DOWNGRADE"],
        ["USAGE/SEASONAL"] = ["PAUSE"],
        ["COMPETITION"] = ["DISCOUNT", "UPGRADE"],
        ["CUSTOMER/FINANCIAL"] = ["DEFERRED_PAYMENT", "PAYMENT_PLAN", "PAUSE", "DOWNGRADE"],
        ["CAUSE_OURS"] = ["CONTACT_CHANGE", "SERVICE_RECOVERY"],
        ["INVOLUNTARY"] = ["PAYMENT_PLAN", "DEFERRED_PAYMENT"],
    };

    /// <summary>The same round amount in each currency: a company sets its own.</summary>
    private static Money[] Each(long major) => [.. Currencies.Select(c => new Money(major * 100, c))];
}
