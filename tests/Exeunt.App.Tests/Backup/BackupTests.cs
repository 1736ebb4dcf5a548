using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Backup;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Backup;

/// <summary>Backups, and proof that stands without the database. On the embedded database, beside the running server.</summary>
public sealed class BackupTests(SqliteApp app) : IClassFixture<SqliteApp>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-backup-").FullName;

    [Fact]
    public async Task A_backup_taken_beside_the_server_restores_with_its_personal_data_readable()
    {
        var contract = await app.AContractInForce();
        await Backup();

        var restored = await Restore("restored");

        await using var storage = await Storage.Open(restored, default);
        await using var db = storage.NewAppDb();
        var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId);
        var contact = await new Vault(storage.Keys).Open<CustomerContact>(row.Id, DataClass.Contact, CustomerTable.ContactPlace, row.Row, row.Contact, default);
        contact!.Mail.ShouldBe(contract.Mail);
    }

    [Fact]
    public async Task A_backup_joined_with_a_newer_key_store_does_not_bring_an_erased_customer_back()
    {
        var contract = await app.AContractInForce();
        await Backup();
        await app.With<KeyStore>(keys => keys.Destroy(contract.CustomerId, [DataClass.Contact], DateTimeOffset.UnixEpoch, default));
        // The database is lost; the key store of today is still there.
        var newer = Path.Combine(_folder, "newer");
        (await BackupCommand.Run([newer], app.Options, TextWriter.Null, TextWriter.Null, default)).ShouldBe(0);
        var place = Directory.CreateDirectory(Path.Combine(_folder, "joined")).FullName;
        File.Copy(Path.Combine(newer, "keys.db"), Path.Combine(place, "keys.db"));

        var restored = await Restore("joined");

        await using var storage = await Storage.Open(restored, default);
        await using var db = storage.NewAppDb();
        var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == contract.CustomerId);
        row.Contact.ShouldBeNull("the erasure is applied again");
        (await new Vault(storage.Keys).Open<CustomerContact>(row.Id, DataClass.Contact, CustomerTable.ContactPlace, row.Row, row.Contact, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("exeunt.db")]
    [InlineData("keys.db")]
    public async Task A_damaged_backup_is_refused_and_nothing_is_restored(string damaged)
    {
        await Backup();
        var file = Path.Combine(_folder, "backup", damaged);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var error = new StringWriter();

        (await RestoreCommand.Run([Path.Combine(_folder, "backup")], HostOptions.For(Path.Combine(_folder, "never")), TextWriter.Null, error, default)).ShouldBe(1);

        error.ToString().ShouldContain("damaged");
        Directory.Exists(Path.Combine(_folder, "never")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_export_of_the_audit_log_verifies_offline_and_a_changed_one_does_not()
    {
        await app.AContractInForce();
        while (await app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0) { }
        var export = Path.Combine(app.Options.World, "audit");
        var (key, log) = (Path.Combine(_folder, "key.pem"), Path.Combine(_folder, "export.log"));
        var pem = new StringWriter();
        (await AuditCommand.Run(["key"], app.Options, pem, TextWriter.Null, default)).ShouldBe(0);
        await File.WriteAllTextAsync(key, pem.ToString());

        (await AuditCommand.Run(["verify", export, "--trust", key], app.Options, TextWriter.Null, TextWriter.Null, default)).ShouldBe(0);

        var bytes = Directory.EnumerateFiles(export, "*.log").Order().SelectMany(File.ReadAllBytes).ToArray();
        for (var place = 10; place < bytes.Length; place += bytes.Length / 25)
        {
            var changed = bytes.ToArray();
            changed[place] ^= 1;
            await File.WriteAllBytesAsync(log, changed);
            (await AuditCommand.Run(["verify", log, "--trust", key], app.Options, TextWriter.Null, TextWriter.Null, default)).ShouldBe(1, $"byte {place}");
        }
    }

    [Fact]
    public async Task A_certificate_command_refuses_a_file_that_is_not_one()
    {
        var (key, file) = (Path.Combine(_folder, "key.pem"), Path.Combine(_folder, "not.pdf"));
        var pem = new StringWriter();
        await AuditCommand.Run(["key"], app.Options, pem, TextWriter.Null, default);
        await File.WriteAllTextAsync(key, pem.ToString());
        await File.WriteAllTextAsync(file, "%PDF-1.7 nothing");

        (await CertificateCommand.Run(["verify", file, "--trust", key], app.Options, TextWriter.Null, TextWriter.Null, default)).ShouldBe(1);
    }

    [Fact]
    public async Task A_verifier_refuses_what_it_does_not_understand_and_never_leaves_a_word_out()
    {
        await app.AContractInForce();
        while (await app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0) { }
        var export = Path.Combine(app.Options.World, "audit");
        var key = Path.Combine(_folder, "key.pem");
        var pem = new StringWriter();
        await AuditCommand.Run(["key"], app.Options, pem, TextWriter.Null, default);
        await File.WriteAllTextAsync(key, pem.ToString());
        var (newest, cut) = (Path.Combine(_folder, "newest.head"), Path.Combine(_folder, "cut.log"));
        await app.AContractInForce();
        while (await app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0) { }
        var files = Directory.EnumerateFiles(export, "*.log").Order(StringComparer.Ordinal).ToList();
        files.Count.ShouldBeGreaterThan(1);
        File.Copy(files[0], cut);
        await File.WriteAllTextAsync(newest, File.ReadLines(files[^1]).Last() + "\n");

        (await Exit("audit", "verify", export, "--trust", key, "--head", newest)).ShouldBe(0);
        (await Exit("audit", "verify", cut, "--trust", key)).ShouldBe(0, "a shorter log is a log");
        foreach (var head in new[] { $"--head={newest}", $"--head {newest}" })
            (await Exit(["audit", "verify", cut, "--trust", key, .. head.Split(' ')])).ShouldBe(1, head);
        (await Exit("audit", "verify", export, "--trust", key, "--heads", newest)).ShouldBe(1);
        (await Exit("audit", "verify", export, "--trust", key, "--head")).ShouldBe(1);
        (await Exit("audit", "verify", export, cut, "--trust", key)).ShouldBe(1);
        (await Exit("audit", "verify", export, "--trust", key, "--trust", key)).ShouldBe(1);
        (await Exit("certificate", "verify", cut, cut, "--trust", key)).ShouldBe(1);

        // A key that comes through a pipe can be read once.
        var pipe = Path.Combine(_folder, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            await made.WaitForExitAsync();
        var written = Task.Run(() => File.WriteAllText(pipe, pem.ToString()));
        (await Exit("audit", "verify", export, "--trust", pipe, "--head", newest)).ShouldBe(0);
        await written;

        // Keys that are none, or of another kind: a sentence and 1, not a stack trace.
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        foreach (var text in new[] { rsa.ExportSubjectPublicKeyInfoPem(), "nothing", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" })
        {
            var wrong = Path.Combine(_folder, "wrong.pem");
            await File.WriteAllTextAsync(wrong, text);
            (await Exit("audit", "verify", export, "--trust", wrong, "--head", newest)).ShouldBe(1);
            (await Exit("audit", "receipt", newest, "--trust", wrong)).ShouldBe(1);
            (await Exit("certificate", "verify", cut, "--trust", wrong)).ShouldBe(1);
        }

        static Task<int> Exit(params string[] args) => Cli.Run(args, TextWriter.Null, TextWriter.Null, default);
    }

    [Fact]
    public async Task A_tool_that_hangs_is_stopped_and_said()
    {
        var tool = Path.Combine(_folder, "hangs");
        await File.WriteAllTextAsync(tool, "#!/bin/sh\nsleep 600\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        (await Should.ThrowAsync<InvalidDataException>(() => Backups.Tool(tool, "Host=nowhere", [], "x", default, TimeSpan.FromMilliseconds(300)))).Message.ShouldContain("was stopped");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task Backup() =>
        (await BackupCommand.Run([Path.Combine(_folder, "backup")], app.Options, TextWriter.Null, TextWriter.Null, default)).ShouldBe(0);

    private async Task<HostOptions> Restore(string name)
    {
        var place = HostOptions.For(Path.Combine(_folder, name)) with { MasterKey = app.Options.MasterKey };
        var error = new StringWriter();
        (await RestoreCommand.Run([Path.Combine(_folder, "backup")], place, TextWriter.Null, error, default)).ShouldBe(0, error.ToString());
        return place;
    }
}
