using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>A named person ticks an item of a check-list, or what an automatic check found, with words where there is something to say; with the last one the step is done.</summary>
public sealed class TickItem(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<TickItem.Request, Done>(db)
{
    public const int MaxWords = 1000;

    public sealed record Request(Guid CaseId, string? Item, string? Words);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (request.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        if (exit.Plan.Steps.FirstOrDefault(s => (s.Kind == StepKind.CheckList || (s.Kind == StepKind.AutoCheck && exit.Step(s.Id).Failed is not null)) && exit.IsActive(s.Id)) is not { } step)
            return CaseRefusals.StepNotActive;
        var path = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleAsync(ct);
        if (step.Roles.Count > 0 && !step.Roles.Any(r => call.Actor.Has(r, path)))
            return OffboardingRefusals.NotYourStep;
        if (step.Items.All(i => i.Code != request.Item))
            return OffboardingRefusals.UnknownItem;
        var done = exit.Step(step.Id).Items ?? [];
        Guid? text = string.IsNullOrWhiteSpace(request.Words) ? null : await texts.Stage(exit, "check", request.Words.Trim(), ct);
        var last = step.Items.All(i => i.Code == request.Item || done.Contains(i.Code));
        if (exit.FinishItem(step.Id, request.Item!, "done", last, text) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
