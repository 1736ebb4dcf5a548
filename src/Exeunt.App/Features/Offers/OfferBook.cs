using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>The offer catalogue: the version in use of every entry.</summary>
public sealed class OfferBook(AppDb db)
{
    public const int Max = 200;

    public Task<IReadOnlyList<OfferEntry>> All(CancellationToken ct) => Current(db, ct);

    /// <summary>The version in use; null when there is no such entry.</summary>
    public async Task<OfferEntryRow?> Find(string code, CancellationToken ct) =>
        await db.OfferEntries.AsNoTracking().Where(e => e.Code == code).OrderByDescending(e => e.Version).FirstOrDefaultAsync(ct);

    public static async Task<IReadOnlyList<OfferEntry>> Current(AppDb db, CancellationToken ct) =>
        [.. (await db.OfferEntries.AsNoTracking().Where(e => e.Version == db.OfferEntries.Where(o => o.Code == e.Code).Max(o => o.Version)).OrderBy(e => e.Code).Take(Max).ToListAsync(ct))
            .Select(e => OfferEntry.FromJson(e.Document))];

    public static OfferEntryRow RowOf(OfferEntry entry, Call call)
    {
        var document = entry.ToJson();
        return new OfferEntryRow { Code = entry.Code, Version = entry.Version, Document = document, Digest = OfferEntry.DigestOf(document), By = call.Actor.Id, At = call.Now };
    }

    /// <summary>The catalogue and the table from reasons to it that a new installation begins with.</summary>
    public static async Task Seed(AppDb db, Call call, CancellationToken ct)
    {
        if (await db.OfferEntries.AnyAsync(ct))
            return;
        foreach (var entry in OfferSeeds.Entries)
        {
            if (OfferCheck.Of(entry) is { } no)
                throw new InvalidOperationException($"The built-in entry {entry.Code} is refused: {no.Code}");
            db.OfferEntries.Add(RowOf(entry, call));
        }
        foreach (var (reason, codes) in OfferSeeds.Answers)
            foreach (var (code, i) in codes.Select((c, i) => (c, i)))
                db.ReasonOffers.Add(new Reasons.ReasonOffer { Reason = reason, Entry = code, Position = i });
        db.Audit(call, "offer-entries.built-in", "offer-entries");
        await db.SaveChangesAsync(ct);
    }
}
