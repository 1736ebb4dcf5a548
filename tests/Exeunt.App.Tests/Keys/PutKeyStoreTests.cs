using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Keys;

/// <summary>A copy of the key store is put in the place of one that cannot be used any more, beside a database that stays.</summary>
public abstract class PutKeyStoreTests(Database on) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-put-").FullName;

    [Theory]
    [InlineData("gone")]
    [InlineData("wordless")]
    [InlineData("emptied")]
    [InlineData("keyless")]
    public async Task A_key_store_that_is_gone_or_damaged_does_not_serve_until_a_copy_is_put_in_its_place(string fate)
    {
        await using var app = await ExeuntApp.Start(on);
        var contract = await app.AContractInForce();
        var copy = await Copy(app, "copy.db");
        await app.Stop();
        ForgetSecondCopy(app);
        await Ruin(app.Options, fate);
        (await Should.ThrowAsync<InvalidDataException>(() => app.Restart())).Message.ShouldContain("exeunt keys put FILE", Case.Sensitive, fate);
        await app.Stop();

        var (exit, said) = await Put(app, copy);

        exit.ShouldBe(0, said);
        said.ShouldContain("all open");
        said.Contains("is aside: ", StringComparison.Ordinal).ShouldBe(fate != "gone");
        await app.Restart();
        await app.With<IServiceProvider>(async services =>
        {
            var customer = (await services.GetRequiredService<AppDb>().Customers.FindAsync(contract.CustomerId))!;
            (await services.GetRequiredService<Vault>().Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, default))!.Mail.ShouldBe(contract.Mail);
        });
        // As a node has while it runs.
        await using var connection = on == Database.Postgres ? await Sql.OpenPostgres(app.Options.Database!, default) : null;
        (await Put(app, copy, beside: true)).ShouldSatisfyAllConditions(r => r.Exit.ShouldBe(1), r => r.Said.ShouldContain(on == Database.Sqlite ? "data folder" : "stop every node and every other program"));
    }

    [Fact]
    public async Task What_would_bring_back_the_erased_or_is_no_copy_of_this_store_is_refused_and_changes_nothing()
    {
        await using var app = await ExeuntApp.Start(on);
        await app.With<KeyStore>(k => k.Ensure([901, 902], [DataClass.Contact], default));
        var older = await Copy(app, "older.db");
        await app.With<KeyStore>(k => k.Destroy(901, [DataClass.Contact], app.Time.GetUtcNow(), default));
        var same = await Copy(app, "same.db");
        var others = await Copy(app, "others.db");
        await using (var copy = new SqliteConnection($"Data Source={others};Pooling=false"))
        {
            await copy.OpenAsync();
            await copy.Execute("UPDATE state SET store = 'another', generation = generation + 9", default);
        }
        // A copy that says it is newer, and lacks a key of somebody.
        var lacking = await Copy(app, "lacking.db");
        await using (var copy = new SqliteConnection($"Data Source={lacking};Pooling=false"))
        {
            await copy.OpenAsync();
            await copy.Execute("UPDATE state SET generation = generation + 9; DELETE FROM subject_keys WHERE subject = 902", default);
        }
        await app.Stop();
        var before = await State(app.Options);

        foreach (var (file, why) in new[] { (older, "erased customers would come back"), (same, "sound and as new"), (others, "another key store"), (lacking, "has 1 keys and 0 marks"), (Broken(same), "no key store, or it is damaged"), (Path.Combine(_folder, "none.db"), "There is no file") })
            (await Put(app, file)).ShouldSatisfyAllConditions(r => r.Exit.ShouldBe(1), r => r.Said.ShouldContain(why));

        (await State(app.Options)).ShouldBe(before);
    }

    [Fact]
    public async Task With_a_copy_that_was_behind_the_erased_stay_erased_and_whose_key_it_does_not_have_is_said()
    {
        await using var app = await ExeuntApp.Start(on);
        var leaves = await app.AContractInForce();
        var behind = await Copy(app, "behind.db");
        await app.AContractInForce();
        // In the ledger, and the key destroyed.
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.Erasures.Add(new ErasureRow { CustomerId = leaves.CustomerId, Class = DataClass.Profile, At = call.Now });
            db.Audit(call, "erasure.recorded", $"customer:{leaves.CustomerId}");
            await db.SaveChangesAsync();
        });
        await app.With<KeyStore>(k => k.Destroy(leaves.CustomerId, [DataClass.Profile], app.Time.GetUtcNow(), default));
        await app.Stop();
        ForgetSecondCopy(app);
        await Ruin(app.Options, "emptied");

        var (exit, said) = await Put(app, behind);

        exit.ShouldBe(0, said);
        said.ShouldContain("1 customers came after this copy");
        await app.Restart();
        (await app.With<KeyStore, byte[]?>(k => k.Find(leaves.CustomerId, DataClass.Profile, default))).ShouldBeNull("what was erased does not come back");
        (await app.With<KeyStore, byte[]?>(k => k.Find(leaves.CustomerId, DataClass.Contact, default))).ShouldNotBeNull("and nothing else goes");

        // The database has been brought up to that erasure now: a copy from before it is refused.
        await app.Stop();
        ForgetSecondCopy(app);
        await Ruin(app.Options, "gone");
        (await Put(app, behind)).ShouldSatisfyAllConditions(r => r.Exit.ShouldBe(1), r => r.Said.ShouldContain("older than the database"));
    }

    [Fact]
    public async Task An_account_that_was_given_anew_after_its_erasure_stays_with_the_copy_that_has_it()
    {
        await using var app = await ExeuntApp.Start(on);
        var contract = await app.AContractInForce();
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.Erasures.Add(new ErasureRow { CustomerId = contract.CustomerId, Class = DataClass.Payout, At = call.Now });
            db.Audit(call, "erasure.recorded", $"account:{contract.CustomerId}");
            await db.SaveChangesAsync();
        });
        await app.With<KeyStore>(k => k.Destroy(contract.CustomerId, [DataClass.Payout], app.Time.GetUtcNow(), default));
        var given = await app.With<Vault, byte[]>(v => v.Seal(contract.CustomerId, DataClass.Payout, "customers.payout", $"{contract.CustomerId}", new PayoutAccount("王小明", "6222000000000001", null), default));
        await app.With<AppDb>(async db =>
        {
            var customer = await db.Customers.FindAsync(contract.CustomerId);
            (customer!.Payout, customer.Version) = (given, customer.Version + 1);
            db.Audit(await app.SystemCall(), "test.given", $"customer:{contract.CustomerId}");
            await db.SaveChangesAsync();
        });
        var copy = await Copy(app, "copy.db");
        await app.Stop();
        ForgetSecondCopy(app);
        await Ruin(app.Options, "emptied");

        var (exit, said) = await Put(app, copy);

        exit.ShouldBe(0, said);
        await app.Restart();
        (await app.With<KeyStore, byte[]?>(k => k.Find(contract.CustomerId, DataClass.Payout, default))).ShouldNotBeNull();
        // The server takes the entry into its log soon after its start.
        for (var tries = 0; tries < 100 && !await Told(); tries++)
            await Task.Delay(50);
        (await Told()).ShouldBeTrue();

        Task<bool> Told() => app.With<AppDb, bool>(db => db.AuditLog.AnyAsync(r => r.Verb == "keys.put"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> Copy(ExeuntApp app, string name)
    {
        var file = Path.Combine(_folder, name);
        await app.With<KeyStore>(k => k.Export(file, default));
        return file;
    }

    private string Broken(string whole)
    {
        var file = Path.Combine(_folder, "broken.db");
        var bytes = File.ReadAllBytes(whole);
        bytes.AsSpan(0, 200).Fill(7);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    /// <summary>Takes away the copy that a key store beside SQLite would give way to by itself.</summary>
    private static void ForgetSecondCopy(ExeuntApp app)
    {
        foreach (var part in new[] { "", "-wal", "-shm" })
            File.Delete(Path.ChangeExtension(app.Options.MasterKey!, ".keys.db") + part);
    }

    private static async Task<(int Exit, string Said)> Put(ExeuntApp app, string file, bool beside = false)
    {
        // The connections of a server of this process that has ended.
        if (!beside)
            NpgsqlConnection.ClearAllPools();
        var said = new StringWriter();
        string[] place = ["--data", app.Options.Data, "--master-key", app.Options.MasterKey!];
        var exit = await Cli.Run(["keys", "put", file, .. place, .. app.Options.Database is { } database ? (string[])["--database", database] : []], said, said, default);
        return (exit, said.ToString());
    }

    protected abstract Task Ruin(HostOptions options, string fate);

    protected abstract Task<KeyStoreState?> State(HostOptions options);

    public sealed class OnSqlite() : PutKeyStoreTests(Database.Sqlite)
    {
        protected override async Task Ruin(HostOptions options, string fate)
        {
            SqliteConnection.ClearAllPools();
            if (fate == "gone")
                foreach (var part in new[] { "", "-wal", "-shm" })
                    File.Delete(options.KeysFile + part);
            else if (fate == "emptied")
                await File.WriteAllBytesAsync(options.KeysFile, []);
            else
            {
                await using var store = new SqliteConnection($"Data Source={options.KeysFile};Pooling=false");
                await store.OpenAsync();
                await store.Execute(fate == "keyless" ? "DROP TABLE subject_keys" : "DELETE FROM state", default);
            }
        }

        protected override Task<KeyStoreState?> State(HostOptions options) => Task.FromResult(KeyCopy.Peek(options.KeysFile));
    }

    public sealed class OnPostgres() : PutKeyStoreTests(Database.Postgres), IClassFixture<OnPostgres.Server>
    {
        public sealed class Server : INeedPostgres;

        protected override async Task Ruin(HostOptions options, string fate)
        {
            NpgsqlConnection.ClearAllPools();
            var keys = new NpgsqlConnectionStringBuilder(options.Database);
            var name = keys.Database += "_keys";
            if (fate == "gone")
            {
                await using var admin = await Sql.OpenPostgres(options.Database!, default);
                await admin.Execute($"DROP DATABASE \"{name}\" WITH (FORCE)", default);
                return;
            }
            await using var store = await Sql.OpenPostgres(keys.ToString(), default);
            await store.Execute(fate switch
            {
                "emptied" => "TRUNCATE subject_keys, secrets, dead_keys, state",
                "keyless" => "DROP TABLE subject_keys",
                _ => "ALTER TABLE state DROP COLUMN generation",
            }, default);
        }

        protected override Task<KeyStoreState?> State(HostOptions options) => KeyStore.Says(options.Database!, default);
    }
}
