using System.Diagnostics;
using System.Net;
using Exeunt.App.Data;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Work;

/// <summary>Work orders to a system that fails, is slow, answers twice, and answers after we gave up waiting.</summary>
public abstract class SystemWorkTests(ExeuntApp app)
{
    [Fact]
    public async Task Sends_an_order_signed_and_takes_its_signed_call_back()
    {
        await using var system = await Connected();
        var order = await AnOrder();
        system.Orders.ShouldHaveSingleItem().OrderId.ShouldBe(order.Id);
        system.WronglySigned.ShouldBe(0);
        system.Orders.Single().Callback.ShouldEndWith("/api/systems/provisioning/callbacks");
        (await Row(order.Id)).SentAt.ShouldNotBeNull();
        var (client, now) = (app.Client(), app.Time.GetUtcNow());
        var (status, body) = await FakeSystem.CallBack(client, "provisioning", order.Id, now, "msg_1");
        (status, body.GetProperty("already").GetBoolean()).ShouldBe((HttpStatusCode.OK, false));
        var done = await Row(order.Id);
        (done.DoneBy, done.DoneAt is null).ShouldBe(("system:provisioning", false));

        // A second answer, and the same one sent again, change nothing.
        (status, body) = await FakeSystem.CallBack(client, "provisioning", order.Id, now, "msg_2");
        (status, body.GetProperty("already").GetBoolean()).ShouldBe((HttpStatusCode.OK, true));
        (status, body) = await FakeSystem.CallBack(client, "provisioning", order.Id, now.AddSeconds(30), "msg_1");
        (status, body.GetProperty("already").GetBoolean()).ShouldBe((HttpStatusCode.OK, true));
        (await Row(order.Id)).Version.ShouldBe(done.Version);

        // The very same message is a replay.
        (await Code(FakeSystem.CallBack(client, "provisioning", order.Id, now, "msg_1"))).ShouldBe("callback.replayed");
        await app.ShouldFold(order.CaseId!.Value);
    }

    [Fact]
    public async Task Believes_nothing_unsigned_old_or_about_anothers_order()
    {
        await using var system = await Connected();
        var order = await AnOrder();
        var (client, now) = (app.Client(), app.Time.GetUtcNow());
        (await Code(FakeSystem.CallBack(client, "provisioning", order.Id, now, "m", secret: "whsec_" + Convert.ToBase64String(new byte[24])))).ShouldBe("callback.wrong-signature");
        (await Code(FakeSystem.CallBack(client, "no-such", order.Id, now, "m"))).ShouldBe("callback.wrong-signature");
        (await Code(FakeSystem.CallBack(client, "provisioning", order.Id, now, "m", change: b => b + " "))).ShouldBe("callback.wrong-signature");
        (await Code(FakeSystem.CallBack(client, "provisioning", order.Id, now.AddMinutes(-6), "m"))).ShouldBe("callback.too-old");
        (await Code(FakeSystem.CallBack(client, "provisioning", Guid.NewGuid(), now, "m"))).ShouldBe("not-found");
        (await Code(FakeSystem.CallBack(client, "provisioning", order.Id, now, "m", type: "something-else"))).ShouldBe("callback.unreadable");
        using var bare = new HttpRequestMessage(HttpMethod.Post, "/api/systems/provisioning/callbacks") { Content = new StringContent("{}") };
        (await client.SendAsync(bare)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Row(order.Id)).DoneAt.ShouldBeNull();
    }

