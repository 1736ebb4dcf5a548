using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Features.Keys;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Keys;

/// <summary>Epochs of the master key, and the second copy of the key store.</summary>
public abstract class KeyEpochTests(Database on) : IAsyncLifetime
{
    private const string Place = "customers.contact";
    private static readonly DateTimeOffset Day0 = new(2026, 3, 16, 2, 0, 0, TimeSpan.Zero);
    private protected HostOptions _options = null!;

    public async Task InitializeAsync() => _options = Templates.Server is null && on == Database.Postgres ? null! : await Templates.Empty(on);

    public Task DisposeAsync() => _options is null ? Task.CompletedTask : Templates.Drop(_options);

    [Fact]
    public async Task Nothing_happens_before_the_epoch_is_over()
    {
        await using var storage = await Open();

        (await storage.Keys.Rotate(7, Day0.AddDays(6.9), default)).ShouldBeEmpty();

        (await storage.Keys.State(default)).Epoch.ShouldBe(1);
        (await storage.Keys.Rotate(0, Day0.AddYears(5), default)).ShouldBeEmpty("0 days: epochs stand still");
    }

    [Fact]
    public async Task A_new_epoch_keeps_everything_living_readable_and_destroys_the_old_master_key()
    {
        await using var storage = await Open();
        var vault = new Vault(storage.Keys);
        var blobs = new List<byte[]>();
        for (var i = 0; i < 4500; i += 900)
            blobs.Add(await vault.Seal(1000 + i, DataClass.Contact, Place, "7", $"person {i}", default));
        await storage.Keys.Create([.. Enumerable.Range(10_000, 5_000).Select(i => (long)i)], [DataClass.Case], default);
        var before = Masters(1);

        (await storage.Keys.Rotate(7, Day0.AddDays(7), default)).ShouldBe([1]);

        for (var i = 0; i < blobs.Count; i++)
            (await vault.Open<string>(1000 + i * 900, DataClass.Contact, Place, "7", blobs[i], default)).ShouldBe($"person {i * 900}");
        File.ReadAllText(_options.MasterKey!).ShouldNotContain(Convert.ToHexStringLower(before));
        File.ReadAllText(_options.MasterKey!).ShouldContain("destroyed 1 ");
        File.Exists(_options.MasterKey + ".new").ShouldBeFalse();
        using var copy = KeyCopy.OpenReadOnly(storage.Keys.CopyFile);
        (await KeyCopy.Prove(copy, MasterKeys.Load(_options), 2, default)).Living.ShouldBeGreaterThanOrEqualTo(5_005);
    }

    [Fact]
    public async Task An_older_copy_of_the_key_store_is_junk_after_its_epoch()
    {
        var old = Path.Combine(Path.GetDirectoryName(_options.Data)!, "old-keys.db");
        await using var storage = await Open();
        await storage.Keys.Ensure([77], [DataClass.Contact], default);
        await storage.Keys.Export(old, default);
        await storage.Keys.Destroy(77, [DataClass.Contact], Day0, default);
        using (var thief = KeyCopy.OpenReadOnly(old))
            (await KeyCopy.Prove(thief, MasterKeys.Load(_options), 1, default)).Living.ShouldBeGreaterThan(0, "until the epoch is over, copy and master key together still open it");

        await storage.Keys.Rotate(7, Day0.AddDays(7), default);

        using var later = KeyCopy.OpenReadOnly(old);
        await Should.ThrowAsync<InvalidDataException>(() => KeyCopy.Prove(later, MasterKeys.Load(_options), null, default));
    }

    [Fact]
    public async Task An_epoch_does_not_end_without_a_second_copy()
    {
        await using var storage = await Storage.Open(_options with { KeysCopy = "/proc/nowhere/keys.db" }, default);
        await storage.Keys.BeginEpochs(Day0, default);
        storage.Keys.CopyFault.ShouldNotBeNull();

        await Should.ThrowAsync<InvalidDataException>(() => storage.Keys.Rotate(7, Day0.AddDays(8), default));

        (await storage.Keys.CopiesDieOn(Day0, Day0.AddDays(1), 7, "Asia/Shanghai", default)).ShouldBeNull("and nobody can say when");
        (await storage.Keys.State(default)).Epoch.ShouldBe(1);
        MasterKeys.Load(_options).Oldest.ShouldBe(1);
    }

