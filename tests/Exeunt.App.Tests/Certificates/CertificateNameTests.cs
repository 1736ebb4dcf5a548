using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Certificates;

/// <summary>A certificate whose name no typeface has waits for people; with a name that can be printed it is made.</summary>
public abstract class CertificateNameTests(ExeuntApp app, ITestOutputHelper output)
{
    [Fact]
    public async Task A_certificate_that_cannot_be_printed_is_parked_and_made_once_it_can_be()
    {
        var it = await app.ASettledCase();
        await Rename(it.Contract, "王𠮷芳");
        var order = await it.Order();
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((order.Amount, order.Reference)) });
        await app.Drain();

        var parked = await app.With<AppDb, Effect>(db => db.Effects.AsNoTracking().SingleAsync(e => e.CaseId == it.Id && e.State == EffectState.Parked));
        (parked.Kind, parked.Note, parked.Attempts).ShouldBe(("step.certify", "unprintable: U+20BB7", 1));
        (await app.With<AppDb, int>(db => db.Certificates.CountAsync(c => c.CaseId == it.Id && c.Kind == CertificateKind.Termination))).ShouldBe(0);
        Certificates(it.Contract).ShouldBeEmpty();

        await Rename(it.Contract, "Łukasz 김철수");
        await (await app.SignIn(Role.Administrator)).Ok(HttpMethod.Post, $"/api/effects/{parked.Id}/retry", new { });
        await app.Drain();
        var pdf = Certificates(it.Contract).ShouldHaveSingleItem();
        Tool.Run(output, "pdftotext", "-layout", Tool.File(pdf), "-")?.ShouldContain("Łukasz 김철수");
    }

    private List<byte[]> Certificates(CaseWorld.AContract contract) =>
        [.. app.Mails(contract.Mail).SelectMany(m => m.Attachments).Where(a => a.Key.EndsWith("-certificate.pdf", StringComparison.Ordinal)).Select(a => a.Value)];

    private Task Rename(CaseWorld.AContract contract, string name) => app.With<IServiceProvider>(async services =>
    {
        var db = services.GetRequiredService<AppDb>();
        var customer = await db.Customers.SingleAsync(c => c.Id == contract.CustomerId);
        customer.Identity = await services.GetRequiredService<Vault>().Seal(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, new CustomerIdentity(name), default);
        db.Audit(await app.SystemCall(), "test.renamed", $"customer:{customer.Id}");
        await db.SaveChangesAsync();
    });

    public sealed class OnSqlite(SqliteApp app, ITestOutputHelper output) : CertificateNameTests(app, output), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app, ITestOutputHelper output) : CertificateNameTests(app, output), IClassFixture<PostgresApp>;
}
