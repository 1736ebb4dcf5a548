using System.Text;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.LegalPages.Portal;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.LegalPages;

namespace Exeunt.App.Features.LegalPages;

/// <summary>The portal's pages that a law prescribes: first button, what is asked, where the law wants it a summary, receipt.</summary>
public static class EndPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/end", async (LegalPageBook pages, CancellationToken ct) => Web.Page<WaysPage>(new { Pages = await pages.Current(ct) })).Needs(Permission.Public);
        routes.MapPage("/end/{id}", ([AsParameters] Visit visit) => visit.With(page => Web.Page<EntryPage>(new { Page = page, Words = visit.Words(page, null) }))).Needs(Permission.Public);
        routes.MapPage("/end/{id}/form", Form).Needs(Permission.Public);
        // The summary's way back, with everything that was typed.
        Post(routes, "/end/{id}/form", (visit, form) => visit.With(page => Declare(visit, page, form)));
        Post(routes, "/end/{id}/recap", (visit, form) => visit.With(page => Recap(visit, page, form)));
        Post(routes, "/end/{id}/confirm", Confirm);
        foreach (var posted in new[] { "recap", "confirm" })
            routes.MapPage($"/end/{{id}}/{posted}", (string id) => Web.SeeOther($"/end/{Uri.EscapeDataString(id)}/form")).Needs(Permission.Public);
        routes.MapPage("/end/{id}/receipt/{token}", async ([AsParameters] Visit visit, string token, ShowDeclaration show) =>
            await show.Run(visit.Caller.Call, new(token), visit.Ct) is { Refusal: null, Value: var view } && view.Page.Id == visit.Id
                ? (IResult)Web.Page<DeclaredPage>(new { Token = token, View = view, Words = visit.Words(view.Page, null) }) : new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.Public);
        routes.MapPage("/end/{id}/receipt/{token}/text", async ([AsParameters] Visit visit, string token, ShowDeclaration show, HostOptions options) =>
            await show.Run(visit.Caller.Call, new(token), visit.Ct) is { Refusal: null, Value: { Typed: { } typed } view } && view.Page.Id == visit.Id
                ? Results.File(Encoding.UTF8.GetBytes(DeclaredLines.Receipt(view.Page, typed, view.Number, view.ReceivedAt, $"{options.Url}/progress/{token}", PageWords.In(view.Page.Language))),
                    "text/plain; charset=utf-8", $"{view.Number}.txt")
                : new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.Public);
    }

    /// <summary>A visit to one page; <paramref name="In"/> is the language in which it is read.</summary>
    public readonly record struct Visit(string Id, LegalPageBook Pages, Caller Caller, HttpContext Http, CancellationToken Ct)
    {
        public async Task<IResult> With(Func<LegalPage, IResult> page) =>
            await Pages.Current(Id, Ct) is not { } found ? new ProblemResult(LegalPageRefusals.Unknown) : found.StepByStep ? Web.SeeOther("/apply") : page(found);

        /// <summary>The language asked for, if the page is told in it; else the law's own.</summary>
        public PageWords Words(LegalPage page, IFormCollection? form) =>
            PageWords.In((form is null ? Http.Request.Query["in"].ToString() : form["in"].ToString()) switch { "en" => "en", "zh" => "zh", _ => page.Language });
    }

    private static void Post(IEndpointRouteBuilder routes, string pattern, Func<Visit, IFormCollection, Task<IResult>> work) =>
        routes.MapForm(pattern, ([AsParameters] Visit visit, IFormCollection form) => work(visit, form)).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);

    private static async Task<IResult> Form([AsParameters] Visit visit, string? draft, ShowDraft show)
    {
        var typed = new Declaration(null, null, null);
        if (draft is { Length: > 0 })
        {
            // Whoever came by the general way with a code finds what was typed there.
            var shown = await show.Run(visit.Caller.Call, new(draft), visit.Ct);
            if (shown.Refusal is { } gone)
                return Cases.Portal.ApplyPages.Visit.Refused(gone);
            typed = typed with { ContractNumber = shown.Value.Typed.ContractNumber, Name = shown.Value.Typed.Name, Contact = shown.Value.Typed.Contact };
        }
        return await visit.With(page => Web.Page<DeclarePage>(new { Page = page, Words = visit.Words(page, null), Typed = typed, Once = Guid.NewGuid().ToString("N"), Draft = draft }));
    }

    private static IResult Declare(Visit visit, LegalPage page, IFormCollection form, Refusal? refusal = null) =>
        Web.Page<DeclarePage>(new { Page = page, Words = visit.Words(page, form), Typed = Of(page, form), Once = Once(form), Draft = DraftOf(form), Refusal = refusal },
            refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));

    private static IResult Recap(Visit visit, LegalPage page, IFormCollection form)
    {
        var typed = Of(page, form);
        var read = typed.Read(page, visit.Caller.Call.Today(page.Zone));
        return read.Refusal is { } no
            ? Declare(visit, page, form, no)
            : Web.Page<RecapPage>(new { Page = page, Words = visit.Words(page, form), Typed = typed, Read = read.Value, Once = Once(form), Draft = DraftOf(form) });
    }

    private static async Task<IResult> Confirm(Visit visit, IFormCollection form)
    {
        if (await visit.Pages.Current(visit.Id, visit.Ct) is not { StepByStep: false } page)
            return await visit.With(_ => Web.SeeOther("/apply"));
        Task<Outcome<SubmitApplication.Receipt>> Send(string once) => visit.Http.RequestServices.GetRequiredService<SubmitApplication>()
            .Run(visit.Caller.Call with { IdempotencyKey = $"page:{once}" }, new(DraftOf(form), Page: page.Id, Declared: Of(page, form)), visit.Ct);
        var sent = await Send(Once(form));
        // The same page sent once more with something else in it is another declaration.
        if (sent.Refusal?.Code == CommonRefusals.KeyReused.Code)
            sent = await Send(Guid.NewGuid().ToString("N"));
        if (sent.Refusal is { } no)
            return no.Code == Intake.DraftGone.Code ? Cases.Portal.ApplyPages.Visit.Refused(no) : Declare(visit, page, form, no);
        if (sent.Value.IdentityProven)
            visit.Http.RequestServices.GetRequiredService<CaseAccess>().RememberSent(visit.Http, sent.Value.CaseId, sent.Value.ReceivedAt, visit.Caller.Now);
        var words = visit.Words(page, form);
        return Web.SeeOther($"/end/{page.Id}/receipt/{sent.Value.Token}{(words.Language == page.Language ? "" : $"?in={words.Language}")}");
    }

    private static Declaration Of(LegalPage page, IFormCollection form)
    {
        string? Text(string name) => form[name] is [var one, ..] && !string.IsNullOrEmpty(one) ? one : null;
        var more = page.Fields.Where(f => !LegalPage.Known.Contains(f.Name)).Select(f => (f.Name, Value: Text(f.Name))).Where(f => f.Value is not null).ToDictionary(f => f.Name, f => f.Value!, StringComparer.Ordinal);
        return new(Text("contractNumber"), Text("name"), Text("contact"), Text("kind"), Text("words"), Text("choice"), Text("endsOn"), more.Count > 0 ? more : null);
    }

    private static string? DraftOf(IFormCollection form) => form["draft"] is [{ Length: > 0 } one, ..] ? one : null;

    private static string Once(IFormCollection form) => Guid.TryParseExact(form["once"].ToString(), "N", out var once) ? once.ToString("N") : Guid.NewGuid().ToString("N");
}
