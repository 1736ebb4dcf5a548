using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Negotiation;

/// <summary>The customer confirms the company's proposal.</summary>
public sealed class ConfirmOwnProposal(AppDb db, CaseDesk desk, Negotiating negotiating) : UseCase<ConfirmOwnProposal.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Digest);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (await negotiating.Confirm(exit, request.Digest, byCustomer: true, call, ct) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
