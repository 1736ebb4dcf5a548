using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Terms;

/// <summary>What a stored text is.</summary>
public enum TermsKind
{
    /// <summary>The whole policy, as shown before signing.</summary>
    Policy,

    /// <summary>What ending does, as shown before it binds.</summary>
    Consequences,
}

/// <summary>Where a text was shown and confirmed.</summary>
public enum ShownAt
{
    /// <summary>Before the contract was signed.</summary>
    Signing,

    /// <summary>With the application to end it, or on its progress page.</summary>
    Application,
}

/// <summary>A text of a policy version exactly as it was shown, kept once for each hash. It holds no personal data.</summary>
public sealed class PolicyText
{
    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8, hex.</summary>
    public required string Sha256 { get; init; }
    public required TermsKind Kind { get; init; }
    public required string PolicyNumber { get; init; }
    public required int PolicyVersion { get; init; }

    /// <summary>"zh" or "en".</summary>
    public required string Language { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset FirstShownAt { get; init; }
}

/// <summary>A customer's confirmation of a text they were shown: evidence, never changed.</summary>
public sealed class PolicyConfirmation
{
    public required Guid Id { get; init; }
    public required string PolicyNumber { get; init; }
    public required int PolicyVersion { get; init; }
    public required string Language { get; init; }

    /// <summary>The hash of the text, a row of policy_texts.</summary>
    public required string Sha256 { get; init; }
    public required ShownAt Where { get; init; }
    public required long ContractId { get; init; }

    /// <summary>The case, when it was confirmed with an application.</summary>
    public Guid? CaseId { get; init; }

    /// <summary>Who recorded it: the customer of the case, or the member of staff or system that took the signature.</summary>
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class TermsTable : IEntityTypeConfiguration<PolicyText>, IEntityTypeConfiguration<PolicyConfirmation>
{
    public void Configure(EntityTypeBuilder<PolicyText> table)
    {
        table.ToTable("policy_texts");
        table.HasKey(t => t.Sha256);
        table.Property(t => t.Sha256).HasMaxLength(64);
        table.Property(t => t.PolicyNumber).HasMaxLength(40);
        table.Property(t => t.Language).HasMaxLength(2);
        table.HasIndex(t => new { t.PolicyNumber, t.PolicyVersion });
    }

    public void Configure(EntityTypeBuilder<PolicyConfirmation> table)
    {
        table.ToTable("policy_confirmations");
        table.HasKey(c => c.Id);
        table.Property(c => c.PolicyNumber).HasMaxLength(40);
        table.Property(c => c.Language).HasMaxLength(2);
        table.Property(c => c.Sha256).HasMaxLength(64);
        table.Property(c => c.By).HasMaxLength(80);
        table.HasIndex(c => c.ContractId);
        table.HasIndex(c => c.CaseId);
    }
}