    [Fact]
    public async Task Another_installation_that_shares_the_master_key_does_not_end_its_epochs()
    {
        var elsewhere = await Templates.Empty(on);
        try
        {
            await using (await Open())
            {
            }
            File.Copy(_options.MasterKey!, elsewhere.MasterKey!, overwrite: true);
            await using var clone = await Storage.Open(elsewhere with { MasterKey = _options.MasterKey }, default);
            await clone.Keys.BeginEpochs(Day0, default);

            var refused = await Should.ThrowAsync<InvalidDataException>(() => clone.Keys.Rotate(7, Day0.AddDays(8), default));

            refused.Message.ShouldContain("exeunt keys claim");
            MasterKeys.Load(_options).Oldest.ShouldBe(1);
        }
        finally
        {
            await Templates.Drop(elsewhere);
        }
    }

    [Fact]
    public async Task An_interrupted_change_of_epoch_goes_on_where_it_stopped()
    {
        byte[] blob;
        await using (var storage = await Open())
        {
            blob = await new Vault(storage.Keys).Seal(5, DataClass.Case, Place, "1", "王小明", default);
            // Stopped after the new epoch began and before anything was wrapped anew: the copy's place is taken away.
            await storage.Keys.Create([.. Enumerable.Range(100, 3_000).Select(i => (long)i)], [DataClass.Case], default);
            Directory.CreateDirectory(storage.Keys.CopyFile + ".new");
            await Should.ThrowAsync<Exception>(() => storage.Keys.Rotate(7, Day0.AddDays(7), default));
            (MasterKeys.Load(_options).Oldest, MasterKeys.Load(_options).Newest).ShouldBe((1, 2));
            Directory.Delete(storage.Keys.CopyFile + ".new");
        }
        await using var again = await Storage.Open(_options, default);
        await again.Keys.Ensure([6], [DataClass.Case], default);

        (await again.Keys.Rotate(7, Day0.AddDays(7.1), default)).ShouldBe([1]);

        (await new Vault(again.Keys).Open<string>(5, DataClass.Case, Place, "1", blob, default)).ShouldBe("王小明");
        (await again.Keys.Find(6, DataClass.Case, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_second_copy_follows_every_change_at_once()
    {
        await using var storage = await Open();
        await storage.Keys.Ensure([1, 2], [DataClass.Contact, DataClass.Case], default);
        await storage.Keys.Destroy([(1, DataClass.Contact), (2, DataClass.Case), (9, DataClass.Case)], Day0, default);
        await storage.Keys.Secret("something", () => [1, 2, 3], default);

        KeyCopy.StateOf(storage.Keys.CopyFile).ShouldBe(await storage.Keys.State(default));
        using var copy = KeyCopy.OpenReadOnly(storage.Keys.CopyFile);
        var second = await KeyCopy.Prove(copy, storage.Keys.Masters, null, default);
        var place = Path.Combine(Path.GetDirectoryName(_options.Data)!, "export.db");
        await storage.Keys.Export(place, default);
        using var live = KeyCopy.OpenReadOnly(place);
        second.ShouldBe(await KeyCopy.Prove(live, storage.Keys.Masters, null, default));
        (await storage.Keys.DeadAfter(0, 10, default)).Select(d => (d.Subject, d.Class)).Order().ShouldBe([(1, DataClass.Contact), (2, DataClass.Case), (9, DataClass.Case)]);
        await storage.Keys.Destroy([(2, DataClass.Case), (9, DataClass.Case)], Day0, default);
        (await storage.Keys.DeadAfter(0, 10, default)).Count.ShouldBe(3, "one mark of each");
        await storage.Keys.Destroy([(11, DataClass.Profile), (11, DataClass.Payout)], Day0, default, new Dictionary<long, byte[]> { [11] = [7, 8, 9] });
        (await storage.Keys.DeadAfter(3, 10, default)).Select(d => d.Number is { } number ? Convert.ToHexString(number) : "").ShouldBe(["070809", ""], ignoreOrder: true);
        var whole = Path.Combine(Path.GetDirectoryName(_options.Data)!, "whole.db");
        await storage.Keys.Export(whole, default);
        foreach (var file in new[] { whole, storage.Keys.CopyFile })
        {
            using var there = KeyCopy.OpenReadOnly(file);
            using var count = there.CreateCommand();
            count.CommandText = "SELECT COUNT(*) FROM dead_keys WHERE number = X'070809'";
            (await count.ExecuteScalarAsync()).ShouldBe(1L, file);
        }
    }

    [Fact]
    public async Task A_damaged_key_is_mended_from_the_second_copy()
    {
        await using var storage = await Open();
        var vault = new Vault(storage.Keys);
        var blob = await vault.Seal(42, DataClass.Legal, Place, "1", "voucher", default);
        await Damage(storage, 42);

        (await vault.Open<string>(42, DataClass.Legal, Place, "1", blob, default)).ShouldBe("voucher");
        storage.Keys.CopyFault.ShouldBeNull();
    }

    [Fact]
    public async Task The_day_on_which_copies_die_is_the_day_after_the_epoch_ends()
    {
        await using var storage = await Open();

        (await storage.Keys.CopiesDieOn(Day0.AddDays(3), Day0.AddDays(4), 7, "Asia/Shanghai", default)).ShouldBe(new DateOnly(2026, 3, 24));
        (await storage.Keys.CopiesDieOn(Day0, Day0, 0, "Asia/Shanghai", default)).ShouldBeNull();
        (await storage.Keys.CopiesDieOn(Day0.AddDays(3), null, 7, "Asia/Shanghai", default)).ShouldBeNull("while the clock is in doubt no epoch ends");
        (await storage.Keys.CopiesDieOn(Day0.AddDays(3), Day0.AddDays(30), 7, "Asia/Shanghai", default)).ShouldBeNull("it is overdue: no day that is past is named");
        await storage.Keys.Rotate(7, Day0.AddDays(9), default);
        (await storage.Keys.CopiesDieOn(Day0.AddDays(3), Day0.AddDays(10), 7, "Asia/Shanghai", default)).ShouldBe(new DateOnly(2026, 3, 26), "its epoch ended two days late");
        await storage.Keys.Destroy(77, [DataClass.Contact], Day0.AddDays(10), default);
        await storage.Keys.Rotate(7, Day0.AddDays(16), default);
        await storage.Keys.Rotate(7, Day0.AddDays(23), default);
        (await storage.Keys.CopiesDieOn(Day0.AddDays(10), Day0.AddDays(24), 7, "Asia/Shanghai", default, 77)).ShouldBe(new DateOnly(2026, 4, 2), "the epoch of the erasure, not the last one that ended");
    }

    [Fact]
    public async Task A_longer_period_or_none_counts_from_the_next_epoch_only()
    {
        await using var storage = await Open();
        await storage.Keys.BeginEpochs(Day0, default, 7);
        var printed = await storage.Keys.CopiesDieOn(Day0.AddDays(1), Day0.AddDays(1), 7, "Asia/Shanghai", default);
        printed.ShouldBe(new DateOnly(2026, 3, 24));

        // Started again, with another period.
        await storage.Keys.BeginEpochs(Day0.AddDays(2), default, 30);

        foreach (var days in new[] { 30, 0 })
        {
            (await storage.Keys.CopiesDieOn(Day0.AddDays(1), Day0.AddDays(2), days, "Asia/Shanghai", default)).ShouldBe(printed, $"{days}");
            (await storage.Keys.Rotate(days, Day0.AddDays(6.9), default)).ShouldBeEmpty();
        }
        (await storage.Keys.EndsAt(3, default)).ShouldBe(Day0.AddDays(3), "a shorter one counts at once");
        (await storage.Keys.Rotate(30, Day0.AddDays(7), default)).ShouldBe([1]);
        (await storage.Keys.EndsAt(60, default)).ShouldBe(Day0.AddDays(37));

        // Shorter for a while: papers named that day.
        await storage.Keys.BeginEpochs(Day0.AddDays(8), default, 10);
        (await storage.Keys.EndsAt(30, default)).ShouldBe(Day0.AddDays(17));
        (await storage.Keys.Rotate(0, Day0.AddDays(17), default)).ShouldBe([2], "turned off, and still as it was promised");
        (await storage.Keys.EndsAt(0, default)).ShouldBeNull("from now on they stand still");
        (await storage.Keys.CopiesDieOn(Day0.AddDays(8), Day0.AddDays(18), 0, "Asia/Shanghai", default)).ShouldBe(new DateOnly(2026, 4, 3), "what is destroyed is destroyed");
        storage.Keys.CopyFault.ShouldBeNull();
    }

    [Fact]
    public async Task Wrapping_anew_is_a_change_by_which_an_older_copy_is_told_from_the_store()
    {
        await using var storage = await Open();
        var before = (await storage.Keys.State(default)).Generation;

        await storage.Keys.Rotate(7, Day0.AddDays(7), default);

        (await storage.Keys.State(default)).Generation.ShouldBe(before + 2, "the new epoch, and what it wrapped");
    }

    [Fact]
    public async Task A_master_key_behind_a_link_changes_where_it_lies_and_the_link_stays()
    {
        var safe = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_options.Data)!, "safe")).FullName;
        var (file, link) = (Path.Combine(safe, "real.key"), Path.Combine("safe", "real.key"));
        File.Move(_options.MasterKey!, file);
        File.CreateSymbolicLink(_options.MasterKey!, link);
        var old = Convert.ToHexStringLower(Masters(1));
        byte[] blob;
        await using (var storage = await Open())
        {
            blob = await new Vault(storage.Keys).Seal(7, DataClass.Case, Place, "1", "王小明", default);
            (await storage.Keys.Rotate(7, Day0.AddDays(7), default)).ShouldBe([1]);
            storage.Keys.CopyFile.ShouldBe(Path.ChangeExtension(_options.MasterKey!, ".keys.db"), "beside the name that was given");
        }

        new FileInfo(_options.MasterKey!).LinkTarget.ShouldBe(link);
        var text = await File.ReadAllTextAsync(file);
        text.ShouldContain($"at {file}\n");
        text.ShouldContain("destroyed 1 ");
        text.ShouldNotContain(old);
        File.Exists(_options.MasterKey + ".new").ShouldBeFalse();
        await using var again = await Storage.Open(_options, default);
        (await new Vault(again.Keys).Open<string>(7, DataClass.Case, Place, "1", blob, default)).ShouldBe("王小明");
    }

