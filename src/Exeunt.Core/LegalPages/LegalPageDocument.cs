using System.Text;
using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using Exeunt.Core.Documents;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.LegalPages;

/// <summary>What came of reading a document: the page, or everything that is wrong with it.</summary>
public sealed record LegalPageReading(LegalPage? Page, IReadOnlyList<DocumentProblem> Problems);

/// <summary>Reads and writes a legal page as JSON, strictly; whether the law allows it is for <see cref="LegalPageCheck"/>.</summary>
public static partial class LegalPageDocument
{
    public const int MaxLength = 100_000;
    public const int MaxFields = 20;
    public const int MaxId = 60;

    /// <summary>Longest words on a button or label.</summary>
    public const int MaxLabel = 120;

    /// <summary>Longest words of an offer.</summary>
    public const int MaxOffer = 1000;

    /// <summary>Languages in which the portal knows the rest of a page's words.</summary>
    public static readonly IReadOnlyList<string> Languages = ["de", "en", "fr", "zh"];

    private static readonly JsonSerializerOptions Options = Create(false);
    private static readonly JsonSerializerOptions Indented = Create(true);

    public static string Write(LegalPage page) => JsonSerializer.Serialize(page, Indented);

    public static string ToJson(LegalPage page) => JsonSerializer.Serialize(page, Options);

    /// <summary>The JSON Schema of the document.</summary>
    public static string Schema() => JsonSchemaExporter.GetJsonSchemaAsNode(Options, typeof(LegalPage), new() { TreatNullObliviousAsNonNullable = true })
        .ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" });

    public static LegalPageReading Read(string json)
    {
        if (json.Length > MaxLength)
            return new(null, [new("page.too-long", "", null, new($"The document is longer than {MaxLength} characters.", $"文档超过 {MaxLength} 个字符。"))]);
        var bytes = Encoding.UTF8.GetBytes(json);
        var problems = new List<DocumentProblem>();
        var shape = new JsonShape(Options, (path, code, english, chinese) => problems.Add(new("page." + code, path, null, new(english, chinese))), MaxFields);
        LegalPage page;
        try
        {
            shape.Check(JsonSpot.Parse(bytes), typeof(LegalPage), "");
            if (problems.Count > 0)
                return new(null, Placed(problems, shape, bytes));
            page = JsonSerializer.Deserialize<LegalPage>(bytes, Options)!;
        }
        catch (JsonException e)
        {
            return new(null, [new("page.not-json", "", null, new("This is not JSON.", "不是有效的 JSON。"), null, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1)]);
        }
        var wrong = Check(page);
        return wrong.Count > 0 ? new(null, Placed(wrong, shape, bytes)) : new(page, []);
    }

