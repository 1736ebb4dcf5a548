using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.LegalPages;
using Exeunt.Core.Policies;

namespace Exeunt.App.Features.LegalPages;

/// <summary>What somebody declares on a legal page, as it was typed.</summary>
/// <param name="Kind">"ordinary" or "good-cause"; null: ordinary.</param>
/// <param name="Words">The good cause.</param>
/// <param name="Choice">"earliest" or "other"; null: earliest.</param>
/// <param name="EndsOn">The day, where another is wished: "2026-12-31".</param>
/// <param name="More">Answers to a page's own questions, by their names.</param>
public sealed record Declaration(
    string? ContractNumber, string? Name, string? Contact, string? Kind = null, string? Words = null, string? Choice = null, string? EndsOn = null,
    IReadOnlyDictionary<string, string>? More = null)
{
    public const int MaxMore = 200;

    /// <summary>As an application, or what is missing; the fields are those of the page and no others count.</summary>
    public Outcome<Typed> Read(LegalPage page, DateOnly today)
    {
        bool Asks(string name) => page.Fields.Any(f => f.Name == name);
        if (Intake.Check(ContractNumber, Name, Contact) is { } no)
            return no;
        var cause = Asks("kind") && Kind == "good-cause";
        if (Asks("kind") && Kind is not (null or "" or "ordinary" or "good-cause"))
            return LegalPageRefusals.Kind;
        var words = Asks("reason") ? Words?.Trim() : null;
        if (cause && Asks("reason") && string.IsNullOrEmpty(words))
            return LegalPageRefusals.ReasonMissing;
        if (Intake.CheckWords(words) is { } long1)
            return long1;
        DateOnly? on = null;
        if (Asks("endsOn") && (Choice == "other" || (Choice is null && !string.IsNullOrWhiteSpace(EndsOn))))
        {
            if (string.IsNullOrWhiteSpace(EndsOn))
                return CommonRefusals.Required("endsOn");
            if (!DateOnly.TryParseExact(EndsOn.Trim(), "yyyy-MM-dd", out var day))
                return Intake.DateUnreadable;
            if (Intake.CheckDate(day, today) is { } never)
                return never;
            on = day;
        }
        if (More?.Keys.FirstOrDefault(k => LegalPage.Known.Contains(k) || !Asks(k)) is { } foreign)
            return LegalPageRefusals.NotAsked(foreign);
        var more = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in page.Fields.Where(f => !LegalPage.Known.Contains(f.Name)))
        {
            var answer = More?.GetValueOrDefault(field.Name)?.Trim() ?? "";
            if (answer.Length == 0 && !field.Optional)
                return CommonRefusals.Required(field.Name);
            if (answer.Length > MaxMore)
                return CommonRefusals.TooLong(field.Name, MaxMore);
            if (answer.Length > 0)
                more[field.Name] = answer;
        }
        return new Typed(ContractNumber!.Trim(), Name!.Trim(), Contact!.Trim(), on, null, string.IsNullOrEmpty(words) ? null : words) { GoodCause = cause, More = more.Count > 0 ? more : null };
    }

    /// <summary>The fields of the form that hold it, for a page that carries it on.</summary>
    public IEnumerable<(string Name, string Value)> Fields(string? draft)
    {
        (string Name, string? Value)[] all =
            [("contractNumber", ContractNumber), ("name", Name), ("contact", Contact), ("kind", Kind), ("words", Words), ("choice", Choice), ("endsOn", EndsOn), ("draft", draft), .. (More ?? new Dictionary<string, string>()).Select(m => (m.Key, (string?)m.Value))];
        return all.Where(f => f.Value is not null).Select(f => (f.Name, f.Value!));
    }

    /// <summary>The ground that a declaration on the page rests on; null: a reason of one's own.</summary>
    public static Ground? GroundOf(LegalPage page, Typed typed) => page.Function == PageFunction.Withdrawal ? Ground.Withdrawal : typed.GoodCause ? Ground.Fundamental : null;
}

/// <summary>What was declared, line by line, in the page's language: for the summary, the receipt, its file and its mail.</summary>
public static class DeclaredLines
{
    public static IReadOnlyList<(string Label, string Value)> Of(LegalPage page, Typed typed, PageWords words)
    {
        var lines = new List<(string, string)>();
        foreach (var field in page.Fields)
        {
            var value = field.Name switch
            {
                "identity" => typed.Name,
                "contract" => typed.ContractNumber,
                "contact" => typed.Contact,
                "kind" => words[typed.GoodCause ? "kind.good-cause" : "kind.ordinary"],
                "reason" => typed.Words,
                "endsOn" => typed.EndsOn is { } on ? words.Date(on) : words["endsOn.earliest"],
                var name => typed.More?.GetValueOrDefault(name),
            };
            if (!string.IsNullOrEmpty(value))
                lines.Add((LabelOf(field, words), value));
        }
        return lines;
    }

    public static string LabelOf(PageField field, PageWords words) => field.Label?.In(words.Language) ?? words[field.Name];

    /// <summary>When the contract is to end, as declared.</summary>
    public static string EndsOf(LegalPage page, Typed typed, PageWords words) =>
        page.Function == PageFunction.Withdrawal ? words["receipt.at-once"] : typed.EndsOn is { } on ? words.Date(on) : words["endsOn.earliest"];

    /// <summary>The receipt as a mail to the address that was typed.</summary>
    public static MailContent Mail(LegalPage page, Typed typed, string number, DateTimeOffset at, string link)
    {
        var words = PageWords.In(page.Language);
        return new(typed.Contact, words[page.Function == PageFunction.Withdrawal ? "mail.subject.withdrawal" : "mail.subject.ending", number], Receipt(page, typed, number, at, link, words), []);
    }

    /// <summary>The whole receipt as plain text: content, number, day and time, and when the contract is to end.</summary>
    public static string Receipt(LegalPage page, Typed typed, string number, DateTimeOffset at, string link, PageWords words)
    {
        var text = new System.Text.StringBuilder();
        void Line(string label, string value) => text.Append(label).Append(": ").Append(value).Append('\n');
        text.Append(words[page.Function == PageFunction.Withdrawal ? "receipt.withdrawal" : "receipt.ending"]).Append("\n\n");
        Line(words["receipt.number"], number);
        Line(words["receipt.at"], words.Time(at, page.Zone));
        text.Append('\n').Append(words["receipt.content"]).Append(" (").Append(page.Confirm.Own).Append("):\n");
        foreach (var (label, value) in Of(page, typed, words))
            Line(label, value);
        text.Append('\n');
        Line(words["receipt.ends"], EndsOf(page, typed, words));
        text.Append('\n');
        Line(words["receipt.follow"], link);
        return text.ToString();
    }
}
