namespace Exeunt.Core.Cases;

/// <summary>Every "no" a case can give.</summary>
public static class CaseRefusals
{
    public static readonly Refusal Closed = new(RefusalKind.Conflict, "case.closed",
        "This case is closed. A new matter is a new case, linked to this one.", "案件已结案。新的事项请另立案件并关联本案。");

    public static readonly Refusal IdentityFirst = new(RefusalKind.Conflict, "case.identity-first",
        "First the customer proves their identity, with a code to a contact on file.", "须先完成身份核验（验证码发送至留存联系方式）。");

    public static readonly Refusal IdentityProvenAlready = new(RefusalKind.Conflict, "case.identity-proven-already",
        "Identity is already proven in this case.", "本案已完成身份核验。");

    public static readonly Refusal OfferAlreadyAsked = new(RefusalKind.Conflict, "case.offer-already-asked",
        "The customer was asked once and is not asked again in this case.", "本案已征询过客户一次，不再重复询问。");

    public static readonly Refusal NoOpenOffer = new(RefusalKind.Conflict, "case.no-open-offer",
        "There is no offer waiting for an answer.", "没有等待答复的优惠。");

    public static readonly Refusal NoSettlement = new(RefusalKind.Conflict, "case.no-settlement",
        "The settlement is not computed yet; there is nothing to approve.", "结算单尚未生成，无可审批内容。");

    public static readonly Refusal DigestChanged = new(RefusalKind.Conflict, "case.approval-outdated",
        "The settlement changed since you opened it. Look at it again; an approval binds exactly what you saw.", "结算单在您打开后已变更。请重新查看；批准只对您所见内容有效。");

    public static readonly Refusal OwnRequest = new(RefusalKind.Forbidden, "case.own-request",
        "You wrote part of what is to be approved, so another person must approve it.", "您参与了待审批内容的制作，须由他人审批。");

    public static readonly Refusal ApprovedAlready = new(RefusalKind.Conflict, "case.approved-already",
        "This approval has been given.", "该项审批已完成。");

    public static readonly Refusal NotYourApproval = new(RefusalKind.Forbidden, "case.not-your-approval",
        "Your roles have no open approval in this case.", "您的角色在本案中没有待审批事项。");

    public static readonly Refusal NothingToSettleNow = new(RefusalKind.Conflict, "case.settlement-fixed",
        "The settlement is fixed: the money has been ordered.", "结算已定：款项指令已发出。");

    public static readonly Refusal HeldAlready = new(RefusalKind.Conflict, "case.held-already", "The case is held already.", "案件已处于暂停状态。");

    public static readonly Refusal NotHeld = new(RefusalKind.Conflict, "case.not-held", "The case is not held.", "案件未处于暂停状态。");

    public static readonly Refusal ContractEnded = new(RefusalKind.Conflict, "case.contract-ended",
        "This contract has ended already.", "该合同已经终止。");

    public static readonly Refusal StepNotActive = new(RefusalKind.Conflict, "case.step-not-active",
        "This step is not open now.", "该步骤当前未开放。");

    public static Refusal TooLateToWithdraw(DateOnly lastDay) =>
        new(RefusalKind.Conflict, "case.too-late-to-withdraw",
            $"A withdrawal was possible until {lastDay:yyyy-MM-dd}, 24:00. You can conclude a new contract at any time.",
            $"撤回截至 {lastDay:yyyy-MM-dd} 24:00。您可随时重新签约。");

    public static Refusal TooEarlyToEnd(DateOnly earliest) =>
        new(RefusalKind.Invalid, "case.notice-too-short",
            $"With the notice your contract asks for, it can end on {earliest:yyyy-MM-dd} at the earliest.",
            $"按合同约定的提前通知期，最早可于 {earliest:yyyy-MM-dd} 结束。", earliest, "endsOn");

    /// <param name="rule">The rule's id; <paramref name="article"/> is where it is written.</param>
    public static Refusal OfferForbidden(string rule, string article) =>
        new(RefusalKind.Conflict, "offer.forbidden-by-law",
            $"Once this customer has declared that the contract ends, no offer may be made ({article}, rule {rule}).",
            $"该客户已提交解约，依法不得再提出挽留方案（{article}，规则 {rule}）。");
}
