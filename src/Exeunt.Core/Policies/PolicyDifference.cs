using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exeunt.Core.Policies;

/// <summary>A field that says another thing in the newer version.</summary>
/// <param name="Path">JSON path; entries are named by their key: "handOvers[router].price".</param>
/// <param name="Name">What the field is called, with the parts it stands in.</param>
/// <param name="Old">The value as it stands in the document; null: it was not there.</param>
/// <param name="New">The value as it stands in the document; null: it is not there any more.</param>
public sealed record FieldChange(string Path, Words Name, string? Old, string? New);

/// <summary>Two versions of a sentence side by side; one is null where the other version says nothing of it.</summary>
public sealed record AlignedSentence(string Topic, string? Old, string? New)
{
    public bool IsChanged => Old != New;
}

/// <summary>What is different between two policies: field by field, and sentence by sentence.</summary>
public static class PolicyDifference
{
    /// <summary>The name by which an entry of a list is the same entry in both versions; entries of other lists are known by their place.</summary>
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["grounds"] = "ground", ["handOvers"] = "code", ["damagePrices"] = "code",
    };

    /// <summary>Every value that differs, in the order of the older document, then what is new. Number and version are left out.</summary>
    public static IReadOnlyList<FieldChange> Between(TerminationPolicy older, TerminationPolicy newer)
    {
        var (old, now) = (Values(older), Values(newer));
        var there = now.Select(v => v.Key).ToHashSet(StringComparer.Ordinal);
        var (before, after) = (old.ToDictionary(StringComparer.Ordinal), now.ToDictionary(StringComparer.Ordinal));
        return
        [
            .. old.Select(v => v.Key).Concat(now.Select(v => v.Key).Where(k => !before.ContainsKey(k)))
                .Where(path => path is not ("number" or "version") && before.GetValueOrDefault(path) != after.GetValueOrDefault(path))
                .Select(path => new FieldChange(path, Name(path), before.GetValueOrDefault(path), there.Contains(path) ? after[path] : null)),
        ];
    }

    /// <summary>Sentences about the same topic beside each other, in the order of the older text; what is new stands after what comes before it.</summary>
    public static IReadOnlyList<AlignedSentence> Align(IReadOnlyList<(string Topic, string Text)> older, IReadOnlyList<(string Topic, string Text)> newer)
    {
        var now = newer.ToDictionary(s => s.Topic, s => s.Text, StringComparer.Ordinal);
        var rows = older.Select(s => new AlignedSentence(s.Topic, s.Text, now.GetValueOrDefault(s.Topic))).ToList();
        var known = older.Select(s => s.Topic).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < newer.Count; i++)
        {
            if (known.Contains(newer[i].Topic))
                continue;
            var at = i == 0 ? 0 : rows.FindIndex(r => r.Topic == newer[i - 1].Topic) + 1;
            rows.Insert(at, new(newer[i].Topic, null, newer[i].Text));
        }
        return rows;
    }

    /// <summary>Every value of the document under its path.</summary>
    private static List<KeyValuePair<string, string>> Values(TerminationPolicy policy)
    {
        var values = new List<KeyValuePair<string, string>>();
        Walk(JsonNode.Parse(policy.ToJson())!, "", values);
        return values;
    }

    private static void Walk(JsonNode? node, string path, List<KeyValuePair<string, string>> values)
    {
        switch (node)
        {
            case JsonObject parts:
                foreach (var (name, part) in parts)
                    Walk(part, path.Length == 0 ? name : $"{path}.{name}", values);
                break;
            case JsonArray entries:
                for (var i = 0; i < entries.Count; i++)
                    Walk(entries[i], $"{path}[{(Keys.TryGetValue(path, out var key) ? entries[i]![key]!.ToString() : $"{i + 1}")}]", values);
                break;
            case not null:
                values.Add(new(path, node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString()));
                break;
        }
    }

    /// <summary>"What is handed in or over: router: When missing".</summary>
    private static Words Name(string path)
    {
        var name = PolicyFields.NameOf(path);
        var entry = path.StartsWith("lines.", StringComparison.Ordinal) ? path["lines.".Length..path.LastIndexOf('.')]
            : path.IndexOf('[', StringComparison.Ordinal) is > 0 and var open ? path[(open + 1)..path.IndexOf(']', StringComparison.Ordinal)]
            : null;
        return entry is null ? name : new($"{name.English} ({entry})", $"{name.Chinese}（{entry}）");
    }
}
