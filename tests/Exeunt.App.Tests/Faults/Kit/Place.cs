using Exeunt.App.Data;
using Exeunt.App.Features.Backup;
using Exeunt.App.Features.Company;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>A customer, with one contract (as the customer knows it) or with none.</summary>
public sealed record Person(int Nth, string ContractNumber, string Name, string Mail)
{
    /// <summary>Our number of the customer, and of the contract.</summary>
    public long Id => 500_000L + Nth;
}

/// <summary>
/// An installation on disk for servers that are going to be killed: data folder, world beside it, master key, two databases on PostgreSQL. It holds
/// staff whose bearer tokens are known, customers with contracts, and the key that opens the failpoints. What the outside keeps (public key, bank's
/// ledger) lies in the root, not in the data folder.
/// </summary>
public sealed class Place : IAsyncDisposable
{
    private static int _made;
    private readonly SemaphoreSlim _looking = new(1, 1);
    private Dictionary<Guid, int> _versions = [];
    private long _looked;

    /// <summary>Part of every address, so that a scan of the data folder finds a name that was written in clear.</summary>
    public const string Canary = "faults-canary.example";

    /// <summary>So begins every name.</summary>
    public const string NameCanary = "客户0";

    private Place(string root, HostOptions options, string? server) => (Root, Options, Server) = (root, options, server);

    public string Root { get; }

    public HostOptions Options { get; private init; }

    /// <summary>Connection string of the server that has the databases; null on SQLite.</summary>
    public string? Server { get; }

