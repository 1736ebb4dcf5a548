using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Exeunt.Core.Documents;

namespace Exeunt.Core.Procedures;

/// <summary>
/// The JSON Schema of a procedure's document (draft 2020-12), made from its types. What values must say together is checked by
/// <see cref="ProcedureDocument"/>, what steps must be to each other by <see cref="ProcedureCheck"/>.
/// </summary>
public static class ProcedureSchema
{
    public const string Path = "/schemas/procedure.json";

    /// <summary>What the fields of the document are called.</summary>
    private static readonly Dictionary<string, Words> Names = new(StringComparer.Ordinal)
    {
        ["id"] = new("Code", "代码"),
        ["version"] = new("Version", "版本"),
        ["kind"] = new("Kind", "类型"),
        ["name"] = new("Name", "名称"),
        ["hours"] = new("Working time", "工作时间"),
        ["place"] = new("Calendar of", "所用日历"),
        ["opens"] = new("From", "上班"),
        ["closes"] = new("Until", "下班"),
        ["steps"] = new("Steps", "步骤"),
        ["after"] = new("After", "前置步骤"),
        ["roles"] = new("Who acts", "办理角色"),
        ["when"] = new("Only when", "适用条件"),
        ["fact"] = new("Fact", "事实"),
        ["comparison"] = new("Comparison", "比较"),
        ["values"] = new("Values", "值"),
        ["manual"] = new("Released by a person", "人工放行"),
        ["dueHours"] = new("Due in business hours", "时限（工作小时）"),
        ["tierHours"] = new("Due time of a tier", "分级时限"),
        ["escalateTo"] = new("Who is told when overdue", "逾期提醒"),
        ["of"] = new("What is approved", "审批内容"),
        ["letter"] = new("Letter", "函件"),
        ["letters"] = new("Letters", "函件"),
        ["subject"] = new("Subject", "标题"),
        ["paragraphs"] = new("Paragraphs", "正文段落"),
        ["table"] = new("Table", "表格"),
        ["from"] = new("Counted from", "起算"),
        ["atOnce"] = new("At once when it is the day of the application", "申请当日即时生效"),
        ["tasks"] = new("Tasks", "工单"),
        ["items"] = new("Items", "检查项"),
        ["days"] = new("Days", "天数"),
        ["code"] = new("Code", "代码"),
        ["department"] = new("Department", "部门"),
        ["system"] = new("System", "系统"),
        ["dueDays"] = new("Due in days", "期限（天）"),
        ["irreversible"] = new("Cannot be undone", "不可逆"),
        ["side"] = new("Side", "由谁"),
        ["evidence"] = new("Needs evidence", "须附凭证"),
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

    private static string Write() =>
        SchemaText.Write(typeof(Procedure), ProcedureDocument.Options, "Exeunt procedure 流程",
            "The steps of a kind of case: one version. A step starts when every step in \"after\" has ended and its conditions hold.", Transform);

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var nullable = Nullable.GetUnderlyingType(context.TypeInfo.Type) is not null;
        if (type == typeof(TimeOnly))
            node = new JsonObject { ["type"] = "string", ["pattern"] = "^([01][0-9]|2[0-3]):[0-5][0-9]$" };
        else if (type.IsEnum)
        {
            var values = new JsonArray([.. JsonShape.NamesOf(type, ProcedureDocument.Options).Select(n => (JsonNode?)n)]);
            if (nullable)
                values.Add(null);
            node = new JsonObject { ["type"] = nullable ? new JsonArray("string", "null") : "string", ["enum"] = values };
        }
        if (context.PropertyInfo is { } property && node is JsonObject schema && Names.TryGetValue(property.Name, out var name))
            schema["description"] = $"{name.English} {name.Chinese}";
        return node;
    }
}
