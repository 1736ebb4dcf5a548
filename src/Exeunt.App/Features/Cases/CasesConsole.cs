using System.Globalization;
using System.Text;
using Exeunt.App.Features.Cases.Console;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>案件: the list of cases, the page of one, and the forms that stand on it.</summary>
public static class CasesConsole
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/cases", List).Needs(Permission.ViewCases);
        routes.MapPage("/cases.csv", Export).Needs(Permission.ViewCases);
        Views(routes.MapGroup("/cases/views"));
        routes.MapPage("/cases/{id:guid}", Show).Needs(Permission.ViewCases);
        routes.MapPage("/cases/{id:guid}/documents/{document:guid}", Download).Needs(Permission.ViewCases);
        routes.MapPage("/cases/{id:guid}/settlement.json", Statement).Needs(Permission.ViewCases);
        Forms(routes.MapGroup("/cases/{id:guid}"));
    }

    private static void Forms(IEndpointRouteBuilder form)
    {
        form.MapForm("/take", (Guid id, IFormCollection typed, Pages pages, TakeCase take, CancellationToken ct) =>
            pages.After("take", id, typed, call => take.Run(call, new(id), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/assign", (Guid id, IFormCollection typed, Pages pages, AssignCase assign, CancellationToken ct) =>
            pages.After("assign", id, typed, call => assign.Run(call, new(id, Guid.TryParse(typed["to"], out var to) ? to : default), ct), ct)).Needs(Permission.AssignCases);
        form.MapForm("/talk", (Guid id, IFormCollection typed, Pages pages, RecordTalk talk, CancellationToken ct) =>
            pages.After("talk", id, typed, call => talk.Run(call, new(id, typed["reason"], typed["words"], typed["channel"], Number(typed["minutes"]), Started(typed["startedAt"])), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/settlement", (Guid id, IFormCollection typed, Pages pages, RecomputeSettlement settle, CancellationToken ct) =>
            pages.After("settlement", id, typed, call => settle.Run(call, new(id), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/work/{order:guid}", (Guid id, Guid order, IFormCollection typed, Pages pages, ConfirmWork confirm, CancellationToken ct) =>
            pages.After("work", id, typed, call => confirm.Run(call, new(order), ct), ct)).Needs(Permission.CarryOutWork);
        form.MapForm("/hold", (Guid id, IFormCollection typed, Pages pages, HoldCase hold, CancellationToken ct) =>
            pages.After("hold", id, typed, call => hold.Run(call, new(id, typed["reason"]), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/resume", (Guid id, IFormCollection typed, Pages pages, ResumeCase resume, CancellationToken ct) =>
            pages.After("resume", id, typed, call => resume.Run(call, new(id), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/ask", (Guid id, IFormCollection typed, Pages pages, AskUpwards ask, CancellationToken ct) =>
            pages.After("ask", id, typed, call => ask.Run(call, new(id, Guid.TryParse(typed["to"], out var to) ? to : default, typed["words"]), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/answer", (Guid id, IFormCollection typed, Pages pages, AnswerUpwards answer, CancellationToken ct) =>
            pages.After("answer", id, typed, call => answer.Run(call, new(id, typed["words"]), ct), ct)).Needs(Permission.AssignCases);
        form.MapForm("/messages", (Guid id, IFormCollection typed, Pages pages, ReplyToCustomer reply, CancellationToken ct) =>
            pages.After("message", id, typed, call => reply.Run(call, new(id, typed["words"]), ct), ct)).Needs(Permission.HandleCases);
    }

    /// <summary>The page of a case, also as the answer to a form that was refused.</summary>
    public sealed class Pages(ShowCase show, CaseParts parts, Caller caller)
    {
        public async Task<IResult> Page(Guid id, ReturnedForm? returned, CancellationToken ct)
        {
            var outcome = await show.Run(caller.Call, new(id), ct);
            return outcome.Refusal is { } no
                ? new ProblemResult(no)
                : Web.Page<CasePage>(new { Sheet = new CaseSheet(outcome.Value, caller, returned) { Parts = await parts.Of(outcome.Value.Case, caller.Call with { IdempotencyKey = null }, ct) } }, returned is null ? StatusCodes.Status200OK : Problems.StatusOf(returned.Refusal));
        }

        /// <summary>Runs a form's use case: back to the page when it succeeded, else the page with what was typed and why not.</summary>
        public async Task<IResult> After<T>(string form, Guid id, IFormCollection typed, Func<Call, Task<Outcome<T>>> run, CancellationToken ct, string? anchor = null)
        {
            var outcome = await run(caller.Call);
            if (outcome.Refusal is not { } no)
                return Web.SeeOther($"/cases/{id}" + (anchor is null ? "" : "#" + anchor));
            var kept = typed.Where(f => !f.Key.StartsWith('_')).ToDictionary(f => f.Key, f => f.Value.ToString());
            return no.Kind == RefusalKind.NotFound ? new ProblemResult(no) : await Page(id, new ReturnedForm(form, no, kept), ct);
        }
    }

    private static async Task<IResult> List(HttpContext http, Caller caller, ListCases list, CaseViews views, Reasons.ReasonBook reasons, string? after, CancellationToken ct)
    {
        var filter = CaseFilter.Read(http.Request.Query);
        // What is typed is looked for among all cases, closed ones too.
        if (filter is { State: "", Text.Length: > 0 } && !http.Request.Query.ContainsKey("state"))
            filter = filter with { State = "all" };
        var outcome = await list.Run(caller.Call, new(filter, after), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<CasesPage>(new { List = outcome.Value, Filter = filter, Views = await views.For(caller.Call, ct), ReasonWords = await reasons.All(ct), Paged = after is not null });
    }

    private static async Task<IResult> Export(HttpContext http, Caller caller, ExportCases export, CancellationToken ct)
    {
        var outcome = await export.Run(caller.Call, new(CaseFilter.Read(http.Request.Query)), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Csv.Download(http, outcome.Value.Text, "cases", caller.Call.Today(Clocks.CompanyZone), outcome.Value.Complete);
    }

    /// <summary>Saved views: kept, renamed and deleted from the list they belong to.</summary>
    private static void Views(IEndpointRouteBuilder form)
    {
        form.MapForm("", async (IFormCollection typed, Caller caller, SaveCaseView save, CancellationToken ct) =>
            (await save.Run(caller.Call, new(typed["name"], typed["query"], int.TryParse(typed["unit"], NumberStyles.None, CultureInfo.InvariantCulture, out var unit) ? unit : null), ct))
                .Then(_ => CaseFilter.Read(typed["query"].ToString()).Path())).Needs(Permission.ViewCases);
        form.MapForm("/{id:guid}/rename", async (Guid id, IFormCollection typed, Caller caller, RenameCaseView rename, CancellationToken ct) =>
            (await rename.Run(caller.Call, new(id, typed["name"]), ct)).Then(_ => CaseFilter.Read(typed["query"].ToString()).Path())).Needs(Permission.ViewCases);
        form.MapForm("/{id:guid}/delete", async (Guid id, Caller caller, DeleteCaseView delete, CancellationToken ct) =>
            (await delete.Run(caller.Call, new(id), ct)).Then(_ => "/cases")).Needs(Permission.ViewCases);
    }

    private static Task<IResult> Show(Guid id, Pages pages, CancellationToken ct) => pages.Page(id, null, ct);

    private static async Task<IResult> Download(Guid id, Guid document, DownloadDocument download, Caller caller, CancellationToken ct)
    {
        var outcome = await download.Run(caller.Call, new(id, document), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Results.File(outcome.Value.Bytes, outcome.Value.MediaType, outcome.Value.Name);
    }

    /// <summary>The settlement as it is bound by the approvals, for whoever wants to compute it again.</summary>
    private static async Task<IResult> Statement(Guid id, ShowCase show, Caller caller, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : outcome.Value.Settlement is not { } settlement ? new ProblemResult(CaseRefusals.NoSettlement)
            : Results.File(Encoding.UTF8.GetBytes(settlement.Statement), "application/json", $"{outcome.Value.Case.Number}-settlement.json");
    }

    /// <summary>A time as a field of the page gives it, in the company's zone; null when none was given. One in no year people mean is before all others.</summary>
    private static DateTimeOffset? Started(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? DateRange.Holds(at) ? Clocks.StartOf(DateOnly.FromDateTime(at), Clocks.CompanyZone) + at.TimeOfDay : DateTimeOffset.MinValue : null;

    /// <summary>A whole number as typed; what is not one is out of every range.</summary>
    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : string.IsNullOrWhiteSpace(text) ? 0 : -1;
}
