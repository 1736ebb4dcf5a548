using Exeunt.App.Data;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;

namespace Exeunt.App.Features.Offboarding;

/// <summary>
/// Ends a relationship at once (立即清退) for danger, an unlawful act or proven abuse: who told whom when, with evidence. The service is
/// suspended, the letter follows, and another person reviews it within one working day.
/// </summary>
public sealed class EndImmediately(AppDb db, CaseDesk desk, OffboardingOpening opening, Decisions decisions, SpotRegister register)
    : UseCase<EndImmediately.Request, OpenOffboarding.Opened>(db)
{
    /// <param name="Reasons">What the customer reads in the letter.</param>
    /// <param name="ToldAt">When it was said.</param>
    /// <param name="ToldTo">To whom.</param>
    public sealed record Request(
        long CustomerId, long ContractId, string? Ground, string? Words, IReadOnlyList<string>? Codes, string? Reasons, DateTimeOffset? ToldAt, string? ToldTo,
        IReadOnlyList<EvidenceFact>? Facts, IReadOnlyList<EvidenceUpload>? Files);

    public override Permission Needs => Permission.EndImmediately;

    protected override int Tries => 20;

    protected override async Task<Outcome<OpenOffboarding.Opened>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (OffboardingGround.Find(request.Ground) is not { Immediate: true } ground)
            return OffboardingRefusals.UnknownGround;
        if (register.Check(request.ToldAt, request.ToldTo, call) is { } untold)
            return untold;
        var opened = await opening.Stage(new(request.CustomerId, request.ContractId, request.Ground, request.Words, request.Facts, request.Files), ground, Needs, call, ct);
        if (opened.Refusal is { } no)
            return no;
        var exit = opened.Value;
        var today = call.Today(exit.Zone!);
        var paper = new DecisionPaper(exit.Number, ground.Code, [.. request.Codes ?? []], request.Reasons?.Trim() ?? "", today, null, DraftDecision.ObjectDays, exit.EvidenceDigest!);
        if (paper.Check(today) is { } wrong)
            return wrong;
        var id = await decisions.Stage(exit, paper, call, ct);
        // One other person reviews it.
        if (exit.DraftDecision(id, paper.Digest(), ground.Code, [[new Approver([Role.BranchHead, Role.Legal])]]) is { } not)
            return not;
        desk.Stage(exit, call);
        await register.Stage(exit.Id, exit.UnitId!.Value, exit.CustomerId!.Value, ground.Code, request.ToldAt!.Value, request.ToldTo!, request.Words!, call, ct);
        return await Commit(new OpenOffboarding.Opened(exit.Id, exit.Number), ct);
    }
}

/// <summary>The register of what was decided on the spot, and the time in which somebody else looks at it.</summary>
public sealed class SpotRegister(AppDb db, Vault vault, CalendarBook calendars)
{
    public const int MaxName = 120;

    public Refusal? Check(DateTimeOffset? toldAt, string? toldTo, Call call)
    {
        if (toldAt is not { } at)
            return CommonRefusals.Required("toldAt");
        if (at > call.BusinessNow || at < call.BusinessNow.AddDays(-2))
            return OffboardingRefusals.ToldInFuture;
        return string.IsNullOrWhiteSpace(toldTo) ? CommonRefusals.Required("toldTo") : toldTo.Length > MaxName ? CommonRefusals.TooLong("toldTo", MaxName) : null;
    }

    public async Task<Guid> Stage(Guid? caseId, int unitId, long subject, string ground, DateTimeOffset toldAt, string toldTo, string words, Call call, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        db.Add(new SpotDecision
        {
            Id = id, CaseId = caseId, UnitId = unitId, Ground = ground, ToldAt = toldAt, ToldBy = call.Actor.Id, Subject = subject, RecordedAt = call.Now,
            ReviewDueAt = await EndOfNextWorkingDay(call, ct),
            Data = await vault.Seal(subject, DataClass.Case, SpotDecision.Place, id.ToString("N"), new SpotWords(toldTo.Trim(), words.Trim()), ct),
        });
        // What belongs to a case goes with its customer's data.
        if (caseId is null)
            db.Enqueue(ForgetSpot.Of(id, toldAt));
        db.Audit(call, "spot.recorded", $"spot:{id:N}", new { caseId, ground });
        return id;
    }

    private async Task<DateTimeOffset> EndOfNextWorkingDay(Call call, CancellationToken ct)
    {
        BusinessDays days = await calendars.For("CN", ct);
        return Clocks.StartOf(days.After(call.Today(Clocks.CompanyZone), 1).AddDays(1), Clocks.CompanyZone);
    }
}
