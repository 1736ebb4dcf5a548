using Exeunt.Core.Activity;
using Exeunt.Core.Churn;

namespace Exeunt.Core.Standards;

/// <summary>Opens the customers of a <see cref="CustomerBase"/> for standards; each thread has one of its own.</summary>
/// <param name="always">What holds of a customer (by place) on every day: a legal hold, an open case.</param>
public sealed class BaseReader(CustomerBase all, IReadOnlyDictionary<int, Standing> always) : ICustomerReader<CustomerValues>
{
    private readonly HistoryScratch _scratch = new();
    private int _index;

    public CustomerTraits Traits { get; private set; }

    public void Open(int customer)
    {
        _index = customer;
        all.Open(customer, _scratch);
        var known = all.Customer(customer);
        Traits = new(known.IsOrganisation ? CustomerSort.Organisation : CustomerSort.Person, (StandardTier)known.Tier, known.UnitId, known.Industry ?? "", known.Currency);
    }

    /// <summary>Who has not traded, used anything or owed anything yet has nothing that could be judged: a contact alone makes nobody a customer.</summary>
    public Standing StandingOn(DateOnly asOf)
    {
        var values = At(asOf);
        var standing = always.GetValueOrDefault(_index);
        if (values.IsListed || values.HasOwed || values[Indicator.DaysSinceUsage] != IIndicatorValues.Unknown)
            standing |= Standing.Known;
        // A pause lies within a term as a rule.
        if (all.ExclusionOn(_index, asOf, ExclusionReason.ContractInTerm) is not null)
            standing |= Standing.ContractInTerm;
        if (all.ExclusionOn(_index, asOf, ExclusionReason.AgreedPause) is not null)
            standing |= Standing.AgreedPause;
        return standing;
    }

    public CustomerValues At(DateOnly asOf) => new CustomerHistory(all, _index, _scratch).At(asOf);
}
