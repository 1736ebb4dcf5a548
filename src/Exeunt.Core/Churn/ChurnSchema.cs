using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Exeunt.Core.Documents;

namespace Exeunt.Core.Churn;

/// <summary>
/// The JSON Schema of a definition of churn (draft 2020-12), made from its types. What values must say together is checked by
/// <see cref="ChurnDocument"/>, whether it may be published by <see cref="ChurnCheck"/>.
/// </summary>
public static class ChurnSchema
{
    public const string Path = "/schemas/churn-definition.json";

    private static readonly Dictionary<string, Words> Names = new(StringComparer.Ordinal)
    {
        ["version"] = new("Version", "版本"),
        ["everybody"] = new("Thresholds for whom no segment fits", "通用标准（不属于任何分组的客户）"),
        ["segments"] = new("Segments in order; the first that fits wins", "分组（按顺序，先符合者为准）"),
        ["code"] = new("Code", "代码"),
        ["name"] = new("Name", "名称"),
        ["scope"] = new("For which customers", "适用客户"),
        ["kinds"] = new("Persons, organisations", "个人、组织"),
        ["units"] = new("Codes of units, each with everything below", "机构代码（含下级）"),
        ["industries"] = new("Industries", "行业"),
        ["thresholds"] = new("Thresholds of the segment", "分组标准"),
        ["silentMonths"] = new("Silent months until churned", "流失月数"),
        ["newMonths"] = new("Months as a new customer", "新客户月数"),
        ["intermittentWindow"] = new("Months looked at for gaps", "间隔月观察月数"),
        ["intermittentRuns"] = new("Runs of silence that make it intermittent", "间隔月所需沉默段数"),
        ["seasonalExcluded"] = new("A silence of every year is not judged", "每年同期的沉默不评估"),
        ["lateAt"] = new("Late from this many ten-thousandths of the usual gap", "迟到（惯常间隔的万分之几起）"),
        ["brokenAt"] = new("Rhythm broken from this many ten-thousandths of the usual gap", "节奏中断（惯常间隔的万分之几起）"),
        ["watchDrop"] = new("Watched from this drop, in ten-thousandths", "关注（降幅，万分之几起）"),
        ["partialDrop"] = new("Partly lost from this drop, in ten-thousandths", "部分流失（降幅，万分之几起）"),
        ["english"] = new("English", "英文"),
        ["chinese"] = new("Chinese", "中文"),
    };

    private static readonly Dictionary<string, (long Least, long Most)> Ranges = new(StringComparer.Ordinal)
    {
        ["version"] = (1, 9999), ["silentMonths"] = (1, ChurnThresholds.MostMonths), ["newMonths"] = (1, ChurnThresholds.MostMonths),
        ["intermittentWindow"] = (ChurnThresholds.LeastWindow, ChurnThresholds.MostMonths), ["intermittentRuns"] = (ChurnThresholds.LeastRuns, ChurnThresholds.MostRuns),
        ["lateAt"] = (ChurnThresholds.Whole, ChurnThresholds.MostRatio), ["brokenAt"] = (ChurnThresholds.Whole, ChurnThresholds.MostRatio),
        ["watchDrop"] = (1, ChurnThresholds.Whole), ["partialDrop"] = (1, ChurnThresholds.Whole),
    };

    /// <summary>The schema as JSON with line breaks; the same text every time.</summary>
    public static string Json { get; } = Write();

    /// <summary>What a field is called: the last name of its path.</summary>
    public static Words NameOf(string path)
    {
        var key = path[(path.LastIndexOf('.') + 1)..].Split('[')[0];
        return Names.GetValueOrDefault(key) ?? new(key, key);
    }

    private static string Write() =>
        SchemaText.Write(typeof(ChurnDefinition), ChurnDocument.Options, "Exeunt churn definition 流失定义", "From when customers count as lost, for everybody and by segment: one version.", Transform);

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.TypeInfo.Type.IsEnum)
            node = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. JsonShape.NamesOf(context.TypeInfo.Type, ChurnDocument.Options).Select(n => (JsonNode?)n)]) };
        if (context.PropertyInfo is not { } property || node is not JsonObject schema)
            return node;
        // A part that was written out before is referred to: it has its own words where it stands.
        if (Names.TryGetValue(property.Name, out var name))
            schema["description"] = $"{name.English} {name.Chinese}";
        if (Ranges.TryGetValue(property.Name, out var range))
            (schema["minimum"], schema["maximum"]) = (range.Least, range.Most);
        return node;
    }
}
