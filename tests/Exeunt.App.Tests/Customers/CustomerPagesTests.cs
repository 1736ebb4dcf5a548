using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Customers;

/// <summary>The list and the file of customers: what is found, what is masked, who sees whom, what is recorded.</summary>
public abstract class CustomerPagesTests(ExeuntApp app)
{
    private static long _last = 810_000;

    [Theory]
    [InlineData("小燕")]
    [InlineData("欧阳小燕")]
    public async Task Finds_a_person_by_characters_of_the_name_and_shows_it_masked(string words)
    {
        var id = await ACustomer(name: "欧阳小燕");

        var page = await (await app.Browser(Role.Supervisor)).Get("/customers?q=" + words);

        page.All("tbody a").ShouldContain("欧***");
        page.Html.ShouldContain($"/customers/{id}\"");
        page.Text.ShouldNotContain("欧阳小燕");
    }

    [Fact]
    public async Task Leaves_out_candidates_whose_name_only_shares_the_pieces()
    {
        await ACustomer(name: "Banana");

        var page = await (await app.Browser(Role.Supervisor)).Get("/customers?q=Anab");

        page.All("tbody tr").ShouldBeEmpty();
        page.Text.ShouldContain("No customer fits");
    }

    [Fact]
    public async Task Finds_by_whole_phone_mail_customer_number_and_contract_number()
    {
        var id = await ACustomer(name: "Anna Berg", contract: "HT-77-12");
        var browser = await app.Browser(Role.Supervisor);

        foreach (var words in new[] { $"139{id:D8}", $"c{id}@customer.example", $"N{id}", "ht-77-12" })
            (await browser.Get("/customers?q=" + Uri.EscapeDataString(words))).Html.ShouldContain($"/customers/{id}\"", customMessage: words);
        (await browser.Get($"/customers?q=139{id - 1:D8}")).Html.ShouldNotContain($"/customers/{id}\"");
    }

    [Fact]
    public async Task Finds_by_phone_mail_and_number_in_another_spelling()
    {
        var id = await ACustomer(name: "Anna Weit", contract: "HT-78-12");
        var browser = await app.Browser(Role.Supervisor);

        foreach (var words in new[]
        {
            Wide($"139{id:D8}"), $"+86 139{id:D8}", $"0086-139{id:D8}", Wide($"c{id}@customer.example"), $"C{id}@CUSTOMER.EXAMPLE", $"n{id}", Wide($"n{id}"), Wide("ht-78-12"),
        })
            (await browser.Get("/customers?q=" + Uri.EscapeDataString(words))).Html.ShouldContain($"/customers/{id}\"", customMessage: words);
        (await browser.Get("/customers?q=" + Uri.EscapeDataString(Wide($"139{id - 1:D8}")))).Html.ShouldNotContain($"/customers/{id}\"");
    }

    [Fact]
    public async Task Shows_an_organisation_by_its_name()
    {
        await ACustomer(name: "王建国", organisation: "北海包装有限公司");

        var page = await (await app.Browser(Role.Supervisor)).Get("/customers?q=北海包装");

        page.All("tbody a").ShouldBe(["北海包装有限公司"]);
        page.Text.ShouldNotContain("王建国");
    }

    [Theory]
    [InlineData("58同城信息技术有限公司", "58")]
    [InlineData("360集团", "360")]
    [InlineData("三六零 360-7 号店", "3607")]
    public async Task Finds_a_name_by_the_digits_in_it(string organisation, string words)
    {
        var id = await ACustomer(name: "何", organisation: organisation);
        var browser = await app.Browser(Role.Supervisor);

        (await browser.Get("/customers?q=" + words)).Html.ShouldContain($"/customers/{id}\"");
        (await browser.Get($"/customers?q={words}9")).Html.ShouldNotContain($"/customers/{id}\"");
    }

