using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>What the shares of a surrender table are shares of, and what its rows count.</summary>
public enum SurrenderBasis
{
    /// <summary>The premiums paid; rows count completed policy years.</summary>
    [JsonStringEnumMemberName("PREMIUMS_PAID")]
    PremiumsPaid,

    /// <summary>The sum insured; rows count completed policy years.</summary>
    [JsonStringEnumMemberName("SUM_INSURED")]
    SumInsured,

    /// <summary>The premium of the running period (short rate, 短期费率); rows count its months begun.</summary>
    [JsonStringEnumMemberName("PERIOD_PREMIUM")]
    PeriodPremium,
}

/// <summary>What a table says between two policy years.</summary>
public enum TableBetween
{
    /// <summary>The value of the last completed year holds until the next is complete.</summary>
    [JsonStringEnumMemberName("NONE")]
    None,

    /// <summary>Linear by the days of the policy year: at its first day its own value, at its end the next one's. The last row stays.</summary>
    [JsonStringEnumMemberName("BY_DAYS")]
    ByDays,
}

/// <summary>One row: from so many completed years (or months begun) on, up to the next row's, this share comes back.</summary>
/// <param name="From">Included; 0 in the first row, one more in each after it.</param>
/// <param name="Share">0.20 for a fifth; 0 to 10.</param>
public sealed record SurrenderRow(int From, Rate Share);

/// <summary>The table of surrender values (现金价值表), or a short-rate table: data of a policy.</summary>
/// <param name="Rows">At least one, without gaps; the last one holds for all that comes after.</param>
public sealed record SurrenderTable(SurrenderBasis Basis, IReadOnlyList<SurrenderRow> Rows, TableBetween Between = TableBetween.None)
{
    /// <summary>Most a share may be: tenfold the premiums.</summary>
    public const int MaxShare = 10;

    /// <summary>Refuses by name rows that are missing, out of order, above <see cref="MaxShare"/>, or days between months.</summary>
    /// <param name="at">Where the table stands, with its point: "policy.insurance.surrender.".</param>
    /// <exception cref="CalculationException">MISSING_INPUT, INVALID_COUNT, INVALID_RATE, INVALID_INPUT.</exception>
    public void Check(string at = "")
    {
        if (Rows is not { Count: > 0 })
            throw CalculationException.Missing($"{at}rows");
        for (var i = 0; i < Rows.Count; i++)
        {
            var row = Rows[i] ?? throw CalculationException.Missing($"{at}rows[{i}]");
            if (row.From != i)
                throw CalculationException.Count($"{at}rows[{i}].from", $"{i}: rows begin at 0 and go on one by one");
            if (row.Share.Numerator > row.Share.Denominator * (Basis == SurrenderBasis.PeriodPremium ? 1 : MaxShare))
                throw CalculationException.Rate($"{at}rows[{i}].share", Basis == SurrenderBasis.PeriodPremium ? "a decimal string from \"0\" to \"1\"" : "a decimal string from \"0\" to \"10\"");
        }
        if (Basis == SurrenderBasis.PeriodPremium && Between != TableBetween.None)
            throw CalculationException.Input($"{at}between", "NONE for the premium of a period");
    }

    public bool Equals(SurrenderTable? other) => other is not null && (Basis, Between) == (other.Basis, other.Between) && Rows.SequenceEqual(other.Rows);

    public override int GetHashCode() => HashCode.Combine(Basis, Between, Rows.Count);
}

/// <summary>
/// What comes back of an insurance policy that is surrendered (退保金): its basis times the share of the row reached. Completed years are
/// counted from the first day of cover, months begun from the first day of the period, both to the day after the last day of cover.
/// </summary>
public sealed record SurrenderValue : Working
{
    private SurrenderValue(SurrenderTable table, Money amount, DateOnly start, DateOnly effEnd) =>
        (Table, Amount, Start, EffEnd) = (table, amount, start, effEnd);

    public SurrenderTable Table { get; }

    /// <summary>Premiums paid, sum insured or premium of the period.</summary>
    public Money Amount { get; }

    /// <summary>First day of cover; for <see cref="SurrenderBasis.PeriodPremium"/> of the period.</summary>
    public DateOnly Start { get; }

    /// <summary>The day after the last day of cover.</summary>
    public DateOnly EffEnd { get; }

    /// <summary>Completed years, or months begun.</summary>
    public int Reached { get; private init; }

    /// <summary>Days into the policy year and the days it has; null where nothing is interpolated.</summary>
    public (int Days, int Of)? Into { get; private init; }

    /// <summary>What comes back.</summary>
    public Money Value { get; private init; }

    private SurrenderRow Row => RowAt(Reached);

    private SurrenderRow Next => RowAt(Reached + 1);

    public override string Formula => "surrender";

    public override Money Result => Value;

    public override string English =>
        (Table.Basis switch
        {
            SurrenderBasis.PeriodPremium => $"Of the premium of {Amount} {Amount.Currency} from {Day(Start)}, with {Reached} months begun, the table gives back {Row.Share}",
            SurrenderBasis.SumInsured => $"Of the sum insured of {Amount} {Amount.Currency}, after {Reached} completed policy years from {Day(Start)}, the table gives {Row.Share}",
            _ => $"Of {Amount} {Amount.Currency} premiums paid, after {Reached} completed policy years from {Day(Start)}, the table gives {Row.Share}",
        })
        + (Into is var (days, of) ? $", and {days} of {of} days towards {Next.Share}: {Amount} × ({Row.Share} + ({Next.Share} − {Row.Share}) × {days} / {of})" : $": {Amount} × {Row.Share}")
        + $" = {Value}.";

