using Exeunt.App.Features.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Identity;

/// <summary>A member of staff says whose an application without a code is; it counts once another has looked.</summary>
public sealed class Vouch
{
    public required Guid CaseId { get; init; }
    public long ContractId { get; set; }

    /// <summary>One of <see cref="RecordIdentityCheck.Methods"/>.</summary>
    public string Method { get; set; } = "";

    /// <summary>The sealed words: what was seen.</summary>
    public Guid TextId { get; set; }
    public string By { get; set; } = "";
    public DateTimeOffset At { get; set; }
    public int Version { get; set; }
}

internal sealed class VouchTable : IEntityTypeConfiguration<Vouch>
{
    public void Configure(EntityTypeBuilder<Vouch> table)
    {
        table.ToTable("identity_vouches");
        table.HasKey(v => v.CaseId);
        table.Property(v => v.Method).HasMaxLength(40);
        table.Property(v => v.By).HasMaxLength(80);
        table.Property(v => v.Version).IsConcurrencyToken();
        table.HasOne<Contract>().WithMany().HasForeignKey(v => v.ContractId).OnDelete(DeleteBehavior.Restrict);
    }
}
