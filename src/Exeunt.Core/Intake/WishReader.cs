using System.Globalization;
using System.Text.RegularExpressions;

namespace Exeunt.Core.Intake;

public enum Wish
{
    /// <summary>Nothing in it speaks of ending.</summary>
    None,

    /// <summary>It speaks of ending, but asks, supposes, denies or tells of the past; or of several contracts. A person reads it.</summary>
    Unsure,

    /// <summary>A sentence says, without any if or but, that a contract shall end.</summary>
    Clear,
}

/// <summary>What was read out of a text in words of a customer.</summary>
/// <param name="Sentence">The sentence on which it rests; null when there is none.</param>
/// <param name="Why">A code for why it is not clear: "denied", "asked", "supposed", "past", "taken-back", "no-number", "several-numbers", "several-dates"; null when it is clear or there is no wish.</param>
/// <param name="Numbers">What looks like a contract's number, in the order of the text, each once.</param>
/// <param name="Cases">Numbers of cases as "T-2026-000123".</param>
/// <param name="EndsOn">The one date in the sentence.</param>
/// <param name="Language">"zh" or "en": that in which more is written.</param>
public sealed record ReadWish(Wish Wish, string? Sentence, string? Why, IReadOnlyList<string> Numbers, IReadOnlyList<string> Cases, DateOnly? EndsOn, string Language);

/// <summary>
/// Reads a contract's number and the wish to end it out of a text, by rules that can be told: a sentence must hold a phrase of ending
/// (<see cref="Ending"/>) and none of doubt; the number stands behind a word for it, or is the only thing in the text that looks like one.
/// Only what the writer wrote counts: quoted mails are left out. In doubt a person decides.
/// </summary>
public static partial class WishReader
{
    public const int MaxText = 20_000;
    private const int MaxNumbers = 10;

    public static ReadWish Read(string subject, string text)
    {
        var own = Own(text.Length > MaxText ? text[..MaxText] : text);
        var all = subject + "\n" + own;
        var (wish, sentence, why) = WishOf(subject, own);
        var numbers = NumbersOf(all);
        var dates = sentence is null ? [] : DatesOf(sentence);
        if (wish == Wish.Clear && (numbers.Count != 1 || dates.Count > 1))
            (wish, why) = (Wish.Unsure, numbers.Count == 0 ? "no-number" : numbers.Count > 1 ? "several-numbers" : "several-dates");
        var chinese = all.Count(c => c is >= '\u4E00' and <= '\u9FFF');
        return new ReadWish(wish, sentence, why, numbers, [.. CaseNumber().Matches(all).Select(m => m.Value.ToUpperInvariant()).Distinct().Take(5)], dates.Count == 1 ? dates[0] : null,
            chinese * 3 > all.Count(char.IsAsciiLetter) ? "zh" : "en");
    }

