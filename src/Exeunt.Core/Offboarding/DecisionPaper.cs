using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exeunt.Core.Offboarding;

/// <summary>
/// A decision to end a relationship as it is approved and served. Its canonical bytes have a SHA-256; an approval binds that, so another
/// ground, date or reason needs approvals of its own.
/// </summary>
/// <param name="Case">Number of the case.</param>
/// <param name="Reasons">In the words that the customer reads.</param>
/// <param name="EffectiveOn">Last day of the service, included; the notice moves it on when the law's time from its service needs it.</param>
/// <param name="Restricted">What is restricted until then, in words; null: nothing.</param>
/// <param name="ObjectDays">Days after service in which the customer may object, the last one included.</param>
/// <param name="EvidenceDigest">Of the frozen evidence it rests on.</param>
public sealed record DecisionPaper(
    string Case, string Ground, IReadOnlyList<string> Codes, string Reasons, DateOnly EffectiveOn, string? Restricted, int ObjectDays, string EvidenceDigest)
{
    /// <summary>At most four specific reasons; "our policy" alone is none.</summary>
    public const int MaxCodes = 4;
    public const int MaxReasons = 4000;
    public const int LeastObjectDays = 5;
    public const int MostObjectDays = 60;

    /// <summary>How many years after the earliest last day the decided one may lie.</summary>
    public const int MostYears = 2;

    /// <summary>Days the company has to answer an appeal.</summary>
    public const int AppealAnswerDays = 15;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What stands on the papers: specific reasons of a decision against a customer.</summary>
    public static IReadOnlyDictionary<string, Words> ReasonCodes { get; } = new Dictionary<string, Words>
    {
        ["A01"] = new("Repeated late payment", "多次逾期付款"),
        ["A02"] = new("Overdue balance", "存在逾期欠款"),
        ["A03"] = new("Payments reversed", "付款被撤销或拒付"),
        ["A04"] = new("Identity not verified", "身份未能核实"),
        ["A05"] = new("False information", "提供虚假信息"),
        ["A06"] = new("Breach of a term of the contract", "违反合同约定"),
        ["A07"] = new("Misuse of returns or refunds", "滥用退货或退款"),
        ["A08"] = new("Threats or harassment of staff", "威胁或骚扰员工"),
        ["A09"] = new("Unlawful use", "违法使用"),
        ["A10"] = new("Forbidden resale or automation", "违规转售或自动化使用"),
        ["A11"] = new("Legal restriction", "法律限制"),
        ["A12"] = new("Credit limit exceeded", "超出信用额度"),
        ["A13"] = new("Region or product no longer served", "不再提供该地区或产品的服务"),
        ["A14"] = new("Order of an authority", "主管机关命令"),
        ["A15"] = new("Long inactivity under the policy", "按政策长期未使用"),
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    public static DecisionPaper Read(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize<DecisionPaper>(bytes, Form) ?? throw new JsonException("No decision.");

    /// <summary>SHA-256 of the bytes, hex.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(ToBytes()));

    /// <summary>Why this cannot be put up for approval; null when it can.</summary>
    /// <param name="earliest">The earliest last day when it were served today.</param>
    /// <param name="agreed">The last day of a signed agreement, which nothing else may take the place of; null: none is signed.</param>
    public Refusal? Check(DateOnly earliest, DateOnly? agreed = null)
    {
        if (string.IsNullOrWhiteSpace(Reasons))
            return DecisionRefusals.ReasonsNeeded;
        if (Codes.Count is 0 or > MaxCodes || Codes.Distinct().Count() != Codes.Count || !Codes.All(ReasonCodes.ContainsKey))
            return DecisionRefusals.Codes;
        if (ObjectDays is < LeastObjectDays or > MostObjectDays)
            return DecisionRefusals.ObjectDaysOut;
        if (agreed is { } day)
            return EffectiveOn == day ? null : DecisionRefusals.AgreedDay(day);
        var latest = earliest.AddYears(MostYears);
        return EffectiveOn < earliest ? DecisionRefusals.TooEarly(earliest) : EffectiveOn > latest ? DecisionRefusals.TooLate(latest) : null;
    }

    /// <summary>The last day and the last day for an objection when the notice reaches the customer on a day.</summary>
    /// <param name="earliest">The earliest last day by ground, contract and law for that day.</param>
    /// <param name="agreed">The last day of a signed agreement: it stays; null: none is signed.</param>
    public (DateOnly EffectiveOn, DateOnly ObjectUntil) ServedOn(DateOnly served, DateOnly earliest, DateOnly? agreed = null)
    {
        var until = served.AddDays(ObjectDays);
        // Nobody loses the service before the time to object is over, unless they agreed to the day.
        return (agreed ?? new[] { EffectiveOn, earliest, until }.Max(), until);
    }
}

public static class DecisionRefusals
{
    public static readonly Refusal ReasonsNeeded = new(RefusalKind.Invalid, "decision.reasons-needed",
        "Give the reasons, in the words that the customer will read.", "请写明理由，客户将看到原文。", Field: "reasons");

    public static readonly Refusal Codes = new(RefusalKind.Invalid, "decision.codes",
        "Choose one to four specific reasons.", "请选择一至四项具体事由。", Field: "codes");

    public static readonly Refusal ObjectDaysOut = new(RefusalKind.Invalid, "decision.object-days",
        "The customer has 5 to 60 days to object.", "异议期须为 5 至 60 天。", Field: "objectDays");

    public static Refusal TooEarly(DateOnly earliest) =>
        new(RefusalKind.Invalid, "decision.too-early",
            $"By ground, contract and law the relationship can end on {earliest:yyyy-MM-dd} at the earliest.",
            $"按事由、合同与法律规定，最早可于 {earliest:yyyy-MM-dd} 终止。", earliest, "effectiveOn");

    public static Refusal TooLate(DateOnly latest) =>
        new(RefusalKind.Invalid, "decision.too-late",
            $"A decision ends the relationship on {latest:yyyy-MM-dd} at the latest.", $"终止日最迟为 {latest:yyyy-MM-dd}。", Field: "effectiveOn");

    public static Refusal AgreedDay(DateOnly agreed) =>
        new(RefusalKind.Invalid, "decision.agreed-day",
            $"The signed agreement ends the relationship on {agreed:yyyy-MM-dd}; a decision keeps that day.", $"已签协议约定于 {agreed:yyyy-MM-dd} 终止，决定须沿用该日。", agreed, "effectiveOn");
}
