using System.Diagnostics;
using System.Text;
using Exeunt.Core.Intake;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Intake;

/// <summary>Mails as they come, and as an enemy writes them.</summary>
public sealed class ReceivedMailTests
{
    private const string Head = "From: Anna Berg <anna@example.com>\r\nTo: service@exeunt.example\r\nSubject: Ending\r\nDate: Mon, 16 Mar 2026 09:58:00 +0800\r\nMessage-ID: <a1@example.com>\r\n";

    private static ReceivedMail Read(string text) => ReceivedMail.Read(Encoding.Latin1.GetBytes(text));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public void A_plain_mail_is_read()
    {
        var mail = Read(Head + "\r\nPlease cancel my contract HT-2024-000123.\r\n");

        (mail.From, mail.FromName, mail.Subject, mail.MessageId, mail.Text).ShouldBe(("anna@example.com", "Anna Berg", "Ending", "a1@example.com", "Please cancel my contract HT-2024-000123."));
        mail.Date.ShouldBe(new DateTimeOffset(2026, 3, 16, 1, 58, 0, TimeSpan.Zero));
        mail.Problems.ShouldBeEmpty();
        mail.IsAutomatic.ShouldBeFalse();
    }

    [Theory]
    [InlineData("=?utf-8?B?6Kej57qm55Sz6K+3?=", "解约申请")]
    [InlineData("=?UTF-8?Q?=E8=A7=A3=E7=BA=A6?= now", "解约 now")]
    [InlineData("=?gb2312?B?veLUvA==?=", "解约")]
    [InlineData("=?gb18030?Q?=BD=E2=D4=BC?=", "解约")]
    [InlineData("=?big5?B?uNGs+Q==?=", "解約")]
    [InlineData("=?iso-8859-1?Q?K=FCndigung_jetzt?=", "Kündigung jetzt")]
    [InlineData("=?iso-8859-1*de?Q?K=FCndigung?=", "Kündigung")]
    // A character cut in two by the mailer, in two words of one charset.
    [InlineData("=?utf-8?B?6Kej5w==?= =?utf-8?B?uqY=?=", "解约")]
    [InlineData("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab")]
    [InlineData("=?utf-8?Q?a?= b", "a b")]
    [InlineData("=?utf-8?X?abc?=", "=?utf-8?X?abc?=")]
    [InlineData("=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished")]
    [InlineData("=?nonsense?Q?abc?=", "abc")]
    public void Encoded_words_are_decoded(string header, string expected) => Read($"From: a@example.com\r\nSubject: {header}\r\n\r\nx").Subject.ShouldBe(expected);

    [Fact]
    public void Folded_headers_are_one_line()
    {
        var mail = Read("From: a@example.com\r\nSubject: one\r\n two\r\n\tthree\r\n\r\nx");
        mail.Subject.ShouldBe("one two\tthree".Replace('\t', ' '));
    }

