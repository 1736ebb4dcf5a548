using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Platform;

internal static class ContentsOfApp
{
    /// <summary>One line per table: its name, rows and a digest of them. The audit log and its tree heads are left out.</summary>
    public static Task<IReadOnlyList<string>> Contents(this ExeuntApp app) => app.With<IServiceProvider, IReadOnlyList<string>>(async services =>
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var db in (DbContext[])[(AppDb)services.GetService(typeof(AppDb))!, (StaffDb)services.GetService(typeof(StaffDb))!])
        {
            var connection = db.Database.GetDbConnection();
            await db.Database.OpenConnectionAsync();
            foreach (var table in db.Model.GetEntityTypes().Select(t => t.GetTableName()!).Distinct().Except(["audit_log", "tree_heads"]))
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT * FROM {table}";
                await using var reader = await command.ExecuteReaderAsync();
                var rows = new List<string>();
                while (await reader.ReadAsync())
                    rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(i)}")));
                rows.Sort(StringComparer.Ordinal);
                lines.Add($"{table} {rows.Count} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))[..12]}");
            }
            await db.Database.CloseConnectionAsync();
        }
        return [.. lines];
    });
}
