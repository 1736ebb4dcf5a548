using Exeunt.App.Data;
using Exeunt.Core.Calendar;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Calendars;

/// <summary>The calendar of a place: the built-in one, with the days over it that an administrator added.</summary>
public sealed class CalendarBook(AppDb db)
{
    public async Task<BusinessDays> For(string jurisdiction, CancellationToken ct) =>
        HolidayCalendars.For(jurisdiction, [.. (await db.CalendarDays.AsNoTracking().Where(d => d.Jurisdiction == jurisdiction).ToListAsync(ct)).Select(d => new CalendarDay(d.Day, d.Worked))]);

    /// <summary>The same without waiting; for due times, which are worked out while a case is staged.</summary>
    public BusinessDays Of(string jurisdiction) =>
        HolidayCalendars.For(jurisdiction, [.. db.CalendarDays.AsNoTracking().Where(d => d.Jurisdiction == jurisdiction).AsEnumerable().Select(d => new CalendarDay(d.Day, d.Worked))]);
}
