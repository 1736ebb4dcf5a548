using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>What was uploaded or written and never used does not stay behind, nor does what cannot be brought in.</summary>
public abstract class UploadTests(ExeuntApp app)
{
    [Fact]
    public async Task An_import_that_breaks_off_by_a_fault_is_given_up_after_the_third_time()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var id = await Started(own, ImportNoun.Customers, "customer,name", "U-1,Zzq Canary");
        byte[] broken = [1, 2, 3];
        await own.With<AppDb>(db => db.Write(token => db.ImportChunks.Where(c => c.ImportId == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.Sealed, broken), token), default));
        var subject = (await Job(own, id)).Subject!.Value;
        for (var tries = 1; tries < ImportWorker.MaxTries; tries++)
        {
            (await Work(own)).ShouldBe(1);
            (await Work(own)).ShouldBe(0, "its lease is not over");
            var job = await Job(own, id);
            (job.State, job.FinishedAt).ShouldBe((ImportState.Running, null));
            own.Advance(ImportWorker.Lease + TimeSpan.FromSeconds(1));
        }

        (await Work(own)).ShouldBe(1);

        var failed = await Job(own, id);
        (failed.State, failed.Subject).ShouldBe((ImportState.Failed, null));
        failed.FinishedAt.ShouldNotBeNull();
        (await own.With<AppDb, int>(db => db.ImportChunks.CountAsync(c => c.ImportId == id))).ShouldBe(0);
        (await own.With<KeyStore, byte[]?>(keys => keys.Find(subject, DataClass.Profile, default))).ShouldBeNull();
        using var english = await own.Browser(Role.BranchHead);
        (await english.Get($"/imports/{id}")).Text.ShouldContain("unexpected fault (CryptographicException)");
        using var chinese = await own.Browser(Role.BranchHead, language: "zh");
        (await chinese.Get($"/imports/{id}")).Text.ShouldContain("意外故障（CryptographicException）");
        own.Advance(ImportWorker.Lease + TimeSpan.FromSeconds(1));
        (await Work(own)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_batch_that_did_not_come_in_no_keys_and_no_tokens_stay()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var other = await own.AContract();
        var call = await own.SystemCall();
        // Somebody of another source has the token of a number that is new in the file's: the database refuses the batch.
        await own.With<IServiceProvider>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            (await db.Customers.SingleAsync(c => c.Id == other.Id)).NumberToken = services.GetRequiredService<Storage>().Numbers.OfCustomer("own", "U-2");
            db.Audit(call, "test.token", $"customer:{other.Id}");
            await db.SaveChangesAsync();
        });
        Task<(long, long)> Kept() => own.With<Storage, (long, long)>(async storage => (await storage.Keys.HighestSubject(default), await storage.Search.Count(default)));
        var before = await Kept();
        var id = await Started(own, ImportNoun.Customers, "customer,name,phone", "U-1,One,13900001111", "U-2,Two,13900002222", "U-3,Three,13900003333");

        (await Work(own)).ShouldBe(1);

        (await Job(own, id)).Failure!.ShouldContain("import.broke-off");
        (await own.With<AppDb, int>(db => db.Customers.CountAsync(c => c.Source == "own"))).ShouldBe(0);
        (await Kept()).ShouldBe(before);
    }

    [Fact]
    public async Task Orders_that_were_uploaded_on_the_page_are_recorded_whole_or_not_at_all()
    {
        await using var own = await ExeuntApp.Start(app.On);
        using var browser = await own.Browser(Role.BranchHead);
        async Task Bring(string noun, params string[] lines)
        {
            await browser.Get("/imports");
            await browser.Submit("Upload and look", new { noun, file = new ChosenFile("file.csv", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), "text/csv") });
            (await browser.Submit("Start the import")).Status.ShouldBe(200);
            (await Work(own)).ShouldBe(1);
        }

        await Bring("Customers", "customer,name", "CRM-1,王芳");
        await Bring("Orders", "customer,order,ordered_on,product,quantity,unit_price",
            "CRM-1,SO-1,2026-01-05,LAMP,1,10.00", "CRM-1,SO-1,2026-01-05,KETTLE,2,10.00", "CRM-1,SO-2,2026-01-05,LAMP,1,10.00", "CRM-1,SO-2,2026-01-05,KETTLE,1.5,10.00");

        var job = await own.With<AppDb, ImportJob>(db => db.Imports.AsNoTracking().SingleAsync(i => i.Noun == ImportNoun.Orders));
        (job.State, job.Added, job.Refused).ShouldBe((ImportState.Done, 1, 2), job.Refusals);
        (await own.With<AppDb, int>(async db => (await db.Orders.Include(o => o.Lines).SingleAsync()).Lines.Count)).ShouldBe(2);
    }

    [Fact]
    public async Task Who_may_not_import_any_more_brings_nothing_in()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var id = await Started(own, ImportNoun.Customers, "customer,name", "U-1,One");
        var who = await own.Staff(Role.BranchHead);
        await own.With<StaffDb>(async staff =>
        {
            staff.Roles.RemoveRange(await staff.Roles.Where(r => r.StaffId == who).ToListAsync());
            await staff.SaveChangesAsync();
        });

        (await Work(own)).ShouldBe(1);

        var job = await Job(own, id);
        (job.State, job.Failure!.Contains("import.unit", StringComparison.Ordinal)).ShouldBe((ImportState.Failed, true));
        (await own.With<AppDb, int>(db => db.Customers.CountAsync(c => c.Source == "own"))).ShouldBe(0);
    }

    /// <summary>The clock of tests is far from that of a database server; beside a data folder there is nothing to compare with.</summary>
    [Fact]
    public async Task A_node_whose_clock_is_apart_from_the_database_takes_no_import()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await Started(own, ImportNoun.Customers, "customer,name", "U-1,One");

        var ran = await own.With<IServiceProvider, int>(async services =>
        {
            using var worker = ActivatorUtilities.CreateInstance<ImportWorker>(services, new SharedClock(services.GetRequiredService<Storage>(), own.Time, isReal: true));
            return await worker.Drain(default);
        });

        ran.ShouldBe(own.On == Database.Postgres ? 0 : 1);
    }

    [Fact]
    public async Task An_upload_that_nobody_starts_is_gone_after_a_week()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.Staff(Role.BranchHead);
        var csv = "customer,name,mail\nU-1,Zzq Canary,zzq.canary@customer.example\n"u8.ToArray();
        var id = (await own.Do<UploadImport, UploadRequest, Guid>(await own.CallOf(Role.BranchHead), new(ImportNoun.Customers, null, null, new MemoryStream(csv)))).Value;
        var worker = await own.With<ImportWorker, ImportWorker>(Task.FromResult);
        var subject = await own.With<AppDb, long>(db => db.Imports.Where(i => i.Id == id).Select(i => i.Subject!.Value).SingleAsync());
        own.Advance(ImportWorker.DraftsStay - TimeSpan.FromHours(2));
        await worker.Drain(default);
        (await own.With<AppDb, int>(db => db.ImportChunks.CountAsync(c => c.ImportId == id))).ShouldBe(1);

        own.Advance(TimeSpan.FromHours(4));
        await worker.Drain(default);

        (await own.With<AppDb, int>(db => db.ImportChunks.CountAsync(c => c.ImportId == id))).ShouldBe(0);
        (await own.With<KeyStore, byte[]?>(keys => keys.Find(subject, DataClass.Profile, default))).ShouldBeNull();
        var job = await own.With<AppDb, ImportJob>(db => db.Imports.AsNoTracking().SingleAsync(i => i.Id == id));
        (job.State, job.Failure!.Contains("import.forgotten")).ShouldBe((ImportState.Failed, true));
    }

    [Fact]
    public async Task A_file_of_many_pages_is_never_on_the_disk_in_clear_while_it_is_uploaded()
    {
        var before = Directory.EnumerateFiles(Path.GetTempPath(), "ASPNETCORE_*").ToHashSet();
        await using var own = await ExeuntApp.Start(app.On);
        using var browser = await own.Browser(Role.BranchHead);
        await browser.Get("/imports");
        var rows = new StringBuilder("customer,name\n");
        for (var i = 0; i < 20_000; i++)
            rows.Append("U-").Append(i).Append(",Somebody\n");
        // Whatever buffers on disk does so from 64 KiB on, and deletes the file only when the request is over.
        var seen = false;
        using var watcher = new FileSystemWatcher(Path.GetTempPath(), "ASPNETCORE_*") { EnableRaisingEvents = true };
        watcher.Created += (_, _) => seen = true;

        var page = await browser.Submit("form[action='/imports'] button", new { noun = "Customers", file = new ChosenFile("c.csv", Encoding.ASCII.GetBytes(rows.ToString()), "text/csv") });

        page.Status.ShouldBe(200);
        page.Path.ShouldStartWith("/imports/", customMessage: "the file was taken");
        await Task.Delay(300);
        seen.ShouldBeFalse();
        Directory.EnumerateFiles(Path.GetTempPath(), "ASPNETCORE_*").Where(f => !before.Contains(f)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mail_that_was_erased_before_it_was_sent_breaks_nothing()
    {
        await app.With<IServiceProvider>(async services =>
        {
            var (db, call) = (services.GetRequiredService<AppDb>(), await app.SystemCall());
            var result = await services.GetRequiredService<SendMail>().Run(Effect.Now("mail.send", "test", call, new Post.MailToSend(Guid.CreateVersion7())), call, default);
            result.ShouldBe(EffectResult.Done);
            await db.SaveChangesAsync();
        });
    }

    private static async Task<Guid> Started(ExeuntApp own, ImportNoun noun, params string[] lines)
    {
        var call = await own.CallOf(Role.BranchHead);
        var id = (await own.Do<UploadImport, UploadRequest, Guid>(call, new(noun, null, null, new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"))))).Value;
        return (await own.Do<StartImport, Guid, Guid>(call, id)).Value;
    }

    private static Task<ImportJob> Job(ExeuntApp own, Guid id) => own.With<AppDb, ImportJob>(db => db.Imports.AsNoTracking().SingleAsync(i => i.Id == id));

    private static Task<int> Work(ExeuntApp own) => own.With<ImportWorker, int>(worker => worker.Drain(default));

    public sealed class OnSqlite(SqliteApp app) : UploadTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : UploadTests(app), IClassFixture<PostgresApp>;
}
