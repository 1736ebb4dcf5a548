using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>What ending does, for the customer of a case: the text, its hash, and when it was confirmed.</summary>
public sealed class ShowConsequences(AppDb db, CaseDesk desk) : UseCase<ShowConsequences.Request, ShowConsequences.View>(db)
{
    public sealed record Request(Guid CaseId, string? Language = null);

    public sealed record View(TermsText Text, DateTimeOffset? ConfirmedAt, bool MayConfirm);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { ContractId: not null } exit)
            return CommonRefusals.NotFound;
        if (request.Language is not (null or "zh" or "en"))
            return TermsRefusals.Language;
        var at = await Db.PolicyConfirmations.AsNoTracking().Where(c => c.CaseId == exit.Id).Select(c => (DateTimeOffset?)c.At).FirstOrDefaultAsync(ct);
        return new View(TermsText.OfConsequences(await Db.PolicyOf(exit, ct), Texts.In(request.Language ?? call.Language)), at, exit.Kind != CaseKind.Offboarding && at is null && !exit.IsClosed);
    }
}
