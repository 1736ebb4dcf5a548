using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Identity;

/// <summary>
/// Staff record that they checked more than a code: a document, an authority. The result and own words stay, a copy of the document
/// never. Only after possession of a contact on file was proven: knowing facts or holding papers alone opens nothing.
/// </summary>
public sealed class RecordIdentityCheck(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<RecordIdentityCheck.Request, Done>(db)
{
    /// <param name="Method">One of <see cref="Methods"/>.</param>
    /// <param name="Words">What was seen: kind of paper, issuer, validity. No number of an identity document.</param>
    public sealed record Request(Guid CaseId, string? Method, string? Words);

    /// <summary>An identity document; a company's licence with a power of attorney; proof of death or guardianship; a call back to the number on file.</summary>
    public static readonly string[] Methods = ["document", "authority", "representation", "call-back"];

    public const int Max = 500;

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (!exit.IdentityIsProven)
            return CaseRefusals.IdentityFirst;
        if (!Methods.Contains(request.Method))
            return IdentityRefusals.Method;
        if (CommonRefusals.Unfit("words", request.Words, Max, out var unfit))
            return unfit;
        var text = await texts.Stage(exit, "identity", request.Words.Trim(), ct);
        if (exit.RaiseIdentity(2, request.Method!) is { } no)
            return no == CaseRefusals.IdentityProvenAlready ? IdentityRefusals.Twice : no;
        Db.Audit(call, "identity.checked", $"case:{exit.Id:N}", new { request.Method, text });
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
