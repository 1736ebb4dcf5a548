using System.Globalization;
using System.Text;
using Exeunt.App.Features.Classes.Console;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Classes;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;

namespace Exeunt.App.Features.Classes;

/// <summary>监测 → 分类: the schemes side by side, one scheme with its movement, a version, the editor, and the plan.</summary>
public static class ClassesConsole
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/classes", async (int? unit, ShowClasses show, ListSigned list, Caller caller, CancellationToken ct) =>
        {
            var outcome = await show.Run(caller.Call, new(Unit: unit), ct);
            return outcome.Refusal is { } no ? (IResult)new ProblemResult(no)
                : Web.Page<SchemesPage>(new { View = outcome.Value, Rows = (await list.Run(caller.Call, new(SignedKind.Scheme), ct)).Value, Unit = unit });
        }).Needs(Permission.ViewWatch);
        routes.MapPage("/classes/plan", (string? scheme, string? @class, int? unit, string? who, string? until, string? after, Pages pages, CancellationToken ct) =>
            pages.Plan(new(Filled(scheme), Filled(@class), unit, who == "all", ProceduresConsole.DayOf(until), after), null, ct)).Needs(Permission.ViewWatch);
        routes.MapForm("/classes/plan", async (IFormCollection typed, CloseClassTasks close, Pages pages, Caller caller, CancellationToken ct) =>
        {
            var tasks = typed["task"].Select(t => Guid.TryParse(t, out var id) ? id : default).Where(id => id != default).ToList();
            SkipReason? reason = Enum.TryParse<SkipReason>(typed["reason"], out var known) && Enum.IsDefined(known) ? known : null;
            var outcome = await close.Run(caller.Call, new(tasks, typed["do"] != "skip", reason), ct);
            var back = Web.Local(typed["back"]);
            return outcome.Refusal is { } no ? await pages.Plan(new(), no, ct) : Web.SeeOther(back is "/" ? "/classes/plan" : back);
        }).Needs(Permission.DecideListings);
        routes.MapPage("/classes/new", (string? start, Editing editing, CancellationToken ct) => editing.New(start, ct)).Needs(Permission.WriteStandards);
        routes.MapForm("/classes/new", (HttpContext http, Editing editing, CancellationToken ct) => editing.Post(http, null, 1, ct)).Needs(Permission.WriteStandards);
        routes.MapForm("/classes/import", Import).Needs(Permission.WriteStandards).Takes(LargeBodies.OneFile);
        routes.MapPage("/classes/{id}", async (string id, string? from, string? to, int? unit, Pages pages, CancellationToken ct) => await pages.Scheme(id, from, to, unit, ct)).Needs(Permission.ViewWatch);
        routes.MapPage("/classes/{id}/{version:int}", (string id, int version, Pages pages, CancellationToken ct) => pages.Page(id, version, "", null, ct)).Needs(Permission.ViewPolicies);
        routes.MapPage("/classes/{id}/{version:int}/scheme.json", async (string id, int version, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(id, version), ct) is { Refusal: null, Value: { Read.Scheme: not null } sheet } ? Results.File(Encoding.UTF8.GetBytes(sheet.Readable), "application/json", $"{id}-{version}.json") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/classes/{id}/{version:int}/compare/{other:int}", async (string id, int version, int other, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(id, version), ct) is { Refusal: null, Value.Read.Scheme: { } older } && await show.Run(caller.Call, new(id, other), ct) is { Refusal: null, Value.Read.Scheme: { } newer }
                ? (IResult)Web.Page<SchemeComparePage>(new { Older = older, Newer = newer }) : new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.ViewPolicies);
        routes.MapPage("/classes/{id}/{version:int}/edit", (string id, int version, Editing editing, CancellationToken ct) => editing.Get(id, version, ct)).Needs(Permission.WriteStandards);
        routes.MapForm("/classes/{id}/{version:int}/edit", (HttpContext http, string id, int version, Editing editing, CancellationToken ct) => editing.Post(http, id, version, ct)).Needs(Permission.WriteStandards);
        SignedSteps.Map<Pages>(routes, "/classes", SignedKind.Scheme);
    }

    private static async Task<IResult> Import(IFormCollection form, DraftDocument draft, Editing editing, Caller caller, CancellationToken ct)
    {
        var json = form["document"].ToString();
        if (string.IsNullOrWhiteSpace(json))
            return await editing.Imported(json, [], CommonRefusals.Required("document"), ct);
        if (ReadDocument.Of(SignedKind.Scheme, json) is { IsValid: false, Problems: var problems })
            return await editing.Imported(json, problems, null, ct);
        var outcome = await draft.Run(caller.Call, new(SignedKind.Scheme, json), ct);
        return outcome.Refusal is { } no ? await editing.Imported(json, [], no, ct) : Web.SeeOther($"/classes/{outcome.Value.Id}/{outcome.Value.Version}/edit");
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>The pages of a scheme, of a version and of the plan, as they are or with what was refused.</summary>
    public sealed class Pages(ShowSigned show, ShowClasses classes, ShowClassMoves moves, ListClassTasks tasks, ClassBook book, Caller caller) : ISignedPages
    {
        private Call Call => caller.Call with { IdempotencyKey = null };

        public async Task<IResult> Page(string id, int version, string form, Refusal? no, CancellationToken ct, string? typed = null) =>
            await show.Run(Call, new(id, version), ct) is not { Refusal: null, Value: { Read.Scheme: not null } sheet } ? new ProblemResult(CommonRefusals.NotFound)
                : Web.Page<SchemePage>(new { Sheet = sheet, Form = form, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no));

        public async Task<IResult> Scheme(string id, string? from, string? to, int? unit, CancellationToken ct)
        {
            var spread = await classes.Run(Call, new(id, unit), ct);
            if (spread.Refusal is { } refused)
                return new ProblemResult(refused);
            var scheme = (await book.InForce(Call.Today(Clocks.CompanyZone), ct)).Single(s => s.Id == id);
            var moved = await moves.Run(Call, new(id, from, to, unit), ct);
            if (moved.Refusal is { } no && no.Field is null)
                return new ProblemResult(no);
            // What was asked cannot be shown: the usual months, with what to mend.
            var shown = moved.Refusal is null ? moved : await moves.Run(Call, new(id, Unit: unit), ct);
            return Web.Page<ClassesPage>(new { Scheme = scheme, View = spread.Value, Moves = shown.Value, Unit = unit, Refusal = moved.Refusal }, moved.Refusal is { } why ? Problems.StatusOf(why) : StatusCodes.Status200OK);
        }

        public async Task<IResult> Plan(ListClassTasks.Request request, Refusal? no, CancellationToken ct)
        {
            var outcome = await tasks.Run(Call, request, ct);
            return outcome.Refusal is { } refused ? new ProblemResult(refused)
                : Web.Page<PlanPage>(new { View = outcome.Value, Request = request, Refusal = no }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no));
        }
    }

    /// <summary>The editor: its page and its buttons. Every button answers with the page, so that it works without scripts.</summary>
    public sealed class Editing(ShowSigned show, DraftDocument draft, EditDocument edit, FindSchemeGroups find, SignedDocumentDesk desk, SchemePreview preview, Caller caller)
    {
        private Call Call => caller.Call with { IdempotencyKey = null };

        public Task<IResult> New(string? start, CancellationToken ct) => Page(null, SchemeInput.Of(SchemeStarts.All.FirstOrDefault(s => s.Id == start) ?? SchemeStarts.Empty), "", null, ct);

        public Task<IResult> Imported(string json, IReadOnlyList<DocumentProblem> problems, Refusal? no, CancellationToken ct) => Page(null, SchemeInput.Of(SchemeStarts.Empty), "import", no, ct, json, problems);

        public async Task<IResult> Get(string id, int version, CancellationToken ct) =>
            await show.Run(Call, new(id, version), ct) is not { Refusal: null, Value: { Read.Scheme: { } scheme } sheet } ? new ProblemResult(CommonRefusals.NotFound)
            : sheet.Row.Status is not (VersionStatus.Draft or VersionStatus.InSignOff) ? Web.SeeOther(sheet.Path)
            : await Page(sheet, SchemeInput.Of(scheme), "", null, ct);

        public async Task<IResult> Post(HttpContext http, string? id, int version, CancellationToken ct)
        {
            ShowSigned.Sheet? sheet = null;
            if (id is not null)
            {
                if (await show.Run(Call, new(id, version), ct) is not { Refusal: null, Value: { Read.Scheme: not null } known })
                    return new ProblemResult(CommonRefusals.NotFound);
                sheet = known;
            }
            var form = await http.Request.ReadFormAsync(ct);
            var input = SchemeInput.Of(form);
            input["version"] = version.ToString(CultureInfo.InvariantCulture);
            if (id is not null)
                input["id"] = id;
            if (form["do"] == "find")
                return await Find(sheet, input, ct);
            if (form["do"] != "save")
                return await Page(sheet, input, "check", null, ct);
            var read = input.Read();
            if (!read.IsValid)
                return await Page(sheet, input, "save", null, ct);
            var (json, seen) = (SchemeDocument.ToJson(read.Scheme), form["digest"].ToString());
            var saved = sheet is null
                ? await draft.Run(caller.Call, new(SignedKind.Scheme, json), ct)
                : await edit.Run(caller.Call, new(sheet.Row.Id, sheet.Row.Version, json, seen.Length > 0 ? seen : null), ct);
            return saved.Refusal is { } no ? await Page(sheet, input, "save", no, ct) : Web.SeeOther($"/classes/{saved.Value.Id}/{saved.Value.Version}/edit?saved=1");
        }

        /// <summary>The form with the groups that were found; it is kept when it is saved.</summary>
        private async Task<IResult> Find(ShowSigned.Sheet? sheet, SchemeInput input, CancellationToken ct)
        {
            input.Forget();
            var read = input.Named().Read();
            if (!read.IsValid)
                return await Page(sheet, input, "save", null, ct);
            var found = await find.Run(Call, new(read.Scheme), ct);
            if (found.Refusal is { } no)
                return await Page(sheet, input, "find", no, ct);
            var grouped = SchemeInput.Of(found.Value);
            (grouped["id"], grouped["name.english"], grouped["name.chinese"]) = (input["id"], input["name.english"], input["name.chinese"]);
            return await Page(sheet, grouped, "find", null, ct);
        }

        private async Task<IResult> Page(ShowSigned.Sheet? sheet, SchemeInput input, string form, Refusal? no, CancellationToken ct, string? pasted = null, IReadOnlyList<DocumentProblem>? wrongs = null)
        {
            var read = input.Read();
            // What it means is shown before it has a code and names.
            var meant = read.Scheme ?? input.Named().Read().Scheme;
            IReadOnlyList<DocumentProblem> unsound = meant is null ? [] : await desk.Unsound(ReadDocument.Of(meant), Call.Today(Clocks.CompanyZone), ct);
            // A missing strategy moves nobody to another class.
            var counts = meant is not null && caller.May(Permission.ViewWatch) && unsound.All(p => p.Code is "scheme.no-strategy" or "scheme.not-named") ? await preview.Of(meant, Call, ct) : null;
            var view = new SchemeEditorView(sheet, input, read, meant, [.. read.Problems, .. unsound], counts, form, no, pasted, wrongs ?? [], caller.Language);
            var status = no is not null ? Problems.StatusOf(no) : (form == "save" && !read.IsValid) || wrongs is { Count: > 0 } ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
            return Web.Page<SchemeEditorPage>(new { View = view }, status);
        }
    }
}

