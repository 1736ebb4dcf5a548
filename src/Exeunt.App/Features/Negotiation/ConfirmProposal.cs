using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Negotiation;

/// <summary>The company confirms the customer's proposal as it was shown; the agreement is signed with it.</summary>
public sealed class ConfirmProposal(AppDb db, CaseDesk desk, Negotiating negotiating) : UseCase<ConfirmProposal.Request, Done>(db)
{
    /// <param name="Digest">Digest of the proposal that was looked at.</param>
    public sealed record Request(Guid CaseId, string? Digest);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (await negotiating.Confirm(exit, request.Digest, byCustomer: false, call, ct) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
