using System.Net.Http.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.DataRequests;

/// <summary>What was corrected is right everywhere here, stays so whatever the next file says, and is corrected in the systems that hold a copy.</summary>
public abstract class CorrectionTests(ExeuntApp app)
{
    [Fact]
    public async Task The_right_name_of_an_organisation_stands_in_letters_pages_and_search_and_the_old_one_does_not()
    {
        var id = (await app.AContractInForce(language: "en")).CustomerId;
        await Organisation(id, "Wrongspell Canary Ltd");

        await app.Granted(id, "Correct", new { name = "Rightword Works Ltd" });

        (await app.TheCustomer(id)).OrganisationName.ShouldBe("Rightword Works Ltd");
        (await app.IdentityOf(id))!.Name.ShouldBe("Rightword Works Ltd");
        (await app.With<CaseLetters, string?>(letters => letters.NameOf(id, default))).ShouldBe("Rightword Works Ltd");
        using var browser = await app.Browser(Role.Supervisor, language: "en");
        var page = await browser.Get($"/customers/{id}");
        page.Of("h1").ShouldBe("Rightword Works Ltd");
        page.Html.ShouldNotContain("Wrongspell");
        (await browser.Get("/customers?q=Rightword")).Html.ShouldContain($"/customers/{id}\"");
        (await browser.Get("/customers?q=Wrongspell")).Html.ShouldNotContain($"/customers/{id}\"");
        await app.With<SearchStore>(async search =>
        {
            (await search.Find(TokenKind.Name, "Rightword", 500, default)).ShouldContain(id);
            (await search.Find(TokenKind.Name, "Wrongspell", 500, default)).ShouldNotContain(id);
        });
        // The file that has the old name does not bring it back either.
        (await app.Bring(ImportNoun.Customers, false, "customer,name,kind", $"{id},wrongspell canary ltd,organisation")).Refusals.Single().Code.ShouldBe("import.corrected");
        (await app.TheCustomer(id)).OrganisationName.ShouldBe("Rightword Works Ltd");
    }

    [Fact]
    public async Task The_name_of_an_organisation_that_an_erasure_took_is_not_brought_back_by_a_correction()
    {
        var id = (await app.AContractInForce()).CustomerId;
        await Organisation(id, "Gone Ltd");
        await app.With<AppDb>(async db =>
        {
            var customer = await db.Customers.SingleAsync(c => c.Id == id);
            (customer.OrganisationName, customer.ErasedAt) = (null, app.Time.GetUtcNow());
            db.Audit(await app.SystemCall(), "test.erased", $"customer:{id}");
            await db.SaveChangesAsync();
        });

        await app.Granted(id, "Correct", new { name = "Back Ltd" });

        (await app.TheCustomer(id)).OrganisationName.ShouldBeNull();
    }

    [Fact]
    public async Task A_file_that_still_has_the_old_values_leaves_the_right_ones_and_says_so()
    {
        var contract = await app.AContractInForce();
        var id = contract.CustomerId;
        await app.Granted(id, "Correct", new { name = "王小方", address = "new road 2" });
        await app.Granted(id, "Correct", mail: $"moved{id}@customer.example");
        await app.AdvanceDays(4);
        var right = new CustomerContact($"moved{id}@customer.example", contract.Phone, "new road 2");
        (await app.ContactOf(id)).ShouldBe(right);
        string[] old = ["customer,name,mail,phone,address", $"{id},王小芳,WANG{id}@customer.example,{contract.Phone},Canary Road 1"];

        foreach (var dry in new[] { true, false })
        {
            var result = await app.Bring(ImportNoun.Customers, dry, old);

            result.Refusals.Select(r => (r.Line, r.Column, r.Code, r.IsIn)).ShouldBe([(2L, "name", "import.corrected", true), (2L, "mail", "import.corrected", true), (2L, "address", "import.corrected", true)], ignoreOrder: true);
            (result.Refused, result.Spared, result.Changed, result.Unchanged).ShouldBe((0L, 3L, 0L, 1L));
        }
        (await app.ContactOf(id)).ShouldBe(right, "codes go to the new mailbox");
        (await app.IdentityOf(id))!.Name.ShouldBe("王小方");
        await app.With<SearchStore>(async search => (await search.Find(TokenKind.Mail, contract.Mail, 500, default)).ShouldNotContain(id));

        // Beside an old value the rest of the row goes in; what is right is no warning.
        var other = await app.Bring(ImportNoun.Contacts, false, "customer,mail,phone,address", $"{id},{contract.Mail},13900002222,new road 2");
        (other.Spared, other.Changed).ShouldBe((1L, 1L));
        (await app.ContactOf(id)).ShouldBe(right with { Phone = "13900002222" });

        // Another, newer value is taken, and the old one stays old after it.
        (await app.Bring(ImportNoun.Customers, false, "customer,name,mail", $"{id},王晓方,newer{id}@customer.example")).Spared.ShouldBe(0);
        (await app.IdentityOf(id))!.Name.ShouldBe("王晓方");
        (await app.Bring(ImportNoun.Customers, false, "customer,name,mail", $"{id},王小芳,{contract.Mail}")).Spared.ShouldBe(2);
        ((await app.IdentityOf(id))!.Name, (await app.ContactOf(id))!.Mail).ShouldBe(("王晓方", $"newer{id}@customer.example"));
    }

