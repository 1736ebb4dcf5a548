using Exeunt.App.Data;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Formalities;

public static class FormalityRefusals
{
    public static readonly Refusal EvidenceNeeded = new(RefusalKind.Invalid, "formality.evidence-needed",
        "This is done only with a photo or paper.", "该项须附照片或文件。", Field: "evidence");

    /// <summary>Tells the case of an item; with the last open one the step is done. After the step it changes nothing there.</summary>
    internal static async Task Finish(AppDb db, ExitCase exit, Formality item, string state, Guid? text, CancellationToken ct)
    {
        if (!exit.IsActive(item.Step))
            return;
        var open = await db.Set<Formality>().AsNoTracking().AnyAsync(f => f.CaseId == exit.Id && f.Id != item.Id && (f.State == FormalityState.Open || f.State == FormalityState.Missing), ct);
        exit.FinishItem(item.Step, item.Code, state, !open, text);
    }
}

/// <summary>The formalities of a case, the same list for staff and customer.</summary>
public sealed class FormalityReader(AppDb db)
{
    /// <param name="Price">What a missing one costs.</param>
    public sealed record Line(
        Guid Id, Words Name, Exeunt.Core.Procedures.ItemSide Side, DateOnly DueOn, bool NeedsEvidence, Money? Price, FormalityState State, string? Words, Guid? EvidenceId, string? Receipt, Guid? ReceiptId,
        string? DoneBy, DateTimeOffset? DoneAt);

    public async Task<IReadOnlyList<Line>> Of(Guid caseId, IReadOnlyDictionary<Guid, string> words, CancellationToken ct) =>
    [
        .. (await db.Set<Formality>().AsNoTracking().Where(f => f.CaseId == caseId).OrderBy(f => f.DueOn).ThenBy(f => f.Code).Take(200).ToListAsync(ct)).Select(f => new Line(
            f.Id, new Words(f.English, f.Chinese), f.Side, f.DueOn, f.NeedsEvidence, f.Price is { } price ? new Money(price, f.Currency!) : null, f.State,
            f.TextId is { } text ? words.GetValueOrDefault(text) : null, f.EvidenceId, f.Receipt, f.ReceiptId, f.DoneBy, f.DoneAt)),
    ];
}
