using Exeunt.Core;

namespace Exeunt.App.Features.Units;

public static class UnitRefusals
{
    public const int MaxCode = 40;
    public const int MaxName = 80;

    public static readonly Refusal CodeInvalid = new(RefusalKind.Invalid, "unit.code-invalid",
        $"A code is 1 to {MaxCode} capital letters, digits and hyphens, as EAST or LDN-1.", $"代码由 1 至 {MaxCode} 个大写字母、数字和连字符组成，例如 EAST 或 LDN-1。", Field: "code");

    public static readonly Refusal CodeTaken = new(RefusalKind.Invalid, "unit.code-taken",
        "There is a unit with this code already.", "该代码已被使用。", Field: "code");

    public static readonly Refusal KindNotBelow = new(RefusalKind.Invalid, "unit.kind-not-below",
        "A unit must be of a lower kind than the one it belongs to: headquarters, subsidiary, office, team.", "单位级别必须低于上级单位：总部、分子公司、办事处、团队。", Field: "kind");

    public static Refusal Unknown(string code) => new(RefusalKind.NotFound, "unit.not-found",
        $"There is no unit with the code {code} among yours.", $"您的管理范围内没有代码为 {code} 的单位。", Field: "parent");
}
