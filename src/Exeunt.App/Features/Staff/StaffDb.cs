using Exeunt.App.Data;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>A member of staff.</summary>
public sealed class StaffMember : IdentityUser<Guid>
{
    public required string DisplayName { get; set; }

    /// <summary>A person made for the demo: works only while the server is bound to loopback.</summary>
    public bool IsDemo { get; set; }

    /// <summary>Left or suspended: cannot sign in; every command of an open session is refused.</summary>
    public bool IsDisabled { get; set; }
    public string Language { get; set; } = "zh";
}

/// <summary>A role held for a unit and below.</summary>
public sealed class StaffRole
{
    public required Guid StaffId { get; init; }
    public required Role Role { get; init; }
    public required int UnitId { get; init; }
}

/// <summary>
/// Staff identity (ASP.NET Core Identity) in the same database file and behind the same gate. It writes its own audit entries:
/// the names of the changed fields, never their values.
/// </summary>
public abstract class StaffDb(DbContextOptions options) : IdentityUserContext<StaffMember, Guid>(options)
{
    public DbSet<StaffRole> Roles => Set<StaffRole>();

    /// <summary>To read where a role holds; they are AppDb's.</summary>
    internal IQueryable<Unit> Units => Set<Unit>().AsNoTracking();

    /// <summary>Real time for the audit entries, set by the host.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Who is acting; "system" until a request sets it.</summary>
    internal string ActorId { get; set; } = "system";

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken ct = default)
    {
        foreach (var entry in ChangeTracker.Entries().ToList())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted) || entry.Entity is AuditRow)
                continue;
            var target = entry.Entity switch
            {
                StaffMember m => $"staff:{m.Id:N}",
                StaffRole r => $"staff:{r.StaffId:N}",
                IdentityUserClaim<Guid> c => $"staff:{c.UserId:N}",
                IdentityUserLogin<Guid> l => $"staff:{l.UserId:N}",
                IdentityUserToken<Guid> t => $"staff:{t.UserId:N}",
                _ => "staff",
            };
            var fields = entry.State == EntityState.Modified
                ? entry.Properties.Where(p => p.IsModified && !Equals(p.OriginalValue, p.CurrentValue)).Select(p => p.Metadata.Name).ToArray()
                : [];
            var verb = $"staff.{entry.Metadata.ClrType.Name.Split('`')[0].Replace("Identity", "", StringComparison.Ordinal)}-{entry.State}".ToLowerInvariant();
            Add(AuditRow.Of(Time.GetUtcNow(), ActorId, verb, target, new { fields, role = (entry.Entity as StaffRole)?.Role, unit = (entry.Entity as StaffRole)?.UnitId }));
        }
        return await Save(acceptAllChangesOnSuccess, ct);
    }

    /// <summary>Stages an entry for something that changes no row: a sign-in.</summary>
    public void Audit(string actor, string verb, string target, object? data = null) =>
        Add(AuditRow.Of(Time.GetUtcNow(), actor, verb, target, data));

    protected virtual Task<int> Save(bool acceptAllChangesOnSuccess, CancellationToken ct) => base.SaveChangesAsync(acceptAllChangesOnSuccess, ct);

    protected Task<int> SaveBase(bool acceptAllChangesOnSuccess, CancellationToken ct) => base.SaveChangesAsync(acceptAllChangesOnSuccess, ct);

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<Role>().HaveConversion<string>().HaveMaxLength(40);
        conventions.Properties<UnitKind>().HaveConversion<string>().HaveMaxLength(40);
        conventions.Properties<DateTimeOffset>().HaveConversion<AppDb.MillisecondsConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<StaffMember>(t =>
        {
            t.ToTable("staff");
            t.Property(m => m.DisplayName).HasMaxLength(80);
            t.Property(m => m.Language).HasMaxLength(5);
        });
        builder.Entity<StaffRole>(t =>
        {
            t.ToTable("staff_roles");
            t.HasKey(r => new { r.StaffId, r.Role, r.UnitId });
        });
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("staff_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("staff_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("staff_tokens");
        var passkeys = builder.Model.GetEntityTypes().FirstOrDefault(t => t.ClrType.Name.StartsWith("IdentityUserPasskey", StringComparison.Ordinal));
        passkeys?.SetTableName("staff_passkeys");
        // Units and the audit log belong to AppDb, which makes their tables: the ones are only read here, the other only written to.
        var units = new UnitTable();
        builder.Entity<Unit>(t =>
        {
            units.Configure(t);
            t.ToTable("units", table => table.ExcludeFromMigrations());
        });
        var audit = new AuditTable();
        builder.Entity<AuditRow>(t =>
        {
            audit.Configure(t);
            t.ToTable("audit_log", table => table.ExcludeFromMigrations());
        });
        foreach (var entity in builder.Model.GetEntityTypes())
        foreach (var property in entity.GetProperties())
            if (!property.DeclaringType.IsMappedToJson())
                property.SetColumnName(AppDb.SnakeCase(property.Name));
    }
}

public sealed class SqliteStaffDb(DbContextOptions<SqliteStaffDb> options, SqliteGate? gate = null) : StaffDb(options)
{
    protected override async Task<int> Save(bool acceptAllChangesOnSuccess, CancellationToken ct)
    {
        using var turn = await gate!.Enter(ct);
        await Database.CloseConnectionAsync();
        var reader = Database.GetDbConnection();
        Database.SetDbConnection(turn.Connection, contextOwnsConnection: false);
        try
        {
            return await SaveBase(acceptAllChangesOnSuccess, ct);
        }
        finally
        {
            Database.SetDbConnection(reader, contextOwnsConnection: true);
        }
    }
}

public sealed class PostgresStaffDb(DbContextOptions<PostgresStaffDb> options) : StaffDb(options);
