using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Documents;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>Versions of signed documents that wait for somebody's signature.</summary>
public sealed class SignedToday(AppDb db) : ITodaySource
{
    private const int Max = 50;

    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.SignPolicies))
            return [];
        var t = Texts.In(call.Language);
        var waiting = await db.SignedDocuments.AsNoTracking().Where(d => d.Status == VersionStatus.InSignOff).OrderBy(d => d.Id).Take(Max).ToListAsync(ct);
        if (waiting.Count == 0)
            return [];
        var ids = waiting.Select(d => d.Id).ToList();
        var hands = await db.SignedDocumentHands.AsNoTracking().Where(h => ids.Contains(h.Id)).ToListAsync(ct);
        return
        [
            .. waiting.Where(d => SignedDocumentDesk.StateOf(d, [.. hands.Where(h => h.Id == d.Id && h.Version == d.Version && h.Round == d.Round)]) is { Next: not null } state && state.WhyNotSign(call.Actor) is null)
                .Select(d => new TodayItem(
                    d.Kind == SignedKind.Approvals ? t["matrix.today.sign", d.Version] : d.Kind == SignedKind.Churn ? t["churn-definition.today.sign", d.Version] : t[d.Kind switch { SignedKind.Standard => "standard.today.sign", SignedKind.Scheme => "scheme.today.sign", _ => "procedure.today.sign" }, ReadDocument.Of(d.Kind, d.Document).Name.In(call.Language), d.Version],
                    d.PathOf(d.Version) + "#next", null, TodayKind.Approvals)),
        ];
    }
}
