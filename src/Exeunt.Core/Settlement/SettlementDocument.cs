using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.Core.Settlement;

/// <summary>
/// What the command <c>settle</c> and POST /api/settlements/preview take: a contract, a policy and the facts of the end, as one JSON
/// document. The answer is the statement's JSON: the same bytes for the same document. A statement is such a document too: what it was
/// computed from stands under <c>inputs</c>, and gives the same statement again.
/// </summary>
/// <param name="RulePacks">The legal limits that hold: built-in packs by name ("DE 1") or whole packs; null: none are applied.</param>
public sealed record SettlementDocument(
    ContractTerms Contract,
    TerminationPolicy Policy,
    ExitFacts Facts,
    [property: JsonConverter(typeof(RulePacksJson))] IReadOnlyList<RulePack>? RulePacks = null
)
{
    /// <summary>Reads the document, or the statement, and computes the statement.</summary>
    public static Outcome<Statement> Settle(string json)
    {
        var (document, refusal) = Read(json);
        return refusal is null
            ? StatementBuilder.Build(document!.Contract, document.Policy, document.Facts, document.RulePacks)
            : refusal;
    }

    /// <summary>Reads the document, or the inputs of a statement.</summary>
    public static (SettlementDocument? Document, Refusal? Refusal) Read(string json)
    {
        try
        {
            // A mark some editors put before the text is no part of it.
            using var root = JsonDocument.Parse(json.TrimStart('\uFEFF'), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var inputs =
                root.RootElement.ValueKind == JsonValueKind.Object && root.RootElement.TryGetProperty("inputs", out var own)
                    ? own
                    : root.RootElement;
            return (inputs.Deserialize<SettlementDocument>(SettlementJson.Document) ?? throw new JsonException("null"), null);
        }
        catch (CalculationException refused)
        {
            return (null, refused.ToRefusal());
        }
        catch (JsonException unreadable)
        {
            return (null, Unreadable(unreadable));
        }
        // A text that is not Unicode.
        catch (Exception unreadable) when (unreadable is ArgumentException or InvalidOperationException)
        {
            return (null, Unreadable(new JsonException(unreadable.Message)));
        }
    }

    private static Refusal Unreadable(JsonException unreadable)
    {
        var path = unreadable.Path is { Length: > 2 } named && named.StartsWith("$.", StringComparison.Ordinal) ? named[2..] : null;
        if (unreadable.InnerException is CalculationException inner)
        {
            var refusal = inner.ToRefusal();
            return path is null
                ? refusal
                : refusal with { English = $"{path}: {refusal.English}", Chinese = $"{path}：{refusal.Chinese}", Field = path };
        }
        const string missing = "missing required properties including: ";
        if (unreadable.Message.IndexOf(missing, StringComparison.Ordinal) is var at and >= 0)
        {
            var names = unreadable.Message[(at + missing.Length)..].TrimEnd('.');
            return CalculationException.Missing(path is null ? names : $"{path}: {names}").ToRefusal();
        }
        var where = path ?? $"line {(unreadable.LineNumber ?? 0) + 1}, column {(unreadable.BytePositionInLine ?? 0) + 1}";
        return new(
            RefusalKind.Invalid,
            "settlement.document-unreadable",
            $"The document cannot be read at {where}. Expected {{\"contract\": …, \"policy\": …, \"facts\": …}}; see docs/settlement.md.",
            $"无法读取文档（{where}）。应为 {{\"contract\": …, \"policy\": …, \"facts\": …}}，见 docs/settlement.md。",
            Field: path
        );
    }
}

/// <summary>Reads a list of packs, each the name of a built-in one ("DE 1") or a whole pack; writes built-in ones by name.</summary>
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
            if (BuiltInPacks.Named(pack.Name) is { } known && (ReferenceEquals(known, pack) || known.ToJson() == pack.ToJson()))
                writer.WriteStringValue(pack.Name);
            else
                JsonSerializer.Serialize(writer, pack, options);
        writer.WriteEndArray();
    }
}
