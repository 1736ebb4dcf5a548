using Exeunt.Core.Calendar;

namespace Exeunt.Core.Rules;

/// <summary>
/// Statutory periods. Each takes the pack of its place and reads its days and months there, so that a new version of the pack
/// changes them.
/// </summary>
public static class LegalPeriods
{
    /// <summary>China, distance sale of goods: last day to return after receipt (CN-CP25).</summary>
    public static Deadline ChinaReturn(RulePack cn, DateOnly receivedOn, BusinessDays? calendar = null) =>
        Deadlines.Of(receivedOn, DeadlineUnit.Day, cn.Rule("CN-CP25").Count("days"), calendar);

    /// <summary>China, distance sale of goods: last day to refund after the goods came back (CN-CP25).</summary>
    public static Deadline ChinaReturnRefund(RulePack cn, DateOnly backOn, BusinessDays? calendar = null) =>
        Deadlines.Of(backOn, DeadlineUnit.Day, cn.Rule("CN-CP25").Count("refundDays"), calendar);

    /// <summary>China, prepayment: last day to ask for the money back without reason (CN-PP14).</summary>
    public static Deadline ChinaPrepaidRefund(RulePack cn, DateOnly paidOn, BusinessDays? calendar = null) =>
        Deadlines.Of(paidOn, DeadlineUnit.Day, cn.Rule("CN-PP14").Count("days"), calendar);

    /// <summary>
    /// China: the last day on which a right to terminate may be used when nothing else is agreed. It lapses by itself, so it does
    /// not move to a worked day (CN-564, Civil Code 199).
    /// </summary>
    public static DateOnly ChinaRightToTerminate(RulePack cn, DateOnly knownOn) => knownOn.PlusMonths(12L * cn.Rule("CN-564").Count("years"));

    /// <summary>China, telecom arrears: the first days on which service may be suspended and then ended (CN-TEL34).</summary>
    public static (DateOnly SuspendFrom, DateOnly TerminateFrom) ChinaTelecomArrears(RulePack cn, DateOnly dueOn)
    {
        var rule = cn.Rule("CN-TEL34");
        var suspendFrom = dueOn.PlusDays(rule.Count("suspendDays") + 1);
        return (suspendFrom, suspendFrom.PlusDays(rule.Count("endDays") + 1));
    }

    /// <summary>EU: withdrawal from a distance contract, from conclusion (services) or receipt (goods) (EU-CRD).</summary>
    public static Deadline EuWithdrawal(RulePack eu, DateOnly from, BusinessDays? calendar = null) =>
        Deadlines.Of(from, DeadlineUnit.Day, eu.Rule("EU-CRD").Count("days"), calendar);

    /// <summary>The last day on which a consumer may withdraw from a contract concluded on a day; null where no pack in force gives the right.</summary>
    public static DateOnly? WithdrawalUntil(IReadOnlyList<RulePack> packs, Policies.Party party, DateOnly from, BusinessDays? calendar = null) =>
        packs.FirstOrDefault(p => p.Rules.Any(r => r.Id == "EU-CRD" && r.IsInForce(from) && r.IsFor(party, null))) is { } eu ? EuWithdrawal(eu, from, calendar).LastDay : null;

    /// <summary>China: last day of the answer to a person's request about their data, by the industry's practice (CN-PI50-15D).</summary>
    public static DateOnly ChinaDataSubject(RulePack cn, DateOnly receivedOn, BusinessDays? calendar = null) =>
        (calendar ?? HolidayCalendars.For("CN")).After(receivedOn, cn.Rule("CN-PI50-15D").Count("workingDays"));

    /// <summary>EU: answer to a data subject (EU-G12).</summary>
    public static Deadline EuDataSubject(RulePack eu, DateOnly receivedOn, bool extended = false, BusinessDays? calendar = null)
    {
        var rule = eu.Rule("EU-G12");
        return Deadlines.Of(receivedOn, DeadlineUnit.Month, rule.Count("months") + (extended ? rule.Count("extensionMonths") : 0), calendar);
    }

    /// <summary>EU, cloud: the last day of the notice, of the transition and of fetching the data (EU-DATA).</summary>
    public static (DateOnly NoticeEnds, DateOnly TransitionEnds, DateOnly RetrievalUntil) EuCloudExit(RulePack eu, DateOnly receivedOn, NoticePeriod agreed)
    {
        var rule = eu.Rule("EU-DATA");
        var cap = receivedOn.PlusMonths(rule.Count("noticeMonths"));
        var wanted = agreed.LastDay(receivedOn);
        var notice = wanted < cap ? wanted : cap;
        var transition = notice.PlusDays(rule.Count("transitionDays"));
        return (notice, transition, transition.PlusDays(rule.Count("retrievalDays")));
    }

    /// <summary>EU, platforms: the first day on which a business user may be ended (EU-P2B).</summary>
    public static DateOnly EuPlatformTermination(RulePack eu, DateOnly servedOn) => servedOn.PlusDays(eu.Rule("EU-P2B").Count("days"));

    /// <summary>France: when the notice before a silent renewal is sent (FR-215).</summary>
    /// <param name="refuseUntil">Last day on which the customer may refuse the renewal.</param>
    public static SendingWindow FrenchRenewalNotice(RulePack fr, DateOnly refuseUntil)
    {
        var rule = fr.Rule("FR-215");
        return SendingWindow.MonthsBefore(refuseUntil, rule.Count("atMostMonths"), rule.Count("atLeastMonths"));
    }

    /// <summary>France: last day on which sums prepaid go back (FR-215).</summary>
    public static DateOnly FrenchRefund(RulePack fr, DateOnly endsOn) => endsOn.PlusDays(fr.Rule("FR-215").Count("refundDays"));

    /// <summary>California: when the notice before the end of a long trial is sent (US-CA).</summary>
    public static SendingWindow CaliforniaTrialNotice(RulePack ca, DateOnly trialEndsOn) =>
        SendingWindow.DaysBefore(trialEndsOn, ca.Rule("US-CA").Count("trialAtMost"), ca.Rule("US-CA").Count("trialAtLeast"));

    /// <summary>California: when the notice before a renewal is sent (US-CA).</summary>
    public static SendingWindow CaliforniaRenewalNotice(RulePack ca, DateOnly renewsOn) =>
        SendingWindow.DaysBefore(renewsOn, ca.Rule("US-CA").Count("renewalAtMost"), ca.Rule("US-CA").Count("renewalAtLeast"));

    /// <summary>New York: when a price rise is announced (US-NY).</summary>
    public static SendingWindow NewYorkPriceNotice(RulePack ny, DateOnly risesOn) =>
        SendingWindow.DaysBefore(risesOn, ny.Rule("US-NY").Count("priceAtMost"), ny.Rule("US-NY").Count("priceAtLeast"));

    /// <summary>United Kingdom, once in force: latest instant of the notice of the end after an online exit (UK-DMCC).</summary>
    public static DateTimeOffset BritishOnlineEndNotice(RulePack gb, DateTimeOffset exitAt) => exitAt.AddHours(gb.Rule("UK-DMCC").Count("onlineHours"));

    /// <summary>United Kingdom, once in force: last day of the notice of the end after any other exit (UK-DMCC).</summary>
    public static DateOnly BritishEndNotice(RulePack gb, DateOnly receivedOn, BusinessDays? calendar = null) =>
        (calendar ?? HolidayCalendars.For("GB")).After(receivedOn, gb.Rule("UK-DMCC").Count("otherWorkingDays"));
}