    [Fact]
    public async Task Pages_by_keyset_without_gaps_or_repeats()
    {
        var made = new List<long>();
        for (var i = 0; i < ListCustomers.PageSize + 3; i++)
            made.Add(await ACustomer(name: $"Quentin Zz{i}", country: "AQ"));
        var call = await app.CallOf(Role.Supervisor);

        var first = (await app.Do<ListCustomers, CustomerQuery, CustomerList>(call, new CustomerQuery("Quentin", Country: "AQ"))).Value;
        var second = (await app.Do<ListCustomers, CustomerQuery, CustomerList>(call, new CustomerQuery("Quentin", Country: "AQ", After: first.Next!.Value))).Value;

        first.Lines.Concat(second.Lines).Select(l => l.Id).ShouldBe(made);
        second.Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_stranger_units_customer_is_not_found_by_list_search_page_or_reveal()
    {
        var id = await ACustomer(name: "Olga Stone", unit: "NORTH");
        var stranger = await app.Browser(Role.Agent, "SOUTH");

        (await stranger.Get("/customers")).Html.ShouldNotContain($"/customers/{id}\"");
        (await stranger.Get("/customers?q=Olga")).Html.ShouldNotContain($"/customers/{id}\"");
        (await stranger.Get($"/customers/{id}")).Status.ShouldBe(404);
        (await app.Do<RevealContact, RevealContact.Request, RevealedContact>(await app.CallOf(Role.Agent, "SOUTH"), new(id))).Refusal.ShouldBe(CommonRefusals.NotFound);
        (await (await app.Browser(Role.Agent, "NORTH")).Get($"/customers/{id}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Reveals_once_and_records_who_looked_at_whom()
    {
        var id = await ACustomer(name: "赵晓光");
        var browser = await app.Browser(Role.Supervisor, language: "zh");
        (await browser.Get($"/customers/{id}")).Text.ShouldNotContain("赵晓光");

        var revealed = await browser.Submit("显示");

        revealed.Status.ShouldBe(200);
        revealed.Of("h1").ShouldBe("赵晓光");
        revealed.Text.ShouldContain($"c{id}@customer.example");
        (await browser.Get($"/customers/{id}")).Of("h1").ShouldBe("赵**");
        var entries = await Audit($"customer:{id}");
        entries.Count(e => e.Verb == "customer.revealed").ShouldBe(1);
        entries.Single(e => e.Verb == "customer.revealed").Actor.ShouldBe($"staff:{await app.Staff(Role.Supervisor):N}");
        entries.Count(e => e.Verb == "customer.viewed").ShouldBe(3);
        entries.ShouldAllBe(e => !e.Data.Contains('赵'));
    }

    [Fact]
    public async Task A_role_without_the_permission_is_offered_no_reveal_and_refused()
    {
        var id = await ACustomer(name: "Ida Gold");

        var page = await (await app.Browser(Role.Analyst)).Get($"/customers/{id}");

        page.Status.ShouldBe(200);
        page.Document.QuerySelector("form.reveal").ShouldBeNull();
        (await app.Do<RevealContact, RevealContact.Request, RevealedContact>(await app.CallOf(Role.Analyst), new(id))).Refusal!.Code.ShouldBe("not-allowed");
    }

    [Fact]
    public async Task What_was_revealed_is_not_kept_under_an_idempotency_key()
    {
        var id = await ACustomer(name: "Quiet Canary");
        var call = (await app.CallOf(Role.Supervisor)) with { IdempotencyKey = $"reveal-{id}" };

        await app.Do<RevealContact, RevealContact.Request, RevealedContact>(call, new(id));

        (await app.With<AppDb, int>(db => db.Idempotency.CountAsync(r => r.Key == call.IdempotencyKey))).ShouldBe(0);
    }

    [Fact]
    public async Task A_search_is_recorded_without_its_words()
    {
        await ACustomer(name: "Wanda Canary");

        await (await app.Browser(Role.Supervisor)).Get("/customers?q=Wanda");

        var entries = await Audit("customers");
        entries.ShouldContain(e => e.Verb == "customers.searched");
        entries.ShouldAllBe(e => !e.Data.Contains("Wanda"));
    }

    [Fact]
    public async Task Todays_page_says_what_would_be_here_when_nothing_waits() =>
        (await (await app.Browser(Role.Technical, name: "idle")).Get("/today")).Of("h1").ShouldBe("Today");

    /// <summary>The same text in full-width characters.</summary>
    private static string Wide(string text) => string.Concat(text.Select(c => c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c));

    private Task<List<AuditRow>> Audit(string target) =>
        app.With<AppDb, List<AuditRow>>(db => db.AuditLog.AsNoTracking().Where(a => a.Target == target).ToListAsync());

    /// <summary>A customer with name, mail, phone and number; an organisation when its name is given.</summary>
    private async Task<long> ACustomer(string name, string? organisation = null, string unit = "HQ", string? country = null, string? contract = null)
    {
        var id = Interlocked.Increment(ref _last);
        // Somebody of the unit makes the unit.
        await app.Staff(Role.Supervisor);
        await app.Staff(Role.Agent, unit);
        await app.With<IServiceProvider>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            var vault = services.GetRequiredService<Vault>();
            var numbers = services.GetRequiredService<NumberTokens>();
            var row = $"{id}";
            var (mail, phone, number) = ($"c{id}@customer.example", $"139{id:D8}", $"N{id}");
            db.Customers.Add(new Customer
            {
                Id = id, Source = "test", NumberToken = numbers.Of("test", number), UnitId = (await db.Units.SingleAsync(u => u.Code == unit)).Id,
                Kind = organisation is null ? CustomerKind.Person : CustomerKind.Organisation, OrganisationName = organisation, Country = country, Language = "zh", Currency = "CNY",
                Profile = await vault.Seal(id, DataClass.Profile, CustomerTable.ProfilePlace, row, new CustomerProfile(number), default),
                Contact = await vault.Seal(id, DataClass.Contact, CustomerTable.ContactPlace, row, new CustomerContact(mail, phone, null), default),
                Identity = await vault.Seal(id, DataClass.Case, CustomerTable.IdentityPlace, row, new CustomerIdentity(name), default),
            });
            if (contract is not null)
                db.Contracts.Add(new Contract
                {
                    Id = id, CustomerId = id, NumberToken = numbers.Of("contract", SearchStore.Normal(TokenKind.Number, contract)), Product = "CLOUD", ProductChinese = "云服务",
                    ProductEnglish = "Cloud", Currency = "CNY", StartOn = new DateOnly(2025, 1, 1), TermMonths = 12, MonthlyFee = 100, PolicyNumber = GeneralPolicy.Number,
                    PolicyVersion = GeneralPolicy.Version, Zone = "Asia/Shanghai", Jurisdiction = "CN",
                });
            var clocks = services.GetRequiredService<Clocks>();
            db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "test.customer", "test");
            await db.SaveChangesAsync();
            await services.GetRequiredService<SearchStore>().Index(id,
                [(TokenKind.Name, name), (TokenKind.Name, organisation ?? ""), (TokenKind.Mail, mail), (TokenKind.Phone, phone), (TokenKind.Number, number)], default);
        });
        return id;
    }

    public sealed class OnSqlite(SqliteApp app) : CustomerPagesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CustomerPagesTests(app), IClassFixture<PostgresApp>;
}
