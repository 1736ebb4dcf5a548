using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Cases;

/// <summary>Sends a code to the contact on file of a case's customer, or of the contract it names; answers the same when there is none.</summary>
public sealed class SendCaseCode(AppDb db, CaseAccess access, CaseTexts texts, CustomerMatch match, Challenges challenges)
    : UseCase<SendCaseCode.Request, Done>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await access.CaseOf(request.Token, ct) is not { } id)
            return CommonRefusals.NotFound;
        var typed = await texts.Typed(id, ct);
        // Once the case has a customer only the contact on file counts, whatever was typed at the start.
        var found = await match.OfCase(id, ct) ?? (typed is null ? null : await match.Find(typed, ct));
        if (await challenges.Stage(call, Secrets.Hash(request.Token), id, found, typed?.Contact, ct) is { } wait)
            return wait;
        return await Commit(Done.It, ct);
    }
}
