using System.Net;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Faults.Kit;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Npgsql;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Faults;

/// <summary>What people and programs are told when PostgreSQL goes away in the middle of what they asked for, wherever that is; what is kept: <see cref="CrashTests"/>.</summary>
public sealed class DatabaseAwayTests(ITestOutputHelper output) : IClassFixture<DatabaseAwayTests.Server>
{
    public sealed class Server : INeedPostgres;

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task A_page_says_so_after_whichever_message_the_database_went_and_is_there_again_with_it(string language)
    {
        await using var relay = Relay.To(Templates.Server!);
        await using var app = await ExeuntApp.Start(Database.Postgres, o => o with { Database = new NpgsqlConnectionStringBuilder(o.Database) { Host = "127.0.0.1", Port = relay.Port }.ToString() });
        var contract = await app.AContractInForce();
        var (_, id, _) = await app.Applied(contract);
        var person = await app.Browser(Role.Supervisor, language: language);
        foreach (var page in new[] { "/today", $"/cases/{id}", $"/customers/{contract.CustomerId}" })
        {
            var away = 0;
            for (var messages = 0; ; messages++)
            {
                relay.LeaveAfter(messages);
                var answer = await person.Get(page);
                relay.Return();
                if (answer.Status == 200)
                    break;
                away++;
                answer.Status.ShouldBe(503, $"{page} after {messages}: {answer.Text}");
                answer.Text.ShouldContain(language == "zh" ? "系统暂时无法保存数据" : "Nothing can be saved at the moment", Case.Sensitive, $"{page} after {messages}");
                messages.ShouldBeLessThan(500);
            }
            output.WriteLine($"{page}: {away} places");
            away.ShouldBeGreaterThan(2, page);
            // A connection that was cut while nobody used it is found out by the first who does.
            if ((await person.Get(page)).Status != 200)
                (await person.Get(page)).Status.ShouldBe(200, page);
        }
        using var client = app.Client();
        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        relay.Leave(hard: true);
        using var failing = await client.GetAsync("/health/ready");
        failing.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await failing.Content.ReadAsStringAsync()).ShouldContain("database");
        relay.Return();
        using var well = await client.GetAsync("/health/ready");
        well.StatusCode.ShouldBe(HttpStatusCode.OK, await well.Content.ReadAsStringAsync());
    }
}
