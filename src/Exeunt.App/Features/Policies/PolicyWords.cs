using System.Globalization;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.App.Features.Policies;

/// <summary>A part of a policy's text; its heading is the text "policy.part.PART".</summary>
public enum PolicyPart
{
    Document,
    Ending,
    Money,
    HandOver,
    Consequences,
    Clauses,
}

/// <summary>One sentence of a policy in plain words.</summary>
/// <param name="Topic">What it is about, the same in every version: "notice", "handover:router".</param>
public sealed record PolicySentence(PolicyPart Part, string Topic, string Text);

/// <summary>A termination policy in plain words, from its data, in either language; and one contract settled by it as an example.</summary>
public static class PolicyWords
{
    /// <summary>Every rule of the policy as one sentence.</summary>
    public static IReadOnlyList<string> Of(TerminationPolicy policy, Texts t) => [.. Sentences(policy, t).Select(s => s.Text)];

    /// <summary>The same with what each sentence is about: every field of the document is said.</summary>
    public static IReadOnlyList<PolicySentence> Sentences(TerminationPolicy policy, Texts t) =>
        [.. Document(policy, t), .. Ending(policy, t), .. Money(policy, t), .. HandOvers(policy, t), .. Beside(policy.Consequences, t), .. Clauses(policy, t)];

    private static IEnumerable<PolicySentence> Document(TerminationPolicy policy, Texts t)
    {
        var scope = policy.Scope ?? new PolicyScope(["CN"]);
        yield return Say("scope", t["policy.say.scope", t.Of("policy.party", scope.Party), Listed(scope.Jurisdictions.Select(p => Place(p, t)), t),
            scope.Products is { Count: > 0 } products ? t["policy.say.products", Listed(products, t)] : t["policy.say.products.all"]]);
        if (scope.Sector is { } sector)
            yield return Say("sector", t["policy.say.sector", Texts.Everything.ContainsKey($"policy.sector.{sector}") ? t[$"policy.sector.{sector}"] : sector]);
        yield return Say("dates", policy.EffectiveUntil is { } until
            ? t["policy.say.from-until", t.Date(policy.EffectiveFrom), t.Date(until.AddDays(-1))] : t["policy.say.from", t.Date(policy.EffectiveFrom)]);
        if (policy.ReviewOn is { } review)
            yield return Say("review", t["policy.say.review", t.Date(review)]);
        if (policy.Form is not { } form)
            yield break;
        if (form.Purpose is { } purpose)
            yield return Say("purpose", t["policy.say.purpose", In(purpose, t)]);
        if (form.Scope is { } words)
            yield return Say("scope-words", t["policy.say.applies", In(words, t)]);
        foreach (var (entry, i) in form.Responsibilities.Select((e, i) => (e, i)))
            yield return Say($"responsibility:{i}", t["policy.say.responsibility", In(entry.Name, t), In(entry.Text, t)]);
        foreach (var (entry, i) in form.Definitions.Select((e, i) => (e, i)))
            yield return Say($"definition:{i}", t["policy.say.definition", In(entry.Name, t), In(entry.Text, t)]);
        if (form.InterpretingOffice is { } office)
            yield return Say("office", t["policy.say.office", In(office, t)]);
        if (form.Attachments.Count > 0)
            yield return Say("attachments", t["policy.say.attachments", Listed(form.Attachments.Select(a => In(a, t)), t)]);

        static PolicySentence Say(string topic, string text) => new(PolicyPart.Document, topic, text);
    }

