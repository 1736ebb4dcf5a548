using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Certificates;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Terms;

/// <summary>A policy as the formal document: a page to print and a PDF that say the same.</summary>
public abstract class PaperTests(ExeuntApp app, ITestOutputHelper output)
{
    [Fact]
    public async Task Prints_with_all_its_parts_in_both_languages_and_a_draft_says_so()
    {
        await Formal();
        using var staff = await app.Browser(Role.Legal);

        var page = await staff.Get("/policies/JY-09/1/document");
        page.All("main h2").ShouldBe([
            "1 Purpose", "2 Scope", "3 Responsibilities", "4 Definitions", "5 Rules", "6 Clauses and tax by line", "7 Fee for leaving, computed", "8 What is handed over", "9 Price list for damage",
            "10 What ending does", "11 Procedure", "12 Attachments", "13 Revision history",
        ]);
        page.Text.ShouldContain("The customer service department");
        page.Text.ShouldContain("VAT6 6%");
        page.Text.ShouldContain("¥716.40");
        page.Text.ShouldContain("Draft");
        page.All("p").ShouldContain(p => p.StartsWith("5.1 "));

        foreach (var (language, words) in new[] { ("en", (string[])["Draft", "Purpose", "Router", "¥200.00", "Screen broken", "The customer service department"]), ("zh", ["草稿", "目的", "路由器", "¥200.00", "屏幕破损", "客户服务部"]) })
        {
            var pdf = await staff.Get($"/policies/JY-09/1/document.pdf?language={language}");
            pdf.ContentType.ShouldBe("application/pdf");
            var file = Tool.File(pdf.Body);
            if (Environment.GetEnvironmentVariable("EXEUNT_KEEP") is { Length: > 0 } folder)
                File.Copy(file, Path.Combine(folder, $"policy-{language}.pdf"), overwrite: true);
            if (Tool.Run(output, "pdftotext", "-layout", file, "-") is { } text)
                foreach (var word in words)
                    text.ShouldContain(word);
        }
        (await staff.Get("/policies/JY-09/1/document.pdf?language=fr")).Status.ShouldBe(422);
        (await staff.Get("/policies/JY-09/7/document")).Status.ShouldBe(404);
    }

    /// <summary>A draft that has everything a formal document holds.</summary>
    private async Task Formal() => await app.With<IServiceProvider>(async services =>
    {
        var (db, clocks) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Clocks>());
        var document = GeneralPolicy.Document with
        {
            Number = "JY-09",
            ReviewOn = new DateOnly(2027, 1, 1),
            Form = new PolicyForm
            {
                Purpose = new("So that contracts end fairly.", "规范合同终止。"), Scope = new("Home customers in China.", "适用于中国境内家庭客户。"),
                Responsibilities = [new(new("Customer service", "客服部"), new("Takes the applications.", "受理申请。"))],
                Definitions = [new(new("Term", "合同期"), new("The months agreed at the start.", "签约时约定的月数。"))],
                InterpretingOffice = new("The customer service department", "客户服务部"), Attachments = [new("Form A", "附表一")],
            },
            HandOvers = [new(PolicySide.Customer, "router", new("Router", "路由器"), 14, new Money(200_00, "CNY")), new(PolicySide.Company, "data-export", new("Copy of the data", "数据副本"))],
            DamagePrices = [new("screen", new("Screen broken", "屏幕破损"), new Money(350_00, "CNY"))],
            Lines = GeneralPolicy.Document.Lines.ToDictionary(l => l.Key, l => l.Key == "etf" ? l.Value with { TaxCode = "VAT6", TaxRate = Rate.Parse("0.06", "rate") } : l.Value),
        };
        db.Policies.Add(new PolicyRow { Number = "JY-09", Version = 1, Status = PolicyStatus.Draft, Document = document.ToJson(), EffectiveFrom = document.EffectiveFrom });
        db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "test.policy", "JY-09");
        await db.SaveChangesAsync();
    });

    public sealed class OnSqlite(SqliteApp app, ITestOutputHelper output) : PaperTests(app, output), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app, ITestOutputHelper output) : PaperTests(app, output), IClassFixture<PostgresApp>;
}
