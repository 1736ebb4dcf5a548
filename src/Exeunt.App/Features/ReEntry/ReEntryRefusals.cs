using Exeunt.Core;

namespace Exeunt.App.Features.ReEntry;

public static class ReEntryRefusals
{
    public static readonly Refusal NoApprovalNeeded = new(RefusalKind.Conflict, "re-entry.no-approval-needed",
        "Nobody needs to approve the return of this customer.", "该客户的重新签约无需审批。");

    public static readonly Refusal AskedAlready = new(RefusalKind.Conflict, "re-entry.asked-already",
        "A request waits for its decision.", "已有一项申请待决定。");

    public static readonly Refusal DecidedAlready = new(RefusalKind.Conflict, "re-entry.decided-already", "This request was decided.", "该申请已决定。");

    public static readonly Refusal OwnRequest = new(RefusalKind.Forbidden, "re-entry.own-request",
        "You asked for it, so another person decides.", "该申请由您提出，须由他人决定。");

    public static readonly Refusal NotEnded = new(RefusalKind.Conflict, "re-entry.not-ended",
        "This case has not ended a contract, or its time to be recognised is over. If an import refuses the number, lift that by the number: Back again? (/re-entry).",
        "该案件未终止合同，或识别期限已过。若导入拒绝其编号，请在“重新签约核查”（/re-entry）按编号解除限制。");

    public static readonly Refusal NotSuppressed = new(RefusalKind.Conflict, "re-entry.not-suppressed",
        "No import refuses this number: no customer with it is erased. If an import does refuse it, type the number as the file has it, and the source that its mapping names.",
        "该编号未被限制导入：没有使用该编号的已删除客户。若导入仍拒绝，请按文件中的写法填写编号，并填写映射文件中的来源。");

    public static readonly Refusal OtherUnit = new(RefusalKind.Forbidden, "re-entry.other-unit",
        "The customer with this number was of a unit that you do not work for. Somebody who handles cases there, or in a unit above it, can lift it on this page.",
        "该编号的客户属于您不负责的单位。请由该单位或其上级单位处理案件的人员在此页解除。");

    public static readonly Refusal WelcomedAlready = new(RefusalKind.Conflict, "re-entry.welcomed-already", "The customer was welcomed back already.", "该客户已恢复签约资格。");

    public static Refusal ApprovalFirst(Role role) =>
        new(RefusalKind.Conflict, "re-entry.approval-first",
            $"The record of this customer calls for an approval first ({role}).", $"按该客户记录，须先经审批（{role}）。");

    public static Refusal OtherRole(Role role) =>
        new(RefusalKind.Forbidden, "re-entry.other-role",
            $"The record of this customer calls for another approver ({role}).", $"按该客户记录，须由其他角色审批（{role}）。");
}
