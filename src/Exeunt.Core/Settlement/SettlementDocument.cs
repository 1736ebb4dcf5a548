using System.Text.Json;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;

namespace Exeunt.Core.Settlement;

/// <summary>
/// What the command <c>settle</c> and POST /api/settlements/preview take: a contract, a policy and the facts of the end, as one JSON
/// document. The answer is the statement's JSON: the same bytes for the same document.
/// </summary>
public sealed record SettlementDocument(ContractTerms Contract, TerminationPolicy Policy, ExitFacts Facts)
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
        return StatementBuilder.Build(document.Contract, document.Policy, document.Facts);
    }
}