    [Fact]
    public async Task What_was_corrected_twice_does_not_come_back_in_either_old_form_and_what_is_right_again_counts()
    {
        var id = (await app.AContractInForce()).CustomerId;
        foreach (var name in new[] { "Anna Berg", "anna berg-lund", "Anna Berg" })
            await app.Granted(id, "Correct", new { name });

        foreach (var (told, spared) in new[] { ("王小芳", 1), ("Anna Berg-Lund", 1), ("Anna Berg", 0), ("anna berg", 0) })
        {
            (await app.Bring(ImportNoun.Customers, false, "customer,name", $"{id},{told}")).Spared.ShouldBe(spared, told);
            (await app.IdentityOf(id))!.Name.ShouldBe(spared == 1 ? "Anna Berg" : told);
            await app.Bring(ImportNoun.Customers, false, "customer,name", $"{id},Anna Berg");
        }
        // Only the capitals were wrong: as they were they do not come back.
        await app.Granted(id, "Correct", new { name = "ANNA Berg" });
        (await app.Bring(ImportNoun.Customers, false, "customer,name", $"{id},Anna Berg")).Spared.ShouldBe(1);
        (await app.IdentityOf(id))!.Name.ShouldBe("ANNA Berg");
    }

    [Fact]
    public async Task Another_contact_that_a_case_brought_stays_too()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        await (await (await app.SignIn(Role.Agent)).PostAsJsonAsync($"/api/cases/{id}/identity", new { method = "document", words = "seen" })).Done();
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/contact", new { mail = $"mine{contract.CustomerId}@customer.example" })).Done();
        await app.AdvanceDays(4);
        (await app.ContactOf(contract.CustomerId))!.Mail.ShouldBe($"mine{contract.CustomerId}@customer.example");

        (await app.Bring(ImportNoun.Contacts, false, "customer,mail", $"{contract.CustomerId},{contract.Mail}")).Refusals.Single().Code.ShouldBe("import.corrected");

