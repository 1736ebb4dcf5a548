using System.Text.Json;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Cases;

/// <summary>One event of a case, as JSON; (case, number) is unique, so two writers cannot both be next.</summary>
public sealed class CaseEventRow
{
    public required Guid CaseId { get; init; }
    public required int Number { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset BusinessAt { get; init; }
    public required string By { get; init; }
    public required string Data { get; init; }

    public RecordedEvent Read() => new(Number, At, BusinessAt, By, JsonSerializer.Deserialize<CaseEvent>(Data, Json.Plain)!);
}

/// <summary>What a case has beside its own state: numbering, the link's hash, what lists sort by.</summary>
public sealed class CaseIndex
{
    public required Guid CaseId { get; init; }

    /// <summary>Rises with every case; lists page by it.</summary>
    public required long Serial { get; init; }

    /// <summary>SHA-256 of the progress link's 128-bit token; of a case the company opened, of the newest link.</summary>
    public required byte[] TokenHash { get; set; }

    /// <summary>The signature of the receipt; null in cases that were not applied for, or from before there was one.</summary>
    public byte[]? Receipt { get; init; }

    /// <summary>SHA-256 of the survey link's token, once it was sent.</summary>
    public byte[]? SurveyHash { get; set; }
}

/// <summary>A sealed text: own words, notes of talks, messages, what an applicant typed.</summary>
public sealed class PersonalText
{
    public const string Place = "personal_texts.data";
    public required Guid Id { get; init; }

    /// <summary>Whose key seals it: a customer, or an intake's negative number.</summary>
    public required long Subject { get; init; }
    public required DataClass Class { get; init; }
    public Guid? CaseId { get; set; }

    /// <summary>What it is: "intake", "talk", "message", "survey", "return".</summary>
    public required string Kind { get; init; }
    public required byte[] Data { get; set; }
}

/// <summary>What a draft becomes.</summary>
public enum DraftKind
{
    Application,

    /// <summary>The return of an order.</summary>
    Return,

    /// <summary>The way of a customer without a case to their own data.</summary>
    OwnData,
}

/// <summary>An application being filled in on the portal; sealed, forgotten after a day.</summary>
public sealed class Draft
{
    public const string Place = "drafts.data";
    public required byte[] TokenHash { get; init; }
    public required long Subject { get; init; }
    public required byte[] Data { get; set; }
    public DraftKind Kind { get; init; }
    public DateTimeOffset? ProvenAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public int Version { get; set; }
}

/// <summary>
/// A code sent to a contact on file. For an invented contract it exists too, with nobody to send it to, so that nothing
/// differs for the one who asks.
/// </summary>
public sealed class Challenge
{
    public required Guid Id { get; init; }

