using System.Numerics;
using System.Text.Json;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>
/// Refund of a prepayment for everyday consumption (法释〔2025〕4号): used + refund = paid, always, because the operator never
/// claims beyond the prepayment (art. 20).
/// </summary>
public sealed record PrepaidRefund : Working
{
    private PrepaidRefund(string method, Money paid) => (Method, Paid) = (method, paid);

    /// <summary>OPERATOR_FAULT, CONSUMER_REASON or UNLIMITED_TIME.</summary>
    public string Method { get; }

    public Money Paid { get; }

    /// <summary>Credit given on top; used at the operator's fault only.</summary>
    public Money? Gift { get; private init; }

    /// <summary>What was consumed, at list price; null for an unlimited card.</summary>
    public Money? ConsumedList { get; private init; }

    /// <summary>Term of an unlimited card, and the end in it.</summary>
    public (DateRange Term, DateOnly EffEnd)? Time { get; private init; }

    /// <summary>What was consumed, at most what was paid.</summary>
    public Money Used { get; private init; }

    public Money Refund => Paid - Used;

    /// <summary>Rate and days of the interest asked for with the refund.</summary>
    public (Rate AnnualRate, int Days)? InterestFor { get; private init; }

    /// <summary>On the refund; null when no rate was given.</summary>
    public Money? Interest { get; private init; }

    /// <summary>Refund and interest.</summary>
    public Money Total => Interest is { } interest ? Refund + interest : Refund;

    public override string Formula => "prepaidRefund";

    public override Money Result => Total;

    public override string English =>
        Method switch
        {
            "OPERATOR_FAULT" => $"{Paid} {Paid.Currency} was paid and {Gift} given on top. {ConsumedList} at list price counts at the discounted price, "
                + $"{ConsumedList} × {Paid} / ({Paid} + {Gift}) = {Used}",
            "CONSUMER_REASON" => $"{Paid} {Paid.Currency} was paid, {ConsumedList} consumed at list price: {Used} counts",
            _ => $"{Paid} {Paid.Currency} was paid for {Day(Time!.Value.Term.From)} to {Day(Time.Value.Term.LastDay)}, {Time.Value.Term.Days} days; "
                + $"{Time.Value.EffEnd.DayNumber - Time.Value.Term.From.DayNumber} are used: {Used}",
        } + $". {Paid} - {Used} = {Refund} comes back; nothing is ever claimed beyond what was paid.";

    public override string Chinese =>
        Method switch
        {
            "OPERATOR_FAULT" => $"实付 {Paid} {Paid.Currency}，赠送 {Gift}。原价消费 {ConsumedList} 按折扣价计：{ConsumedList} × {Paid} /（{Paid} + {Gift}）= {Used}",
            "CONSUMER_REASON" => $"实付 {Paid} {Paid.Currency}，按原价已消费 {ConsumedList}，计 {Used}",
            _ => $"{Day(Time!.Value.Term.From)} 至 {Day(Time.Value.Term.LastDay)} 共 {Time.Value.Term.Days} 天，实付 {Paid} {Paid.Currency}；"
                + $"已使用 {Time.Value.EffEnd.DayNumber - Time.Value.Term.From.DayNumber} 天，计 {Used}",
        } + $"。{Paid} - {Used} = {Refund} 应退；超出实付的部分不再主张。";

    /// <summary>
    /// The operator's fault: consumption counts at the discounted price, list · paid / (paid + gift).
    /// </summary>
    public static PrepaidRefund OperatorFault(
        Money paid,
        Money gift,
        Money consumedList,
        (Rate AnnualRate, int Days)? interest = null,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        RequireSame(paid, gift, "gift");
        RequireSame(paid, consumedList, "consumedList");
        BigInteger worth = (BigInteger)paid.Minor + gift.Minor;
        var used = worth.IsZero ? 0 : Core.Rounding.Divide((BigInteger)consumedList.Minor * paid.Minor, worth, rounding);
        return Of("OPERATOR_FAULT", paid, used, interest, rounding) with { Gift = gift, ConsumedList = consumedList };
    }

    /// <summary>The consumer's reason: consumption counts at the list price.</summary>
    public static PrepaidRefund ConsumerReason(
        Money paid,
        Money consumedList,
        (Rate AnnualRate, int Days)? interest = null,
        RoundingMode rounding = RoundingMode.HalfUp
    )
    {
        RequireSame(paid, consumedList, "consumedList");
        return Of("CONSUMER_REASON", paid, consumedList.Minor, interest, rounding) with { ConsumedList = consumedList };
    }

    /// <summary>An unlimited card: what is used is the share of time (art. 22).</summary>
    public static PrepaidRefund UnlimitedTime(
        Money paid,
        DateRange term,
        DateOnly effEnd,
        (Rate AnnualRate, int Days)? interest = null,
        RoundingMode rounding = RoundingMode.HalfUp
    ) =>
        Of("UNLIMITED_TIME", paid, Proration.Of(paid, term, effEnd, rounding: rounding).Used.Minor, interest, rounding) with
        {
            Time = (term, effEnd),
        };

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", Paid.Currency);
        json.WriteString("method", Method);
        json.WriteString("paid", Paid.ToString());
        if (Gift is { } gift)
            json.WriteString("gift", gift.ToString());
        if (ConsumedList is { } list)
            json.WriteString("consumedList", list.ToString());
        if (Time is { } time)
        {
            json.WriteString("termStart", Day(time.Term.From));
            json.WriteString("termEnd", Day(time.Term.Until));
            json.WriteString("effEnd", Day(time.EffEnd));
        }
        if (InterestFor is { } on)
        {
            json.WriteString("annualRate", on.AnnualRate.ToString());
            json.WriteNumber("days", on.Days);
        }
    }

    private static PrepaidRefund Of(
        string method,
        Money paid,
        BigInteger used,
        (Rate AnnualRate, int Days)? interest,
        RoundingMode rounding
    )
    {
        Amounts.RequireMagnitude(paid, "paid");
        var counted = new Money((long)BigInteger.Min(used, paid.Minor), paid.Currency);
        return new(method, paid)
        {
            Used = counted,
            InterestFor = interest,
            Interest = interest is { } on
                ? LateInterest.Annual(paid - counted, on.AnnualRate, Rate.One, on.Days, DayCount.Act365F, rounding)
                : null,
            Rounding = rounding,
        };
    }

    private static void RequireSame(Money paid, Money other, string name)
    {
        Amounts.RequireMagnitude(other, name);
        if (paid.Currency != other.Currency)
            throw CalculationException.Mixed(paid.Currency, other.Currency);
    }
}
