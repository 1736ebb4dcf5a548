using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;

namespace Exeunt.App.Features.Policies;

/// <summary>One step on the way of a version whose next state Core decides.</summary>
public abstract class PolicyStep(AppDb db, PolicyDesk desk, PolicyTurnKind kind) : UseCase<PolicyStep.Request, PolicyKey>(db)
{
    /// <param name="Digest">Digest of the document that was looked at, where it is signed.</param>
    /// <param name="Words">Why, where it is returned.</param>
    public sealed record Request(string Number, int Version, string? Digest = null, string? Words = null);

    protected PolicyDesk Desk => desk;

    protected override async Task<Outcome<PolicyKey>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Number, request.Version, ct) is not var (row, state))
            return CommonRefusals.NotFound;
        var words = request.Words?.Trim();
        if (words?.Length > PolicyDesk.MaxWords)
            return CommonRefusals.TooLong("words", PolicyDesk.MaxWords);
        var next = await Take(state, call, request with { Words = words }, ct);
        if (next.Refusal is { } no)
            return no;
        await desk.Stage(row, state, next.Value, kind, call, ct, words);
        return await Commit(new(row.Number, row.Version, row.Digest, row.Status), ct);
    }

    protected abstract Task<Outcome<PolicyVersion>> Take(PolicyVersion state, Call call, Request request, CancellationToken ct);
}

/// <summary>编制: hands a draft to those who sign, unless the law forbids what it says.</summary>
public sealed class SubmitPolicy(AppDb db, PolicyDesk desk) : PolicyStep(db, desk, PolicyTurnKind.Submitted)
{
    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<PolicyVersion>> Take(PolicyVersion state, Call call, Request request, CancellationToken ct)
    {
        var next = state.Submit(call.Actor.Id);
        if (next.Refusal is not null)
            return next;
        // Nobody is asked to sign what could not be published. Warnings are for the one who publishes.
        var findings = await Desk.Findings(state.Number, state.Version, ct);
        return PolicyVersion.WhyNotLawful([.. findings.Where(f => f.Blocks)], []) is { } no ? no : next;
    }
}

/// <summary>审核, 复审, 审批: gives the next signature under the document that was read.</summary>
public sealed class SignPolicy(AppDb db, PolicyDesk desk) : PolicyStep(db, desk, PolicyTurnKind.Signed)
{
    public override Permission Needs => Permission.SignPolicies;

    protected override Task<Outcome<PolicyVersion>> Take(PolicyVersion state, Call call, Request request, CancellationToken ct) =>
        Task.FromResult(state.Sign(call.Actor, request.Digest ?? ""));
}

/// <summary>Sends a version back to its writers, with words.</summary>
public sealed class ReturnPolicy(AppDb db, PolicyDesk desk) : PolicyStep(db, desk, PolicyTurnKind.Returned)
{
    public override Permission Needs => Permission.SignPolicies;

    protected override Task<Outcome<PolicyVersion>> Take(PolicyVersion state, Call call, Request request, CancellationToken ct) =>
        Task.FromResult(string.IsNullOrEmpty(request.Words) ? CommonRefusals.Required("words") : state.Return(call.Actor));
}

/// <summary>撤回: takes a version back from those who sign.</summary>
public sealed class WithdrawPolicy(AppDb db, PolicyDesk desk) : PolicyStep(db, desk, PolicyTurnKind.Withdrawn)
{
    public override Permission Needs => Permission.EditPolicies;

    protected override Task<Outcome<PolicyVersion>> Take(PolicyVersion state, Call call, Request request, CancellationToken ct) => Task.FromResult(state.Withdraw(call.Actor.Id));
}

/// <summary>Throws a draft away.</summary>
public sealed class DiscardPolicy(AppDb db, PolicyDesk desk) : PolicyStep(db, desk, PolicyTurnKind.Discarded)
{
    public override Permission Needs => Permission.EditPolicies;

    protected override Task<Outcome<PolicyVersion>> Take(PolicyVersion state, Call call, Request request, CancellationToken ct) => Task.FromResult(state.Discard());
}
