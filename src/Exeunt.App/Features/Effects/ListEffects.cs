using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Effects;

public sealed record EffectLine(Guid Id, string Kind, Guid? CaseId, EffectClock Clock, DateTimeOffset DueAt, EffectState State, int Attempts, DateTimeOffset? LeaseUntil, string? Note);

/// <param name="Parked">Given up; people must look. Oldest first.</param>
/// <param name="Waiting">Still to come, next due first.</param>
public sealed record EffectLists(int ParkedInAll, int WaitingInAll, IReadOnlyList<EffectLine> Parked, IReadOnlyList<EffectLine> Waiting);

/// <summary>What is still to happen, and what has been given up.</summary>
public sealed class ListEffects(AppDb db) : UseCase<ListEffects.Request, EffectLists>(db)
{
    public const int Max = 100;

    public sealed record Request;

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<EffectLists>> Handle(Call call, Request request, CancellationToken ct) =>
        new EffectLists(
            await Db.Effects.CountAsync(e => e.State == EffectState.Parked, ct),
            await Db.Effects.CountAsync(e => e.State == EffectState.Waiting, ct),
            await First(EffectState.Parked, ct),
            await First(EffectState.Waiting, ct));

    private async Task<IReadOnlyList<EffectLine>> First(EffectState state, CancellationToken ct) =>
        await Db.Effects.AsNoTracking().Where(e => e.State == state).OrderBy(e => e.DueAt).ThenBy(e => e.Id).Take(Max)
            .Select(e => new EffectLine(e.Id, e.Kind, e.CaseId, e.Clock, e.DueAt, e.State, e.Attempts, e.LeaseUntil, e.Note)).ToListAsync(ct);
}
