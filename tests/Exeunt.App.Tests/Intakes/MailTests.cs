using System.Net.Http.Json;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Intakes;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Intakes;

/// <summary>Mails from the drop folder: what becomes of them, and what an enemy or a fault can do.</summary>
public abstract class MailTests(ExeuntApp app)
{
    [Fact]
    public async Task A_clear_wish_is_an_application_from_the_moment_it_arrived()
    {
        var contract = await app.AContractInForce();
        var arrived = new DateTimeOffset(2026, 3, 14, 8, 0, 0, TimeSpan.Zero);
        var mail = IntakeWorld.AMail($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes("王小芳"))}?= <{contract.Mail}>", $"请为我办理解约，合同号 {contract.Number}。mail-canary");
        app.Drop(mail, at: arrived);

        (await app.TakeMails()).ShouldBe(1);
        var row = await app.TheMail(mail);
        (row.State, row.DecidedBy).ShouldBe((MailState.Application, "system"));
        var exit = await app.TheCase(row.CaseId!.Value);
        (exit.Channel, exit.Language, exit.ReceivedAt, exit.IdentityLevel).ShouldBe((Channel.Mail, "zh", arrived, 0));
        await app.ShouldFold(exit.Id);
        app.FilesIn().ShouldBeEmpty();
        app.FilesIn("taking").ShouldBeEmpty();

        // The file as it came is the proof; the receipt went to the sender; nothing of it is in clear.
        var proof = (await app.Proofs(exit.Id)).ShouldHaveSingleItem();
        (proof.Name, Encoding.UTF8.GetString(proof.Bytes)).ShouldBe(($"{exit.Number}-mail.eml", mail));
        await app.Drain();
        app.Mails(contract.Mail).ShouldContain(m => m.Subject.Contains(exit.Number));
        (await app.PlacesWith("mail-canary")).ShouldBeEmpty();
        (await app.PlacesWith(contract.Mail)).ShouldBeEmpty();
        var card = await app.IntakeCard(exit.Id);
        card.ShouldContain("The drop folder, by rule");
        card.ShouldContain("w***@customer.example");

