using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Calendars;

/// <summary>Adds a day to a calendar: a day off, or a weekend that is worked.</summary>
public sealed class AddCalendarDay(AppDb db) : UseCase<AddCalendarDay.Request, Done>(db)
{
    public const int MaxName = 80;

    public sealed record Request(string? Jurisdiction, DateOnly? Day, bool Worked, string? Name);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (PlaceOf(request.Jurisdiction) is not { } place)
            return new Refusal(RefusalKind.Invalid, "calendar.jurisdiction", "A place is a code such as CN, DE or US-CA.", "地区应为 CN、DE、US-CA 等代码。", Field: "jurisdiction");
        if (request.Day is not { Year: >= 2000 and <= 2100 } day)
            return new Refusal(RefusalKind.Invalid, "calendar.day", "A day between the years 2000 and 2100, please.", "请填写 2000 至 2100 年之间的日期。", Field: "day");
        if (string.IsNullOrWhiteSpace(request.Name))
            return CommonRefusals.Required("name");
        if (request.Name.Trim().Length > MaxName)
            return CommonRefusals.TooLong("name", MaxName);
        if (await Db.CalendarDays.AnyAsync(d => d.Jurisdiction == place && d.Day == day, ct))
            return new Refusal(RefusalKind.Conflict, "calendar.day-taken", "This day has been added already; take it away first.", "该日期已添加，请先移除。", Field: "day");
        Db.CalendarDays.Add(new CalendarDayRow { Jurisdiction = place, Day = day, Worked = request.Worked, Name = request.Name.Trim() });
        Db.Audit(call, "calendar.day-added", $"calendar:{place}:{day:yyyy-MM-dd}", new { request.Worked });
        return await Commit(Done.It, ct);
    }

    /// <summary>The code of a place as typed; null when it is none.</summary>
    internal static string? PlaceOf(string? typed) =>
        typed?.Trim() is { Length: >= 2 and <= 10 } place && place.All(c => char.IsAsciiLetterUpper(c) || c == '-') ? place : null;
}
