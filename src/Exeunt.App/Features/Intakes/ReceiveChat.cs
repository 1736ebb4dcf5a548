using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Intake;
using Exeunt.Core.Work;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>
/// Takes a signed message of a chat system (Standard Webhooks). It goes into its conversation, and, once that became a case, into the case. The
/// answer is the same whatever the message says. The same message twice changes nothing and is welcome.
/// </summary>
public sealed class ReceiveChat(AppDb db, SystemSecrets secrets, NumberTokens numbers, ChatDesk chats, CaseDesk desk, CaseTexts texts) : UseCase<ReceiveChat.Request, ReceiveChat.Taken>(db)
{
    /// <param name="Body">The raw body, as it was signed.</param>
    public sealed record Request(string System, string? Id, string? Timestamp, string? Signature, string Body);

    public sealed record Taken(string MessageId);

    public override Permission Needs => Permission.Public;

    protected override int Tries => 5;

    protected override async Task<Outcome<Taken>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<ConnectedSystem>().AsNoTracking().SingleOrDefaultAsync(s => s.Name == request.System && s.IsActive, ct) is not { } system)
            return WebhookSignature.WrongSignature;
        if (WebhookSignature.Check(await secrets.KeyOf(system, ct), request.Id, request.Timestamp, request.Signature, request.Body, call.Now) is { } unbelieved)
            return unbelieved;
        if (Read(request.Body) is not var (external, words, language))
            return IntakeRefusals.ChatUnreadable;
        if (await Db.Set<ChatMessage>().AsNoTracking().AnyAsync(m => m.System == system.Name && m.MessageId == request.Id, ct))
            return new Taken(request.Id!);
        var own = call with { Actor = new Actor(ActorKind.System, $"system:{system.Name}", []), IdempotencyKey = null };
        var token = numbers.Of("conversation", $"{system.Name}|{external}");
        var conversation = await Db.Set<Conversation>().SingleOrDefaultAsync(c => c.Token == token, ct);
        // What its case needed is over and will be forgotten with it: whoever writes again begins anew.
        if (conversation?.CaseId is { } over && await Db.Cases.AsNoTracking().AnyAsync(c => c.Id == over && c.State == CaseState.Closed, ct))
        {
            (conversation.Token, conversation.Version) = (null, conversation.Version + 1);
            conversation = null;
        }
        if (conversation is null)
        {
            var (id, subject) = (Guid.CreateVersion7(call.Now), Cases.Intake.NewSubject());
            Db.Add(conversation = new Conversation
            {
                Id = id, Subject = subject, System = system.Name, Token = token, StartedAt = call.Now, LastAt = call.Now,
                Data = await chats.Seal(subject, id, new ConversationHead(external, words.Speaker, language), ct),
            });
        }
        else if (await Db.Set<ChatMessage>().CountAsync(m => m.ConversationId == conversation.Id, ct) >= ChatDesk.MaxMessages)
            return new Taken(request.Id!);
        await chats.Take(conversation, request.Id!, words, own, ct);
        (conversation.Unanswered, conversation.Version) = (true, conversation.Version + 1);
        // What was set aside is taken up again when the customer goes on.
        if (conversation.State == ConversationState.Closed)
            (conversation.State, conversation.Reason) = (ConversationState.Open, null);
        Db.Audit(own, "chat.taken", $"conversation:{conversation.Id:N}");
        if (conversation.CaseId is { } caseId && await desk.Find(caseId, own, ct) is { IsClosed: false } exit)
        {
            exit.LeaveMessage(await texts.Stage(exit, "message", words.Text.Length > LeaveMessage.Max ? words.Text[..LeaveMessage.Max] : words.Text, ct), fromCustomer: true);
            desk.Stage(exit, own);
        }
        return await Commit(new Taken(request.Id!), ct);
    }

    private static (string Conversation, ChatWords Words, string Language)? Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            if (json.RootElement.GetProperty("type").GetString() != "chat.message")
                return null;
            var data = json.RootElement.GetProperty("data");
            string? Text(string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            var (conversation, text) = (Text("conversation"), MailText.Safe(Text("text") ?? "", oneLine: false, ChatDesk.MaxText).Trim());
            if (conversation is not { Length: > 0 and <= 200 } || text.Length == 0)
                return null;
            return (conversation, new ChatWords(text, MailText.Safe(Text("speaker") ?? "", oneLine: true, 80), data.TryGetProperty("sentAt", out var at) && at.TryGetDateTimeOffset(out var sent) ? sent : null),
                Text("language") is "zh" or "en" ? Text("language")! : "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
