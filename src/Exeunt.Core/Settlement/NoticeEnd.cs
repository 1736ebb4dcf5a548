using System.Text.Json;
using Exeunt.Core.Calendar;
using Exeunt.Core.Rules;

namespace Exeunt.Core.Settlement;

/// <summary>What happens at the end of the term if nobody gives notice.</summary>
public enum Renewal
{
    /// <summary>The contract ends.</summary>
    None,

    /// <summary>It goes on without an end.</summary>
    Indefinite,

    /// <summary>It goes on for a further term.</summary>
    Fixed,
}

/// <summary>What a notice is given under.</summary>
/// <param name="TermEnd">Last day of the term (included).</param>
/// <param name="ReceivedOn">The day on which the notice reached us.</param>
/// <param name="Notice">The agreed notice; null: none is needed.</param>
/// <param name="Jurisdiction">"DE", "FR", "CN", "US-CA" …</param>
/// <param name="Sector">"TELECOM", "SAAS", or anything else without a rule of its own.</param>
/// <param name="RenewalNoticeSent">Whether the provider told the consumer in time that the contract would be renewed (L215-1).</param>
/// <param name="WishedEnd">The last day the customer wishes for, if any.</param>
public sealed record NoticeFacts(
    DateOnly TermEnd,
    DateOnly ReceivedOn,
    Renewal Renewal,
    string Jurisdiction,
    NoticePeriod? Notice = null,
    string? Sector = null,
    bool RenewalNoticeSent = false,
    DateOnly? WishedEnd = null
);

/// <summary>One month, or the part of it that is served, after the term.</summary>
public readonly record struct ExtraMonth(DateOnly From, Money Fee);

