using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using static Exeunt.Core.Packs.Writing;

namespace Exeunt.Core.Packs;

/// <summary>
/// Telephone and lines: identity, talk, approval where money asks for it, technical back-up before clean-up before the number goes,
/// refund, certificate; numbers that are taken along; and the ladder for arrears of the telecom regulations.
/// </summary>
public static class Telecom
{
    public const string TerminationId = "telecom-termination";
    public const string ArrearsId = "telecom-arrears";

    /// <summary>Days from the due day until service may be suspended, and from then until the contract may be ended.</summary>
    public const int SuspendDays = 30;
    public const int EndDays = 60;

    private static readonly StepCondition Porting = new(CaseFact.Reason, Comparison.Is, ["COMPETITION/PORTING"]);

    public static Procedure Termination { get; } = new(TerminationId, 1, CaseKind.Termination, W("Telecom: termination", "电信解约（销户）"), new("CN", new(9, 0), new(18, 0)),
    [
        Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
        Of("talk", StepKind.Talk, "Talk", "沟通", "identity") with { Roles = Handlers, DueHours = 9, EscalateTo = [Role.Supervisor] },
        Of("formalities", StepKind.Formalities, "Equipment handed in", "设备交回", "identity") with { Roles = Handlers },
        Of("settle", StepKind.Settle, "Settlement", "结算", "talk"),
        Of("port-check", StepKind.AutoCheck, "May the number be taken along?", "携号转网条件检查", "talk") with
        {
            Roles = Checkers, DueHours = 1, EscalateTo = [Role.Supervisor], When = [Porting],
            Items = [AutomaticCheck.Of(AutomaticCheck.OnNet), AutomaticCheck.Of(AutomaticCheck.Arrears), AutomaticCheck.Of(AutomaticCheck.Holds)],
        },
        Of("port-quote", StepKind.Notify, "What releasing the term costs, and how to get the code", "解除在网期报价与授权码指引", "port-check", "settle") with { Letter = "port-quote", When = [Porting] },
        Of("approve", StepKind.Approve, "Approval", "审批", "settle") with
        {
            Of = ApprovalSubject.Settlement, Roles = Payers, When = [Above("CNY 500", "EUR 60", "GBP 60")], DueHours = 18, EscalateTo = [Role.BranchHead],
        },
        Of("effective", StepKind.WaitUntilDate, "Last service day", "生效日", "identity"),
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("back-up", StepKind.WorkOrders, "Technical back-up", "技术备份", "archive") with
        {
            Roles = [Role.Technical], DueHours = 9, EscalateTo = [Role.Supervisor],
            Tasks = [new("back-up-configuration", W("Back up line and switch configuration", "备份线路与交换配置"), Role.Technical, DueDays: 1), new("back-up-records", W("Back up call records for billing", "备份计费话单"), Role.Technical, DueDays: 1)],
        },
        Of("clean-up", StepKind.WorkOrders, "Clean-up", "清理", "back-up") with
        {
            Roles = [Role.Technical], DueHours = 18, EscalateTo = [Role.Supervisor],
            Tasks = [new("stop-service", W("Stop the service", "停止服务"), Role.Technical), new("stop-billing", W("Stop billing", "停止计费"), Role.Technical), new("free-port", W("Free port and line", "释放端口与线路"), Role.Technical)],
        },
        Of("release-number", StepKind.WorkOrders, "Release of the number", "号码释放", "clean-up") with
        {
            // A number that was taken along is the other network's.
            Roles = [Role.Technical], When = [new(CaseFact.Reason, Comparison.IsNot, ["COMPETITION/PORTING"])],
            Tasks = [new("release-number", W("Put the number into quarantine, then release it", "号码进入冷冻期后释放"), Role.Technical, DueDays: 90, Irreversible: true)],
        },
        Of("ended", StepKind.Notify, "Notice", "通知", "clean-up") with { Letter = "ended" },
        Of("money", StepKind.OrderMoney, "Refund", "退款", "ended", "approve"),
        Of("certificate", StepKind.Certify, "Certificate", "证明", "ended", "release-number"),
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
        Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
        Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile"),
        Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up", "port-quote"),
    ])
    {
        Letters =
        [
            Letter("port-quote", W("Taking your number along", "携号转网须知"),
                W("Your number meets the conditions. The settlement of contract {contract.number} on {last.day} comes to {amount}; releasing the remaining term is part of it. {balance}", "您的号码符合携转条件。合同 {contract.number} 按{last.day}结算，金额为 {amount}，含解除剩余在网期的费用。{balance}"),
                W("Ask for the authorisation code by text message from the number itself; it comes at once and is valid for one hour. Give it to the new network before {last.day}.", "请用本机号码发送短信获取授权码，即时下发，一小时内有效；请在{last.day}前交给新运营商。"),
                W("No further condition is set.", "除此之外不设其他条件。")) with { Table = LetterTable.Settlement },
        ],
    };

