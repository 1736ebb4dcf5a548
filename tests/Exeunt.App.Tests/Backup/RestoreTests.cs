using System.Net.Http.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Backup;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Backup;

/// <summary>Restoring: always with the newest key store, and never bringing back who was erased.</summary>
public abstract class RestoreTests(Database on) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-restore-").FullName;
    private readonly List<HostOptions> _restored = [];
    private ExeuntApp _app = null!;

    public async Task InitializeAsync()
    {
        if (on == Database.Sqlite || Templates.Server is not null)
            _app = await ExeuntApp.Start(on);
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        foreach (var place in _restored.Where(p => p.Database is not null))
            await Templates.Drop(place);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_backup_two_epochs_old_comes_back_with_the_newest_key_store_and_without_whom_was_erased_since()
    {
        var (stays, leaves) = (await _app.AContractInForce(), await _app.AContractInForce());
        await Backup("old");
        await Erase(leaves.CustomerId);
        await Rotate(7);
        await Rotate(14);
        (await Keys().State(default)).Epoch.ShouldBe(3);

        // The backup's own key store is junk: its master key is gone.
        var (code, _, error) = await Restore("old", o => o with { KeysCopy = Path.Combine(_folder, "nowhere.db") });
        code.ShouldBe(1);
        error.ShouldContain("epoch 1, whose master key was destroyed on");

        // With the second copy, which the restore finds by itself beside the master key, it comes back.
        (code, var output, error) = await Restore("old");
        code.ShouldBe(0, error);
        output.ShouldContain("epoch 3");
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        (await Contact(storage, stays.CustomerId))!.Mail.ShouldBe(stays.Mail);
        await ShouldBeErased(storage, leaves.CustomerId);
    }

    [Fact]
    public async Task An_older_key_store_is_never_taken_beside_a_newer_one()
    {
        await _app.AContractInForce();
        await Backup("backup");
        var older = Path.Combine(_folder, "older.db");
        await Keys().Export(older, default);
        await Keys().Ensure([4711], [DataClass.Contact], default);
        var newer = Path.Combine(_folder, "newer.db");
        await Keys().Export(newer, default);
        var state = KeyCopy.StateOf(newer)!;

        var (code, output, error) = await Restore("backup", o => o with { KeysCopy = newer }, "--keys", older);

        code.ShouldBe(0, error);
        output.ShouldContain($"generation {state.Generation}");
        // The newer one damaged: nothing older in its place.
        await Damage(newer);
        (code, _, error) = await Restore("backup", o => o with { KeysCopy = newer }, "--keys", older);
        code.ShouldBe(1);
        error.ShouldContain("an older key store is not taken in its place");
    }

    [Fact]
    public async Task A_newer_second_copy_that_cannot_be_opened_where_it_lies_is_taken_and_not_called_damaged()
    {
        await _app.AContractInForce();
        await Backup("backup");
        var copy = Path.Combine(_folder, "medium.db");
        await Keys().Ensure([4711], [DataClass.Contact], default);
        await Keys().Export(copy, default);
        var state = await Keys().State(default);
        // As on a medium that is read-only: it is in write-ahead mode, and its log cannot be made.
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={copy};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var mode = connection.CreateCommand();
            mode.CommandText = "PRAGMA journal_mode=WAL";
            (await mode.ExecuteScalarAsync()).ShouldBe("wal");
        }
        Directory.CreateDirectory(copy + "-wal");
        Should.Throw<IOException>(() => KeyCopy.StateOf(copy));

        var (code, output, error) = await Restore("backup", o => o with { KeysCopy = copy });

        code.ShouldBe(0, error);
        error.ShouldNotContain("damaged");
        output.ShouldContain($"generation {state.Generation};");
    }

    [Fact]
    public async Task A_key_store_that_is_named_and_says_nothing_is_not_passed_over()
    {
        await Backup("backup");
        var nothing = Path.Combine(_folder, "nothing.db");
        await File.WriteAllTextAsync(nothing, "This is no key store, and larger than the header of one would be. It may have been one that is newer than all others.");

        var (code, _, error) = await Restore("backup", null, "--keys", nothing);

        code.ShouldBe(1);
        error.ShouldContain($"{nothing} cannot be read");
        File.Exists(_restored[^1].DatabaseFile).ShouldBeFalse();
    }

    [Fact]
    public async Task With_only_the_backups_key_store_left_what_the_exported_log_knows_was_erased_is_erased_again()
    {
        var (stays, leaves) = (await _app.AContractInForce(), await _app.AContractInForce());
        await Sequence();
        await Backup("backup");
        await Erase(leaves.CustomerId);
        await Sequence();
        HostOptions Alone(HostOptions o) => o with { KeysCopy = Path.Combine(_folder, "nowhere.db"), World = _app.Options.World };

        var (code, _, error) = await Restore("backup", Alone);
        code.ShouldBe(1);
        error.ShouldContain("--erase-again");

        (code, _, error) = await Restore("backup", Alone, "--erase-again");
        code.ShouldBe(0, error);
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        await ShouldBeErased(storage, leaves.CustomerId, withName: false);
        await ShouldBePlanned(storage, leaves.CustomerId);
        (await Contact(storage, stays.CustomerId)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_second_copy_that_fell_behind_is_held_against_the_exported_log()
    {
        var (before, leaves) = (await _app.AContractInForce(), await _app.AContractInForce());
        await Erase(before.CustomerId);
        await Sequence();
        await Backup("backup");
        // The copy follows no more: its disk is away.
        var behind = Path.Combine(_folder, "behind.db");
        await Keys().Export(behind, default);
        _app.Advance(TimeSpan.FromMinutes(1));
        await Erase(leaves.CustomerId);
        await Sequence();
        HostOptions Behind(HostOptions o) => o with { KeysCopy = behind, World = _app.Options.World };

        var (code, _, error) = await Restore("backup", Behind);
        code.ShouldBe(1);
        error.ShouldContain("--erase-again");

        (code, _, error) = await Restore("backup", Behind, "--erase-again");
        code.ShouldBe(0, error);
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        await ShouldBeErased(storage, leaves.CustomerId, withName: false);
    }

    [Fact]
    public async Task A_key_store_in_place_from_before_an_erasure_that_the_exported_log_tells_of_is_not_believed()
    {
        var (stays, leaves) = (await _app.AContractInForce(), await _app.AContractInForce());
        await Sequence();
        await Backup("backup");
        // Somebody put an older key store in the place of the live one, and the second copy is lost.
        var before = Path.Combine(_folder, "before.db");
        await Keys().Export(before, default);
        _app.Advance(TimeSpan.FromMinutes(1));
        await Erase(leaves.CustomerId);
        await Sequence();
        var place = NewPlace(o => o with { KeysCopy = Path.Combine(_folder, "nowhere.db"), World = _app.Options.World });
        await PutInPlace(place, before);

        var (code, _, error) = await RestoreInto(place, "backup");
        code.ShouldBe(1);
        error.ShouldContain("tells of 1 erasures after this backup");
        error.ShouldContain("--erase-again");
        File.Exists(place.DatabaseFile).ShouldBeFalse();

        (code, _, error) = await RestoreInto(place, "backup", "--erase-again");
        code.ShouldBe(0, error);
        if (place.Database is null)
            Directory.EnumerateFiles(place.Data, "keys.db.aside-*").ShouldBeEmpty("the key store in place stays, and it is there that the keys are destroyed");
        await using var storage = await Storage.Open(place with { IsScratch = true }, default);
        await ShouldBeErased(storage, leaves.CustomerId, withName: false);
        foreach (var dataClass in new[] { DataClass.Profile, DataClass.Contact, DataClass.Payout })
            (await storage.Keys.Find(leaves.CustomerId, dataClass, default)).ShouldBeNull($"{dataClass}");
        (await Contact(storage, stays.CustomerId))!.Mail.ShouldBe(stays.Mail);
    }

    [Fact]
    public async Task A_key_store_in_place_that_knows_of_what_the_exported_log_tells_is_taken()
    {
        var (stays, leaves) = (await _app.AContractInForce(), await _app.AContractInForce());
        await Sequence();
        await Backup("backup");
        _app.Advance(TimeSpan.FromMinutes(1));
        await Erase(leaves.CustomerId);
        await Sequence();
        var now = Path.Combine(_folder, "now.db");
        await Keys().Export(now, default);
        var place = NewPlace(o => o with { KeysCopy = Path.Combine(_folder, "nowhere.db"), World = _app.Options.World });
        await PutInPlace(place, now);

        var (code, output, error) = await RestoreInto(place, "backup");

        code.ShouldBe(0, error);
        output.ShouldContain($"{Enum.GetValues<DataClass>().Length} erasures applied again");
        await using var storage = await Storage.Open(place with { IsScratch = true }, default);
        await ShouldBeErased(storage, leaves.CustomerId);
        (await Contact(storage, stays.CustomerId))!.Mail.ShouldBe(stays.Mail);
    }

    [Fact]
    public async Task With_an_older_key_store_what_was_typed_in_applications_and_feedback_is_erased_again_too()
    {
        var (leaves, other) = (await _app.AContractInForce(), await _app.AContractInForce());
        var (ended, lapsed) = ((await _app.Applied(leaves)).Id, (await _app.Applied(other)).Id);
        var (whole, address, stays) = (await HandIn(), await HandIn(), await HandIn());
        await _app.Drain();
        var (went, came) = ((await _app.TheCase(ended)).IntakeSubject, (await _app.TheCase(lapsed)).IntakeSubject);
        var subjects = await _app.With<AppDb, Dictionary<Guid, long>>(db => db.FeedbackIndex.AsNoTracking().ToDictionaryAsync(f => f.FeedbackId, f => f.Subject));
        foreach (var subject in new[] { went, came })
        {
            subject.ShouldBeLessThan(0);
            (await _app.With<AppDb, bool>(db => db.Texts.AnyAsync(t => t.Subject == subject))).ShouldBeTrue();
        }
        await Sequence();
        await Backup("backup");
        _app.Advance(TimeSpan.FromMinutes(1));
        await _app.With<IServiceProvider>(async services =>
            (await services.GetRequiredService<FirstErasure>().Run(
                await services.GetRequiredService<AppDb>().Customers.SingleAsync(c => c.Id == leaves.CustomerId), ended, went, withName: false, null, await _app.SystemCall(), default)).ShouldBeTrue());
        await EraseTyped($"case:{lapsed:N}", came, DataClass.Case);
        await EraseTyped($"feedback:{whole:N}", subjects[whole], DataClass.Contact, DataClass.Case);
        await EraseTyped($"feedback:{address:N}", subjects[address], DataClass.Contact);
        await Sequence();
        HostOptions Alone(HostOptions o) => o with { KeysCopy = Path.Combine(_folder, "nowhere.db"), World = _app.Options.World };

        (await Restore("backup", Alone)).Code.ShouldBe(1);
        var (code, _, error) = await Restore("backup", Alone, "--erase-again");

        code.ShouldBe(0, error);
        error.ShouldContain($"case:{lapsed:N}: what was typed there was erased after this backup, and is erased again.");
        error.ShouldNotContain("by hand");
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        await using var db = storage.NewAppDb();
        foreach (var (subject, dataClass) in new[] { (went, DataClass.Case), (came, DataClass.Case), (subjects[whole], DataClass.Contact), (subjects[whole], DataClass.Case), (subjects[address], DataClass.Contact) })
            (await storage.Keys.Find(subject, dataClass, default)).ShouldBeNull($"{subject} {dataClass}");
        (await db.Texts.AnyAsync(t => t.Subject == went || t.Subject == came)).ShouldBeFalse();
        var rows = await db.FeedbackIndex.AsNoTracking().ToDictionaryAsync(f => f.FeedbackId);
        (rows[whole].Contact, rows[whole].MailToken, rows[whole].Typed).ShouldBe((null, null, null));
        (rows[address].Contact, rows[address].MailToken).ShouldBe((null, null));
        // Its words were not erased, and of the third nothing was.
        foreach (var (id, dataClass) in new[] { (address, DataClass.Case), (stays, DataClass.Contact), (stays, DataClass.Case) })
            (await storage.Keys.Find(subjects[id], dataClass, default)).ShouldNotBeNull($"{id} {dataClass}");
        rows[address].Typed.ShouldNotBeNull();
        rows[stays].Contact.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_restore_left_that_was_cut_short_is_served_by_nobody()
    {
        await _app.AContractInForce();
        await Sequence();
        await Backup("backup");
        var (code, _, error) = await Restore("backup");
        code.ShouldBe(0, error);
        var mark = Path.Combine(_restored[^1].Data, RestoreMark.FileName);
        File.Exists(mark).ShouldBeFalse("it came to its end");

        await File.WriteAllTextAsync(mark, "backup");

        (await Should.ThrowAsync<InvalidDataException>(() => Storage.Open(_restored[^1], default))).Message.ShouldContain("cut short");
    }

    [Fact]
    public async Task What_a_restore_that_was_cut_short_was_about_to_erase_again_the_next_one_erases()
    {
        var leaves = await _app.AContractInForce();
        await Sequence();
        await Backup("backup");
        var place = NewPlace(o => o with { World = _app.Options.World });
        Directory.CreateDirectory(place.Data);
        var mark = Path.Combine(place.Data, RestoreMark.FileName);
        await File.WriteAllTextAsync(mark, $$$"""{"later":[{{{leaves.CustomerId}}}],"others":{}}""");

        (await RestoreInto(place, "backup")).Error.ShouldContain("--erase-again");
        File.Exists(mark).ShouldBeTrue("it is still to be done");
        var (code, _, error) = await RestoreInto(place, "backup", "--erase-again");

        code.ShouldBe(0, error);
        File.Exists(mark).ShouldBeFalse();
        await using var storage = await Storage.Open(place with { IsScratch = true }, default);
        await ShouldBeErased(storage, leaves.CustomerId, withName: false);
    }

    [Fact]
    public async Task Of_a_customer_who_stayed_only_the_account_is_erased_again()
    {
        var stays = await _app.AContractInForce();
        await _app.With<IServiceProvider>(async services =>
        {
            var (db, vault) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>());
            var row = await db.Customers.SingleAsync(c => c.Id == stays.CustomerId);
            row.Payout = await vault.Seal(row.Id, DataClass.Payout, CustomerTable.PayoutPlace, row.Row, new PayoutAccount("x", "1", null), default);
            db.Audit(await _app.SystemCall(), "test.account", $"customer:{row.Id}");
            await db.SaveChangesAsync();
        });
        await Sequence();
        await Backup("backup");
        _app.Advance(TimeSpan.FromMinutes(1));
        await _app.With<AppDb>(async db =>
        {
            db.Enqueue(Effect.Now(ErasePayout.Kind, "test|payout", await _app.SystemCall(), new ErasePayout.What(stays.CustomerId)));
            db.Audit(await _app.SystemCall(), "test.reconciled", "payment");
            await db.SaveChangesAsync();
        });
        await _app.Drain();
        await Sequence();
        HostOptions Alone(HostOptions o) => o with { KeysCopy = Path.Combine(_folder, "nowhere.db"), World = _app.Options.World };

        (await Restore("backup", Alone)).Code.ShouldBe(1);
        var (code, _, error) = await Restore("backup", Alone, "--erase-again");

        code.ShouldBe(0, error);
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        (await storage.Keys.Find(stays.CustomerId, DataClass.Payout, default)).ShouldBeNull();
        (await Contact(storage, stays.CustomerId)).ShouldNotBeNull();
        await using var restored = storage.NewAppDb();
        var left = await restored.Customers.AsNoTracking().SingleAsync(c => c.Id == stays.CustomerId);
        (left.Payout, left.ErasedAt).ShouldBe((null, null));
    }

    [Fact]
    public async Task The_contact_of_whom_is_held_since_is_not_erased_again_and_the_hold_is_placed_again()
    {
        var (held, free) = (await _app.AContractInForce(), await _app.AContractInForce());
        await Sequence();
        await Backup("backup");
        _app.Advance(TimeSpan.FromMinutes(1));
        await Erase(held.CustomerId, DataClass.Profile, DataClass.Payout);
        await Hold(held.CustomerId);
        // Lifted before the erasure, it holds nothing.
        await LiftHold(free.CustomerId, await Hold(free.CustomerId));
        await Erase(free.CustomerId, DataClass.Profile, DataClass.Payout);
        await Sequence();
        HostOptions Alone(HostOptions o) => o with { KeysCopy = Path.Combine(_folder, "nowhere.db"), World = _app.Options.World };

        (await Restore("backup", Alone)).Code.ShouldBe(1);
        var (code, _, error) = await Restore("backup", Alone, "--erase-again");

        code.ShouldBe(0, error);
        error.ShouldContain($"customer:{held.CustomerId}: legal holds placed after this backup and placed again: 1.");
        error.ShouldContain($"customer:{held.CustomerId}: profile and account are erased again");
        error.ShouldNotContain($"customer:{free.CustomerId}: legal holds placed");
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        (await storage.Keys.Find(held.CustomerId, DataClass.Profile, default)).ShouldBeNull();
        (await Contact(storage, held.CustomerId))!.Mail.ShouldBe(held.Mail);
        (await storage.Keys.Find(free.CustomerId, DataClass.Contact, default)).ShouldBeNull();
        await using var db = storage.NewAppDb();
        var hold = await db.Set<LegalHold>().AsNoTracking().SingleAsync();
        (hold.CustomerId, hold.Reason, hold.PlacedBy, hold.LiftedAt).ShouldBe((held.CustomerId, LegalHoldReason.Restored, Actor.System.Id, null));
        (await db.AuditLog.CountAsync(a => a.Verb == "legal-hold.placed" && a.Target == $"customer:{held.CustomerId}")).ShouldBe(1);
        (await new LegalHolds(db).Forbid(held.CustomerId, default)).ShouldBeTrue("nothing more is erased");
        (await new LegalHolds(db).Forbid(free.CustomerId, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Holds_that_were_placed_after_the_backup_stand_again_and_those_that_were_lifted_after_it_still_stand()
    {
        var (placed, over, before) = (await _app.AContractInForce(), await _app.AContractInForce(), await _app.AContractInForce());
        var earlier = await Hold(before.CustomerId);
        await Sequence();
        await Backup("backup");
        _app.Advance(TimeSpan.FromMinutes(1));
        await Hold(placed.CustomerId);
        await LiftHold(over.CustomerId, await Hold(over.CustomerId));
        await LiftHold(before.CustomerId, earlier);
        await Sequence();

        var (code, _, error) = await Restore("backup", o => o with { World = _app.Options.World });

        code.ShouldBe(0, error);
        error.ShouldContain($"customer:{placed.CustomerId}: legal holds placed after this backup and placed again: 1.");
        error.ShouldContain($"customer:{before.CustomerId}: legal holds lifted after this backup: 1.");
        error.ShouldNotContain($"customer:{over.CustomerId}:");
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        await using var db = storage.NewAppDb();
        (await db.Set<LegalHold>().AsNoTracking().Where(h => h.LiftedAt == null).ToDictionaryAsync(h => h.CustomerId, h => h.Reason))
            .ShouldBe(new Dictionary<long, LegalHoldReason> { [placed.CustomerId] = LegalHoldReason.Restored, [before.CustomerId] = LegalHoldReason.Litigation }, ignoreOrder: true);
    }

    [Fact]
    public async Task Holds_that_a_restore_that_was_cut_short_had_read_the_next_one_places()
    {
        var held = await _app.AContractInForce();
        await Sequence();
        await Backup("backup");
        // The log that told of it lies aside already.
        var place = NewPlace(null);
        Directory.CreateDirectory(place.Data);
        var mark = Path.Combine(place.Data, RestoreMark.FileName);
        await File.WriteAllTextAsync(mark, $$"""{ "later": [], "others": {}, "holds": { "{{held.CustomerId}}": { "placed": [1], "standing": 1, "lifted": 0 } } }""");

        var (code, _, error) = await RestoreInto(place, "backup");

        code.ShouldBe(0, error);
        File.Exists(mark).ShouldBeFalse();
        await using var storage = await Storage.Open(place with { IsScratch = true }, default);
        await using var db = storage.NewAppDb();
        (await db.Set<LegalHold>().AsNoTracking().SingleAsync()).CustomerId.ShouldBe(held.CustomerId);
    }

    [Fact]
    public async Task A_current_second_copy_is_taken_also_when_its_erasures_were_repeated_after_a_restore()
    {
        var (a, b, c) = (await _app.AContractInForce(), await _app.AContractInForce(), await _app.AContractInForce());
        await Sequence();
        await Backup("backup");
        await Erase(a.CustomerId);
        _app.Advance(TimeSpan.FromMinutes(1));
        await Erase(b.CustomerId);
        _app.Advance(TimeSpan.FromMinutes(1));
        // Nothing of theirs was ever sealed under this class: it is recorded all the same.
        await Erase(c.CustomerId, DataClass.Legal);
        await Sequence();
        HostOptions Same(HostOptions o) => o with { World = _app.Options.World };
        var (code, _, error) = await Restore("backup", Same);
        code.ShouldBe(0, error);
        await _app.Stop();
        // What was restored serves, and writes into the exported log that it repeated them.
        await using (var host = await ExeuntHost.Build(_restored[^1] with { IsScratch = true, Port = 0 }, new FakeTime(TimeProvider.System.GetUtcNow()), default))
        await using (var scope = host.Services.CreateAsyncScope())
            while (await scope.ServiceProvider.GetRequiredService<TreeHeads>().Advance(default) > 0) { }
        Directory.EnumerateFiles(Path.Combine(_app.Options.World, "audit"), "*.log").SelectMany(File.ReadLines).ShouldContain(l => l.Contains(ErasedBefore.Repeated, StringComparison.Ordinal));

        // Lost again, keys too.
        (code, _, error) = await Restore("backup", Same);

        code.ShouldBe(0, error);
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        await ShouldBeErased(storage, a.CustomerId);
        await ShouldBeErased(storage, b.CustomerId);
        (await Contact(storage, c.CustomerId))!.Mail.ShouldBe(c.Mail);
    }

    [Fact]
    public async Task No_refund_goes_after_a_restore_until_the_statements_are_in_and_then_under_the_reference_it_had()
    {
        var it = await _app.ASettledCase();
        var reference = "";
        await _app.With<AppDb>(async db =>
        {
            var call = await _app.SystemCall();
            reference = PaymentOrder.ReferenceOf(db, it.Id, PaymentPurpose.Offer, "0");
            var order = new PaymentOrder
            {
                Id = Guid.CreateVersion7(), CaseId = it.Id, Purpose = PaymentPurpose.Offer, Direction = PaymentDirection.Refund, Amount = 100_00, Currency = "CNY",
                Reference = reference, OrderedAt = call.Now,
            };
            db.PaymentOrders.Add(order);
            db.Enqueue(Effect.Now("bank.instruct", $"bank|{order.Id:N}", call, new BankInstruct.Order(order.Id), it.Id));
            db.Audit(call, "test.ordered", "payment");
            await db.SaveChangesAsync();
        });
        await Backup("backup");
        await _app.Drain();
        File.Exists(Path.Combine(_app.Options.World, "bank", "orders", reference + ".json")).ShouldBeTrue("it is paid, and the backup does not know");
        (await Restore("backup")).Code.ShouldBe(0);
        var place = _restored[^1];
        var file = Path.Combine(place.World, "bank", "orders", reference + ".json");

        await using var host = await ExeuntHost.Build(place with { IsScratch = true, Port = 0 }, new FakeTime(TimeProvider.System.GetUtcNow()), default);
        await using var scope = host.Services.CreateAsyncScope();
        var (db, worker, clocks) = (scope.ServiceProvider.GetRequiredService<AppDb>(), scope.ServiceProvider.GetRequiredService<EffectWorker>(), scope.ServiceProvider.GetRequiredService<Clocks>());
        PaymentOrder.ReferenceOf(db, it.Id, PaymentPurpose.Offer, "0").ShouldBe(reference, "what is ordered anew is ordered under the same");
        await worker.Drain(default);
        File.Exists(file).ShouldBeFalse();
        (await db.Effects.AsNoTracking().Where(e => e.Kind == "bank.instruct" && e.CaseId == it.Id).Select(e => new { e.State, e.Note }).SingleAsync()).ShouldBe(new { State = EffectState.Waiting, Note = (string?)HeldPayments.Note });
        var held = (await HeldPayments.Find(db, default)).ShouldNotBeNull();

        (await Release(null)).ShouldBe("required");
        (await Release(held.Until.AddDays(-1))).ShouldBe("payments.statements-missing");
        (await Release(held.Until.AddDays(2))).ShouldBe("payments.statements-later");
        (await Release(held.Until)).ShouldBeNull();
        (await Release(held.Until)).ShouldBe("payments.not-held");
        await worker.Drain(default);
        File.Exists(file).ShouldBeTrue();

        async Task<string?> Release(DateOnly? to)
        {
            await using var one = host.Services.CreateAsyncScope();
            return (await one.ServiceProvider.GetRequiredService<ReleaseHeldPayments>().Run(new Call(Actor.System, clocks.Now, clocks.BusinessNow), new(to), default)).Refusal?.Code;
        }
    }

    [Fact]
    public async Task Whoever_came_and_was_erased_after_the_backup_is_not_let_in_again()
    {
        await _app.AContractInForce();
        await Backup("backup");
        var later = await _app.AContractInForce();
        var number = await _app.With<AppDb, byte[]>(db => db.Customers.Where(c => c.Id == later.CustomerId).Select(c => c.NumberToken!).SingleAsync());
        await _app.With<IServiceProvider>(async services =>
            (await services.GetRequiredService<FirstErasure>().Run(
                await services.GetRequiredService<AppDb>().Customers.SingleAsync(c => c.Id == later.CustomerId), null, null, withName: false, null, await _app.SystemCall(), default)).ShouldBeTrue());

        var (code, _, error) = await Restore("backup");

        code.ShouldBe(0, error);
        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        await using var db = storage.NewAppDb();
        (await db.Customers.AnyAsync(c => c.Id == later.CustomerId)).ShouldBeFalse();
        (await db.Erasures.AnyAsync(e => e.CustomerId == later.CustomerId && e.Token == number)).ShouldBeTrue("the import looks here");
    }

    [Fact]
    public async Task What_is_left_of_whom_was_erased_since_the_backup_goes_too_when_its_time_has_come()
    {
        var (trader, prospect) = (await _app.AContractInForce(), await _app.AContractInForce());
        await _app.With<AppDb>(async db =>
        {
            db.Contracts.Remove(await db.Contracts.SingleAsync(c => c.Id == prospect.ContractId));
            (await db.Customers.SingleAsync(c => c.Id == prospect.CustomerId)).OrganisationName = "Prospect Ltd";
            db.Audit(await _app.SystemCall(), "test.prospect", "customer");
            await db.SaveChangesAsync();
        });
        await Backup("backup");
        foreach (var customer in new[] { trader, prospect })
            await Erase(customer.CustomerId, DataClass.Profile, DataClass.Payout);

        (await Restore("backup")).Code.ShouldBe(0);

        await using var storage = await Storage.Open(_restored[^1] with { IsScratch = true }, default);
        await ShouldBePlanned(storage, trader.CustomerId);
        await using var db = storage.NewAppDb();
        var at = await db.Customers.Where(c => c.Id == prospect.CustomerId).Select(c => c.OrganisationName).SingleAsync();
        at.ShouldBeNull();
        (await db.Set<RetainedRow>().AnyAsync(r => r.CustomerId == prospect.CustomerId)).ShouldBeFalse();
        foreach (var dataClass in new[] { DataClass.Contact, DataClass.Case, DataClass.Legal })
            (await db.Effects.SingleAsync(e => e.Kind == "erase.class" && e.Key.StartsWith($"erase|{prospect.CustomerId}|{dataClass}|"))).DueAt.ShouldBeLessThanOrEqualTo(TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task After_a_restore_the_exported_log_goes_on_from_the_backup_and_what_came_later_lies_aside()
    {
        await _app.AContractInForce();
        await Sequence();
        await Backup("backup");
        await _app.AContractInForce();
        await Sequence();
        var key = Path.Combine(_folder, "key.pem");
        var pem = new StringWriter();
        await AuditCommand.Run(["key"], _app.Options, pem, TextWriter.Null, default);
        await File.WriteAllTextAsync(key, pem.ToString());
        var export = Path.Combine(_app.Options.World, "audit");

        (await Restore("backup", o => o with { World = _app.Options.World })).Code.ShouldBe(0);

        Directory.EnumerateFiles(export, "*.log", SearchOption.AllDirectories).Count().ShouldBeGreaterThan(Directory.EnumerateFiles(export, "*.log").Count());
        await _app.Stop();
        await using (var host = await ExeuntHost.Build(_restored[^1] with { IsScratch = true, Port = 0 }, new FakeTime(FakeTime.Start), default))
        await using (var scope = host.Services.CreateAsyncScope())
            while (await scope.ServiceProvider.GetRequiredService<TreeHeads>().Advance(default) > 0) { }
        var said = new StringWriter();
        (await AuditCommand.Run(["verify", export, "--trust", key], _app.Options, said, said, default)).ShouldBe(0, said.ToString());
    }

    [Fact]
    public async Task A_write_ahead_log_that_was_left_is_not_played_into_what_is_restored()
    {
        if (on == Database.Postgres)
            return; // It has none beside it.
        await _app.AContractInForce();
        await Backup("backup");
        var place = Path.Combine(_folder, "place0", "data");
        Directory.CreateDirectory(place);
        await File.WriteAllBytesAsync(Path.Combine(place, "exeunt.db-wal"), new byte[4096]);
        await File.WriteAllBytesAsync(Path.Combine(place, "search.db"), new byte[100]);

        (await Restore("backup")).Code.ShouldBe(0);

        Directory.EnumerateFiles(place, "exeunt.db-wal.aside-*").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Every_damaged_byte_of_a_backup_is_refused_and_nothing_is_left_behind()
    {
        await _app.AContractInForce();
        await Backup("backup");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "backup")).ToList())
        {
            var whole = await File.ReadAllBytesAsync(file);
            foreach (var place in Enumerable.Range(0, 12).Select(i => (int)((long)whole.Length * i / 12)))
            {
                var damaged = whole.ToArray();
                damaged[place] ^= 4;
                await File.WriteAllBytesAsync(file, damaged);
                var (code, _, error) = await Restore("backup");
                code.ShouldBe(1, $"{file} at {place}");
                error.ShouldNotBeEmpty();
                File.Exists(_restored[^1].DatabaseFile).ShouldBeFalse();
            }
            await File.WriteAllBytesAsync(file, whole);
        }
        (await Restore("backup")).Code.ShouldBe(0, "whole again, it restores");
    }

    [Theory]
    [InlineData("\"auditSize\": ", "\"auditSize\": 9")]
    [InlineData("\"generation\": ", "\"generation\": 9")]
    [InlineData("\"at\": \"2", "\"at\": \"3")]
    [InlineData("\n", "\r\n")]
    public async Task What_the_manifest_says_is_believed_only_as_it_was_written(string written, string changed)
    {
        await Backup("backup");
        var file = Path.Combine(_folder, "backup", BackupManifest.Name);
        var text = await File.ReadAllTextAsync(file);
        text.ShouldContain(written);
        await File.WriteAllTextAsync(file, text.Replace(written, changed, StringComparison.Ordinal));

        var (code, _, error) = await Restore("backup");

        code.ShouldBe(1);
        error.ShouldContain("its sum does not fit");
    }

    [Fact]
    public async Task A_drill_reports_a_good_backup_and_finds_what_was_planted_in_a_bad_one()
    {
        await (await _app.ASettledCase()).Order();
        var leaves = await _app.AContractInForce();
        await Sequence();
        await Backup("good");
        var good = await Drill.Try(Path.Combine(_folder, "good"), _app.Options, TimeProvider.System, default);
        good.Faults.ShouldBeEmpty();
        (good.Customers, good.Cases).ShouldBe((2, 1));
        good.Leaves.ShouldBeGreaterThan(10);

        foreach (var (name, sql, found) in new[]
        {
            ("audit", "UPDATE audit_log SET verb = 'case.nothing' WHERE id = (SELECT MIN(id) FROM audit_log)", "audit log"),
            ("ledger", "UPDATE postings SET amount = amount + 1 WHERE line = 1", "does not sum to 0"),
            ("case", "UPDATE cases SET state = 'Closed'", "not what its events say"),
            ("sealed", $"UPDATE customers SET contact = (SELECT contact FROM customers WHERE id <> {leaves.CustomerId} LIMIT 1) WHERE id = {leaves.CustomerId}", "do not open"),
        })
        {
            await Plant(sql);
            await Backup(name);
            var report = await Drill.Try(Path.Combine(_folder, name), _app.Options, TimeProvider.System, default);
            report.Faults.ShouldContain(f => f.Contains(found, StringComparison.Ordinal), name);
        }
    }

    [Fact]
    public async Task Every_night_a_backup_is_taken_tried_reported_and_the_oldest_goes()
    {
        await _app.AContractInForce();
        var root = Path.Combine(_folder, "nightly");
        await _app.Restart(o => o with { Backups = root });
        var nightly = await _app.With<NightlyBackup, NightlyBackup>(Task.FromResult);
        await Backup("sample");
        for (var day = 0; day < NightlyBackup.Keep; day++)
            File.Copy(Path.Combine(_folder, "sample", BackupManifest.Name), Path.Combine(Directory.CreateDirectory(Path.Combine(root, $"2026-02-{day + 1:00}")).FullName, BackupManifest.Name));

        (await nightly.RunIfDue(default))!.Faults.ShouldBeEmpty();

        (await nightly.RunIfDue(default)).ShouldBeNull("once a day");
        Directory.EnumerateDirectories(root).Count().ShouldBe(NightlyBackup.Keep);
        Directory.Exists(Path.Combine(root, "2026-02-01")).ShouldBeFalse();
        var view = await (await _app.SignIn(Role.Administrator)).Ok(HttpMethod.Get, "/api/keys");
        view.GetProperty("faults").GetArrayLength().ShouldBe(0);
        view.GetProperty("drill").GetProperty("customers").GetInt32().ShouldBe(1);
        _app.Advance(TimeSpan.FromHours(27));
        (await (await _app.SignIn(Role.Administrator)).Ok(HttpMethod.Get, "/api/keys")).GetProperty("faults")[0].GetString().ShouldBe("backup-overdue");
    }

    [Fact]
    public async Task What_another_installation_has_in_the_folder_for_nightly_backups_is_left_alone_and_said()
    {
        var root = Path.Combine(_folder, "shared");
        await _app.Restart(o => o with { Backups = root });
        var nightly = await _app.With<NightlyBackup, NightlyBackup>(Task.FromResult);
        await Backup("sample");
        var others = (await File.ReadAllTextAsync(Path.Combine(_folder, "sample", BackupManifest.Name))).Replace((await Keys().State(default)).Store, new string('0', 32), StringComparison.Ordinal);
        var before = Enumerable.Range(1, NightlyBackup.Keep + 1).Select(day => $"2026-02-{day:00}").Append("2026-03-16.unfinished").Append("2026-03-16.00000000.unfinished").ToList();
        foreach (var name in before)
            await Another(name);

        (await nightly.RunIfDue(default))!.Faults.ShouldBeEmpty();

        Directory.EnumerateDirectories(root).Select(d => d[(root.Length + 1)..]).ShouldBe([.. before, "2026-03-16"], ignoreOrder: true);
        _app.Advance(TimeSpan.FromDays(1));
        await Another("2026-03-17");
        (await Should.ThrowAsync<InvalidDataException>(() => nightly.RunIfDue(default))).Message.ShouldContain("2026-03-17 is no backup of this installation");
        (await BackupManifest.StoreOf(Path.Combine(root, "2026-03-17"), default)).ShouldBe(new string('0', 32));

        async Task Another(string name) => await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(root, name)).FullName, BackupManifest.Name), others);
    }

    [Fact]
    public async Task A_nightly_backup_that_never_came_is_said_a_day_after_the_start()
    {
        await _app.Restart(o => o with { Backups = Path.Combine(_folder, "never") });
        (await (await _app.SignIn(Role.Administrator)).Ok(HttpMethod.Get, "/api/keys")).GetProperty("faults").GetArrayLength().ShouldBe(0);

        _app.Advance(TimeSpan.FromHours(27));

        (await (await _app.SignIn(Role.Administrator)).Ok(HttpMethod.Get, "/api/keys")).GetProperty("faults")[0].GetString().ShouldBe("backup-overdue");
        using var client = _app.Client();
        (await client.GetStringAsync("/health/ready")).ShouldContain("keys-backup-overdue");
    }

    /// <summary>Changes the running database behind its back.</summary>
    protected abstract Task Plant(string sql);

    private protected ExeuntApp App => _app;

    private protected string Place => _folder;

    private KeyStore Keys() => _app.With<KeyStore, KeyStore>(Task.FromResult).Result;

    private async Task Rotate(int day) => (await Keys().Rotate(7, FakeTime.Start.AddDays(day + 0.1), default)).ShouldNotBeEmpty();

    private async Task Sequence()
    {
        while (await _app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0) { }
    }

    private Task Erase(long customer) => Erase(customer, Enum.GetValues<DataClass>());

    private async Task Erase(long customer, params DataClass[] classes) => await _app.With<IServiceProvider>(async services =>
    {
        var call = await _app.SystemCall();
        var db = (AppDb)services.GetService(typeof(AppDb))!;
        var row = await db.Customers.SingleAsync(c => c.Id == customer);
        foreach (var dataClass in classes)
            db.Erasures.Add(new ErasureRow { CustomerId = customer, Class = dataClass, Token = row.NumberToken, At = call.Now });
        if (classes.Contains(DataClass.Profile))
            row.ErasedAt = call.Now;
        db.Audit(call, "erasure.recorded", $"customer:{customer}");
        await db.SaveChangesAsync();
        await Keys().Destroy(customer, classes, call.Now, default);
    });

    /// <summary>A legal hold; its id.</summary>
    private async Task<Guid> Hold(long customer) =>
        (await (await _app.SignIn(Role.Legal)).Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds", new { reason = "Litigation" })).GetProperty("holdId").GetGuid();

    private async Task LiftHold(long customer, Guid hold)
    {
        foreach (var role in new[] { Role.Legal, Role.DataOfficer })
            await (await _app.SignIn(role)).Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds/{hold}/lifting");
    }

    /// <summary>A complaint from the portal; its id.</summary>
    private async Task<Guid> HandIn()
    {
        using var client = _app.Client();
        var receipt = await (await client.PostAsJsonAsync("/api/feedback", new
        {
            kind = "Complaint", about = "REFUND", words = "The refund never came.", wish = "Pay it back", number = (string?)null, by = "Mail", contact = $"writer{Guid.NewGuid():N}@customer.example",
        })).Done();
        return receipt.GetProperty("id").GetGuid();
    }

    /// <summary>Erases what was typed under a number of its own, an entry of the log for each class.</summary>
    private async Task EraseTyped(string target, long subject, params DataClass[] classes) => await _app.With<AppDb>(async db =>
    {
        var call = await _app.SystemCall();
        foreach (var dataClass in classes)
        {
            db.Erasures.Add(new ErasureRow { CustomerId = subject, Class = dataClass, At = call.Now });
            db.Audit(call, "erasure.recorded", target, new { classes = new[] { dataClass } });
            await db.SaveChangesAsync();
            await Keys().Destroy(subject, [dataClass], call.Now, default);
        }
    });

    private static async Task<CustomerContact?> Contact(Storage storage, long customer)
    {
        await using var db = storage.NewAppDb();
        var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer);
        return await new Vault(storage.Keys).Open<CustomerContact>(row.Id, DataClass.Contact, CustomerTable.ContactPlace, row.Row, row.Contact, default);
    }

    /// <summary>Name and vouchers are locked until a day, and go on it.</summary>
    private static async Task ShouldBePlanned(Storage storage, long customer)
    {
        await using var db = storage.NewAppDb();
        var until = (await db.Set<RetainedRow>().AsNoTracking().SingleAsync(r => r.CustomerId == customer && r.Category == Core.Retention.DataCategory.Contract)).Until!.Value;
        until.ShouldBe(new DateOnly(2024, 12, 15).AddMonths(24).AddYears(5));
        (await db.Effects.SingleAsync(e => e.Kind == "erase.class" && e.Key.StartsWith($"erase|{customer}|{DataClass.Case}|"))).DueAt.ShouldBe(Clocks.StartOf(until.AddDays(1), Clocks.CompanyZone));
        (await db.Effects.AnyAsync(e => e.Kind == "erase.class" && e.Key.StartsWith($"erase|{customer}|{DataClass.Legal}|"))).ShouldBeTrue();
        (await db.Effects.AnyAsync(e => e.Kind == AnonymiseFacts.Kind && e.Key.StartsWith($"retention|{customer}|"))).ShouldBeTrue();
    }

    private static async Task ShouldBeErased(Storage storage, long customer, bool withName = true)
    {
        await using var db = storage.NewAppDb();
        var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer);
        (row.Contact, row.Profile, row.Payout, row.NumberToken).ShouldBe((null, null, null, null));
        (row.Identity is null).ShouldBe(withName);
        row.ErasedAt.ShouldNotBeNull();
        (await db.Erasures.AsNoTracking().Where(e => e.CustomerId == customer).Select(e => e.Class).ToListAsync()).ShouldContain(DataClass.Contact);
    }

    private async Task Backup(string name)
    {
        var error = new StringWriter();
        (await BackupCommand.Run([Path.Combine(_folder, name)], _app.Options, TextWriter.Null, error, default)).ShouldBe(0, error.ToString());
    }

    /// <summary>Restores into a place that has nothing but the installation's master key, and so its second copy.</summary>
    private Task<(int Code, string Output, string Error)> Restore(string backup, Func<HostOptions, HostOptions>? change = null, params string[] more) => RestoreInto(NewPlace(change), backup, more);

    private HostOptions NewPlace(Func<HostOptions, HostOptions>? change)
    {
        var n = _restored.Count;
        var place = HostOptions.For(Path.Combine(_folder, $"place{n}", "data")) with
        {
            MasterKey = _app.Options.MasterKey, Demo = false, Worker = false,
            Database = _app.Options.Database is { } database ? new NpgsqlConnectionStringBuilder(database) { Database = $"{new NpgsqlConnectionStringBuilder(database).Database}_r{n}" }.ToString() : null,
        };
        place = (change ?? (o => o))(place);
        _restored.Add(place);
        return place;
    }

    /// <summary>Puts a key store where a server had its own before its database was lost.</summary>
    private static async Task PutInPlace(HostOptions place, string keys)
    {
        if (place.Database is not { } database)
        {
            Directory.CreateDirectory(place.Data);
            File.Copy(keys, place.KeysFile);
            return;
        }
        await using (var server = await Sql.OpenPostgres(RestoreCommand.Maintenance(database), default))
            await server.Execute($"CREATE DATABASE \"{new NpgsqlConnectionStringBuilder(database).Database}\"", default);
        await KeyStore.PutInPlace(place, keys, default);
    }

    private async Task<(int Code, string Output, string Error)> RestoreInto(HostOptions place, string backup, params string[] more)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await RestoreCommand.Run([Path.Combine(_folder, backup), .. more], place, output, error, default);
        return (code, output.ToString(), error.ToString());
    }

    private static async Task Damage(string keys)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={keys};Pooling=false");
        await connection.OpenAsync();
        await using var update = connection.CreateCommand();
        update.CommandText = "UPDATE subject_keys SET wrapped = zeroblob(61) WHERE subject = 4711";
        (await update.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    public sealed class OnSqlite() : RestoreTests(Database.Sqlite)
    {
        [Fact]
        public async Task A_place_that_a_server_holds_is_left_as_it_is_also_when_its_database_is_gone()
        {
            await App.AContractInForce();
            await BackupCommand.Run([Path.Combine(Place, "backup")], App.Options, TextWriter.Null, TextWriter.Null, default);
            File.Delete(App.Options.DatabaseFile);
            var before = Directory.EnumerateFiles(App.Options.Data).Order().ToList();
            var error = new StringWriter();

            (await RestoreCommand.Run([Path.Combine(Place, "backup")], App.Options, TextWriter.Null, error, default)).ShouldBe(1);

            error.ToString().ShouldContain("This data folder is");
            Directory.EnumerateFiles(App.Options.Data).Order().ShouldBe(before);
        }

        protected override async Task Plant(string sql)
        {
            var gate = await App.With<SqliteGate, SqliteGate>(Task.FromResult);
            using var turn = await gate.Enter(default);
            await using var command = turn.Connection.CreateCommand();
            command.CommandText = sql;
            (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
        }
    }

    public sealed class OnPostgres() : RestoreTests(Database.Postgres), IClassFixture<OnPostgres.Server>
    {
        public sealed class Server : INeedPostgres;

        [Fact]
        public async Task Nodes_that_share_the_folder_for_nightly_backups_make_one_between_them()
        {
            var root = Path.Combine(Place, "nodes");
            await App.Restart(o => o with { Backups = root });
            var nightly = await App.With<NightlyBackup, NightlyBackup>(Task.FromResult);

            var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => nightly.RunIfDue(default))));

            made.OfType<DrillReport>().ShouldHaveSingleItem().Faults.ShouldBeEmpty();
            Directory.EnumerateDirectories(root).ShouldHaveSingleItem();
            // Whoever comes later finds it, and the turn is free again the next day.
            (await nightly.RunIfDue(default)).ShouldBeNull();
            App.Advance(TimeSpan.FromDays(1));
            (await nightly.RunIfDue(default)).ShouldNotBeNull();
        }

        [Fact]
        public async Task A_restore_that_fails_half_way_leaves_the_key_store_that_was_there_aside()
        {
            await App.AContractInForce();
            var older = Path.Combine(_folder, "older.db");
            await Keys().Export(older, default);
            await Keys().Ensure([4711], [DataClass.Contact], default);
            await Backup("backup");
            var folder = Path.Combine(_folder, "backup");
            var file = Path.Combine(folder, BackupManifest.Name);
            // It is what was written, and PostgreSQL does not take it.
            await File.WriteAllTextAsync(Path.Combine(folder, Backups.DumpFile), "no dump");
            var manifest = System.Text.Json.JsonSerializer.Deserialize<BackupManifest>(await File.ReadAllTextAsync(file), Json.Plain)!;
            await File.WriteAllTextAsync(file, (manifest with { Files = [.. manifest.Files.Select(f => Backups.Describe(folder, f.Name))] }).Write());
            var place = NewPlace(null);
            await PutInPlace(place, older);

            var (code, _, error) = await RestoreInto(place, "backup");

            code.ShouldBe(1);
            error.ShouldContain("pg_restore failed");
            var keys = new NpgsqlConnectionStringBuilder(place.Database);
            keys.Database += "_keys";
            await using var store = await Sql.OpenPostgres(keys.ToString(), default);
            await using var schemas = store.Command("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'aside%'");
            keys.SearchPath = (string)(await schemas.ExecuteScalarAsync())!;
            await using var aside = await Sql.OpenPostgres(keys.ToString(), default);
            KeyCopy.Read(aside).ShouldBe(KeyCopy.StateOf(older));
        }

        [Fact]
        public async Task What_a_restore_left_that_was_cut_short_on_one_node_no_other_serves_and_the_next_one_erases_what_it_was_about_to()
        {
            var leaves = await App.AContractInForce();
            await Sequence();
            await Backup("backup");
            var one = NewPlace(o => o with { World = App.Options.World });
            (await RestoreInto(one, "backup")).Code.ShouldBe(0);
            // Cut short when the database was in place and what was to be erased again was not.
            await RestoreMark.Set(one, new Erasing([leaves.CustomerId], new Dictionary<string, int>()), default);
            var other = one with { Data = Path.Combine(_folder, "other-node") };

            (await Should.ThrowAsync<InvalidDataException>(() => Storage.Open(other, default))).Message.ShouldContain("cut short");
            await using (var server = await Sql.OpenPostgres(RestoreCommand.Maintenance(one.Database!), default))
            {
                NpgsqlConnection.ClearAllPools();
                await server.Execute($"DROP DATABASE \"{new NpgsqlConnectionStringBuilder(one.Database).Database}\"", default);
            }
            (await RestoreInto(other, "backup")).Error.ShouldContain("--erase-again");
            var (code, _, error) = await RestoreInto(other, "backup", "--erase-again");

            code.ShouldBe(0, error);
            await using var storage = await Storage.Open(other with { IsScratch = true }, default);
            await ShouldBeErased(storage, leaves.CustomerId, withName: false);
            (await RestoreMark.Find(one with { Data = Path.Combine(_folder, "a-third") }, default)).ShouldBeNull();
        }

        protected override async Task Plant(string sql)
        {
            await using var connection = new NpgsqlConnection(App.Options.Database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
        }
    }
}
