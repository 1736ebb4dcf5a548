using Exeunt.Core;

namespace Exeunt.App.Features.HandOvers;

public static class HandOverRefusals
{
    public static readonly Refusal NotAnOwner = new(RefusalKind.Invalid, "hand-over.not-an-owner",
        "This person cannot look after customers of this unit: they are disabled, or hold no role here that handles cases. Choose somebody else.",
        "该人员不能负责本单位客户：账户已停用，或在此单位无办理案件的角色。请选择其他人员。", Field: "to");

    public static readonly Refusal SameOwner = new(RefusalKind.Conflict, "hand-over.same-owner",
        "This person looks after the customer already.", "该人员已是此客户的负责人。", Field: "to");

    public static readonly Refusal From = new(RefusalKind.Invalid, "hand-over.from",
        "The first day lies between today and a year from now.", "生效日期须在今天起一年内。", Field: "from");

    public static readonly Refusal PlannedAlready = new(RefusalKind.Conflict, "hand-over.planned-already",
        "A hand-over of this customer is planned already. Take it back first.", "该客户已有待生效的交接，请先撤销。");

    public static readonly Refusal NotPlanned = new(RefusalKind.Conflict, "hand-over.not-planned",
        "This hand-over is done or taken back already.", "该交接已完成或已撤销。");

    public static readonly Refusal GivingUpOpen = new(RefusalKind.Conflict, "hand-over.giving-up-open",
        "Giving this customer up is asked for or approved. Withdraw that first.", "该客户的取消管理申请尚未了结，请先撤回。");

    public static readonly Refusal NotYoursAnyMore = new(RefusalKind.Forbidden, "customer.not-yours-any-more",
        "You handed this customer on. Names and addresses in clear are for the present owner, for whoever has an open case of the customer, and for roles above; ask the owner.",
        "该客户已交接。仅现负责人、持有其未结案件的人员及上级角色可查看完整姓名和联系方式，请联系现负责人。");

    public static readonly Refusal GivenUpAlready = new(RefusalKind.Conflict, "giving-up.given-up-already",
        "Nobody looks after this customer already. To look after them again, hand them to somebody.", "该客户已取消业务管理。如需恢复，请交接给负责人。");

    public static readonly Refusal NotAsked = new(RefusalKind.Conflict, "giving-up.decided-already",
        "This was decided, done or taken back already.", "该申请已审批、完成或撤回。");

    public static readonly Refusal OwnRequest = new(RefusalKind.Forbidden, "giving-up.own-request",
        "You asked for this yourself: somebody else with authority over the unit approves it. They find it on their page Today.",
        "此申请由您本人提出，须由对该单位有权限的另一人审批；其“今日”页面中已有待办。");

    public static readonly Refusal ChangedSince = new(RefusalKind.Conflict, "giving-up.not-what-was-shown",
        "This is not what you were shown. Look at it again, then decide.", "内容与您所见不一致，请重新查看后再审批。");

    public static readonly Refusal NotWithSuccessor = new(RefusalKind.Invalid, "giving-up.successor",
        "A colleague as the new contact must be named; any other way has none.", "选择“指定同事”时须填写接手人，其他方式无需填写。", Field: "successor");

    public static readonly Refusal NothingToPlan = new(RefusalKind.Conflict, "portfolio.nothing",
        "This person looks after no customer of your units.", "该人员在您的单位内没有负责的客户。");

    public static readonly Refusal TooMany = new(RefusalKind.Conflict, "portfolio.too-many",
        $"More than {PortfolioPlan.Max:N0} customers: make a plan for each unit below.", $"客户超过 {PortfolioPlan.Max:N0} 个，请按下级单位分别制定。", Field: "unit");

    public static readonly Refusal PlanExists = new(RefusalKind.Conflict, "portfolio.exists",
        "There is a plan for this person and unit that is not closed. Go on with that one, or cancel it.", "该人员在此单位已有未结束的交接计划，请继续或取消该计划。");

    public static readonly Refusal Dates = new(RefusalKind.Invalid, "portfolio.dates",
        "The new owners' first day lies between today and a year from now, and the visits after it within half a year.", "新负责人首日须在今天起一年内，拜访期限须在其后半年内。", Field: "from");

    public static readonly Refusal NotDraft = new(RefusalKind.Conflict, "portfolio.not-draft",
        "This plan has started or was cancelled.", "该计划已启动或已取消。");

    public static readonly Refusal NothingChosen = new(RefusalKind.Invalid, "portfolio.nothing-chosen",
        "Choose at least one customer.", "请至少选择一个客户。", Field: "item");

    public static Refusal Unassigned(int count) => new(RefusalKind.Conflict, "portfolio.unassigned",
        $"{count} customers have no successor yet, or one who cannot look after them any more. Choose one for each.", $"还有 {count} 个客户没有（有效的）接手人，请逐一选择。");

    public static Refusal NotDone(string what, int count, string zh) => new(RefusalKind.Conflict, "portfolio.not-done",
        $"{count} {what} are still open. Finish them, or let somebody else waive them with a reason.", $"还有 {count} {zh}未了结。请完成，或由他人说明理由后免除。");

    public static readonly Refusal NoVisit = new(RefusalKind.Conflict, "portfolio.no-visit",
        "No visit is planned here, or it is recorded already.", "此处没有待进行的拜访，或已记录。");

    public static readonly Refusal NotYourVisit = new(RefusalKind.Forbidden, "portfolio.not-your-visit",
        "The visit is the new owner's; they record it, the owner before, or whoever leads the unit.", "拜访由新负责人负责，仅其本人、原负责人或单位主管可记录。");

    public static readonly Refusal VisitDay = new(RefusalKind.Invalid, "portfolio.visit-day",
        "A visit is planned for today or a day within a year; one that was made lies in the past year.", "计划拜访日须在今天起一年内；已完成的拜访须在过去一年内。", Field: "on");

    public static readonly Refusal OwnWaiver = new(RefusalKind.Forbidden, "portfolio.own-waiver",
        "Whoever made or started the plan, or should make the visit, does not waive it. Somebody else who leads the unit can.", "计划的制定人、启动人及应拜访人不能免除，须由该单位其他主管办理。");

    public static Refusal OwnsCustomers(int count) => new(RefusalKind.Conflict, "staff.owns-customers",
        $"This person still looks after {count} customers. Hand them over first (page Hand-overs), or, where access must end at once, disable the account all the same: the customers then wait on that page.",
        $"该人员名下仍有 {count} 个客户。请先在“客户交接”页面办理交接；如须立即终止访问，可选择仍然停用，客户将在该页面等待交接。");
}
