using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>What only the company's own endings have: evidence, check-list, decision, agreement, objection, open orders, and what may be done now.</summary>
public sealed class ShowOffboarding(AppDb db, CaseDesk desk, ApprovalDesk approvals, Papers papers, Decisions decisions, CaseTexts texts, RecordedFigures figures, StaffDirectory staff, Erasure.Locks locks)
    : UseCase<ShowOffboarding.Request, ShowOffboarding.View>(db)
{
    public sealed record Request(Guid CaseId);

    /// <param name="AgreedOn">The last day of a signed agreement, which a decision keeps; null: none is signed.</param>
    /// <param name="Intact">Whether the file's bytes still have the digest that the case froze; null once erased, and while it is locked.</param>
    /// <param name="Locked">Why evidence and decision are not shown, until when; null: they are not locked.</param>
    public sealed record View(
        Guid CaseId, string Ground, Words? GroundName, string? EvidenceDigest, bool? Intact, IReadOnlyList<EvidenceItem> Evidence, IReadOnlyList<FileLink> Files, IReadOnlyList<Check> Checks, bool MayTick,
        DecisionPaper? Decision, string? DecisionDigest, bool DecisionIsMine, Refusal? CannotDecide, bool CanDecide, bool CanDraft, DateOnly? Earliest, DateOnly? AgreedOn, Cure? Agreement, DateOnly? EffectiveOn, DateOnly? ObjectUntil,
        Objection? Objected, bool CanDecideObjection, Refusal? CannotDecideObjection, IReadOnlyList<Order> Orders, bool WindsDown, bool CanTalk, bool CanAgreeCure, bool CanCure, Refusal? CannotCure, Spot? OnTheSpot, string Currency, Refusal? Locked);

    public sealed record FileLink(Guid DocumentId, string Sha256);

    public sealed record Check(string Step, string Code, Words Name, string? DoneBy, DateTimeOffset? DoneAt, string? Words, bool Open, bool Evidence);

    public sealed record Cure(
        DateOnly FromOn, DateOnly UntilOn, string? Words, string? Consequence, IReadOnlyList<Target> Targets, bool? Met, string? JudgedBy, bool CanJudge, bool IsOver, bool Reminded);

    public sealed record Target(CureTarget Wanted, long Actual, bool IsMet);

    public sealed record Objection(string? Words, bool Open, bool? Upheld, string? Answer, string? DecidedBy);

    public sealed record Order(Guid Id, string? Number, Money Amount, OpenOrderState State, string? DoneBy, DateTimeOffset? DoneAt);

    public sealed record Spot(DateTimeOffset ToldAt, string ToldBy, DateTimeOffset ReviewDueAt, string? ReviewedBy, bool? Stands);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.Kind != CaseKind.Offboarding || exit.EvidenceDigest is null)
            return OffboardingRefusals.CaseElsewhere;
        var path = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleAsync(ct);
        bool May(Permission permission) => call.Actor.Allows(permission, path);
        var today = call.Today(exit.Zone!);
        var events = (await Db.CaseEvents.AsNoTracking().Where(e => e.CaseId == exit.Id).OrderBy(e => e.Number).Take(2000).ToListAsync(ct)).Select(e => e.Read()).ToList();
        var agreement = await Db.Set<CureAgreement>().AsNoTracking().SingleOrDefaultAsync(a => a.CaseId == exit.Id, ct);
        var orders = await Db.Set<OpenOrder>().AsNoTracking().Where(o => o.CaseId == exit.Id).OrderBy(o => o.State == OpenOrderState.Open ? 0 : 1).ThenBy(o => o.Id).Take(ListOpenOrders.Max).ToListAsync(ct);
        var spot = await Db.Set<SpotDecision>().AsNoTracking().SingleOrDefaultAsync(s => s.CaseId == exit.Id, ct);
        var words = await texts.Shown(exit, call, ct);
        var names = await staff.Names(events.Select(e => e.By).Concat(orders.Select(o => o.DoneBy ?? "")).Append(agreement?.JudgedBy ?? "").Append(spot?.ToldBy ?? "").Append(spot?.ReviewedBy ?? ""), ct);
        string? Name(string? by) => by is null ? null : names.GetValueOrDefault(by) ?? "—";
        // The frozen file and what was decided are of the class that is only stored.
        var locked = await locks.Of(exit.CustomerId, ct);
        var (file, intact) = locked is null ? await Evidence(exit, ct) : default;
        var ground = OffboardingGround.Find(exit.Ground);
        var role = await approvals.RoleIn(exit, ApprovalSubject.Decision, call, ct);
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var objects = exit.CannotDecideObjection(call.Actor.Id);
        var cures = exit.CannotCure();
        var handles = May(Permission.HandleOffboarding);
        var waiting = exit.Round(ApprovalSubject.Decision) is not null && !exit.IsClosed && role.Refusal is null;
        Db.Audit(call, "offboarding.viewed", $"case:{exit.Id:N}");
        await Db.SaveChangesAsync(ct);
        return new View(
            exit.Id, exit.Ground!, ground?.Name, exit.EvidenceDigest, intact, file?.Items ?? [],
            [.. (await Db.Documents.AsNoTracking().Where(d => d.CaseId == exit.Id && d.Kind == DocumentKind.Evidence).OrderBy(d => d.At).Select(d => new { d.Id, d.Sha256 }).ToListAsync(ct)).Select(d => new FileLink(d.Id, Convert.ToHexStringLower(d.Sha256)))],
            Checks(exit, events, words, Name), handles && exit.Plan.Steps.Any(s => s.Kind is StepKind.CheckList or StepKind.AutoCheck && exit.IsActive(s.Id) && s.Roles.Any(r => call.Actor.Has(r, path))),
            locked is null ? await decisions.Of(exit, ct) : null, exit.DecisionDigest, exit.Requesters.Split(' ').Contains(call.Actor.Id), exit.DecisionDigest is null || exit.IsClosed ? null : role.Refusal, waiting && May(Permission.DecideOffboarding),
            handles && exit.CannotDraftDecision() is null && ground is { Immediate: false } && !exit.IsActive(StepKind.Talk) && !exit.IsActive(StepKind.CurePeriod), ground is null || exit.IsClosed ? null : await decisions.EarliestEnd(exit, ground, today, ct), exit.AgreedOn,
            agreement is null ? null : await Of(agreement, exit, contract, today, words, Name, handles, ct), exit.EffectiveOn, exit.ObjectUntil, Of(events, exit, words, Name),
            objects is null && May(Permission.DecideOffboarding), exit.ObjectionOpen ? objects : null,
            [.. orders.Select(o => new Order(o.Id, words.GetValueOrDefault(o.TextId), new Money(o.Amount, o.Currency), o.State, Name(o.DoneBy), o.DoneAt))],
            exit.IsActive(StepKind.WindDown) && May(Permission.HandleCases), handles && exit.IsActive(StepKind.Talk) && exit.Reason is not null,
            handles && exit.IsActive(StepKind.Talk) && exit.Reason is not null && exit.Find(StepKind.CurePeriod) is { State: StepState.Waiting }, handles && cures is null, exit.IsClosed ? null : cures,
            spot is null ? null : new Spot(spot.ToldAt, Name(spot.ToldBy)!, spot.ReviewDueAt, Name(spot.ReviewedBy), spot.Stands), contract.Currency, locked?.Refusal);
    }

    private async Task<(EvidenceFile? File, bool? Intact)> Evidence(ExitCase exit, CancellationToken ct)
    {
        if (await Db.Documents.AsNoTracking().FirstOrDefaultAsync(d => d.CaseId == exit.Id && d.Kind == DocumentKind.EvidenceFile, ct) is not { } row || await papers.Open(row, ct) is not { } bytes)
            return (null, null);
        return (EvidenceFile.Read(bytes), EvidenceFile.DigestOf(bytes) == exit.EvidenceDigest);
    }

    private static IReadOnlyList<Check> Checks(ExitCase exit, List<RecordedEvent> events, Dictionary<Guid, string> words, Func<string?, string?> name) =>
    [
        .. exit.Plan.Steps.Where(s => s.Kind is StepKind.CheckList or StepKind.AutoCheck).SelectMany(s => s.Items.Select(i =>
        {
            var done = events.FirstOrDefault(e => e.What is ItemDone d && d.Step == s.Id && d.Item == i.Code);
            return new Check(s.Id, i.Code, i.Name, name(done?.By), done?.BusinessAt, done?.What is ItemDone { TextId: { } text } ? words.GetValueOrDefault(text) : null, done is null && exit.IsActive(s.Id), i.Evidence);
        })),
    ];

    private async Task<Cure> Of(
        CureAgreement a, ExitCase exit, Contracts.Contract contract, DateOnly today, Dictionary<Guid, string> words, Func<string?, string?> name, bool handles, CancellationToken ct)
    {
        var actual = a.Figures is { } judged ? JsonSerializer.Deserialize<CureFigures>(judged, Json.Plain)! : await figures.Since(contract, a.FromOn, today < a.UntilOn ? today : a.UntilOn, ct);
        var targets = JsonSerializer.Deserialize<List<CureTarget>>(a.Targets, Json.Plain)!;
        return new Cure(a.FromOn, a.UntilOn, words.GetValueOrDefault(a.TextId), words.GetValueOrDefault(a.ConsequenceId), [.. targets.Select(t => new Target(t, t.Actual(actual), t.IsMet(actual)))], a.Met,
            name(a.JudgedBy), handles && exit.IsActive(StepKind.CurePeriod), today > a.UntilOn, a.RemindedAt is not null);
    }

    private static Objection? Of(List<RecordedEvent> events, ExitCase exit, Dictionary<Guid, string> words, Func<string?, string?> name)
    {
        if (events.Select(e => e.What).OfType<ObjectionMade>().FirstOrDefault() is not { } made)
            return null;
        var decided = events.FirstOrDefault(e => e.What is ObjectionDecided);
        var answer = decided?.What as ObjectionDecided;
        return new Objection(words.GetValueOrDefault(made.TextId), exit.ObjectionOpen, answer?.Upheld, answer is null ? null : words.GetValueOrDefault(answer.TextId), name(decided?.By));
    }
}
