using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Clock;

/// <summary>
/// Asks for a later business date. The date itself is moved by <see cref="ClockStep"/>, from one due effect to the next, so that
/// everything due on the way happens in order and before what is due later.
/// </summary>
public sealed class AdvanceBusinessDate(AppDb db) : UseCase<AdvanceBusinessDate.Request, ClockState>(db)
{
    /// <summary>Setting: how many days business time shall be ahead of real time.</summary>
    public const string TargetDays = "clock.target-days";

    /// <summary>Ten years at a time are more than any demonstration needs.</summary>
    public const int MaxDays = 3660;

    public static readonly Refusal DaysInvalid = new(RefusalKind.Invalid, "clock.days-invalid",
        $"Give a whole number of days from 1 to {MaxDays}, or a date.", $"请输入 1 至 {MaxDays} 的整数天数，或一个日期。", Field: "days");

    public static readonly Refusal DateInvalid = new(RefusalKind.Invalid, "clock.date-invalid",
        "Give a date as 2026-11-21.", "请输入日期，例如 2026-11-21。", Field: "date");

    public static Refusal NotBackwards(DateOnly earliest) => new(RefusalKind.Invalid, "clock.not-backwards",
        $"The business date only moves forward, because what has happened cannot be undone: {earliest:yyyy-MM-dd} at the earliest.",
        $"业务日期只能向前移动，因为已发生的事无法撤销：最早为 {earliest:yyyy-MM-dd}。", PossibleOn: earliest, Field: "date");

    /// <summary>One of both: by a number of days, or to a date (in the company's zone).</summary>
    public sealed record Request(int? Days = null, DateOnly? Date = null)
    {
        /// <summary>What somebody typed; an unreadable number or date becomes a request that is refused.</summary>
        public static Request Read(string? days, string? date) =>
            !string.IsNullOrWhiteSpace(date)
                ? new Request(null, DateOnly.TryParseExact(date.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) ? on : DateOnly.MinValue)
                : new Request(int.TryParse(days?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0);
    }

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<ClockState>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Date == DateOnly.MinValue)
            return DateInvalid;
        var (offset, target) = await ViewClock.Days(Db, ct);
        var from = Clocks.DateIn(call.Now.AddDays(target), ViewClock.Zone);
        var days = request.Date is { } date ? date.DayNumber - from.DayNumber : request.Days ?? 0;
        if (request.Date is not null && days < 1)
            return NotBackwards(from.AddDays(1));
        if (days is < 1 or > MaxDays)
            return DaysInvalid;

        await Set(Db, TargetDays, target + days, ct);
        // While it is moving already, the step under way sees the new target by itself.
        if (target == offset)
            Db.Enqueue(ClockStep.Next(call.Now.AddDays(offset), $"from {offset} at {call.Now.ToUnixTimeMilliseconds()}"));
        Db.Audit(call, "clock.target-set", "clock", new { days = target + days });
        var state = await ViewClock.Read(Db, call, ct);
        return await Commit(state with { Target = from.AddDays(days) }, ct);
    }

    /// <summary>Stages a setting that is a number of days.</summary>
    internal static async Task Set(AppDb db, string key, int days, CancellationToken ct)
    {
        var value = days.ToString(CultureInfo.InvariantCulture);
        await db.Put(key, value, ct);
    }
}
