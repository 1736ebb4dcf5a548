using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;

namespace Exeunt.App.Features.Policies;

/// <summary>Replaces the document of a version that is not published; every signature under the old one is void.</summary>
public sealed class EditPolicy(AppDb db, PolicyDesk desk) : UseCase<EditPolicy.Request, PolicyKey>(db)
{
    /// <param name="Seen">Digest of the document the change started from; null: whatever stands there.</param>
    public sealed record Request(string Number, int Version, string? Document, string? Seen = null);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<PolicyKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Number, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
        var read = PolicyDocument.Read(request.Document ?? "");
        if (!read.IsValid)
            return read.Errors[0].ToRefusal();
        if (read.Policy.Number != row.Number || read.Policy.Version != row.Version)
            return PolicyRefusals.NumberFixed;
        if (request.Seen is { } seen && seen != row.Digest)
            return CommonRefusals.ChangedMeanwhile;
        var document = read.Policy.ToJson();
        var edited = state.Edit(call.Actor.Id, PolicyVersion.DigestOf(document));
        if (edited.Refusal is { } no)
            return no;
        if (document == row.Document)
            return new PolicyKey(row.Number, row.Version, row.Digest, row.Status);
        (row.Document, row.EffectiveFrom, row.EffectiveUntil, row.ReviewOn) = (document, read.Policy.EffectiveFrom, read.Policy.EffectiveUntil, read.Policy.ReviewOn);
        await desk.Stage(row, state, edited.Value, PolicyTurnKind.Edited, call, ct);
        return await Commit(new(row.Number, row.Version, row.Digest, row.Status), ct);
    }
}
