using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.FollowUps;

/// <summary>Puts down something to be done for a former customer while the follow-up runs: help to move, a call, a corrected paper.</summary>
public sealed class AddFollowUp(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<AddFollowUp.Request, AddFollowUp.Added>(db)
{
    public const int MaxWords = 1000;

    public sealed record Request(Guid CaseId, string? Words, DateOnly? DueOn);

    public sealed record Added(Guid TaskId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Added>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (!exit.IsActive(StepKind.FollowUp))
            return exit.IsClosed ? CaseRefusals.Closed : CaseRefusals.StepNotActive;
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        var today = call.Today(exit.Zone!);
        if (request.DueOn is not { } due || due < today || due > today.AddDays(180))
            return FollowUpRefusals.Due;
        var task = new FollowUpTask
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, TextId = await texts.StageUntilClosed(exit, "follow-up", request.Words.Trim(), ct), DueOn = due, AddedBy = call.Actor.Id, AddedAt = call.Now,
        };
        Db.Add(task);
        Db.Audit(call, "follow-up.added", $"case:{exit.Id:N}", new { task = task.Id, due });
        return await Commit(new Added(task.Id), ct);
    }
}