    /// <summary>What is wrong with the values one by one and together; empty when nothing is.</summary>
    public static IReadOnlyList<DocumentProblem> Check(LegalPage page)
    {
        var problems = new List<DocumentProblem>();
        void Say(bool wrong, string path, string code, string english, string chinese)
        {
            if (wrong)
                problems.Add(new("page." + code, path, null, new(english, chinese)));
        }
        void Label(string path, LegalWords? words, int max)
        {
            if (words is null)
                return;
            foreach (var (name, text) in new[] { ("own", words.Own), ("english", words.English), ("chinese", words.Chinese) })
                Say(string.IsNullOrWhiteSpace(text) || text.Length > max || text.Any(char.IsControl), $"{path}.{name}", "words",
                    $"Words of at most {max} characters on one line.", $"请填写单行文字，最多 {max} 个字符。");
        }
        Say(!CodeForm().IsMatch(page.Id) || page.Id.Length > MaxId, "id", "code", "Small letters, digits and dashes, beginning with a letter.", "仅限小写字母、数字和连字符，以字母开头。");
        Say(page.Version is < 1 or > 9999, "version", "range", "From 1 to 9999.", "应在 1 至 9999 之间。");
        Say(string.IsNullOrWhiteSpace(page.Name.English) || string.IsNullOrWhiteSpace(page.Name.Chinese) || page.Name.English.Length > MaxLabel || page.Name.Chinese.Length > MaxLabel, "name", "words",
            $"A name in both languages, of at most {MaxLabel} characters.", $"请用两种语言填写名称，最多 {MaxLabel} 个字符。");
        Say(!PlaceForm().IsMatch(page.Jurisdiction), "jurisdiction", "code", "A place is a code such as CN, DE, EU or US-CA.", "法域为代码，例如 CN、DE、EU、US-CA。");
        Say(!Languages.Contains(page.Language), "language", "wrong-value", $"One of {string.Join(", ", Languages)} is expected.", $"应为以下之一：{string.Join("、", Languages)}。");
        Say(!TimeZoneInfo.TryFindSystemTimeZoneById(page.Zone, out _) || page.Zone.Length > 40, "zone", "wrong-value", "A time zone such as Europe/Berlin is expected.", "应为时区，例如 Europe/Berlin。");
        Label("entry", page.Entry, MaxLabel);
        Label("confirm", page.Confirm, MaxLabel);
        Label("offer.words", page.Offer?.Words, MaxOffer);
        Say(page.StepByStep && page.Function == PageFunction.Withdrawal, "stepByStep", "one-page", "A withdrawal is declared on one page.", "撤回须在一个页面内提交。");
        Say(page.StepByStep && page.Fields.Count > 0, "fields", "step-by-step", "Step by step has its own questions; leave this empty.", "分步办理已有固定问题，此处留空。");
        Say(page.StepByStep && page.Offer is { Place: OfferPlace.OnConfirmation }, "offer.place", "wrong-value", "Step by step an offer stands beside the entry only.", "分步办理时，挽留信息只能放在入口旁。");
        Say(!page.StepByStep && page is { Survey: true } or { StepByStep: false, Consequences: true }, "stepByStep", "wrong-value", "Only step by step is a survey or a confirmation asked.", "仅分步办理时可询问原因或要求确认后果。");
        if (!page.StepByStep)
            foreach (var needed in LegalPage.Known.Take(3))
                Say(page.Fields.All(f => f.Name != needed), "fields", "missing", $"\"{needed}\" must be asked, or nobody can tell whose contract ends.", $"须包含“{needed}”，否则无法确定合同。");
        for (var i = 0; i < page.Fields.Count; i++)
        {
            var (field, path) = (page.Fields[i], $"fields[{i}]");
            Say(!NameForm().IsMatch(field.Name) || field.Name.Length > 40, $"{path}.name", "code", "Letters and digits, beginning with a small letter.", "仅限字母和数字，以小写字母开头。");
            Say(page.Fields.Take(i).Any(f => f.Name == field.Name), $"{path}.name", "repeated", "This is asked twice.", "此项重复询问。");
            Say(!LegalPage.Known.Contains(field.Name) && field.Label is null, $"{path}.label", "missing", "A question of one's own needs a label.", "自定义问题须填写标签。");
            Say(LegalPage.Known.Contains(field.Name) && field.Label is not null, $"{path}.label", "wrong-value", "This question has its own words, so that nothing else is asked under its name.", "此项有固定文字，不得借其名询问其他内容。");
            Say(LegalPage.Known.Take(3).Contains(field.Name) && field.Optional, $"{path}.optional", "wrong-value", "This is always needed.", "此项必填。");
            Label($"{path}.label", field.Label, MaxLabel);
        }
        return problems;
    }

    private static List<DocumentProblem> Placed(IReadOnlyList<DocumentProblem> problems, JsonShape shape, byte[] bytes) =>
        [.. problems.Select(p => shape.PlaceOf(p.Path, bytes) is var (line, column) ? p with { Line = line, Column = column } : p).OrderBy(p => (p.Line, p.Column))];

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(SettlementJson.Document) { RespectRequiredConstructorParameters = true, WriteIndented = indented, NewLine = "\n" };
        options.MakeReadOnly();
        return options;
    }

    [GeneratedRegex(@"^[a-z](?:[a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"^[a-z][A-Za-z0-9]*\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?\z")]
    private static partial Regex PlaceForm();
}

/// <summary>Holds a legal page against the law of its place.</summary>
public static class LegalPageCheck
{
    /// <summary>What the rules in force on a day refuse, or advise against, for consumers: each with the rule's article and how to mend it.</summary>
    public static IReadOnlyList<(DocumentProblem Problem, bool Blocks)> Of(LegalPage page, IReadOnlyList<RulePack> packs, DateOnly on) =>
        [.. PageCheck.Of(page.Measured, packs, Policies.Party.Consumer, on).Select(f => (new DocumentProblem(
            f.Code, PathOf(f.Finding.Where), null, new(f.Finding.Problem.English + $" ({f.Finding.Rule.Article})", f.Finding.Problem.Chinese + $"（{f.Finding.Rule.Article}）"), f.Finding.Fix), f.Blocks))];

    /// <summary>Where in the document the measured part stands.</summary>
    private static string PathOf(string measured) => measured switch { "offerOnConfirmation" or "cancelBesideOffer" => "offer", _ => measured };
}
