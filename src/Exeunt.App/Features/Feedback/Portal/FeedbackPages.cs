using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Feedback.Portal;

/// <summary>The way of a complaint or suggestion: what it is, about what, words, how to answer, check; then the page of its link.</summary>
public static class FeedbackPages
{
    /// <summary>One being written.</summary>
    public readonly record struct Visit(string Token, ShowFeedbackDraft Show, Caller Caller, CancellationToken Ct)
    {
        public string Path => $"/feedback/draft/{Token}";

        public async Task<IResult> Page(Func<HandIn, IResult> page)
        {
            var shown = await Show.Run(Caller.Call, new(Token), Ct);
            return shown.Refusal is { } no ? Refused(no) : page(shown.Value);
        }

        public static IResult Refused(Refusal no) =>
            no.Code == FillFeedback.Gone.Code ? Web.Page<FeedbackGonePage>(null, StatusCodes.Status404NotFound) : new ProblemResult(no);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/feedback", () => Web.Page<FeedbackStartPage>()).Needs(Permission.Public);
        foreach (var kind in Enum.GetValues<FeedbackKind>())
        {
            var path = "/feedback/" + kind.ToString().ToLowerInvariant();
            routes.MapPage(path, () => Web.Page<AboutPage>(new { Kind = (FeedbackKind?)kind, Action = path, Back = "/feedback" })).Needs(Permission.Public);
            Form(routes, path, async ([FromForm] string? about, StartFeedback start, Caller caller, CancellationToken ct) =>
                Started(await start.Run(caller.Call, new(kind, about), ct), new { Kind = (FeedbackKind?)kind, About = about, Action = path, Back = "/feedback" }));
        }
        routes.MapPage("/feedback/draft/{token}/words", ([AsParameters] Visit visit) => visit.Page(d => Web.Page<WordsPage>(new { visit.Path, Draft = d }))).Needs(Permission.Public);
        Form(routes, "/feedback/draft/{token}/words", Say);
        routes.MapPage("/feedback/draft/{token}/answer", ([AsParameters] Visit visit) => visit.Page(d => Web.Page<ReachPage>(new { visit.Path, Draft = d }))).Needs(Permission.Public);
        Form(routes, "/feedback/draft/{token}/answer", Reach);
        routes.MapPage("/feedback/draft/{token}/check", ([AsParameters] Visit visit) => visit.Page(d => d.CheckWords() is not null ? Web.SeeOther(visit.Path + "/words")
            : d.CheckContact() is not null ? Web.SeeOther(visit.Path + "/answer") : Web.Page<CheckFeedbackPage>(new { visit.Path, Draft = d }))).Needs(Permission.Public);
        Form(routes, "/feedback/draft/{token}/check", Send);

        routes.MapPage("/feedback/{token}", ([AsParameters] Own own, string? done) => own.Page(v => Web.Page<OwnFeedbackPage>(new { own.Token, View = v, Done = done }))).Needs(Permission.Public);
        routes.MapPage("/feedback/{token}/receipt", ([AsParameters] Own own) => own.Page(v => Web.Page<SentPage>(new { own.Token, View = v }))).Needs(Permission.Public);
        Form(routes, "/feedback/{token}/messages", async ([AsParameters] Own own, [FromForm] string? words, WriteFeedback write) =>
            await own.After((await write.Run(own.Caller.Call, new(own.Token, words), own.Ct)).Refusal, "message", words, null));
        routes.LeadBack("/feedback/{token}/messages", "/feedback/{0}");
        Form(routes, "/feedback/{token}/settled", async ([AsParameters] Own own, [FromForm] string? settled, [FromForm] string? missing, SayOfFeedback say) =>
            await own.After((await say.Run(own.Caller.Call, new(own.Token, settled == "yes", missing), own.Ct)).Refusal, settled == "yes" ? "settled" : "unsettled", null, missing));
        routes.LeadBack("/feedback/{token}/settled", "/feedback/{0}");

        // From an open case: whoever writes is its customer, and it is about that case.
        routes.MapPage("/progress/{token}/feedback", ([AsParameters] ProgressPages.Visit visit) => visit.AsCustomer((_, _) => Task.FromResult<IResult>(Web.Page<AboutPage>(From(visit.Path, null, null)))))
            .Needs(Permission.CustomerOfCase);
        routes.MapForm("/progress/{token}/feedback", ([AsParameters] ProgressPages.Visit visit, [FromForm] string? kind, [FromForm] string? about, StartFeedback start) => visit.AsCustomer(async (id, call) =>
            {
                var chosen = Enum.TryParse<FeedbackKind>(kind, out var k) && Enum.IsDefined(k) ? k : (FeedbackKind?)null;
                return Started(await start.Run(call, new(chosen, about, id), visit.Ct), From(visit.Path, chosen, about));
            }))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
    }

