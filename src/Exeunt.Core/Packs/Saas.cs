using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using static Exeunt.Core.Packs.Writing;

namespace Exeunt.Core.Packs;

/// <summary>
/// Cloud software: a confirming mail, a check by the system, no person unless money or an open point asks for one, clean-up by the
/// connected system, certificate, closing mail. In the European Union the data stays fetchable for the periods of the Data Act.
/// </summary>
public static class Saas
{
    public const string TerminationId = "saas-termination";
    public const string EuropeanId = "saas-eu-termination";

    /// <summary>Name of the connected system that opens and closes accounts.</summary>
    public const string Provisioning = "provisioning";

    /// <summary>Days of transition, and days until the data is erased, both after the last service day.</summary>
    public const int TransitionDays = 30;
    public const int RetrievalDays = 60;

    private static readonly StepCondition AboveLimit = Above("CNY 2000", "EUR 300", "GBP 300", "USD 300");

    private static readonly ProcedureLetter Confirmed = Letter("confirmed", W("We have your termination", "已收到您的解约申请"),
        W("{customer.name}, your termination of {product} (contract {contract.number}) arrived on {received.on} under the number {case.number}.", "{customer.name}，您好：您对{product}（合同 {contract.number}）的解约申请已于{received.on}收到，编号 {case.number}。"),
        W("The last day of service is {last.day}. Nothing more is needed from you.", "最后服务日为{last.day}，您无需再办理其他手续。"),
        W("If this was not you, answer this mail at once.", "如非本人申请，请立即回复本邮件。"));

    private static readonly ProcedureLetter Closing = Letter("closing", W("Your account is closed", "账户已关闭"),
        W("{product} ended on {last.day}. Access is revoked, billing has stopped, and the certificate is in your documents.", "{product}已于{last.day}终止：访问权限已收回，计费已停止，证明可在文件中下载。"),
        W("{balance}", "{balance}")) with { Table = LetterTable.Settlement };

    private static ProcedureStep[] Beginning =>
    [
        Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
        Of("confirm", StepKind.Notify, "Confirming mail", "确认邮件", "identity") with { Letter = "confirmed" },
        Of("check", StepKind.AutoCheck, "Automatic check", "自动检查", "identity") with
        {
            Roles = Checkers, DueHours = 9, EscalateTo = [Role.BranchHead],
            Items = [AutomaticCheck.Of(AutomaticCheck.Arrears), AutomaticCheck.Of(AutomaticCheck.Disputes), AutomaticCheck.Of(AutomaticCheck.OpenOrders), AutomaticCheck.Of(AutomaticCheck.Holds), AutomaticCheck.Of(AutomaticCheck.Reviews)],
        },
        Of("settle", StepKind.Settle, "Settlement", "结算", "identity"),
        Of("approve", StepKind.Approve, "Approval above the limit", "超限额审批", "settle", "check") with
        {
            Of = ApprovalSubject.Settlement, Roles = Payers, When = [AboveLimit], DueHours = 18, EscalateTo = [Role.BranchHead],
        },
    ];

    private static ProcedureStep[] End(string stopped, string cleaned) =>
    [
        Of("certificate", StepKind.Certify, "Certificate", "证明", cleaned),
        Of("closing", StepKind.Notify, "Closing mail", "结清邮件", "certificate") with { Letter = "closing" },
        Of("money", StepKind.OrderMoney, "Payment order", "付款指令", stopped, "approve"),
        Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
        Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile", "export"),
        Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up", "closing", "confirm"),
    ];

