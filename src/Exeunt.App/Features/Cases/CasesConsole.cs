using System.Globalization;
using System.Text;
using Exeunt.App.Features.Cases.Console;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Offers;
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
            pages.After("talk", id, typed, call => talk.Run(call, new(id, typed["reason"], typed["words"], typed["channel"], Number(typed["minutes"])), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/offer", (Guid id, IFormCollection typed, Pages pages, MakeOffer offer, CancellationToken ct) =>
            pages.After("offer", id, typed, call => offer.Run(call,
                new(id, Enum.TryParse<OfferKind>(typed["kind"], out var kind) && Enum.IsDefined(kind) ? kind : default, Number(typed["percent"]), Number(typed["months"])), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/offer/skip", (Guid id, IFormCollection typed, Pages pages, SkipOffer skip, CancellationToken ct) =>
            pages.After("offer", id, typed, call => skip.Run(call, new(id), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/settlement", (Guid id, IFormCollection typed, Pages pages, RecomputeSettlement settle, CancellationToken ct) =>
            pages.After("settlement", id, typed, call => settle.Run(call, new(id), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/work/{order:guid}", (Guid id, Guid order, IFormCollection typed, Pages pages, ConfirmWork confirm, CancellationToken ct) =>
            pages.After("work", id, typed, call => confirm.Run(call, new(order), ct), ct)).Needs(Permission.CarryOutWork);
        form.MapForm("/hold", (Guid id, IFormCollection typed, Pages pages, HoldCase hold, CancellationToken ct) =>
            pages.After("hold", id, typed, call => hold.Run(call, new(id, typed["reason"]), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/resume", (Guid id, IFormCollection typed, Pages pages, ResumeCase resume, CancellationToken ct) =>
            pages.After("resume", id, typed, call => resume.Run(call, new(id), ct), ct)).Needs(Permission.HandleCases);
        form.MapForm("/messages", (Guid id, IFormCollection typed, Pages pages, ReplyToCustomer reply, CancellationToken ct) =>
            pages.After("message", id, typed, call => reply.Run(call, new(id, typed["words"]), ct), ct)).Needs(Permission.HandleCases);
    }

    /// <summary>The page of a case, also as the answer to a form that was refused.</summary>
    public sealed class Pages(ShowCase show, Caller caller)
    {
        public async Task<IResult> Page(Guid id, ReturnedForm? returned, CancellationToken ct)
        {
            var outcome = await show.Run(caller.Call, new(id), ct);
            return outcome.Refusal is { } no
                ? new ProblemResult(no)
                : Web.Page<CasePage>(new { Sheet = new CaseSheet(outcome.Value, caller, returned) }, returned is null ? StatusCodes.Status200OK : Problems.StatusOf(returned.Refusal));
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

    /// <summary>What the list's address says: "state" is a state, "all", or nothing for the open ones.</summary>
    public sealed record Filter(string State, bool Mine, string Number)
    {
        public string With(string? state = null, bool? mine = null, long? before = null)
        {
            var parts = new List<string>();
            if ((state ?? State) is { Length: > 0 } s)
                parts.Add("state=" + Uri.EscapeDataString(s));
            if (mine ?? Mine)
                parts.Add("mine=1");
            if (Number.Length > 0)
                parts.Add("q=" + Uri.EscapeDataString(Number));
            if (before is { } serial)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"before={serial}"));
            return parts.Count == 0 ? "/cases" : "/cases?" + string.Join('&', parts);
        }
    }

    private static async Task<IResult> List(Caller caller, ListCases list, string? state, string? mine, string? q, long? before, CancellationToken ct)
    {
        var known = Enum.TryParse<CaseState>(state, out var one) && Enum.IsDefined(one) ? one : (CaseState?)null;
        var filter = new Filter(known?.ToString() ?? (state == "all" ? "all" : ""), mine == "1", (q ?? "").Trim());
        // A number is looked for among all cases, closed ones too.
        var outcome = await list.Run(caller.Call, new(known, filter.Mine, filter.State.Length == 0 && filter.Number.Length == 0, filter.Number, before), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<CasesPage>(new { List = outcome.Value, Filter = filter, Paged = before is not null });
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

    /// <summary>A whole number as typed; what is not one is out of every range.</summary>
    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : string.IsNullOrWhiteSpace(text) ? 0 : -1;
}
