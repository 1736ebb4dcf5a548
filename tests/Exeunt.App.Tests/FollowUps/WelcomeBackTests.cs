using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.FollowUps;

/// <summary>Whoever is welcomed back may be imported again, until they are erased again.</summary>
public abstract class WelcomeBackTests(ExeuntApp app)
{
    [Fact]
    public async Task Who_was_welcomed_back_and_then_erased_again_is_suppressed_again()
    {
        var token = Guid.NewGuid().ToByteArray();
        var agent = await app.SignIn(Role.Agent);
        var left = await app.ASettledCase(0);
        await left.Order();
        await Erased(left.Contract.CustomerId);
        (await IsSuppressed()).ShouldBeTrue();
        await agent.Ok(HttpMethod.Post, $"/api/re-entry/cases/{left.Id}/welcome");
        (await IsSuppressed()).ShouldBeFalse("it was lifted");

        // Who comes back is another customer of ours with the same number.
        await Erased((await app.AContractInForce()).CustomerId);
        (await IsSuppressed()).ShouldBeTrue("the welcome was of the erasure before");

        Task Erased(long customer) => app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.Erasures.Add(new ErasureRow { CustomerId = customer, Class = DataClass.Profile, Token = token, At = call.Now });
            db.Audit(call, "test.erased", $"customer:{customer}");
            await db.SaveChangesAsync();
        });

        Task<bool> IsSuppressed() => app.With<AppDb, bool>(db => Suppression.Of(db).AnyAsync(e => e.Token == token));
    }

    [Fact]
    public async Task Who_was_erased_on_request_without_a_case_is_signed_again_by_their_number_and_suppressed_again_when_erased_again()
    {
        var agent = await app.SignIn(Role.Agent);
        var customer = await ErasedOnRequest();
        var number = $"{customer}";
        var refused = (await Import(number)).Refusals.ShouldHaveSingleItem();
        refused.Code.ShouldBe("import.suppressed");
        refused.English.ShouldContain("/re-entry");
        refused.Chinese.ShouldContain("/re-entry");
        var check = await agent.Ok(HttpMethod.Get, $"/api/re-entry?number={number}&source=test");
        (check.GetProperty("result").GetString(), check.GetProperty("suppressed").GetBoolean()).ShouldBe(("clear", true));
        (await agent.Ok(HttpMethod.Get, $"/api/re-entry?number={number}")).GetProperty("suppressed").GetBoolean().ShouldBeFalse("another system's number");
        (await agent.Refused("/api/re-entry/numbers", new { number })).ShouldBe("re-entry.not-suppressed", "another system's number");
        (await agent.Refused("/api/re-entry/numbers", new { number = " ", source = "test" })).ShouldBe("required");
        (await (await app.SignIn(Role.Finance)).Refused("/api/re-entry/numbers", new { number, source = "test" })).ShouldBe("not-allowed");
        (await (await app.SignIn(Role.Agent, "WB-9")).Refused("/api/re-entry/numbers", new { number, source = "test" })).ShouldBe("re-entry.other-unit");

        await agent.Ok(HttpMethod.Post, "/api/re-entry/numbers", new { number, source = "test" });

        (await agent.Refused("/api/re-entry/numbers", new { number, source = "test" })).ShouldBe("re-entry.not-suppressed");
        var back = await Import($" {number} ");
        (back.Added, back.Refused).ShouldBe((1, 0));
        await app.With<Remnants>(async remnants => (await remnants.Of(customer, default)).ShouldBeEmpty());

        // Who came back is another customer of ours, whom the welcome before does not bring back.
        app.Advance(TimeSpan.FromMinutes(1));
        await app.With<IServiceProvider>(async services =>
        {
            var (db, call) = (services.GetRequiredService<AppDb>(), await app.SystemCall());
            var token = services.GetRequiredService<NumberTokens>().OfCustomer("test", number);
            var other = await db.Customers.SingleAsync(c => c.NumberToken == token);
            other.Id.ShouldNotBe(customer);
            db.Erasures.Add(new ErasureRow { CustomerId = other.Id, Class = DataClass.Profile, Token = token, At = call.Now });
            (other.NumberToken, other.Profile, other.Identity, other.ErasedAt) = (null, null, null, call.Now);
            other.Version++;
            db.Audit(call, "test.erased", $"customer:{other.Id}");
            await db.SaveChangesAsync();
        });
        (await Import(number)).Refusals.ShouldHaveSingleItem().Code.ShouldBe("import.suppressed");
    }

    [Fact]
    public async Task Who_is_recognised_no_longer_is_signed_again_by_their_number_and_the_old_case_stays_unlinked()
    {
        var agent = await app.SignIn(Role.Agent);
        var left = await Erased();
        await app.With<IServiceProvider>(async services =>
        {
            var call = await app.SystemCall();
            await services.GetRequiredService<ForgetFormer>().Run(Effect.Now(ForgetFormer.Kind, "test", call, caseId: left.Id), call, default);
            await services.GetRequiredService<AppDb>().SaveChangesAsync();
        });
        var number = $"{left.Contract.CustomerId}";
        (await agent.Refused($"/api/re-entry/cases/{left.Id}/welcome")).ShouldBe("re-entry.not-ended");
        (await Import(number)).Refusals.ShouldHaveSingleItem().Code.ShouldBe("import.suppressed");

        await agent.Ok(HttpMethod.Post, "/api/re-entry/numbers", new { number, source = "test" });

        (await Import(number)).Added.ShouldBe(1);
        await app.With<AppDb>(async db => (await db.Set<ReEntryRequest>().AnyAsync(r => r.CaseId == left.Id)).ShouldBeFalse("its time to be recognised is over"));
    }

    [Fact]
    public async Task Who_is_recognised_longer_than_the_key_of_the_case_lives_is_welcomed_all_the_same()
    {
        var agent = await app.SignIn(Role.Agent);
        var left = await Erased();
        await TheKeyGoes(left);
        (await agent.Ok(HttpMethod.Get, $"/api/re-entry?mail={Uri.EscapeDataString(left.Contract.Mail)}")).GetProperty("result").GetString().ShouldBe("known");

        await agent.Ok(HttpMethod.Post, $"/api/re-entry/cases/{left.Id}/welcome");

        (await Import($"{left.Contract.CustomerId}")).Added.ShouldBe(1);
        await app.With<AppDb>(async db => (await db.Set<ReEntryRequest>().AsNoTracking().SingleAsync(r => r.CaseId == left.Id)).Words.ShouldBeEmpty("nothing was typed"));
        await app.ShouldFold(left.Id);
    }

    [Fact]
    public async Task A_record_that_calls_for_an_approval_does_so_by_the_number_too_and_without_words_where_their_key_is_gone()
    {
        var agent = await app.SignIn(Role.Agent);
        var left = await Erased();
        await app.With<AppDb>(async db =>
        {
            foreach (var token in await db.Set<RecognitionToken>().Where(t => t.CaseId == left.Id).ToListAsync())
                db.Entry(token).Property(t => t.Approver).CurrentValue = Role.BranchHead;
            db.Audit(await app.SystemCall(), "test.token", "test");
            await db.SaveChangesAsync();
        });
        var (mail, number) = (Uri.EscapeDataString(left.Contract.Mail), $"{left.Contract.CustomerId}");
        (await Kept()).ShouldBeTrue();
        (await agent.Refused("/api/re-entry/requests", new { caseId = left.Id })).ShouldBe("required");
        await TheKeyGoes(left);
        (await Kept()).ShouldBeFalse();
        (await agent.Refused("/api/re-entry/numbers", new { number, source = "test" })).ShouldBe("re-entry.approval-first");

        var request = (await agent.Ok(HttpMethod.Post, "/api/re-entry/requests", new { caseId = left.Id, words = "kept-nowhere-canary" })).GetProperty("requestId").GetGuid();
        (await agent.Refused("/api/re-entry/numbers", new { number, source = "test" })).ShouldBe("re-entry.approval-first");
        await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, $"/api/re-entry/requests/{request}/decision", new { approve = true });
        await agent.Ok(HttpMethod.Post, "/api/re-entry/numbers", new { number, source = "test" });

        await app.With<AppDb>(async db =>
        {
            var asked = await db.Set<ReEntryRequest>().AsNoTracking().SingleAsync(r => r.Id == request);
            asked.WelcomedAt.ShouldNotBeNull("what is still recognised is linked");
            (asked.Words.Length, asked.Decision).ShouldBe((0, null));
        });
        (await Import(number)).Added.ShouldBe(1);
        await app.ShouldFold(left.Id);

        async Task<bool> Kept() => (await agent.Ok(HttpMethod.Get, $"/api/re-entry?mail={mail}")).GetProperty("before").EnumerateArray().Single().GetProperty("wordsKept").GetBoolean();
    }

    [Fact]
    public async Task A_number_that_an_earlier_version_erased_in_another_spelling_beside_it_is_lifted_with_it()
    {
        var agent = await app.SignIn(Role.Agent);
        var left = await app.ASettledCase(0);
        await left.Order();
        await app.With<IServiceProvider>(async services =>
        {
            var (db, numbers, call) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<NumberTokens>(), await app.SystemCall());
            db.Erasures.Add(new ErasureRow { CustomerId = left.Contract.CustomerId, Class = DataClass.Profile, Token = numbers.OfCustomer("own", "WB-77"), At = call.Now });
            db.Erasures.Add(new ErasureRow { CustomerId = 9_191_919, Class = DataClass.Profile, Token = numbers.Of("own", "wb-77"), At = call.Now });
            db.Audit(call, "test.erased", "customers");
            await db.SaveChangesAsync();
        });
        await agent.Ok(HttpMethod.Post, $"/api/re-entry/cases/{left.Id}/welcome");
        (await Import("WB-77", "own")).Refusals.ShouldHaveSingleItem().Code.ShouldBe("import.suppressed", "the other spelling's row still stands");

        await agent.Ok(HttpMethod.Post, "/api/re-entry/numbers", new { number = "Wb-77" });

        (await Import("WB-77", "own")).Added.ShouldBe(1);
        (await Import("wb-77", "own")).Unchanged.ShouldBe(1, "it is the same customer");
    }

    [Theory]
    [InlineData("en", "Imports refuse this number", "Lifted: the next import", "No import refuses this number")]
    [InlineData("zh", "该编号被限制导入", "已解除限制", "该编号未被限制导入")]
    public async Task On_the_page_a_number_is_checked_and_lifted(string language, string suppressed, string lifted, string free)
    {
        var customer = await ErasedOnRequest();
        using var agent = await app.Browser(Role.Agent, language: language);
        await agent.Get("/re-entry");
        var page = await agent.Submit("form[action='/re-entry'] button", new { number = $"{customer}", source = "test" });
        page.Status.ShouldBe(200);
        page.Text.ShouldContain(suppressed);

        page = await agent.Submit("form[action='/re-entry/numbers'] button");

        page.Status.ShouldBe(200);
        page.Text.ShouldContain(lifted);
        (await Import($"{customer}")).Added.ShouldBe(1);
        page = await agent.Submit("form[action='/re-entry'] button", new { number = $"{customer}", source = "test" });
        page.Text.ShouldContain(free);
        page.Document.QuerySelector("form[action='/re-entry/numbers']").ShouldBeNull();
    }

    /// <summary>The number of a customer without a case who asked to be erased, and was.</summary>
    private async Task<long> ErasedOnRequest()
    {
        var made = await app.AContractInForce();
        await app.With<AppDb>(async db =>
        {
            db.Contracts.Remove(await db.Contracts.SingleAsync(c => c.Id == made.ContractId));
            db.Audit(await app.SystemCall(), "test.prospect", $"customer:{made.CustomerId}");
            await db.SaveChangesAsync();
        });
        var asked = (await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/customers/{made.CustomerId}/data-requests", new { kind = "Delete", proof = "InPerson" })).GetProperty("id").GetGuid();
        await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"/api/data-requests/{asked}/fulfilment", new { });
        await app.Drain();
        await app.AdvanceDays(1);
        await app.With<AppDb>(async db => (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == made.CustomerId)).ErasedAt.ShouldNotBeNull());
        return made.CustomerId;
    }

    /// <summary>A case that ended its contract and erased its customer.</summary>
    private async Task<ACase> Erased()
    {
        var left = await app.ASettledCase();
        var (reference, amount) = await left.Order();
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await app.Drain();
        await app.With<AppDb>(async db => (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == left.Contract.CustomerId)).ErasedAt.ShouldNotBeNull());
        return left;
    }

    /// <summary>As in the Union, where it goes three years after the year, and a former customer is recognised for five.</summary>
    private Task TheKeyGoes(ACase left) => app.With<KeyStore>(keys => keys.Destroy(left.Contract.CustomerId, [DataClass.Case], app.Time.GetUtcNow(), default));

    private async Task<ImportResult> Import(string number, string source = "test")
    {
        var call = await app.SystemCall();
        // Far from the numbers that tests give.
        await app.With<AppDb>(db => Bulk.Raise(db, "customers", 5_000_000, call, default));
        using var file = new MemoryStream(Encoding.UTF8.GetBytes($"customer,name\n{number},Somebody\n"));
        return await app.With<Storage, ImportResult>(storage => new RunImport(storage, call).Run(file, new ImportRequest(ImportNoun.Customers, null, null, false, source, [""]), default));
    }

    public sealed class OnSqlite(SqliteApp app) : WelcomeBackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : WelcomeBackTests(app), IClassFixture<PostgresApp>;
}
