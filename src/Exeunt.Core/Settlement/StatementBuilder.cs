using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.Core.Settlement;

/// <summary>The total on one date of a curve; <paramref name="Refusal"/> says why there is none.</summary>
public readonly record struct CurvePoint(DateOnly LastServiceDay, Money? Total, Refusal? Refusal);

/// <summary>Computes a statement from contract, policy and facts: pure, and the same for ever.</summary>
public static class StatementBuilder
{
    private static readonly LineTerms NoTerms = new("", "", "");

    /// <summary>The statement, or the named reason why there is none.</summary>
    /// <param name="packs">The legal limits that hold; null: none are applied.</param>
    public static Outcome<Statement> Build(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts,
        IReadOnlyList<RulePack>? packs = null
    )
    {
        try
        {
            if (packs is null)
                return Compute(contract, policy, facts);
            var lawful = LegalLimits.Apply(contract, policy, facts, packs);
            return Compute(lawful.Contract, lawful.Policy, lawful.Facts) with { RulePacks = [.. packs.Select(p => p.Name)], Law = lawful.Law };
        }
        catch (CalculationException refused)
        {
            return refused.ToRefusal();
        }
    }

    /// <summary>
    /// "What if I leave on another date": the same settlement for each of <paramref name="days"/> days, from
    /// <paramref name="first"/> on, <paramref name="stepDays"/> apart. At most 1,000 points.
    /// </summary>
    public static IReadOnlyList<CurvePoint> Curve(
        ContractTerms contract,
        TerminationPolicy policy,
        ExitFacts facts,
        DateOnly first,
        int days,
        int stepDays = 1,
        IReadOnlyList<RulePack>? packs = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepDays, 1);
        var points = new CurvePoint[days];
        for (var i = 0; i < days; i++)
        {
            var day = first.PlusDays((long)i * stepDays);
            var built = Build(contract, policy, facts with { LastServiceDay = day }, packs);
            points[i] = new(day, built.Succeeded ? built.Value.Total : null, built.Refusal);
        }
        return points;
    }

    private static Statement Compute(ContractTerms contract, TerminationPolicy policy, ExitFacts facts)
    {
        // Nothing is left early once the term has been served: no fee, and the discount has been earned.
        var early = facts.LastServiceDay < contract.TermEnd;
        var exit = ExitStatement.Of(
            new(contract, facts.LastServiceDay)
            {
                Etf = early ? policy.Etf : null,
                Device =
                    facts.DeviceKept && policy.Device != DeviceRule.None && contract.DeviceValue is { } value
                        ? new(policy.Device, value, contract.DeviceMonths ?? contract.TermMonths, contract.MonthlyFee)
                        : null,
                Deposit = contract.Deposit,
                Unpaid = facts.Unpaid,
                ClawbackMonthly = early && policy.Clawback != ClawbackKind.None ? contract.MonthlyDiscount : null,
                ClawbackKind = policy.Clawback,
                RefundsUnusedPeriod = policy.RefundsUnusedPeriod,
                BillsServedPeriod = true,
                DayCount = policy.DayCount,
                Rounding = policy.Rounding,
            }
        );
        var lines = new List<StatementLine>(exit.Lines.Count + (facts.Added?.Count ?? 0));
        foreach (var line in exit.Lines)
            lines.Add(Line(policy, line.Code, line.Working, line.Amount, null));
        foreach (var added in facts.Added ?? [])
            lines.Add(Added(policy, added));
        return new(
            contract.Number,
            policy.Number,
            policy.Version,
            contract.Currency,
            facts.LastServiceDay,
            exit.MFull,
            exit.MRem,
            lines,
            StatementSum.Of(contract.Currency, lines.Select(line => line.Amount))
        );
    }

    private static StatementLine Added(TerminationPolicy policy, AddedLine added)
    {
        if (string.IsNullOrWhiteSpace(added.Code) || LineCode.All.Contains(added.Code))
            throw CalculationException.Input("added.code", "a code of its own");
        if (added.Side == StatementSide.Credit && string.IsNullOrWhiteSpace(added.ApprovedBy))
            throw CalculationException.Missing("added.approvedBy");
        var working = new StatedAmount(added.Code, added.Side, added.Amount) { Rounding = policy.Rounding };
        return Line(policy, added.Code, working, working.Result, added.ApprovedBy);
    }

    private static StatementLine Line(
        TerminationPolicy policy,
        string code,
        Working working,
        Money amount,
        string? approvedBy
    )
    {
        var terms = policy.Lines.TryGetValue(code, out var found) ? found : NoTerms;
        return new(code, working, amount, terms.Clause, terms.TaxCode, terms.TaxRate, approvedBy);
    }
}
