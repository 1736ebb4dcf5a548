using System.Net.Mail;
using System.Text;
using System.Text.RegularExpressions;

namespace Exeunt.Core;

/// <summary>
/// When two spellings of a mail address, a phone number or a number stand for the same one. Whatever finds or keeps away somebody by one of
/// them (tokens, search, import) compares in these forms and no others; what is shown stays as it was written.
/// </summary>
public static partial class Spelling
{
    /// <summary>Full-width and other compatible characters as the usual ones (NFKC). Text that is no text (half a character) stays as it is.</summary>
    public static string Plain(string text)
    {
        if (Ascii.IsValid(text.AsSpan()))
            return text;
        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    /// <summary>Whether something typed is meant as a mail address, in whatever width.</summary>
    public static bool IsMail(string text) => Plain(text).Contains('@', StringComparison.Ordinal);

    /// <summary>Whether a text is a mail address and nothing else: no name beside it, nothing around it.</summary>
    public static bool IsAddress(string text) => MailAddress.TryCreate(text, out var parsed) && parsed.Address == text;

    /// <summary>Whether a text has as many digits as the shortest phone numbers, six, in whatever width.</summary>
    public static bool IsPhone(string text) => Plain(text).Count(char.IsAsciiDigit) >= 6;

    /// <summary>A mail address: small letters, nothing around it.</summary>
    public static string Mail(string text) => Plain(text).ToLowerInvariant().Trim();

    /// <summary>
    /// A phone number: its digits, with the country code but without 00 or + before it; of a number in mainland China those that are dialled there
    /// (13800138000, 02162345678), whether or not 86 stood before them. It depends on the digits alone, so what has the same digits is the same.
    /// </summary>
    public static string Phone(string text)
    {
        var digits = Digits(text);
        if (digits.Length >= 10 && digits.StartsWith("00", StringComparison.Ordinal))
            digits = digits[2..];
        if (!digits.StartsWith("86", StringComparison.Ordinal) || MainlandForm().Match(digits[2..]) is not { Success: true } here)
            return digits;
        return here.Groups["line"] is { Success: true } line ? "0" + line.Value : here.Value;
    }

    /// <summary>The forms under which the same phone number may have been kept: today's first, then the bare digits of its spellings, which earlier versions kept.</summary>
    public static IReadOnlyList<string> Phones(string text)
    {
        var phone = Phone(text);
        if (phone.Length == 0)
            return [];
        string[] dialled = MainlandForm().IsMatch(phone) ? [phone, "86" + phone, "86" + phone.TrimStart('0')] : [phone];
        return [.. dialled.Prepend(Digits(text)).Prepend(phone).Concat(dialled.Select(d => "00" + d)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The number of a contract or an order: small letters, without white space.</summary>
    public static string Number(string text) => Unspaced(Plain(text)).ToLowerInvariant();

    /// <summary>
    /// A customer's number in another system: capital letters, no white space around it; within it white space counts, else "1 23" and "12 3" were one.
    /// Where it is a mobile number of mainland China it is that number's eleven digits. An id of letters and digits in which a capital letter follows a
    /// small one or a digit, and small ones occur, stays as it is: there (base 62, Salesforce) the case of a letter tells two customers apart.
    /// </summary>
    public static string CustomerNumber(string text)
    {
        if (text.Length <= 11 && IsDigits(text))
            return text;
        if (Mobile(text) is { } mobile)
            return mobile;
        var bare = Plain(text).Trim();
        return MindsCase(bare) ? bare : bare.ToUpperInvariant();
    }

    /// <summary>
    /// The forms under which the same customer's number may have been kept. Earlier versions kept it as it was written: that one comes first, so that
    /// of two that they told apart each is found by its own; then today's.
    /// </summary>
    public static IReadOnlyList<string> CustomerNumbers(string text) => CustomerNumbers(text, out _);

    /// <summary>The same.</summary>
    /// <param name="text">The number as it is written.</param>
    /// <param name="own">The place of today's form, <see cref="CustomerNumber"/>, among them.</param>
    public static IReadOnlyList<string> CustomerNumbers(string text, out int own)
    {
        own = 0;
        if (text.Length < 11 && IsDigits(text))
            return [text];
        var bare = Plain(text).Trim();
        var mobile = Mobile(text);
        var number = mobile ?? (MindsCase(bare) ? bare : bare.ToUpperInvariant());
        string[] others = mobile is not null ? ["+86" + mobile, "86" + mobile, "0086" + mobile] : MindsCase(bare) ? [] : [number.ToLowerInvariant()];
        string[] all = [text, text.Trim(), number, bare, .. others];
        List<string> forms = [.. all.Distinct(StringComparer.Ordinal)];
        own = forms.IndexOf(number);
        return forms;
    }

    /// <summary>The eleven digits of a mobile number of mainland China, written in one of the usual ways; null: it is none.</summary>
    public static string? Mobile(string text)
    {
        // Most texts are none, and that shows at once.
        var bare = text.AsSpan().Trim();
        if (bare.Length < 11 || (char.IsAscii(bare[0]) && bare[0] is not ('1' or '+' or '0' or '8' or '(')))
            return null;
        return MobileForm().Match(Plain(text).Trim()) is { Success: true } match ? match.Result("${net}${area}${line}") : null;
    }

    private static string Digits(string text) => IsDigits(text) ? text : new string([.. Plain(text).Where(char.IsAsciiDigit)]);

    private static string Unspaced(string text) => text.Any(char.IsWhiteSpace) ? new string([.. text.Where(c => !char.IsWhiteSpace(c))]) : text;

    private static bool IsDigits(string text) => !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool MindsCase(string text)
    {
        if (!text.All(char.IsAsciiLetterOrDigit) || !text.Any(char.IsAsciiLetterLower))
            return false;
        for (var i = 1; i < text.Length; i++)
            if (char.IsAsciiLetterUpper(text[i]) && !char.IsAsciiLetterUpper(text[i - 1]))
                return true;
        return false;
    }

    /// <summary>What follows 86: mobile, 400 and 800, or area (10, 2x, xxx) and line, before which 0 is dialled at home.</summary>
    [GeneratedRegex(@"^(?:1[1-9][0-9]{9}|[48]00[0-9]{7}|0?(?<line>10[0-9]{8}|2[0-9]{9}|[3-9][0-9]{9,10}))\z")]
    private static partial Regex MainlandForm();

    [GeneratedRegex(@"^(?:\(?(?:\+|00)?86\)?[- ]*)?(?<net>1[3-9][0-9])[- ]?(?<area>[0-9]{4})[- ]?(?<line>[0-9]{4})\z")]
    private static partial Regex MobileForm();
}