    /// <summary>The draft's or case's token hash.</summary>
    public required byte[] Owner { get; init; }
    public required byte[] CodeHash { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public int Failures { get; set; }

    /// <summary>When the last failure was.</summary>
    public DateTimeOffset? FailedAt { get; set; }

    /// <summary>
    /// Keyed token of the mailbox, or for nobody of the contact that was typed: limits hold for it, whoever asks. Null in rows from before
    /// there was one.
    /// </summary>
    public byte[]? Contact { get; init; }

    /// <summary>No mail was sent: the contact had its share.</summary>
    public bool Withheld { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
    public int Version { get; set; }
}

internal sealed class CaseTable
    : IEntityTypeConfiguration<ExitCase>, IEntityTypeConfiguration<CaseEventRow>, IEntityTypeConfiguration<CaseIndex>,
        IEntityTypeConfiguration<PersonalText>, IEntityTypeConfiguration<Draft>, IEntityTypeConfiguration<Challenge>
{
    public void Configure(EntityTypeBuilder<ExitCase> table)
    {
        table.ToTable("cases");
        table.HasKey(c => c.Id);
        table.Property(c => c.Id).ValueGeneratedNever();
        foreach (var ignored in new[]
        {
            nameof(ExitCase.Raised), nameof(ExitCase.IsClosed), nameof(ExitCase.IsDisputed), nameof(ExitCase.IdentityIsProven), nameof(ExitCase.HasCustomer),
            nameof(ExitCase.Holds), nameof(ExitCase.ApprovedBy), nameof(ExitCase.Plan), nameof(ExitCase.Facts), nameof(ExitCase.IsIrreversible), nameof(ExitCase.Waits),
            nameof(ExitCase.BothAgree), nameof(ExitCase.AgreedOn), nameof(ExitCase.Ended),
        })
            table.Ignore(ignored);
        table.Property(c => c.Rounds).HasField("_rounds").UsePropertyAccessMode(PropertyAccessMode.Field).HasDefaultValueSql("'[]'").HasConversion(
            rounds => JsonSerializer.Serialize(rounds, Json.Plain),
            text => JsonSerializer.Deserialize<List<ApprovalRound>>(text, Json.Plain)!,
            new ValueComparer<IReadOnlyList<ApprovalRound>>((a, b) => ReferenceEquals(a, b), r => r.Count, r => r));
        table.Property(c => c.Steps).HasField("_steps").UsePropertyAccessMode(PropertyAccessMode.Field).HasConversion(
            steps => JsonSerializer.Serialize(steps, Json.Plain),
            text => JsonSerializer.Deserialize<List<StepProgress>>(text, Json.Plain)!,
            new ValueComparer<IReadOnlyList<StepProgress>>((a, b) => ReferenceEquals(a, b), s => s.Count, s => s));
        table.Property(c => c.Number).HasMaxLength(40);
        table.Property(c => c.RulePacks).HasMaxLength(120);
        table.Property(c => c.Page).HasMaxLength(Exeunt.Core.LegalPages.LegalPageDocument.MaxId + 5);
        table.Property(c => c.OfferForbiddenBy).HasMaxLength(40);
        table.Property(c => c.HoldReason).HasMaxLength(200);
        table.HasIndex(c => c.Number).IsUnique();
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => new { c.State, c.UnitId });
        table.HasIndex(c => c.CustomerId);
        table.HasIndex(c => c.ContractId);
        table.HasIndex(c => c.OrderId);
        table.HasIndex(c => c.AssignedTo);
        // The list: ids rise with time, and every filter of the list is compared within the index.
        table.HasIndex(c => new { c.Id, c.State, c.Kind, c.UnitId, c.AssignedTo, c.Channel, c.Reason, c.CustomerId, c.EffectiveOn }).HasDatabaseName("ix_cases_list");
        table.HasIndex(c => new { c.EffectiveOn, c.Id, c.State, c.Kind, c.UnitId, c.AssignedTo, c.Channel, c.Reason, c.CustomerId }).HasDatabaseName("ix_cases_ends");
    }

    public void Configure(EntityTypeBuilder<CaseEventRow> table)
    {
        table.ToTable("case_events");
        table.HasKey(e => new { e.CaseId, e.Number });
        table.Property(e => e.By).HasMaxLength(80);
    }

    public void Configure(EntityTypeBuilder<CaseIndex> table)
    {
        table.ToTable("case_index");
        table.HasKey(i => i.CaseId);
        table.HasIndex(i => i.Serial).IsUnique();
        table.HasIndex(i => i.TokenHash).IsUnique();
        table.HasIndex(i => i.SurveyHash).IsUnique();
    }

    public void Configure(EntityTypeBuilder<PersonalText> table)
    {
        table.ToTable("personal_texts");
        table.HasKey(t => t.Id);
        table.Property(t => t.Kind).HasMaxLength(20);
        table.HasIndex(t => t.Subject);
        table.HasIndex(t => t.CaseId);
    }

    public void Configure(EntityTypeBuilder<Draft> table)
    {
        table.ToTable("drafts");
        table.HasKey(d => d.TokenHash);
        table.Property(d => d.Kind).HasDefaultValue(DraftKind.Application);
        table.Property(d => d.Version).IsConcurrencyToken();
        table.HasIndex(d => d.CreatedAt);
    }

    public void Configure(EntityTypeBuilder<Challenge> table)
    {
        table.ToTable("challenges");
        table.HasKey(c => c.Id);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.Property(c => c.Contact).HasMaxLength(16);
        table.HasIndex(c => new { c.Owner, c.SentAt });
        table.HasIndex(c => new { c.Contact, c.SentAt });
        table.HasIndex(c => c.SentAt);
    }
}
