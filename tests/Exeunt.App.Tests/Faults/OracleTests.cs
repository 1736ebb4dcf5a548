using System.Globalization;
using System.Text.RegularExpressions;
using Exeunt.App.Tests.Faults.Kit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Faults;

/// <summary>What the oracle must find it finds: each test damages a copy of an installation on which one customer has left and another is leaving.</summary>
public abstract class OracleTests(OracleTests.Lived lived)
{
    /// <summary>An installation that has lived: one closed case, one open one, and the clients' lists.</summary>
    public class Lived(string? server) : IAsyncLifetime
    {
        public Place Place { get; private set; } = null!;

        public Acknowledged Acknowledged { get; } = new();

        public Guid Open { get; private set; }

        public async Task InitializeAsync()
        {
            if (server is "")
                return;
            Place = await Place.Make(server, 2);
            using var until = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            var port = ServerProcess.FreePort();
            var url = new Uri($"http://127.0.0.1:{port}");
            using var bank = new Bank(Place).Open();
            using var staff = new Colleagues(Place, url, Acknowledged, until.Token);
            using var first = new PatientClient(url, null, Acknowledged, until.Token);
            using var second = new PatientClient(url, null, Acknowledged, until.Token);
            await using var process = ServerProcess.Start(Place, port);
            await new Journey(Place, Place.People[0], staff, first, "lived", until.Token).Telling(Acknowledged).Whole();
            var leaving = new Journey(Place, Place.People[1], staff, second, "lived", until.Token).Telling(Acknowledged);
            await leaving.Apply();
            Open = leaving.CaseId;
            // The log is exported every five seconds; wait for the export that has everything.
            await Task.Delay(TimeSpan.FromSeconds(6), until.Token);
            await process.End();
        }

        public async Task DisposeAsync()
        {
            if (Place is not null)
                await Place.DisposeAsync();
        }
    }

    [Fact]
    public async Task Finds_nothing_where_nothing_is_wrong() =>
        (await Oracle.Judge(lived.Place, lived.Acknowledged, quiet: true)).ShouldBeEmpty();

    [Fact]
    public Task Finds_an_acknowledged_case_that_is_gone() => Finds("I1 the acknowledged case", async copy =>
    {
        var id = await Id(copy);
        foreach (var table in (string[])["waits", "case_index", "case_events"])
            await copy.Damage($"DELETE FROM {table} WHERE case_id = {id}");
        await copy.Damage($"DELETE FROM cases WHERE id = {id}");
    });

    [Fact]
    public Task Finds_an_acknowledged_command_that_is_gone() => Finds("I1 the acknowledged command", copy => copy.Damage("DELETE FROM idempotency WHERE key LIKE 'lived % legal'"));

    [Fact]
    public Task Finds_a_number_that_was_given_twice() => Finds("I1 the number", null, told =>
        told.AddCase(Guid.NewGuid(), lived.Acknowledged.Cases[lived.Open]));

