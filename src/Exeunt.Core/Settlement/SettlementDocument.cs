using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.Core.Settlement;

/// <summary>
/// What the command <c>settle</c> and POST /api/settlements/preview take: a contract, a policy and the facts of the end, as one JSON
/// document. The answer is the statement's JSON: the same bytes for the same document.
/// </summary>
/// <param name="RulePacks">Built-in packs by name ("DE 1") or whole packs; without it no law is applied.</param>
public sealed record SettlementDocument(
    ContractTerms Contract, TerminationPolicy Policy, ExitFacts Facts, [property: JsonConverter(typeof(RulePacksJson))] IReadOnlyList<RulePack>? RulePacks = null)
{
    /// <summary>Reads the document and computes the statement.</summary>
    public static Outcome<Statement> Settle(string json)
    {
        SettlementDocument document;
        try
        {
            var read = JsonSerializer.Deserialize<SettlementDocument>(json, SettlementJson.Document);
            document = read is { Contract: not null, Policy: not null, Facts: not null } ? read : throw new JsonException("A part is missing.");
        }
        catch (CalculationException refused)
        {
            return refused.ToRefusal();
        }
        catch (JsonException e)
        {
            var where = $"line {(e.LineNumber ?? 0) + 1}, column {(e.BytePositionInLine ?? 0) + 1}{(e.Path is { Length: > 0 } path ? $", {path}" : "")}";
            return e.InnerException is CalculationException inner
                ? inner.ToRefusal()
                : new Refusal(RefusalKind.Invalid, "settlement.document-unreadable",
                    $"The document cannot be read at {where}. Expected {{\"contract\": …, \"policy\": …, \"facts\": …}}; see docs/settlement.md.",
                    $"无法读取文档（{where}）。应为 {{\"contract\": …, \"policy\": …, \"facts\": …}}，见 docs/settlement.md。");
        }
        return StatementBuilder.Build(document.Contract, document.Policy, document.Facts, document.RulePacks);
    }
}

/// <summary>Reads a list of packs, each the name of a built-in one ("DE 1") or a whole pack; writes whole packs.</summary>
internal sealed class RulePacksJson : JsonConverter<IReadOnlyList<RulePack>>
{
    public override IReadOnlyList<RulePack> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("A list of rule packs is expected.");
        var packs = new List<RulePack>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            packs.Add(reader.TokenType == JsonTokenType.String
                ? BuiltInPacks.Named(reader.GetString()!) ?? throw new JsonException($"There is no built-in rule pack \"{reader.GetString()}\".")
                : JsonSerializer.Deserialize<RulePack>(ref reader, options) ?? throw new JsonException("A rule pack is an object."));
        return packs;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<RulePack> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var pack in value)
            JsonSerializer.Serialize(writer, pack, options);
        writer.WriteEndArray();
    }
}
