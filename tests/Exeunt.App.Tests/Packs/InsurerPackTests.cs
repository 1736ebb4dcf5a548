using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Packs;

/// <summary>Insurance: surrender for its table's value once everybody with a right has consented; a claim keeps the file and nothing else.</summary>
public abstract class InsurerPackTests(ExeuntApp app)
{
    [Fact]
    public async Task Surrenders_after_the_irrevocable_beneficiary_consented_and_keeps_the_file_while_a_claim_is_open()
    {
        await app.Install(Insurer.Pack);
        var today = await app.Today();
        var contract = await app.AContractOf(Insurer.Life, change: c => (c.PolicyLoan, c.PolicyLoanOn, c.Rights) = (3000_00, today.AddDays(-100), PolicyRight.Irrevocable | PolicyRight.OtherInsured));
        var agent = await app.SignIn(Role.Agent);
        await agent.Ok(HttpMethod.Post, "/api/claims", new { contract = contract.Number, number = "CL-77", reportedOn = today });
        var it = await app.Ends(contract);
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Insurer.SurrenderId);

        // The end waits for the consent; a tick without the paper is refused, one with what is no paper too.
        (await it.Step("consent")).ShouldBe("Active");
        (await it.Step("effective")).ShouldBe("Waiting");
        var supervisor = await app.SignIn(Role.Supervisor);
        await app.AdvanceDays(3);
        (await it.Step("effective")).ShouldBe("Waiting");
        (await Refusal(supervisor, it, new { item = "irrevocable-beneficiary" })).ShouldBe("offboarding.evidence-needed");
        (await Refusal(supervisor, it, new { item = "irrevocable-beneficiary", evidence = "not a paper"u8.ToArray() })).ShouldBe("evidence.no-paper");
        await supervisor.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/checks", new { item = "irrevocable-beneficiary", evidence = MoneyWorld.Receipt });
        await app.Drain();
        (await it.Step("consent")).ShouldBe("Done");
        (await it.Step("effective")).ShouldBe("Active");
        // It did not end before it was consented to.
        (await it.Case()).GetProperty("effectiveOn").GetString().ShouldBe($"{today.AddDays(3):yyyy-MM-dd}");

        // Premiums of 24,000, by completed years and days; loan and 103 days of interest at 5 % set off.
        (await it.Line("surrender"))!.Value.ShouldBeLessThan(0);
        (await it.Line("policyLoan")).ShouldBe(3000_00);
        (await it.Line("policyLoanInterest")).ShouldBe(42_33);
        var quote = app.Mails(contract.Mail).Single(m => m.Subject.Contains("退保告知书", StringComparison.Ordinal));
        quote.Text.ShouldContain("重新健康告知");

        await supervisor.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/checks", new { item = "insured-told", evidence = MoneyWorld.Photo });
        await app.AdvanceDays(1);
        (await it.OpenWork()).ShouldBe(["end-cover", "stop-premium", "notify-reinsurer"], ignoreOrder: true);
        await it.Work();
        (await it.Step("certificate")).ShouldBe("Done");
        (await it.Step("approve")).ShouldBe("Skipped");
        app.Mails(contract.Mail).ShouldContain(m => m.Subject.Contains("保险责任已终止", StringComparison.Ordinal));
        await it.Pay();