    /// <summary>Without what was quoted from an earlier mail.</summary>
    public static string Own(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (QuoteHead().IsMatch(line))
                break;
            if (!line.TrimStart().StartsWith('>'))
                lines.Add(line);
        }
        return string.Join('\n', lines);
    }

    private static (Wish Wish, string? Sentence, string? Why) WishOf(string subject, string own)
    {
        (Wish, string?, string?) found = (Wish.None, null, null);
        foreach (var sentence in Sentences(subject + "\n" + own))
        {
            // Taken back anywhere: nothing is made of it without a person.
            if (TakenBack().IsMatch(sentence))
                return (Wish.Unsure, sentence, "taken-back");
            if (!Ending().IsMatch(sentence))
                continue;
            var why = Denied().IsMatch(sentence) ? "denied" : Asked().IsMatch(sentence) ? "asked" : Supposed().IsMatch(sentence) ? "supposed" : Past().IsMatch(sentence) ? "past" : null;
            if (why is not null)
            {
                // A doubtful sentence outweighs a clear one: who writes both is asked.
                if (why is "denied" or "supposed")
                    return (Wish.Unsure, sentence, why);
                if (found.Item1 != Wish.Clear)
                    found = (Wish.Unsure, sentence, why);
            }
            else if (found.Item1 != Wish.Clear)
                found = (Wish.Clear, sentence, null);
        }
        return found;
    }

    /// <summary>Sentences with their end sign; a line end ends one too only where the next line begins a new thought.</summary>
    private static IEnumerable<string> Sentences(string text) =>
        SentenceEnd().Split(text).Select(s => s.ReplaceLineEndings(" ").Trim()).Where(s => s.Length > 0).Take(400);

    private static List<string> NumbersOf(string text)
    {
        var named = Labelled().Matches(text).Select(m => m.Groups["number"].Value).Where(IsNumber).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxNumbers).ToList();
        if (named.Count > 0)
            return named;
        return [.. Token().Matches(text).Select(m => m.Value.Trim('-', '/', '_')).Where(n => n.Any(char.IsAsciiLetter) && IsNumber(n)).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxNumbers)];
    }

    /// <summary>Four digits at least, no date, no case of ours.</summary>
    private static bool IsNumber(string text) =>
        text.Length is >= 5 and <= 60 && text.Count(char.IsAsciiDigit) >= 4 && !IsoDate().IsMatch(text) && !CaseNumber().IsMatch(text);

    private static List<DateOnly> DatesOf(string sentence)
    {
        var found = new List<DateOnly>();
        foreach (Match match in AnyDate().Matches(sentence))
        {
            int Part(string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
            try
            {
                found.Add(match.Groups["word"].Success
                    ? DateOnly.Parse($"{match.Groups["d2"].Value} {match.Groups["word"].Value[..3]} {match.Groups["y2"].Value}", CultureInfo.InvariantCulture)
                    : new DateOnly(Part("y"), Part("m"), Part("d")));
            }
            catch (Exception e) when (e is ArgumentOutOfRangeException or FormatException)
            {
                // The 31st of June is no date.
            }
        }
        return [.. found.Distinct()];
    }

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"解约|退订|销户|退网|(取消|终止|解除|结束|停止|注销|关闭|退掉)[^，。！？\n]{0,12}(合同|合约|服务|订阅|套餐|账户|账号|帐户|帐号|会员|宽带|业务|协议|号码|续费)|(合同|合约|服务|订阅|套餐|账户|账号|会员|宽带|业务|协议)[^，。！？\n]{0,10}(取消|终止|解除|注销|停掉|退掉)|不再?续(约|费|订)|\b((cancel|terminate|discontinue)\s+(my|our|the|this|that|both|all)?|(end|close|stop)\s+(my|our|the|this|that))\s*([^\s.!?]+\s+){0,4}(contract|subscription|service|account|plan|membership|agreement|policy)s?\b|\b(notice of|formal)\s+(termination|cancellation)\b|\b(cancellation|termination) of (my|our|the|this)\b|\bgive(s|ing)?\s+(you\s+)?notice\b|\b(do|will) not (want to |wish to )?renew\b|\bwon't (be )?renew", Options)]
    internal static partial Regex Ending();

    [GeneratedRegex(@"(不想|不要|不会|不打算|不是要|没有?要|无需|不用|别|并非|暂不|先不|不同意)[^，。！？\n]{0,8}(解约|退订|销户|退网|取消|终止|解除|结束|停止|注销|关闭)|\b(do not|don't|not|never|no longer|does not|didn't)\s+(want|wish|intend|plan|going|mean|asking|request\w*)?\s*(to|for)?\s*(me\s+to\s+)?(cancel|terminate|end|close|stop)|\bnot\s+(a\s+)?(cancellation|termination)\b|\bkeep (my|our|the)\b", Options)]
    private static partial Regex Denied();

    [GeneratedRegex(@"[?？]|如何|怎么|怎样|能不能|能否|可否|可不可以|是否|吗|多少|什么时候|想(问|了解|咨询)|请问|\b(how|what|when|whether|could you (tell|explain)|can i|could i|may i|is it possible|would it|wonder(ing)?)\b", Options)]
    private static partial Regex Asked();

    [GeneratedRegex(@"如果|假如|要是|的话|否则|不然|考虑|可能会|也许|或许|\b(if|unless|otherwise|consider(ing)?|might|maybe|perhaps|thinking (of|about)|threaten)\b", Options)]
    private static partial Regex Supposed();

    [GeneratedRegex(@"(已经?|曾经?|上次|去年|之前)[^，。！？\n]{0,10}(解约|退订|取消|终止|解除|注销)|(解约|退订|取消|终止|解除|注销)(了|过|成功)|\b(have|has|had|was|were|been|already|last (year|month|week)|yesterday)\b[^.!?\n]{0,30}\b(cancel|terminat|end|clos)\w*ed\b", Options)]
    private static partial Regex Past();

    [GeneratedRegex(@"撤回|收回|撤销[^，。！？\n]{0,6}(申请|解约|取消)|\b(withdraw|revoke|take back|disregard|ignore)\b[^.!?\n]{0,40}\b(cancellation|termination|application|notice|request|mail|email|message)\b", Options)]
    private static partial Regex TakenBack();

    [GeneratedRegex(@"(?<=[.!?])\s+|(?<=[。！？；])|\n\s*\n|\n(?=\s*[-*•\d])", Options)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"(合同|合约|协议|保单|订单|客户|账户|账号|会员)?(编号|号码|号|帐号)\s*(是|为)?\s*[:：#]?\s*(?<number>[A-Za-z0-9][A-Za-z0-9\-_/]{4,59})|(合同|合约)\s*[:：#]?\s*(?<number>[A-Za-z0-9][A-Za-z0-9\-_/]{4,59})|\b(contract|account|agreement|subscription|customer|membership|policy)\s*(no\.?|number|nr\.?|id|#)?\s*(is)?\s*[:#]?\s*(?<number>(?=[A-Za-z\-_/]*\d)[A-Za-z0-9][A-Za-z0-9\-_/]{4,59})", Options)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"(?<![A-Za-z0-9@./\-_])[A-Za-z]{1,8}[\-_/]?[A-Za-z0-9\-_/]{3,50}(?![A-Za-z0-9@])", Options)]
    private static partial Regex Token();

    [GeneratedRegex(@"\b[TOR]-\d{4}-\d{6,9}\b", Options)]
    internal static partial Regex CaseNumber();

    [GeneratedRegex(@"^\d{4}[-/]\d{1,2}[-/]\d{1,2}$")]
    private static partial Regex IsoDate();

    [GeneratedRegex(@"(?<!\d)(?<y>20\d\d)\s*[-/.年]\s*(?<m>\d{1,2})\s*[-/.月]\s*(?<d>\d{1,2})(?!\d)|(?<!\d)(?<d2>\d{1,2})(st|nd|rd|th)?\s+(?<word>january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\w*\.?,?\s+(?<y2>20\d\d)", Options)]
    private static partial Regex AnyDate();

    [GeneratedRegex(@"^\s*(-{2,}\s*(original message|forwarded message|原始邮件|转发邮件|原邮件)|on\b.{0,200}\bwrote:\s*$|(from|发件人|寄件者)\s*[:：].{0,200}@|_{10,}|在.{0,120}写道[:：]\s*$|.{0,200}于.{0,60}写道[:：]\s*$)", Options)]
    private static partial Regex QuoteHead();
}
