using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>
/// What a policy would mean for the contracts in force under its number if they were under it and all left at their earliest date,
/// beside what they were signed under. Counts and sums only; the contracts themselves keep their version.
/// </summary>
public sealed class WeighPolicy(AppDb db, RuleBook rules) : UseCase<WeighPolicy.Request, WeighPolicy.Effect>(db)
{
    /// <summary>Contracts that are computed; of more, the oldest.</summary>
    public const int Max = 2000;

    public sealed record Request(TerminationPolicy Policy);

    /// <param name="InForce">Contracts in force under the number.</param>
    /// <param name="Computed">How many of them were computed.</param>
    /// <param name="Failed">Of these, how many one of the two versions cannot settle.</param>
    public sealed record Effect(int InForce, int Computed, int Failed, IReadOnlyList<Sum> Sums, IReadOnlyList<Product> DearestProducts);

    /// <summary>In one currency; + the customers owe, - the customers get.</summary>
    public sealed record Sum(string Currency, int Contracts, Money Old, Money New, int PayMore, int PayLess);

    /// <summary>A product whose customers would pay more: how many, and the most one of them would.</summary>
    public sealed record Product(string English, string Chinese, int PayMore, Money Most);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<Effect>> Handle(Call call, Request request, CancellationToken ct)
    {
        var policy = request.Policy;
        var inForce = Db.Contracts.AsNoTracking().Where(c => c.PolicyNumber == policy.Number && c.State == ContractState.InForce);
        var count = await inForce.CountAsync(ct);
        var contracts = await inForce.OrderBy(c => c.Id).Take(Max).ToListAsync(ct);
        var versions = contracts.Select(c => c.PolicyVersion).Distinct().ToList();
        var signed = await Db.Policies.AsNoTracking().Where(p => p.Number == policy.Number && versions.Contains(p.Version)).ToDictionaryAsync(p => p.Version, p => p.Document, ct);
        var policies = signed.ToDictionary(p => p.Key, p => TerminationPolicy.FromJson(p.Value));
        var today = call.Today(Clocks.CompanyZone);
        var law = new Dictionary<string, IReadOnlyList<RulePack>>(StringComparer.Ordinal);
        foreach (var place in contracts.Select(c => c.Jurisdiction).Distinct())
            law[place] = await rules.For(place, today, ct);
        var both = new List<(Contract Contract, Money Old, Money New)>();
        foreach (var contract in contracts)
        {
            var terms = Settling.TermsOf(contract);
            var packs = law[contract.Jurisdiction];
            if (policies.TryGetValue(contract.PolicyVersion, out var old) && Total(terms, old, contract, packs, today) is { } before && Total(terms, policy, contract, packs, today) is { } after)
                both.Add((contract, before, after));
        }
        return new Effect(count, contracts.Count, contracts.Count - both.Count,
        [
            .. both.GroupBy(b => b.Contract.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new Sum(
                g.Key, g.Count(), Add(g.Key, g.Select(b => b.Old)), Add(g.Key, g.Select(b => b.New)), g.Count(b => b.New.Minor > b.Old.Minor), g.Count(b => b.New.Minor < b.Old.Minor))),
        ],
        [
            .. both.Where(b => b.New.Minor > b.Old.Minor).GroupBy(b => (b.Contract.Product, b.Contract.Currency))
                .Select(g => new Product(g.First().Contract.ProductEnglish, g.First().Contract.ProductChinese, g.Count(), g.Select(b => b.New - b.Old).Max()))
                .OrderByDescending(p => p.PayMore).ThenBy(p => p.English, StringComparer.Ordinal).Take(5),
        ]);
    }

    /// <summary>What leaving at the earliest date after a notice today comes to, within the law; null when the version cannot settle the contract.</summary>
    private static Money? Total(ContractTerms terms, TerminationPolicy policy, Contract contract, IReadOnlyList<RulePack> packs, DateOnly today)
    {
        try
        {
            var statement = StatementBuilder.Build(terms, policy, Settling.FactsOf(contract, LegalLimits.EarliestEnd(terms, policy, today, packs).On), packs);
            return statement.Succeeded ? new Money(statement.Value.Total.Minor, contract.Currency) : null;
        }
        catch (CalculationException)
        {
            return null;
        }
    }

    private static Money Add(string currency, IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero(currency), (sum, amount) => sum + amount);
}
