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
        "This case has not ended a contract, or its time to be recognised is over.", "该案件未终止合同，或识别期限已过。");

    public static readonly Refusal WelcomedAlready = new(RefusalKind.Conflict, "re-entry.welcomed-already", "The customer was welcomed back already.", "该客户已恢复签约资格。");

    public static Refusal ApprovalFirst(Role role) =>
        new(RefusalKind.Conflict, "re-entry.approval-first",
            $"The record of this customer calls for an approval first ({role}).", $"按该客户记录，须先经审批（{role}）。");

    public static Refusal OtherRole(Role role) =>
        new(RefusalKind.Forbidden, "re-entry.other-role",
            $"The record of this customer calls for another approver ({role}).", $"按该客户记录，须由其他角色审批（{role}）。");
}
