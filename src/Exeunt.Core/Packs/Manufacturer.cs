using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using static Exeunt.Core.Packs.Writing;

namespace Exeunt.Core.Packs;

/// <summary>
/// A manufacturer and its distributors: what end customers need is surveyed and goods out of their territory are traced before anything is
/// decided, the stock is counted before the final bill, end customers pass to another distributor.
/// </summary>
public static class Manufacturer
{
    public const string TerminationId = "distributor-termination";
    public const string OffboardingId = "distributor-offboarding";

    private static readonly StepItem[] StockCount =
    [
        new("counted", W("Stock counted by both sides and signed", "双方共同盘点并签字")), new("returned", W("Saleable goods returned or bought back", "可售货物已退回或回购")),
        new("brand-material", W("Signs, samples and brand material returned", "门头、样品与品牌物料已退回")), new("rebates", W("Open rebates worked out", "未兑现返利已核算")),
    ];

    private static ProcedureStep EndCustomers(string after) => Of("end-customers", StepKind.HandOver, "End customers to another distributor", "终端客户移交其他经销商", after) with
    {
        Roles = Handlers,
        Tasks =
        [
            new("name-successor", W("Name the distributor that takes over the territory", "确定接手该区域的经销商"), Role.AccountManager, DueDays: 10),
            new("tell-end-customers", W("Tell end customers whom to order from, and pass their open orders on", "通知终端客户新的订货渠道并移交未完订单"), Role.AccountManager, DueDays: 15),
        ],
    };

