using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.Core;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Computes what ending a contract costs or brings back, from its terms and the policy version it was signed under.</summary>
public sealed class Settling(AppDb db)
{
    public async Task<TerminationPolicy> PolicyOf(Contract contract, CancellationToken ct) =>
        TerminationPolicy.FromJson(await db.Policies.AsNoTracking()
            .Where(p => p.Number == contract.PolicyNumber && p.Version == contract.PolicyVersion)
            .Select(p => p.Document).SingleAsync(ct));

    /// <summary>The earliest last service day after a notice received on a day.</summary>
    public async Task<DateOnly> EarliestEnd(Contract contract, DateOnly receivedOn, CancellationToken ct) =>
        (await PolicyOf(contract, ct)).EarliestEnd(TermsOf(contract), receivedOn);

    public async Task<Outcome<Statement>> Compute(Contract contract, DateOnly lastServiceDay, CancellationToken ct) =>
        StatementBuilder.Build(TermsOf(contract), await PolicyOf(contract, ct), FactsOf(contract, lastServiceDay));

    /// <summary>Several dates side by side.</summary>
    public async Task<IReadOnlyList<(DateOnly On, Outcome<Statement> Statement)>> Compare(Contract contract, IEnumerable<DateOnly> days, CancellationToken ct)
    {
        var (terms, policy) = (TermsOf(contract), await PolicyOf(contract, ct));
        return [.. days.Select(day => (day, StatementBuilder.Build(terms, policy, FactsOf(contract, day))))];
    }

    /// <summary>The total on several dates, by what the contract itself tells of its end.</summary>
    public async Task<IReadOnlyList<CurvePoint>> Curve(Contract contract, IReadOnlyList<DateOnly> days, CancellationToken ct) =>
        days.Count == 0 ? [] : StatementBuilder.Curve(TermsOf(contract), await PolicyOf(contract, ct), FactsOf(contract, days[0]), days);

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
            Earnest = contract.Earnest > 0 ? new(Of(contract.Earnest), Of(contract.EarnestPrice)) : null,
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
