using System.Net.Http.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.App.Tests.Procedures;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.ProcessMap;

/// <summary>How long every step was open is written down with the case, for whom it waited, and can be worked out again.</summary>
public abstract class StepTimesTests(ExeuntApp app)
{
    private const long Hour = 3_600_000;

    [Fact]
    public async Task A_talk_that_took_two_days_is_our_time_and_came_after_its_due_time()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (id, _, _) = await own.AProvenCase(await own.AContractInForce());
        var open = (await own.Times(id)).Single(t => t.Step == "talk");
        (open.How, open.Month, open.EndedAt, open.DueAt).ShouldBe((StepEnd.Running, 0, null, new DateTimeOffset(2026, 3, 17, 9, 0, 0, TimeSpan.Zero)));

        await own.AdvanceDays(2);
        await own.Post(Role.Agent, $"/api/cases/{id}/talk", """{"reason":"PRICE","channel":"phone","minutes":5}""");
        var talk = (await own.Times(id)).Single(t => t.Step == "talk");
        (talk.How, talk.Month, talk.Late, talk.Escalated).ShouldBe((StepEnd.Done, 202603, true, 1));
        talk.Elapsed.ShouldBeInRange(48 * Hour, 49 * Hour);
        (talk.ForStaff, talk.ForCustomer, talk.ForSystem, talk.ForDate, talk.Stopped).ShouldBe((talk.Elapsed, 0, 0, 0, 0));
        await own.ShouldFold(id);
    }

    [Fact]
    public async Task An_offer_is_our_time_until_it_is_made_and_the_customers_until_it_is_answered()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (id, customer, token) = await own.AProvenCase(await own.AContractInForce());
        await own.Post(Role.Agent, $"/api/cases/{id}/talk", """{"reason":"PRICE","channel":"phone","minutes":5}""");
        await own.AdvanceDays(1);
        await own.Post(Role.Agent, $"/api/cases/{id}/offer", """{"entry":"PAUSE","months":3}""");
        await own.AdvanceDays(3);
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/offer", new { accept = false })).Done();
        var offer = (await own.Times(id)).Single(t => t.Step == "offer");
        offer.ForStaff.ShouldBeInRange(24 * Hour, 25 * Hour);
        offer.ForCustomer.ShouldBeInRange(72 * Hour, 73 * Hour);
        (offer.ForStaff + offer.ForCustomer).ShouldBe(offer.Elapsed);
        await own.ShouldFold(id);
    }

    [Fact]
    public async Task What_was_open_when_the_case_closed_is_cut_short_and_the_whole_is_done()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (id, customer, token) = await own.AProvenCase(await own.AContractInForce());
        await own.AdvanceDays(1);
        await (await customer.PostAsync($"/api/progress/{token}/withdrawal", null)).Done();
        var times = await own.Times(id);
        times.ShouldAllBe(t => t.How != StepEnd.Running);
        times.Single(t => t.Step == "talk").How.ShouldBe(StepEnd.CutShort);
        var whole = times.Single(t => t.Step == "");
        whole.How.ShouldBe(StepEnd.Done);
        whole.Elapsed.ShouldBe(times.Max(t => t.EndedAt!.Value.ToUnixTimeMilliseconds()) - (await own.Case(id)).BusinessReceivedAt.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task What_was_lost_or_changed_is_found_and_put_right_from_the_events()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var (first, _, _) = await own.AProvenCase(await own.AContractInForce());
        var (second, _, _) = await own.AProvenCase(await own.AContractInForce());
        var (third, _, _) = await own.AProvenCase(await own.AContractInForce());
        foreach (var id in new[] { first, second, third })
            await own.Post(Role.Agent, $"/api/cases/{id}/talk", """{"reason":"PRICE","channel":"phone","minutes":5}""");
        var right = (await own.Times(first)).Concat(await own.Times(second)).Select(t => t.Facts).ToList();
        (await own.Rebuild(check: true)).ShouldBe(new RebuildStepTimes.Result(3, 0));

        await own.With<AppDb>(async db =>
        {
            db.StepTimes.RemoveRange(await db.StepTimes.Where(t => t.CaseId == first && t.Step == "talk").ToListAsync());
            (await db.StepTimes.SingleAsync(t => t.CaseId == second && t.Step == "talk")).ForStaff = 1;
            db.Audit(await own.SystemCall(), "test.damage", "cases");
            await db.SaveChangesAsync();
        });
        (await own.Rebuild(check: true)).ShouldBe(new RebuildStepTimes.Result(3, 2));
        (await own.Rebuild(check: false)).ShouldBe(new RebuildStepTimes.Result(3, 2));
        (await own.Rebuild(check: true)).ShouldBe(new RebuildStepTimes.Result(3, 0));
        (await own.Times(first)).Concat(await own.Times(second)).Select(t => t.Facts).ShouldBe(right, ignoreOrder: true);
        // The case goes on as if nothing had been.
        await own.AdvanceDays(1);
        await own.Post(Role.Agent, $"/api/cases/{first}/offer/skip", "{}");
        await own.ShouldFold(first);
    }

    public sealed class OnSqlite(SqliteApp app) : StepTimesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : StepTimesTests(app), IClassFixture<PostgresApp>;
}

internal static class StepTimesWorld
{
    public static Task<List<StepTime>> Times(this ExeuntApp app, Guid id) => app.With<AppDb, List<StepTime>>(db => db.StepTimes.AsNoTracking().Where(t => t.CaseId == id).ToListAsync());

    public static async Task<RebuildStepTimes.Result> Rebuild(this ExeuntApp app, bool check)
    {
        var call = await app.SystemCall();
        return await app.With<RebuildStepTimes, RebuildStepTimes.Result>(async rebuild => (await rebuild.Run(call, new(check), default)).Value);
    }
}