    public override string Chinese =>
        (Table.Basis switch
        {
            SurrenderBasis.PeriodPremium => $"本期保险费 {Amount} {Amount.Currency}（自 {Day(Start)} 起），已开始 {Reached} 个月，按短期费率表退还 {Row.Share}",
            SurrenderBasis.SumInsured => $"保险金额 {Amount} {Amount.Currency}，自 {Day(Start)} 起已满 {Reached} 个保单年度，现金价值表为 {Row.Share}",
            _ => $"已交保险费 {Amount} {Amount.Currency}，自 {Day(Start)} 起已满 {Reached} 个保单年度，现金价值表为 {Row.Share}",
        })
        + (Into is var (days, of) ? $"，年度内 {days}/{of} 天向 {Next.Share} 递进：{Amount} ×（{Row.Share} +（{Next.Share} − {Row.Share}）× {days} / {of}）" : $"：{Amount} × {Row.Share}")
        + $" = {Value}。";

    /// <summary>The value on the day after the last day of cover, rounded once.</summary>
    /// <exception cref="CalculationException">As <see cref="SurrenderTable.Check"/>; NEGATIVE_AMOUNT, END_BEFORE_START, OVERFLOW.</exception>
    public static SurrenderValue Of(SurrenderTable table, Money amount, DateOnly start, DateOnly effEnd, RoundingMode rounding = RoundingMode.HalfUp)
    {
        table.Check();
        Amounts.RequireMagnitude(amount, "amount");
        if (effEnd < start)
            throw CalculationException.EndBeforeStart(start, effEnd);
        var reached = table.Basis == SurrenderBasis.PeriodPremium ? BillingPeriods.MonthsBegun(start, effEnd) : BillingPeriods.FullMonths(start, effEnd) / 12;
        var value = new SurrenderValue(table, amount, start, effEnd) { Reached = reached, Rounding = rounding };
        if (table.Between == TableBetween.ByDays && reached < table.Rows.Count - 1)
        {
            var year = new DateRange(start.PlusMonths(12L * reached), start.PlusMonths(12L * (reached + 1)));
            value = value with { Into = (effEnd.DayNumber - year.From.DayNumber, year.Days) };
        }
        return value with { Value = value.Computed() };
    }

    private Money Computed()
    {
        var (numerator, denominator) = (Row.Share.Numerator, Row.Share.Denominator);
        if (Into is var (days, of))
        {
            // a/b + (c/d − a/b) · days/of, kept exact.
            var next = Next.Share;
            numerator = (numerator * next.Denominator * (of - days)) + (next.Numerator * denominator * days);
            denominator = denominator * next.Denominator * of;
        }
        return new(Core.Rounding.ToMinor(numerator * Amount.Minor, denominator, Rounding), Amount.Currency);
    }

    private SurrenderRow RowAt(int reached) => Table.Rows[Math.Min(reached, Table.Rows.Count - 1)];

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Amount.Currency);
        json.WriteString("basis", Name(Table.Basis));
        json.WriteString("amount", Amount.ToString());
        json.WriteString("start", Day(Start));
        json.WriteString("effEnd", Day(EffEnd));
        json.WriteString("between", Table.Between == TableBetween.ByDays ? "BY_DAYS" : "NONE");
        json.WriteStartArray("rows");
        foreach (var row in Table.Rows)
        {
            json.WriteStartObject();
            json.WriteNumber("from", row.From);
            json.WriteString("share", row.Share.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Name(SurrenderBasis basis) =>
        basis switch { SurrenderBasis.PeriodPremium => "PERIOD_PREMIUM", SurrenderBasis.SumInsured => "SUM_INSURED", _ => "PREMIUMS_PAID" };
}

/// <summary>A policy given back within its cooling-off period (犹豫期): all that was paid, less at most the fee for the printed policy.</summary>
public sealed record CoolingOffRefund : Working
{
    private CoolingOffRefund(Money paid, Money fee) => (Paid, Fee) = (paid, fee);

    public Money Paid { get; }

    /// <summary>Kept for the printed policy (工本费), never more than was paid.</summary>
    public Money Fee { get; }

    public Money Refund => Paid - Fee;

    public override string Formula => "coolingOff";

    public override Money Result => Refund;

    public override string English => $"Within the cooling-off period everything comes back: {Paid} {Paid.Currency} paid, less {Fee} for the printed policy = {Refund}.";

    public override string Chinese => $"犹豫期内退还全部保险费：已交 {Paid} {Paid.Currency}，扣除保单工本费 {Fee}，应退 {Refund}。";

    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, MIXED_CURRENCY.</exception>
    public static CoolingOffRefund Of(Money paid, Money? fee, RoundingMode rounding = RoundingMode.HalfUp)
    {
        Amounts.RequireMagnitude(paid, "paid");
        var kept = fee ?? Money.Zero(paid.Currency);
        Amounts.RequireMagnitude(kept, "fee");
        return paid.Currency == kept.Currency
            ? new(paid, Money.Min(paid, kept)) { Rounding = rounding }
            : throw CalculationException.Mixed(paid.Currency, kept.Currency);
    }

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Paid.Currency);
        json.WriteString("paid", Paid.ToString());
        json.WriteString("fee", Fee.ToString());
    }
}
