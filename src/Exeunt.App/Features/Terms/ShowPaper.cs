using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>A version of a policy as the formal document, for staff.</summary>
public sealed class ShowPaper(AppDb db, StaffDirectory staff, Procedures.ProcedureBook procedures) : UseCase<ShowPaper.Request, PolicyPaper>(db)
{
    private const int MaxEditions = 100;

    /// <param name="Language">"zh" or "en"; null for the caller's.</param>
    public sealed record Request(string Number, int Version, string? Language = null);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<PolicyPaper>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Language is not (null or "zh" or "en"))
            return TermsRefusals.Language;
        var rows = await Db.Policies.AsNoTracking().Where(p => p.Number == request.Number).OrderByDescending(p => p.Version).Take(MaxEditions).ToListAsync(ct);
        if (rows.Find(p => p.Version == request.Version) is not { } row)
            return CommonRefusals.NotFound;
        var t = Texts.In(request.Language ?? call.Language);
        var today = call.Today(Clocks.CompanyZone);
        PolicyStanding Standing(PolicyRow version) => PolicyStandings.Of(version.Status, version.Interval, today);
        var policy = TerminationPolicy.FromJson(row.Document);
        return PolicyPaper.Of(policy, Standing(row), row.EffectiveUntil, row.ReviewOn, await Hands(row, t, ct),
            [.. rows.Where(r => r.Status != PolicyStatus.Discarded).Select(r => new PaperEdition(r.Version, t.Of("policy.standing", Standing(r)), r.EffectiveFrom, r.EffectiveUntil))], t,
            procedures.Own(policy.Procedures?.Termination, Core.Cases.CaseKind.Termination));
    }

    /// <summary>The signatures under the document as it stands, in the order of the chain.</summary>
    private async Task<IReadOnlyList<PaperHand>> Hands(PolicyRow row, Texts t, CancellationToken ct)
    {
        var signed = await Db.PolicySignOffs.AsNoTracking()
            .Where(s => s.Number == row.Number && s.Version == row.Version && s.Round == row.Round && s.Digest == row.Digest).ToListAsync(ct);
        var names = await staff.Names(signed.Select(s => s.By), ct);
        return [.. signed.OrderBy(s => s.Step).Select(s =>
            new PaperHand(t.Of("policy.step", s.Step), names.GetValueOrDefault(s.By, s.By), Clocks.DateIn(s.At, Clocks.CompanyZone)))];
    }
}
