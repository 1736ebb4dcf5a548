using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.AuditLog;

/// <summary>The check of the audit log finds what was changed behind the product's back.</summary>
public abstract class CheckAuditLogTests(ExeuntApp app)
{
    [Fact]
    public async Task Finds_an_untouched_log_as_it_was_written()
    {
        await using var own = await Sequenced();

        var report = await Check(own);

        report.Difference.ShouldBeNull();
        report.Size.ShouldBeGreaterThan(2);
        report.Heads.ShouldBe(1);
    }

    [Fact]
    public async Task Finds_a_changed_entry()
    {
        await using var own = await Sequenced();
        await Plant(own, $"UPDATE audit_log SET data = '{{}}', actor = 'somebody' WHERE \"index\" = 1");

        var report = await Check(own);

        (report.Difference, report.At).ShouldBe(("leaf-differs", 1));
    }

    [Fact]
    public async Task Finds_a_changed_entry_whose_leaf_was_made_to_fit()
    {
        await using var own = await Sequenced();
        await own.With<AppDb>(db => db.Write(async ct =>
        {
            var row = await db.AuditLog.AsNoTracking().SingleAsync(r => r.Index == 1, ct);
            var forged = AuditRow.Of(row.At, "somebody", row.Verb, row.Target, null);
            forged.Index = 1;
            var leaf = TreeHeads.EntryOf(forged).LeafHash();
            return await db.Database.ExecuteSqlAsync($"UPDATE audit_log SET data = {forged.Data}, actor = 'somebody', salt = {forged.Salt}, leaf = {leaf} WHERE \"index\" = 1", ct);
        }, CancellationToken.None));

        (await Check(own)).Difference.ShouldBe("root-differs");
    }

    [Fact]
    public async Task Finds_a_missing_entry_and_a_false_signature()
    {
        await using var own = await Sequenced();
        await Plant(own, $"UPDATE tree_heads SET signature = root");
        (await Check(own)).Difference.ShouldBe("signature-invalid");
        await Plant(own, $"DELETE FROM audit_log WHERE \"index\" = 2");

        var report = await Check(own);

        (report.Difference, report.At).ShouldBe(("row-missing", 2));
    }

    [Fact]
    public async Task Finds_a_signed_head_that_was_taken_out_from_between_the_others()
    {
        await using var own = await Sequenced();
        for (var i = 0; i < 2; i++)
        {
            await own.AContract();
            await own.With<TreeHeads>(heads => heads.Advance(CancellationToken.None));
        }
        (await Check(own)).Difference.ShouldBeNull();
        var sizes = await own.With<AppDb, List<long>>(db => db.TreeHeads.OrderBy(h => h.Size).Select(h => h.Size).ToListAsync());
        sizes.Count.ShouldBe(3);
        await Plant(own, $"DELETE FROM tree_heads WHERE size = {sizes[1]}");

        var report = await Check(own);

        (report.Difference, report.At).ShouldBe(("heads-differ", sizes[1]));
    }

    [Fact]
    public async Task Shows_the_result_on_the_page_and_keeps_it_in_the_log()
    {
        await using var own = await Sequenced();
        using var auditor = await own.Browser(Role.Auditor);
        await auditor.Get("/audit");
        (await auditor.Submit("Check the log now")).Text.ShouldContain("are as they were written");

        await Plant(own, $"UPDATE audit_log SET verb = 'nothing.happened' WHERE \"index\" = 1");
        await auditor.Submit("Check the log now");

        auditor.Page.Text.ShouldContain("Entry 1 is not what was written.");
        (await auditor.Get("/audit?verb=audit.")).All("tbody tr").Count.ShouldBe(2);
    }

    private async Task<ExeuntApp> Sequenced()
    {
        var own = await ExeuntApp.Start(app.On);
        await own.AContract();
        await own.Staff(Role.Auditor);
        await own.With<TreeHeads>(heads => heads.Advance(CancellationToken.None));
        return own;
    }

    private static async Task<CheckAuditLog.Report> Check(ExeuntApp own) =>
        (await own.Do<CheckAuditLog, CheckAuditLog.Request, CheckAuditLog.Report>(await own.CallOf(Role.Auditor), new())).Value;

    private static Task Plant(ExeuntApp own, FormattableString sql) =>
        own.With<AppDb>(db => db.Write(ct => db.Database.ExecuteSqlAsync(sql, ct), CancellationToken.None));

    public sealed class OnSqlite(SqliteApp app) : CheckAuditLogTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CheckAuditLogTests(app), IClassFixture<PostgresApp>;
}
