using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Exeunt.App.Tests.Harness;

/// <summary>The product on SQLite for one test class: <c>IClassFixture&lt;SqliteApp&gt;</c>.</summary>
public sealed class SqliteApp() : ExeuntApp(Database.Sqlite);

/// <summary>The product on PostgreSQL for one test class; its tests are skipped where no server is named.</summary>
public sealed class PostgresApp() : ExeuntApp(Database.Postgres), INeedPostgres;

/// <summary>
/// A running product on a fresh copy of a database: the real host on a port of its own, with a clock that tests move and no
/// background worker (<see cref="Drain"/> runs what is due). Tests speak to it through these methods. A test class is abstract,
/// takes an app, and ends with one nested class per database, <c>OnSqlite(SqliteApp app) : XTests(app), IClassFixture&lt;SqliteApp&gt;</c>
/// and the same for PostgreSQL; the tests of a class share its app.
/// </summary>
public class ExeuntApp(Database on) : IAsyncLifetime, IAsyncDisposable
{
    private static int _port = 20_000 + (Environment.ProcessId % 100 * 100);
    private WebApplication? _host;

    static ExeuntApp() => Environment.SetEnvironmentVariable("EXEUNT_RATE_SLACK", "10000");

    public Database On => on;

    public HostOptions Options { get; private set; } = null!;

    public FakeTime Time { get; private set; } = new(FakeTime.Start);

    public Uri Url => new(Options.Url);

    /// <summary>Starts one for a single test: <c>await using var app = await ExeuntApp.Start(on)</c>.</summary>
    /// <param name="change">What is different from the usual options.</param>
    public static async Task<ExeuntApp> Start(Database on, Func<HostOptions, HostOptions>? change = null, FakeTime? time = null)
    {
        var app = new ExeuntApp(on);
        app.Time = time ?? app.Time;
        await app.Begin(await Templates.Empty(on), change);
        return app;
    }

    /// <summary>Starts one whose administrator has not said yet which company it is.</summary>
    public static async Task<ExeuntApp> StartNameless(Database on)
    {
        var app = new ExeuntApp(on);
        await app.Begin(await Templates.Nameless(on), null);
        return app;
    }

    public virtual async Task InitializeAsync()
    {
        // Without a server the tests of this fixture are skipped (Framework.cs), but it is made all the same.
        if (on == Database.Sqlite || Templates.Server is not null)
            await Begin(await Templates.Empty(on), null);
    }

    /// <summary>Stops the server, as Ctrl-C does, and starts it again on the same data.</summary>
    public async Task Restart(Func<HostOptions, HostOptions>? change = null)
    {
        await Stop();
        await Begin(Options, change);
    }

    /// <summary>Stops the server and leaves the data.</summary>
    public async Task Stop()
    {
        if (_host is null)
            return;
        await _host.StopAsync();
        await _host.DisposeAsync();
        _host = null;
    }

    // --- clients -------------------------------------------------------------------------------------------------

