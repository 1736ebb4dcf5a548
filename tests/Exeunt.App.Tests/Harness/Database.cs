using System.Collections.Concurrent;
using Exeunt.App.Data;
using Exeunt.App.Features.Company;
using Exeunt.App.Platform;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Exeunt.App.Tests.Harness;

/// <summary>The two databases every app test runs on.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>
/// The stores an app starts from, made once per test run and then copied: a folder on SQLite, <c>CREATE DATABASE … TEMPLATE</c>
/// (company and key store) on PostgreSQL. The PostgreSQL server is the one EXEUNT_TEST_POSTGRES names; <c>./test</c>
/// starts one.
/// </summary>
internal static class Templates
{
    private static readonly ConcurrentDictionary<(Database, string), Lazy<Task<Template>>> Made = new();
    private static readonly string Run = $"t{Environment.ProcessId}";
    private static readonly string Folder = Directory.CreateTempSubdirectory("exeunt-tests-").FullName;
    private static int _copies;

    static Templates() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(Folder);

    /// <summary>Connection string of the server for tests; null when there is none.</summary>
    public static string? Server { get; } =
        Environment.GetEnvironmentVariable("EXEUNT_TEST_POSTGRES") is { Length: > 0 } text ? text : null;

    /// <summary>A fresh copy of the stores as a first start leaves them: migrated, with what the product comes with, and the company filled in.</summary>
    public static Task<HostOptions> Empty(Database on) => Copy(on, "empty", async options =>
    {
        await using var host = await ExeuntHost.Build(options, new FakeTime(FakeTime.Start), CancellationToken.None);
        await NameTheCompany(host.Services);
    });

    /// <summary>The same, but nobody has filled in the company's name.</summary>
    public static Task<HostOptions> Nameless(Database on) => Copy(on, "nameless", async options =>
    {
        await using var host = await ExeuntHost.Build(options, new FakeTime(FakeTime.Start), CancellationToken.None);
    });

    /// <summary>Says whose installation it is, so that papers can be issued.</summary>
    public static async Task NameTheCompany(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var clocks = scope.ServiceProvider.GetRequiredService<Clocks>();
        await CompanyBook.Seed(scope.ServiceProvider.GetRequiredService<AppDb>(), CompanyIdentity.Demo, new Call(Core.Actor.System, clocks.Now, clocks.BusinessNow), CancellationToken.None);
    }

    /// <summary>A fresh copy of what <paramref name="fill"/> made of an empty place; made once per run under its name.</summary>
    public static async Task<HostOptions> Copy(Database on, string name, Func<HostOptions, Task> fill)
    {
        var template = await Made.GetOrAdd((on, name), _ => new Lazy<Task<Template>>(() => Make(on, name, fill))).Value;
        var copy = Place(on, $"{name}_{Interlocked.Increment(ref _copies)}");
        CopyFolder(template.Options.Data, copy.Data);
        CopyFolder(template.Options.World, copy.World);
        File.Copy(template.Options.MasterKey!, copy.MasterKey!);
        if (on == Database.Postgres)
        {
            // A template must have no other user while it is copied.
            await template.Turn.WaitAsync();
            try
            {
                foreach (var suffix in (string[])["", "_keys"])
                    await Admin($"CREATE DATABASE \"{Name(copy)}{suffix}\" TEMPLATE \"{Name(template.Options)}{suffix}\"");
            }
            finally
            {
                template.Turn.Release();
            }
        }
        return copy;
    }

    /// <summary>A place where nothing has been made yet (on PostgreSQL: two databases that do not exist).</summary>
    public static HostOptions Place(Database on, string name)
    {
        var root = Path.Combine(Folder, $"{on}-{name}");
        var options = HostOptions.For(Path.Combine(root, "data")) with { MasterKey = Path.Combine(root, "master.key"), Demo = false, Worker = false };
        Directory.CreateDirectory(root);
        return on == Database.Sqlite
            ? options
            : options with
            {
                Database = new NpgsqlConnectionStringBuilder(Server) { Database = $"{Run}_{name}".ToLowerInvariant(), MaxPoolSize = 20 }.ToString(),
            };
    }

    /// <summary>Removes a copy.</summary>
    public static async Task Drop(HostOptions options)
    {
        if (options.Database is { } database)
        {
            var builder = new NpgsqlConnectionStringBuilder(database);
            foreach (var suffix in (string[])["", "_keys"])
            {
                await Admin($"DROP DATABASE IF EXISTS \"{Name(options)}{suffix}\" WITH (FORCE)");
                NpgsqlConnection.ClearPool(new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Database = builder.Database + suffix }.ToString()));
            }
        }
        Delete(Path.GetDirectoryName(options.Data)!);
    }

    /// <summary>Tables of the company's database and of its key store in which some row holds the words, as text or as bytes.</summary>
    public static async Task<List<string>> TablesWith(string database, string words)
    {
        var found = new List<string>();
        foreach (var suffix in (string[])["", "_keys"])
        {
            var name = new NpgsqlConnectionStringBuilder(database).Database + suffix;
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Database = name, Pooling = false }.ToString());
            await connection.OpenAsync();
            var tables = new List<string>();
            await using (var list = new NpgsqlCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", connection))
            await using (var rows = await list.ExecuteReaderAsync())
                while (await rows.ReadAsync())
                    tables.Add(rows.GetString(0));
            foreach (var table in tables)
            {
                await using var look = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM \"{table}\" t WHERE position(@words IN t::text) > 0 OR position(@hex IN t::text) > 0)", connection);
                look.Parameters.AddWithValue("words", words);
                look.Parameters.AddWithValue("hex", Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(words)));
                if (await look.ExecuteScalarAsync() is true)
                    found.Add($"{name}.{table}");
            }
        }
        return found;
    }

    private static async Task<Template> Make(Database on, string name, Func<HostOptions, Task> fill)
    {
        var place = Place(on, name);
        await fill(place.Database is { } database
            ? place with { Database = new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ToString() }
            : place);
        return new Template(place, new SemaphoreSlim(1, 1));
    }

    private static string Name(HostOptions options) => new NpgsqlConnectionStringBuilder(options.Database).Database!;

    private static async Task Admin(string sql)
    {
        await using var connection = new NpgsqlConnection(Server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from))
            return;
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A leftover in the temporary folder is no failure of a test.
        }
    }

    private sealed record Template(HostOptions Options, SemaphoreSlim Turn);
}
