using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using static Exeunt.Core.Packs.Writing;

namespace Exeunt.Core.Packs;

/// <summary>
/// Insurance: a life policy given back within its cooling-off period, later for its surrender value less loan and open premium; a property
/// policy cancelled by short rate. Whoever has a right in the policy consents first; an open claim keeps the file, not the customer.
/// </summary>
public static class Insurer
{
    public const string SurrenderId = "life-surrender";
    public const string CancellationId = "property-cancellation";

    /// <summary>Longer than the 10 and 15 days that Chinese rules ask for.</summary>
    public const int CoolingOffDays = 20;

    private static readonly BusinessHours Hours = new("CN", new(9, 0), new(17, 0));

    /// <summary>Nobody's right is passed over: the end waits for their consent, and nothing else of ours.</summary>
    private static readonly ProcedureStep Consent = Of("consent", StepKind.AutoCheck, "Consent of others with a right in the policy", "权利人同意", "identity") with
    {
        Roles = Checkers, DueHours = 16, EscalateTo = [Role.Supervisor],
        Items = [AutomaticCheck.Of(AutomaticCheck.IrrevocableBeneficiary), AutomaticCheck.Of(AutomaticCheck.Pledge)],
    };

    private static ProcedureStep[] End(params string[] beforeErasure) =>
    [
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
        Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
        Of("erase", StepKind.Erase, "Erasure", "删除", ["certificate", "reconcile", .. beforeErasure]),
        Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
    ];

    public static Procedure Surrender { get; } = new(SurrenderId, 1, CaseKind.Termination, W("Life insurance: surrender", "人身保险退保"), Hours,
    [
        Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
        Consent,
        Of("told", StepKind.AutoCheck, "Insured person and beneficiary told", "告知被保险人与受益人", "identity") with
        {
            Roles = Checkers, DueHours = 16, EscalateTo = [Role.Supervisor], Items = [AutomaticCheck.Of(AutomaticCheck.InsuredTold)],
        },
        Of("settle", StepKind.Settle, "Surrender value", "退保金计算", "consent"),
        Of("quote", StepKind.Notify, "What surrender brings and what it ends", "退保告知书", "settle") with { Letter = "quote" },
        Of("talk", StepKind.Talk, "Talk", "沟通", "quote") with { Roles = Handlers, DueHours = 8, EscalateTo = [Role.Supervisor] },
        Of("effective", StepKind.WaitUntilDate, "Last day of cover", "保险责任终止日", "identity", "consent"),
        Of("approve", StepKind.Approve, "Approval above the limit", "超限额审批", "settle", "told") with
        {
            Of = ApprovalSubject.Settlement, Roles = Payers, When = [Above("CNY 20000")], DueHours = 16, EscalateTo = [Role.BranchHead],
        },
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("end-cover", StepKind.WorkOrders, "Cover ended", "终止保障", "archive") with
        {
            Roles = [Role.Technical], DueHours = 8, EscalateTo = [Role.Supervisor],
            Tasks =
            [
                new("end-cover", W("End cover in the policy system", "核心系统终止保险责任"), Role.Technical, DueDays: 1), new("stop-premium", W("Stop the premium's direct debit", "停止保费代扣"), Role.Technical, DueDays: 1),
                new("notify-reinsurer", W("Take it off the list for reinsurance", "再保清单剔除"), Role.Technical, DueDays: 5),
            ],
        },
        Of("ended", StepKind.Notify, "Cover has ended", "保险责任终止通知", "end-cover") with { Letter = "cover-ended" },
        Of("money", StepKind.OrderMoney, "Surrender value paid", "支付退保金", "ended", "approve"),
        Of("certificate", StepKind.Certify, "Certificate", "证明", "ended"),
        .. End("told"),
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up", "talk"),
    ])
    {
        Letters =
        [
            Letter("quote", W("What surrendering policy {contract.number} means", "保单 {contract.number} 退保告知书"),
                W("{customer.name}, you asked to surrender {product}. Reckoned to {last.day} it comes to {amount}; a loan on the policy, its interest and open premiums are set off in it. {balance}", "{customer.name}，您好：您申请退保{product}。计算至{last.day}，金额为 {amount}，已抵扣保单贷款本息与欠交保费。{balance}"),
                W("Cover ends with {last.day}: what happens after it is not insured. A new policy needs new answers about your health, may be refused, and is priced by your age then.", "保险责任于{last.day}终止，此后发生的事故不再承保。重新投保须重新健康告知，可能被拒保，并按届时年龄定价。"),
                W("You can take the application back until the end of that day.", "您可在当日结束前撤回申请。")) with { Table = LetterTable.Settlement },
            Letter("cover-ended", W("Policy {contract.number}: cover has ended", "保单 {contract.number} 保险责任已终止"),
                W("{customer.name}, the cover of {product} ended with {last.day}. {balance}", "{customer.name}，您好：{product}的保险责任已于{last.day}终止。{balance}"),
                W("The surrender value is paid within 30 days of the day we received your application ({received.on}). Claims for what happened before the end stay open to you.", "退保金自收到申请之日（{received.on}）起三十日内支付。终止前发生的保险事故仍可索赔。")) with { Table = LetterTable.Settlement },
        ],
    };

