using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>Which versions of policies the public may read: those that are or were in force, or will be; never a draft.</summary>
internal static class PublicPolicies
{
    public static IQueryable<PolicyRow> Of(AppDb db) =>
        db.Policies.AsNoTracking().Where(p => p.Status == PolicyStatus.Published || p.Status == PolicyStatus.Superseded);

    /// <summary>The version that is in force on a day, of those of one number: the highest that has begun and not ended.</summary>
    public static PolicyRow? InForce(IEnumerable<PolicyRow> versions, DateOnly today) => versions.Where(p => p.Interval.Covers(today)).MaxBy(p => p.Version);
}

/// <summary>
/// One version of a policy in plain words, for anybody; the text is kept the first time it is shown, so that a later confirmation of
/// it proves what was read.
/// </summary>
public sealed class ReadTerms(AppDb db, ShownTexts shown, Procedures.ProcedureBook procedures) : UseCase<ReadTerms.Request, ReadTerms.View>(db)
{
    /// <param name="Version">Null for the one in force today.</param>
    /// <param name="Language">"zh" or "en"; null for the caller's.</param>
    public sealed record Request(string Number, int? Version, string? Language = null);

    /// <param name="InForce">The version in force today, if there is one.</param>
    public sealed record View(TermsText Text, DateOnly From, DateOnly? Until, int? InForce, IReadOnlyList<Edition> Editions);

    public sealed record Edition(int Version, DateOnly From);

    public override Permission Needs => Permission.Public;

    protected override int Tries => 3;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Language is not (null or "zh" or "en"))
            return TermsRefusals.Language;
        var today = call.Today(Clocks.CompanyZone);
        var rows = await PublicPolicies.Of(Db).Where(p => p.Number == request.Number).OrderByDescending(p => p.Version).Take(100).ToListAsync(ct);
        var inForce = PublicPolicies.InForce(rows, today);
        if ((request.Version is { } wanted ? rows.Find(p => p.Version == wanted) : inForce) is not { } row)
            return CommonRefusals.NotFound;
        var policy = TerminationPolicy.FromJson(row.Document);
        var text = TermsText.OfPolicy(policy, Texts.In(request.Language ?? call.Language), procedures.Own(policy.Procedures?.Termination, CaseKind.Termination));
        var view = new View(text, row.EffectiveFrom, row.EffectiveUntil, inForce?.Version, [.. rows.Select(p => new Edition(p.Version, p.EffectiveFrom))]);
        if (await shown.Keep(text, call, ct))
            await Db.SaveChangesAsync(ct);
        return view;
    }
}
