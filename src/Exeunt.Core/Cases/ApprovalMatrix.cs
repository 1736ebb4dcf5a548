using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Exeunt.Core.Documents;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Cases;

/// <summary>Up to an amount: who approves.</summary>
/// <param name="UpTo">At most these amounts (included), one a currency; empty: any amount.</param>
/// <param name="Stages">Stage after stage, those of one beside each other; empty: nobody needs to approve.</param>
public sealed record ApprovalLimit(IReadOnlyList<Money> UpTo, IReadOnlyList<IReadOnlyList<Approver>> Stages)
{
    /// <summary>Whether the amount is within the limit; of a currency that is not named it never is.</summary>
    public bool Covers(Money amount) => UpTo.Count == 0 || UpTo.Any(limit => limit.Currency == amount.Currency && Math.Abs(amount.Minor) <= limit.Minor);
}

/// <summary>Who approves one subject in some cases, by amount.</summary>
/// <param name="Id">Kebab-case, unique in the matrix.</param>
/// <param name="Limits">From the smallest amount up; the last one is for any amount.</param>
public sealed record ApprovalRule(string Id, ApprovalSubject Of, IReadOnlyList<ApprovalLimit> Limits)
{
    /// <summary>Kinds of case it is for; empty: all.</summary>
    public IReadOnlyList<CaseKind> Kinds { get; init; } = [];

    /// <summary>Tiers it is for: Vip, Normal, HighRisk; empty: all.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Reasons or grounds it is for: "PRICE" or "PRICE/TOO_HIGH"; empty: all.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public bool Fits(ApprovalSubject of, CaseKind kind, string? tier, string? reason) =>
        of == Of && (Kinds.Count == 0 || Kinds.Contains(kind)) && (Tiers.Count == 0 || Tiers.Contains(tier, StringComparer.OrdinalIgnoreCase))
        && (Reasons.Count == 0 || (reason is not null && Reasons.Any(r => reason == r || reason.StartsWith(r + "/", StringComparison.Ordinal))));

    /// <summary>Whether every case that fits the other rule fits this one too.</summary>
    internal bool Holds(ApprovalRule other) =>
        Of == other.Of && Within(Kinds, other.Kinds, (k, o) => k == o) && Within(Tiers, other.Tiers, (t, o) => t == o)
        && Within(Reasons, other.Reasons, (r, o) => o == r || o.StartsWith(r + "/", StringComparison.Ordinal));

    private static bool Within<T>(IReadOnlyList<T> mine, IReadOnlyList<T> others, Func<T, T, bool> fits) =>
        mine.Count == 0 || (others.Count > 0 && others.All(o => mine.Any(m => fits(m, o))));
}

/// <summary>
/// Who approves what: rules in order, of which the first that fits says who. Where none fits, the strictest of the subject does; so does
/// the last limit of a rule for a currency that it does not name.
/// </summary>
public sealed record ApprovalMatrix(int Version, IReadOnlyList<ApprovalRule> Rules)
{
    /// <summary>What the product comes with: every settlement by finance and legal beside each other, every decision by the branch head and legal.</summary>
    public static readonly ApprovalMatrix General = new(1,
    [
        new("settlement", ApprovalSubject.Settlement, [new([], [[Approver.Of(Role.Finance), Approver.Of(Role.Legal)]])]),
        new("decision", ApprovalSubject.Decision, [new([], [[Approver.Of(Role.BranchHead), Approver.Of(Role.Legal)]])]),
    ]);

    /// <summary>
    /// A stepped matrix to begin from: small amounts by one person, larger ones by more. Amounts in yuan; any other currency takes the
    /// last limit until its own is written.
    /// </summary>
    public static readonly ApprovalMatrix Stepped = new(1,
    [
        new("settlement", ApprovalSubject.Settlement,
        [
            new([new(500_000, "CNY")], [[Approver.Of(Role.Supervisor)]]),
            new([new(5_000_000, "CNY")], [[new Approver([Role.Supervisor, Role.BranchHead])], [Approver.Of(Role.Finance)]]),
            new([new(50_000_000, "CNY")], [[Approver.Of(Role.Finance), Approver.Of(Role.Legal)]]),
            new([], [[Approver.Of(Role.Finance), Approver.Of(Role.Legal)], [Approver.Of(Role.BranchHead)]]),
        ]),
        new("decision-risk", ApprovalSubject.Decision, [new([], [[Approver.Of(Role.BranchHead), Approver.Of(Role.Legal)], [Approver.Of(Role.Finance)]])]) { Tiers = ["Vip"] },
        new("decision", ApprovalSubject.Decision, [new([], [[Approver.Of(Role.BranchHead), Approver.Of(Role.Legal)]])]),
    ]);

