using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using static Exeunt.Core.Packs.Writing;

namespace Exeunt.Core.Packs;

/// <summary>
/// Loans: repaid early by the customer; ended by the bank only after a demand, a look at purpose, ability and willingness to repay, and a
/// restructuring that was tried; and nothing goes to the credit bureau before the person was told.
/// </summary>
public static class Bank
{
    public const string RepaymentId = "loan-repayment";
    public const string DefaultId = "loan-default";
    public const int DemandDays = 30;
    public const int BureauDays = 10;

    public static Procedure Repayment { get; } = new(RepaymentId, 1, CaseKind.Termination, W("Loan: early repayment", "贷款提前结清"), new("CN", new(9, 0), new(17, 0)),
    [
        Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
        Of("settle", StepKind.Settle, "Amount to repay", "结清金额", "identity"),
        Of("quote", StepKind.Notify, "Statement of what is owed", "结清金额通知", "settle") with { Letter = "quote" },
        Of("approve", StepKind.Approve, "Approval", "审批", "settle") with { Of = ApprovalSubject.Settlement, Roles = Payers, DueHours = 16, EscalateTo = [Role.BranchHead] },
        Of("effective", StepKind.WaitUntilDate, "Day of repayment", "结清日", "identity"),
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("close-loan", StepKind.WorkOrders, "Loan account closed", "销贷款账户", "archive") with
        {
            Roles = [Role.Technical], DueHours = 16, EscalateTo = [Role.Supervisor],
            Tasks = [new("stop-interest", W("Stop interest and direct debit", "停止计息与代扣"), Role.Technical, DueDays: 1), new("close-loan-account", W("Close the loan account", "注销贷款账户"), Role.Technical)],
        },
        Of("collateral", StepKind.HandOver, "Collateral released", "解除抵押", "archive") with
        {
            Roles = Handlers, Tasks = [new("release-collateral", W("Release the mortgage and hand back the papers", "办理抵押注销并退还权证"), Role.Legal, DueDays: 15)],
        },
        Of("ended", StepKind.Notify, "Notice", "通知", "close-loan") with { Letter = "ended" },
        Of("money", StepKind.OrderMoney, "Payment order", "付款指令", "ended", "approve"),
        Of("certificate", StepKind.Certify, "Certificate of repayment", "结清证明", "ended"),
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
        Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
        Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile", "collateral"),
        Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up", "quote"),
    ])
    {
        Letters =
        [
            Letter("quote", W("What repaying your loan takes", "提前结清金额通知"), W("To repay contract {contract.number} on {last.day} takes {amount}. {balance}", "合同 {contract.number} 于{last.day}结清，金额为 {amount}。{balance}"),
                W("Your credit record then says that the loan was repaid; nothing bad is reported.", "结清后信用记录显示为正常结清，不产生不良信息。")) with { Table = LetterTable.Settlement },
        ],
    };

    public static Procedure Default { get; } = new(DefaultId, 1, CaseKind.Offboarding, W("Loan: calling in after default", "贷款违约处置"), new("CN", new(9, 0), new(17, 0)),
    [
        Of("demand", StepKind.Notify, "Demand", "催告函") with { Letter = "demand" },
        Of("time-to-pay", StepKind.Period, "Time to pay", "催告期", "demand") with { Days = DemandDays },
        Of("talk", StepKind.Talk, "Talk", "沟通", "demand") with { Roles = [Role.AccountManager, Role.Supervisor], DueHours = 24, EscalateTo = [Role.BranchHead] },
        Of("assess", StepKind.CheckList, "Purpose, ability, willingness", "用途、能力与意愿评估", "talk") with
        {
            Roles = Checkers, DueHours = 40, EscalateTo = [Role.BranchHead],
            Items =
            [
                new("purpose", W("Purpose of the loan checked against vouchers", "已凭单据核实贷款用途")), new("ability", W("Ability to repay: income, cash flow, other debts", "还款能力：收入、现金流、其他负债")),
                new("willingness", W("Willingness to repay: contact, promises kept, own proposals", "还款意愿：联系情况、承诺履行、主动方案")), new("post-loan", W("Post-loan checks since payout are complete", "贷后跟踪检查记录完整")),
            ],
        },
        Of("cure", StepKind.CurePeriod, "Restructured payments observed", "重组后观察期", "talk") with { Roles = [Role.AccountManager, Role.Supervisor], Days = 365 },
        Of("restructure", StepKind.CheckList, "Restructuring tried", "重组尝试", "assess", "cure") with
        {
            Roles = Checkers, DueHours = 80, EscalateTo = [Role.BranchHead],
            Items = [new("offered", W("Extension, instalments or a lower rate were offered in writing", "已书面提供展期、分期或降息方案")), new("answered", W("The answer is recorded, or the time for it is over", "已记录答复或答复期已过"))],
        },
        Of("decide", StepKind.Approve, "Decision", "决定", "restructure", "time-to-pay") with { Of = ApprovalSubject.Decision, Roles = [Role.BranchHead, Role.Legal], DueHours = 24, EscalateTo = [Role.BranchHead] },
        Of("notice", StepKind.Notify, "Notice of calling in", "提前到期通知", "decide") with { Letter = "decision" },
        Of("effective", StepKind.WaitUntilDate, "Last day", "到期日", "notice"),
        Of("settle", StepKind.Settle, "What is due", "到期结算", "effective"),
        Of("approve", StepKind.Approve, "Approval", "审批", "settle") with { Of = ApprovalSubject.Settlement, Roles = Payers, DueHours = 16, EscalateTo = [Role.BranchHead] },
        Of("archive", StepKind.Archive, "Archive", "归档", "settle"),
        Of("bureau-letter", StepKind.Notify, "Told before the credit bureau", "报送征信前告知", "settle") with { Letter = "bureau" },
        Of("bureau-wait", StepKind.Period, "Time to object or pay", "异议与补缴期", "bureau-letter") with { Days = BureauDays },
        Of("bureau", StepKind.WorkOrders, "Reported to the credit bureau", "报送征信", "bureau-wait", "archive") with
        {
            Roles = [Role.Technical], Tasks = [new(CreditBureau.Task, W("Report to the credit bureau, to be kept five years from the end", "向征信机构报送（自终止之日起保存五年）"), Role.Finance, DueDays: 5, Irreversible: true)],
        },
        Of("accounts", StepKind.WorkOrders, "Accounts", "账户处理", "archive") with { Roles = [Role.Technical], Tasks = [new("freeze-credit-line", W("Close the credit line", "关闭授信额度"), Role.Technical)] },
        Of("ended", StepKind.Notify, "Closing letter", "结清通知", "accounts") with { Letter = "ended" },
        Of("money", StepKind.OrderMoney, "Payment order", "付款指令", "ended", "approve"),
        Of("certificate", StepKind.Certify, "Certificate", "证明", "ended", "bureau"),
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
        Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
        Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile"),
        Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up"),
    ])
    {
        Letters =
        [
            Letter("demand", W("Demand for {unpaid}", "催告函：应还 {unpaid}"), W("{unpaid} of contract {contract.number} have been due since {unpaid.due}.", "合同 {contract.number} 项下 {unpaid} 已于{unpaid.due}到期。"),
                W("Pay until {period.end}, or talk to us about an extension, instalments or a lower rate. Only after that day, and only by the decision of several people, may we call in the whole loan.", "请于{period.end}前还款，或与我们协商展期、分期、降息。此日之后，经多人决定，我们方可宣布贷款提前到期。")),
            Letter("bureau", W("Before we report to the credit bureau", "报送征信前告知书"), W("{amount} of contract {contract.number} are unpaid. After {period.end} we report this to the credit bureau, where it is kept for five years from the day the debt ends.", "合同 {contract.number} 尚欠 {amount}。{period.end}之后我们将向征信机构报送，该信息自不良行为终止之日起保存五年。"),
                W("Until then you can pay, or object if it is wrong; an objection to the bureau is answered within 20 days.", "在此之前您可还款或提出异议；向征信机构提出的异议将在 20 日内答复。")),
        ],
    };

