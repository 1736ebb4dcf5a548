using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Another person reviews a refusal at admission.</summary>
public sealed class ReviewAdmission(AppDb db, Vault vault) : UseCase<ReviewAdmission.Request, Done>(db)
{
    public const int MaxWords = 2000;

    public sealed record Request(Guid Id, bool? Stands, string? Words);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<SpotDecision>().SingleOrDefaultAsync(s => s.Id == request.Id && s.CaseId == null, ct) is not { } spot
            || !call.Actor.Allows(Needs, await Db.Units.AsNoTracking().Where(u => u.Id == spot.UnitId).Select(u => u.Path).SingleAsync(ct)))
            return CommonRefusals.NotFound;
        if (spot.ReviewedBy is not null)
            return OffboardingRefusals.ReviewedAlready;
        if (spot.ToldBy == call.Actor.Id)
            return OffboardingRefusals.OwnReview;
        if (request.Stands is not { } stands)
            return CommonRefusals.Required("stands");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        (spot.ReviewedBy, spot.ReviewedAt, spot.Stands) = (call.Actor.Id, call.Now, stands);
        spot.Review = await vault.Seal(spot.Subject, DataClass.Case, SpotDecision.Place, spot.Row + "r", request.Words.Trim(), ct);
        spot.Version++;
        Db.Audit(call, "spot.reviewed", $"spot:{spot.Id:N}", new { stands });
        return await Commit(Done.It, ct);
    }
}
