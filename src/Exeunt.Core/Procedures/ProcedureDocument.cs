using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Exeunt.Core.Calendar;
using Exeunt.Core.Documents;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Procedures;

/// <summary>What came of reading a document: the procedure, or everything that is wrong with it.</summary>
public sealed record ProcedureReading(Procedure? Procedure, IReadOnlyList<DocumentProblem> Problems)
{
    [MemberNotNullWhen(true, nameof(Procedure))]
    public bool IsValid => Procedure is not null;
}

/// <summary>
/// Reads and writes a procedure as JSON. Reading is strict and says everything that is wrong at once, with path, line and column; the
/// same procedure always gives the same text. Whether the steps make sense together is for <see cref="ProcedureCheck"/>.
/// </summary>
public static partial class ProcedureDocument
{
    /// <summary>Longest document, in characters.</summary>
    public const int MaxLength = 500_000;

    public const int MaxId = 60;
    public const int MaxName = 200;

    /// <summary>Longest paragraph of a letter.</summary>
    public const int MaxParagraph = 2000;

    /// <summary>Most steps, tasks, items or values of one list.</summary>
    public const int MaxEntries = 100;

    /// <summary>Most business hours of a due time, and most days of a step.</summary>
    public const int MaxDue = 3650;

    internal static readonly JsonSerializerOptions Options = Create(indented: false);

    private static readonly JsonSerializerOptions Indented = Create(indented: true);

    /// <summary>The document for people, with line breaks; what is empty or usual is left out.</summary>
    public static string Write(Procedure procedure) => JsonSerializer.Serialize(procedure, Indented);

    /// <summary>The document without line breaks, as it is stored and signed.</summary>
    public static string ToJson(Procedure procedure) => JsonSerializer.Serialize(procedure, Options);

