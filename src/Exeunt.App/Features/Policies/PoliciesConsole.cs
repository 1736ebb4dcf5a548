using System.Text;
using Exeunt.App.Features.Policies.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;

namespace Exeunt.App.Features.Policies;

/// <summary>政策: the pages. The editor's form posts to its own address; the button "do" says what is wanted.</summary>
public static class PoliciesConsole
{
    private const int MaxFile = 4 * PolicyDocument.MaxLength;

    /// <summary>A policy with all its lists has more fields than a form usually may.</summary>
    private const int MaxFields = 20_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/policies", List).Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/{number}", Versions).Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/{number}/{version:int}", Show).Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/{number}/{version:int}/compare/{other:int}", Compare).Needs(Permission.ViewPolicies);
        routes.MapPage("/policies/{number}/{version:int}/policy.json", Export).Needs(Permission.ViewPolicies);

        routes.MapPage("/policies/new", New).Needs(Permission.EditPolicies);
        routes.MapForm("/policies/new", (HttpContext http, Editing editing, CancellationToken ct) => editing.Post(http, null, 1, ct)).WithFormOptions(valueCountLimit: MaxFields).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile);
        routes.MapForm("/policies/import", Import).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile);
        routes.MapPage("/policies/{number}/{version:int}/edit", (string number, int version, Editing editing, CancellationToken ct) => editing.Get(number, version, ct)).Needs(Permission.EditPolicies);
        routes.MapForm("/policies/{number}/{version:int}/edit", (string number, int version, HttpContext http, Editing editing, CancellationToken ct) => editing.Post(http, number, version, ct))
            .WithFormOptions(valueCountLimit: MaxFields).Needs(Permission.EditPolicies).Takes(LargeBodies.OneFile);

        routes.MapForm("/policies/{number}/{version:int}/revise", async (string number, int version, RevisePolicy revise, Pages pages, Caller caller, CancellationToken ct) =>
        {
            var outcome = await revise.Run(caller.Call, new(number, version), ct);
            return outcome.Refusal is { } no ? await pages.Back(number, version, "revise", no, ct) : Web.SeeOther($"/policies/{outcome.Value.Number}/{outcome.Value.Version}/edit");
        }).Needs(Permission.EditPolicies);
        Step<SubmitPolicy>(routes, "submit", Permission.EditPolicies);
        Step<WithdrawPolicy>(routes, "withdraw", Permission.EditPolicies);
        Step<DiscardPolicy>(routes, "discard", Permission.EditPolicies);
        Step<SignPolicy>(routes, "sign", Permission.SignPolicies);
        Step<ReturnPolicy>(routes, "return", Permission.SignPolicies);
        routes.MapForm("/policies/{number}/{version:int}/publish", async (string number, int version, HttpContext http, PublishPolicy publish, Pages pages, Caller caller, CancellationToken ct) =>
        {
            var form = await http.Request.ReadFormAsync(ct);
            var outcome = await publish.Run(caller.Call, new(number, version, [.. form["acknowledged"].OfType<string>()]), ct);
            return outcome.Refusal is { } no ? await pages.Back(number, version, "publish", no, ct) : Web.SeeOther($"/policies/{number}/{version}");
        }).Needs(Permission.EditPolicies);
        routes.MapForm("/policies/{number}/{version:int}/review", async (string number, int version, HttpContext http, RecordPolicyReview review, Pages pages, Caller caller, CancellationToken ct) =>
        {
            var form = await http.Request.ReadFormAsync(ct);
            var next = DateOnly.TryParseExact(form["nextOn"].ToString(), "yyyy-MM-dd", out var day) ? day : (DateOnly?)null;
            var outcome = await review.Run(caller.Call, new(number, version, form["words"].ToString(), next), ct);
            return outcome.Refusal is { } no ? await pages.Back(number, version, "review", no, ct, form["words"].ToString()) : Web.SeeOther($"/policies/{number}/{version}");
        }).Needs(Permission.ReviewPolicies);
    }

    private static void Step<T>(IEndpointRouteBuilder routes, string verb, Permission permission) where T : PolicyStep =>
        routes.MapForm($"/policies/{{number}}/{{version:int}}/{verb}", async (string number, int version, HttpContext http, T step, Pages pages, Caller caller, CancellationToken ct) =>
        {
            var form = await http.Request.ReadFormAsync(ct);
            var outcome = await step.Run(caller.Call, new(number, version, form["digest"], form["words"]), ct);
            return outcome.Refusal is { } no ? await pages.Back(number, version, verb, no, ct, form["words"]) : Web.SeeOther($"/policies/{number}/{version}");
        }).Needs(permission);

    private static async Task<IResult> List(ListPolicies list, Caller caller, CancellationToken ct) =>
        await list.Run(caller.Call, new(), ct) is { Refusal: null, Value: var rows } ? Web.Page<PoliciesPage>(new { Rows = rows }) : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies));

    private static async Task<IResult> Versions(string number, ListPolicies list, Caller caller, CancellationToken ct) =>
        await list.Run(caller.Call, new(number), ct) is { Refusal: null, Value: { Count: > 0 } rows } ? Web.Page<VersionsPage>(new { Rows = rows }) : new ProblemResult(CommonRefusals.NotFound);

    private static Task<IResult> Show(string number, int version, Pages pages, CancellationToken ct) => pages.Back(number, version, "", null, ct);

    private static async Task<IResult> Compare(string number, int version, int other, ComparePolicies compare, Caller caller, CancellationToken ct) =>
        await compare.Run(caller.Call, new(number, version, other), ct) is { Refusal: null, Value: var pair } ? Web.Page<ComparePage>(new { Pair = pair }) : new ProblemResult(CommonRefusals.NotFound);

    private static async Task<IResult> Export(string number, int version, ShowPolicy show, Caller caller, CancellationToken ct) =>
        await show.Run(caller.Call, new(number, version), ct) is { Refusal: null, Value: var sheet }
            ? Results.File(Encoding.UTF8.GetBytes(PolicyDocument.Write(sheet.Policy)), "application/json", $"{number}-{version}.json")
            : new ProblemResult(CommonRefusals.NotFound);

    private static async Task<IResult> New(Editing editing, CancellationToken ct) => await editing.New(ct);

    private static async Task<IResult> Import(HttpContext http, DraftPolicy draft, Editing editing, Caller caller, CancellationToken ct)
    {
        var form = await http.Request.ReadFormAsync(ct);
        var json = form["document"].ToString();
        if (form.Files["file"] is { Length: > 0 } file)
        {
            if (file.Length > MaxFile)
                return await editing.Imported(json, [], CommonRefusals.TooLong("file", PolicyDocument.MaxLength), ct);
            using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
            json = await reader.ReadToEndAsync(ct);
        }
        if (string.IsNullOrWhiteSpace(json))
            return await editing.Imported(json, [], CommonRefusals.Required("document"), ct);
        if (PolicyDocument.Read(json) is { IsValid: false, Errors: var errors })
            return await editing.Imported(json, errors, null, ct);
        var outcome = await draft.Run(caller.Call, new(json), ct);
        return outcome.Refusal is { } no ? await editing.Imported(json, [], no, ct) : Web.SeeOther($"/policies/{outcome.Value.Number}/{outcome.Value.Version}/edit");
    }

    /// <summary>The page of a version, as it is or with a message beside the form that was refused.</summary>
    public sealed class Pages(ShowPolicy show, PolicyPreview preview, Caller caller)
    {
        public async Task<IResult> Back(string number, int version, string form, Refusal? no, CancellationToken ct, string? typed = null)
        {
            var call = caller.Call with { IdempotencyKey = null };
            if (await show.Run(call, new(number, version), ct) is not { Refusal: null, Value: var sheet })
                return new ProblemResult(CommonRefusals.NotFound);
            var meaning = await preview.Of(new PolicyReading(sheet.Policy, []), new ExampleInput(), call, ct);
            return Web.Page<PolicyPage>(new { Sheet = sheet, Meaning = meaning, Form = form, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no));
        }
    }

    /// <summary>The editor: its page, its buttons, its right side alone.</summary>
    public sealed class Editing(ShowPolicy show, DraftPolicy draft, EditPolicy edit, SubmitPolicy submit, PolicyPreview preview, Caller caller)
    {
        private Call Call => caller.Call with { IdempotencyKey = null };

        public Task<IResult> New(CancellationToken ct) => Page(null, StartOf(), new ExampleInput(), "", null, [], ct);

        public Task<IResult> Imported(string json, IReadOnlyList<PolicyError> errors, Refusal? no, CancellationToken ct) =>
            Page(null, StartOf(), new ExampleInput(), "import", no, [], ct, json, errors);

        public async Task<IResult> Get(string number, int version, CancellationToken ct) =>
            await show.Run(Call, new(number, version), ct) is not { Refusal: null, Value: var sheet } ? new ProblemResult(CommonRefusals.NotFound)
            : sheet.Status is not (PolicyStatus.Draft or PolicyStatus.InSignOff) ? Web.SeeOther(sheet.Path)
            : await Page(sheet, PolicyInput.Of(sheet.Policy), new ExampleInput(), "", null, [], ct);

        public async Task<IResult> Post(HttpContext http, string? number, int version, CancellationToken ct)
        {
            PolicySheet? sheet = null;
            if (number is not null)
            {
                if (await show.Run(Call, new(number, version), ct) is not { Refusal: null, Value: var known })
                    return new ProblemResult(CommonRefusals.NotFound);
                sheet = known;
            }
            var form = await http.Request.ReadFormAsync(ct);
            var input = PolicyInput.Of(form.Select(f => KeyValuePair.Create(f.Key, f.Value.ToString())));
            input["version"] = $"{version}";
            if (number is not null)
                input["number"] = number;
            var example = new ExampleInput(form["example.fee"].ToString().Trim(), form["example.term"].ToString().Trim(), form["example.start"].ToString().Trim(), form["example.leave"].ToString().Trim());
            switch (form["do"].ToString().Split(':'))
            {
                case ["meaning"]:
                    return Web.Page<MeaningPane>(new { Meaning = await preview.Of(input.Read(), example, Call, ct) });
                case ["add", var list]:
                    input.Add(list);
                    return await Page(sheet, input, example, "", null, [], ct, open: list);
                case ["remove", var entry]:
                    input.Remove(entry);
                    return await Page(sheet, input, example, "", null, [], ct, open: entry[..Math.Max(0, entry.LastIndexOf('['))]);
                case ["refresh"]:
                    return await Page(sheet, input, example, "", null, [], ct);
                case [("save" or "submit") and var what]:
                    return await Save(sheet, input, example, form["digest"].ToString(), what == "submit", ct);
                default:
                    return await Page(sheet, input, example, "check", null, input.Read().Errors, ct);
            }
        }

        private async Task<IResult> Save(PolicySheet? sheet, PolicyInput input, ExampleInput example, string seen, bool andSubmit, CancellationToken ct)
        {
            if (input.Read() is { IsValid: false, Errors: var errors })
                return await Page(sheet, input, example, "save", null, errors, ct);
            var json = input.ToJson();
            var saved = sheet is null
                ? await draft.Run(caller.Call, new(json, IsNew: true), ct)
                : await edit.Run(caller.Call, new(sheet.Policy.Number, sheet.Policy.Version, json, seen.Length > 0 ? seen : null), ct);
            if (saved.Refusal is { } no)
                return await Page(sheet, input, example, "save", no, [], ct);
            var path = $"/policies/{saved.Value.Number}/{saved.Value.Version}";
            if (!andSubmit)
                return Web.SeeOther(path + "/edit?saved=1");
            if (await submit.Run(Call, new(saved.Value.Number, saved.Value.Version), ct) is not { Refusal: { } not })
                return Web.SeeOther(path);
            // It is saved; the page is that of the stored draft, with the reason why it was not handed in.
            var stored = await show.Run(Call, new(saved.Value.Number, saved.Value.Version), ct);
            return stored.Refusal is null ? await Page(stored.Value, input, example, "save", not, [], ct) : new ProblemResult(stored.Refusal);
        }

        private async Task<IResult> Page(
            PolicySheet? sheet, PolicyInput input, ExampleInput example, string form, Refusal? no, IReadOnlyList<PolicyError> errors, CancellationToken ct, string? pasted = null,
            IReadOnlyList<PolicyError>? wrongs = null, string? open = null)
        {
            var meaning = await preview.Of(input.Read(), example, Call, ct);
            var view = new EditorView(sheet, input, meaning, form, no, errors, pasted, wrongs ?? [], open, caller.T);
            var status = no is not null ? Problems.StatusOf(no) : errors.Count > 0 || wrongs is { Count: > 0 } ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
            return Web.Page<EditorPage>(new { View = view }, status);
        }

        /// <summary>What a new policy begins with.</summary>
        private PolicyInput StartOf()
        {
            var from = caller.Call.Today(Clocks.CompanyZone).AddDays(30);
            var input = PolicyInput.Of(new TerminationPolicy
            {
                Number = "", Version = 1, EffectiveFrom = from, ReviewOn = from.AddYears(1), TitleEnglish = "", TitleChinese = "", Scope = new PolicyScope(["CN"]), Notice = NoticePeriod.OfDays(30),
            });
            return input;
        }
    }
}

