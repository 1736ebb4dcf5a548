using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Writes into the register that another person looked at an immediate ending, and what they found.</summary>
public sealed class SpotReview(AppDb db, Vault vault)
{
    /// <summary>Nothing happens in a case that was not ended at once, or was looked at before.</summary>
    public async Task Stage(Guid caseId, bool stands, string words, Call call, CancellationToken ct)
    {
        if (await db.Set<SpotDecision>().SingleOrDefaultAsync(s => s.CaseId == caseId && s.ReviewedBy == null, ct) is not { } spot)
            return;
        (spot.ReviewedBy, spot.ReviewedAt, spot.Stands) = (call.Actor.Id, call.Now, stands);
        spot.Review = await vault.Seal(spot.Subject, DataClass.Case, SpotDecision.Place, spot.Row + "r", words, ct);
        spot.Version++;
    }
}
