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
    /// contained in it on the tax account. Lines of 0 post nothing. Every line balances, hence the whole.
    /// </summary>
    /// <exception cref="InvalidOperationException">The postings do not balance: a bug.</exception>
    public static IReadOnlyList<Posting> Post(IReadOnlyList<StatementLine> lines)
    {
        var postings = new List<Posting>(lines.Count * 3);
        foreach (var line in lines)
        {
            if (line.Amount.IsZero)
                continue;
            var tax = TaxIn(line);
            postings.Add(new(line.Code, LedgerAccount.Settlement, line.Amount.Minor));
            if (line.Amount.Minor != tax)
                postings.Add(new(line.Code, Opposite(line), -(line.Amount.Minor - tax)));
            if (tax != 0)
                postings.Add(new(line.Code, LedgerAccount.Tax, -tax));
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

    private static long TaxIn(StatementLine line)
    {
        if (line.TaxRate is not { } rate || rate.Numerator.IsZero)
            return 0;
        var size = line.Amount.Minor < 0 ? -line.Amount : line.Amount;
        var vat = VatSplit.Of(size, rate, rounding: line.Working.Rounding).Vat.Minor;
        return line.Amount.Minor < 0 ? -vat : vat;
    }

    private static string Opposite(StatementLine line) =>
        line.Code switch
        {
            LineCode.UnusedPrepaid => LedgerAccount.DeferredRevenue,
            LineCode.ServiceToEnd => LedgerAccount.ServiceRevenue,
            LineCode.Etf => LedgerAccount.ExitFees,
            LineCode.Device => LedgerAccount.DeviceRevenue,
            LineCode.Deposit => LedgerAccount.DepositsHeld,
            LineCode.Clawback => LedgerAccount.DiscountsRecovered,
            LineCode.Unpaid => LedgerAccount.OpenInvoices,
            _ => line.Amount.Minor < 0 ? LedgerAccount.Goodwill : LedgerAccount.Damages,
        };
}