    public static Procedure Cancellation { get; } = new(CancellationId, 1, CaseKind.Termination, W("Property insurance: cancellation", "财产保险退保"), Hours,
    [
        Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
        Consent,
        Of("settle", StepKind.Settle, "Premium that comes back", "退还保费计算", "consent"),
        Of("effective", StepKind.WaitUntilDate, "Last day of cover", "保险责任终止日", "identity", "consent"),
        Of("approve", StepKind.Approve, "Approval above the limit", "超限额审批", "settle") with
        {
            Of = ApprovalSubject.Settlement, Roles = Payers, When = [Above("CNY 5000")], DueHours = 16, EscalateTo = [Role.BranchHead],
        },
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("endorse", StepKind.WorkOrders, "Endorsement", "出具批单", "archive") with
        {
            Roles = [Role.Technical], DueHours = 8, EscalateTo = [Role.Supervisor],
            Tasks = [new("issue-endorsement", W("Issue the endorsement of cancellation", "出具退保批单"), Role.Technical, DueDays: 1), new("end-cover", W("End cover in the policy system", "核心系统终止保险责任"), Role.Technical, DueDays: 1)],
        },
        Of("endorsement", StepKind.HandOver, "Endorsement handed over", "移交退保批单", "endorse") with
        {
            Roles = Handlers, Tasks = [new("send-endorsement", W("Send the endorsement to the customer and any loss payee", "向投保人及第一受益人寄送批单"), Role.Agent, DueDays: 5)],
        },
        Of("ended", StepKind.Notify, "Cover has ended", "保险责任终止通知", "endorse") with { Letter = "cover-ended" },
        Of("money", StepKind.OrderMoney, "Premium paid back", "退还保费", "ended", "approve"),
        Of("certificate", StepKind.Certify, "Certificate", "证明", "ended"),
        .. End("endorsement"),
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up"),
    ])
    {
        Letters =
        [
            Letter("cover-ended", W("Policy {contract.number}: cover has ended", "保单 {contract.number} 保险责任已终止"),
                W("{customer.name}, the cover of {product} ended with {last.day}. {balance}", "{customer.name}，您好：{product}的保险责任已于{last.day}终止。{balance}"),
                W("What happens to the property after that day is not insured. Damage of before can still be claimed.", "此后标的发生的损失不再承保；此前发生的损失仍可索赔。")) with { Table = LetterTable.Settlement },
        ],
    };

    /// <summary>Shares of the premiums paid by completed policy years, as they are printed in the policy.</summary>
    private static readonly SurrenderTable CashValues = new(SurrenderBasis.PremiumsPaid, Rows("0", "0.15", "0.30", "0.45", "0.58", "0.68", "0.76", "0.82", "0.87", "0.91", "0.95", "0.98", "1.01", "1.04", "1.07", "1.10", "1.13", "1.16", "1.19", "1.22", "1.25"), TableBetween.ByDays);

    /// <summary>What comes back of a year's premium by months begun: before cover begins all but a twentieth, then a share that falls each month.</summary>
    private static readonly SurrenderTable ShortRate = new(SurrenderBasis.PeriodPremium, Rows("0.95", "0.90", "0.80", "0.70", "0.60", "0.50", "0.40", "0.30", "0.25", "0.20", "0.15", "0.10", "0"));

    private static SurrenderRow[] Rows(params string[] shares) => [.. shares.Select((s, i) => new SurrenderRow(i, Rate.Parse(s, "share")))];

    private static readonly Consequences Ends = new()
    {
        Obligations = W("A loan on the policy, its interest and open premiums are set off.", "保单贷款本息与欠交保费从退款中抵扣。"),
        Services = W("Cover ends with the last day; what happens later is not insured. Riders end with it.", "保险责任于终止日结束，此后事故不予承保；附加险同时终止。"),
        Resign = W("A new policy needs new answers about health, may be refused, and is priced by the age of that day.", "重新投保须重新健康告知，可能被拒保，并按届时年龄定价。"),
    };

