using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>A case that the company opened because of arrears ends by itself once they are paid: the service comes back, the customer stays.</summary>
public sealed class ArrearsPaid(AppDb db, CaseTexts texts, TurnBack back)
{
    /// <summary>Whether nothing is unpaid any more and the case was turned back; the caller stages the case.</summary>
    public async Task<bool> TurnsBack(ExitCase exit, Call call, CancellationToken ct)
    {
        if (exit.Ground != OffboardingGround.Arrears || exit.CannotCure() is not null
            || await db.Contracts.AsNoTracking().AnyAsync(c => c.Id == exit.ContractId && c.Unpaid > 0, ct))
            return false;
        var words = Texts.In(exit.Language)["arrears.paid"];
        exit.Cure(await texts.Stage(exit, "cured", words, ct));
        await back.Stage(exit, "mail.cured", words, call, ct);
        return true;
    }
}
