using System.Text;
using Exeunt.App.Features.LegalPages.Console;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;

namespace Exeunt.App.Features.LegalPages;

/// <summary>政策 → 法定页面: the list, a version with what the law says to it, the editor.</summary>
public static class LegalPagesConsole
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/pages", async (ListSigned list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(SignedKind.Page), ct) is { Refusal: null, Value: var rows } ? (IResult)Web.Page<PagesPage>(new { Rows = rows }) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/pages/{id}/{version:int}", (string id, int version, Pages pages, CancellationToken ct) => pages.Page(id, version, "", null, ct)).Needs(Permission.ViewPolicies);
        routes.MapPage("/pages/{id}/{version:int}/page.json", async (string id, int version, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(id, version), ct) is { Refusal: null, Value: { Read.Page: not null } sheet } ? Results.File(Encoding.UTF8.GetBytes(sheet.Readable), "application/json", $"{id}-{version}.json") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/pages/{id}/{version:int}/edit", (string id, int version, Pages pages, CancellationToken ct) => pages.Edit(id, version, null, false, null, ct)).Needs(Permission.EditPolicies);
        routes.MapForm("/pages/{id}/{version:int}/edit", async (string id, int version, IFormCollection typed, EditDocument edit, Pages pages, Caller caller, CancellationToken ct) =>
        {
            var document = typed["document"].ToString();
            if (typed["do"] == "check")
                return await pages.Edit(id, version, document, false, null, ct);
            var seen = typed["digest"].ToString();
            var saved = await edit.Run(caller.Call, new(id, version, document, seen.Length > 0 ? seen : null), ct);
            return saved.Refusal is { } no ? await pages.Edit(id, version, document, true, no, ct) : Web.SeeOther($"/pages/{id}/{version}/edit?saved=1");
        }).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile);
        SignedSteps.Map<Pages>(routes, "/pages", SignedKind.Page);
    }

    /// <summary>The pages of one version, as they are or with what was refused.</summary>
    public sealed class Pages(ShowSigned show, SignedDocumentDesk desk, Caller caller) : ISignedPages
    {
        private async Task<ShowSigned.Sheet?> Sheet(string id, int version, CancellationToken ct) =>
            await show.Run(caller.Call with { IdempotencyKey = null }, new(id, version), ct) is { Refusal: null, Value: { Read.Page: not null } sheet } ? sheet : null;

        public async Task<IResult> Page(string id, int version, string form, Refusal? no, CancellationToken ct, string? typed = null)
        {
            if (await Sheet(id, version, ct) is not { } sheet)
                return new ProblemResult(CommonRefusals.NotFound);
            var breaches = await desk.Breaches(sheet.Read.Page!, caller.Call.Today(Clocks.CompanyZone), ct);
            return Web.Page<LegalPagePage>(new { Sheet = sheet, Breaches = breaches, Form = form, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no));
        }

        /// <param name="document">What was typed; null: what is stored.</param>
        public async Task<IResult> Edit(string id, int version, string? document, bool saving, Refusal? no, CancellationToken ct)
        {
            if (await Sheet(id, version, ct) is not { } sheet)
                return new ProblemResult(CommonRefusals.NotFound);
            if (sheet.Row.Status is not (VersionStatus.Draft or VersionStatus.InSignOff))
                return Web.SeeOther(sheet.Path);
            var read = document is null ? sheet.Read : ReadDocument.Of(SignedKind.Page, document);
            var breaches = read.Page is { } page ? await desk.Breaches(page, caller.Call.Today(Clocks.CompanyZone), ct) : [];
            return Web.Page<LegalPageEditorPage>(
                new { Sheet = sheet, Document = document ?? sheet.Readable, Read = read, Breaches = breaches, Refusal = saving && read.IsValid ? no : null },
                no is not null ? Problems.StatusOf(no) : read.IsValid ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        }
    }
}
