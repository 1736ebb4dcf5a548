using System.Text.Json.Serialization;

namespace Exeunt.Core.Calendar;

/// <summary>What a notice period is counted in.</summary>
public enum NoticeUnit
{
    [JsonStringEnumMemberName("DAY")]
    Day,

    [JsonStringEnumMemberName("BUSINESS_DAY")]
    BusinessDay,

    [JsonStringEnumMemberName("MONTH")]
    Month,
}

/// <summary>
/// A notice period: the day on which the notice is received is not counted, months end on the same-numbered day or the
/// month's last (PRC Civil Code 201, 202). <paramref name="Count"/> is 0 or more.
/// </summary>
[method: JsonConstructor]
public readonly record struct NoticePeriod(int Count, NoticeUnit Unit)
{
    public static NoticePeriod OfDays(int days) => new(days, NoticeUnit.Day);

    public static NoticePeriod OfMonths(int months) => new(months, NoticeUnit.Month);

    /// <summary>The first day of the notice: the day after receipt.</summary>
    public static DateOnly FirstDay(DateOnly receivedOn) => receivedOn.PlusDays(1);

    /// <summary>The last day of the notice (included); with 0 the day of receipt.</summary>
    /// <exception cref="CalculationException">INVALID_COUNT; INVALID_DATE.</exception>
    public DateOnly LastDay(DateOnly receivedOn, BusinessDays? calendar = null)
    {
        if (Count < 0)
            throw CalculationException.Count("notice", "a whole number of 0 or more");
        return Unit switch
        {
            NoticeUnit.Month => receivedOn.PlusMonths(Count),
            NoticeUnit.BusinessDay => (calendar ?? BusinessDays.WeekdaysOnly).After(receivedOn, Count),
            _ => receivedOn.PlusDays(Count),
        };
    }
}
