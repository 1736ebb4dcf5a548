using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>What was uploaded or written and never used does not stay behind.</summary>
public abstract class UploadTests(ExeuntApp app)
{
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

    public sealed class OnSqlite(SqliteApp app) : UploadTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : UploadTests(app), IClassFixture<PostgresApp>;
}
