using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;

namespace Exeunt.App.Features.Procedures;

/// <summary>One step on the way of a version, whose next state Core decides.</summary>
public abstract class SignedStep(AppDb db, SignedDocumentDesk desk, SignedTurnKind kind) : UseCase<SignedStep.Request, SignedKey>(db)
{
    /// <param name="Digest">Digest of the document that was read, where it is signed.</param>
    /// <param name="Words">Why, where it is returned.</param>
    public sealed record Request(string Id, int Version, string? Digest = null, string? Words = null);

    protected SignedDocumentDesk Desk => desk;

    /// <summary>Whether it is a step of those who write.</summary>
    protected virtual bool IsWriting => false;

    protected override async Task<Outcome<SignedKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
        if (IsWriting && SignedDocumentDesk.WhyNotWrite(row.Kind, call) is { } not)
            return not;
        var words = request.Words?.Trim();
        if (words?.Length > SignedDocumentDesk.MaxWords)
            return CommonRefusals.TooLong("words", SignedDocumentDesk.MaxWords);
        var next = await Take(row, state, call, request with { Words = words }, ct);
        if (next.Refusal is { } no)
            return no;
        desk.Stage(row, state, next.Value, kind, call, words);
        return await Commit(new SignedKey(row.Id, row.Version, row.Digest, row.Status), ct);
    }

    protected abstract Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct);
}
