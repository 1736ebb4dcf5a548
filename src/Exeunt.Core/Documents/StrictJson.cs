using System.Text;
using System.Text.Json;

namespace Exeunt.Core.Documents;

/// <summary>How a document is read from JSON: its length, its shape, its values, each only when what comes before is right.</summary>
/// <param name="noun">What its codes begin with ("standard").</param>
/// <param name="maxLength">Longest document, in characters.</param>
/// <param name="maxEntries">Most entries of one list.</param>
/// <param name="check">What is wrong with the values one by one.</param>
/// <param name="maxDepth">How deep rules may stand in each other.</param>
/// <param name="special">A problem of shape that this document words itself, by path and code; null: as usual.</param>
internal sealed class StrictJson<T>(
    string noun, JsonSerializerOptions options, int maxLength, int maxEntries, Func<T, IReadOnlyList<DocumentProblem>> check, int maxDepth = 1, Func<string, string, DocumentProblem?>? special = null)
    where T : class
{
    /// <summary>The document, or everything that is wrong with it, by line and column.</summary>
    public (T? Document, IReadOnlyList<DocumentProblem> Problems) Read(string json)
    {
        if (json.Length > maxLength)
            return (null, [new($"{noun}.too-long", "", null, new($"The document is longer than {maxLength} characters.", $"文档超过 {maxLength} 个字符。"))]);
        var bytes = Encoding.UTF8.GetBytes(json);
        JsonSpot root;
        try
        {
            root = JsonSpot.Parse(bytes);
        }
        catch (JsonException e)
        {
            return Unread(e, "not-json", "", new("This is not JSON, or it is more than 64 deep.", "不是有效的 JSON，或嵌套超过 64 层。"));
        }
        var problems = new List<DocumentProblem>();
        var shape = new JsonShape(options, (path, code, english, chinese) => problems.Add(special?.Invoke(path, code) ?? new($"{noun}.{code}", path, null, new(english, chinese))), maxEntries, maxDepth);
        shape.Check(root, typeof(T), "");
        if (problems.Count > 0)
            return (null, Placed(problems));
        T document;
        try
        {
            document = JsonSerializer.Deserialize<T>(bytes, options)!;
        }
        catch (JsonException e)
        {
            // The shape was right; whatever is left is said by the reader itself.
            return Unread(e, "unreadable", (e.Path ?? "").TrimStart('$').TrimStart('.'), new("This cannot be read.", "无法读取。"));
        }
        problems.AddRange(check(document));
        return problems.Count > 0 ? (null, Placed(problems)) : (document, []);

        List<DocumentProblem> Placed(List<DocumentProblem> found) =>
            [.. found.Select(p => shape.PlaceOf(p.Path, bytes) is var (line, column) ? p with { Line = line, Column = column } : p).OrderBy(p => (p.Line, p.Column))];
    }

    private (T?, IReadOnlyList<DocumentProblem>) Unread(JsonException e, string code, string path, Words what) =>
        (null, [new($"{noun}.{code}", path, null, what, null, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1)]);
}
