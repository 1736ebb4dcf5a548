using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.LegalPages;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.LegalPages;

/// <summary>The receipt of what was declared on a legal page: only what was typed, whether or not there is such a contract.</summary>
public sealed class ShowDeclaration(AppDb db, CaseAccess access, CaseTexts texts, LegalPageBook pages) : UseCase<ShowDeclaration.Request, ShowDeclaration.View>(db)
{
    public sealed record Request(string Token);

    /// <param name="Typed">Null once it was erased.</param>
    public sealed record View(LegalPage Page, string Number, DateTimeOffset ReceivedAt, Typed? Typed);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await access.CaseOf(request.Token, ct) is not { } id)
            return CommonRefusals.NotFound;
        var exit = await Db.Cases.AsNoTracking().Where(c => c.Id == id).Select(c => new { c.Number, c.ReceivedAt, c.Page }).SingleAsync(ct);
        return exit.Page is { } key && await pages.Find(key, ct) is { } page
            ? new View(page, exit.Number, exit.ReceivedAt, await texts.Typed(id, ct))
            : CommonRefusals.NotFound;
    }
}