/// <summary>The editor's page: the form as it stands, the messages beside its fields, and what it means.</summary>
/// <param name="Sheet">The version that is edited; null for a new policy.</param>
/// <param name="Form">What was tried: "save", "check", "import"; "" when nothing was.</param>
/// <param name="Open">The list that was just changed.</param>
public sealed record EditorView(
    PolicySheet? Sheet, PolicyInput Input, PolicyMeaning Meaning, string Form, Refusal? Refusal, IReadOnlyList<PolicyError> Errors, string? Pasted, IReadOnlyList<PolicyError> ImportErrors, string? Open, Texts T)
{
    /// <summary>The sections of the form with the fields at the top of the document that stand in each.</summary>
    public static readonly IReadOnlyList<(string Key, string[] Fields)> Sections =
    [
        ("basics", ["number", "titleEnglish", "titleChinese", "effectiveFrom", "effectiveUntil", "reviewOn"]),
        ("ending", ["notice", "endsOn", "earlyExitAllowed", "minimumMonths", "maxTermMonths", "renewal"]),
        ("money", ["etf", "device", "clawback", "refundsUnusedPeriod", "billingEnds", "dayCount", "rounding"]),
        ("scope", ["scope"]),
        ("grounds", ["grounds"]),
        ("procedures", ["procedures"]),
        ("more", ["instalments", "lateInterest", "earnestElection", "prepaid"]),
        ("insurance", ["insurance"]),
        ("handover", ["handOvers", "damagePrices"]),
        ("consequences", ["consequences"]),
        ("lines", ["lines"]),
        ("form", ["form"]),
    ];

    public string Action => Sheet is null ? "/policies/new" : $"{Sheet.Path}/edit";

    /// <summary>The message beside a field; null when there is none.</summary>
    public string? Error(string path) =>
        Errors.Where(e => e.Path == path).Select(e => e.In(T.Language)).FirstOrDefault() ?? (Form == "save" && Refusal is { Field: { } field, Code: not PolicyRefusals.Unlawful } no && field == path ? no.In(T.Language) : null);

    /// <summary>Whether a section, a list or an entry holds a message or was just changed.</summary>
    public bool IsTouched(string path) => Open == path || Open?.StartsWith(path + "[", StringComparison.Ordinal) == true || Open?.StartsWith(path + ".", StringComparison.Ordinal) == true || HasError(path);

    public bool HasError(string path) => Errors.Any(e => e.Path == path || e.Path.StartsWith(path + ".", StringComparison.Ordinal) || e.Path.StartsWith(path + "[", StringComparison.Ordinal));
}
