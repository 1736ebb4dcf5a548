using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>
/// The customer confirms, after identity was proven, what ending does. Asked, never awaited: the declaration is received and its clock
/// runs whether or not this ever comes, because a right to end alone must not hang on a tick in a box. A case without it says
/// "not confirmed", and staff tell the customer another way.
/// </summary>
public sealed class ConfirmConsequences(AppDb db, CaseDesk desk, ShownTexts shown) : UseCase<ConfirmConsequences.Request, Done>(db)
{
    /// <param name="Sha256">Hash of the text that was shown.</param>
    public sealed record Request(Guid CaseId, bool Confirmed, string? Sha256);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => 3;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { ContractId: { } contractId } exit)
            return CommonRefusals.NotFound;
        if (!request.Confirmed)
            return TermsRefusals.ConfirmFirst;
        if (ShownTexts.Confirmed(await Db.PolicyOf(exit, ct), request.Sha256) is not { } text)
            return TermsRefusals.TextChanged;
        if (await Db.PolicyConfirmations.AsNoTracking().AnyAsync(c => c.CaseId == exit.Id, ct))
            return Done.It;
        var confirmation = await shown.Confirm(text, contractId, exit.Id, call, ct);
        if (exit.ConfirmConsequences(confirmation.Id, text.Sha256) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

internal static class PolicyOfCase
{
    /// <summary>The policy version a case is bound to.</summary>
    public static async Task<Core.Policies.TerminationPolicy> PolicyOf(this AppDb db, Core.Cases.ExitCase exit, CancellationToken ct) =>
        Core.Policies.TerminationPolicy.FromJson(await db.Policies.AsNoTracking()
            .Where(p => p.Number == exit.PolicyNumber && p.Version == exit.PolicyVersion).Select(p => p.Document).SingleAsync(ct));
}
