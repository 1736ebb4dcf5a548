using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;
using Exeunt.Core;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Reads a bank's statement as banks write them: UTF-8 or GB18030, with or without a byte order mark, commas, semicolons or tabs, lines
/// before the head, English or Chinese column names, one signed amount or two columns for in and out, a total at the end. What cannot be
/// read for certain is an error with its line and column. The text of a line is used for the reference only and never kept.
/// </summary>
public static partial class BankCsv
{
    public const int MaxLines = 100_000;
    private const int MaxPreamble = 30;

    /// <summary>A line of the statement.</summary>
    /// <param name="Number">Line of the file, the first being 1.</param>
    /// <param name="Digest">First 16 bytes of SHA-256 over the line and its ordinal among equal ones. Never stored: whoever guesses the text has it too.</param>
    /// <param name="Amount">Minor units, + money in.</param>
    public sealed record Line(int Number, byte[] Digest, DateOnly BookedOn, long Amount, string Currency, string? Reference);

    private enum Column
    {
        Date,
        Amount,
        In,
        Out,
        Currency,
        Text,
    }

    private static readonly Dictionary<Column, string[]> Names = new()
    {
        [Column.Date] = ["date", "booking date", "transaction date", "value date", "buchungstag", "日期", "交易日期", "记账日期", "入账日期", "交易时间"],
        [Column.Amount] = ["amount", "betrag", "金额", "交易金额", "发生额"],
        [Column.In] = ["credit", "money in", "deposit", "paid in", "收入", "收入金额", "贷方", "贷方金额", "贷方发生额"],
        [Column.Out] = ["debit", "money out", "withdrawal", "paid out", "支出", "支出金额", "借方", "借方金额", "借方发生额"],
        [Column.Currency] = ["currency", "ccy", "währung", "币种", "货币", "币别"],
        [Column.Text] = ["text", "reference", "description", "details", "purpose", "verwendungszweck", "摘要", "附言", "用途", "备注"],
    };

    private static readonly Dictionary<string, string> Currencies = new()
    {
        ["RMB"] = "CNY", ["人民币"] = "CNY", ["人民币元"] = "CNY", ["美元"] = "USD", ["欧元"] = "EUR", ["英镑"] = "GBP", ["港币"] = "HKD", ["港元"] = "HKD", ["日元"] = "JPY",
    };

    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy/M/d", "yyyy-M-d", "yyyyMMdd", "yyyy.MM.dd", "yyyy年M月d日", "yyyy年MM月dd日", "dd.MM.yyyy", "d.M.yyyy"];

    private static readonly string[] Totals = ["total", "totals", "sum", "合计", "总计", "summe"];

    /// <summary>The lines of a file, or where and why it cannot be read.</summary>
    public static Outcome<List<Line>> Read(byte[] bytes)
    {
        if (Decode(bytes) is not { } content)
            return new Refusal(RefusalKind.Invalid, "bank.file-encoding",
                "The file is neither UTF-8 nor GB18030 text. Export it as CSV.", "文件既不是 UTF-8 也不是 GB18030 文本，请导出为 CSV。", Field: "file");
        try
        {
            return Lines(content);
        }
        catch (BadLine e)
        {
            return new Refusal(RefusalKind.Invalid, "bank.file-unreadable",
                $"Line {e.Line}, column {e.Column}: expected {e.English}. Nothing of the file was taken.", $"第 {e.Line} 行 {e.Column} 列：应为{e.Chinese}。文件未被导入。", Field: "file");
        }
    }

