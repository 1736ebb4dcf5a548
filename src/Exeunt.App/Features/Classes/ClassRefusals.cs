using Exeunt.Core;

namespace Exeunt.App.Features.Classes;

/// <summary>Why something with classes and their plans cannot be done.</summary>
public static class ClassRefusals
{
    public static readonly Refusal Closed = new(RefusalKind.Conflict, "class-task.closed", "This is done, skipped or lapsed already.", "该事项已完成、跳过或失效。");

    public static readonly Refusal NoReason = new(RefusalKind.Invalid, "class-task.no-reason", "Choose why it is skipped this time.", "请选择本次跳过的原因。", Field: "reason");

    public static readonly Refusal NoTasks = new(RefusalKind.Invalid, "class-task.none", $"Choose one task or more, at most {CloseClassTasks.Max}.", $"请选择至少一项，最多 {CloseClassTasks.Max} 项。", Field: "tasks");

    public static readonly Refusal NoClusters = new(RefusalKind.Invalid, "scheme.no-clusters", "Only a scheme by groups has groups to find.", "仅聚类方案可计算分组。", Field: "clusters");

    public static readonly Refusal NeedsCurrency = new(RefusalKind.Invalid, "scheme.needs-currency",
        "Amounts of different currencies cannot be compared. Name the currency whose customers are grouped.", "不同币种的金额不可比较，请写明对哪个币种的客户分组。", Field: "clusters.currency");

    public static readonly Refusal TooAlike = new(RefusalKind.Conflict, "scheme.too-alike",
        "There are fewer different customers with all of these indicators than groups. Choose fewer groups or other indicators.", "具有全部指标且互不相同的客户少于组数，请减少组数或更换指标。", Field: "clusters.groups");

    public static Refusal Month(string field, string until) => new(RefusalKind.Invalid, "classes.month", $"A month up to {until} is expected, the first before the last.", $"请填写不晚于 {until} 的月份，且起始早于截止。", Field: field);
}
