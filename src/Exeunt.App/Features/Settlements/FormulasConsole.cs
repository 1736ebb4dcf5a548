using System.Text.Json;
using System.Text.Json.Nodes;
using Exeunt.App.Features.Settlements.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Settlement;

namespace Exeunt.App.Features.Settlements;

/// <summary>公式验算: every formula with its text, an example and a form. The inputs stand in the address, so that an answer can be shown to others.</summary>
public static class FormulasConsole
{
    /// <summary>What was typed, the answer as JSON, why there is none, and the request as the command takes it.</summary>
    public sealed record Tried(IReadOnlyDictionary<string, string> Typed, string? Json, Refusal? Refusal, string? Request);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/formulas", () => Web.Page<FormulasPage>()).Needs(Permission.ViewPolicies);
        routes.MapPage("/formulas/{name}", Show).Needs(Permission.ViewPolicies);
    }

    /// <summary>The fields of a formula's form: its inputs and the rounding.</summary>
    public static IEnumerable<FormulaInput> Fields(FormulaEntry formula) => formula.Inputs.Append(FormulaCatalogue.RoundingInput);

    private static IResult Show(string name, HttpContext http, Caller caller)
    {
        if (FormulaCatalogue.Find(name) is not { } formula)
            return new ProblemResult(CommonRefusals.NotFound);
        var typed = Fields(formula).Where(f => http.Request.Query.ContainsKey(f.Name)).ToDictionary(f => f.Name, f => http.Request.Query[f.Name].ToString());
        var tried = typed.Values.All(string.IsNullOrWhiteSpace) ? new Tried(typed, null, null, null) : Try(formula, typed);
        return Web.Page<FormulaPage>(new { Formula = formula, Tried = tried }, tried.Refusal is { } no ? Problems.StatusOf(no) : StatusCodes.Status200OK);
    }

    private static Tried Try(FormulaEntry formula, IReadOnlyDictionary<string, string> typed)
    {
        var inputs = new JsonObject();
        foreach (var field in Fields(formula))
        {
            if (!typed.TryGetValue(field.Name, out var text) || string.IsNullOrWhiteSpace(text))
                continue;
            try
            {
                inputs[field.Name] = ValueOf(field.Type, text.Trim());
            }
            catch (JsonException)
            {
                return new(typed, null, new(RefusalKind.Invalid, "settlement.not-json", Texts.English["formula.not-json", ExampleOf(formula, field)],
                    Texts.Chinese["formula.not-json", ExampleOf(formula, field)], Field: field.Name), null);
            }
        }
        using var document = JsonDocument.Parse(inputs.ToJsonString());
        var (json, refusal) = FormulaWorkbench.Show(formula.Name, document.RootElement);
        var request = new JsonObject { ["formula"] = formula.Name, ["inputs"] = inputs };
        return new(typed, json, refusal, request.ToJsonString(Compact));
    }

    /// <summary>A typed value as the JSON the workbench takes; what is no number or flag stays text, and is refused there by name.</summary>
    private static JsonNode? ValueOf(FormulaInputType type, string text) =>
        type switch
        {
            _ when text == "null" => null,
            FormulaInputType.Count when text.All(char.IsAsciiDigit) => JsonNode.Parse(text.TrimStart('0') is { Length: > 0 } digits ? digits : "0"),
            FormulaInputType.Flag when text is "true" or "false" => JsonValue.Create(text == "true"),
            FormulaInputType.Amounts or FormulaInputType.Dates or FormulaInputType.Object or FormulaInputType.Objects => JsonNode.Parse(text),
            _ => JsonValue.Create(text),
        };

    /// <summary>The value a field has in the formula's example, or one of its kind.</summary>
    public static string ExampleOf(FormulaEntry formula, FormulaInput field)
    {
        using var example = JsonDocument.Parse(formula.Example);
        if (example.RootElement.TryGetProperty(field.Name, out var value))
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return field.Type switch
        {
            FormulaInputType.Amounts => """["50.00","30.00"]""",
            FormulaInputType.Dates => """["2025-10-01"]""",
            _ => "",
        };
    }

    /// <summary>The address of a formula's page with these inputs (a JSON object) and their answer.</summary>
    public static string Address(string name, string inputs)
    {
        using var given = JsonDocument.Parse(inputs);
        return $"/formulas/{name}?" + string.Join('&', given.RootElement.EnumerateObject().Select(p =>
            $"{p.Name}={Uri.EscapeDataString(p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText())}")) + "#answer";
    }

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
