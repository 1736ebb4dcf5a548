using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Formalities;

/// <summary>The formalities of a case for staff.</summary>
public sealed class ListFormalities(AppDb db, CaseDesk desk, CaseTexts texts, FormalityReader reader) : UseCase<ListFormalities.Request, ListFormalities.View>(db)
{
    public sealed record Request(Guid CaseId);

    public sealed record View(IReadOnlyList<FormalityReader.Line> Items);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var any = await Db.Set<Formality>().AnyAsync(f => f.CaseId == exit.Id, ct);
        return new View(any ? await reader.Of(exit.Id, await texts.Shown(exit, call, ct), ct) : []);
    }
}