        // Money is out; the claim holds erasure and closing, and people cannot lift that.
        (await it.Step("reconcile")).ShouldBe("Done");
        await app.AdvanceDays(31);
        (await it.State()).ShouldBe("WindingUp");
        (await it.Step("erase")).ShouldBe("Waiting");
        var resumed = await agent.PostAsync($"/api/cases/{it.Id}/resume", null);
        resumed.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await resumed.Content.ReadAsStringAsync()).ShouldContain("case.claim-open");
        (await it.Step("erase")).ShouldBe("Waiting");
        await agent.Ok(HttpMethod.Post, "/api/claims/closure", new { contract = contract.Number, number = "CL-77" });
        await app.Drain();
        (await it.Step("erase")).ShouldBe("Done");
        await it.Closes();
    }

    [Fact]
    public async Task Gives_everything_back_within_the_cooling_off_period_and_the_table_value_later()
    {
        await app.Install(Insurer.Pack);
        var today = await app.Today();
        var last = await app.Ends(await app.AContractOf(Insurer.Life, change: c => c.SignedOn = today.AddDays(-Insurer.CoolingOffDays)));
        (await last.Line("coolingOff")).ShouldBe(-23_990_00);
        (await last.Line("surrender")).ShouldBeNull();
        // More than the limit: people approve.
        (await last.Step("approve")).ShouldBe("Active");
        // A last day off moves on, over the longest holidays too; to the day it is looked at in Core.
        var late = await app.Ends(await app.AContractOf(Insurer.Life, change: c => c.SignedOn = today.AddDays(-Insurer.CoolingOffDays - 12)));
        (await late.Line("coolingOff")).ShouldBeNull();
        (await late.Line("surrender"))!.Value.ShouldBeLessThan(0);
        await app.ShouldFold(last.Id);
    }

    [Fact]
    public async Task Cancels_a_property_policy_by_short_rate_up_to_its_close()
    {
        await app.Install(Insurer.Pack);
        var it = await app.Ends(await app.AContractOf(Insurer.Property));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Insurer.CancellationId);
        (await it.Line("surrender"))!.Value.ShouldBeLessThan(0);
        (await it.Line("unusedPrepaid")).ShouldBeNull();
        await app.AdvanceDays(1);
        await it.Work();
        (await it.Step("certificate")).ShouldBe("Done");
        (await it.OpenWork()).ShouldBe(["send-endorsement"]);
        await it.Work();
        await it.Pay();
        await it.Closes();
    }

    [Fact]
    public async Task Refuses_claims_that_cannot_be_and_takes_the_same_one_twice()
    {
        await app.Install(Insurer.Pack);
        var today = await app.Today();
        var it = await app.Ends(await app.AContractOf(Insurer.Life));
        var agent = await app.SignIn(Role.Agent);
        async Task<(HttpStatusCode, string)> Try(HttpClient who, string path, object body)
        {
            var answer = await who.PostAsJsonAsync(path, body);
            var text = await answer.Content.ReadAsStringAsync();
            return (answer.StatusCode, answer.IsSuccessStatusCode || text.Length == 0 ? "" : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!);
        }
        var path = $"/api/cases/{it.Id}/claims";
        (await Try(agent, path, new { number = "", reportedOn = today })).Item2.ShouldBe("required");
        (await Try(agent, path, new { number = "A B<script>", reportedOn = today })).Item2.ShouldBe("claim.number");
        (await Try(agent, path, new { number = "A-1", reportedOn = today.AddDays(1) })).Item2.ShouldBe("claim.reported-ahead");
        (await Try(agent, path, new { number = "A-1", reportedOn = today })).Item1.ShouldBe(HttpStatusCode.OK);
        (await Try(agent, path, new { number = "A-1", reportedOn = today })).Item1.ShouldBe(HttpStatusCode.OK);
        (await Try(agent, path, new { number = "A-1", reportedOn = today.AddDays(-1) })).Item2.ShouldBe("claim.known-otherwise");
        (await Try(agent, "/api/claims", new { contract = (await app.AContractInForce()).Number, number = "A-1", reportedOn = today })).Item2.ShouldBe("claim.not-insured");
        (await Try(agent, "/api/claims/closure", new { contract = it.Contract.Number, number = "\0" })).Item2.ShouldBe("unreadable");
        (await Try(agent, "/api/claims", new { contract = "HT-NONE", number = "A-1", reportedOn = today })).Item1.ShouldBe(HttpStatusCode.NotFound);
        (await Try(await app.SignIn(Role.Technical), path, new { number = "A-2", reportedOn = today })).Item1.ShouldBe(HttpStatusCode.Forbidden);
        (await Try(agent, "/api/claims/closure", new { contract = it.Contract.Number, number = "A-1", closedOn = today.AddDays(-1) })).Item2.ShouldBe("claim.closed-before-reported");
        (await Try(agent, "/api/claims/closure", new { contract = it.Contract.Number, number = "A-9" })).Item1.ShouldBe(HttpStatusCode.NotFound);
        (await it.Case()).GetProperty("state").GetString().ShouldNotBe("Held");
        (await Try(agent, "/api/claims/closure", new { contract = it.Contract.Number, number = "A-1" })).Item1.ShouldBe(HttpStatusCode.OK);
        (await Try(agent, "/api/claims/closure", new { contract = it.Contract.Number, number = "A-1" })).Item2.ShouldBe("claim.closed-already");
        var listed = await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, path);
        listed.GetProperty("claims").GetArrayLength().ShouldBe(1);
        await app.ShouldFold(it.Id);
    }

    /// <summary>The code with which a tick is refused; "" when it is not.</summary>
    internal static async Task<string> Refusal(HttpClient who, APackCase it, object body)
    {
        var answer = await who.PostAsJsonAsync($"/api/cases/{it.Id}/checks", body);
        return answer.IsSuccessStatusCode ? "" : JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
    }

    public sealed class OnSqlite(SqliteApp app) : InsurerPackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : InsurerPackTests(app), IClassFixture<PostgresApp>;
}
