using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Calendars;

/// <summary>Takes an added day away; built-in days stay.</summary>
public sealed class RemoveCalendarDay(AppDb db) : UseCase<RemoveCalendarDay.Request, Done>(db)
{
    public sealed record Request(string? Jurisdiction, DateOnly Day);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.CalendarDays.SingleOrDefaultAsync(d => d.Jurisdiction == request.Jurisdiction && d.Day == request.Day, ct) is not { } row)
            return CommonRefusals.NotFound;
        Db.CalendarDays.Remove(row);
        Db.Audit(call, "calendar.day-removed", $"calendar:{row.Jurisdiction}:{row.Day:yyyy-MM-dd}");
        return await Commit(Done.It, ct);
    }
}
