namespace Exeunt.Core.Contracts;

/// <summary>
/// What both sides agreed on after the contract was signed: another fee, less of it, none, or a longer term. It begins with a billing
/// period, so that a period is charged at one price a month.
/// </summary>
/// <param name="From">First day it holds.</param>
/// <param name="Until">The day after the last one; null: to the end of the contract.</param>
public sealed record TermAmendment(DateOnly From, DateOnly? Until = null)
{
    /// <summary>The fee a month instead of the one before; null: that fee stays.</summary>
    public Money? MonthlyFee { get; init; }

    /// <summary>Taken off the fee each month; null: nothing.</summary>
    public Money? Off { get; init; }

    /// <summary>Whether these months cost nothing (a pause, months given).</summary>
    public bool Free { get; init; }

    /// <summary>Months by which the term grows, 0 or more.</summary>
    public int AddedMonths { get; init; }

    /// <summary>Whether what was taken off goes back when the contract is left within its term and the policy takes discounts back.</summary>
    public bool TakenBack { get; init; }

    public bool Covers(DateOnly day) => From <= day && (Until is not { } until || day < until);
}
