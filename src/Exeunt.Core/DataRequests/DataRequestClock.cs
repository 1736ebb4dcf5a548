using Exeunt.Core.Calendar;
using Exeunt.Core.Rules;

namespace Exeunt.Core.DataRequests;

/// <summary>What a person asks about their data.</summary>
public enum DataRequestKind
{
    /// <summary>查阅: what is held.</summary>
    Access,

    /// <summary>复制、转移: a package to take along.</summary>
    Copy,

    /// <summary>更正.</summary>
    Correct,

    /// <summary>删除.</summary>
    Delete,

    /// <summary>限制处理: stored only.</summary>
    Restrict,

    /// <summary>拒绝: no marketing, no evaluation.</summary>
    Object,
}

/// <summary>Whose clock runs.</summary>
public enum DataRequestLaw
{
    China,
    Europe,
    California,
}

/// <summary>The clock of a request.</summary>
/// <param name="DueOn">Last day of the answer (inclusive).</param>
/// <param name="ReceiptBy">Last day of the receipt; null: the law asks for none.</param>
/// <param name="ExtendedUntil">Last day after an extension; null: there is none.</param>
/// <param name="TellBy">Last day on which an extension can be told; null: there is none.</param>
public sealed record DataRequestClock(DataRequestLaw Law, DateOnly DueOn, DateOnly? ReceiptBy, DateOnly? ExtendedUntil, DateOnly? TellBy)
{
    /// <summary>California: days to answer, and as many more after an extension (Civil Code § 1798.130; 11 CCR § 7021).</summary>
    public const int CaliforniaDays = 45;

    /// <summary>California: business days to confirm the receipt (11 CCR § 7021).</summary>
    public const int CaliforniaReceiptDays = 10;

    /// <summary>Which law's clock runs at a place: the Union's in the Union, California's there, else China's, where the company is.</summary>
    public static DataRequestLaw LawOf(string? place) =>
        place is { Length: > 0 } && Places.IsInEu(place) ? DataRequestLaw.Europe : place == "US-CA" ? DataRequestLaw.California : DataRequestLaw.China;

    /// <summary>The clock from the day of receipt, which is not counted.</summary>
    /// <param name="pack">The pack of <paramref name="law"/>'s place: CN or EU; not read for California.</param>
    public static DataRequestClock Of(DataRequestLaw law, DateOnly receivedOn, RulePack? pack, BusinessDays? calendar = null) => law switch
    {
        DataRequestLaw.Europe => new(law, LegalPeriods.EuDataSubject(pack!, receivedOn, calendar: calendar).LastDay, null,
            LegalPeriods.EuDataSubject(pack!, receivedOn, extended: true, calendar).LastDay, LegalPeriods.EuDataSubject(pack!, receivedOn, calendar: calendar).LastDay),
        DataRequestLaw.California => new(law, receivedOn.AddDays(CaliforniaDays), (calendar ?? BusinessDays.WeekdaysOnly).After(receivedOn, CaliforniaReceiptDays),
            receivedOn.AddDays(2 * CaliforniaDays), receivedOn.AddDays(CaliforniaDays)),
        _ => new(law, LegalPeriods.ChinaDataSubject(pack!, receivedOn, calendar), null, null, null),
    };
}
