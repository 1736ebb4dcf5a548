using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;

namespace Exeunt.Core.Procedures;

/// <summary>The procedures of the general pack, as they come with the product. A company writes its own versions over them.</summary>
public static class GeneralProcedures
{
    /// <summary>The code under which a customer's ending starts.</summary>
    public const string TerminationId = "general-termination";

    /// <summary>The code under which the company's own ending starts.</summary>
    public const string OffboardingId = "general-offboarding";

    /// <summary>The code under which an ending on the spot starts: the only one whose notice goes out before the decision is reviewed.</summary>
    public const string ImmediateId = "immediate-offboarding";

    /// <summary>Whether a code is that of a procedure for endings on the spot: the general one, or a trade's ("hotel-immediate").</summary>
    public static bool IsImmediate(string id) => id == ImmediateId || id.EndsWith("-immediate", StringComparison.Ordinal);

    /// <summary>The code under which orders are cancelled, returned and exchanged.</summary>
    public const string ReturnId = "general-return";

    private static readonly Role[] Handlers = [Role.Agent, Role.AccountManager, Role.Supervisor];
    private static readonly Dictionary<string, int> Sooner = new() { ["Vip"] = 8 };
    private static readonly BusinessHours OfficeHours = new("CN", new(9, 0), new(18, 0));

    /// <summary>The first way to end a contract; cases that began with it end with it.</summary>
    public static readonly Procedure FirstTermination = new(
        TerminationId, 1, CaseKind.Termination, new("Termination, first version", "解约（初版）"), OfficeHours,
        [
            Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
            Of("talk", StepKind.Talk, "Talk", "沟通", "identity") with { Roles = Handlers },
            Of("offer", StepKind.Offer, "Offer", "挽留", "talk") with { Roles = Handlers },
            Of("settle", StepKind.Settle, "Settlement", "结算", "offer"),
            Of("approve", StepKind.Approve, "Approval", "审批", "settle") with { Of = ApprovalSubject.Settlement, Roles = [Role.Finance, Role.Legal] },
            Of("effective", StepKind.WaitUntilDate, "Last service day", "生效日", "identity"),
            Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
            Of("work", StepKind.WorkOrders, "Work orders", "执行工单", "archive") with { Roles = [Role.Technical], Tasks = StopEverything },
            Of("notice", StepKind.Notify, "Notice", "通知", "work") with { Letter = "ended" },
            Of("money", StepKind.OrderMoney, "Payment order", "付款指令", "notice", "approve"),
            Of("certificate", StepKind.Certify, "Certificate", "证明", "notice"),
            Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
            Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
            Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile"),
            Of("close", StepKind.Close, "Closing", "结案", "erase", "survey"),
        ]);

    /// <summary>A customer ends a contract.</summary>
    public static readonly Procedure Termination = new(
        TerminationId, 2, CaseKind.Termination, new("Termination", "解约"), OfficeHours,
        [
            Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
            Of("talk", StepKind.Talk, "Talk", "沟通", "identity") with { Roles = Handlers, DueHours = 16, TierHours = Sooner, EscalateTo = [Role.Supervisor] },
            Of("offer", StepKind.Offer, "Offer", "挽留", "talk") with { Roles = Handlers, DueHours = 16, EscalateTo = [Role.Supervisor] },
            Of("negotiate", StepKind.Negotiate, "Negotiation", "协商", "identity") with { Roles = Handlers, Days = 30 },
            Of("formalities", StepKind.Formalities, "Formalities", "手续", "identity") with { Roles = Handlers },
            Of("settle", StepKind.Settle, "Settlement", "结算", "offer"),
            Of("approve", StepKind.Approve, "Approval", "审批", "settle") with
            {
                Of = ApprovalSubject.Settlement, Roles = [Role.Finance, Role.Legal], DueHours = 18, EscalateTo = [Role.BranchHead],
            },
            Of("effective", StepKind.WaitUntilDate, "Last service day", "生效日", "identity"),
            Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
            Of("work", StepKind.WorkOrders, "Work orders", "执行工单", "archive") with
            {
                Roles = [Role.Technical], Tasks = StopEverything, DueHours = 18, EscalateTo = [Role.Supervisor],
            },
            Of("notice", StepKind.Notify, "Notice", "通知", "work") with { Letter = "ended" },
            Of("money", StepKind.OrderMoney, "Payment order", "付款指令", "notice", "approve"),
            Of("certificate", StepKind.Certify, "Certificate", "证明", "notice"),
            Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
            Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
            Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile"),
            Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
            Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up"),
        ]);