    /// <summary>Who approves: stage after stage; none when it is within the limits of what needs no approval.</summary>
    /// <param name="amount">The settlement's total; its sign does not matter. Null: no amount, which takes the last limit.</param>
    /// <param name="reason">"PRICE" or "PRICE/TOO_HIGH", or the ground of an offboarding.</param>
    public IReadOnlyList<IReadOnlyList<Approver>> Needed(ApprovalSubject of, CaseKind kind, Money? amount, string? tier, string? reason)
    {
        if (Rules.FirstOrDefault(r => r.Fits(of, kind, tier, reason)) is { } rule && rule.Limits.Count > 0)
            return (amount is { } known ? rule.Limits.FirstOrDefault(l => l.Covers(known)) : null)?.Stages ?? rule.Limits[^1].Stages;
        // Nobody thought of this case: it gets whatever asks most people.
        return Rules.Where(r => r.Of == of).SelectMany(r => r.Limits).Select(l => l.Stages).Concat(General.Rules.Where(r => r.Of == of).Select(r => r.Limits[^1].Stages))
            .MaxBy(stages => stages.Sum(s => s.Count))!;
    }
}

/// <summary>What came of reading a matrix: it, or everything that is wrong with it.</summary>
public sealed record ApprovalMatrixReading(ApprovalMatrix? Matrix, IReadOnlyList<DocumentProblem> Problems)
{
    [MemberNotNullWhen(true, nameof(Matrix))]
    public bool IsValid => Matrix is not null;
}

/// <summary>Reads and writes the approval matrix as JSON, strictly, and says whether it is sound.</summary>
public static partial class ApprovalMatrixDocument
{
    public const int MaxLength = 200_000;
    public const int MaxEntries = 60;

    private static readonly JsonSerializerOptions Options = Create(false);
    private static readonly JsonSerializerOptions Indented = Create(true);

    /// <summary>Roles that ask for what a settlement or a decision says.</summary>
    private static readonly Role[] Requesting = [Role.Agent, Role.AccountManager];
    private static readonly Role[] NeverApprove = [Role.Analyst, Role.Auditor, Role.Trainer, Role.Marketing, Role.Administrator, Role.Technical];

    public static string Write(ApprovalMatrix matrix) => JsonSerializer.Serialize(matrix, Indented);

    public static string ToJson(ApprovalMatrix matrix) => JsonSerializer.Serialize(matrix, Options);

