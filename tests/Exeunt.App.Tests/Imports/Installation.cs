using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>The databases that a test runs on: SQLite always, PostgreSQL when EXEUNT_TEST_POSTGRES holds a connection string.</summary>
public sealed class Databases : TheoryData<string>
{
    public Databases()
    {
        Add("sqlite");
        if (Environment.GetEnvironmentVariable("EXEUNT_TEST_POSTGRES") is { Length: > 0 })
            Add("postgres");
    }
}

/// <summary>A data folder (or PostgreSQL database) of its own, and the commands run on it.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-imports-").FullName;
    private readonly string? _postgres;

    private Installation(string? postgres)
    {
        _postgres = postgres;
        Options = HostOptions.For(Data) with { MasterKey = Path.Combine(_folder, "master.key"), Database = postgres };
    }

    public string Data => Path.Combine(_folder, "data");
    public HostOptions Options { get; }

    public static async Task<Installation> On(string database)
    {
        if (database == "sqlite")
            return new Installation(null);
        var server = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("EXEUNT_TEST_POSTGRES"));
        var name = "exeunt_" + Guid.NewGuid().ToString("N")[..12];
        await using (var admin = new NpgsqlConnection(server.ToString()))
        {
            await admin.OpenAsync();
            await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", admin);
            await create.ExecuteNonQueryAsync();
        }
        server.Database = name;
        return new Installation(server.ToString());
    }

    /// <summary>A file of these lines (LF) in the test's folder.</summary>
    public string File(params string[] lines) => FileOf(string.Join('\n', lines) + "\n");

    public string FileOf(string text) => FileOf(System.Text.Encoding.UTF8.GetBytes(text));

    public string FileOf(byte[] bytes)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".csv");
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public Task<(int Exit, string Output, string Error)> Import(params string[] args) => Command(["import", .. args]);

    public Task<(int Exit, string Output, string Error)> Evaluate(string asOf, params string[] more) => Command(["evaluate", "--as-of", asOf, .. more]);

    /// <summary>A command as it is typed.</summary>
    public async Task<(int Exit, string Output, string Error)> Command(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        string[] place = ["--data", Options.Data, "--master-key", Options.MasterKey!];
        var exit = await Cli.Run([.. args, .. place, .. Options.Database is { } database ? (string[])["--database", database] : []], output, error, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }

    public async Task<int> MonthsAreRight()
    {
        using StringWriter output = new(), error = new();
        return await MonthsCommand.Run(["check"], Options, output, error, CancellationToken.None);
    }

    public async Task<T> With<T>(Func<Storage, AppDb, Task<T>> read)
    {
        await using var storage = await Storage.Open(Options, CancellationToken.None);
        await using var db = storage.NewAppDb();
        return await read(storage, db);
    }

    public Task<int> Facts() => With((_, db) => db.Facts.CountAsync());

    /// <summary>The packed months of all customers, as text, in order of their numbers.</summary>
    public Task<string> Months() => With(async (_, db) =>
        string.Join('\n', (await db.Activity.OrderBy(a => a.CustomerId).ToListAsync()).Select(a => Convert.ToHexString(a.Months))));

    public async ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_postgres is not null)
        {
            NpgsqlConnection.ClearAllPools();
            var server = new NpgsqlConnectionStringBuilder(_postgres);
            var name = server.Database;
            await using var admin = new NpgsqlConnection(Environment.GetEnvironmentVariable("EXEUNT_TEST_POSTGRES"));
            await admin.OpenAsync();
            await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", admin);
            await drop.ExecuteNonQueryAsync();
            drop.CommandText = $"DROP DATABASE IF EXISTS {name}_keys WITH (FORCE)";
            await drop.ExecuteNonQueryAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }
}
