using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>
/// Re-signing (重签): the former customer returns. The old case is linked, and the number that its erasure suppressed may be imported again. Nobody
/// needs to approve it where the record asks for nobody.
/// </summary>
public sealed class WelcomeBack(AppDb db, CaseDesk desk) : UseCase<WelcomeBack.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { CustomerId: not null } exit)
            return CommonRefusals.NotFound;
        if (await Db.Set<RecognitionToken>().AsNoTracking().FirstOrDefaultAsync(t => t.CaseId == exit.Id, ct) is not { } token)
            return ReEntryRefusals.NotEnded;
        if (await Stage(Db, desk, exit, token, call, ct) is { } no)
            return no;
        return await Commit(Done.It, ct);
    }

    /// <summary>Stages the welcome of a case's customer; or why it cannot be.</summary>
    internal static async Task<Refusal?> Stage(AppDb db, CaseDesk desk, ExitCase exit, RecognitionToken token, Call call, CancellationToken ct)
    {
        var asked = await db.Set<ReEntryRequest>().Where(r => r.CaseId == exit.Id).OrderByDescending(r => r.RequestedAt).FirstOrDefaultAsync(ct);
        if (token.Approver is { } role && asked?.Approved != true)
            return ReEntryRefusals.ApprovalFirst(role);
        if (asked?.WelcomedAt is not null)
            return ReEntryRefusals.WelcomedAlready;
        if (asked is null)
        {
            asked = new ReEntryRequest { Id = Guid.CreateVersion7(), CaseId = exit.Id, RequestedBy = call.Actor.Id, RequestedAt = call.Now, Approved = true, Words = [] };
            db.Add(asked);
        }
        asked.WelcomedAt = call.BusinessNow;
        asked.LiftedToken = await db.Erasures.AsNoTracking().Where(e => e.CustomerId == exit.CustomerId && e.Token != null).Select(e => e.Token).FirstOrDefaultAsync(ct);
        asked.Version++;
        exit.Link(asked.Id, "re-signed");
        desk.Stage(exit, call);
        db.Audit(call, "re-entry.welcomed", $"case:{exit.Id:N}", new { request = asked.Id, lifted = asked.LiftedToken is not null });
        return null;
    }
}
