using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Rules;

/// <summary>A limit of the law that changed something in a case.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Pack">Name of its pack: "DE 1".</param>
/// <param name="What">What was changed.</param>
public sealed record AppliedLimit(string Rule, string Pack, string Article, Words What);

/// <summary>What a settlement is computed from once the law has been applied.</summary>
public sealed record LawfulExit(ContractTerms Contract, TerminationPolicy Policy, ExitFacts Facts, IReadOnlyList<AppliedLimit> Law);

/// <summary>The earliest last day of service once the law has been applied.</summary>
public sealed record LawfulEnd(DateOnly On, IReadOnlyList<AppliedLimit> Law);

/// <summary>
/// Applies rule packs to one end. Only rules that bind (<see cref="LegalRule.Binds"/>) and are in force, and only in the
/// customer's favour: a fee falls away, a notice gets shorter, something comes back. Liquidated damages are never cut here.
/// </summary>
public static class LegalLimits
{
    /// <summary>How a breach of each measure is mended in a settlement; a measure that is not here is not a matter of money.</summary>
    private static readonly Dictionary<string, Func<LawfulExit, Limit, (LawfulExit Exit, Words What)?>> Mends = new(StringComparer.Ordinal)
    {
        ["termMonths"] = (exit, limit) => exit.Contract.TermMonths > Number(limit) && IsEarly(exit) && ChargesForLeaving(exit)
            ? (WithoutFee(exit), new(
                $"The contract's term of {exit.Contract.TermMonths} months is longer than {limit.Value}: nothing is charged for leaving it.",
                $"合同期{exit.Contract.TermMonths}个月超过{limit.Value}个月，提前解约不收费。"))
            : null,
        ["fee.afterRenewal"] = (exit, limit) => limit.Value == "false" && !IsEarly(exit) && exit.Policy.Renewal?.Kind == RenewalKind.Fixed && ChargesForLeaving(exit)
            ? (WithoutFee(exit), new("After the first term nothing is charged for leaving.", "首期届满后解约不收费。"))
            : null,
        ["renewal.noticeSent"] = (exit, _) => exit.Facts.RenewalNoticeSent == false && exit.Facts.LastServiceDay > exit.Contract.TermEnd
            && (ChargesForLeaving(exit) || KeepsUnused(exit))
            ? (WithRefund(WithoutFee(exit)), new(
                "The notice before the renewal was not sent in time: leaving costs nothing, and what was paid ahead comes back.",
                "续约前未按期告知：解约不收费，预付部分退还。"))
            : null,
        ["device.rule"] = (exit, _) => exit.Policy.Device == DeviceRule.ProRata && exit.Facts.DeviceKept && exit.Contract.DeviceValue is not null
            ? (exit with { Policy = exit.Policy with { Device = DeviceRule.Eecc } }, new(
                "Equipment kept costs no more than the fees left.", "保留设备的费用不超过剩余费用。"))
            : null,
        ["refund.unusedPrepaid"] = (exit, limit) => limit.Value == "true" && KeepsUnused(exit)
            ? (WithRefund(exit), new("What was paid ahead and not used comes back.", "未使用的预付费用予以退还。"))
            : null,
        ["ground.WITHDRAWAL.fee"] = (exit, _) => exit.Facts.Ground == Ground.Withdrawal && ChargesForLeaving(exit)
            ? (WithoutFee(exit), new("A withdrawal without reason costs no fee.", "无理由撤回不收取费用。"))
            : null,
        ["lateInterest.dailyRate"] = (exit, limit) => exit.Policy.LateInterest is { DailyRate: { } rate } late && IsAbove(rate, limit.Value)
            ? (exit with { Policy = exit.Policy with { LateInterest = late with { DailyRate = Rate.Parse(limit.Value) } } }, new(
                $"The surcharge of {rate} a day is cut to {limit.Value}.", $"滞纳金由每日{rate}降至{limit.Value}。"))
            : null,
        [Measures.SwitchingCharge] = (exit, _) => exit.Facts.Added?.Any(IsSwitching) == true
            ? (exit with { Facts = exit.Facts with { Added = [.. exit.Facts.Added.Where(line => !IsSwitching(line))] } }, new(
                "Nothing is charged for switching to another provider.", "不收取转换服务商的费用。"))
            : null,
    };

