using System.Net;
using System.Net.Http.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Company;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Certificates;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Company;

/// <summary>In whose name papers are issued: the installation's own company, and nobody's before it is filled in.</summary>
public abstract class CompanyTests(ExeuntApp app, ITestOutputHelper output)
{
    private static readonly object Northwind = new
    {
        chinese = "北风电信", english = "Northwind", fullChinese = "北风电信有限公司", fullEnglish = "Northwind Telecom Ltd", registration = "91440300NORTHWIND1", appeals = "appeals@northwind.example",
    };

    [Fact]
    public async Task Without_a_name_papers_wait_and_go_out_once_it_is_filled_in()
    {
        await using var own = await ExeuntApp.StartNameless(app.On);
        var it = await own.ASettledCase();
        await it.Approve();
        await own.AdvanceDays(31);
        var technical = await own.SignIn(Role.Technical);
        foreach (var order in (await it.Shown()).GetProperty("work").EnumerateArray())
            await technical.Ok(HttpMethod.Post, $"/api/work-orders/{order.GetProperty("id").GetGuid()}/confirmation");
        await own.Drain();
        var admin = await own.SignIn(Role.Administrator);
        var parked = (await admin.Ok(HttpMethod.Get, "/api/effects")).GetProperty("parked").EnumerateArray().Single(e => e.GetProperty("note").GetString() == "company-missing");
        parked.GetProperty("kind").GetString().ShouldBe("step.notify");
        (await own.With<AppDb, int>(db => db.Certificates.CountAsync())).ShouldBe(0);

        // It says so where the administrator looks, and customers see the product's name.
        (await own.Browser("en").Get("/")).Of("header .home").ShouldBe("Exeunt 善别");
        var browser = await own.Browser(Role.Administrator, language: "en");
        (await browser.Get("/admin/effects")).Text.ShouldContain("The company's name is missing");
        (await browser.Get("/admin/company")).Text.ShouldContain("Nobody has filled this in yet");
        (await browser.Get("/today")).Text.ShouldContain("Fill in the company's name");

        // Trying again changes nothing as long as it is missing.
        await admin.Ok(HttpMethod.Post, $"/api/effects/{parked.GetProperty("id").GetGuid()}/retry");
        await own.Drain();
        (await admin.Ok(HttpMethod.Get, "/api/effects")).GetProperty("parked").EnumerateArray().Select(e => e.GetProperty("note").GetString()).ShouldContain("company-missing");
        var before = await own.With<Letterhead, InstallationKey>(l => l.Key(default));
        var pem = before.PublicPem;
        before.Certificate.Subject.ShouldContain("CN=Exeunt");

        await admin.Ok(HttpMethod.Put, "/api/company", Northwind);
        await own.Drain();

        (await admin.Ok(HttpMethod.Get, "/api/effects")).GetProperty("parked").EnumerateArray().ShouldNotContain(e => e.GetProperty("note").GetString() == "company-missing");
        (await own.Browser("zh").Get("/")).Of("header .home").ShouldBe("北风电信");
        (await browser.Get("/today")).Text.ShouldNotContain("Fill in the company's name");
        var statement = own.Mails(it.Contract.Mail).SelectMany(m => m.Attachments).First(a => a.Key.EndsWith("-settlement.pdf", StringComparison.Ordinal)).Value;
        if (Text(statement) is { } text)
        {
            text.ShouldContain("北风电信有限公司");
            text.ShouldNotContain("海港网络");
        }
        // The key is the one from before: what was signed with it, and the log, stay verifiable; only the name on its certificate is new.
        var after = await own.With<Letterhead, InstallationKey>(l => l.Key(default));
        after.PublicPem.ShouldBe(pem);
        after.Certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, false).ShouldBe("Northwind Telecom Ltd");
        var verdict = PdfSignature.Verify(statement, pem);
        verdict.IsValid.ShouldBeTrue(verdict.Message);
        verdict.SignerName.ShouldBe("Northwind Telecom Ltd");
        await own.Restart();
        (await own.With<Letterhead, InstallationKey>(l => l.Key(default))).PublicPem.ShouldBe(pem);
        (await own.With<CompanyBook, CompanyIdentity?>(b => b.Current(default).AsTask()))!.FullEnglish.ShouldBe("Northwind Telecom Ltd");
    }

    [Theory]
    [InlineData("chinese", "", "required")]
    [InlineData("english", "North\nwind", "unreadable")]
    [InlineData("fullEnglish", "North\u202Ewind", "unreadable")]
    [InlineData("fullChinese", "LONG", "too-long")]
    [InlineData("registration", "LONG", "too-long")]
    [InlineData("appeals", "a@b.example\u2028from: us", "unreadable")]
    public async Task What_cannot_be_printed_in_one_line_is_refused(string field, string text, string code)
    {
        var admin = await app.SignIn(Role.Administrator);
        var body = new Dictionary<string, string>
        {
            ["chinese"] = "北风", ["english"] = "N", ["fullChinese"] = "北风", ["fullEnglish"] = "N", ["registration"] = "", ["appeals"] = "a@b.example",
        };
        body[field] = text == "LONG" ? new string('长', 500) : text;

        using var answer = await admin.PutAsJsonAsync("/api/company", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var said = await answer.Content.ReadAsStringAsync();
        said.ShouldContain($"\"code\":\"{code}\"");
        said.ShouldContain($"\"field\":\"{field}\"");
    }

    [Fact]
    public async Task The_page_shows_what_is_stored_and_every_change_is_in_the_audit_log()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var browser = await own.Browser(Role.Administrator, language: "en");
        (await browser.Get("/admin/company")).Html.ShouldContain("Harbour Networks Ltd (demo)");

        await (await own.SignIn(Role.Administrator)).Ok(HttpMethod.Put, "/api/company", Northwind);

        (await browser.Get("/admin/company")).Html.ShouldContain("Northwind Telecom Ltd");
        (await own.With<AppDb, int>(db => db.AuditLog.CountAsync(a => a.Verb == "company.saved"))).ShouldBe(2);
        using var agent = await (await own.SignIn(Role.Agent)).GetAsync("/api/company");
        agent.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private string? Text(byte[] pdf) =>
        Tool.Run(output, "pdftotext", "-layout", Tool.File(pdf), "-") is { } text ? string.Concat(text.Where(c => !char.IsWhiteSpace(c))) : null;

    public sealed class OnSqlite(SqliteApp app, ITestOutputHelper output) : CompanyTests(app, output), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app, ITestOutputHelper output) : CompanyTests(app, output), IClassFixture<PostgresApp>;
}