    private static IEnumerable<PolicySentence> Ending(TerminationPolicy policy, Texts t)
    {
        yield return Say("notice", t[policy.Notice.Count switch { 0 => "policy.notice.none", 1 => $"policy.notice.one.{policy.Notice.Unit}", _ => $"policy.notice.{policy.Notice.Unit}" }, policy.Notice.Count]);
        yield return Say("ends", t.Of("policy.ends", policy.EndsOn));
        yield return Say("early", t[policy.EarlyExitAllowed ? "policy.early.yes" : "policy.early.no"]);
        if (policy.MinimumMonths > 0)
            yield return Say("minimum", t["policy.say.minimum", Months(policy.MinimumMonths, t)]);
        if (policy.MaxTermMonths is { } most)
            yield return Say("max-term", t["policy.say.max-term", Months(most, t)]);
        yield return Say("renewal", policy.Renewal switch
        {
            null => t["policy.say.renewal.contract"],
            { Kind: RenewalKind.None } => t["policy.say.renewal.none"],
            { Kind: RenewalKind.Fixed, Months: var months } => t["policy.say.renewal.fixed", Months(months ?? 0, t)],
            { Notice: { } notice } => t["policy.say.renewal.indefinite", Period(notice, t)],
            _ => t["policy.say.renewal.indefinite", Period(policy.Notice, t)],
        });
        if (policy.Renewal?.ReminderDays is { } days)
            yield return Say("reminder", t["policy.say.reminder", Days(days, t)]);
        if (policy.Grounds.Count == 0)
            yield return Say("grounds", t["policy.say.grounds.any"]);
        foreach (var ground in policy.Grounds)
        {
            var parts = new List<string> { t[$"policy.say.ground.{ground.Fee}"] };
            if (ground.Notice is { } own)
                parts.Add(own.Count == 0 ? t["policy.say.ground.at-once"] : t["policy.say.ground.notice", Period(own, t)]);
            if (ground.Proof is { } proof)
                parts.Add(t["policy.say.ground.proof", In(proof, t)]);
            yield return Say($"ground:{ground.Ground}", t["policy.say.ground", t.Of("policy.ground", ground.Ground), string.Join(t["policy.list"], parts)]);
        }

        static PolicySentence Say(string topic, string text) => new(PolicyPart.Ending, topic, text);
    }

    private static IEnumerable<PolicySentence> Money(TerminationPolicy policy, Texts t)
    {
        yield return Say("etf", policy.Etf is { } fee ? t["policy.etf", Fee(fee, t)] : t["policy.etf.none"]);
        yield return Say("unused", t[policy.RefundsUnusedPeriod ? "policy.unused.yes" : "policy.unused.no", policy.DayCount.Name()]);
        yield return Say("billing", t.Of("policy.billing", policy.BillingEnds));
        yield return Say("device", t.Of("policy.device", policy.Device));
        yield return Say("deposit", t["policy.deposit"]);
        yield return Say("clawback", t.Of("policy.clawback", policy.Clawback));
        yield return Say("prepaid", policy.Prepaid is { } prepaid ? t.Of("policy.prepaid", prepaid.Method) : t["policy.prepaid.none"]);
        if (policy.Prepaid?.OperatorFaultRate is { } fault)
            yield return Say("prepaid-fault", t["policy.prepaid.fault", Percent(fault)]);
        if (policy.Prepaid?.ConsumerReasonRate is { } reason)
            yield return Say("prepaid-reason", t["policy.prepaid.reason", Percent(reason)]);
        foreach (var (topic, text) in Insurance(policy.Insurance, t))
            yield return Say(topic, text);
        yield return Say("earnest", t.Of("policy.earnest", policy.EarnestElection));
        yield return Say("instalments", policy.Instalments is { } instalments ? t["policy.say.instalments", instalments.MaxCount, Days(instalments.FirstDueDays, t)] : t["policy.say.instalments.none"]);
        yield return Say("late", policy.LateInterest switch
        {
            { DailyRate: { } daily } => t["policy.say.late.daily", Percent(daily)],
            { AnnualRate: { } annual, Multiplier: { } times } => t["policy.say.late.times", times, Percent(annual)],
            { AnnualRate: { } annual } => t["policy.say.late.annual", Percent(annual)],
            _ => t["policy.say.late.none"],
        });
        yield return Say("rounding", t.Of("policy.rounding", policy.Rounding));

        static PolicySentence Say(string topic, string text) => new(PolicyPart.Money, topic, text);
    }

