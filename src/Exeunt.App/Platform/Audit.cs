using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Platform;

/// <summary>
/// One line of the audit log: who did what to what, when (whole milliseconds). It becomes leaf <see cref="Index"/> of the Merkle
/// log when the sequencer reaches it. Holds ids and codes only; the leaf holds a salted commitment to <see cref="Data"/>.
/// </summary>
public sealed class AuditRow
{
    public long Id { get; init; }

    /// <summary>Place in the log, from 0; null until sequenced.</summary>
    public long? Index { get; set; }

    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string Verb { get; init; }
    public required string Target { get; init; }
    public required string Data { get; init; }
    public required byte[] Salt { get; init; }

    /// <summary>RFC 6962 leaf hash; null until sequenced.</summary>
    public byte[]? Leaf { get; set; }

    public static AuditRow Of(DateTimeOffset at, string actor, string verb, string target, object? data) =>
        new()
        {
            At = at,
            Actor = actor,
            Verb = verb,
            Target = target,
            Data = data is null ? "{}" : JsonSerializer.Serialize(data, Json.Plain),
            Salt = RandomNumberGenerator.GetBytes(16),
        };
}

/// <summary>A signed head of the Merkle log over its first <see cref="Size"/> leaves.</summary>
public sealed class TreeHeadRow
{
    public required long Size { get; init; }
    public required byte[] Root { get; init; }
    public required DateTimeOffset At { get; init; }
    public required byte[] Signature { get; init; }

    /// <summary>The right edge of the tree (compact range), from which the next leaves are appended.</summary>
    public required byte[] Frontier { get; init; }
}

internal sealed class AuditTable : IEntityTypeConfiguration<AuditRow>, IEntityTypeConfiguration<TreeHeadRow>
{
    public void Configure(EntityTypeBuilder<AuditRow> table)
    {
        table.ToTable("audit_log");
        table.HasKey(r => r.Id);
        table.Property(r => r.Id).ValueGeneratedOnAdd();
        table.Property(r => r.Actor).HasMaxLength(80);
        table.Property(r => r.Verb).HasMaxLength(80);
        table.Property(r => r.Target).HasMaxLength(120);
        table.HasIndex(r => r.Index).IsUnique();
        table.HasIndex(r => r.Target);
    }

    public void Configure(EntityTypeBuilder<TreeHeadRow> table)
    {
        table.ToTable("tree_heads");
        table.HasKey(r => r.Size);
        table.Property(r => r.Size).ValueGeneratedNever();
    }
}
