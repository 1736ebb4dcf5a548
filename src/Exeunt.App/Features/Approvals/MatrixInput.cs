using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Exeunt.App.Features.Procedures;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Approvals;

/// <summary>
/// The matrix editor's form as it was typed. A limit is one line: amounts, a colon, and who approves; "&gt;" goes to the next stage, "+"
/// stands beside, "/" means one of them, "*" the whole company: <c>5000.00 CNY : Supervisor / BranchHead &gt; Finance + Legal*</c>.
/// </summary>
public sealed partial class MatrixInput
{
    /// <summary>Rules, each by the names of its fields: "id", "of", "kinds", "tiers", "reasons", "limits".</summary>
    public List<Dictionary<string, string>> Rules { get; } = [];

    public int Version { get; set; } = 1;

    public static MatrixInput Of(ApprovalMatrix matrix)
    {
        var input = new MatrixInput { Version = matrix.Version };
        input.Rules.AddRange(matrix.Rules.Select(r => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = r.Id, ["of"] = $"{r.Of}", ["kinds"] = string.Join(',', r.Kinds), ["tiers"] = string.Join(',', r.Tiers), ["reasons"] = string.Join(", ", r.Reasons),
            ["limits"] = string.Join('\n', r.Limits.Select(Line)),
        }));
        return input;
    }

    public static MatrixInput Of(IFormCollection form, int version)
    {
        var input = new MatrixInput { Version = version };
        foreach (var (key, values) in form)
            if (RuleField().Match(key) is { Success: true } match && int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) is var i && i < ApprovalMatrixDocument.MaxEntries)
            {
                while (input.Rules.Count <= i)
                    input.Rules.Add(new(StringComparer.Ordinal));
                input.Rules[i][match.Groups[2].Value] = (values.Count > 1 ? string.Join(',', values.Where(v => !string.IsNullOrEmpty(v))) : values.ToString()).Trim();
            }
        return input;
    }

    public string Rule(int i, string field) => Rules[i].GetValueOrDefault(field) ?? "";

    public void Add()
    {
        if (Rules.Count < ApprovalMatrixDocument.MaxEntries)
            Rules.Insert(0, new(StringComparer.Ordinal) { ["of"] = "Settlement", ["limits"] = "any : Finance + Legal" });
    }

    public void Remove(int i)
    {
        if (i >= 0 && i < Rules.Count)
            Rules.RemoveAt(i);
    }

    public void Move(int i, int by)
    {
        if (i >= 0 && i < Rules.Count && i + by >= 0 && i + by < Rules.Count)
            (Rules[i], Rules[i + by]) = (Rules[i + by], Rules[i]);
    }

    public ReadDocument Read() => ReadDocument.Of(SignedKind.Approvals, ToJson());

    public string ToJson() => new JsonObject
    {
        ["version"] = Version,
        ["rules"] = new JsonArray([.. Enumerable.Range(0, Rules.Count).Select(i => (JsonNode)RuleOf(i))]),
    }.ToJsonString();

    private JsonObject RuleOf(int i)
    {
        var rule = new JsonObject
        {
            ["id"] = Rule(i, "id"), ["of"] = Rule(i, "of"),
            ["limits"] = new JsonArray([.. Rule(i, "limits").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(LimitOf)]),
        };
        foreach (var list in new[] { "kinds", "tiers", "reasons" })
            if (ProcedureInput.Ids(Rule(i, list)) is { Length: > 0 } values)
                rule[list] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        return rule;
    }

    private static JsonNode LimitOf(string line)
    {
        var colon = line.IndexOfAny([':', '：']);
        var (amounts, who) = colon < 0 ? (line, "") : (line[..colon].Trim(), line[(colon + 1)..].Trim());
        return new JsonObject
        {
            ["upTo"] = new JsonArray([.. (amounts is "any" or "任意" or "*" ? [] : ProcedureInput.Ids(amounts)).Select(a => (JsonNode)a)]),
            ["stages"] = new JsonArray([.. (who is "none" or "无" or "-" ? [] : who.Split(['>', '→'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(StageOf)]),
        };
    }

    private static JsonNode StageOf(string stage) => new JsonArray([.. stage.Split(['+', '＋'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(place => (JsonNode)new JsonObject
    {
        ["anyOf"] = new JsonArray([.. place.TrimEnd('*').Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(role => (JsonNode)role)]),
        ["scope"] = place.EndsWith('*') ? $"{ApproverScope.Company}" : $"{ApproverScope.Unit}",
    })]);

    private static string Line(ApprovalLimit limit) =>
        (limit.UpTo.Count == 0 ? "any" : string.Join(", ", limit.UpTo.Select(m => $"{Money.Format(m.Minor, Currency.MinorDigits(m.Currency))} {m.Currency}"))) + " : "
        + (limit.Stages.Count == 0 ? "none" : string.Join(" > ", limit.Stages.Select(s => string.Join(" + ", s.Select(a => string.Join(" / ", a.AnyOf) + (a.Scope == ApproverScope.Company ? "*" : ""))))));

    [GeneratedRegex(@"^rules\[(\d{1,2})\]\.(id|of|kinds|tiers|reasons|limits)\z")]
    private static partial Regex RuleField();
}
