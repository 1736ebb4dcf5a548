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

    /// <param name="facts">What is known of the end (<see cref="CaseFacts"/>); null: nothing yet, but the date.</param>
    public async Task<Outcome<Statement>> Compute(Contract contract, DateOnly lastServiceDay, CancellationToken ct, ExitFacts? facts = null) =>
        StatementBuilder.Build(TermsOf(contract), await PolicyOf(contract, ct), facts ?? FactsOf(contract, lastServiceDay));

    /// <summary>Several dates side by side.</summary>
    public async Task<IReadOnlyList<(DateOnly On, Outcome<Statement> Statement)>> Compare(Contract contract, IEnumerable<DateOnly> days, CancellationToken ct)
    {
        var (terms, policy) = (TermsOf(contract), await PolicyOf(contract, ct));
        return [.. days.Select(day => (day, StatementBuilder.Build(terms, policy, FactsOf(contract, day))))];
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
        };

    /// <summary>What a contract alone says of its end.</summary>
    public static ExitFacts FactsOf(Contract contract, DateOnly lastServiceDay) =>
        new(lastServiceDay, contract.Unpaid > 0 ? new Money(contract.Unpaid, contract.Currency) : null);
}
