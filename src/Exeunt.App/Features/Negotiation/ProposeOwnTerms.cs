using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Negotiation;

/// <summary>The customer proposes terms.</summary>
public sealed class ProposeOwnTerms(AppDb db, CaseDesk desk, Negotiating negotiating) : UseCase<ProposeOwnTerms.Request, ProposeTerms.Made>(db)
{
    public sealed record Request(Guid CaseId, Negotiating.Typed Terms);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<ProposeTerms.Made>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var proposed = await negotiating.Propose(exit, request.Terms, byCustomer: true, call, ct);
        if (proposed.Refusal is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(new ProposeTerms.Made(proposed.Value.Id, proposed.Value.Number, proposed.Value.Digest), ct);
    }
}
