using Exeunt.Core.Standards;

namespace Exeunt.Core.Classes;

/// <summary>
/// The JSON Schema of a scheme's document (draft 2020-12), made from its types. What values must say together is checked by
/// <see cref="SchemeDocument"/>, whether it may be published by <see cref="SchemeCheck"/>.
/// </summary>
public static class SchemeSchema
{
    public const string Path = "/schemas/scheme.json";

    private static readonly Dictionary<string, Words> Names = new(StandardSchema.Names, StringComparer.Ordinal)
    {
        ["kind"] = new("By what customers are told apart", "分类方式"),
        ["classes"] = new("Classes in order", "类别（按顺序）"),
        ["code"] = new("Code", "代码"),
        ["when"] = new("Condition; the first that is met wins", "条件（先满足者为准）"),
        ["scope"] = new("Which customers it is for", "适用客户"),
        ["strategy"] = new("How such customers are served, kept, followed or let go", "此类客户的服务、维系、跟进或放弃策略"),
        ["plan"] = new("What is done for each of them", "对每位客户的工作"),
        ["what"] = new("What is done", "事项"),
        ["after"] = new("Days after coming into the class", "进入类别后天数"),
        ["every"] = new("Days from one time to the next; left out: once", "重复间隔天数（不填为一次）"),
        ["rfm"] = new("From which score a measure is high (4)", "各项从几分起为高（默认 4）"),
        ["recency"] = new("Recency", "近度"),
        ["frequency"] = new("Frequency", "频度"),
        ["money"] = new("Money", "金额"),
        ["abc"] = new("Shares of the whole in percent (80, 95)", "累计占比（%，默认 80、95）"),
        ["a"] = new("Up to which share a customer is A", "A 类累计占比"),
        ["b"] = new("Up to which share a customer is B", "B 类累计占比"),
        ["clusters"] = new("By what groups are found", "聚类依据"),
        ["indicators"] = new("2 to 5 indicators", "2 至 5 个指标"),
        ["groups"] = new("Groups", "分组"),
        ["currency"] = new("Needed beside amounts: whose customers are grouped", "使用金额指标时必填：对该币种客户分组"),
        ["found"] = new("What was found; a class for each group", "计算结果，每组一个类别"),
        ["on"] = new("Day", "日期"),
        ["customers"] = new("Customers of whom all is known", "指标齐全的客户数"),
        ["sample"] = new("Customers it was found on", "计算所用客户数"),
        ["seed"] = new("Of the first centres", "初始中心种子"),
        ["means"] = new("Means after scaling", "缩放后均值"),
        ["deviations"] = new("Deviations after scaling", "缩放后标准差"),
        ["size"] = new("Customers", "客户数"),
        ["centre"] = new("Centre in deviations from the mean", "中心（以标准差计）"),
        ["medians"] = new("Medians of the indicators", "各指标中位数"),
    };

    /// <summary>The schema as JSON with line breaks; the same text every time.</summary>
    public static string Json { get; } = StandardSchema.Write(typeof(Scheme), "Exeunt scheme 分类方案", "Classes of customers, how each is treated, and what is done for it: one version.", Names);

    /// <summary>What a field is called: the last name of its path.</summary>
    public static Words NameOf(string path)
    {
        var key = path[(path.LastIndexOf('.') + 1)..].Split('[')[0];
        return Names.GetValueOrDefault(key) ?? new(key, key);
    }
}
