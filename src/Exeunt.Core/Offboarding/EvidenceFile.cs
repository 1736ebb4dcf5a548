using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exeunt.Core.Offboarding;

/// <summary>What an item of evidence is.</summary>
public enum EvidenceKind
{
    /// <summary>Own words.</summary>
    Text,

    /// <summary>A photo or paper, kept beside the file; its hash stands here.</summary>
    File,

    /// <summary>A figure copied from the records on a day.</summary>
    Fact,
}

/// <summary>A figure that is copied as evidence.</summary>
public enum EvidenceFact
{
    /// <summary>Unpaid invoices of the contract, minor units.</summary>
    Arrears,

    /// <summary>Days since the oldest unpaid invoice was due.</summary>
    DaysOverdue,

    /// <summary>Complaints in the last twelve months.</summary>
    Complaints,

    /// <summary>Value returned in the last twelve months, per thousand of the value ordered.</summary>
    ReturnsPerMille,

    /// <summary>Net spend of the last twelve months, minor units.</summary>
    Spend,
}

/// <summary>One item of the evidence.</summary>
/// <param name="Words">Own words of a text; the name of a file; null for a fact.</param>
/// <param name="Sha256">Of a file's bytes, hex.</param>
/// <param name="Value">Of a fact; <paramref name="Unit"/> is a currency for money, "days", "count" or "per-mille".</param>
/// <param name="On">The day a fact was copied.</param>
public sealed record EvidenceItem(
    EvidenceKind Kind, string? Words = null, string? Sha256 = null, EvidenceFact? Fact = null, long? Value = null, string? Unit = null, DateOnly? On = null);

/// <summary>
/// The evidence of an offboarding as it stood when the case was opened. Its bytes are kept sealed; their SHA-256 stands in the case, so that
/// nothing can be added or left out later without notice. The nonce keeps short texts from being guessed from the digest.
/// </summary>
public sealed record EvidenceFile(string Nonce, string Case, string Ground, DateOnly OpenedOn, IReadOnlyList<EvidenceItem> Items)
{
    public const int MaxItems = 40;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The bytes that are frozen: JSON in the order of the record, UTF-8, without white space.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    /// <exception cref="JsonException">No evidence file.</exception>
    public static EvidenceFile Read(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize<EvidenceFile>(bytes, Form) ?? throw new JsonException("No evidence file.");

    /// <summary>SHA-256, hex.</summary>
    public static string DigestOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>
    /// Why these items do not carry an ending. Something must be shown, not only said; and a customer who complains often, and rightly, is
    /// protected: complaints alone are no ground.
    /// </summary>
    /// <param name="ground">Little spend is evidence for commercial reasons only.</param>
    public static Refusal? Insufficient(IReadOnlyList<EvidenceItem> items, string ground)
    {
        if (items.Count > MaxItems)
            return EvidenceRefusals.TooMany;
        var shown = items.Where(i => i.Kind != EvidenceKind.Text).ToList();
        if (shown.Count == 0)
            return EvidenceRefusals.NothingShown;
        return shown.Any(i => Carries(i, ground)) ? null
            : shown.Any(i => i is { Fact: EvidenceFact.Complaints, Value: > 0 }) ? EvidenceRefusals.ComplaintsAlone
            : EvidenceRefusals.NothingShown;
    }

    /// <summary>A figure of nothing proves nothing, except that nothing is bought.</summary>
    private static bool Carries(EvidenceItem item, string ground) =>
        item.Kind == EvidenceKind.File
        || item.Fact switch
        {
            EvidenceFact.Complaints => false,
            EvidenceFact.Spend => ground == "OFFBOARD_COMMERCIAL",
            _ => item.Value > 0,
        };
}

public static class EvidenceRefusals
{
    public static readonly Refusal NothingShown = new(RefusalKind.Invalid, "evidence.nothing-shown",
        "Words alone are no evidence: add a file or figures from the records.", "仅有文字不足以为证，请附文件或业务数据。", Field: "evidence");

    public static readonly Refusal ComplaintsAlone = new(RefusalKind.Conflict, "evidence.complaints-alone",
        "Complaints alone are no ground to end a relationship: whoever complains often and rightly is protected. Show what else there is.",
        "仅有投诉不构成清退理由：频繁而正当的投诉受保护。请提供其他事实。", Field: "evidence");

    public static readonly Refusal TooMany = new(RefusalKind.Invalid, "evidence.too-many",
        "At most 40 items of evidence.", "证据最多 40 项。", Field: "evidence");
}