    /// <summary>
    /// Reminder → 30 days from the due day → suspension → 60 days → a person decides → end. Paid on any rung, the service comes back and
    /// the customer stays.
    /// </summary>
    public static Procedure Arrears { get; } = new(ArrearsId, 1, CaseKind.Offboarding, W("Telecom: arrears", "电信欠费处理"), new("CN", new(9, 0), new(18, 0)),
    [
        Of("reminder", StepKind.Notify, "Reminder", "催缴通知") with { Letter = "reminder" },
        Of("grace", StepKind.Period, "Time to pay before suspension", "停机前缴费期", "reminder") with { Days = SuspendDays, From = PeriodFrom.UnpaidDue },
        Of("suspension-letter", StepKind.Notify, "Notice of suspension", "停机通知", "grace") with { Letter = "suspension" },
        Of("suspend", StepKind.WorkOrders, "Suspension", "停机", "grace") with
        {
            Roles = [Role.Technical], DueHours = 9, EscalateTo = [Role.Supervisor],
            Tasks = [new("suspend-service", W("Suspend outgoing and incoming service", "暂停呼出与呼入"), Role.Technical, DueDays: 0)],
        },
        Of("talk", StepKind.Talk, "Talk", "沟通", "suspension-letter") with { Roles = [Role.AccountManager, Role.Supervisor], DueHours = 90, EscalateTo = [Role.BranchHead] },
        Of("last-grace", StepKind.Period, "Time to pay before the end", "销户前缴费期", "grace", "suspension-letter") with { Days = EndDays },
        Of("decide", StepKind.Approve, "Decision", "决定", "talk", "last-grace", "suspend") with
        {
            Of = ApprovalSubject.Decision, Roles = [Role.BranchHead, Role.Legal], DueHours = 27, EscalateTo = [Role.BranchHead],
        },
        Of("notice", StepKind.Notify, "Notice", "通知", "decide") with { Letter = "decision" },
        Of("effective", StepKind.WaitUntilDate, "Last day", "生效日", "notice"),
        Of("settle", StepKind.Settle, "Final bill", "最终结算", "effective"),
        Of("approve", StepKind.Approve, "Approval", "审批", "settle") with { Of = ApprovalSubject.Settlement, Roles = Payers, DueHours = 18, EscalateTo = [Role.BranchHead] },
        Of("archive", StepKind.Archive, "Archive", "归档", "settle"),
        Of("release-number", StepKind.WorkOrders, "Release of the number", "销号", "archive") with
        {
            Roles = [Role.Technical],
            Tasks = [new("stop-billing", W("Stop billing", "停止计费"), Role.Technical), new("release-number", W("Put the number into quarantine, then release it", "号码进入冷冻期后释放"), Role.Technical, DueDays: 90, Irreversible: true)],
        },
        Of("ended", StepKind.Notify, "Closing letter", "结清通知", "release-number") with { Letter = "ended" },
        Of("money", StepKind.OrderMoney, "Payment order", "付款指令", "ended", "approve"),
        Of("certificate", StepKind.Certify, "Certificate", "证明", "ended"),
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
        Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
        Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile"),
        Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up"),
    ])
    {
        Letters =
        [
            Letter("reminder", W("Your bill of {unpaid} is due", "您有 {unpaid} 账单待缴"),
                W("{unpaid} for {product} (contract {contract.number}) has been due since {unpaid.due}. From the day after, 3 ‰ a day are added.", "{product}（合同 {contract.number}）应缴 {unpaid}，到期日{unpaid.due}。自次日起按日加收 3‰ 违约金。"),
                W("Pay until {period.end} and nothing else happens. After that day the service may be suspended; it is back within 48 hours of your payment.", "请于{period.end}前缴清，不受影响。逾期可能停机，缴清后 48 小时内恢复。")),
            Letter("suspension", W("Your service is suspended", "服务已暂停"),
                W("{unpaid} are still unpaid, so {product} is suspended today.", "因欠费 {unpaid} 未缴，{product}自今日起暂停服务。"),
                W("Pay until {period.end} and the service is back within 48 hours. After that day we may end the contract; before it we talk to you and you can object.", "请于{period.end}前缴清，48 小时内恢复服务。逾期我们可能终止合同；终止前会与您沟通，您可提出异议。")),
        ],
    };

