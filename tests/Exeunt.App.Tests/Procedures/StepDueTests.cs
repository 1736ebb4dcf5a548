using Exeunt.App.Data;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Features.Customers;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Procedures;

/// <summary>Steps fall due in business hours of the procedure's calendar; what is overdue stands on the day of those it is escalated to.</summary>
public abstract class StepDueTests(ExeuntApp app)
{
    [Fact]
    public async Task An_overdue_step_is_marked_and_told_until_it_is_done()
    {
        await using var own = await ExeuntApp.Start(app.On);
        // Monday 16 March 2026, 10:00 in Shanghai: 16 working hours later it is Tuesday, 17:00.
        var (id, _, _) = await own.AProvenCase(await own.AContractInForce());
        using var supervisor = await own.Browser(Role.Supervisor);
        using var agent = await own.Browser(Role.Agent);
        (await own.DueOf(id, "talk")).ShouldBe(new DateTimeOffset(2026, 3, 17, 9, 0, 0, TimeSpan.Zero));
        await own.AdvanceDays(1);
        (await own.Case(id)).Step("talk").Overdue.ShouldNotBe(true);
        (await supervisor.Get("/today")).Text.ShouldNotContain("is overdue");

        await own.AdvanceDays(1);
        (await own.Case(id)).Step("talk").Overdue.ShouldBe(true);
        (await supervisor.Get("/today")).Text.ShouldContain("Talk is overdue");
        (await agent.Get("/today")).Text.ShouldNotContain("is overdue");
        (await supervisor.Get($"/cases/{id}")).Text.ShouldContain("overdue");

        await own.Post(Role.Agent, $"/api/cases/{id}/talk", """{"reason":"PRICE","channel":"phone","minutes":5}""");
        (await supervisor.Get("/today")).Text.ShouldNotContain("Talk is overdue");
        await own.With<AppDb>(async db => (await db.Escalations.AnyAsync(e => e.CaseId == id && e.Step == "talk")).ShouldBeFalse());
        await own.ShouldFold(id);
    }

    [Fact]
    public async Task A_vip_is_answered_sooner_and_the_companys_own_days_count()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var contract = await own.AContractInForce();
        await own.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).Tier = CustomerTier.Vip;
            db.CalendarDays.Add(new CalendarDayRow { Jurisdiction = "CN", Day = new DateOnly(2026, 3, 17), Worked = false, Name = "own" });
            db.Audit(await own.SystemCall(), "test.vip", "customer");
            await db.SaveChangesAsync();
        });
        var (vip, _, _) = await own.AProvenCase(contract);
        var (other, _, _) = await own.AProvenCase(await own.AContractInForce());
        // 8 hours for a VIP end on the same day at 18:00; 16 go over the company's own day off to Wednesday.
        (await own.DueOf(vip, "talk")).ShouldBe(new DateTimeOffset(2026, 3, 16, 10, 0, 0, TimeSpan.Zero));
        (await own.DueOf(other, "talk")).ShouldBe(new DateTimeOffset(2026, 3, 18, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_day_off_that_is_added_later_puts_the_due_time_off()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (id, _, _) = await own.AProvenCase(await own.AContractInForce());
        await own.With<AppDb>(async db =>
        {
            db.CalendarDays.Add(new CalendarDayRow { Jurisdiction = "CN", Day = new DateOnly(2026, 3, 17), Worked = false, Name = "own" });
            db.Audit(await own.SystemCall(), "test.day", "calendar");
            await db.SaveChangesAsync();
        });
        await own.AdvanceDays(2);
        (await own.Case(id)).Step("talk").Overdue.ShouldNotBe(true);
        await own.AdvanceDays(1);
        (await own.Case(id)).Step("talk").Overdue.ShouldBe(true);
    }

    public sealed class OnSqlite(SqliteApp app) : StepDueTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : StepDueTests(app), IClassFixture<PostgresApp>;
}

internal static class DueWorld
{
    /// <summary>When the effect that looks at a step is due.</summary>
    public static Task<DateTimeOffset> DueOf(this ExeuntApp app, Guid id, string step) => app.With<AppDb, DateTimeOffset>(async db =>
        (await db.Effects.AsNoTracking().Where(e => e.CaseId == id && e.Kind == "step.due").ToListAsync()).Single(e => e.Payload.Contains($"\"{step}\"")).DueAt);
}
