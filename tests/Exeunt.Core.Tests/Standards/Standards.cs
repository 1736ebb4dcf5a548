using Exeunt.Core.Standards;

namespace Exeunt.Core.Tests.Standards;

/// <summary>Standards to test with.</summary>
internal static class Standards
{
    public static Standard Plain(Condition condition) => new("quiet", 1, new("Quiet customers", "沉默客户"), StandardPurpose.ChurnWatch, StandardAction.Task, condition);

    public static Standard Plain(string text) => Plain(Condition(text));

    public static Standard Offboarding(string text) =>
        new("low-value", 1, new("Low value", "低价值客户"), StandardPurpose.Offboarding, StandardAction.OpenOffboarding, Condition(text), "OFFBOARD_COMMERCIAL", Role.BranchHead);

    public static Condition Condition(string text) =>
        ConditionText.Read(text) is { IsValid: true } read ? read.Condition : throw new ArgumentException(ConditionText.Read(text).Problems[0].In("en"), nameof(text));
}
