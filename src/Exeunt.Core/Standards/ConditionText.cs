using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Exeunt.Core.Activity;
using Exeunt.Core.Documents;

namespace Exeunt.Core.Standards;

/// <summary>What came of reading a condition's text: the condition, or what is wrong with it and where.</summary>
public sealed record ConditionReading(Condition? Condition, IReadOnlyList<DocumentProblem> Problems)
{
    [MemberNotNullWhen(true, nameof(Condition))]
    public bool IsValid => Condition is not null;
}

/// <summary>
/// A condition as a line of text: <c>spend_12m &lt; 500 CNY and (return_rate_12m &gt; 30 % or not orders_12m &gt;= 2)</c>.
/// </summary>
/// <remarks>
/// <code>
/// condition  = all, { "or", all }
/// all        = one, { "and", one }
/// one        = "not", one | "(", condition, ")" | comparison
/// comparison = indicator, sign, threshold | indicator            (the second for yes or no only: it means "= yes")
/// sign       = "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "=" | "!="           (also ≤ ≥ ≠ == &lt;&gt;)
/// threshold  = number, [ "%" | "days" | "months" | currency ] | currency, number | "yes" | "no" | state
/// </code>
/// Words may be in small or capital letters, currencies too; 且 (并且), 或 (或者) and 非 stand for and, or and not, also written without a
/// space before or after them. Full-width signs, digits and letters are read as the usual ones. Line breaks are spaces.
/// </remarks>
public static class ConditionText
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxLength = 8000;

    /// <summary>The condition as text; reading it gives the same condition.</summary>
    public static string Write(Condition condition) => condition switch
    {
        Compare compare => $"{compare.Indicator} {compare.Is.Sign()} {compare.Value}{Counted(compare)}",
        AllOf all => string.Join(" and ", all.Of.Select(Inner)),
        AnyOf any => string.Join(" or ", any.Of.Select(Inner)),
        NotOf not => "not " + Inner(not.Of),
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private static string Inner(Condition condition) => condition is AllOf or AnyOf ? $"({Write(condition)})" : Write(condition);

    private static string Counted(Compare compare) => compare.Definition?.Unit switch
    {
        IndicatorUnit.Days when compare.Value.Kind == ThresholdKind.Number => " days",
        IndicatorUnit.Months when compare.Value.Kind == ThresholdKind.Number => " months",
        _ => "",
    };

    /// <summary>Reads and checks a text; every problem has its line and column.</summary>
    public static ConditionReading Read(string text)
    {
        if (text.Length > MaxLength)
            return new(null, [new("standard.text-too-long", "when", null, new($"The text is longer than {MaxLength} characters.", $"文本超过 {MaxLength} 个字符。"), null, 1, 1)]);
        var parser = new Parser(text);
        try
        {
            parser.Start();
            var condition = parser.Whole();
            return parser.Problems.Count > 0 ? new(null, parser.Problems) : new(condition, []);
        }
        catch (Unreadable e)
        {
            return new(null, [.. parser.Problems, e.Problem]);
        }
    }

    private sealed class Unreadable(DocumentProblem problem) : Exception
    {
        public DocumentProblem Problem { get; } = problem;
    }

    private enum Kind
    {
        End,
        Word,
        Number,
        Sign,
        Open,
        Close,
        Percent,
        Other,
    }

    private readonly record struct Token(Kind Kind, string Text, int At);

    private sealed class Parser
    {
        private readonly string _text;
        private Token _now;
        private int _at;
        private int _comparisons;

        public Parser(string text) => _text = Half(text);

        /// <summary>The same text with the usual forms of full-width signs, digits and letters, each in its place.</summary>
        private static string Half(string text) =>
            text.AsSpan().ContainsAnyInRange('\uFF01', '\uFF5E') ? string.Create(text.Length, text, (to, from) =>
            {
                for (var i = 0; i < to.Length; i++)
                    to[i] = from[i] is >= '\uFF01' and <= '\uFF5E' and var wide ? (char)(wide - 0xFEE0) : from[i];
            }) : text;

        /// <summary>Reads the first word.</summary>
        public void Start() => Next();

        public List<DocumentProblem> Problems { get; } = [];

        public Condition Whole()
        {
            if (_now.Kind == Kind.End)
                throw Fail(_now, "text-empty", "A condition is expected, such as orders_12m < 2.", "应填写条件，例如 orders_12m < 2。");
            var condition = Any(1);
            if (_now.Kind == Kind.Close)
                throw Fail(_now, "text-bracket", "This bracket closes nothing. Take it away.", "多余的右括号，请删除。");
            if (_now.Kind != Kind.End)
                throw Fail(_now, "text-joint", $"“and” or “or” is expected before “{_now.Text}”.", $"“{_now.Text}”前应有 and 或 or。");
            return condition;
        }

        private Condition Any(int depth)
        {
            var of = new List<Condition> { All(depth) };
            while (IsWord("or", "或", "或者"))
            {
                Next();
                of.Add(All(depth));
            }
            return of.Count == 1 ? of[0] : new AnyOf(of);
        }

        private Condition All(int depth)
        {
            var of = new List<Condition> { One(depth) };
            while (IsWord("and", "且", "并且"))
            {
                Next();
                of.Add(One(depth));
            }
            return of.Count == 1 ? of[0] : new AllOf(of);
        }

        private Condition One(int depth)
        {
            var here = _now;
            if (depth > Condition.MaxDepth)
                throw Fail(here, "text-deep", $"Conditions stand at most {Condition.MaxDepth} deep in each other.", $"条件最多嵌套 {Condition.MaxDepth} 层。");
            if (IsWord("not", "非"))
            {
                Next();
                return new NotOf(One(depth + 1));
            }
            if (here.Kind != Kind.Open)
                return Comparison();
            Next();
            var inner = Any(depth + 1);
            if (_now.Kind != Kind.Close)
                throw Fail(_now, "text-bracket", $"The bracket opened at {Place(here.At)} is not closed here: “)”, “and” or “or” is expected.", $"{PlaceChinese(here.At)}的括号未闭合：此处应为“)”、and 或 or。");
            Next();
            return inner;
        }

        private Compare Comparison()
        {
            var name = _now;
            if (name.Kind != Kind.Word || IsJoint)
                throw Fail(name, "text-indicator", name.Kind == Kind.End ? "The text ends where an indicator is expected, such as orders_12m." : $"An indicator is expected instead of “{name.Text}”, such as orders_12m.",
                    name.Kind == Kind.End ? "文本在此结束，应为指标，例如 orders_12m。" : $"“{name.Text}”处应为指标，例如 orders_12m。");
            if (++_comparisons > Condition.MaxComparisons)
                throw Fail(name, "text-many", $"At most {Condition.MaxComparisons} comparisons.", $"最多 {Condition.MaxComparisons} 个比较。");
            Next();
            var code = name.Text.ToLowerInvariant();
            var indicator = IndicatorDefinition.Find(code);
            if (indicator is null)
                Problems.Add(At(name.At, StandardDocument.NoIndicator("when", name.Text)));
            if (_now.Kind != Kind.Sign)
            {
                // A yes-or-no indicator may stand alone.
                if (indicator?.Unit == IndicatorUnit.YesNo)
                    return new(code, Operator.Equal, Threshold.Word("yes"));
                throw Fail(_now, "text-sign", $"One of < <= > >= = != is expected after “{name.Text}”.", $"“{name.Text}”后应为 < <= > >= = != 之一。");
            }
            if (Operators.Find(_now.Text) is not { } op)
                throw Fail(_now, "text-sign", $"“{_now.Text}” is no comparison. One of < <= > >= = != is expected.", $"“{_now.Text}”不是比较符，应为 < <= > >= = != 之一。");
            Next();
            var at = _now.At;
            var value = Value(indicator);
            var compare = new Compare(code, op, value);
            if (indicator is not null)
                foreach (var problem in StandardDocument.Check(compare, "when"))
                    Problems.Add(At(problem.Path.EndsWith(".is", StringComparison.Ordinal) ? name.At : at, problem));
            return compare;
        }

        private Threshold Value(IndicatorDefinition? indicator)
        {
            var first = _now;
            // In small letters a currency stands before an amount only where one is asked for: "all" and "top" are currencies too.
            if (first.Kind == Kind.Word && CurrencyOf(first.Text) is { } before && (before == first.Text || indicator?.Unit == IndicatorUnit.Money))
            {
                Next();
                if (_now.Kind != Kind.Number)
                    throw Fail(_now, "text-value", $"An amount is expected after {first.Text}.", $"{first.Text} 后应为金额。");
                return Threshold.Amount(Number(), before);
            }
            if (first.Kind == Kind.Word && !IsJoint)
            {
                Next();
                return Threshold.Word(first.Text.ToLowerInvariant() switch { "true" or "是" => "yes", "false" or "否" => "no", var word => word });
            }
            if (first.Kind != Kind.Number)
                throw Fail(first, "text-value", "A threshold is expected, such as 2, 30%, 500 CNY or churned.", "此处应为阈值，例如 2、30%、500 CNY 或 churned。");
            var number = Number();
            if (_now.Kind == Kind.Percent)
            {
                Next();
                return Threshold.Percent(number);
            }
            if (_now.Kind != Kind.Word || IsJoint || IndicatorDefinition.Find(_now.Text.ToLowerInvariant()) is not null)
                return Threshold.Of(number);
            var unit = _now;
            var counted = unit.Text.ToLowerInvariant() switch { "day" or "days" or "天" => IndicatorUnit.Days, "month" or "months" or "个月" or "月" => IndicatorUnit.Months, _ => (IndicatorUnit?)null };
            var currency = CurrencyOf(unit.Text);
            if (counted is null && currency is null)
                throw Fail(unit, "text-unit", $"“{unit.Text}” is no unit. Known: %, days, months, or a currency such as CNY.", $"“{unit.Text}”不是单位。可用：%、days、months 或币种（如 CNY）。");
            Next();
            if (counted is null)
                return Threshold.Amount(number, currency!);
            if (indicator is not null && indicator.Unit != counted)
                Problems.Add(At(unit.At, new("standard.text-unit", "when", null,
                    new($"“{indicator.Code}” is not counted in {unit.Text}.", $"“{indicator.Code}”不以 {unit.Text} 计。"), new("Write the threshold in its own unit.", "请使用该指标的单位。"))));
            return Threshold.Of(number);
        }

        private decimal Number()
        {
            if (Threshold.Decimal(_now.Text) is not { } number)
                throw Fail(_now, "text-number", $"“{_now.Text}” is no number that can be used. Write digits with a point for decimals, without separators.", $"“{_now.Text}”不是可用的数字。请只写数字，小数点用“.”，不加千位分隔符。");
            Next();
            return number;
        }

        /// <summary>The currency that a word names, also in small letters; null: none.</summary>
        private static string? CurrencyOf(string word) => word.Length == 3 && word.ToUpperInvariant() is var code && Currency.IsKnown(code) ? code : null;

        /// <summary>How long the joining word is that begins here within a run of Chinese letters, which is written without spaces; 0: none does.</summary>
        private int JointAt(int at) => _text.AsSpan(at) switch
        {
            ['并', '且', ..] or ['或', '者', ..] => 2,
            ['且' or '或' or '非', ..] => 1,
            _ => 0,
        };

        private bool IsJoint => IsWord("and", "且", "并且", "or", "或", "或者", "not", "非");

        private bool IsWord(params ReadOnlySpan<string> words)
        {
            if (_now.Kind != Kind.Word)
                return false;
            foreach (var word in words)
                if (string.Equals(_now.Text, word, StringComparison.OrdinalIgnoreCase))
                    return true;
            return false;
        }

        private void Next()
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
                _at++;
            var from = _at;
            if (from == _text.Length)
            {
                _now = new(Kind.End, "", from);
                return;
            }
            var c = _text[_at++];
            var kind = c switch
            {
                '(' => Kind.Open,
                ')' => Kind.Close,
                '%' => Kind.Percent,
                '<' or '>' or '=' or '!' or '≤' or '≥' or '≦' or '≧' or '≠' => Kind.Sign,
                '-' or (>= '0' and <= '9') => Kind.Number,
                _ when char.IsAsciiLetter(c) || c == '_' => Kind.Word,
                _ when char.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter => Kind.Word,
                _ => Kind.Other,
            };
            switch (kind)
            {
                case Kind.Sign:
                    while (_at < _text.Length && _text[_at] is '=' or '>' && _at - from < 2)
                        _at++;
                    break;
                case Kind.Number:
                    // A separator belongs to the number, so that it is the number that is refused.
                    while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || (_text[_at] is '.' or ',' or '\'' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))))
                        _at++;
                    break;
                case Kind.Word when char.IsAscii(c):
                    while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
                        _at++;
                    break;
                case Kind.Word when JointAt(from) is > 0 and var length:
                    _at = from + length;
                    break;
                case Kind.Word:
                    while (_at < _text.Length && char.GetUnicodeCategory(_text[_at]) == UnicodeCategory.OtherLetter && JointAt(_at) == 0)
                        _at++;
                    break;
            }
            _now = new(kind, _text[from.._at], from);
            if (kind == Kind.Other)
                throw Fail(_now, "text-sign", $"“{Shown(_now.Text)}” has no meaning here.", $"“{Shown(_now.Text)}”在此没有意义。");
        }

        private static string Shown(string text) => text.Any(char.IsControl) || text.Any(char.IsSurrogate) ? $"U+{(int)text[0]:X4}" : text;

        private Unreadable Fail(Token token, string code, string english, string chinese) => new(At(token.At, new("standard." + code, "when", null, new(english, chinese))));

        private DocumentProblem At(int at, DocumentProblem problem)
        {
            var (line, column) = Spot(at);
            return problem with { Line = line, Column = column };
        }

        private (int Line, int Column) Spot(int at)
        {
            var before = _text.AsSpan(0, at);
            return (before.Count('\n') + 1, at - (before.LastIndexOf('\n') + 1) + 1);
        }

        private string Place(int at) => Spot(at) is var (line, column) ? string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}") : "";

        private string PlaceChinese(int at) => Spot(at) is var (line, column) ? string.Create(CultureInfo.InvariantCulture, $"第 {line} 行第 {column} 列") : "";
    }
}