    private static string? Decode(byte[] bytes)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        if (bytes.AsSpan() is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return Encoding.GetEncoding(bytes[0] == 0xFF ? "utf-16" : "utf-16BE").GetString(bytes, 2, bytes.Length - 2);
        foreach (var encoding in new[] { "utf-8", "gb18030" })
            try
            {
                var text = Encoding.GetEncoding(encoding, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(bytes).TrimStart('\uFEFF');
                return text.Contains('\0', StringComparison.Ordinal) ? null : text;
            }
            catch (DecoderFallbackException)
            {
                // The next one.
            }
        return null;
    }

    private static List<Line> Lines(string content)
    {
        using var records = new Records(content);
        var columns = Head(records);
        var lines = new List<Line>();
        var equal = new Dictionary<string, int>();
        while (records.Read())
        {
            var fields = records.Fields;
            var number = records.Line;
            if (fields.All(string.IsNullOrWhiteSpace))
                continue;
            if (Totals.Contains(fields.First(f => f.Trim().Length > 0).Trim().TrimEnd(':', '：').ToLowerInvariant()))
            {
                CheckTotal(fields, columns, number, lines);
                continue;
            }
            if (lines.Count >= MaxLines)
                throw new BadLine(number, "1", $"at most {MaxLines} lines", $"不超过 {MaxLines} 行");
            lines.Add(LineOf(fields, columns, number, equal));
        }
        return lines.Count > 0 ? lines : throw new BadLine(records.Line, "1", "at least one line below the head", "表头下至少一行数据");
    }

    private static string DelimiterOf(string content)
    {
        var head = content.Split('\n').Take(MaxPreamble).FirstOrDefault(l => Names[Column.Date].Any(n => l.Contains(n, StringComparison.OrdinalIgnoreCase))) ?? content;
        return new[] { ";", "\t", "," }.MaxBy(d => head.Split('\n')[0].Split(d).Length)!;
    }

    /// <summary>The positions of the columns; several may hold text.</summary>
    private static Dictionary<Column, List<int>> Head(Records records)
    {
        for (var before = 0; before < MaxPreamble && records.Read(); before++)
        {
            var found = new Dictionary<Column, List<int>>();
            foreach (var (name, i) in records.Fields.Select((f, i) => (Plain(f), i)))
                foreach (var (column, names) in Names)
                    if (names.Contains(name))
                        (found.TryGetValue(column, out var places) ? places : found[column] = []).Add(i);
            if (!found.ContainsKey(Column.Date) || !found.ContainsKey(Column.Amount) && !(found.ContainsKey(Column.In) && found.ContainsKey(Column.Out)))
                continue;
            foreach (var needed in new[] { Column.Currency, Column.Text })
                if (!found.ContainsKey(needed))
                    throw new BadLine(records.Line, Names[needed][0], $"a column {Names[needed][0]} ({Names[needed][^2]})", $"{Names[needed][^1]}（{Names[needed][0]}）列");
            records.Width = records.Fields.Length;
            return found;
        }
        throw new BadLine(1, "1", "a head with date, amount, currency, text (日期, 金额, 币种, 摘要)", "含日期、金额、币种、摘要（date, amount, currency, text）的表头");
    }

    /// <summary>"交易金额(元)" is 交易金额, "Booking Date" is booking date.</summary>
    private static string Plain(string name) => Bracket().Replace(name, "").Trim().Trim('"').ToLowerInvariant();

    private static Line LineOf(string[] fields, Dictionary<Column, List<int>> columns, int number, Dictionary<string, int> equal)
    {
        var day = Field(fields, columns, Column.Date);
        if (!DateOnly.TryParseExact(day.Split(' ', 'T')[0], Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var on))
            throw new BadLine(number, "date", "a date such as 2026-11-21", "形如 2026-11-21 的日期");
        var code = Field(fields, columns, Column.Currency).ToUpperInvariant();
        var currency = Currencies.GetValueOrDefault(code, code);
        if (!Currency.IsKnown(currency))
            throw new BadLine(number, "currency", "an ISO 4217 code such as CNY", "ISO 4217 货币代码，如 CNY");
        var amount = Amount(fields, columns, number, currency);
        var text = string.Join(' ', columns[Column.Text].Select(i => i < fields.Length ? fields[i] : ""));
        var raw = string.Create(CultureInfo.InvariantCulture, $"{on:O}|{amount}|{currency}|{text}");
        var ordinal = equal[raw] = equal.GetValueOrDefault(raw) + 1;
        return new Line(number, SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{raw}|{ordinal}")))[..16], on, amount, currency, ReferenceIn(text));
    }

    private static long Amount(string[] fields, Dictionary<Column, List<int>> columns, int number, string currency)
    {
        if (columns.ContainsKey(Column.Amount))
            return Minor(Field(fields, columns, Column.Amount), currency) is { } one and not 0 ? one : throw BadAmount(number, "amount");
        var (come, gone) = (Field(fields, columns, Column.In), Field(fields, columns, Column.Out));
        var plus = come.Length == 0 ? 0 : Minor(come, currency) ?? throw BadAmount(number, "in");
        var minus = gone.Length == 0 ? 0 : Minor(gone, currency) ?? throw BadAmount(number, "out");
        // A bank writes money out in its column with or without a sign.
        return (plus != 0) == (minus != 0) || plus < 0 ? throw BadAmount(number, "in") : plus - Math.Abs(minus);
    }

    private static BadLine BadAmount(int number, string column) =>
        new(number, column, "an amount such as -12.50, not 0, with no more decimals than the currency has", "形如 -12.50 的金额，不为 0，小数位数不超过币种规定");

    /// <summary>
    /// Minor units; null when it is no amount, or could be read in two ways ("1,234" in a currency with two decimals). A comma is decimal when
    /// it stands once and is not followed by exactly three digits, or when points group the digits before it.
    /// </summary>
    internal static long? Minor(string text, string currency)
    {
        var plain = text.Replace(" ", "", StringComparison.Ordinal).Replace("\u00A0", "", StringComparison.Ordinal).Replace("¥", "", StringComparison.Ordinal)
            .Replace("￥", "", StringComparison.Ordinal).Replace("，", ",", StringComparison.Ordinal).Replace('−', '-');
        var negative = plain.StartsWith('-') || plain.EndsWith('-') || (plain.StartsWith('(') && plain.EndsWith(')'));
        plain = plain.Trim('-', '+', '(', ')');
        var digits = Currency.MinorDigits(currency);
        string whole;
        var decimals = "";
        if (Plainly().Match(plain) is { Success: true } simple)
            (whole, decimals) = (simple.Groups[1].Value, simple.Groups[2].Value);
        else if (PointDecimal().IsMatch(plain))
            (whole, decimals) = Parts(plain, '.');
        else if (CommaDecimal().IsMatch(plain))
            (whole, decimals) = Parts(plain, ',');
        else if (Grouped().IsMatch(plain) && (plain.Count(c => c == ',') > 1 || digits == 0))
            whole = plain.Replace(",", "", StringComparison.Ordinal);
        else
            return null;
        decimals = decimals.Length > digits && decimals[digits..].All(c => c == '0') ? decimals[..digits] : decimals;
        if (decimals.Length > digits || !decimal.TryParse(whole + decimals.PadRight(digits, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor) || minor > long.MaxValue / 4)
            return null;
        return negative ? -(long)minor : (long)minor;

        static (string, string) Parts(string text, char point)
        {
            var at = text.LastIndexOf(point);
            return (text[..at].Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal), text[(at + 1)..]);
        }
    }

    private static void CheckTotal(string[] fields, Dictionary<Column, List<int>> columns, int number, List<Line> lines)
    {
        if (!columns.ContainsKey(Column.Amount) || Field(fields, columns, Column.Amount) is not { Length: > 0 } total || lines.Select(l => l.Currency).Distinct().Count() != 1)
            return;
        Int128 sum = 0;
        foreach (var line in lines)
            sum += line.Amount;
        if (Minor(total, lines[0].Currency) is not { } said || said != sum)
            throw new BadLine(number, "amount", $"the total of the {lines.Count} lines above; a line is missing or changed", $"以上 {lines.Count} 行的合计；有缺行或被改动");
    }

    private static string Field(string[] fields, Dictionary<Column, List<int>> columns, Column column) =>
        columns.TryGetValue(column, out var places) ? places.Where(i => i < fields.Length).Select(i => fields[i].Trim()).FirstOrDefault(f => f.Length > 0) ?? "" : "";

    /// <summary>Our reference in a text, also in small letters or with spaces that a bank put in.</summary>
    internal static string? ReferenceIn(string text)
    {
        var upper = text.ToUpperInvariant();
        if (ReferencePattern().Match(upper) is { Success: true } match)
            return match.Value;
        return ReferencePattern().Match(Gaps().Replace(upper, "")) is { Success: true } joined ? joined.Value : null;
    }

    /// <summary>
    /// The records of a file. Many banks do not quote: there a text that begins with a quotation mark would take the lines below it, up to the next
    /// mark or the end, for its own. What a stray mark may have taken is refused; one inside a field that does not begin with it takes nothing.
    /// </summary>
    private sealed class Records : IDisposable
    {
        private readonly CsvParser _csv;
        private readonly string _delimiter;

        /// <summary>The field that is being read, as it stands in the file, when its quotation marks are not as they should be.</summary>
        private string? _bad;

        public Records(string content)
        {
            _delimiter = DelimiterOf(content);
            _csv = new CsvParser(new StringReader(content), new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                Delimiter = _delimiter, BadDataFound = found => _bad = found.Field, Mode = CsvMode.RFC4180, IgnoreBlankLines = true, TrimOptions = TrimOptions.Trim,
            });
        }

        /// <summary>How many fields the head has; 0 above it.</summary>
        public int Width { get; set; }

        /// <summary>The line on which the record begins, the first being 1.</summary>
        public int Line { get; private set; }

        public string[] Fields { get; private set; } = [];

        public bool Read()
        {
            var more = _csv.Read();
            Line = _csv.RawRow;
            if (!more)
                return false;
            Fields = new string[_csv.Count];
            int? stray = null;
            for (var i = 0; i < Fields.Length; i++)
            {
                _bad = null;
                Fields[i] = _csv[i];
                if (_bad is { } bad && IsStray(bad) || TookLines(Fields[i]))
                    stray ??= i;
            }
            Line -= Fields.Sum(f => Breaks(f));
            if (stray is { } at)
                throw new BadLine(Line, $"{at + 1}",
                    "a field whose quotation marks (\") open and close in the same line; close or remove the stray one", "引号（\"）在同一行内成对的字段；请补全或删去多余的引号");
            return true;
        }

        /// <summary>A mark inside a field is read as it stands where the field's extent is certain. Above the head only what took lines matters.</summary>
        private bool IsStray(string bad) => Width == 0 ? Breaks(bad) > 0 : bad.TrimStart(' ').StartsWith('"') || Fields.Length > Width;

        /// <summary>
        /// Whether a field of several lines may hold further records. From a column of one line to the same column of a later one there are as many
        /// delimiters as a whole line has; to an earlier column there are fewer, and then the record has more fields than the head.
        /// </summary>
        private bool TookLines(string field) =>
            Breaks(field) > 0 && (Width == 0 ? MayHoldTheHead(field) : Fields.Length != Width || field.Split(_delimiter).Length >= Width || ReferencePattern().Count(field.ToUpperInvariant()) > 1);

        /// <summary>Above the head a text of several lines is the bank's own, unless the head itself may be in it.</summary>
        private bool MayHoldTheHead(string field) =>
            field.Contains(_delimiter, StringComparison.Ordinal) && Names[Column.Date].Any(n => field.Contains(n, StringComparison.OrdinalIgnoreCase));

        private static int Breaks(string text) =>
            text.AsSpan().IndexOfAny('\r', '\n') < 0 ? 0 : text.Where((c, i) => c == '\r' || c == '\n' && (i == 0 || text[i - 1] != '\r')).Count();

        public void Dispose() => _csv.Dispose();
    }

    private sealed class BadLine(int line, string column, string english, string chinese) : Exception
    {
        public int Line => line;
        public string Column => column;
        public string English => english;
        public string Chinese => chinese;
    }

    [GeneratedRegex("EX[A-Z2-7]{12}")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"[\s-]")]
    private static partial Regex Gaps();

    [GeneratedRegex(@"[(（\[].*?[)）\]]")]
    private static partial Regex Bracket();

    /// <summary>"1234" or "1234.50".</summary>
    [GeneratedRegex(@"^(\d+)(?:\.(\d+))?$")]
    private static partial Regex Plainly();

    /// <summary>"1,234.50".</summary>
    [GeneratedRegex(@"^\d{1,3}(,\d{3})+\.\d+$")]
    private static partial Regex PointDecimal();

    /// <summary>"1.234,50" or "12,50".</summary>
    [GeneratedRegex(@"^(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,}))$")]
    private static partial Regex CommaDecimal();

    /// <summary>"1,234" or "1,234,567".</summary>
    [GeneratedRegex(@"^\d{1,3}(,\d{3})+$")]
    private static partial Regex Grouped();
}
