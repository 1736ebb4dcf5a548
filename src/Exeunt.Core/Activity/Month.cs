using System.Globalization;

namespace Exeunt.Core.Activity;

/// <summary>
/// A civil calendar month. <paramref name="Index"/> is year × 12 + month − 1 (January of year 1 is 12), so that the
/// distance of two months is a subtraction.
/// </summary>
public readonly record struct Month(int Index) : IComparable<Month>
{
    /// <summary>December 9999, the last month a <see cref="DateOnly"/> can be in.</summary>
    public static readonly Month Max = Of(DateOnly.MaxValue);

    /// <summary>The month a day is in.</summary>
    public static Month Of(DateOnly day) => new((day.Year * 12) + day.Month - 1);

    /// <summary>The first day of the month.</summary>
    public DateOnly FirstDay => Day(1);

    /// <summary>A day of the month, 1 to 28–31.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The month has no such day.</exception>
    public DateOnly Day(int day) => new(Index / 12, (Index % 12) + 1, day);

    public int CompareTo(Month other) => Index.CompareTo(other.Index);

    public static Month operator +(Month month, int months) => new(month.Index + months);

    public static Month operator -(Month month, int months) => new(month.Index - months);

    /// <summary>How many months <paramref name="a"/> lies after <paramref name="b"/>.</summary>
    public static int operator -(Month a, Month b) => a.Index - b.Index;

    public static bool operator <(Month a, Month b) => a.Index < b.Index;

    public static bool operator >(Month a, Month b) => a.Index > b.Index;

    public static bool operator <=(Month a, Month b) => a.Index <= b.Index;

    public static bool operator >=(Month a, Month b) => a.Index >= b.Index;

    /// <summary>Reads "2011-12"; null when it is no month of that form.</summary>
    public static Month? Read(string? text) =>
        DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? Of(day) : null;

    /// <summary>"2011-12".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Index / 12:0000}-{(Index % 12) + 1:00}");
}
