using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Faults.Kit;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Faults;

/// <summary>Two servers on one PostgreSQL database: whoever is second is answered as the first, or refused; a frozen one that wakes up changes nothing.</summary>
public sealed class TwoNodesTests(PostgresServer server, ITestOutputHelper output) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task Race_for_the_same_key_and_for_the_same_case()
    {
        await using var place = await Place.Make(server.Connection, 12);
        var acknowledged = new Acknowledged();
        using var until = new CancellationTokenSource(TimeSpan.FromSeconds(100));
        var (here, there) = (ServerProcess.FreePort(), ServerProcess.FreePort());
        await using var first = ServerProcess.Start(place, here);
        await using var second = ServerProcess.Start(place.SecondNode(), there);
        (await first.Ready()).ShouldNotBeNull(first.Said);
        (await second.Ready()).ShouldNotBeNull(second.Said);
        using var bank = new Bank(place).Open();
        using var one = new Colleagues(place, first.Url, acknowledged, until.Token);
        using var two = new Colleagues(place, second.Url, acknowledged, until.Token);
        using var a = new PatientClient(first.Url, null, acknowledged, until.Token);
        using var b = new PatientClient(second.Url, null, acknowledged, until.Token);

        // The same key at both: one case, one answer.
        foreach (var person in place.People)
        {
            object body = new { contractNumber = person.ContractNumber, name = person.Name, contact = person.Mail, reason = "PRICE/TOO_HIGH" };
            var answers = await Task.WhenAll(a.Post("/api/applications", body, $"race {person.Nth}"), b.Post("/api/applications", body, $"race {person.Nth}"));
            var good = answers.Where(x => x.Ok).Select(x => x.Body.GetProperty("caseId").GetGuid()).ToList();
            good.ShouldNotBeEmpty();
            good.Distinct().ShouldHaveSingleItem();
            answers.Where(x => !x.Ok).ShouldAllBe(x => x.Refusal == CommonRefusals.ChangedMeanwhile.Code);
        }
        await using (var db = place.Read())
            (await db.Cases.CountAsync()).ShouldBe(place.People.Count);

        // Different keys, the same case, the same moment: one talk counts, and the other is refused.
        foreach (var n in (int[])[0, 1, 2])
        {
            using var customer = new PatientClient(n == 0 ? first.Url : second.Url, null, acknowledged, until.Token);
            var leaving = new Journey(place, place.People[n + 4], n == 0 ? one : two, customer, "race whole", until.Token);
            await leaving.Apply();
            var talks = await Task.WhenAll(
                one.Agent.Post($"/api/cases/{leaving.CaseId}/talk", new { reason = "PRICE", channel = "phone", minutes = 1 }, $"talk a {n}", leaving.CaseId),
                two.Agent.Post($"/api/cases/{leaving.CaseId}/talk", new { reason = "PRICE", channel = "phone", minutes = 2 }, $"talk b {n}", leaving.CaseId));
            output.WriteLine(string.Join(", ", talks.Select(t => t.Ok ? "ok" : t.Refusal)));
            talks.Count(t => t.Ok).ShouldBeGreaterThanOrEqualTo(1);
            talks.Where(t => !t.Ok).ShouldAllBe(t => t.Status == 409 || t.Status == 422);
            // The same key at both: whoever is second hears what the first was told, or that it should look again.
            object pause = new { entry = "PAUSE", months = 3 };
            var offers = await Task.WhenAll(
                one.Agent.Post($"/api/cases/{leaving.CaseId}/offer", pause, $"offer {n}", leaving.CaseId), two.Agent.Post($"/api/cases/{leaving.CaseId}/offer", pause, $"offer {n}", leaving.CaseId));
            output.WriteLine(string.Join(", ", offers.Select(t => t.Ok ? "ok" : t.Refusal)));
            offers.ShouldContain(t => t.Ok);
            offers.Where(t => !t.Ok).ShouldAllBe(t => t.Refusal == CommonRefusals.ChangedMeanwhile.Code);
        }
        await Task.Delay(500);
        await first.End();
        await second.End();
        bank.Dispose();
        (await Oracle.Judge(place, acknowledged)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_frozen_node_loses_its_lease_and_cannot_end_what_another_has_ended()
    {
        await using var place = await Place.Make(server.Connection, 1);
        using var smtp = new FakeSmtp { Mood = SmtpMood.HangsAtTheEnd };
        var acknowledged = new Acknowledged();
        using var until = new CancellationTokenSource(TimeSpan.FromSeconds(100));
        await using var first = ServerProcess.Start(place, ServerProcess.FreePort(), more: ["--smtp", smtp.Address]);
        (await first.Ready()).ShouldNotBeNull(first.Said);
        using (var customer = new PatientClient(first.Url, null, acknowledged, until.Token))
        {
            var person = place.People[0];
            var receipt = (await customer.Post("/api/applications", new { contractNumber = person.ContractNumber, name = person.Name, contact = person.Mail }, "frozen")).Must("apply");
            (await customer.Post($"/api/progress/{receipt.GetProperty("token").GetString()}/code", null, "frozen code")).Must("code");
        }
        // The first node has handed a mail over and waits for the answer: there it freezes.
        await Wait(async db => smtp.Connections > 0 && await db.Effects.AnyAsync(e => e.Kind == "mail.send" && e.LeaseUntil != null));
        first.Freeze();
        smtp.Mood = SmtpMood.Takes;
        await using var second = ServerProcess.Start(place.SecondNode(), ServerProcess.FreePort(), more: ["--smtp", smtp.Address]);
        (await second.Ready()).ShouldNotBeNull(second.Said);
        await Wait(async db => !await db.Effects.AnyAsync(e => e.Kind == "mail.send" && e.State != EffectState.Done));
        var after = await Sent();
        first.Thaw();
        // It wakes with an answer to a question that is no longer its own.
        await Task.Delay(TimeSpan.FromSeconds(3));
        (await Sent()).ShouldBe(after);
        await using (var db = place.Read())
        {
            (await db.Effects.AsNoTracking().Where(e => e.Kind == "mail.send").ToListAsync()).ShouldAllBe(e => e.State == EffectState.Done);
            (await db.Effects.AsNoTracking().Where(e => e.Kind == "mail.send").MaxAsync(e => e.Fence)).ShouldBeGreaterThan(1);
            (await db.AuditLog.AsNoTracking().Where(r => r.Verb == "mail.sent").GroupBy(r => r.Target).Select(g => g.Count()).ToListAsync()).ShouldAllBe(n => n == 1);
        }
        await first.End();
        await second.End();

        async Task Wait(Func<AppDb, Task<bool>> holds)
        {
            while (true)
            {
                await using (var db = place.Read())
                    if (await holds(db))
                        return;
                await Task.Delay(50, until.Token);
            }
        }

        async Task<int> Sent()
        {
            await using var db = place.Read();
            return await db.AuditLog.CountAsync(r => r.Verb == "mail.sent");
        }
    }
}