    /// <summary>What <see cref="Failpoint.Variable"/> needs beside the number.</summary>
    public string Key { get; private init; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    /// <summary>The installation's public key, taken before anything went wrong.</summary>
    public string Pem { get; private set; } = "";

    /// <summary>Bearer token of one person of each role.</summary>
    public Dictionary<Role, string> Tokens { get; private init; } = [];

    /// <summary>What the browsers of the same people keep once they have signed in.</summary>
    public Dictionary<Role, string> Cookies { get; private init; } = [];

    /// <summary>Customers with a contract.</summary>
    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>Customers without one.</summary>
    public IReadOnlyList<Person> Prospects { get; private set; } = [];

    /// <summary>What clients were told before it was copied; a copy goes on with a list of its own.</summary>
    public Acknowledged Told { get; private init; } = new();

    /// <summary>What somebody keeps outside the installation: backups, older copies of the key store.</summary>
    public string Aside => Path.Combine(Root, "aside");

    public bool IsPostgres => Server is not null;

    /// <summary>Lines in which a server of this installation said a planted name or address.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Overheard { get; private init; } = [];

    /// <summary>Connection strings of its two databases on PostgreSQL.</summary>
    public IReadOnlyList<string> Databases =>
        Server is null ? [] : [.. ((string[])["", "_keys"]).Select(s => new NpgsqlConnectionStringBuilder(Server) { Database = Name + s, Pooling = false }.ToString())];

    /// <summary>Makes an installation with this many customers.</summary>
    /// <param name="server">Connection string of a PostgreSQL server on which databases may be made; null for SQLite.</param>
    /// <param name="prospects">Further customers, without a contract.</param>
    /// <param name="everybody">Whether there is staff of every role that a <see cref="Scenario"/> needs, not only of those who end contracts.</param>
    public static async Task<Place> Make(string? server, int customers, int prospects = 0, bool everybody = false)
    {
        var place = Empty(server);
        var options = place.Options with { Worker = false };
        await using (var host = await ExeuntHost.Build(options, TimeProvider.System, CancellationToken.None))
        {
            await using var scope = host.Services.CreateAsyncScope();
            var services = scope.ServiceProvider;
            var clocks = services.GetRequiredService<Clocks>();
            await CompanyBook.Seed(services.GetRequiredService<AppDb>(), CompanyIdentity.Demo, new Call(Actor.System, clocks.Now, clocks.BusinessNow), CancellationToken.None);
            place.Pem = (await services.GetRequiredService<Letterhead>().Key(CancellationToken.None)).PublicPem;
            var people = await Fill(services, customers, prospects);
            place.People = [.. people.Take(customers)];
            place.Prospects = [.. people.Skip(customers)];
            Role[] others = everybody ? [Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.DataOfficer] : [];
            foreach (var role in (Role[])[Role.Agent, Role.Finance, Role.Legal, Role.Technical, Role.Administrator, .. others])
                (place.Tokens[role], place.Cookies[role]) = await SignIn(services, role);
        }
        place.LetGo();
        await File.WriteAllTextAsync(Path.Combine(options.Data, Failpoint.KeyFile), place.Key);
        return place;
    }

    /// <summary>A copy of an installation that nobody serves.</summary>
    public async Task<Place> Copy()
    {
        var empty = Empty(Server);
        var copy = new Place(empty.Root, empty.Options, Server) { Key = Key, Tokens = Tokens, Cookies = Cookies, Pem = Pem, People = People, Prospects = Prospects, Told = Told.Copy() };
        CopyFolder(Options.Data, copy.Options.Data);
        CopyFolder(Options.World, copy.Options.World);
        CopyFolder(Aside, copy.Aside);
        File.Copy(Options.MasterKey!, copy.Options.MasterKey!);
        if (File.Exists(SecondKeys))
            File.Copy(SecondKeys, copy.SecondKeys);
        if (Server is not null)
            foreach (var suffix in (string[])["", "_keys"])
                await Sql(Server, $"CREATE DATABASE {copy.Name}{suffix} TEMPLATE {Name}{suffix}");
        return copy;
    }

    /// <summary>A second node on the same PostgreSQL databases and the same world, with a data folder of its own.</summary>
    public Place SecondNode() => Elsewhere(Path.Combine(Root, "second"));

    /// <summary>The same installation with its data folder moved to another disk.</summary>
    public Place On(string disk) => Elsewhere(Path.Combine(disk, "data"));

    /// <summary>The same installation, whose server reaches its databases through a port of this machine.</summary>
    public Place Through(int port) => As(Options with { Database = new NpgsqlConnectionStringBuilder(Options.Database) { Host = "127.0.0.1", Port = port }.ToString() });

    private Place Elsewhere(string folder)
    {
        CopyFolder(Options.Data, folder);
        return As(Options with { Data = folder });
    }

    private Place As(HostOptions options) => new(Root, options, Server)
    {
        Key = Key, Tokens = Tokens, Cookies = Cookies, Pem = Pem, People = People, Prospects = Prospects, Told = Told, Overheard = Overheard,
    };

    /// <summary>The company's database, for reading only, by a connection of one's own.</summary>
    public AppDb Read() =>
        Server is null
            ? new SqliteAppDb(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite(new SqliteConnectionStringBuilder { DataSource = Options.DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString()).Options)
            : new PostgresAppDb(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql(new NpgsqlConnectionStringBuilder(Options.Database) { Options = "-c default_transaction_read_only=on", Pooling = false }.ToString()).Options);

    /// <summary>The version of a case, as of a moment ago; null while there is none. One look for all who wait: each by itself would open the database anew.</summary>
    public async Task<int?> VersionOf(Guid caseId, CancellationToken ct)
    {
        await _looking.WaitAsync(ct);
        try
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(_looked) > TimeSpan.FromMilliseconds(250))
            {
                await using var db = Read();
                _versions = await db.Cases.AsNoTracking().Select(c => new { c.Id, c.Version }).ToDictionaryAsync(c => c.Id, c => c.Version, ct);
                _looked = System.Diagnostics.Stopwatch.GetTimestamp();
            }
            return _versions.TryGetValue(caseId, out var version) ? version : null;
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>One statement that damages the company's database, for tests of what must find it.</summary>
    public Task Damage(string sql) => Server is null ? SqlIn(Options.DatabaseFile, sql) : Sql(Options.Database!, sql);

    /// <summary>One statement that changes the key store.</summary>
    public Task ChangeKeys(string sql) => Server is null ? SqlIn(Options.KeysFile, sql) : Sql(Databases[1], sql);

    /// <summary>Writes the key store, as it is now, into a file of its own, and says where.</summary>
    public async Task<string> ExportKeys()
    {
        var file = Path.Combine(Root, $"keys-{Guid.NewGuid():N}.db");
        await Backups.ExportKeys(Options, file, CancellationToken.None);
        return file;
    }

    /// <summary>Closes what this process keeps open in the databases: only then can they be copied.</summary>
    public void LetGo()
    {
        if (Server is null)
            SqliteConnection.ClearAllPools();
        else
            NpgsqlConnection.ClearAllPools();
    }

    /// <summary>The disks with the data folder and the databases are gone. Master key, second copy of the keys, world and what lies aside are left.</summary>
    public async Task Lose()
    {
        Directory.Delete(Options.Data, recursive: true);
        Directory.CreateDirectory(Options.Data);
        await File.WriteAllTextAsync(Path.Combine(Options.Data, Failpoint.KeyFile), Key);
        if (Server is not null)
            foreach (var suffix in (string[])["", "_keys"])
                await Drop(suffix);
    }

    /// <summary>Takes the company's database away, so that another can be put in its place.</summary>
    public async Task MakeRoom()
    {
        if (Server is not null)
            await Drop("");
        else
            foreach (var part in (string[])["", "-wal", "-shm"])
                File.Delete(Options.DatabaseFile + part);
    }

    /// <summary>Waits until something holds, by looking into the database as nobody's client: to ask the server would be audited each time.</summary>
    public async Task Until(Func<AppDb, Task<bool>> holds, CancellationToken ct)
    {
        while (true)
        {
            await using (var db = Read())
                if (await holds(db))
                    return;
            await Task.Delay(60, ct);
        }
    }

    /// <summary>
    /// Waits until no effect is due or being carried out. Those that rest until later than that, and those whose business date has not come, are not
    /// waited for.
    /// </summary>
    /// <returns>The effects that are due and that nobody carries out although the time is over.</returns>
    public async Task<IReadOnlyList<string>> Calm(TimeSpan within)
    {
        for (var until = TimeProvider.System.GetUtcNow() + within; ; await Task.Delay(100))
        {
            await using var db = Read();
            var offset = await db.Settings.AsNoTracking().Where(s => s.Key == App.Start.ClockOffsetDays).Select(s => s.Value).SingleOrDefaultAsync();
            var now = TimeProvider.System.GetUtcNow();
            var business = now + TimeSpan.FromDays(offset is null ? 0 : int.Parse(offset, System.Globalization.CultureInfo.InvariantCulture));
            var due = await db.Effects.AsNoTracking().Where(e => e.State == EffectState.Waiting && (e.LeaseUntil == null || e.LeaseUntil < until)
                && ((e.Clock == EffectClock.Real && e.DueAt <= now) || (e.Clock == EffectClock.Business && e.DueAt <= business))).ToListAsync();
            if (due.Count == 0 || now > until)
                return [.. due.Select(e => $"{e.Kind} {e.Key} (tries {e.Attempts}, {e.Note})")];
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            foreach (var suffix in (string[])["", "_keys"])
                await Drop(suffix);
        }
        Directory.Delete(Root, recursive: true);
        _looking.Dispose();
    }

    private string Name => new NpgsqlConnectionStringBuilder(Options.Database).Database!;

    /// <summary>The second copy of the key store.</summary>
    private string SecondKeys => Path.ChangeExtension(Options.MasterKey!, ".keys.db");

    private Task Drop(string suffix) => Sql(Server!, $"DROP DATABASE IF EXISTS {Name}{suffix} WITH (FORCE)");

    private static Place Empty(string? server)
    {
        var root = Directory.CreateTempSubdirectory("exeunt-faults-").FullName;
        var name = $"faults_{Environment.ProcessId}_{Interlocked.Increment(ref _made)}";
        var options = HostOptions.For(Path.Combine(root, "data")) with { MasterKey = Path.Combine(root, "master.key"), Demo = false, Port = 0 };
        return new Place(root, server is null ? options : options with { Database = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 15 }.ToString() }, server);
    }

    private static async Task<List<Person>> Fill(IServiceProvider services, int customers, int prospects)
    {
        var (db, vault, numbers, clocks) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>(), services.GetRequiredService<NumberTokens>(), services.GetRequiredService<Clocks>());
        var call = new Call(Core.Actor.System, clocks.Now, clocks.BusinessNow);
        db.Units.Add(new Unit { Id = 1, Path = "1.", Code = "HQ", Chinese = "总部", English = "Head office", Kind = UnitKind.Headquarters });
        var people = new List<Person>();
        var all = customers + prospects;
        for (var nth = 1; nth <= all; nth++)
        {
            var person = new Person(nth, nth <= customers ? $"HT-2025-{500_000 + nth}" : "", $"客户{nth:D5}号", $"c{nth:D5}@{Canary}");
            var (id, row) = (person.Id, $"{person.Id}");
            people.Add(person);
            db.Customers.Add(new Customer
            {
                Id = id, Source = "faults", NumberToken = numbers.Of("faults", row), UnitId = 1, Kind = CustomerKind.Person, Language = "en", Currency = "CNY",
                Profile = await vault.Seal(id, DataClass.Profile, CustomerTable.ProfilePlace, row, new CustomerProfile(row), default),
                Contact = await vault.Seal(id, DataClass.Contact, CustomerTable.ContactPlace, row, new CustomerContact(person.Mail, $"137{id:D8}", null), default),
                Identity = await vault.Seal(id, DataClass.Case, CustomerTable.IdentityPlace, row, new CustomerIdentity(person.Name), default),
            });
            if (nth <= customers)
                db.Contracts.Add(new Contract
                {
                    Id = id, CustomerId = id, NumberToken = numbers.Of("contract", SearchStore.Normal(TokenKind.Number, person.ContractNumber)),
                    Number = await vault.Seal(id, DataClass.Case, ContractTable.NumberPlace, row, person.ContractNumber, default),
                    // No device: most customers get their deposit back, so money leaves the company.
                    Product = "HOME-500", ProductChinese = "家庭宽带 500M", ProductEnglish = "Home broadband 500", Currency = "CNY",
                    StartOn = DateOnly.FromDateTime(call.Now.UtcDateTime.AddYears(-3)), TermMonths = 24, MonthlyFee = 19900, CurrentMonthPrepaid = true, Deposit = 100_000 + nth,
                    PolicyNumber = GeneralPolicy.Number, PolicyVersion = GeneralPolicy.Version, Zone = "Asia/Shanghai", Jurisdiction = "CN",
                });
            if (nth % 200 != 0 && nth != all)
                continue;
            db.Audit(call, "faults.customers", "customers");
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
        }
        return people;
    }

