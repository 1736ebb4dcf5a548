using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>The register: what was ended or refused on the spot, newest first.</summary>
public sealed class ListSpotDecisions(AppDb db, Vault vault, Staff.StaffDirectory staff, Erasure.Locks locks) : UseCase<ListSpotDecisions.Request, ListSpotDecisions.Page>(db)
{
    public const int PageSize = 50;

    /// <param name="Before">Id of the last row of the page before.</param>
    public sealed record Request(Guid? Before = null);

    /// <param name="ToldTo">Masked.</param>
    /// <param name="Locked">Why the words are not shown, until when; null: they are not locked.</param>
    public sealed record Row(
        Guid Id, Guid? CaseId, string? CaseNumber, string Ground, DateTimeOffset ToldAt, string ToldBy, string? ToldTo, string? Words, DateTimeOffset ReviewDueAt, string? ReviewedBy,
        DateTimeOffset? ReviewedAt, bool? Stands, string? Review, bool MayReview, Refusal? Locked);

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
        var locked = await locks.Of([.. rows.Select(r => r.Subject).Where(s => s > 0).Distinct()], ct);
        var shown = new List<Row>();
        foreach (var row in rows.Take(PageSize))
        {
            var closed = locked.GetValueOrDefault(row.Subject);
            var words = closed is not null ? null : await vault.Open<SpotWords>(row.Subject, DataClass.Case, SpotDecision.Place, row.Row, row.Data, ct);
            var review = closed is not null ? null : await vault.Open<string>(row.Subject, DataClass.Case, SpotDecision.Place, row.Row + "r", row.Review, ct);
            var path = mine.First(u => u.Id == row.UnitId).Path;
            shown.Add(new(row.Id, row.CaseId, row.CaseId is { } c ? numbers.GetValueOrDefault(c) : null, row.Ground, row.ToldAt, names.GetValueOrDefault(row.ToldBy) ?? "—",
                words is null ? null : Mask.Name(words.ToldTo), words?.Words, row.ReviewDueAt, row.ReviewedBy is { } by ? names.GetValueOrDefault(by) ?? "—" : null, row.ReviewedAt, row.Stands, review,
                row is { CaseId: null, ReviewedBy: null, Data.Length: > 0 } && row.ToldBy != call.Actor.Id && call.Actor.Allows(Permission.DecideOffboarding, path), closed?.Refusal));
        }
        Db.Audit(call, "spot.listed", "spot", new { rows = shown.Count });
        await Db.SaveChangesAsync(ct);
        return new Page(shown, rows.Count > PageSize ? shown[^1].Id : null, [.. mine.Where(u => call.Actor.Allows(Permission.EndImmediately, u.Path))]);
    }
}
