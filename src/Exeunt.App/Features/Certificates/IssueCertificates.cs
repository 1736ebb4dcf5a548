using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Certificates;

/// <summary>
/// Effect "certificate.issue": signed certificates of a case, or of an erasure that was asked for without one, after an erasure was verified, when
/// the last copy outside was confirmed gone, or when one was found wrong. One that replaces another supersedes it in the same transaction. They go to the contact that is still there; else the
/// case's or the request's link fetches them.
/// </summary>
public sealed class IssueCertificates(AppDb db, CaseDesk desk, CertificateDesk certificates, CaseLetters letters, HostOptions options) : IEffect
{
    public const string Kind = "certificate.issue";

    /// <summary>The cause: the last copy in another system is confirmed gone.</summary>
    public const string CopiesGone = "copies";

    /// <param name="Reason">Code of why those in force are replaced; null: the records went on.</param>
    /// <param name="By">Who asked; null: the system.</param>
    /// <param name="Cause">What it follows; null: a correction, or a request's erasure.</param>
    /// <param name="Request">The request about data whose erasure is certified; null: it is the effect's case.</param>
    public sealed record What(IReadOnlyList<CertificateKind> Kinds, string? Reason = null, string? By = null, Guid? Request = null, string? Cause = null);

    /// <summary>
    /// Stages what follows an erasure: at the exit account closure and erasure, later the erasure certificate as it stands then. Where no case erased, it is the
    /// request's that asked for it; nothing when no request stands behind it.
    /// </summary>
    public static async Task Stage(AppDb db, Guid? erasedBy, long customer, string cause, Call call, CancellationToken ct)
    {
        if (erasedBy is not { } caseId)
        {
            await StageAsked(db, customer, cause, call, ct);
            return;
        }
        CertificateKind[] kinds = cause == "exit" ? [CertificateKind.Erasure, CertificateKind.AccountClosure] : [CertificateKind.Erasure];
        db.Enqueue(Effect.Now(Kind, $"certificate|{caseId:N}|{cause}|{call.BusinessNow:yyyyMMddHHmmss}", call, new What(kinds, Cause: cause), caseId));
    }

    private static async Task StageAsked(AppDb db, long customer, string cause, Call call, CancellationToken ct)
    {
        var asked = await db.Set<DataRequest>().AsNoTracking()
            .Where(r => r.CustomerId == customer && r.LinkHash != null && r.State == DataRequestState.Fulfilled).OrderByDescending(r => r.Serial).Select(r => (Guid?)r.Id).FirstOrDefaultAsync(ct);
        if (asked is { } request)
            db.Enqueue(Effect.Now(Kind, $"certificate|{request:N}|{cause}|{call.BusinessNow:yyyyMMddHHmmss}", call, new What([CertificateKind.Erasure], Request: request)));
    }

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var what = effect.Read<What>();
        var request = what.Request is { } asked ? await db.Set<DataRequest>().AsNoTracking().SingleAsync(r => r.Id == asked, ct) : null;
        var exit = request is null ? (await desk.Look(effect.CaseId!.Value, call, ct))! : null;
        if (exit is { CustomerId: null } or { ContractId: null })
            return EffectResult.Done;
        var customer = request?.CustomerId ?? exit!.CustomerId!.Value;
        // Nobody is left to certify anything to.
        if (await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == customer && e.Class == DataClass.Case, ct))
            return EffectResult.Done;
        var (ofCase, ofRequest) = (exit?.Id, request?.Id);
        var own = db.Certificates.Where(c => c.CaseId == ofCase && c.DataRequestId == ofRequest);
        var made = new List<Guid>();
        foreach (var kind in what.Kinds)
        {
            var old = await own.SingleOrDefaultAsync(c => c.Kind == kind && c.State == CertificateState.Valid, ct);
            // What was revoked meanwhile is not made good again by the system.
            if (old is null && (what.Reason is not null || await own.AsNoTracking().AnyAsync(c => c.Kind == kind && c.State == CertificateState.Revoked, ct)))
                continue;
            var issued = exit is null ? await certificates.Stage(request!, old, call, ct) : await certificates.Stage(exit, kind, old, call, ct);
            made.Add(issued.DocumentId);
            if (old is null)
                continue;
            (old.State, old.SupersededBy, old.Reason, old.ChangedBy, old.ChangedAt) = (CertificateState.Superseded, issued.Serial, what.Reason ?? "data-went-on", what.By ?? "system", call.Now);
            old.Version++;
            db.Audit(call, "certificate.superseded", $"certificate:{old.Serial}", new { by = issued.Serial, old.Reason, askedBy = what.By });
        }
        if (made.Count > 0 && exit is not null)
            await letters.Mail(exit, call, what.Reason is not null ? "mail.corrected" : what.Cause == CopiesGone ? "mail.copies-gone" : "mail.erasure", [exit.Number, $"{options.Url}/verify"], made, ct);
        return EffectResult.Done;
    }
}
