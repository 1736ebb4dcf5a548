using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;

namespace Exeunt.App.Features.AuditLog;

/// <summary>The proof that an entry is in the log: for whoever was given a certificate, and asks that its issue be shown.</summary>
public sealed class ProveInclusion(AppDb db, InclusionProofs proofs) : UseCase<ProveInclusion.Request, InclusionProof>(db)
{
    /// <param name="Verb">"certificate.issued".</param>
    /// <param name="Target">"certificate:" and the serial.</param>
    public sealed record Request(string? Verb, string? Target);

    public override Permission Needs => Permission.ViewAudit;

    protected override async Task<Outcome<InclusionProof>> Handle(Call call, Request request, CancellationToken ct) =>
        string.IsNullOrWhiteSpace(request.Verb) ? CommonRefusals.Required("verb")
        : string.IsNullOrWhiteSpace(request.Target) ? CommonRefusals.Required("target")
        : await proofs.Of(request.Verb.Trim(), request.Target.Trim(), ct) is { } proof ? proof : CommonRefusals.NotFound;
}

/// <summary>The proof that the log only grew from one signed head to another.</summary>
public sealed class ProveConsistency(AppDb db, InclusionProofs proofs) : UseCase<ProveConsistency.Request, ConsistencyProof>(db)
{
    /// <param name="From">Size of the older head, 1 or more.</param>
    /// <param name="To">Size of the newer; null: the newest.</param>
    public sealed record Request(long? From, long? To);

    public override Permission Needs => Permission.ViewAudit;

    protected override async Task<Outcome<ConsistencyProof>> Handle(Call call, Request request, CancellationToken ct) =>
        request.From is not (>= 1 and var from) ? CommonRefusals.Required("from")
        : await proofs.Between(from, request.To, ct) is { } proof ? proof : CommonRefusals.NotFound;
}
