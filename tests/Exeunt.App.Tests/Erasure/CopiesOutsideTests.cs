using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Agenda;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Certificates;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.App.Tests.Work;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Erasure;

/// <summary>The copies in other systems of who was erased without a case: people are asked to erase them, and it is told what became of them.</summary>
public abstract class CopiesOutsideTests(ExeuntApp app, ITestOutputHelper output)
{
    [Fact]
    public async Task Every_connected_system_is_asked_for_once_however_often_it_is_searched()
    {
        var (customer, _, _) = await Erased();

        var orders = await Orders(customer);
        orders.Select(o => o.Task).ShouldBe(["erase-copy:billing", "erase-copy:crm"], "the one that is off holds none");
        orders.ShouldAllBe(o => o.CaseId == null && o.System == null && o.Step == null && o.Irreversible && o.DoneAt == null);
        await app.With<AppDb>(async db => (await db.AuditLog.CountAsync(r => r.Verb == "erasure.copy-asked" && r.Target == $"customer:{customer}")).ShouldBe(2));

        var searched = await Searched(customer);
        await Run(call => VerifyErasure.Of(customer, null, "Contact", call with { BusinessNow = call.BusinessNow.AddSeconds(1) }));
        (await Searched(customer)).ShouldBe(searched + 1);
        (await Orders(customer)).Select(o => o.Id).ShouldBe(orders.Select(o => o.Id), "those there stay");
    }

    [Fact]
    public async Task Who_carries_out_work_in_the_customers_unit_sees_and_confirms_them_and_nobody_waives_them()
    {
        var (customer, _, _) = await Erased("NORTH");
        var order = (await Orders(customer))[0];
        var technical = await app.SignIn(Role.Technical, "NORTH");

        var listed = await Listed(Role.Technical, "NORTH", customer);
        listed.Open.Select(l => l.Task).Order(StringComparer.Ordinal).ShouldBe(["erase-copy:billing", "erase-copy:crm"]);
        listed.Open.ShouldAllBe(l => l.Link == null && !l.CanWaive);
        (await Listed(Role.Supervisor, "NORTH", customer)).Open.ShouldAllBe(l => l.Link == $"/customers/{customer}" && !l.CanWaive);
        (await Listed(Role.Technical, "HQ", customer)).Open.Count.ShouldBe(2);
        (await Listed(Role.Technical, "SOUTH", customer)).Open.ShouldBeEmpty();
        (await Due(Role.Technical, "NORTH", customer, order.DueOn)).ShouldBe(2);
        (await Due(Role.Technical, "SOUTH", customer, order.DueOn)).ShouldBe(0);
        foreach (var (unit, seen) in new[] { ("NORTH", true), ("SOUTH", false) })
        {
            using var page = await app.Browser(Role.Technical, unit, language: "en");
            (await page.Get("/work")).Text.Contains($"K-{customer}", StringComparison.Ordinal).ShouldBe(seen, unit);
            (await page.Get("/today")).Text.Contains($"K-{customer}", StringComparison.Ordinal).ShouldBe(seen, unit);
        }

        (await (await app.SignIn(Role.Technical, "SOUTH")).Refused($"/api/work-orders/{order.Id}/confirmation")).ShouldBe("not-found");
        (await (await app.SignIn(Role.Supervisor, "SOUTH")).Refused($"/api/work-orders/{order.Id}/waiver", new { text = "w" })).ShouldBe("not-found");
        (await (await app.SignIn(Role.Supervisor, "NORTH")).Refused($"/api/work-orders/{order.Id}/waiver", new { text = "w" })).ShouldBe("work.of-no-step");
        (await technical.Refused($"/api/work-orders/{order.Id}/retry")).ShouldBe("work.nothing-to-retry");
        await technical.Ok(HttpMethod.Post, $"/api/work-orders/{order.Id}/confirmation");
        (await technical.Refused($"/api/work-orders/{order.Id}/confirmation")).ShouldBe("work.done-already");

        var done = (await Orders(customer)).Single(o => o.Id == order.Id);
        (done.DoneBy!.StartsWith("staff:", StringComparison.Ordinal), done.DoneAt is null, done.IsWaived).ShouldBe((true, false, false));
        await app.With<AppDb>(async db => (await db.AuditLog.SingleAsync(r => r.Verb == "work.confirmed" && r.Target == $"work:{order.Id:N}")).Data.ShouldContain($"{customer}"));
        listed = await Listed(Role.Technical, "NORTH", customer);
        (listed.Open.Select(l => l.Task).Single(), listed.Done.Select(l => l.Task).Single()).ShouldBe(("erase-copy:crm", "erase-copy:billing"));
    }

