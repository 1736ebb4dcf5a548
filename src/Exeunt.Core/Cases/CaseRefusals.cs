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

    private static Refusal No(string code, string english, string chinese) => new(RefusalKind.Conflict, "case." + code, english, chinese);

    public static readonly Refusal Held = No("held",
        "The case is on hold and its money with it. This is possible again when the hold has ended.", "案件已暂停，款项随之冻结；暂停解除后方可办理。");

    public static readonly Refusal HoldEndsByItself = No("hold-ends-by-itself",
        "This hold protects a change of contact or account and ends by itself; the date stands on the case.", "该暂停用于保护联系方式或账户变更，到期自动解除，日期见案件页面。");

    public static readonly Refusal ClaimOpen = No("claim-open",
        "A claim on the insurance is open: the file stays until it is closed; cover and money do not wait for it.", "存在未决赔案：结案前保留资料；终止保障与付款不受影响。");

    public static readonly Refusal Irreversible = No("irreversible",
        "Something that cannot be turned back has been done in this case. A new contract can be concluded at any time.", "本案已执行不可逆的步骤，无法撤回；可随时重新签约。");

    public static readonly Refusal AskedAlready = No("asked-already", "A question upwards waits for its answer.", "已有一项汇报等待答复。");

    public static readonly Refusal NothingAsked = No("nothing-asked", "Nothing was asked.", "没有待答复的汇报。");

    public static readonly Refusal AskedSomebodyElse = new(RefusalKind.Forbidden, "case.asked-somebody-else",
        "Another person was asked. The case's history says who.", "该汇报的对象是另一位同事，详见案件历史。");

    public static readonly Refusal AgreementFirst = No("agreement-first",
        "An improvement needs an agreement with targets and a date: use \"Improvement agreement\".", "整改须先订立含目标与期限的整改约定，请使用“整改约定”。");

    public static readonly Refusal TalkFirst = No("talk-first", "Record the talk first: who, how, and the reason.", "请先记录沟通：方式与原因。");

    public static readonly Refusal NoNegotiation = No("no-negotiation", "This procedure has no negotiation.", "本流程不含协商步骤。");

    public static readonly Refusal NegotiationOver = No("negotiation-over", "The negotiation is over; the case goes on under the policy.", "协商已结束，案件按政策继续办理。");

    public static readonly Refusal NoProposal = No("no-proposal", "There is no proposal on the table.", "目前没有待确认的方案。");

    public static readonly Refusal ProposalChanged = No("proposal-changed",
        "The proposal changed since you opened it. Read it again; a confirmation binds exactly what you saw.", "方案在您打开后已变更。请重新阅读；确认只对您所见内容有效。");

    public static readonly Refusal ConfirmedAlready = No("confirmed-already", "Your side has confirmed this proposal.", "您方已确认该方案。");

    public static readonly Refusal NoDecision = No("no-decision", "The decision is not drafted yet; there is nothing to approve.", "清退决定尚未起草，无可审批内容。");

    public static readonly Refusal GroundsNeeded = new(RefusalKind.Invalid, "case.grounds-needed",
        "A person decides with own grounds: write yours.", "决定须附审批人本人的理由，请填写。", Field: "words");

    public static readonly Refusal NotYetYourApproval = new(RefusalKind.Forbidden, "case.not-yet-your-approval",
        "Others approve before you; it becomes your turn when they have.", "须先由前一级审批完成，方可由您审批。");

    public static readonly Refusal TwoPeople = new(RefusalKind.Forbidden, "case.two-people",
        "You approved this already, in another role or for somebody else; the next approval needs another person.", "您已以其他角色或代他人批准；下一项审批须由另一人完成。");

    public static readonly Refusal OwnApproval = new(RefusalKind.Forbidden, "case.own-approval",
        "You approved this payment, so another person must release it.", "您已批准该款项，须由他人放行。");

    public static readonly Refusal ApproverWrites = new(RefusalKind.Forbidden, "case.approver-writes",
        "You approved this settlement, so another person must change it.", "您已批准该结算，须由他人修改。");

    public static readonly Refusal NothingToRecall = No("nothing-to-recall", "You have no approval here to take back.", "您在此没有可撤回的审批。");

    public static readonly Refusal TooLateToRecall = No("too-late-to-recall",
        "Something has followed from this approval already; it cannot be taken back any more.", "该审批已产生后续，不能再撤回。");

    public static readonly Refusal ObjectionFirst = No("objection-first", "The customer's objection is decided first.", "须先裁定客户的异议。");

    public static readonly Refusal ToldAlready = No("told-already", "They were told that this step is overdue.", "已就该步骤逾期发出提醒。");

    public static readonly Refusal ItemDoneAlready = No("item-done-already", "This item is done.", "该项已完成。");

    public static readonly Refusal OtherProcedure = new(RefusalKind.Invalid, "case.other-procedure",
        "A case can move only to another version of its own procedure.", "案件只能转到本流程的其他版本。", Field: "version");

    public static Refusal CannotMove(IReadOnlyList<string> steps) =>
        new(RefusalKind.Conflict, "case.cannot-move",
            $"These steps have begun, or something was put up for their approval, and they are not in that version: {string.Join(", ", steps)}. The case stays on its version.",
            $"以下步骤已开始或已有待批内容，但该版本不含：{string.Join("、", steps)}。案件保留原版本。", Field: "version");

    public static Refusal CureDate(DateOnly first, DateOnly last) =>
        new(RefusalKind.Invalid, "case.cure-date",
            $"The observation ends between {first:yyyy-MM-dd} and {last:yyyy-MM-dd}.", $"整改观察期须在 {first:yyyy-MM-dd} 至 {last:yyyy-MM-dd} 之间结束。", first, "untilOn");

    public static readonly Refusal NothingToObjectTo = No("nothing-to-object-to", "No notice was served in this case.", "本案尚未送达通知。");

    public static readonly Refusal ObjectedAlready = No("objected-already", "An objection was made in this case.", "本案已提出过异议。");

    public static Refusal TooLateToObject(DateOnly until) =>
        No("too-late-to-object", $"An objection was possible until {until:yyyy-MM-dd}. You can still appeal.", $"异议期截至 {until:yyyy-MM-dd}。您仍可申诉。");

    public static readonly Refusal NoObjection = No("no-objection", "No objection waits for a decision.", "没有待裁定的异议。");

    public static readonly Refusal DecidedBefore = new(RefusalKind.Forbidden, "case.decided-before",
        "You took part in this case; somebody who did not must decide this.", "您参与过本案，须由未参与者裁定。");

    public static readonly Refusal OnlyOffboarding = No("only-offboarding", "This exists only where the company ends the relationship.", "仅适用于公司发起的清退案件。");

    public static readonly Refusal NoDispute = No("no-dispute", "No dispute is open in this case.", "本案没有进行中的争议。");

    public static readonly Refusal AppealedAlready = No("appealed-already", "An appeal waits for its decision.", "已有申诉待裁定。");

    public static readonly Refusal NothingDecided = No("nothing-decided", "Nothing was decided yet that an appeal could be about.", "尚无可申诉的决定。");

    public static readonly Refusal NoAppeal = No("no-appeal", "No appeal waits for a decision.", "没有待裁定的申诉。");

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

    /// <summary>What the law grants nobody at the company can refuse.</summary>
    public static readonly Refusal RightOfLaw = new(RefusalKind.Conflict, "return.right-of-law",
        "The law gives the customer this return; the company cannot refuse it.", "此项退货系法定权利，公司不得拒绝。");

    public static readonly Refusal ReturnArrived = new(RefusalKind.Conflict, "return.arrived",
        "The goods have arrived, so the return goes on. Write to us if you want them back.", "商品已寄达，退货将继续办理。如需取回商品，请留言。");

    public static readonly Refusal NotAReturn = new(RefusalKind.Conflict, "return.not-a-return",
        "This case is not the return of an order.", "本案不是订单退换货案件。");
}
