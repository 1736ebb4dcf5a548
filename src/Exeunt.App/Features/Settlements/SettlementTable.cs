using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Settlements;

/// <summary>A computed settlement: the statement's JSON, bound by its digest. Immutable; a change is a new row.</summary>
public sealed class SettlementRow
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary>SHA-256 (hex) of the case's id and <see cref="Statement"/>: what an approval binds.</summary>
    public required string Digest { get; init; }

    /// <summary>Core's Statement as JSON: lines with formula, inputs, clause, rounding, explanation.</summary>
    public required string Statement { get; init; }
    public required long Total { get; init; }
    public required string Currency { get; init; }
    public required string ComputedBy { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>An approval of a settlement by a role. The database refuses one by the person who computed it, and a second for the role.</summary>
public sealed class ApprovalRow
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required Role Role { get; init; }
    public required string Digest { get; init; }
    public required string By { get; init; }

    /// <summary>Who computed what is approved.</summary>
    public required string RequestedBy { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>What was approved.</summary>
    public ApprovalSubject Of { get; init; }

    /// <summary>The absent person whose approval it was; null: one's own.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>When it was recalled, or what it approved was returned; null: it stands.</summary>
    public DateTimeOffset? VoidedAt { get; set; }

    /// <summary>Always <see cref="FourEyesPart.Approver"/>: with it the database finds the row that says so.</summary>
    public FourEyesPart Part { get; init; } = FourEyesPart.Approver;
}

/// <summary>One posting of a double entry; the postings of an entry sum to zero.</summary>
public sealed class Posting
{
    public required Guid EntryId { get; init; }
    public required int Line { get; init; }

    /// <summary>The case it belongs to; null for money in suspense.</summary>
    public required Guid? CaseId { get; init; }
    public required string Account { get; init; }

    /// <summary>What caused the entry: "settlement", "payment", "refund", "credit-refund", "suspense", "dispute", "ruling", "late-charge", "return".</summary>
    public required string Cause { get; init; }

    /// <summary>Minor units; debit positive, credit negative.</summary>
    public required long Amount { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset At { get; init; }
}

public enum PaymentDirection
{
    /// <summary>We pay the customer.</summary>
    Refund,

    /// <summary>The customer pays us.</summary>
    Claim,
}

/// <summary>What a payment order is for.</summary>
public enum PaymentPurpose
{
    /// <summary>The settlement of the case.</summary>
    Settlement,

    /// <summary>What the customer paid beyond what was owed goes back.</summary>
    Credit,

    /// <summary>An accepted offer pays the customer.</summary>
    Offer,
    /// <summary>What a ruling changes of what was ordered before.</summary>
    Ruling,

    /// <summary>What was charged after the end goes back.</summary>
    LateCharge,

    /// <summary>What comes of returned goods; one for each payment of the order that money goes back on.</summary>
    Return,
}

public enum PaymentState
{
    Ordered,

    /// <summary>Found in a bank file, in full.</summary>
    Reconciled,

    /// <summary>The bank did not say what became of it; people must ask.</summary>
    Unknown,

    /// <summary>Follows from the end of a dispute and waits for a person's release; nothing has left.</summary>
    Proposed,
}

/// <summary>An order to pay, or a claim to be paid, for a case; at most one for its settlement.</summary>
public sealed class PaymentOrder
{
    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required PaymentDirection Direction { get; init; }

    public PaymentPurpose Purpose { get; init; }

    /// <summary>0 for the settlement; 1, 2… for credits of the case that go back.</summary>
    public int Number { get; init; }

    /// <summary>Number of the order's payment that it goes back on or is for; null where there is no order.</summary>
    public int? OrderPayment { get; init; }

    /// <summary>Minor units, always positive.</summary>
    public required long Amount { get; init; }
    public required string Currency { get; init; }

    /// <summary>The part of a claim that is costs, minor units; a payment is set against them first.</summary>
    public long Cost { get; init; }

    /// <summary>The part of a claim that is interest, minor units; a payment is set against it second.</summary>
    public long Interest { get; init; }

    /// <summary>The reference the bank carries and a bank file is matched by, "EX" and twelve characters.</summary>
    public required string Reference { get; init; }
    public PaymentState State { get; set; }

    /// <summary>What bank lines have brought so far, minor units.</summary>
    public long Matched { get; set; }
    public required DateTimeOffset OrderedAt { get; init; }
    public DateTimeOffset? ReconciledAt { get; set; }

    /// <summary>When a node took it upon itself to hand it to the bank, before anything was written there; null: none has.</summary>
    public DateTimeOffset? HandedAt { get; set; }

    /// <summary>The <see cref="World.WorldFolder">folder</see> it is handed over through; no node with another one ever does.</summary>
    public string? HandedBy { get; set; }

    /// <summary>1; one more each time two people hand it over again because the bank never had it.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Who says that the bank never had it; a second person hands it over again.</summary>
    public string? AgainBy { get; set; }
    public int Version { get; set; }

    /// <summary>
    /// The reference of a payment, always the same for what it is for: what is ordered anew after a restore has the reference under which the bank, and the
    /// marks of what was handed over, know it.
    /// </summary>
    /// <param name="which">Which one of its purpose in the case it is.</param>
    internal static string ReferenceOf(AppDb db, Guid caseId, PaymentPurpose purpose, string which) =>
        "EX" + Secrets.Base32(HMACSHA256.HashData(db.PaymentKey, Encoding.UTF8.GetBytes($"{caseId:N}|{purpose}|{which}")))[..12].ToUpperInvariant();

    public Money Value => new(Amount, Currency);

    public Money Open => new(Amount - Matched, Currency);

    /// <summary>What is left of a claim, in the legal order; it follows from what was paid.</summary>
    public ClaimParts Left =>
        new ClaimParts(new(Cost, Currency), new(Interest, Currency), new(Amount - Cost - Interest, Currency)).Less(new(Matched, Currency));
}

internal sealed class SettlementTable
    : IEntityTypeConfiguration<SettlementRow>, IEntityTypeConfiguration<ApprovalRow>, IEntityTypeConfiguration<Posting>,
        IEntityTypeConfiguration<PaymentOrder>
{
    public void Configure(EntityTypeBuilder<SettlementRow> table)
    {
        table.ToTable("settlements");
        table.HasKey(s => s.Id);
        table.Property(s => s.Digest).HasMaxLength(64);
        table.Property(s => s.Currency).HasMaxLength(3);
        table.Property(s => s.ComputedBy).HasMaxLength(80);
        table.HasIndex(s => new { s.CaseId, s.Digest }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ApprovalRow> table)
    {
        table.ToTable("approvals", t =>
        {
            t.HasCheckConstraint("approver_is_not_requester", "\"by\" <> requested_by");
            t.HasCheckConstraint("approval_is_of_an_approver", "part = 'Approver'");
        });
        table.HasKey(a => a.Id);
        table.Property(a => a.Digest).HasMaxLength(64);
        table.Property(a => a.By).HasMaxLength(80);
        table.Property(a => a.RequestedBy).HasMaxLength(80);
        table.Property(a => a.OnBehalfOf).HasMaxLength(80);
        table.Property(a => a.Of).HasDefaultValueSql("'Settlement'").HasSentinel((ApprovalSubject)(-1));
        table.Property(a => a.Part).HasDefaultValueSql("'Approver'").HasSentinel((FourEyesPart)(-1));
        // Every approval of one thing is another person's.
        table.HasIndex(a => new { a.CaseId, a.Digest, a.By }).IsUnique().HasFilter("voided_at IS NULL");
        table.HasOne<FourEyes>().WithMany().HasForeignKey(a => new { a.CaseId, a.Digest, a.By, a.Part })
            .HasPrincipalKey(f => new { f.CaseId, f.Digest, f.Person, f.Part }).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<Posting> table)
    {
        table.ToTable("postings");
        table.HasKey(p => new { p.EntryId, p.Line });
        table.Property(p => p.Account).HasMaxLength(60);
        table.Property(p => p.Currency).HasMaxLength(3);
        table.Property(p => p.Cause).HasMaxLength(20).HasDefaultValue("settlement");
        table.HasIndex(p => p.CaseId);
    }

    public void Configure(EntityTypeBuilder<PaymentOrder> table)
    {
        table.ToTable("payment_orders");
        table.HasKey(o => o.Id);
        table.Property(o => o.Currency).HasMaxLength(3);
        table.Property(o => o.Reference).HasMaxLength(20);
        table.Property(o => o.HandedBy).HasMaxLength(40);
        table.Property(o => o.AgainBy).HasMaxLength(80);
        table.Property(o => o.Version).IsConcurrencyToken();
        table.HasIndex(o => o.Reference).IsUnique();
        foreach (var computed in new[] { nameof(PaymentOrder.Value), nameof(PaymentOrder.Open), nameof(PaymentOrder.Left) })
            table.Ignore(computed);
        table.Property(o => o.Purpose).HasDefaultValue(PaymentPurpose.Settlement);
        table.HasIndex(o => new { o.CaseId, o.Purpose, o.Number }).IsUnique();
        table.HasIndex(o => o.State);
    }
}