/// <summary>The editor's page.</summary>
/// <param name="Sheet">The version that is edited; null for a new scheme.</param>
/// <param name="Read">What the form says.</param>
/// <param name="Meant">The same with codes and names where they are still missing; null when more is wrong.</param>
/// <param name="Findings">What cannot be read or published in it.</param>
/// <param name="Counts">How many customers would be in each class; null when it cannot be said.</param>
/// <param name="Form">What was tried: "save", "check", "find", "import"; "" when nothing was.</param>
public sealed record SchemeEditorView(
    ShowSigned.Sheet? Sheet, SchemeInput Input, SchemeReading Read, Scheme? Meant, IReadOnlyList<DocumentProblem> Findings, SchemePreview.Counts? Counts, string Form, Refusal? Refusal, string? Pasted,
    IReadOnlyList<DocumentProblem> ImportProblems, string Language)
{
    public string Action => Sheet is null ? "/classes/new" : $"{Sheet.Path}/edit";

    /// <summary>The messages beside a field.</summary>
    public string? Error(string field) =>
        Form.Length == 0 ? null : string.Join(" ", Findings.Where(p => p.Path == field || p.Path.StartsWith(field + "[", StringComparison.Ordinal) || (p.Path.StartsWith(field + ".", StringComparison.Ordinal) && field.EndsWith(".when", StringComparison.Ordinal)))
            .Select(p => p.Line > 0 ? p.ToRefusal().In(Language) : p.In(Language)).Distinct()) is { Length: > 0 } words ? words : null;
}