    [Fact]
    public async Task Tries_again_and_parks_what_does_not_get_through()
    {
        await using var system = await Connected();
        system.Status = 503;
        var order = await AnOrder();
        for (var i = 0; i < 6; i++)
        {
            app.Advance(TimeSpan.FromHours(3));
            await app.Drain();
        }
        system.Orders.Count.ShouldBe(6);
        system.Orders.Select(o => o.MessageId).Distinct().ShouldHaveSingleItem();
        var technical = await app.Browser(Role.Technical);
        (await technical.Get("/work")).Text.ShouldContain("system-answered-503");
        // A person asks again; the system is up.
        system.Status = 202;
        await (await app.SignIn(Role.Technical)).Ok(HttpMethod.Post, $"/api/work-orders/{order.Id}/retry");
        (await (await app.SignIn(Role.Technical)).Refused($"/api/work-orders/{order.Id}/retry")).ShouldBe("work.nothing-to-retry");
        await app.Drain();
        (await Row(order.Id)).SentAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Takes_an_answer_that_comes_after_we_gave_up_waiting()
    {
        await using var system = await Connected();
        system.Status = 0;
        var order = await AnOrder();
        (await Row(order.Id)).SentAt.ShouldBeNull();
        var (status, _) = await FakeSystem.CallBack(app.Client(), "provisioning", order.Id, app.Time.GetUtcNow(), "late");
        status.ShouldBe(HttpStatusCode.OK);
        var before = system.Orders.Count;
        app.Advance(TimeSpan.FromHours(1));
        await app.Drain();
        // It is done: nothing is sent again.
        system.Orders.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Does_not_hang_with_a_system_and_nothing_else_waits_for_it()
    {
        await using var system = await Connected();
        var sent = await AnOrder();
        system.Status = 0;
        var orders = await MoreOf(sent, 5);
        var watch = Stopwatch.StartNew();
        await app.Drain();
        // One of them found out; the others were not tried.
        watch.Elapsed.ShouldBeLessThan(2 * SendWork.Timeout);
        system.Orders.Count(o => orders.Contains(o.OrderId)).ShouldBe(1);
        var states = await States(orders);
        states.ShouldAllBe(e => e.State == EffectState.Waiting);
        states.Count(e => e.Attempts == 1 && e.Note == "system-timed-out").ShouldBe(1);
        states.Count(e => e.Attempts == 0 && e.Note == "system-away").ShouldBe(4);

        system.Status = 202;
        app.Advance(TimeSpan.FromMinutes(1));
        await app.Drain();
        (await States(orders)).ShouldAllBe(e => e.State == EffectState.Done);
        var reached = system.Orders.Where(o => orders.Contains(o.OrderId)).ToList();
        (reached.Count, reached.Select(o => o.MessageId).Distinct().Count()).ShouldBe((6, 5));
    }

    [Fact]
    public async Task Tries_a_system_that_is_not_there_once_and_another_address_at_once()
    {
        var gone = await Connected();
        var sent = await AnOrder();
        await gone.DisposeAsync();
        var orders = await MoreOf(sent, 3);
        await app.Drain();
        var states = await States(orders);
        states.Count(e => e.Attempts == 1 && e.Note == "system-unreachable").ShouldBe(1);
        states.Count(e => e.Attempts == 0 && e.Note == "system-away").ShouldBe(2);

        // It moved: what comes now does not wait for the old address.
        await using var system = await Connected();
        var more = await MoreOf(sent, 1);
        await app.Drain();
        (await States(more)).ShouldAllBe(e => e.State == EffectState.Done);
        app.Advance(TimeSpan.FromMinutes(1));
        await app.Drain();
        (await States(orders)).ShouldAllBe(e => e.State == EffectState.Done);
    }

    [Fact]
    public async Task Shows_a_failure_that_the_system_reports_without_its_words()
    {
        await using var system = await Connected();
        var order = await AnOrder();
        await FakeSystem.CallBack(app.Client(), "provisioning", order.Id, app.Time.GetUtcNow(), "f1", "work-order.failed", "line-busy");
        (await Row(order.Id)).Failure.ShouldBe("line-busy");
        await FakeSystem.CallBack(app.Client(), "provisioning", order.Id, app.Time.GetUtcNow(), "f2", "work-order.failed", "王小芳 is unknown");
        (await Row(order.Id)).Failure.ShouldBe("failed");
        (await Row(order.Id)).DoneAt.ShouldBeNull();

        // A named person waives it, with words.
        var supervisor = await app.SignIn(Role.Supervisor);
        (await supervisor.Refused($"/api/work-orders/{order.Id}/waiver")).ShouldBe("required");
        (await (await app.SignIn(Role.Technical)).Refused($"/api/work-orders/{order.Id}/waiver", new { text = "w" })).ShouldBe("not-allowed");
        await supervisor.Ok(HttpMethod.Post, $"/api/work-orders/{order.Id}/waiver", new { text = "The line was cut by others." });
        var row = await Row(order.Id);
        (row.IsWaived, row.DoneBy!.StartsWith("staff:", StringComparison.Ordinal)).ShouldBe((true, true));
        (await supervisor.Refused($"/api/work-orders/{order.Id}/waiver", new { text = "w" })).ShouldBe("work.done-already");
        await app.ShouldFold(order.CaseId!.Value);
    }

    [Theory]
    [InlineData("Provisioning", "http://127.0.0.1:9/", FakeSystem.Secret, "system.name")]
    [InlineData("x", "http://example.com/", FakeSystem.Secret, "system.url")]
    [InlineData("x", "ftp://127.0.0.1/", FakeSystem.Secret, "system.url")]
    [InlineData("x", "https://user@example.com/", FakeSystem.Secret, "system.url")]
    [InlineData("x", "https://example.com/", "secret", "system.secret")]
    [InlineData("fresh", "https://example.com/", null, "required")]
    public async Task Refuses_a_system_that_is_not_safe(string name, string url, string? secret, string code)
    {
        using var answer = await (await app.SignIn(Role.Administrator)).PutAsync($"/api/systems/{name}", System.Net.Http.Json.JsonContent.Create(new { url, secret }));
        System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Keeps_the_secret_to_itself()
    {
        await using var system = await Connected();
        var page = await (await app.SignIn(Role.Administrator)).Ok(HttpMethod.Get, "/api/systems");
        page.GetRawText().ShouldContain("provisioning");
        page.GetRawText().ShouldNotContain("whsec_");
        (await app.PlacesWith(FakeSystem.Secret)).ShouldBeEmpty();
    }

    // ---- intent ----------------------------------------------------------------------------------------------------

    private async Task<FakeSystem> Connected()
    {
        var system = new FakeSystem();
        await (await app.SignIn(Role.Administrator)).Ok(HttpMethod.Put, "/api/systems/provisioning", new { url = system.Url, secret = FakeSystem.Secret });
        return system;
    }

    /// <summary>An order of an executing case that the system is to carry out, sent once.</summary>
    private async Task<WorkOrder> AnOrder()
    {
        var settled = await app.ASettledCase(0);
        await settled.Approve();
        await app.AdvanceDays(31);
        var order = new WorkOrder
        {
            Id = Guid.CreateVersion7(), CaseId = settled.Id, Step = "work", Task = "release-number", English = "Release the number", Chinese = "释放号码", System = "provisioning",
            DueOn = new DateOnly(2026, 4, 20), CreatedAt = app.Time.GetUtcNow(),
        };
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.WorkOrders.Add(order);
            db.Enqueue(SendWork.Of(order, call));
            db.Audit(call, "test.order", $"work:{order.Id:N}");
            await db.SaveChangesAsync();
        });
        await app.Drain();
        return order;
    }

    /// <summary>Further orders of the same case, not sent yet; their ids.</summary>
    private async Task<List<Guid>> MoreOf(WorkOrder order, int count)
    {
        var orders = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).Select(id => new WorkOrder
        {
            Id = id, CaseId = order.CaseId, Step = order.Step, Task = $"release-{id:N}", English = "Release", Chinese = "释放", System = order.System, DueOn = order.DueOn, CreatedAt = app.Time.GetUtcNow(),
        }).ToList();
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.WorkOrders.AddRange(orders);
            foreach (var more in orders)
                db.Enqueue(SendWork.Of(more, call));
            db.Audit(call, "test.order", $"work:{orders[0].Id:N}");
            await db.SaveChangesAsync();
        });
        return [.. orders.Select(o => o.Id)];
    }

    private Task<List<Effect>> States(List<Guid> orders)
    {
        var keys = orders.Select(SendWork.KeyOf).ToList();
        return app.With<AppDb, List<Effect>>(db => db.Effects.AsNoTracking().Where(e => keys.Contains(e.Key)).ToListAsync());
    }

    private Task<WorkOrder> Row(Guid id) => app.With<AppDb, WorkOrder>(db => db.WorkOrders.AsNoTracking().SingleAsync(w => w.Id == id));

    private static async Task<string?> Code(Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body)> answer) => (await answer).Body.GetProperty("code").GetString();

    public sealed class OnSqlite(SqliteApp app) : SystemWorkTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SystemWorkTests(app), IClassFixture<PostgresApp>;
}
