using System.Globalization;
using System.Text;
using Exeunt.App.Features.Agenda.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Agenda;

/// <summary>日历: what happens when, as a month or a week, and as a file for one's own calendar.</summary>
internal static class AgendaFeature
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/calendar", Show).Needs(Permission.Staff);
        routes.MapPage("/calendar.ics", Download).Needs(Permission.Staff);
        routes.MapGet("/api/calendar", async (DateOnly from, DateOnly until, bool? mine, Caller caller, ShowAgenda show, CancellationToken ct) =>
            (await show.Run(caller.Call, new(from, until, mine == true), ct)).Api())
            .Needs(Permission.Staff).WithTags("Today").WithSummary("What happens on the days from one to another (both included).");
    }

    private static async Task<IResult> Show(string? view, string? on, string? mine, Caller caller, ShowAgenda show, CancellationToken ct)
    {
        var today = caller.Call.Today(Clocks.CompanyZone);
        var day = DateOnly.TryParseExact(on, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var asked) && asked.Year is > 2000 and < 2200 ? asked : today;
        var week = view == "week";
        // Whole weeks from Monday: a month's page shows those that touch it.
        var first = Monday(week ? day : new DateOnly(day.Year, day.Month, 1));
        var last = week ? first.AddDays(6) : Monday(new DateOnly(day.Year, day.Month, 1).AddMonths(1).AddDays(-1)).AddDays(6);
        var outcome = await show.Run(caller.Call, new(first, last, mine == "1"), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<AgendaPage>(new { View = outcome.Value, First = first, Last = last, Day = day, Week = week, Mine = mine == "1" });
    }

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static async Task<IResult> Download(Caller caller, ShowAgenda show, CancellationToken ct)
    {
        var today = caller.Call.Today(Clocks.CompanyZone);
        var outcome = await show.Run(caller.Call, new(today.AddDays(-30), today.AddDays(330), Mine: true), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Results.File(Encoding.UTF8.GetBytes(Ics.Of(outcome.Value.Items, caller.Call.Now, caller.T)), "text/calendar; charset=utf-8", "exeunt.ics");
    }
}

/// <summary>Items as iCalendar (RFC 5545): one all-day event each, with an id that stays.</summary>
internal static class Ics
{
    public static string Of(IEnumerable<AgendaItem> items, DateTimeOffset now, Texts t)
    {
        var text = new StringBuilder();
        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//Exeunt//Calendar//EN");
        Line("METHOD:PUBLISH");
        foreach (var item in items)
        {
            Line("BEGIN:VEVENT");
            Line($"UID:{item.Kind}-{item.Name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{item.Link}|{item.Words}")))[..12]}@exeunt");
            Line(string.Create(CultureInfo.InvariantCulture, $"DTSTAMP:{now.UtcDateTime:yyyyMMddTHHmmssZ}"));
            Line(string.Create(CultureInfo.InvariantCulture, $"DTSTART;VALUE=DATE:{item.On:yyyyMMdd}"));
            Line(string.Create(CultureInfo.InvariantCulture, $"DTEND;VALUE=DATE:{item.On.AddDays(1):yyyyMMdd}"));
            Line("SUMMARY:" + Escape($"{item.Name} {t.Pick("·", "·")} {item.Words}"));
            Line("END:VEVENT");
        }
        Line("END:VCALENDAR");
        return text.ToString();

        // At most 75 bytes a line; what goes on begins with a space.
        void Line(string line)
        {
            var bytes = 0;
            foreach (var rune in line.EnumerateRunes())
            {
                if (bytes + rune.Utf8SequenceLength > 75)
                {
                    text.Append("\r\n ");
                    bytes = 1;
                }
                text.Append(rune.ToString());
                bytes += rune.Utf8SequenceLength;
            }
            text.Append("\r\n");
        }
    }

    private static string Escape(string words) =>
        words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
