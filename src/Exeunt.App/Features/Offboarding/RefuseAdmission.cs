using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Records that somebody was refused at admission (拒绝接待), as an immediate ending is: ground, told by whom to whom, reviewed by another.</summary>
public sealed class RefuseAdmission(AppDb db, SpotRegister register) : UseCase<RefuseAdmission.Request, RefuseAdmission.Recorded>(db)
{
    public const int MaxWords = 2000;

    /// <param name="UnitId">Where it happened.</param>
    public sealed record Request(int UnitId, string? Ground, string? Words, DateTimeOffset? ToldAt, string? ToldTo);

    public sealed record Recorded(Guid Id);

    public override Permission Needs => Permission.EndImmediately;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Units.AsNoTracking().Where(u => u.Id == request.UnitId).Select(u => u.Path).SingleOrDefaultAsync(ct) is not { } path || !call.Actor.Allows(Needs, path))
            return CommonRefusals.NotFound;
        if (OffboardingGround.Find(request.Ground) is not { Immediate: true } ground)
            return OffboardingRefusals.UnknownGround;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > MaxWords)
            return CommonRefusals.TooLong("words", MaxWords);
        if (register.Check(request.ToldAt, request.ToldTo, call) is { } no)
            return no;
        var id = await register.Stage(null, request.UnitId, Intake.NewSubject(), ground.Code, request.ToldAt!.Value, request.ToldTo!, request.Words, call, ct);
        return await Commit(new Recorded(id), ct);
    }
}

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
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > MaxWords)
            return CommonRefusals.TooLong("words", MaxWords);
        (spot.ReviewedBy, spot.ReviewedAt, spot.Stands) = (call.Actor.Id, call.Now, stands);
        spot.Review = await vault.Seal(spot.Subject, DataClass.Case, SpotDecision.Place, spot.Row + "r", request.Words.Trim(), ct);
        spot.Version++;
        Db.Audit(call, "spot.reviewed", $"spot:{spot.Id:N}", new { stands });
        return await Commit(Done.It, ct);
    }
}

/// <summary>The register: what was ended or refused on the spot, newest first.</summary>
public sealed class ListSpotDecisions(AppDb db, Vault vault, Staff.StaffDirectory staff) : UseCase<ListSpotDecisions.Request, ListSpotDecisions.Page>(db)
{
    public const int PageSize = 50;

    /// <param name="Before">Id of the last row of the page before.</param>
    public sealed record Request(Guid? Before = null);

    /// <param name="ToldTo">Masked.</param>
    public sealed record Row(
        Guid Id, Guid? CaseId, string? CaseNumber, string Ground, DateTimeOffset ToldAt, string ToldBy, string? ToldTo, string? Words, DateTimeOffset ReviewDueAt, string? ReviewedBy,
        DateTimeOffset? ReviewedAt, bool? Stands, string? Review, bool MayReview);

    public sealed record Page(IReadOnlyList<Row> Rows, Guid? Next, IReadOnlyList<Units.Unit> Units);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = await Db.Units.AsNoTracking().OrderBy(u => u.Path).ToListAsync(ct);
        var mine = units.Where(u => call.Actor.Allows(Needs, u.Path)).ToList();
        var ids = mine.Select(u => u.Id).ToList();
        var query = Db.Set<SpotDecision>().AsNoTracking().Where(s => ids.Contains(s.UnitId));
        if (request.Before is { } before)
            query = query.Where(s => s.Id.CompareTo(before) < 0);
        var rows = await query.OrderByDescending(s => s.Id).Take(PageSize + 1).ToListAsync(ct);
        var cases = rows.Select(r => r.CaseId).OfType<Guid>().ToList();
        var numbers = await Db.Cases.AsNoTracking().Where(c => cases.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Number, ct);
        var names = await staff.Names(rows.SelectMany(r => new[] { r.ToldBy, r.ReviewedBy ?? "" }), ct);
        var shown = new List<Row>();
        foreach (var row in rows.Take(PageSize))
        {
            var words = await vault.Open<SpotWords>(row.Subject, DataClass.Case, SpotDecision.Place, row.Row, row.Data, ct);
            var review = await vault.Open<string>(row.Subject, DataClass.Case, SpotDecision.Place, row.Row + "r", row.Review, ct);
            var path = mine.First(u => u.Id == row.UnitId).Path;
            shown.Add(new(row.Id, row.CaseId, row.CaseId is { } c ? numbers.GetValueOrDefault(c) : null, row.Ground, row.ToldAt, names.GetValueOrDefault(row.ToldBy) ?? "—",
                words is null ? null : Mask.Name(words.ToldTo), words?.Words, row.ReviewDueAt, row.ReviewedBy is { } by ? names.GetValueOrDefault(by) ?? "—" : null, row.ReviewedAt, row.Stands, review,
                row is { CaseId: null, ReviewedBy: null } && row.ToldBy != call.Actor.Id && call.Actor.Allows(Permission.DecideOffboarding, path)));
        }
        Db.Audit(call, "spot.listed", "spot", new { rows = shown.Count });
        await Db.SaveChangesAsync(ct);
        return new Page(shown, rows.Count > PageSize ? shown[^1].Id : null, [.. mine.Where(u => call.Actor.Allows(Permission.EndImmediately, u.Path))]);
    }
}