    [Fact]
    public async Task A_copy_that_is_looked_at_while_the_store_changes_goes_on_following()
    {
        await using var storage = await Open();
        using var done = new CancellationTokenSource();
        var looking = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                await storage.Keys.FollowUp(default);
        });
        await Task.WhenAll(Enumerable.Range(1, 3).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
                await storage.Keys.Ensure([1000L * writer + i], [DataClass.Contact], default);
        })));
        await done.CancelAsync();
        await looking;

        await storage.Keys.FollowUp(default);

        storage.Keys.CopyFault.ShouldBeNull();
        KeyCopy.StateOf(storage.Keys.CopyFile).ShouldBe(await storage.Keys.State(default));
    }

    [Fact]
    public async Task A_second_copy_that_is_gone_and_cannot_be_written_again_is_said()
    {
        await using var storage = await Open();
        var copy = storage.Keys.CopyFile;
        foreach (var part in new[] { "", "-wal", "-shm" })
            File.Delete(copy + part);
        Directory.CreateDirectory(copy + ".new");

        await storage.Keys.FollowUp(default);

        storage.Keys.CopyFault.ShouldNotBeNull();
        await Should.ThrowAsync<InvalidDataException>(() => storage.Keys.Rotate(7, Day0.AddDays(8), default));
        MasterKeys.Load(_options).Newest.ShouldBe(1);
        Directory.Delete(copy + ".new");
        await storage.Keys.FollowUp(default);
        storage.Keys.CopyFault.ShouldBeNull();
        KeyCopy.StateOf(copy).ShouldBe(await storage.Keys.State(default));
    }

    /// <summary>Changes one bit of a wrapped key in the store itself.</summary>
    protected abstract Task Damage(Storage storage, long subject);

    private protected async Task<Storage> Open()
    {
        var storage = await Storage.Open(_options, default);
        await storage.Keys.BeginEpochs(Day0, default);
        return storage;
    }

    private byte[] Masters(int epoch) => MasterKeys.Load(_options).Of(epoch)!;

    public sealed class OnSqlite() : KeyEpochTests(Database.Sqlite)
    {
        [Theory]
        [InlineData("damaged")]
        [InlineData("gone")]
        [InlineData("older")]
        [InlineData("empty")]
        [InlineData("flipped")]
        public async Task A_store_that_is_damaged_gone_or_older_gives_way_to_its_second_copy(string fate)
        {
            byte[] blob;
            var old = _options.KeysFile + ".old";
            await using (var storage = await Open())
            {
                await storage.Keys.Ensure([8], [DataClass.Contact], default);
                await storage.Keys.Export(old, default);
                blob = await new Vault(storage.Keys).Seal(7, DataClass.Case, Place, "1", "王小明", default);
                await storage.Keys.Destroy(8, [DataClass.Contact], Day0, default);
            }
            switch (fate)
            {
                case "gone":
                    File.Delete(_options.KeysFile);
                    break;
                case "empty":
                    File.WriteAllBytes(_options.KeysFile, []);
                    break;
                case "flipped":
                    await using (var connection = new SqliteConnection($"Data Source={_options.KeysFile};Pooling=false"))
                    {
                        await connection.OpenAsync();
                        await using var flip = connection.CreateCommand();
                        flip.CommandText = "UPDATE state SET epoch_began = epoch_began | (1 << 62)";
                        (await flip.ExecuteNonQueryAsync()).ShouldBe(1);
                    }
                    break;
                case "older":
                    File.Move(old, _options.KeysFile, overwrite: true);
                    break;
                default:
                    await using (var file = File.OpenWrite(_options.KeysFile))
                    {
                        file.Position = 4096 * 2 + 100;
                        file.Write(RandomNumberGenerator.GetBytes(3000));
                        file.Position = 0;
                        file.Write(RandomNumberGenerator.GetBytes(100));
                    }
                    break;
            }

            await using var again = await Storage.Open(_options, default);

            again.Keys.Mended!.ShouldContain(fate is "empty" or "flipped" ? "damaged" : fate);
            (await new Vault(again.Keys).Open<string>(7, DataClass.Case, Place, "1", blob, default)).ShouldBe("王小明");
            (await again.Keys.Find(8, DataClass.Contact, default)).ShouldBeNull("what was destroyed does not come back");
        }

        [Fact]
        public async Task A_second_copy_that_cannot_be_opened_where_it_lies_takes_the_place_of_the_store_all_the_same()
        {
            byte[] blob;
            await using (var storage = await Open())
                blob = await new Vault(storage.Keys).Seal(7, DataClass.Case, Place, "1", "王小明", default);
            var copy = Path.ChangeExtension(_options.MasterKey!, ".keys.db");
            var before = await File.ReadAllBytesAsync(copy);
            File.Delete(_options.KeysFile);
            // As on a medium that is read-only: it is in write-ahead mode, and its log cannot be made.
            Directory.CreateDirectory(copy + "-wal");
            Should.Throw<IOException>(() => KeyCopy.StateOf(copy));

            await using var again = await Storage.Open(_options, default);

            again.Keys.Mended!.ShouldContain("gone");
            (await new Vault(again.Keys).Open<string>(7, DataClass.Case, Place, "1", blob, default)).ShouldBe("王小明");
            again.Keys.CopyFault!.ShouldContain("cannot be read");
            (await File.ReadAllBytesAsync(copy)).ShouldBe(before);
        }

        [Fact]
        public async Task A_damaged_store_that_is_newer_than_its_copy_does_not_give_way_to_it()
        {
            await using (var storage = await Open())
                await storage.Keys.Ensure([8], [DataClass.Contact], default);
            var copy = Path.ChangeExtension(_options.MasterKey!, ".keys.db");
            var older = await File.ReadAllBytesAsync(copy);
            await using (var storage = await Open())
                await storage.Keys.Create([.. Enumerable.Range(100, 2_000).Select(i => (long)i)], [DataClass.Case], default);
            await File.WriteAllBytesAsync(copy, older);
            await using (var file = File.OpenWrite(_options.KeysFile))
            {
                file.Position = file.Length - 4096;
                file.Write(RandomNumberGenerator.GetBytes(4096));
            }

            (await Should.ThrowAsync<InvalidDataException>(() => Storage.Open(_options, default))).Message.ShouldContain("as new");
        }

        [Fact]
        public async Task A_copy_of_another_store_or_a_newer_one_is_never_written_over()
        {
            await using (await Open())
            {
            }
            var copy = Path.ChangeExtension(_options.MasterKey!, ".keys.db");
            var newer = copy + ".newer";
            await using (var storage = await Open())
            {
                await storage.Keys.Ensure([8, 9], [DataClass.Contact], default);
                await storage.Keys.Export(newer, default);
            }
            File.Delete(copy);
            await using (var storage = await Open())
            {
                // While it runs, the copy of a later day comes back with its medium.
                File.Move(newer, copy, overwrite: true);
                await using (var connection = new SqliteConnection($"Data Source={copy};Pooling=false"))
                {
                    await connection.OpenAsync();
                    await using var command = connection.CreateCommand();
                    command.CommandText = "UPDATE state SET generation = generation + 100";
                    await command.ExecuteNonQueryAsync();
                }
                var there = KeyCopy.Peek(copy);
                await storage.Keys.FollowUp(default);

                KeyCopy.Peek(copy).ShouldBe(there);
                storage.Keys.CopyFault!.ShouldContain("newer");
            }
        }

        [Fact]
        public async Task A_store_and_a_copy_of_an_older_version_learn_to_hold_the_number_of_the_erased()
        {
            var copy = Path.ChangeExtension(_options.MasterKey!, ".keys.db");
            await using (var storage = await Open())
                await storage.Keys.Destroy([(5, DataClass.Profile)], Day0, default);
            foreach (var file in new[] { _options.KeysFile, copy })
            {
                await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
                await connection.OpenAsync();
                await using var older = connection.CreateCommand();
                older.CommandText = "ALTER TABLE dead_keys DROP COLUMN number";
                await older.ExecuteNonQueryAsync();
            }

            await using var again = await Storage.Open(_options, default);
            await again.Keys.Destroy([(6, DataClass.Profile)], Day0, default, new Dictionary<long, byte[]> { [6] = [1] });

            again.Keys.CopyFault.ShouldBeNull();
            (await again.Keys.DeadAfter(0, 10, default)).Select(d => (d.Subject, d.Number?.Length)).ShouldBe([(5, null), (6, 1)]);
            KeyCopy.StateOf(copy).ShouldBe(await again.Keys.State(default));
        }

        [Fact]
        public async Task A_store_that_is_gone_without_a_copy_is_not_made_anew_beside_a_database()
        {
            await using (var storage = await Open())
            {
            }
            File.Delete(_options.KeysFile);
            File.Delete(Path.ChangeExtension(_options.MasterKey!, ".keys.db"));

            (await Should.ThrowAsync<InvalidDataException>(() => Storage.Open(_options, default))).Message.ShouldContain("is gone");
        }

        protected override async Task Damage(Storage storage, long subject)
        {
            await using var connection = new SqliteConnection($"Data Source={_options.KeysFile};Pooling=false");
            await connection.OpenAsync();
            await using var update = connection.CreateCommand();
            update.CommandText = "UPDATE subject_keys SET wrapped = (SELECT wrapped FROM subject_keys WHERE subject <> $s LIMIT 1) WHERE subject = $s";
            update.Parameters.AddWithValue("$s", subject);
            await new Vault(storage.Keys).Seal(subject + 1, DataClass.Legal, Place, "1", "another", default);
            (await update.ExecuteNonQueryAsync()).ShouldBe(1);
        }
    }

    public sealed class Server : INeedPostgres;

    public sealed class OnPostgres() : KeyEpochTests(Database.Postgres), IClassFixture<Server>
    {
        [Fact]
        public async Task A_store_older_than_its_copy_does_not_serve()
        {
            await using (var storage = await Open())
                await storage.Keys.Ensure([8], [DataClass.Contact], default);
            await Execute("UPDATE state SET generation = generation - 1");

            (await Should.ThrowAsync<InvalidDataException>(() => Storage.Open(_options, default))).Message.ShouldContain("older than its second copy");
        }

        [Fact]
        public async Task A_store_that_is_gone_is_not_made_anew_beside_a_database_with_history()
        {
            await using (var storage = await Open())
            await using (var db = storage.NewAppDb())
            {
                db.Audit(new Call(Exeunt.Core.Actor.System, Day0, Day0), "test.history", "test");
                await db.SaveChangesAsync();
            }
            await Execute("DROP TABLE subject_keys, secrets, dead_keys, state");

            (await Should.ThrowAsync<InvalidDataException>(() => Storage.Open(_options, default))).Message.ShouldContain("is empty");
        }

        [Fact]
        public async Task A_copy_left_behind_by_another_node_is_written_anew()
        {
            await using var storage = await Open();
            await Execute("UPDATE state SET generation = generation + 1");
            await storage.Keys.Ensure([8], [DataClass.Contact], default);
            storage.Keys.CopyFault.ShouldNotBeNull();

            await storage.Keys.FollowUp(default);

            storage.Keys.CopyFault.ShouldBeNull();
            KeyCopy.StateOf(storage.Keys.CopyFile).ShouldBe(await storage.Keys.State(default));
        }

        [Fact]
        public async Task On_a_node_whose_clock_is_apart_from_the_databases_no_epoch_ends()
        {
            await using var app = await ExeuntApp.Start(Database.Postgres);
            app.Advance(TimeSpan.FromDays(8));
            await app.With<IServiceProvider>(async services =>
            {
                var apart = new SharedClock(services.GetRequiredService<Storage>(), new FakeTime(TimeProvider.System.GetUtcNow().AddMinutes(3), flows: true), isReal: true);
                using var keeper = ActivatorUtilities.CreateInstance<KeyKeeper>(services, apart);
                (await keeper.Look(default)).ShouldBeEmpty();
            });

            (await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default))).ShouldBe([1]);
        }

        protected override Task Damage(Storage storage, long subject) => Execute($"UPDATE subject_keys SET wrapped = set_byte(wrapped, 20, (get_byte(wrapped, 20) # 1)) WHERE subject = {subject}");

        private async Task Execute(string sql)
        {
            var builder = new Npgsql.NpgsqlConnectionStringBuilder(_options.Database) { Pooling = false };
            builder.Database += "_keys";
            await using var connection = new Npgsql.NpgsqlConnection(builder.ToString());
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
