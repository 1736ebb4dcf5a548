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
        if (await Waits(caseId, kind, ct))
            return IdentityRefusals.AlreadyWaiting;
        var until = call.BusinessNow + HoldTime;
        if (exit.ChangeDetails(kind == DetailKind.Payout ? "payout" : "contact", until) is { } no)
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
        await letters.Mail(exit, call, kind == DetailKind.Payout ? "mail.payout-changed" : "mail.contact-changed", [exit.Number, Texts.In(exit.Language).Date(Clocks.DateIn(until, exit.Zone!))], [], ct);
        desk.Stage(exit, call);
        return null;
    }

    /// <summary>Whether a change of this kind waits.</summary>
    public Task<bool> Waits(Guid caseId, DetailKind kind, CancellationToken ct) =>
        db.Set<PendingDetails>().AnyAsync(d => d.CaseId == caseId && d.Kind == kind && d.State == DetailState.Waiting, ct);

    /// <summary>Stages that a change which waits never counts; its hold ends. The caller stages the case and saves.</summary>
    /// <param name="textId">The words of the member of staff who stops it; null: the customer does.</param>
    public async Task<Refusal?> Stop(ExitCase exit, DetailKind kind, Guid? textId, Call call, CancellationToken ct)
    {
        if (await db.Set<PendingDetails>().SingleOrDefaultAsync(d => d.CaseId == exit.Id && d.Kind == kind && d.State == DetailState.Waiting, ct) is not { } waiting)
            return IdentityRefusals.NothingWaits;
        (waiting.State, waiting.Data) = (DetailState.Cancelled, null);
        waiting.Version++;
        db.Audit(call, "details.stopped", $"case:{exit.Id:N}", new { waiting.Kind, text = textId });
        exit.StopChange(kind == DetailKind.Payout ? "payout" : "contact", textId);
        return null;
    }
}
