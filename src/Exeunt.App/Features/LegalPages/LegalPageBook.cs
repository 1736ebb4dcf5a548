using System.Collections.Concurrent;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Exeunt.Core.LegalPages;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.LegalPages;

/// <summary>Published versions that were read; they never change.</summary>
public sealed class LegalPageCache
{
    internal ConcurrentDictionary<string, LegalPage> Known { get; } = [];
}

/// <summary>The legal pages in force.</summary>
public sealed class LegalPageBook(AppDb db, Clocks clocks, LegalPageCache cache)
{
    private const int Max = 500;

    /// <summary>The version of every page that is in force today, by code.</summary>
    public async Task<IReadOnlyList<LegalPage>> Current(CancellationToken ct)
    {
        var today = Clocks.DateIn(clocks.BusinessNow, Clocks.CompanyZone);
        var published = await db.SignedDocuments.AsNoTracking()
            .Where(d => d.Kind == SignedKind.Page && d.Status == VersionStatus.Published && d.EffectiveFrom <= today)
            .OrderBy(d => d.Id).Select(d => new { d.Id, d.Version, d.EffectiveFrom }).Take(Max).ToListAsync(ct);
        var pages = new List<LegalPage>();
        foreach (var versions in published.GroupBy(d => d.Id, StringComparer.Ordinal))
            pages.Add((await Find($"{versions.Key} {versions.MaxBy(v => (v.EffectiveFrom, v.Version))!.Version}", ct))!);
        return pages;
    }

    /// <summary>The page in force with this code; null when there is none.</summary>
    public async Task<LegalPage?> Current(string id, CancellationToken ct) => (await Current(ct)).FirstOrDefault(p => p.Id == id);

    /// <summary>A published version by its key ("germany 1"); null when there is none.</summary>
    public async Task<LegalPage?> Find(string key, CancellationToken ct)
    {
        if (cache.Known.TryGetValue(key, out var known))
            return known;
        if (key.Split(' ') is not [var id, var number] || !int.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out var version))
            return null;
        var document = await db.SignedDocuments.AsNoTracking()
            .Where(d => d.Id == id && d.Version == version && d.Kind == SignedKind.Page && d.Status == VersionStatus.Published).Select(d => d.Document).SingleOrDefaultAsync(ct);
        return document is null ? null : cache.Known[key] = LegalPageDocument.Read(document).Page!;
    }

    /// <summary>The page the law asks for at a consumer's contract; null for others, and where it asks for none.</summary>
    public async Task<LegalPage?> For(Contract contract, PageFunction function, CancellationToken ct) =>
        contract.Party is Party.Consumer or Party.Telecom ? BuiltInPages.For(await Current(ct), contract.Jurisdiction, function) : null;
}

public static class LegalPageRefusals
{
    public static readonly Refusal Unknown = new(RefusalKind.NotFound, "page.unknown", "There is no such page in force.", "没有生效的此页面。", Field: "page");

    public static readonly Refusal Kind = new(RefusalKind.Invalid, "page.kind-unknown", "Choose one of the two: ordinary, good-cause.", "请选择一项：ordinary、good-cause。", Field: "kind");

    public static readonly Refusal ReasonMissing = new(RefusalKind.Invalid, "page.good-cause-needs-reason", "Say what the good cause is.", "请填写重大事由。", Field: "words");

    public static Refusal NotAsked(string name) => new(RefusalKind.Invalid, "page.not-asked", $"The page does not ask \"{name}\".", $"该页面不询问“{name}”。", Field: "more");
}
