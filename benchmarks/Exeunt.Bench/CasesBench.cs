using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Exeunt.Bench;

/// <summary>
/// Cases over HTTP at the real host, on both databases: how many commands a second eight people get through, each with its
/// session, permission, events, audit entries and effects, against the same rows written by EF alone.
/// </summary>
internal static class CasesBench
{
    private const int Clients = 8;
    private const string Password = "a long bench password";
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Row>> Run()
    {
        // Eight people sign in within a second.
        Environment.SetEnvironmentVariable("EXEUNT_RATE_SLACK", "100");
        var rows = await Run("SQLite", null);
        var server = Environment.GetEnvironmentVariable("EXEUNT_TEST_POSTGRES");
        return string.IsNullOrEmpty(server) ? rows : [.. rows, .. await OnPostgres(server)];
    }

    private static async Task<IReadOnlyList<Row>> OnPostgres(string server)
    {
        var name = "bench_" + Guid.NewGuid().ToString("N")[..8];
        await Command(server, $"CREATE DATABASE {name}");
        try
        {
            return await Run("PostgreSQL", new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ToString());
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await Command(server, $"DROP DATABASE {name} WITH (FORCE)");
            await Command(server, $"DROP DATABASE IF EXISTS {name}_keys WITH (FORCE)");
        }
    }

    private static async Task<IReadOnlyList<Row>> Run(string name, string? postgres)
    {
        var folder = Directory.CreateTempSubdirectory("exeunt-bench-").FullName;
        try
        {
            var options = HostOptions.For(Path.Combine(folder, "data")) with { MasterKey = Path.Combine(folder, "key"), Database = postgres, Demo = false, Port = 0 };
            await using var host = await ExeuntHost.Build(options, TimeProvider.System, CancellationToken.None);
            await host.StartAsync();
            var staff = await SignIn(host, Role.Agent, Clients);
            var cases = await Open(host, 2_000);
            await Commands(staff, cases[..80], TimeSpan.FromSeconds(2));
            var commands = await Commands(staff, cases[80..], Length);
            var bare = await BareInserts(host, cases, Length / 2);
            await host.StopAsync();
            return [new($"{name}: case commands over HTTP, {Clients} clients", commands, "/s", "target: at least", 300), new($"{name}: the same rows by EF alone, {Clients} writers", bare, "/s")];
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Every client takes a case of its own and gives it five commands: take, talk, message, hold, resume.</summary>
    private static async Task<double> Commands(HttpClient[] staff, IReadOnlyList<Guid> cases, TimeSpan length)
    {
        var (next, done, watch) = (-1, 0, Stopwatch.StartNew());
        await Task.WhenAll(staff.Select(async client =>
        {
            while (watch.Elapsed < length && Interlocked.Increment(ref next) is var at && at < cases.Count)
                foreach (var (path, body) in Mix)
                {
                    using var answer = await client.PostAsJsonAsync($"/api/cases/{cases[at]}/{path}", body);
                    if (!answer.IsSuccessStatusCode)
                        throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    Interlocked.Increment(ref done);
                }
        }));
        return done / watch.Elapsed.TotalSeconds;
    }

    private static readonly (string Path, object Body)[] Mix =
    [
        ("take", new { }), ("talk", new { reason = "PRICE/TOO_HIGH", words = "It is too dear for what we get.", channel = "phone", minutes = 12 }),
        ("messages", new { text = "We have put your question to the technicians." }), ("hold", new { reason = "customer-asked" }), ("resume", new { }),
    ];

    /// <summary>What one command writes (the case row, an event, an audit entry) by EF, without HTTP, session, permission or domain.</summary>
    private static async Task<double> BareInserts(WebApplication host, IReadOnlyList<Guid> cases, TimeSpan length)
    {
        var (next, done, watch) = (-1, 0, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < length)
            {
                await using var scope = host.Services.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<AppDb>();
                var now = DateTimeOffset.UtcNow;
                var number = Interlocked.Increment(ref next);
                var id = cases[number % cases.Count];
                await db.Cases.Where(c => c.Id == id).FirstAsync();
                db.CaseEvents.Add(new CaseEventRow { CaseId = id, Number = 10_000 + number, At = now, BusinessAt = now, By = "bench", Data = """{"type":"resumed"}""" });
                db.Audit(new Call(Actor.System, now, now), "case.resumed", $"case:{id:N}", new { number });
                await db.SaveChangesAsync();
                Interlocked.Increment(ref done);
            }
        })));
        return done / watch.Elapsed.TotalSeconds;
    }

    /// <summary>People of a role, signed in as people sign in, with a client each.</summary>
    private static async Task<HttpClient[]> SignIn(WebApplication host, Role role, int count)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var (db, staff, users) = (scope.ServiceProvider.GetRequiredService<AppDb>(), scope.ServiceProvider.GetRequiredService<StaffDb>(), scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>());
        if (!await db.Units.AnyAsync(u => u.Id == 1))
        {
            db.Units.Add(new Unit { Id = 1, Path = "1.", Code = "HQ", Chinese = "总部", English = "Head office", Kind = UnitKind.Headquarters });
            db.Audit(Now(), "bench.unit", "unit:1");
            await db.SaveChangesAsync();
        }
        var clients = new HttpClient[count];
        for (var i = 0; i < count; i++)
        {
            var mail = $"{role}.{i}@bench.example".ToLowerInvariant();
            var member = new StaffMember { Id = Guid.CreateVersion7(), DisplayName = $"{role} {i}", UserName = mail, Email = mail, EmailConfirmed = true };
            var made = await users.CreateAsync(member, Password);
            if (!made.Succeeded)
                throw new InvalidOperationException(string.Join(", ", made.Errors.Select(e => e.Code)));
            staff.Roles.Add(new StaffRole { StaffId = member.Id, Role = role, UnitId = 1 });
            await staff.SaveChangesAsync();
            clients[i] = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
            using var answer = await clients[i].PostAsJsonAsync("/api/sign-in", new { mail, password = Password });
            var token = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            clients[i].DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("token").GetString());
        }
        return clients;
    }

    /// <summary>Cases whose customers have proven who they are and now wait for the talk.</summary>
    private static async Task<List<Guid>> Open(WebApplication host, int count)
    {
        var ids = new List<Guid>(count);
        var keys = host.Services.GetRequiredService<KeyStore>();
        await keys.Create([.. Enumerable.Range(1, count).Select(i => (long)i)], [DataClass.Profile, DataClass.Contact, DataClass.Case], CancellationToken.None);
        for (var from = 1; from <= count; from += 500)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var (db, desk) = (scope.ServiceProvider.GetRequiredService<AppDb>(), scope.ServiceProvider.GetRequiredService<CaseDesk>());
            for (var i = from; i < from + 500 && i <= count; i++)
            {
                var call = Now();
                var exit = ExitCase.Receive(Guid.CreateVersion7(), $"T-2026-{i:000000}", CaseKind.Termination, Procedure.GeneralTermination, Channel.Portal, "en", null, -i, CaseDesk.MomentOf(call));
                exit.ProveIdentity(i, i, 1, 1, "code", GeneralPolicy.Number, GeneralPolicy.Version, "Asia/Shanghai", DateOnly.FromDateTime(call.Now.Date).AddDays(30));
                desk.Stage(exit, call);
                ids.Add(exit.Id);
            }
            await db.SaveChangesAsync();
        }
        return ids;
    }

    private static Call Now() => new(Actor.System, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow);

    private static async Task Command(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
#pragma warning disable CA2100 // A constant with a name of our making.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
