using Exeunt.App.Platform;

namespace Exeunt.App.Features.ProcessMap;

/// <summary>A length of time in words that fit a table: "12 min", "5.2 h", "3.4 days".</summary>
public static class Durations
{
    private const decimal Minute = 60_000m, Hour = 60 * Minute, Day = 24 * Hour;

    /// <param name="milliseconds">Not negative.</param>
    public static string Text(long milliseconds, Texts t) => milliseconds switch
    {
        0 => t["duration.none"],
        < 60_000 => t["duration.seconds"],
        < 3_600_000 => t["duration.minutes", Math.Round(milliseconds / Minute)],
        < 48 * 3_600_000L => t["duration.hours", (milliseconds / Hour).ToString("0.#", t.Culture)],
        _ => t["duration.days", (milliseconds / Day).ToString("0.#", t.Culture)],
    };

    /// <summary>In days, for charts.</summary>
    public static decimal Days(long milliseconds) => Math.Round(milliseconds / Day, 2);
}