    /// <summary>A client of the REST API without an account.</summary>
    public HttpClient Client(string language = "en")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
        client.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        return client;
    }

    /// <summary>A client of the REST API with the bearer token of somebody who holds the role for the unit.</summary>
    /// <param name="name">Another name is another person of the same role.</param>
    public async Task<HttpClient> SignIn(Role role, string unit = "HQ", string name = "", string language = "en")
    {
        var client = Client(language);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(role, unit, name));
        return client;
    }

    /// <summary>A browser without an account.</summary>
    public Browser Browser(string language = "en") => new(Url, language);

    /// <summary>A browser in which somebody who holds the role for the unit is signed in.</summary>
    public async Task<Browser> Browser(Role role, string unit = "HQ", string name = "", string language = "en")
    {
        var browser = new Browser(Url, language);
        await With<IServiceProvider>(async services =>
        {
            var options = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
            var ticket = await Ticket(services, role, unit, name, IdentityConstants.ApplicationScheme, TimeSpan.FromHours(12));
            browser.Cookies.Add(new Cookie(options.Cookie.Name!, options.TicketDataFormat.Protect(ticket), "/", Url.Host));
        });
        return browser;
    }

    /// <summary>The member of staff that <see cref="SignIn"/> and <see cref="Browser(Role, string, string, string)"/> act as.</summary>
    public async Task<Guid> Staff(Role role, string unit = "HQ", string name = "") =>
        await With<IServiceProvider, Guid>(async services => (await Member(services, role, unit, name)).Id);

    // --- time and what is due ---------------------------------------------------------------------------------

    /// <summary>Runs every effect that is due; returns how many ran.</summary>
    public Task<int> Drain() => With<EffectWorker, int>(worker => worker.Drain(CancellationToken.None));

    /// <summary>Moves the business date forward day by day; what falls due on a day runs on that day.</summary>
    public async Task AdvanceDays(int days)
    {
        for (var day = 0; day < days; day++)
        {
            await With<Clocks>(clocks =>
            {
                clocks.Offset += TimeSpan.FromDays(1);
                return Task.CompletedTask;
            });
            await Drain();
        }
    }

    /// <summary>Moves real time forward: codes and sessions expire, retries fall due.</summary>
    public void Advance(TimeSpan by) => Time.Advance(by);

    // --- the outside world --------------------------------------------------------------------------------------

    /// <summary>The mails that reached the outside world, oldest first; optionally those to one address.</summary>
    public IReadOnlyList<ReceivedMail> Mails(string? to = null) => ReceivedMail.In(Options.World, to);

    /// <summary>Files of the data folder and tables of the database (PostgreSQL) that hold these words in clear.</summary>
    public async Task<IReadOnlyList<string>> PlacesWith(string words) =>
        [.. FilesWith(System.Text.Encoding.UTF8.GetBytes(words)), .. Options.Database is { } database ? await Templates.TablesWith(database, words) : []];

    /// <summary>Files of the data folder that hold these bytes.</summary>
    public IReadOnlyList<string> FilesWith(byte[] bytes) =>
    [
        .. Directory.EnumerateFiles(Options.Data, "*", SearchOption.AllDirectories).Where(f => f != Options.LockFile)
            .Where(file => Bytes(file).AsSpan().IndexOf(bytes) >= 0)
            .Select(file => Path.GetRelativePath(Options.Data, file)),
    ];

    // --- below the surface: for tests of the platform, and for building the state a test starts from ----------

    /// <summary>Uses one service of the running host in a scope of its own.</summary>
    public async Task With<T>(Func<T, Task> use) where T : notnull => await With<T, int>(async service =>
    {
        await use(service);
        return 0;
    });

    /// <inheritdoc cref="With{T}"/>
    public async Task<TResult> With<T, TResult>(Func<T, Task<TResult>> use) where T : notnull
    {
        await using var scope = (_host ?? throw new InvalidOperationException("The app is not running.")).Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    /// <summary>Runs a use case through its door.</summary>
    public Task<Outcome<TResult>> Do<TUseCase, TRequest, TResult>(Call call, TRequest request)
        where TUseCase : UseCase<TRequest, TResult> =>
        With<IServiceProvider, Outcome<TResult>>(services =>
            ActivatorUtilities.GetServiceOrCreateInstance<TUseCase>(services).Run(call, request, CancellationToken.None));

    /// <summary>A call made by the system now.</summary>
    public Task<Call> SystemCall() => With<Clocks, Call>(c => Task.FromResult(new Call(Actor.System, c.Now, c.BusinessNow)));

    /// <summary>A call made now by somebody who holds the role for the unit.</summary>
    public Task<Call> CallOf(Role role, string unit = "HQ", string name = "") => With<IServiceProvider, Call>(async services =>
    {
        var member = await Member(services, role, unit, name);
        var clocks = services.GetRequiredService<Clocks>();
        var actor = await services.GetRequiredService<StaffDirectory>().ActorOf(member.Id, CancellationToken.None);
        return new Call(actor, clocks.Now, clocks.BusinessNow);
    });

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (Options is not null)
            await Templates.Drop(Options);
        GC.SuppressFinalize(this);
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    protected async Task Begin(HostOptions place, Func<HostOptions, HostOptions>? change)
    {
        Options = (change ?? (o => o))(place with { Port = FreePort() });
        _host = await ExeuntHost.Build(Options, Time, CancellationToken.None);
        await _host.StartAsync();
    }

    private Task<string> Token(Role role, string unit, string name) => With<IServiceProvider, string>(async services =>
        services.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(IdentityConstants.BearerScheme).BearerTokenProtector
            .Protect(await Ticket(services, role, unit, name, $"{IdentityConstants.BearerScheme}:AccessToken", TimeSpan.FromHours(8))));

    /// <summary>What signing in gives, without the cost of hashing a password: sign-in itself has tests of its own.</summary>
    private async Task<AuthenticationTicket> Ticket(IServiceProvider services, Role role, string unit, string name, string scheme, TimeSpan valid)
    {
        var member = await Member(services, role, unit, name);
        var principal = await services.GetRequiredService<SignInManager<StaffMember>>().CreateUserPrincipalAsync(member);
        return new AuthenticationTicket(principal, new AuthenticationProperties { IssuedUtc = Time.GetUtcNow(), ExpiresUtc = Time.GetUtcNow() + valid }, scheme);
    }

    private static async Task<StaffMember> Member(IServiceProvider services, Role role, string unitCode, string name)
    {
        var db = services.GetRequiredService<AppDb>();
        var staff = services.GetRequiredService<StaffDb>();
        var mail = $"{role}.{unitCode}{name}@test.example".ToLowerInvariant();
        if (await staff.Users.SingleOrDefaultAsync(m => m.Email == mail) is { } known)
            return known;
        var unit = await db.Units.SingleOrDefaultAsync(u => u.Code == unitCode);
        if (unit is null)
        {
            var id = (await db.Units.MaxAsync(u => (int?)u.Id) ?? 0) + 1;
            // The first unit is the root; others hang below it.
            var root = await db.Units.AsNoTracking().OrderBy(u => u.Path.Length).FirstOrDefaultAsync();
            unit = new Unit
            {
                Id = id, ParentId = root?.Id, Path = $"{root?.Path}{id}.", Code = unitCode, Chinese = unitCode, English = unitCode,
                Kind = root is null ? UnitKind.Headquarters : UnitKind.Office,
            };
            db.Units.Add(unit);
            var clocks = services.GetRequiredService<Clocks>();
            db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "unit.added", $"unit:{id}");
            await db.SaveChangesAsync();
        }
        var member = new StaffMember { Id = Guid.CreateVersion7(), DisplayName = $"{role} {name}".Trim(), UserName = mail, Email = mail, EmailConfirmed = true };
        var made = await services.GetRequiredService<UserManager<StaffMember>>().CreateAsync(member);
        if (!made.Succeeded)
            throw new InvalidOperationException(string.Join(", ", made.Errors.Select(e => e.Code)));
        staff.Roles.Add(new StaffRole { StaffId = member.Id, Role = role, UnitId = unit.Id });
        await staff.SaveChangesAsync();
        return member;
    }

    /// <summary>A port below the range from which the system takes those of outgoing connections.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _port);
            try
            {
                using var v4 = new TcpListener(IPAddress.Loopback, port);
                v4.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }

    private static byte[] Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
