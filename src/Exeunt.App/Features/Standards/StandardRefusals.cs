using Exeunt.Core;

namespace Exeunt.App.Features.Standards;

/// <summary>Why something with standards and listings cannot be done.</summary>
public static class StandardRefusals
{
    /// <summary>Months that a back-test must cover for a version to be published.</summary>
    public const int LeastMonths = 12;

    public static readonly Refusal NoBacktest = new(RefusalKind.Conflict, "standard.no-backtest",
        $"There is no finished back-test of exactly this document over {LeastMonths} months or more in which somebody was judged. Run one, then publish.", $"此内容尚无覆盖 {LeastMonths} 个月以上且有客户参评的已完成回测。请先回测，再发布。");

    public static readonly Refusal BacktestRunning = new(RefusalKind.Conflict, "standard.backtest-running",
        "A back-test of this version is running. Wait for it.", "该版本正在回测，请稍候。");

    public static readonly Refusal NotByUnit = new(RefusalKind.Conflict, "backtest.not-by-unit",
        "This back-test was not counted by unit, so the figures of yours cannot be told. Run it again.", "此回测未按机构统计，无法显示您所属机构的数据。请重新回测。");

    public static readonly Refusal MonthUnreadable = new(RefusalKind.Invalid, "backtest.month",
        "A month such as 2026-01 is expected.", "应为月份，例如 2026-01。", Field: "from");

    public static readonly Refusal NoSuchThreshold = new(RefusalKind.Invalid, "backtest.threshold",
        "This comparison has no threshold that can be varied.", "该比较没有可变动的阈值。", Field: "threshold");

    public static readonly Refusal Decided = new(RefusalKind.Conflict, "listing.decided",
        "Somebody has decided about this listing already, or it has ended.", "此列入已有决定或已结束。");

    public static readonly Refusal NoOffboarding = new(RefusalKind.Conflict, "listing.no-offboarding",
        "This standard does not lead to an offboarding.", "该标准不产生清退。");

    public static readonly Refusal Retired = new(RefusalKind.Conflict, "listing.retired",
        "The standard is out of use; its list is about to end.", "该标准已停用，名单即将结束。");

    public static readonly Refusal NoTier = new(RefusalKind.Conflict, "listing.no-tier",
        "This standard does not propose a tier.", "该标准不建议客户等级。");

    public static readonly Refusal NoContract = new(RefusalKind.Conflict, "listing.no-contract",
        "The customer has no contract in force that could be ended.", "该客户没有可终止的有效合同。", Field: "contract");

    public static readonly Refusal NoReason = new(RefusalKind.Invalid, "listing.no-reason",
        "Choose why nothing follows.", "请选择不采取措施的原因。", Field: "reason");

    public static Refusal OtherRole(Role role) => new(RefusalKind.Forbidden, "listing.other-role",
        $"The standard says that the role “{Core.Procedures.ProcedureWords.Of(role).English}” decides about this.", $"标准规定由{Core.Procedures.ProcedureWords.Of(role).Chinese}决定。");

    public static readonly Refusal WroteStandard = new(RefusalKind.Forbidden, "listing.wrote-standard",
        "You wrote the standard; somebody else decides about its listings.", "您编制了该标准，须由他人决定列入事项。");
}
