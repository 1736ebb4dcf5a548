using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Ratings;

/// <summary>How a customer cooperates is rated by people, on a described scale, with evidence; a second person confirms or corrects.</summary>
public abstract class RatingsTests(ExeuntApp app)
{
    [Xunit.Fact]
    public async Task A_rating_counts_with_its_evidence_until_its_last_day_and_a_second_score_makes_the_mean()
    {
        var id = (await app.AContractInForce()).CustomerId;
        var path = $"/api/customers/{id}/ratings";
        var manager = await app.SignIn(Role.AccountManager, name: "rater-one");
        (await manager.Refused(path, new { score = 6, evidence = "x" })).ShouldBe("rating.score");
        (await manager.Refused(path, new { score = 2 })).ShouldBe("required");
        (await manager.Refused(path, new { score = 2, evidence = "x", until = "2028-01-01" })).ShouldBe("rating.until");
        (await manager.Refused(path, new { score = 2, evidence = "x", until = "tomorrow" })).ShouldBe("rating.until");
        (await (await app.SignIn(Role.Agent)).Refused(path, new { score = 2, evidence = "x" })).ShouldBe("not-allowed");
        (await (await app.SignIn(Role.BranchHead, "SOUTH")).Refused(path, new { score = 2, evidence = "x" })).ShouldBe("not-found");

        var rated = (await manager.Ok(HttpMethod.Post, path, new { score = 2, evidence = "two appointments missed rating-canary" })).GetProperty("id").GetGuid();
        (await Now(manager, path)).ShouldBe(200);
        var fact = await app.With<AppDb, Features.Facts.FactRow>(db => db.Facts.AsNoTracking().SingleAsync(f => f.CustomerId == id && f.Kind == FactKind.Rating));
        fact.Amount.ShouldBe(200);
        fact.Detail.ShouldBe((await app.Today()).AddMonths(6).DayNumber);
        (await app.PlacesWith("rating-canary")).ShouldBeEmpty();

        (await manager.Refused($"{path}/{rated}/second", new { score = 2 })).ShouldBe("rating.own");
        var head = await app.SignIn(Role.BranchHead, name: "rater-two");
        (await head.Refused($"{path}/{rated}/second", new { })).ShouldBe("rating.score");
        await head.Ok(HttpMethod.Post, $"{path}/{rated}/second", new { score = 3 });
        (await Now(manager, path)).ShouldBe(250, "the mean of both");
        (await head.Refused($"{path}/{rated}/second", new { score = 3 })).ShouldBe("rating.seconded");
        var line = (await manager.Ok(HttpMethod.Get, path)).GetProperty("lines").EnumerateArray().ShouldHaveSingleItem();
        line.GetProperty("rating").GetProperty("evidence").GetString()!.ShouldContain("rating-canary");

        (await manager.Refused($"{path}/{rated}/withdraw", new { })).ShouldBe("required");
        await manager.Ok(HttpMethod.Post, $"{path}/{rated}/withdraw", new { reason = "it was another customer" });
        (await Now(manager, path)).ShouldBeNull();
        (await app.With<AppDb, int>(db => db.Facts.CountAsync(f => f.CustomerId == id && f.Kind == FactKind.Rating))).ShouldBe(0);
        (await manager.Refused($"{path}/{rated}/withdraw", new { reason = "again" })).ShouldBe("rating.over");
        (await manager.Ok(HttpMethod.Get, path)).GetProperty("lines").EnumerateArray().ShouldHaveSingleItem().GetProperty("rating").GetProperty("withdrawnBecause").GetString().ShouldBe("it was another customer");
        (await app.With<AppDb, List<string>>(db => db.AuditLog.Where(a => a.Target == $"customer:{id}").OrderBy(a => a.Id).Select(a => a.Verb).ToListAsync()))
            .Where(verb => verb.StartsWith("rating.", StringComparison.Ordinal)).ShouldBe(["rating.recorded", "rating.seconded", "rating.withdrawn"]);
    }

    [Xunit.Fact]
    public async Task The_form_stands_on_the_customers_page_with_the_scale_in_words()
    {
        var id = (await app.AContractInForce()).CustomerId;
        using var manager = await app.Browser(Role.AccountManager, name: "rater-three");
        var page = await manager.Get($"/customers/{id}");
        page.Text.ShouldContain("Often does not keep what was agreed");
        page = await manager.Submit("#rating-form", new { score = "4" });
        page.Status.ShouldBe(422);
        page = await manager.Submit("#rating-form", new { score = "4", evidence = "answered every call" });
        page.Path.ShouldBe($"/customers/{id}/ratings");
        page.Text.ShouldContain("4 of 5");
        page.Text.ShouldContain("answered every call");
        page.Html.ShouldNotContain("style=\"");
        (await manager.Get($"/customers/{id}")).Text.ShouldContain("4 of 5");
        (await manager.Get("/watch/indicators/attitude")).Text.ShouldContain("Often does not keep what was agreed");

        using var head = await app.Browser(Role.BranchHead, name: "rater-four", language: "zh");
        page = await head.Get($"/customers/{id}/ratings");
        page.Text.ShouldContain("守约，至多提醒一次即答复");
        page = await head.Submit("确认或另行评分", new { score = "5" });
        page.Text.ShouldContain("4.5 分");
        using var analyst = await app.Browser(Role.Analyst);
        (await analyst.Get($"/customers/{id}")).Document.QuerySelector("#rating-form").ShouldBeNull("who may not rate sees no form");
    }

    [Xunit.Fact]
    public async Task Nobody_is_rated_who_objected()
    {
        var id = (await app.AContractInForce()).CustomerId;
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == id)).ObjectedAt = app.Time.GetUtcNow();
            db.Audit(await app.SystemCall(), "test.objected", "customer");
            await db.SaveChangesAsync();
        });
        (await (await app.SignIn(Role.Supervisor)).Refused($"/api/customers/{id}/ratings", new { score = 2, evidence = "x" })).ShouldBe("rating.not-judged");
    }

    private static async Task<long?> Now(HttpClient client, string path) =>
        (await client.Ok(HttpMethod.Get, path)) is var view && view.TryGetProperty("now", out var now) && now.ValueKind == JsonValueKind.Number ? now.GetInt64() : null;

    public sealed class OnSqlite(SqliteApp app) : RatingsTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RatingsTests(app), IClassFixture<PostgresApp>;
}