    [Fact]
    public async Task Certificate_link_and_proof_say_by_when_a_copy_goes_and_on_which_day_it_went()
    {
        var (customer, request, link) = await Erased();
        var (visitor, officer) = (app.Client("en"), await app.SignIn(Role.DataOfficer));

        var seen = await visitor.Ok(HttpMethod.Get, $"/api/erasure/{link}");
        seen.GetProperty("copies").EnumerateArray().Select(c => (c.GetProperty("system").GetString(), IsDone(c))).ShouldBe([("billing", false), ("crm", false)]);
        var due = (await Orders(customer))[0].DueOn;
        seen.GetProperty("copies")[0].GetProperty("dueOn").GetString().ShouldBe($"{due:yyyy-MM-dd}");
        var serial = Serial(seen);
        if (await Certificate(visitor, link, serial) is { } first)
        {
            first.ShouldContain("CopiesatbillingKept");
            first.ShouldContain("CopiesatcrmKept");
        }
        var page = (await app.Browser("en").Get($"/erasure/{link}")).Text;
        page.ShouldContain("Copies in other systems");
        page.ShouldContain("to be erased by");

        await (await app.SignIn(Role.Technical)).Ok(HttpMethod.Post, $"/api/work-orders/{(await Orders(customer))[0].Id}/confirmation");

        seen = await visitor.Ok(HttpMethod.Get, $"/api/erasure/{link}");
        seen.GetProperty("copies").EnumerateArray().Select(c => (c.GetProperty("system").GetString(), IsDone(c))).ShouldBe([("billing", true), ("crm", false)]);
        var proof = await app.Browser(Role.DataOfficer, language: "en");
        foreach (var path in new[] { "/proof", $"/data-requests/{request}" })
        {
            var text = (await proof.Get(path)).Text;
            text.ShouldContain("Copies at billing", Case.Sensitive, path);
            text.ShouldContain("to be erased by", Case.Sensitive, path);
        }
        await officer.Ok(HttpMethod.Post, $"/api/certificates/{serial}/correction", new { reason = "data-wrong" });
        await app.Drain();
        if (await Certificate(visitor, link, Serial(await visitor.Ok(HttpMethod.Get, $"/api/erasure/{link}"))) is { } mended)
        {
            mended.ShouldContain("CopiesatbillingDeleted");
            mended.ShouldContain("CopiesatcrmKept");
        }
        // The last copy is confirmed: the certificate that says that everything is gone follows by itself.
        await (await app.SignIn(Role.Technical)).Ok(HttpMethod.Post, $"/api/work-orders/{(await Orders(customer))[1].Id}/confirmation");
        await app.Drain();
        (await Certificates(request)).ShouldBe([CertificateState.Valid, CertificateState.Superseded, CertificateState.Superseded]);
        if (await Certificate(visitor, link, Serial(await visitor.Ok(HttpMethod.Get, $"/api/erasure/{link}"))) is { } last)
        {
            last.ShouldContain("CopiesatbillingDeleted");
            last.ShouldContain("CopiesatcrmDeleted");
        }
        // A package that staff make for them says it too.
        var call = await app.SystemCall();
        var file = (await app.Do<GatherOwnData, GatherOwnData.Request, GatherOwnData.Gathered>(call, new(new Whose(CustomerId: customer, Reference: "test"), "request", call.Actor))).Value.File;
        file.WorkOrders.Select(w => (w.Task, w.DoneAt is not null)).ShouldBe([("erase-copy:billing", true), ("erase-copy:crm", true)], ignoreOrder: true);
    }

