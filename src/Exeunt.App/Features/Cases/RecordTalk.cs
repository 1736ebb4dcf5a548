using Exeunt.App.Data;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>Records a talk with the customer: reason on two levels, when, channel, minutes, own words. There may be several.</summary>
public sealed class RecordTalk(AppDb db, CaseDesk desk, CaseTexts texts, ReasonBook reasons) : UseCase<RecordTalk.Request, Done>(db)
{
    public const int MaxWords = 4000;

    /// <param name="Reason">"PRICE" or "PRICE/TOO_HIGH".</param>
    /// <param name="StartedAt">When it began, in business time; null: so many minutes ago.</param>
    public sealed record Request(Guid CaseId, string? Reason, string? Words, string? Channel, int Minutes, DateTimeOffset? StartedAt = null);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            // The keys of its texts may be destroyed: nothing is sealed any more.
            return CaseRefusals.Closed;
        if (string.IsNullOrWhiteSpace(request.Reason))
            return CommonRefusals.Required("reason");
        // The reason of an earlier talk may be kept, though it was retired meanwhile.
        var known = exit.Reason is null ? null : exit.ReasonDetail is null ? exit.Reason : $"{exit.Reason}/{exit.ReasonDetail}";
        if (request.Reason != known && await reasons.Check(request.Reason, ct) is { } notThis)
            return notThis;
        if (request.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        if (request.Minutes is < 0 or > 1440)
            return new Refusal(RefusalKind.Invalid, "talk.minutes", "Minutes are between 0 and 1440.", "时长应在 0 至 1440 分钟之间。", Field: "minutes");
        var startedAt = request.StartedAt ?? call.BusinessNow.AddMinutes(-request.Minutes);
        if (startedAt > call.BusinessNow || startedAt < exit.BusinessReceivedAt.AddYears(-1))
            return new Refusal(RefusalKind.Invalid, "talk.started", "A talk began before now, and not a year before the application.", "开始时间不得晚于现在，也不得早于申请一年以上。", Field: "startedAt");
        var channel = request.Channel is "phone" or "mail" or "visit" or "chat" ? request.Channel : "phone";
        var parts = request.Reason.Split('/');
        Guid? text = string.IsNullOrWhiteSpace(request.Words) ? null : await texts.Stage(exit, "talk", request.Words.Trim(), ct);
        if (exit.RecordTalk(parts[0], parts.ElementAtOrDefault(1), channel, request.Minutes, text, DateTimeOffset.FromUnixTimeMilliseconds(startedAt.ToUnixTimeMilliseconds())) is { } no)
            return no;
        if (exit.AssignedTo is null)
            exit.Assign(call.Actor.Id);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
