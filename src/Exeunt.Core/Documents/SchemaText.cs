using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Exeunt.Core.Documents;

/// <summary>JSON Schemas (draft 2020-12) of documents, made from their types: the same text every time.</summary>
internal static class SchemaText
{
    private static readonly JsonSerializerOptions Indented = new(Settlement.SettlementJson.Document) { WriteIndented = true, NewLine = "\n" };

    /// <summary>The schema with line breaks; what it is comes first.</summary>
    /// <param name="options">The document's own.</param>
    /// <param name="transform">Puts words, ranges and names of values to each part.</param>
    /// <param name="last">Put after everything else.</param>
    public static string Write(Type type, JsonSerializerOptions options, string title, string description, Func<JsonSchemaExporterContext, JsonNode, JsonNode> transform, params IEnumerable<(string Name, JsonNode Value)> last)
    {
        var schema = (JsonObject)options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = transform });
        var head = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title, ["description"] = description };
        foreach (var (name, value) in schema.ToList())
        {
            schema.Remove(name);
            if (name is not ("$schema" or "title" or "description"))
                head[name] = value;
        }
        foreach (var (name, value) in last)
            head[name] = value;
        return head.ToJsonString(Indented);
    }
}
