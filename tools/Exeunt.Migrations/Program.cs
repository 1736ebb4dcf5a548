using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Design.Internal;

// Writes the compiled models of the four contexts into a folder (tools/compiled-models). For migrations dotnet-ef only looks for the factories below.
if (args is not ["models", var folder])
{
    Console.Error.WriteLine("Exeunt.Migrations models DIR");
    return 2;
}
var contexts = new DbContextOperations(
    new OperationReporter(null), typeof(AppDb).Assembly, typeof(SqliteApp).Assembly, project: "", projectDir: Directory.GetCurrentDirectory(),
    rootNamespace: null, language: "C#", nullable: false, args: []);
foreach (var context in (Type[])[typeof(SqliteAppDb), typeof(PostgresAppDb), typeof(SqliteStaffDb), typeof(PostgresStaffDb)])
    contexts.Optimize(
        Path.Combine(Path.GetFullPath(folder), context.Name), $"Exeunt.App.Data.Compiled{context.Name}", context.Name, suffix: null, scaffoldModel: true, precompileQueries: false, nativeAot: false);
return 0;

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