    /// <summary>Contract, policy and facts as the law lets them be, with what it changed. The rules in force on the last day of service count.</summary>
    public static LawfulExit Apply(ContractTerms contract, TerminationPolicy policy, ExitFacts facts, IReadOnlyList<RulePack> packs)
    {
        var exit = new LawfulExit(contract, policy, facts, []);
        foreach (var (pack, rule) in Binding(contract, policy, facts, packs, facts.LastServiceDay))
        foreach (var limit in rule.Limits)
            if (Mends.TryGetValue(limit.Measure, out var mend) && mend(exit, limit) is { } mended)
                exit = mended.Exit with { Law = [.. exit.Law, new(rule.Id, pack, rule.Article, mended.What)] };
        return exit;
    }

    /// <summary>The earliest last day of service after a notice, never later than by contract and policy alone.</summary>
    /// <param name="renewalNoticeSent">Whether the notice before a silent renewal was sent in time; null: not said.</param>
    /// <exception cref="CalculationException">As <see cref="TerminationPolicy.EarliestEnd"/>.</exception>
    public static LawfulEnd EarliestEnd(
        ContractTerms contract, TerminationPolicy policy, DateOnly receivedOn, IReadOnlyList<RulePack> packs,
        BusinessDays? calendar = null, bool? renewalNoticeSent = null)
    {
        var agreed = policy.EarliestEnd(contract, receivedOn, calendar);
        var law = new List<AppliedLimit>();
        var (lawful, terms) = (policy, contract);
        var afterTerm = DateOnly.MaxValue;
        foreach (var (pack, rule) in Binding(contract, policy, null, packs, receivedOn))
        foreach (var limit in rule.Limits)
        {
            switch (limit.Measure)
            {
                case "notice.days" or "notice.months" when Shorter(NoticeOf(limit)) is { } shorter:
                    (terms, lawful) = shorter;
                    Say(pack, rule, new($"The notice is cut to {Words(limit).English}.", $"通知期缩短为{Words(limit).Chinese}。"));
                    break;
                case "notice.afterTerm.months" when agreed > contract.TermEnd && Shorter(NoticeOf(limit)) is { } later:
                    afterTerm = Earlier(afterTerm, Later(contract.TermEnd, later.Policy.EarliestEnd(later.Contract, receivedOn, calendar)));
                    Say(pack, rule, new($"After the term the notice is cut to {Words(limit).English}.", $"期满后通知期缩短为{Words(limit).Chinese}。"));
                    break;
                case "termMonths" when contract.TermMonths > Number(limit) && !lawful.EarlyExitAllowed:
                    lawful = lawful with { EarlyExitAllowed = true };
                    Say(pack, rule, new($"A term longer than {limit.Value} months does not hold the customer.", $"超过{limit.Value}个月的合同期对客户无约束力。"));
                    break;
                case "earlyExit.allowed" when limit.Value == "true" && !lawful.EarlyExitAllowed:
                    lawful = lawful with { EarlyExitAllowed = true };
                    Say(pack, rule, new("The customer may leave within the term.", "客户可在合同期内解约。"));
                    break;
                case "endsOn" when limit is { Operator: LimitOperator.Is, Value: "ANY_DAY" } && lawful.EndsOn != EndsOn.AnyDay:
                    lawful = lawful with { EndsOn = EndsOn.AnyDay };
                    Say(pack, rule, new("It may end on any day.", "可于任意日终止。"));
                    break;
                case "renewal.kind" when limit is { Operator: LimitOperator.IsNot, Value: "FIXED" } && lawful.Renewal?.Kind == RenewalKind.Fixed:
                    lawful = lawful with { Renewal = lawful.Renewal with { Kind = RenewalKind.Indefinite } };
                    Say(pack, rule, new("A renewal has no term of its own.", "续约不另设固定期限。"));
                    break;
                case "renewal.noticeSent" when renewalNoticeSent == false && agreed > contract.TermEnd:
                    afterTerm = Earlier(afterTerm, Later(contract.TermEnd, receivedOn));
                    Say(pack, rule, new("The notice before the renewal was not sent in time: the customer may leave at any time.", "续约前未按期告知：客户可随时解约。"));
                    break;
            }
        }
        var end = Earlier(Earlier(agreed, afterTerm), lawful.EarliestEnd(terms, receivedOn, calendar));
        return end < agreed ? new(end, law) : new(agreed, []);

        // The contract and policy with the lawful notice in place of a longer one; null when the agreed one is no longer.
        (ContractTerms Contract, TerminationPolicy Policy)? Shorter(NoticePeriod cap)
        {
            var given = terms.NoticeDays is { } days ? NoticePeriod.OfDays(days) : lawful.Notice;
            var isLonger = cap.LastDay(receivedOn, calendar) < given.LastDay(receivedOn, calendar);
            var after = lawful.Renewal?.Notice is { } own && cap.LastDay(receivedOn, calendar) < own.LastDay(receivedOn, calendar);
            return isLonger || after
                ? (isLonger ? terms with { NoticeDays = null } : terms, lawful with
                {
                    Notice = isLonger ? cap : lawful.Notice,
                    Renewal = after ? lawful.Renewal! with { Notice = cap } : lawful.Renewal,
                })
                : null;
        }

        void Say(string pack, LegalRule rule, Words what) => law.Add(new(rule.Id, pack, rule.Article, what));
    }

