using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>Gives it to somebody who may handle it: not to whoever acted in the case it is about, nor to whoever answered it before.</summary>
public sealed class AssignFeedback(AppDb db, FeedbackDesk desk, StaffDirectory staff) : UseCase<AssignFeedback.Request, Done>(db)
{
    public sealed record Request(Guid Id, Guid To);

    public override Permission Needs => Permission.AssignFeedback;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not { } item)
            return CommonRefusals.NotFound;
        var path = await desk.PathOf(item, ct);
        if ((await staff.Holders(Permission.HandleFeedback, path, ct)).All(h => h.Id != request.To))
            return NotTheirs;
        return await Give(StaffDirectory.IdOf(request.To), item, desk, call, ct) is { } no ? no : await Commit(Done.It, ct);
    }

    internal static async Task<Refusal?> Give(string person, FeedbackItem item, FeedbackDesk desk, Call call, CancellationToken ct)
    {
        if (item.Assign(person, await desk.Acted(item.CaseId, person, ct)) is { } no)
            return no;
        await desk.Note(item, call, FeedbackEvent.Assigned, about: person, ct: ct);
        return null;
    }

    private static readonly Refusal NotTheirs = new(RefusalKind.Invalid, "feedback.not-theirs",
        "This person does not handle complaints of this unit.", "此人不负责该单位的反馈。", Field: "to");
}

/// <summary>Takes it for oneself.</summary>
public sealed class TakeFeedback(AppDb db, FeedbackDesk desk) : UseCase<TakeFeedback.Request, Done>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.HandleFeedback;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not { } item)
            return CommonRefusals.NotFound;
        return await AssignFeedback.Give(call.Actor.Id, item, desk, call, ct) is { } no ? no : await Commit(Done.It, ct);
    }
}
