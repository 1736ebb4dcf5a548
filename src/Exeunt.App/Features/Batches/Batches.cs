using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Batches;

/// <summary>What a batch can do to a case: the use case of each action, asked beforehand and run later, both as the person who wants it.</summary>
public sealed class BatchActions(IServiceProvider services)
{
    /// <summary>What the caller must be allowed to start a batch of this action at all.</summary>
    public static Permission PermissionOf(BatchAction action) => action == BatchAction.Assign ? Permission.AssignCases : Permission.HandleCases;

    /// <summary>Why this case would refuse it now; null when it would not. A case that changes until then may answer otherwise.</summary>
    /// <param name="to">To whom cases are given; null for another action.</param>
    public static Refusal? WhyNot(BatchAction action, string? argument, Actor? to, ExitCase exit, string? unitPath, Call call) =>
        !call.Actor.Allows(PermissionOf(action)) || (unitPath is not null && !call.Actor.Allows(PermissionOf(action), unitPath)) ? CommonRefusals.NotAllowed(PermissionOf(action))
        : action switch
        {
            BatchAction.Hold => exit.WhyNot(e => e.Hold(argument ?? "")),
            BatchAction.Resume => exit.WhyNot(e => e.Resume()),
            BatchAction.Recompute => exit.SettlementId is null && !exit.IsClosed ? CaseRefusals.NoSettlement : exit.CannotChangeMoney(),
            BatchAction.Ask => exit.IsClosed ? CaseRefusals.Closed : exit.AssignedTo is null ? BatchRefusals.NobodyToAsk : null,
            _ => exit.IsClosed ? CaseRefusals.Closed : to is not null && !AssignCase.CanHave(to, unitPath) ? AssignCase.NotAHandler : null,
        };

    public async Task<Refusal?> Run(BatchAction action, string? argument, Guid caseId, Call call, CancellationToken ct) =>
        action switch
        {
            BatchAction.Assign => (await services.GetRequiredService<AssignCase>().Run(call, new(caseId, Guid.TryParse(argument, out var to) ? to : default), ct)).Refusal,
            BatchAction.Hold => (await services.GetRequiredService<HoldCase>().Run(call, new(caseId, argument), ct)).Refusal,
            BatchAction.Resume => (await services.GetRequiredService<ResumeCase>().Run(call, new(caseId), ct)).Refusal,
            BatchAction.Recompute => (await services.GetRequiredService<RecomputeSettlement>().Run(call, new(caseId), ct)).Refusal,
            _ => (await services.GetRequiredService<AskAboutCase>().Run(call, new(caseId), ct)).Refusal,
        };
}

/// <summary>Which cases are meant: those ticked, or all that a filter finds.</summary>
/// <param name="Query">The list's address; used when <paramref name="Cases"/> is empty.</param>
public sealed record BatchChoice(BatchAction Action, string? Argument, IReadOnlyList<Guid> Cases, string? Query);

/// <summary>The cases that a choice means, of those its maker sees: at most 5,000.</summary>
public sealed class BatchCases(CaseDesk desk, FilteredCases filtered, StaffDirectory staff)
{
    public async Task<Outcome<IReadOnlyList<Guid>>> Of(BatchChoice choice, Call call, CancellationToken ct)
    {
        if (choice.Cases.Count == 0 && choice.Query is null)
            return BatchRefusals.NothingChosen;
        var permission = BatchActions.PermissionOf(choice.Action);
        if (!call.Actor.Allows(permission))
            return CommonRefusals.NotAllowed(permission);
        if (choice.Action == BatchAction.Hold && !HoldCase.KnownReasons.Contains(choice.Argument))
            return CommonRefusals.Required("reason");
        if (choice.Action == BatchAction.Assign
            && !(Guid.TryParse(choice.Argument, out var to) && AssignCase.CanHave(await staff.ActorOf(to, ct), null)))
            return CommonRefusals.Required("to");
        List<Guid> ids;
        if (choice.Cases.Count > 0)
        {
            var wanted = choice.Cases.Distinct().Take(Batch.Max + 1).ToList();
            ids = await desk.Visible(call, Permission.ViewCases).Where(c => wanted.Contains(c.Id)).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(ct);
        }
        else
            ids = await (await filtered.Of(CaseFilter.Read(choice.Query!), call, ct)).Cases.OrderBy(c => c.Id).Select(c => c.Id).Take(Batch.Max + 1).ToListAsync(ct);
        return ids.Count == 0 ? BatchRefusals.NothingChosen : ids.Count > Batch.Max ? BatchRefusals.TooMany : Outcome(ids);
    }

    private static Outcome<IReadOnlyList<Guid>> Outcome(List<Guid> ids) => (Outcome<IReadOnlyList<Guid>>)ids.AsReadOnly();
}

internal static class BatchRefusals
{
    public static readonly Refusal NothingChosen = new(RefusalKind.Invalid, "batch.nothing-chosen",
        "Choose at least one case.", "请至少选择一个案件。", Field: "case");

    public static readonly Refusal TooMany = new(RefusalKind.Invalid, "batch.too-many",
        $"At most {Batch.Max:N0} cases at once. Narrow the filter.", $"一次最多 {Batch.Max:N0} 个案件，请缩小筛选范围。", Field: "case");

    public static readonly Refusal Over = new(RefusalKind.Conflict, "batch.over", "This batch is over.", "该批量办理已结束。");

    public static readonly Refusal NobodyToAsk = new(RefusalKind.Conflict, "case.nobody-to-ask",
        "Nobody has this case yet, so there is nobody to ask. Assign it first.", "本案尚无人办理，无从询问。请先分配。");
}
