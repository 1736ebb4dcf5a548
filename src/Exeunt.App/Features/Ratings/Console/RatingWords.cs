using Exeunt.App.Platform;
using Exeunt.App.Ui;

namespace Exeunt.App.Features.Ratings.Console;

/// <summary>How a rating reads; values are hundredths of a point.</summary>
internal static class RatingWords
{
    /// <summary>"3.5 of 5".</summary>
    public static string Points(long value, Texts t) => t["rating.points", (value / 100m).ToString("0.##", t.Culture)];

    /// <summary>The step of the scale that is nearest, half upwards.</summary>
    public static int Step(long value) => (int)Math.Clamp((value + 50) / 100, RatingDesk.Least, RatingDesk.Most);

    public static ChipKind Kind(long value) =>
        Step(value) switch
        {
            >= 4 => ChipKind.Ok,
            3 => ChipKind.Neutral,
            2 => ChipKind.Warn,
            _ => ChipKind.Bad,
        };
}