    [Theory]
    [InlineData("gb18030")]
    [InlineData("gbk")]
    [InlineData("big5")]
    [InlineData("utf-8")]
    public void A_text_is_read_in_its_charset(string charset)
    {
        var encoding = charset == "utf-8" ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(charset)!;
        byte[] file = [.. Utf8(Head + $"Content-Type: text/plain; charset=\"{charset}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"), .. Utf8(Convert.ToBase64String(encoding.GetBytes("合同")))];
        var mail = ReceivedMail.Read(file);
        mail.Text.ShouldBe("合同");
        mail.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Plain_text_is_preferred_and_html_becomes_text()
    {
        const string html = "<html><head><title>no</title><style>p{}</style></head><body><p>Please&nbsp;cancel<br>my <b>contract</b> &#72;&#x54;-1 &lt;now&gt;</p><script>alert('x')</script><!-- hidden --></body></html>";
        Parts("alternative", ("text/html; charset=utf-8", html), ("text/plain", "plain words")).Text.ShouldBe("plain words");

        var mail = Parts("alternative", ("text/html; charset=utf-8", html));
        mail.FromHtml.ShouldBeTrue();
        mail.Text.ShouldBe("Please cancel\nmy contract HT-1 <now>");
        // Tags that come out of entities are words.
        Parts("alternative", ("text/html", "&lt;script&gt;x&lt;/script&gt; 1 < 2")).Text.ShouldBe("<script>x</script> 1 < 2");
    }

    [Fact]
    public void Attachments_are_listed_with_safe_names()
    {
        var mail = Read(Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--b\r\n"
            + "Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''%E6%8E%88%E6%9D%83;\r\n filename*1*=%E4%B9%A6;\r\n filename*2=.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjc=\r\n--b\r\n"
            + "Content-Type: image/png; name=\"../../etc/pass\\\"wd.png\"\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b\r\n"
            + "Content-Type: text/plain\r\nContent-Disposition: attachment; filename==?utf-8?Q?=E2=80=AEgnp.exe?=\r\n\r\ny\r\n--b--\r\n");

        mail.Text.ShouldBe("see below");
        mail.Attachments.Select(a => (a.Name, a.Size)).ShouldBe([("授权书.pdf", 8), ("passwd.png", 1), ("gnp.exe", 1)]);
        mail.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("..\\..\\boot.ini", "boot.ini")]
    [InlineData("/", "attachment")]
    [InlineData("...", "attachment")]
    [InlineData("a\u0000b\r\nX: y.pdf", "ab X y.pdf")]
    [InlineData("con<>:|?*.txt", "con.txt")]
    public void A_name_of_a_file_leads_nowhere(string name, string expected) => MailText.FileName(name).ShouldBe(expected);

    [Fact]
    public void A_long_name_keeps_its_ending()
    {
        var name = MailText.FileName(new string('长', 500) + ".pdf");
        name.Length.ShouldBe(MailText.MaxName);
        name.ShouldEndWith(".pdf");
    }

    [Theory]
    // The address is what stands in the brackets, whatever the name pretends.
    [InlineData("\"service@bank.example\" <thief@evil.example>", "thief@evil.example")]
    [InlineData("=?utf-8?Q?service=40bank.example?= <thief@evil.example>", "thief@evil.example")]
    [InlineData("anna@example.com (Anna Berg)", "anna@example.com")]
    [InlineData("Anna", null)]
    [InlineData("a@b@c", null)]
    [InlineData("<a@example.com, b@example.com>", null)]
    [InlineData("=?utf-8?Q?a=40example.com=0D=0ABcc:_x=40y.z?=", null)]
    [InlineData("", null)]
    public void Who_wrote_is_only_what_could_be_written_to(string header, string? expected)
    {
        var mail = Read($"From: {header}\r\nSubject: x\r\n\r\ny");
        mail.From.ShouldBe(expected);
        if (expected is null)
            mail.Problems.ShouldContain(MailProblem.NoSender);
        mail.FromName.ShouldNotContain('\n');
    }

    [Fact]
    public void Two_senders_are_named_as_a_problem() =>
        Read("From: a@example.com\r\nFrom: b@example.com\r\nSubject: x\r\n\r\ny").Problems.ShouldContain(MailProblem.SeveralSenders);

    [Fact]
    public void An_encoded_word_brings_no_header_of_its_own()
    {
        var mail = Read("From: a@example.com\r\nSubject: =?utf-8?Q?one=0D=0AAuto-Submitted:_no=0D=0A=0D=0Abody?=\r\nAuto-Submitted: auto-replied\r\n\r\ny");
        mail.Subject.ShouldBe("one Auto-Submitted: no  body".Replace("one ", "one ").Trim());
        mail.IsAutomatic.ShouldBeTrue();
        mail.Text.ShouldBe("y");
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied")]
    [InlineData("Auto-Submitted: auto-generated (vacation)")]
    [InlineData("Precedence: bulk")]
    [InlineData("List-Id: <list.example.com>")]
    [InlineData("Return-Path: <>")]
    [InlineData("X-Loop: yes")]
    [InlineData("Content-Type: multipart/report; report-type=delivery-status; boundary=b")]
    public void A_machine_is_known(string header) => Read(Head + header + "\r\n\r\nI am away").IsAutomatic.ShouldBeTrue();

    [Fact]
    public void A_person_is_no_machine() => Read(Head + "Auto-Submitted: no\r\n\r\nx").IsAutomatic.ShouldBeFalse();

    [Fact]
    public void Only_our_own_mail_server_is_believed()
    {
        var mail = Read("Authentication-Results: mx.exeunt.example; spf=pass smtp.mailfrom=example.com; dkim=fail (bad) header.d=example.com\r\nAuthentication-Results: evil.example; spf=pass; dkim=pass\r\n" + Head + "\r\nx");
        mail.ClaimedChecks(null).ShouldBeNull();
        mail.ClaimedChecks("mx.exeunt.example").ShouldBe("spf=pass dkim=fail");
        mail.ClaimedChecks("mx.other.example").ShouldBeNull();
    }

    // ---- what an enemy sends -----------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("no header at all")]
    [InlineData("\r\n\r\n")]
    [InlineData(":\r\n: :\r\n")]
    [InlineData("From")]
    public void What_is_no_mail_is_said_to_be_none(string file) => Read(file).Problems.ShouldContain(MailProblem.NotAMail);

    [Fact]
    public void A_multipart_without_its_end_is_read_and_named()
    {
        var mail = Read(Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease canc");
        mail.Text.ShouldBe("Please canc");
        mail.Problems.ShouldContain(MailProblem.BrokenOff);
    }

    [Fact]
    public void A_multipart_without_a_boundary_is_named() =>
        Read(Head + "Content-Type: multipart/mixed\r\n\r\nx").Problems.ShouldContain(MailProblem.BrokenOff);

    [Fact]
    public void Thousands_of_parts_are_counted_and_left()
    {
        var file = new StringBuilder(Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
        for (var i = 0; i < 50_000; i++)
            file.Append("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n");
        var mail = InTime(() => Read(file.Append("--b--").ToString()));
        mail.Problems.ShouldContain(MailProblem.TooManyParts);
        mail.Text.Length.ShouldBeLessThan(1000);
    }

    [Fact]
    public void Deep_nesting_ends()
    {
        var file = new StringBuilder(Head);
        for (var i = 0; i < 2000; i++)
            file.Append("Content-Type: multipart/mixed; boundary=b").Append(i).Append("\r\n\r\n--b").Append(i).Append("\r\n");
        InTime(() => Read(file.ToString())).Problems.ShouldContain(MailProblem.TooDeep);
    }

    [Fact]
    public void The_same_boundary_again_and_again_ends()
    {
        var file = new StringBuilder(Head);
        for (var i = 0; i < 2000; i++)
            file.Append("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n");
        InTime(() => Read(file.ToString()));
    }

    [Fact]
    public void Gigantic_headers_are_cut()
    {
        var mail = InTime(() => Read("Subject: " + new string('x', 3_000_000) + "\r\n" + Head + "\r\nhello"));
        mail.Problems.ShouldContain(MailProblem.HeadersCut);
        mail.Subject.Length.ShouldBe(500);

        var many = InTime(() => Read(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"X-{i}: y\r\n")) + Head + "\r\nhello"));
        many.Problems.ShouldContain(MailProblem.HeadersCut);
        many.Headers.Count.ShouldBe(MailHeaders.MaxFields);

        InTime(() => Read("Subject: x\r\n" + string.Concat(Enumerable.Repeat(" \r\n", 400_000)) + "\r\nhello"));
        InTime(() => Read(Head + "Content-Type: text/plain; " + string.Concat(Enumerable.Repeat("a=b; ", 100_000)) + "\r\n\r\nx"));
        InTime(() => Read("From: " + new string('(', 200_000) + "\r\nSubject: x\r\n\r\ny"));
        InTime(() => Read("Subject: " + string.Concat(Enumerable.Repeat("=?utf-8?q?", 3000)) + "\r\n\r\ny"));
        InTime(() => Read("Subject: " + string.Concat(Enumerable.Repeat("=?utf-8?Q?=E8?= ", 2000)) + "\r\n\r\ny"));
    }

    [Fact]
    public void Bare_line_ends_and_nulls_do_no_harm()
    {
        Read("From: a@example.com\nSubject: x\n\nfirst\nsecond").Text.ShouldBe("first\nsecond");
        Read("From: a@example.com\rSubject: x\r\rfirst\rsecond").Text.ShouldBe("first\nsecond");
        // A bare CR in a header ends nothing.
        Read("From: a@example.com\r\nSubject: x\rBcc: y@example.com\r\n\r\nz").Headers.Has("Bcc").ShouldBeFalse();
        Read("From: a@example.com\r\nSubject: a\0b\r\n\r\nc\0d").ShouldSatisfyAllConditions(m => m.Subject.ShouldBe("ab"), m => m.Text.ShouldBe("cd"));
    }

    [Fact]
    public void A_wrong_charset_is_named_and_nothing_is_thrown()
    {
        Read(Head + "Content-Type: text/plain; charset=klingon\r\n\r\nK\u00fcndigung").Problems.ShouldContain(MailProblem.Charset);
        Read(Head + "Content-Type: text/plain; charset=utf-8\r\n\r\nK\u00fcndigung").Problems.ShouldContain(MailProblem.Charset);
        // UTF-7 hides what it says: it is read byte by byte.
        Read(Head + "Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-script+AD4-").Text.ShouldBe("+ADw-script+AD4-");
    }

    [Fact]
    public void Bombs_do_not_grow()
    {
        var base64 = InTime(() => Read(Head + "Content-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(new byte[6_000_000])));
        base64.Text.ShouldBeEmpty();
        var quoted = InTime(() => Read(Head + "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + string.Concat(Enumerable.Repeat("=41", 2_000_000))));
        quoted.Text.Length.ShouldBe(ReceivedMail.MaxText);
        quoted.Problems.ShouldContain(MailProblem.TextCut);
        Read(Head + "Content-Transfer-Encoding: base64\r\n\r\n%%%").Problems.ShouldContain(MailProblem.Encoding);
        Read(Head + "Content-Transfer-Encoding: rot13\r\n\r\nx").Problems.ShouldContain(MailProblem.Encoding);
    }

    [Fact]
    public void Html_of_an_enemy_ends()
    {
        foreach (var html in new[] { new string('<', 500_000), string.Concat(Enumerable.Repeat("<script>", 100_000)), string.Concat(Enumerable.Repeat("<!--", 100_000)), string.Concat(Enumerable.Repeat("&#9", 200_000)), string.Concat(Enumerable.Repeat("<p ", 100_000)) })
            InTime(() => Read(Head + "Content-Type: text/html\r\n\r\n" + html)).Text.Length.ShouldBeLessThanOrEqualTo(ReceivedMail.MaxText);
        Parts("alternative", ("text/html", "<img src=x onerror=alert(1)>safe<SCRIPT>bad</SCRIPT >")).Text.ShouldBe("safe");
    }

    [Fact]
    public void Signs_that_turn_the_direction_are_left_out()
    {
        var mail = ReceivedMail.Read(Utf8("From: a@example.com\r\nSubject: pay \u202Eyap\u2066 now\r\n\r\n\u202Etxet\u200B\uD83D\uDE00"));
        mail.Subject.ShouldBe("pay yap now");
        mail.Text.ShouldBe("txet😀");
    }

    [Fact]
    public void A_mail_in_a_mail_is_an_attachment()
    {
        var mail = Parts("mixed", ("text/plain", "see"), ("message/rfc822", "From: b@example.com\r\nSubject: inner\r\n\r\nPlease cancel my contract"));
        mail.Text.ShouldBe("see");
        mail.Attachments.Single().MediaType.ShouldBe("message/rfc822");
    }

    /// <summary>Ten thousand mails that were changed at random: none throws, none takes long, none grows.</summary>
    [Fact]
    public void No_mutation_of_a_mail_throws_or_grows()
    {
        var random = new Random(20260316);
        byte[][] seeds =
        [
            Utf8(Head + "\r\n请解约，合同号 HT-2024-000123。"),
            Utf8(Head + "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=BD=E2=D4=BC=\r\n\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>x&amp;y</p>\r\n--c--\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''a%20b.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n"),
            Utf8("From: =?utf-8?B?5byg5LiJ?= <z@example.com>\r\nSubject: =?gbk?Q?=BD=E2=D4=BC?=\r\n =?utf-8?Q?a?=\r\nReferences: <1@a> <2@b>\r\n\r\nx"),
        ];
        string[] shards = ["\r\n", "\r", "\n", "\0", "--b", "--b--", "=?", "?=", "\"", "(", ")", "<", ">", ";", "=", "boundary=", "%", "\u202e", "Content-Type: multipart/mixed; boundary=b\r\n\r\n", "&#x", "<!--", "\t "];
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = seeds[i % seeds.Length].ToList();
            for (var n = random.Next(1, 12); n > 0; n--)
                switch (random.Next(4))
                {
                    case 0:
                        bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.InsertRange(random.Next(bytes.Count), Utf8(shards[random.Next(shards.Length)]));
                        break;
                    case 2:
                        var from = random.Next(bytes.Count - 1);
                        bytes.RemoveRange(from, random.Next(Math.Min(40, bytes.Count - from - 1)));
                        break;
                    default:
                        var at = random.Next(bytes.Count);
                        bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count)).Take(60).ToList());
                        break;
                }
            var mail = ReceivedMail.Read(bytes.ToArray());
            mail.Text.Length.ShouldBeLessThanOrEqualTo(Math.Min(bytes.Count, ReceivedMail.MaxText));
            mail.Attachments.Sum(a => a.Size).ShouldBeLessThanOrEqualTo(bytes.Count);
            mail.Subject.ShouldNotContain('\n');
            WishReader.Read(mail.Subject, mail.Text).Numbers.Count.ShouldBeLessThanOrEqualTo(10);
        }
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }

    private static ReceivedMail Parts(string kind, params (string Type, string Content)[] parts) =>
        ReceivedMail.Read(Utf8(Head + $"Content-Type: multipart/{kind}; boundary=b\r\n\r\n" + string.Concat(parts.Select(p => $"--b\r\nContent-Type: {p.Type}\r\n\r\n{p.Content}\r\n")) + "--b--\r\n"));

    private static T InTime<T>(Func<T> read)
    {
        var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        var result = read();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(300_000_000);
        return result;
    }
}