        (await app.ContactOf(contract.CustomerId))!.Mail.ShouldBe($"mine{contract.CustomerId}@customer.example");
    }

    [Fact]
    public async Task What_is_remembered_of_an_old_value_is_in_no_package_and_goes_with_the_class()
    {
        var id = (await app.AContractInForce()).CustomerId;
        await app.Granted(id, "Correct", new { name = "王小方", address = "new road 2" });
        (await Kept(id)).ShouldBe([DataClass.Contact, DataClass.Case], ignoreOrder: true);

        var call = await app.SystemCall();
        (await app.Do<GatherOwnData, GatherOwnData.Request, GatherOwnData.Gathered>(call, new(new Whose(CustomerId: id, Reference: "test"), "request", call.Actor))).Succeeded.ShouldBeTrue();

        foreach (var (gone, left) in new (DataClass, DataClass[])[] { (DataClass.Contact, [DataClass.Case]), (DataClass.Case, []) })
        {
            await app.With<AppDb>(db => db.Write(async ct =>
            {
                await Remains.Clear(db, gone, [id], ct);
                db.Audit(call, "test.cleared", $"customer:{id}");
                return await db.SaveChangesAsync(ct);
            }, default));
            (await Kept(id)).ShouldBe(left);
        }
    }

    [Fact]
    public async Task Each_connected_system_is_asked_to_correct_its_copy_for_each_correction_without_the_value()
    {
        await app.Connect();
        var id = (await app.AContractInForce()).CustomerId;

        await app.Granted(id, "Correct", new { name = "王小方", address = "new road 2" });

        var orders = await Orders(id);
        orders.Select(o => o.Task).ShouldBe(["correct-copy:billing", "correct-copy:crm"], "the one that is off holds none");
        orders.ShouldAllBe(o => o.CaseId == null && o.Step == null && o.System == null && !o.Irreversible && o.Department == Role.Supervisor);
        orders[1].Words(Texts.English).ShouldStartWith($"Correct the copies at crm (customer K-{id}): name, address.");
        orders[1].Words(Texts.Chinese).ShouldStartWith($"更正 crm 中的副本（客户 K-{id}）：姓名或名称、地址。");
        foreach (var text in orders.SelectMany(o => new[] { o.English, o.Chinese }))
            foreach (var value in new[] { "王小", "new road", "canary road" })
                text.ShouldNotContain(value, Case.Insensitive);
        foreach (var (language, words) in new[] { ("en", orders[1].English), ("zh", orders[1].Chinese) })
        {
            using var page = await app.Browser(Role.Supervisor, language: language);
            (await page.Get("/work")).Text.ShouldContain(words);
        }
        var listed = (await app.Do<ListWork, ListWork.Request, ListWork.Page>(await app.CallOf(Role.Supervisor), new())).Value;
        listed.Open.Single(l => l.Id == orders[0].Id).Link.ShouldBe($"/customers/{id}", "there what is right is seen");

        // A correction that comes before or after the confirmation has orders of its own; one that changes nothing has none.
        await (await app.SignIn(Role.Supervisor)).Ok(HttpMethod.Post, $"/api/work-orders/{orders[0].Id}/confirmation");
        await app.Granted(id, "Correct", new { name = "王小圆" });
        await app.Granted(id, "Correct", new { name = "王小圆" });
        (await Orders(id)).Select(o => o.Task).ShouldBe(["correct-copy:billing", "correct-copy:billing:2", "correct-copy:crm", "correct-copy:crm:2"]);

        // Another mail address: when it counts, not while it can be stopped.
        await app.Granted(id, "Correct", mail: $"moved{id}@customer.example");
        (await Orders(id)).Count.ShouldBe(4);
        await app.AdvanceDays(4);
        var asked = (await Orders(id)).Single(o => o.Task == "correct-copy:crm:3");
        asked.English.ShouldContain("mail address");
        asked.English.ShouldNotContain("moved");
        await app.With<AppDb>(async db => (await db.AuditLog.CountAsync(r => r.Verb == "data-request.copy-asked" && r.Target == $"customer:{id}")).ShouldBe(6));
    }

    [Fact]
    public async Task What_is_still_to_be_corrected_elsewhere_is_called_off_when_the_customer_is_erased()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.Connect();
        var id = (await own.AContractInForce()).CustomerId;
        var other = (await own.AContractInForce()).CustomerId;
        await own.Granted(id, "Correct", new { address = "new road 2" });
        await own.Granted(other, "Correct", new { address = "new road 3" });
        var done = (await Orders(own, id))[0];
        await (await own.SignIn(Role.Supervisor)).Ok(HttpMethod.Post, $"/api/work-orders/{done.Id}/confirmation");

        await own.With<IServiceProvider>(async services =>
        {
            var customer = await services.GetRequiredService<AppDb>().Customers.SingleAsync(c => c.Id == id);
            (await services.GetRequiredService<FirstErasure>().Run(customer, null, null, withName: false, null, await own.SystemCall(), default)).ShouldBeTrue();
        });
        (await Orders(own, id)).Select(o => (o.IsWaived, o.DoneAt is not null)).ShouldBe([(false, true), (true, true)], "one was done before");

        // The address is kept for the aftercare, corrected once more, and goes.
        await own.With<IServiceProvider>(async services =>
        {
            var (db, call) = (services.GetRequiredService<AppDb>(), await own.SystemCall());
            await services.GetRequiredService<Corrections>().Stage(id, [new(CorrectedField.Address, "new road 2", "new road 4")], call, default);
            db.Enqueue(Effect.At(call.BusinessNow, "erase.class", $"erase|{id}|{DataClass.Contact}", new EraseClass.What(id, DataClass.Contact)));
            await db.SaveChangesAsync();
        });
        (await Orders(own, id)).Count(o => o.DoneAt is null).ShouldBe(2);
        await own.Drain();

        (await own.TheCustomer(id)).Contact.ShouldBeNull();
        (await Orders(own, id)).ShouldAllBe(o => o.DoneAt != null);
        (await Orders(own, id)).Count(o => o.IsWaived).ShouldBe(3);
        (await Orders(own, other)).ShouldAllBe(o => o.DoneAt == null, "it is nobody else's erasure");
        await own.With<AppDb>(async db => (await db.AuditLog.CountAsync(r => r.Verb == "data-request.copies-called-off" && r.Target == $"customer:{id}")).ShouldBe(2));
    }

    private Task<List<WorkOrder>> Orders(long customer) => Orders(app, customer);

    private static Task<List<WorkOrder>> Orders(ExeuntApp app, long customer) =>
        app.With<AppDb, List<WorkOrder>>(async db => [.. (await db.WorkOrders.AsNoTracking().Where(w => w.CustomerId == customer).ToListAsync()).OrderBy(w => w.Task, StringComparer.Ordinal)]);

    private Task<List<DataClass>> Kept(long customer) => app.With<AppDb, List<DataClass>>(db => db.Texts.Where(t => t.Subject == customer && t.Kind == Corrections.Kind).Select(t => t.Class).ToListAsync());

    /// <summary>Makes an organisation of a customer, found by its name.</summary>
    private Task Organisation(long id, string name) => app.With<IServiceProvider>(async services =>
    {
        var (db, vault) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>());
        var customer = await db.Customers.SingleAsync(c => c.Id == id);
        (customer.Kind, customer.OrganisationName) = (CustomerKind.Organisation, name);
        customer.Identity = await vault.Seal(id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, new CustomerIdentity(name), default);
        db.Audit(await app.SystemCall(), "test.organisation", $"customer:{id}");
        await db.SaveChangesAsync();
        await services.GetRequiredService<SearchStore>().Index(id, [(TokenKind.Name, name)], default);
    });

    public sealed class OnSqlite(SqliteApp app) : CorrectionTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CorrectionTests(app), IClassFixture<PostgresApp>;
}
