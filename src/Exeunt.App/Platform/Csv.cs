using System.Globalization;
using System.Text;

namespace Exeunt.App.Platform;

/// <summary>Comma-separated values as spreadsheets read them.</summary>
public static class Csv
{
    /// <summary>Excel reads UTF-8 only with a byte order mark.</summary>
    public const string Mark = "\uFEFF";

    /// <summary>One line with its end.</summary>
    public static string Line(IEnumerable<string?> cells) => string.Join(',', cells.Select(c => Cell(c ?? ""))) + "\r\n";

    /// <summary>Quoted where needed; what a spreadsheet would take for a formula begins with an apostrophe. A plain number keeps its minus.</summary>
    public static string Cell(string value)
    {
        if (value.Length > 0 && (value[0] is '=' or '+' or '@' or '\t' or '\r' || (value[0] == '-' && value.Length > 1 && !IsNumber(value))))
            value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }

    private static bool IsNumber(string value) => decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    /// <summary>The answer to a download: "NAME-DAY.csv"; one that had to leave something out says so in a header.</summary>
    public static IResult Download(HttpContext http, string text, string name, DateOnly on, bool isComplete)
    {
        if (!isComplete)
            http.Response.Headers["Exeunt-Incomplete"] = "true";
        return Results.File(Encoding.UTF8.GetBytes(text), "text/csv; charset=utf-8", string.Create(CultureInfo.InvariantCulture, $"{name}-{on:yyyy-MM-dd}.csv"));
    }
}
