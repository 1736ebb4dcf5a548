using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Procedures;

/// <summary>One step on the way of a version, whose next state Core decides.</summary>
public abstract class SignedStep(AppDb db, SignedDocumentDesk desk, SignedTurnKind kind) : UseCase<SignedStep.Request, SignedKey>(db)
{
    /// <param name="Digest">Digest of the document that was read, where it is signed.</param>
    /// <param name="Words">Why, where it is returned.</param>
    public sealed record Request(string Id, int Version, string? Digest = null, string? Words = null);

    protected SignedDocumentDesk Desk => desk;

    protected override async Task<Outcome<SignedKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
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

/// <summary>提交: hands a draft to those who sign, unless it is unsound.</summary>
public sealed class SubmitDocument(AppDb db, SignedDocumentDesk desk) : SignedStep(db, desk, SignedTurnKind.Submitted)
{
    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct)
    {
        var next = state.Submit(call.Actor.Id);
        if (next.Refusal is not null)
            return next;
        // Nobody is asked to sign what could not be published.
        var problems = await Desk.Unsound(ReadDocument.Of(row.Kind, row.Document), call.Today(Clocks.CompanyZone), ct);
        return problems.Count > 0 ? SignedDocumentDesk.RefusalOf(problems) : next;
    }
}

/// <summary>会签: the next signature under the document that was read.</summary>
public sealed class SignDocument(AppDb db, SignedDocumentDesk desk) : SignedStep(db, desk, SignedTurnKind.Signed)
{
    public override Permission Needs => Permission.SignPolicies;

    protected override Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct) =>
        Task.FromResult(state.Sign(call.Actor, request.Digest ?? ""));
}

/// <summary>退回: sends a version back to its authors, with words.</summary>
public sealed class ReturnDocument(AppDb db, SignedDocumentDesk desk) : SignedStep(db, desk, SignedTurnKind.Returned)
{
    public override Permission Needs => Permission.SignPolicies;

    protected override Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct) =>
        Task.FromResult(string.IsNullOrEmpty(request.Words) ? CommonRefusals.Required("words") : state.Return(call.Actor));
}

/// <summary>撤回: takes a version back from those who sign.</summary>
public sealed class WithdrawDocument(AppDb db, SignedDocumentDesk desk) : SignedStep(db, desk, SignedTurnKind.Withdrawn)
{
    public override Permission Needs => Permission.EditPolicies;

    protected override Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct) =>
        Task.FromResult(state.Withdraw(call.Actor.Id));
}

/// <summary>作废: throws a draft away.</summary>
public sealed class DiscardDocument(AppDb db, SignedDocumentDesk desk) : SignedStep(db, desk, SignedTurnKind.Discarded)
{
    public override Permission Needs => Permission.EditPolicies;

    protected override Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct) => Task.FromResult(state.Discard());
}

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
        var today = call.Today(Clocks.CompanyZone);
        var from = request.From ?? today;
        var latest = await Db.SignedDocuments.Where(d => d.Id == row.Id && d.Status == VersionStatus.Published).MaxAsync(d => d.EffectiveFrom, ct);
        var published = state.Publish(from, today, latest);
        if (published.Refusal is { } no)
            return no;
        // The law may have changed since it was signed.
        if (await desk.Unsound(ReadDocument.Of(row.Kind, row.Document), from, ct) is { Count: > 0 } problems)
            return SignedDocumentDesk.RefusalOf(problems);
        row.EffectiveFrom = from;
        desk.Stage(row, state, published.Value, SignedTurnKind.Published, call);
        return await Commit(new SignedKey(row.Id, row.Version, row.Digest, row.Status), ct);
    }
}
