using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Exeunt.Core.Activity;
using Exeunt.Core.Documents;

namespace Exeunt.Core.Standards;

/// <summary>
/// The JSON Schema of a standard's document (draft 2020-12), made from its types. What values must say together is checked by
/// <see cref="StandardDocument"/>, whether it may be published by <see cref="StandardCheck"/>.
/// </summary>
public static class StandardSchema
{
    public const string Path = "/schemas/standard.json";

    internal static readonly Dictionary<string, Words> Names = new(StringComparer.Ordinal)
    {
        ["id"] = new("Code", "代码"),
        ["version"] = new("Version", "版本"),
        ["name"] = new("Name", "名称"),
        ["purpose"] = new("What it is for", "用途"),
        ["action"] = new("What a listing leads to", "列入后的动作"),
        ["when"] = new("Condition", "条件"),
        ["indicator"] = new("Indicator", "指标"),
        ["is"] = new("Comparison", "比较"),
        ["value"] = new("Threshold: a number, true or false, \"30%\", \"500.00 CNY\" or a state", "阈值：数字、true 或 false、\"30%\"、\"500.00 CNY\" 或状态"),
        ["of"] = new("Conditions", "条件"),
        ["ground"] = new("Ground of the offboarding", "清退事由"),
        ["reviewer"] = new("Role of the person who decides", "决定人角色"),
        ["dueDays"] = new("Days the person has", "处理期限（天）"),
        ["tier"] = new("Tier it proposes", "建议分级"),
        ["scope"] = new("Which customers are judged", "适用范围"),
        ["kinds"] = new("Persons, organisations", "个人、组织"),
        ["units"] = new("Codes of units, each with everything below", "机构代码（含下级）"),
        ["industries"] = new("Industries", "行业"),
        ["currencies"] = new("Currencies", "币种"),
        ["tiers"] = new("Tiers they are in now", "现有分级"),
        ["grace"] = new("How long it must be so", "宽限"),
        ["list"] = new("Closed months in a row before listing", "连续满足几个已结束月份才列入"),
        ["drop"] = new("Closed months in a row before dropping", "连续不满足几个已结束月份才移出"),
        ["exclude"] = new("Who is never listed", "不列入"),
        ["contractInTerm"] = new("Contract in term", "合同期内"),
        ["agreedPause"] = new("Agreed pause", "约定暂停"),
        ["held"] = new("Under a legal hold", "法定保全中"),
        ["vip"] = new("VIP", "VIP"),
        ["openCase"] = new("With an open case", "有未结案件"),
        ["newerThanMonths"] = new("Customers for fewer months", "合作不满几个月"),
        ["english"] = new("English", "英文"),
        ["chinese"] = new("Chinese", "中文"),
    };

    /// <summary>The schema as JSON with line breaks; the same text every time.</summary>
    public static string Json { get; } = Write();

    /// <summary>What a field is called: the last name of its path.</summary>
    public static Words NameOf(string path)
    {
        var key = path[(path.LastIndexOf('.') + 1)..].Split('[')[0];
        return Names.GetValueOrDefault(key) ?? new(key, key);
    }

    private static string Write() => Write(typeof(Standard), "Exeunt standard 标准", "Who is listed, why, and what follows: one version.", Names);

    /// <summary>The schema of a document in which conditions stand.</summary>
    /// <param name="names">What its fields are called.</param>
    internal static string Write(Type type, string title, string description, IReadOnlyDictionary<string, Words> names) =>
        // The exporter writes the condition out where it first stands and refers to that place from within; here it has a name.
        SchemaText.Write(type, StandardDocument.Options, title, description, (context, node) => Transform(context, node, names), ("$defs", new JsonObject { ["condition"] = Conditions() }));

    private static JsonObject Conditions()
    {
        var several = new JsonObject { ["type"] = "array", ["items"] = Reference(), ["minItems"] = 2, ["maxItems"] = Condition.MaxComparisons };
        return new JsonObject
        {
            ["oneOf"] = new JsonArray(
                Shape("compare", ("indicator", new JsonObject { ["enum"] = new JsonArray([.. IndicatorDefinition.All.Select(d => (JsonNode?)d.Code)]) }),
                    ("is", new JsonObject { ["enum"] = new JsonArray([.. Enum.GetValues<Operator>().Select(o => (JsonNode?)o.Sign())]) }),
                    ("value", new JsonObject { ["type"] = new JsonArray("number", "boolean", "string"), ["description"] = $"{Names["value"].English} {Names["value"].Chinese}" })),
                Shape("and", ("of", several)), Shape("or", ("of", several.DeepClone())), Shape("not", ("of", Reference()))),
        };

        static JsonObject Shape(string kind, params (string Name, JsonNode Of)[] properties)
        {
            var all = new JsonObject { ["kind"] = new JsonObject { ["enum"] = new JsonArray(kind) } };
            foreach (var (name, of) in properties)
                all[name] = of;
            return new JsonObject
            {
                ["type"] = "object", ["properties"] = all, ["required"] = new JsonArray([(JsonNode?)"kind", .. properties.Select(p => (JsonNode?)p.Name)]), ["additionalProperties"] = false,
            };
        }
    }

    private static JsonObject Reference() => new() { ["$ref"] = "#/$defs/condition" };

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, IReadOnlyDictionary<string, Words> names)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var nullable = Nullable.GetUnderlyingType(context.TypeInfo.Type) is not null;
        if (type == typeof(Condition))
            return Reference();
        if (type.IsEnum)
        {
            var values = new JsonArray([.. JsonShape.NamesOf(type, StandardDocument.Options).Select(n => (JsonNode?)n)]);
            if (nullable)
                values.Add(null);
            node = new JsonObject { ["type"] = nullable ? new JsonArray("string", "null") : "string", ["enum"] = values };
        }
        if (context.PropertyInfo is { } property && node is JsonObject schema && names.TryGetValue(property.Name, out var name))
            schema["description"] = $"{name.English} {name.Chinese}";
        return node;
    }
}
