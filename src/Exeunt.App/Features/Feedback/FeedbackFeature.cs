using Exeunt.App.Features.Feedback.Portal;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;

namespace Exeunt.App.Features.Feedback;

/// <summary>反馈：投诉与建议。 Complaints and suggestions, from the first question to the last word; pages in Portal and Console, the REST API here.</summary>
public static class FeedbackFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<FeedbackDesk>().AddScoped<FeedbackDrafts>().AddScoped<ITodaySource, FeedbackToday>();
        services.AddEffect<FeedbackDue>(FeedbackDue.Kind).AddEffect<FeedbackSilent>(FeedbackSilent.Kind).AddEffect<Forget>(Forget.Kind);
    }

    public sealed record Words(string? Text);

    public sealed record Say(bool Settled, string? Text);

    public sealed record To(Guid Person);

    public sealed record Numbered(string? Number);

    public sealed record Answer(Verdict? Verdict, IReadOnlyList<Remedy>? Remedies, string? Grounds, string? Words);

    public sealed record Taken(HandIn? Feedback, Channel Channel, bool ThroughAuthority);

    public static void Map(IEndpointRouteBuilder routes)
    {
        FeedbackPages.Map(routes);
        FeedbackConsole.Map(routes);
        Public(routes.MapGroup("/api/feedback").WithTags("Customer"));
        Staff(routes.MapGroup("/api/voice").WithTags("Voice"));
    }

    private static void Public(IEndpointRouteBuilder api)
    {
        api.MapPost("", async (HandIn body, SubmitFeedback submit, Caller caller, CancellationToken ct) => (await submit.Run(caller.Call, new(null, body, Channel.Api), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Hand in a complaint or suggestion. Nothing typed is looked up.");
        api.MapGet("/{token}", async (string token, ShowOwnFeedback show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).WithSummary("Where it stands, for whoever has its link.");
        api.MapPost("/{token}/messages", async (string token, Words body, WriteFeedback write, Caller caller, CancellationToken ct) => (await write.Run(caller.Call, new(token, body.Text), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Write to whoever handles it.");
        api.MapPost("/{token}/settled", async (string token, Say body, SayOfFeedback say, Caller caller, CancellationToken ct) => (await say.Run(caller.Call, new(token, body.Settled, body.Text), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Say whether the answer settles it; a first no gives it to another person.");
    }

    private static void Staff(IEndpointRouteBuilder api)
    {
        api.MapGet("", async (HttpContext http, string? after, ListFeedback list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(FeedbackFilter.Read(http.Request.Query), after), ct)).Api())
            .Needs(Permission.ViewFeedback).WithSummary("Complaints and suggestions, 50 a page, by the query of the list's page: state, kind, about, unit, overdue, who; after for the next page.");
        api.MapPost("", async (Taken body, RecordFeedback record, Caller caller, CancellationToken ct) => (await record.Run(caller.Call, new(body.Feedback ?? new(), body.Channel, body.ThroughAuthority), ct)).Api())
            .Needs(Permission.HandleFeedback).WithSummary("Take down what came by phone, mail or visit, or through an authority.");
        api.MapGet("/{id:guid}", async (Guid id, ShowFeedback show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewFeedback).WithSummary("One with its history, masked.");
        api.MapPost("/{id:guid}/take", async (Guid id, TakeFeedback take, Caller caller, CancellationToken ct) => (await take.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleFeedback).WithSummary("Take it for oneself.");
        api.MapPost("/{id:guid}/assignment", async (Guid id, To body, AssignFeedback assign, Caller caller, CancellationToken ct) => (await assign.Run(caller.Call, new(id, body.Person), ct)).Api())
            .Needs(Permission.AssignFeedback).WithSummary("Give it to somebody.");
        api.MapPost("/{id:guid}/link", async (Guid id, Numbered body, LinkFeedback link, Caller caller, CancellationToken ct) => (await link.Run(caller.Call, new(id, body.Number), ct)).Api())
            .Needs(Permission.HandleFeedback).WithSummary("Say whom it concerns, by the number of a case, contract or customer.");
        api.MapPost("/{id:guid}/join", async (Guid id, Numbered body, JoinFeedback join, Caller caller, CancellationToken ct) => (await join.Run(caller.Call, new(id, body.Number), ct)).Api())
            .Needs(Permission.HandleFeedback).WithSummary("Answer it with one like it; without a number alone again.");
        api.MapPost("/{id:guid}/answer", async (Guid id, Answer body, AnswerFeedback answer, Caller caller, CancellationToken ct) =>
            (await answer.Run(caller.Call, new(id, body.Verdict, body.Remedies, body.Grounds, body.Words), ct)).Api())
            .Needs(Permission.HandleFeedback).WithSummary("Answer it, and those joined to it.");
        api.MapPost("/{id:guid}/messages", async (Guid id, Words body, ReplyFeedback reply, Caller caller, CancellationToken ct) => (await reply.Run(caller.Call, new(id, body.Text), ct)).Api())
            .Needs(Permission.HandleFeedback).WithSummary("Write to whoever handed it in.");
    }
}