    /// <summary>SHA-256 (hex) of the stored document.</summary>
    public static string DigestOf(ApprovalMatrix matrix) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson(matrix))));

    public static ApprovalMatrixReading Read(string json)
    {
        if (json.Length > MaxLength)
            return new(null, [new("approvals.too-long", "", null, new($"The document is longer than {MaxLength} characters.", $"文档超过 {MaxLength} 个字符。"))]);
        var bytes = Encoding.UTF8.GetBytes(json);
        var problems = new List<DocumentProblem>();
        JsonShape shape;
        ApprovalMatrix matrix;
        try
        {
            shape = new JsonShape(Options, (path, code, english, chinese) => problems.Add(new("approvals." + code, path, null, new(english, chinese))), MaxEntries);
            shape.Check(JsonSpot.Parse(bytes), typeof(ApprovalMatrix), "");
            if (problems.Count > 0)
                return new(null, Placed(problems, shape, bytes));
            matrix = JsonSerializer.Deserialize<ApprovalMatrix>(bytes, Options)!;
        }
        catch (JsonException e)
        {
            return new(null, [new("approvals.not-json", "", null, new("This is not JSON.", "不是有效的 JSON。"), null, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1)]);
        }
        var wrong = Check(matrix);
        return wrong.Count > 0 ? new(null, Placed(wrong, shape, bytes)) : new(matrix, []);
    }

    /// <summary>Everything that is unsound; empty when nothing is.</summary>
    public static IReadOnlyList<DocumentProblem> Check(ApprovalMatrix matrix)
    {
        var problems = new List<DocumentProblem>();
        void Say(bool wrong, string path, string? rule, string code, string english, string chinese)
        {
            if (wrong)
                problems.Add(new("approvals." + code, path, rule, new(english, chinese)));
        }
        for (var i = 0; i < matrix.Rules.Count; i++)
        {
            var (rule, path) = (matrix.Rules[i], $"rules[{i}]");
            var id = rule.Id;
            Say(!CodeForm().IsMatch(id) || id.Length > 60, $"{path}.id", id, "code", "Small letters, digits and dashes, beginning with a letter.", "仅限小写字母、数字和连字符，以字母开头。");
            Say(matrix.Rules.Take(i).Any(r => r.Id == id), $"{path}.id", id, "repeated", "Another rule has this code.", "规则代码重复。");
            if (matrix.Rules.Take(i).FirstOrDefault(r => r.Holds(rule)) is { } earlier)
                Say(true, path, id, "never-used", $"The rule {earlier.Id} stands before it and fits every case of this one. Move this one up, or take it out.", $"规则 {earlier.Id} 排在其前且已覆盖全部情形。请上移或删除本规则。");
            foreach (var (tier, t) in rule.Tiers.Select((v, t) => (v, t)))
                Say(!ProcedureDocument.ValuesOf(CaseFact.Tier).Contains(tier), $"{path}.tiers[{t}]", id, "wrong-value", "One of Vip, Normal, HighRisk is expected.", "应为 Vip、Normal、HighRisk 之一。");
            foreach (var (reason, r) in rule.Reasons.Select((v, r) => (v, r)))
                Say(!ReasonForm().IsMatch(reason), $"{path}.reasons[{r}]", id, "code", "A code such as PRICE or PRICE/TOO_HIGH is expected.", "应为代码，例如 PRICE 或 PRICE/TOO_HIGH。");
            Limits(rule, path, Say);
        }
        foreach (var of in Enum.GetValues<ApprovalSubject>())
            Say(!matrix.Rules.Any(r => r.Of == of && r.Kinds.Count == 0 && r.Tiers.Count == 0 && r.Reasons.Count == 0), "rules", null, "gap",
                $"There is no rule for every other {(of == ApprovalSubject.Settlement ? "settlement" : "decision")}. Add one without kinds, tiers and reasons as the last.",
                $"缺少适用于其余{(of == ApprovalSubject.Settlement ? "结算" : "清退决定")}的规则。请在最后添加一条不限类型、等级和原因的规则。");
        return problems;
    }

    private static void Limits(ApprovalRule rule, string path, Action<bool, string, string?, string, string, string> say)
    {
        var id = rule.Id;
        say(rule.Limits.Count == 0, $"{path}.limits", id, "missing", "At least one limit: who approves any amount.", "至少填写一档：任何金额由谁审批。");
        var currencies = rule.Limits.SelectMany(l => l.UpTo).Select(m => m.Currency).Distinct().ToList();
        for (var i = 0; i < rule.Limits.Count; i++)
        {
            var (limit, at, last) = (rule.Limits[i], $"{path}.limits[{i}]", i == rule.Limits.Count - 1);
            say(last && limit.UpTo.Count > 0, $"{at}.upTo", id, "gap", "Amounts above this have no rule. Leave the last limit without amounts.", "超过该金额的情形没有规定。最后一档请不填金额。");
            say(!last && limit.UpTo.Count == 0, $"{at}.upTo", id, "overlap", "Only the last limit is for any amount; those after it would never be used.", "仅最后一档不填金额，否则其后各档不会用到。");
            if (limit.UpTo.Count > 0)
                foreach (var currency in currencies.Where(c => limit.UpTo.All(m => m.Currency != c)))
                    say(true, $"{at}.upTo", id, "gap", $"{currency} has a limit elsewhere in this rule, but not here.", $"本规则其他档有 {currency} 限额，此档没有。");
            say(limit.UpTo.GroupBy(m => m.Currency).Any(g => g.Count() > 1), $"{at}.upTo", id, "repeated", "One amount a currency.", "每个币种只填一个金额。");
            say(limit.UpTo.Any(m => m.Minor <= 0), $"{at}.upTo", id, "range", "A limit is more than nothing.", "限额须大于零。");
            if (i > 0)
                foreach (var amount in limit.UpTo)
                    say(rule.Limits[i - 1].UpTo.Any(m => m.Currency == amount.Currency && m.Minor >= amount.Minor), $"{at}.upTo", id, "overlap",
                        $"The limit in {amount.Currency} is not above the one before it.", $"{amount.Currency} 限额须高于前一档。");
            Stages(rule, limit, at, last, say);
        }
    }

    private static void Stages(ApprovalRule rule, ApprovalLimit limit, string at, bool last, Action<bool, string, string?, string, string, string> say)
    {
        var id = rule.Id;
        say(limit.Stages.Count == 0 && rule.Of == ApprovalSubject.Decision, $"{at}.stages", id, "nobody", "A person decides that a relationship ends: name who.", "清退决定须由人作出，请填写审批人。");
        say(limit.Stages.Count == 0 && last && rule.Of != ApprovalSubject.Decision, $"{at}.stages", id, "nobody", "Without a limit somebody must approve.", "不设限额时须有人审批。");
        var asking = rule.Of == ApprovalSubject.Decision ? [.. Requesting, Role.Supervisor] : Requesting;
        for (var s = 0; s < limit.Stages.Count; s++)
        {
            say(limit.Stages[s].Count == 0, $"{at}.stages[{s}]", id, "missing", "A stage has at least one approver.", "每一级至少有一名审批人。");
            for (var a = 0; a < limit.Stages[s].Count; a++)
            {
                var (approver, path) = (limit.Stages[s][a], $"{at}.stages[{s}][{a}].anyOf");
                say(approver.AnyOf.Count == 0, path, id, "missing", "At least one role.", "至少填写一个角色。");
                say(approver.AnyOf.Distinct().Count() < approver.AnyOf.Count, path, id, "repeated", "This role stands here twice.", "角色重复。");
                foreach (var role in approver.AnyOf.Where(NeverApprove.Contains))
                    say(true, path, id, "never-approves", $"{ProcedureWords.Of(role).English} never approves.", $"“{ProcedureWords.Of(role).Chinese}”不参与审批。");
            }
        }
        var roles = limit.Stages.SelectMany(s => s).SelectMany(a => a.AnyOf).ToList();
        say(roles.Count > 0 && roles.All(asking.Contains), $"{at}.stages", id, "own-request",
            "Only roles that ask for it themselves would approve. Name one that does not ask.", "仅由提出申请的角色审批。请加入不提出申请的角色。");
        // One role in two places of a way needs two people of that role; more than that nobody has.
        say(limit.Stages.Sum(s => s.Count) > 6, $"{at}.stages", id, "too-many", "At most six approvals.", "最多六道审批。");
    }

    private static List<DocumentProblem> Placed(IReadOnlyList<DocumentProblem> problems, JsonShape shape, byte[] bytes) =>
        [.. problems.Select(p => shape.PlaceOf(p.Path, bytes) is var (line, column) ? p with { Line = line, Column = column } : p).OrderBy(p => (p.Line, p.Column))];

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(SettlementJson.Document)
        {
            RespectRequiredConstructorParameters = true, WriteIndented = indented, NewLine = "\n",
            TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(info =>
            {
                foreach (var property in info.Properties.Where(p => info.Type == typeof(ApprovalRule) && p.Name is "kinds" or "tiers" or "reasons"))
                    property.ShouldSerialize = (_, value) => value is System.Collections.ICollection { Count: > 0 };
            }),
        };
        options.MakeReadOnly();
        return options;
    }

    [GeneratedRegex(@"^[a-z](?:[a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]*(?:/[A-Z][A-Z0-9_]*)?\z")]
    private static partial Regex ReasonForm();
}
