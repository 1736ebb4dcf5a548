using System.Globalization;
using System.Text;
using Exeunt.App.Features.Approvals.Console;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Documents;

namespace Exeunt.App.Features.Approvals;

/// <summary>政策 → 审批: the matrix in force, its versions, the editor; absences.</summary>
public static class MatrixConsole
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/approvals", (Pages pages, CancellationToken ct) => pages.Home(null, null, ct)).Needs(Permission.ViewPolicies);
        routes.MapPage("/approvals/{version:int}", (int version, Pages pages, CancellationToken ct) => pages.Page(version, "", null, ct)).Needs(Permission.ViewPolicies);
        routes.MapPage("/approvals/{version:int}/matrix.json", async (int version, ShowSigned show, Caller caller, CancellationToken ct) =>
            await show.Run(caller.Call, new(ApprovalBook.Id, version), ct) is { Refusal: null, Value: var sheet } ? Results.File(Encoding.UTF8.GetBytes(sheet.Readable), "application/json", $"approvals-{version}.json") : new ProblemResult(CommonRefusals.NotFound))
            .Needs(Permission.ViewPolicies);
        routes.MapForm("/approvals/{version:int}/revise", async (int version, ShowSigned show, DraftDocument draft, Pages pages, Caller caller, CancellationToken ct) =>
        {
            if (await show.Run(caller.Call with { IdempotencyKey = null }, new(ApprovalBook.Id, version), ct) is not { Refusal: null, Value: var sheet })
                return new ProblemResult(CommonRefusals.NotFound);
            var outcome = await draft.Run(caller.Call, new(SignedKind.Approvals, sheet.Row.Document), ct);
            return outcome.Refusal is { } no ? await pages.Page(version, "revise", no, ct) : Web.SeeOther($"/approvals/{outcome.Value.Version}/edit");
        }).Needs(Permission.EditPolicies);
        routes.MapPage("/approvals/{version:int}/edit", (int version, Editing editing, CancellationToken ct) => editing.Get(version, ct)).Needs(Permission.EditPolicies);
        routes.MapForm("/approvals/{version:int}/edit", (int version, HttpContext http, Editing editing, CancellationToken ct) => editing.Post(http, version, ct)).Needs(Permission.EditPolicies);
        Step<SubmitDocument>(routes, "submit", Permission.EditPolicies);
        Step<WithdrawDocument>(routes, "withdraw", Permission.EditPolicies);
        Step<DiscardDocument>(routes, "discard", Permission.EditPolicies);
        Step<SignDocument>(routes, "sign", Permission.SignPolicies);
        Step<ReturnDocument>(routes, "return", Permission.SignPolicies);
        routes.MapForm("/approvals/{version:int}/publish", async (int version, IFormCollection typed, PublishDocument publish, Pages pages, Caller caller, CancellationToken ct) =>
            await publish.Run(caller.Call, new(ApprovalBook.Id, version, ProceduresConsole.DayOf(typed["from"])), ct) is { Refusal: { } no } ? await pages.Page(version, "publish", no, ct) : Web.SeeOther($"/approvals/{version}"))
            .Needs(Permission.EditPolicies);
    }

    private static void Step<T>(IEndpointRouteBuilder routes, string verb, Permission permission) where T : SignedStep =>
        routes.MapForm($"/approvals/{{version:int}}/{verb}", async (int version, IFormCollection typed, T step, Pages pages, Caller caller, CancellationToken ct) =>
            await step.Run(caller.Call, new(ApprovalBook.Id, version, typed["digest"], typed["words"]), ct) is { Refusal: { } no } ? await pages.Page(version, verb, no, ct, typed["words"]) : Web.SeeOther($"/approvals/{version}"))
            .Needs(permission);

    /// <summary>The pages of the matrix and of absences, as they are or with a message beside the form that was refused.</summary>
    public sealed class Pages(ShowApprovals show, ShowSigned version, Caller caller)
    {
        public async Task<IResult> Home(Refusal? no, IFormCollection? typed, CancellationToken ct) =>
            await show.Run(caller.Call with { IdempotencyKey = null }, new(), ct) is { Refusal: null, Value: var view }
                ? Web.Page<ApprovalsPage>(new { View = view, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no))
                : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies));

        public async Task<IResult> Page(int number, string form, Refusal? no, CancellationToken ct, string? typed = null) =>
            await version.Run(caller.Call with { IdempotencyKey = null }, new(ApprovalBook.Id, number), ct) is { Refusal: null, Value: { Matrix: not null } sheet }
                ? Web.Page<MatrixPage>(new { Sheet = sheet, Form = form, Refusal = no, Typed = typed }, no is null ? StatusCodes.Status200OK : Problems.StatusOf(no))
                : new ProblemResult(CommonRefusals.NotFound);
    }

    /// <summary>The editor of a draft; every button answers with the page.</summary>
    public sealed class Editing(ShowSigned show, EditDocument edit, SubmitDocument submit, Caller caller)
    {
        private Call Call => caller.Call with { IdempotencyKey = null };

        public async Task<IResult> Get(int version, CancellationToken ct) =>
            await show.Run(Call, new(ApprovalBook.Id, version), ct) is not { Refusal: null, Value: { Matrix: { } matrix } sheet } ? new ProblemResult(CommonRefusals.NotFound)
            : sheet.Row.Status is not (VersionStatus.Draft or VersionStatus.InSignOff) ? Web.SeeOther(sheet.Path)
            : Page(sheet, MatrixInput.Of(matrix), "", null);

        public async Task<IResult> Post(HttpContext http, int version, CancellationToken ct)
        {
            if (await show.Run(Call, new(ApprovalBook.Id, version), ct) is not { Refusal: null, Value: { Matrix: not null } sheet })
                return new ProblemResult(CommonRefusals.NotFound);
            var form = await http.Request.ReadFormAsync(ct);
            var input = MatrixInput.Of(form, version);
            switch (form["do"].ToString().Split(':'))
            {
                case ["add"]:
                    input.Add();
                    return Page(sheet, input, "", null);
                case ["remove", var at] when int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var i):
                    input.Remove(i);
                    return Page(sheet, input, "", null);
                case ["up", var at] when int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var i):
                    input.Move(i, -1);
                    return Page(sheet, input, "", null);
                case ["down", var at] when int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var i):
                    input.Move(i, 1);
                    return Page(sheet, input, "", null);
                case ["stepped"]:
                    return Page(sheet, MatrixInput.Of(ApprovalMatrix.Stepped with { Version = version }), "", null);
                case [("save" or "submit") and var what] when input.Read().IsValid:
                    var seen = form["digest"].ToString();
                    var saved = await edit.Run(caller.Call, new(ApprovalBook.Id, version, input.ToJson(), seen.Length > 0 ? seen : null), ct);
                    if (saved.Refusal is { } no)
                        return Page(sheet, input, "save", no);
                    if (what == "save")
                        return Web.SeeOther($"/approvals/{version}/edit?saved=1");
                    return await submit.Run(Call, new(ApprovalBook.Id, version), ct) is not { Refusal: { } not } ? Web.SeeOther($"/approvals/{version}") : Page(sheet, input, "save", not);
                default:
                    return Page(sheet, input, "check", null);
            }
        }

        private static IResult Page(ShowSigned.Sheet sheet, MatrixInput input, string form, Refusal? no)
        {
            var read = input.Read();
            return Web.Page<MatrixEditorPage>(new { Sheet = sheet, Input = input, Read = read, Form = form, Refusal = no },
                no is not null ? Problems.StatusOf(no) : form.Length > 0 && !read.IsValid ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
        }
    }
}
