namespace Exeunt.App.Features.Standards;

/// <summary>The lists of a scope as people type them. Names of industries hold commas of all kinds, so semicolons or lines part them; codes are parted by commas.</summary>
internal static class ScopeText
{
    private static readonly char[] Semicolons = [';', '；', '\n'];
    private static readonly char[] Commas = [',', '，', '、'];

    public static string OfIndustries(IReadOnlyList<string>? industries) => string.Join("; ", industries ?? []);

    public static string OfCodes(IReadOnlyList<string>? codes) => string.Join(", ", codes ?? []);

    /// <summary>Null: none are named.</summary>
    public static List<string>? Industries(string typed) => Split(typed, Semicolons);

    /// <inheritdoc cref="Industries"/>
    public static List<string>? Codes(string typed) => Split(typed, Commas);

    private static List<string>? Split(string typed, char[] at) => typed.Split(at, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } all ? [.. all] : null;
}
