using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Standards;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Faults.Kit;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using Shouldly;
using Xunit;
using Xunit.Abstractions;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.App.Tests.Faults;

/// <summary>An evaluation of everybody, whose parts two nodes share, one of which dies in the middle: nothing is lost and nothing doubled.</summary>
public sealed class EvaluationTests(PostgresServer server, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    private const int Customers = 9_500;

    [Fact]
    public async Task A_node_that_dies_in_the_middle_loses_and_doubles_nothing()
    {
        await using var template = await Installation();
        var random = new Random(20261127);
        // Effects pass about eight points each; somewhere among the parts that this node takes.
        foreach (var killAt in (int[])[random.Next(8, 16), random.Next(16, 30)])
        {
            await using var place = await template.Copy();
            using var until = new CancellationTokenSource(TimeSpan.FromSeconds(100));
            await using var first = ServerProcess.Start(place, ServerProcess.FreePort(), killAt);
            await using var second = ServerProcess.Start(place.SecondNode(), ServerProcess.FreePort());
            (await second.Ready()).ShouldNotBeNull(second.Said);
            while (!await IsOver(place))
                await Task.Delay(50, until.Token);
            await second.End();
            first.HasExited.ShouldBeTrue($"Point {killAt} was not reached.");

            await using var db = place.Read();
            var run = await db.StandardRuns.AsNoTracking().SingleAsync();
            var parts = await db.Effects.AsNoTracking().Where(e => e.Kind == EvaluatePart.Kind).ToListAsync();
            output.WriteLine($"killed at {killAt}; {parts.Count} parts, {parts.Count(p => p.Fence > 1)} of them taken over");
            (run.Customers, run.Parts, parts.Count).ShouldBe((Customers, (Customers + EvaluateStandards.PartSize - 1) / EvaluateStandards.PartSize, run.Parts));
            (await db.Listings.AsNoTracking().OrderBy(l => l.CustomerId).Select(l => l.CustomerId).ToListAsync()).ShouldBe([.. Enumerable.Range(1, Customers).Where(IsPoor).Select(n => (long)n)]);
            (await db.ChurnStates.CountAsync()).ShouldBe(Customers);
            (await db.ChurnChanges.CountAsync()).ShouldBe(Customers);
            var said = (await db.AuditLog.AsNoTracking().Where(r => r.Verb == "standards.evaluated").Select(r => r.Data).ToListAsync()).ConvertAll(d => System.Text.Json.JsonDocument.Parse(d).RootElement);
            said.Count.ShouldBe(run.Parts);
            said.Sum(d => d.GetProperty("opened").GetInt32()).ShouldBe(Enumerable.Range(1, Customers).Count(IsPoor));
        }
    }

    private static bool IsPoor(int customer) => customer % 7 == 0;

    private static async Task<bool> IsOver(Place place)
    {
        await using var db = place.Read();
        return await db.StandardRuns.AnyAsync() && !await db.Effects.AnyAsync(e => e.State == EffectState.Waiting && e.Kind == EvaluatePart.Kind);
    }

    /// <summary>Customers with two orders each, every seventh of them small ones, and a standard in force that lists those; never evaluated.</summary>
    private async Task<Place> Installation()
    {
        var place = await Place.Make(server.Connection, 0);
        await using var storage = await Storage.Open(place.Options, CancellationToken.None);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await using (var bulk = await Bulk.Alone(storage, CancellationToken.None))
        {
            await bulk.Insert("customers",
            [
                new("id", NpgsqlDbType.Bigint), new("source", NpgsqlDbType.Varchar), new("unit_id", NpgsqlDbType.Integer), new("kind", NpgsqlDbType.Varchar), new("tier", NpgsqlDbType.Varchar),
                new("organisation_name", NpgsqlDbType.Varchar), new("language", NpgsqlDbType.Varchar), new("currency", NpgsqlDbType.Varchar), new("version", NpgsqlDbType.Integer),
            ], [.. Enumerable.Range(1, Customers).Select(id => (object?[])[(long)id, "faults", 1, "Organisation", "Normal", $"Company {id}", "en", "CNY", 0])], CancellationToken.None);
            var facts = Enumerable.Range(1, Customers).SelectMany(id => Enumerable.Range(1, 2).Select(n =>
                new BulkFact(id, n, n, IsPoor(id) ? 1_000 : 900_000, today.AddMonths(-n).DayNumber, FactKind.Order))).ToArray();
            await bulk.InsertFacts(facts, CancellationToken.None);
        }
        await using var db = storage.NewAppDb();
        var standard = new Standard("poor", 1, new("Poor", "低价值"), StandardPurpose.ChurnWatch, StandardAction.Review, ConditionText.Read("spend_12m < 500 CNY").Condition!);
        var document = StandardDocument.ToJson(standard);
        db.SignedDocuments.Add(new SignedDocument { Id = "poor", Version = 1, Kind = SignedKind.Standard, Status = VersionStatus.Published, Document = document, Digest = StandardDocument.DigestOf(standard), EffectiveFrom = today.AddDays(-3) });
        db.Audit(new Call(Actor.System, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow()), "test.standard", "standard:poor:1");
        await db.SaveChangesAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        return place;
    }
}
