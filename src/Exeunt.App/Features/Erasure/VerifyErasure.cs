using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// Effect "erasure.verify": after an erasure everything is searched again. Nothing found: recorded, the copies outside are asked for, and it is
/// certified. Something found: recorded, not certified, and parked for people, who mend it and let this run again.
/// </summary>
public sealed class VerifyErasure(AppDb db, Remnants remnants, CopiesOutside copies) : IEffect
{
    public const string Kind = "erasure.verify";
    public const string Verified = "erasure.verified";
    public const string Found = "erasure.remnants-found";

    /// <param name="Cause">"exit", <see cref="AnonymiseFacts.Cause"/>, or the class that went.</param>
    public sealed record What(long CustomerId, string Cause);

    /// <param name="caseId">The case that ended it; null: none did.</param>
    public static Effect Of(long customer, Guid? caseId, string cause, Call call) =>
        Effect.Now(Kind, $"{KeyOf(customer)}{caseId?.ToString("N") ?? "asked"}|{cause}|{call.BusinessNow:yyyyMMddHHmmss}", call, new What(customer, cause), caseId);

    /// <summary>How the keys of a customer's searches begin.</summary>
    public static string KeyOf(long customer) => $"verify|{customer}|";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var what = effect.Read<What>();
        var found = await remnants.Of(what.CustomerId, ct);
        if (found.Count > 0)
        {
            db.Audit(call, Found, $"customer:{what.CustomerId}", new { caseId = effect.CaseId, what.Cause, found });
            await db.SaveChangesAsync(ct);
            return EffectResult.Park("remnants: " + string.Join(", ", found.Select(f => $"{f.Key}={f.Value}")));
        }
        var gone = await db.Erasures.AsNoTracking().Where(e => e.CustomerId == what.CustomerId).Select(e => e.Class).Distinct().ToListAsync(ct);
        db.Audit(call, Verified, $"customer:{what.CustomerId}", new { caseId = effect.CaseId, what.Cause, classes = gone.Order(), found = 0 });
        // Before the certificates, which name them. No case: the first search after the erasure asks for all, a later one for systems that came since.
        if (effect.CaseId is not { } own)
            await copies.Stage(what.CustomerId, call, ct);
        else if (what.Cause == "exit")
            await copies.Stage(own, what.CustomerId, call, ct);
        // With the name its certificates are gone too: there is nobody left to certify it to.
        if (gone.Contains(DataClass.Case))
            return EffectResult.Done;
        await IssueCertificates.Stage(db, effect.CaseId, what.CustomerId, what.Cause, call, ct);
        return EffectResult.Done;
    }
}
