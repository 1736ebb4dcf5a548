using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Effects;

/// <summary>Tries a parked effect again, from its first attempt.</summary>
public sealed class RetryEffect(AppDb db) : UseCase<RetryEffect.Request, Done>(db)
{
    public static readonly Refusal NotParked = new(RefusalKind.Conflict, "effect.not-parked",
        "This has not been given up: it goes on by itself, or is done already.", "此任务未被搁置：它会自动继续，或已完成。");

    public sealed record Request(Guid Effect);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Effects.SingleOrDefaultAsync(e => e.Id == request.Effect, ct) is not { } effect)
            return CommonRefusals.NotFound;
        // One that waits may be running right now; it goes on by itself.
        if (effect.State != EffectState.Parked)
            return NotParked;
        effect.State = EffectState.Waiting;
        effect.Attempts = 0;
        effect.LeaseUntil = null;
        effect.DoneAt = null;
        effect.Fence++;
        Db.Audit(call, "effect.retried", $"effect:{effect.Id:N}", new { effect.Kind });
        return await Commit(Done.It, ct);
    }
}
