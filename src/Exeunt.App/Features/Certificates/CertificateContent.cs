using System.Security.Cryptography;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;

namespace Exeunt.App.Features.Certificates;

/// <summary>The kinds of certificates.</summary>
public enum CertificateKind
{
    /// <summary>解约证明: a contract ended.</summary>
    Termination,

    /// <summary>注销证明: an account was closed.</summary>
    AccountClosure,

    /// <summary>清退通知书: the company parts from a customer.</summary>
    OffboardingNotice,

    /// <summary>数据删除证明: personal data was erased.</summary>
    Erasure,
}

/// <summary>The company that issues documents, with its 统一社会信用代码 or other registration number.</summary>
internal sealed record Issuer(string Name, string CreditCode)
{
    /// <summary>Passed through the filter of what is printed.</summary>
    public Issuer Printable() => new(OneLine.Of(Name), OneLine.Of(CreditCode));
}

/// <summary>Why the relationship ends: the code and its words in both languages. Never the internal reason.</summary>
internal sealed record Ground(string Code, string English, string Chinese);

/// <summary>A line of a settlement: what, how it was computed (one sentence, may be empty), how much.</summary>
/// <param name="Amount">Positive is paid to the customer, negative is owed by the customer.</param>
internal sealed record AmountLine(string Label, string Explanation, Money Amount)
{
    /// <summary>Passed through the filter of what is printed.</summary>
    public AmountLine Printable() => new(OneLine.Of(Label), OneLine.Of(Explanation), Amount);
}

internal enum DataOutcome
{
    Deleted,

    /// <summary>What is left leads to nobody.</summary>
    Anonymised,
    Locked,
    Kept,
}

/// <summary>
/// What became of a category of data; <paramref name="Until"/> is the last day on which what stays may stay (inclusive), and
/// <paramref name="Basis"/> why.
/// </summary>
internal sealed record DataStatus(string Category, DataOutcome Outcome, DateOnly? Until = null, string Basis = "");

/// <summary>
/// All that a certificate says, in words ready for the reader: what depends on the language comes in that language.
/// </summary>
/// <remarks>Fields by the practice pages on 解约证明 and 注销证明. Risk tiers and internal reasons have no place here.</remarks>
internal sealed record CertificateContent
{
    public required CertificateKind Kind { get; init; }

    /// <summary>"zh" or "en".</summary>
    public required string Language { get; init; }

    /// <summary>128 random bits, see <see cref="CertificateSerial"/>.</summary>
    public required string Serial { get; init; }

    public required Issuer Issuer { get; init; }

    /// <summary>As it shall be printed, masked or clear.</summary>
    public required string CustomerName { get; init; }

    public string? ContractNumber { get; init; }

    /// <summary>Number of the request about data that it answers; null: none did.</summary>
    public string? RequestNumber { get; init; }
    public string? Product { get; init; }
    public DateOnly? StartedOn { get; init; }
    public Ground? Ground { get; init; }

    /// <summary>When the declaration was received; printed in <see cref="Zone"/>.</summary>
    public DateTimeOffset? NoticeReceivedAt { get; init; }

    /// <summary>The instant from which the relationship is over; printed in <see cref="Zone"/>.</summary>
    public DateTimeOffset? EffectiveAt { get; init; }

    /// <summary>Time zone of the contract (IANA).</summary>
    public required TimeZoneInfo Zone { get; init; }

    public IReadOnlyList<AmountLine> Settlement { get; init; } = [];

    /// <summary>Sum of the settlement; positive is paid to the customer.</summary>
    public Money? Net { get; init; }

    /// <summary>Whether nothing is open. An open balance is named and keeps 结清 out of the title.</summary>
    public bool IsSettled { get; init; }

    /// <summary>What is still open, when it is not settled; positive is owed to the customer.</summary>
    public Money? OpenBalance { get; init; }
    public DateOnly? PaidOn { get; init; }

    /// <summary>Invoice and red-letter invoice numbers.</summary>
    public IReadOnlyList<string> Invoices { get; init; } = [];
    public IReadOnlyList<string> PropertyReturned { get; init; } = [];
    public IReadOnlyList<string> SurvivingClauses { get; init; } = [];
    public IReadOnlyList<DataStatus> Data { get; init; } = [];

    /// <summary>From this day on no backup can give the erased data back.</summary>
    public DateOnly? BackupsUnreadableOn { get; init; }
    public string? AppealContact { get; init; }

    /// <summary>The instant of issue, which is also the signing time claimed; its day is printed in <see cref="Zone"/>.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The page that the QR code leads to.</summary>
    public required string VerifyUrl { get; init; }

    /// <summary>Serial of the certificate that this one replaces.</summary>
    public string? Supersedes { get; init; }

    /// <summary>A head of the audit log before the issue; the whole signed head goes into the document information.</summary>
    public SignedTreeHead? TreeHead { get; init; }

    /// <summary>With all text passed through the filter of what is printed: nothing that came from outside begins a line of its own.</summary>
    public CertificateContent Printable() => this with
    {
        Issuer = Issuer.Printable(),
        CustomerName = OneLine.Of(CustomerName),
        ContractNumber = ContractNumber is null ? null : OneLine.Of(ContractNumber),
        Product = Product is null ? null : OneLine.Of(Product),
        Settlement = [.. Settlement.Select(l => l.Printable())],
        Invoices = [.. Invoices.Select(OneLine.Of)],
        PropertyReturned = [.. PropertyReturned.Select(OneLine.Of)],
        SurvivingClauses = [.. SurvivingClauses.Select(OneLine.Of)],
        Data = [.. Data.Select(d => d with { Category = OneLine.Of(d.Category), Basis = OneLine.Of(d.Basis) })],
        AppealContact = AppealContact is null ? null : OneLine.Of(AppealContact),
    };
}

/// <summary>The serial of a certificate: 128 random bits, 32 hexadecimal digits in groups of four.</summary>
internal static class CertificateSerial
{
    public static string New() => Of(RandomNumberGenerator.GetBytes(16));

    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static string Of(ReadOnlySpan<byte> bits) =>
        bits.Length == 16
            ? string.Join('-', Convert.ToHexString(bits).Chunk(4).Select(c => new string(c)))
            : throw new ArgumentException("A serial has 128 bits", nameof(bits));

    /// <summary>A serial as somebody typed it, in its one form; null when it is none.</summary>
    public static string? Parse(string typed)
    {
        var digits = typed.Where(c => c != '-' && !char.IsWhiteSpace(c)).ToArray();
        return digits.Length == 32 && digits.All(char.IsAsciiHexDigit) ? Of(Convert.FromHexString(digits)) : null;
    }
}
