using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;

namespace Exeunt.Core.Offers;

/// <summary>What an accepted offer changes of the contract.</summary>
public static class OfferEffect
{
    /// <summary>
    /// The amendment, from the billing period after the day of acceptance (free months of an extension: from the end of the term); null
    /// when the kind changes neither fee nor term.
    /// </summary>
    /// <param name="on">The day of acceptance in the contract's zone.</param>
    public static TermAmendment? Amend(OfferEntry entry, OfferParameters chosen, ContractTerms terms, DateOnly on)
    {
        var from = terms.NextPeriod(on);
        var months = chosen.Months ?? 0;
        return entry.Kind switch
        {
            OfferKind.Discount => new(from, from.PlusMonths(months)) { Off = terms.FeeInForce(from).Share(chosen.Percent ?? 0, 100), TakenBack = entry.TakenBack },
            OfferKind.Pause => new(from, from.PlusMonths(months)) { Free = true, AddedMonths = months },
            OfferKind.ServiceRecovery => new(from, from.PlusMonths(months)) { Free = true },
            OfferKind.Extension => Extension(terms, from, months),
            OfferKind.Upgrade or OfferKind.Downgrade or OfferKind.PlanSwitch => new(from) { MonthlyFee = chosen.Fee },
            _ => null,
        };
    }

    /// <summary>Months after the term; a term that is over is not begun again: they follow the running period.</summary>
    private static TermAmendment Extension(ContractTerms terms, DateOnly from, int months)
    {
        var start = terms.TermUntil > from ? terms.TermUntil : from;
        return new(start, start.PlusMonths(months)) { Free = true, AddedMonths = start == terms.TermUntil ? months : 0 };
    }
}