    /// <summary>SHA-256 (hex) of the stored document: what signatures bind.</summary>
    public static string DigestOf(Procedure procedure) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson(procedure))));

    private static readonly StrictJson<Procedure> Reader = new("procedure", Options, MaxLength, MaxEntries, Check);

    /// <summary>Reads and checks a document.</summary>
    public static ProcedureReading Read(string json)
    {
        var (document, problems) = Reader.Read(json);
        return new(document, problems);
    }

    /// <summary>What is wrong with the values of a procedure one by one: codes, words, ranges, places. Empty when nothing is.</summary>
    public static IReadOnlyList<DocumentProblem> Check(Procedure procedure)
    {
        var say = new Findings();
        say.Code("id", null, procedure.Id);
        say.Range("version", null, procedure.Version, 1, 9999);
        say.Words("name", null, procedure.Name);
        say.If(procedure.Hours.Place.Length > 0 && !HolidayCalendars.Places.Contains(procedure.Hours.Place), "hours.place", null, "place",
            $"A place with a calendar is expected: {string.Join(", ", HolidayCalendars.Places)}; empty for weekends only.", $"应为有日历的地区：{string.Join("、", HolidayCalendars.Places)}；留空则仅周末休息。");
        say.If(procedure.Hours.Closes <= procedure.Hours.Opens, "hours.closes", null, "hours", "Working time ends after it begins.", "下班时间须晚于上班时间。");
        say.If(procedure.Steps.Count == 0, "steps", null, "missing", "At least one step.", "至少填写一个步骤。");
        for (var i = 0; i < procedure.Steps.Count; i++)
            Step(procedure.Steps[i], $"steps[{i}]", say);
        for (var i = 0; i < procedure.Letters.Count; i++)
            Letter(procedure.Letters[i], $"letters[{i}]", say);
        say.Unique("letters", null, [.. procedure.Letters.Select(l => l.Code)], ".code");
        return say.All;
    }

    private static void Letter(ProcedureLetter letter, string path, Findings say)
    {
        say.Code($"{path}.code", null, letter.Code);
        say.If(ProcedureCheck.Letters.Contains(letter.Code), $"{path}.code", null, "letter-taken", "Every procedure has a letter of this code; choose another.", "该代码为通用函件所用，请另选。");
        say.Words($"{path}.subject", null, letter.Subject);
        say.If(letter.Paragraphs.Count == 0, $"{path}.paragraphs", null, "missing", "At least one paragraph.", "至少填写一段。");
        for (var i = 0; i < letter.Paragraphs.Count; i++)
            say.Words($"{path}.paragraphs[{i}]", null, letter.Paragraphs[i], MaxParagraph);
        foreach (var (at, text) in letter.Paragraphs.SelectMany((p, i) => new[] { ($"paragraphs[{i}].english", p.English), ($"paragraphs[{i}].chinese", p.Chinese) })
            .Prepend(("subject.chinese", letter.Subject.Chinese)).Prepend(("subject.english", letter.Subject.English)))
            foreach (var field in LetterField.In(text).Where(f => LetterField.Find(f) is null).Distinct())
                say.If(true, $"{path}.{at}", null, "unknown-field",
                    field.Length == 0 ? "A brace stands alone; fields are written as {case.number}." : $"There is no field {{{field}}}. Known: {string.Join(", ", LetterField.All.Select(f => $"{{{f.Code}}}"))}.",
                    field.Length == 0 ? "花括号不成对；字段写作 {case.number}。" : $"没有字段 {{{field}}}。可用：{string.Join("、", LetterField.All.Select(f => $"{{{f.Code}}}"))}。");
    }

    private static void Step(ProcedureStep step, string path, Findings say)
    {
        var id = step.Id;
        say.Code($"{path}.id", id, id);
        say.Words($"{path}.name", id, step.Name);
        say.Unique($"{path}.after", id, step.After);
        say.Unique($"{path}.roles", id, [.. step.Roles.Select(r => $"{r}")]);
        say.Unique($"{path}.escalateTo", id, [.. step.EscalateTo.Select(r => $"{r}")]);
        say.Range($"{path}.dueHours", id, step.DueHours, 1, MaxDue);
        foreach (var (tier, hours) in step.TierHours ?? new Dictionary<string, int>())
        {
            say.If(!Tiers.Contains(tier), $"{path}.tierHours.{tier}", id, "wrong-value", $"One of {string.Join(", ", Tiers)} is expected.", $"应为以下之一：{string.Join("、", Tiers)}。");
            say.Range($"{path}.tierHours.{tier}", id, hours, 1, MaxDue);
        }
        say.Range($"{path}.days", id, step.Days, 1, MaxDue);
        say.If(step.Letter is { } letter && !CodeForm().IsMatch(letter), $"{path}.letter", id, "code", CodeEnglish, CodeChinese);
        for (var i = 0; i < step.Tasks.Count; i++)
        {
            say.Code($"{path}.tasks[{i}].code", id, step.Tasks[i].Code);
            say.Words($"{path}.tasks[{i}].name", id, step.Tasks[i].Name);
            say.Range($"{path}.tasks[{i}].dueDays", id, step.Tasks[i].DueDays, 0, 365);
            say.If(step.Tasks[i].System is { } system && (string.IsNullOrWhiteSpace(system) || system.Length > MaxId), $"{path}.tasks[{i}].system", id, "range",
                $"A name of at most {MaxId} characters.", $"名称最多 {MaxId} 个字符。");
        }
        say.Unique($"{path}.tasks", id, [.. step.Tasks.Select(t => t.Code)], ".code");
        for (var i = 0; i < step.Items.Count; i++)
        {
            say.Code($"{path}.items[{i}].code", id, step.Items[i].Code);
            say.Words($"{path}.items[{i}].name", id, step.Items[i].Name);
        }
        say.Unique($"{path}.items", id, [.. step.Items.Select(t => t.Code)], ".code");
        for (var i = 0; i < step.When.Count; i++)
            Condition(step.When[i], $"{path}.when[{i}]", id, say);
    }

    private static readonly string[] Tiers = ["Vip", "Normal", "HighRisk"];

    /// <summary>The values a fact can have; empty when it is free.</summary>
    public static IReadOnlyList<string> ValuesOf(CaseFact fact) =>
        fact switch
        {
            CaseFact.Channel => Enum.GetNames<Cases.Channel>(),
            CaseFact.Tier => Tiers,
            CaseFact.Party => Enum.GetNames<Policies.Party>(),
            CaseFact.Level => ["0", "1", "2"],
            _ => [],
        };

    private static void Condition(StepCondition condition, string path, string step, Findings say)
    {
        say.If(condition.Values.Count == 0, $"{path}.values", step, "missing", "At least one value.", "至少填写一个值。");
        say.Unique($"{path}.values", step, condition.Values);
        var limits = condition.Comparison is Comparison.AtMost or Comparison.MoreThan;
        say.If(limits && condition.Fact is not (CaseFact.Amount or CaseFact.Level), $"{path}.comparison", step, "condition",
            "Only an amount or a level is compared by size; use “is” or “is not” (Is, IsNot).", "仅金额和核验级别可比较大小，请改用“为”或“不为”（Is、IsNot）。");
        say.If(!limits && condition.Fact == CaseFact.Amount, $"{path}.comparison", step, "condition", "An amount is compared by “is at most” or “is more than” (AtMost, MoreThan).", "金额须用“不超过”或“超过”比较（AtMost、MoreThan）。");
        say.If(limits && condition.Fact == CaseFact.Level && condition.Values.Count > 1, $"{path}.values", step, "condition", "One level is enough.", "核验级别只填一个。");
        var known = ValuesOf(condition.Fact);
        for (var i = 0; i < condition.Values.Count; i++)
        {
            var value = condition.Values[i];
            say.If(known.Count > 0 && !known.Contains(value, StringComparer.OrdinalIgnoreCase), $"{path}.values[{i}]", step, "wrong-value",
                $"One of {string.Join(", ", known)} is expected.", $"应为以下之一：{string.Join("、", known)}。");
            say.If(condition.Fact == CaseFact.Amount && !IsAmount(value), $"{path}.values[{i}]", step, "amount", "A currency and an amount are expected, such as CNY 5000.", "应为币种和金额，例如 CNY 5000。");
            say.If(condition.Fact is CaseFact.Reason or CaseFact.Ground && !Reason().IsMatch(value), $"{path}.values[{i}]", step, "code",
                "A code such as PRICE or PRICE/TOO_HIGH is expected.", "应为代码，例如 PRICE 或 PRICE/TOO_HIGH。");
        }
        say.If(condition.Fact == CaseFact.Amount && condition.Values.Where(v => v.Length > 3).GroupBy(v => v[..3]).Any(g => g.Count() > 1), $"{path}.values", step, "repeated",
            "One amount a currency.", "每个币种只填一个金额。");
    }

    private static bool IsAmount(string value) =>
        value.Split(' ') is [{ Length: 3 } currency, var amount] && Currency.IsKnown(currency)
        && decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    /// <summary>Whether a text can be the code of a procedure.</summary>
    public static bool IsCode(string text) => text.Length <= MaxId && CodeForm().IsMatch(text);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(SettlementJson.Document)
        {
            RespectRequiredConstructorParameters = true,
            WriteIndented = indented,
            NewLine = "\n",
            TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(LeaveOut),
        };
        options.Converters.Insert(0, new HourConverter());
        options.MakeReadOnly();
        return options;
    }

    /// <summary>What is computed is no part of the document, and what is empty or usual is not written.</summary>
    private static void LeaveOut(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object)
            return;
        for (var i = info.Properties.Count - 1; i >= 0; i--)
        {
            var property = info.Properties[i];
            if (property.Set is null)
                info.Properties.RemoveAt(i);
            else if (property.PropertyType == typeof(bool))
                property.ShouldSerialize = (_, value) => value is true;
            else if ((info.Type == typeof(ProcedureStep) || (info.Type == typeof(Procedure) && property.Name == "letters")) && property.Name != "after" && property.PropertyType.IsGenericType && Nullable.GetUnderlyingType(property.PropertyType) is null && property.PropertyType.IsAssignableTo(typeof(System.Collections.IEnumerable)))
                property.ShouldSerialize = (_, value) => value is System.Collections.IEnumerable list && list.GetEnumerator().MoveNext();
        }
    }

    private sealed class HourConverter : JsonConverter<TimeOnly>
    {
        public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeOnly.TryParseExact(reader.GetString(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString("HH:mm", CultureInfo.InvariantCulture));
    }

    private const string CodeEnglish = "Small letters, digits and dashes, beginning with a letter.";
    private const string CodeChinese = "仅限小写字母、数字和连字符，以字母开头。";

    private sealed class Findings
    {
        private readonly List<DocumentProblem> _all = [];

        public IReadOnlyList<DocumentProblem> All => _all;

        public void If(bool wrong, string path, string? step, string code, string english, string chinese)
        {
            if (wrong)
                _all.Add(new("procedure." + code, path, step, new(english, chinese)));
        }

        public void Range(string path, string? step, int? value, int least, int most) =>
            If(value < least || value > most, path, step, "range", $"From {least} to {most}.", $"须在 {least} 至 {most} 之间。");

        public void Code(string path, string? step, string code) => If(code.Length > MaxId || !CodeForm().IsMatch(code), path, step, "code", CodeEnglish, CodeChinese);

        public void Words(string path, string? step, Words words, int max = MaxName)
        {
            foreach (var (key, text) in new[] { ("english", words.English), ("chinese", words.Chinese) })
            {
                If(string.IsNullOrWhiteSpace(text), $"{path}.{key}", step, "missing", "Please fill this in.", "请填写此项。");
                If(text.Length > max, $"{path}.{key}", step, "too-long", $"At most {max} characters, please.", $"最多 {max} 个字符。");
            }
        }

        public void Unique(string path, string? step, IReadOnlyList<string> codes, string key = "")
        {
            for (var i = 0; i < codes.Count; i++)
                If(codes.Take(i).Contains(codes[i]), $"{path}[{i}]{key}", step, "repeated", "This stands here twice.", "此项重复出现。");
        }
    }

    [GeneratedRegex(@"^[a-z](?:[a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]*(?:/[A-Z][A-Z0-9_]*)?\z")]
    private static partial Regex Reason();
}
