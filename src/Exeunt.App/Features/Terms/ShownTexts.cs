using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>Keeps every text that was shown, once for each hash, and tells what was confirmed.</summary>
public sealed class ShownTexts(AppDb db)
{
    /// <summary>Stages a text that was never shown before; says whether it did.</summary>
    public async Task<bool> Keep(TermsText text, Call call, CancellationToken ct)
    {
        var hash = text.Sha256;
        if (await db.PolicyTexts.AsNoTracking().AnyAsync(t => t.Sha256 == hash, ct) || db.PolicyTexts.Local.Any(t => t.Sha256 == hash))
            return false;
        db.PolicyTexts.Add(new PolicyText
        {
            Sha256 = hash, Kind = text.Kind, PolicyNumber = text.PolicyNumber, PolicyVersion = text.PolicyVersion, Language = text.Language, Text = text.Text, FirstShownAt = call.Now,
        });
        db.Audit(call, "policy.text-shown", $"policy:{text.PolicyNumber}:{text.PolicyVersion}", new { text.Kind, text.Language, text.Sha256 });
        return true;
    }

    /// <summary>
    /// The text of what ending does that somebody confirms by its hash: in the language of their page, or in the other if they
    /// switched meanwhile. Null when it is not what the policy says now.
    /// </summary>
    public static TermsText? Confirmed(TerminationPolicy policy, string? sha256) =>
        new[] { Texts.English, Texts.Chinese }.Select(t => TermsText.OfConsequences(policy, t)).FirstOrDefault(t => t.Sha256 == sha256);

    /// <summary>Stages the evidence that the consequences were confirmed with an application.</summary>
    public async Task<PolicyConfirmation> Confirm(TermsText text, long contractId, Guid caseId, Call call, CancellationToken ct)
    {
        await Keep(text, call, ct);
        var confirmation = new PolicyConfirmation
        {
            Id = Guid.CreateVersion7(), PolicyNumber = text.PolicyNumber, PolicyVersion = text.PolicyVersion, Language = text.Language, Sha256 = text.Sha256,
            Where = ShownAt.Application, ContractId = contractId, CaseId = caseId, By = call.Actor.Id, At = call.Now,
        };
        db.PolicyConfirmations.Add(confirmation);
        db.Audit(call, "policy.consequences-confirmed", $"case:{caseId:N}", new { confirmation.Id, confirmation.Sha256 });
        return confirmation;
    }

    /// <summary>One confirmation, for staff.</summary>
    public sealed record Line(Guid Id, string PolicyNumber, int PolicyVersion, string Language, string Sha256, TermsKind Kind, ShownAt Where, Guid? CaseId, DateTimeOffset At);

    /// <summary>What was confirmed for contracts, newest first; at most a hundred.</summary>
    public async Task<IReadOnlyList<Line>> Of(IReadOnlyCollection<long> contracts, CancellationToken ct) =>
        await db.PolicyConfirmations.AsNoTracking().Where(c => contracts.Contains(c.ContractId))
            .Join(db.PolicyTexts.AsNoTracking(), c => c.Sha256, t => t.Sha256, (c, t) => new { c, t.Kind })
            .OrderByDescending(x => x.c.At).ThenBy(x => x.c.Id).Take(100)
            .Select(x => new Line(x.c.Id, x.c.PolicyNumber, x.c.PolicyVersion, x.c.Language, x.c.Sha256, x.Kind, x.c.Where, x.c.CaseId, x.c.At)).ToListAsync(ct);
}
