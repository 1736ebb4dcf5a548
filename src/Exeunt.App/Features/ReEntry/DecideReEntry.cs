using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>Another person, with the role the record calls for, decides whether a former customer may come back.</summary>
public sealed class DecideReEntry(AppDb db, CaseDesk desk, Vault vault) : UseCase<DecideReEntry.Request, Done>(db)
{
    public sealed record Request(Guid RequestId, bool? Approve, string? Words);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<ReEntryRequest>().SingleOrDefaultAsync(r => r.Id == request.RequestId, ct) is not { } asked || await desk.Find(asked.CaseId, call, Needs, ct) is not { CustomerId: { } customer } exit)
            return CommonRefusals.NotFound;
        if (asked.Approved is not null)
            return ReEntryRefusals.DecidedAlready;
        if (asked.RequestedBy == call.Actor.Id)
            return ReEntryRefusals.OwnRequest;
        var token = await Db.Set<RecognitionToken>().AsNoTracking().FirstOrDefaultAsync(t => t.CaseId == exit.Id, ct);
        var path = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleAsync(ct);
        if (token?.Approver is { } role && !call.Actor.Has(role, path))
            return ReEntryRefusals.OtherRole(role);
        if (request.Approve is not { } approve)
            return CommonRefusals.Required("approve");
        var mute = await vault.IsErased(customer, DataClass.Case, ct);
        if (!mute && CommonRefusals.Unfit("words", request.Words, AskReEntry.MaxWords, out var unfit))
            return unfit;
        (asked.Approved, asked.DecidedBy, asked.DecidedAt) = (approve, call.Actor.Id, call.Now);
        asked.Decision = mute ? null : await vault.Seal(customer, DataClass.Case, ReEntryRequest.DecisionPlace, asked.Row, request.Words!.Trim(), ct);
        asked.Version++;
        Db.Audit(call, "re-entry.decided", $"case:{exit.Id:N}", new { request = asked.Id, approve });
        return await Commit(Done.It, ct);
    }
}
