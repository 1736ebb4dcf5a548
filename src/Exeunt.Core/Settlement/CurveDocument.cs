using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exeunt.Core.Settlement;

/// <summary>
/// What POST /api/settlements/curve takes: a settlement document with, beside its parts, <c>from</c> (first day; without it the
/// facts' last service day), <c>days</c> (how many points, 1 to 1,000) or <c>until</c> (last day, included), and <c>stepDays</c> (1).
/// </summary>
public static class CurveDocument
{
    private static readonly string[] Own = ["from", "days", "until", "stepDays"];

    /// <summary>Reads the document and answers with the curve's JSON: the same bytes for the same document.</summary>
    public static Outcome<string> Answer(string json)
    {
        FormulaInputs asked;
        string rest;
        try
        {
            if (JsonNode.Parse(json.TrimStart('\uFEFF'), null, new JsonDocumentOptions { AllowDuplicateProperties = false }) is not JsonObject whole)
                return SettlementDocument.Read(json).Refusal!;
            using var document = JsonDocument.Parse(whole.ToJsonString());
            asked = new(document.RootElement.Clone());
            foreach (var name in Own)
                whole.Remove(name);
            rest = whole.ToJsonString();
        }
        // The document's own reader says what is wrong with the text.
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException or InvalidOperationException)
        {
            return SettlementDocument.Read(json).Refusal ?? CalculationException.Input("document", "a JSON object").ToRefusal();
        }
        var (settlement, refusal) = SettlementDocument.Read(rest);
        if (refusal is not null)
            return refusal;
        try
        {
            return Json(settlement!.Contract.Currency, Points(settlement, asked));
        }
        catch (CalculationException refused)
        {
            return refused.ToRefusal();
        }
    }

    /// <summary>The curve as JSON: <c>{"currency", "points": [{"lastServiceDay", "total"} …], "least": {"lastServiceDay", "total"}}</c>.</summary>
    public static string Json(string currency, IReadOnlyList<CurvePoint> points) =>
        SettlementJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("currency", currency);
            json.WriteStartArray("points");
            foreach (var point in points)
                Write(json, point);
            json.WriteEndArray();
            json.WritePropertyName("least");
            if (Least(points) is { } least)
                Write(json, least);
            else
                json.WriteNullValue();
            json.WriteEndObject();
        });

    /// <summary>The point at which the customer owes least, the earliest of several; null when no point has a total.</summary>
    public static CurvePoint? Least(IReadOnlyList<CurvePoint> points)
    {
        CurvePoint? least = null;
        foreach (var point in points)
            if (point.Total is { } total && (least is not { } so || total < so.Total!.Value))
                least = point;
        return least;
    }

    private static IReadOnlyList<CurvePoint> Points(SettlementDocument document, FormulaInputs asked)
    {
        var from = asked.OptionalDate("from") ?? document.Facts.LastServiceDay;
        var step = asked.OptionalCount("stepDays", 1) ?? 1;
        if (asked.Has("days") && asked.Has("until"))
            throw CalculationException.Input("until", "given without days");
        var count = asked.OptionalDate("until") is { } until
            ? (new Calendar.DateRange(from, until).Days / step) + 1
            : asked.Count("days", 1);
        if (count > StatementBuilder.MaxCurve)
            throw CalculationException.Count(asked.Has("until") ? "until" : "days", $"no more than {StatementBuilder.MaxCurve} points");
        return StatementBuilder.Curve(document.Contract, document.Policy, document.Facts, from, count, step, document.RulePacks);
    }

    private static void Write(Utf8JsonWriter json, CurvePoint point)
    {
        json.WriteStartObject();
        json.WriteString("lastServiceDay", point.LastServiceDay.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        if (point.Total is { } total)
            json.WriteString("total", total.ToString());
        else
            json.WriteString("error", point.Refusal!.Code);
        json.WriteEndObject();
    }
}
