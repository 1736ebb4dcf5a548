using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Exeunt.Core.Documents;

namespace Exeunt.Core.Policies;

/// <summary>
/// The JSON Schema of a policy's document (draft 2020-12), made from its types: names, types, what is required, the values of each
/// choice, and what every field is called in both languages. What values must say together is checked by <see cref="PolicyDocument"/>.
/// </summary>
public static class PolicySchema
{
    public const string Path = "/schemas/termination-policy.json";

    /// <summary>The schema as JSON with line breaks; the same text every time.</summary>
    public static string Json { get; } = Write();

    private static string Write() =>
        SchemaText.Write(typeof(TerminationPolicy), PolicyDocument.Options, "Exeunt termination policy 解约政策",
            "How contracts of a kind end and what that costs: one version. Amounts are \"300.00 CNY\", rates \"0.20\", dates \"2026-01-31\".", Transform);

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = PolicyFields.Plain(context.TypeInfo.Type);
        var nullable = Nullable.GetUnderlyingType(context.TypeInfo.Type) is not null;
        if (type == typeof(Money))
            node = Text(nullable, "pattern", @"^[0-9]+(\.[0-9]+)? [A-Z]{3}$");
        else if (type == typeof(Rate))
            node = Text(nullable, "pattern", @"^[0-9]+(\.[0-9]+)?$");
        else if (type == typeof(DateOnly))
        {
            node = Text(nullable, "pattern", @"^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
            node["format"] = "date";
        }
        else if (type.IsEnum)
        {
            var values = new JsonArray([.. PolicyDocument.NamesOf(type).Select(n => (JsonNode?)n)]);
            if (nullable)
                values.Add(null);
            node = new JsonObject { ["type"] = nullable ? new JsonArray("string", "null") : "string", ["enum"] = values };
        }
        if (node is not JsonObject schema)
            return node;
        // "const" is younger than many validators; a list of one value says the same.
        if (schema["properties"] is JsonObject properties)
            foreach (var (_, value) in properties)
                if (value is JsonObject property && property["const"] is { } only)
                {
                    property.Remove("const");
                    property["type"] = "string";
                    property["enum"] = new JsonArray(only.DeepClone());
                }
        if (context.PropertyInfo is not null && PolicyFields.At(PathOf(context.Path)) is { } field)
            schema["description"] = $"{field.Name.English} {field.Name.Chinese}";
        return schema;
    }

    private static JsonObject Text(bool nullable, string rule, string value) =>
        new() { ["type"] = nullable ? new JsonArray("string", "null") : "string", [rule] = value };

    /// <summary>"handOvers[].price" of properties/handOvers/items/properties/price.</summary>
    private static string PathOf(ReadOnlySpan<string> steps)
    {
        var path = "";
        for (var i = 0; i < steps.Length; i++)
        {
            switch (steps[i])
            {
                case "properties":
                    path += (path.Length == 0 ? "" : ".") + steps[++i];
                    break;
                case "items" or "additionalProperties":
                    path += "[]";
                    break;
                case "anyOf":
                    i++;
                    break;
            }
        }
        return path;
    }
}
