using Exeunt.App.Data;
using Exeunt.App.Features.Clock;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Clock;

/// <summary>Moving the business date: whatever falls due on the way happens in order, each before the date goes on.</summary>
public abstract class BusinessDateTests(ExeuntApp app)
{
    [Fact]
    public async Task Runs_what_falls_due_on_the_way_in_order_and_on_its_day()
    {
        var call = await app.SystemCall();
        await app.With<AppDb>(async db =>
        {
            foreach (var day in (int[])[20, 5, 12, 90])
                db.Enqueue(Effect.At(call.BusinessNow.AddDays(day).AddHours(3), "test.unknown", $"test {day}"));
            await db.SaveChangesAsync();
        });

        (await app.Do<AdvanceBusinessDate, AdvanceBusinessDate.Request, ClockState>(call, new(Days: 30))).Value.IsMoving.ShouldBeTrue();
        await app.Drain();

        var state = (await app.Do<ViewClock, ViewClock.Request, ClockState>(await app.SystemCall(), new())).Value;
        state.Today.ShouldBe(state.RealToday.AddDays(30));
        state.IsMoving.ShouldBeFalse();
        // Nobody carries out this kind: parked is as far as it gets, once its day has come.
        (await app.With<AppDb, List<string>>(db => db.Effects.Where(e => e.Kind == "test.unknown" && e.State == EffectState.Parked).OrderBy(e => e.DueAt).Select(e => e.Key).ToListAsync()))
            .ShouldBe(["test 5", "test 12", "test 20"]);
        (await app.With<AppDb, List<string>>(db => db.AuditLog.Where(a => a.Verb == "clock.moved").OrderBy(a => a.Id).Select(a => a.Data).ToListAsync()))
            .ShouldBe(["""{"from":0,"to":6}""", """{"from":6,"to":13}""", """{"from":13,"to":21}""", """{"from":21,"to":30}"""]);
        await app.Restart();
        (await app.Do<ViewClock, ViewClock.Request, ClockState>(await app.SystemCall(), new())).Value.Today.ShouldBe(state.Today);

        var back = await app.Do<AdvanceBusinessDate, AdvanceBusinessDate.Request, ClockState>(await app.SystemCall(), new(Date: state.Today));
        back.Refusal!.Code.ShouldBe("clock.not-backwards");
        back.Refusal.PossibleOn.ShouldBe(state.Today.AddDays(1));
    }

    [Fact]
    public async Task Is_moved_on_its_page()
    {
        using var administrator = await app.Browser(Core.Role.Administrator);
        await administrator.Get("/admin/clock");
        (await administrator.Submit("Move the date", new { days = "-3" })).Status.ShouldBe(422);
        (await administrator.Submit("Move the date", new { days = "", date = "2020-01-01" })).Text.ShouldContain("only moves forward");
    }

    public sealed class OnSqlite(SqliteApp app) : BusinessDateTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : BusinessDateTests(app), IClassFixture<PostgresApp>;
}
