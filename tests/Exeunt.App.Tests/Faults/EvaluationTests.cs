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
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using Xunit;
using Xunit.Abstractions;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.App.Tests.Faults;

/// <summary>
/// An evaluation of everybody, whose parts two nodes share, one of which dies in the middle of one: nothing is lost and nothing doubled. That each of
/// them has a part, and which of its parts it is, does not depend on how fast they are: a gate stands before the saving of a part.
/// </summary>
public sealed class EvaluationTests(PostgresServer server, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    private const int Customers = 9_500;

    [Fact]
    public async Task A_node_that_dies_in_the_middle_loses_and_doubles_nothing()
    {
        await using var template = await Installation();
        var random = new Random(20261127);
        // In its first part, and in the one after it.
        foreach (var saved in (int[])[0, 1])
        {
            await using var place = await template.Copy();
            using var until = new CancellationTokenSource(TimeSpan.FromSeconds(100));
            var gate = await Shut(place);
            await using var first = ServerProcess.Start(place, ServerProcess.FreePort());
            await using var second = ServerProcess.Start(place.SecondNode(), ServerProcess.FreePort());
            await Waiting(place, "RowExclusiveLock", 2, until.Token);
            for (var n = 0; n < saved; n++)
            {
                // The next gate stands behind both: they save these parts, and not those that they take then.
                var next = Shut(place);
                await Waiting(place, "ExclusiveLock", 1, until.Token);
                await gate.DisposeAsync();
                gate = await next;
                await Waiting(place, "RowExclusiveLock", 2, until.Token);
            }
            await Task.Delay(random.Next(0, 400), until.Token);
            await first.Kill();
            await gate.DisposeAsync();
            (await second.Ready()).ShouldNotBeNull(second.Said);
            while (!await IsOver(place))
                await Task.Delay(50, until.Token);
            await second.End();

            await using var db = place.Read();
            var run = await db.StandardRuns.AsNoTracking().SingleAsync();
            var parts = await db.Effects.AsNoTracking().Where(e => e.Kind == EvaluatePart.Kind).ToListAsync();
            output.WriteLine($"killed after {saved} parts; {parts.Count} parts, {parts.Count(p => p.Fence > 1)} of them taken over");
            // It held one when it died, and could not save it.
            parts.ShouldContain(p => p.Fence > 1);
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

    /// <summary>Shuts the gate: until the connection is closed nobody writes a customer's state, and who saves a part waits in the middle of its transaction.</summary>
    private static async Task<NpgsqlConnection> Shut(Place place)
    {
        var gate = new NpgsqlConnection(place.Databases[0]);
        await gate.OpenAsync();
        await using var shut = new NpgsqlCommand("BEGIN; LOCK TABLE churn_states IN EXCLUSIVE MODE", gate) { CommandTimeout = 90 };
        await shut.ExecuteNonQueryAsync();
        return gate;
    }

    /// <summary>Waits until so many wait at the gate, to write or to shut it again.</summary>
    private static async Task Waiting(Place place, string mode, int many, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(place.Databases[0]);
        await connection.OpenAsync(ct);
        await using var ask = new NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = @mode AND relation = 'churn_states'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", connection);
        ask.Parameters.AddWithValue("mode", mode);
        while (await ask.ExecuteScalarAsync(ct) is not long waiting || waiting < many)
            await Task.Delay(20, ct);
    }

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
        place.LetGo();
        return place;
    }
}