    private static ProcedureStep[] End(string ended, params string[] besides) =>
    [
        Of("money", StepKind.OrderMoney, "Payment order", "付款指令", ended, "approve"),
        Of("certificate", StepKind.Certify, "Certificate", "证明", ended),
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
        Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
        Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile", "end-customers"),
        Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 60 },
        Of("close", StepKind.Close, "Closing", "结案", ["erase", "survey", "follow-up", .. besides]),
    ];

    public static Procedure Termination { get; } = new(TerminationId, 1, CaseKind.Termination, W("Distributor: termination", "经销商解约"), new("CN", new(9, 0), new(18, 0)),
    [
        Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
        Of("instructions", StepKind.Notify, "What to prepare", "解约准备通知", "identity") with { Letter = "instructions" },
        Of("talk", StepKind.Talk, "Talk", "沟通", "identity") with { Roles = [Role.AccountManager, Role.Supervisor], DueHours = 27, EscalateTo = [Role.BranchHead] },
        Of("negotiate", StepKind.Negotiate, "Terms of the buy-back", "库存回购协商", "identity") with { Roles = [Role.AccountManager, Role.Supervisor], Days = 60 },
        Of("formalities", StepKind.Formalities, "Return of brand material", "品牌物料交回", "identity") with { Roles = Handlers },
        Of("settle", StepKind.Settle, "Settlement", "结算", "talk"),
        Of("effective", StepKind.WaitUntilDate, "Last day of the agreement", "协议终止日", "identity"),
        Of("stock-count", StepKind.CheckList, "Final stock count", "最终盘点", "effective") with { Roles = Checkers, DueHours = 45, EscalateTo = [Role.BranchHead], Items = StockCount },
        Of("approve", StepKind.Approve, "Approval", "审批", "settle", "stock-count") with { Of = ApprovalSubject.Settlement, Roles = Payers, DueHours = 18, EscalateTo = [Role.BranchHead] },
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("withdraw-rights", StepKind.WorkOrders, "Rights withdrawn", "收回经销权", "archive") with
        {
            Roles = [Role.Technical], DueHours = 18, EscalateTo = [Role.Supervisor],
            Tasks =
            [
                new("close-ordering", W("Close the ordering account", "关闭订货账户"), Role.Technical), new("delist", W("Take the distributor out of the price list and the map of dealers", "从价格体系与经销商名录中移除"), Role.Marketing),
                new("cancel-authorisation", W("Cancel the certificate of authorisation", "注销授权证书"), Role.Legal),
            ],
        },
        EndCustomers("archive"),
        Of("ended", StepKind.Notify, "Notice", "通知", "withdraw-rights") with { Letter = "ended" },
        .. End("ended", "instructions"),
    ])
    {
        Letters =
        [
            Letter("instructions", W("Your distribution agreement ends on {last.day}", "经销协议将于{last.day}终止"),
                W("We have your notice for agreement {contract.number} of {received.on}.", "已收到您于{received.on}就协议 {contract.number} 提出的解约。"),
                W("Please prepare: a list of your stock by batch, open orders of your end customers, signs and brand material, and rebates you still expect.", "请准备：按批次的库存清单、终端客户未完订单、门头与品牌物料、尚未兑现的返利。"),
                W("The stock is counted together after {last.day}; the final bill is computed from that count.", "{last.day}之后双方共同盘点，最终结算以盘点结果为准。")),
        ],
    };

    public static Procedure Offboarding { get; } = new(OffboardingId, 1, CaseKind.Offboarding, W("Distributor: offboarding", "经销商清退"), new("CN", new(9, 0), new(18, 0)),
    [
        Of("talk", StepKind.Talk, "Talk", "沟通") with { Roles = [Role.AccountManager, Role.Supervisor], DueHours = 45, EscalateTo = [Role.BranchHead] },
        Of("cure", StepKind.CurePeriod, "Improvement agreement", "整改期", "talk") with { Roles = [Role.AccountManager, Role.Supervisor], Days = 180 },
        Of("class", StepKind.AutoCheck, "Borderline or ordinary, by months", "按月份判断边缘型或普通型", "talk") with { Roles = Checkers, DueHours = 45, EscalateTo = [Role.BranchHead], Items = [AutomaticCheck.Of(AutomaticCheck.Borderline), AutomaticCheck.Of(AutomaticCheck.LostByMonths)] },
        Of("demand-survey", StepKind.CheckList, "Demand survey", "需求调查", "class") with
        {
            Roles = Checkers, DueHours = 90, EscalateTo = [Role.BranchHead],
            Items =
            [
                new("needs", W("Needs of the end customers in the territory recorded", "已记录区域终端客户需求")),
                new("cause", W("Cause found: market, price, service, or us", "已查明原因：市场、价格、服务或我方")), new("successor", W("Who could take the territory over", "已有接手区域的备选")),
            ],
        },
        Of("territory", StepKind.CheckList, "Goods out of territory", "窜货核查", "cure") with
        {
            Roles = Checkers, DueHours = 45, EscalateTo = [Role.BranchHead],
            Items =
            [
                new("traced", W("Goods traced by batch code to this distributor, or no such reproach", "已按批次码追溯至该经销商，或不涉及窜货")), new("heard", W("The distributor saw the evidence and was heard", "已向经销商出示证据并听取申辩")),
                new("alike", W("Others who sold across territories were treated alike", "对其他窜货经销商同等处理")),
            ],
        },
        Of("decide", StepKind.Approve, "Decision", "决定", "demand-survey", "territory") with { Of = ApprovalSubject.Decision, Roles = [Role.BranchHead, Role.Legal], DueHours = 27, EscalateTo = [Role.BranchHead] },
        Of("notice", StepKind.Notify, "Notice", "通知", "decide") with { Letter = "decision" },
        Of("effective", StepKind.WaitUntilDate, "Last day of the agreement", "协议终止日", "notice"),
        Of("restrict", StepKind.WorkOrders, "No new orders", "停止接单", "effective") with { Roles = [Role.Technical], Tasks = [new("close-ordering", W("Close the ordering account", "关闭订货账户"), Role.Technical, DueDays: 1)] },
        Of("wind-down", StepKind.WindDown, "Open orders", "未完订单", "restrict") with { Roles = Handlers, DueHours = 90, EscalateTo = [Role.Supervisor] },
        Of("stock-count", StepKind.CheckList, "Final stock count", "最终盘点", "wind-down") with { Roles = Checkers, DueHours = 45, EscalateTo = [Role.BranchHead], Items = StockCount },
        Of("settle", StepKind.Settle, "Final bill", "最终结算", "stock-count"),
        Of("approve", StepKind.Approve, "Approval", "审批", "settle") with { Of = ApprovalSubject.Settlement, Roles = Payers, DueHours = 18, EscalateTo = [Role.BranchHead] },
        Of("archive", StepKind.Archive, "Archive", "归档", "settle"),
        Of("withdraw-rights", StepKind.WorkOrders, "Rights withdrawn", "收回经销权", "archive") with
        {
            Roles = [Role.Technical], Tasks = [new("delist", W("Take the distributor out of the price list and the map of dealers", "从价格体系与经销商名录中移除"), Role.Marketing), new("cancel-authorisation", W("Cancel the certificate of authorisation", "注销授权证书"), Role.Legal, Irreversible: true)],
        },
        EndCustomers("archive"),
        Of("ended", StepKind.Notify, "Closing letter", "结清通知", "withdraw-rights") with { Letter = "ended" },
        .. End("ended"),
    ]);

    public static TerminationPolicy Policy { get; } = new()
    {
        Number = "DIST-01", Version = 1, EffectiveFrom = new(2020, 1, 1), ReviewOn = new(2027, 6, 30), TitleEnglish = "Distribution agreements", TitleChinese = "经销协议解约政策",
        Scope = new(["CN"], Party.Business), Procedures = new(TerminationId, OffboardingId),
        Form = Form(W("To end distribution without harm to end customers and brand.", "经销关系有序终止，不损害终端客户与品牌。"), W("Distributors and dealers with a territory.", "有划定区域的经销商。"), W("Stock list", "库存盘点表"), W("Record of goods out of territory", "窜货核查记录"), W("Survey of demand", "需求调查表")),
        Grounds = CommonGrounds, Renewal = new(RenewalKind.Fixed, 12, ReminderDays: 60), Notice = NoticePeriod.OfDays(60), EndsOn = EndsOn.MonthEnd, MaxTermMonths = 36,
        HandOvers =
        [
            new(PolicySide.Customer, "authorisation", W("Certificate of authorisation", "授权证书"), 7), new(PolicySide.Customer, "brand-material", W("Signs, samples, brand material", "门头、样品与品牌物料"), 30, new Money(200000, "CNY")),
            new(PolicySide.Customer, "goods", W("Saleable stock, against its price", "可售库存（按价回购）"), 30), new(PolicySide.Company, "rebates", W("Rebates earned", "已达成的返利"), 30),
        ],
        Consequences = new()
        {
            Credit = W("Nothing is reported to a credit bureau.", "不报送征信机构。"), Obligations = W("Warranty for goods sold goes on.", "已售商品的质保义务继续履行。"), Services = W("The right to the brand and the territory ends.", "品牌使用权与区域权终止。"),
            ResignAfterDays = 180, Resign = W("After half a year, if the territory is free.", "半年后，区域空缺时可重新申请。"),
        },
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.UnusedPrepaid] = new("5.1", "Fees paid in advance come back for the days after the end.", "预付费用按终止后天数退还。"), [LineCode.ServiceToEnd] = new("5.1", "Fees are charged to the last day.", "费用计至终止日。"),
            [LineCode.Deposit] = new("5.2", "The security comes back when goods and material are returned.", "货物与物料交回后退还保证金。"), [LineCode.Unpaid] = new("5.3", "Open invoices stay due.", "未付货款仍应支付。"),
        },
    };

    public static Pack Pack { get; } = new("manufacturer", W("Manufacturer with distributors", "厂商与经销商"),
    [
        W("A survey of demand and the tracing of goods out of territory come before any decision.", "作出决定前先做需求调查与窜货核查。"),
        W("Stock, brand material and rebates are counted before the money is approved; the end itself waits for nothing.", "盘点库存、物料与返利后才审批款项；终止本身不受影响。"),
        W("End customers are told who supplies them from now on, and their open orders pass on.", "告知终端客户新的供货方并移交未完订单。"),
    ], [Termination, Offboarding], [Policy],
    Reason("DISTRIBUTION", "Distribution", "经销", ("MARGIN", "Margin too small", "利润过低"), ("TERRITORY", "Territory sold into by others", "区域被窜货"), ("TARGETS", "Targets too high", "任务过高"), ("RETURNS", "Goods cannot be returned", "无法退换货"), ("OTHER_BRAND", "Another brand", "转做其他品牌")),
    "DIST-2026-0001");
}
