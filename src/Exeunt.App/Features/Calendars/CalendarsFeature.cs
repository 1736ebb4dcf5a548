using System.Globalization;
using Exeunt.App.Features.Calendars.Console;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Calendars;

/// <summary>节假日历: days off and worked weekends by place, over the built-in ones.</summary>
public static class CalendarsFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<CalendarBook>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/admin/calendars", (ShowCalendar show, Caller caller, string? place, string? year, CancellationToken ct) =>
            Page(show, caller, new(place, int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var y) ? y : null), null, null, ct)).Needs(Permission.ManageSettings);

        routes.MapForm("/admin/calendars", async (IFormCollection typed, AddCalendarDay add, ShowCalendar show, Caller caller, CancellationToken ct) =>
        {
            var day = Day(typed["day"]);
            var request = new AddCalendarDay.Request(typed["jurisdiction"], day, typed["worked"] == "true", typed["name"]);
            var added = await add.Run(caller.Call, request, ct);
            return added.Refusal is { } no
                ? await Page(show, caller, new(request.Jurisdiction, day?.Year), no, request, ct)
                : Web.SeeOther(string.Create(CultureInfo.InvariantCulture, $"/admin/calendars?place={Uri.EscapeDataString(request.Jurisdiction!.Trim())}&year={day!.Value.Year}"));
        }).Needs(Permission.ManageSettings);

        routes.MapForm("/admin/calendars/remove", async (IFormCollection typed, RemoveCalendarDay remove, Caller caller, CancellationToken ct) =>
        {
            var day = Day(typed["day"]) ?? default;
            return (await remove.Run(caller.Call, new(typed["jurisdiction"], day), ct))
                .Then(_ => string.Create(CultureInfo.InvariantCulture, $"/admin/calendars?place={Uri.EscapeDataString(typed["jurisdiction"].ToString())}&year={day.Year}"));
        }).Needs(Permission.ManageSettings);
    }

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static async Task<IResult> Page(ShowCalendar show, Caller caller, ShowCalendar.Request request, Refusal? refusal, AddCalendarDay.Request? typed, CancellationToken ct)
    {
        var view = await show.Run(caller.Call, request, ct);
        return view.Refusal is { } no
            ? new ProblemResult(no)
            : Web.Page<CalendarsPage>(new { View = view.Value, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }
}
