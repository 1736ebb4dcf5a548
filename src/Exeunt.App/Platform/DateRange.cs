using Exeunt.Core;

namespace Exeunt.App.Platform;

/// <summary>
/// The years that dates from outside may lie in, both included. What lies elsewhere is a slip, and no zone's clock could reckon with it.
/// </summary>
public static class DateRange
{
    public const int FirstYear = 2000;
    public const int LastYear = 2200;

    public static bool Holds(DateOnly date) => date.Year is >= FirstYear and <= LastYear;

    public static bool Holds(DateTime at) => Holds(DateOnly.FromDateTime(at));

    /// <summary>Why a date of a request cannot be taken; null when it can, or there is none.</summary>
    public static Refusal? Check(DateOnly? date, string field) => date is { } there && !Holds(there) ? Outside(field) : null;

    private static Refusal Outside(string field) =>
        new(RefusalKind.Invalid, "date-out-of-range", $"Give a date from {FirstYear} to {LastYear}.", $"日期须在 {FirstYear} 至 {LastYear} 年之间。", Field: field);
}