    /// <summary>The company ends the relationship, by a person's decision with reasons, and only after a talk.</summary>
    public static readonly Procedure Offboarding = new(
        OffboardingId, 1, CaseKind.Offboarding, new("Offboarding", "清退"), OfficeHours,
        [
            Of("talk", StepKind.Talk, "Talk", "沟通") with { Roles = [Role.AccountManager, Role.Supervisor], DueHours = 45, EscalateTo = [Role.BranchHead] },
            Of("cure", StepKind.CurePeriod, "Improvement agreement", "整改期", "talk") with { Roles = [Role.AccountManager, Role.Supervisor], Days = 180 },
            Of("negotiate", StepKind.Negotiate, "Negotiation", "协商", "talk") with { Roles = [Role.AccountManager, Role.Supervisor], Days = 30 },
            Of("check", StepKind.CheckList, "Check before deciding", "决定前检查", "cure") with
            {
                Roles = [Role.Supervisor, Role.BranchHead, Role.Legal], DueHours = 27, EscalateTo = [Role.BranchHead],
                Items =
                [
                    new("evidence", new("The evidence is complete and was shown to the customer", "证据完整，且已向客户出示")),
                    new("alike", new("Similar customers were treated alike", "对同类客户一视同仁")),
                    new("complaints", new("No open complaint of the customer is answered by ending", "未以清退回应客户尚未了结的投诉")),
                    new("milder", new("Milder measures were weighed", "已考虑更缓和的措施")),
                ],
            },
            Of("decide", StepKind.Approve, "Decision", "决定", "check") with
            {
                Of = ApprovalSubject.Decision, Roles = [Role.BranchHead, Role.Legal], DueHours = 27, EscalateTo = [Role.BranchHead],
            },
            Of("notice", StepKind.Notify, "Notice", "通知", "decide") with { Letter = "decision" },
            Of("effective", StepKind.WaitUntilDate, "Last day", "生效日", "notice"),
            Of("restrict", StepKind.WorkOrders, "Restriction", "限制业务", "effective") with
            {
                Roles = [Role.Technical],
                Tasks = [new("stop-new-orders", new("Take no new orders", "停止接受新订单"), Role.Technical, DueDays: 1)],
            },
            Of("wind-down", StepKind.WindDown, "Open orders", "收尾", "restrict") with { Roles = Handlers, DueHours = 90, EscalateTo = [Role.Supervisor] },
            Of("settle", StepKind.Settle, "Final bill", "最终结算", "wind-down"),
            Of("approve", StepKind.Approve, "Approval", "审批", "settle") with
            {
                Of = ApprovalSubject.Settlement, Roles = [Role.Finance, Role.Legal], DueHours = 18, EscalateTo = [Role.BranchHead],
            },
            Of("archive", StepKind.Archive, "Archive", "归档", "settle"),
            Of("accounts", StepKind.WorkOrders, "Closing accounts", "关闭账户", "archive") with
            {
                Roles = [Role.Technical], Tasks = CloseAccounts, DueHours = 18, EscalateTo = [Role.Supervisor],
            },
            Of("hand-over", StepKind.HandOver, "Hand-over", "移交", "archive") with
            {
                Roles = Handlers, Tasks = [new("own-data", new("Hand the customer their own data and documents", "向客户移交其数据与文件"), Role.AccountManager, DueDays: 10)],
            },
            Of("ended", StepKind.Notify, "Closing letter", "结清通知", "accounts") with { Letter = "ended" },
            Of("money", StepKind.OrderMoney, "Payment order", "付款指令", "ended", "approve"),
            Of("certificate", StepKind.Certify, "Certificate", "证明", "ended"),
            Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
            Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
            Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile", "hand-over"),
            Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
            Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up"),
        ]);

