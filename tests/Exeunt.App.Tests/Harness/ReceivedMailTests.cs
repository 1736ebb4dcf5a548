using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Harness;

/// <summary>The tests' reader of mails understands what the product's sender writes.</summary>
public sealed class ReceivedMailTests
{
    [Fact]
    public async Task Reads_subject_body_links_and_attachments_in_chinese()
    {
        var folder = Directory.CreateTempSubdirectory("exeunt-mail-").FullName;
        using (var smtp = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder })
        using (var message = new MailMessage("no-reply@exeunt.example", "wang@example.com"))
        {
            message.Subject = "您的解约申请已收到：受理编号 E-2026-000017，请妥善保存本邮件以备日后查询";
            message.SubjectEncoding = Encoding.UTF8;
            message.Body = "您好，\n\n进度：http://localhost:5080/progress/AbC_123-x。\n此致";
            message.BodyEncoding = Encoding.UTF8;
            message.BodyTransferEncoding = TransferEncoding.Base64;
            message.Attachments.Add(new Attachment(new MemoryStream([1, 2, 3]), "解约证明.pdf", "application/pdf") { NameEncoding = Encoding.UTF8 });
            await smtp.SendMailAsync(message);
        }

        var mail = ReceivedMail.In(folder, "wang@example.com").ShouldHaveSingleItem();

        mail.Subject.ShouldBe("您的解约申请已收到：受理编号 E-2026-000017，请妥善保存本邮件以备日后查询");
        mail.Text.ReplaceLineEndings("\n").Trim().ShouldBe("您好，\n\n进度：http://localhost:5080/progress/AbC_123-x。\n此致");
        mail.Links.ShouldBe(["http://localhost:5080/progress/AbC_123-x"]);
        mail.Attachments["解约证明.pdf"].ShouldBe([1, 2, 3]);
        ReceivedMail.In(folder, "li@example.com").ShouldBeEmpty();
        Directory.Delete(folder, recursive: true);
    }
}
