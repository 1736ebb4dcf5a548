using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>A named person ticks an item of a check-list, or what an automatic check found, with words where there is something to say and a paper where the item asks for one; with the last one the step is done.</summary>
public sealed class TickItem(AppDb db, CaseDesk desk, CaseTexts texts, Papers papers) : UseCase<TickItem.Request, Done>(db)
{
    public const int MaxWords = 1000;

    /// <param name="Evidence">Photo or paper; needed where the item says so.</param>
    public sealed record Request(Guid CaseId, string? Item, string? Words, byte[]? Evidence = null);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (request.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        var open = exit.Plan.Steps.Where(s => (s.Kind == StepKind.CheckList || (s.Kind == StepKind.AutoCheck && exit.Step(s.Id).Failed is not null)) && exit.IsActive(s.Id)).ToList();
        // Several lists can be open beside each other.
        if ((open.FirstOrDefault(s => s.Items.Any(i => i.Code == request.Item)) ?? open.FirstOrDefault()) is not { } step)
            return CaseRefusals.StepNotActive;
        var path = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleAsync(ct);
        if (step.Roles.Count > 0 && !step.Roles.Any(r => call.Actor.Has(r, path)))
            return OffboardingRefusals.NotYourStep;
        if (step.Items.FirstOrDefault(i => i.Code == request.Item) is not { } item)
            return OffboardingRefusals.UnknownItem;
        var done = exit.Step(step.Id).Items ?? [];
        if (done.Contains(item.Code))
            return CaseRefusals.ItemDoneAlready;
        if (item.Evidence && request.Evidence is not { Length: > 0 })
            return OffboardingRefusals.EvidenceNeeded;
        var ended = exit.EffectiveOn;
        Guid? text = string.IsNullOrWhiteSpace(request.Words) ? null : await texts.Stage(exit, "check", request.Words.Trim(), ct);
        var last = step.Items.All(i => i.Code == request.Item || done.Contains(i.Code));
        if (exit.FinishItem(step.Id, request.Item!, "done", last, text) is { } no)
            return no;
        if (request.Evidence is { Length: > 0 } file)
        {
            var kind = Evidence.KindOf(file, papers: true);
            if (kind.Refusal is { } unreadable)
                return unreadable;
            var paper = await papers.Stage(exit, exit.CustomerId!.Value, DataClass.Case, DocumentKind.CheckPaper, $"{exit.Number}-{item.Code}.{kind.Value.Ending}", kind.Value.MediaType, file, call, ct);
            Db.Audit(call, "check.evidence", $"case:{exit.Id:N}", new { step = step.Id, item = item.Code, document = paper.Id });
        }
        // A consent that came after the last service day moved it to today.
        if (exit.EffectiveOn != ended)
        {
            var contract = await Db.Contracts.SingleAsync(c => c.Id == exit.ContractId, ct);
            contract.LastServiceDay = exit.EffectiveOn;
            contract.Version++;
        }
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
