namespace Exeunt.Core.Settlement;

/// <summary>The double entry of money that moved at the bank: + debit, - credit, in minor units; every entry sums to 0.</summary>
public static class PaymentEntry
{
    public const string Bank = "bank";

    /// <summary>Money at the bank of which it is not known yet, or not ours to say, what it is for.</summary>
    public const string Suspense = "suspense";

    /// <summary>What customers paid beyond what they owed; it is theirs.</summary>
    public const string CustomerCredit = "customer-credit";

    public readonly record struct Side(string Account, long Minor);

    /// <summary>A customer paid: each part on the settlement account, what exceeds the claim on the customer's credit.</summary>
    /// <param name="from">Where the money is: <see cref="Bank"/>, or <see cref="Suspense"/> when it lay there.</param>
    public static IReadOnlyList<Side> ClaimPaid(PaymentAllocation paid, string from = Bank) =>
        Balanced(
        [
            new(from, (paid.Applied + paid.Unapplied).Minor),
            new(LedgerAccount.Settlement, -paid.Cost.Minor),
            new(LedgerAccount.Settlement, -paid.Interest.Minor),
            new(LedgerAccount.Settlement, -paid.Principal.Minor),
            new(CustomerCredit, -paid.Unapplied.Minor),
        ]);

    /// <summary>The bank paid a customer what the settlement owed them, or their credit.</summary>
    public static IReadOnlyList<Side> RefundPaid(Money amount, bool ofCredit, string from = Bank) =>
        Balanced([new(ofCredit ? CustomerCredit : LedgerAccount.Settlement, amount.Minor), new(from, -amount.Minor)]);

    /// <summary>A line of the bank's that belongs to nothing of ours; + money came in.</summary>
    public static IReadOnlyList<Side> SetAside(Money amount) => Balanced([new(Bank, amount.Minor), new(Suspense, -amount.Minor)]);

    private static IReadOnlyList<Side> Balanced(Side[] sides)
    {
        Int128 sum = 0;
        foreach (var side in sides)
            sum += side.Minor;
        return sum == 0 ? [.. sides.Where(s => s.Minor != 0)] : throw new InvalidOperationException("An entry does not balance.");
    }
}
