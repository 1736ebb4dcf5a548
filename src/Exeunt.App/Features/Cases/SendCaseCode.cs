using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Cases;

/// <summary>Sends a code to the contact on file of the contract a case names; answers the same when there is none.</summary>
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
        // Of a case the company opened nobody typed anything: the code goes to the customer's contact on file.
        var found = typed is null ? await match.OfCase(id, ct) : await match.Find(typed, ct);
        if (await challenges.Stage(call, Secrets.Hash(request.Token), id, found, ct) is { } wait)
            return wait;
        return await Commit(Done.It, ct);
    }
}
