using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;

namespace Exeunt.App.Features.Procedures;

/// <summary>提交: hands a draft to those who sign, unless it is unsound.</summary>
public sealed class SubmitDocument(AppDb db, SignedDocumentDesk desk) : SignedStep(db, desk, SignedTurnKind.Submitted)
{
    public override Permission Needs => Permission.WriteStandards;

    protected override bool IsWriting => true;

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
    public override Permission Needs => Permission.WriteStandards;

    protected override bool IsWriting => true;

    protected override Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct) =>
        Task.FromResult(state.Withdraw(call.Actor.Id));
}

/// <summary>作废: throws a draft away.</summary>
public sealed class DiscardDocument(AppDb db, SignedDocumentDesk desk) : SignedStep(db, desk, SignedTurnKind.Discarded)
{
    public override Permission Needs => Permission.WriteStandards;

    protected override bool IsWriting => true;

    protected override Task<Outcome<SignedVersion>> Take(SignedDocument row, SignedVersion state, Call call, Request request, CancellationToken ct) => Task.FromResult(state.Discard());
}
