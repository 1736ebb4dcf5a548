using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Keys;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Faults;

/// <summary>The machine's clock jumps to and fro: no notice is shortened by it, nothing happens twice, and nothing that has happened is undone.</summary>
public abstract class ClockJumpTests(Database on)
{
    [Fact]
    public async Task Shortens_no_notice_and_does_nothing_twice()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var app = await ExeuntApp.Start(on);
        var contract = await app.AContractInForce();
        var (_, id, _) = await app.Applied(contract);
        var effectiveOn = (await app.TheCase(id)).EffectiveOn!.Value;
        var moved = TimeSpan.Zero;
        for (var jump = 0; jump < 60; jump++)
        {
            // From a millisecond to ten years, back as often as forward; forward never past the last day of service.
            var by = TimeSpan.FromMilliseconds(Math.Exp(random.NextDouble() * Math.Log(10 * 365 * 86_400_000.0)) * (random.Next(2) == 0 ? 1 : -1));
            if (DateOnly.FromDateTime((app.Time.GetUtcNow() + by).UtcDateTime.AddHours(8)) > effectiveOn)
                by = -by;
            app.Time.Jump(by);
            moved += by;
            await app.Drain();
            var exit = await app.TheCase(id);
            (exit.State is CaseState.Executing or CaseState.WindingUp or CaseState.Closed).ShouldBeFalse($"seed {seed}, jump {jump}: executed on {app.Time.GetUtcNow():O}, due after {effectiveOn}");
        }
        app.Time.Jump(-moved);
        await app.Drain();
        await app.AdvanceDays(32);
        await app.Drain();
        (await app.With<AppDb, ContractState>(db => db.Contracts.AsNoTracking().Where(c => c.Id == contract.ContractId).Select(c => c.State).SingleAsync())).ShouldBe(ContractState.Ended, $"seed {seed}");
        await OnceEach(app, seed);
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Undoes_nothing_when_the_clock_goes_back_after_the_end()
    {
        await using var app = await ExeuntApp.Start(on);
        var contract = await app.AContractInForce();
        var (_, id, _) = await app.Applied(contract);
        await app.AdvanceDays(32);
        var before = (await app.TheCase(id), await app.With<AppDb, int>(db => db.CaseEvents.CountAsync()), app.Mails().Count);
        foreach (var days in (int[])[-1, -30, -400, 31, 399])
        {
            app.Time.Jump(TimeSpan.FromDays(days));
            await app.Drain();
        }
        app.Advance(TimeSpan.FromDays(1));
        await app.Drain();
        ((await app.TheCase(id)).State, await app.With<AppDb, int>(db => db.CaseEvents.CountAsync()), app.Mails().Count).ShouldBe((before.Item1.State, before.Item2, before.Count));
        await OnceEach(app, 0);
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Destroys_nothing_after_a_jump_until_a_person_confirms_the_time()
    {
        await using var app = await ExeuntApp.Start(on);
        var left = await app.AContractInForce();
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            (await db.Customers.SingleAsync(c => c.Id == left.CustomerId)).ErasedAt = call.Now;
            foreach (var (dataClass, days) in new[] { (DataClass.Profile, 0), (DataClass.Contact, 1), (DataClass.Case, 3) })
                db.Enqueue(Effect.At(call.BusinessNow.AddDays(days), "erase.class", $"erase|{left.CustomerId}|{dataClass}", new Features.Erasure.EraseClass.What(left.CustomerId, dataClass)));
            db.Audit(call, "test.left", "customers");
            await db.SaveChangesAsync();
        });
        await app.Drain();
        (await Erased()).ShouldBe([DataClass.Profile], "time went as it should");

