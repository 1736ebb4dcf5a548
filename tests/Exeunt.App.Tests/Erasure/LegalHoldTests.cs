using System.Data.Common;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Returns;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Erasure;

/// <summary>Who lifts a legal hold, and holds that come in the middle of an erasure.</summary>
public abstract class LegalHoldTests(ExeuntApp app)
{
    [Fact]
    public async Task Whoever_lifts_it_holds_the_office_in_the_customers_unit()
    {
        var contract = await app.AContractInForce();
        var (_, caseId, _) = await app.Applied(contract);
        var (legal, elsewhere, both) = (await app.SignIn(Role.Legal), await app.SignIn(Role.Legal, "NORTH"), await app.Staff(Role.Legal, name: "both"));
        await app.With<IServiceProvider>(async services =>
        {
            var (db, staff) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<StaffDb>());
            var north = await db.Units.Where(u => u.Code == "NORTH").Select(u => u.Id).SingleAsync();
            // The case belongs to another unit than its customer.
            await db.Write(ct => db.Cases.Where(c => c.Id == caseId).ExecuteUpdateAsync(s => s.SetProperty(c => c.UnitId, (int?)north), ct), default);
            if (!await staff.Roles.AnyAsync(r => r.StaffId == both && r.Role == Role.DataOfficer))
                staff.Roles.Add(new StaffRole { StaffId = both, Role = Role.DataOfficer, UnitId = north });
            await staff.SaveChangesAsync();
        });
        var path = $"/api/customers/{contract.CustomerId}/legal-holds";
        var hold = (await legal.Ok(HttpMethod.Post, path, new { reason = "Litigation" })).GetProperty("holdId").GetGuid();