    /// <summary>Of each acknowledged command the key is there, and what it did is gone.</summary>
    [Fact]
    public async Task Finds_acknowledged_commands_of_which_only_the_keys_are_left()
    {
        var found = await Judged(async copy =>
        {
            foreach (var type in (string[])["identity-proven", "talk-recorded", "offer-made", "offer-answered", "approval-given", "work-confirmed"])
                await copy.Damage($"DELETE FROM case_events WHERE data LIKE '%\"{type}\"%'");
            await copy.Damage("DELETE FROM survey_answers");
            await copy.Damage("DELETE FROM bank_files");
            await copy.Damage("DELETE FROM audit_log WHERE verb = 'clock.target-set'");
            await copy.Damage("DELETE FROM audit_log WHERE verb = 'challenge.sent'");
        });
        foreach (var what in (string[])["/identity", "/talk", "/offer", "/approvals/legal", "/approvals/finance", "/confirmation", "survey", "/api/bank-files", "/api/clock/advance", "/code"])
            found.ShouldContain(v => v.StartsWith("I1 ", StringComparison.Ordinal) && v.Contains(what, StringComparison.Ordinal), what);
        found.Count(v => v.StartsWith("I1 ", StringComparison.Ordinal) && v.Contains("/offer", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public Task Finds_an_answer_that_a_server_must_not_give() => Finds("I2 POST /x answered 500: words", null, told => told.AddFault("POST /x answered 500", "words"));

    [Fact]
    public Task Finds_an_event_that_is_gone() => Finds("I7", async copy => await copy.Damage($"DELETE FROM case_events WHERE case_id = {await Id(copy)} AND number = 2"));

    [Fact]
    public Task Finds_a_row_that_does_not_follow_from_its_events() => Finds("I7", async copy => await copy.Damage($"UPDATE cases SET state = 'Scheduled' WHERE id = {await Id(copy)}"));

    [Fact]
    public Task Finds_a_doubled_payment() => Finds("I3 the bank paid", async copy =>
    {
        var ledger = Bank.Ledger(copy);
        await File.AppendAllTextAsync(ledger, (await File.ReadAllLinesAsync(ledger))[0] + "\n");
    });

    [Fact]
    public Task Finds_a_payment_nobody_ordered() => Finds("which nobody ordered", copy => File.AppendAllTextAsync(Bank.Ledger(copy), "EX000000000000 Refund 1.00 CNY\n"));

    [Fact]
    public Task Finds_a_payment_of_another_amount() => Finds("was ordered", async copy =>
        await File.WriteAllTextAsync(Bank.Ledger(copy), (await File.ReadAllTextAsync(Bank.Ledger(copy))).Replace(".", "1.", StringComparison.Ordinal)));

    [Fact]
    public Task Finds_a_payment_that_never_left() => Finds("never reached the bank", copy =>
    {
        File.Delete(Bank.Ledger(copy));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Finds_two_orders_for_one_purpose() => Finds("orders for Settlement", async copy =>
    {
        await copy.Damage("DROP INDEX \"IX_payment_orders_case_id_purpose_number\"");
        const string same = "case_id, direction, purpose, number, order_payment, amount, currency, cost, interest, state, matched, ordered_at, reconciled_at, version";
        await copy.Damage($"INSERT INTO payment_orders (id, reference, {same}) SELECT {New(copy)}, 'EX000000000000', {same} FROM payment_orders");
    });

    [Fact]
    public Task Finds_a_payment_that_is_booked_twice() => Finds("at the bank for no payment", copy => BookAgain(copy, "refund"));

    [Fact]
    public Task Finds_a_payment_that_is_booked_with_another_amount() => Finds("is booked and the bank has", copy => copy.Damage("UPDATE postings SET amount = amount * 2 WHERE cause = 'refund'"));

    [Fact]
    public Task Finds_a_settlement_that_is_booked_twice() => Finds("is booked 2 times", copy => BookAgain(copy, "settlement"));

    [Fact]
    public Task Finds_an_account_that_is_not_even() => Finds("is paid and its settlement account has", copy => copy.Damage("UPDATE postings SET amount = amount * 2 WHERE cause = 'settlement'"));

    [Fact]
    public Task Finds_an_entry_that_does_not_balance() => Finds("I4", copy => copy.Damage("UPDATE postings SET amount = amount + 1 WHERE line = 0"));

    [Fact]
    public Task Finds_a_mail_that_never_arrived() => Finds("I5", copy =>
    {
        File.Delete(Directory.EnumerateFiles(Path.Combine(copy.Options.World, "mail"), "*.eml").First());
        return Task.CompletedTask;
    });

    [Fact]
    public Task Finds_a_mail_of_the_same_paper_under_another_id() => Finds("I5", async copy =>
    {
        var folder = Path.Combine(copy.Options.World, "mail");
        var file = Directory.EnumerateFiles(folder, "*.eml").First(f => File.ReadAllText(f).Contains("pdf", StringComparison.OrdinalIgnoreCase));
        var text = await File.ReadAllTextAsync(file);
        var id = Regex.Match(text, "<([0-9a-f]{32})@exeunt>").Groups[1].Value;
        await File.WriteAllTextAsync(Path.Combine(folder, "twice.eml"), text.Replace(id, new string('a', 32), StringComparison.Ordinal));
    });

    [Fact]
    public Task Finds_a_mail_that_was_staged_and_forgotten() => Finds("was staged and forgotten", copy => copy.Damage("DELETE FROM audit_log WHERE verb = 'mail.sent'"));

    [Fact]
    public Task Finds_a_mail_that_was_never_staged() => Finds("arrived and was never staged", copy => copy.Damage("DELETE FROM audit_log WHERE verb = 'mail.staged'"));

    [Fact]
    public Task Finds_a_mail_with_different_words() => Finds("arrived with different words", async copy =>
    {
        var folder = Path.Combine(copy.Options.World, "mail");
        var id = Regex.Match(await File.ReadAllTextAsync(Directory.EnumerateFiles(folder, "*.eml").First()), "<[0-9a-f]{32}@exeunt>").Value;
        await File.WriteAllTextAsync(Path.Combine(folder, "different.eml"), $"To: somebody@example.com\nSubject: words\nMessage-ID: {id}\n\nother words");
    });

    [Fact]
    public Task Finds_an_event_without_a_line_of_the_log() => Finds("has no entry in the log", copy => copy.Damage("DELETE FROM audit_log WHERE verb = 'case.talk-recorded'"));

    [Fact]
    public Task Finds_an_altered_line_of_the_log() => Finds("I6", copy => copy.Damage("UPDATE audit_log SET verb = 'case.nothing' WHERE \"index\" = 3"));

    [Fact]
    public Task Finds_a_removed_line_of_the_log() => Finds("I6", copy => copy.Damage("DELETE FROM audit_log WHERE \"index\" = 3"));

    [Fact]
    public Task Finds_a_truncated_export() => Finds("I6", async copy =>
    {
        var last = Exports(copy)[^1];
        var text = await File.ReadAllTextAsync(last);
        await File.WriteAllTextAsync(last, text[..(text.Length / 2)]);
    });

    [Fact]
    public Task Finds_an_export_of_which_the_database_knows_nothing() => Finds("I6", copy => copy.Damage(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM tree_heads WHERE size = {Size(Exports(copy)[0])}")));

    [Fact]
    public Task Finds_a_missing_export() => Finds("I6", copy =>
    {
        File.Delete(Exports(copy)[0]);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Finds_an_address_in_clear() => Finds("I8", copy => File.WriteAllTextAsync(Path.Combine(copy.Options.Data, "core.dump"), $"x c00001@{Place.Canary} y"));

    [Fact]
    public Task Finds_an_address_in_a_column() => Finds("I8", copy => copy.Damage($"INSERT INTO settings (key, value) VALUES ('planted', 'x c00001@{Place.Canary} y')"));

    [Fact]
    public Task Finds_a_name_among_bytes() => Finds("I8", copy => copy.Damage($"UPDATE audit_log SET salt = {(copy.IsPostgres ? "convert_to('客户00001号', 'UTF8')" : "CAST('客户00001号' AS BLOB)")} WHERE id = 1"));

    [Fact]
    public async Task Finds_what_a_server_said()
    {
        var found = await Judged(async copy =>
        {
            await using var server = ServerProcess.Start(copy, ServerProcess.FreePort(), shell: $"echo 'a 客户00001号'; echo 'b \\u5BA2\\u623700001' >&2; echo 'c c00001@{Place.Canary}' >&2; echo 'd'; exit 0");
            await server.Dies(TimeSpan.FromSeconds(20));
        });
        found.Count(v => v.StartsWith("I8 a server said", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public Task Finds_a_case_that_nothing_moves() => Finds("nothing will ever move it", async copy =>
    {
        foreach (var table in (string[])["waits", "effects"])
            await copy.Damage($"DELETE FROM {table} WHERE case_id = {await Id(copy)}");
    });

    [Fact]
    public Task Finds_a_parked_effect_without_a_reason() => Finds("I2", async copy =>
        await copy.Damage($"UPDATE effects SET state = 'Parked', note = NULL WHERE case_id = {await Id(copy)}"));

    /// <param name="damage">What is done to a copy; null: nothing.</param>
    /// <param name="tell">What clients were told besides.</param>
    protected async Task Finds(string violation, Func<Place, Task>? damage, Action<Acknowledged>? tell = null) =>
        (await Judged(damage, tell)).ShouldContain(v => v.Contains(violation, StringComparison.Ordinal));

    private async Task<IReadOnlyList<string>> Judged(Func<Place, Task>? damage, Action<Acknowledged>? tell = null)
    {
        var told = lived.Acknowledged.Copy();
        tell?.Invoke(told);
        if (damage is null)
            return await Oracle.Judge(lived.Place, told, quiet: true);
        await using var copy = await lived.Place.Copy();
        File.Copy(Bank.Ledger(lived.Place), Bank.Ledger(copy));
        await damage(copy);
        return await Oracle.Judge(copy, told, quiet: true);
    }

    private static Task BookAgain(Place copy, string cause) => copy.Damage($"""
        INSERT INTO postings (entry_id, line, case_id, account, cause, amount, currency, at)
        SELECT {New(copy)}, line, case_id, account, cause, amount, currency, at FROM postings WHERE cause = '{cause}'
        """);

    private static string New(Place copy) => copy.IsPostgres ? $"'{Guid.NewGuid()}'" : $"X'{Guid.NewGuid():N}'";

    private async Task<string> Id(Place copy)
    {
        await using var db = copy.Read();
        (await db.Cases.AsNoTracking().AnyAsync(c => c.Id == lived.Open)).ShouldBeTrue();
        return copy.IsPostgres ? $"'{lived.Open}'" : $"X'{lived.Open:N}'";
    }

    private static List<string> Exports(Place copy) => [.. Directory.GetFiles(Path.Combine(copy.Options.World, "audit"), "*.log").Order(StringComparer.Ordinal)];

    private static long Size(string export) => long.Parse(Path.GetFileNameWithoutExtension(export), CultureInfo.InvariantCulture);

    public sealed class LivedOnSqlite() : Lived(null);

    public sealed class LivedOnPostgres() : Lived(Harness.Templates.Server ?? ""), Harness.INeedPostgres;

    public sealed class OnSqlite(LivedOnSqlite lived) : OracleTests(lived), IClassFixture<LivedOnSqlite>
    {
        [Fact]
        public Task Finds_a_damaged_page() => Finds("I9", async copy =>
        {
            await copy.Damage("PRAGMA wal_checkpoint(TRUNCATE)");
            long page, size;
            await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy.Options.DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString()))
            {
                await connection.OpenAsync();
                await using var ask = connection.CreateCommand();
                // One in the middle that is in use.
                ask.CommandText = "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size, pragma_page_count WHERE rootpage > 1 ORDER BY abs(rootpage - page_count / 2) LIMIT 1";
                await using var answer = await ask.ExecuteReaderAsync();
                await answer.ReadAsync();
                (page, size) = (answer.GetInt64(0), answer.GetInt64(1));
            }
            await using var file = new FileStream(copy.Options.DatabaseFile, FileMode.Open, FileAccess.Write);
            file.Position = (page - 1) * size;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)size).ToArray());
        });
    }

    public sealed class OnPostgres(LivedOnPostgres lived) : OracleTests(lived), IClassFixture<LivedOnPostgres>
    {
        [Fact]
        public Task Finds_an_address_in_the_database_of_the_keys() => Finds("I8 public.planted.words", async copy =>
        {
            await using var connection = new NpgsqlConnection(copy.Databases[1]);
            await connection.OpenAsync();
            await using var plant = new NpgsqlCommand($"CREATE TABLE planted AS SELECT 'c00001@{Place.Canary}' AS words", connection);
            await plant.ExecuteNonQueryAsync();
        });
    }
}
