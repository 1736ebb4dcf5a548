using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Data;

/// <summary>Nodes that are started on one PostgreSQL database at the same moment take turns in making what is not there.</summary>
public sealed class StartTurnTests : IClassFixture<StartTurnTests.Server>
{
    public sealed class Server : INeedPostgres;

    [Fact]
    public async Task Four_nodes_started_at_once_on_a_database_that_is_not_there_all_start_and_make_everything_once()
    {
        var nodes = Nodes(4);

        var hosts = await Task.WhenAll(nodes.Select(n => Task.Run(() => ExeuntHost.Build(n, TimeProvider.System, default))));

        await using (var db = hosts[0].Services.GetService(typeof(Storage)).ShouldBeOfType<Storage>().NewAppDb())
        {
            string[] once = ["offer-entries.built-in", "reasons.built-in", "procedures.seeded", "policy.published"];
            var seeded = await db.AuditLog.Where(a => once.Contains(a.Verb)).Select(a => a.Verb).ToListAsync();
            seeded.Order().ShouldBe(once.Order());
            (await db.Reasons.CountAsync()).ShouldBeGreaterThan(10);
        }
        await End(hosts, nodes);
    }

    [Fact]
    public async Task A_node_waits_for_one_that_is_starting()
    {
        var nodes = Nodes(1);
        Task<Microsoft.AspNetCore.Builder.WebApplication> starting;
        await using (await StartTurn.Take(nodes[0], default))
        {
            starting = Task.Run(() => ExeuntHost.Build(nodes[0], TimeProvider.System, default));
            await Task.Delay(1_500);
            starting.IsCompleted.ShouldBeFalse();
        }

        await End([await starting], nodes);
    }

    private static HostOptions[] Nodes(int count)
    {
        var first = Templates.Place(Database.Postgres, $"nodes-{Guid.NewGuid():N}");
        // The key is carried to every node by whoever sets them up.
        MasterKeys.Load(first);
        return [.. Enumerable.Range(0, count).Select(n => first with { Data = $"{first.Data}-{n}" })];
    }

    private static async Task End(IEnumerable<Microsoft.AspNetCore.Builder.WebApplication> hosts, HostOptions[] nodes)
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
        await Templates.Drop(nodes[0]);
    }
}
