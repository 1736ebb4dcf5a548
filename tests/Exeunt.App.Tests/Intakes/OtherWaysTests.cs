using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Intakes;
using Exeunt.App.Features.Work;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Work;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Intakes;

/// <summary>Chat, visit and API: each the whole way to a received application with its proof.</summary>
public abstract class OtherWaysTests(ExeuntApp app)
{
    [Fact]
    public async Task A_conversation_becomes_an_application_with_its_transcript()
    {
        await using var chat = await Connected();
        var contract = await app.AContractInForce();
        var (client, room) = (app.Client(), Guid.NewGuid().ToString("N"));
        await Says(client, room, "你好 chat-canary");
        app.Advance(TimeSpan.FromMinutes(3));
        var said = app.Time.GetUtcNow();
        await Says(client, room, $"我要解约，合同号 {contract.Number}");
        app.Advance(TimeSpan.FromMinutes(10));

        var id = await Conversation();
        using var agent = await app.Browser(Role.Agent);
        (await agent.Get("/intake/chat")).Document.QuerySelector($"a[href='/intake/chat/{id}']").ShouldNotBeNull();
        var page = await agent.Get($"/intake/chat/{id}");
        page.Text.ShouldContain("chat-canary");
        page.Document.QuerySelector("[name=contractNumber]")!.GetAttribute("value").ShouldBe(contract.Number);
        await agent.Submit("form[action$='/reply']", new { words = "您好，请稍候。" });
        await app.Drain();
        chat.Messages.ShouldHaveSingleItem().ShouldSatisfyAllConditions(m => m.Conversation.ShouldBe(room), m => m.Text.ShouldBe("您好，请稍候。"));
        chat.WronglySigned.ShouldBe(0);

        (await agent.Submit("form[action$='/application']", new { contact = "" })).Status.ShouldBe(422);
        page = await agent.Submit("form[action$='/application']", new { name = "王小芳", contact = contract.Mail });
        var caseId = Guid.Parse(page.Path.Split('/')[^1]);
        var exit = await app.TheCase(caseId);
        // The clock starts with the message that says it, not with the click.
        (exit.Channel, exit.ReceivedAt, exit.Language).ShouldBe((Channel.Chat, DateTimeOffset.FromUnixTimeMilliseconds(said.ToUnixTimeMilliseconds()), "zh"));
        await app.ShouldFold(caseId);
        var transcript = Encoding.UTF8.GetString((await app.Proofs(caseId)).ShouldHaveSingleItem().Bytes);
        transcript.ShouldContain("chat-canary");
        transcript.ShouldContain("请稍候");
        await app.Drain();
        chat.Messages.Last().Text.ShouldContain(exit.Number);
        (await app.PlacesWith("chat-canary")).ShouldBeEmpty();

        // From here both sides speak in the case, and the customer reads it in the chat.
        await Says(client, room, "什么时候结束？");
        await (await (await app.SignIn(Role.Agent)).PostAsJsonAsync($"/api/cases/{caseId}/messages", new { text = "按通知期办理。" })).Done();
        await app.Drain();
        chat.Messages.Last().Text.ShouldBe("按通知期办理。");
        var messages = (await agent.Get($"/cases/{caseId}")).Of("#messages")!;
        messages.ShouldContain("什么时候结束？");
        messages.ShouldContain("按通知期办理。");
        await app.ShouldFold(caseId);

        // Once the case is over, whoever writes again begins anew, and people see it.
        await (await (await app.SignIn(Role.Supervisor)).PostAsJsonAsync($"/api/cases/{caseId}/refusal", new { ground = "not-the-customer", words = "不是本人。" })).Done();
        app.Advance(TimeSpan.FromMinutes(1));
        await Says(client, room, "还想解约另一份合同");
        var anew = await Conversation();
        // The newest conversation of the tests that follow is their own.
        app.Advance(TimeSpan.FromMinutes(1));
        anew.ShouldNotBe(id);
        (await agent.Get("/intake/chat")).Document.QuerySelector($"a[href='/intake/chat/{anew}']").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_chat_system_is_believed_only_signed_and_a_message_twice_is_one()
    {
        await using var chat = await Connected();
        var (client, room, now) = (app.Client(), Guid.NewGuid().ToString("N"), app.Time.GetUtcNow());
        async Task<string> Code(Task<(HttpStatusCode Status, JsonElement Body)> answer) => (await answer).Body.GetProperty("code").GetString()!;
        (await Code(FakeSystem.Send(client, "/api/systems/wecom/messages", Body(room, "x"), now, "m1", change: b => b + " "))).ShouldBe("callback.wrong-signature");
        (await Code(FakeSystem.Send(client, "/api/systems/nobody/messages", Body(room, "x"), now, "m1"))).ShouldBe("callback.wrong-signature");
        (await Code(FakeSystem.Send(client, "/api/systems/wecom/messages", Body(room, "x"), now.AddMinutes(-6), "m1"))).ShouldBe("callback.too-old");
        foreach (var body in new[] { "{}", "[]", "nonsense", "{\"type\":\"chat.message\",\"data\":{\"conversation\":1,\"text\":\"x\"}}", "{\"type\":\"chat.message\",\"data\":7}", Body(room, "\u202e\0"), "{\"type\":\"other\",\"data\":{}}" })
            (await Code(FakeSystem.Send(client, "/api/systems/wecom/messages", body, now, "m1"))).ShouldBe("chat.unreadable");
        var id = Guid.NewGuid().ToString("N");
        for (var i = 0; i < 2; i++)
            (await FakeSystem.Send(client, "/api/systems/wecom/messages", Body(room, "hello"), now, id)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.With<AppDb, int>(db => db.Set<ChatMessage>().CountAsync(m => m.MessageId == id))).ShouldBe(1);

        // Set aside with a reason, and open again when the customer goes on.
        var conversation = await Conversation();
        var agent = await app.SignIn(Role.Agent);
        (await (await agent.PostAsJsonAsync($"/api/intake/conversations/{conversation}/dismissal", new { reason = "because" })).Refusal()).ShouldBe("intake.reason");
        await (await agent.PostAsJsonAsync($"/api/intake/conversations/{conversation}/dismissal", new { reason = "only-asks" })).Done();
        await FakeSystem.Send(client, "/api/systems/wecom/messages", Body(room, "still there?"), now, id + "2");
        (await app.With<AppDb, ConversationState>(db => db.Set<Conversation>().Where(c => c.Id == conversation).Select(c => c.State).SingleAsync())).ShouldBe(ConversationState.Open);

        // A chat system that is down gets the answer later.
        chat.Status = 500;
        await (await agent.PostAsJsonAsync($"/api/intake/conversations/{conversation}/replies", new { text = "Yes." })).Done();
        await app.Drain();
        chat.Status = 202;
        app.Advance(TimeSpan.FromSeconds(11));
        await app.Drain();
        var tried = chat.Messages.Where(m => m.Conversation == room).ToList();
        (tried.Count, tried.Select(m => m.MessageId).Distinct().Count()).ShouldBe((2, 1));
    }

    [Fact]
    public async Task A_visit_needs_a_signature_that_can_be_read()
    {
        var contract = await app.AContractInForce();
        using var agent = await app.Browser(Role.AccountManager);
        await agent.Get("/intake/visit");
        var at = TimeZoneInfo.ConvertTime(app.Time.GetUtcNow().AddHours(-3), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        var typed = new Dictionary<string, object?>
        {
            ["visitedAt"] = at.ToString("yyyy-MM-ddTHH:mm"), ["minutes"] = "25", ["where"] = "Shop 12, visit-canary", ["present"] = "王小芳; agent", ["documentsSeen"] = "ID card, valid", ["said"] = "The shop closes.", ["contractNumber"] = contract.Number, ["name"] = contract.Name,
            ["contact"] = contract.Mail,
        };
        var page = await agent.Submit("button.btn-primary", typed);
        (page.Status, page.Text.Contains("Upload the signed minutes", StringComparison.Ordinal)).ShouldBe((422, true));
        page.Document.QuerySelector("[name=where]")!.GetAttribute("value").ShouldBe("Shop 12, visit-canary");
        page = await agent.Submit("button.btn-primary", new Dictionary<string, object?>(typed) { ["signature"] = new ChosenFile("x.png", "<html>no photo"u8.ToArray()) });
        page.Status.ShouldBe(422);
        page = await agent.Submit("button.btn-primary", new Dictionary<string, object?>(typed) { ["representative"] = "Li Lei", ["signature"] = new ChosenFile("x.png", IntakeWorld.Photo) });
        (page.Status, page.Text.Contains("needs a document of authority", StringComparison.Ordinal)).ShouldBe((422, true));
        page = await agent.Submit("button.btn-primary", new Dictionary<string, object?>(typed) { ["signature"] = new ChosenFile("x.png", IntakeWorld.Photo), ["files"] = new ChosenFile("y.png", IntakeWorld.Photo) });
        var id = Guid.Parse(page.Path.Split('/')[^1]);
        var exit = await app.TheCase(id);
        (exit.Channel, exit.ReceivedAt, exit.Requesters).ShouldBe((Channel.Visit, new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, at.Offset), $"staff:{await app.Staff(Role.AccountManager):N}"));
        var proofs = await app.Proofs(id);
        proofs.Select(p => p.Name).ShouldBe([$"{exit.Number}-paper-3.png", $"{exit.Number}-signature-2.png", $"{exit.Number}-visit.txt"]);
        Encoding.UTF8.GetString(proofs[2].Bytes).ShouldContain("visit-canary");
        (await app.PlacesWith("visit-canary")).ShouldBeEmpty();
        var card = await app.IntakeCard(id, "zh-CN");
        card.ShouldContain("在场人员");
        card.ShouldContain("受理凭证");
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task An_integrator_sends_its_reference_who_acted_and_the_authority()
    {
        var contract = await app.AContractInForce();
        var key = Guid.NewGuid().ToString("N");
        object Of(string? authority) => new
        {
            contractNumber = contract.Number, name = contract.Name, contact = contract.Mail, system = "shop", reference = "R-77", actedBy = "counter 3", representative = new { name = "Li Lei", relation = "son", authority },
        };
        using var client = app.Client("zh");
        (await (await client.PostAsJsonAsync("/api/applications", Of(null))).Refusal()).ShouldBe("intake.authority-missing");
        (await (await client.PostAsJsonAsync("/api/applications", Of("***"))).Refusal()).ShouldBe("intake.authority-unreadable");
        (await (await client.PostAsJsonAsync("/api/applications", Of(Convert.ToBase64String("plain words"u8)))).Refusal()).ShouldBe("evidence.no-paper");
        client.DefaultRequestHeaders.Add("Idempotency-Key", key);
        var first = await (await client.PostAsJsonAsync("/api/applications", Of(Convert.ToBase64String(IntakeWorld.Photo)))).Done();
        var second = await (await client.PostAsJsonAsync("/api/applications", Of(Convert.ToBase64String(IntakeWorld.Photo)))).Done();
        second.GetProperty("number").GetString().ShouldBe(first.GetProperty("number").GetString());
        (await (await client.PostAsJsonAsync("/api/applications", Of(null))).Refusal()).ShouldBe("idempotency-key-reused");
        var id = first.Id("caseId");
        var proofs = await app.Proofs(id);
        proofs.Count.ShouldBe(2);
        using var request = JsonDocument.Parse(proofs.Single(p => p.Name.EndsWith(".json", StringComparison.Ordinal)).Bytes);
        (request.RootElement.GetProperty("reference").GetString(), request.RootElement.GetProperty("key").GetString()).ShouldBe(("R-77", key));
        var card = await app.IntakeCard(id);
        card.ShouldContain("R-77");
        card.ShouldContain("L*** L***");
        card.ShouldContain("A program");
        await app.ShouldFold(id);
    }

    [Fact]
    public async Task What_was_kept_of_an_intake_goes_when_the_customer_is_erased_and_never_shows_on_the_portal()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        var proof = await app.With<AppDb, Guid>(db => db.Documents.Where(d => d.CaseId == id && d.Kind == Features.Documents.DocumentKind.Intake).Select(d => d.Id).SingleAsync());
        (await customer.GetAsync($"/api/progress/{token}/documents/{proof}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await app.With<IServiceProvider>(async services =>
        {
            var db = (AppDb)services.GetService(typeof(AppDb))!;
            var exit = await db.Cases.AsNoTracking().SingleAsync(c => c.Id == id);
            await IntakeProofs.Forget(db, exit.IntakeSubject, default);
            db.Audit(await app.SystemCall(), "test.forgotten", "case");
            await db.SaveChangesAsync();
        });
        (await app.Proofs(id)).ShouldBeEmpty();
        (await app.IntakeCard(id)).ShouldContain("Signed receipt");
    }

    private async Task<FakeSystem> Connected()
    {
        var system = new FakeSystem();
        (await app.Do<SaveSystem, SaveSystem.Request, Done>(await app.CallOf(Role.Administrator), new("wecom", system.Url, FakeSystem.Secret))).Succeeded.ShouldBeTrue();
        return system;
    }

    private static string Body(string room, string text) => JsonSerializer.Serialize(new { type = "chat.message", data = new { conversation = room, text, speaker = "小王" } });

    private async Task Says(HttpClient client, string room, string text) =>
        (await FakeSystem.Send(client, "/api/systems/wecom/messages", Body(room, text), app.Time.GetUtcNow(), Guid.NewGuid().ToString("N"))).Status.ShouldBe(HttpStatusCode.OK);

    private Task<Guid> Conversation() => app.With<AppDb, Guid>(db => db.Set<Conversation>().OrderByDescending(c => c.Id).Select(c => c.Id).FirstAsync());

    public sealed class OnSqlite(SqliteApp app) : OtherWaysTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : OtherWaysTests(app), IClassFixture<PostgresApp>;
}