    public static TerminationPolicy Policy { get; } = new()
    {
        Number = "LOAN-01", Version = 1, EffectiveFrom = new(2020, 1, 1), ReviewOn = new(2027, 6, 30), TitleEnglish = "Loans", TitleChinese = "贷款结清与违约处置政策", Scope = new(["CN"], Party.Financial), Procedures = new(RepaymentId, DefaultId, DefaultId),
        Form = Form(W("To let good borrowers go free and to treat bad debts alike.", "便利结清，规范违约处置。"), W("Consumer and business loans.", "个人与企业贷款。"), W("Assessment of ability and willingness to repay", "还款能力与意愿评估表"), W("Record of post-loan checks", "贷后跟踪检查记录"), W("Notice before reporting", "报送征信告知书")),
        Grounds = CommonGrounds, Renewal = new(RenewalKind.None), Notice = NoticePeriod.OfDays(10), MaxTermMonths = 360, LateInterest = new(Rate.Parse("0.03", "annualRate"), Rate.Parse("1.5", "multiplier")), Instalments = new(36),
        HandOvers = [new(PolicySide.Company, "collateral", W("Papers of the collateral", "抵押权证"), 15)],
        Consequences = new()
        {
            ReportedToCreditBureau = true, Credit = W("Arrears are reported only after you were told in writing and had ten days; they are kept five years from the end of the debt.", "逾期信息须书面告知并满十日后方可报送，自不良行为终止之日起保存五年。"),
            Obligations = W("The whole remaining amount is due only after a demand and a decision.", "经催告并作出决定后，剩余款项方提前到期。"), Resign = W("By a new application.", "须重新申请。"),
        },
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.ServiceToEnd] = new("6.1", "The instalment of the broken month is charged by days.", "当期应还按实际天数计算。"), [LineCode.UnusedPrepaid] = new("6.1", "What was paid for days after the end comes back.", "多付部分按日退还。"),
            [LineCode.Unpaid] = new("6.2", "Instalments due and unpaid stay due.", "到期未还款项仍应偿还。"), [LineCode.LateInterest] = new("6.3", "Late amounts bear one and a half times LPR.", "逾期按 LPR 的 1.5 倍计息。"),
        },
    };

    public static Pack Pack { get; } = new("bank", W("Bank and credit", "银行信贷"),
    [
        W("A demand with 30 days, a look at purpose, ability and willingness to repay, and a restructuring that was tried, before anybody decides.", "先催告 30 日，评估用途、还款能力与意愿并尝试重组，然后才作决定。"),
        W("The person is told and has ten days before anything goes to the credit bureau.", "报送征信前告知本人，并给予十日。"),
        W("Repaid early: collateral comes back within 15 days, and the certificate says repaid.", "提前结清：15 日内解除抵押，出具结清证明。"),
    ], [Repayment, Default], [Policy],
    Reason("CREDIT", "Credit", "信贷", ("REFINANCED", "Refinanced elsewhere", "转贷他行"), ("RATE", "Interest rate", "利率过高"), ("SOLD_ASSET", "Asset sold", "出售抵押物"), ("EARLY_MEANS", "Means to repay early", "资金充裕提前还款"), ("OVER_INDEBTED", "Too many debts", "负债过重")),
    "LOAN-2026-0001");
}
