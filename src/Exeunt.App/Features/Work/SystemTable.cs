using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Work;

/// <summary>A connected system that carries out work orders (provisioning, billing) and answers by a signed call-back.</summary>
public sealed class ConnectedSystem
{
    public const int MaxName = 60;
    public const int MaxUrl = 300;
    public required Guid Id { get; init; }

    /// <summary>By which the tasks of a procedure name it.</summary>
    public required string Name { get; init; }

    /// <summary>Where orders are posted.</summary>
    public required string Url { get; set; }

    /// <summary>The secret that signs both ways, encrypted under a key of the installation.</summary>
    public required byte[] Secret { get; set; }
    public bool IsActive { get; set; } = true;
    public required string ChangedBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
    public int Version { get; set; }
}

/// <summary>A call-back that was taken, so that it is not taken twice.</summary>
public sealed class SystemMessage
{
    public required Guid SystemId { get; init; }

    /// <summary>The webhook-id; the same message sent again keeps it.</summary>
    public required string MessageId { get; init; }

    /// <summary>The newest webhook-timestamp it came with, seconds.</summary>
    public required long Timestamp { get; set; }
    public required Guid OrderId { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class SystemTable : IEntityTypeConfiguration<ConnectedSystem>, IEntityTypeConfiguration<SystemMessage>
{
    public void Configure(EntityTypeBuilder<ConnectedSystem> table)
    {
        table.ToTable("connected_systems");
        table.HasKey(s => s.Id);
        table.Property(s => s.Name).HasMaxLength(ConnectedSystem.MaxName);
        table.Property(s => s.Url).HasMaxLength(ConnectedSystem.MaxUrl);
        table.Property(s => s.ChangedBy).HasMaxLength(80);
        table.Property(s => s.Version).IsConcurrencyToken();
        table.HasIndex(s => s.Name).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SystemMessage> table)
    {
        table.ToTable("system_messages");
        table.HasKey(m => new { m.SystemId, m.MessageId });
        table.Property(m => m.MessageId).HasMaxLength(100);
    }
}