    private static IEnumerable<(string Pack, LegalRule Rule)> Binding(
        ContractTerms contract, TerminationPolicy policy, ExitFacts? facts, IReadOnlyList<RulePack> packs, DateOnly on)
    {
        var subject = new Measured(policy, contract, facts);
        foreach (var pack in packs)
        foreach (var rule in pack.Rules)
            if (rule.Binds && rule.Limits.Count > 0 && PolicyCheck.Holds(rule, subject, contract.Party, policy.Scope?.Sector, on, pack.Jurisdiction))
                yield return (pack.Name, rule);
    }

    private static NoticePeriod NoticeOf(Limit limit) =>
        limit.Measure == "notice.days" ? NoticePeriod.OfDays((int)Number(limit)) : NoticePeriod.OfMonths((int)Number(limit));

    private static Words Words(Limit limit) =>
        limit.Measure == "notice.days" ? new($"{limit.Value} days", $"{limit.Value}天") : new(limit.Value == "1" ? "1 month" : $"{limit.Value} months", $"{limit.Value}个月");

    private static bool IsEarly(LawfulExit exit) => exit.Facts.LastServiceDay < exit.Contract.TermEnd;

    private static bool ChargesForLeaving(LawfulExit exit) => exit.Policy.Etf is not null || exit.Policy.Clawback != ClawbackKind.None;

    private static bool KeepsUnused(LawfulExit exit) => exit.Contract.CurrentPeriodPrepaid && !exit.Policy.RefundsUnusedPeriod;

    private static LawfulExit WithoutFee(LawfulExit exit) => exit with { Policy = exit.Policy with { Etf = null, Clawback = ClawbackKind.None } };

    private static LawfulExit WithRefund(LawfulExit exit) => exit with { Policy = exit.Policy with { RefundsUnusedPeriod = true } };

    private static bool IsSwitching(AddedLine line) => line.Code == Measures.SwitchingCharge && line.Side == StatementSide.Owed;

    private static bool IsAbove(Rate rate, string limit) => Rate.Parse(limit) is var cap && rate.Numerator * cap.Denominator > cap.Numerator * rate.Denominator;

    private static decimal Number(Limit limit) => Measures.Number(limit.Value);

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
