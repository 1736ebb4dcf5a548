using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>发布: puts a signed version in force from a day on. New cases start on it; running ones keep theirs.</summary>
public sealed class PublishDocument(AppDb db, SignedDocumentDesk desk) : UseCase<PublishDocument.Request, SignedKey>(db)
{
    /// <param name="From">First day; null: today.</param>
    public sealed record Request(string Id, int Version, DateOnly? From = null);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<SignedKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
        if (DateRange.Check(request.From, "from") is { } never)
            return never;
        var today = call.Today(Clocks.CompanyZone);
        var from = request.From ?? today;
        var latest = await Db.SignedDocuments.Where(d => d.Id == row.Id && d.Status == VersionStatus.Published).MaxAsync(d => d.EffectiveFrom, ct);
        var published = state.Publish(from, today, latest);
        if (published.Refusal is { } no)
            return no;
        // The law may have changed since it was signed.
        if (await desk.Unsound(ReadDocument.Of(row.Kind, row.Document), from, ct) is { Count: > 0 } problems)
            return SignedDocumentDesk.RefusalOf(problems);
        if (await desk.Attach(row, ct) is { } missing)
            return missing;
        row.EffectiveFrom = from;
        desk.Stage(row, state, published.Value, SignedTurnKind.Published, call);
        if (row.Kind is SignedKind.Standard or SignedKind.Scheme or SignedKind.Churn)
            await Standards.StartEvaluation.Stage(Db, call, ct);
        return await Commit(new SignedKey(row.Id, row.Version, row.Digest, row.Status), ct);
    }
}
