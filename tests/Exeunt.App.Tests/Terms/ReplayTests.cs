using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Terms;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Terms;

/// <summary>A draft replayed on the demo company's closed cases.</summary>
public abstract class ReplayTests(ExeuntApp app)
{
    [Fact]
    public async Task Shows_what_a_draft_would_have_changed_with_every_case_and_an_export()
    {
        await using var demo = await ExeuntApp.Start(app.On, o => o with { Demo = true });
        await demo.With<IServiceProvider>(async services =>
        {
            var (db, clocks) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Clocks>());
            foreach (var (version, fee) in new (int, EtfRule?)[] { (2, null), (3, GeneralPolicy.Document.Etf), (4, new FlatFee(new Money(100_00, "USD"))) })
            {
                var document = GeneralPolicy.Document with { Version = version, Etf = fee };
                db.Policies.Add(new PolicyRow { Number = "JY-01", Version = version, Status = PolicyStatus.Draft, Document = document.ToJson(), EffectiveFrom = document.EffectiveFrom });
            }
            // The customer of one case had objected to a line.
            var contested = await db.Cases.AsNoTracking().FirstAsync(c => c.Outcome == Core.Cases.CaseOutcome.Executed);
            db.CaseEvents.Add(new Features.Cases.CaseEventRow
            {
                CaseId = contested.Id, Number = contested.Version + 1, At = clocks.Now, BusinessAt = clocks.BusinessNow, By = "system", Data = "{" + ReplayPolicy.Contested + "}",
            });
            db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "test.policy", "JY-01");
            await db.SaveChangesAsync();
        });
        using var legal = await demo.Browser(Role.Legal);

        // Without a fee nobody pays more, and all who left within their term gain.
        var page = await legal.Get("/policies/JY-01/2/replay");
        var (cases, fees, early) = await demo.With<AppDb, (int, decimal, int)>(async db =>
        {
            var lines = (await db.Settlements.AsNoTracking().Select(s => s.Statement).ToListAsync())
                .Select(s => JsonDocument.Parse(s).RootElement.GetProperty("lines").EnumerateArray().Where(l => l.GetProperty("line").GetString() == "etf")
                    .Select(l => (decimal?)decimal.Parse(l.GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).SingleOrDefault()).ToList();
            return (lines.Count, lines.Sum() ?? 0, lines.Count(l => l > 0));
        });
        early.ShouldBeGreaterThan(10);
        page.All(".kpi").ShouldBe([$"{cases}Cases", $"{early}Customer better off", "0Customer worse off", $"{cases - early}No change", "0Not computed", "1Disputed then"]);
        page.All("figcaption").ShouldAllBe(f => f.Contains("customers would have been better off"));
        page.All(".list tbody tr").Count.ShouldBe(ReplayPolicy.PageSize);
        var rest = await legal.Follow("a[rel=next]");
        rest.All(".list tbody tr").Count.ShouldBe(cases - ReplayPolicy.PageSize);

        // The export has every case and the same sum.
        var csv = (await legal.Get("/policies/JY-01/2/replay.csv")).Html.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        csv[0].ShouldBe(ReplayWords.CsvHeader);
        csv.Length.ShouldBe(cases + 1);
        csv.Skip(1).Sum(l => decimal.Parse(l.Split(',')[9], System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(-fees);

        // The same rules change nothing; a fee in another currency is refused with its reason.
        (await legal.Get("/policies/JY-01/3/replay")).All(".kpi").ShouldContain($"{cases}No change");
        page = await legal.Get("/policies/JY-01/4/replay");
        page.All(".kpi").ShouldContain($"{cases}Not computed");
        page.Of(".notice code").ShouldBe("settlement.mixed-currency");

        (await legal.Get("/policies/JY-01/9/replay")).Status.ShouldBe(404);
        (await (await demo.SignIn(Role.Trainer)).GetAsync("/policies/JY-01/2/replay.csv")).IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task Says_that_there_is_nothing_to_replay_on()
    {
        using var legal = await app.Browser(Role.Legal);
        (await legal.Get("/policies/JY-01/1/replay")).Of(".empty, .empty-state, main")!.ShouldContain("No case to replay on");
    }

    public sealed class OnSqlite(SqliteApp app) : ReplayTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ReplayTests(app), IClassFixture<PostgresApp>;
}

/// <summary>How changes are put into bins for the picture.</summary>
public sealed class ReplayWordsTests
{
    [Fact]
    public void Nothing_that_changed_is_one_bin() => ReplayWords.Spread([0, 0]).ShouldBe([new ReplayWords.Bin(0, 0, 2)]);

    [Fact]
    public void Every_change_is_in_exactly_one_bin_of_a_round_width()
    {
        // From -950 to 420: a width of 200 makes fewer than ten bins.
        var bins = ReplayWords.Spread([-950, -200, -1, 0, 0, 1, 199, 200, 420]);
        bins.Select(b => (b.From, b.Until, b.Cases)).ShouldBe([(-1000, -800, 1), (-800, -600, 0), (-600, -400, 0), (-400, -200, 0), (-200, 0, 2), (0, 0, 2), (0, 200, 2), (200, 400, 1), (400, 600, 1)]);
    }

    [Fact]
    public void Only_gains_need_no_bins_of_losses() =>
        ReplayWords.Spread([-30, -10]).Select(b => (b.From, b.Until, b.Cases)).ShouldBe([(-30, -25, 1), (-25, -20, 0), (-20, -15, 0), (-15, -10, 0), (-10, -5, 1), (-5, 0, 0)]);
}
