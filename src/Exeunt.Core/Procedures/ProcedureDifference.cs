using System.Text.Json.Nodes;

namespace Exeunt.Core.Procedures;

/// <summary>A step of two versions side by side; null where that version does not have it.</summary>
/// <param name="Fields">Names of the fields that differ: "after", "dueHours"; empty when the step is new, gone or the same.</param>
public sealed record AlignedStep(string Id, ProcedureStep? Old, ProcedureStep? New, IReadOnlyList<string> Fields)
{
    public bool IsAdded => Old is null;

    public bool IsRemoved => New is null;

    public bool IsChanged => IsAdded || IsRemoved || Fields.Count > 0;
}

/// <summary>What is different between two versions of a procedure.</summary>
/// <param name="Fields">Names of the fields outside the steps that differ: "name", "hours".</param>
/// <param name="Steps">Every step of either version, in the order of the older one; what is new stands after what comes before it.</param>
public sealed record ProcedureDifference(IReadOnlyList<string> Fields, IReadOnlyList<AlignedStep> Steps)
{
    public bool IsNone => Fields.Count == 0 && Steps.All(s => !s.IsChanged);

    /// <summary>Id and version are not compared.</summary>
    public static ProcedureDifference Between(Procedure older, Procedure newer)
    {
        var (old, now) = (Json(older), Json(newer));
        var fields = Keys(old, now).Where(k => k is not ("id" or "version" or "steps") && Differ(old[k], now[k])).ToList();
        var rows = older.Steps.Select(step => Align(step.Id, step, newer.Find(step.Id))).ToList();
        for (var i = 0; i < newer.Steps.Count; i++)
        {
            var step = newer.Steps[i];
            if (older.Find(step.Id) is not null)
                continue;
            var at = i == 0 ? 0 : rows.FindIndex(r => r.Id == newer.Steps[i - 1].Id) + 1;
            rows.Insert(at, new(step.Id, null, step, []));
        }
        return new(fields, rows);
    }

    private static AlignedStep Align(string id, ProcedureStep old, ProcedureStep? now)
    {
        if (now is null)
            return new(id, old, null, []);
        var (before, after) = (Json(old), Json(now));
        return new(id, old, now, [.. Keys(before, after).Where(k => Differ(before[k], after[k]))]);
    }

    private static JsonObject Json<T>(T value) => System.Text.Json.JsonSerializer.SerializeToNode(value, ProcedureDocument.Options)!.AsObject();

    private static IEnumerable<string> Keys(JsonObject one, JsonObject other) => one.Select(p => p.Key).Union(other.Select(p => p.Key));

    private static bool Differ(JsonNode? one, JsonNode? other) => !JsonNode.DeepEquals(one, other);
}
