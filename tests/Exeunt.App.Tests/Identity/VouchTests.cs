using System.Net.Http.Json;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Identity;

/// <summary>A customer who cannot have a code: one member of staff says whose application it is, another confirms.</summary>
public abstract class VouchTests(ExeuntApp app)
{
    [Fact]
    public async Task Two_people_prove_for_a_customer_what_no_code_could()
    {
        var contract = await app.AContractInForce();
        var id = await Declared("Erika", contract.Number, "lost-mailbox@muster.example");
        var agent = await app.SignIn(Role.Agent);
        await (await agent.PostAsJsonAsync($"/api/cases/{id}/vouch", new { contractNumber = contract.Number, method = "document", words = "Identity card seen at the counter." })).Done();
        (await app.TheCase(id)).HasCustomer.ShouldBeFalse();
        using var page = await app.Browser(Role.Supervisor, language: "en");
        (await page.Get($"/cases/{id}")).Text.ShouldContain("Identity card seen at the counter.");
        (await page.Submit("Confirm: it is this customer’s")).Status.ShouldBe(200);
        var exit = await app.TheCase(id);
        (exit.ContractId, exit.IdentityLevel).ShouldBe((contract.ContractId, 2));
        exit.EffectiveOn.ShouldNotBeNull();
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task Nobody_confirms_what_they_said_themselves_and_only_who_may()
    {
        var contract = await app.AContractInForce();
        var id = await Declared("Erika", contract.Number, "lost2@muster.example");
        var head = await app.SignIn(Role.Supervisor);
        (await (await head.PostAsync($"/api/cases/{id}/vouch/confirmation", null)).Refusal()).ShouldBe("not-found");
        await (await head.PostAsJsonAsync($"/api/cases/{id}/vouch", new { contractNumber = contract.Number, method = "call-back", words = "Called the number on file." })).Done();
        (await (await head.PostAsync($"/api/cases/{id}/vouch/confirmation", null)).Refusal()).ShouldBe("identity.second-person");
        (await (await (await app.SignIn(Role.Agent)).PostAsync($"/api/cases/{id}/vouch/confirmation", null)).Refusal()).ShouldBe("not-allowed");
        await (await (await app.SignIn(Role.Supervisor, name: "second")).PostAsync($"/api/cases/{id}/vouch/confirmation", null)).Done();
        (await app.TheCase(id)).IdentityLevel.ShouldBe(1);
        (await (await head.PostAsJsonAsync($"/api/cases/{id}/vouch", new { contractNumber = contract.Number, method = "call-back", words = "Again." })).Refusal()).ShouldBe("case.identity-proven-already");
    }

    [Fact]
    public async Task What_is_missing_or_unknown_is_refused()
    {
        var id = await Declared("Erika", "HT-0", "lost3@muster.example");
        var agent = await app.SignIn(Role.Agent);
        async Task<string> No(object body) => await (await agent.PostAsJsonAsync($"/api/cases/{id}/vouch", body)).Refusal();
        (await No(new { contractNumber = "HT-0", method = "document", words = "Seen." })).ShouldBe("identity.no-such-contract");
        (await No(new { contractNumber = "HT-0", method = "guess", words = "Seen." })).ShouldBe("identity.method");
        (await No(new { contractNumber = "HT-0", method = "document" })).ShouldBe("required");
        (await No(new { method = "document", words = "Seen." })).ShouldBe("required");
    }

    private async Task<Guid> Declared(string name, string contract, string contact) =>
        (await (await app.Client("en").PostAsJsonAsync("/api/pages/germany/declarations", new { contractNumber = contract, name, contact })).Done()).GetProperty("caseId").GetGuid();

    public sealed class OnSqlite(SqliteApp app) : VouchTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : VouchTests(app), IClassFixture<PostgresApp>;
}
