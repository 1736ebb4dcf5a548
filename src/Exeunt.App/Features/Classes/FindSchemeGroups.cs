using Exeunt.App.Data;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Classes;

namespace Exeunt.App.Features.Classes;

/// <summary>Finds the groups of a scheme among the company's customers as they are today. Figures only: nobody is named, nothing is kept; the answer is the document with its groups.</summary>
public sealed class FindSchemeGroups(AppDb db, RecentBase recent) : UseCase<FindSchemeGroups.Request, Scheme>(db)
{
    public sealed record Request(Scheme Scheme);

    public override Permission Needs => Permission.WriteStandards;

    protected override async Task<Outcome<Scheme>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Scheme is not { Kind: SchemeKind.Clusters, Clusters: { } settings })
            return ClassRefusals.NoClusters;
        var asked = request.Scheme with { Clusters = settings with { Found = null }, Classes = [] };
        if (SchemeDocument.Check(asked).Where(p => p.Path.StartsWith("clusters", StringComparison.Ordinal)).ToList() is { Count: > 0 } problems)
            return SignedDocumentDesk.RefusalOf(problems);
        var definitions = settings.Indicators.Select(i => IndicatorDefinition.Find(i)!).ToList();
        if (settings.Currency is null && definitions.Any(d => d.Unit == IndicatorUnit.Money))
            return ClassRefusals.NeedsCurrency;
        var indicators = definitions.Select(d => d.Indicator).ToArray();
        var today = call.Today(Clocks.CompanyZone);
        var all = await recent.Get(Db, call, ct);
        var parts = all.Parts(Environment.ProcessorCount);
        var found = new List<long[]>[parts.Count];
        Parallel.For(0, parts.Count, part =>
        {
            var rows = found[part] = [];
            var scratch = new HistoryScratch();
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                if (settings.Currency is { } only && all.Currency(i) != only)
                    continue;
                var values = all.Open(i, scratch).At(today);
                var row = new long[indicators.Length];
                if (CompiledScheme.Row(ref values, indicators, row))
                    rows.Add(row);
            }
        });
        return FindGroups.In(asked, [.. found.SelectMany(f => f)], today) is { } grouped ? grouped : ClassRefusals.TooAlike;
    }
}
