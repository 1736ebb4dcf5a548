using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Rules;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Rules;

/// <summary>Opens reviews, once for each breach of a subject; the caller saves.</summary>
public sealed class Reviews(AppDb db)
{
    /// <summary>For what a case's policy and contract break. Warnings open none.</summary>
    public Task Open(Guid caseId, IReadOnlyList<PolicyFinding> findings, Call call, CancellationToken ct) =>
        Open(ReviewKind.Case, caseId.ToString("N"), caseId, findings, call, ct);

    /// <summary>For what a published policy breaks.</summary>
    public Task Open(string policy, int version, IReadOnlyList<PolicyFinding> findings, Call call, CancellationToken ct) =>
        Open(ReviewKind.Policy, $"{policy}:{version}", null, findings, call, ct);

    private async Task Open(ReviewKind kind, string subject, Guid? caseId, IReadOnlyList<PolicyFinding> findings, Call call, CancellationToken ct)
    {
        var breaches = findings.Where(f => f.Blocks).DistinctBy(f => (f.Rule.Id, f.Pack, f.Where)).ToList();
        if (breaches.Count == 0)
            return;
        var known = await db.Reviews.AsNoTracking().Where(r => r.Subject == subject).Select(r => new { r.Rule, r.Pack, r.Part }).ToListAsync(ct);
        foreach (var breach in breaches.Where(b => !known.Any(k => k.Rule == b.Rule.Id && k.Pack == b.Pack && k.Part == b.Where)))
        {
            var id = Guid.CreateVersion7();
            db.Reviews.Add(new Review
            {
                Id = id, Kind = kind, Subject = subject, CaseId = caseId, Rule = breach.Rule.Id, Pack = breach.Pack, Part = breach.Where,
                English = breach.Problem.English, Chinese = breach.Problem.Chinese, OpenedAt = call.BusinessNow,
            });
            db.Audit(call, "review.opened", $"review:{id:N}", new { kind, subject, rule = breach.Rule.Id, pack = breach.Pack });
        }
    }
}
