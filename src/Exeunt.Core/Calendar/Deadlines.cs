namespace Exeunt.Core.Calendar;

/// <summary>What a statutory period is counted in.</summary>
public enum DeadlineUnit
{
    Day,
    Month,
}

/// <summary>
/// The end of a period: <paramref name="Unrolled"/> by the count alone, <paramref name="LastDay"/> after moving from a day off to
/// the next worked day. It ends at 24:00 of <paramref name="LastDay"/> (or at the close of business).
/// </summary>
public readonly record struct Deadline(DateOnly Unrolled, DateOnly LastDay);

/// <summary>First and last day (both included) on which something may be sent.</summary>
public readonly record struct SendingWindow(DateOnly First, DateOnly Last)
{
    public bool Contains(DateOnly day) => First <= day && day <= Last;

    /// <summary>From <paramref name="atMost"/> to <paramref name="atLeast"/> days before the event (CA 17602, NY 527-a).</summary>
    public static SendingWindow DaysBefore(DateOnly eventOn, int atMost, int atLeast) =>
        new(eventOn.PlusDays(-atMost), eventOn.PlusDays(-atLeast));

    /// <summary>From <paramref name="atMost"/> to <paramref name="atLeast"/> months before the event (Code de la consommation L215-1).</summary>
    public static SendingWindow MonthsBefore(DateOnly eventOn, int atMost, int atLeast) =>
        new(eventOn.PlusMonths(-atMost), eventOn.PlusMonths(-atLeast));
}

/// <summary>
/// Statutory periods. The first day is not counted; months end on the same-numbered day or the month's last; a last day
/// that is a day off moves to the next worked day (PRC Civil Code 201–203; Regulation 1182/71 art. 3).
/// </summary>
public static class Deadlines
{
    /// <summary>A period of days or months from a day; <paramref name="count"/> is 0 or more.</summary>
    /// <exception cref="CalculationException">INVALID_COUNT; INVALID_DATE.</exception>
    public static Deadline Of(DateOnly start, DeadlineUnit unit, int count, BusinessDays? calendar = null)
    {
        if (count < 0)
            throw CalculationException.Count("count", "a whole number of 0 or more");
        var unrolled = unit == DeadlineUnit.Month ? start.PlusMonths(count) : start.PlusDays(count);
        return new(unrolled, (calendar ?? BusinessDays.WeekdaysOnly).OnOrAfter(unrolled));
    }

    /// <summary>China, prepaid consumption: refund without reason within 7 days of payment (CN-PP14).</summary>
    public static Deadline ChinaPrepaidRefund(DateOnly paidOn, BusinessDays? calendar = null) =>
        Of(paidOn, DeadlineUnit.Day, 7, calendar);

    /// <summary>China, distance sale: return within 7 days of receipt; the refund within 7 days of the goods' return (CN-CP25).</summary>
    public static Deadline ChinaDistanceSale(DateOnly from, BusinessDays? calendar = null) =>
        Of(from, DeadlineUnit.Day, 7, calendar);

    /// <summary>EU: withdrawal from a distance contract within 14 days of conclusion (services) or receipt (goods).</summary>
    public static Deadline EuWithdrawal(DateOnly from, BusinessDays? calendar = null) =>
        Of(from, DeadlineUnit.Day, 14, calendar);

    /// <summary>EU: answer to a data subject within one month of receipt, three when extended (GDPR art. 12(3)).</summary>
    public static Deadline DataSubjectRequest(
        DateOnly receivedOn,
        bool extended = false,
        BusinessDays? calendar = null
    ) => Of(receivedOn, DeadlineUnit.Month, extended ? 3 : 1, calendar);

    /// <summary>
    /// China: the last day on which a right to terminate may be used when nothing else is agreed, one year from knowing the
    /// ground. It lapses by itself, so it does not move to a worked day (CN-564, Civil Code 199).
    /// </summary>
    public static DateOnly ChinaRightToTerminate(DateOnly knownOn) => knownOn.PlusMonths(12);

    /// <summary>Telecom arrears in China: the first days on which service may be suspended and then ended (CN-TEL34).</summary>
    public static (DateOnly SuspendFrom, DateOnly TerminateFrom) ChinaTelecomArrears(DateOnly dueOn)
    {
        var suspendFrom = dueOn.PlusDays(31);
        return (suspendFrom, suspendFrom.PlusDays(61));
    }

    /// <summary>Cloud contracts in the EU: notice of at most two months, then 30 days of transition, then 30 of retrieval (Regulation 2023/2854).</summary>
    public static (DateOnly NoticeEnds, DateOnly TransitionEnds, DateOnly RetrievalUntil) EuDataProcessingExit(
        DateOnly receivedOn,
        NoticePeriod agreed
    )
    {
        var cap = receivedOn.PlusMonths(2);
        var wanted = agreed.LastDay(receivedOn);
        var notice = wanted < cap ? wanted : cap;
        return (notice, notice.PlusDays(30), notice.PlusDays(60));
    }

    /// <summary>EU platforms: the first day on which a business user may be ended, 30 days after the decision (P2B art. 4(2)).</summary>
    public static DateOnly EuPlatformTermination(DateOnly servedOn) => servedOn.PlusDays(30);
}
