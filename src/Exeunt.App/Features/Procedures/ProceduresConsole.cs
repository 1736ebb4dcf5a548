using System.Globalization;
using System.Text;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Procedures.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Procedures;

/// <summary>政策 → 流程: the list, a version with its diagram, the editor, two versions side by side.</summary>
public static class ProceduresConsole
{
    /// <summary>Largest document that is uploaded, in bytes.</summary>
    public const int MaxFile = 2 * ProcedureDocument.MaxLength;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/procedures", async (ListSigned list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(SignedKind.Procedure), ct) is { Refusal: null, Value: var rows } ? (IResult)Web.Page<ProceduresPage>(new { Rows = rows }) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/procedures/new", (Editing editing, CancellationToken ct) => editing.New(ct)).Needs(Permission.EditPolicies);
        routes.MapForm("/procedures/new", (HttpContext http, Editing editing, CancellationToken ct) => editing.Post(http, null, 1, ct)).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile);
        routes.MapForm("/procedures/import", Import).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile);
        routes.MapPage("/procedures/{id}/{version:int}", (string id, int version, Pages pages, CancellationToken ct) => pages.Page(id, version, "", null, ct)).Needs(Permission.ViewPolicies);
        routes.MapPage("/procedures/{id}/{version:int}/procedure.json", async (string id, int version, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(id, version), ct) is { Refusal: null, Value: var sheet } ? Results.File(Encoding.UTF8.GetBytes(sheet.Readable), "application/json", $"{id}-{version}.json") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/procedures/{id}/{version:int}/compare/{other:int}", Compare).Needs(Permission.ViewPolicies);
        routes.MapPage("/procedures/{id}/{version:int}/edit", (string id, int version, Editing editing, CancellationToken ct) => editing.Get(id, version, ct)).Needs(Permission.EditPolicies);
        routes.MapForm("/procedures/{id}/{version:int}/edit", (HttpContext http, string id, int version, Editing editing, CancellationToken ct) => editing.Post(http, id, version, ct)).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile);
        SignedSteps.Map<Pages>(routes, "/procedures", SignedKind.Procedure);
        routes.MapForm("/cases/{id:guid}/move", (Guid id, IFormCollection typed, CasesConsole.Pages pages, MoveCase move, CancellationToken ct) =>
            pages.After("move", id, typed, call => move.Run(call, new(id, int.TryParse(typed["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0, typed["reason"]), ct), ct))
            .Needs(Permission.MoveCases);
    }

    /// <summary>A day as a form gives it; null when it is none.</summary>
    public static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : null;

    private static async Task<IResult> Compare(string id, int version, int other, ShowSigned show, Caller caller, CancellationToken ct) =>
        await show.Run(caller.Call, new(id, version), ct) is { Refusal: null, Value: { Procedure: { } older } } && await show.Run(caller.Call, new(id, other), ct) is { Refusal: null, Value: { Procedure: { } newer } }
            ? Web.Page<ProcedureComparePage>(new { Older = older, Newer = newer })
            : new ProblemResult(CommonRefusals.NotFound);

    private static async Task<IResult> Import(HttpContext http, DraftDocument draft, Editing editing, Caller caller, CancellationToken ct)
    {
        var form = await http.Request.ReadFormAsync(ct);
        var json = form["document"].ToString();
        if (form.Files["file"] is { Length: > 0 } file)
        {
            if (file.Length > MaxFile)
                return await editing.Imported(json, [], CommonRefusals.TooLong("file", ProcedureDocument.MaxLength), ct);
            using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
            json = await reader.ReadToEndAsync(ct);
        }
        if (string.IsNullOrWhiteSpace(json))
            return await editing.Imported(json, [], CommonRefusals.Required("document"), ct);
        if (ReadDocument.Of(SignedKind.Procedure, json) is { IsValid: false, Problems: var problems })
            return await editing.Imported(json, problems, null, ct);
        var outcome = await draft.Run(caller.Call, new(SignedKind.Procedure, json), ct);
        return outcome.Refusal is { } no ? await editing.Imported(json, [], no, ct) : Web.SeeOther($"/procedures/{outcome.Value.Id}/{outcome.Value.Version}/edit");
    }

    /// <summary>The page of a version, as it is or with a message beside the form that was refused.</summary>
    public sealed class Pages(ShowSigned show, Caller caller) : ISignedPages
    {
        public async Task<IResult> Page(string id, int version, string form, Refusal? no, CancellationToken ct, string? typed = null) =>
            await show.Run(caller.Call with { IdempotencyKey = null }, new(id, version), ct) is { Refusal: null, Value: { Procedure: not null } sheet }
                ? Web.Page<ProcedurePage>(new { Sheet = sheet, Form = form, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no))
                : new ProblemResult(CommonRefusals.NotFound);
    }

    /// <summary>The editor: its page and its buttons. Every button answers with the page, so that it works without scripts.</summary>
    public sealed class Editing(ShowSigned show, DraftDocument draft, EditDocument edit, SubmitDocument submit, SignedDocumentDesk desk, Caller caller)
    {
        private Call Call => caller.Call with { IdempotencyKey = null };

        public Task<IResult> New(CancellationToken ct) => Page(null, StartOf(), "", null, [], ct);

        public Task<IResult> Imported(string json, IReadOnlyList<DocumentProblem> problems, Refusal? no, CancellationToken ct) => Page(null, StartOf(), "import", no, [], ct, json, problems);

        public async Task<IResult> Get(string id, int version, CancellationToken ct) =>
            await show.Run(Call, new(id, version), ct) is not { Refusal: null, Value: { Procedure: { } procedure } sheet } ? new ProblemResult(CommonRefusals.NotFound)
            : sheet.Row.Status is not (VersionStatus.Draft or VersionStatus.InSignOff) ? Web.SeeOther(sheet.Path)
            : await Page(sheet, ProcedureInput.Of(procedure), "", null, [], ct);

        public async Task<IResult> Post(HttpContext http, string? id, int version, CancellationToken ct)
        {
            ShowSigned.Sheet? sheet = null;
            if (id is not null)
            {
                if (await show.Run(Call, new(id, version), ct) is not { Refusal: null, Value: { Procedure: not null } known })
                    return new ProblemResult(CommonRefusals.NotFound);
                sheet = known;
            }
            var form = await http.Request.ReadFormAsync(ct);
            var input = ProcedureInput.Of(form);
            input.Fields["version"] = version.ToString(CultureInfo.InvariantCulture);
            if (id is not null)
                (input.Fields["id"], input.Fields["kind"]) = (id, $"{sheet!.Procedure!.Kind}");
            switch (form["do"].ToString().Split(':'))
            {
                case ["add"]:
                    input.Add();
                    return await Page(sheet, input, "", null, [], ct, open: input.Steps.Count - 1);
                case ["add-letter"]:
                    input.AddLetter();
                    return await Page(sheet, input, "", null, [], ct);
                case ["remove-letter", var at] when int.TryParse(at, out var i):
                    input.RemoveLetter(i);
                    return await Page(sheet, input, "", null, [], ct);
                case ["insert", var at] when int.TryParse(at, out var i):
                    input.Add(i);
                    return await Page(sheet, input, "", null, [], ct, open: i);
                case ["remove", var at] when int.TryParse(at, out var i):
                    input.Remove(i);
                    return await Page(sheet, input, "", null, [], ct);
                case ["up", var at] when int.TryParse(at, out var i):
                    input.Move(i, -1);
                    return await Page(sheet, input, "", null, [], ct, open: i - 1);
                case ["down", var at] when int.TryParse(at, out var i):
                    input.Move(i, 1);
                    return await Page(sheet, input, "", null, [], ct, open: i + 1);
                case [("save" or "submit") and var what]:
                    return await Save(sheet, input, form["digest"].ToString(), what == "submit", ct);
                default:
                    return await Page(sheet, input, "check", null, input.Read().Problems, ct);
            }
        }

        private async Task<IResult> Save(ShowSigned.Sheet? sheet, ProcedureInput input, string seen, bool andSubmit, CancellationToken ct)
        {
            if (input.Read() is { IsValid: false, Problems: var problems })
                return await Page(sheet, input, "save", null, problems, ct);
            var saved = sheet is null
                ? await draft.Run(caller.Call, new(SignedKind.Procedure, input.ToJson()), ct)
                : await edit.Run(caller.Call, new(sheet.Row.Id, sheet.Row.Version, input.ToJson(), seen.Length > 0 ? seen : null), ct);
            if (saved.Refusal is { } no)
                return await Page(sheet, input, "save", no, [], ct);
            var path = $"/procedures/{saved.Value.Id}/{saved.Value.Version}";
            if (!andSubmit)
                return Web.SeeOther(path + "/edit?saved=1");
            if (await submit.Run(Call, new(saved.Value.Id, saved.Value.Version), ct) is not { Refusal: { } not })
                return Web.SeeOther(path);
            // It is saved; the page is that of the stored draft, with the reason why it was not handed in.
            var stored = await show.Run(Call, new(saved.Value.Id, saved.Value.Version), ct);
            return stored.Refusal is null ? await Page(stored.Value, input, "save", not, [], ct) : new ProblemResult(stored.Refusal);
        }

        private async Task<IResult> Page(
            ShowSigned.Sheet? sheet, ProcedureInput input, string form, Refusal? no, IReadOnlyList<DocumentProblem> problems, CancellationToken ct, string? pasted = null,
            IReadOnlyList<DocumentProblem>? wrongs = null, int? open = null)
        {
            var read = input.Read();
            var findings = read.IsValid ? await desk.Unsound(read, Call.Today(Clocks.CompanyZone), ct) : read.Problems;
            var view = new ProcedureEditorView(sheet, input, read.Procedure, findings, form, no, problems, pasted, wrongs ?? [], open, caller.T);
            var status = no is not null ? Problems.StatusOf(no) : problems.Count > 0 || wrongs is { Count: > 0 } ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
            return Web.Page<ProcedureEditorPage>(new { View = view }, status);
        }

        /// <summary>What a new procedure begins with: the product's own termination under another code.</summary>
        private static ProcedureInput StartOf() => ProcedureInput.Of(GeneralProcedures.Termination with { Id = "", Version = 1, Name = new("", "") });
    }
}

/// <summary>The editor's page: the form as it stands, the messages beside its fields, the diagram and what is unsound.</summary>
/// <param name="Sheet">The version that is edited; null for a new procedure.</param>
/// <param name="Procedure">What the form says; null when it cannot be read.</param>
/// <param name="Findings">What is unsound or unreadable in it.</param>
/// <param name="Form">What was tried: "save", "check", "import"; "" when nothing was.</param>
/// <param name="Problems">Messages beside the fields.</param>
/// <param name="Open">The step that was just changed.</param>
public sealed record ProcedureEditorView(
    ShowSigned.Sheet? Sheet, ProcedureInput Input, Procedure? Procedure, IReadOnlyList<DocumentProblem> Findings, string Form, Refusal? Refusal, IReadOnlyList<DocumentProblem> Problems,
    string? Pasted, IReadOnlyList<DocumentProblem> ImportProblems, int? Open, Texts T)
{
    public string Action => Sheet is null ? "/procedures/new" : $"{Sheet.Path}/edit";

    /// <summary>The messages beside a field: its own, and those of the entries in its lines.</summary>
    public string? Error(string field) =>
        string.Join(" ", Problems.Concat(Procedure is null ? [] : Findings.Where(_ => Form.Length > 0)).Where(p => p.Path == field || p.Path.StartsWith(field + "[", StringComparison.Ordinal) || p.Path.StartsWith(field + ".", StringComparison.Ordinal))
            .Select(p => p.In(T.Language)).Distinct()) is { Length: > 0 } words ? words : null;

    public bool IsTouched(int step) => Open == step || (Form.Length > 0 && Findings.Any(p => p.Path.StartsWith($"steps[{step}]", StringComparison.Ordinal)));

    public bool HasProblem(int step) => Findings.Any(p => p.Path.StartsWith($"steps[{step}]", StringComparison.Ordinal));
}
