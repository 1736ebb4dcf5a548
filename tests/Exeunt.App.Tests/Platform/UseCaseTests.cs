using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>The door every change goes through.</summary>
public abstract class UseCaseTests(ExeuntApp app)
{
    private readonly string _key = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Refuses_an_actor_without_the_permission()
    {
        var outcome = await Run(await app.CallOf(Role.Trainer), new(_key, 1));

        outcome.Refusal!.Code.ShouldBe("not-allowed");
        (await Value()).ShouldBeNull();
    }

    [Fact]
    public async Task Answers_a_repeated_idempotency_key_with_the_first_answer_and_changes_nothing_more()
    {
        var call = await app.CallOf(Role.Administrator) with { IdempotencyKey = _key };

        var first = await Run(call, new(_key, 1));
        var second = await Run(call, new(_key, 1));

        second.Value.ShouldBe(first.Value);
        (await Value()).ShouldBe("1");
        (await Audits()).ShouldBe(1);
    }

    [Fact]
    public async Task Refuses_an_idempotency_key_that_comes_with_another_request()
    {
        var call = await app.CallOf(Role.Administrator) with { IdempotencyKey = _key };
        await Run(call, new(_key, 1));

        var other = await Run(call, new(_key, 2));

        other.Refusal!.Code.ShouldBe("idempotency-key-reused");
        (await Value()).ShouldBe("1");
    }

    [Fact]
    public async Task One_key_sent_by_many_at_once_changes_once_and_answers_all_alike()
    {
        var call = await app.CallOf(Role.Administrator) with { IdempotencyKey = _key };

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Run(call, new(_key, 1))));

        answers.ShouldAllBe(a => a.Succeeded);
        answers.Select(a => a.Value).Distinct().Count().ShouldBe(1);
        (await Audits()).ShouldBe(1);
    }

    [Fact]
    public async Task The_loser_of_a_race_is_told_that_something_changed_meanwhile()
    {
        var call = await app.CallOf(Role.Administrator);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Run(call, new(_key, 1))));

        answers.Count(a => a.Succeeded).ShouldBe(1);
        answers.Where(a => !a.Succeeded).ShouldAllBe(a => a.Refusal!.Code == "changed-meanwhile");
    }

    [Fact]
    public async Task A_change_without_an_audit_entry_is_not_saved()
    {
        await app.With<AppDb>(async db =>
        {
            db.Settings.Add(new Setting { Key = _key, Value = "1" });
            await Should.ThrowAsync<InvalidOperationException>(() => db.SaveChangesAsync());
        });
        (await Value()).ShouldBeNull();
    }

    [Fact]
    public async Task An_explicit_transaction_is_kept_whole_or_not_at_all()
    {
        await app.With<AppDb>(async db =>
        {
            await Should.ThrowAsync<IOException>(() => db.Write<int>(async ct =>
            {
                db.Settings.Add(new Setting { Key = _key, Value = "1" });
                db.Audit(await app.SystemCall(), "setting.changed", _key);
                await db.SaveChangesAsync(ct);
                throw new IOException("the second half fails");
            }, default));
        });
        (await Value()).ShouldBeNull();
        (await Audits()).ShouldBe(0);
    }

    private Task<Outcome<Guid>> Run(Call call, Change change) => app.Do<ChangeSetting, Change, Guid>(call, change);

    private Task<string?> Value() => app.With<AppDb, string?>(db => db.Settings.Where(s => s.Key == _key).Select(s => (string?)s.Value).SingleOrDefaultAsync());

    private Task<int> Audits() => app.With<AppDb, int>(db => db.AuditLog.CountAsync(a => a.Target == _key));

    private sealed record Change(string Key, int Value);

    private sealed class ChangeSetting(AppDb db) : UseCase<Change, Guid>(db)
    {
        private readonly AppDb _db = db;

        public override Permission Needs => Permission.ManageSettings;

        protected override async Task<Outcome<Guid>> Handle(Call call, Change request, CancellationToken ct)
        {
            _db.Settings.Add(new Setting { Key = request.Key, Value = $"{request.Value}" });
            _db.Audit(call, "setting.changed", request.Key);
            return await Commit(Guid.NewGuid(), ct);
        }
    }

    public sealed class OnSqlite(SqliteApp app) : UseCaseTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : UseCaseTests(app), IClassFixture<PostgresApp>;
}