        (await elsewhere.Refused($"{path}/{hold}/lifting")).ShouldBe("not-found");
        (await elsewhere.Refused($"/api/cases/{caseId}/legal-holds/{hold}/lifting")).ShouldBe("legal-hold.lifted-elsewhere");
        (await legal.Ok(HttpMethod.Post, $"{path}/{hold}/lifting")).GetProperty("isLifted").GetBoolean().ShouldBeFalse();
        (await (await app.SignIn(Role.Legal, name: "both")).Refused($"{path}/{hold}/lifting")).ShouldBe("legal-hold.lifted-by-two", "data officer of another unit only");
        (await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"{path}/{hold}/lifting")).GetProperty("isLifted").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_hold_that_comes_after_the_question_keeps_what_was_typed_in_an_application()
    {
        var contract = await app.AContractInForce();
        var (_, caseId, _) = await app.Applied(contract);
        var subject = (await app.TheCase(caseId)).IntakeSubject;
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).ErasedAt = call.Now;
            db.Audit(call, "test.former", $"customer:{contract.CustomerId}");
            await db.SaveChangesAsync();
        });

        await HeldMeanwhile(contract.CustomerId, (db, keys, call) =>
            new EraseIntake(db, keys, new LegalHolds(db)).Run(Effect.Now("erase.intake", $"test|{caseId:N}", call, caseId: caseId), call, default));

        await app.With<KeyStore>(async keys => (await keys.Find(subject, DataClass.Case, default)).ShouldNotBeNull());
        await app.With<AppDb>(async db => (await db.Erasures.AnyAsync(e => e.CustomerId == subject)).ShouldBeFalse());
    }

    [Fact]
    public async Task A_hold_that_comes_after_the_question_keeps_the_address_of_a_complaint()
    {
        var contract = await app.AContractInForce();
        var handed = (await app.Client().Ok(HttpMethod.Post, "/api/feedback", new { kind = "Complaint", about = "REFUND", words = "It never came.", wish = "Pay it back", number = contract.Number, by = "Mail", contact = contract.Mail }))
            .GetProperty("id").GetGuid();
        var subject = await app.With<AppDb, long>(async db =>
        {
            await db.Write(ct => db.Feedback.Where(f => f.Id == handed).ExecuteUpdateAsync(s => s.SetProperty(f => f.CustomerId, contract.CustomerId), ct), default);
            return await db.FeedbackIndex.Where(i => i.FeedbackId == handed).Select(i => i.Subject).SingleAsync();
        });

        await HeldMeanwhile(contract.CustomerId, (db, keys, call) =>
            new Features.Feedback.Forget(db, keys, new LegalHolds(db)).Run(Effect.Now(Features.Feedback.Forget.Kind, $"test|{handed:N}", call, new Features.Feedback.Forget.What(handed, DataClass.Contact)), call, default));

        await app.With<KeyStore>(async keys => (await keys.Find(subject, DataClass.Contact, default)).ShouldNotBeNull());
        await app.With<AppDb>(async db => (await db.Erasures.AnyAsync(e => e.CustomerId == subject)).ShouldBeFalse());
    }

    [Fact]
    public async Task A_hold_that_comes_after_the_question_keeps_the_account_beside_the_means_of_payment()
    {
        var customer = (await app.AnOrderDelivered()).Of.CustomerId;
        await app.With<IServiceProvider>(async services =>
        {
            var (db, vault) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>());
            var row = await db.Customers.SingleAsync(c => c.Id == customer);
            row.Payout = await vault.Seal(customer, DataClass.Payout, CustomerTable.PayoutPlace, row.Row, new PayoutAccount("王小芳", "6222 0000 1111 2222", null), default);
            db.Audit(await app.SystemCall(), "test.account", $"customer:{customer}");
            await db.SaveChangesAsync();
        });

        await app.With<Features.Claims.OpenClaims>(claims => HeldMeanwhile(customer, (db, keys, call) =>
            new ErasePayout(db, keys, claims, new LegalHolds(db)).Run(Effect.Now(ErasePayout.Kind, $"test|{customer}", call, new ErasePayout.What(customer)), call, default)));

        await app.With<AppDb>(async db => (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer)).Payout.ShouldNotBeNull());
    }

    [Fact]
    public async Task An_appeal_is_noticed_by_an_erasure_at_the_same_moment()
    {
        var it = await app.ASettledCase(0);
        await it.Order();
        var before = await Version();

        await it.Customer.Ok(HttpMethod.Post, $"/api/progress/{it.Token}/appeal", new { text = "没有人听我说" });

        (await Version()).ShouldBe(before + 1);

        Task<int> Version() => app.With<AppDb, int>(db => db.Customers.Where(c => c.Id == it.Contract.CustomerId).Select(c => c.Version).SingleAsync());
    }

    /// <summary>Runs an erasure while a hold is placed, right after it asked for one and heard that there is none: it fails, so that it is tried again.</summary>
    private async Task HeldMeanwhile(long customer, Func<AppDb, KeyStore, Call, Task<EffectResult>> erase)
    {
        var legal = await app.SignIn(Role.Legal);
        await using var db = await Watched(new AfterTheQuestion(() => legal.Ok(HttpMethod.Post, $"/api/customers/{customer}/legal-holds", new { reason = "Regulator" })));
        var keys = await app.With<KeyStore, KeyStore>(Task.FromResult);
        var call = await app.SystemCall();

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => erase(db, keys, call));

        await app.With<AppDb>(async own => (await own.Set<LegalHold>().CountAsync(h => h.CustomerId == customer && h.LiftedAt == null)).ShouldBe(1));
    }

    private async Task<AppDb> Watched(AfterTheQuestion question)
    {
        if (app.On == Database.Postgres)
            return new PostgresAppDb(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql(app.Options.Database).AddInterceptors(question).Options);
        var gate = await app.With<SqliteGate, SqliteGate>(Task.FromResult);
        return new SqliteAppDb(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite(gate.ReadOnly).AddInterceptors(question).Options, gate);
    }

    /// <summary>Does something once, when the holds of a customer were asked for and before the answer is used.</summary>
    private sealed class AfterTheQuestion(Func<Task> then) : DbCommandInterceptor
    {
        private bool _done;

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            if (_done || !command.CommandText.Contains("legal_holds", StringComparison.Ordinal))
                return result;
            _done = true;
            await then();
            return result;
        }
    }

    public sealed class OnSqlite(SqliteApp app) : LegalHoldTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : LegalHoldTests(app), IClassFixture<PostgresApp>;
}
