using Exeunt.App.Features.Notifications.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Notifications;

/// <summary>提醒: what a person is told, in the console and, if they want, by mail.</summary>
internal static class NotificationsFeature
{
    public sealed record Wishes(IReadOnlyList<NotificationKind>? InApp, IReadOnlyList<NotificationKind>? ByMail);

    public static void Add(IServiceCollection services) =>
        services.AddScoped<NotificationWishes>().AddScoped<IBell, UnreadNotifications>().AddScoped<ITodaySource, ChangedToday>().AddEffect<MailNotification>("notification.mail");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/notifications", Show).Needs(Permission.Staff);
        routes.MapForm("/notifications/{id:long}/read", async (long id, IFormCollection typed, Caller caller, ReadNotifications read, CancellationToken ct) =>
            (await read.Run(caller.Call, new(id), ct)).Then(_ => Web.Local(typed["back"].ToString() is { Length: > 0 } back ? back : "/notifications"))).Needs(Permission.Staff);
        routes.MapForm("/notifications/read", async (Caller caller, ReadNotifications read, CancellationToken ct) =>
            (await read.Run(caller.Call, new(), ct)).Then(_ => "/notifications")).Needs(Permission.Staff);
        routes.MapForm("/notifications/wishes", async (IFormCollection typed, Caller caller, ChooseNotifications choose, CancellationToken ct) =>
            (await choose.Run(caller.Call, new(KindsIn(typed["inapp"]), KindsIn(typed["mail"])), ct)).Then(_ => "/notifications#wishes")).Needs(Permission.Staff);

        var api = routes.MapGroup("/api/notifications").WithTags("Notifications");
        api.MapGet("", async (bool? unread, long? before, Caller caller, ListNotifications list, CancellationToken ct) => (await list.Run(caller.Call, new(unread == true, before), ct)).Api())
            .Needs(Permission.Staff).WithSummary("Your notifications, newest first, 50 a page.");
        api.MapPost("/read", async (long? id, Caller caller, ReadNotifications read, CancellationToken ct) => (await read.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.Staff).WithSummary("Mark one (?id=) or all as read.");
        api.MapPut("/wishes", async (Wishes body, Caller caller, ChooseNotifications choose, CancellationToken ct) => (await choose.Run(caller.Call, new(body.InApp, body.ByMail), ct)).Api())
            .Needs(Permission.Staff).WithSummary("Choose what you are shown and what comes by mail.");
        routes.MapPost("/api/cases/{id:guid}/ask", async (Guid id, Caller caller, AskAboutCase ask, CancellationToken ct) => (await ask.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithTags("Cases").WithSummary("Ask whoever has the case to say how it stands.");
    }

    private static async Task<IResult> Show(Caller caller, ListNotifications list, string? unread, long? before, CancellationToken ct)
    {
        var outcome = await list.Run(caller.Call, new(unread == "1", before), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<NotificationsPage>(new { View = outcome.Value, UnreadOnly = unread == "1", Paged = before is not null });
    }

    private static List<NotificationKind> KindsIn(IEnumerable<string?> typed) =>
        [.. typed.Select(t => Enum.TryParse<NotificationKind>(t, out var kind) && Enum.IsDefined(kind) ? kind : (NotificationKind?)null).OfType<NotificationKind>()];
}