    public static TerminationPolicy Policy { get; } = new()
    {
        Number = "TEL-01", Version = 1, EffectiveFrom = new(2020, 1, 1), ReviewOn = new(2027, 6, 30), TitleEnglish = "Telephone and broadband", TitleChinese = "电话与宽带解约政策",
        Scope = new(["CN"], Party.Telecom), Procedures = new(TerminationId, Arrears: ArrearsId),
        Form = Form(W("To end lines and numbers without loss, and to treat arrears alike.", "规范销户与欠费处理，保障用户权益。"), W("Fixed lines, mobile numbers, broadband.", "固话、移动号码与宽带。"), W("Application for closing an account", "销户申请表"), W("List of numbers", "号码清单")),
        Grounds = CommonGrounds, Renewal = new(RenewalKind.Indefinite, Notice: NoticePeriod.OfDays(0), ReminderDays: 30), Notice = NoticePeriod.OfDays(3), MaxTermMonths = 24,
        Etf = new LeastFee([new RemainingShareFee(Rate.Parse("0.20", "pct")), new FlatFee(new Money(60000, "CNY"))]), Device = DeviceRule.Eecc,
        LateInterest = new(DailyRate: Rate.Parse("0.003", "dailyRate")),
        HandOvers =
        [
            new(PolicySide.Customer, "modem", W("Modem", "光猫"), 14, new Money(20000, "CNY")), new(PolicySide.Customer, "sim-card", W("SIM card", "SIM 卡"), 14),
            new(PolicySide.Company, "number", W("The number: released, or passed to the other network", "号码释放或携转"), 90),
        ],
        Consequences = new()
        {
            Credit = W("Arrears can be reported once they are 90 days late and you were told.", "欠费逾期满 90 天并经告知后，方可报送征信机构。"), Obligations = W("Open bills stay due.", "未付账单仍须支付。"),
            Services = W("Services that use the number stop: unbind it first.", "绑定该号码的服务将停用，请先解绑。"), Resign = W("At any time; the same number only while it is not given to somebody else.", "可随时重新入网；原号码以未被重新分配为限。"),
        },
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.UnusedPrepaid] = new("4.1", "The unused part of a month paid in advance comes back, day by day.", "已预付月费中未使用的部分按日退还。"),
            [LineCode.ServiceToEnd] = new("4.1", "A month not yet paid is charged up to the last day of service.", "未预付的月份按实际服务天数计费。"),
            [LineCode.Etf] = new("4.2", "Leaving within the term costs a fifth of the fees for the months not begun, at most 600.", "合同期内提前解约，按未开始月份月费的 20% 计收，最高 600 元。"),
            [LineCode.Device] = new("4.3", "Equipment that is kept costs its remaining value or the remaining fees, whichever is less.", "保留设备的，按剩余价值与剩余月费中较低者计收。"),
            [LineCode.Deposit] = new("4.4", "The deposit comes back in full.", "押金全额退还。"), [LineCode.Unpaid] = new("4.5", "Open bills stay due.", "未付账单仍应支付。"),
            [LineCode.LateInterest] = new("4.6", "Late bills bear 3 ‰ a day.", "逾期账单按日加收 3‰ 违约金。"),
        },
    };

    public static Pack Pack { get; } = new("telecom", W("Telecom", "电信"),
    [
        W("Technical back-up, then clean-up, and only then the number goes.", "先技术备份，再清理，最后释放号码。"),
        W("A number can be taken along after 120 days on the net with bills settled; what releasing the term costs is quoted before the code.", "在网满 120 日且费用结清即可携号转网；解除在网期的费用在授权码之前报价。"),
        W("Arrears: 3 ‰ a day, suspension after 30 days, end after 60 more, back within 48 hours of payment on any rung.", "欠费：按日加收 3‰，30 日后可停机，再 60 日仍未缴可终止；任一阶段缴清，48 小时内恢复。"),
        W("Nobody approves a settlement up to 500.", "结算金额 500 元以内无需审批。"),
    ], [Termination, Arrears], [Policy],
    Reason("NETWORK", "Network", "网络", ("COVERAGE", "No reception", "信号差"), ("SPEED", "Slow line", "网速慢"), ("MOVED_OUT_OF_AREA", "No line at the new address", "新址无覆盖"), ("SPAM_CALLS", "Unwanted calls", "骚扰电话"), ("SECOND_NUMBER", "A number too many", "多余号码")),
    "TEL-2026-0001");
}
