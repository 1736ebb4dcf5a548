using System.Text;
using Exeunt.App.Features.ChurnDefinitions.Console;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Churn;
using Exeunt.Core.Documents;

namespace Exeunt.App.Features.ChurnDefinitions;

/// <summary>监测 → 流失定义: the definition in force, its versions, the editor.</summary>
public static class ChurnConsole
{
    private const string Path = "/churn-definition";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage(Path, (Pages pages, CancellationToken ct) => pages.Home(null, ct)).Needs(Permission.ViewPolicies);
        routes.MapForm($"{Path}/new", async (ShowChurnDefinition show, DraftDocument draft, Pages pages, Caller caller, CancellationToken ct) =>
        {
            if (await show.Run(caller.Call with { IdempotencyKey = null }, new(), ct) is not { Refusal: null, Value: { } view })
                return new ProblemResult(CommonRefusals.NotFound);
            // A draft begins with what is in force; its number is given.
            var outcome = await draft.Run(caller.Call, new(SignedKind.Churn, ChurnDocument.ToJson(view.Definition with { Version = Math.Max(1, view.Definition.Version) })), ct);
            return outcome.Refusal is { } no ? await pages.Home(no, ct) : Web.SeeOther($"{Path}/{outcome.Value.Version}/edit");
        }).Needs(Permission.WriteStandards);
        routes.MapPage($"{Path}/{{version:int}}", (int version, Pages pages, CancellationToken ct) => pages.Page(ChurnBook.Id, version, "", null, ct)).Needs(Permission.ViewPolicies);
        routes.MapPage($"{Path}/{{version:int}}/churn-definition.json", async (int version, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(ChurnBook.Id, version), ct) is { Refusal: null, Value: { Read.Churn: not null } sheet } ? Results.File(Encoding.UTF8.GetBytes(sheet.Readable), "application/json", $"churn-definition-{version}.json") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        routes.MapPage($"{Path}/{{version:int}}/compare/{{other:int}}", async (int version, int other, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(ChurnBook.Id, version), ct) is { Refusal: null, Value.Read.Churn: { } older } && await show.Run(caller.Call, new(ChurnBook.Id, other), ct) is { Refusal: null, Value.Read.Churn: { } newer }
                ? (IResult)Web.Page<ChurnComparePage>(new { Older = older, Newer = newer }) : new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.ViewPolicies);
        routes.MapPage($"{Path}/{{version:int}}/edit", (int version, Editing editing, CancellationToken ct) => editing.Get(version, ct)).Needs(Permission.WriteStandards);
        routes.MapForm($"{Path}/{{version:int}}/edit", (HttpContext http, int version, Editing editing, CancellationToken ct) => editing.Post(http, version, ct)).Needs(Permission.WriteStandards);
        SignedSteps.Map<Pages>(routes, Path, SignedKind.Churn);
    }

    /// <summary>The pages of the definition, as they are or with what was refused.</summary>
    public sealed class Pages(ShowChurnDefinition show, ShowSigned version, Caller caller) : ISignedPages
    {
        private Call Call => caller.Call with { IdempotencyKey = null };

