using System.Globalization;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.App.Features.Policies;

/// <summary>A termination policy in plain words, from its data, in either language; and one contract settled by it as an example.</summary>
public static class PolicyWords
{
    /// <summary>Every rule of the policy as one sentence.</summary>
    public static IReadOnlyList<string> Of(TerminationPolicy policy, Texts t)
    {
        var words = new List<string>
        {
            t[policy.Notice.Count == 0 ? "policy.notice.none" : "policy.notice." + policy.Notice.Unit, policy.Notice.Count],
            t.Of("policy.ends", policy.EndsOn),
            t[policy.EarlyExitAllowed ? "policy.early.yes" : "policy.early.no"],
            policy.Etf is { } fee ? t["policy.etf", Fee(fee, t)] : t["policy.etf.none"],
            t[policy.RefundsUnusedPeriod ? "policy.unused.yes" : "policy.unused.no", policy.DayCount.Name()],
            t.Of("policy.device", policy.Device),
            t["policy.deposit"],
            t.Of("policy.clawback", policy.Clawback),
            t.Of("policy.rounding", policy.Rounding),
        };
        return words;
    }

    /// <summary>A fee rule as part of a sentence.</summary>
    public static string Fee(EtfRule rule, Texts t) =>
        rule switch
        {
            FlatFee flat => t["policy.fee.flat", Amounts.Text(flat.Fee)],
            RemainingShareFee share => share.MonthlyFee is { } monthly
                ? t["policy.fee.share-of", Percent(share.Pct), Amounts.Text(monthly)]
                : t["policy.fee.share", Percent(share.Pct)],
            DecliningFee declining => t["policy.fee.declining", Amounts.Text(declining.Initial), Amounts.Text(declining.PerMonth)],
            ScheduledFee table => t["policy.fee.table", string.Join(t["policy.list"], table.Fees.Select(Amounts.Text))],
            LeastFee least => t["policy.fee.least", string.Join(t["policy.list"], least.Of.Select(r => Fee(r, t)))],
            _ => rule.GetType().Name,
        };

    /// <summary>The contract of the example, in the currency of the policy's own amounts: a 24-month term, left in its sixteenth month.</summary>
    public static (ContractTerms Contract, ExitFacts Facts) Example(TerminationPolicy policy)
    {
        var currency = CurrencyOf(policy.Etf) ?? "CNY";
        var unit = Pow10(Currency.MinorDigits(currency));
        var start = new DateOnly(policy.EffectiveFrom.Year, policy.EffectiveFrom.Month, 1);
        var terms = new ContractTerms
        {
            Number = "#0", Currency = currency, Start = start, TermMonths = 24, MonthlyFee = new(199 * unit, currency),
            Deposit = new(300 * unit, currency), DeviceValue = new(1200 * unit, currency), AutoRenew = true,
        };
        return (terms, new ExitFacts(start.AddMonths(15).AddDays(9)));
    }

    private static string? CurrencyOf(EtfRule? rule) =>
        rule switch
        {
            FlatFee flat => flat.Fee.Currency,
            RemainingShareFee share => share.MonthlyFee?.Currency,
            DecliningFee declining => declining.Initial.Currency,
            ScheduledFee { Fees: [var first, ..] } => first.Currency,
            LeastFee least => least.Of.Select(CurrencyOf).FirstOrDefault(c => c is not null),
            _ => null,
        };

    /// <summary>"20 %" of a rate of 0.20.</summary>
    private static string Percent(Rate rate) =>
        ((decimal)rate.Numerator * 100 / (decimal)rate.Denominator).ToString("0.####", CultureInfo.InvariantCulture) + "%";

    private static long Pow10(int digits) => digits switch { 0 => 1, 2 => 100, 3 => 1000, _ => 10000 };
}
