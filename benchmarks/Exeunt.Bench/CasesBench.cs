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
using Exeunt.App.Features.Today;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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
        return await OnBoth.Run(Run);
    }

    private static async Task<IReadOnlyList<Row>> Run(string name, HostOptions options, string folder)
    {
        await using var host = await ExeuntHost.Build(options, TimeProvider.System, CancellationToken.None);
        await host.StartAsync();
        var staff = await SignIn(host, Role.Agent, Clients);
        var cases = await Open(host, 2_000);
        await Commands(staff, cases[..80], TimeSpan.FromSeconds(2));
        var commands = await Commands(staff, cases[80..], Length);
        var bare = await BareInserts(host, cases, Length / 2);
        var inbox = await Inbox(host, name);
        await host.StopAsync();
        return [.. inbox, new($"{name}: case commands over HTTP, {Clients} clients", commands, "/s", "target: at least", 300), new($"{name}: the same rows by EF alone, {Clients} writers", bare, "/s")];
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
                var now = TimeProvider.System.GetUtcNow();
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

    // ---- the inbox with 100,000 cases -----------------------------------------------------------------------------------

    private const int Many = 100_000;
    private const int Units = 40;

    private static async Task<IReadOnlyList<Row>> Inbox(WebApplication host, string name)
    {
        await ManyUnits(host);
        var agents = await SignIn(host, Role.Agent, 2, unit: 5);
        await ManyCases(host);
        var rows = new List<Row>();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var watch = Stopwatch.StartNew();
            await scope.ServiceProvider.GetRequiredService<RebuildWaits>().Run(Now(), new(), CancellationToken.None);
            rows.Add(new($"{name}: waits of {Many:N0} cases worked out", Many / watch.Elapsed.TotalSeconds, "cases/s"));
        }
        if (host.Services.GetRequiredService<HostOptions>().Database is { } postgres)
            await OnBoth.Command(postgres, "ANALYZE");
        (string Who, HttpClient Client)[] people =
        [
            ("agent of an office", agents[0]), ("agent of the whole company", (await SignIn(host, Role.Agent, 1, 1, "hq"))[0]),
            ("supervisor", (await SignIn(host, Role.Supervisor, 1))[0]), ("finance", (await SignIn(host, Role.Finance, 1))[0]),
            ("legal", (await SignIn(host, Role.Legal, 1))[0]), ("technical", (await SignIn(host, Role.Technical, 1))[0]),
        ];
        foreach (var (who, client) in people)
        {
            var (half, most) = await Times(client, ["/api/today", "/api/today?due=Week", "/api/today?scope=Unit", "/api/today?scope=Approvals"]);
            rows.Add(new($"{name}: inbox of {who}, {Many:N0} cases, p95 (p50 {half:0.0})", most, "ms", "target: at most", 100));
        }
        var (listHalf, listMost) = await Times(people[2].Client,
            ["/api/cases", "/api/cases?who=nobody", "/api/cases?waits=Finance", "/api/cases?overdue=1", "/api/cases?reason=PRICE&state=Scheduled", "/api/cases?state=Held", "/api/cases?order=ends", "/api/cases?tier=Vip"]);
        rows.Add(new($"{name}: list of {Many:N0} cases, eight filters, p95 (p50 {listHalf:0.0})", listMost, "ms"));
        return rows;
    }

    /// <summary>Median and 95th percentile of the answers to some addresses, in milliseconds, one request after the other.</summary>
    private static async Task<(double Half, double Most)> Times(HttpClient client, string[] paths)
    {
        var times = new List<double>();
        for (var i = 0; i < 160; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await client.GetAsync(new Uri(paths[i % paths.Length], UriKind.Relative));
            await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
            // The first ones warm up.
            if (i >= 2 * paths.Length)
                times.Add(watch.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        return (times[times.Count / 2], times[times.Count * 95 / 100]);
    }

    private static async Task ManyUnits(WebApplication host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDb>();
        for (var i = 2; i <= Units; i++)
            db.Units.Add(new Unit { Id = i, ParentId = 1, Path = $"1.{i}.", Code = $"U{i}", Chinese = $"办事处{i}", English = $"Office {i}", Kind = UnitKind.Office });
        db.Audit(Now(), "bench.units", "units");
        await db.SaveChangesAsync();
    }

    /// <summary>Cases at every point of their way, of forty offices and four hundred people, due within two months before and after.</summary>
    private static async Task ManyCases(WebApplication host)
    {
        const int first = 10_000, batch = 2_000;
        var keys = host.Services.GetRequiredService<KeyStore>();
        var people = Enumerable.Range(0, 400).Select(_ => StaffDirectory.IdOf(Guid.NewGuid())).ToList();
        var random = new Random(5);
        for (var from = first; from < first + Many; from += batch)
        {
            var ids = Enumerable.Range(from, batch).Select(i => (long)i).ToList();
            var made = await keys.Create(ids, [DataClass.Case], CancellationToken.None);
            await using var scope = host.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDb>();
            foreach (var id in ids)
            {
                var (unit, at) = ((int)(id % Units) + 1, TimeProvider.System.GetUtcNow().AddDays(-random.Next(60)));
                db.Customers.Add(new Customer
                {
                    Id = id, Source = "bench", NumberToken = BitConverter.GetBytes(id), UnitId = unit, Kind = CustomerKind.Person, Language = "zh", Currency = "CNY",
                    Tier = id % 20 == 0 ? CustomerTier.Vip : CustomerTier.Normal,
                    Identity = Vault.SealWith(made[id][0], id, DataClass.Case, CustomerTable.IdentityPlace, $"{id}", new CustomerIdentity($"王{id}")),
                });
                db.Cases.Add(ACase(id, unit, at, people[random.Next(people.Count)], random.Next(100)));
            }
            db.Audit(Now(), "bench.cases", "cases");
            await db.SaveChangesAsync();
        }
    }

    private static ExitCase ACase(long id, int unit, DateTimeOffset at, string person, int luck)
    {
        ExitCase.Moment moment = new(at, at, person);
        var exit = ExitCase.Receive(Guid.CreateVersion7(at), $"T-2025-{id:000000}", GeneralProcedures.FirstTermination, Channel.Portal, "zh", null, -id, moment, GeneralProcedures.Find);
        exit.ProveIdentity(id, id, unit, 1, "code", GeneralPolicy.Number, GeneralPolicy.Version, "Asia/Shanghai", DateOnly.FromDateTime(at.Date).AddDays(30));
        if (luck < 25)
            return Stored(exit);
        exit.Assign(person);
        if (luck < 40)
            return Stored(exit);
        exit.RecordTalk("PRICE", "TOO_HIGH", "phone", 10, null);
        if (luck < 55)
            return Stored(exit);
        exit.SkipOffer("none");
        exit.With(new ExitCase.Moment(at, at, "system")).Settle(Guid.NewGuid(), new string('a', 64), 12_345, "CNY");
        if (luck < 75)
            return Stored(exit);
        exit.ReachEffectiveDate();
        exit.Finish(StepKind.Archive, null);
        if (luck < 90)
            return Stored(exit);
        exit.Hold("legal");
        return Stored(exit);
    }

    private static ExitCase Stored(ExitCase exit)
    {
        exit.MarkStored();
        return exit;
    }

    /// <summary>People of a role, signed in as people sign in, with a client each.</summary>
    private static async Task<HttpClient[]> SignIn(WebApplication host, Role role, int count, int unit = 1, string name = "")
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
            var mail = $"{role}.{unit}{name}.{i}@bench.example".ToLowerInvariant();
            var member = new StaffMember { Id = Guid.CreateVersion7(), DisplayName = $"{role} {i}", UserName = mail, Email = mail, EmailConfirmed = true };
            var made = await users.CreateAsync(member, Password);
            if (!made.Succeeded)
                throw new InvalidOperationException(string.Join(", ", made.Errors.Select(e => e.Code)));
            staff.Roles.Add(new StaffRole { StaffId = member.Id, Role = role, UnitId = unit });
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
                var exit = ExitCase.Receive(Guid.CreateVersion7(), $"T-2026-{i:000000}", GeneralProcedures.FirstTermination, Channel.Portal, "en", null, -i, CaseDesk.MomentOf(call), GeneralProcedures.Find);
                exit.ProveIdentity(i, i, 1, 1, "code", GeneralPolicy.Number, GeneralPolicy.Version, "Asia/Shanghai", DateOnly.FromDateTime(call.Now.Date).AddDays(30));
                desk.Stage(exit, call);
                ids.Add(exit.Id);
            }
            await db.SaveChangesAsync();
        }
        return ids;
    }

    private static Call Now() => new(Actor.System, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow());
}
