using Exeunt.Core;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Every "no" of an offboarding that is not the case's own.</summary>
public static class OffboardingRefusals
{
    public static readonly Refusal UnknownGround = new(RefusalKind.Invalid, "offboarding.unknown-ground",
        "Choose a ground from the list.", "请从列表中选择清退事由。", Field: "ground");

    public static Refusal OtherCase(string number) =>
        new(RefusalKind.Conflict, "offboarding.other-case",
            $"Case {number} is ending this contract already. Go on there.", $"案件 {number} 正在办理该合同的终止，请在该案中继续。", Field: "contract");

    public static readonly Refusal TooManyFiles = new(RefusalKind.Invalid, "offboarding.too-many-files",
        "At most 10 files.", "文件最多 10 个。", Field: "evidence");

    public static readonly Refusal CaseElsewhere = new(RefusalKind.Conflict, "offboarding.not-this-procedure",
        "This belongs to the company's own endings only.", "仅适用于公司发起的清退案件。");

    public static readonly Refusal CompanysOwn = new(RefusalKind.Forbidden, "offboarding.companys-own",
        "The company opened this case, so only it can take it back. You can object to its notice, or appeal.", "本案由公司发起，只能由公司撤回。您可以对通知提出异议或申诉。");

    public static readonly Refusal TargetsNeeded = new(RefusalKind.Invalid, "cure.targets-needed",
        "An improvement agreement names one to eight targets with figures.", "整改约定须有一至八项带数值的目标。", Field: "targets");

    public static readonly Refusal NotYet = new(RefusalKind.Conflict, "cure.not-yet",
        "The observation is not over. Judge before its end only that it is met.", "观察期尚未结束；提前评定只能为“已达成”。");

    public static Refusal NotYetUntil(DateOnly until) => NotYet with { PossibleOn = until.AddDays(1) };

    public static readonly Refusal UnknownItem = new(RefusalKind.Invalid, "offboarding.unknown-item",
        "The step has no such item.", "该步骤没有此项。", Field: "item");

    public static readonly Refusal EvidenceNeeded = new(RefusalKind.Invalid, "offboarding.evidence-needed",
        "This item is ticked with a paper or photo: add it.", "此项须附文件或照片，请上传。", Field: "evidence");

    public static readonly Refusal NotYourStep = new(RefusalKind.Forbidden, "offboarding.not-your-step",
        "This step is for other roles; the case says which.", "该步骤由其他角色办理，详见案件页面。");

    public static readonly Refusal OpenOrderDone = new(RefusalKind.Conflict, "open-order.done-already",
        "This order is finished or cancelled already.", "该订单已完结或取消。");

    public static readonly Refusal OrdersOpen = new(RefusalKind.Conflict, "open-order.some-open",
        "Finish or cancel every open order first.", "请先完结或取消所有未结订单。");

    public static readonly Refusal WorkOpen = new(RefusalKind.Conflict, "wind-down.work-open",
        "Work orders of this step are still open. Confirm or waive them first.", "该步骤仍有未完成的工单，请先确认完成或免除。");

    public static readonly Refusal TooManyOrders = new(RefusalKind.Conflict, "open-order.too-many",
        "At most 500 open orders.", "未结订单最多 500 个。", Field: "orders");

    public static Refusal OrderLine(int line) =>
        new(RefusalKind.Invalid, "open-order.line",
            $"Line {line} is not readable: number, amount — separated by a comma.", $"第 {line} 行无法识别，格式为：订单号,金额。", Field: "orders");

    public static readonly Refusal ToldInFuture = new(RefusalKind.Invalid, "spot.told-at",
        "It was told today or yesterday, not later than now.", "告知时间须为今天或昨天，且不晚于现在。", Field: "toldAt");

    public static readonly Refusal OwnReview = new(RefusalKind.Forbidden, "spot.own-review",
        "You said it, so another person reviews it.", "该决定由您作出，须由他人复核。");

    public static readonly Refusal ReviewedAlready = new(RefusalKind.Conflict, "spot.reviewed-already",
        "This was reviewed already.", "该记录已复核。");
}
