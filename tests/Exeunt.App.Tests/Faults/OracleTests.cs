using System.Globalization;
using Exeunt.App.Tests.Faults.Kit;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Faults;

/// <summary>What the oracle must find it finds: each test damages a copy of an installation on which one customer has left and another is leaving.</summary>
[Collection("servers")]
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
            using var until = new CancellationTokenSource(TimeSpan.FromSeconds(90));
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
        var id = System.Text.RegularExpressions.Regex.Match(text, "<([0-9a-f]{32})@exeunt>").Groups[1].Value;
        await File.WriteAllTextAsync(Path.Combine(folder, "twice.eml"), text.Replace(id, new string('a', 32), StringComparison.Ordinal));
    });

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
    public Task Finds_a_parked_effect_without_a_reason() => Finds("I2", async copy =>
        await copy.Damage($"UPDATE effects SET state = 'Parked', note = NULL WHERE case_id = {await Id(copy)}"));

    private async Task Finds(string violation, Func<Place, Task> damage)
    {
        await using var copy = await lived.Place.Copy();
        File.Copy(Bank.Ledger(lived.Place), Bank.Ledger(copy));
        await damage(copy);
        (await Oracle.Judge(copy, lived.Acknowledged, quiet: true)).ShouldContain(v => v.Contains(violation, StringComparison.Ordinal));
    }

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

    public sealed class OnSqlite(LivedOnSqlite lived) : OracleTests(lived), IClassFixture<LivedOnSqlite>;

    public sealed class OnPostgres(LivedOnPostgres lived) : OracleTests(lived), IClassFixture<LivedOnPostgres>;
}
