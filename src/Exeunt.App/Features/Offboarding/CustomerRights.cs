using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Appeals;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>What a customer can see and do on the progress page beside the settlement: improvement, objection, formalities, appeal, being forgotten.</summary>
/// <param name="GroundName">Of the company's own ending; null for the customer's.</param>
/// <param name="DateKnown">Whether the last day is set; before the notice of an offboarding it is not.</param>
/// <param name="Dispute">While a dispute is open: what of the money is contested.</param>
public sealed record RightsView(
    Words? GroundName, bool DateKnown, AgreementView? Agreement, DateOnly? ObjectUntil, bool CanObject, ObjectionView? Objection, IReadOnlyList<FormalityReader.Line> Formalities, bool CanAppeal,
    IReadOnlyList<AppealView> Appeals, bool CanForget, DisputeView? Dispute);

/// <param name="Contested">Without its sign; null: no money is.</param>
public sealed record DisputeView(Money? Contested);

public sealed record AgreementView(DateOnly UntilOn, string? Words, string? Consequence, IReadOnlyList<CureTarget> Targets, string Currency, bool? Met);

public sealed record ObjectionView(string? Words, bool Open, bool? Upheld, string? Answer);

public sealed record AppealView(string? Words, DateTimeOffset MadeAt, DateOnly AnswerBy, bool? Upheld, string? Answer);

/// <summary>Reads them.</summary>
public sealed class CustomerRights(AppDb db, FormalityReader formalities)
{
    public async Task<RightsView> Of(ExitCase exit, Dictionary<Guid, string> words, DateOnly today, CancellationToken ct)
    {
        var own = exit.Kind == CaseKind.Offboarding;
        var agreement = own ? await db.Set<CureAgreement>().AsNoTracking().SingleOrDefaultAsync(a => a.CaseId == exit.Id, ct) : null;
        var appeals = await db.Set<Appeal>().AsNoTracking().Where(a => a.CaseId == exit.Id).OrderByDescending(a => a.MadeAt).ThenBy(a => a.Id).Take(20).ToListAsync(ct);
        string? Said(Guid? id) => id is { } text ? words.GetValueOrDefault(text) : null;
        return new RightsView(
            own ? OffboardingGround.Find(exit.Ground)?.Name : null, exit.EffectiveOn is not null,
            agreement is null ? null : new AgreementView(
                agreement.UntilOn, Said(agreement.TextId), Said(agreement.ConsequenceId), JsonSerializer.Deserialize<List<CureTarget>>(agreement.Targets, Json.Plain)!, agreement.Currency, agreement.Met),
            exit.ObjectUntil, exit.CannotObject(today) is null, own && exit.ObjectionMade ? await Objection(exit, words, ct) : null,
            await formalities.Of(exit.Id, words, ct), exit.CannotAppeal() is null,
            [.. appeals.Select(a => new AppealView(Said(a.TextId), a.MadeAt, a.AnswerBy, a.Upheld, Said(a.AnswerId)))],
            !exit.IsClosed && exit.OpenAppealId is null && exit.State == CaseState.WindingUp && (exit.IsActive(StepKind.Survey) || exit.IsActive(StepKind.FollowUp)),
            exit.IsDisputed ? await Dispute(exit, ct) : null);
    }

    private async Task<DisputeView> Dispute(ExitCase exit, CancellationToken ct)
    {
        var open = await db.Set<Dispute>().AsNoTracking().Where(d => d.CaseId == exit.Id && d.Result == null && d.Currency != null).Select(d => new { d.Contested, d.Currency }).ToListAsync(ct);
        return new DisputeView(open.Count == 0 ? null : new Money(Math.Abs(open.Sum(d => d.Contested)), open[0].Currency!));
    }

    private async Task<ObjectionView> Objection(ExitCase exit, Dictionary<Guid, string> words, CancellationToken ct)
    {
        var events = (await db.CaseEvents.AsNoTracking().Where(e => e.CaseId == exit.Id).OrderBy(e => e.Number).Take(2000).ToListAsync(ct)).Select(e => e.Read().What).ToList();
        var (made, decided) = (events.OfType<ObjectionMade>().First(), events.OfType<ObjectionDecided>().LastOrDefault());
        return new ObjectionView(words.GetValueOrDefault(made.TextId), exit.ObjectionOpen, decided?.Upheld, decided is null ? null : words.GetValueOrDefault(decided.TextId));
    }
}