    /// <summary>From application to certificate by systems alone, as long as nothing is open and the amount is within the limit.</summary>
    public static Procedure Termination { get; } = new(TerminationId, 1, CaseKind.Termination, W("Cloud software: termination", "云软件解约"), new("CN", new(9, 0), new(18, 0)),
    [
        .. Beginning,
        Of("effective", StepKind.WaitUntilDate, "Last service day", "生效日", "identity") with { AtOnce = true },
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("export", StepKind.HandOver, "Data export", "数据导出", "archive") with
        {
            Roles = [Role.Technical], Tasks = [new("export-data", W("Put the customer's data ready to be fetched", "备好客户数据供下载"), Role.Technical, Provisioning, DueDays: 1)],
        },
        Of("clean-up", StepKind.WorkOrders, "Clean-up", "清理", "archive") with
        {
            Roles = [Role.Technical], DueHours = 9, EscalateTo = [Role.Supervisor],
            Tasks =
            [
                new("revoke-access", W("Revoke log-ins and keys", "收回登录权限与密钥"), Role.Technical, Provisioning, DueDays: 0),
                new("stop-billing", W("Stop billing", "停止计费"), Role.Technical, Provisioning, DueDays: 0),
            ],
        },
        .. End("clean-up", "clean-up"),
    ]) { Letters = [Confirmed, Closing] };

    /// <summary>With the Data Act's transition and retrieval: productive use ends at once, the data goes only after both periods.</summary>
    public static Procedure European { get; } = new(EuropeanId, 1, CaseKind.Termination, W("Cloud software: termination, European Union", "云软件解约（欧盟）"), new("DE", new(9, 0), new(17, 0)),
    [
        .. Beginning,
        Of("effective", StepKind.WaitUntilDate, "Last service day", "生效日", "identity"),
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("read-only", StepKind.WorkOrders, "Reading and export only", "转为只读与导出", "archive") with
        {
            Roles = [Role.Technical], DueHours = 8, EscalateTo = [Role.Supervisor],
            Tasks =
            [
                new("stop-billing", W("Stop billing", "停止计费"), Role.Technical, Provisioning, DueDays: 0),
                new("read-only", W("Switch to reading and export", "切换为只读与导出"), Role.Technical, Provisioning, DueDays: 0),
            ],
        },
        Of("export", StepKind.HandOver, "Data export", "数据导出", "archive") with
        {
            Roles = [Role.Technical], Tasks = [new("export-data", W("Hand over the data in an open format", "以开放格式移交数据"), Role.Technical, Provisioning, DueDays: 30)],
        },
        Of("transition", StepKind.Period, "Transition", "过渡期", "effective") with { Days = TransitionDays, From = PeriodFrom.LastServiceDay },
        Of("retrieval-letter", StepKind.Notify, "Until when data can be fetched", "数据取回期限通知", "transition") with { Letter = "retrieval" },
        Of("retrieval", StepKind.Period, "Retrieval of data", "数据取回期", "transition", "retrieval-letter") with { Days = RetrievalDays, From = PeriodFrom.LastServiceDay },
        Of("delete", StepKind.WorkOrders, "Deletion at the system", "系统删除", "read-only", "retrieval") with
        {
            Roles = [Role.Technical], DueHours = 16, EscalateTo = [Role.Supervisor],
            Tasks =
            [
                new("close-access", W("Close every log-in", "关闭全部登录"), Role.Technical, Provisioning, Irreversible: true),
                new("delete-data", W("Delete the customer's data", "删除客户数据"), Role.Technical, Provisioning, Irreversible: true),
            ],
        },
        .. End("read-only", "delete"),
    ])
    {
        Letters =
        [
            Confirmed, Closing,
            Letter("retrieval", W("Fetch your data until {period.end}", "请于{period.end}前取回数据"),
                W("The transition of contract {contract.number} is over. Until {period.end} you can fetch everything you and your users put in, and what came of it, free of charge.", "合同 {contract.number} 的过渡期已结束。您可在{period.end}前免费取回您及您的用户输入的全部数据及其衍生数据。"),
                W("After that day it is deleted and cannot be brought back.", "逾期数据将被删除且无法恢复。")),
        ],
    };

