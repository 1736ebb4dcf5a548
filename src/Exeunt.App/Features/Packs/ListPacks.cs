using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Packs;

/// <summary>The packs that come with the product, and which of their documents are in the company's own.</summary>
public sealed class ListPacks(AppDb db) : UseCase<ListPacks.Request, IReadOnlyList<ListPacks.Row>>(db)
{
    /// <param name="Code">Only this one; null: all.</param>
    public sealed record Request(string? Code = null);

    /// <param name="Here">Codes of its procedures, policies and reason that are there.</param>
    /// <param name="Missing">Those that installing would add.</param>
    public sealed record Row(Pack Pack, IReadOnlyList<string> Here, IReadOnlyList<string> Missing)
    {
        public bool IsInstalled => Missing.Count == 0;
    }

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<IReadOnlyList<Row>>> Handle(Call call, Request request, CancellationToken ct)
    {
        var packs = Core.Packs.Packs.All.Where(p => request.Code is null || p.Code == request.Code).ToList();
        if (packs.Count == 0)
            return CommonRefusals.NotFound;
        var (ids, numbers, reasons) = (packs.SelectMany(p => p.Procedures).Select(p => p.Id).ToList(), packs.SelectMany(p => p.Policies).Select(p => p.Number).ToList(), packs.Select(p => p.Reason.Code).ToList());
        var here = (await Db.SignedDocuments.AsNoTracking().Where(d => ids.Contains(d.Id)).Select(d => d.Id).ToListAsync(ct))
            .Concat(await Db.Policies.AsNoTracking().Where(p => numbers.Contains(p.Number)).Select(p => p.Number).ToListAsync(ct))
            .Concat(await Db.Reasons.AsNoTracking().Where(r => reasons.Contains(r.Code)).Select(r => r.Code).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        return (Row[])[.. packs.Select(p =>
        {
            var all = p.Procedures.Select(x => x.Id).Concat(p.Policies.Select(x => x.Number)).Append(p.Reason.Code).ToList();
            return new Row(p, [.. all.Where(here.Contains)], [.. all.Where(c => !here.Contains(c))]);
        })];
    }
}
