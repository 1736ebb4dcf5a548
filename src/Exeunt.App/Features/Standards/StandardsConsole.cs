using System.Globalization;
using System.Text;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Standards.Console;
using Exeunt.App.Platform;
using Exeunt.App.Data;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>监测 → 标准: the list, a version with its back-tests, the editor with its live effect, two versions side by side; evaluation results.</summary>
public static class StandardsConsole
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/standards", async (ListSigned list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(SignedKind.Standard), ct) is { Refusal: null, Value: var rows } ? (IResult)Web.Page<StandardsPage>(new { Rows = rows }) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies);
        routes.MapForm("/standards/evaluate", async (StartEvaluation start, Caller caller, CancellationToken ct) => (await start.Run(caller.Call, new(), ct)).Then(_ => "/listings?started=1")).Needs(Permission.EvaluateStandards);
        routes.MapPage("/standards/new", (Editing editing, CancellationToken ct) => editing.New(ct)).Needs(Permission.WriteStandards);
        routes.MapForm("/standards/new", (HttpContext http, Editing editing, CancellationToken ct) => editing.Post(http, null, 1, ct)).Needs(Permission.WriteStandards);
        routes.MapForm("/standards/import", Import).Needs(Permission.WriteStandards).Takes(LargeBodies.OneFile);
        routes.MapPage("/standards/{id}/{version:int}", (string id, int version, Pages pages, CancellationToken ct) => pages.Page(id, version, "", null, ct)).Needs(Permission.ViewPolicies);
        routes.MapPage("/standards/{id}/{version:int}/standard.json", async (string id, int version, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(id, version), ct) is { Refusal: null, Value: { Read.Standard: not null } sheet } ? Results.File(Encoding.UTF8.GetBytes(sheet.Readable), "application/json", $"{id}-{version}.json") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        routes.MapPage("/standards/{id}/{version:int}/compare/{other:int}", async (string id, int version, int other, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(id, version), ct) is { Refusal: null, Value.Read.Standard: { } older } && await show.Run(caller.Call, new(id, other), ct) is { Refusal: null, Value.Read.Standard: { } newer }
                ? (IResult)Web.Page<StandardComparePage>(new { Older = older, Newer = newer }) : new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.ViewPolicies);
        routes.MapPage("/standards/{id}/{version:int}/edit", (string id, int version, Editing editing, CancellationToken ct) => editing.Get(id, version, ct)).Needs(Permission.WriteStandards);
        routes.MapForm("/standards/{id}/{version:int}/edit", (HttpContext http, string id, int version, Editing editing, CancellationToken ct) => editing.Post(http, id, version, ct)).Needs(Permission.WriteStandards);
        SignedSteps.Map<Pages>(routes, "/standards", SignedKind.Standard);
        routes.MapForm("/standards/{id}/{version:int}/backtest", async (string id, int version, IFormCollection typed, StartBacktest start, Pages pages, Caller caller, CancellationToken ct) =>
        {
            int? threshold = int.TryParse(typed["threshold"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
            var outcome = await start.Run(caller.Call, new(id, version, typed["from"], typed["to"], threshold), ct);
            return outcome.Refusal is { } no ? await pages.Page(id, version, "backtest", no, ct) : Web.SeeOther($"/backtests/{outcome.Value.BacktestId}");
        }).Needs(Permission.WriteStandards);
        routes.MapPage("/backtests/{test:guid}", async (HttpContext http, Guid test, ShowBacktest show, Caller caller, CancellationToken ct) =>
        {
            var outcome = await show.Run(caller.Call, new(test), ct);
            if (outcome.Refusal is { } no)
                return (IResult)new ProblemResult(no);
            // Without scripts the page follows by itself while it runs.
            if (outcome.Value.Test.State == BacktestState.Running)
                http.Response.Headers["Refresh"] = "2";
            return Web.Page<BacktestPage>(new { Sheet = outcome.Value });
        }).Needs(Permission.ViewPolicies);
        routes.MapPage("/backtests/{test:guid}/report.json", async (Guid test, ShowBacktest show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(test), ct) is var outcome && outcome.Refusal is { } no ? new ProblemResult(no)
            : outcome.Value is { Json: { } report, Test: var done } ? Results.File(Encoding.UTF8.GetBytes(report), "application/json", $"{done.StandardId}-{done.Version}-backtest.json") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        Listings(routes);
    }

    private static void Listings(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/listings", async (string? standard, int? unit, long? customer, string? waiting, string? open, Guid? after, ListListings list, Caller caller, CancellationToken ct) =>
        {
            var request = new ListListings.Request(standard, unit, customer, waiting is "1" or "on", open is "1" or "on", after);
            var outcome = await list.Run(caller.Call with { IdempotencyKey = null }, request, ct);
            return outcome.Refusal is { } no ? (IResult)new ProblemResult(no) : Web.Page<ListingsPage>(new { View = outcome.Value, Request = request });
        }).Needs(Permission.ViewWatch);
        routes.MapPage("/listings/{id:guid}", (Guid id, Pages pages, CancellationToken ct) => pages.Listing(id, null, null, ct)).Needs(Permission.ViewWatch);
        routes.MapForm("/listings/{id:guid}/case", async (Guid id, IFormCollection typed, OpenListedCase open, Pages pages, Caller caller, CancellationToken ct) =>
        {
            long? contract = long.TryParse(typed["contract"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
            var outcome = await open.Run(caller.Call, new(id, contract, typed["words"]), ct);
            return outcome.Refusal is { } no ? await pages.Listing(id, no, typed["words"], ct) : Web.SeeOther($"/cases/{outcome.Value.CaseId}");
        }).Needs(Permission.HandleOffboarding);
        routes.MapForm("/listings/{id:guid}/tier", async (Guid id, IFormCollection typed, ChangeListedTier change, Pages pages, Caller caller, CancellationToken ct) =>
        {
            IReadOnlyList<string> codes = [.. typed["codes"].OfType<string>()];
            return await change.Run(caller.Call, new(id, codes, typed["words"]), ct) is { Refusal: { } no } ? await pages.Listing(id, no, typed["words"], ct, codes) : Web.SeeOther($"/listings/{id}");
        }).Needs(Permission.ProposeTiers);
        routes.MapForm("/listings/{id:guid}/close", async (Guid id, IFormCollection typed, CloseListing close, Pages pages, Caller caller, CancellationToken ct) =>
        {
            DismissReason? reason = Enum.TryParse<DismissReason>(typed["reason"], out var known) ? known : null;
            var outcome = await close.Run(caller.Call, new(id, typed["do"] == "done", reason), ct);
            return outcome.Refusal is { } no ? await pages.Listing(id, no, null, ct) : Web.SeeOther($"/listings/{id}");
        }).Needs(Permission.DecideListings);
    }

    private static async Task<IResult> Import(IFormCollection form, DraftDocument draft, Editing editing, Caller caller, CancellationToken ct)
    {
        var json = form["document"].ToString();
        if (string.IsNullOrWhiteSpace(json))
            return await editing.Imported(json, [], CommonRefusals.Required("document"), ct);
        if (ReadDocument.Of(SignedKind.Standard, json) is { IsValid: false, Problems: var problems })
            return await editing.Imported(json, problems, null, ct);
        var outcome = await draft.Run(caller.Call, new(SignedKind.Standard, json), ct);
        return outcome.Refusal is { } no ? await editing.Imported(json, [], no, ct) : Web.SeeOther($"/standards/{outcome.Value.Id}/{outcome.Value.Version}/edit");
    }

    /// <summary>The pages of a version and of a listing, as they are or with what was refused.</summary>
    public sealed class Pages(ShowSigned show, ShowListing listing, AppDb db, Caller caller) : ISignedPages
    {
        public async Task<IResult> Page(string id, int version, string form, Refusal? no, CancellationToken ct, string? typed = null)
        {
            if (await show.Run(caller.Call with { IdempotencyKey = null }, new(id, version), ct) is not { Refusal: null, Value: { Read.Standard: not null } sheet })
                return new ProblemResult(CommonRefusals.NotFound);
            var tests = await db.Backtests.AsNoTracking().Where(b => b.StandardId == id && b.Version == version).OrderByDescending(b => b.Id)
                .Select(b => new TestLine(b.Id, b.At, b.State, b.FromMonth, b.ToMonth, b.Digest == sheet.Row.Digest, b.IsAttached, b.ReportHash)).Take(20).ToListAsync(ct);
            return Web.Page<StandardPage>(new { Sheet = sheet, Tests = (IReadOnlyList<TestLine>)tests, Form = form, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no));
        }

        public async Task<IResult> Listing(Guid id, Refusal? no, string? words, CancellationToken ct, IReadOnlyList<string>? codes = null)
        {
            var outcome = await listing.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
            return outcome.Refusal is { } refused ? new ProblemResult(refused)
                : Web.Page<ListingPage>(new { Sheet = outcome.Value, Refusal = no, Words = words, Codes = codes ?? [] }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no));
        }
    }

    /// <param name="IsCurrent">Whether it tried exactly the document that stands there now.</param>
    public sealed record TestLine(Guid Id, DateTimeOffset At, BacktestState State, int FromMonth, int ToMonth, bool IsCurrent, bool IsAttached, string? ReportHash);

    /// <summary>The editor: its page and its buttons. Every button answers with the page, so that it works without scripts.</summary>
    public sealed class Editing(ShowSigned show, DraftDocument draft, EditDocument edit, SignedDocumentDesk desk, LiveEffect effect, Caller caller)
    {
        private Call Call => caller.Call with { IdempotencyKey = null };

        public Task<IResult> New(CancellationToken ct) => Page(null, StartOf(), "", null, ct);

        public Task<IResult> Imported(string json, IReadOnlyList<DocumentProblem> problems, Refusal? no, CancellationToken ct) => Page(null, StartOf(), "import", no, ct, json, problems);

        public async Task<IResult> Get(string id, int version, CancellationToken ct) =>
            await show.Run(Call, new(id, version), ct) is not { Refusal: null, Value: { Read.Standard: { } standard } sheet } ? new ProblemResult(CommonRefusals.NotFound)
            : sheet.Row.Status is not (VersionStatus.Draft or VersionStatus.InSignOff) ? Web.SeeOther(sheet.Path)
            : await Page(sheet, StandardInput.Of(standard), "", null, ct);

        public async Task<IResult> Post(HttpContext http, string? id, int version, CancellationToken ct)
        {
            ShowSigned.Sheet? sheet = null;
            if (id is not null)
            {
                if (await show.Run(Call, new(id, version), ct) is not { Refusal: null, Value: { Read.Standard: not null } known })
                    return new ProblemResult(CommonRefusals.NotFound);
                sheet = known;
            }
            var form = await http.Request.ReadFormAsync(ct);
            var input = StandardInput.Of(form);
            input["version"] = version.ToString(CultureInfo.InvariantCulture);
            if (id is not null)
                (input["id"], input["purpose"]) = (id, $"{sheet!.Read.Standard!.Purpose}");
            if (form["do"] != "save")
                return await Page(sheet, input, "check", null, ct);
            var read = input.Read();
            if (!read.IsValid)
                return await Page(sheet, input, "save", null, ct);
            var (json, seen) = (StandardDocument.ToJson(read.Standard), form["digest"].ToString());
            var saved = sheet is null
                ? await draft.Run(caller.Call, new(SignedKind.Standard, json), ct)
                : await edit.Run(caller.Call, new(sheet.Row.Id, sheet.Row.Version, json, seen.Length > 0 ? seen : null), ct);
            return saved.Refusal is { } no ? await Page(sheet, input, "save", no, ct) : Web.SeeOther($"/standards/{saved.Value.Id}/{saved.Value.Version}/edit?saved=1");
        }

        private async Task<IResult> Page(ShowSigned.Sheet? sheet, StandardInput input, string form, Refusal? no, CancellationToken ct, string? pasted = null, IReadOnlyList<DocumentProblem>? wrongs = null)
        {
            var read = input.Read();
            // What it means is shown before it has a code and a name.
            var meant = read.Standard ?? input.Named().Read().Standard;
            List<DocumentProblem> findings = [.. read.Problems, .. meant is null ? [] : await desk.Unsound(ReadDocument.Of(meant), Call.Today(Clocks.CompanyZone), ct)];
            var live = meant is not null && caller.May(Permission.ViewWatch) ? await effect.Of(meant, Call, ct) : null;
            var view = new StandardEditorView(sheet, input, read, meant, findings, live, form, no, pasted, wrongs ?? [], caller.Language);
            var status = no is not null ? Problems.StatusOf(no) : (form == "save" && !read.IsValid) || wrongs is { Count: > 0 } ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
            return Web.Page<StandardEditorPage>(new { View = view }, status);
        }

        private static StandardInput StartOf() => StandardInput.Of(new Standard(
            "", 1, new("", ""), StandardPurpose.Offboarding, StandardAction.OpenOffboarding, ConditionText.Read("orders_12m < 3").Condition!, "OFFBOARD_COMMERCIAL", Role.BranchHead,
            Exclude: new(ContractInTerm: false, Vip: true, OpenCase: true)));
    }
}

/// <summary>The editor's page.</summary>
/// <param name="Sheet">The version that is edited; null for a new standard.</param>
/// <param name="Read">What the form says.</param>
/// <param name="Meant">The same with a code and a name where they are still missing; null when more is wrong.</param>
/// <param name="Findings">What cannot be read or published in it.</param>
/// <param name="Live">What it would do; null when it cannot be read, or not be seen.</param>
/// <param name="Form">What was tried: "save", "check", "import"; "" when nothing was.</param>
public sealed record StandardEditorView(
    ShowSigned.Sheet? Sheet, StandardInput Input, StandardReading Read, Standard? Meant, IReadOnlyList<DocumentProblem> Findings, StandardEffect? Live, string Form, Refusal? Refusal, string? Pasted,
    IReadOnlyList<DocumentProblem> ImportProblems, string Language)
{
    public string Action => Sheet is null ? "/standards/new" : $"{Sheet.Path}/edit";

    /// <summary>The messages beside a field.</summary>
    public string? Error(string field) =>
        Form.Length == 0 ? null : string.Join(" ", Findings.Where(p => p.Path == field || p.Path.StartsWith(field + "[", StringComparison.Ordinal) || p.Path.StartsWith(field + ".", StringComparison.Ordinal))
            .Select(p => p.Line > 0 ? p.ToRefusal().In(Language) : p.In(Language)).Distinct()) is { Length: > 0 } words ? words : null;
}
