namespace Exeunt.Core.Settlement;

/// <summary>The accounts postings name; a company maps them to its own chart of accounts.</summary>
public static class LedgerAccount
{
    /// <summary>The customer's settlement account: + the customer owes.</summary>
    public const string Settlement = "settlement";

    public const string DeferredRevenue = "deferred-revenue";
    public const string ServiceRevenue = "revenue.service";
    public const string ExitFees = "revenue.exit-fee";
    public const string DeviceRevenue = "revenue.device";
    public const string DepositsHeld = "deposits-held";
    public const string DiscountsRecovered = "revenue.discounts-recovered";
    public const string OpenInvoices = "receivable.invoices";
    public const string Damages = "revenue.damages";
    public const string Goodwill = "expense.goodwill";

    /// <summary>Prepayments for consumption that are not used up.</summary>
    public const string PrepaymentsHeld = "prepayments-held";
    /// <summary>What is set aside for insurance policies; surrender values come out of it.</summary>
    public const string PolicyReserve = "policy-reserve";
    public const string PremiumRevenue = "revenue.premiums";
    public const string PolicyLoans = "receivable.policy-loans";
    public const string EarnestHeld = "earnest-held";
    public const string EarnestForfeited = "revenue.earnest-forfeited";
    public const string EarnestPenalty = "expense.earnest-penalty";
    public const string InterestPaid = "expense.interest";
    public const string InterestEarned = "revenue.interest";
    public const string CostsRecovered = "revenue.costs-recovered";
    public const string MissingItems = "revenue.missing-items";
    public const string Waivers = "expense.waivers";

    public const string Tax = "tax.output";
}

/// <summary>One side of an entry, in minor units: + debit, - credit.</summary>
/// <param name="Line">The statement line it comes from.</param>
public readonly record struct Posting(string Line, string Account, long Minor);

/// <summary>Turns a statement's lines into balanced double entry.</summary>
public static class Ledger
{
    /// <summary>
    /// For each line its amount on the settlement account, and the opposite on the account the line belongs to, with the tax
    /// contained in it on the tax account. A deposit and an earnest are released in full, and what is kept of them or added to them is
    /// posted beside. Postings of 0 are left out. Every line balances, hence the whole.
    /// </summary>
    /// <exception cref="InvalidOperationException">The postings do not balance: a bug.</exception>
    public static IReadOnlyList<Posting> Post(IReadOnlyList<StatementLine> lines)
    {
        var postings = new List<Posting>(lines.Count * 3);
        void Add(StatementLine line, string account, long minor)
        {
            if (minor != 0)
                postings.Add(new(line.Code, account, minor));
        }
        foreach (var line in lines)
        {
            var amount = line.Amount.Minor;
            Add(line, LedgerAccount.Settlement, amount);
            switch (line)
            {
                case { Code: LineCode.Deposit, Working: DepositReturn deposit }:
                    Add(line, LedgerAccount.DepositsHeld, deposit.Deposit.Minor);
                    Add(line, LedgerAccount.Damages, -(deposit.Deposit.Minor + amount));
                    break;
                case { Code: LineCode.Earnest, Working: EarnestMoney earnest }:
                    Add(line, LedgerAccount.EarnestHeld, earnest.Earnest.Minor);
                    Add(line, LedgerAccount.EarnestForfeited, -earnest.Forfeited.Minor);
                    Add(line, LedgerAccount.EarnestPenalty, earnest.Penalty.Minor);
                    break;
                default:
                    var tax = line.Tax?.Vat.Minor ?? 0;
                    Add(line, Opposite(line), tax - amount);
                    Add(line, LedgerAccount.Tax, -tax);
                    break;
            }
        }
        return Sum(postings) == 0 ? postings : throw new InvalidOperationException("Postings do not balance.");
    }

    /// <summary>The sum of all postings; 0 in a ledger that balances.</summary>
    public static Int128 Sum(IEnumerable<Posting> postings)
    {
        Int128 sum = 0;
        foreach (var posting in postings)
            sum += posting.Minor;
        return sum;
    }

    private static string Opposite(StatementLine line) =>
        line.Code switch
        {
            LineCode.UnusedPrepaid or LineCode.Withdrawal => LedgerAccount.DeferredRevenue,
            LineCode.ServiceToEnd or LineCode.AfterTerm or LineCode.WithdrawalPay => LedgerAccount.ServiceRevenue,
            LineCode.Prepaid => LedgerAccount.PrepaymentsHeld,
            LineCode.PrepaidInterest => LedgerAccount.InterestPaid,
            LineCode.CoolingOff => LedgerAccount.PremiumRevenue,
            LineCode.Surrender => LedgerAccount.PolicyReserve,
            LineCode.PolicyLoan => LedgerAccount.PolicyLoans,
            LineCode.PolicyLoanInterest => LedgerAccount.InterestEarned,
            LineCode.Etf => LedgerAccount.ExitFees,
            LineCode.Device => LedgerAccount.DeviceRevenue,
            LineCode.Deposit => LedgerAccount.DepositsHeld,
            LineCode.Earnest => LedgerAccount.EarnestHeld,
            LineCode.Clawback => LedgerAccount.DiscountsRecovered,
            LineCode.Unpaid => LedgerAccount.OpenInvoices,
            LineCode.LateInterest => LedgerAccount.InterestEarned,
            LineCode.Costs => LedgerAccount.CostsRecovered,
            LineCode.DepositExcess => LedgerAccount.Damages,
            _ => LineCode.KindOf(line.Code) switch
            {
                LineCode.Missing => LedgerAccount.MissingItems,
                LineCode.Costs => LedgerAccount.CostsRecovered,
                LineCode.Waiver => LedgerAccount.Waivers,
                LineCode.Clawback => LedgerAccount.DiscountsRecovered,
                _ => line.Amount.Minor < 0 ? LedgerAccount.Goodwill : LedgerAccount.Damages,
            },
        };
}