    public static TerminationPolicy Life { get; } = new()
    {
        Number = "LIFE-01", Version = 1, EffectiveFrom = new(2020, 1, 1), ReviewOn = new(2027, 6, 30), TitleEnglish = "Life insurance", TitleChinese = "人身保险退保政策", Scope = new(["CN"], Party.Financial), Procedures = new(SurrenderId),
        Form = Form(W("To pay what is due on surrender, and to pass over nobody's right.", "准确支付退保金，不遗漏任何权利人。"), W("Whole life and endowment policies.", "终身寿险与两全保险。"), W("Application for surrender", "退保申请书"), W("Policy", "保险单"), W("Consent of the irrevocable beneficiary or pledgee", "不可撤销受益人或质权人同意书"), W("Notice to insured person and beneficiary", "被保险人与受益人告知书")),
        Grounds = CommonGrounds, Renewal = new(RenewalKind.None), Notice = NoticePeriod.OfDays(0), MaxTermMonths = 240,
        Insurance = new(CoolingOffDays, new Money(1000, "CNY"), CashValues, Rate.Parse("0.05", "loanRate")),
        HandOvers = [new(PolicySide.Customer, "policy", W("Policy document, or a declaration that it is lost", "保险单或遗失声明"), 14)],
        Consequences = Ends,
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.CoolingOff] = new("7.1", "Within 20 days of receiving the policy all premiums come back, less 10 for the printed policy.", "收到保单 20 日内退保，退还全部保费，仅扣除工本费 10 元。"),
            [LineCode.Surrender] = new("7.2", "Later the surrender value comes back, by the table and by days within a policy year.", "犹豫期后按现金价值表退还，年度内按日递进。"),
            [LineCode.PolicyLoan] = new("7.3", "A loan on the policy is set off.", "保单贷款从退保金中抵扣。"), [LineCode.PolicyLoanInterest] = new("7.3", "It bears 5 % a year by days.", "保单贷款按年利率 5% 按日计息。"),
            [LineCode.Unpaid] = new("7.4", "Premiums due and unpaid are set off.", "欠交保费从退保金中抵扣。"),
        },
    };

    public static TerminationPolicy Property { get; } = new()
    {
        Number = "PROP-01", Version = 1, EffectiveFrom = new(2020, 1, 1), ReviewOn = new(2027, 6, 30), TitleEnglish = "Property insurance", TitleChinese = "财产保险退保政策", Scope = new(["CN"], Party.Financial), Procedures = new(CancellationId),
        Form = Form(W("To give back the premium for time not insured by one known rule.", "按统一规则退还未承保期间的保费。"), W("Home and business property by the year.", "一年期家庭与企业财产保险。"), W("Application for cancellation", "退保申请书"), W("Consent of the loss payee", "第一受益人同意书")),
        Grounds = CommonGrounds, Renewal = new(RenewalKind.None), Notice = NoticePeriod.OfDays(0), MaxTermMonths = 12, Insurance = new(Surrender: ShortRate),
        HandOvers = [new(PolicySide.Company, "endorsement", W("Endorsement of cancellation", "退保批单"), 5)],
        Consequences = Ends with { Resign = W("By a new application; the property may be looked at again.", "须重新投保，标的可能须重新查勘。") },
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.Surrender] = new("5.1", "For the customer's own reason the year's premium comes back by the short-rate table; before cover begins all but 5 %.", "投保人自行退保按短期费率表退还当年保费；保险责任开始前仅扣 5% 手续费。"),
            [LineCode.UnusedPrepaid] = new("5.2", "In every other case the days that were not insured come back.", "其他情形按未承保天数退还。"), [LineCode.ServiceToEnd] = new("5.2", "A premium not yet paid is charged for the days insured.", "未交保费按承保天数收取。"),
            [LineCode.Unpaid] = new("5.3", "Premiums due and unpaid are set off.", "欠交保费从退款中抵扣。"),
        },
    };

    public static Pack Pack { get; } = new("insurer", W("Insurer", "保险"),
    [
        W("Within 20 days of receiving a life policy all premiums come back, less 10 for the printed policy; later the surrender value by a table.", "人身险收到保单 20 日内退还全部保费，仅扣工本费 10 元；之后按现金价值表退还。"),
        W("A loan on the policy, its interest and open premiums are set off.", "保单贷款本息与欠交保费自动抵扣。"),
        W("The end waits for the consent of an irrevocable beneficiary or a pledgee, with a paper; insured person and beneficiary are told.", "不可撤销受益人或质权人书面同意后方可退保；被保险人与受益人须获告知。"),
        W("An open claim never delays the end or the money: it keeps the file until it is closed.", "未决赔案不影响退保与付款，仅在结案前保留资料。"),
        W("Property policies come back by short rate, at our doing by days.", "财产险按短期费率退还，非投保人原因按日退还。"),
    ], [Surrender, Cancellation], [Life, Property],
    Reason("INSURANCE", "Insurance", "保险", ("PREMIUM", "Premium too high", "保费负担重"), ("NEED_CASH", "Needs the money", "急需资金"), ("NO_NEED", "Cover no longer needed", "不再需要保障"), ("MISSOLD", "Not what was explained", "与介绍不符"), ("CLAIM", "Claim refused or slow", "理赔不满"), ("SOLD_PROPERTY", "Property sold", "标的已转让")),
    "LIFE-2026-0001");
}
