using Exeunt.App.Data;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Drafts the decision to end a relationship; another draft voids what was approved. Nothing else decides: a score never does.</summary>
public sealed class DraftDecision(AppDb db, CaseDesk desk, Decisions decisions, Approvals.ApprovalBook approvals) : UseCase<DraftDecision.Request, DraftDecision.Drafted>(db)
{
    public const int ObjectDays = 10;

    /// <param name="Codes">One to four of <see cref="DecisionPaper.ReasonCodes"/>.</param>
    /// <param name="Reasons">What the customer reads.</param>
    /// <param name="EffectiveOn">Last day of the service; null: the agreed one, else the earliest by ground, contract and law.</param>
    /// <param name="Restricted">What is restricted until then, in words.</param>
    public sealed record Request(Guid CaseId, string? Ground, IReadOnlyList<string>? Codes, string? Reasons, DateOnly? EffectiveOn, string? Restricted, int? ObjectDays);

    public sealed record Drafted(Guid DecisionId, string Digest);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override async Task<Outcome<Drafted>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.CannotDraftDecision() is { } not)
            return not;
        if (exit.EvidenceDigest is null)
            return OffboardingRefusals.CaseElsewhere;
        if (OffboardingGround.Find(request.Ground ?? exit.Ground) is not { Immediate: false } ground)
            return OffboardingRefusals.UnknownGround;
        foreach (var (field, words) in new[] { ("reasons", request.Reasons), ("restricted", request.Restricted) })
            if (words is { Length: > DecisionPaper.MaxReasons })
                return CommonRefusals.TooLong(field, DecisionPaper.MaxReasons);
        var earliest = await decisions.EarliestEnd(exit, ground, call.Today(exit.Zone!), ct);
        var paper = new DecisionPaper(
            exit.Number, ground.Code, [.. request.Codes ?? []], request.Reasons?.Trim() ?? "", request.EffectiveOn ?? exit.AgreedOn ?? earliest,
            string.IsNullOrWhiteSpace(request.Restricted) ? null : request.Restricted.Trim(), request.ObjectDays ?? ObjectDays, exit.EvidenceDigest);
        if (paper.Check(earliest, exit.AgreedOn) is { } wrong)
            return wrong;
        var id = await decisions.Stage(exit, paper, call, ct);
        if (exit.DraftDecision(id, paper.Digest(), ground.Code, await approvals.Stages(exit, ApprovalSubject.Decision, null, ct)) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(new Drafted(id, paper.Digest()), ct);
    }
}

/// <summary>Stores and opens decisions, and says when they can take effect.</summary>
public sealed class Decisions(AppDb db, Vault vault, RuleBook rules)
{
    public async Task<Guid> Stage(ExitCase exit, DecisionPaper paper, Call call, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        db.Add(new DecisionRow
        {
            Id = id, CaseId = exit.Id, Digest = paper.Digest(), DraftedBy = call.Actor.Id, At = call.Now,
            Data = await vault.Seal(exit.CustomerId!.Value, DataClass.Case, DecisionRow.Place, id.ToString("N"), paper.ToBytes(), ct),
        });
        db.Audit(call, "decision.drafted", $"case:{exit.Id:N}", new { decisionId = id, digest = paper.Digest() });
        return id;
    }

    /// <summary>The decision in force of a case; null: none, or erased.</summary>
    public async Task<DecisionPaper?> Of(ExitCase exit, CancellationToken ct)
    {
        if (exit.DecisionId is not { } id || await db.Set<DecisionRow>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, ct) is not { } row)
            return null;
        return await vault.Open<byte[]>(exit.CustomerId!.Value, DataClass.Case, DecisionRow.Place, row.Row, row.Data, ct) is { } bytes ? DecisionPaper.Read(bytes) : null;
    }

    /// <summary>The earliest last day when a notice reaches the customer on a day, by the law the case froze.</summary>
    public async Task<DateOnly> EarliestEnd(ExitCase exit, OffboardingGround ground, DateOnly served, CancellationToken ct)
    {
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        return ground.EarliestEnd(Settling.TermsOf(contract), await rules.Named(exit.RulePacks, ct), served);
    }
}
