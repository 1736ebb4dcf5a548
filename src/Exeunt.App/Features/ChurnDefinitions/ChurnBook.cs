using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Units;
using Exeunt.Core.Churn;
using Exeunt.Core.Documents;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ChurnDefinitions;

/// <summary>The churn definition as it is in force, and as it once was.</summary>
public static class ChurnBook
{
    /// <summary>The id of the definition among the signed documents.</summary>
    public const string Id = "churn";

    /// <summary>The version in force on a day; while there is none, the one the product comes with.</summary>
    public static async Task<ChurnDefinition> InForce(AppDb db, DateOnly on, CancellationToken ct)
    {
        var document = await db.SignedDocuments.AsNoTracking()
            .Where(d => d.Id == Id && d.Kind == SignedKind.Churn && d.Status == VersionStatus.Published && d.EffectiveFrom <= on)
            .OrderByDescending(d => d.EffectiveFrom).ThenByDescending(d => d.Version).Select(d => d.Document).FirstOrDefaultAsync(ct);
        return document is null ? ChurnDefinition.Usual : ChurnDocument.Read(document).Definition!;
    }

    /// <summary>A published version; 0 is the one the product comes with.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static async Task<ChurnDefinition> Of(AppDb db, int version, CancellationToken ct) =>
        version == 0 ? ChurnDefinition.Usual
            : ChurnDocument.Read(await db.SignedDocuments.AsNoTracking().Where(d => d.Id == Id && d.Kind == SignedKind.Churn && d.Version == version && d.Status == VersionStatus.Published).Select(d => d.Document).SingleAsync(ct)).Definition!;

    /// <summary>The version in force on a day, ready for judging.</summary>
    public static async Task<CompiledChurn> Compiled(AppDb db, DateOnly on, CancellationToken ct) => await Compiled(db, await InForce(db, on, ct), ct);

    /// <summary>A definition ready for judging, with the units as they are now.</summary>
    public static async Task<CompiledChurn> Compiled(AppDb db, ChurnDefinition definition, CancellationToken ct) =>
        new(definition, definition.Segments.Any(s => s.Scope.Units is { Count: > 0 }) ? (await UnitsBelow.Read(db, ct)).Of : _ => []);
}
