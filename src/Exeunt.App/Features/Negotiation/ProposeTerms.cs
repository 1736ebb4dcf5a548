using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Negotiation;

/// <summary>The company proposes terms for an ending by agreement, within the authority of whoever proposes.</summary>
public sealed class ProposeTerms(AppDb db, CaseDesk desk, Negotiating negotiating, CaseLetters letters) : UseCase<ProposeTerms.Request, ProposeTerms.Made>(db)
{
    public sealed record Request(Guid CaseId, Negotiating.Typed Terms);

    public sealed record Made(Guid Id, int Number, string Digest);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Made>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var proposed = await negotiating.Propose(exit, request.Terms, byCustomer: false, call, ct);
        if (proposed.Refusal is { } no)
            return no;
        desk.Stage(exit, call);
        await letters.Mail(exit, call, "mail.proposal", [exit.Number, proposed.Value.Number], [], ct);
        return await Commit(new Made(proposed.Value.Id, proposed.Value.Number, proposed.Value.Digest), ct);
    }
}
