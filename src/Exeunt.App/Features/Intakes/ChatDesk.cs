using System.Globalization;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>Whom a conversation is with, sealed.</summary>
/// <param name="External">The chat system's own id of the conversation.</param>
/// <param name="Language">"zh" or "en" as the chat system says; empty: as most of it is written.</param>
public sealed record ConversationHead(string External, string Speaker, string Language);

/// <param name="Speaker">Name as the chat system gave it; empty for ours.</param>
/// <param name="ClaimedAt">When it was written, as the chat system says.</param>
public sealed record ChatWords(string Text, string Speaker = "", DateTimeOffset? ClaimedAt = null);

/// <summary>Opens, seals and writes conversations; the caller saves.</summary>
public sealed class ChatDesk(AppDb db, Vault vault)
{
    public const int MaxText = 4000;

    /// <summary>Messages of one conversation that are kept and shown; what comes later stays in the chat system.</summary>
    public const int MaxMessages = 500;

    public const string Customer = "customer";

    public sealed record Line(ChatMessage Message, ChatWords? Words);

    public Task<ConversationHead?> Head(Conversation conversation, CancellationToken ct) =>
        vault.Open<ConversationHead>(conversation.Subject, DataClass.Case, Conversation.Place, conversation.Id.ToString("N"), conversation.Data, ct);

    public Task<byte[]> Seal(long subject, Guid id, ConversationHead head, CancellationToken ct) => vault.Seal(subject, DataClass.Case, Conversation.Place, id.ToString("N"), head, ct);

    public async Task<IReadOnlyList<Line>> Lines(Conversation conversation, CancellationToken ct)
    {
        var lines = new List<Line>();
        foreach (var message in await db.Set<ChatMessage>().AsNoTracking().Where(m => m.ConversationId == conversation.Id).OrderBy(m => m.At).ThenBy(m => m.Id).Take(MaxMessages).ToListAsync(ct))
            lines.Add(new(message, await Open(conversation, message, ct)));
        return lines;
    }

    public Task<ChatWords?> Open(Conversation conversation, ChatMessage message, CancellationToken ct) =>
        vault.Open<ChatWords>(conversation.Subject, DataClass.Case, ChatMessage.Place, message.Id.ToString("N"), message.Data, ct);

    /// <summary>Stages a message of the customer.</summary>
    public async Task<ChatMessage> Take(Conversation conversation, string messageId, ChatWords words, Call call, CancellationToken ct) =>
        await Add(conversation, messageId, Customer, words, call, ct);

    /// <summary>Stages a message of ours, and its way to the chat system.</summary>
    public async Task Say(Conversation conversation, string by, string text, Call call, CancellationToken ct)
    {
        var message = await Add(conversation, $"chat_{Guid.CreateVersion7(call.Now):N}", by, new ChatWords(text), call, ct);
        db.Enqueue(SendChat.Of(message, conversation.CaseId, call));
        conversation.Unanswered = false;
        conversation.Version++;
    }

    private async Task<ChatMessage> Add(Conversation conversation, string messageId, string by, ChatWords words, Call call, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(call.Now);
        var message = new ChatMessage
        {
            Id = id, ConversationId = conversation.Id, System = conversation.System, MessageId = messageId, By = by, At = call.Now,
            Data = await vault.Seal(conversation.Subject, DataClass.Case, ChatMessage.Place, id.ToString("N"), words, ct),
        };
        db.Add(message);
        conversation.LastAt = call.Now;
        return message;
    }

    /// <summary>The conversation as one text: who said what and when, in UTC.</summary>
    public static string Transcript(Conversation conversation, IReadOnlyList<Line> lines) =>
        string.Concat(lines.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Message.At:yyyy-MM-dd HH:mm:ss} UTC\t{(l.Message.By == Customer ? l.Words?.Speaker is { Length: > 0 } who ? who : Customer : l.Message.By)}\t{l.Message.MessageId}\n{l.Words?.Text}\n\n"))
            .Prepend($"{conversation.System}\n\n"));
}

/// <summary>Effect "chat.send": posts a message of ours to the chat system, signed; tried again as work orders are, then parked.</summary>
public sealed class SendChat(AppDb db, ChatDesk desk, SystemPost post) : IEffect
{
    public const string Kind = "chat.send";

    public sealed record What(Guid MessageId);

    public static Effect Of(ChatMessage message, Guid? caseId, Call call) => Effect.Now(Kind, $"{Kind}|{message.Id:N}", call, new What(message.Id), caseId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<What>().MessageId;
        // Forgotten meanwhile.
        if (await db.Set<ChatMessage>().SingleOrDefaultAsync(m => m.Id == id, ct) is not { SentAt: null } message)
            return EffectResult.Done;
        var conversation = await db.Set<Conversation>().AsNoTracking().SingleAsync(c => c.Id == message.ConversationId, ct);
        if (await desk.Head(conversation, ct) is not { } head || await desk.Open(conversation, message, ct) is not { } words)
            return EffectResult.Done;
        if (await db.Set<ConnectedSystem>().AsNoTracking().SingleOrDefaultAsync(s => s.Name == message.System && s.IsActive, ct) is not { } system)
            return EffectResult.Park("no-such-system");
        var body = JsonSerializer.Serialize(new { type = "chat.message", timestamp = call.Now, data = new { conversation = head.External, messageId = message.MessageId, text = words.Text } }, Json.Plain);
        if (await post.Send(system, message.MessageId, body, effect, call, ct) is { } failed)
            return failed;
        message.SentAt = call.Now;
        db.Audit(call, "chat.sent", $"conversation:{conversation.Id:N}", new { message.MessageId });
        return EffectResult.Done;
    }
}

/// <summary>Effect "message.out": a reply in a case goes back by the way its application came, where that is a chat.</summary>
public sealed class MessageOut(AppDb db, ChatDesk desk, CaseTexts texts) : IEffect
{
    public const string Kind = "message.out";

    public sealed record What(Guid TextId, string By);

    public static Effect? Of(ExitCase exit, Guid textId, Call call) =>
        exit.Channel == Channel.Chat ? Effect.Now(Kind, $"{Kind}|{textId:N}", call, new What(textId, call.Actor.Id), exit.Id) : null;

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var what = effect.Read<What>();
        if (await db.Set<Conversation>().FirstOrDefaultAsync(c => c.CaseId == effect.CaseId && c.State == ConversationState.Application, ct) is not { } conversation
            || (await texts.All(effect.CaseId!.Value, ct)).GetValueOrDefault(what.TextId) is not { } words)
            return EffectResult.Done;
        await desk.Say(conversation, what.By, words, call, ct);
        db.Audit(call, "chat.replied", $"conversation:{conversation.Id:N}");
        return EffectResult.Done;
    }
}
