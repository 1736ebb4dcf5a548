using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Procedures;

/// <summary>
/// The editor's form as it was typed, right or wrong: fields of the procedure, and of its steps in order. A condition is three fields, "when[0].fact",
/// "when[0].comparison", "when[0].values"; tasks and items are lines of text; what a form cannot say well is left to the document itself.
/// </summary>
public sealed partial class ProcedureInput
{
    private const string Separator = " | ";

    /// <summary>Fields outside the steps, by their path: "name.english".</summary>
    public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Steps, each by the names of its fields: "name.english", "after".</summary>
    public List<Dictionary<string, string>> Steps { get; } = [];

    /// <summary>Letters, each by the names of its fields: "code", "subject.english", "english" (one paragraph a line), "table".</summary>
    public List<Dictionary<string, string>> Letters { get; } = [];

    public static ProcedureInput Of(Procedure procedure)
    {
        var input = new ProcedureInput();
        (input.Fields["id"], input.Fields["version"], input.Fields["kind"]) = (procedure.Id, procedure.Version.ToString(CultureInfo.InvariantCulture), $"{procedure.Kind}");
        (input.Fields["name.english"], input.Fields["name.chinese"]) = (procedure.Name.English, procedure.Name.Chinese);
        (input.Fields["hours.place"], input.Fields["hours.opens"], input.Fields["hours.closes"]) = (procedure.Hours.Place, $"{procedure.Hours.Opens:HH\\:mm}", $"{procedure.Hours.Closes:HH\\:mm}");
        input.Steps.AddRange(procedure.Steps.Select(Of));
        input.Letters.AddRange(procedure.Letters.Select(l => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["code"] = l.Code, ["subject.english"] = l.Subject.English, ["subject.chinese"] = l.Subject.Chinese, ["english"] = string.Join('\n', l.Paragraphs.Select(p => p.English)),
            ["chinese"] = string.Join('\n', l.Paragraphs.Select(p => p.Chinese)), ["table"] = $"{l.Table}",
        }));
        return input;
    }

    private static Dictionary<string, string> Of(ProcedureStep step)
    {
        var fields = FieldsOf(step);
        SetConditions(fields, [.. step.When.Select(c => ($"{c.Fact}", $"{c.Comparison}", string.Join(", ", c.Values)))]);
        return fields;
    }

    private static Dictionary<string, string> FieldsOf(ProcedureStep step) => new(StringComparer.Ordinal)
    {
        ["id"] = step.Id, ["kind"] = $"{step.Kind}", ["name.english"] = step.Name.English, ["name.chinese"] = step.Name.Chinese, ["after"] = string.Join(", ", step.After),
        ["roles"] = string.Join(',', step.Roles), ["escalateTo"] = string.Join(',', step.EscalateTo), ["dueHours"] = step.DueHours?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["tierHours"] = string.Join(", ", (step.TierHours ?? new Dictionary<string, int>()).Select(t => $"{t.Key}={t.Value}")), ["of"] = $"{step.Of}", ["letter"] = step.Letter ?? "",
        ["from"] = $"{step.From}", ["atOnce"] = step.AtOnce ? "true" : "", ["days"] = step.Days?.ToString(CultureInfo.InvariantCulture) ?? "", ["manual"] = step.Manual ? "true" : "",
        ["tasks"] = string.Join('\n', step.Tasks.Select(t => string.Join(Separator, [t.Code, t.Name.English, t.Name.Chinese, $"{t.Department}", t.DueDays.ToString(CultureInfo.InvariantCulture), t.System ?? "-", .. t.Irreversible ? ["irreversible"] : Array.Empty<string>()]))),
        ["items"] = string.Join('\n', step.Items.Select(i => string.Join(Separator, [i.Code, i.Name.English, i.Name.Chinese, $"{i.Side}", .. i.Evidence ? ["evidence"] : Array.Empty<string>()]))),
    };

    public static ProcedureInput Of(IFormCollection form)
    {
        var input = new ProcedureInput();
        foreach (var (key, values) in form)
        {
            var value = (values.Count > 1 ? string.Join(',', values.Where(v => !string.IsNullOrEmpty(v))) : values.ToString()).Trim();
            if (StepField().Match(key) is { Success: true } match && int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) is var i && i < ProcedureDocument.MaxEntries)
            {
                while (input.Steps.Count <= i)
                    input.Steps.Add(new(StringComparer.Ordinal));
                input.Steps[i][match.Groups[2].Value] = value;
            }
            else if (LetterName().Match(key) is { Success: true } letter && int.Parse(letter.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) is var n && n < ProcedureDocument.MaxEntries)
            {
                while (input.Letters.Count <= n)
                    input.Letters.Add(new(StringComparer.Ordinal));
                input.Letters[n][letter.Groups[2].Value] = value;
            }
            else if (FieldName().IsMatch(key))
                input.Fields[key] = value;
        }
        // A condition of which nothing was said is none; those after it move up.
        foreach (var step in input.Steps)
            SetConditions(step, [.. ConditionsOf(step).Where(c => c.Fact.Length + c.Values.Length > 0)]);
        return input;
    }

    public string this[string field] => Fields.GetValueOrDefault(field) ?? "";

    public string Letter(int i, string field) => Letters[i].GetValueOrDefault(field) ?? "";

    public string Step(int i, string field) => Steps[i].GetValueOrDefault(field) ?? "";

    /// <summary>The conditions of a step as they were typed, by their codes.</summary>
    public IReadOnlyList<(string Fact, string Comparison, string Values)> Conditions(int i) => ConditionsOf(Steps[i]);

    private static List<(string Fact, string Comparison, string Values)> ConditionsOf(Dictionary<string, string> step)
    {
        string At(int n, string part) => step.GetValueOrDefault($"when[{n.ToString(CultureInfo.InvariantCulture)}].{part}") ?? "";
        var numbers = step.Keys.Select(k => WhenField().Match(k)).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)).Distinct().Order();
        return [.. numbers.Select(n => (At(n, "fact"), At(n, "comparison"), At(n, "values")))];
    }

    private static void SetConditions(Dictionary<string, string> step, IReadOnlyList<(string Fact, string Comparison, string Values)> conditions)
    {
        foreach (var key in step.Keys.Where(k => WhenField().IsMatch(k)).ToList())
            step.Remove(key);
        foreach (var (n, (fact, comparison, values)) in conditions.Index())
            foreach (var (part, value) in new[] { ("fact", fact), ("comparison", comparison), ("values", values) })
                step[$"when[{n.ToString(CultureInfo.InvariantCulture)}].{part}"] = value;
    }

    // ---- buttons -------------------------------------------------------------------------------------------------------

    /// <summary>A new step at the end, or before one; it waits for the step before it.</summary>
    public void Add(int? before = null)
    {
        if (Steps.Count >= ProcedureDocument.MaxEntries)
            return;
        var at = before is { } i && i >= 0 && i < Steps.Count ? i : Steps.Count;
        Steps.Insert(at, new(StringComparer.Ordinal) { ["kind"] = $"{StepKind.CheckList}", ["after"] = at > 0 ? Step(at - 1, "id") : "" });
    }

    /// <summary>Takes a step out; what waited for it waits for what it waited for.</summary>
    public void Remove(int i)
    {
        if (i < 0 || i >= Steps.Count)
            return;
        var (gone, before) = (Step(i, "id"), Ids(Step(i, "after")));
        Steps.RemoveAt(i);
        foreach (var step in Steps.Where(s => Ids(s.GetValueOrDefault("after") ?? "").Contains(gone)))
            step["after"] = string.Join(", ", Ids(step["after"]).SelectMany(a => a == gone ? before : [a]).Distinct());
    }

    public void AddLetter()
    {
        if (Letters.Count < ProcedureDocument.MaxEntries)
            Letters.Add(new(StringComparer.Ordinal));
    }

    public void RemoveLetter(int i)
    {
        if (i >= 0 && i < Letters.Count)
            Letters.RemoveAt(i);
    }

    public void Move(int i, int by)
    {
        if (i < 0 || i >= Steps.Count || i + by < 0 || i + by >= Steps.Count)
            return;
        (Steps[i], Steps[i + by]) = (Steps[i + by], Steps[i]);
    }

    // ---- the document --------------------------------------------------------------------------------------------------

    public ReadDocument Read() => ReadDocument.Of(SignedKind.Procedure, ToJson());

    /// <summary>The document as typed; what is not a number stays a text, so that reading says where it is wrong.</summary>
    public string ToJson()
    {
        var root = new JsonObject
        {
            ["id"] = this["id"], ["version"] = Number(this["version"]), ["kind"] = this["kind"], ["name"] = Words(this["name.english"], this["name.chinese"]),
            ["hours"] = new JsonObject { ["place"] = this["hours.place"], ["opens"] = this["hours.opens"], ["closes"] = this["hours.closes"] },
            ["steps"] = new JsonArray([.. Enumerable.Range(0, Steps.Count).Select(i => (JsonNode)StepOf(i))]),
        };
        if (Letters.Count > 0)
            root["letters"] = new JsonArray([.. Enumerable.Range(0, Letters.Count).Select(i => (JsonNode)LetterOf(i))]);
        return root.ToJsonString();
    }

    /// <summary>A letter: its lines in one language beside those in the other, so that a paragraph missing in one is found there.</summary>
    private JsonObject LetterOf(int i)
    {
        var (english, chinese) = (Lines(Letter(i, "english")), Lines(Letter(i, "chinese")));
        var letter = new JsonObject
        {
            ["code"] = Letter(i, "code"), ["subject"] = Words(Letter(i, "subject.english"), Letter(i, "subject.chinese")),
            ["paragraphs"] = new JsonArray([.. Enumerable.Range(0, Math.Max(english.Length, chinese.Length)).Select(n => (JsonNode)Words(english.ElementAtOrDefault(n) ?? "", chinese.ElementAtOrDefault(n) ?? ""))]),
        };
        if (Letter(i, "table") is { Length: > 0 } table)
            letter["table"] = table;
        return letter;
    }

    private JsonObject StepOf(int i)
    {
        var step = new JsonObject
        {
            ["id"] = Step(i, "id"), ["kind"] = Step(i, "kind"), ["name"] = Words(Step(i, "name.english"), Step(i, "name.chinese")), ["after"] = Texts(Ids(Step(i, "after"))),
            ["roles"] = Texts(Ids(Step(i, "roles"))), ["escalateTo"] = Texts(Ids(Step(i, "escalateTo"))),
        };
        void Some(string field, Func<string, JsonNode?> value)
        {
            if (Step(i, field) is { Length: > 0 } text)
                step[field] = value(text);
        }
        Some("dueHours", Number);
        Some("days", Number);
        Some("of", t => t);
        Some("letter", t => t);
        Some("manual", _ => true);
        Some("from", t => t);
        Some("atOnce", _ => true);
        Some("tierHours", t =>
        {
            var hours = new JsonObject();
            foreach (var pair in Ids(t))
                hours[pair.Split('=')[0].Trim()] = Number(pair.Contains('=', StringComparison.Ordinal) ? pair.Split('=', 2)[1].Trim() : "");
            return hours;
        });
        if (Conditions(i) is { Count: > 0 } conditions)
            step["when"] = new JsonArray([.. conditions.Select(c => (JsonNode)new JsonObject { ["fact"] = c.Fact, ["comparison"] = c.Comparison, ["values"] = Texts(Ids(c.Values)) })]);
        Some("tasks", t => new JsonArray([.. Lines(t).Select(TaskOf)]));
        Some("items", t => new JsonArray([.. Lines(t).Select(ItemOf)]));
        return step;
    }

    private static JsonNode TaskOf(string line)
    {
        var parts = Parts(line);
        var task = new JsonObject { ["code"] = parts.ElementAtOrDefault(0), ["name"] = Words(parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? ""), ["department"] = parts.ElementAtOrDefault(3) ?? "" };
        if (parts.ElementAtOrDefault(4) is { Length: > 0 } days)
            task["dueDays"] = Number(days);
        if (parts.ElementAtOrDefault(5) is { Length: > 0 } system and not "-")
            task["system"] = system;
        if (parts.ElementAtOrDefault(6) is { Length: > 0 })
            task["irreversible"] = true;
        return task;
    }

    private static JsonNode ItemOf(string line)
    {
        var parts = Parts(line);
        var item = new JsonObject { ["code"] = parts.ElementAtOrDefault(0), ["name"] = Words(parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "") };
        if (parts.ElementAtOrDefault(3) is { Length: > 0 } side)
            item["side"] = side;
        if (parts.ElementAtOrDefault(4) is { Length: > 0 })
            item["evidence"] = true;
        return item;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Parts(string line) => line.Split('|', StringSplitOptions.TrimEntries);

    /// <summary>Codes one after another, with commas of either language between them.</summary>
    public static string[] Ids(string text) => text.Split([',', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static JsonObject Words(string english, string chinese) => new() { ["english"] = english, ["chinese"] = chinese };

    private static JsonNode Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : text;

    [GeneratedRegex(@"^steps\[(\d{1,3})\]\.([a-zA-Z]+(?:\.[a-z]+)?|when\[\d{1,2}\]\.(?:fact|comparison|values))\z")]
    private static partial Regex StepField();

    [GeneratedRegex(@"^letters\[(\d{1,3})\]\.(code|subject\.(?:english|chinese)|english|chinese|table)\z")]
    private static partial Regex LetterName();

    [GeneratedRegex(@"^when\[(\d{1,2})\]\.(?:fact|comparison|values)\z")]
    private static partial Regex WhenField();

    [GeneratedRegex(@"^(?:id|version|kind|name\.(?:english|chinese)|hours\.(?:place|opens|closes))\z")]
    private static partial Regex FieldName();
}