    private static IEnumerable<(string Topic, string Text)> Insurance(InsuranceTerms? insurance, Texts t)
    {
        if (insurance is null)
            yield break;
        yield return ("cooling-off", insurance switch
        {
            { CoolingOffDays: null } => t["policy.insurance.no-cooling-off"],
            { CoolingOffFee: { } fee } => t["policy.insurance.cooling-off-fee", Days(insurance.CoolingOffDays.Value, t), Amounts.Text(fee)],
            _ => t["policy.insurance.cooling-off", Days(insurance.CoolingOffDays.Value, t)],
        });
        if (insurance.Surrender is { } table)
        {
            yield return ("surrender", t.Of("policy.insurance.surrender", table.Basis));
            yield return ("surrender-between", t.Of("policy.insurance.between", table.Between));
            yield return ("surrender-table", t["policy.insurance.table", string.Join(t["policy.list"], table.Rows.Select((r, i) =>
                t[(table.Basis == SurrenderBasis.PeriodPremium ? "policy.insurance.month" : "policy.insurance.year") + (i == table.Rows.Count - 1 ? "-on" : ""), r.From, Percent(r.Share)]))]);
        }
        else
            yield return ("surrender", t["policy.insurance.by-days"]);
        yield return ("loan", insurance.LoanRate is { } rate ? t["policy.insurance.loan", Percent(rate)] : t["policy.insurance.loan-free"]);
    }

    private static IEnumerable<PolicySentence> HandOvers(TerminationPolicy policy, Texts t)
    {
        if (policy.HandOvers.Count == 0)
            yield return new(PolicyPart.HandOver, "handovers", t["policy.say.handover.none"]);
        foreach (var item in policy.HandOvers)
            yield return new(PolicyPart.HandOver, $"handover:{item.Code}", item.Side == PolicySide.Company
                ? t["policy.say.handover.company", In(item.Name, t), Days(item.Days, t)]
                : t["policy.say.handover.customer", In(item.Name, t), Days(item.Days, t), item.Price is { } price ? t["policy.say.handover.price", Amounts.Text(price)] : ""]);
        foreach (var damage in policy.DamagePrices)
            yield return new(PolicyPart.HandOver, $"damage:{damage.Code}", t["policy.say.damage", In(damage.Name, t), Amounts.Text(damage.Price)]);
    }

    private static IEnumerable<PolicySentence> Beside(Consequences beside, Texts t)
    {
        yield return Say("bureau", t[beside.ReportedToCreditBureau ? "policy.say.bureau.yes" : "policy.say.bureau.no"]);
        foreach (var (topic, words) in new[] { ("credit", beside.Credit), ("obligations", beside.Obligations), ("points", beside.Points), ("services", beside.Services) })
            if (words is not null)
                yield return Say(topic, t[$"policy.say.{topic}", In(words, t)]);
        yield return Say("resign", beside.ResignAfterDays == 0 ? t["policy.say.resign.at-once"] : t["policy.say.resign", Days(beside.ResignAfterDays, t)]);
        if (beside.Resign is { } resign)
            yield return Say("resign-words", t["policy.say.resign-words", In(resign, t)]);

        static PolicySentence Say(string topic, string text) => new(PolicyPart.Consequences, topic, text);
    }

