namespace Exeunt.Core.Documents;

/// <summary>What is wrong with a document, where, and how to mend it.</summary>
/// <param name="Code">Stable: "procedure.unreachable".</param>
/// <param name="Path">JSON path: "steps[3].after"; "" for the whole.</param>
/// <param name="Part">Id of the step or rule; null: of the whole, or it could not be read.</param>
/// <param name="Fix">How to mend it; null where <paramref name="Says"/> says so itself.</param>
/// <param name="Line">From 1; 0 when the procedure was not read from a text.</param>
/// <param name="Column">From 1, in characters.</param>
public sealed record DocumentProblem(string Code, string Path, string? Part, Words Says, Words? Fix = null, int Line = 0, int Column = 0)
{
    /// <summary>Sentence and remedy.</summary>
    public string In(string language) =>
        language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Says.Chinese + Fix?.Chinese : Fix is null ? Says.English : $"{Says.English} {Fix.English}";

    /// <summary>The same as a refusal that says where.</summary>
    public Refusal ToRefusal()
    {
        var place = Line > 0 ? (English: $"line {Line}, column {Column}, ", Chinese: $"第 {Line} 行第 {Column} 列，") : (English: "", Chinese: "");
        var path = Path.Length == 0 ? "$" : Path;
        return new(RefusalKind.Invalid, Code, $"{place.English}{path}: {In("en")}", $"{place.Chinese}{path}：{In("zh")}", Field: Path.Length == 0 ? null : Path);
    }
}
