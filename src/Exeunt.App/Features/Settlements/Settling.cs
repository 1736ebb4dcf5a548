using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Rules;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Computes what ending a contract costs or brings back, from its terms and the policy version it was signed under.</summary>
public sealed class Settling(AppDb db, RuleBook rules, CalendarBook calendars, Clocks clocks)
{
    public async Task<TerminationPolicy> PolicyOf(Contract contract, CancellationToken ct) =>
        TerminationPolicy.FromJson(await db.Policies.AsNoTracking()
            .Where(p => p.Number == contract.PolicyNumber && p.Version == contract.PolicyVersion)
            .Select(p => p.Document).SingleAsync(ct));

    /// <summary>The earliest last service day after a notice received on a day, by contract, policy and the law in force on that day.</summary>
    public async Task<DateOnly> EarliestEnd(Contract contract, DateOnly receivedOn, CancellationToken ct) =>
        LegalLimits.EarliestEnd(
            TermsOf(contract), await PolicyOf(contract, ct), receivedOn, await rules.For(contract.Jurisdiction, receivedOn, ct),
            await calendars.For(contract.Jurisdiction, ct)).On;

    /// <summary>
    /// The packs that hold for ending a contract: those its case froze at receipt, else the ones in force today. Of a contract
    /// that has ended, those of the case that ended it.
    /// </summary>
    public async Task<IReadOnlyList<RulePack>> PacksOf(Contract contract, CancellationToken ct)
    {
        var frozen = await db.Cases.AsNoTracking()
            .Where(c => c.ContractId == contract.Id && (c.State != CaseState.Closed || c.Outcome == CaseOutcome.Executed))
            .OrderByDescending(c => c.BusinessReceivedAt).Select(c => c.RulePacks).FirstOrDefaultAsync(ct);
        return frozen is null
            ? await rules.For(contract.Jurisdiction, Clocks.DateIn(clocks.BusinessNow, contract.Zone), ct)
            : await rules.Named(frozen, ct);
    }

    /// <param name="facts">What is known of the end (<see cref="CaseFacts"/>); null: nothing yet, but the date.</param>
    public async Task<Outcome<Statement>> Compute(Contract contract, DateOnly lastServiceDay, CancellationToken ct, ExitFacts? facts = null) =>
        StatementBuilder.Build(TermsOf(contract), await PolicyOf(contract, ct), facts ?? FactsOf(contract, lastServiceDay), await PacksOf(contract, ct));

    /// <summary>Several dates side by side.</summary>
    public async Task<IReadOnlyList<(DateOnly On, Outcome<Statement> Statement)>> Compare(Contract contract, IEnumerable<DateOnly> days, CancellationToken ct)
    {
        var (terms, policy, packs) = (TermsOf(contract), await PolicyOf(contract, ct), await PacksOf(contract, ct));
        return [.. days.Select(day => (day, StatementBuilder.Build(terms, policy, FactsOf(contract, day), packs)))];
    }

    /// <summary>The total on several dates, by what the contract itself tells of its end.</summary>
    public async Task<IReadOnlyList<CurvePoint>> Curve(Contract contract, IReadOnlyList<DateOnly> days, CancellationToken ct) =>
        days.Count == 0 ? [] : StatementBuilder.Curve(TermsOf(contract), await PolicyOf(contract, ct), FactsOf(contract, days[0]), days, await PacksOf(contract, ct));

    /// <summary>SHA-256 (hex) over the case and the statement's bytes: what an approval binds.</summary>
    public static string Digest(Guid caseId, string statement) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caseId:N}\n{statement}")));

    /// <summary>The contract under our internal number; its own number is personal data and stays sealed.</summary>
    public static ContractTerms TermsOf(Contract contract)
    {
        Money Of(long minor) => new(minor, contract.Currency);
        Money? Some(long minor) => minor > 0 ? Of(minor) : null;
        return new()
        {
            Number = $"#{contract.Row}",
            Currency = contract.Currency,
            Start = contract.StartOn,
            TermMonths = contract.TermMonths,
            MonthlyFee = Of(contract.MonthlyFee),
            BillingAnchor = contract.BillingAnchor,
            BillingMonths = contract.BillingMonths,
            CurrentPeriodPrepaid = contract.CurrentMonthPrepaid,
            Deposit = Some(contract.Deposit),
            DeviceValue = Some(contract.DeviceValue),
            DeviceMonths = contract.DeviceMonths,
            MonthlyDiscount = Some(contract.MonthlyDiscount),
            NoticeDays = contract.NoticeDays,
            AutoRenew = contract.AutoRenew,
            Jurisdiction = contract.Jurisdiction,
            Party = contract.Party,
            PrepaidCard = contract.PrepaidPaid > 0
                ? new(Of(contract.PrepaidPaid), Some(contract.PrepaidGift), contract.PrepaidPaidOn, contract.PrepaidFrom, contract.PrepaidUntil)
                : null,
            Insured = (contract.PremiumsPaid, contract.SumInsured, contract.PolicyLoan) != (0, 0, 0)
                ? new(Of(contract.PremiumsPaid), Some(contract.SumInsured), Some(contract.PolicyLoan), contract.PolicyLoan > 0 ? contract.PolicyLoanOn : null)
                : null,
            Earnest = contract.Earnest > 0 ? new(Of(contract.Earnest), Of(contract.EarnestPrice)) : null,
            Amendments = contract.Amendments.OrderBy(a => a.Number).Select(a => a.Terms).OfType<TermAmendment>().ToList() is { Count: > 0 } agreed ? agreed : null,
        };
    }

    /// <summary>What the contract itself tells of its end on a day.</summary>
    public static ExitFacts FactsOf(Contract contract, DateOnly lastServiceDay) =>
        new(lastServiceDay, contract.Unpaid > 0 ? new Money(contract.Unpaid, contract.Currency) : null)
        {
            UnpaidDueOn = contract.Unpaid > 0 ? contract.UnpaidDueOn : null,
            PrepaidConsumed = contract.PrepaidPaid > 0 ? new Money(contract.PrepaidConsumed, contract.Currency) : null,
        };
}
