using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.Core.Cases;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>The facts of a case's end with the lines that count, those staged in this transaction included.</summary>
public sealed class CaseFacts(AppDb db)
{
    /// <summary>What the settlement is computed from on the case's effective date.</summary>
    public async Task<ExitFacts> Of(ExitCase exit, Contract contract, CancellationToken ct)
    {
        var facts = await Written(exit.Id, contract, exit.EffectiveOn!.Value, ct);
        var lines = (await Lines(exit.Id, ct)).Where(l => l.Counts).Select(l => l.ToAdded()).ToList();
        return facts with { Added = lines.Count == 0 ? null : lines };
    }

    /// <summary>The facts as they were written last; where nobody wrote any, what the contract says.</summary>
    public async Task<ExitFacts> Written(Guid caseId, Contract contract, DateOnly lastServiceDay, CancellationToken ct)
    {
        var row = db.SettlementFacts.Local.FirstOrDefault(f => f.CaseId == caseId) ?? await db.SettlementFacts.SingleOrDefaultAsync(f => f.CaseId == caseId, ct);
        return row is null ? Settling.FactsOf(contract, lastServiceDay) : Read(row.Facts) with { LastServiceDay = lastServiceDay };
    }

    /// <summary>The lines that people added, in the order in which they did.</summary>
    public async Task<List<CaseLine>> Lines(Guid caseId, CancellationToken ct)
    {
        await db.CaseLines.Where(l => l.CaseId == caseId).LoadAsync(ct);
        return [.. db.CaseLines.Local.Where(l => l.CaseId == caseId).OrderBy(l => l.AddedAt).ThenBy(l => l.Code, StringComparer.Ordinal)];
    }

    public static ExitFacts Read(string json) => JsonSerializer.Deserialize<ExitFacts>(json, SettlementJson.Document)!;

    public static string Write(ExitFacts facts) => JsonSerializer.Serialize(facts with { Added = null }, SettlementJson.Document);
}
