using Exeunt.App.Features.Feedback.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Feedback;

/// <summary>声音: the list, one complaint or suggestion, and the form to take one down.</summary>
public static class FeedbackConsole
{
    /// <summary>A visit to one, and what is done there.</summary>
    public readonly record struct Visit(Guid Id, ShowFeedback Show, Caller Caller, CancellationToken Ct)
    {
        public async Task<IResult> Page(Refusal? refusal = null, IReadOnlyDictionary<string, string?>? typed = null, string? form = null, FeedbackContact? reach = null)
        {
            var shown = await Show.Run(Caller.Call with { IdempotencyKey = null }, new(Id), Ct);
            return shown.Refusal is { } no ? new ProblemResult(no)
                : Web.Page<FeedbackPage>(new { View = shown.Value, Refusal = refusal, Typed = typed, Form = form, Reach = reach }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
        }

        public async Task<IResult> After<T>(Outcome<T> outcome, string form, params (string Field, string? Value)[] typed) =>
            outcome.Refusal switch
            {
                null => Web.SeeOther($"/voice/{Id}"),
                { Kind: RefusalKind.NotFound } no => new ProblemResult(no),
                var no => await Page(no, typed.ToDictionary(t => t.Field, t => t.Value), form),
            };
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/voice", async (HttpContext http, string? after, ListFeedback list, Caller caller, CancellationToken ct) =>
        {
            var filter = FeedbackFilter.Read(http.Request.Query);
            var outcome = await list.Run(caller.Call, new(filter, after), ct);
            return outcome.Refusal is { } no ? (IResult)new ProblemResult(no) : Web.Page<VoicePage>(new { List = outcome.Value, Filter = filter, IsFirst = string.IsNullOrEmpty(after) });
        }).Needs(Permission.ViewFeedback);
        routes.MapPage("/voice/new", () => Web.Page<RecordPage>(new { Typed = new HandIn(FeedbackKind.Complaint, By: AnswerWay.Phone), Channel = Channel.Phone })).Needs(Permission.HandleFeedback);
        routes.MapForm("/voice/new", Record).Needs(Permission.HandleFeedback);
        routes.MapPage("/voice/{id:guid}", ([AsParameters] Visit visit) => visit.Page()).Needs(Permission.ViewFeedback);
        Form(routes, "take", Permission.HandleFeedback, async ([AsParameters] Visit visit, TakeFeedback take) => await visit.After(await take.Run(visit.Caller.Call, new(visit.Id), visit.Ct), "take"));
        Form(routes, "assign", Permission.AssignFeedback, async ([AsParameters] Visit visit, [FromForm] Guid? to, AssignFeedback assign) =>
            await visit.After(await assign.Run(visit.Caller.Call, new(visit.Id, to ?? Guid.Empty), visit.Ct), "assign"));
        Form(routes, "link", Permission.HandleFeedback, async ([AsParameters] Visit visit, [FromForm] string? number, LinkFeedback link) =>
            await visit.After(await link.Run(visit.Caller.Call, new(visit.Id, number), visit.Ct), "link", ("number", number)));
        Form(routes, "join", Permission.HandleFeedback, async ([AsParameters] Visit visit, [FromForm] string? number, JoinFeedback join) =>
            await visit.After(string.IsNullOrWhiteSpace(number) ? CommonRefusals.Required("number") : await join.Run(visit.Caller.Call, new(visit.Id, number), visit.Ct), "join", ("number", number)));
        Form(routes, "separate", Permission.HandleFeedback, async ([AsParameters] Visit visit, JoinFeedback join) => await visit.After(await join.Run(visit.Caller.Call, new(visit.Id, null), visit.Ct), "separate"));
        Form(routes, "answer", Permission.HandleFeedback, Answer);
        Form(routes, "messages", Permission.HandleFeedback, async ([AsParameters] Visit visit, [FromForm] string? message, ReplyFeedback reply) =>
            await visit.After(await reply.Run(visit.Caller.Call, new(visit.Id, message), visit.Ct), "messages", ("message", message)));
        // The answer is the page itself, with the address in clear.
        Form(routes, "reveal", Permission.RevealPersonalData, async ([AsParameters] Visit visit, RevealFeedback reveal) =>
            await reveal.Run(visit.Caller.Call, new(visit.Id), visit.Ct) is var shown && shown.Refusal is { } no ? new ProblemResult(no) : await visit.Page(reach: shown.Value));
    }

    private static void Form(IEndpointRouteBuilder routes, string name, Permission permission, Delegate handler) => routes.MapForm($"/voice/{{id:guid}}/{name}", handler).Needs(permission);

    private static async Task<IResult> Answer([AsParameters] Visit visit, IFormCollection typed, AnswerFeedback answer)
    {
        Verdict? verdict = Enum.TryParse<Verdict>(typed["verdict"], out var v) && Enum.IsDefined(v) ? v : null;
        var remedies = typed["remedies"].Select(r => Enum.TryParse<Remedy>(r, out var one) && Enum.IsDefined(one) ? one : (Remedy?)null).OfType<Remedy>().ToList();
        return await visit.After(await answer.Run(visit.Caller.Call, new(visit.Id, verdict, remedies, typed["grounds"], typed["words"]), visit.Ct), "answer",
            ("verdict", typed["verdict"]), ("remedies", string.Join(' ', remedies)), ("grounds", typed["grounds"]), ("words", typed["words"]));
    }

    private static async Task<IResult> Record(IFormCollection form, RecordFeedback record, Caller caller, CancellationToken ct)
    {
        T? One<T>(string key) where T : struct, Enum => Enum.TryParse<T>(form[key], out var value) && Enum.IsDefined(value) ? value : null;
        var typed = new HandIn(One<FeedbackKind>("kind"), form["about"], form["number"], form["words"], form["wish"], One<AnswerWay>("by"), form["contact"], form["name"]);
        var (channel, authority) = (One<Channel>("channel") ?? Channel.Phone, form["authority"] == "1");
        var outcome = await record.Run(caller.Call, new(typed, channel, authority), ct);
        return outcome.Refusal is { } no
            ? Web.Page<RecordPage>(new { Typed = typed, Channel = channel, ThroughAuthority = authority, Refusal = no }, Problems.StatusOf(no))
            : Web.SeeOther($"/voice/{outcome.Value.Id}");
    }
}
