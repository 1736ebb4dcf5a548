using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Imports;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.DataRequests;

/// <summary>Whose data is only stored: whoever looks sees it, and nothing else is done with it.</summary>
public abstract class RestrictionTests(ExeuntApp app)
{
    [Fact]
    public async Task The_pages_of_customer_and_case_say_it_in_both_languages()
    {
        var contract = await app.AContractInForce();
        var (_, caseId, _) = await app.Applied(contract);
        string[] paths = [$"/customers/{contract.CustomerId}", $"/cases/{caseId}"];
        await Say(shown: false);

        await app.Granted(contract.CustomerId, "Restrict");

        await Say(shown: true);
        (await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Get, $"/api/cases/{caseId}")).GetProperty("customer").TryGetProperty("restrictedAt", out _).ShouldBeTrue();

        async Task Say(bool shown)
        {
            foreach (var (language, words) in new[] { ("en", "Only stored since"), ("zh", "起其数据仅作存储") })
            {
                using var browser = await app.Browser(Role.Supervisor, language: language);
                foreach (var path in paths)
                    (await browser.Get(path)).Text.Contains(words, StringComparison.Ordinal).ShouldBe(shown, $"{path} {language}");
            }
        }
    }

    [Fact]
    public async Task In_clear_it_is_shown_for_a_named_reason_that_is_recorded()
    {
        var contract = await app.AContractInForce();
        var id = contract.CustomerId;
        await app.Granted(id, "Restrict");
        var call = await app.CallOf(Role.Supervisor);
        foreach (var reason in new[] { null, "", "curious" })
            (await app.Do<RevealContact, RevealContact.Request, RevealedContact>(call, new(id, reason))).Refusal!.Code.ShouldBe("data.restricted", reason ?? "none");

        using var browser = await app.Browser(Role.Supervisor, language: "en");
        await browser.Get($"/customers/{id}");
        var page = await browser.Submit("form.reveal", new { reason = "" });
        page.Status.ShouldBe(422);
        page.Text.ShouldContain("Choose for what you look at it");
        page.Text.ShouldNotContain(contract.Mail);
        page = await browser.Submit("form.reveal", new { reason = "claim" });
        page.Status.ShouldBe(200);
        page.Text.ShouldContain(contract.Mail);
        var looks = await app.With<AppDb, List<string>>(db => db.AuditLog.Where(r => r.Verb == "customer.revealed" && r.Target == $"customer:{id}").Select(r => r.Data).ToListAsync());
        looks.ShouldHaveSingleItem().ShouldContain("\"reason\":\"claim\"");

        // Of others no reason is asked for.
        var other = (await app.AContractInForce()).CustomerId;
        page = await browser.Get($"/customers/{other}");
        page.Document.QuerySelector("form.reveal select").ShouldBeNull();
        (await app.Do<RevealContact, RevealContact.Request, RevealedContact>(call, new(other))).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task The_list_as_a_file_keeps_the_line_and_says_why_nothing_is_in_it()
    {
        var (restricted, other) = ((await app.AContractInForce()).CustomerId, (await app.AContractInForce()).CustomerId);
        await app.Granted(restricted, "Restrict");
        using var browser = await app.Browser(Role.Supervisor, language: "en");

        var lines = (await browser.Get("/customers.csv?col=tier,unit,contracts,since")).Html.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).ToList();

        var line = lines.Single(l => l[0] == $"{restricted}");
        (line[1], line[2], line[4], line[5]).ShouldBe(("Only stored", "", "", ""));
        line[3].ShouldNotBeEmpty("where they belong");
        line = lines.Single(l => l[0] == $"{other}");
        (line[1], line[4], line[5]).ShouldBe(("王**", "1", "2020-05-01"));
    }

    [Fact]
    public async Task An_import_leaves_it_alone_and_says_so_until_the_restriction_ends()
    {
        var contract = await app.AContractInForce();
        var id = contract.CustomerId;
        var request = await app.Granted(id, "Restrict");
        var before = (await app.ContactOf(id), await app.IdentityOf(id));
        string[] file = ["customer,name,mail,industry,notes", $"{id},李明,other{id}@customer.example,Steel,likes coffee"];

        foreach (var dry in new[] { true, false })
        {
            var result = await app.Bring(ImportNoun.Customers, dry, file);
            result.Refusals.Select(r => (r.Line, r.Column ?? "the row", r.Code, r.IsIn)).ShouldBe([(2L, "the row", "import.only-stored", true)]);
            (result.Refused, result.Spared, result.Changed, result.Unchanged).ShouldBe((0L, 1L, 0L, 1L));
        }
        (await app.Bring(ImportNoun.Contacts, false, "customer,phone", $"{id},13900002222")).Spared.ShouldBe(1);
        (await app.ContactOf(id), await app.IdentityOf(id)).ShouldBe(before);
        (await app.TheCustomer(id)).Industry.ShouldBeNull();
        // A row that says what is there already is nothing to tell.
        (await app.Bring(ImportNoun.Contacts, false, "customer,mail,phone", $"{id},{contract.Mail},{contract.Phone}")).Refusals.ShouldBeEmpty();

        await (await app.SignIn(Role.DataOfficer)).Ok(HttpMethod.Post, $"/api/data-requests/{request}/lifting", new { reason = "customer-asked" });
        await app.Drain();
        (await app.Bring(ImportNoun.Customers, false, file)).Changed.ShouldBe(1);
        ((await app.ContactOf(id))!.Mail, (await app.IdentityOf(id))!.Name, (await app.TheCustomer(id)).Industry).ShouldBe(($"other{id}@customer.example", "李明", "Steel"));
    }

    public sealed class OnSqlite(SqliteApp app) : RestrictionTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RestrictionTests(app), IClassFixture<PostgresApp>;
}