    /// <summary>Makes a person of a role who has signed in, by the API and with a browser.</summary>
    private static async Task<(string Token, string Cookie)> SignIn(IServiceProvider services, Role role)
    {
        var staff = services.GetRequiredService<StaffDb>();
        var mail = $"{role}@staff.example".ToLowerInvariant();
        var member = new StaffMember { Id = Guid.CreateVersion7(), DisplayName = $"{role}", UserName = mail, Email = mail, EmailConfirmed = true, Language = "en" };
        var made = await services.GetRequiredService<UserManager<StaffMember>>().CreateAsync(member);
        if (!made.Succeeded)
            throw new InvalidOperationException(string.Join(", ", made.Errors.Select(e => e.Code)));
        staff.Roles.Add(new StaffRole { StaffId = member.Id, Role = role, UnitId = 1 });
        await staff.SaveChangesAsync();
        var principal = await services.GetRequiredService<SignInManager<StaffMember>>().CreateUserPrincipalAsync(member);
        var now = TimeProvider.System.GetUtcNow();
        AuthenticationTicket Ticket(string scheme) => new(principal, new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddHours(24) }, scheme);
        return (
            services.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(IdentityConstants.BearerScheme).BearerTokenProtector.Protect(Ticket($"{IdentityConstants.BearerScheme}:AccessToken")),
            services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme).TicketDataFormat.Protect(Ticket(IdentityConstants.ApplicationScheme)));
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from))
            return;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private static async Task SqlIn(string file, string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of a test.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static async Task Sql(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ToString());
        await open.OpenAsync();
#pragma warning disable CA2100 // A statement of our making.
        await using var command = new NpgsqlCommand(sql, open);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
