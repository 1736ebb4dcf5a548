using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Approvals;

/// <summary>Why somebody is away; a code, since the reason itself is nobody's business.</summary>
public enum AbsenceReason
{
    Leave,
    Travel,
    Training,
    Other,
}

/// <summary>While somebody is away another person approves for one of their roles.</summary>
public sealed class Delegation
{
    public required Guid Id { get; init; }

    /// <summary>Who is away, and who approves instead: ids of members of staff ("staff:…").</summary>
    public required string From { get; init; }
    public required string To { get; init; }
    public required Role Role { get; init; }

    /// <summary>First day (business date).</summary>
    public required DateOnly FromOn { get; init; }

    /// <summary>Last day, included.</summary>
    public required DateOnly UntilOn { get; init; }
    public required AbsenceReason Reason { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was ended early.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class DelegationTable : IEntityTypeConfiguration<Delegation>
{
    public void Configure(EntityTypeBuilder<Delegation> table)
    {
        table.ToTable("delegations", t => t.HasCheckConstraint("nobody_stands_in_for_themselves", "\"from\" <> \"to\""));
        table.HasKey(d => d.Id);
        table.Property(d => d.From).HasMaxLength(80);
        table.Property(d => d.To).HasMaxLength(80);
        table.HasIndex(d => new { d.To, d.UntilOn });
        table.HasIndex(d => new { d.From, d.UntilOn });
    }
}

/// <summary>Who stands in for whom. A stand-in acts for the absent person's own role; what was delegated is not passed on.</summary>
public sealed class Delegations(AppDb db, StaffDirectory staff)
{
    /// <summary>Somebody absent for whom the caller may approve: who, in which role, and the roles they hold themselves.</summary>
    public sealed record Absent(Guid Id, string Name, Role Role, Actor Actor);

    /// <summary>The people for whom somebody stands in today; at most 20.</summary>
    public async Task<IReadOnlyList<Absent>> For(Call call, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        var rows = await db.Delegations.AsNoTracking()
            .Where(d => d.To == call.Actor.Id && d.EndedAt == null && d.FromOn <= today && d.UntilOn >= today).OrderBy(d => d.UntilOn).Take(20).ToListAsync(ct);
        if (rows.Count == 0)
            return [];
        var names = await staff.Names(rows.Select(r => r.From), ct);
        var absent = new List<Absent>();
        foreach (var row in rows)
            if (StaffDirectory.GuidOf(row.From) is { } id && names.TryGetValue(row.From, out var name) && await staff.ActorOf(id, ct) is var actor && actor.Has(row.Role))
                absent.Add(new(id, name, row.Role, actor));
        return absent;
    }
}
