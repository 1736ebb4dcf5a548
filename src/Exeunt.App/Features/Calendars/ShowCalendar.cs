using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Calendars;

/// <summary>The calendar of one place and year: the built-in days, and those added.</summary>
public sealed class ShowCalendar(AppDb db) : UseCase<ShowCalendar.Request, ShowCalendar.View>(db)
{
    public sealed record Request(string? Jurisdiction, int? Year);

    public sealed record View(string Jurisdiction, int Year, IReadOnlyList<CalendarDay> BuiltIn, IReadOnlyList<CalendarDayRow> Added, IReadOnlyList<string> Jurisdictions);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var place = AddCalendarDay.PlaceOf(request.Jurisdiction) ?? "CN";
        var year = request.Year is >= 2000 and <= 2100 and var y ? y : call.Today(Clocks.CompanyZone).Year;
        var (first, last) = (new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
        var added = await Db.CalendarDays.AsNoTracking().Where(d => d.Jurisdiction == place && d.Day >= first && d.Day <= last).OrderBy(d => d.Day).ToListAsync(ct);
        var own = await Db.CalendarDays.AsNoTracking().Select(d => d.Jurisdiction).Distinct().Take(50).ToListAsync(ct);
        return new View(place, year, HolidayCalendars.Of(place, year), added, [.. HolidayCalendars.Places.Union(own).Union([place])]);
    }
}