        app.Time.Jump(TimeSpan.FromDays(5));
        await app.Drain();
        (await Erased()).ShouldBe([DataClass.Profile]);
        (await app.With<KeyStore, bool>(async keys => await keys.Find(left.CustomerId, DataClass.Case, default) is not null)).ShouldBeTrue();
        (await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default))).ShouldBeEmpty("no epoch ends either");
        (await app.Client("en").GetStringAsync("/health/ready")).ShouldContain("keys-clock");
        var admin = await app.SignIn(Exeunt.Core.Role.Administrator);
        var keys = await admin.Ok(HttpMethod.Get, "/api/keys");
        keys.GetProperty("faults").EnumerateArray().Select(f => f.GetString()).ShouldContain("clock");
        TimeSpan.Parse(keys.GetProperty("jump").GetProperty("by").GetString()!, System.Globalization.CultureInfo.InvariantCulture).TotalDays.ShouldBe(5, 0.01);

        // A person who reads another time off another clock does not confirm this one.
        var real = app.Time.GetUtcNow().AddDays(-5);
        (await (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(admin, "/api/keys/clock", new { time = real })).Refusal()).ShouldBe("clock.differs");
        app.Time.Jump(TimeSpan.FromDays(-5));
        await (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(admin, "/api/keys/clock", new { time = real })).Done();
        (await (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(admin, "/api/keys/clock", new { time = real })).Refusal()).ShouldBe("clock.not-in-doubt");
        await app.Drain();
        (await Erased()).ShouldBe([DataClass.Profile], "the day has not come");

        app.Advance(TimeSpan.FromDays(1));
        await app.Drain();
        (await Erased()).ShouldBe([DataClass.Profile, DataClass.Contact]);

        async Task<List<DataClass>> Erased() =>
            await app.With<AppDb, List<DataClass>>(db => db.Erasures.AsNoTracking().Where(e => e.CustomerId == left.CustomerId).OrderBy(e => e.Id).Select(e => e.Class).ToListAsync());
    }

    [Fact]
    public async Task Confirmed_after_a_jump_that_was_right_what_is_due_is_destroyed()
    {
        await using var app = await ExeuntApp.Start(on);
        var left = await app.AContractInForce();
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            (await db.Customers.SingleAsync(c => c.Id == left.CustomerId)).ErasedAt = call.Now;
            db.Enqueue(Effect.At(call.BusinessNow.AddHours(3), "erase.class", $"erase|{left.CustomerId}|{DataClass.Profile}", new Features.Erasure.EraseClass.What(left.CustomerId, DataClass.Profile)));
            db.Audit(call, "test.left", "customers");
            await db.SaveChangesAsync();
        });
        // Asleep for four hours: the clock was right, only nobody ran.
        app.Time.Jump(TimeSpan.FromHours(4));
        await app.Drain();
        (await app.With<AppDb, bool>(db => db.Erasures.AnyAsync(e => e.CustomerId == left.CustomerId))).ShouldBeFalse();
        var admin = await app.SignIn(Exeunt.Core.Role.Administrator);
        await (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(admin, "/api/keys/clock", new { time = app.Time.GetUtcNow() })).Done();
        await app.Drain();
        (await app.With<AppDb, bool>(db => db.Erasures.AnyAsync(e => e.CustomerId == left.CustomerId))).ShouldBeTrue();
        (await app.Client("en").GetStringAsync("/health/ready")).ShouldNotContain("keys-clock");
    }

    [Fact]
    public async Task Destroys_nothing_after_a_start_long_after_the_last_entry_until_a_person_confirms_the_time()
    {
        await using var app = await ExeuntApp.Start(on);
        await app.AContractInForce();
        await Look(TimeSpan.FromDays(6));
        (await app.With<AppDb, ClockJump?>(db => ClockWatch.InDoubt(db, default))).ShouldBeNull("a week off is no doubt");

        await Look(TimeSpan.FromDays(2));

        var doubt = (await app.With<AppDb, ClockJump?>(db => ClockWatch.InDoubt(db, default))).ShouldNotBeNull();
        (doubt.WasDown, (int)doubt.By.TotalDays).ShouldBe((true, 8));
        (await app.Client("en").GetStringAsync("/health/ready")).ShouldContain("keys-clock");
        using var browser = await app.Browser(Exeunt.Core.Role.Administrator);
        (await browser.Get("/admin/keys")).Text.ShouldContain("nothing ran here for 8 days");
        var admin = await app.SignIn(Exeunt.Core.Role.Administrator);
        await (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(admin, "/api/keys/clock", new { time = app.Time.GetUtcNow() })).Done();
        (await app.With<AppDb, ClockJump?>(db => ClockWatch.InDoubt(db, default))).ShouldBeNull();
        await Look(TimeSpan.Zero);
        (await app.With<AppDb, ClockJump?>(db => ClockWatch.InDoubt(db, default))).ShouldBeNull("it was confirmed");

        // As a start does, so much later.
        async Task Look(TimeSpan after)
        {
            app.Advance(after);
            await app.With<AppDb>(async db => await ClockWatch.WatchStart(db, await app.SystemCall(), default));
        }
    }

    [Fact]
    public async Task Leaves_a_session_and_a_code_no_longer_valid_than_their_time()
    {
        await using var app = await ExeuntApp.Start(on);
        var contract = await app.AContractInForce();
        var customer = app.Client("zh");
        var receipt = await (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(customer, "/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail })).Done();
        var token = receipt.GetProperty("token").GetString()!;
        await (await customer.PostAsync($"/api/progress/{token}/code", null)).Done();
        var code = await app.CodeFor(contract.Mail);
        app.Advance(TimeSpan.FromHours(2));
        (await (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(customer, $"/api/progress/{token}/identity", new { code })).Refusal()).ShouldBe("code.wrong-or-expired");
    }

    /// <summary>Every effect that ended did so once, and every mail left once.</summary>
    private static async Task OnceEach(ExeuntApp app, int seed) => await app.With<AppDb>(async db =>
    {
        (await db.Effects.AsNoTracking().Select(e => e.Key).ToListAsync()).ShouldBeUnique($"seed {seed}");
        var sent = await db.AuditLog.AsNoTracking().Where(r => r.Verb == "mail.sent").Select(r => r.Target).ToListAsync();
        sent.ShouldBeUnique($"seed {seed}");
        app.Mails().Select(m => m.Headers.GetValueOrDefault("Message-ID") ?? m.Headers["Message-Id"]).ShouldBeUnique($"seed {seed}");
        (await db.PaymentOrders.AsNoTracking().Select(o => new { o.CaseId, o.Purpose, o.Number }).ToListAsync()).ShouldBeUnique($"seed {seed}");
    });

    public sealed class OnSqlite() : ClockJumpTests(Database.Sqlite);

    public sealed class OnPostgres(PostgresServer server) : ClockJumpTests(Database.Postgres), IClassFixture<PostgresServer>
    {
        public string? Server => server.Connection;
    }
}