    private static IEnumerable<PolicySentence> Clauses(TerminationPolicy policy, Texts t) =>
        policy.Lines.OrderBy(l => l.Value.Clause, StringComparer.Ordinal).ThenBy(l => l.Key, StringComparer.Ordinal).Select(l => new PolicySentence(PolicyPart.Clauses, $"line:{l.Key}",
            t["policy.say.clause", l.Value.Clause, StatementLines.Label(t, l.Key), t.Pick(l.Value.English, l.Value.Chinese),
                l.Value.TaxRate is { } rate && !rate.Numerator.IsZero ? t["policy.say.tax", Percent(rate), l.Value.TaxCode] : l.Value.TaxCode == "NONE" ? "" : t["policy.say.tax-code", l.Value.TaxCode]]));

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
            LossFee loss => t["policy.fee.loss",
                loss.MonthlyFee is { } fee ? Amounts.Text(fee) : t["policy.fee.the-monthly"],
                loss.AvoidableShare is { } saved ? t["policy.fee.less", Percent(saved)] : loss.AvoidableCost is { } cost ? t["policy.fee.less", Amounts.Text(cost)] : "",
                Months(loss.ReplacementMonths, t), loss.MitigationCost is { } mitigation ? t["policy.fee.mitigation", Amounts.Text(mitigation)] : ""],
            LeastFee least => t["policy.fee.least", string.Join(t["policy.list"], least.Of.Select(r => Fee(r, t)))],
            _ => rule.GetType().Name,
        };

    /// <summary>"30 days", "2 months".</summary>
    public static string Period(NoticePeriod period, Texts t) => t[period.Count == 1 ? $"policy.period.one.{period.Unit}" : $"policy.period.{period.Unit}", period.Count];

    /// <summary>A value of the document as people read it: a choice by its name, yes or no; anything else as it stands.</summary>
    /// <param name="path">Where it stands in the document.</param>
    public static string Value(string path, string value, Texts t) =>
        PolicyFields.At(path) is not { } field ? value
        : field.Type == typeof(bool) ? t[value == "true" ? "policy.yes" : "policy.no"]
        : field.Type.IsEnum || field.Pattern == "etf.kind" ? Option(field, value, t)
        : value;

    /// <summary>The name of a choice: text "policy.option.TYPE.VALUE".</summary>
    public static string Option(PolicyField field, string value, Texts t) =>
        Texts.Everything.ContainsKey(OptionKey(field, value)) ? t[OptionKey(field, value)] : value;

    internal static string OptionKey(PolicyField field, string value) => $"policy.option.{(field.Type.IsEnum ? field.Type.Name : "Fee")}.{value}";

    /// <summary>The figures of the example, in the currency of the policy's own amounts: a 24-month term, left in its sixteenth month.</summary>
    public static (ContractTerms Contract, ExitFacts Facts) Example(TerminationPolicy policy, DateOnly? start = null, int? termMonths = null, Money? monthlyFee = null, DateOnly? lastDay = null)
    {
        var currency = CurrencyOf(policy);
        var unit = Pow10(Currency.MinorDigits(currency));
        var first = start ?? new DateOnly(policy.EffectiveFrom.Year, policy.EffectiveFrom.Month, 1);
        var terms = new ContractTerms
        {
            Number = "#0", Currency = currency, Start = first, TermMonths = termMonths ?? 24, MonthlyFee = monthlyFee ?? new(199 * unit, currency),
            Deposit = new(300 * unit, currency), DeviceValue = new(1200 * unit, currency), AutoRenew = true,
            Insured = policy.Insurance is null ? null : new(new(16 * (monthlyFee?.Minor ?? 199 * unit), currency), new(100_000 * unit, currency)),
        };
        return (terms, new ExitFacts(lastDay ?? first.AddMonths(15).AddDays(9)));
    }

    /// <summary>The currency of a policy's amounts; CNY when it names none.</summary>
    public static string CurrencyOf(TerminationPolicy policy) =>
        CurrencyOf(policy.Etf) ?? policy.Insurance?.CoolingOffFee?.Currency ?? policy.HandOvers.Select(h => h.Price?.Currency).Concat(policy.DamagePrices.Select(d => (string?)d.Price.Currency)).FirstOrDefault(c => c is not null) ?? "CNY";

    private static string? CurrencyOf(EtfRule? rule) =>
        rule switch
        {
            FlatFee flat => flat.Fee.Currency,
            RemainingShareFee share => share.MonthlyFee?.Currency,
            DecliningFee declining => declining.Initial.Currency,
            ScheduledFee { Fees: [var first, ..] } => first.Currency,
            LossFee loss => (loss.MonthlyFee ?? loss.AvoidableCost ?? loss.MitigationCost)?.Currency,
            LeastFee least => least.Of.Select(CurrencyOf).FirstOrDefault(c => c is not null),
            _ => null,
        };

    /// <summary>"20%" of a rate of 0.20.</summary>
    private static string Percent(Rate rate) =>
        ((decimal)rate.Numerator * 100 / (decimal)rate.Denominator).ToString("0.####", CultureInfo.InvariantCulture) + "%";

    private static string Days(int count, Texts t) => Period(NoticePeriod.OfDays(count), t);

    private static string Months(int count, Texts t) => Period(NoticePeriod.OfMonths(count), t);

    private static string In(Words words, Texts t) => t.Pick(words.English, words.Chinese);

    private static string Listed(IEnumerable<string> names, Texts t) => string.Join(t["policy.comma"], names);

    /// <summary>A place of the law by its name; a code that has none stays.</summary>
    private static string Place(string code, Texts t) => Texts.Everything.ContainsKey($"policy.place.{code}") ? t[$"policy.place.{code}"] : Countries.Name(t, code);

    private static long Pow10(int digits) => digits switch { 0 => 1, 2 => 100, 3 => 1000, _ => 10000 };
}
