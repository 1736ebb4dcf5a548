using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Identity;

/// <summary>
/// What every change of contact or account has in common: identity level two, a hold of 72 hours on payout, release of numbers and
/// erasure (never on the notice or the end), and word to the contact on file.
/// </summary>
public sealed class DetailsDesk(AppDb db, CaseDesk desk, Vault vault, CaseLetters letters)
{
    public static readonly TimeSpan HoldTime = TimeSpan.FromHours(72);

    public async Task<Refusal?> Stage<T>(Guid caseId, DetailKind kind, T details, Call call, CancellationToken ct)
    {
        if (await desk.Find(caseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (exit.IdentityLevel < 2)
            return IdentityRefusals.LevelTwo;
        if (await Waiting(caseId, kind, ct) is not null)
            return IdentityRefusals.AlreadyWaiting;
        var until = call.BusinessNow + HoldTime;
        if (exit.ChangeDetails(kind.Code(), until) is { } no)
            return no;
        var id = Guid.CreateVersion7(call.Now);
        var dataClass = PendingDetails.ClassOf(kind);
        db.Set<PendingDetails>().Add(new PendingDetails
        {
            Id = id, CaseId = caseId, CustomerId = exit.CustomerId!.Value, Kind = kind, By = call.Actor.Id, At = call.Now, HeldUntil = until,
            Data = await vault.Seal(exit.CustomerId.Value, dataClass, PendingDetails.Place, id.ToString("N"), details, ct),
        });
        db.Enqueue(Effect.At(until, "details.apply", $"details|{id:N}", new ApplyDetails.Which(id), caseId));
        // To the contact as it is on file now: whoever is not asking for this learns of it.
        await letters.Mail(exit, call, $"mail.{kind.Code()}-changed", [exit.Number, Texts.In(exit.Language).Date(Clocks.DateIn(until, exit.Zone!))], [], ct);
        desk.Stage(exit, call);
        return null;
    }

    /// <summary>The change of this kind that waits; null: none does.</summary>
    public Task<PendingDetails?> Waiting(Guid caseId, DetailKind kind, CancellationToken ct) =>
        db.Set<PendingDetails>().SingleOrDefaultAsync(d => d.CaseId == caseId && d.Kind == kind && d.State == DetailState.Waiting, ct);

    /// <summary>Stages that a change which waits never counts; its hold ends. The caller stages the case and saves.</summary>
    /// <param name="textId">The words of the member of staff who stops it; null: the customer does.</param>
    public void Stop(PendingDetails waiting, ExitCase exit, Guid? textId, Call call)
    {
        (waiting.State, waiting.Data) = (DetailState.Cancelled, null);
        waiting.Version++;
        db.Audit(call, "details.stopped", $"case:{exit.Id:N}", new { waiting.Kind, text = textId });
        exit.StopChange(waiting.Kind.Code(), textId);
    }
}
