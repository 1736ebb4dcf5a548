using System.Globalization;
using System.Net.Http.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Documents;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Negotiation;

/// <summary>Ending by agreement: numbered proposals, authority, one signed agreement, and never a delay of the right to end alone.</summary>
public abstract class NegotiationTests(ExeuntApp app)
{
    [Fact]
    public async Task What_both_sides_confirm_is_signed_and_the_settlement_is_computed_from_it()
    {
        var (customer, id, token) = await app.Applied(await app.AContractInForce());
        var shown = await (await customer.GetAsync($"/api/progress/{token}/proposals")).Done();
        var policyFee = decimal.Parse(shown.GetProperty("policyFee").GetString()!.Split(' ')[0], CultureInfo.InvariantCulture);
        policyFee.ShouldBeGreaterThan(0);
        var day = DateOnly.Parse(shown.GetProperty("today").GetString()!, CultureInfo.InvariantCulture).AddDays(12);

        // The customer asks for half of the fee and an earlier day.
        var mine = await (await customer.GetAsync($"/api/progress/{token}/proposals?on={day:yyyy-MM-dd}")).Done();
        var half = Math.Round(decimal.Parse(mine.GetProperty("policyFee").GetString()!.Split(' ')[0], CultureInfo.InvariantCulture) / 2, 2);
        var made = await (await customer.PostAsJsonAsync($"/api/progress/{token}/proposals", new { endsOn = day, fee = half.ToString(CultureInfo.InvariantCulture), words = "路由器由我寄回 words-canary" })).Done();
        made.GetProperty("number").GetInt32().ShouldBe(1);
        var digest = made.GetProperty("digest").GetString();

        // An agent has no authority to give up money; a supervisor has up to 5,000 CNY. What was not looked at cannot be confirmed.
        var (agent, supervisor) = (await app.SignIn(Role.Agent), await app.SignIn(Role.Supervisor));
        (await (await agent.PostAsJsonAsync($"/api/cases/{id}/proposals/confirmation", new { digest })).Refusal()).ShouldBe("proposal.over-authority");
        (await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/proposals/confirmation", new { digest = "other" })).Refusal()).ShouldBe("case.proposal-changed");
        await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/proposals/confirmation", new { digest })).Done();
        await app.Drain();

        var exit = await app.TheCase(id);
        exit.AgreementId.ShouldNotBeNull();
        exit.EffectiveOn.ShouldBe(day);
        exit.Step("negotiate").State.ShouldBe(StepState.Done);
        await app.With<AppDb>(async db =>
        {
            (await db.Documents.AsNoTracking().SingleAsync(d => d.CaseId == id && d.Kind == DocumentKind.Agreement)).MediaType.ShouldBe("application/pdf");
            (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId)).LastServiceDay.ShouldBe(day);
            var line = await db.CaseLines.AsNoTracking().SingleAsync(l => l.CaseId == id);
            (line.Kind, line.State, line.AddedBy.StartsWith("case:", StringComparison.Ordinal), line.DecidedBy!.StartsWith("staff:", StringComparison.Ordinal)).ShouldBe((CaseLineKind.Waiver, CaseLineState.Approved, true, true));
        });
        (await app.PlacesWith("words-canary")).ShouldBeEmpty();

        // The settlement has the fee and the reduction, and the case ends on the agreed day.
        await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/talk", new { reason = "PRICE", channel = "phone", minutes = 5 })).Done();
        await (await supervisor.PostAsync($"/api/cases/{id}/offer/skip", null)).Done();
        await app.Drain();
        var statement = (await (await agent.GetAsync($"/api/cases/{id}")).Done()).GetProperty("settlement").GetProperty("statement").GetString()!;
        var lines = System.Text.Json.JsonDocument.Parse(statement).RootElement.GetProperty("lines").EnumerateArray().ToDictionary(l => l.GetProperty("line").GetString()!, l => decimal.Parse(l.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture));
        (lines["etf"] + lines["waiver.agreement"]).ShouldBe(half);
        await app.AdvanceDays(13);
        (await app.TheCase(id)).State.ShouldBe(CaseState.Executing);
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task A_later_proposal_takes_the_place_of_the_one_before()
    {
        var (customer, id, token) = await app.Applied(await app.AContractInForce());
        var supervisor = await app.SignIn(Role.Supervisor);
        var today = (await app.SystemCall()).Today("Asia/Shanghai");
        var first = await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/proposals", new { endsOn = today.AddDays(20) })).Done();
        var second = await (await supervisor.PostAsJsonAsync($"/api/cases/{id}/proposals", new { endsOn = today.AddDays(25), fee = "1.00" })).Done();
        second.GetProperty("number").GetInt32().ShouldBe(2);
        (await (await customer.PostAsJsonAsync($"/api/progress/{token}/proposals/confirmation", new { digest = first.GetProperty("digest").GetString() })).Refusal()).ShouldBe("case.proposal-changed");
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/proposals/confirmation", new { digest = second.GetProperty("digest").GetString() })).Done();
        (await app.TheCase(id)).EffectiveOn.ShouldBe(today.AddDays(25));
        (await (await customer.PostAsJsonAsync($"/api/progress/{token}/proposals", new { endsOn = today.AddDays(30) })).Refusal()).ShouldBe("case.negotiation-over");
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Refuses_what_is_dearer_than_the_policy_too_far_or_more_instalments_than_it_has()
    {
        var (customer, id, token) = await app.Applied(await app.AContractInForce());
        var today = (await app.SystemCall()).Today("Asia/Shanghai");
        async Task<string> Try(object terms) => await (await customer.PostAsJsonAsync($"/api/progress/{token}/proposals", terms)).Refusal();
        (await Try(new { endsOn = today.AddDays(20), fee = "99999.00" })).ShouldBe("proposal.dearer-than-policy");
        (await Try(new { endsOn = today.AddDays(-1) })).ShouldBe("proposal.date");
        (await Try(new { endsOn = today.AddDays(800) })).ShouldBe("proposal.date");
        (await Try(new { fee = "1.00" })).ShouldBe("required");
        (await Try(new { endsOn = today.AddDays(20), instalments = 99 })).ShouldStartWith("proposal.");
        var agent = await app.SignIn(Role.Agent);
        (await (await agent.PostAsJsonAsync($"/api/cases/{id}/proposals", new { endsOn = today.AddDays(20), fee = "0.00" })).Refusal()).ShouldBe("proposal.over-authority");
        (await app.TheCase(id)).ProposalNumber.ShouldBe(0);
    }

    [Fact]
    public async Task Without_an_agreement_the_case_goes_on_under_the_policy_on_its_day()
    {
        var (customer, id, token) = await app.Applied(await app.AContractInForce());
        var before = (await app.TheCase(id)).EffectiveOn;
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/proposals", new { endsOn = before!.Value.AddDays(100), fee = "0.00" })).Done();
        await app.AdvanceDays(31);
        var exit = await app.TheCase(id);
        (exit.State, exit.EffectiveOn, exit.Step("negotiate").State).ShouldBe((CaseState.Executing, before, StepState.Skipped));
        await app.With<AppDb>(async db => (await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId)).State.ShouldBe(ContractState.Ended));
        await app.ShouldFold(id);
    }

    public sealed class OnSqlite(SqliteApp app) : NegotiationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : NegotiationTests(app), IClassFixture<PostgresApp>;
}
