using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Approvals;

/// <summary>The approval matrix in force.</summary>
public sealed class ApprovalBook(AppDb db, Clocks clocks)
{
    /// <summary>The id of the matrix among the signed documents.</summary>
    public const string Id = "approvals";

    public async Task<ApprovalMatrix> Current(CancellationToken ct)
    {
        var today = Clocks.DateIn(clocks.BusinessNow, Clocks.CompanyZone);
        var document = await db.SignedDocuments.AsNoTracking()
            .Where(d => d.Id == Id && d.Kind == SignedKind.Approvals && d.Status == VersionStatus.Published && d.EffectiveFrom <= today)
            .OrderByDescending(d => d.EffectiveFrom).ThenByDescending(d => d.Version).Select(d => d.Document).FirstOrDefaultAsync(ct);
        return document is null ? ApprovalMatrix.General : ApprovalMatrixDocument.Read(document).Matrix!;
    }

    /// <summary>Who approves this of a case by the matrix in force; what was put before somebody keeps the stages it had.</summary>
    /// <param name="amount">The settlement's total; null for a decision.</param>
    public async Task<IReadOnlyList<IReadOnlyList<Approver>>> Stages(ExitCase exit, ApprovalSubject of, Money? amount, CancellationToken ct) =>
        (await Current(ct)).Needed(of, exit.Kind, amount, exit.Tier,
            of == ApprovalSubject.Decision || exit.Kind == CaseKind.Offboarding ? exit.Ground : exit.ReasonDetail is null ? exit.Reason : $"{exit.Reason}/{exit.ReasonDetail}");
}
