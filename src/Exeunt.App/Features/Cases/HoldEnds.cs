using Exeunt.App.Data;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// Effect "hold.end": the time that protected a changed contact or account is over. A newer change of the same kind has its own; while a
/// person holds the case the change itself waits (<see cref="Identity.ApplyDetails"/>), and this with it.
/// </summary>
public sealed class HoldEnds(AppDb db, CaseDesk desk) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        var reason = effect.Read<HoldRef>().Reason;
        var later = db.Effects.Where(e => e.CaseId == exit.Id && e.Kind == effect.Kind && e.Id != effect.Id && e.State == EffectState.Waiting && e.DueAt > effect.DueAt && e.Payload == effect.Payload);
        if (exit.IsClosed || !exit.Holds.Contains(reason) || await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.AnyAsync(later, ct))
            return EffectResult.Done;
        if (HoldCase.IsByPerson(exit))
        {
            db.Enqueue(Effect.At(call.BusinessNow + HoldCase.LookAgain, effect.Kind, $"hold|{exit.Id:N}|{reason}|{call.BusinessNow.ToUnixTimeMilliseconds()}", new HoldRef(reason), exit.Id));
            return EffectResult.Done;
        }
        if (exit.Resume(reason) is not null)
            return EffectResult.Done;
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}
