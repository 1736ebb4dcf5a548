using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.World;

/// <summary>The demo's outside world by page: its mailbox and its bank.</summary>
public abstract class MailboxTests(ExeuntApp app)
{
    [Fact]
    public async Task Shows_a_hostile_mail_as_words()
    {
        var folder = Directory.CreateDirectory(Path.Combine(app.Options.World, "mail")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "hostile.eml"),
            "Subject: <script>alert(1)</script>\nTo: \"><img src=x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<b>bold</b> https://exeunt.example/x\n"
            + "--b\nContent-Type: text/html\nContent-Disposition: attachment; filename=\"../../x.html\"\n\n<script>\n--b--\n");
        using var browser = await app.Browser(Role.Administrator);

        var list = await browser.Get("/mailbox");
        list.Html.ShouldNotContain("<script>alert");
        var mail = await browser.Get("/mailbox/hostile");
        mail.Html.ShouldNotContain("<script>alert");
        mail.Html.ShouldNotContain("<b>bold</b>");
        mail.Text.ShouldContain("<b>bold</b>");
        mail.Document.QuerySelectorAll(".mail-text a").Select(a => a.GetAttribute("href")).ShouldBe(["https://exeunt.example/x"]);

        var file = await browser.Get("/mailbox/hostile/0");
        file.ContentType.ShouldBe("application/octet-stream");
        (await browser.Get("/mailbox/hostile/1")).Status.ShouldBe(404);
        (await browser.Get("/mailbox/..%2Fbank")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Has_no_mailbox_where_mail_is_really_sent()
    {
        await using var own = await ExeuntApp.Start(app.On, o => o with { Smtp = "mail.example:25" });
        using var browser = await own.Browser(Role.Administrator);

        (await browser.Get("/mailbox")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Gives_the_banks_statement_with_a_line_of_nobody()
    {
        using var browser = await app.Browser(Role.Finance);

        var statement = (await browser.Get("/world/bank.csv")).Html;

        statement.ShouldStartWith("date,amount,currency,text\n");
        statement.ShouldContain("Interest on deposit");
    }

    public sealed class OnSqlite(SqliteApp app) : MailboxTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : MailboxTests(app), IClassFixture<PostgresApp>;
}
