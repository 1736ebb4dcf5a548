using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Microsoft.Data.Sqlite;
using Npgsql;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>Personal data under keys per person and class.</summary>
public abstract class VaultTests(ExeuntApp app)
{
    private const string Place = "customers.contact";
    private readonly long _subject = Random.NextInt64(1, 1L << 39);
    private static readonly Random Random = new(20260316);

    [Fact]
    public async Task Opens_what_it_sealed() => await app.With<Vault>(async vault =>
    {
        var sealedName = await vault.Seal(_subject, DataClass.Contact, Place, "7", "王小明 Ærø", default);

        (await vault.Open<string>(_subject, DataClass.Contact, Place, "7", sealedName, default)).ShouldBe("王小明 Ærø");
    });

    [Fact]
    public async Task Refuses_a_value_moved_to_another_row_place_class_or_person() => await app.With<Vault>(async vault =>
    {
        await vault.Prepare(_subject + 1, default, DataClass.Contact);
        await vault.Prepare(_subject, default, DataClass.Case);
        var blob = await vault.Seal(_subject, DataClass.Contact, Place, "7", "王小明", default);

        await Should.ThrowAsync<CryptographicException>(() => vault.Open<string>(_subject, DataClass.Contact, Place, "8", blob, default));
        await Should.ThrowAsync<CryptographicException>(() => vault.Open<string>(_subject, DataClass.Contact, "customers.name", "7", blob, default));
        await Should.ThrowAsync<CryptographicException>(() => vault.Open<string>(_subject, DataClass.Case, Place, "7", blob, default));
        await Should.ThrowAsync<CryptographicException>(() => vault.Open<string>(_subject + 1, DataClass.Contact, Place, "7", blob, default));
    });

    [Fact]
    public async Task Refuses_a_value_with_any_bit_flipped() => await app.With<Vault>(async vault =>
    {
        var blob = await vault.Seal(_subject, DataClass.Contact, Place, "7", "王小明", default);

        for (var i = 0; i < blob.Length; i++)
        {
            var damaged = blob.ToArray();
            damaged[i] ^= 1;
            await Should.ThrowAsync<CryptographicException>(() => vault.Open<string>(_subject, DataClass.Contact, Place, "7", damaged, default));
        }
    });

    [Fact]
    public async Task Gives_nothing_once_the_key_is_destroyed_while_other_classes_still_open()
    {
        var keys = await app.With<KeyStore, KeyStore>(Task.FromResult);
        await app.With<Vault>(async vault =>
        {
            var contact = await vault.Seal(_subject, DataClass.Contact, Place, "7", "13800138000", default);
            var name = await vault.Seal(_subject, DataClass.Case, Place, "7", "王小明", default);

            (await keys.Destroy(_subject, [DataClass.Contact], DateTimeOffset.UnixEpoch, default)).ShouldBe(1);

            (await vault.Open<string>(_subject, DataClass.Contact, Place, "7", contact, default)).ShouldBeNull();
            (await vault.OpenAll<string>(DataClass.Contact, Place, [(_subject, "7", contact)], default)).ShouldBeEmpty();
            (await vault.Open<string>(_subject, DataClass.Case, Place, "7", name, default)).ShouldBe("王小明");
        });
    }

    [Fact]
    public async Task Nothing_is_sealed_any_more_under_a_class_that_was_erased() => await app.With<Vault>(async vault =>
    {
        var keys = await app.With<KeyStore, KeyStore>(Task.FromResult);
        await vault.Seal(_subject, DataClass.Contact, Place, "7", "old", default);
        // Legal never had a key: what is erased is erased all the same.
        await keys.Destroy(_subject, [DataClass.Contact, DataClass.Legal], DateTimeOffset.UnixEpoch, default);

        foreach (var gone in new[] { DataClass.Contact, DataClass.Legal })
        {
            await Should.ThrowAsync<KeyDestroyedException>(() => vault.Seal(_subject, gone, Place, "8", "new", default));
            await Should.ThrowAsync<KeyDestroyedException>(() => keys.Ensure([_subject, _subject + 1], [DataClass.Case, gone], default));
            (await keys.Find(_subject, gone, default)).ShouldBeNull();
            (await vault.IsErased(_subject, gone, default)).ShouldBeTrue();
        }
        (await vault.IsErased(_subject, DataClass.Case, default)).ShouldBeFalse();
        (await keys.Find(_subject, DataClass.Case, default)).ShouldBeNull("all or nothing");
    });

