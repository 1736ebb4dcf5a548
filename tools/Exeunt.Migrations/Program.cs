using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

// Nothing runs here: dotnet-ef finds the factories below. See tools/migration.
return;

internal sealed class SqliteApp : IDesignTimeDbContextFactory<SqliteAppDb>
{
    public SqliteAppDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite("Data Source=design.db").Options);
}

internal sealed class PostgresApp : IDesignTimeDbContextFactory<PostgresAppDb>
{
    public PostgresAppDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql("Host=design").Options);
}

internal sealed class SqliteStaff : IDesignTimeDbContextFactory<SqliteStaffDb>
{
    public SqliteStaffDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteStaffDb>().UseSqlite("Data Source=design.db").Options);
}

internal sealed class PostgresStaff : IDesignTimeDbContextFactory<PostgresStaffDb>
{
    public PostgresStaffDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresStaffDb>().UseNpgsql("Host=design").Options);
}
