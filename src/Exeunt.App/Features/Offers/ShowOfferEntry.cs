using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>One entry with who changed it when.</summary>
public sealed class ShowOfferEntry(AppDb db, OfferBook book, StaffDirectory staff) : UseCase<ShowOfferEntry.Request, ShowOfferEntry.View>(db)
{
    public sealed record Request(string Code);

    public sealed record Version(int Number, DateTimeOffset At, string? By, string Digest);

    public sealed record View(OfferEntry Entry, IReadOnlyList<Version> History);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await book.Find(request.Code, ct) is not { } row)
            return CommonRefusals.NotFound;
        var versions = await Db.OfferEntries.AsNoTracking().Where(e => e.Code == request.Code).OrderByDescending(e => e.Version).Take(50).Select(e => new { e.Version, e.At, e.By, e.Digest }).ToListAsync(ct);
        var names = await staff.Names(versions.Select(v => v.By), ct);
        return new View(OfferEntry.FromJson(row.Document), [.. versions.Select(v => new Version(v.Version, v.At, names.GetValueOrDefault(v.By), v.Digest))]);
    }
}
