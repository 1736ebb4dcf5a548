using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Company;

/// <summary>The company's identity as the administrator sees it.</summary>
public sealed class ShowCompany(AppDb db, CompanyBook book) : UseCase<ShowCompany.Request, ShowCompany.View>(db)
{
    public sealed record Request;

    /// <param name="Company">Null: nobody has filled it in, and papers wait for it.</param>
    public sealed record View(CompanyIdentity? Company);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct) => new View(await book.Current(ct));
}