    [Fact]
    public async Task An_account_given_after_an_erasure_does_not_bring_the_old_key_back() => await app.With<Vault>(async vault =>
    {
        var keys = await app.With<KeyStore, KeyStore>(Task.FromResult);
        var before = await vault.Seal(_subject, DataClass.Payout, Place, "7", "old", default);
        await keys.Destroy(_subject, [DataClass.Payout], DateTimeOffset.UnixEpoch, default);

        var after = await vault.Seal(_subject, DataClass.Payout, Place, "8", "new", default);

        (await vault.Open<string>(_subject, DataClass.Payout, Place, "8", after, default)).ShouldBe("new");
        (await vault.Open<string>(_subject, DataClass.Payout, Place, "7", before, default)).ShouldBeNull("erased, not a fault");
        (await vault.OpenAll<string>(DataClass.Payout, Place, [(_subject, "7", before)], default)).ShouldBeEmpty();
    });

    [Fact]
    public async Task Works_from_many_threads_at_once() => await app.With<Vault>(async vault =>
    {
        await vault.Prepare(_subject, default, DataClass.Contact);
        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
        {
            var blob = await vault.Seal(_subject, DataClass.Contact, Place, $"{i}", $"person {i}", ct);
            (await vault.Open<string>(_subject, DataClass.Contact, Place, $"{i}", blob, ct)).ShouldBe($"person {i}");
        });
    });

    [Fact]
    public async Task Two_who_make_the_same_key_at_once_get_the_same_one()
    {
        var keys = await app.With<KeyStore, KeyStore>(Task.FromResult);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => keys.Ensure([_subject], [DataClass.Legal], default)));
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => keys.Find(_subject, DataClass.Legal, default)));

        found.Select(k => Convert.ToHexString(k!)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task No_name_stands_in_clear_in_any_file_or_table()
    {
        const string canary = "Kanarienvogel 金丝雀 4711";
        await using var own = await ExeuntApp.Start(app.On);
        await own.With<Vault>(async vault =>
        {
            var blob = await vault.Seal(_subject, DataClass.Contact, Place, "7", canary, default);
            await own.With<AppDb>(async db =>
            {
                db.Settings.Add(new Setting { Key = "sealed", Value = Convert.ToBase64String(blob) });
                db.Audit(await own.SystemCall(), "setting.changed", "sealed");
                await db.SaveChangesAsync();
            });
            await own.With<SearchStore>(search => search.Index(_subject, [(TokenKind.Name, canary)], default));
        });
        (await own.PlacesWith("sealed")).ShouldNotBeEmpty("otherwise nothing was looked at");
        (await own.PlacesWith(canary)).ShouldBeEmpty();
        await own.Stop();
        (await own.PlacesWith(canary)).ShouldBeEmpty();
        (await own.PlacesWith("金丝")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_destroyed_key_is_in_no_file_of_the_key_store()
    {
        await using var own = await ExeuntApp.Start(app.On);
        if (own.On == Database.Postgres)
            return; // Dead rows of PostgreSQL stay until it vacuums: the master key's epochs make them junk, not the deletion.
        var keys = await own.With<KeyStore, KeyStore>(Task.FromResult);
        await keys.Ensure([_subject], [DataClass.Contact], default);
        byte[] wrapped;
        await using (var look = new SqliteConnection($"Data Source={Path.Combine(own.Options.Data, "keys.db")};Mode=ReadOnly;Pooling=false"))
        {
            await look.OpenAsync();
            await using var select = look.CreateCommand();
            select.CommandText = "SELECT wrapped FROM subject_keys WHERE subject = $s";
            select.Parameters.AddWithValue("$s", _subject);
            wrapped = (byte[])(await select.ExecuteScalarAsync())!;
        }
        own.FilesWith(wrapped).ShouldNotBeEmpty();

        await keys.Destroy(_subject, [DataClass.Contact], DateTimeOffset.UnixEpoch, default);

        own.FilesWith(wrapped).ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_to_start_with_another_master_key()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.Stop();
        var wrong = own.Options.MasterKey + ".wrong";
        await File.WriteAllTextAsync(wrong, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

        var refused = await Should.ThrowAsync<InvalidDataException>(() => own.Restart(o => o with { MasterKey = wrong }));

        refused.Message.ShouldContain("--master-key");
        await own.Restart(o => o with { MasterKey = wrong[..^6] });
    }

    public sealed class OnSqlite(SqliteApp app) : VaultTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : VaultTests(app), IClassFixture<PostgresApp>;
}
