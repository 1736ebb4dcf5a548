using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>What waits at the door: own calls that were not finished, call-backs, mails and conversations nobody has decided on, and refused files.</summary>
public sealed class ListIntake(AppDb db) : UseCase<ListIntake.Request, ListIntake.View>(db)
{
    public const int Max = 50;

    public sealed record Request;

    /// <param name="Calls">The caller's own, open or to be called back; newest first.</param>
    /// <param name="Mails">How many mails wait for a person; above a thousand the number does not matter.</param>
    /// <param name="Refused">How many files were refused in the last thirty days.</param>
    public sealed record View(IReadOnlyList<CallLine> Calls, int Mails, int Refused, IReadOnlyList<ChatLine> Chats);

    public sealed record CallLine(Guid Id, CallState State, DateTimeOffset StartedAt, DateTimeOffset? CallBackAt);

    public sealed record ChatLine(Guid Id, string System, ConversationState State, DateTimeOffset LastAt, bool Unanswered);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct) =>
        new View(
            await Db.Set<PhoneCall>().AsNoTracking().Where(c => (c.State == CallState.Open || c.State == CallState.CallBack) && c.By == call.Actor.Id).OrderByDescending(c => c.Id).Take(Max)
                .Select(c => new CallLine(c.Id, c.State, c.StartedAt, c.CallBackAt)).ToListAsync(ct),
            await Db.Set<InboundMail>().Where(m => m.State == MailState.New).Take(1001).CountAsync(ct),
            await Db.Set<InboundMail>().Where(m => m.State == MailState.Refused && m.TakenAt > call.Now.AddDays(-30)).Take(1001).CountAsync(ct),
            await Db.Set<Conversation>().AsNoTracking().Where(c => c.State == ConversationState.Open).OrderByDescending(c => c.Unanswered).ThenByDescending(c => c.Id).Take(Max)
                .Select(c => new ChatLine(c.Id, c.System, c.State, c.LastAt, c.Unanswered)).ToListAsync(ct));
}

/// <summary>Call-backs of today, and mails and conversations that wait.</summary>
public sealed class IntakeToday(AppDb db) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.HandleCases))
            return [];
        var t = Texts.In(call.Language);
        var soon = call.Now.AddDays(1);
        var items = (await db.Set<PhoneCall>().AsNoTracking().Where(c => c.State == CallState.CallBack && c.By == call.Actor.Id && c.CallBackAt < soon).OrderBy(c => c.CallBackAt).Take(20).ToListAsync(ct))
            .ConvertAll(c => new TodayItem(t["intake.today.call-back"], $"/intake/phone/{c.Id}", Clocks.DateIn(c.CallBackAt!.Value + (call.BusinessNow - call.Now), Clocks.CompanyZone), TodayKind.Waiting));
        if (await db.Set<InboundMail>().Where(m => m.State == MailState.New).Take(1001).CountAsync(ct) is > 0 and var mails)
            items.Add(new TodayItem(t["intake.today.mails", mails], "/intake/mail", null, TodayKind.Waiting));
        if (await db.Set<Conversation>().Where(c => c.State == ConversationState.Open && c.Unanswered).Take(1001).CountAsync(ct) is > 0 and var chats)
            items.Add(new TodayItem(t["intake.today.chats", chats], "/intake/chat", null, TodayKind.Waiting));
        return items;
    }
}