    public static TerminationPolicy Policy { get; } = new()
    {
        Number = "SAAS-01", Version = 1, EffectiveFrom = new(2020, 1, 1), ReviewOn = new(2027, 6, 30), TitleEnglish = "Cloud software, by the month", TitleChinese = "云软件（按月）解约政策",
        Scope = new(["CN"], Party.Business, Sector: "SAAS"), Procedures = new(TerminationId),
        Form = Form(W("To end a subscription as fast as it was begun.", "订阅随时可退，与开通一样快捷。"), W("Subscriptions billed by the month.", "按月计费的订阅。"), W("Data export format", "数据导出格式说明")),
        Grounds = CommonGrounds, Renewal = new(RenewalKind.Fixed, 1, ReminderDays: 5), Notice = NoticePeriod.OfDays(0), MaxTermMonths = 12,
        HandOvers = [new(PolicySide.Company, "data-export", W("Export of the customer's data", "客户数据导出"), 1)],
        Consequences = new()
        {
            Credit = W("Nothing is reported to a credit bureau.", "不报送征信机构。"), Obligations = W("Open invoices stay due.", "未付账单仍须支付。"),
            Services = W("Log-ins and interfaces stop at once.", "登录与接口立即停用。"), Resign = W("At any time, as a new subscription.", "可随时重新订阅。"),
        },
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.UnusedPrepaid] = new("3.1", "The unused part of a month paid in advance comes back, day by day.", "已预付月费中未使用的部分按日退还。"),
            [LineCode.ServiceToEnd] = new("3.1", "A month not yet paid is charged up to the last day of service.", "未预付的月份按实际服务天数计费。"),
            [LineCode.Deposit] = new("3.2", "A deposit comes back in full.", "押金全额退还。"), [LineCode.Unpaid] = new("3.3", "Open invoices stay due.", "未付账单仍应支付。"),
        },
    };

    public static TerminationPolicy EuropeanPolicy { get; } = Policy with
    {
        Number = "SAAS-EU-01", TitleEnglish = "Cloud software, European Union", TitleChinese = "云软件（欧盟）解约政策", Scope = new(["DE", "FR"], Party.Business, Sector: "SAAS"),
        Procedures = new(EuropeanId), Notice = NoticePeriod.OfMonths(2), Renewal = new(RenewalKind.Indefinite, Notice: NoticePeriod.OfMonths(1), ReminderDays: 30), MaxTermMonths = 24,
        Form = Form(W("To let customers change providers without losing their data.", "让客户更换服务商时不丢失数据。"), W("Cloud services to customers in the European Union.", "面向欧盟客户的云服务。"), W("Register of exportable data", "可导出数据清单")),
        HandOvers = [new(PolicySide.Company, "data-export", W("Export of the customer's data in an open format", "以开放格式导出的客户数据"), 30)],
    };

    public static Pack Pack { get; } = new("saas", W("Cloud software", "云软件"),
    [
        W("A confirming mail at once; the system checks arrears, disputes, open orders, holds and questions of law by itself.", "即时发出确认邮件；系统自动检查欠费、纠纷、未完订单、暂停与合规问题。"),
        W("Nobody approves what is within the limit; above it finance and legal do.", "限额内无需审批，超限额由财务与法务审批。"),
        W("Without notice the service ends at once: from the application to the certificate in minutes.", "无通知期时即时终止：从申请到证明只需数分钟。"),
        W("In the European Union: at most two months' notice, 30 days of transition, data fetchable for 30 days more, then deleted.", "欧盟：通知期最长两个月，过渡期 30 日，其后数据可取回 30 日，然后删除。"),
    ], [Termination, European], [Policy, EuropeanPolicy],
    Reason("CLOUD", "Cloud software", "云软件", ("NO_SEATS", "Fewer users", "使用人数减少"), ("INTEGRATION_GONE", "An integration was withdrawn", "集成停止支持"), ("DATA_RESIDENCY", "Where data is kept", "数据存放地"), ("UPTIME", "Outages", "服务中断"), ("SELF_HOSTED", "Going to run it oneself", "转为自建")),
    "SAAS-2026-0001");
}
