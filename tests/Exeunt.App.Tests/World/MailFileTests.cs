using System.Net.Mail;
using System.Text;
using Exeunt.App.Features.World;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.World;

/// <summary>What the demo's mailbox makes of a mail file: all of a good one, something of every bad one.</summary>
public sealed class MailFileTests
{
    [Fact]
    public void Reads_what_the_mail_client_writes()
    {
        var folder = Directory.CreateTempSubdirectory("exeunt-mail-").FullName;
        try
        {
            using var message = new MailMessage("no-reply@exeunt.example", "wang@customer.example")
            {
                Subject = "您的解约证明（T-2026-000001），请妥善保存并核对其中的各项内容是否准确", SubjectEncoding = Encoding.UTF8,
                Body = "合同已结束。\n\nhttps://exeunt.example/verify\n= 结尾", BodyEncoding = Encoding.UTF8,
            };
            message.Attachments.Add(new Attachment(new MemoryStream([37, 80, 68, 70, 0, 255]), "证明.pdf", "application/pdf") { NameEncoding = Encoding.UTF8 });
            using var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder };
            client.Send(message);

            var mail = MailFile.Parse(File.ReadAllBytes(Directory.GetFiles(folder).Single()));

            (mail.From, mail.To, mail.Subject).ShouldBe(("no-reply@exeunt.example", "wang@customer.example", message.Subject));
            mail.Text.Trim().ShouldBe(message.Body.Trim());
            mail.SentAt.ShouldNotBeNull();
            var file = mail.Attachments.ShouldHaveSingleItem();
            (file.Name, file.MediaType).ShouldBe(("证明.pdf", "application/pdf"));
            file.Bytes.ShouldBe([37, 80, 68, 70, 0, 255]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static TheoryData<string> Hostile => new(
        "",
        "\n\n",
        "\0\0\0\0",
        "no headers at all, only words",
        "Subject: =?utf-8?B?%%%not base64%%%?=\n\nx",
        "Subject: =?no-such-charset?Q?=ZZ=?=\n\nx",
        "Content-Transfer-Encoding: base64\n\n!!!!A",
        "Content-Transfer-Encoding: base64\n\nQUJ",
        "Content-Transfer-Encoding: quoted-printable\n\n=Z=\n=4",
        "Content-Type: text/plain; charset=\"klingon\"\n\nx",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n--b--\n--b\n",
        "Content-Type: multipart/mixed; boundary=b\n\nnothing",
        "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n--\n",
        "Date: the day after tomorrow\n\nx",
        "Content-Disposition: attachment; filename*=utf-8''%ZZ%00\n\nx");

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Makes_a_mail_of_anything(string file)
    {
        var mail = MailFile.Parse(Encoding.Latin1.GetBytes(file));

        mail.Text.ShouldNotContain("\0");
        mail.Subject.ShouldNotContain("\n");
    }

    [Fact]
    public void Makes_a_mail_of_random_bytes()
    {
        var random = new Random(20260316);
        string[] pieces = ["Content-Type: multipart/mixed; boundary=x\n", "--x\n", "\n\n", "Subject: =?utf-8?B?", "?=", "filename=\"", "=E4=BD", "base64", "Content-Transfer-Encoding: "];
        for (var i = 0; i < 3000; i++)
        {
            var file = new List<byte>();
            for (var j = random.Next(30); j > 0; j--)
            {
                var noise = new byte[random.Next(20)];
                random.NextBytes(noise);
                file.AddRange(random.Next(2) == 0 ? noise : Encoding.ASCII.GetBytes(pieces[random.Next(pieces.Length)]));
            }
            Should.NotThrow(() => MailFile.Parse(file.ToArray()));
        }
    }

    [Fact]
    public void Stops_at_a_limit()
    {
        var deep = new StringBuilder();
        for (var i = 0; i < 5000; i++)
            deep.Append("Content-Type: multipart/mixed; boundary=b\n\n--b\n");
        MailFile.Parse(Encoding.ASCII.GetBytes(deep.ToString())).Attachments.ShouldBeEmpty();

        var many = "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\nContent-Disposition: attachment; filename=a.txt\n\nx\n", 5000));
        MailFile.Parse(Encoding.ASCII.GetBytes(many)).Attachments.Count.ShouldBeLessThanOrEqualTo(100);

        var long_ = MailFile.Parse(Encoding.ASCII.GetBytes("Subject: " + new string('s', 100_000) + "\n\n" + new string('x', 30_000_000)));
        long_.Subject.Length.ShouldBeLessThan(1100);
        long_.Text.Length.ShouldBeLessThan(201_000);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\..\\windows\\system32\\a.exe", "a.exe")]
    [InlineData("C:evil.txt", "evil.txt")]
    [InlineData("..", "attachment")]
    [InlineData("", "attachment")]
    [InlineData("a\0b\r\nSet-Cookie: x.pdf", "x.pdf")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe")]
    [InlineData("\"><script>.html", "script.html")]
    public void Leaves_only_a_name_of_a_file_name(string name, string expected) => MailFile.SafeName(name).ShouldBe(expected);

    [Fact]
    public void Makes_links_of_web_addresses_only()
    {
        var pieces = MailFile.WithLinks("Look: https://exeunt.example/progress/abc234. Not javascript:alert(1) nor <a href=x>.").ToList();

        pieces.Where(p => p.IsLink).Select(p => p.Piece).ShouldBe(["https://exeunt.example/progress/abc234"]);
        string.Concat(pieces.Select(p => p.Piece)).ShouldContain("javascript:alert(1)");
    }
}
