using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
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

    public sealed class OnSqlite(SqliteApp app) : WelcomeBackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : WelcomeBackTests(app), IClassFixture<PostgresApp>;
}
