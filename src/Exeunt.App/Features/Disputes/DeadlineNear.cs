using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Disputes;

/// <summary>Effect "dispute.deadline-near": a week before a deadline the people of the case see it.</summary>
public sealed class DeadlineNear(AppDb db) : IEffect
{
    public const string Kind = "dispute.deadline-near";
    public const int Days = 7;

    public sealed record What(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var deadline = await db.Set<DisputeDeadline>().SingleOrDefaultAsync(d => d.Id == effect.Read<What>().Id, ct);
        if (deadline is not { DoneAt: null, RemindedAt: null })
            return EffectResult.Done;
        deadline.RemindedAt = call.BusinessNow;
        deadline.Version++;
        db.Audit(call, "dispute.deadline-near", $"case:{deadline.CaseId:N}", new { deadline = deadline.Id });
        return EffectResult.Done;
    }
}