    private static Dictionary<string, object?> From(string path, FeedbackKind? kind, string? about) =>
        new() { ["Kind"] = kind, ["AsksKind"] = true, ["About"] = about, ["Action"] = path + "/feedback", ["Back"] = path };

    private static void Form(IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapForm(pattern, handler).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);

    private static IResult Started(Outcome<string> started, object page)
    {
        if (started.Refusal is not { } no)
            return Web.SeeOther($"/feedback/draft/{started.Value}/words");
        var parameters = page as Dictionary<string, object?> ?? page.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(page));
        parameters["Refusal"] = no;
        return new Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<AboutPage>(parameters) { StatusCode = Problems.StatusOf(no) };
    }

    private static async Task<IResult> Say([AsParameters] Visit visit, [FromForm] string? words, [FromForm] string? wish, [FromForm] string? number, FillFeedback fill) =>
        (await fill.Run(visit.Caller.Call, new(visit.Token, Reach: false, words, wish, number), visit.Ct)).Refusal switch
        {
            null => Web.SeeOther(visit.Path + "/answer"),
            { Kind: RefusalKind.NotFound } gone => Visit.Refused(gone),
            var no => await visit.Page(d => Web.Page<WordsPage>(new { visit.Path, Draft = d with { Words = words, Wish = wish, Number = d.CaseId is null ? number : d.Number }, Refusal = no }, Problems.StatusOf(no))),
        };

    private static async Task<IResult> Reach([AsParameters] Visit visit, [FromForm] string? by, [FromForm] string? contact, [FromForm] string? name, FillFeedback fill)
    {
        AnswerWay? way = Enum.TryParse<AnswerWay>(by, out var w) && Enum.IsDefined(w) ? w : null;
        return (await fill.Run(visit.Caller.Call, new(visit.Token, Reach: true, By: way, Contact: contact, Name: name), visit.Ct)).Refusal switch
        {
            null => Web.SeeOther(visit.Path + "/check"),
            { Kind: RefusalKind.NotFound } gone => Visit.Refused(gone),
            var no => await visit.Page(d => Web.Page<ReachPage>(new { visit.Path, Draft = d with { By = way, Contact = contact, Name = name }, Refusal = no }, Problems.StatusOf(no))),
        };
    }

    private static async Task<IResult> Send([AsParameters] Visit visit, SubmitFeedback submit)
    {
        // A second click finds the draft sent, and lands on the same receipt.
        var sent = await submit.Run(visit.Caller.Call with { IdempotencyKey = SubmitFeedback.KeyOf(visit.Token) }, new(visit.Token), visit.Ct);
        return sent.Refusal switch
        {
            null => Web.SeeOther($"/feedback/{sent.Value.Token}/receipt"),
            { Kind: RefusalKind.NotFound } gone => Visit.Refused(gone),
            // A question is not answered yet.
            { Kind: RefusalKind.Invalid } => Web.SeeOther(visit.Path + "/check"),
            var no => new ProblemResult(no),
        };
    }

    /// <summary>A visit by the secret link.</summary>
    public readonly record struct Own(string Token, ShowOwnFeedback Show, Caller Caller, CancellationToken Ct)
    {
        public async Task<IResult> Page(Func<ShowOwnFeedback.View, IResult> page)
        {
            var shown = await Show.Run(Caller.Call, new(Token), Ct);
            return shown.Refusal is { } no ? new ProblemResult(no) : page(shown.Value);
        }

        public async Task<IResult> After(Refusal? refusal, string done, string? words, string? missing)
        {
            var token = Token;
            return refusal switch
            {
                null => Web.SeeOther($"/feedback/{token}?done={done}"),
                { Kind: RefusalKind.NotFound } no => new ProblemResult(no),
                var no => await Page(v => Web.Page<OwnFeedbackPage>(new { Token = token, View = v, Words = words, Missing = missing, Refusal = no }, Problems.StatusOf(no))),
            };
        }
    }
}
