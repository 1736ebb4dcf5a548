using Exeunt.Core.Activity;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;

namespace Exeunt.Core.Classes;

/// <summary>
/// Whether a scheme may be published: every customer has a place, every class a strategy, and what decides is lawful by the same rules as for
/// standards. What must not decide at all cannot even be written.
/// </summary>
public static class SchemeCheck
{
    /// <summary>Everything that stands against publishing. The scheme was read without a problem.</summary>
    /// <param name="unitExists">Whether there is a unit of a code.</param>
    public static IReadOnlyList<DocumentProblem> Of(Scheme scheme, Func<string, bool>? unitExists = null)
    {
        var found = new List<DocumentProblem>();
        switch (scheme.Kind)
        {
            case SchemeKind.Rules:
                Rules(scheme, unitExists, found);
                break;
            case SchemeKind.Rfm:
                Fixed(scheme, Scheme.RfmClasses, found);
                break;
            case SchemeKind.Abc:
                Fixed(scheme, Scheme.AbcClasses, found);
                break;
            default:
                Groups(scheme, found);
                break;
        }
        foreach (var (path, there, kind) in new[] { ("rfm", scheme.Rfm is not null, SchemeKind.Rfm), ("abc", scheme.Abc is not null, SchemeKind.Abc), ("clusters", scheme.Clusters is not null, SchemeKind.Clusters) })
            if (there && kind != scheme.Kind)
                found.Add(new("scheme.settings-unused", path, null, new("This is for schemes of another kind.", "此项用于其他类型的方案。"), new("Take it away.", "请删除。")));
        for (var i = 0; i < scheme.Classes.Count; i++)
        {
            if (scheme.Kind != SchemeKind.Rules && (scheme.Classes[i].When is not null || scheme.Classes[i].Scope is not null))
                found.Add(new("scheme.rule-unused", $"classes[{i}].when", null, new("Only a scheme by rules has conditions.", "仅规则方案可设条件。"), new("Take it away.", "请删除。")));
            if (scheme.Classes[i].Strategy is null)
                found.Add(new("scheme.no-strategy", $"classes[{i}].strategy", null, new($"“{scheme.Classes[i].Name.English}” has no strategy.", $"“{scheme.Classes[i].Name.Chinese}”尚无策略。"),
                    new("Say how such customers are served, kept, followed or let go.", "请写明此类客户如何服务、维系、跟进或放弃。")));
        }
        return found;
    }

    private static void Rules(Scheme scheme, Func<string, bool>? unitExists, List<DocumentProblem> found)
    {
        if (scheme.Classes.Count < 2)
            found.Add(new("scheme.few", "classes", null, new("A scheme has two classes or more.", "方案至少有两个类别。"), new("Add a class.", "请添加类别。")));
        for (var i = 0; i < scheme.Classes.Count; i++)
        {
            var one = scheme.Classes[i];
            var isOpen = one.When is null && one.Scope is null;
            if (i == scheme.Classes.Count - 1 && !isOpen)
                found.Add(new("scheme.last-open", $"classes[{i}].when", null, new("The last class is everybody else: it has no condition.", "最后一类为其余客户，不设条件。"), new("Take the condition away, or add a class after it.", "请删除条件，或在其后添加一类。")));
            if (i < scheme.Classes.Count - 1 && isOpen)
                found.Add(new("scheme.no-condition", $"classes[{i}].when", null, new("Without a condition everybody is in this class, and nobody in those after it.", "未设条件时所有客户都归入此类，其后各类无人。"), new("Write a condition or a scope, or make it the last.", "请填写条件或范围，或移至最后。")));
            found.AddRange(StandardCheck.Of(SchemeDocument.StandardOf(one), unitExists).Select(p => p with { Path = $"classes[{i}].{p.Path}" }));
        }
    }

    private static void Fixed(Scheme scheme, IReadOnlyList<(string Code, Words Name)> classes, List<DocumentProblem> found)
    {
        if (!scheme.Classes.Select(c => c.Code).Order(StringComparer.Ordinal).SequenceEqual(classes.Select(c => c.Code).Order(StringComparer.Ordinal)))
            found.Add(new("scheme.fixed-classes", "classes", null, new("This kind has its own classes, each once; only their names are free.", "此类方案的类别固定，每类一次，仅名称可改。"),
                new($"The codes are {string.Join(", ", classes.Select(c => c.Code))}.", $"代码为 {string.Join("、", classes.Select(c => c.Code))}。")));
    }

    private static void Groups(Scheme scheme, List<DocumentProblem> found)
    {
        if (scheme.Clusters is not { } settings)
        {
            found.Add(new("scheme.no-clusters", "clusters", null, new("It is not said by what groups are found.", "未写明按什么分组。"), new("Choose indicators and a number of groups.", "请选择指标和组数。")));
            return;
        }
        if (settings.Currency is null && settings.Indicators.Any(i => IndicatorDefinition.Find(i)?.Unit == IndicatorUnit.Money))
            found.Add(new("scheme.needs-currency", "clusters.currency", null, new("Amounts of different currencies cannot be compared.", "不同币种的金额不可比较。"), new("Name the currency whose customers are grouped.", "请写明对哪个币种的客户分组。")));
        if (settings.Found is null)
            found.Add(new("scheme.not-found", "clusters.found", null, new("The groups were not found yet.", "尚未计算分组。"), new("Use “Find groups”, then name each.", "请先“计算分组”，再逐组命名。")));
        else if (settings.Found.Groups.Count != scheme.Classes.Count)
            found.Add(new("scheme.group-classes", "classes", null, new("There is one class for each group.", "每组对应一个类别。"), new("Find the groups again.", "请重新计算分组。")));
        for (var i = 0; i < scheme.Classes.Count; i++)
            if (scheme.Classes[i].Name == FindGroups.NameOf(i))
                found.Add(new("scheme.not-named", $"classes[{i}].name", null, new($"Group {i + 1} has no name of its own yet.", $"第 {i + 1} 组尚未命名。"), new("Look at its medians and name it.", "请查看其中位数并命名。")));
    }
}
