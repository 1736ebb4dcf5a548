using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>Asks that a former customer whose record calls for an approval may come back.</summary>
public sealed class AskReEntry(AppDb db, CaseDesk desk, Vault vault) : UseCase<AskReEntry.Request, AskReEntry.Asked>(db)
{
    public const int MaxWords = 2000;

    public sealed record Request(Guid CaseId, string? Words);

    public sealed record Asked(Guid RequestId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Asked>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { CustomerId: { } customer } exit)
            return CommonRefusals.NotFound;
        // Where the key is destroyed, words are not kept, and so not asked for.
        var mute = await vault.IsErased(customer, DataClass.Case, ct);
        if (!mute && CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        if (await Db.Set<RecognitionToken>().AsNoTracking().FirstOrDefaultAsync(t => t.CaseId == exit.Id, ct) is not { Approver: not null })
            return ReEntryRefusals.NoApprovalNeeded;
        if (await Db.Set<ReEntryRequest>().AsNoTracking().AnyAsync(r => r.CaseId == exit.Id && r.Approved == null, ct))
            return ReEntryRefusals.AskedAlready;
        var id = Guid.CreateVersion7();
        Db.Add(new ReEntryRequest
        {
            Id = id, CaseId = exit.Id, RequestedBy = call.Actor.Id, RequestedAt = call.Now,
            Words = mute ? [] : await vault.Seal(customer, DataClass.Case, ReEntryRequest.WordsPlace, id.ToString("N"), request.Words!.Trim(), ct),
        });
        Db.Audit(call, "re-entry.asked", $"case:{exit.Id:N}", new { request = id });
        return await Commit(new Asked(id), ct);
    }
}