    [Fact]
    public async Task Of_whom_nothing_is_left_to_certify_the_copies_are_asked_for_too()
    {
        var (customer, _, link) = await Erased(traded: false);

        var seen = await app.Client("en").Ok(HttpMethod.Get, $"/api/erasure/{link}");

        seen.GetProperty("proof").GetString().ShouldBe("NothingLeft");
        seen.GetProperty("certificates").GetArrayLength().ShouldBe(0);
        seen.GetProperty("copies").GetArrayLength().ShouldBe(2);
        (await Orders(customer)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_last_two_confirmed_at_the_same_moment_are_certified_once()
    {
        var (customer, request, _) = await Erased();
        var technical = await app.SignIn(Role.Technical);

        await Task.WhenAll((await Orders(customer)).Select(o => technical.Ok(HttpMethod.Post, $"/api/work-orders/{o.Id}/confirmation")));
        await app.Drain();

        (await Certificates(request)).ShouldBe([CertificateState.Valid, CertificateState.Superseded]);
    }

    [Fact]
    public async Task While_something_found_waits_for_people_no_last_copy_is_certified()
    {
        var (customer, request, _) = await Erased();
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.Effects.Add(new Effect { Kind = VerifyErasure.Kind, Key = $"{VerifyErasure.KeyOf(customer)}found", DueAt = call.Now, State = EffectState.Parked });
            db.Audit(call, "test.parked", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
        var technical = await app.SignIn(Role.Technical);

        foreach (var order in await Orders(customer))
            await technical.Ok(HttpMethod.Post, $"/api/work-orders/{order.Id}/confirmation");
        await app.Drain();

        (await Certificates(request)).ShouldBe([CertificateState.Valid]);
    }

    [Fact]
    public async Task With_the_last_copy_of_a_case_the_certificate_that_says_so_goes_to_the_contact_that_is_still_there()
    {
        await Connect();
        var it = await app.ASettledCase();
        var (reference, amount) = await it.Order();
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await app.Drain();
        var technical = await app.SignIn(Role.Technical);
        var orders = await app.With<AppDb, List<WorkOrder>>(db => db.WorkOrders.AsNoTracking().Where(w => w.CaseId == it.Id && w.Task.StartsWith("erase-copy:")).OrderBy(w => w.Task).ToListAsync());
        orders.Count.ShouldBe(2);
        var before = Mailed().Count;

        await technical.Ok(HttpMethod.Post, $"/api/work-orders/{orders[0].Id}/confirmation");
        await app.Drain();
        Mailed().Count.ShouldBe(before, "one copy is still there");
        await technical.Ok(HttpMethod.Post, $"/api/work-orders/{orders[1].Id}/confirmation");
        await app.Drain();

        var mailed = Mailed();
        mailed.Count.ShouldBe(before + 1);
        app.Mails(it.Contract.Mail)[^1].Subject.ShouldStartWith("其他系统中的副本也已删除");
        (await app.With<AppDb, int>(db => db.Certificates.CountAsync(c => c.CaseId == it.Id && c.Kind == CertificateKind.Erasure && c.State == CertificateState.Valid))).ShouldBe(1);
        foreach (var (pdf, crm) in new[] { (mailed[^2], "crm中的副本保留"), (mailed[^1], "crm中的副本已删除") })
            if (Tool.Run(output, "pdftotext", "-layout", Tool.File(pdf), "-") is { } text)
                string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ShouldContain(crm);

        List<byte[]> Mailed() => [.. app.Mails(it.Contract.Mail).SelectMany(m => m.Attachments).Where(a => a.Key.EndsWith("-erasure.pdf", StringComparison.Ordinal)).Select(a => a.Value)];
    }

    // ---- intent ----------------------------------------------------------------------------------------------------

    /// <summary>A customer of a unit whose erasure was asked for without a case and is done, while two systems are connected and a third is off.</summary>
    private async Task<(long Customer, Guid Request, string Link)> Erased(string unit = "HQ", bool traded = true)
    {
        await Connect();
        await app.Staff(Role.Technical, unit);
        var made = await app.AContractInForce(language: "en");
        await app.With<AppDb>(async db =>
        {
            var contract = await db.Contracts.SingleAsync(c => c.Id == made.ContractId);
            if (traded)
            {
                (contract.State, contract.LastServiceDay) = (ContractState.Ended, new DateOnly(2026, 1, 31));
                contract.Version++;
            }
            else
                db.Contracts.Remove(contract);
            var customer = await db.Customers.SingleAsync(c => c.Id == made.CustomerId);
            customer.UnitId = await db.Units.Where(u => u.Code == unit).Select(u => u.Id).SingleAsync();
            customer.Version++;
            db.Audit(await app.SystemCall(), "test.left", $"customer:{made.CustomerId}");
            await db.SaveChangesAsync();
        });
        var officer = await app.SignIn(Role.DataOfficer);
        var request = (await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/customers/{made.CustomerId}/data-requests", new { kind = "Delete", proof = "InPerson" })).GetProperty("id").GetGuid();
        await officer.Ok(HttpMethod.Post, $"/api/data-requests/{request}/fulfilment", new { });
        await app.Drain();
        await app.AdvanceDays(2);
        return (made.CustomerId, request, app.Mails(made.Mail)[^1].Links.Single(l => l.Contains("/erasure/", StringComparison.Ordinal)).Split('/')[^1]);
    }

    private async Task Connect()
    {
        var administrator = await app.SignIn(Role.Administrator);
        foreach (var (name, active) in new[] { ("billing", true), ("crm", true), ("old-crm", false) })
            await administrator.Ok(HttpMethod.Put, $"/api/systems/{name}", new { url = $"https://{name}.example/orders", secret = FakeSystem.Secret, active });
    }

    private async Task Run(Func<Call, Effect> effect)
    {
        await app.With<AppDb>(async db =>
        {
            var call = await app.SystemCall();
            db.Enqueue(effect(call));
            db.Audit(call, "test.again", "customer");
            await db.SaveChangesAsync();
        });
        await app.Drain();
    }

    private Task<List<WorkOrder>> Orders(long customer) => app.With<AppDb, List<WorkOrder>>(db => db.WorkOrders.AsNoTracking().Where(w => w.CustomerId == customer).OrderBy(w => w.Task).ToListAsync());

    private async Task<IEnumerable<CertificateState>> Certificates(Guid request) =>
        (await app.With<AppDb, List<CertificateState>>(db => db.Certificates.Where(c => c.DataRequestId == request).Select(c => c.State).ToListAsync())).Order();

    private Task<int> Searched(long customer) => app.With<AppDb, int>(db => db.AuditLog.CountAsync(r => r.Verb == VerifyErasure.Verified && r.Target == $"customer:{customer}"));

    /// <summary>The lines of the work list that are about a customer, and those confirmed lately.</summary>
    private async Task<(List<ListWork.Row> Open, List<ListWork.Row> Done)> Listed(Role role, string unit, long customer)
    {
        var list = (await app.Do<ListWork, ListWork.Request, ListWork.Page>(await app.CallOf(role, unit), new())).Value;
        return ([.. list.Open.Where(l => l.Number == $"K-{customer}")], [.. list.Done.Where(l => l.Number == $"K-{customer}")]);
    }

    private async Task<int> Due(Role role, string unit, long customer, DateOnly on) =>
        (await app.Do<ShowAgenda, ShowAgenda.Request, ShowAgenda.View>(await app.CallOf(role, unit), new(on, on))).Value.Items.Count(i => i.Kind == AgendaKind.Work && i.Name == $"K-{customer}");

    private static bool IsDone(JsonElement copy) => copy.TryGetProperty("doneAt", out var at) && at.ValueKind == JsonValueKind.String;

    private static string Serial(JsonElement seen) => seen.GetProperty("certificates").EnumerateArray().Single().GetProperty("serial").GetString()!;

    /// <summary>The words of a certificate without spaces; null where there is no tool that reads it.</summary>
    private async Task<string?> Certificate(HttpClient visitor, string link, string serial)
    {
        var pdf = await visitor.GetByteArrayAsync(new Uri($"/api/erasure/{link}/certificates/{serial}", UriKind.Relative));
        return Tool.Run(output, "pdftotext", "-layout", Tool.File(pdf), "-") is { } text ? string.Concat(text.Where(c => !char.IsWhiteSpace(c))) : null;
    }

    public sealed class OnSqlite(SqliteApp app, ITestOutputHelper output) : CopiesOutsideTests(app, output), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app, ITestOutputHelper output) : CopiesOutsideTests(app, output), IClassFixture<PostgresApp>;
}
