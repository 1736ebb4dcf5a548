using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Approves the decision that was seen, with own grounds; in an immediate ending this is its review. Never by whoever wrote part of it.</summary>
public sealed class ApproveDecision(AppDb db, CaseDesk desk, CaseTexts texts, SpotReview review) : UseCase<ApproveDecision.Request, Done>(db)
{
    public const int MaxWords = 4000;

    /// <param name="Digest">Of the decision that was looked at.</param>
    /// <param name="Words">Own grounds.</param>
    public sealed record Request(Guid CaseId, string? Digest, string? Words);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var role = await DecisionRoles.Of(Db, exit, call, ct);
        if (role.Refusal is { } not)
            return not;
        if (request.Digest != exit.DecisionDigest)
            return CaseRefusals.DigestChanged;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CaseRefusals.GroundsNeeded;
        if (request.Words.Length > MaxWords)
            return CommonRefusals.TooLong("words", MaxWords);
        var text = await texts.Stage(exit, "decision", request.Words.Trim(), ct);
        if (exit.Approve(ApprovalSubject.Decision, role.Value, call.Actor.Id, request.Digest!, textId: text) is { } no)
            return no;
        await review.Stage(exit.Id, stands: true, request.Words.Trim(), call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Sends a decision back to those who drafted it, with words; what was approved of it is void.</summary>
public sealed class ReturnDecision(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<ReturnDecision.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var role = await DecisionRoles.Of(Db, exit, call, ct);
        if (role.Refusal is { } not)
            return not;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > ApproveDecision.MaxWords)
            return CommonRefusals.TooLong("words", ApproveDecision.MaxWords);
        if (exit.ReturnForRework(ApprovalSubject.Decision, role.Value, call.Actor.Id, await texts.Stage(exit, "return", request.Words.Trim(), ct)) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>The review of an immediate ending finds it wrong: the customer is back, the case is refused.</summary>
public sealed class ReverseDecision(AppDb db, CaseDesk desk, CaseTexts texts, TurnBack back, SpotReview review) : UseCase<ReverseDecision.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (!await Db.Set<SpotDecision>().AnyAsync(s => s.CaseId == exit.Id, ct))
            return OffboardingRefusals.CaseElsewhere;
        var role = await DecisionRoles.Of(Db, exit, call, ct);
        if (role.Refusal is { } not)
            return not;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CaseRefusals.GroundsNeeded;
        if (request.Words.Length > ApproveDecision.MaxWords)
            return CommonRefusals.TooLong("words", ApproveDecision.MaxWords);
        var words = request.Words.Trim();
        if (exit.ReverseDecision(role.Value, call.Actor.Id, await texts.Stage(exit, "decision", words, ct)) is { } no)
            return no;
        await review.Stage(exit.Id, stands: false, words, call, ct);
        await back.Stage(exit, "mail.reversed", words, call, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Writes into the register that another person looked at an immediate ending, and what they found.</summary>
public sealed class SpotReview(AppDb db, Vault vault)
{
    /// <summary>Nothing happens in a case that was not ended at once, or was looked at before.</summary>
    public async Task Stage(Guid caseId, bool stands, string words, Call call, CancellationToken ct)
    {
        if (await db.Set<SpotDecision>().SingleOrDefaultAsync(s => s.CaseId == caseId && s.ReviewedBy == null, ct) is not { } spot)
            return;
        (spot.ReviewedBy, spot.ReviewedAt, spot.Stands) = (call.Actor.Id, call.Now, stands);
        spot.Review = await vault.Seal(spot.Subject, DataClass.Case, SpotDecision.Place, spot.Row + "r", words, ct);
        spot.Version++;
    }
}

/// <summary>As what somebody can decide in a case now.</summary>
internal static class DecisionRoles
{

    /// <summary>The role, or why there is none.</summary>
    public static async Task<Outcome<Role>> Of(AppDb db, ExitCase exit, Call call, CancellationToken ct)
    {
        var path = await db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleAsync(ct);
        return Of(exit, call.Actor, path);
    }

    public static Outcome<Role> Of(ExitCase exit, Actor actor, string unitPath)
    {
        Refusal refusal = CaseRefusals.NotYourApproval;
        foreach (var role in (exit.Round(ApprovalSubject.Decision)?.Stages ?? []).SelectMany(s => s).SelectMany(a => a.AnyOf).Distinct().Where(r => actor.Has(r, unitPath)))
        {
            if (exit.CannotApprove(ApprovalSubject.Decision, role, actor.Id) is not { } no)
                return role;
            refusal = no;
        }
        return refusal;
    }
}