/// <summary>
/// When a contract ends after notice, and what the months after the term cost. The end is the last day of the term or of
/// the notice, whichever is later; billing after the term is anchored on the day after it.
/// </summary>
/// <param name="NoticeFrom">First day of the notice; null when none is needed.</param>
/// <param name="NoticeTo">Last day of the notice (included).</param>
/// <param name="End">Last day of the contract (included).</param>
public sealed record NoticeEnd(
    IReadOnlyList<ExtraMonth> Months,
    Money ExtraFee,
    DateOnly? NoticeFrom,
    DateOnly? NoticeTo,
    DateOnly End
)
{
    /// <exception cref="CalculationException">NEGATIVE_AMOUNT, INVALID_COUNT, INVALID_DATE, OVERFLOW.</exception>
    public static NoticeEnd Of(NoticeFacts facts, Money monthlyFee, RoundingMode rounding = RoundingMode.HalfUp)
    {
        Amounts.RequireMagnitude(monthlyFee, "fee");
        DateOnly? noticeTo = facts.Notice is { } notice ? Capped(facts, notice.LastDay(facts.ReceivedOn)) : null;
        var atWill = IsFreeAtWill(facts);
        var end = EndOf(facts, atWill, noticeTo);
        var months = MonthsAfter(facts.TermEnd, end, atWill ? Money.Zero(monthlyFee.Currency) : monthlyFee, rounding);
        var extra = Money.Zero(monthlyFee.Currency);
        foreach (var month in months)
            extra += month.Fee;
        return new(months, extra, noticeTo is null ? null : NoticePeriod.FirstDay(facts.ReceivedOn), noticeTo, end);
    }

    // France: a renewed contract that was not announced may be ended at any time from the renewal on, free of charge (L215-1).
    private static bool IsFreeAtWill(NoticeFacts facts) =>
        facts is { Jurisdiction: "FR", Renewal: not Renewal.None, RenewalNoticeSent: false };

    private static DateOnly EndOf(NoticeFacts facts, bool atWill, DateOnly? noticeTo)
    {
        if (facts.Renewal == Renewal.None)
            return facts.TermEnd;
        var earliest = Later(facts.TermEnd, atWill ? facts.ReceivedOn : noticeTo ?? facts.ReceivedOn);
        return facts.WishedEnd is { } wished ? Later(earliest, wished) : earliest;
    }

    // What the built-in packs say. It only ever shortens the notice.
    private static DateOnly Capped(NoticeFacts facts, DateOnly agreed)
    {
        var telecom = facts.Sector is "TELECOM" or "ECS";
        var eu = Places.IsInEu(facts.Jurisdiction);
        if (facts.Jurisdiction == "FR" && telecom)
            agreed = Earlier(agreed, facts.ReceivedOn.PlusDays(France.Pack.Rule("FR-TEL").Count("days")));
        if (facts.Jurisdiction == "DE")
            agreed = Earlier(agreed, facts.ReceivedOn.PlusMonths(Germany.Pack.Rule("DE-309-9").Count("noticeMonths")));
        if (eu && telecom)
            agreed = Earlier(agreed, facts.ReceivedOn.PlusMonths(Europe.Pack.Rule("EU-EECC").Count("noticeMonths")));
        if (eu && facts.Sector is "SAAS" or "CLOUD")
            agreed = Earlier(agreed, facts.ReceivedOn.PlusMonths(Europe.Pack.Rule("EU-DATA").Count("noticeMonths")));
        return agreed;
    }

    private static List<ExtraMonth> MonthsAfter(DateOnly termEnd, DateOnly end, Money fee, RoundingMode rounding)
    {
        var months = new List<ExtraMonth>();
        if (end <= termEnd)
            return months;
        var (anchor, effEnd) = (termEnd.PlusDays(1), end.PlusDays(1));
        for (var k = 0; BillingPeriods.Start(anchor, k) is var from && from < effEnd; k++)
        {
            var period = BillingPeriods.Period(anchor, k);
            months.Add(new(from, Proration.Of(fee, period, Earlier(effEnd, period.Until), rounding: rounding).Used));
        }
        return months;
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;
}

/// <summary>The months after the term that a contract runs on because its notice does, as one line: each month rounded, then summed.</summary>
public sealed record MonthsAfterTerm : Working
{
    private MonthsAfterTerm(NoticeFacts facts, Money monthlyFee, NoticeEnd end) => (Facts, MonthlyFee, End) = (facts, monthlyFee, end);

    public NoticeFacts Facts { get; }

    public Money MonthlyFee { get; }

    public NoticeEnd End { get; }

    public override string Formula => "noticeEnd";

    public override Money Result => End.ExtraFee;

    public override string English =>
        $"The term ended on {Day(Facts.TermEnd)}; the contract was renewed and is billed to {Day(End.End)}. {MonthlyFee} {MonthlyFee.Currency} a month, "
        + $"by the days of each month from {Day(Facts.TermEnd.PlusDays(1))}: {string.Join(" + ", End.Months.Select(m => m.Fee))} = {End.ExtraFee}.";

    public override string Chinese =>
        $"合同期于 {Day(Facts.TermEnd)} 届满，续约后计费至 {Day(End.End)}。月费 {MonthlyFee} {MonthlyFee.Currency}，"
        + $"自 {Day(Facts.TermEnd.PlusDays(1))} 起逐月按日计：{string.Join(" + ", End.Months.Select(m => m.Fee))} = {End.ExtraFee}。";

    /// <summary>The months from the day after the term to the wished end, which is the last day billed.</summary>
    /// <exception cref="CalculationException">As <see cref="NoticeEnd.Of"/>.</exception>
    public static MonthsAfterTerm Of(NoticeFacts facts, Money monthlyFee, RoundingMode rounding = RoundingMode.HalfUp) =>
        new(facts, monthlyFee, NoticeEnd.Of(facts, monthlyFee, rounding)) { Rounding = rounding };

    internal override void WriteInputs(Utf8JsonWriter json)
    {
        json.WriteString("currency", MonthlyFee.Currency);
        json.WriteString("fee", MonthlyFee.ToString());
        json.WriteString("termEnd", Day(Facts.TermEnd));
        json.WriteString("received", Day(Facts.ReceivedOn));
        json.WriteString("renewal", Facts.Renewal == Renewal.Fixed ? "FIXED" : Facts.Renewal == Renewal.Indefinite ? "INDEFINITE" : "NONE");
        json.WriteString("jurisdiction", Facts.Jurisdiction);
        if (Facts.Notice is { } notice)
            json.WriteNumber(notice.Unit == NoticeUnit.Month ? "noticeMonths" : "noticeDays", notice.Count);
        if (Facts.Sector is { } sector)
            json.WriteString("sector", sector);
        json.WriteBoolean("l215NoticeSent", Facts.RenewalNoticeSent);
        if (Facts.WishedEnd is { } wished)
            json.WriteString("wishedEnd", Day(wished));
    }
}
