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

    public async Task<Outcome<Statement>> Compute(Contract contract, DateOnly lastServiceDay, CancellationToken ct) =>
        StatementBuilder.Build(TermsOf(contract), await PolicyOf(contract, ct), FactsOf(contract, lastServiceDay), await PacksOf(contract, ct));

    /// <summary>Several dates side by side.</summary>
    public async Task<IReadOnlyList<(DateOnly On, Outcome<Statement> Statement)>> Compare(Contract contract, IEnumerable<DateOnly> days, CancellationToken ct)
    {
        var (terms, policy, packs) = (TermsOf(contract), await PolicyOf(contract, ct), await PacksOf(contract, ct));
        return [.. days.Select(day => (day, StatementBuilder.Build(terms, policy, FactsOf(contract, day), packs)))];
    }

    /// <summary>SHA-256 (hex) over the case and the statement's bytes: what an approval binds.</summary>
    public static string Digest(Guid caseId, string statement) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caseId:N}\n{statement}")));

    /// <summary>The contract under our internal number; its own number is personal data and stays sealed.</summary>
    public static ContractTerms TermsOf(Contract contract) =>
        new()
        {
            Number = $"#{contract.Row}",
            Currency = contract.Currency,
            Start = contract.StartOn,
            TermMonths = contract.TermMonths,
            MonthlyFee = new(contract.MonthlyFee, contract.Currency),
            CurrentPeriodPrepaid = contract.CurrentMonthPrepaid,
            Deposit = contract.Deposit > 0 ? new(contract.Deposit, contract.Currency) : null,
            DeviceValue = contract.DeviceValue > 0 ? new(contract.DeviceValue, contract.Currency) : null,
            AutoRenew = true,
            Jurisdiction = contract.Jurisdiction,
        };

    private static ExitFacts FactsOf(Contract contract, DateOnly lastServiceDay) =>
        new(lastServiceDay, contract.Unpaid > 0 ? new Money(contract.Unpaid, contract.Currency) : null);
}
