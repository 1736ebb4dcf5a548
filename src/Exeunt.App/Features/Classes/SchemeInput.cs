using System.Globalization;
using Exeunt.App.Features.Standards;
using Exeunt.Core;
using Exeunt.Core.Classes;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;

namespace Exeunt.App.Features.Classes;

/// <summary>The editor's form: what was typed, and the scheme it says. Fields are named by the paths of the document.</summary>
public sealed class SchemeInput
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    public string this[string name]
    {
        get => _fields.GetValueOrDefault(name, "");
        set => _fields[name] = value;
    }

    public bool Has(string name, string value) => this[name].Split(' ').Contains(value);

    public SchemeKind Kind { get; private set; }

    /// <summary>Groups that were found; they are not typed, but go with the form.</summary>
    public FoundGroups? Found { get; private set; }

    /// <summary>How many classes there are, and how many steps each has.</summary>
    public List<int> Steps { get; } = [];

    public static string ClassPath(int i) => string.Create(CultureInfo.InvariantCulture, $"classes[{i}]");

    public static string StepPath(int i, int j) => string.Create(CultureInfo.InvariantCulture, $"classes[{i}].plan[{j}]");

    public static SchemeInput Of(Scheme scheme)
    {
        var input = new SchemeInput { Kind = scheme.Kind, Found = scheme.Clusters?.Found };
        (input["id"], input["version"]) = (scheme.Id, Text(scheme.Version));
        (input["name.english"], input["name.chinese"]) = (scheme.Name.English, scheme.Name.Chinese);
        (input["rfm.recency"], input["rfm.frequency"], input["rfm.money"]) = (Text(scheme.Rfm?.Recency), Text(scheme.Rfm?.Frequency), Text(scheme.Rfm?.Money));
        (input["abc.a"], input["abc.b"]) = (Text(scheme.Abc?.A), Text(scheme.Abc?.B));
        if (scheme.Clusters is { } clusters)
            (input["clusters.indicators"], input["clusters.groups"], input["clusters.currency"]) = (string.Join(' ', clusters.Indicators), Text(clusters.Groups), clusters.Currency ?? "");
        for (var i = 0; i < scheme.Classes.Count; i++)
        {
            var (one, at) = (scheme.Classes[i], ClassPath(i));
            input.Steps.Add(one.Plan?.Count ?? 0);
            input[at + ".code"] = one.Code;
            (input[at + ".name.english"], input[at + ".name.chinese"]) = (one.Name.English, one.Name.Chinese);
            (input[at + ".strategy.english"], input[at + ".strategy.chinese"]) = (one.Strategy?.English ?? "", one.Strategy?.Chinese ?? "");
            input[at + ".when"] = one.When is { } when ? ConditionText.Write(when) : "";
            input[at + ".scope.kinds"] = string.Join(' ', one.Scope?.Kinds ?? []);
            input[at + ".scope.tiers"] = string.Join(' ', one.Scope?.Tiers ?? []);
            input[at + ".scope.units"] = ScopeText.OfCodes(one.Scope?.Units);
            input[at + ".scope.industries"] = ScopeText.OfIndustries(one.Scope?.Industries);
            input[at + ".scope.currencies"] = ScopeText.OfCodes(one.Scope?.Currencies);
            for (var j = 0; j < input.Steps[i]; j++)
            {
                var (step, to) = (one.Plan![j], StepPath(i, j));
                (input[to + ".code"], input[to + ".what.english"], input[to + ".what.chinese"]) = (step.Code, step.What.English, step.What.Chinese);
                (input[to + ".after"], input[to + ".every"]) = (Text(step.After), Text(step.Every));
            }
        }
        return input;
    }

    /// <summary>What a form says, with what its button does to the rows: class-add, class-remove.1, class-up.1, step-add.1, step-remove.1.0.</summary>
    public static SchemeInput Of(IFormCollection form)
    {
        var input = new SchemeInput { Kind = Enum.TryParse<SchemeKind>(form["kind"], out var kind) && Enum.IsDefined(kind) ? kind : SchemeKind.Rules };
        foreach (var (name, values) in form)
            if (name.Length <= 80)
                input[name] = name.EndsWith(".kinds", StringComparison.Ordinal) || name.EndsWith(".tiers", StringComparison.Ordinal) || name == "clusters.indicators" ? string.Join(' ', values.OfType<string>()) : values.ToString().ReplaceLineEndings("\n").Trim();
        for (var i = 0; i < SchemeDocument.MaxClasses && int.TryParse(form[$"{ClassPath(i)}.steps"], NumberStyles.None, CultureInfo.InvariantCulture, out var steps); i++)
            input.Steps.Add(Math.Min(steps, SchemeDocument.MaxSteps));
        input.Found = SchemeDocument.ReadFound(form["clusters.found"]);
        input.Press(form["do"].ToString());
        return input;
    }

    private void Press(string button)
    {
        var parts = button.Split('.');
        var at = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < Steps.Count ? i : -1;
        var under = parts.Length > 2 && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var j) && at >= 0 && j < Steps[at] ? j : -1;
        switch (parts[0])
        {
            case "class-add" when Steps.Count < SchemeDocument.MaxClasses && Kind == SchemeKind.Rules:
                // Before the last one, which is everybody else.
                var last = Math.Max(0, Steps.Count - 1);
                Steps.Insert(last, 0);
                Move(ClassPath(last), ClassPath(last + 1));
                break;
            case "class-remove" when at >= 0 && Kind == SchemeKind.Rules:
                Clear(ClassPath(at));
                for (var k = at; k + 1 < Steps.Count; k++)
                    Move(ClassPath(k + 1), ClassPath(k));
                Steps.RemoveAt(at);
                break;
            case "class-up" when at > 0:
                Swap(ClassPath(at), ClassPath(at - 1));
                (Steps[at], Steps[at - 1]) = (Steps[at - 1], Steps[at]);
                break;
            case "step-add" when at >= 0 && Steps[at] < SchemeDocument.MaxSteps:
                Clear(StepPath(at, Steps[at]));
                this[StepPath(at, Steps[at]) + ".after"] = "7";
                Steps[at]++;
                break;
            case "step-remove" when under >= 0:
                for (var k = under; k + 1 < Steps[at]; k++)
                    Move(StepPath(at, k + 1), StepPath(at, k));
                Clear(StepPath(at, Steps[at] - 1));
                Steps[at]--;
                break;
        }
    }

    private void Move(string from, string to)
    {
        Clear(to);
        foreach (var (name, value) in Under(from))
        {
            _fields[to + name[from.Length..]] = value;
            _fields.Remove(name);
        }
    }

    private void Swap(string a, string b)
    {
        var (first, second) = (Under(a), Under(b));
        Clear(a);
        Clear(b);
        foreach (var (name, value) in first)
            _fields[b + name[a.Length..]] = value;
        foreach (var (name, value) in second)
            _fields[a + name[b.Length..]] = value;
    }

    private void Clear(string path)
    {
        foreach (var (name, _) in Under(path))
            _fields.Remove(name);
    }

    private List<KeyValuePair<string, string>> Under(string path) => [.. _fields.Where(f => f.Key.StartsWith(path + ".", StringComparison.Ordinal))];

    /// <summary>Without groups and their classes, which are found anew.</summary>
    public void Forget()
    {
        Found = null;
        Steps.Clear();
    }

    /// <summary>The same with codes and names where they are missing, so that what it means can be shown early.</summary>
    public SchemeInput Named()
    {
        var named = new SchemeInput { Kind = Kind, Found = Found };
        named.Steps.AddRange(Steps);
        foreach (var (name, value) in _fields)
            named[name] = value;
        foreach (var name in new[] { "id", "name.english", "name.chinese" })
            if (named[name].Length == 0)
                named[name] = "draft";
        for (var i = 0; i < Steps.Count; i++)
            foreach (var name in new[] { ".code", ".name.english", ".name.chinese" })
                if (named[ClassPath(i) + name].Length == 0)
                    named[ClassPath(i) + name] = $"class-{i + 1}";
        return named;
    }

    /// <summary>The scheme, or what is wrong with the form; a path is the name of its field.</summary>
    public SchemeReading Read()
    {
        var problems = new List<DocumentProblem>();
        var classes = new List<SchemeClass>();
        for (var i = 0; i < Steps.Count; i++)
            classes.Add(Class(i));
        var clusters = Kind != SchemeKind.Clusters ? null
            : new ClusterSettings(this["clusters.indicators"].Split(' ', StringSplitOptions.RemoveEmptyEntries), Number("clusters.groups") ?? 4, Filled("clusters.currency"), Found);
        var rfm = new RfmSettings(Number("rfm.recency"), Number("rfm.frequency"), Number("rfm.money"));
        var abc = new AbcSettings(Number("abc.a"), Number("abc.b"));
        var scheme = new Scheme(
            this["id"], Number("version") ?? 1, new(this["name.english"], this["name.chinese"]), Kind, classes,
            Kind != SchemeKind.Rfm || rfm == new RfmSettings() ? null : rfm, Kind != SchemeKind.Abc || abc == new AbcSettings() ? null : abc, clusters);
        problems.AddRange(SchemeDocument.Check(scheme).Where(p => !problems.Any(q => q.Path == p.Path)));
        return problems.Count > 0 ? new(null, problems) : new(scheme, []);

        SchemeClass Class(int i)
        {
            var at = ClassPath(i);
            Condition? when = null;
            if (Kind == SchemeKind.Rules && Filled(at + ".when") is { } text)
            {
                var read = ConditionText.Read(text.Replace('\n', ' '));
                when = read.Condition;
                problems.AddRange(read.Problems.Select(p => p with { Path = at + ".when" }));
            }
            var scope = Kind != SchemeKind.Rules ? null : new StandardScope(
                Many<CustomerSort>(at + ".scope.kinds"), ScopeText.Codes(this[at + ".scope.units"]), ScopeText.Industries(this[at + ".scope.industries"]), ScopeText.Codes(this[at + ".scope.currencies"]), Many<StandardTier>(at + ".scope.tiers"));
            var strategy = new Words(this[at + ".strategy.english"], this[at + ".strategy.chinese"]);
            var plan = new List<PlanStep>();
            for (var j = 0; j < Steps[i]; j++)
            {
                var to = StepPath(i, j);
                plan.Add(new(this[to + ".code"], new(this[to + ".what.english"], this[to + ".what.chinese"]), Number(to + ".after") ?? 0, Number(to + ".every")));
            }
            return new(
                this[at + ".code"], new(this[at + ".name.english"], this[at + ".name.chinese"]), when, scope == new StandardScope() ? null : scope,
                strategy.English.Length + strategy.Chinese.Length == 0 ? null : strategy, plan.Count == 0 ? null : plan);
        }

        int? Number(string name)
        {
            if (this[name].Length == 0)
                return null;
            if (int.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
            problems.Add(new("scheme.wrong-type", name, null, new("A whole number is expected.", "应为整数。")));
            return null;
        }

        string? Filled(string name) => this[name] is { Length: > 0 } text ? text : null;

        List<T>? Many<T>(string name) where T : struct, Enum
        {
            var all = this[name].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(v => Enum.TryParse<T>(v, out var value) && Enum.IsDefined(value)).Select(Enum.Parse<T>).Distinct().ToList();
            return all.Count == 0 ? null : all;
        }
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
