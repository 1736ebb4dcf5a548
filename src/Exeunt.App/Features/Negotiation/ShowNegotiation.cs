using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Negotiation;

/// <summary>The proposals of a case, newest first, and what can be done about them now.</summary>
public sealed class ShowNegotiation(AppDb db, CaseDesk desk, Negotiating negotiating, CaseTexts texts) : UseCase<ShowNegotiation.Request, ShowNegotiation.View>(db)
{
    /// <param name="On">The day for which the policy's fee is asked; null: the case's last service day.</param>
    public sealed record Request(Guid CaseId, DateOnly? On = null);

    /// <param name="Words">What else was proposed; null when nothing was, or once erased.</param>
    public sealed record Line(Proposal Proposal, string? Words, bool OnTable);

    /// <param name="CannotPropose">Null: either side can propose.</param>
    /// <param name="Until">Last day of the negotiation; null before it began.</param>
    public sealed record View(
        Guid CaseId, string Number, DateOnly EndsOn, DateOnly Today, string Zone, IReadOnlyList<Line> Proposals, Refusal? CannotPropose, bool AgreedByCustomer, bool AgreedByCompany,
        DateOnly? Until, Money PolicyFee, int? MostInstalments, bool Signed);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct) => Read(call, request, ct);

    internal async Task<Outcome<View>> Read(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId) || await desk.Look(request.CaseId, call, ct) is not { EffectiveOn: { } endsOn } exit)
            return CommonRefusals.NotFound;
        if (DateRange.Check(request.On, "on") is { } never)
            return never;
        var policy = await negotiating.PolicyOn(exit, request.On ?? endsOn, ct);
        if (policy.Refusal is { } no)
            return no;
        var words = await texts.Shown(exit, call, ct);
        var proposals = await Db.Set<Proposal>().AsNoTracking().Where(p => p.CaseId == exit.Id).OrderByDescending(p => p.Number).Take(100).ToListAsync(ct);
        var step = exit.Find(StepKind.Negotiate);
        return new View(
            exit.Id, exit.Number, endsOn, call.Today(exit.Zone!), exit.Zone!,
            [.. proposals.Select(p => new Line(p, p.TextId is { } text ? words.GetValueOrDefault(text) : null, p.Id == exit.ProposalId && exit.AgreementId is null && step?.State == StepState.Active))],
            exit.CannotPropose(), exit.AgreedByCustomer, exit.AgreedByCompany,
            step?.StartedAt is { } began && exit.Plan.Step(step.Id).Days is { } days ? Clocks.DateIn(began.AddDays(days), exit.Zone!) : null,
            policy.Value.Fee, policy.Value.Instalments, exit.AgreementId is not null);
    }
}
