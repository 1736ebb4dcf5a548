namespace Exeunt.Core;

/// <summary>The names of what a calculation may refuse; they are part of the published interface and never change.</summary>
public static class CalculationError
{
    public const string ZeroLengthPeriod = "ZERO_LENGTH_PERIOD";
    public const string EndBeforeStart = "END_BEFORE_START";
    public const string DateOutsidePeriod = "DATE_OUTSIDE_PERIOD";
    public const string InvalidDate = "INVALID_DATE";
    public const string MixedCurrency = "MIXED_CURRENCY";
    public const string UnknownCurrency = "UNKNOWN_CURRENCY";
    public const string AmountPrecision = "AMOUNT_PRECISION";
    public const string NegativeAmount = "NEGATIVE_AMOUNT";
    public const string InvalidAmount = "INVALID_AMOUNT";
    public const string InvalidCount = "INVALID_COUNT";
    public const string InvalidRate = "INVALID_RATE";
    public const string Overflow = "OVERFLOW";
    public const string UnknownFormula = "UNKNOWN_FORMULA";
    public const string MissingInput = "MISSING_INPUT";
    public const string InvalidInput = "INVALID_INPUT";

    /// <summary>All codes, in the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        ZeroLengthPeriod,
        EndBeforeStart,
        DateOutsidePeriod,
        InvalidDate,
        MixedCurrency,
        UnknownCurrency,
        AmountPrecision,
        NegativeAmount,
        InvalidAmount,
        InvalidCount,
        InvalidRate,
        Overflow,
        UnknownFormula,
        MissingInput,
        InvalidInput,
    ];
}

/// <summary>
/// A calculation was given something it must not mend: the code is one of <see cref="CalculationError"/>. It is thrown
/// inside formulas, where every step may meet it, and becomes a value at the two doors: the formula workbench
/// (<c>error</c> and <c>message</c>) and the statement (<see cref="ToRefusal"/>).
/// </summary>
public sealed class CalculationException : InvalidOperationException
{
    /// <param name="code">One of <see cref="CalculationError"/>.</param>
    /// <param name="english">What is wrong, naming the input where one is known.</param>
    /// <param name="chinese">The same in Chinese.</param>
    public CalculationException(string code, string english, string chinese)
        : base($"{code}: {english}") => (Code, English, Chinese) = (code, english, chinese);

    /// <summary>One of <see cref="CalculationError"/>.</summary>
    public string Code { get; }

    /// <summary>The sentence in English.</summary>
    public string English { get; }

    /// <summary>The sentence in Chinese.</summary>
    public string Chinese { get; }

    /// <summary>The refusal a use case answers with: <c>settlement.zero-length-period</c> and so on.</summary>
    public Refusal ToRefusal() =>
        new(RefusalKind.Invalid, "settlement." + Code.ToLowerInvariant().Replace('_', '-'), English, Chinese);

    /// <summary>The refusal beside the field of a form in which a person typed an amount: the same code, in words for a person.</summary>
    public Refusal Beside(string field)
    {
        var (english, chinese) = Code switch
        {
            CalculationError.InvalidAmount => ("Enter an amount such as 12.50.", "请填写金额，例如 12.50。"),
            CalculationError.NegativeAmount => ("Enter the amount without a minus.", "金额请勿带负号。"),
            CalculationError.AmountPrecision => ("The amount has more decimals than its currency.", "金额的小数位数超过该币种。"),
            _ => (English, Chinese),
        };
        return ToRefusal() with { English = english, Chinese = chinese, Field = field };
    }

    internal static CalculationException ZeroLengthPeriod(DateOnly day) =>
        new(
            CalculationError.ZeroLengthPeriod,
            $"The period starting on {day:O} has no days.",
            $"自 {day:O} 起的期间长度为零。"
        );

    internal static CalculationException EndBeforeStart(DateOnly start, DateOnly end) =>
        new(
            CalculationError.EndBeforeStart,
            $"The end {end:O} is before the start {start:O}.",
            $"结束日 {end:O} 早于开始日 {start:O}。"
        );

    internal static CalculationException DateOutsidePeriod(DateOnly day, DateOnly from, DateOnly until) =>
        new(
            CalculationError.DateOutsidePeriod,
            $"The effective end {day:O} is outside the period from {from:O} to {until:O}.",
            $"终止时点 {day:O} 不在期间 {from:O} 至 {until:O} 之内。"
        );

    internal static CalculationException DateOutOfCalendar(string what) =>
        new(CalculationError.InvalidDate, $"The {what} is outside the years 1 to 9999.", "日期超出公元 1 至 9999 年。");

    internal static CalculationException Mixed(string a, string b) =>
        new(
            CalculationError.MixedCurrency,
            $"{a} and {b} cannot be in one calculation.",
            $"同一计算中不能混用 {a} 和 {b}。"
        );

    internal static CalculationException Overflow() =>
        new(CalculationError.Overflow, "An amount exceeds 2^63 - 1 minor units.", "金额超过 2^63 - 1 个最小货币单位。");

    internal static CalculationException Count(string name, string rule) =>
        new(CalculationError.InvalidCount, $"{name} must be {rule}.", $"{name} 的数量无效（{rule}）。");

    internal static CalculationException Rate(string name, string rule) =>
        new(CalculationError.InvalidRate, $"{name} must be {rule}.", $"{name} 的比率无效（{rule}）。");

    internal static CalculationException Missing(string name) =>
        new(CalculationError.MissingInput, $"{name} is missing.", $"缺少 {name}。");

    internal static CalculationException Input(string name, string rule) =>
        new(CalculationError.InvalidInput, $"{name} must be {rule}.", $"{name} 无效（{rule}）。");
}