        public async Task<IResult> Home(Refusal? no, CancellationToken ct) =>
            await show.Run(Call, new(), ct) is { Refusal: null, Value: var view }
                ? Web.Page<ChurnDefinitionPage>(new { View = view, Refusal = no }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no))
                : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies));

        public async Task<IResult> Page(string id, int number, string form, Refusal? no, CancellationToken ct, string? typed = null) =>
            await version.Run(Call, new(id, number), ct) is { Refusal: null, Value: { Read.Churn: not null } sheet }
                ? Web.Page<ChurnVersionPage>(new { Sheet = sheet, Form = form, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no))
                : new ProblemResult(CommonRefusals.NotFound);
    }

    /// <summary>The editor of a draft; every button answers with the page, so that it works without scripts.</summary>
    public sealed class Editing(ShowSigned show, EditDocument edit, SignedDocumentDesk desk, ChurnEffect effect, Caller caller)
    {
        private Call Call => caller.Call with { IdempotencyKey = null };

        public async Task<IResult> Get(int version, CancellationToken ct) =>
            await show.Run(Call, new(ChurnBook.Id, version), ct) is not { Refusal: null, Value: { Read.Churn: { } churn } sheet } ? new ProblemResult(CommonRefusals.NotFound)
            : sheet.Row.Status is not (VersionStatus.Draft or VersionStatus.InSignOff) ? Web.SeeOther(sheet.Path)
            : await Page(sheet, ChurnInput.Of(churn), "", null, ct);

        public async Task<IResult> Post(HttpContext http, int version, CancellationToken ct)
        {
            if (await show.Run(Call, new(ChurnBook.Id, version), ct) is not { Refusal: null, Value: { Read.Churn: not null } sheet })
                return new ProblemResult(CommonRefusals.NotFound);
            var form = await http.Request.ReadFormAsync(ct);
            var input = ChurnInput.Of(form, version);
            var what = form["do"].ToString();
            if (what != "save")
                return await Page(sheet, input, what.StartsWith("segment-", StringComparison.Ordinal) ? "" : "check", null, ct);
            if (input.Read() is not { IsValid: true, Definition: { } definition })
                return await Page(sheet, input, "save", null, ct);
            var seen = form["digest"].ToString();
            var saved = await edit.Run(caller.Call, new(ChurnBook.Id, version, ChurnDocument.ToJson(definition), seen.Length > 0 ? seen : null), ct);
            return saved.Refusal is { } no ? await Page(sheet, input, "save", no, ct) : Web.SeeOther($"{sheet.Path}/edit?saved=1");
        }

        private async Task<IResult> Page(ShowSigned.Sheet sheet, ChurnInput input, string form, Refusal? no, CancellationToken ct)
        {
            var read = input.Read();
            var meant = read.Definition ?? input.Read(early: true).Definition;
            IReadOnlyList<DocumentProblem> unsound = meant is null ? [] : await desk.Unsound(ReadDocument.Of(meant), Call.Today(Clocks.CompanyZone), ct);
            var counts = meant is not null && caller.May(Permission.ViewWatch) ? await effect.Of(meant, Call, ct) : null;
            var view = new ChurnEditorView(sheet, input, meant, [.. read.Problems, .. unsound], !read.IsValid, counts, form, no, caller.Language);
            var status = no is not null ? Problems.StatusOf(no) : form == "save" && !read.IsValid ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
            return Web.Page<ChurnEditorPage>(new { View = view }, status);
        }
    }
}

/// <summary>The editor's page.</summary>
/// <param name="Sheet">The version that is edited.</param>
/// <param name="Meant">What the form says, with codes and names where they are still missing; null when more is wrong.</param>
/// <param name="Findings">What cannot be read or published in it.</param>
/// <param name="IsUnreadable">Whether it cannot be kept as it is.</param>
/// <param name="Counts">Customers in each state by it and by what is in force; null when it cannot be said.</param>
/// <param name="Form">What was tried: "save", "check"; "" when nothing was.</param>
public sealed record ChurnEditorView(
    ShowSigned.Sheet Sheet, ChurnInput Input, ChurnDefinition? Meant, IReadOnlyList<DocumentProblem> Findings, bool IsUnreadable, ChurnEffect.Counts? Counts, string Form, Refusal? Refusal, string Language)
{
    /// <summary>The messages beside a field.</summary>
    public string? Error(string field) =>
        Form.Length == 0 ? null : string.Join(" ", Findings.Where(p => p.Path == field || p.Path.StartsWith(field + "[", StringComparison.Ordinal)).Select(p => p.In(Language)).Distinct()) is { Length: > 0 } words ? words : null;
}