        // The address proves nothing; the code to the contact on file does, and a second application joins the first.
        var token = app.Mails(contract.Mail).SelectMany(m => m.Links).Last(l => l.Contains("/progress/")).Split('/')[^1];
        var customer = app.Client();
        await (await customer.PostAsync($"/api/progress/{token}/code", null)).Done();
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) })).Done();
        (await app.TheCase(exit.Id)).CustomerId.ShouldBe(contract.CustomerId);
        app.Advance(TimeSpan.FromSeconds(61));
        var (_, second, _) = await app.Applied(contract);
        (await app.TheCase(second)).JoinedInto.ShouldBe(exit.Id);
    }

    [Fact]
    public async Task A_known_and_an_invented_contract_get_the_same_answer()
    {
        var contract = await app.AContractInForce();
        var (real, invented) = ($"real{contract.ContractId}@mail.example", $"invented{contract.ContractId}@mail.example");
        app.Drop(IntakeWorld.AMail(real, $"Please cancel my contract {contract.Number}."));
        app.Drop(IntakeWorld.AMail(invented, "Please cancel my contract HT-2024-000000."));
        await app.TakeMails();
        await app.Drain();
        string Neutral(string to) => System.Text.RegularExpressions.Regex.Replace(app.Mails(to).ShouldHaveSingleItem().Text, @"T-\d{4}-\d{6}|HT-2024-\d+|progress/\S+", "…");
        Neutral(real).ShouldBe(Neutral(invented));
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied\r\n")]
    [InlineData("List-Id: <a.b>\r\n")]
    [InlineData("Precedence: junk\r\n")]
    public async Task A_machine_is_never_answered(string header)
    {
        var from = $"machine{Guid.NewGuid():N}@mail.example";
        var mail = IntakeWorld.AMail(from, "Please cancel my contract HT-2024-123456.", more: header);
        app.Drop(mail);
        await app.TakeMails();
        var row = await app.TheMail(mail);
        (row.State, row.CaseId).ShouldBe((MailState.Automatic, null));
        // A person can make it an application all the same; the machine is not written to.
        await (await (await app.SignIn(Role.Agent)).PostAsJsonAsync($"/api/intake/mails/{row.Id}/application", new { contractNumber = "HT-2024-123456" })).Done();
        await app.Drain();
        app.Mails(from).ShouldBeEmpty();
    }

    [Fact]
    public async Task Our_own_address_and_too_many_of_one_sender_make_nothing_by_themselves()
    {
        var own = IntakeWorld.AMail(app.Options.MailFrom, "Please cancel my contract HT-2024-123456.");
        app.Drop(own);
        var sender = $"many{Guid.NewGuid():N}@mail.example";
        for (var i = 0; i < TakeMail.PerDay + 2; i++)
            app.Drop(IntakeWorld.AMail(sender, $"Please cancel my contract HT-2024-12345{i}."), $"many-{i}.eml");
        await app.TakeMails();
        (await app.TheMail(own)).State.ShouldBe(MailState.Automatic);
        var rows = (await app.InboundMails()).Where(m => m.Reason == "many-of-one-sender").ToList();
        rows.Count.ShouldBe(2);
        rows.ShouldAllBe(m => m.State == MailState.New);
    }

    [Fact]
    public async Task In_doubt_a_person_decides()
    {
        var contract = await app.AContractInForce();
        var mail = IntakeWorld.AMail("Anna <anna@mail.example>", $"How can I cancel my contract {contract.Number}?", "A question");
        app.Drop(mail);
        await app.TakeMails();
        var row = await app.TheMail(mail);
        (row.State, row.Reason).ShouldBe((MailState.New, "asked"));

        using var agent = await app.Browser(Role.Agent);
        (await agent.Get("/intake/mail")).Text.ShouldContain("A question");
        var page = await agent.Get($"/intake/mail/{row.Id}");
        page.Document.QuerySelector("[name=contractNumber]")!.GetAttribute("value").ShouldBe(contract.Number);
        page.Text.ShouldContain("It asks.");
        page = await agent.Submit($"form[action$='/dismissal']", new { dismissal = "" });
        page.Status.ShouldBe(422);
        page = await agent.Submit($"form[action$='/application']", new { contractNumber = "" });
        page.Status.ShouldBe(422);
        page = await agent.Submit($"form[action$='/application']", new { contractNumber = contract.Number, endsOn = "2026-08-31" });
        page.Path.ShouldStartWith("/cases/");
        var exit = await app.TheCase((await app.TheMail(mail)).CaseId!.Value);
        (exit.WishedOn, exit.Requesters).ShouldBe((new DateOnly(2026, 8, 31), $"staff:{await app.Staff(Role.Agent):N}"));
        var again = await app.SignIn(Role.Agent);
        (await (await again.PostAsJsonAsync($"/api/intake/mails/{row.Id}/application", new { contractNumber = contract.Number })).Refusal()).ShouldBe("intake.over");
        (await (await again.PostAsJsonAsync($"/api/intake/mails/{row.Id}/dismissal", new { reason = "only-asks" })).Refusal()).ShouldBe("intake.over");
        (await (await (await app.SignIn(Role.Auditor)).GetAsync("/api/intake/mails")).Refusal()).ShouldBe("not-allowed");
    }

    [Fact]
    public async Task An_answer_to_our_mail_is_a_message_in_its_case()
    {
        var contract = await app.AContractInForce();
        var (_, id, _) = await app.Applied(contract);
        await app.Drain();
        var ours = await app.With<AppDb, Guid>(db => db.Mails.Where(m => m.CaseId == id).Select(m => m.Id).FirstAsync());
        var answer = IntakeWorld.AMail(contract.Mail, "Here are the papers.\r\n\r\n> Please cancel my contract HT-2024-999999.", "Re: your mail", more: $"In-Reply-To: <{ours:N}@exeunt>\r\n");
        app.Drop(answer);
        await app.TakeMails();
        var row = await app.TheMail(answer);
        (row.State, row.CaseId).ShouldBe((MailState.Message, id));
        using var agent = await app.Browser(Role.Agent);
        var messages = (await agent.Get($"/cases/{id}")).Of("#messages")!;
        messages.ShouldContain("Here are the papers.");
        messages.ShouldNotContain("HT-2024-999999");
        await app.ShouldFold(id);

        // A number alone in the subject is anybody's: a person says where it belongs.
        var number = (await app.TheCase(id)).Number;
        var guess = IntakeWorld.AMail("x@mail.example", "Please cancel my contract HT-2024-999999.", $"Re: {number}");
        app.Drop(guess);
        await app.TakeMails();
        row = await app.TheMail(guess);
        (row.State, row.Reason).ShouldBe((MailState.New, "names-a-case"));
        var api = await app.SignIn(Role.Agent);
        (await (await api.PostAsJsonAsync($"/api/intake/mails/{row.Id}/case", new { @case = "T-1999-000001" })).Refusal()).ShouldBe("intake.no-such-case");
        await (await api.PostAsJsonAsync($"/api/intake/mails/{row.Id}/case", new { @case = number.ToLowerInvariant() })).Done();
        (await app.TheMail(guess)).CaseId.ShouldBe(id);
    }

    [Fact]
    public async Task The_same_mail_is_taken_once()
    {
        var contract = await app.AContractInForce();
        var id = Guid.NewGuid().ToString("N");
        var mail = IntakeWorld.AMail($"a{id}@mail.example", $"Please cancel my contract {contract.Number}.", id: id);
        var otherWay = mail.Replace("1.2.3.4", "5.6.7.8");
        var otherWords = IntakeWorld.AMail($"a{id}@mail.example", $"Please cancel my contract {contract.Number} at once.", id: id);
        app.Drop(mail);
        await app.TakeMails();
        app.Drop(mail);
        app.Drop(otherWay);
        app.Drop(otherWords);
        (await app.TakeMails()).ShouldBe(3);
        var row = await app.TheMail(mail);
        (await app.TheMail(otherWay)).ShouldSatisfyAllConditions(m => m.State.ShouldBe(MailState.Repeated), m => m.CaseId.ShouldBe(row.CaseId));
        (await app.TheMail(otherWords)).ShouldSatisfyAllConditions(m => m.State.ShouldBe(MailState.New), m => m.Reason.ShouldBe("same-id"));
        await app.Drain();
        app.Mails($"a{id}@mail.example").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Files_that_cannot_be_taken_are_set_aside_with_a_reason_and_shown()
    {
        await using var own = await ExeuntApp.Start(app.On);
        own.Drop(Array.Empty<byte>(), "empty.eml");
        own.Drop(Encoding.UTF8.GetBytes("just words"), "words.eml");
        // Fifty megabytes that take no room on the disk.
        Directory.CreateDirectory(own.Options.MailFolder);
        await using (var huge = new FileStream(Path.Combine(own.Options.MailFolder, "huge.eml"), FileMode.CreateNew))
            huge.SetLength(50 * 1024 * 1024);
        var secret = Path.Combine(Path.GetDirectoryName(own.Options.Data)!, "secret.txt");
        await File.WriteAllTextAsync(secret, IntakeWorld.AMail("a@b.example", "Please cancel my contract HT-2024-123456."));
        File.CreateSymbolicLink(Path.Combine(own.Options.MailFolder, "link.eml"), secret);
        // Still being written, by the protocol; and what is no mail by its name.
        await File.WriteAllTextAsync(Path.Combine(own.Options.MailFolder, "half.eml.tmp"), "From: a@b.example");
        Directory.CreateDirectory(Path.Combine(own.Options.MailFolder, "folder.eml"));

        var before = GC.GetTotalAllocatedBytes(precise: true);
        (await own.TakeMails()).ShouldBe(4);
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(40_000_000);
        var rows = await own.InboundMails();
        rows.ShouldAllBe(m => m.State == MailState.Refused);
        rows.Select(m => m.Reason).Order().ShouldBe(["empty", "link", "not-a-mail", "too-large"]);
        own.FilesIn().ShouldBe(["half.eml.tmp"]);
        own.FilesIn("refused").Count(f => f.EndsWith(".eml", StringComparison.Ordinal)).ShouldBe(4);
        own.FilesIn("refused").Count(f => f.EndsWith(".txt", StringComparison.Ordinal)).ShouldBe(4);
        File.Exists(secret).ShouldBeTrue();
        (await own.TakeMails()).ShouldBe(0);
        using var agent = await own.Browser(Role.Agent);
        (await agent.Get("/intake")).Text.ShouldContain("4 files could not be taken");
        (await agent.Get("/intake/mail?state=Refused")).Text.ShouldContain("The file is larger than 25 MB");
        (await agent.Get($"/intake/mail/{rows[0].Id}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_crash_takes_a_mail_once_and_loses_none()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var mail = IntakeWorld.AMail("crash@mail.example", "Please cancel my contract HT-2024-123456.");
        // Claimed, then the process fell: it is taken up again.
        own.Drop(mail);
        var id = Guid.CreateVersion7();
        var taking = Path.Combine(own.Options.MailFolder, "taking");
        Directory.CreateDirectory(taking);
        File.Move(Directory.EnumerateFiles(own.Options.MailFolder, "*.eml").Single(), Path.Combine(taking, $"{id:N}.eml"));
        (await own.TakeMails()).ShouldBe(1);
        (await own.InboundMails()).ShouldHaveSingleItem().Id.ShouldBe(id);

        // Committed, then the process fell before the file was gone: nothing happens twice.
        await File.WriteAllTextAsync(Path.Combine(taking, $"{id:N}.eml"), mail);
        await own.Restart();
        (await own.TakeMails()).ShouldBe(1);
        own.FilesIn("taking").ShouldBeEmpty();
        // Two nodes that share the folder meet at the same file.
        var shared = IntakeWorld.AMail("shared@mail.example", "Please cancel my contract HT-2024-123456.");
        var call = await own.SystemCall();
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ =>
            own.Do<TakeMail, TakeMail.Request, TakeMail.Taken>(call, new(id = Guid.CreateVersion7(), Encoding.UTF8.GetBytes(shared), shared.Length, call.Now))));
        both.Select(t => t.Value.Already).Order().ShouldBe([false, true]);
        both[0].Value.CaseId.ShouldBe(both[1].Value.CaseId);
        (await own.With<AppDb, int>(db => db.Cases.CountAsync())).ShouldBe(2);
        await own.Drain();
        own.Mails("crash@mail.example").Count.ShouldBe(1);
        own.Mails("shared@mail.example").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_bad_mail_does_not_hold_up_a_good_one_and_names_its_problems()
    {
        var name = Guid.NewGuid().ToString("N");
        var bad = IntakeWorld.AMail($"b{name}@mail.example", "--b\r\nContent-Type: text/plain\r\n\r\nPlease cancel my contract HT-2024-123456.", id: name).Replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b");
        app.Drop(bad, $"0-{name}.eml");
        app.Drop(IntakeWorld.AMail($"g{name}@mail.example", "Please cancel my contract HT-2024-123456."), $"1-{name}.eml");
        (await app.TakeMails()).ShouldBe(2);
        var row = await app.TheMail(bad);
        (row.State, row.Reason).ShouldBe((MailState.New, "problems"));
        using var agent = await app.Browser(Role.Agent, language: "zh-CN");
        (await agent.Get($"/intake/mail/{row.Id}")).Text.ShouldContain("邮件不完整");
        await app.Drain();
        app.Mails($"g{name}@mail.example").Count.ShouldBe(1);
        app.Mails($"b{name}@mail.example").ShouldBeEmpty();
    }

    [Fact]
    public async Task Attachments_of_safe_kinds_become_documents_of_the_case()
    {
        var contract = await app.AContractInForce();
        var mail = IntakeWorld.AMail("att@mail.example", $"--b\r\nContent-Type: text/plain\r\n\r\nPlease cancel my contract {contract.Number}.\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"../../x.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(IntakeWorld.Photo)}\r\n"
            + "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=evil.pdf\r\n\r\nMZ\u0001\u0002 no pdf at all\r\n--b--\r\n").Replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b");
        app.Drop(mail);
        await app.TakeMails();
        var row = await app.TheMail(mail);
        var proofs = await app.Proofs(row.CaseId!.Value);
        proofs.Select(p => p.Name[(p.Name.Length - 4)..]).Order().ShouldBe([".eml", ".png"]);
        proofs.Single(p => p.Name.EndsWith(".png", StringComparison.Ordinal)).Bytes.ShouldBe(IntakeWorld.Photo);
    }

    public sealed class OnSqlite(SqliteApp app) : MailTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : MailTests(app), IClassFixture<PostgresApp>;
}
