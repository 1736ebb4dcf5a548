using System.Globalization;
using Exeunt.Core;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;

namespace Exeunt.App.Features.Standards;

/// <summary>The editor's form: what was typed, and the standard it says.</summary>
public sealed class StandardInput
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    public string this[string name]
    {
        get => _fields.GetValueOrDefault(name, "");
        set => _fields[name] = value;
    }

    public bool Has(string name, string value) => this[name].Split(' ').Contains(value);

    /// <summary>The condition as text.</summary>
    public string When
    {
        get => this["when"];
        set => this["when"] = value;
    }

    /// <summary>The comparisons of the condition, for their own controls; empty when the text cannot be read.</summary>
    public IReadOnlyList<Compare> Comparisons => ConditionText.Read(When) is { IsValid: true, Condition: var condition } ? [.. condition.Comparisons().Select(c => c.Compare)] : [];

    public static StandardInput Of(Standard standard)
    {
        var input = new StandardInput();
        var (scope, exclude) = (standard.Scope ?? new(), standard.Exclude ?? new());
        (input["id"], input["version"]) = (standard.Id, standard.Version.ToString(CultureInfo.InvariantCulture));
        (input["name.english"], input["name.chinese"]) = (standard.Name.English, standard.Name.Chinese);
        (input["purpose"], input["action"], input["ground"]) = ($"{standard.Purpose}", $"{standard.Action}", standard.Ground ?? "");
        (input["reviewer"], input["tier"]) = ($"{standard.Reviewer}", $"{standard.Tier}");
        input["dueDays"] = standard.DueDays?.ToString(CultureInfo.InvariantCulture) ?? "";
        input["scope.kinds"] = string.Join(' ', scope.Kinds ?? []);
        input["scope.tiers"] = string.Join(' ', scope.Tiers ?? []);
        input["scope.units"] = ScopeText.OfCodes(scope.Units);
        input["scope.industries"] = ScopeText.OfIndustries(scope.Industries);
        input["scope.currencies"] = ScopeText.OfCodes(scope.Currencies);
        input["grace.list"] = (standard.Grace?.List ?? 1).ToString(CultureInfo.InvariantCulture);
        input["grace.drop"] = (standard.Grace?.Drop ?? 1).ToString(CultureInfo.InvariantCulture);
        input["exclude"] = string.Join(' ', Exclusions.Where(e => e.Is(exclude)).Select(e => e.Name));
        input["exclude.newerThanMonths"] = exclude.NewerThanMonths?.ToString(CultureInfo.InvariantCulture) ?? "";
        input.When = ConditionText.Write(standard.When);
        return input;
    }

    /// <summary>The exclusions that are yes or no.</summary>
    public static IReadOnlyList<(string Name, Func<StandardExclusions, bool> Is)> Exclusions { get; } =
    [
        ("contractInTerm", e => e.ContractInTerm), ("agreedPause", e => e.AgreedPause), ("held", e => e.Held), ("vip", e => e.Vip), ("openCase", e => e.OpenCase),
    ];

    /// <summary>
    /// What a form says. Controls of single comparisons count where the text was left as it was; where the text was changed, the text counts.
    /// </summary>
    public static StandardInput Of(IFormCollection form)
    {
        var input = new StandardInput();
        foreach (var (name, values) in form)
            if (name.Length <= 60)
                input[name] = name is "scope.kinds" or "scope.tiers" or "exclude" ? string.Join(' ', values.OfType<string>()) : values.ToString().Trim();
        input.When = input.When.ReplaceLineEndings(" ").Trim();
        if (input.When == input["when.seen"].Trim() && ConditionText.Read(input.When).Condition is { } condition)
            input.When = input.Controlled(condition);
        switch (form["do"].ToString().Split(':'))
        {
            case ["remove", var at] when int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && ConditionText.Read(input.When).Condition is { } whole:
                input.When = whole.With((i, c) => i == n ? null : c) is { } left ? ConditionText.Write(left) : "";
                break;
            case ["add"]:
                input.Add();
                break;
        }
        return input;
    }

    /// <summary>The text with what the controls of single comparisons say; a control that cannot be read stays in the text as it was typed.</summary>
    private string Controlled(Condition condition)
    {
        var n = 0;
        return Written(condition, false);

        string Written(Condition part, bool inner)
        {
            var text = part switch
            {
                Compare compare => Control(n++, compare),
                AllOf all => string.Join(" and ", all.Of.Select(c => Written(c, true))),
                AnyOf any => string.Join(" or ", any.Of.Select(c => Written(c, true))),
                NotOf not => "not " + Written(not.Of, true),
                _ => "",
            };
            return inner && part is AllOf or AnyOf ? $"({text})" : text;
        }

        string Control(int i, Compare compare)
        {
            var at = i.ToString(CultureInfo.InvariantCulture);
            return this[$"c{at}.value"] is { Length: > 0 } value && Operators.Find(this[$"c{at}.is"]) is { } op ? $"{compare.Indicator} {op.Sign()} {value}" : ConditionText.Write(compare);
        }
    }

    private void Add()
    {
        if (this["add.indicator"].Length == 0)
            return;
        var sign = Operators.Find(this["add.is"])?.Sign() ?? "=";
        var text = $"{this["add.indicator"]} {sign} {this["add.value"]}".Trim();
        var join = this["add.join"] == "or" ? "or" : "and";
        // What stands there is one side of the new join.
        When = When.Length == 0 ? text
            : ConditionText.Read(When).Condition is { } whole && (whole is AnyOf && join == "and") ? $"({When}) {join} {text}" : $"{When} {join} {text}";
        if (ConditionText.Read(When).IsValid)
            (this["add.indicator"], this["add.value"]) = ("", "");
    }

    /// <summary>The same with a code and names where they are missing.</summary>
    public StandardInput Named()
    {
        var named = new StandardInput();
        foreach (var (name, value) in _fields)
            named[name] = value;
        foreach (var name in new[] { "id", "name.english", "name.chinese" })
            if (named[name].Length == 0)
                named[name] = "draft";
        return named;
    }

    /// <summary>The standard, or what is wrong with the form; a path is the name of its field.</summary>
    public StandardReading Read()
    {
        var problems = new List<DocumentProblem>();
        var condition = ConditionText.Read(When);
        problems.AddRange(condition.Problems.Select(p => p with { Path = "when" }));
        var scope = new StandardScope(
            Many<CustomerSort>("scope.kinds"), ScopeText.Codes(this["scope.units"]), ScopeText.Industries(this["scope.industries"]), ScopeText.Codes(this["scope.currencies"]), Many<StandardTier>("scope.tiers"));
        var exclude = new StandardExclusions(
            Has("exclude", "contractInTerm"), Has("exclude", "agreedPause"), Has("exclude", "held"), Has("exclude", "vip"), Has("exclude", "openCase"), Number("exclude.newerThanMonths"));
        var grace = new StandardGrace(Number("grace.list") ?? 1, Number("grace.drop") ?? 1);
        var standard = new Standard(
            this["id"], Number("version") ?? 1, new(this["name.english"], this["name.chinese"]), One<StandardPurpose>("purpose") ?? StandardPurpose.Task, One<StandardAction>("action") ?? StandardAction.Task,
            condition.Condition ?? new Compare("orders_12m", Operator.Less, Threshold.Of(0)),
            this["ground"] is { Length: > 0 } ground ? ground : null, One<Role>("reviewer"), Number("dueDays"), One<StandardTier>("tier"),
            scope == new StandardScope() ? null : scope, grace == new StandardGrace() ? null : grace, exclude == new StandardExclusions() ? null : exclude);
        problems.AddRange(StandardDocument.Check(standard).Where(p => condition.IsValid || !p.Path.StartsWith("when", StringComparison.Ordinal)));
        return problems.Count > 0 ? new(null, problems) : new(standard, []);

        int? Number(string name)
        {
            if (this[name].Length == 0)
                return null;
            if (int.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
            problems.Add(new("standard.wrong-type", name, null, new("A whole number is expected.", "应为整数。")));
            return null;
        }

        T? One<T>(string name) where T : struct, Enum
        {
            if (this[name].Length == 0)
                return null;
            if (Enum.TryParse<T>(this[name], out var value) && Enum.IsDefined(value))
                return value;
            problems.Add(new("standard.wrong-value", name, null, new("Choose one of the list.", "请从列表中选择。")));
            return null;
        }

        List<T>? Many<T>(string name) where T : struct, Enum
        {
            var all = this[name].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(v => Enum.TryParse<T>(v, out var value) && Enum.IsDefined(value)).Select(Enum.Parse<T>).Distinct().ToList();
            return all.Count == 0 ? null : all;
        }
    }
}
