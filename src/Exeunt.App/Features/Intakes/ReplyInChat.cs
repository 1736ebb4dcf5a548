using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Intake;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>A conversation with its messages and what was read out of them; the look is recorded.</summary>
public sealed class ShowChat(AppDb db, ChatDesk chats, CaseDesk desk, Reasons.ReasonBook reasons) : UseCase<ShowChat.Request, ShowChat.View>(db)
{
    public sealed record Request(Guid Id);

    public sealed record View(Conversation Conversation, ConversationHead? Head, IReadOnlyList<ChatDesk.Line> Lines, ReadWish Wish, string? CaseNumber, Reasons.ReasonList Reasons);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<Conversation>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Id, ct) is not { } conversation)
            return CommonRefusals.NotFound;
        // Once it is a case it is seen as the case is.
        var exit = conversation.CaseId is { } id ? await desk.Find(id, call, Needs, ct) : null;
        if (conversation.CaseId is not null && exit is null)
            return CommonRefusals.NotFound;
        var lines = await chats.Lines(conversation, ct);
        var view = new View(conversation, await chats.Head(conversation, ct), lines, WishOf(lines), exit?.Number, await reasons.All(ct));
        Db.Audit(call, "conversation.viewed", $"conversation:{conversation.Id:N}");
        await Db.SaveChangesAsync(ct);
        return view;
    }

    public static ReadWish WishOf(IReadOnlyList<ChatDesk.Line> lines) =>
        WishReader.Read("", string.Join("\n\n", lines.Where(l => l.Message.By == ChatDesk.Customer).Select(l => l.Words?.Text)));
}

/// <summary>Answers in a conversation; once it is a case, in the case.</summary>
public sealed class ReplyInChat(AppDb db, ChatDesk chats, CaseDesk desk, CaseTexts texts) : UseCase<ReplyInChat.Request, Done>(db)
{
    public sealed record Request(Guid Id, string? Words);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<Conversation>().SingleOrDefaultAsync(c => c.Id == request.Id, ct) is not { } conversation)
            return CommonRefusals.NotFound;
        if (CommonRefusals.Unfit("words", request.Words, LeaveMessage.Max, out var unfit))
            return unfit;
        if (conversation.CaseId is { } caseId)
        {
            if (await desk.Find(caseId, call, Needs, ct) is not { } exit)
                return CommonRefusals.NotFound;
            if (exit.IsClosed)
                return CaseRefusals.Closed;
            exit.LeaveMessage(await texts.Stage(exit, "message", request.Words.Trim(), ct), fromCustomer: false);
            desk.Stage(exit, call);
        }
        await chats.Say(conversation, call.Actor.Id, request.Words.Trim(), call, ct);
        Db.Audit(call, "chat.replied", $"conversation:{conversation.Id:N}");
        return await Commit(Done.It, ct);
    }
}

/// <summary>Says with a reason that a conversation is no application; it opens again when the customer goes on, and is forgotten a month later.</summary>
public sealed class CloseChat(AppDb db) : UseCase<CloseChat.Request, Done>(db)
{
    /// <param name="Reason">One of <see cref="DismissMail.Reasons"/>.</param>
    public sealed record Request(Guid Id, string? Reason);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<Conversation>().SingleOrDefaultAsync(c => c.Id == request.Id, ct) is not { } conversation)
            return CommonRefusals.NotFound;
        if (conversation.State != ConversationState.Open)
            return IntakeRefusals.Over;
        if (!DismissMail.Reasons.Contains(request.Reason))
            return IntakeRefusals.Reason;
        (conversation.State, conversation.Reason, conversation.DecidedBy, conversation.Unanswered) = (ConversationState.Closed, request.Reason, call.Actor.Id, false);
        conversation.Version++;
        Db.Enqueue(ForgetIntake.Of(conversation.Subject, conversation.Version, call));
        Db.Audit(call, "conversation.closed", $"conversation:{conversation.Id:N}", new { request.Reason });
        return await Commit(Done.It, ct);
    }
}
