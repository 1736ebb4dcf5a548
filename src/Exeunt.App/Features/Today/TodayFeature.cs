using Exeunt.App.Features.Today.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Today;

/// <summary>今日: what is due for the person who looks. Cases keep what they wait for; other features register an <see cref="ITodaySource"/>.</summary>
internal static class TodayFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<Inbox>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/today", Show).Needs(Permission.Staff);
        routes.MapGet("/api/today", async (InboxScope? scope, Urgency? due, string? after, Caller caller, ShowToday show, CancellationToken ct) =>
            (await show.Run(caller.Call, new(scope ?? InboxScope.ForMe, due, after), ct)).Api())
            .Needs(Permission.Staff).WithTags("Today").Produces<TodayView>().WithSummary("What waits for you, most urgent first, 50 a page.");
    }

    private static async Task<IResult> Show(Caller caller, ShowToday show, string? scope, string? due, string? after, CancellationToken ct)
    {
        var question = new Inbox.Question(
            Enum.TryParse<InboxScope>(scope, ignoreCase: true, out var whose) && Enum.IsDefined(whose) ? whose : InboxScope.ForMe,
            Enum.TryParse<Urgency>(due, ignoreCase: true, out var when) && Enum.IsDefined(when) ? when : null, after);
        var outcome = await show.Run(caller.Call, question, ct);
        return outcome.Refusal is { } refusal ? new ProblemResult(refusal) : Web.Page<TodayPage>(new { Today = outcome.Value, Asked = question });
    }
}
