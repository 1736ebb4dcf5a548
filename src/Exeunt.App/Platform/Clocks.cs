using System.Globalization;

namespace Exeunt.App.Platform;

/// <summary>
/// The two clocks: real time, and business time, which is real time plus a whole number of days (0 unless the demo clock or a
/// test moved it). The offset lives in the database, so every node sees the same business date.
/// </summary>
public sealed class Clocks(TimeProvider real)
{
    /// <summary>The zone in which the company's own times are shown; a contract's dates are in its own.</summary>
    public const string CompanyZone = "Asia/Shanghai";

    private long _offsetTicks;

    public DateTimeOffset Now => real.GetUtcNow();

    public DateTimeOffset BusinessNow => Now + Offset;

    /// <summary>How far business time is ahead of real time; never negative.</summary>
    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    /// <summary>The civil date of an instant in an IANA zone.</summary>
    public static DateOnly DateIn(DateTimeOffset at, string zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);

    /// <summary>The instant that a form's date and time mean in an IANA zone; null when it is none. One out of range is <see cref="DateTimeOffset.MinValue"/>.</summary>
    public static DateTimeOffset? InstantIn(string? text, string zone) =>
        DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? DateRange.Holds(local) ? new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(local)).ToUniversalTime() : DateTimeOffset.MinValue
            : null;

    /// <summary>The instant at which a civil date begins in an IANA zone (its 00:00).</summary>
    public static DateTimeOffset StartOf(DateOnly date, string zone)
    {
        var tz = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var local = date.ToDateTime(TimeOnly.MinValue);
        while (tz.IsInvalidTime(local))
            local = local.AddMinutes(30);
        return new DateTimeOffset(local, tz.GetUtcOffset(local)).ToUniversalTime();
    }
}
