using Exeunt.App;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.Bench;

/// <summary>Runs a bench on a fresh installation on SQLite, and on PostgreSQL where a server is named (EXEUNT_TEST_POSTGRES); both are deleted again.</summary>
internal static class OnBoth
{
    /// <param name="bench">Gets the database's name for the table, the options of an installation without a demo, and a folder for files of its own.</param>
    public static async Task<IReadOnlyList<Row>> Run(Func<string, HostOptions, string, Task<IReadOnlyList<Row>>> bench)
    {
        var rows = await InFolder("SQLite", null, bench);
        if (Environment.GetEnvironmentVariable("EXEUNT_TEST_POSTGRES") is not { Length: > 0 } server)
            return rows;
        var name = "bench_" + Guid.NewGuid().ToString("N")[..8];
        await Command(server, $"CREATE DATABASE {name}");
        try
        {
            return [.. rows, .. await InFolder("PostgreSQL", new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ToString(), bench)];
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await Command(server, $"DROP DATABASE {name} WITH (FORCE)");
            await Command(server, $"DROP DATABASE IF EXISTS {name}_keys WITH (FORCE)");
        }
    }

    private static async Task<IReadOnlyList<Row>> InFolder(string name, string? postgres, Func<string, HostOptions, string, Task<IReadOnlyList<Row>>> bench)
    {
        var folder = Directory.CreateTempSubdirectory("exeunt-bench-").FullName;
        try
        {
            return await bench(name, HostOptions.For(Path.Combine(folder, "data")) with { MasterKey = Path.Combine(folder, "key"), Database = postgres, Demo = false, Port = 0 }, folder);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One statement to the server.</summary>
    public static async Task Command(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
#pragma warning disable CA2100 // A constant with a name of our making.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
