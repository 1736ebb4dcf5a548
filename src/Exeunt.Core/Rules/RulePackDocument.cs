using System.Text.Json;

namespace Exeunt.Core.Rules;

/// <summary>Reads a rule pack that somebody hands in, and says by name what is wrong with it.</summary>
public static class RulePackDocument
{
    private const int MaxRules = 500;

    /// <summary>The pack, or why it cannot be used: its JSON, a measure or value nobody knows, a figure that is missing.</summary>
    public static Outcome<RulePack> Read(string json)
    {
        RulePack pack;
        try
        {
            pack = RulePack.FromJson(json);
        }
        catch (JsonException e)
        {
            var where = $"line {(e.LineNumber ?? 0) + 1}, column {(e.BytePositionInLine ?? 0) + 1}{(e.Path is { Length: > 0 } path ? $", {path}" : "")}";
            return No("rule-pack.unreadable", $"The document cannot be read at {where}. docs/rules.md describes the form.", $"无法读取文档（{where}），格式见 docs/rules.md。");
        }
        return Fault(pack) is { } fault ? fault : pack;
    }

    private static Refusal? Fault(RulePack pack)
    {
        if (pack.Jurisdiction.Length is 0 or > 10 || !pack.Jurisdiction.All(c => char.IsAsciiLetterUpper(c) || c == '-'))
            return No("rule-pack.jurisdiction", "jurisdiction is a code such as CN, DE or US-CA.", "jurisdiction 应为 CN、DE、US-CA 等代码。");
        if (pack.Version < 1)
            return No("rule-pack.version", "version is a whole number of 1 or more.", "version 应为不小于 1 的整数。");
        if (pack.Rules.Count is 0 or > MaxRules)
            return No("rule-pack.rules", $"A pack has 1 to {MaxRules} rules.", $"规则包应包含 1 至 {MaxRules} 条规则。");
        if (IsBlank(pack.Title))
            return No("rule-pack.words-missing", "title needs both languages.", "title 须有中英文。");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in pack.Rules)
            if (Fault(rule, seen) is { } fault)
                return fault;
        return MissingFigure(pack);
    }

    private static Refusal? Fault(LegalRule rule, HashSet<string> seen)
    {
        if (string.IsNullOrWhiteSpace(rule.Id) || rule.Id.Length > 40)
            return No("rule-pack.rule-id", "Every rule has an id of 1 to 40 characters.", "每条规则须有 1 至 40 个字符的 id。");
        if (!seen.Add(rule.Id))
            return No("rule-pack.rule-twice", $"{rule.Id} stands twice in the pack.", $"规则 {rule.Id} 重复出现。");
        if (IsBlank(rule.Title) || IsBlank(rule.Text) || (rule.Fix is { } fix && IsBlank(fix)))
            return No("rule-pack.words-missing", $"{rule.Id}: title, text and fix need both languages.", $"{rule.Id}：title、text、fix 须有中英文。");
        if (string.IsNullOrWhiteSpace(rule.Article) || string.IsNullOrWhiteSpace(rule.Source))
            return No("rule-pack.article-missing", $"{rule.Id}: article and source say where it is written.", $"{rule.Id}：须写明 article 和 source。");
        if (rule.ValidUntil is { } until && (rule.ValidFrom is not { } from || until <= from))
            return No("rule-pack.validity", $"{rule.Id}: validUntil is after validFrom.", $"{rule.Id}：validUntil 应晚于 validFrom。");
        if (rule.CounselSignOff is { } signed && string.IsNullOrWhiteSpace(signed.By))
            return No("rule-pack.sign-off", $"{rule.Id}: counselSignOff says who signed off.", $"{rule.Id}：counselSignOff 须写明签核人。");
        foreach (var limit in rule.Limits.Concat(rule.When))
        {
            if (Measures.Find(limit.Measure) is not { } measure)
                return No("rule-pack.unknown-measure", $"{rule.Id}: there is no measure \"{limit.Measure}\". docs/rules.md lists them.", $"{rule.Id}：没有名为 {limit.Measure} 的度量，可用的见 docs/rules.md。");
            if (!measure.Understands(limit))
                return No("rule-pack.limit-invalid", $"{rule.Id}: {limit.Measure} cannot be compared with \"{limit.Value}\" in this way.", $"{rule.Id}：{limit.Measure} 无法与 {limit.Value} 这样比较。");
        }
        return null;
    }

    /// <summary>Periods are computed from figures of rules we know: a new version keeps their names.</summary>
    private static Refusal? MissingFigure(RulePack pack)
    {
        foreach (var known in BuiltInPacks.All.Where(p => p.Jurisdiction == pack.Jurisdiction && p.Version <= pack.Version).SelectMany(p => p.Rules).Where(r => r.Figures.Count > 0))
        {
            if (pack.Rules.FirstOrDefault(r => r.Id == known.Id) is not { } rule)
                return No("rule-pack.rule-missing", $"{known.Id} is missing; a rule that no longer holds stays, with validUntil.", $"缺少规则 {known.Id}；失效的规则应保留并填写 validUntil。");
            foreach (var (name, value) in known.Figures)
            {
                if (!rule.Figures.TryGetValue(name, out var given))
                    return No("rule-pack.figure-missing", $"{rule.Id}: the figure \"{name}\" is missing.", $"{rule.Id}：缺少数值 {name}。");
                if (value.All(char.IsAsciiDigit) && !(given.Length is > 0 and < 7 && given.All(char.IsAsciiDigit)))
                    return No("rule-pack.figure-invalid", $"{rule.Id}: the figure \"{name}\" is a whole number, not \"{given}\".", $"{rule.Id}：数值 {name} 应为整数，而不是 {given}。");
            }
        }
        return null;
    }

    private static bool IsBlank(Words words) => string.IsNullOrWhiteSpace(words.English) || string.IsNullOrWhiteSpace(words.Chinese);

    private static Refusal No(string code, string english, string chinese) => new(RefusalKind.Invalid, code, english, chinese, Field: "document");
}