    /// <summary>Immediate ending for danger, unlawful acts or proven abuse: the service stops at once, another person reviews within one working day.</summary>
    public static readonly Procedure Immediate = new(
        ImmediateId, 1, CaseKind.Offboarding, new("Immediate ending", "立即清退"), OfficeHours,
        [
            Of("restrict", StepKind.WorkOrders, "Service stopped", "立即停止服务") with
            {
                Roles = [Role.Technical, Role.Supervisor],
                Tasks = [new("suspend-service", new("Suspend the service", "暂停服务"), Role.Technical, DueDays: 0)],
            },
            Of("notice", StepKind.Notify, "Written notice", "书面通知") with { Letter = "immediate" },
            Of("review", StepKind.Approve, "Review by another person", "复核") with
            {
                Of = ApprovalSubject.Decision, Roles = [Role.BranchHead, Role.Legal], DueHours = 9, EscalateTo = [Role.BranchHead],
            },
            Of("effective", StepKind.WaitUntilDate, "Last day", "生效日", "review"),
            Of("wind-down", StepKind.WindDown, "Open orders", "收尾", "effective") with { Roles = Handlers, DueHours = 90, EscalateTo = [Role.Supervisor] },
            Of("settle", StepKind.Settle, "Final bill", "最终结算", "wind-down"),
            Of("approve", StepKind.Approve, "Approval", "审批", "settle") with
            {
                Of = ApprovalSubject.Settlement, Roles = [Role.Finance, Role.Legal], DueHours = 18, EscalateTo = [Role.BranchHead],
            },
            Of("archive", StepKind.Archive, "Archive", "归档", "settle", "notice", "restrict"),
            Of("accounts", StepKind.WorkOrders, "Closing accounts", "关闭账户", "archive") with { Roles = [Role.Technical], Tasks = CloseAccounts },
            Of("ended", StepKind.Notify, "Closing letter", "结清通知", "accounts") with { Letter = "ended" },
            Of("money", StepKind.OrderMoney, "Payment order", "付款指令", "ended", "approve"),
            Of("certificate", StepKind.Certify, "Certificate", "证明", "ended"),
            Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 30 },
            Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
            Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile"),
            Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 30 },
            Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up"),
        ]);

    /// <summary>Lines of an order are cancelled, returned, exchanged or refunded. Nobody's approval stands before a refund that the law grants.</summary>
    public static readonly Procedure Return = new(
        ReturnId, 1, CaseKind.Cancellation, new("Cancelling and returning orders", "订单取消与退换货"), OfficeHours,
        [
            Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
            Of("admit", StepKind.AdmitReturn, "Accepting", "受理", "identity") with { Roles = [Role.Supervisor, Role.BranchHead], DueHours = 9, EscalateTo = [Role.BranchHead] },
            Of("send-back", StepKind.SendBack, "Sending back", "寄回", "admit"),
            Of("inspect", StepKind.InspectReturn, "Inspection", "验收", "send-back") with { Roles = [Role.Technical, Role.Supervisor], DueHours = 16, EscalateTo = [Role.Supervisor] },
            Of("settle", StepKind.SettleReturn, "Refund or exchange", "退换结算", "inspect"),
            Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "settle") with { Roles = [Role.Finance] },
            Of("confirm", StepKind.ConfirmResult, "Result", "结果确认", "settle") with { Days = 7 },
            Of("close", StepKind.Close, "Closing", "结案", "reconcile", "confirm"),
        ]);

    public static IReadOnlyList<Procedure> All { get; } = [FirstTermination, Termination, Offboarding, Immediate, Return];

    /// <exception cref="KeyNotFoundException">There is no such version.</exception>
    public static Procedure Find(string id, int version) =>
        All.FirstOrDefault(p => p.Id == id && p.Version == version) ?? throw new KeyNotFoundException($"No procedure {id} version {version}.");

    private static IReadOnlyList<StepTask> StopEverything =>
    [
        new("stop-service", new("Stop the service", "停止服务"), Role.Technical),
        new("revoke-access", new("Revoke access", "收回访问权限"), Role.Technical),
        new("stop-billing", new("Stop billing", "停止计费"), Role.Technical),
    ];

    private static IReadOnlyList<StepTask> CloseAccounts =>
    [
        new("close-accounts", new("Close the accounts", "关闭账户"), Role.Technical, Irreversible: true),
        new("stop-billing", new("Stop billing", "停止计费"), Role.Technical),
    ];

    private static ProcedureStep Of(string id, StepKind kind, string english, string chinese, params string[] after) => new(id, kind, new(english, chinese), after);
}
