using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Exeunt.App.Data;

/// <summary>The company's database on PostgreSQL.</summary>
public sealed class PostgresAppDb(DbContextOptions<PostgresAppDb> options) : AppDb(options)
{
    public override bool IsUniqueViolation(DbUpdateException e) =>
        e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public override async Task<T> Write<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        await using var transaction = await Database.BeginTransactionAsync(ct);
        var result = await work(ct);
        await Failpoint.Commit(() => transaction.CommitAsync(ct));
        return result;
    }
}
