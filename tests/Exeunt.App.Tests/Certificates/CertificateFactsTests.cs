using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Certificates;

/// <summary>What a certificate of a case's end says comes from the case.</summary>
public abstract class CertificateFactsTests(ExeuntApp app)
{
    [Fact]
    public async Task It_names_the_ground_of_the_settlement_explains_its_lines_and_lists_what_was_handed_back_and_corrected()
    {
        var it = await app.ASettledCase();
        var agent = await app.SignIn(Role.Agent, name: "facts");
        await agent.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/facts", new { deviceKept = false, informed = true, ground = "Mutual" });
        await it.Order();
        await app.With<AppDb>(async db =>
        {
            db.Add(new Formality
            {
                Id = Guid.CreateVersion7(), CaseId = it.Id, Step = "x", Code = "x-router", English = "Router", Chinese = "路由器", Side = ItemSide.Customer, DueOn = new DateOnly(2026, 4, 1),
                NeedsEvidence = false, State = FormalityState.Done, Receipt = "T-1/R1", DoneAt = new DateTimeOffset(2026, 4, 2, 3, 0, 0, TimeSpan.Zero),
            });
            db.Add(new RedLetter { CaseId = it.Id, Code = "x-supply", Net = -100_00, Vat = -6_00, Currency = "CNY", TaxCode = "VAT6", TaxRate = "0.06", State = RedLetterState.Confirmed });
            db.Audit(await app.SystemCall(), "test.rows", $"case:{it.Id:N}");
            await db.SaveChangesAsync();
        });

        var exit = await app.TheCase(it.Id);
        var call = await app.SystemCall();
        var content = await app.With<CertificateDesk, CertificateContent>(desk => desk.Content(exit, CertificateKind.Termination, CertificateSerial.New(), null, call, default));

        (content.Ground!.Code, content.Ground.English, content.Ground.Chinese).ShouldBe(("MUTUAL", "By agreement of both sides", "双方协商解除"));
        content.Settlement.ShouldNotBeEmpty();
        content.Settlement.ShouldAllBe(l => l.Explanation.Length > 0);
        content.PropertyReturned.ShouldHaveSingleItem().ShouldBe("路由器（2026-04-02 周四，收据 T-1/R1）");
        content.Invoices.ShouldContain(i => i.Contains("106.00", StringComparison.Ordinal) && i.Contains("已确认", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_wrote_facts_it_is_an_end_by_the_customer()
    {
        var it = await app.ASettledCase();
        await it.Order();
        var exit = await app.TheCase(it.Id);
        var call = await app.SystemCall();

        var content = await app.With<CertificateDesk, CertificateContent>(desk => desk.Content(exit, CertificateKind.Termination, CertificateSerial.New(), null, call, default));

        content.Ground!.Code.ShouldBe("CONSUMER_EARLY");
        content.PropertyReturned.ShouldBeEmpty();
    }

    public sealed class OnSqlite(SqliteApp app) : CertificateFactsTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CertificateFactsTests(app), IClassFixture<PostgresApp>;
}
